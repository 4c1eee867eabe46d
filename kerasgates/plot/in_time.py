"""Cells unrolled in time: a copy for each step, and the states that go from one to the next."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from kerasgates.formulas.labels import labels_of
from kerasgates.insight.cell_trace import CellTrace
from kerasgates.insight.gate_trace import GateTrace
from kerasgates.insight.trace import cells_of, title_in_trace
from kerasgates.plot import style
from kerasgates.plot.diagram import INK, as_letter

if TYPE_CHECKING:
    import keras
    from matplotlib.axes import Axes

#: Height of a copy of a cell, and what is above it; its width, and what is beside it, at least.
TALL, ABOVE = 1.3, 0.8
WIDE, BESIDE = 1.9, 1.0
#: Width of a letter of a gate, and of a state.
GATE, STATE = 0.11, 0.13
#: Size of a unit of length.
INCHES = 0.62
#: What has not happened yet.
PALE = "#C8C8C8"
#: A gate at 0 is white, at 1 as dark as this.
OPEN = (0.0, 0.45, 0.70)


def unrolled(
    model: keras.Layer,
    steps: int,
    trace: GateTrace | CellTrace | None = None,
    row: int = 0,
    labels: Literal["lectures", "rohrer", "004"] | None = None,
    path: str | os.PathLike[str] | None = None,
    ax: Axes | None = None,
    *,
    largest: float | None = None,
) -> Axes:
    """A model's cells unrolled: a copy for each step, side by side, and stacked layers above.

        >>> kg.plot.unrolled(kg.LSTM(3), 4).figure.savefig("unrolled.png")
        >>> trace = kg.trace(model, x)
        >>> kg.plot.unrolled(model, 5, trace, path="unrolled.gif").get_title()
        'lstm'

    With a trace it shows what happened, the mean over units: a gate is white where it is closed
    and blue where it is open, with its value below; a wire is the thicker, the larger the state
    that it carries, against `largest`.

    Args:
        model: a model whose recurrent layers run forward one above the other, a layer, or a cell.
        steps: how many steps to draw, the first ones of the trace.
        trace: None, or what `kg.trace` gave for this model.
        row: which row of the batch.
        labels: names by another convention than ours, as in `kg.equations`.
        path: a file that ends in ".gif", to be written: a film with a frame for each step, in
            which what is yet to come is pale. None for none.
        ax: axes; of new ones the figure has the size that the drawing needs.
        largest: the state at which a wire has its full width, one number where several pictures
            are to be compared. None for the largest of each layer's steps shown.

    Returns:
        The axes, with all steps.

    Raises:
        ValueError: if there is no recurrent layer or one runs backwards, the trace is of another
            model or shorter, or an argument does not fit.
    """
    layers = _layers(model, trace, row, labels)
    known = [len(layer.gates_at) for layer in layers if layer.gates_at]
    whole = isinstance(steps, int) and not isinstance(steps, bool)
    if not whole or not 1 <= steps <= min([*known, steps if whole else 1]):
        most = f" to {min(known)}, those of the trace" if known else ""
        raise ValueError(f"Argument `steps` must be from 1{most}. Received: {steps!r}")
    if path is not None and not str(path).endswith(".gif"):
        raise ValueError(f"Argument `path` must end in '.gif'. Received: {path!r}")
    if largest is not None and not largest > 0:
        raise ValueError(f"Argument `largest` must be above 0. Received: {largest!r}")
    for layer in layers:
        values = [v for at in layer.states_at[: steps + 1] for v in at.values()]
        layer.largest = largest or max(values, default=0.0) or 1.0
    if ax is None:
        wide, beside = _sizes(layers)
        size = steps * (wide + beside) + beside, len(layers) * (TALL + ABOVE) + ABOVE + 0.3
        ax = style.figure((INCHES * size[0], INCHES * size[1] + 0.35)).subplots()
    if path is not None:
        _film(ax, layers, steps, Path(path))
    return _draw(ax, layers, steps, steps)


@dataclass
class _Layer:
    """One cell to draw: its names, and for each step what its gates and states were.

    `gates_at` holds for each step a dict of means by name, `states_at` one more, the first before
    all steps; both are empty without a trace. A state of `largest` has the widest wire.
    """

    name: str
    kind: str
    states: list
    gates_at: list
    states_at: list
    largest: float = 1.0


def _layers(model, trace, row, convention):
    layers = []
    cells = cells_of(model)
    traces = [None] * len(cells)
    if trace is not None:
        traces = [trace] if isinstance(trace, CellTrace) else [*trace.values()]
    kinds = [title_in_trace(cell) for _, cell, _ in cells]
    if trace is not None and [one.cell for one in traces] != kinds:
        raise ValueError(
            f"Argument `trace` must be of this model, of cells {kinds}. "
            f"Received: a trace of {[one.cell for one in traces]}"
        )
    for (name, cell, backwards), one in zip(cells, traces):
        if backwards:
            raise ValueError(
                f"Argument `model` must run forward; {name!r} runs backwards. Draw its layers one "
                "by one."
            )
        replacing = getattr(cell, "replacing_gates", ())
        states = [*getattr(cell, "states", ())] or ["state"]
        gates = [*getattr(cell, "gates", ())]
        layers.append(_Layer(name, type(cell).__name__.removesuffix("Cell"), states, [], []))
        if one is not None:
            one = one if convention is None else one.labelled(convention)
            _note_values(layers[-1], one, row)
        elif convention is not None:
            layers[-1].states = [*map(labels_of(convention, gates, states, replacing), states)]
    return layers


def _note_values(layer, trace, row):
    """Keep the means over the units of one row of a trace."""
    count = len(trace.live)
    if not 0 <= row < count:
        raise ValueError(f"Argument `row` must be from 0 to {count - 1}. Received: {row!r}")
    gates = [name for name in trace.gates if trace.is_gate(name)]
    # Of a masked step all entries are NaN, and so is their mean.
    means = {name: trace.gates[name][row].mean(axis=-1) for name in gates}
    layer.states = [*trace.states]
    sizes = {}
    for name, values in trace.states.items():
        values = np.concatenate([trace.initial[name][row][None], values[row]])
        sizes[name] = np.abs(values).mean(axis=-1)
    steps = len(trace.times)
    layer.gates_at = [{name: float(means[name][t]) for name in gates} for t in range(steps)]
    layer.states_at = [{name: float(sizes[name][t]) for name in sizes} for t in range(steps + 1)]


def _sizes(layers):
    """Width of a copy, and of the room beside it, so that their names fit."""
    gates = [{*layer.gates_at[0]} if layer.gates_at else {} for layer in layers]
    wide = [len(names) * (0.1 + GATE * max(map(len, names))) for names in gates if names]
    states = [len(name) for layer in layers for name in layer.states]
    return max([WIDE, *wide]), max(BESIDE, 0.3 + STATE * max(states))


def _draw(ax, layers, steps, done):
    """Draw all steps, those from `done` on pale."""
    ax.clear()
    wide, beside = size = _sizes(layers)
    for number, layer in enumerate(layers):
        y = number * (TALL + ABOVE)
        for step in range(steps + 1):
            _draw_wires(ax, layer, step, y, size, step <= done)
        for step in range(steps):
            corner = step * (wide + beside), y
            _draw_copy(ax, layer, step, corner, wide, step < done)
            _draw_input(ax, layers, number, step, (corner[0] + wide / 2, y), step < done)
    width, height = steps * (wide + beside), len(layers) * (TALL + ABOVE)
    ax.set(xlim=(-beside, width), ylim=(-ABOVE - 0.1, height + 0.2), aspect="equal")
    ax.set_axis_off()
    names = ", ".join(layer.name for layer in layers)
    ax.set_title(style.text(names), fontsize=11, fontweight="bold")
    return ax


def _draw_wires(ax, layer, step, y, size, happened):
    """The states after so many steps, on their way to the next copy; pale where that is to come."""
    wide, beside = size
    start = -beside if step == 0 else (step - 1) * (wide + beside) + wide
    end, colour = start + beside, INK if happened else PALE
    for number, name in enumerate(layer.states):
        height = y + TALL * (number + 1) / (len(layer.states) + 1)
        share = min(layer.states_at[step][name] / layer.largest, 1) if layer.states_at else 0.15
        width = 0.6 + 5 * share * (happened or not layer.states_at)
        arrow = {"arrowstyle": f"-|>,head_width={0.15 + 0.03 * width}", "color": colour,
                 "linewidth": width, "shrinkA": 0, "shrinkB": 0}  # fmt: skip
        ax.annotate("", (end, height), (start, height), arrowprops=arrow)
        ax.text((start + end) / 2 - 0.08, height + 0.1, as_letter(name, step), ha="center",
                va="bottom", fontsize=9, color=colour)  # fmt: skip


def _draw_copy(ax, layer, step, at, wide, happened):
    """One copy of a cell; with a trace its gates by their values."""
    from matplotlib.patches import FancyBboxPatch, Rectangle

    (x, y), colour = at, INK if happened else PALE
    corner = 0.1
    ax.add_patch(FancyBboxPatch((x + corner, y + corner), wide - 2 * corner, TALL - 2 * corner,
                                boxstyle=f"round,pad={corner}", facecolor="white", edgecolor=colour,
                                linewidth=1.2, zorder=2))  # fmt: skip
    gates = layer.gates_at[step] if layer.gates_at else {}
    place = y + TALL / 2 if not gates else y + TALL - 0.2
    ax.text(x + wide / 2, place, layer.kind, ha="center", va="center", fontsize=8 if gates else 10,
            color=colour, zorder=3)  # fmt: skip
    side = min(0.4, 0.85 * wide / max(len(gates), 1))
    for number, (name, value) in enumerate(gates.items()):
        middle = x + wide * (number + 0.5) / len(gates)
        known = np.isfinite(value) and happened
        shade = tuple(1 - value * (1 - part) for part in OPEN) if known else "#EEEEEE"
        ax.add_patch(Rectangle((middle - side / 2, y + 0.36), side, side, facecolor=shade,
                               edgecolor=colour, linewidth=0.8, zorder=3))  # fmt: skip
        ax.text(middle, y + 0.39 + side, as_letter(name, ""), ha="center", va="bottom",
                fontsize=8, color=colour, zorder=3)  # fmt: skip
        if known:
            ax.text(middle, y + 0.31, f"{value:.2f}", ha="center", va="top", fontsize=7, zorder=3)


def _draw_input(ax, layers, number, step, at, happened):
    """Draw the arrow into a copy from below; of the topmost layer the one out of it, too."""
    (x, y), colour = at, INK if happened else PALE
    arrow: dict[str, Any] = {"arrowstyle": "-|>", "color": colour, "shrinkA": 0, "shrinkB": 0}
    start = y - ABOVE * (0.6 if number == 0 else 1)
    ax.annotate("", (x, y), (x, start), arrowprops=arrow)
    if number == 0:
        ax.text(x, start - 0.05, as_letter("x", step + 1), ha="center", va="top", fontsize=10,
                color=colour)  # fmt: skip
    if number == len(layers) - 1:
        top = y + TALL + 0.5 * ABOVE
        ax.annotate("", (x, top), (x, y + TALL), arrowprops=arrow)
        name = layers[number].states[0]
        ax.text(x, top + 0.03, as_letter(name, step + 1), ha="center", va="bottom", fontsize=10,
                color=colour)  # fmt: skip


def _film(ax, layers, steps, path):
    """Write a GIF with a frame before the first step, and one after each."""
    from matplotlib.animation import PillowWriter

    writer, part = PillowWriter(fps=1), path.with_name(f".{path.stem}.part.gif")
    try:
        with writer.saving(ax.figure, str(part), 90):
            for done in range(steps + 1):
                _draw(ax, layers, steps, done)
                writer.grab_frame()
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)
