"""Catalogue of the cells and their properties, read from the classes themselves."""

import inspect
import re

import keras

from kerasgates.core.cell import CELLS, AbstractRNNCell
from kerasgates.core.declarations import MOST_PARTS, likely_sizes, required
from kerasgates.core.lookup import named as named
from kerasgates.formulas.printing import equations

#: Sizes by which the shapes of weights are told apart: large, and no multiples of one another.
FEATURES, UNITS, PROJECTED = 10007, 1009, 103
#: With longer ones the table of cells is wider than a terminal of 80 columns.
LONGEST_PAPER = 24


def rows():
    """A row for each registered cell: its name, gates, states, and paper."""
    return [
        {
            "cell": name,
            "gates": " ".join(cell.gates),
            "states": " ".join(cell.states),
            "paper": _short(re.split(r"(?<=\b\d{4})\b", paper(cell))[0]),
        }
        for name, cell in CELLS.items()
        if getattr(cell, "gates", ())
    ]


def _short(paper):
    """Authors and year; where they are long, the first author alone."""
    authors, comma, year = paper.rpartition(", ")
    names = re.split(", | & ", authors)
    is_long = comma and len(paper) > LONGEST_PAPER
    return f"{names[0]} et al., {year}" if is_long and len(names) > 1 else paper


def paper(cell):
    """The source that a docstring names, in one line; "-" where it names none."""
    found = re.search(r"Source: (.+?)(?:\n\s*\n|\Z)", cell.__doc__ or "", re.S)
    return " ".join(found.group(1).split()) if found else "-"


def describe(name):
    """Description of a cell: title, equations, weights, arguments, paper.

    Args:
        name: of a registered cell, with or without "Cell".

    Raises:
        ValueError: if there is no such cell.
    """
    cell = named(name)
    title = inspect.cleandoc(cell.__doc__).partition("\n")[0]
    shared = inspect.signature(AbstractRNNCell.__init__.declared).parameters
    parameters = cell.__signature__.parameters.values()
    own = [_argument(p) for p in parameters if p.name not in shared]
    layer = f"kerasgates.layer_of({cell.__name__})"
    if cell.__module__.startswith("kerasgates."):
        layer = f"kerasgates.{cell.__name__.removesuffix('Cell')}"
    parts = [
        f"{cell.__name__}: {title}",
        _indented(equations(cell).splitlines()),
        f"Weights{example(cell)}\n" + _indented(weights(cell)),
        "Arguments that other cells have not\n" + _indented(own) if own else None,
        f"Layer: {layer}",
        f"Source: {paper(cell)}",
    ]
    return "\n\n".join(part for part in parts if part)


def example(cell):
    """For which values the shapes of `weights` are, such as ", with groups=2"; mostly for all."""
    held = ", ".join(f"{name}={value!r}" for name, value in cell.example.items())
    return f", with {held}" if held else ""


def weights(cell):
    """A line for each weight of a cell class: name and shape."""
    needed = required(cell, PROJECTED)
    free = [name for name, value in needed.items() if value == PROJECTED]
    # All differ, so that each is known in a shape.
    sizes = {name: PROJECTED + 4 * number for number, name in enumerate(free)}
    needed = {**needed, **sizes}
    for features, units in likely_sizes(cell, FEATURES, UNITS):
        try:
            shapes = _shapes(cell, features, units, needed)
            break
        except Exception as error:  # Of a cell that has other sizes.
            failed = error
    else:
        raise failed
    named = {units: "units", **{size: name for name, size in sizes.items()}}
    named = {features: "features", **named}
    width = max(map(len, shapes), default=0)
    return [
        f"{name:{width}}  ({', '.join(_size(n, named) for n in shape)}{',' * (len(shape) == 1)})"
        for name, shape in shapes.items()
    ]


def _shapes(cell, features, units, needed):
    """Shapes of the weights of a cell by name."""
    # Only shapes are wanted, and large weights would take their time.
    with keras.StatelessScope():
        made, shapes = cell(units, **needed), {}
        made.add_weight = lambda *a, name, shape, **more: shapes.setdefault(name, shape)
        made.build((None, features))
    return shapes


def _size(number, named):
    """A size in letters: `4 · units`, `3 · units + 2`, `units + heads`, `units / 2`."""
    for size, name in named.items():
        times = number // size
        if number % size == 0 and times <= MOST_PARTS:
            return name if times == 1 else f"{times} · {name}"
        if number % size == 0:
            return f"({_size(times, named)}) · {name}"
    for size, name in named.items():
        if number > size and number % size in named:
            return f"{_size(number - number % size, {size: name})} + {named[number % size]}"
        # Of units there are more than of anything that is no size.
        if number > size and number % size < max(MOST_PARTS, 2 * size // 3):
            return f"{_size(number - number % size, {size: name})} + {number % size}"
    # Some features are set aside, and of what is left several belong together.
    for size, name in named.items():
        parts = size // number
        if 1 < parts <= MOST_PARTS and size % number == 0:
            return f"{name} / {parts}"
        if parts in (1, 2) and 0 < size - number * parts < MOST_PARTS:
            rest = f"{name} - {size - number * parts}"
            return rest if parts == 1 else f"({rest}) / {parts}"
    return str(number)


def _argument(parameter):
    if parameter.default is inspect.Parameter.empty:
        return f"{parameter.name} (required)"
    return f"{parameter.name}={parameter.default!r}"


def _indented(lines):
    return "\n".join(f"  {line}" for line in lines)
