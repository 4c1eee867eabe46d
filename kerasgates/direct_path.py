"""The short way of a state into its next value, by differentiating the equations of a cell."""

import numpy as np

from kerasgates.symbolic import Node


def direct_path(found, state):
    """How much of a state goes straight into its next value: ∂s'/∂s, all gate values held fixed.

    That is the way on which gradients need not pass a matrix or a gate: f for the memory of the
    LSTM, 1 for the LSTM without a forget gate, z for the GRU.

    Returns:
        A `Node` of gates, old states and numbers; None where there is no such way, or it is not
        known.
    """
    fixed = {id(node) for node in found.gates.values() if node.kind != "constant"}
    tanh = {"tanh", *(letter for letter, name in found.functions.items() if name == "tanh")}
    return _derived(found.states[state], found.inputs[state], fixed, tanh)


def _derived(node, by, fixed, tanh):
    if node is by:
        return ONE
    if id(node) in fixed or not node.of:
        return None
    parts = [_derived(part, by, fixed, tanh) for part in node.of]
    if not any(parts):
        return None
    if node.kind == "add":
        return _sum([part for part in parts if part])
    if node.kind == "subtract":
        first, second = parts
        negative = second and Node("negative", (second,), width=node.width)
        return _sum([part for part in (first, negative) if part])
    if node.kind == "negative":
        return Node("negative", tuple(parts), width=node.width)
    if node.kind == "multiply":
        (a, b), (da, db) = node.of, parts
        return _sum([_times(x, y, node.width) for x, y in ((da, b), (db, a)) if x])
    if node.kind == "call" and node.elementwise and node.name in tanh:
        square = Node("multiply", (node, node), width=node.width)
        slope = Node("subtract", (ONE, square), width=node.width)
        return _times(parts[0], slope, node.width)
    return None


#: Kinds of nodes that a direct path is made of, as NumPy computes them.
COMPUTED = {
    "add": np.add,
    "subtract": np.subtract,
    "multiply": np.multiply,
    "negative": np.negative,
    "call": np.tanh,
}


def evaluate(node, known):
    """The value of a direct path.

    Args:
        node: what `direct_path` gave.
        known: arrays of gates and old states by `id` of their nodes.

    Returns:
        An array or a number; None where something is not known.
    """
    if id(node) in known:
        return known[id(node)]
    if not node.of:
        return node.value
    parts = [evaluate(part, known) for part in node.of]
    return None if any(part is None for part in parts) else COMPUTED[node.kind](*parts)


ONE = Node("constant", value=1.0)


def _sum(parts):
    total = parts[0]
    for part in parts[1:]:
        total = Node("add", (total, part), width=max(total.width, part.width))
    return total


def _times(a, b, width):
    return b if a is ONE else Node("multiply", (a, b), width=width)
