"""Colours and axes that all pictures share."""

import io

#: Colours that stay apart for colour-blind eyes (Okabe & Ito, 2008).
BLUE, ORANGE, GREEN, RED = "#0072B2", "#E69F00", "#009E73", "#D55E00"
PURPLE, SKY, YELLOW, BLACK = "#CC79A7", "#56B4E9", "#F0E442", "#000000"
LINES = (BLUE, ORANGE, GREEN, RED, PURPLE, SKY, BLACK)
DASHES = ("-", "--", "-.", ":")
GREY, PALE = "#BBBBBB", "#EEEEEE"
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


def axes(ax):
    """The axes that were given, or new ones."""
    return figure((8, 3.6)).subplots() if ax is None else ax


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
