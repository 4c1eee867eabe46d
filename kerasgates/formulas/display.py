"""Equations that show as formulas in a notebook."""


class EquationText(str):
    """Equations as text or LaTeX, a string like any other; in a notebook they are set.

    Attributes:
        latex: the equations as a LaTeX environment, whatever the string itself is.
    """

    __slots__ = ("latex",)

    def __new__(cls, text, latex):
        made = super().__new__(cls, text)
        made.latex = latex
        return made

    def __getnewargs__(self):
        return str(self), self.latex

    def _repr_latex_(self):
        return f"$$\n{self.latex}\n$$"
