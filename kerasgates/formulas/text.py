"""Equations as plain text, and the order in which operations bind."""

import re

from kerasgates.formulas.labels import width
from kerasgates.formulas.nodes import TRANSPOSED, all_of

#: Usual functions by letter, which no legend names.
USUAL = {"σ": "sigmoid", "φ": "tanh"}
#: Precedence of the kinds: a lower one stands in parentheses inside a higher one.
BINDING = {"add": 1, "subtract": 1, "divide": 2, "negative": 3, "multiply": 3, "product": 4}
BINDING["power"] = 5
#: Signs of comparisons by name of the operation.
COMPARED = {"equal": "=", "less": "<", "greater": ">"}
ATOM = 6
#: Digits and the sign of an exponent.
RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


class Text:
    """Plain text, as in the docstrings of the cells."""

    times, minus, apart = " ⊙ ", "−", "; "
    passed = " rounds, {new} of one is {old} of the next"
    binding = BINDING

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
        old = ", ".join(self.old(name) for name in states)
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
        text = getattr(self, f"_{node.kind}")(node)
        return f"({text})" if self._binds(node) < outside else text

    def _binds(self, node):
        """How much a node binds, as it is written: a product that ends in a quotient as that."""
        if node.kind == "constant":
            # 2.5 · 10⁻⁷ is a product, 10⁻⁷ a power.
            digits, exponent = _scientific(node.value)
            kind = "power" if digits == "1" else "multiply"
            return self.binding[kind] if exponent else ATOM
        binding = self.binding.get(node.kind, ATOM)
        if node.kind == "multiply" and id(last := _factors(node)[1]) not in self.named:
            ends = self._binds(last)
            return ends if ends == self.binding["divide"] else binding
        return binding

    def letter(self, name):
        return name

    def old(self, name):
        """Letter of an old state."""
        return name

    @staticmethod
    def number(value):
        digits, exponent = _scientific(value)
        digits = digits.replace("-", "−")
        if not exponent:
            return digits
        factor = {"1": "", "−1": "−"}.get(digits, f"{digits} · ")
        return f"{factor}10{str(int(exponent)).translate(RAISED)}"

    def _symbol(self, node):
        return node.name

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
        first, second = _factors(node)
        # Numbers times vectors need no sign.
        number = first.kind == "constant" or 1 in (first.width, second.width)
        number = number or node.name == "scaled"
        sign = " " if number else self.times
        # Behind a quotient no factor stands: in a / b c, what is divided by?
        return f"{self.write(first, 3)}{sign}{self.write(second, 2)}"

    def _divide(self, node):
        first, second = node.of
        return f"{self.write(first, 2)} / {self.write(second, 5)}"

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
        part = f"[{node.name}]" if "/" in node.name else f"_{node.name}"
        return f"{self.write(node.of[0], ATOM)}{part}"

    def _join(self, node):
        return f"[{', '.join(self.write(part) for part in node.of)}]"


def _scientific(value):
    """Digits of a number, and its power of ten or None, as they are written."""
    return re.fullmatch(r"(.+?)(?:e(.+))?", f"{value:g}").groups()


def _factors(node):
    """Both factors of a product entry by entry; a number stands first."""
    first, second = node.of
    return (second, first) if second.kind == "constant" else (first, second)


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
