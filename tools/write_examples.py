"""Writes the tables of docs/pages/examples.md from what five trainings of each example gave.

`python tools/write_examples.py` writes into the page what examples/data/five_seeds.json holds, and
a test compares. `--run` trains all examples five times first, or those that are named, and writes
that file: about fifteen minutes on two quiet cores. Nothing of `saved_models` changes.
"""

import argparse
import importlib
import json
import re
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "pages" / "examples.md"
FOUND = ROOT / "examples" / "data" / "five_seeds.json"
#: The tables that `main` of each example gives, in its order.
TABLES = {
    "weather": ("weather, the vector", "weather, the hours", "weather, hours missing"),
    "dinner": ("dinner",),
    "childrens_book": ("childrens_book",),
    "rain": ("rain", "rain, what it brought"),
}
#: A table of the page behind its mark.
TABLE = re.compile(r"<!-- table: (.+?) -->\n\n(?:\|.*\n)+")
#: What a page leaves out of the head of a table: skill has no unit.
UNIT = re.compile(r" (°F|mph|inches)$")
SEEDS = 5


def run(name):
    """The tables of an example as texts, by their names."""
    example, common = importlib.import_module(name), importlib.import_module("common")
    with tempfile.TemporaryDirectory() as out:
        given = example.main(out, SEEDS)
    tables = given if isinstance(given, tuple) else (given,)
    return {
        title: [{UNIT.sub("", key): common.text_of(v) for key, v in row.items()} for row in rows]
        for title, rows in zip(TABLES[name], tables, strict=True)
    }


def page(text, found):
    """The text of the page with the tables that were found."""

    def written(mark):
        rows = found[mark[1]]
        head = [f"| {' | '.join(rows[0])} |", "|" + "---|" * len(rows[0])]
        lines = head + [f"| {' | '.join(row.values())} |" for row in rows]
        return f"<!-- table: {mark[1]} -->\n\n" + "\n".join(lines) + "\n"

    return TABLE.sub(written, text)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--run", nargs="*", choices=TABLES, help="train these, or all")
    given = parser.parse_args().run
    if given is not None:
        sys.path.insert(0, str(ROOT / "examples"))
        for name in given or TABLES:
            made = run(name)
            # Read only now: another process may have written the tables of other examples.
            found = json.loads(FOUND.read_text("utf-8")) | made
            FOUND.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", "utf-8")
    found = json.loads(FOUND.read_text("utf-8"))
    PAGE.write_text(page(PAGE.read_text("utf-8"), found), "utf-8")


if __name__ == "__main__":
    main()
