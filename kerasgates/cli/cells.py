"""The command `cells`: a table of all cells."""


def add_parser(commands):
    """Add the command and its arguments to the parsers of commands."""
    commands.add_parser(
        "cells", help="list the cells", description="List all cells: gates, states and papers."
    )


def run():
    """Print a table of all cells."""
    from kerasgates.cli import catalogue
    from kerasgates.utils.tables import table

    print(*table(catalogue.rows()), sep="\n")
    return 0
