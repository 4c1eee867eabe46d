"""Equations that show as formulas in a notebook."""


class EquationText(str):
    """Equations as text or LaTeX, a string like any other; in a notebook they are set.

    Attributes:
        latex: the equations as a LaTeX environment, whatever the string itself is.
    """

    latex: str
    __slots__ = ("latex",)

    def __new__(cls, text: str, latex: str):
        made = super().__new__(cls, text)
        made.latex = latex
        return made

    def __getnewargs__(self) -> tuple[str, str]:  # type: ignore[override]
        return str(self), self.latex

    def _repr_latex_(self) -> str:
        return f"$$\n{self.latex}\n$$"
