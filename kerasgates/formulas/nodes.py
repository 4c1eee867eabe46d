"""Nodes of equations, and functions that select and join their columns."""

import re
from dataclasses import dataclass
from itertools import accumulate

#: Kinds of nodes that are computed entry by entry.
ENTRYWISE = ("add", "subtract", "multiply", "divide", "negative", "power", "constant")

#: Name of the call that is a matrix transposed.
TRANSPOSED = "ᵀ"


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
        widths: numbers of their columns.
        weight: of a symbol, whether it is a weight; of a call, whether weights are inside it.
        index: of a call, what tells it from others of its name.
        alike: of a call, how many values it takes on a par before its other arguments.
        drawn: of a symbol, whether it is drawn anew at each step.
    """

    kind: str
    of: tuple = ()
    name: str = ""
    width: int = 1
    value: float | None = None
    elementwise: bool = False
    blocks: tuple = ()
    widths: tuple = ()
    weight: bool = False
    index: str = ""
    alike: int = 1
    drawn: bool = False


def all_of(roots, known=()):
    """All nodes of some expression trees, each once, in topological order: parts first.

    Nodes whose ids are `known` are left out, with what only they are made of.
    """
    nodes = {}

    def visit(node):
        if id(node) not in nodes and id(node) not in known:
            for part in node.of:
                visit(part)
            nodes[id(node)] = node

    for root in roots:
        visit(root)
    return list(nodes.values())


def total(of):
    """The parts of a sum, without zeros; but one, if all are."""
    return tuple(p for p in of if p.kind != "constant" or p.value != 0) or of[:1]


def select(node, first, last, layout):
    """The columns from `first` to `last` of a node: one block, or several.

    Args:
        node: the node.
        first, last: numbers of columns.
        layout: names and widths of the blocks of the projected inputs, which any other value of
            as many columns has, too.
    """
    width = last - first
    if node.width in (width, 1):
        return node
    if node.kind == "symbol" and (part := _columns_of_symbol(node, first, last)):
        return part
    if node.kind == "join":
        start = 0
        for part in node.of:
            if start <= first and last <= start + part.width:
                return select(part, first - start, last - start, layout)
            start += part.width
    if node.kind == "product":
        matrix, value = node.of
        return Node("product", (select(matrix, first, last, layout), value), width=width)
    if node.kind in ENTRYWISE or node.elementwise:
        of = tuple(select(part, first, last, layout) for part in node.of)
        of = total(of) if node.kind == "add" else of
        if node.kind == "add" and len(of) == 1:
            return of[0]
        if not any(part.kind == "columns" for part in of):
            return Node(node.kind, of, node.name, width, node.value, node.elementwise)
    # A node that is not made entry by entry is shown whole, with its columns as an index.
    name = "".join(_within(*_layout_of(node, layout), first, last))
    if not name and (number := _number(node, first, width)):
        name = f"{number}/{node.width // width}"
    return Node("columns", (node,), name or f"{first + 1}…{last}", width, float(first))


def _columns_of_symbol(node, first, last):
    """Columns of a symbol that have a letter of their own, or None: blocks, parts of a weight."""
    if names := _within(node.blocks, node.widths, first, last):
        start = node.blocks.index(names[0])
        of = {"blocks": names, "widths": node.widths[start : start + len(names)]}
        index = "".join(names)
    elif node.weight and (number := _number(node, first, last - first)):
        of, index = {}, str(number)
    else:
        return None
    if names and not node.weight:
        # Features of the input that have a letter of their own.
        return Node("symbol", (), index, last - first, **of)
    # Of W_zr the columns of z are W_z; any other index stays, and gets a second one.
    name = re.sub(f"[_,]{''.join(node.blocks)}$", "", node.name) if names else node.name
    name = f"{name}{',' if '_' in name else '_'}{index}"
    return Node("symbol", (), name, last - first, weight=node.weight, **of)


def _within(names, widths, first, last):
    """Names of the blocks that these columns are, no more and no less; () where they are none."""
    ends = [0, *accumulate(widths)]
    return names[ends.index(first) : ends.index(last)] if {first, last} <= {*ends} else ()


def _number(node, first, width):
    """Number, from 1 on, of the equal part of a node that these columns are; None for no part."""
    return None if first % width or node.width % width else first // width + 1


def _layout_of(node, layout):
    """Names and widths of the blocks of a node: those of what it is made of, or of the layout."""
    if node.blocks:
        return node.blocks, node.widths
    if node.kind == "join":
        layouts = [_layout_of(part, ((), ())) for part in node.of]
        names = sum((names for names, _ in layouts), ())
        # A part without names has none for its columns, and a name twice says too little.
        if all(names for names, _ in layouts) and len({*names}) == len(names):
            return names, sum((tuple(widths) for _, widths in layouts), ())
    for part in node.of:
        if part.width == node.width and (part_layout := _layout_of(part, ((), ())))[0]:
            return part_layout
    return layout if node.width == sum(layout[1]) else ((), ())


def joined(parts, width, known):
    """Join parts side by side: all columns of one node give the node, products one product.

    Args:
        parts: the nodes.
        width: entries of all.
        known: names of the blocks of whole matrices.
    """
    if len(parts) == 1:
        return parts[0]
    whole = parts[0].of[0] if parts[0].kind == "columns" else None
    firsts = [part.value for part in parts if part.of == (whole,)]
    if whole and whole.width == width and firsts == sorted(firsts) and len(firsts) == len(parts):
        return whole
    values = {id(part.of[1]) for part in parts if part.kind == "product"}
    if len(values) == 1 and all(part.kind == "product" for part in parts):
        matrices = [part.of[0] for part in parts]
        letters = {matrix.name.rpartition("_")[0] for matrix in matrices}
        names = tuple(name for matrix in matrices for name in matrix.blocks)
        if len(letters) == 1 and names in known:
            widths = tuple(width for matrix in matrices for width in matrix.widths)
            of = {"blocks": names, "widths": widths, "weight": True}
            whole = Node("symbol", (), letters.pop(), width, **of)
            return Node("product", (whole, parts[0].of[1]), width=width)
    return Node("join", tuple(parts), width=width)
