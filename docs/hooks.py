"""Writes the gallery of the manual: for each cell its picture, equations, weights and paper.

MkDocs runs this while it builds; all of it comes from the classes themselves. `kerasgates show`
prints the same of a single cell.
"""

import html
import inspect
import io
import json
import logging
import re
import sys
from pathlib import Path

import kerasgates as kg
from kerasgates.cli import catalogue
from kerasgates.core.declarations import required

ROOT = Path(__file__).parent.parent
#: What `kerasgates bench cells` has written, if it has: the times in the gallery.
COSTS = ROOT / "docs" / "costs.json"
sys.path.insert(0, str(ROOT / "tools"))

import write_readme  # noqa: E402

#: Where pages show pictures of the repository, and where the site has them.
PICTURES = "../../saved_models/", "saved_models/"
GALLERY = """---
hide:
  - toc
---

# Gallery of cells

The layer of `LSTMCell` is `LSTM`, and so on. All of this comes from the code of the cells: pictures
and equations from `step`, weights from `build`. The same for a cell of your own:
`kg.plot.cell(cell)`, `kg.equations(cell)`, and `kerasgates show LSTM --picture lstm.svg`.

{table}

`Weights` is their number with {features} features and {units} units; what else a cell must be told
is on its page.{times}

`gates` are the column blocks of `kernel`, `recurrent_kernel` and `bias`, in that order. One
notation holds throughout: i, f, o are gates, g or n is the candidate, z the update gate (z near 1
keeps the old state), r the reset gate, c the memory, h the output; σ is `recurrent_activation`,
φ `activation`, ⊙ the product entry by entry.

In the pictures yellow is learned: a box multiplies all that comes in from below by matrices and
adds it up with a bias, a round part has one weight for each entry. Green has none; wires branch at
dots. Where a step goes round several times, one round is drawn, and the title says how many.

<div class="gallery" markdown>
{pictures}
</div>
"""
TIMES = """ `Training` and `Prediction` are the times of a step as multiples of the LSTM's: where
it says 2, a layer is half as fast. They were measured on {date} with batches of {batch} sequences
of {steps} steps, {features} features (one more where a cell has an odd number of them) and
{units} units, by the loop that each layer takes by
itself, on one machine ({machine}), by this command. One process
of a layer may be a fifth faster than the next:

```sh
{command}
```"""
PAGE = """# {layer}

{title}

<div class="wiring" markdown>
[![Wiring of {layer}]({name}.svg)]({name}.svg)
</div>

## Equations

{formulas}

??? note "As text"

    ```text
{text}
    ```

{letters}## Weights

{weights}

{costs}

{more}## Arguments

{arguments}

??? note "All arguments of the layer, with their defaults"

{every}

## Use it

```python
import kerasgates as kg

layer = kg.{layer}({made}, return_sequences=True)
# The same of the cell, which may stand in a wrapper or beside others, too.
layer = kg.RNN(kg.{name}({made}), return_sequences=True)
```

## Paper

{paper}
"""


def on_config(config):
    """Add the pages of the cells to the menu."""
    (gallery,) = (entry for entry in config.nav if "Gallery of cells" in entry)
    pages = gallery["Gallery of cells"]
    pages += [{layer_name(name): f"cells/{name}.md"} for name in shipped()]
    # Neither drawing nor reading a class is worth a line in the log.
    logging.getLogger("matplotlib").setLevel(logging.WARNING)
    return config


def on_files(files, config):
    """Add the pages and pictures of the cells, and the pictures of the repository."""
    from mkdocs.structure.files import File

    results = json.loads(COSTS.read_text("utf-8")) if COSTS.exists() else None
    made = {"gallery.md": gallery_page(results)}
    for name in shipped():
        made[f"cells/{name}.md"] = cell_page(name, results=results)
        made[f"cells/{name}.svg"] = picture(name)
    for path, content in made.items():
        files.append(File.generated(config, path, content=content))
    for path in sorted((ROOT / "saved_models").glob("*/*.png")):
        shown = PICTURES[1] + path.relative_to(ROOT / "saved_models").as_posix()
        files.append(File.generated(config, shown, abs_src_path=str(path)))
    return files


def on_page_markdown(markdown, **_):
    """Let pictures of the repository be found both there and in the site."""
    for deeper in ("../", ""):
        markdown = markdown.replace(f"]({deeper}{PICTURES[0]}", f"]({deeper}{PICTURES[1]}")
    return markdown


def on_post_build(config):
    """Write the index of the search as a script, too: pages that are opened as files read that."""
    folder = Path(config.site_dir, "search")
    index = (folder / "search_index.json").read_text("utf-8")
    (folder / "search_index.js").write_text(f"var __index = {index}", "utf-8")


# After the search itself.
on_post_build.mkdocs_priority = -100


def shipped():
    """Names of the cells of the package, in the order of their papers."""
    names = [n for n in kg.list_cells() if kg.get(n).__module__.startswith("kerasgates.")]
    return sorted(names, key=lambda name: write_readme.year(kg.get(name)))


def layer_name(name):
    return name.removesuffix("Cell")


def gallery_page(results=None):
    """The page with all cells; with times where there are results of `kerasgates bench cells`."""
    shown = [
        f"[![Wiring of {layer_name(name)}](cells/{name}.svg){{ loading=lazy }}](cells/{name}.md)\n"
        for name in shipped()
    ]
    times = results and write_readme.relative_times(results)
    return GALLERY.format(
        table=write_readme.table("cells/{name}.md", times),
        features=write_readme.FEATURES,
        units=write_readme.UNITS,
        times=measurement(results) if results else "",
        pictures="\n".join(shown),
    )


def measurement(results):
    """How the times of the gallery were measured."""
    command, (batch, steps, features, units) = write_readme.measurement(results)
    sizes = {"batch": batch, "steps": steps, "features": features, "units": units}
    machine, date = results["machine"], results["date"]
    return TIMES.format(command=command, machine=machine, date=date, **sizes)


def cell_page(name, convert=None, results=None):
    """The page of a cell; `convert` turns LaTeX into MathML, `results` are as of `gallery_page`."""
    cell = kg.get(name)
    title, notes = described(cell)
    text = kg.equations(cell)
    own, every = argument_lists(cell)
    return PAGE.format(
        name=name,
        layer=layer_name(name),
        title=title,
        formulas=formulas(text.latex, convert or mathml),
        text=indented(text),
        letters=letters(text),
        made=", ".join(["128", *further(cell, 64)]),
        costs=costs(cell, results),
        weights=weight_table(cell),
        more=f"## Remarks\n\n{notes}\n\n" if notes else "",
        arguments=own or "Those that all cells share.",
        every=indented(every),
        paper=write_readme.linked(catalogue.paper(cell)),
    )


def described(cell):
    """The docstring of a cell: its first line, and its remarks, without equations and paper."""
    title, *paragraphs = re.split(r"\n\s*\n", inspect.cleandoc(cell.own_text))
    kept = [p for p in paragraphs if not p.startswith((" ", "Source:"))]
    return title, "\n\n".join(kept)


def letters(text):
    """What the letters of functions in equations stand for, as a paragraph."""
    meanings = {"σ": "recurrent_activation", "φ": "activation", "ψ": "output_activation"}
    found = [f"{letter} is `{name}`" for letter, name in meanings.items() if f"{letter}(" in text]
    return f"{', '.join(found)}: any function, as you choose.\n\n" if found else ""


def further(cell, size):
    """The arguments without which there is no cell, `units` apart, as they stand in a call."""
    return [f"{name}={value!r}" for name, value in required(cell, size).items()]


def costs(cell, results):
    """How many weights there are, and how long a step takes, as a sentence each."""
    number, features, units = write_readme.weight_count(cell)
    more = "".join(f", `{argument}`" for argument in further(cell, write_readme.UNITS))
    text = f"These are {number:,} numbers with {features} features and {units} units{more}."
    name, times = cell.__name__, results and write_readme.relative_times(results)
    if not times or name not in times or name == "LSTMCell":
        return text
    train, infer = (write_readme.time_of(times, name, kind) for kind in write_readme.KINDS)
    return (
        f"{text} A step of training takes {train} times as long as the LSTM's, and of prediction "
        f"{infer} times; the [gallery](../gallery.md) says how that was measured."
    )


def indented(text):
    return "\n".join(f"    {line}" if line else "" for line in text.splitlines())


def weight_table(cell):
    """Name and shape of each weight."""
    lines = [f"| weight | shape{catalogue.example(cell)} |", "|---|---|"]
    for line in catalogue.weights(cell):
        name, shape = line.split(None, 1)
        lines.append(f"| `{name}` | `{shape.strip()}` |")
    return "\n".join(lines)


def argument_lists(cell):
    """The arguments that other cells have not, and all of the layer, as tables."""
    layer = kg.layer_of(cell)
    shared = inspect.signature(kg.AbstractRNNCell.__init__.declared).parameters
    own = [p for p in inspect.signature(cell).parameters.values() if p.name not in shared]
    every = inspect.signature(layer).parameters.values()
    told = meanings(layer)
    return tuple(argument_table(found, told) if found else "" for found in (own, [*every]))


def meanings(layer):
    """What the docstring of a layer says of each argument."""
    *_, section = inspect.getdoc(layer).rpartition("\nArgs:\n")
    found = {}
    for line in section.splitlines():
        if start := re.match(r" {4}(\w+): (.*)", line):
            name, text = start.groups()
            found[name] = text
        else:
            found[name] += f" {line.strip()}"
    return {name: re.sub(r" Default: .*", "", text) for name, text in found.items()}


def argument_table(parameters, told):
    lines = ["| argument | default | meaning |", "|---|---|---|"]
    for parameter in parameters:
        meaning = told.get(parameter.name, "").replace("|", "&#124;")
        default = "required" if parameter.default is parameter.empty else f"`{parameter.default!r}`"
        lines.append(f"| `{parameter.name}` | {default} | {meaning} |")
    return "\n".join(lines)


def formulas(latex, convert):
    """An `aligned` environment as one MathML table: browsers set it without any script."""
    rows = []
    for line in latex.splitlines()[1:-1]:
        left, right = line.removesuffix(r"\\").split("&=", 1)
        cells = [convert(left), "<mo>=</mo>", convert(right)]
        rows.append("".join(f"<mtd>{cell}</mtd>" for cell in cells))
    table = "".join(f"<mtr>{row}</mtr>" for row in rows)
    return (
        '<div class="equations"><math display="block" xmlns="http://www.w3.org/1998/Math/MathML">'
        f'<mtable displaystyle="true" columnalign="right center left">{table}</mtable></math></div>'
    )


def mathml(latex):
    """A formula as MathML, without the element around it."""
    from latex2mathml.converter import convert

    written = re.sub(r"^<math[^>]*>|</math>$", "", convert(latex.strip()))
    # A function keeps its distance from a factor before it, and none from what it is of.
    written = re.sub(r"<(m[io])>(\w{2,})</\1>", r'<mo lspace="0.17em" rspace="0">\2</mo>', written)
    # Without fractions nothing is so tall that its brackets must grow.
    return written if "frac" in latex else written.replace('stretchy="true"', 'stretchy="false"')


def picture(name):
    """The wiring of a cell as SVG; its letters are the browser's, so that they can be searched."""
    content = io.StringIO()
    figure = kg.plot.cell(kg.get(name)).figure
    figure.savefig(content, format="svg", metadata={"Date": None, "Title": html.escape(name)})
    return content.getvalue()
