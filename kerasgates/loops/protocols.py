"""What a loop over time gets and gives, and the protocol of a cell's step.

Tensors are those of any backend.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True)
class Run:
    """One run of a cell over time, from the first step to the last.

        >>> cell = kg.LSTMCell(3)
        >>> cell.build((None, 2))
        >>> run = kg.loops.Run(cell, x, cell.get_initial_state(batch_size=4))
        >>> last, outputs, states = kg.loops.LOOPS["keras"](run)
        >>> tuple(outputs.shape)
        (4, 5, 3)

    Attributes:
        cell: any Keras cell, ours or not, or `keras.layers.StackedRNNCells`.
        sequences: `(batch, time, features)`; in training of cells that draw numbers for their
            steps these come behind the features.
        states: initial states as a flat list, each `(batch, entries)`.
        mask: None or booleans `(batch, time)`; a step that is False keeps all states and repeats
            the last output, which is zero before the first unmasked step.
        training: whether dropout is applied.
        unroll: whether steps are laid out in the graph.
        every_output: whether the outputs of all steps are wanted.
    """

    cell: Any
    sequences: Any
    states: list
    mask: Any = None
    training: bool = False
    unroll: bool = False
    every_output: bool = True


class Loop(Protocol):
    """Loop over time: a function of one `Run`.

        >>> cell = kg.LSTMCell(3)
        >>> cell.build((None, 2))
        >>> loop = kg.loops.decide(cell, x.shape)
        >>> last, outputs, states = loop(
        ...     kg.loops.Run(cell, x, cell.get_initial_state(batch_size=4))
        ... )
        >>> tuple(last.shape), tuple(outputs.shape), len(states)
        ((4, 3), (4, 5, 3), 2)

    It gives the last output `(batch, output_size)`, all outputs `(batch, time, output_size)` or,
    where these are not wanted, the last one as `(batch, 1, output_size)`, and the list of the
    final states, each `(batch, entries)`.
    """

    def __call__(self, run: Run, /) -> tuple[Any, Any, list]: ...


class Step(Protocol):
    """One step of a cell: inputs `(batch, features)` and old states to output and new states."""

    def __call__(self, inputs: Any, states: list[Any]) -> tuple[Any, list[Any]]: ...
