"""Writes the list of cells in README.md, and the table of them that the manual's gallery shows.

`python tools/write_readme.py` writes what the classes say between the two marks; a test compares.
"""

import re
from pathlib import Path

import kerasgates as kg
from kerasgates.cli.catalogue import paper

README = Path(__file__).parent.parent / "README.md"
START, END = "<!-- table of cells -->", "<!-- end of table -->"
#: An address in a source; several of them end in semicolons.
LINK = r"https://[^\s;]+"
#: Of the list in the README, which is short, and of the table in the manual.
SHORT_HEAD = "| States | Cells, each with its paper |\n|---|---|"
HEAD = "| Cell | Layer | Gates | States | Paper |\n|---|---|---|---|---|"


def cells():
    """The classes of the package's cells, in the order of their papers."""
    known = [kg.get(name) for name in kg.list_cells()]
    return sorted([c for c in known if c.__module__.startswith("kerasgates.")], key=year)


def table(page):
    """A row for each cell of the package.

    Args:
        page: where the page of a cell is, with `{name}` in it.
    """
    return "\n".join([HEAD, *(_row(cell, page) for cell in cells())])


def short_table():
    """A row for each choice of states, with the names of all cells that have these."""
    by_states = {}
    for cell in cells():
        by_states.setdefault(cell.states, []).append(f"[`{cell.__name__}`]({_link(cell)})")
    rows = [f"| `{' '.join(states)}` | {', '.join(some)} |" for states, some in by_states.items()]
    return "\n".join([SHORT_HEAD, *rows])


def year(cell):
    """The year of a cell's paper."""
    return int(re.search(r"\b\d{4}\b", paper(cell))[0])


def _row(cell, page):
    name = cell.__name__
    authors, _, _ = paper(cell).partition(str(year(cell)))
    columns = [
        f"[`{name}`]({page.format(name=name)})",
        f"`{name.removesuffix('Cell')}`",
        f"`{' '.join(cell.gates)}`",
        f"`{' '.join(cell.states)}`",
        f"[{authors}{year(cell)}]({_link(cell)})",
    ]
    return f"| {' | '.join(columns)} |"


def _link(cell):
    """The address of a cell's paper."""
    return re.search(LINK, paper(cell))[0]


def linked(source):
    """A source with its address as a link."""
    return re.sub(LINK, r"<\g<0>>", source)


def readme(text):
    """The text of the README with the list as the classes have it now."""
    before, _, rest = text.partition(START)
    _, _, after = rest.partition(END)
    return f"{before}{START}\n{short_table()}\n{END}{after}"


if __name__ == "__main__":
    README.write_text(readme(README.read_text("utf-8")), "utf-8")
    print(f"wrote {README}")
