"""Writes the notebooks in examples/lessons from the pages in docs/pages/lessons.

The pages are what is written by hand. `python tools/write_lessons.py` writes their notebooks, with
what the pages show, and a test compares and runs them. `--run` runs the programs of all pages
first, or of those that are named, and writes into each page what they print, and beside it the
pictures that its last lines draw.
"""

import argparse
import ast
import contextlib
import io
import json
import os
import re
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGES, NOTEBOOKS = ROOT / "docs" / "pages" / "lessons", ROOT / "examples" / "lessons"
#: A program, and what follows at once: the text that it prints, and the picture that it draws.
BLOCK = re.compile(
    r"^```python\n(?P<code>.*?)^```\n"
    r"(?:\n```text\n(?P<text>.*?)^```\n)?"
    r"(?:\n!\[(?P<words>[^\]]*)\]\((?P<picture>[^)]+)\)\n)?",
    re.M | re.S,
)


def parts(text):
    """A page as triples of kind, "markdown" or "code", text, and outputs of a program."""
    at = 0
    for found in BLOCK.finditer(text):
        if between := text[at : found.start()].strip():
            yield "markdown", between, None
        yield "code", found["code"].rstrip(), [*outputs(found)]
        at = found.end()
    if rest := text[at:].strip():
        yield "markdown", rest, None


def outputs(found):
    """What a program of a page gives, as outputs of a notebook's cell."""
    if found["text"]:
        printed = found["text"].splitlines(keepends=True)
        yield {"name": "stdout", "output_type": "stream", "text": printed}
    if found["picture"]:
        # A link to the page's picture: whoever runs the notebook has it drawn in its place.
        picture = os.path.relpath(PAGES / found["picture"], NOTEBOOKS).replace(os.sep, "/")
        shown = {"text/markdown": f"![{found['words']}]({picture})", "text/plain": found["words"]}
        yield {"data": shown, "metadata": {}, "output_type": "display_data"}


def notebook(text):
    """The notebook of a page, as the text of a file."""
    cells, runs = [], 0
    for number, (kind, source, given) in enumerate(parts(text)):
        # Links lead to pages of the manual.
        source = re.sub(r"\]\((\.\./|)(\w+)\.md", r"](../../docs/pages/lessons/\1\2.md", source)
        cell = {"cell_type": kind, "id": f"cell-{number}", "metadata": {}}
        if kind == "code":
            runs += 1
            cell |= {"execution_count": runs, "outputs": given}
        cells.append({**cell, "source": source.splitlines(keepends=True)})
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    whole = {"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"


def run(code, namespace):
    """What a program prints, and the value of its last line."""
    tree, last = ast.parse(code), None
    if isinstance(tree.body[-1], ast.Expr):
        last = ast.Expression(tree.body.pop().value)
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        exec(compile(tree, "lesson", "exec"), namespace)
        value = eval(compile(last, "lesson", "eval"), namespace) if last else None
    return printed.getvalue(), value


def run_page(path):
    """Run a page's programs; write what they print into it, and what they draw beside it."""
    namespace = {"__name__": "lesson"}

    def again(found):
        printed, value = run(found["code"], namespace)
        block = f"```python\n{found['code']}```\n"
        if printed:
            block += f"\n```text\n{printed.rstrip()}\n```\n"
        if found["picture"]:
            save(value, (path.parent / found["picture"]).resolve())
            block += f"\n![{found['words']}]({found['picture']})\n"
        return block

    # Programs may write files of their own.
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        text = BLOCK.sub(again, path.read_text("utf-8"))
    path.write_text(text, "utf-8")


def save(drawn, path):
    """Save a figure, or that of axes, in few colours."""
    from PIL import Image

    drawn = getattr(drawn, "flat", [drawn])[0]
    buffer = io.BytesIO()
    getattr(drawn, "figure", drawn).savefig(buffer, dpi=90)
    path.parent.mkdir(exist_ok=True)
    Image.open(buffer).convert("RGB").quantize(64).save(path, optimize=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--run", nargs="*", metavar="PAGE", help="run these pages, or all")
    given = parser.parse_args().run
    for path in sorted(PAGES.glob("*.md")):
        if given is not None and (not given or path.stem in given):
            run_page(path)
            print(f"ran {path}")
        (NOTEBOOKS / f"{path.stem}.ipynb").write_text(notebook(path.read_text("utf-8")), "utf-8")


if __name__ == "__main__":
    main()
