"""Direct path of a state into its next value, by differentiating the equations of a cell."""

import numpy as np

from kerasgates.formulas.nodes import Node, all_of

ONE = Node("constant", value=1.0)
#: Derivatives by the state: zero; and unknown, where no rule here covers the equations.
ZERO, UNKNOWN = Node("constant", value=0.0), Node("unknown")


def direct_path(found, state):
    """Derivative ∂s'/∂s of a state's next value along the direct path, all gates held fixed.

    On this path gradients pass through no matrix and no gate: f for the memory of the LSTM,
    1 for the LSTM without a forget gate, z for the GRU.

    Returns:
        A `Node` of gates, old states and numbers; None where there is no such path, or it is not
        known.
    """
    path = derivative(found, found.states[state], found.inputs[state])
    return None if path in (ZERO, UNKNOWN) else path


def derivative(found, value, by):
    """Derivative of a value by another, all gates but that one held fixed.

    Args:
        found: the `Equations` that both are of.
        value, by: two of their nodes.

    Returns:
        A `Node`: `ZERO` where the one does not depend on the other on such a way, `UNKNOWN` where
        no rule here covers the equations.
    """
    fixed = {id(node) for node in found.gates.values() if node.kind != "constant"}
    tanh = {"tanh", *(letter for letter, name in found.functions.items() if name == "tanh")}
    # Each part once, behind those that it is made of.
    derived = {}
    for node in all_of([value]):
        parts = [derived[id(part)] for part in node.of]
        derived[id(node)] = _derived(node, parts, by, fixed, tanh)
    return derived[id(value)]


def _derived(node, parts, by, fixed, tanh):
    """The derivative of a node, from those of its parts."""
    if node is by:
        return ONE
    if id(node) in fixed or not node.of:
        return ZERO
    if all(part is ZERO for part in parts):
        return ZERO
    if node.kind == "product":
        # Through a matrix: not the direct path.
        return ZERO
    if UNKNOWN in parts:
        return UNKNOWN
    if node.kind == "add":
        return _sum(parts)
    if node.kind == "subtract":
        return _sum([parts[0], _negative(parts[1])])
    if node.kind == "negative":
        return _negative(parts[0])
    if node.kind == "multiply":
        (a, b), (da, db) = node.of, parts
        return _sum([_times(da, b), _times(db, a)])
    if node.kind == "divide" and parts[1] is ZERO:
        return Node("divide", (parts[0], node.of[1]), width=node.width)
    if node.kind == "call" and node.elementwise and node.name in tanh:
        return _times(parts[0], _sum([ONE, _negative(_times(node, node))]))
    return UNKNOWN


def _sum(parts):
    parts = [part for part in parts if part is not ZERO]
    total = parts[0] if parts else ZERO
    for part in parts[1:]:
        wide = max(total.width, part.width)
        if part.kind == "negative":
            total = Node("subtract", (total, *part.of), width=wide)
        else:
            total = Node("add", (total, part), width=wide)
    return total


def _negative(node):
    return ZERO if node is ZERO else Node("negative", (node,), width=node.width)


def _times(a, b):
    if a is ZERO or b is ZERO:
        return ZERO
    for first, second in ((a, b), (b, a)):
        if first.kind == "negative":
            # The sign stands in front of the whole product.
            return _negative(_times(first.of[0], second))
    return b if a is ONE else Node("multiply", (a, b), width=max(a.width, b.width))


#: Kinds of nodes, and calls by name, as NumPy computes them.
COMPUTED = {
    "add": np.add,
    "subtract": np.subtract,
    "multiply": np.multiply,
    "divide": np.divide,
    "negative": np.negative,
    "power": np.power,
}
CALLED = {
    "tanh": np.tanh,
    "exp": np.exp,
    "abs": np.abs,
    "relu": lambda a: np.maximum(a, 0),
    "sqrt": np.sqrt,
    "sigmoid": lambda a: np.exp(-np.logaddexp(0, -a)),
}
#: Those of two values.
CALLED_ON_TWO = {"maximum": np.maximum, "minimum": np.minimum}


def evaluate(node, known, functions):
    """The value of a direct path.

    Args:
        node: what `direct_path` gave.
        known: arrays of gates and old states by `id` of their nodes.
        functions: names of the functions by letter, as of `Equations`.

    Returns:
        An array or a number; None where something is not known.
    """
    values = dict(known)
    for part in all_of([node], known):
        values[id(part)] = _computed(part, [values[id(p)] for p in part.of], functions)
    return values[id(node)]


def _computed(node, parts, functions):
    """The value of a node, from those of its parts; None where it is not known."""
    if not node.of:
        return node.value
    compute = COMPUTED.get(node.kind)
    if node.kind == "call":
        known = {1: CALLED, 2: CALLED_ON_TWO}.get(len(node.of), {})
        compute = known.get(functions.get(node.name, node.name))
    if compute is None or any(part is None for part in parts):
        return None
    return compute(*parts)
