"""Wiring diagrams of cells."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

import numpy as np

from kerasgates.formulas.labels import NAMES, base_of
from kerasgates.plot.style import figure
from kerasgates.plot.wiring import Layout
from kerasgates.plot.wiring.routing import label_of, size_of

if TYPE_CHECKING:
    import keras
    from matplotlib.axes import Axes

#: Colours of wires, of parts with weights, and of parts without.
INK, LAYER, POINTWISE = "#222222", "#FFE9A8", "#CFEBDD"
ARROW = {"arrowstyle": "-|>", "color": INK, "shrinkA": 0, "shrinkB": 0, "linewidth": 1.2}
#: Size of one place.
INCHES = 0.6
#: Labels that are written larger.
SIGNS = ("+", "×", "−", "=", "σ")
#: A weight by its name in the equations, as p_i or β_2,g: one letter, unlike `hard_sigmoid`.
INDEXED = re.compile(r"(?<!\w)([^\W\d_])_([^\W_]+(?:,[^\W_]+)*)(?!\w)")


def cell(
    cell: keras.Layer | type[keras.Layer],
    ax: Axes | None = None,
    labels: Literal["lectures", "rohrer", "004"] | None = None,
) -> Axes:
    """The wiring of one step of any cell, a user's own, too: drawn from its `step`.

        >>> kg.plot.cell(kg.GRUCell).figure.savefig("gru.svg")

    Time runs to the right: the states come in at the left and leave at the right, the input comes
    from below. Yellow is learned: a box multiplies all that comes in by matrices, adds it up with a
    bias, and applies its function; a round part has weights in it, as ×p of a peephole, +b of a
    bias, or a layer inside the cell. Green has none: functions, sums, products, 1 minus a value. A
    letter beside a part is that of the gate in `kg.equations`. Wires cross without touching; they
    branch at dots. Where a step goes round several times, one round is drawn, and the title says
    how many.

    Args:
        cell: a cell with `gates`, its class, or a layer of it.
        ax: axes; of new ones the figure has the size that the diagram needs.
        labels: names by another convention than ours, as in `kg.equations`.

    Returns:
        The axes.

    Raises:
        ValueError: as `kg.equations`.
    """
    layout = Layout(cell, labels)
    (left, right), (low, high) = layout.width, layout.height
    # Room for the letters of the states.
    left -= 0.75 + 0.14 * max(len(part.label) for part, _, _ in layout.entries)
    right += 0.5 + 0.14 * max(len(name) for name, _, _ in layout.exits)
    low, high = low - 0.35, high + 0.75
    if ax is None:
        # With room for the margins and the title, so that letters have the size planned for.
        size = INCHES * (right - left) + 0.15, INCHES * (high - low) + 0.4
        ax = figure(size).subplots()
    ax.set(xlim=(left, right), ylim=(low, high), aspect="equal")
    ax.set_axis_off()
    ax.set_title(layout.name, fontsize=11, fontweight="bold")
    for net in layout.nets:
        for x, y, to_x, to_y in net.pieces:
            # A white edge keeps a wire apart from those that it crosses.
            for width, colour, order in ((5, "white", 1.0), (1.4, INK, 1.1)):
                place = order + 0.01 * (y == to_y)
                ax.plot((x, to_x), (y, to_y), color=colour, linewidth=width, zorder=place,
                        solid_capstyle="butt" if width > 2 else "round")  # fmt: skip
        for x, y in net.dots:
            ax.plot(x, y, "o", color=INK, markersize=4, zorder=1.5)
    for part, (x, y) in layout.at.items():
        _draw_part(ax, part, x, y, "above" in layout.places.ways[part].values())
    for arrow in layout.arrows:
        _draw_arrow(ax, *arrow)
    for part, x, y in layout.entries:
        index = "t" if part in layout.wiring.inputs.values() else "t-1"
        ax.text(x - 0.12, y, as_letter(part.label, index), ha="right", va="center", fontsize=12)
    for name, x, y in layout.exits:
        ax.annotate("", (x + 0.12, y), (x - 0.1, y), arrowprops=ARROW)
        letters = ", ".join(as_letter(part, "t") for part in name.split(", "))
        ax.text(x + 0.16, y, letters, ha="left", va="center", fontsize=12)
    return ax


def _draw_part(ax, part, x, y, from_above):
    from matplotlib.patches import FancyBboxPatch

    layer = part.kind == "layer"
    wide, tall = size_of(part)
    corner = 0.04 if layer else min(wide, tall) / 2
    ax.add_patch(
        FancyBboxPatch(
            (x - wide / 2 + corner, y - tall / 2 + corner),
            wide - 2 * corner,
            tall - 2 * corner,
            boxstyle=f"round,pad={corner}",
            facecolor=LAYER if part.learned else POINTWISE,
            edgecolor=INK,
            linewidth=1.2,
            zorder=2,
        )
    )
    label = label_of(part)
    fontsize = 12 if label in SIGNS else 9
    text = INDEXED.sub(r"$\1_{\2}$", label)
    ax.text(x, y, text, ha="center", va="center_baseline", zorder=3, fontsize=fontsize)
    if part.name:
        # On the wire that comes out: at the top, or to the right where one comes in from there.
        # A letter that reaches below its line stands higher, or it would touch a low part.
        above = 0.12 if part.kind == "function" and {*part.name} & {*"gjpqy"} else 0.05
        place = (wide / 2 + 0.04, 0.07) if from_above else (0.07, tall / 2 + above)
        ax.text(x + place[0], y + place[1], as_letter(part.name, "t"), fontsize=10, zorder=3)


def _draw_arrow(ax, x, y, part, at):
    """The head of a wire that runs from (x, y) into a part."""
    to_x, to_y = at
    wide, tall = size_of(part)
    to_x += np.sign(x - to_x) * wide / 2
    to_y += np.sign(y - to_y) * tall / 2
    back = 0.09 * np.sign(x - at[0]), 0.09 * np.sign(y - at[1])
    ax.annotate("", (to_x, to_y), (to_x + back[0], to_y + back[1]), arrowprops=ARROW, zorder=2.5)


def as_letter(name, index):
    """A letter with its time, as in a paper."""
    if name in NAMES:
        first, _, below = name.partition("_")
        return rf"${base_of(first)}_{{{below}{',' * bool(below)}{index}}}$"
    if indexed := INDEXED.fullmatch(name):
        return rf"${indexed[1]}_{{{indexed[2]}{',' * bool(index)}{index}}}$"
    plain = name.replace("_", r"\_").replace("$", r"\$")
    base = plain if len(name) == 1 else rf"\mathrm{{{plain}}}"
    return rf"${base}_{{{index}}}$"
