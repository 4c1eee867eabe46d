"""The equations of any cell as text or LaTeX, derived from its `step`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

from kerasgates.formulas.display import GREEK, EquationText, with_greek
from kerasgates.formulas.labels import base_of, relabel, width
from kerasgates.formulas.nodes import TRANSPOSED, all_of
from kerasgates.formulas.symbolic import Equations

if TYPE_CHECKING:
    import keras

#: Usual functions by letter, which no legend names.
USUAL = {"σ": "sigmoid", "φ": "tanh"}
#: Precedence of the kinds: a lower one stands in parentheses inside a higher one.
BINDING = {"add": 1, "subtract": 1, "negative": 2, "multiply": 2, "divide": 2, "product": 3}
BINDING["power"] = 4
#: Signs of comparisons by name of the operation.
COMPARED = {"equal": "=", "less": "<", "greater": ">"}
ATOM = 5


def equations(
    cell: keras.Layer | type[keras.Layer],
    format: Literal["text", "latex"] = "text",
    labels: Literal["lectures", "rohrer", "004"] | None = None,
) -> EquationText:
    """The equations of a cell, a user's own, too.

        >>> print(kg.equations(kg.CoupledLSTMCell))
        f  = σ(W_f x + U_f h + b_f)
        g  = φ(W_g x + U_g h + b_g)
        o  = σ(W_o x + U_o h + b_o)
        c' = f ⊙ c + (1 − f) ⊙ g
        h' = o ⊙ φ(c')

    They are what `step` and `project` do when they are called, in the order of the code. Values
    that have no name, and are used more than once, are called a. A function that an operation is
    given, as a loop's, is written out where it is simple; where it is not, the operation is of all
    that it reads. ⊙ is the product entry by entry;
    σ stands for `recurrent_activation`, φ for `activation`, ψ for an `output_activation` that is
    another function.

    Args:
        cell: a cell with `gates`, its class, or a layer of it. Of a class the equations are those
            of its default arguments.
        format: "text", with h' for the new h; or "latex", an `aligned` environment with h_t and
            h_{t-1}.
        labels: names of gates and states by another convention than ours: "lectures" (Γ_u, Γ_f,
            c̃), "rohrer" (ignoring, forgetting, memory) or "004" (G_u, G_r, C~); None for ours.
            Weights keep their letters.

    Returns:
        A string with a line for each equation, which a notebook shows as formulas. Where a cell
        has other functions than the logistic function, tanh and tanh, a last line says which; and
        where a step goes round several times, how often.

    Raises:
        ValueError: if it is no such cell, its step computes with anything but `keras.ops` and
            operators, there is no such format, or no such labels for this cell.
    """
    if format not in STYLES:
        raise ValueError(f"Argument `format` must be of {[*STYLES]}. Received: {format!r}")
    step_equations = Equations(cell, once=True)
    if labels is not None:
        relabel(step_equations, labels)
    texts = {
        name: style().text(lines(step_equations), step_equations) for name, style in STYLES.items()
    }
    return EquationText(texts[format], texts["latex"])


def lines(step_equations):
    """The equations of `Equations` in an order in which each can be computed: names and nodes.

    Names of new states end in a prime.
    """
    named = {}
    for name, node in step_equations.states.items():
        # A state that is handed on as it is keeps the letter that it has.
        if node.kind not in ("symbol", "constant"):
            named.setdefault(id(node), f"{name}'")
    for name, node in step_equations.gates.items():
        # A gate of a state's name is no new letter: as in h' = φ(…), whose gate is called h.
        if name not in step_equations.states and node.kind != "symbol":
            named.setdefault(id(node), name)
    roots = [node for node in step_equations.gates.values() if id(node) in named]
    roots += step_equations.states.values()
    for node in _shared(roots, named):
        index = f"_{column}" if (column := _column(node)) else ""
        # No two values have one name: a, a2, a3; and those of a gate's columns a_f, a2_f.
        names = (f"a{number or ''}{index}" for number in (None, *range(2, len(named) + 2)))
        letters = {*named.values(), *step_equations.inputs}
        named[id(node)] = next(name for name in names if name not in letters)
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
    """The gate whose columns of the recurrent weights a node holds, or None."""
    parts = all_of([node])
    gates = {p.blocks[0] for p in parts if p.kind == "symbol" and len(p.blocks) == 1}
    return gates.pop() if len(gates) == 1 else None


class _Text:
    """Plain text, as in the docstrings of the cells."""

    times, minus, apart = " ⊙ ", "−", "; "
    passed = " rounds, {new} of one is {old} of the next"

    def text(self, named_lines, step_equations):
        ordered, named = named_lines
        self.named = named
        widest = max(width(name) for name, _ in ordered)
        rows = [
            f"{name}{' ' * (widest - width(name))} = {self.body(node, name)}"
            for name, node in ordered
        ]
        return "\n".join(rows + self.legend(step_equations))

    def legend(self, step_equations):
        other = [f"{letter} = {value}" for letter, value in self.unusual(step_equations).items()]
        return [", ".join(other)] if other else []

    def unusual(self, step_equations):
        """Functions that are not the usual ones, and arguments that are numbers, by letter."""
        functions = step_equations.functions.items()
        other = {k: self.functions_name(v) for k, v in functions if USUAL.get(k) != v}
        for node in _explained(step_equations):
            drawn = self.words("random numbers drawn at each step")
            other[node.name] = drawn if node.drawn else self.number(node.value)
        return other | self.repetition(step_equations)

    def repetition(self, step_equations):
        """How often all of it is done within a step, by letter; nothing where it is once."""
        if (rounds := step_equations.rounds) is None:
            return {}
        states = step_equations.states
        new = ", ".join(self.letter(f"{name}'") for name in states)
        old = ", ".join(self.symbol(name) for name in states)
        passed = self.passed.format(new=new, old=old) if rounds.number > 1 else ""
        return {rounds.letter: f"{rounds.number}{passed}"}

    def functions_name(self, name):
        return name

    @staticmethod
    def words(text):
        return text

    def body(self, node, name):
        """Right-hand side of an equation."""
        if self.named.get(id(node)) not in (None, name):
            return self.letter(self.named[id(node)])
        return self.write(node, whole=True)

    def write(self, node, outside=0, whole=False):
        """A node as text, in parentheses where the expression around it binds more."""
        if not whole and id(node) in self.named:
            return self.letter(self.named[id(node)])
        binding = BINDING.get(node.kind, ATOM)
        text = getattr(self, f"_{node.kind}")(node)
        return f"({text})" if binding < outside else text

    def letter(self, name):
        return name

    def symbol(self, name):
        return name

    @staticmethod
    def number(value):
        return f"{value:g}".replace("-", "−")

    def _symbol(self, node):
        return self.symbol(node.name)

    def _constant(self, node):
        return self.number(node.value)

    def _add(self, node):
        terms = sorted(_terms(node, self.named), key=_is_bias)
        return " + ".join(self.write(term, 1) for term in terms)

    def _subtract(self, node):
        first, second = node.of
        return f"{self.write(first, 1)} {self.minus} {self.write(second, 2)}"

    def _negative(self, node):
        return f"{self.minus}{self.write(node.of[0], 2)}"

    def _multiply(self, node):
        first, second = node.of
        if second.kind == "constant":
            first, second = second, first
        # Numbers times vectors need no sign.
        number = first.kind == "constant" or 1 in (first.width, second.width)
        number = number or node.name == "scaled"
        sign = " " if number else self.times
        return f"{self.write(first, 2)}{sign}{self.write(second, 2)}"

    def _divide(self, node):
        first, second = node.of
        return f"{self.write(first, 2)} / {self.write(second, 3)}"

    def _power(self, node):
        first, second = node.of
        return self.raised(self.write(first, ATOM), self.write(second, ATOM))

    @staticmethod
    def raised(base, exponent):
        return f"{base}^{exponent}"

    @staticmethod
    def transposed(matrix):
        return f"{matrix}{TRANSPOSED}"

    def _product(self, node):
        matrix, value = node.of
        return f"{self.write(matrix, ATOM)} {self.write(value, ATOM)}"

    def _call(self, node):
        if node.name == TRANSPOSED:
            return self.transposed(self.write(node.of[0], ATOM))
        if node.name.startswith("["):
            return f"{self.write(node.of[0], ATOM)}{node.name}"
        values = [self.write(part) for part in node.of]
        first, more = ", ".join(values[: node.alike]), values[node.alike :]
        if node.name in COMPARED and len(more) == 1:
            return f"{first} {COMPARED[node.name]} {more[0]}"
        rest = self.apart + ", ".join(more) if more else ""
        return self.function(node.name, node.index).format(first + rest)

    def function(self, name, index):
        """Format string for a call of a function."""
        return (f"{name}_{index}" if index else name) + "({})"

    def _columns(self, node):
        return f"{self.write(node.of[0], ATOM)}_{node.name}"

    def _join(self, node):
        return f"[{', '.join(self.write(part) for part in node.of)}]"


class _Latex(_Text):
    """LaTeX with an index for time."""

    times, minus, apart = r" \odot ", "-", r";\, "
    passed = r"\mathrm{{\ rounds,\ }}{new}\mathrm{{\ of\ one\ is\ }}{old}\mathrm{{\ of\ the\ next}}"
    COMMANDS = {**GREEK, "√d": r"\sqrt{d}", "tanh": r"\tanh", "exp": r"\exp"}

    def text(self, named_lines, step_equations):
        ordered, self.named = named_lines
        self.states = {*step_equations.states}
        rows = [rf"{self.letter(n)} &= {self.body(node, n)} \\" for n, node in ordered]
        legend = [rf"{line} \\" for line in self.legend(step_equations)]
        return "\n".join([r"\begin{aligned}", *rows, *legend, r"\end{aligned}"])

    def legend(self, step_equations):
        return [rf"{self.symbol(k)} &= {v}" for k, v in self.unusual(step_equations).items()]

    @staticmethod
    def words(text):
        return rf"\mathrm{{{text}}}".replace(" ", r"\ ")

    def functions_name(self, name):
        escaped = name.replace("_", r"\_")
        return rf"\mathrm{{{escaped}}}"

    @staticmethod
    def raised(base, exponent):
        return f"{{{base}}}^{{{exponent}}}"

    @staticmethod
    def transposed(matrix):
        return rf"{{{matrix}}}^{{\top}}"

    def letter(self, name):
        """Letter of a value of this step, with the index t."""
        base, number, index = re.fullmatch(r"(.+?)(\d*)(?:_(\w+))?'*", name).groups()
        below = ",".join([part for part in (number, with_greek(index or ""), "t") if part])
        return rf"{with_greek(base_of(base))}_{{{below}}}"

    def symbol(self, name):
        """Letter of a weight, of the input (index t), or of an old state (index t-1)."""
        if name == "x":
            return "x_t"
        if name in self.states:
            return f"{with_greek(base_of(name))}_{{t-1}}"
        base, _, index = name.partition("_")
        base = self.COMMANDS.get(base) or with_greek(base)
        return f"{base}_{{{with_greek(index.replace('_', ','))}}}" if index else base

    @staticmethod
    def number(value):
        return f"{value:g}"

    def function(self, name, index):
        letter = self.COMMANDS.get(name, self.functions_name(name))
        letter += f"_{{{self.functions_name(index)}}}" if index else ""
        return letter.replace("{", "{{").replace("}", "}}") + r"\left({}\right)"

    def _divide(self, node):
        return rf"\frac{{{self.write(node.of[0])}}}{{{self.write(node.of[1])}}}"

    def _columns(self, node):
        (whole,) = node.of
        if id(whole) in self.named:
            return self.letter(f"{self.named[id(whole)]}_{node.name}")
        return rf"\left({self.write(whole)}\right)_{{{with_greek(node.name)}}}"


STYLES = {"text": _Text, "latex": _Latex}


def _terms(node, named):
    """Terms of a sum, those of sums without names in it included."""
    for part in node.of:
        if part.kind == "add" and id(part) not in named:
            yield from _terms(part, named)
        else:
            yield part


def _is_bias(node):
    """Whether a term of a sum is a weight as it is: a bias, which stands last."""
    return node.kind == "symbol" and bool(node.blocks)


def _explained(step_equations):
    """Symbols of the numbers among the arguments of a cell, and of what it draws."""
    parts = all_of([*step_equations.gates.values(), *step_equations.states.values()])
    symbols = [p for p in parts if p.kind == "symbol" and (p.drawn or p.value is not None)]
    return list({p.name: p for p in symbols}.values())


def expression(node, step_equations):
    """A node of `Equations` as text."""
    style = _Text()
    _, style.named = lines(step_equations)
    return style.write(node)
