"""Nodes of equations, and functions that select and join their columns."""

from dataclasses import dataclass, field

#: Kinds of nodes that are computed entry by entry.
ENTRYWISE = ("add", "subtract", "multiply", "divide", "negative", "power", "constant")


@dataclass(eq=False)
class Node:
    """Node of an equation's expression tree.

    Attributes:
        kind: "symbol", "constant", "add", "subtract", "multiply", "divide", "negative", "power",
            "product" (a matrix by a vector), "call", "columns" (a block of what is above it),
            "join".
        of: the nodes that it is made of.
        name: of a symbol, a call, or the block of columns.
        width: entries; 1 for numbers.
        value: of a constant, or of an argument of the cell; of columns the first.
        elementwise: of a call, whether each entry depends on its own entry only.
        blocks: names of the gates whose columns a symbol has side by side, or ().
    """

    kind: str
    of: tuple = ()
    name: str = ""
    width: int = 1
    value: float | None = None
    elementwise: bool = False
    blocks: tuple = field(default=())


def all_of(roots, known=()):
    """All nodes of some expression trees, each once, in topological order: parts first.

    Nodes whose ids are `known` are left out, with what only they are made of.
    """
    found = {}

    def visit(node):
        if id(node) not in found and id(node) not in known:
            for part in node.of:
                visit(part)
            found[id(node)] = node

    for root in roots:
        visit(root)
    return list(found.values())


def select(node, first, last, gates):
    """The columns from `first` to `last` of a node: one block, or several."""
    if node.width in (last - first, 1):
        return node
    width = last - first
    if node.kind == "symbol" and node.blocks:
        size = node.width // len(node.blocks)
        names = node.blocks[first // size : last // size]
        if len(names) * size == width:
            # A letter that has an index already gets a second one.
            join = "," if "_" in node.name else "_"
            return Node("symbol", (), f"{node.name}{join}{''.join(names)}", width, blocks=names)
    if node.kind == "join":
        start = 0
        for part in node.of:
            if (start, start + part.width) == (first, last):
                return part
            start += part.width
    if node.kind == "product":
        matrix, value = node.of
        return Node("product", (select(matrix, first, last, gates), value), width=width)
    of = tuple(select(part, first, last, gates) for part in node.of)
    entrywise = node.kind in ENTRYWISE or node.elementwise
    # A node that is not made entry by entry is shown whole, with its columns as an index.
    if entrywise and not any(part.kind == "columns" for part in of):
        return Node(node.kind, of, node.name, width, node.value, node.elementwise)
    size = node.width // len(gates)
    names = gates[first // size : last // size] if size else ()
    if len(names) * size != width or first % size:
        return Node("columns", (node,), f"{first + 1}…{last}", width, float(first))
    return Node("columns", (node,), "".join(names), width, float(first))


def joined(parts, width, gates):
    """Join parts side by side: all columns of one node give the node, products one product."""
    whole = parts[0].of[0] if parts[0].kind == "columns" else None
    firsts = [part.value for part in parts if part.of == (whole,)]
    if whole and whole.width == width and firsts == sorted(firsts) and len(firsts) == len(parts):
        return whole
    values = {id(part.of[1]) for part in parts if part.kind == "product"}
    if len(values) == 1 and all(part.kind == "product" for part in parts):
        letters = {part.of[0].name.rpartition("_")[0] for part in parts}
        names = tuple(name for part in parts for name in part.of[0].blocks)
        if len(letters) == 1 and names == tuple(gates):
            whole = Node("symbol", (), letters.pop(), width, blocks=names)
            return Node("product", (whole, parts[0].of[1]), width=width)
    return Node("join", tuple(parts), width=width)
