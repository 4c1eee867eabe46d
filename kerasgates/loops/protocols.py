"""Protocols of a cell's step and of a loop over time. Tensors are those of any backend."""

from typing import Any, Protocol


class Step(Protocol):
    """One step of a cell: inputs `(batch, features)` and old states to output and new states."""

    def __call__(self, inputs: Any, states: list[Any]) -> tuple[Any, list[Any]]: ...


class Loop(Protocol):
    """A way to run a cell over time, from the first step to the last.

    Reads sequences `(batch, time, features)`, the states as a flat list, and a mask `(batch, time)`
    or None; gives the last output, all outputs, and the final states.
    """

    def __call__(
        self,
        cell: Any,
        sequences: Any,
        states: list[Any],
        mask: Any,
        training: bool,
        unroll: bool,
        return_all_outputs: bool,
    ) -> tuple[Any, Any, list[Any]]: ...
