"""Writes the table of cells in README.md, which the gallery of the manual shows, too.

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
HEAD = "| Cell | Layer | Gates | States | Paper |\n|---|---|---|---|---|"


def table(page=None):
    """A row for each cell of the package, in the order of their papers.

    Args:
        page: where the page of a cell is, with `{name}` in it; None for no link.
    """
    cells = [kg.get(name) for name in kg.list_cells()]
    shipped = [cell for cell in cells if cell.__module__.startswith("kerasgates.")]
    return "\n".join([HEAD, *(_row(cell, page) for cell in sorted(shipped, key=year))])


def year(cell):
    """The year of a cell's paper."""
    return int(re.search(r"\b\d{4}\b", paper(cell))[0])


def _row(cell, page):
    name = cell.__name__
    shown = f"[`{name}`]({page.format(name=name)})" if page else f"`{name}`"
    source = paper(cell)
    authors, _, _ = source.partition(str(year(cell)))
    link = re.search(LINK, source)[0]
    columns = [
        shown,
        f"`{name.removesuffix('Cell')}`",
        f"`{' '.join(cell.gates)}`",
        f"`{' '.join(cell.states)}`",
        f"[{authors}{year(cell)}]({link})",
    ]
    return f"| {' | '.join(columns)} |"


def linked(source):
    """A source with its address as a link."""
    return re.sub(LINK, r"<\g<0>>", source)


def readme(text):
    """The text of the README with the table as the classes have it now."""
    before, _, rest = text.partition(START)
    _, _, after = rest.partition(END)
    return f"{before}{START}\n{table()}\n{END}{after}"


if __name__ == "__main__":
    README.write_text(readme(README.read_text("utf-8")), "utf-8")
    print(f"wrote {README}")
