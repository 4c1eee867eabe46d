"""What a trace holds, and how to read it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from kerasgates.files import written_whole
from kerasgates.regimes import MASKED, regimes_of

#: A gate is closed below the first and open above the second.
CLOSED, OPEN = 0.1, 0.9


@dataclass
class CellTrace:
    """One cell of a recurrent layer, in one direction.

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
    """

    name: str
    cell: str
    direction: str
    gates: dict
    states: dict
    initial: dict
    kept: dict
    mask: np.ndarray | None
    times: np.ndarray
    units: np.ndarray
    whole: list

    def units_of(self, kind, name):
        """Indices of the entries of an array; `kind` is "gate" or "state"."""
        width = (self.gates if kind == "gate" else self.states)[name].shape[-1]
        return np.arange(width) if f"{kind} {name}" in self.whole else self.units

    @property
    def live(self):
        """Booleans `(batch, time)`: the steps that are not masked."""
        batch, time = next(iter(self.states.values())).shape[:2]
        return np.ones((batch, time), bool) if self.mask is None else self.mask

    def before(self):
        """The states before each step, `(batch, time, entries)` by name.

        Raises:
            ValueError: if not all steps are here.
        """
        count = len(self.times)
        if not np.array_equal(self.times, np.arange(count)):
            raise ValueError(f"The trace {self.name!r} has not all steps: times={self.times}")
        found = {}
        for name, state in self.states.items():
            start = self.initial[name][:, None]
            forward = self.direction == "forward"
            parts = [start, state[:, :-1]] if forward else [state[:, 1:], start]
            found[name] = np.concatenate(parts, axis=1)
        return found

    def values(self):
        """Kind, name and array of every gate and state."""
        yield from (("gate", name, array) for name, array in self.gates.items())
        yield from (("state", name, array) for name, array in self.states.items())

    def is_gate(self, name):
        """Whether all values are between 0 and 1; of a candidate they are not."""
        values = self.gates[name][self.live]
        return bool(((values >= 0) & (values <= 1)).all())


class GateTrace(Mapping):
    """Gates and states of a model: a mapping from names to `CellTrace`.

    Where there is but one, `trace.gates` and `trace.states` are its own.
    """

    def __init__(self, cells):
        self._cells = {cell.name: cell for cell in cells}

    def __getitem__(self, name):
        if name not in self._cells:
            raise KeyError(f"There is no trace of {name!r}, but of {[*self._cells]}")
        return self._cells[name]

    def __iter__(self):
        return iter(self._cells)

    def __len__(self):
        return len(self._cells)

    def __repr__(self):
        lines = [
            f"  {cell.name}: {cell.cell}, {cell.direction}, gates {' '.join(cell.gates) or '-'}, "
            f"states {' '.join(cell.states)}, {_shape(cell)}"
            for cell in self.values()
        ]
        return "\n".join(["GateTrace", *lines])

    @property
    def gates(self):
        """Those of the only cell."""
        return self._only().gates

    @property
    def states(self):
        """Those of the only cell."""
        return self._only().states

    def _only(self):
        if len(self) != 1:
            raise ValueError(f"The trace has several cells: choose trace[name] of {[*self]}")
        return next(iter(self.values()))

    def to_dataframe(self):
        """All values in rows: layer, batch, time, unit, kind ("gate" or "state"), name, value.

        Raises:
            ImportError: if pandas is not installed.
        """
        try:
            import pandas
        except ImportError as error:
            raise ImportError("`to_dataframe` needs pandas: pip install pandas") from error
        frames = []
        for cell in self.values():
            for kind, name, array in cell.values():
                numbers = cell.units_of(kind, name)
                places = np.indices(array.shape).reshape(3, -1)
                columns = {
                    "layer": cell.name,
                    "batch": places[0],
                    "time": cell.times[places[1]],
                    "unit": numbers[places[2]],
                    "kind": kind,
                    "name": name,
                    "value": array.ravel(),
                }
                frames.append(pandas.DataFrame(columns))
        return pandas.concat(frames, ignore_index=True)

    def save(self, path):
        """Write an .npz file; what stood there is replaced when all is written.

        Raises:
            ValueError: if the path cannot be written.
        """
        arrays, described = {}, []
        for index, cell in enumerate(self.values()):
            described.append({k: getattr(cell, k) for k in ("name", "cell", "direction", "whole")})
            described[-1] |= {k: [*getattr(cell, k)] for k in KINDS}
            for kind in KINDS:
                for name, array in getattr(cell, kind).items():
                    arrays[f"{index}/{kind}/{name}"] = array
            for name in ("mask", "times", "units"):
                if getattr(cell, name) is not None:
                    arrays[f"{index}/{name}"] = getattr(cell, name)
        header = json.dumps({"format": FORMAT, "cells": described})
        with written_whole(path) as new, open(new, "wb") as file:
            np.savez_compressed(file, header=np.array(header), **arrays)

    @classmethod
    def load(cls, path):
        """Read what `save` has written.

        Raises:
            ValueError: if it is no such file.
        """
        try:
            opened = np.load(path)
        except (EOFError, ValueError) as error:
            raise ValueError(f"{str(path)!r} is no .npz file") from error
        if not hasattr(opened, "files"):
            raise ValueError(f"{str(path)!r} is no .npz file, but a single array")
        with opened as file:
            header = json.loads(str(file["header"])) if "header" in file else {}
            if header.get("format") != FORMAT:
                raise ValueError(f"{str(path)!r} is not a trace that `GateTrace.save` has written")
            cells = []
            for index, described in enumerate(header["cells"]):
                read = {
                    kind: {name: file[f"{index}/{kind}/{name}"] for name in described[kind]}
                    for kind in KINDS
                }
                for name in ("mask", "times", "units"):
                    key = f"{index}/{name}"
                    read[name] = file.get(key)
                cells.append(CellTrace(**{**described, **read}))
        return cls(cells)

    def saturation(self, closed=CLOSED, open=OPEN):
        """How far the gates are at their ends.

        Args:
            closed: below it a gate is closed.
            open: above it a gate is open.

        Returns:
            A row for each gate between 0 and 1: layer, gate, the shares of its values (masked
            steps apart) that are closed and open, and the units that are never seen but closed
            ("dead") or never seen but open ("always open").
        """
        _check_thresholds(closed, open)
        rows = []
        for cell in self.values():
            # Where all is masked there is nothing to say.
            for name in filter(cell.is_gate, cell.gates if cell.live.any() else ()):
                values, units = cell.gates[name][cell.live], cell.units_of("gate", name)
                low, high = values < closed, values > open
                rows.append(
                    {
                        "layer": cell.name,
                        "gate": name,
                        "closed": float(low.mean()),
                        "open": float(high.mean()),
                        "dead": units[low.all(axis=0)].tolist(),
                        "always open": units[high.all(axis=0)].tolist(),
                    }
                )
        return rows

    def regimes(self, closed=CLOSED, open=OPEN):
        """What every unit does at every step, by its gates.

        With input, forget and output gate (a missing forget gate is open, a missing input gate
        is what the forget gate leaves, a missing output gate is open):

        | i | f | o | regime |
        |---|---|---|---|
        | closed | open | closed | keeps |
        | closed | open | open | releases |
        | open | open | closed | captures |
        | closed | closed | any | erases |
        | open | closed | open | plain RNN |
        | open | open | open | captures and releases |
        | open | closed | closed | overwrites |

        With update gate z (open keeps) and reset gate r (a missing one is open): z open keeps; z
        closed with r open is a plain RNN, with r closed erases. Where a gate that counts is
        neither closed nor open: "between". At a masked step: "masked".

        Args:
            closed: below it a gate is closed.
            open: above it a gate is open.

        Returns:
            For each cell with such gates an array `(batch, time, units)` of names.

        Raises:
            ValueError: if no cell has such gates.
        """
        _check_thresholds(closed, open)
        found = {}
        for cell in self.values():
            names = regimes_of(cell.gates, closed, open)
            if names is not None:
                found[cell.name] = np.where(cell.live[:, :, None], names, MASKED)
        if not found:
            kinds = {cell.name: [*cell.gates] for cell in self.values()}
            raise ValueError(f"Regimes need gates i, f, o or z, r. The cells have: {kinds}")
        return found

    def memory_horizon(self, left=0.5):
        """How many steps each unit remembers.

        At every step a unit keeps a share of its memory (the forget gate of the LSTM, the update
        gate of the GRU, see `CellTrace.kept`). After n steps the product of n shares is left; the
        horizon is the n at which that is `left`, for the geometric mean of the shares:
        log(left) / mean(log(share)).

        Args:
            left: what is left of it then, between 0 and 1.

        Returns:
            A row for each unit of a state that keeps a share, the longest memory first: layer,
            state, unit, steps; `inf` where a memory does not shrink, NaN where a gate is no number.

        Raises:
            ValueError: if no cell has such a state.
        """
        if not 0 < left < 1:
            raise ValueError(f"Argument `left` must be between 0 and 1. Received: {left!r}")
        rows = []
        for cell in self.values():
            for name, shares in cell.kept.items() if cell.live.any() else ():
                with np.errstate(divide="ignore"):
                    rate = np.log(np.abs(shares[cell.live].astype(float))).mean(axis=0)
                    steps = np.where(rate < 0, np.log(left) / rate, np.inf)
                    # What is no number remembers nothing that could be told.
                    steps[np.isnan(rate)] = np.nan
                numbers = cell.units_of("state", name)
                rows += [
                    {"layer": cell.name, "state": name, "unit": int(u), "steps": float(n)}
                    for u, n in zip(numbers, steps)
                ]
        if not rows:
            kinds = {cell.name: cell.cell for cell in self.values()}
            raise ValueError(
                "A memory horizon needs steps that are not masked, and a state of which a share "
                "goes straight into its next value (and all times, where the share depends on the "
                f"state itself). None has one: {kinds}"
            )
        return sorted(rows, key=lambda row: -np.nan_to_num(row["steps"], nan=-1, posinf=np.inf))

    def important_units(self, target):
        """The units of all states by how closely they follow something.

        Args:
            target: numbers, `(batch, time)` for every step that is traced, or `(batch,)`: then
                the last step that is not masked counts.

        Returns:
            A row for each unit, the most important first: layer, state, unit, and the
            coefficient of correlation with the target, from -1 to 1; 0 for what is constant.

        Raises:
            ValueError: if the target has another shape, is constant, or not finite.
        """
        rows = []
        for cell in self.values():
            live, wanted = _aligned(cell, np.asarray(target, float))
            for name, array in cell.states.items():
                values = array[live].astype(float)
                numbers = cell.units_of("state", name)
                rows += [
                    {"layer": cell.name, "state": name, "unit": int(unit), "correlation": float(r)}
                    for unit, r in zip(numbers, _correlations(values, wanted))
                ]
        return sorted(rows, key=lambda row: -abs(row["correlation"]))


FORMAT = "kerasgates trace 1"
#: Dicts of arrays.
KINDS = ("gates", "states", "initial", "kept")


def _shape(cell):
    batch, time = next(iter(cell.states.values())).shape[:2]
    return f"batch {batch}, {time} steps, {len(cell.units)} units"


def _check_thresholds(closed, open):
    if not 0 <= closed < open <= 1:
        raise ValueError(
            f"Arguments `closed` and `open` must be 0 <= closed < open <= 1. Received: "
            f"closed={closed!r}, open={open!r}"
        )


def _aligned(cell, target):
    """Booleans `(batch, time)` of the steps that count, and the target at these."""
    live = cell.live
    if not np.isfinite(target).all() or np.ptp(target) == 0:
        raise ValueError("Argument `target` must be finite and not the same everywhere")
    if target.shape == live.shape:
        return live, target[live]
    if target.shape != live.shape[:1]:
        raise ValueError(
            f"Argument `target` must be of shape (batch, time) = {live.shape} or (batch,). "
            f"Received: shape {target.shape}"
        )
    order = -1 if cell.direction == "forward" else 1
    last = np.zeros_like(live)
    some = live.any(axis=1)
    steps = live.shape[1]
    at = steps - 1 - live[:, ::-1].argmax(axis=1) if order < 0 else live.argmax(axis=1)
    last[np.flatnonzero(some), at[some]] = True
    return last, target[some]


def _correlations(values, target):
    values, target = values - values.mean(axis=0), target - target.mean()
    scale = np.sqrt((values**2).sum(axis=0) * (target**2).sum())
    return np.divide(target @ values, scale, out=np.zeros(values.shape[1]), where=scale > 0)
