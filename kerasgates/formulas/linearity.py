"""Whether a cell is linear in its states, read from the equations of its step."""

from __future__ import annotations

from dataclasses import dataclass

import keras

from kerasgates.formulas.nodes import TRANSPOSED, all_of
from kerasgates.formulas.symbolic import Equations

#: Where what a step does is not all in its equations, they do not say whether it is linear.
UNTOLD = "is made with "
ROWS = "what depends on the number of rows of a batch"
#: How a new state follows from old ones, the weaker behind the stronger.
KINDS = ("input", "diagonal", "matrix")


@dataclass(frozen=True)
class Linearity:
    """Linearity of the states of a cell in themselves.

        >>> found = kg.linearity(kg.GILRCell)
        >>> found.kinds, found.order, found.entrywise
        ({'h': 'diagonal'}, (('h',),), ('h',))
        >>> found.because["h"]
        'is a multiple of h, entry by entry, and what the input gives'

    A linear recurrence s' = a s + b, whose a and b are known beforehand for all steps, can be run
    as a scan. Where a or b are made of other states, those come first.

    Attributes:
        title: name of the cell's class, with what it wraps.
        kinds: by state: `"input"`, where it depends on no old state; `"diagonal"`, where it is its
            old value times a factor, entry by entry, plus something; `"matrix"`, where entries mix
            in it; None where it is not linear, or where that cannot be told.
        because: by state, the reason in words.
        order: the states in the order in which they can be computed: groups of names, each of
            which depends on itself and on those in front of it.
        entrywise: states whose entries depend on the same entry alone of the old states of their
            group, as all do of which the kind is `"diagonal"`, and some that turn into each other.
    """

    title: str
    kinds: dict[str, str | None]
    because: dict[str, str]
    order: tuple[tuple[str, ...], ...]
    entrywise: tuple[str, ...]

    def __bool__(self):
        return None not in self.kinds.values()

    def __repr__(self):
        answer = "yes" if self else "in part" if any(self.kinds.values()) else "no"
        if all(reason.startswith(UNTOLD) for reason in self.because.values()):
            answer = "cannot be told"
        told = "; ".join(f"{name}' {reason}" for name, reason in self.because.items())
        return f"{self.title}, linear in the state: {answer}, because {told}."


def linearity(cell: keras.Layer | type) -> Linearity:
    """Whether a cell is linear in its states, so that its steps can be made all at once.

        >>> print(kg.linearity(kg.GILRCell))
        GILRCell, linear in the state: yes, because h' is a multiple of h, entry by entry, and what
        the input gives.
        >>> kg.linearity(kg.SRUCell).kinds
        {'c': None}
        >>> bool(kg.linearity(kg.SRU1Cell))
        True

    It is read from the equations of `step`; nothing is declared. What no rule covers, as a function
    of the cell's own, counts as not linear; so does a step that does more than its equations tell:
    hands functions to operations, even if they are written out, draws random numbers, or has rows
    of a batch that depend on other rows, on their number or on their order. For that only the
    operations that are known to keep the rows apart are taken to.

    Args:
        cell: a cell with `gates`, its class, or a layer of it.

    Returns:
        A `Linearity`; it is true where all states are linear.

    Raises:
        ValueError: if it is anything else, or its step cannot be written as equations.
    """
    equations = Equations(cell)
    reads = {name: _states_read(equations, node) for name, node in equations.states.items()}
    order = _groups(reads)
    kinds, because, entrywise = {}, {}, []
    for group in order:
        variables = {id(equations.inputs[name]): name for name in group}
        linear = {n: _affine(equations, equations.states[n], variables) for n in group}
        broken = [of for of in linear.values() if isinstance(of, str)]
        if not broken and all({*of.values()} <= {"diagonal"} for of in linear.values()):
            entrywise += group
        for name in group:
            kinds[name] = None if broken else _kind(name, linear[name], reads[name])
            earlier = [n for n in reads[name] if n not in group]
            because[name] = broken[0] if broken else _words(name, kinds[name], group, earlier)
    unsure = equations.unsure
    if not unsure and any(kinds.values()) and equations.depend_on_rows():
        unsure = (ROWS,)
    if unsure:
        # What its equations show is not all.
        untold = UNTOLD + ", and ".join(unsure)
        because |= {name: untold for name, kind in kinds.items() if kind is not None}
        kinds, entrywise = dict.fromkeys(kinds), []
    names = equations.states
    return Linearity(
        equations.title,
        {n: kinds[n] for n in names},
        {n: because[n] for n in names},
        tuple(order),
        tuple([n for n in names if n in entrywise]),
    )


def _states_read(equations, node):
    """Names of the old states that a node is made of, in the order of the cell."""
    parts = {id(part) for part in all_of([node])}
    return [name for name, old in equations.inputs.items() if id(old) in parts]


def _groups(reads):
    """States that depend on each other, in groups; each behind those that it reads."""
    reached = {name: {*names} for name, names in reads.items()}
    for middle in reads:
        for name in reads:
            if middle in reached[name]:
                reached[name] |= reached[middle]
    groups = []
    # What is reached by fewer steps comes first: a group reaches all that it reads.
    for name in sorted(reads, key=lambda n: len(reached[n] | {n})):
        group = [n for n in reads if n == name or (n in reached[name] and name in reached[n])]
        if tuple(group) not in groups:
            groups.append(tuple(group))
    return groups


def _affine(equations, root, variables):
    """Dependence of a node on variables: a dict of kinds, or words where it is not linear."""
    same, known = equations.linear, {}
    for node in all_of([root]):
        if id(node) in variables:
            known[id(node)] = {variables[id(node)]: "diagonal"}
        else:
            known[id(node)] = _combined(node, [known[id(part)] for part in node.of], same)
    return known[id(root)]


def _combined(node, parts, same):
    """Dependence of a node on the variables, from those of its parts."""
    for part in parts:
        if isinstance(part, str):
            return part
    dependent = [part for part in parts if part]
    if not dependent:
        return {}
    names = " and ".join({name: 0 for part in dependent for name in part})
    if node.kind in ("add", "subtract", "negative"):
        return _union(dependent)
    if node.kind in ("multiply", "product", "divide") and len(dependent) > 1:
        what = "quotient" if node.kind == "divide" else "product"
        return f"has a {what} of two that depend on {names}"
    if node.kind == "multiply" or (node.kind == "divide" and parts[0]):
        return dependent[0]
    if node.kind in ("product", "columns", "join") or _is_transposed(node):
        return dict.fromkeys(_union(dependent), "matrix")
    if node.kind == "call" and node.name in ("where", "cond", "switch") and not parts[0]:
        # Which of both it is, is known.
        return _union(dependent)
    if node.kind == "call" and node.elementwise and node.name in same:
        return dependent[0]
    what = node.name if node.kind == "call" else node.kind
    return f"has {what} of {names}"


def _is_transposed(node):
    return node.kind == "call" and node.name in (TRANSPOSED, "reshape")


def _union(parts):
    """All variables of several parts, each of its weakest kind."""
    union = {}
    for part in parts:
        for name, kind in part.items():
            union[name] = max(union.get(name, kind), kind, key=KINDS.index)
    return union


def _kind(name, of, reads):
    """The kind of a new state, from how it depends on the old ones of its group."""
    if not reads or not of:
        return "input"
    # Several states that depend on each other mix their entries.
    return "diagonal" if of == {name: "diagonal"} else "matrix"


def _words(name, kind, group, before):
    """The reason for a state that is linear."""
    rest = " and ".join(["the input", *before]) + (" give" if before else " gives")
    if kind == "input":
        return f"is what {rest}"
    if kind == "diagonal":
        return f"is a multiple of {name}, entry by entry, and what {rest}"
    mixed = " and ".join(group)
    return f"is a matrix times {mixed}, and what {rest}"
