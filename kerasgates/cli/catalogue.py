"""Catalogue of the cells and their properties, read from the classes themselves."""

import inspect
import math
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
    own = [_argument(p) for p in _own(cell)]
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


def _own(cell):
    """Parameters of a cell class that other cells have not."""
    shared = inspect.signature(AbstractRNNCell.__init__.declared).parameters
    return [p for p in cell.__signature__.parameters.values() if p.name not in shared]


def example(cell):
    """For which values the shapes of `weights` are, such as ", with rounds=5"; mostly for all."""
    held = ", ".join(f"{name}={value!r}" for name, value in _arguments(cell)[1].items())
    return f", with {held}" if held else ""


def weights(cell):
    """A line for each weight of a cell class: name and shape."""
    sizes, held = _arguments(cell)
    features, units, (shapes,) = _shapes(cell, [{**held, **sizes}], math.prod(sizes.values()))
    named = {units: "units", **{size: name for name, size in sizes.items()}}
    named = {features: "features", **named}
    width = max(map(len, shapes), default=0)
    return [
        f"{name:{width}}  ({', '.join(_size(n, named) for n in shape)}{',' * (len(shape) == 1)})"
        for name, shape in shapes.items()
    ]


def _arguments(cell):
    """Arguments by which shapes differ: sizes, which are names in them, and values that they hold.

    What an argument does is seen by another value of it. A size changes numbers in shapes alone;
    what brings or takes weights, or is no number, cannot stand in them.
    """
    needed = required(cell, PROJECTED)
    sizes = [name for name, value in needed.items() if value == PROJECTED]
    held = {name: value for name, value in needed.items() if name not in sizes}
    defaults = {p.name: p.default for p in _own(cell) if p.name not in needed}
    for name, value in {**held, **defaults}.items():
        is_size = value is None or type(value) is int
        if not is_size and type(value) not in (bool, float):
            continue
        other = PROJECTED if is_size else not value if type(value) is bool else None
        try:
            pair = [{**needed, name: value}, {**needed, name: other}]
            *_, (one, two) = _shapes(cell, pair, PROJECTED)
        except Exception:  # Of a value that this argument cannot have.
            continue
        if is_size and one != two and {*one} == {*two}:
            sizes.append(name)
            held.pop(name, None)
        elif one != two:
            held[name] = value
    # All differ, so that each is known in a shape.
    return {name: PROJECTED + 4 * number for number, name in enumerate(sizes)}, held


def _shapes(cell, several, factor):
    """Numbers of features and units, and with them shapes by name for each of several arguments.

    Args:
        cell: the class.
        several: dicts of arguments.
        factor: what features and units are multiples of where it has to be.
    """
    pairs = (
        *likely_sizes(cell, FEATURES, UNITS),
        *(likely_sizes(cell, FEATURES * factor, UNITS * factor)),
    )
    for features, units in pairs:
        try:
            return features, units, [_built(cell, features, units, more) for more in several]
        except Exception as error:  # Of a cell that has other sizes.
            failed = error
    raise failed


def _built(cell, features, units, needed):
    """Shapes of the weights of a cell by name."""
    # Only shapes are wanted, and large weights would take their time.
    with keras.StatelessScope():
        made, shapes = cell(units, **needed), {}
        if type(made) is not cell:
            raise TypeError(f"{cell.__name__} with {needed} is another cell")
        made.add_weight = lambda *a, name, shape, **more: shapes.setdefault(name, shape)
        made.build((None, features))
    return shapes


def _size(number, named):
    """A size in letters: `4 · units`, `3 · units + 2`, `units + heads`, `units / heads`."""
    if number < MOST_PARTS:
        return str(number)
    for size, name in named.items():
        times = number // size
        if number % size == 0 and times <= MOST_PARTS:
            return name if times == 1 else f"{times} · {name}"
        # What divides the units divides sums with them, too.
        if number % size == 0 and not any(n > size and n % size == 0 for n in named):
            others = _size(times, named)
            return f"({others}) · {name}" if {*"+-"} & {*others} else f"{others} · {name}"
    for size, name in named.items():
        for parts, divisor in named.items():
            if parts < size and size % parts == 0 and number % (size // parts) == 0:
                times = number // (size // parts)
                if times <= MOST_PARTS:
                    return f"{_size(times * size, {size: name})} / {divisor}"
    for size, name in named.items():
        times, rest = divmod(number, size)
        # Of units there are more than of anything that is no size.
        is_sum = rest in named or rest < max(MOST_PARTS, 2 * size // 3)
        if 0 < times <= MOST_PARTS and is_sum:
            return f"{_size(number - rest, {size: name})} + {_size(rest, named)}"
    # Some features are set aside, and of what is left several belong together.
    for size, name in named.items():
        parts, rest = size // number, size - number
        if 1 < parts <= MOST_PARTS and size % number == 0:
            return f"{name} / {parts}"
        if rest in named:
            return f"{name} - {named[rest]}"
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
