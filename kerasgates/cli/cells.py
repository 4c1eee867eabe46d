"""The command `cells`: a table of all cells."""

from kerasgates.cli import imports


def add_parser(commands):
    """Add the command and its arguments to the parsers of commands."""
    cells = commands.add_parser(
        "cells", help="list the cells", description="List all cells: gates, states and papers."
    )
    imports.add_option(cells)


def run(modules):
    """Print a table of all cells."""
    from kerasgates.cli import catalogue
    from kerasgates.utils.tables import table

    imports.imported(modules)
    print(*table(catalogue.rows()), sep="\n")
    return 0
