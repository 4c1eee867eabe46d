"""Content of a report, as plain data."""

import base64
import inspect
import logging
import warnings

import keras
import numpy as np

from kerasgates.core._keras import reason
from kerasgates.formulas.printing import equations
from kerasgates.insight.gate_trace import CLOSED, OPEN
from kerasgates.insight.regimes import (
    BETWEEN,
    GAPS,
    MASKED,
    MEANINGS,
    conditions,
    gaps,
    regimes_of,
)
from kerasgates.insight.trace import Tracer, tensors
from kerasgates.plot import cell as wiring
from kerasgates.plot import style
from kerasgates.plot.traces import REGIME_COLOURS
from kerasgates.reporting.examples import Examples, predictions
from kerasgates.reporting.rounding import rounded

logger = logging.getLogger("kerasgates")

#: Name of the loss where there is no target.
OF_OUTPUTS = "half the sum of the squared outputs"
#: Beginning of the sentence on why there are no gradients.
NOT_FOLLOWED = "Gradients could not be followed"


def content_of(model, x, y, loss, mask, tokens, limits):
    """Content of the page: what its template needs, and under "data" what its script needs.

    Arguments are those of `kerasgates.report`; `limits` are its `rows`, `units` and `steps`.
    """
    logger.info("tracing %s", model.name if isinstance(model, keras.Layer) else model)
    tracer = Tracer(model)
    trace = tracer(x, mask)
    if not all(cell.live.size for cell in trace.values()):
        raise ValueError("Argument `x` must hold a sequence of one step at least. Received: none")
    labels = _labels(tokens, trace)
    # Before anything is drawn: a loss or target that does not fit is told at once.
    flow, by, why_not, losses = _flow(model, x, y, loss, mask)
    cells = [_CellContent(cell, limits, labels) for cell in trace.values()]
    with warnings.catch_warnings():
        # The page says itself what is not finite.
        warnings.filterwarnings("ignore", message=".*numbers that are not finite")
        saturation, memory = trace.saturation(), _memory(trace)
    first = cells[0]
    inputs, targets = (_arrays_of(values) for values in (x, y))
    examples = Examples(
        inputs, predictions(tracer.model, x, mask), targets, losses, first.trace.live
    )
    sections = []
    for cell in cells:
        logger.info("drawing %s", cell.trace.name)
        rows = [row for row in saturation if row["layer"] == cell.trace.name]
        drawing = _wiring_and_equations(tracer.cells[cell.trace.name])
        sections.append({**cell.heading(), **drawing, "stuck": rows})
    return {
        "title": model.name,
        "layers": _layers(model),
        "cells": sections,
        "memory": memory,
        "extrapolated": any(share > 0.5 for one in memory for share in one["censored"]),
        "flow": bool(flow),
        "flow_by": by,
        "from_ends": any(one["from_ends"] for one in flow),
        "target": y is not None,
        "losses": losses is not None,
        "why_no_flow": why_not,
        "rows": max(len(cell.rows) for cell in cells),
        "steps": max(len(cell.times) for cell in cells),
        "thresholds": (CLOSED, OPEN),
        "data": {
            "examples": first.examples(examples),
            "signed": style.SIGNED,
            "cells": [cell.data() for cell in cells],
            "memory": memory,
            "flow": flow,
            "regimes": [*REGIME_COLOURS],
            "colours": [*REGIME_COLOURS.values()],
        },
    }


class _CellContent:
    """The part of a cell's trace that is drawn."""

    def __init__(self, trace, limits, labels):
        self.trace, self.limits = trace, limits
        batch, time = trace.live.shape
        self.rows = range(min(batch, limits["rows"]))
        self.times = _evenly(time, limits["steps"])
        self.regimes = self._regimes()
        # A layer of another length, as behind a pooling, has no labels.
        fits = labels is not None and (len(labels), len(labels[0])) == (batch, time)
        self.labels = [[labels[row][t] for t in self.times] for row in self.rows] if fits else None

    def heading(self):
        trace = self.trace
        widths = {len(entries) for _, entries, _ in self._arrays()}
        notes = []
        batch, time = trace.live.shape
        if len(self.rows) < batch:
            notes.append(f"the first {len(self.rows)} of {batch} sequences")
        if len(self.times) < time:
            notes.append(f"{len(self.times)} of {time} steps, evenly chosen")
        if any(len(self._some(width)) < width for width in widths):
            notes.append(f"{self.limits['units']} units at most, evenly chosen")
        return {
            "name": trace.name,
            "kind": trace.cell,
            "direction": trace.direction,
            "units": len(trace.units),
            "notes": notes,
            "without_numbers": self._without_numbers(),
            "live": int(trace.live.sum()),
            "arrays": [key for key, _, _ in self._arrays()],
            "regimes": self._regime_rows(),
        }

    def _regime_rows(self):
        """A row for each regime that the cell can have, with its share on all of the input."""
        if self.regimes is None:
            return []
        names = np.array([*REGIME_COLOURS])[self.regimes]
        count = max(1, int((names != MASKED).sum()))
        possible = conditions(self.trace.role_texts)
        rows = [(name, when, MEANINGS[name]) for name, when in possible]
        between = "a gate that counts lies between the two thresholds and lets a part through"
        rows.append((BETWEEN, "", between))
        entries = [
            {
                "name": name,
                "colour": REGIME_COLOURS[name],
                "when": when,
                "meaning": meaning,
                "share": int((names == name).sum()) / count,
            }
            for name, when, meaning in rows
        ]
        if (names == MASKED).any():
            meaning = ", or ".join(GAPS[name] for name in self._gaps())
            entries.append(
                {
                    "name": ", or ".join(self._gaps()),
                    "colour": REGIME_COLOURS[MASKED],
                    "meaning": meaning,
                }
            )
        return entries

    def _gaps(self):
        """What there is of masked steps, and of those without numbers."""
        return gaps(not self.trace.live.all(), self._without_numbers())

    def _arrays(self):
        """Title, numbers of the entries, and values of every gate and state."""
        for kind, name, values in self.trace.values():
            title = name if kind == "gate" else f"{name}′"
            yield title, self.trace.units_of(kind, name), values

    def _without_numbers(self):
        """Number of steps, over all sequences, at which a value is NaN or infinite."""
        wrong = np.zeros_like(self.trace.live)
        for _, _, values in self._arrays():
            wrong |= ~np.isfinite(values).all(axis=-1)
        return int(np.sum(wrong & self.trace.live))

    def _some(self, width):
        return _evenly(width, self.limits["units"])

    def _regimes(self):
        """Numbers of the regimes `(batch, time, units)`; None for gates that have none."""
        names = regimes_of(self.trace.roles, self.trace.live, CLOSED, OPEN)
        if names is None:
            return None
        return np.vectorize([*REGIME_COLOURS].index)(names)

    def data(self):
        trace, arrays = self.trace, []
        for title, entries, values in self._arrays():
            gate = title in trace.gates and trace.is_gate(title)
            some = self._some(len(entries))
            arrays.append(
                {
                    "name": title,
                    "gate": gate,
                    "units": entries[some].tolist(),
                    "values": [self._matrix(values[row], some) for row in self.rows],
                }
            )
        regimes, numbers = self.regimes, trace.units
        if regimes is not None:
            some = self._some(regimes.shape[-1])
            matrices = [self._matrix(regimes[row], some) for row in self.rows]
            regimes = {"units": numbers[some].tolist(), "values": matrices}
        return {
            "name": trace.name,
            "steps": trace.times[self.times].tolist(),
            "labels": self.labels,
            "live": self._live(),
            "arrays": arrays,
            "regimes": regimes,
            "gaps": ", or ".join(self._gaps()),
        }

    def _live(self):
        """The first and the last step of each row that is not masked, so that padding is left out.

        Places among the steps that are drawn; all of them where all is masked.
        """
        spans = []
        for row in self.rows:
            (places,) = np.nonzero(self.trace.live[row][self.times])
            ends = (places[0], places[-1]) if len(places) else (0, len(self.times) - 1)
            spans.append([int(end) for end in ends])
        return spans

    def examples(self, examples):
        """Input, prediction, target and loss at the steps of this cell."""
        steps = self.trace.times[self.times].tolist()
        data = examples.data(self.rows, steps, self._some, self._matrix)
        return {**data, "labels": self.labels, "live": self._live(), "regimes": None}

    def _matrix(self, values, some):
        """Rows of units, columns of steps; None at masked steps."""
        chosen = values[self.times][:, some].T
        return [[rounded(value) for value in row] for row in chosen.tolist()]


def _evenly(count, most):
    """Indices below `count`, at most `most` of them, evenly spaced."""
    return np.unique(np.linspace(0, count - 1, min(count, most)).round().astype(int))


def _labels(tokens, trace):
    """A list of labels for each row of the batch, or None."""
    if tokens is None:
        return None
    sizes = list(dict.fromkeys(cell.live.shape for cell in trace.values()))
    lists = list, tuple, np.ndarray
    rows = tokens if isinstance(tokens, lists) else []
    if len(rows) and not isinstance(rows[0], lists):
        rows = [rows] * sizes[0][0]
    labels = [[str(token) for token in row] for row in rows if isinstance(row, lists)]
    if not any((len(labels), len(row)) == size for size in sizes for row in labels[:1]) or any(
        len(row) != len(labels[0]) for row in labels
    ):
        batch, time = sizes[0]
        raise ValueError(
            f"Argument `tokens` must hold a label for each of the {time} steps, or such a list "
            f"for each of the {batch} rows. Received: {len(labels)} lists of "
            f"{sorted({len(row) for row in labels})} labels"
        )
    return labels


def _wiring_and_equations(cell):
    """The wiring, an image in a URL, and the equations, or why there are none."""
    if not getattr(cell, "gates", ()):
        text = "A cell without `gates`: its equations are not known."
        return {"wiring": None, "equations": text, "about": _about(cell)}
    try:
        text = equations(cell)
    except ValueError as error:
        return {"wiring": None, "equations": str(error), "about": _about(cell)}
    image = base64.b64encode(style.svg(wiring(cell))).decode()
    url = f"data:image/svg+xml;base64,{image}"
    return {"wiring": url, "equations": text, "about": _about(cell)}


def _about(cell):
    return inspect.cleandoc(type(cell).__doc__ or "").partition("\n")[0]


def _layers(model):
    """A row for each layer."""
    layers = model.layers if isinstance(model, keras.Model) else [model]
    return [
        {
            "name": layer.name,
            "kind": type(layer).__name__,
            "output": _shape(layer),
            "weights": f"{layer.count_params():,}",
        }
        for layer in layers
    ]


def _shape(layer):
    try:
        shape = layer.output.shape
    except (AttributeError, ValueError):
        return ""
    return "(" + ", ".join("any" if n is None else str(n) for n in shape) + ")"


def _memory(trace):
    """Steps until half of a memory is left, a list for each state, the longest first."""
    try:
        rows = trace.memory_horizon()
    except ValueError:
        return []
    by_state = {}
    for row in rows:
        if np.isnan(row["steps"]):
            continue
        by_state.setdefault(f"{row['layer']}, {row['state']}", []).append(row)
    return [
        {
            "name": name,
            "units": [row["unit"] for row in rows],
            # None for what never forgets.
            "steps": [rounded(row["steps"]) for row in rows],
            "censored": [rounded(row["censored"]) for row in rows],
        }
        for name, rows in by_state.items()
    ]


def _arrays_of(values):
    """Inputs or targets as a list of arrays; empty for None."""
    if values is None:
        return []
    return [keras.ops.convert_to_numpy(value) for value in keras.tree.flatten(tensors(values))]


def _flow(model, x, y, loss, mask):
    """Norms of the gradients by step for each state, of what, why some have none, and losses."""
    if keras.backend.backend() != "tensorflow":
        return [], "", "Gradients need the TensorFlow backend.", None
    # It loads TensorFlow.
    from kerasgates.insight.gradient_flow import flows_with_losses

    logger.info("following gradients")
    curves, by = [], "the loss of one sequence"
    try:
        if y is None:
            (first, *_) = keras.tree.flatten(tensors(x))
            y, loss, by = np.zeros(first.shape[0]), _squares, OF_OUTPUTS
        followed = flows_with_losses(model, x, y, loss, mask)
    except Exception as error:
        # The page is worth having without; but a loss that was asked for is not left out.
        if loss is not _squares:
            raise
        return [], "", f"{NOT_FOLLOWED}: {reason(error)}", None
    for name, cell in followed.flows.items():
        for state in cell.norms:
            mean, gaps = cell.mean(state).tolist(), cell.has_gaps(state)
            curves.append(
                {
                    "name": f"{name}, {state}",
                    "values": [rounded(value) for value in mean],
                    # Where rows have different lengths steps are counted from their ends.
                    "first": 1 - len(mean) if gaps and cell.direction == "forward" else 0,
                    "from_ends": gaps,
                }
            )
    why_not = f"{NOT_FOLLOWED}: {followed.why_left_out}" if followed.left_out else ""
    if why_not and curves:
        why_not = f"Some layers are left out. {why_not}."
    return curves, by, why_not, None if loss is _squares else followed.losses


def _squares(y, outputs):
    """Half the sum of the squares of all outputs, for each row."""
    ops = keras.ops
    outputs = keras.tree.flatten(outputs)
    # Half precision has no room for squares.
    wide = "float64" if any("64" in str(output.dtype) for output in outputs) else "float32"
    outputs = [ops.cast(output, wide) for output in outputs]
    flat = [ops.reshape(output, (ops.shape(output)[0], -1)) for output in outputs]
    return 0.5 * sum(ops.sum(ops.square(part), axis=-1) for part in flat)
