"""One planted error."""

from dataclasses import dataclass

CONTRACT = ("test_contract.py", "layer_equals and LSTMCell-default-keras")
ERRORS = ("test_errors.py", "")


@dataclass(frozen=True)
class Mutant:
    """One planted error: `old` becomes `new` in `file`; `tests` are a file and a `-k` choice."""

    kind: str
    name: str
    file: str
    old: str
    new: str
    tests: tuple
