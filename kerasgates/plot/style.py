"""Colours and axes that all pictures share."""

import io

#: Colours that stay apart for colour-blind eyes (Okabe & Ito, 2008).
BLUE, ORANGE, GREEN, RED = "#0072B2", "#E69F00", "#009E73", "#D55E00"
PURPLE, SKY, YELLOW, BLACK = "#CC79A7", "#56B4E9", "#F0E442", "#000000"
LINES = (BLUE, ORANGE, GREEN, RED, PURPLE, SKY, BLACK)
DASHES = ("-", "--", "-.", ":")
GREY, PALE = "#BBBBBB", "#EEEEEE"
#: Most entries of a legend inside the axes, and the height in inches that one takes beside them.
INSIDE, ENTRY = 2, 0.22
#: From negative to positive, in pictures and pages alike; white for zero.
SIGNED = ("#542788", "#B2ABD2", "#F7F7F7", "#FDB863", "#B35806")


def signed():
    """Diverging colour map, for values that are negative or positive."""
    from matplotlib.colors import LinearSegmentedColormap

    return LinearSegmentedColormap.from_list("signed", SIGNED)


def figure(size):
    """A figure without pyplot, which keeps every figure for ever."""
    try:
        from kerasgates.plot.picture import Picture
    except ImportError as error:
        raise ImportError('Pictures need matplotlib: pip install "kerasgates[plot]"') from error
    return Picture(figsize=size, layout="constrained")


def formats():
    """Formats of pictures that matplotlib writes, as their files end: "png", "svg" and others."""
    return {*figure((1, 1)).canvas.get_supported_filetypes()}


def axes(ax):
    """The axes that were given, or new ones."""
    return figure((8, 3.6)).subplots() if ax is None else ax


def text(name):
    """A name as it is written: a dollar sign would begin a formula."""
    return str(name).replace("$", r"\$")


def legend(ax, handles, inside=INSIDE):
    """A legend of lines or bars, beside the axes where there are more than `inside`."""
    where = {}
    # On a figure that is not laid out it would be cut off there.
    if len(handles) > inside and ax.figure.get_layout_engine() is not None:
        where = {"loc": "upper left", "bbox_to_anchor": (1.01, 1)}
        _make_room(ax.figure, ENTRY * len(handles) + 1)
    shown = ax.legend(handles, ["-"] * len(handles), frameon=False, **where)
    # Written afterwards: some versions of matplotlib leave out a label that begins with "_".
    for entry, handle in zip(shown.get_texts(), handles):
        entry.set_text(handle.get_label())


def _make_room(drawn, height):
    """Make a figure of ours with one picture as high as it must be."""
    from kerasgates.plot.picture import Picture

    if isinstance(drawn, Picture) and len(drawn.axes) == 1:
        drawn.set_figheight(max(drawn.get_figheight(), height))


def svg(ax):
    """The whole picture as SVG; the same axes give the same bytes."""
    from matplotlib import rc_context

    file = io.BytesIO()
    # No date, and no random names.
    with rc_context({"svg.hashsalt": "kerasgates"}):
        ax.figure.savefig(file, format="svg", metadata={"Date": None})
    return file.getvalue()


def plain(ax):
    """Remove the frame of axes at the top and the right."""
    ax.spines[["top", "right"]].set_visible(False)
    return ax
