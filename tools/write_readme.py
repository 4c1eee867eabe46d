"""Writes the list of cells in README.md, and the table of them that the manual's gallery shows.

`python tools/write_readme.py` writes what the classes say between the two marks; a test compares.
"""

import functools
import re
from pathlib import Path

import kerasgates as kg
from kerasgates import cli
from kerasgates.bench.measure import WORKLOADS
from kerasgates.cli.catalogue import paper
from kerasgates.core.declarations import likely_sizes, required

README = Path(__file__).parent.parent / "README.md"
START, END = "<!-- table of cells -->", "<!-- end of table -->"
#: An address in a source; several of them end in semicolons.
LINK = r"https://[^\s;]+"
#: Of the list in the README, which is short, and of the table in the manual.
SHORT_HEAD = "| States | Cells, each with its paper |\n|---|---|"
COLUMNS = "Cell", "Gates", "States", "Weights"
#: Kinds of times of `kerasgates bench`, with what they are called in the table.
KINDS = {"train": "Training", "infer": "Prediction"}
#: For which weights are counted; one feature more for cells that read an odd number of them.
FEATURES, UNITS = 64, 128


def cells():
    """The classes of the package's cells, in the order of their papers."""
    known = [kg.get(name) for name in kg.list_cells()]
    return sorted([c for c in known if c.__module__.startswith("kerasgates.")], key=year)


def table(page, times=None):
    """A row for each cell of the package.

    Args:
        page: where the page of a cell is, with `{name}` in it.
        times: what `relative_times` gives; None for a table without times.
    """
    columns = [*COLUMNS, *(KINDS.values() if times else ()), "Paper"]
    head = [f"| {' | '.join(columns)} |", "|---" * len(columns) + "|"]
    return "\n".join([*head, *(_row(cell, page, times) for cell in cells())])


@functools.cache
def weight_count(cell):
    """A cell's number of weights, frozen ones included, with its features and units for it."""
    for features, units in [*likely_sizes(cell, FEATURES, UNITS), (FEATURES + 1, UNITS)]:
        try:
            made = cell(units, **required(cell, UNITS))
            made.build((None, features))
            return made.count_params(), features, units
        except Exception as error:  # Of a cell that has other sizes.
            failed = error
    raise failed


def relative_times(results):
    """Times of a step of training and of prediction, as multiples of the LSTM's, by cell.

    Args:
        results: what `kerasgates bench cells --json FILE` writes, of one workload.
    """
    (rows,) = results["tables"].values()
    return {
        # There a ratio above 1 is faster.
        f"{row['contender'].removeprefix('kerasgates.')}Cell": {
            kind: 1 / row[f"{kind} ratio"] for kind in KINDS
        }
        for row in rows
    }


def measurement(results):
    """The command whose results these are, and the sizes that it measures with."""
    ((workload, (first, *_)),) = results["tables"].items()
    usual, where = cli.parse(["bench", "cells"]), results["where"]
    options = ["--bare" if value is True else f"--{name} {value}" for name, value in where.items()
               if value != usual[name]]  # fmt: skip
    rounds = len(first["train rounds"])
    words = ["kerasgates bench cells --workloads", workload, *options, f"--rounds {rounds}"]
    return " ".join([*words, "--json docs/costs.json"]), WORKLOADS[workload]


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


def time_of(times, name, kind):
    """A time as a multiple of the LSTM's; a dash where there is none."""
    return f"{times[name][kind]:.2f}" if name in times else "–"


def _weights(cell):
    number, *sizes = weight_count(cell)
    wanted = zip(sizes, (FEATURES, UNITS), ("features", "units"))
    other = [f"{size} {what}" for size, usual, what in wanted if size != usual]
    return f"{number:,}" + (f" ({', '.join(other)})" if other else "")


def _row(cell, page, times):
    name = cell.__name__
    authors, _, _ = paper(cell).partition(str(year(cell)))
    columns = [
        f"[`{name}`]({page.format(name=name)})",
        f"`{' '.join(cell.gates)}`",
        f"`{' '.join(cell.states)}`",
        _weights(cell),
        *(time_of(times, name, kind) for kind in (KINDS if times else ())),
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
