"""Gates and states of one cell of a trace, as arrays."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import numpy as np

from kerasgates.formulas.labels import labels_of
from kerasgates.insight import summary
from kerasgates.utils.tables import html_table, table


@dataclass
class CellTrace:
    """One cell of a recurrent layer, in one direction.

        >>> cell = kg.trace(model, x)["lstm"]
        >>> cell.direction, cell.states["c"].shape
        ('forward', (4, 5, 3))

    Attributes:
        name: of the layer; in a stack `<layer>/<cell>`, in a second call `<layer>:2`.
        cell: name of the class of the cell.
        direction: "forward" or "backward".
        gates: arrays `(batch, time, units)` by name, NaN at masked steps.
        states: the states after each step, `(batch, time, entries)` by name. The first is at the
            first step in time, also where the layer runs backwards.
        initial: the states that it began with, `(batch, entries)`.
        kept: how much of a state goes straight into its next value, `(batch, time, units)` by
            name, NaN at masked steps; only of states that have such a way: f for the memory
            of the LSTM, z for the state of the GRU.
        mask: None or booleans `(batch, time)`.
        times: indices of the steps that are here.
        units: indices of the units that are here. Arrays of another width, as a projected state,
            are here whole.
        whole: names of the arrays that are here whole, "gate f" or "state h".
        bounded: names of the gates that are between 0 and 1 whatever the input, by the equations
            of the cell. A candidate is none of them, whatever its activation.
        roles: what the gates do to the memory of the cell, shares `(batch, time, units)` by name:
            "kept" of the memory, "taken" of the candidate, "shown" of the memory in the output,
            and "seen" by the candidate of the old state. The third is not there where the memory
            is the output, the last where the candidate sees no state; none is there where gates
            have no such roles.
        role_texts: how each of them is made of gates, such as "1 − z".
        obstacles: why there is something not, in words: under "kept" and the name of a state, its
            share in `kept`, and under "regimes" the roles.
    """

    name: str
    cell: str
    direction: str
    gates: dict[str, np.ndarray]
    states: dict[str, np.ndarray]
    initial: dict[str, np.ndarray]
    kept: dict[str, np.ndarray]
    mask: np.ndarray | None
    times: np.ndarray
    units: np.ndarray
    whole: list[str]
    bounded: list[str]
    roles: dict[str, np.ndarray] = field(default_factory=dict)
    role_texts: dict[str, str] = field(default_factory=dict)
    obstacles: dict[str, str] = field(default_factory=dict)

    def units_of(self, kind: str, name: str) -> np.ndarray:
        """Indices of the entries of an array.

        Args:
            kind: "gate" or "state".
            name: of the gate or state.

        Returns:
            Whole numbers `(entries,)`: `units`, or all where the array is here whole.
        """
        width = (self.gates if kind == "gate" else self.states)[name].shape[-1]
        return np.arange(width) if f"{kind} {name}" in self.whole else self.units

    @property
    def live(self) -> np.ndarray:
        """Booleans `(batch, time)`: the steps that are not masked."""
        batch, time = next(iter(self.states.values())).shape[:2]
        return np.ones((batch, time), bool) if self.mask is None else self.mask

    def before(self) -> dict[str, np.ndarray]:
        """The states before each step, `(batch, time, entries)` by name.

        Returns:
            New arrays; the first step has the initial states.

        Raises:
            ValueError: if not all steps are here.
        """
        count = len(self.times)
        if not np.array_equal(self.times, np.arange(count)):
            raise ValueError(f"The trace {self.name!r} has not all steps: times={self.times}")
        old_states = {}
        for name, state in self.states.items():
            start = self.initial[name][:, None]
            forward = self.direction == "forward"
            parts = [start, state[:, :-1]] if forward else [state[:, 1:], start]
            old_states[name] = np.concatenate(parts, axis=1)
        return old_states

    def values(self) -> Iterator[tuple[str, str, np.ndarray]]:
        """Kind, name and array of every gate and state.

        Returns:
            An iterator of `("gate", name, array)` and then `("state", name, array)`.
        """
        yield from (("gate", name, array) for name, array in self.gates.items())
        yield from (("state", name, array) for name, array in self.states.items())

    def labelled(self, labels: str) -> CellTrace:
        """A copy with names of gates and states by another convention, as in `kg.equations`.

            >>> [*kg.trace(model, x)["lstm"].labelled("lectures").gates]
            ['Γ_u', 'Γ_f', 'c̃', 'Γ_o']

        Where a convention has the opposite of a gate, as Γ_u of the GRU, it is 1 minus ours. It is
        to be read and drawn: regimes are told by our own letters.

        Args:
            labels: "lectures", "rohrer" or "004".

        Returns:
            A new `CellTrace`.

        Raises:
            ValueError: if there is no such convention, or it has no names for this cell.
        """
        kept_text = self.role_texts.get("kept")
        replacing = {name for name in self.gates if kept_text == f"1 − {name}"}
        new_names = labels_of(labels, self.gates, self.states, replacing)

        def named(arrays):
            return {new_names(name): values for name, values in arrays.items()}

        gates = {n: 1 - v if n in new_names.turned else v for n, v in self.gates.items()}
        whole = [entry.split(" ", 1) for entry in self.whole]
        return replace(
            self,
            gates=named(gates),
            states=named(self.states),
            initial=named(self.initial),
            kept=named(self.kept),
            whole=[f"{kind} {new_names(name)}" for kind, name in whole],
            bounded=[*map(new_names, self.bounded)],
        )

    def __repr__(self) -> str:
        return "\n".join([self._title, *table(summary.ranges(self))])

    def _repr_html_(self) -> str:
        return html_table(summary.ranges(self), self._title)

    @property
    def _title(self) -> str:
        return f"{self.name}: {self.cell}, {self.direction}"

    def is_gate(self, name: str) -> bool:
        """Whether a gate is between 0 (closed) and 1 (open) by the equations; no candidate is.

        Args:
            name: of the gate.

        Returns:
            True or False.
        """
        return name in self.bounded
