"""Equations as LaTeX, with an index for the step that a value is of."""

import re

from kerasgates.formulas.display import GREEK, with_greek
from kerasgates.formulas.labels import base_of
from kerasgates.formulas.nodes import all_of
from kerasgates.formulas.text import BINDING, Text

#: A name's letters, its number, and its index: a2_f, q_h; a new state's has a prime.
NAME = re.compile(r"(.+?)(\d*)(?:_(.+?))?'*")


class Latex(Text):
    """LaTeX with an index for time, which nothing has that is made of weights alone."""

    times, minus, apart = r" \odot ", "-", r";\, "
    passed = r"\mathrm{{\ rounds,\ }}{new}\mathrm{{\ of\ one\ is\ }}{old}\mathrm{{\ of\ the\ next}}"
    COMMANDS = {**GREEK, "√d": r"\sqrt{d}", "tanh": r"\tanh", "exp": r"\exp"}
    # A fraction holds together what is in it.
    binding = {**BINDING, "divide": BINDING["multiply"]}

    def text(self, named_lines, step_equations):
        ordered, self.named = named_lines
        self.index = _times(step_equations)
        nodes = {self.named[id(node)]: node for _, node in ordered if id(node) in self.named}
        self.still = {name for name, node in nodes.items() if self._is_still(name, node)}
        rows = [rf"{self.letter(n)} &= {self.body(node, n)} \\" for n, node in ordered]
        legend = [rf"{line} \\" for line in self.legend(step_equations)]
        return "\n".join([r"\begin{aligned}", *rows, *legend, r"\end{aligned}"])

    def _is_still(self, name, node):
        """Whether a value is the same at each step; a state is one of some step all the same."""
        parts = all_of([node])
        return name[-1] != "'" and not any(id(p) in self.index or p.drawn for p in parts)

    def legend(self, step_equations):
        return [rf"{self.indexed(k)} &= {v}" for k, v in self.unusual(step_equations).items()]

    @staticmethod
    def words(text):
        return rf"\mathrm{{{text}}}".replace(" ", r"\ ")

    def functions_name(self, name, command=r"\mathrm"):
        escaped = name.replace("_", r"\_")
        return rf"{command}{{{escaped}}}"

    @staticmethod
    def raised(base, exponent):
        return f"{{{base}}}^{{{exponent}}}"

    @staticmethod
    def transposed(matrix):
        return rf"{{{matrix}}}^{{\top}}"

    def letter(self, name, part=""):
        """Letter of a value of this step, with the index t, or of a part of its columns."""
        return self.indexed(name, part, "" if name in self.still else "t")

    def old(self, name):
        return self.indexed(name, "t-1")

    def _symbol(self, node):
        if node.name == "x" and not node.weight:
            return "x_t"
        return self.indexed(node.name, self.index.get(id(node), ""))

    def indexed(self, name, *more):
        """A name as a letter with one index, of all that stands below it."""
        base, number, index = NAME.fullmatch(name).groups()
        below = [number, with_greek((index or "").replace("_", ",")), *map(with_greek, more)]
        below = ",".join(filter(None, below))
        return f"{self._base(base)}_{{{below}}}" if below else self._base(base)

    def _base(self, base):
        """The letter of a name; a word is set upright, as no product of its letters."""
        if base in self.COMMANDS:
            return self.COMMANDS[base]
        if (named := base_of(base)) != base:
            return named
        is_word = len(base) > 1 and not {*base} & {*GREEK}
        return self.functions_name(base) if is_word else with_greek(base)

    @staticmethod
    def number(value):
        digits, _, exponent = f"{value:G}".replace("INF", r"\infty").partition("E")
        if not exponent:
            return digits
        factor = {"1": "", "-1": "-"}.get(digits, rf"{digits} \cdot ")
        return f"{factor}10^{{{int(exponent)}}}"

    def function(self, name, index):
        # Unlike a letter that is set upright, an operator keeps its distance from a factor.
        operator = self.functions_name(name, r"\operatorname")
        letter = self.COMMANDS.get(name, operator)
        letter += f"_{{{self.functions_name(index)}}}" if index else ""
        return letter.replace("{", "{{").replace("}", "}}") + r"\left({}\right)"

    def _divide(self, node):
        return rf"\frac{{{self.write(node.of[0])}}}{{{self.write(node.of[1])}}}"

    def _columns(self, node):
        (whole,) = node.of
        part = f"[{node.name}]" if "/" in node.name else node.name
        if id(whole) in self.named:
            return self.letter(self.named[id(whole)], part)
        return rf"\left({self.write(whole)}\right)_{{{with_greek(part)}}}"


def _times(step_equations):
    """Indices for time by the ids of the symbols that have one: of the input and of old states."""
    features = {"x", *step_equations.cell.feature_blocks}
    nodes = all_of([*step_equations.gates.values(), *step_equations.states.values()])
    symbols = [node for node in nodes if node.kind == "symbol" and not node.weight]
    times = {id(node): "t" for node in symbols if node.name in features}
    return times | {id(node): "t-1" for node in step_equations.inputs.values()}
