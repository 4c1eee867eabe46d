"""Steps that go round several times, as a solver does: the equations are those of one round."""

from dataclasses import dataclass

from kerasgates.core.declarations import required


@dataclass(frozen=True)
class Rounds:
    """How often a cell goes round within a step.

    Attributes:
        argument: of the cell, which says how often.
        letter: of that number in equations.
        number: how often.
    """

    argument: str
    letter: str
    number: int


class OneRound:
    """The number 1 of a loop over one round; a tensor times it shows the letter of the true number.

    In no other arithmetic it is a number, or the letter would be lost; all rounds are read then.
    """

    # Keras asks for it, which is `int` where it is given a number.
    dtype = int

    def __init__(self, letter):
        self.letter = letter

    def __index__(self):
        return 1

    def __str__(self):
        return "1"

    def __add__(self, other):
        """The end of a range."""
        return 1 + other


def rounds_of(cell):
    """The `Rounds` of a cell, or of its class; None where its step goes through once."""
    # Of the class: what wraps a cell does something with its states after the last round.
    kind = cell if isinstance(cell, type) else type(cell)
    argument = kind.repeats
    if argument is None:
        return None
    # Where there is no default, the number with which tools make a cell of the class.
    default = kind.__signature__.parameters[argument].default
    of_class = required(kind, 3).get(argument, default)
    number = of_class if kind is cell else getattr(cell, argument)
    return Rounds(argument, kind.letters.get(argument, argument), number)
