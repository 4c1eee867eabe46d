"""Equations that show as formulas in a notebook, and Greek letters as LaTeX has them."""

import unicodedata

#: Letters written as commands of LaTeX; ζ, θ, κ, μ and ν stay, as shipped cells have them.
LETTERS = "αβγδεηιλξπρστυφχψωΓΔΘΛΞΠΣΥΦΨΩ"


def _command(letter):
    """The command of a Greek letter, by its name in Unicode."""
    name = unicodedata.name(letter).rpartition(" ")[2].replace("LAMDA", "LAMBDA")
    name = name.title() if letter.isupper() else name.lower()
    # The letters that look as these do.
    return rf"\var{name}" if letter in "εφ" else rf"\{name}"


GREEK = {letter: _command(letter) for letter in LETTERS}


def with_greek(name):
    """A name with its Greek letters as commands of LaTeX."""
    parts = [f"{GREEK[letter]} " if letter in GREEK else letter for letter in name]
    return "".join(parts).rstrip()


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
