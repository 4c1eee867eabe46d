"""Which values of a step have a name, and which."""

import re
from string import ascii_lowercase

from kerasgates.formulas.nodes import all_of


def lines(step_equations):
    """The equations of `Equations` in an order in which each can be computed: names and nodes.

    Names of new states end in a prime.
    """
    named, roots = _names(step_equations)
    ordered, visited = [], set()

    def visit(node):
        if id(node) in visited:
            return
        visited.add(id(node))
        for part in node.of:
            visit(part)
        if id(node) in named:
            ordered.append((named[id(node)], node))

    for root in roots:
        visit(root)
    for name, node in step_equations.states.items():
        # A state that is an old state, or another state's new value.
        if (f"{name}'", node) not in ordered:
            ordered.append((f"{name}'", node))
    return ordered, named


def _names(step_equations):
    """Names by the id of what they are of, and the nodes in which all of these are."""
    named, others = {}, _letters_of_symbols(step_equations)
    for name, node in step_equations.states.items():
        # A state that is handed on as it is keeps the letter that it has.
        if node.kind not in ("symbol", "constant"):
            named.setdefault(id(node), f"{name}'")
    gates = {
        name: node
        for name, node in step_equations.gates.items()
        # A gate of a state's name is no new letter: as in h' = φ(…), whose gate is called h.
        if name not in step_equations.states and node.kind != "symbol"
    }
    letters = _letters_of_gates(gates, step_equations, others)
    for name, node in gates.items():
        named.setdefault(id(node), letters[name])
    roots = [node for node in step_equations.gates.values() if id(node) in named]
    roots += step_equations.states.values()
    for node in _shared(roots, named):
        index = f"_{column}" if (column := _column(node)) else ""
        # No two values have one name: a, a2, a3; and those of a gate's columns a_f, a2_f.
        count = len(named) + len(others) + 2
        names = (f"a{number or ''}{index}" for number in (None, *range(2, count)))
        known = {*named.values(), *step_equations.inputs, *others}
        named[id(node)] = next(name for name in names if name not in known)
    return named, roots


def _letters_of_symbols(step_equations):
    """Letters of weights, arguments and features of the input: of all symbols but old states."""
    old = {id(node) for node in step_equations.inputs.values()}
    nodes = all_of([*step_equations.gates.values(), *step_equations.states.values()])
    return {node.name for node in nodes if node.kind == "symbol" and id(node) not in old}


def _letters_of_gates(gates, step_equations, others):
    """By gate its name, or another where a weight has the same: b, b2 are a, a2 beside a bias b."""
    taken = {_base(name) for name in (*gates, *step_equations.states, *others)}
    new = {}
    for name in gates:
        if name in others:
            free = [letter for letter in ascii_lowercase if letter not in taken]
            new[_base(name)] = next(iter(free), f"{name}_new")
            taken.add(new[_base(name)])
    return {name: new.get(_base(name), _base(name)) + name[len(_base(name)) :] for name in gates}


def _base(name):
    """A name without its number and its index."""
    return re.match(r".[^\d_]*", name)[0]


def _shared(roots, named):
    """Nodes without a name that are used more than once, and are worth a name."""
    uses, order = {}, []

    def visit(node):
        uses[id(node)] = uses.get(id(node), 0) + 1
        if uses[id(node)] == 1:
            for part in node.of:
                visit(part)
                if node.kind == "columns" and all(p.kind == "symbol" for p in part.of):
                    # Short enough to be written with its columns as an index: R(h)_i.
                    uses[id(part)] = 1
            order.append(node)

    for root in {id(root): root for root in roots}.values():
        visit(root)
    simple = ("symbol", "constant", "product")
    return [n for n in order if uses[id(n)] > 1 and n.kind not in simple and id(n) not in named]


def _column(node):
    """The gate whose columns of weights a node holds, or None."""
    parts = all_of([node])
    # Features of the input are in blocks, too, and are no gates.
    gates = {p.blocks[0] for p in parts if p.kind == "symbol" and p.weight and len(p.blocks) == 1}
    return gates.pop() if len(gates) == 1 else None
