"""The command `show`: what a cell is, and a picture of it."""

import kerasgates
from kerasgates.cli import imports, options, outputs
from kerasgates.utils import suggestions

#: The options by which users give the arguments that messages of the package speak of.
OPTIONS = {"picture": "--picture"}


def add_parser(commands):
    """Add the command and its arguments to the parsers of commands."""
    show = commands.add_parser(
        "show",
        help="explain a cell",
        description="Show a cell's equations, as they are derived from its code, its weights, the "
        "arguments that other cells have not, and its paper.",
    )
    show.add_argument("cell", help="its name, such as LSTM or LSTMCell; see `kerasgates cells`")
    show.add_argument("--picture", metavar="PATH", help="also draw its wiring: .svg, .png, .pdf")
    imports.add_option(show)


def run(cell, picture, modules):
    """Print the description of a cell, and draw it where asked to."""
    from kerasgates.cli import catalogue

    if picture:
        outputs.picture_format(picture, "--picture")
    imports.imported(modules)
    full = kerasgates.list_cells()
    short = [name.removesuffix("Cell") for name in full]
    if suggestions.same(cell, [*full, *short]) is None:
        _refuse_wrapper(cell)
        raise ValueError(options.unknown("cell", cell, short))
    print(catalogue.describe(cell))
    if picture:
        outputs.draw(kerasgates.plot.cell(catalogue.named(cell)).figure, picture, "--picture")
        print(f"Picture: {picture}")
    else:
        print(f"Picture: kerasgates show {cell} --picture {cell}.svg")
    return 0


def _refuse_wrapper(name):
    """Raise a ValueError where a name is that of a wrapper, which is nothing without a cell."""
    classes = {public: getattr(kerasgates, public) for public in kerasgates.__all__}
    wrappers = [
        public
        for public, kind in classes.items()
        if isinstance(kind, type) and issubclass(kind, kerasgates.CellWrapper)
    ]
    if (wrapper := suggestions.same(name, wrappers)) is not None:
        raise ValueError(
            f"{wrapper} is a wrapper around a cell: kg.{wrapper}(cell, …). Cells can be shown; "
            "of wrappers see docs/pages/wrappers.md"
        )
