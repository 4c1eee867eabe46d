"""Masks for a network that knows of none: the steps that count come first, in their order.

The steps behind them cannot reach them any more, and a switch keeps the memory from changing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from keras import ops


@dataclass(frozen=True)
class Front:
    """The steps that a mask leaves, in front.

    Attributes:
        order: by row, the steps in their new order `(batch, time)`.
        counts: by row, the number of steps that count `(batch, 1)`.
        places: where the output of each step stands: that of the last step that counted.
    """

    order: Any
    counts: Any
    places: Any

    @classmethod
    def of(cls, mask) -> Front:
        """The order for booleans `(batch, time)`."""
        counted, time = ops.cast(mask, "int32"), ops.shape(mask)[1]
        steps = ops.arange(time, dtype="int32")
        # Keys are different, so that every backend sorts them the same.
        order = ops.argsort(steps + (1 - counted) * time, axis=1)
        number = ops.cumsum(counted, axis=1)
        return cls(order, number[:, -1:], number - 1)

    def sequences(self, sequences):
        """Sequences in the new order, with one more feature: 1 behind the steps that count."""
        steps = ops.arange(ops.shape(sequences)[1], dtype=self.counts.dtype)
        behind = ops.cast(steps >= self.counts, sequences.dtype)
        moved = ops.take_along_axis(sequences, ops.expand_dims(self.order, -1), axis=1)
        return ops.concatenate([moved, ops.expand_dims(behind, -1)], axis=-1)

    def outputs(self, outputs):
        """Outputs at the places of their steps; zero before the first that counts."""
        places = ops.expand_dims(self.places, -1)
        moved = ops.take_along_axis(outputs, ops.maximum(places, 0), axis=1)
        return ops.where(places >= 0, moved, ops.zeros_like(moved))

    def begun(self, new, old):
        """`new` in the rows in which a step counts, else `old`; each `(batch, entries)`."""
        return ops.where(self.counts > 0, new, old)
