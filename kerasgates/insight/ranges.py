"""Ranges of the values in an equation, by interval arithmetic: for any input and weights."""

import math
from itertools import product

import keras
import numpy as np

from kerasgates.core._keras import cells_within
from kerasgates.core.wrapper import lineage
from kerasgates.formulas.nodes import ENTRYWISE as ARITHMETIC
from kerasgates.insight import known_ranges
from kerasgates.insight.known_ranges import ANY, CALLS, LEAST, RISING, methods_of, range_of
from kerasgates.insight.opened import Operation, opened_gates

#: Range of what is a share of something.
SHARE = 0.0, 1.0
ROUNDING = 1e-6
#: Most parts of a sum of products, and most different factors, that are multiplied out.
TERMS, FACTORS = 32, 8
#: Kinds of nodes that are multiplied out.
POLYNOMIAL = ("add", "subtract", "negative", "multiply")
#: Comparisons by name: whether the first is the larger one.
COMPARED = {"greater": True, "greaterequal": True, "less": False, "lessequal": False}


def gates_of(found, cell):
    """Names of the gates of `Equations` whose values are between 0 and 1.

    That is a matter of the equations: of σ, 1 − σ, products of such. What is made by φ is a
    candidate, also where φ is positive. Where the equations leave open over which axis something
    is summed, or what a method of the cell's own does, the operations of the step decide.
    """
    opened, is_plain = opened_gates(cell)
    names = {name for name, node in opened.items() if is_share(interval(node, cell))}
    if is_plain:
        # Equations name functions alone: what else has such a name, as a layer, is not told there.
        names |= {name for name, node in found.gates.items() if is_share(interval(node, cell))}
    return [name for name in found.gates if name in names]


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
    # In operations there are no names of the cell's own, and activations bring their ranges.
    opened = isinstance(node, Operation)
    ranges = _Ranges({} if opened else _own_names(cell), given, cell.expected, opened)
    try:
        return ranges.of(node)
    except Exception:
        # A step may have operations of any kind: of what is not understood nothing is known.
        return ANY


def _own_names(cell):
    """Ranges of what equations call by names of a cell's own, which functions may have too."""
    known = {name: ANY for one in lineage(cell) for name in methods_of(one)}
    layers = [one for one in cells_within(cell, keras.Layer) if one is not cell]
    named = {id(v): n for one in lineage(cell) for n, v in vars(one).items()}
    for layer in layers:
        for name in (type(layer).__name__.lower(), named.get(id(layer), "")):
            known |= {name: ANY, cell.letters.get(name, name): ANY}
    # One letter stands for the activations of all cells within, and for a sigmoid.
    functions = [getattr(one, "recurrent_activation", None) for one in (cell, *layers)]
    known["σ"] = _hull([SHARE, *(range_of(one) for one in functions if callable(one))])
    return known


class _Ranges:
    """Ranges of nodes, each found once for the conditions under which it is computed.

    A condition, of a `where`, is a tuple of a node's `id`, that of another by which it is divided,
    or None, and the least and the largest value of the node or of the quotient.

    Args:
        known: ranges of calls by name.
        given: ranges by `id` of nodes.
        drawn: names of symbols that are drawn at each step, whatever they are expected to be.
        placed: whether nodes tell what moves entries to other places. Only then is it known that
            the entries of a condition are those of what is chosen by it.
    """

    def __init__(self, known, given, drawn, placed):
        self.known, self.given, self.drawn, self.placed = known, dict(given), drawn, placed
        self._ranges, self._terms = {}, {}

    def of(self, node, facts=()):
        """The range of a node under some conditions."""
        key = id(node), facts
        if key not in self._ranges:
            ends = self.given.get(id(node)) or self._range(node, facts)
            if node.kind in POLYNOMIAL and id(node) not in self.given:
                ends = _both(ends, self._multiplied_out(node, facts))
            for one, other, *known in facts:
                ends = _both(ends, known) if (one, other) == (id(node), None) else ends
            self._ranges[key] = ends
        return self._ranges[key]

    def _range(self, node, facts):
        """The range of a node, from those of its parts."""
        if node.kind == "array":
            return node.ends
        if node.kind in ("constant", "symbol"):
            is_number = node.value is not None and node.name not in self.drawn
            return (node.value, node.value) if is_number else ANY
        if node.kind == "call" and node.name == "where" and len(node.of) == 3:
            return self._where(node, facts)
        # A condition is of the entries at the same place, not of what is moved or pooled.
        of_place = node.kind in ARITHMETIC or node.name in known_ranges.ENTRYWISE
        parts = [self.of(part, facts if of_place else ()) for part in node.of]
        if node.kind == "divide":
            return self._quotient(node, parts, facts)
        if node.kind == "call":
            return self._call(node, parts)
        if node.kind == "subtract":
            return _both(_arithmetic(node, parts), _from_largest(node))
        if node.kind == "product" and self._split_along(node.of[0]) == -1:
            # A mean with weights: no more than the largest of them, no less than the least.
            return min(0.0, parts[1][0]), max(0.0, parts[1][1])
        return _arithmetic(node, parts)

    def _where(self, node, facts):
        """The range of one of two values, each under the condition that it is chosen."""
        condition, *chosen = node.of
        ranges = [
            self.of(value, facts + self._facts(condition, holds, facts))
            for value, holds in zip(chosen, (True, False))
        ]
        return _hull(ranges)

    def _facts(self, condition, holds, facts):
        """What is known where a comparison holds, or does not."""
        while condition.kind == "call" and condition.name == "bool":
            (condition,) = condition.of
        if not self.placed or condition.kind != "call" or condition.name not in COMPARED:
            return ()
        larger, smaller = condition.of if COMPARED[condition.name] == holds else condition.of[::-1]
        least, largest = self.of(smaller, facts)[0], self.of(larger, facts)[1]
        known = [(id(larger), None, least, math.inf), (id(smaller), None, -math.inf, largest)]
        (a, above), (b, below) = self._scaled(larger), self._scaled(smaller)
        if a > 0 and b > 0:
            if self.of(below, facts)[0] >= 0:
                known.append((id(above), id(below), b / a, math.inf))
            if self.of(above, facts)[0] >= 0:
                known.append((id(below), id(above), -math.inf, a / b))
        return tuple(known)

    def _scaled(self, node):
        """A node as a number times another node."""
        number, rest = 1.0, node
        while rest.kind in ("multiply", "divide"):
            first, second = rest.of
            by = self._number(second)
            if by is None and rest.kind == "multiply":
                first, by = second, self._number(first)
            if not by:
                break
            number, rest = (number * by if rest.kind == "multiply" else number / by), first
        return number, rest

    def _number(self, node):
        """The value of a number; None for anything else."""
        if node.kind not in ("constant", "symbol"):
            return None
        low, high = self.of(node)
        return low if low == high else None

    def _are_same(self, a, b):
        return a is b or None is not self._number(a) == self._number(b)

    def _quotient(self, node, parts, facts):
        above, below = node.of
        if above.kind == "call" and above.name == "mod" and self._are_same(above.of[1], below):
            # What is left of a division has the sign of the divisor, and is less.
            return SHARE
        if self._split_along(node) is not None:
            return SHARE
        ends = _product(parts[0], _inverse(parts[1]))
        (a, one), (b, other) = self._scaled(above), self._scaled(below)
        for first, second, *known in facts:
            if (first, second) == (id(one), id(other)):
                ends = _both(ends, _product((a / b, a / b), known))
        return ends

    def _split_along(self, node):
        """The axis along which the entries of a node are at least 0, and 1 at most in sum; or None.

        Counted from the last, which is -1. It is a matter of all entries, whatever the conditions.
        """
        if node.kind == "call" and node.name == "softmax" and "softmax" not in self.known:
            return getattr(node, "axis", None)
        if node.kind == "multiply":
            for one, other in (node.of, node.of[::-1]):
                axis = self._split_along(one)
                if axis is not None and is_share(self.of(other)):
                    return axis
        if node.kind != "divide" or self.of(node.of[0])[0] < 0:
            return None
        above, below = node.of
        if len(below.of) == 2 and (below.kind == "add" or below.name == "maximum"):
            # A small number, so that nothing is divided by 0.
            sums = [part for part in below.of if part.kind == "call" and part.name == "sum"]
            if not sums or any(self.of(part)[0] < 0 for part in below.of):
                return None
            below = sums[0]
        is_sum = below.kind == "call" and below.name == "sum" and below.of[0] is above
        return getattr(below, "axis", None) if is_sum and below.index == "keepdims" else None

    def _call(self, node, parts):
        name, first = node.name, parts[0] if parts else ANY
        if getattr(node, "ends", ()):
            return node.ends
        if name in self.known or name in CALLS:
            return self.known.get(name) or CALLS[name]
        if name in RISING and len(parts) == 1:
            if first[0] < LEAST.get(name, -math.inf):
                return ANY
            return tuple(RISING[name](end) for end in first)
        if name in ("minimum", "maximum") and len(parts) == 2:
            choose = min if name == "minimum" else max
            return choose(first[0], parts[1][0]), choose(first[1], parts[1][1])
        if name == "clip" and len(parts) == 3:
            return tuple(min(max(first[e], parts[1][e]), parts[2][e]) for e in (0, 1))
        # With a further number it is the largest of that, too.
        if name in ("max", "min", "mean", "amax", "amin") and len(parts) == 1:
            return first
        if name in ("cumsum", "sum"):
            axis = self._split_along(node.of[0])
            if axis is not None and axis == getattr(node, "axis", None):
                return SHARE
            return (0.0 if first[0] >= 0 else -math.inf), (0.0 if first[1] <= 0 else math.inf)
        if name in ("cumprod", "prod") and is_share(first):
            return SHARE
        if name in ("abs", "square"):
            sizes = [abs(end) for end in first]
            least = 0.0 if first[0] <= 0 <= first[1] else min(sizes)
            return (least, max(sizes)) if name == "abs" else (least**2, max(sizes) ** 2)
        if name == "mod" and len(parts) == 2:
            return min(0.0, parts[1][0]), max(0.0, parts[1][1])
        if name == "int":
            return min(0.0, first[0]), max(0.0, first[1])
        return ANY

    def _multiplied_out(self, node, facts):
        """The range of a sum of products in which no factor is squared.

        It is linear in each factor, so that it is largest where each of them is at an end.
        """
        terms = self._terms_of(node)
        factors = {id(part): part for parts in terms or () for part in parts}
        ranges = {key: self.of(part, facts) for key, part in factors.items()}
        if not terms or not np.isfinite([*ranges.values()]).all():
            return ANY
        values = []
        for ends in product(*ranges.values()):
            at = dict(zip(ranges, ends))
            values.append(sum(c * math.prod(at[id(p)] for p in ps) for ps, c in terms.items()))
        return min(values), max(values)

    def _terms_of(self, node):
        """Numbers by tuples of the nodes that they multiply; None where that is too much."""
        if id(node) not in self._terms:
            terms = {(node,): 1.0}
            number = self._number(node)
            if number is not None:
                terms = {(): number}
            elif node.kind in POLYNOMIAL and id(node) not in self.given:
                terms = _combined(node, [self._terms_of(part) for part in node.of])
            self._terms[id(node)] = terms
        return self._terms[id(node)]


def _combined(node, parts):
    """The terms of a node, from those of its parts."""
    if any(part is None for part in parts):
        return None
    if node.kind != "multiply":
        signs = {"subtract": (1, -1), "negative": (-1,)}.get(node.kind, (1,) * len(parts))
        items = [(of, sign * c) for part, sign in zip(parts, signs) for of, c in part.items()]
    else:
        items = []
        for (a, x), (b, y) in product(*(part.items() for part in parts)):
            if {*map(id, a)} & {*map(id, b)}:
                return None
            items.append((tuple(sorted(a + b, key=id)), x * y))
    terms = {}
    for of, c in items:
        terms[of] = terms.get(of, 0.0) + c
    factors = {id(part) for of in terms for part in of}
    return terms if len(terms) <= TERMS and len(factors) <= FACTORS else None


def _arithmetic(node, parts):
    """The range of what is computed entry by entry, or of columns of something."""
    if node.kind == "add":
        return tuple(map(sum, zip(*parts)))
    if node.kind == "subtract":
        return parts[0][0] - parts[1][1], parts[0][1] - parts[1][0]
    if node.kind == "negative":
        return -parts[0][1], -parts[0][0]
    if node.kind == "multiply":
        ends = _product(*parts)
        # A square is positive.
        return (max(0.0, ends[0]), ends[1]) if node.of[0] is node.of[1] else ends
    if node.kind == "columns":
        return parts[0]
    if node.kind == "join":
        return _hull(parts)
    if node.kind == "power" and node.of[1].kind == "constant" and parts[0][0] >= 0:
        exponent = node.of[1].value
        return (parts[0][0] ** exponent, parts[0][1] ** exponent) if exponent > 0 else ANY
    return ANY


def _from_largest(node):
    """The range of the difference of a value and the largest of several that it is one of."""
    value, largest = node.of
    if largest.kind == "call" and value in largest.of:
        if largest.name in ("max", "amax", "maximum"):
            return -math.inf, 0.0
        if largest.name in ("min", "amin", "minimum"):
            return 0.0, math.inf
    return ANY


def _product(a, b):
    ends = [x * y if x and y else 0.0 for x in a for y in b]
    return min(ends), max(ends)


def _inverse(a):
    """The range of 1 / a; that of a number that may have either sign is any."""
    low, high = a
    if low < 0 < high or low == high == 0:
        return ANY
    return (1 / high if high else -math.inf), (1 / low if low else math.inf)


def _both(a, b):
    return max(a[0], b[0]), min(a[1], b[1])


def _hull(ranges):
    return min(low for low, _ in ranges), max(high for _, high in ranges)
