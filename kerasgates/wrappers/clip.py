"""Clipping of a cell's states."""

import keras
from keras import ops

from kerasgates.core import arguments
from kerasgates.core.wrapper import CellWrapper


@keras.saving.register_keras_serializable(package="kerasgates")
class CellClip(CellWrapper):
    """Clipping: after each step no entry of a state is beyond a bound.

        c' = clip(c', −bound, bound)

    It keeps memories of long sequences from growing without end, and from the numbers that half
    precision or integers cannot hold.

    Deviations: where an output is computed from a memory, as h of an LSTM, it is computed before
    the memory is clipped, and the next step sees the clipped one; in Sak et al. it is after.

    Source: Sak, Senior & Beaufays, 2014, Long short-term memory recurrent neural network
    architectures for large scale acoustic modeling, https://arxiv.org/abs/1402.1128

    Args:
        cell: a cell with `gates`, or a wrapper of one.
        bound: positive number.
        clipped: list of the names of the states that are clipped; None for all.

    Raises:
        ValueError: if `cell` is anything else, `bound` is not positive, or `clipped` has a name
            that is no state of the cell.
    """

    def __init__(self, cell, bound, *, clipped=None, **kwargs):
        super().__init__(cell, **kwargs)
        self.bound = arguments.number(
            "bound", bound, "CellClip", lambda b: 0 < b < float("inf"), "above 0"
        )
        self.clipped = arguments.names("clipped", clipped, "CellClip", cell.states)

    def step(self, Wx, U, *states):
        new, values, _ = self.inner_step(Wx, U, states)
        clipped = [
            ops.clip(value, -self.bound, self.bound) if name in self.clipped else value
            for name, value in zip(self.cell.states, new)
        ]
        return tuple(clipped), values
