"""Wiring diagrams of cells."""

import numpy as np

from kerasgates.plot.style import figure
from kerasgates.wiring import Layout

#: Of wiring diagrams: wires, layers with weights, and what is done entry by entry.
INK, LAYER, POINTWISE = "#222222", "#FFE9A8", "#CFEBDD"
ARROW = {"arrowstyle": "-|>", "color": INK, "shrinkA": 0, "shrinkB": 0, "linewidth": 1.2}
#: Width and height of what stands in a diagram, in units of a layer's place.
SIZES = {"layer": (0.62, 0.5), "function": (0.6, 0.34), "junction": (0.36, 0.36)}


def cell(cell, ax=None):
    """The wiring of one step of any cell, a user's own, too: drawn from its `step`.

        kg.plot.cell(kg.GRUCell).figure.savefig("gru.svg")

    Time runs to the right: the states come in at the left and leave at the right, the input comes
    from below. A yellow box multiplies all that comes in from below by weights, adds it up with a
    bias, and applies its function; its letter is that of the gate in `kg.equations`. Green is done
    to each entry: functions of one value, sums, products, 1 minus a value. Wires cross without
    touching; they branch at dots.

    Args:
        cell: a cell with `gates`, its class, or a layer of it.
        ax: axes; of new ones the figure has the size that the diagram needs.

    Returns:
        The axes.

    Raises:
        ValueError: as `kg.equations`.
    """
    layout = Layout(cell)
    (left, right), (low, high) = layout.width, layout.height
    left, right, low, high = left - 0.75, right + 0.75, low - 0.35, high + 0.75
    if ax is None:
        ax = figure((0.72 * (right - left), 0.72 * (high - low))).subplots()
    ax.set(xlim=(left, right), ylim=(low, high), aspect="equal")
    ax.set_axis_off()
    ax.set_title(layout.name, fontsize=11, fontweight="bold")
    for net in layout.nets:
        for x, y, to_x, to_y in net.pieces:
            # What crosses below stays apart.
            for width, colour, order in ((5, "white", 1.0), (1.4, INK, 1.1)):
                place = order + 0.01 * (y == to_y)
                ax.plot((x, to_x), (y, to_y), color=colour, linewidth=width, zorder=place,
                        solid_capstyle="butt" if width > 2 else "round")  # fmt: skip
        for x, y in net.dots:
            ax.plot(x, y, "o", color=INK, markersize=4, zorder=1.5)
    for part, (x, y) in layout.at.items():
        _draw_part(ax, part, x, y)
    for arrow in layout.arrows:
        _draw_arrow(ax, *arrow)
    for name, x, y in layout.entries:
        index = "t" if name == "x" else "t-1"
        ax.text(x - 0.12, y, _letter(name, index), ha="right", va="center", fontsize=12)
    for name, x, y in layout.exits:
        ax.annotate("", (x + 0.12, y), (x - 0.1, y), arrowprops=ARROW)
        letters = ", ".join(_letter(part, "t") for part in name.split(", "))
        ax.text(x + 0.16, y, letters, ha="left", va="center", fontsize=12)
    return ax


def _draw_part(ax, part, x, y):
    from matplotlib.patches import FancyBboxPatch

    layer = part.kind == "layer"
    wide, tall = _size(part)
    corner = 0.04 if layer else min(wide, tall) / 2
    ax.add_patch(
        FancyBboxPatch(
            (x - wide / 2 + corner, y - tall / 2 + corner),
            wide - 2 * corner,
            tall - 2 * corner,
            boxstyle=f"round,pad={corner}",
            facecolor=LAYER if layer else POINTWISE,
            edgecolor=INK,
            linewidth=1.2,
            zorder=2,
        )
    )
    ax.text(x, y, part.label, ha="center", va="center_baseline", zorder=3,
            fontsize=12 if part.label in "+×−σ" else min(9, 70 / len(part.label)))  # fmt: skip
    if part.name:
        # On the wire that comes out at the top.
        ax.text(x + 0.07, y + tall / 2 + 0.05, _letter(part.name, "t"), fontsize=10, zorder=3)


def _draw_arrow(ax, x, y, part, at):
    """The head of a wire that runs from (x, y) into a part."""
    to_x, to_y = at
    wide, tall = _size(part)
    to_x += np.sign(x - to_x) * wide / 2
    to_y += np.sign(y - to_y) * tall / 2
    back = 0.09 * np.sign(x - at[0]), 0.09 * np.sign(y - at[1])
    ax.annotate("", (to_x, to_y), (to_x + back[0], to_y + back[1]), arrowprops=ARROW, zorder=2.5)


def _size(part):
    """Width and height of a part: what is written on it fits."""
    wide, tall = SIZES[part.kind]
    return min(max(wide, 0.12 + 0.115 * len(part.label)), 0.92), tall


def _letter(name, index):
    """A letter with its time, as in a paper."""
    base = name if len(name) == 1 else rf"\mathrm{{{name}}}".replace("_", r"\_")
    return rf"${base}_{{{index}}}$"
