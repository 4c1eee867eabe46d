"""The wiring of any cell: its equations as boxes, junctions, and the values that join them."""

from dataclasses import dataclass

from kerasgates.formulas.labels import relabel
from kerasgates.formulas.nodes import TRANSPOSED, all_of
from kerasgates.formulas.printing import expression
from kerasgates.formulas.symbolic import Equations

#: Usual letters of well-known functions.
SHORT = {"sigmoid": "σ", TRANSPOSED: "transpose"}


@dataclass(eq=False)
class Part:
    """A part of a wiring diagram: source, layer, function or junction.

    Attributes:
        kind: "source" (the input, an old state), "layer" (a function of a weighted sum),
            "function" (of other values), or "junction" (arithmetic of one value or two).
        label: what is written on it.
        of: the parts whose values go in.
        name: letter of the gate that it computes, or "".
        learned: whether weights are in it: those of a layer, a scale for each entry, a bias.
    """

    kind: str
    label: str
    of: tuple = ()
    name: str = ""
    learned: bool = False

    @property
    def is_fed_from_below(self):
        """Whether it stands in the row of layers, and takes any number of values."""
        return self.kind == "layer" or (self.kind == "function" and len(self.of) > 1)


class Wiring:
    """The parts of one step of a cell.

    Matrices are not shown: a layer is whatever multiplies its inputs by matrices, adds them up
    with a bias and applies a function. The equations say which. A weight for each entry, as of a
    peephole, is a part of its own.

    Attributes:
        cell: the cell that the equations were found in.
        title: name of its class, with what it wraps, and how often it goes round in a step.
        input: `Part` of the input.
        inputs: by letter, this one, and `Part` of features that the step reads as they are.
        sources: `Part` of each old state, by name.
        states: `Part` that computes each new state, by name.
        exits: these, and that of the output where it is no state.
        parts: all parts but the input and the sources, each behind what goes into it.

    Args:
        cell: a cell with `gates`, its class, or a layer of it.
        labels: None, or the convention of the names, as of `kg.equations`.

    Raises:
        ValueError: as `kg.equations`.
    """

    def __init__(self, cell, labels=None):
        self._found = equations = Equations(cell, once=True)
        self.cell, self.title = equations.cell, equations.title
        if equations.rounds and equations.rounds.number > 1:
            self.title += f" (× {equations.rounds.number}, one after another)"
        labels = None if labels is None else relabel(equations, labels)
        self._gates = {id(node): name for name, node in equations.gates.items()}
        roots = [*equations.gates.values(), *equations.states.values()]
        self._readers = readers(all_of(roots))
        for root in dict.fromkeys(roots):
            self._readers.setdefault(root, []).append(None)
        self._read, self.parts, self._matrices = {}, [], []
        self.input = self._read[id(equations.x)] = Part("source", "x")
        self.inputs = {"x": self.input}
        self.sources = {name: Part("source", name) for name in equations.inputs}
        self._read |= {id(node): self.sources[name] for name, node in equations.inputs.items()}
        # Gates first: some have nothing but readers outside.
        gates = {name: self.value(node) for name, node in equations.gates.items()}
        self.states = {name: self._new_state(node) for name, node in equations.states.items()}
        self._tell_apart()
        self.exits = dict(self.states)
        for letter, name in (labels.names if labels else {}).items():
            if letter.endswith("'"):
                self.states[labels(letter[:-1])].name = name
        output = labels(self.cell.output_name) if labels else self.cell.output_name
        if output not in self.states and gates.get(output):
            self.exits[output] = gates[output]

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

    def _new_state(self, node):
        """The part that computes a new state; one that does nothing where no other does."""
        part = self.value(node)
        if part is None:
            return self._new("function", self._text(node))
        return self._new("junction", "=", part) if part.kind == "source" else part

    def _new(self, kind, label, *of, learned=False):
        part = Part(kind, label, tuple(dict.fromkeys(of)) if kind == "layer" else of)
        part.learned = learned or kind == "layer"
        self.parts.append(part)
        return part

    def _with(self, sign, node, part):
        """The junction of a part with a number or a weight of each entry, which are no parts."""
        return self._new("junction", self._text(node, sign), part, learned=_has_weights(node))

    def _before(self, sign, node, part):
        """The junction of a number or a weight with a part behind it: the sign does not commute."""
        return self._new("junction", self._text(node) + sign, part, learned=_has_weights(node))

    def _text(self, node, sign=""):
        text = expression(node, self._found)
        return sign + (f"({text})" if " " in text else text)

    def _symbol(self, node):
        """None for a weight or a number among the arguments; other sources were read before."""
        if node.weight or node.name not in self.cell.feature_blocks:
            return None
        return self.inputs.setdefault(node.name, Part("source", node.name))

    def _constant(self, node):
        return None

    def _columns(self, node):
        part = self.value(node.of[0])
        # The letter of a gate says which columns it is of; anything else must.
        if all(id(reader) in self._gates and reader.kind == "call" for reader in self._who(node)):
            return part
        return part and self._new("junction", f"[{node.name}]", part)

    def _product(self, node):
        matrix, value = node.of
        if self.value(matrix):
            return self._function("matmul", node.of)
        part = self.value(value)
        if part and matrix.kind == "symbol":
            return self._layer(matrix, part)
        return part and self._new("layer", self._text(matrix), part)

    def _layer(self, matrix, *parts):
        """The layer of nothing but a matrix, with its letter."""
        layer = self._new("layer", matrix.name.partition("_")[0], *parts)
        self._matrices.append((layer, matrix.name))
        return layer

    def _tell_apart(self):
        """Add its index to the letter of a matrix that another layer has, where no gate tells."""
        letters = [layer.label for layer, _ in self._matrices]
        for layer, name in self._matrices:
            if not layer.name and letters.count(name.partition("_")[0]) > 1:
                layer.label = name

    def _join(self, node):
        """Values side by side: one layer, where one value is multiplied by parts of one matrix."""
        names = [part.of[0].name.partition("_") for part in node.of if part.kind == "product"]
        letters, values = {letter for letter, _, _ in names}, {part.of[-1] for part in node.of}
        alone = all(len(self._who(part)) == 1 and part.of[0].weight for part in node.of if part.of)
        if len(names) < len(node.of) or not alone or len(letters) > 1 or len(values) > 1:
            return self._call(node)
        part = self.value(values.pop())
        index = "".join(index for _, _, index in names)
        return part and self._new("layer", f"{letters.pop()}_{index}", part)

    def _call(self, node):
        """A function: a layer, if what it is of is a sum of nothing but weighted values."""
        label = self._found.functions.get(node.name, node.name) or node.kind
        label, (first, *more) = SHORT.get(label, label), node.of
        label += f"_{node.index}" if node.index else ""
        terms = self._terms(first)
        is_layer = self._has_matrix(terms)
        weighted = [self._weighted(term) if is_layer else None for term in terms]
        # What is no weight is no bias, and is shown.
        pure = not any(self._shows(t) for w, t in zip(weighted, terms) if not w)
        if any(weighted) and pure and not any(self._shows(part) for part in more):
            return self._new("layer", label, *filter(None, weighted))
        return self._function(label, node.of, learned=node.weight)

    def _shows(self, node):
        """Whether a term or an argument is seen: a value, a number, or what is no weight."""
        return bool(self.value(node)) or self._is_number(node) or not _has_weights(node)

    def _function(self, label, of, learned=False):
        """A function of values and numbers; where there are several, with their order."""
        values = [part for part in map(self.value, of) if part]
        if not values:
            return None
        arguments = [node for node in of if self._shows(node)]
        if len(arguments) > 1:
            letters = [self._letter(node) for node in arguments]
            label = f"{label}({', '.join(letters)})"
        # Weights among the arguments, too, as scale and shift of a normalisation.
        learned = learned or any(_has_weights(node) for node in of if not self.value(node))
        return self._new("function", label, *dict.fromkeys(values), learned=learned)

    def _letter(self, node):
        part = self.value(node)
        if part is None:
            return self._text(node)
        return part.label if part.kind == "source" else part.name or "·"

    def _add(self, node):
        terms = self._terms(node, whole=True)
        weighted = {}
        if self._has_matrix(terms):
            weighted = {id(term): value for term in terms if (value := self._weighted(term))}
        rest = [term for term in terms if id(term) not in weighted]
        values = [part for part in map(self.value, rest) if part]
        if weighted:
            matrices = [t.of[0] for t in terms if id(t) in weighted and t.kind == "product"]
            letters = {matrix.name.partition("_")[0] for matrix in matrices}
            of = weighted.values()
            one = len(letters) == len(weighted) == 1
            layer = self._layer(matrices[0], *of) if one else self._new("layer", "Σ", *of)
            values.insert(0, layer)
        if not values:
            return None
        total, *more = values
        for value in more:
            twice = value is total
            total = self._new("junction", *(("×2", total) if twice else ("+", total, value)))
        for term in rest:
            # A bias beside weights is part of the layer.
            if not self.value(term) and (self._shows(term) or not weighted):
                total = self._with("+", term, total)
        return total

    def _subtract(self, node):
        first, second = map(self.value, node.of)
        if first and second:
            return self._new("junction", "+", first, self._new("junction", "−", second))
        if first:
            return self._with("−", node.of[1], first)
        return second and self._before("−", node.of[0], second)

    def _negative(self, node):
        value = self.value(node.of[0])
        return value and self._new("junction", "−", value)

    def _multiply(self, node):
        first, second = map(self.value, node.of)
        if first and first is second:
            return self._new("junction", "^2", first)
        if first and second:
            return self._new("junction", "×", first, second)
        if not first and not second:
            return None
        factor = node.of[0] if second else node.of[1]
        return self._with("×", factor, first or second)

    def _divide(self, node):
        first, second = map(self.value, node.of)
        if first and second:
            return self._new("junction", "×", first, self._new("junction", "1/", second))
        if first:
            return self._with("/", node.of[1], first)
        return second and self._before("/", node.of[0], second)

    def _power(self, node):
        first, second = map(self.value, node.of)
        if first and not second:
            return self._new("junction", self._text(node.of[1], "^"), first)
        return self._function("power", node.of)

    def _terms(self, node, whole=False):
        """Terms of a sum, those of sums in it included where nothing else reads them."""
        if node.kind == "add" and (whole or len(self._who(node)) == 1):
            return [term for part in node.of for term in self._terms(part)]
        return [node]

    def _has_matrix(self, terms):
        """Whether any term is a value times a matrix, which makes their sum a layer."""
        return any(term.kind == "product" and self._weighted(term) for term in terms)

    def _weighted(self, term):
        """The value that a term multiplies by weights, or None."""
        if len(self._who(term)) != 1:
            return None
        if term.kind == "product" and not self.value(term.of[0]):
            return self.value(term.of[1])
        if term.kind == "multiply":
            for weight, other in (term.of, term.of[::-1]):
                if weight.kind == "symbol" and weight.width > 1 and not self.value(weight):
                    # A weight of each entry, and no matrix.
                    return self.value(other) and self.value(term)
        return None

    def _who(self, node):
        """Readers of a node: the nodes that it goes into, and None where it is a gate or state."""
        return self._readers[node]

    def _is_number(self, node):
        """Whether it is made of numbers, and arguments that are numbers, alone."""
        ends = [part for part in all_of([node]) if not part.of]
        numbers = all(part.value is not None for part in ends)
        return (numbers or node.width == 1) and not self.value(node)


def _has_weights(node):
    """Whether weights are in a node, or in what it is made of."""
    return any(part.weight for part in all_of([node]))


def readers(nodes):
    """By node, or part, those of `nodes` that read it, each as often as it does."""
    by_value = {}
    for node in nodes:
        for value in node.of:
            by_value.setdefault(value, []).append(node)
    return by_value
