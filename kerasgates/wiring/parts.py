"""The wiring of any cell: its equations as boxes, junctions, and the values that join them."""

from dataclasses import dataclass

from kerasgates.equations import expression
from kerasgates.symbolic import Equations

#: How a function that everybody knows is written, where it has another name.
SHORT = {"sigmoid": "σ"}


@dataclass(eq=False)
class Part:
    """What stands in a wiring diagram.

    Attributes:
        kind: "source" (the input, an old state), "layer" (a function with weights), "function"
            (without weights), or "junction" (arithmetic of one value or two).
        label: what is written on it.
        of: the parts whose values go in.
        name: letter of the gate that it computes, or "".
    """

    kind: str
    label: str
    of: tuple = ()
    name: str = ""

    @property
    def is_fed_from_below(self):
        """Whether it stands in the row of layers, and takes any number of values."""
        return self.kind == "layer" or (self.kind == "function" and len(self.of) > 1)


class Wiring:
    """The parts of one step of a cell.

    Weights are not shown: a layer is whatever multiplies its inputs by weights, adds them up and
    applies a function. The equations say which.

    Attributes:
        cell: the cell that the equations were found in.
        sources: `Part` of the input and of each old state, by name.
        states: `Part` that computes each new state, by name.
        parts: all others, each behind what goes into it.

    Args:
        cell: a cell with `gates`, its class, or a layer of it.

    Raises:
        ValueError: as `kg.equations`.
    """

    def __init__(self, cell):
        self._found = found = Equations(cell)
        self.cell = found.cell
        self._gates = {id(node): name for name, node in found.gates.items()}
        roots = [*found.gates.values(), *found.states.values()]
        self._uses, self._read, self.parts = _uses(roots), {}, []
        self.sources = {}
        for name, node in {"x": found.x, **found.inputs}.items():
            self.sources[name] = self._read[id(node)] = Part("source", name)
        # Gates first: some have nothing but readers outside.
        made = [self.value(node) for node in roots][len(found.gates) :]
        # What is handed on as it is passes a junction that does nothing.
        made = [self._new("junction", "=", p) if p.kind == "source" else p for p in made]
        self.states = dict(zip(found.states, made, strict=True))

    def value(self, node):
        """The part that computes a node; None where it is none: a weight, a number."""
        if id(node) not in self._read:
            read = getattr(self, f"_{node.kind}", self._call)
            self._read[id(node)] = read(node)
        part, name = self._read[id(node)], self._gates.get(id(node), "")
        # A gate of a state's name is no gate of its own.
        if part and part.kind != "source" and name not in self.sources:
            part.name = part.name or name
        return part

    def _new(self, kind, label, *of):
        part = Part(kind, label, tuple(dict.fromkeys(of)) if kind == "layer" else of)
        self.parts.append(part)
        return part

    def _text(self, node, sign=""):
        text = expression(node, self._found)
        return sign + (f"({text})" if " " in text else text)

    def _symbol(self, node):
        """Sources were read before: a weight, or a number among the arguments."""

    _constant = _symbol

    def _columns(self, node):
        return self.value(node.of[0])

    def _product(self, node):
        matrix, value = node.of
        return self._new("layer", matrix.name.partition("_")[0], self.value(value))

    def _call(self, node):
        """A function: a layer, if what it is of is a sum with weights in it."""
        label = self._found.functions.get(node.name, node.name) or node.kind
        label = SHORT.get(label, label)
        terms = self._terms(node.of[0])
        weighted = [self._weighted(term) for term in terms]
        rest = [w or self.value(term) for w, term in zip(weighted, terms)]
        # A number is no bias, and is shown.
        bare = any(w is None and self._is_number(t) for w, t in zip(weighted, terms))
        if any(weighted) and not bare:
            return self._new("layer", label, *filter(None, [*rest, *map(self.value, node.of[1:])]))
        values = [part for part in map(self.value, node.of) if part]
        if not values:
            return None
        return self._new("function", label, *values)

    def _add(self, node):
        terms = self._terms(node, whole=True)
        weighted = {id(term): value for term in terms if (value := self._weighted(term))}
        rest = [term for term in terms if id(term) not in weighted]
        values = [part for part in map(self.value, rest) if part]
        if weighted:
            matrices = [t.of[0] for t in terms if id(t) in weighted and t.kind == "product"]
            letters = {matrix.name.partition("_")[0] for matrix in matrices}
            label = letters.pop() if len(letters) == len(weighted) == 1 else "Σ"
            values.insert(0, self._new("layer", label, *weighted.values()))
        if not values:
            return None
        total, *more = values
        for value in more:
            total = self._new("junction", "+", total, value)
        for term in rest:
            # A bias beside weights is part of the layer.
            if not self.value(term) and not (weighted and not self._is_number(term)):
                total = self._new("junction", self._text(term, "+"), total)
        return total

    def _subtract(self, node):
        first, second = map(self.value, node.of)
        if first and second:
            return self._new("junction", "+", first, self._new("junction", "−", second))
        if first:
            return self._new("junction", self._text(node.of[1], "−"), first)
        return second and self._new("junction", f"{self._text(node.of[0])}−", second)

    def _negative(self, node):
        value = self.value(node.of[0])
        return value and self._new("junction", "−", value)

    def _multiply(self, node):
        first, second = map(self.value, node.of)
        if first and second:
            return self._new("junction", "×", first, second)
        if not first and not second:
            return None
        factor = node.of[0] if second else node.of[1]
        return self._new("junction", self._text(factor, "×"), first or second)

    def _divide(self, node):
        first, second = map(self.value, node.of)
        if first and second:
            return self._new("junction", "×", first, self._new("junction", "1/", second))
        if first:
            return self._new("junction", self._text(node.of[1], "/"), first)
        return second and self._new("junction", f"{self._text(node.of[0])}/", second)

    def _power(self, node):
        first, second = map(self.value, node.of)
        if first and not second:
            return self._new("junction", self._text(node.of[1], "^"), first)
        values = [part for part in (first, second) if part]
        return self._new("function", "power", *values) if values else None

    def _terms(self, node, whole=False):
        """What is added up, sums in sums included where nothing else reads them."""
        if node.kind == "add" and (whole or self._uses[id(node)] == 1):
            return [term for part in node.of for term in self._terms(part)]
        return [node]

    def _weighted(self, term):
        """The value that a term multiplies by weights, or None."""
        if term.kind == "product" and self._uses[id(term)] == 1:
            return self.value(term.of[1])
        if term.kind == "multiply" and self._uses[id(term)] == 1:
            for weight, other in (term.of, term.of[::-1]):
                if weight.kind == "symbol" and weight.width > 1 and not self.value(weight):
                    return self.value(other)
        return None

    def _is_number(self, node):
        """Whether it is made of numbers, and arguments that are numbers, alone."""
        return node.width == 1 and not self.value(node)


def _uses(roots):
    """How many readers each node has, by id."""
    uses = {}

    def visit(node):
        uses[id(node)] = uses.get(id(node), 0) + 1
        if uses[id(node)] == 1:
            for part in node.of:
                visit(part)

    for root in {id(root): root for root in roots}.values():
        visit(root)
    return uses
