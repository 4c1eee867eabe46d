"""Equations that show as formulas in a notebook, and Greek letters as LaTeX has them."""

import unicodedata

#: Greek letters that are commands of LaTeX; and those that look as Latin ones, and are none.
LETTERS = "αβγδεζηθικλμνξπρςστυφχψωΓΔΘΛΞΠΣΥΦΨΩ"
AS_LATIN = dict(zip("οΑΒΕΖΗΙΚΜΝΟΡΤΧ", "oABEZHIKMNOPTX"))


def _command(letter):
    """The command of a Greek letter, by its name in Unicode."""
    name = unicodedata.name(letter).rpartition(" ")[2].replace("LAMDA", "LAMBDA")
    name = name.title() if letter.isupper() else name.lower()
    # The letters that look as these do.
    return rf"\var{name}" if letter in "εςφ" else rf"\{name}"


GREEK = {letter: _command(letter) for letter in LETTERS} | AS_LATIN
COMMANDS = {**GREEK, "…": r"\ldots"}


def with_greek(name):
    """A name with its Greek letters as commands of LaTeX, a space behind each."""
    parts = [COMMANDS.get(letter, letter) for letter in name]
    return "".join(f"{part} " if part[0] == "\\" else part for part in parts).rstrip()


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
