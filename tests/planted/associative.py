"""Errors in the loop of all steps at once."""

from tests.planted.mutant import Mutant

MUTANTS = [
    Mutant(
        "associative",
        "masked steps of all at once lose the state",
        "loops/associative.py",
        "ops.full_like(value, float(row == column))",
        "ops.zeros_like(value)",
        ("test_associative.py", "reference and MinGRUCell"),
    ),
    Mutant(
        "associative",
        "of all steps at once every second one forgets",
        "loops/prefixes.py",
        "third = combine(before, _every_other(values, 2, time))",
        "third = _every_other(values, 2, time)",
        ("test_associative.py", "any_length"),
    ),
    Mutant(
        "associative",
        "of all steps at once a state does not see those before it",
        "loops/associative.py",
        "here = list(self.old)\n        for i in group:",
        "here = list(self.old)\n        for i in range(len(here)):",
        ("test_associative.py", "reference and GILRLSTMCell"),
    ),
    Mutant(
        "associative",
        "of all steps at once masked ones repeat the first",
        "loops/associative.py",
        "prefixes(ops.maximum, at)",
        "prefixes(ops.minimum, at)",
        ("test_associative.py", "reference and QRNNCell"),
    ),
    Mutant(
        "associative",
        "of any number of steps a block sees itself before it begins",
        "loops/prefixes.py",
        "ops.expand_dims(v[:, :-1], 2), ends",
        "ops.expand_dims(v[:, 1:], 2), ends",
        ("test_associative_gradients.py", "one_graph_for_any and False"),
    ),
]
