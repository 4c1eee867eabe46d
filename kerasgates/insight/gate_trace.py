"""Result of a trace: `GateTrace`, the cells by name, with summaries of them."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from kerasgates.insight import summary, trace_file
from kerasgates.insight.cell_trace import CellTrace
from kerasgates.insight.correlations import as_numbers, correlation_rows
from kerasgates.insight.horizons import medians
from kerasgates.insight.obstacles import sentence, together
from kerasgates.insight.regimes import Regimes, known, regimes_of
from kerasgates.utils.tables import Rows, html_table
from kerasgates.utils.types import PathLike

#: A gate is closed below the first and open above the second.
CLOSED, OPEN = 0.1, 0.9


class _Saturation(Rows):
    """What `GateTrace.saturation` returns."""

    heads = {"dead": "always closed"}


class GateTrace(Mapping[str, CellTrace]):
    """Gates and states of a model: a mapping from names to `CellTrace`.

        >>> trace = kg.trace(model, x)
        >>> [*trace]
        ['lstm']
        >>> trace["lstm"].gates["f"].shape
        (4, 5, 3)

    Where there is but one, `trace.gates` and `trace.states` are its own.
    """

    def __init__(self, cells: Iterable[CellTrace]) -> None:
        self._cells = {cell.name: cell for cell in cells}

    def __getitem__(self, name: str) -> CellTrace:
        if name not in self._cells:
            raise KeyError(f"There is no trace of {name!r}, but of {[*self._cells]}")
        return self._cells[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._cells)

    def __len__(self) -> int:
        return len(self._cells)

    def __repr__(self) -> str:
        lines = [
            f"  {cell.name}: {cell.cell}, {cell.direction}, gates {' '.join(cell.gates) or '-'}, "
            f"states {' '.join(cell.states)}, {_shape(cell)}"
            for cell in self.values()
        ]
        return "\n".join(["GateTrace", *lines])

    def _repr_html_(self) -> str:
        return html_table(summary.cells(self), "GateTrace")

    @property
    def gates(self) -> dict[str, np.ndarray]:
        """Gates of the only cell, by name."""
        return self._only().gates

    @property
    def states(self) -> dict[str, np.ndarray]:
        """States of the only cell, by name."""
        return self._only().states

    def _only(self) -> CellTrace:
        if len(self) != 1:
            raise ValueError(f"The trace has several cells: choose trace[name] of {[*self]}")
        return next(iter(self.values()))

    def labelled(self, labels: str) -> GateTrace:
        """A copy with names of gates and states by another convention; see `CellTrace.labelled`.

            >>> [*kg.trace(model, x).labelled("004").gates]
            ['G_u', 'G_f', 'c~', 'G_o']

        Args:
            labels: "lectures", "rohrer" or "004".

        Returns:
            A new `GateTrace`.

        Raises:
            ValueError: if there is no such convention, or it has no names for one of the cells.
        """
        return GateTrace([cell.labelled(labels) for cell in self.values()])

    def to_dataframe(self) -> Any:
        """All values in rows: layer, batch, time, unit, kind ("gate" or "state"), name, value.

            >>> [*kg.trace(model, x).to_dataframe()]
            ['layer', 'batch', 'time', 'unit', 'kind', 'name', 'value']

        Returns:
            A `pandas.DataFrame`; values at masked steps are NaN.

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

    def save(self, path: PathLike) -> None:
        """Write an .npz file; what stood there is replaced when all is written.

            >>> kg.trace(model, x).save("trace.npz")
            >>> kg.GateTrace.load("trace.npz").states["h"].shape
            (4, 5, 3)

        Args:
            path: file to write.

        Raises:
            ValueError: if the path cannot be written.
        """
        trace_file.write(path, self.values())

    @classmethod
    def load(cls, path: PathLike) -> GateTrace:
        """Read a file that `save` has written.

            >>> kg.trace(model, x).save("trace.npz")
            >>> kg.GateTrace.load("trace.npz")
            GateTrace
              lstm: LSTMCell, forward, gates i f g o, states h c, batch 4, 5 steps, 3 units

        Args:
            path: the file.

        Returns:
            The `GateTrace`.

        Raises:
            ValueError: if it is no such file, is damaged, or its arrays do not fit together.
            OSError: if there is no file, or it cannot be read.
        """
        return cls([CellTrace(**fields) for fields in trace_file.read(path)])

    def saturation(self, closed: float = CLOSED, open: float = OPEN) -> Rows:
        """Shares of closed and of open values of each gate.

            >>> rows = kg.trace(model, x).saturation()
            >>> [row["gate"] for row in rows]
            ['i', 'f', 'o']

        What is no finite number is left out, and a warning says how much that is.

        Args:
            closed: below it a gate is closed.
            open: above it a gate is open.

        Returns:
            A row for each gate between 0 and 1: layer, gate, the shares of its values (masked
            steps apart) that are closed and open, and the units that are always closed (the key
            "dead") or always open ("always open"). Shares of nothing are NaN.

        Raises:
            ValueError: unless 0 <= closed < open <= 1.
        """
        _check_thresholds(closed, open)
        rows = []
        for cell in self.values():
            # Where all is masked there is nothing to say.
            names = [name for name in cell.gates if cell.is_gate(name) and cell.live.any()]
            _warn_of_steps_left_out(cell, [cell.gates[name] for name in names])
            for name in names:
                values, units = cell.gates[name][cell.live], cell.units_of("gate", name)
                finite = np.isfinite(values)
                low, high = (values < closed) & finite, (values > open) & finite
                counts = np.where(finite.any(axis=0), finite.sum(axis=0), -1)
                total = finite.sum() or np.nan
                rows.append(
                    {
                        "layer": cell.name,
                        "gate": name,
                        "closed": float(low.sum() / total),
                        "open": float(high.sum() / total),
                        "dead": units[low.sum(axis=0) == counts].tolist(),
                        "always open": units[high.sum(axis=0) == counts].tolist(),
                    }
                )
        return _Saturation(rows)

    def regimes(self, closed: float = CLOSED, open: float = OPEN) -> Regimes:
        """Regime of every unit at every step: what it does, by which gates are closed and open.

        What gates do is read from the equations of a cell, whatever their letters: which share of
        its memory is kept, which of the candidate comes in, and which of the memory comes out.
        The LSTM has f, i and o for them. The GRU has z, 1 − z, and a memory that is the output.

        | comes in | kept | comes out | regime |
        |---|---|---|---|
        | closed | open | closed | keeps |
        | closed | open | open | releases |
        | open | open | closed | captures |
        | open | open | open | captures and releases |
        | closed | closed | any | erases |
        | open | closed | closed | overwrites |
        | open | closed | open | plain RNN |

        A memory that is the output keeps or captures, and has nothing to release. A plain RNN it
        is where the candidate sees the whole old state: where the reset gate r of a GRU is
        closed, and where the candidate sees no state, the unit overwrites. Where a share that
        counts is neither closed nor open: "between". At a masked step: "masked".

        What is no finite number is "masked" as well, and a warning says how much that is.

            >>> kg.trace(model, x).regimes(closed=0.4, open=0.6)["lstm"].shape
            (4, 5, 3)

        Args:
            closed: below it a gate is closed.
            open: above it a gate is open.

        Returns:
            For each cell with such gates an array `(batch, time, units)` of names, in a dict that
            prints as a table of how often each is seen. There are none where a state is kept
            otherwise, as by gates that are not between 0 and 1.

        Raises:
            ValueError: if no cell has such gates, or unless 0 <= closed < open <= 1.
        """
        _check_thresholds(closed, open)
        by_cell = {}
        for cell in self.values():
            names = regimes_of(cell.roles, cell.live, closed, open)
            if names is not None:
                _warn_of_steps_left_out(cell, known(cell.roles))
                by_cell[cell.name] = names
        if not by_cell:
            kinds = {cell.name: [*cell.gates] for cell in self.values()}
            reasons = {c.name: c.obstacles["regimes"] for c in self.values() if c.obstacles}
            raise ValueError(
                "Regimes need a memory whose shares that are kept and that come in are gates "
                f"between 0 and 1. {sentence(reasons) or f'The cells have: {kinds}'}"
            )
        return Regimes(by_cell)

    def memory_horizon(self, left: float = 0.5) -> Rows:
        """Memory horizon of each unit: the median number of steps until half of a memory is left.

        At every step a unit keeps a share of its memory (the forget gate of the LSTM, the update
        gate of the GRU, see `CellTrace.kept`). From a step on, the product of the shares is what
        is left; its horizon is the number of steps until that is `left` or less. Told is the
        median over all steps of all rows that are not masked, so a unit that resets now and then
        has the time until its next reset. A constant share f has log(left) / log(f).

        A sequence may end before a memory does. From such a step on, a censored one, the shares
        are taken to go on as they went from there to the end. `censored` is the share of such
        steps: above a half the horizon is not seen in the data, but extrapolated.

        What is no finite number is left out, and a warning says how much that is.

            >>> [*kg.trace(model, x).memory_horizon()[0]]
            ['layer', 'state', 'unit', 'steps', 'censored']

        Args:
            left: what is left of it then, between 0 and 1.

        Returns:
            A row for each unit of a state that keeps a share, the longest memory first: layer,
            state, unit, steps (steps of time; `inf` where a memory does not shrink, NaN where no
            share is a number), censored (from 0 to 1).

        Raises:
            ValueError: if no cell has such a state, or `left` is not between 0 and 1.
        """
        if isinstance(left, str) or not 0 < left < 1:
            raise ValueError(f"Argument `left` must be between 0 and 1. Received: {left!r}")
        rows = []
        for cell in self.values():
            for name, shares in cell.kept.items() if cell.live.any() else ():
                _warn_of_steps_left_out(cell, [shares])
                numbers = cell.units_of("state", name)
                rows += [
                    {"layer": cell.name, "state": name, "unit": int(u), "steps": n, "censored": c}
                    for u, n, c in zip(numbers, *medians(cell, shares, left))
                ]
        if not rows:
            kinds = {cell.name: cell.cell for cell in self.values()}
            raise ValueError(
                "A memory horizon needs steps that are not masked, and a state of which a share "
                "goes straight into its next value (and all times, where the share depends on the "
                f"state itself). None has one: {kinds}. {_why_nothing_is_kept(self)}"
            )
        rows.sort(key=lambda row: -np.nan_to_num(row["steps"], nan=-1, posinf=np.inf))
        return Rows(rows)

    def important_units(self, target: ArrayLike) -> Rows:
        """The units of all states, ranked by their correlation with a target.

        The best of many units follows anything to some extent, and noise of two rows perfectly:
        `p` says how likely a correlation as large as this one would be for the best of all units
        of the trace, were the target unrelated to all of them. It is the probability by Fisher's
        transformation, times the number of units. Steps that follow one another are not
        independent: for a target by step as many count as the persistence from step to step, of
        the unit and the target, leaves of n. Rows are taken to be independent.

        What is no finite number is left out, and a warning says how much that is.

            >>> [*kg.trace(model, x).important_units(y)[0]]
            ['layer', 'state', 'unit', 'correlation', 'n', 'p']

        Args:
            target: numbers, `(batch, time)` for every step that is traced, `(time,)` for the same
                in every row, or `(batch,)`: then the last step that is not masked counts. A last
                axis of one may follow. `(n,)` is `(batch,)` where both would do. Class labels are
                no numbers: ask for one class at a time, `target == 2`.

        Returns:
            A row for each unit, the most important first: layer, state, unit, the coefficient of
            correlation with the target, from -1 to 1 (0 for what is constant, NaN for what is no
            number), n (how many pairs it is of) and p.

        Raises:
            ValueError: if the target has another shape, is constant, not finite, or holds labels
                of more than two classes.
        """
        target, rows = as_numbers(target), []
        for cell in self.values():
            _warn_of_steps_left_out(cell, cell.states.values())
            for name, array in cell.states.items():
                numbers = cell.units_of("state", name)
                rows += [
                    {"layer": cell.name, "state": name, "unit": int(unit), **correlation}
                    for unit, correlation in zip(numbers, correlation_rows(cell, array, target))
                ]
        for row in rows:
            row["p"] = min(1.0, row["p"] * len(rows))
        rows.sort(key=lambda row: -np.nan_to_num(abs(row["correlation"]), nan=-1))
        return Rows(rows)


def _shape(cell):
    batch, time, units = summary.sizes(cell)
    return f"batch {batch}, {time} steps, {units} units"


def _why_nothing_is_kept(trace):
    """Of each cell, why none of its states has a share that is kept."""
    reasons = {}
    for cell in trace.values():
        states = [why for key, why in cell.obstacles.items() if key.startswith("kept ")]
        masked = [] if cell.live.any() else ["all its steps are masked"]
        reasons[cell.name] = together(masked or states)
    return sentence({name: why for name, why in reasons.items() if why})


def _check_thresholds(closed, open):
    if isinstance(closed, str) or isinstance(open, str) or not 0 <= closed < open <= 1:
        raise ValueError(
            f"Arguments `closed` and `open` must be 0 <= closed < open <= 1. Received: "
            f"closed={closed!r}, open={open!r}"
        )


def _warn_of_steps_left_out(cell, arrays):
    """Warn of the steps that hold NaN or infinity, if any."""
    wrong = np.zeros_like(cell.live)
    for values in arrays:
        wrong |= cell.live & ~np.isfinite(values).all(axis=-1)
    if wrong.any():
        warnings.warn(
            f"{cell.name}: {wrong.sum()} of {cell.live.sum()} steps, in {wrong.any(axis=1).sum()} "
            f"of {len(wrong)} rows, hold numbers that are not finite (NaN or infinite). These are "
            "left out.",
            stacklevel=3,
        )
