"""Pictures of traces and gradients."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, overload

import numpy as np

from kerasgates.insight.cell_trace import CellTrace
from kerasgates.insight.gate_trace import GateTrace
from kerasgates.insight.regimes import BETWEEN, MASKED, gaps
from kerasgates.plot import style

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from kerasgates.insight.gradient_flow import CellFlow
    from kerasgates.plot.picture import AxesColumn

#: One colour each; what is next to each other in memory is next to each other in hue.
REGIME_COLOURS = {
    "keeps": style.BLUE,
    "releases": style.SKY,
    "captures": style.ORANGE,
    "captures and releases": style.YELLOW,
    "overwrites": style.RED,
    "plain RNN": style.PURPLE,
    "erases": style.BLACK,
    BETWEEN: style.GREY,
    MASKED: style.PALE,
}
#: Most labels of steps that are written side by side.
LABELS = 24


@overload
def gates(
    trace: GateTrace | CellTrace,
    gate: str,
    layer: str | None = None,
    row: int = 0,
    tokens: Sequence[str] | None = None,
    ax: Axes | None = None,
    labels: str | None = None,
) -> Axes: ...
@overload
def gates(
    trace: GateTrace | CellTrace,
    gate: None = None,
    layer: str | None = None,
    row: int = 0,
    tokens: Sequence[str] | None = None,
    ax: Any = None,
    labels: str | None = None,
) -> AxesColumn: ...
def gates(
    trace: GateTrace | CellTrace,
    gate: str | None = None,
    layer: str | None = None,
    row: int = 0,
    tokens: Sequence[str] | None = None,
    ax: Any = None,
    labels: str | None = None,
) -> Any:
    """Heat maps of gates and states: time to the right, units downwards.

        >>> trace = kg.trace(model, x)
        >>> kg.plot.gates(trace, "f", tokens=["a", "b", "c", "d", "e"]).get_title()
        'lstm: f'

    Args:
        trace: a `GateTrace` or `CellTrace`.
        gate: name of a gate, or of a state, such as "c" or "h'" (with a prime where a gate has
            that name, too); None for all gates and states of the layer.
        layer: name of the cell in the trace; may be left out where there is one.
        row: which row of the batch.
        tokens: labels of the time axis, one for each step, of which some are written where they
            are many; None for numbers.
        ax: axes; for all gates, as many as there are.
        labels: names by another convention than ours, as in `kg.equations`; `gate` is one of them
            then, such as "Γ_u".

    Returns:
        The axes; an array of axes where `gate` is None.

    Raises:
        ValueError: if something is not there, or the labels or axes are too many or too few.
    """
    cell = _cell(trace, layer)
    cell = cell if labels is None else cell.labelled(labels)
    arrays = {**cell.gates, **{f"{name}'": value for name, value in cell.states.items()}}
    if gate is not None:
        key = gate if gate in arrays else f"{gate}'"
        if key not in arrays:
            known = [*cell.gates, *cell.states]
            raise ValueError(f"Argument `gate` must be one of {known}. Received: {gate!r}")
        return _heat_map(cell, key, arrays[key], row, tokens, style.axes(ax))
    if ax is None:
        whole = style.figure((8, 1.2 + 1.3 * len(arrays)))
        ax = whole.subplots(len(arrays), 1, sharex=True, squeeze=False)[:, 0]
    from kerasgates.plot.picture import AxesColumn

    ax = np.ravel(ax).view(AxesColumn)
    if len(ax) != len(arrays):
        raise ValueError(
            f"Argument `ax` must be {len(arrays)} axes, for {', '.join(arrays)}. "
            f"Received: {len(ax)}"
        )
    for axes, (key, values) in zip(ax, arrays.items()):
        _heat_map(cell, key, values, row, tokens, axes)
        if axes is not ax[-1]:
            axes.set_xlabel("")
    return ax


def regimes(
    trace: GateTrace | CellTrace,
    layer: str | None = None,
    row: int = 0,
    tokens: Sequence[str] | None = None,
    ax: Axes | None = None,
    **thresholds: float,
) -> Axes:
    """Regime of each unit at each step, a colour for each regime.

        >>> kg.plot.regimes(kg.trace(model, x), closed=0.4, open=0.6).get_title()
        'lstm: what its units do'

    Args:
        trace: a `GateTrace` or `CellTrace`.
        layer: name of the cell in the trace; may be left out where there is one.
        row: which row of the batch.
        tokens: labels of the time axis, as in `gates`.
        ax: axes; None for new ones.
        **thresholds: `closed` and `open`, as in `GateTrace.regimes`.

    Returns:
        The axes.

    Raises:
        ValueError: if the cell has no regimes, or an argument does not fit.
    """
    from matplotlib.colors import ListedColormap
    from matplotlib.patches import Patch

    cell = _cell(trace, layer)
    (names,) = GateTrace([cell]).regimes(**thresholds).values()
    names, ax = names[_row(row, len(names))], style.axes(ax)
    live = cell.live[row]
    # In the trace both are "masked".
    labels = {MASKED: ", or ".join(gaps(not live.all(), MASKED in names[live]))}
    order = [*REGIME_COLOURS]
    codes = np.vectorize(order.index)(names)
    colours = ListedColormap([*REGIME_COLOURS.values()])
    ax.imshow(codes.T, aspect="auto", interpolation="nearest", cmap=colours, vmin=-0.5,
              vmax=len(order) - 0.5)  # fmt: skip
    _label_places(ax, cell, cell.units, tokens)
    ax.set_title(style.text(f"{cell.name}: what its units do"))
    seen = [name for name in order if name in names]
    patches = [
        Patch(facecolor=REGIME_COLOURS[name], edgecolor="grey", label=labels.get(name, name))
        for name in seen
    ]
    ax.legend(handles=patches, loc="upper left", bbox_to_anchor=(1.01, 1), frameon=False)
    return ax


def memory(trace: GateTrace | CellTrace, left: float = 0.5, ax: Axes | None = None) -> Axes:
    """Memory horizon of each unit, the longest memory to the left; see `memory_horizon`.

    A hollow mark is extrapolated: of more than half of the steps the sequence ends before so much
    of the memory is lost. Where no unit has a mark, the picture says why.

        >>> kg.plot.memory(kg.trace(model, x)).get_title()
        'memory horizon'

    Args:
        trace: a `GateTrace` or `CellTrace`.
        left: what is left of a memory at its horizon.
        ax: axes; None for new ones.

    Returns:
        The axes.

    Raises:
        ValueError: if no cell has a memory, or `left` is not between 0 and 1.
    """
    from kerasgates.plot.ticks import count, count_steps

    trace = trace if isinstance(trace, GateTrace) else GateTrace([trace])
    rows, ax = trace.memory_horizon(left), style.axes(ax)
    finite = [row["steps"] for row in rows if np.isfinite(row["steps"]) and row["steps"] > 0]
    lines: list[Any] = []
    ceiling, extrapolated = 10 * max([*finite, 10]), False
    for index, key in enumerate(dict.fromkeys((row["layer"], row["state"]) for row in rows)):
        chosen = [row for row in rows if (row["layer"], row["state"]) == key]
        beyond = np.array([r["censored"] > 0.5 and np.isfinite(r["steps"]) for r in chosen])
        extrapolated |= bool(beyond.any())
        label, steps = ", ".join(key), np.array([row["steps"] for row in chosen])
        lines.append(_draw_memory(ax, index, label, steps, beyond, ceiling))
    remarks = ["○ longer than the sequences: extrapolated"] if extrapolated else []
    remarks += ["▲ never forgets"] if any(np.isinf(row["steps"]) for row in rows) else []
    if remarks:
        text = ", ".join(remarks)
        ax.annotate(text, (1, 1), xycoords="axes fraction", ha="right", va="bottom", fontsize=8)
    if not any(row["steps"] > 0 for row in rows):
        unknown = all(np.isnan(row["steps"]) for row in rows)
        _say(ax, "the memory is not a number" if unknown else "all is forgotten at once")
    ax.set_yscale("log")
    if finite:
        # Room for some labels, also where all memories are as long.
        low, high = ax.get_ylim()
        ax.set_ylim(min(low, min(finite) / 2), max(high, 2 * max(finite)))
    count_steps(ax.yaxis)
    count(ax.xaxis)
    ax.set_xlabel("units, the longest memory first")
    ax.set_ylabel(f"steps until {left:.0%} is left (median)")
    ax.set_title("memory horizon")
    style.legend(ax, lines)
    return style.plain(ax)


def _draw_memory(ax, index, label, steps, beyond, ceiling):
    """The line of one state's units, with hollow marks for some, and ▲ for those without end."""
    colour = style.LINES[index % len(style.LINES)]
    places, heights = np.arange(1, len(steps) + 1), _positive(np.minimum(steps, ceiling))
    (line,) = ax.plot(places, heights, marker="o", markersize=4, label=style.text(label),
                      color=colour, linestyle=style.DASHES[index % len(style.DASHES)])  # fmt: skip
    endless = places[np.isinf(steps)]
    ax.plot(places[beyond], heights[beyond], "o", color=colour, markersize=4,
            markerfacecolor="white", zorder=3)  # fmt: skip
    ax.plot(endless, np.full(len(endless), ceiling), "^", color=colour, markersize=9)
    return line


def _say(ax, text):
    """Write in the middle why nothing is drawn."""
    ax.text(0.5, 0.5, text, transform=ax.transAxes, ha="center", va="center")


def _positive(values):
    """Values for a logarithmic axis, which has no place for 0: that is left out."""
    return np.where(values > 0, values, np.nan)


def gradient_flow(
    flow: Mapping[str, CellFlow] | Mapping[str, Mapping[str, CellFlow]],
    states: Sequence[str] | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Norm of the gradient of the loss by the state of each step, the mean over the batch.

    The loss is that of one row, its sum over time. Where rows have masked steps they are put
    together at their ends, and steps are counted back from there; see `CellFlow.mean`. A gradient
    of 0 is left out, for the axis is logarithmic; a step without a neighbour is a mark.

        >>> kg.plot.gradient_flow(kg.gradient_flow(model, x, y, "mse")).get_title()
        'gradient flow'

    Args:
        flow: what `kerasgates.gradient_flow` gives; or a dict of several of these, by the names
            that they are to have, to compare models.
        states: names of the states to draw; None for the memory c where there is one, else h.
        ax: axes; None for new ones.

    Returns:
        The axes.

    Raises:
        ValueError: if a state is not there.
    """
    from kerasgates.plot.ticks import count

    lines: list[Any] = []
    ax, from_ends = style.axes(ax), False
    for label, cell in _flows(flow):
        chosen = states or (["c"] if "c" in cell.norms else [*cell.norms][:1])
        for state in chosen:
            if state not in cell.norms:
                raise ValueError(
                    f"Argument `states` must name some of {[*cell.norms]}. Received: {state!r}"
                )
            mean = cell.mean(state)
            gaps = cell.has_gaps(state)
            from_ends |= gaps
            # Backwards the ends are at the left.
            first = 1 - len(mean) if gaps and cell.direction == "forward" else 0
            lines.append(_draw_flow(ax, len(lines), f"{label}, {state}", first, mean))
    if not any(np.isfinite(line.get_ydata()).any() for line in lines):
        _say(ax, "no gradient is a number above 0")
    ax.set_yscale("log")
    count(ax.xaxis)
    ax.set_xlabel("steps from the end of each row" if from_ends else "step")
    ax.set_ylabel("‖∂loss/∂state‖, loss of one row")
    ax.set_title("gradient flow")
    style.legend(ax, lines)
    return style.plain(ax)


def _draw_flow(ax, index, label, first, mean):
    """The line of one state from step `first` on."""
    mean = _positive(mean)
    there = np.pad(np.isfinite(mean), 1)
    alone = there[1:-1] & ~there[:-2] & ~there[2:]
    # A line needs two.
    marks: dict[str, Any] = {}
    if alone.any():
        marks = {"marker": "o", "markersize": 4, "markevery": alone}
    colours, dashes = len(style.LINES), len(style.DASHES)
    (line,) = ax.plot(first + np.arange(len(mean)), mean, label=style.text(label),
                      color=style.LINES[index % colours],
                      linestyle=style.DASHES[index // colours % dashes], **marks)  # fmt: skip
    return line


def _flows(flow):
    """Labels and `CellFlow`s of one flow, or of several by name."""
    for name, value in flow.items():
        if isinstance(value, dict):
            several = len(value) > 1
            for inner, cell in value.items():
                yield (f"{name}, {inner}" if several else name), cell
        else:
            yield name, value


def _cell(trace, layer):
    if isinstance(trace, CellTrace):
        return trace
    if not isinstance(trace, GateTrace):
        raise ValueError(f"Argument `trace` must be a GateTrace or CellTrace. Received: {trace!r}")
    if layer is None and len(trace) > 1:
        raise ValueError(f"Argument `layer` must be given, one of {[*trace]}")
    if layer is not None and layer not in trace:
        raise ValueError(f"Argument `layer` must be one of {[*trace]}. Received: {layer!r}")
    return trace[layer] if layer is not None else next(iter(trace.values()))


def _row(row, count):
    if not 0 <= row < count:
        raise ValueError(f"Argument `row` must be from 0 to {count - 1}. Received: {row!r}")
    return row


def _heat_map(cell, key, values, row, tokens, ax):
    matrix = values[_row(row, len(values))].T
    if key in cell.gates and cell.is_gate(key):
        colours, low, high = "viridis", 0.0, 1.0
        label = style.text(f"gate {key}\n0 closed, 1 open")
    else:
        # As wide as the values are: of a small state much would be white.
        high = float(np.nanmax(np.abs(matrix), initial=0)) or 1.0
        kind = "candidate" if key in cell.gates else "state"
        colours, low, label = style.signed(), -high, style.text(f"{kind} {key}")
    image = ax.imshow(
        matrix, aspect="auto", interpolation="nearest", cmap=colours, vmin=low, vmax=high
    )
    # Masked steps.
    ax.set_facecolor(style.PALE)
    ax.figure.colorbar(image, ax=ax, label=label)
    kind, name = ("gate", key) if key in cell.gates else ("state", key.removesuffix("'"))
    _label_places(ax, cell, cell.units_of(kind, name), tokens)
    ax.set_title(style.text(f"{cell.name}: {key}"))
    return ax


def _label_places(ax, cell, units, tokens):
    """Label the axes: steps below and units at the side, a few of each."""
    from kerasgates.plot.ticks import number_rows

    times = cell.times
    if tokens is not None:
        if len(tokens) != len(times):
            raise ValueError(
                f"Argument `tokens` must hold a label for each of the {len(times)} steps. "
                f"Received: {len(tokens)}"
            )
        places = _some(len(times), LABELS)
        tokens = [style.text(tokens[place]) for place in places]
        long = max(map(len, tokens), default=0) > 3
        ax.set_xticks(places, tokens, rotation=45 if long else 0,
                      ha="right" if long else "center")  # fmt: skip
        ax.set_xlabel("")
    else:
        places = _some(len(times))
        ax.set_xticks(places, [str(times[p]) for p in places])
        ax.set_xlabel("step")
    number_rows(ax.yaxis, units)
    ax.set_ylabel("unit")


def _some(count, most=8):
    return np.arange(0, count, -(-count // most))
