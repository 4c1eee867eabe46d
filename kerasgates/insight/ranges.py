"""Ranges of the values in an equation, by interval arithmetic: for any input and weights."""

import math

import numpy as np
from keras import ops

from kerasgates.formulas.nodes import all_of

ANY = -math.inf, math.inf
#: Range of what is a share of something.
SHARE = 0.0, 1.0
#: Ranges of functions by name.
CALLS = {
    "σ": (0.0, 1.0),
    "sigmoid": (0.0, 1.0),
    "hardsigmoid": (0.0, 1.0),
    "softmax": (0.0, 1.0),
    "tanh": (-1.0, 1.0),
    "sin": (-1.0, 1.0),
    "cos": (-1.0, 1.0),
}
#: Functions that never fall: their range is from that of the least to that of the largest value.
RISING = {
    "relu": lambda end: max(0.0, end),
    "exp": lambda end: float(np.exp(min(end, 700.0))),
    "softplus": lambda end: float(np.logaddexp(0.0, end)),
    "logsigmoid": lambda end: -float(np.logaddexp(0.0, -end)),
    "sqrt": lambda end: math.sqrt(max(0.0, end)),
}
#: Values at which an activation is tried: near zero, and far out.
PLACES = np.concatenate([np.linspace(-12, 12, 481), [-1e30, -1e4, -100, 100, 1e4, 1e30]])
ROUNDING = 1e-6


def gates_of(found, cell):
    """Names of the gates of `Equations` whose values are between 0 and 1.

    That is a matter of the equations: of σ, 1 − σ, products of such. What is made by φ is a
    candidate, also where φ is positive.
    """
    return [name for name, node in found.gates.items() if is_share(interval(node, cell))]


def is_share(ends):
    """Whether a range is within that from 0 to 1."""
    return ends[0] >= -ROUNDING and ends[1] <= 1 + ROUNDING


def interval(node, cell, given=()):
    """The range of a node, as its least and its largest value.

    Args:
        node: of the `Equations` of a cell.
        cell: the cell.
        given: ranges that are known, by `id` of their nodes.
    """
    activation = getattr(cell, "recurrent_activation", None)
    known = {"σ": _range_of(activation)} if callable(activation) else {}
    ranges = dict(given)
    for part in all_of([node], ranges):
        ranges[id(part)] = _range(part, [ranges[id(p)] for p in part.of], known)
    return ranges[id(node)]


def _range_of(function):
    """The least and the largest value of an activation function of single entries."""
    try:
        values = ops.convert_to_numpy(function(ops.convert_to_tensor(PLACES, "float32")))
    except Exception:
        return ANY
    # A function of all entries, as softmax, gives nothing wrong here.
    return (float(values.min()), float(values.max())) if np.isfinite(values).all() else ANY


def _range(node, parts, known):
    """The range of a node, from the ranges of its parts."""
    if node.kind == "constant":
        return node.value, node.value
    if node.kind == "add":
        return _sum(*parts)
    if node.kind == "subtract":
        return _sum(parts[0], _negative(parts[1]))
    if node.kind == "negative":
        return _negative(parts[0])
    if node.kind == "multiply":
        return _product(node, *parts)
    if node.kind == "columns":
        return parts[0]
    if node.kind == "join":
        return min(low for low, _ in parts), max(high for _, high in parts)
    if node.kind == "call":
        return _range_of_call(node, parts, known)
    if node.kind == "power" and node.of[1].kind == "constant" and parts[0][0] >= 0:
        exponent = node.of[1].value
        return (parts[0][0] ** exponent, parts[0][1] ** exponent) if exponent > 0 else ANY
    return ANY


def _sum(a, b):
    return a[0] + b[0], a[1] + b[1]


def _negative(a):
    return -a[1], -a[0]


def _product(node, a, b):
    ends = [x * y if x and y else 0.0 for x in a for y in b]
    if node.of[0] is node.of[1]:
        # A square.
        ends = [max(0.0, x) for x in ends]
    return min(ends), max(ends)


def _range_of_call(node, parts, known):
    name = node.name
    if name in known or name in CALLS:
        return known.get(name) or CALLS[name]
    if name in RISING and len(parts) == 1:
        low, high = (RISING[name](end) for end in parts[0])
        return low, high
    if name in ("minimum", "maximum") and len(parts) == 2:
        choose = min if name == "minimum" else max
        return choose(parts[0][0], parts[1][0]), choose(parts[0][1], parts[1][1])
    numbers = [part.value for part in node.of[1:] if part.kind == "constant"]
    if name == "clip" and len(numbers) == 2:
        return min(numbers), max(numbers)
    return ANY
