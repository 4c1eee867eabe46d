"""Errors in the loops of linear cells."""

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
        "loops/prefixes.py",
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
    Mutant(
        "associative",
        "of chunks the second begins where the first began",
        "loops/chunked.py",
        "ops.concatenate([first, later[:, :-1]], axis=1)",
        "ops.concatenate([first, first, later[:, 1:-1]], axis=1)",
        ("test_associative.py", "in_chunks and MinGRUCell"),
    ),
    Mutant(
        "associative",
        "chunks of the delta rule are joined in the wrong order",
        "loops/chunked.py",
        "return operations.matmul(a, c), operations.matmul(b, c) + d",
        "return operations.matmul(c, a), operations.matmul(b, c) + d",
        ("test_associative.py", "in_chunks and DeltaNetCell-default"),
    ),
    Mutant(
        "associative",
        "a chunk that begins masked shows zeros",
        "loops/chunked.py",
        "outputs if run.mask is None else hold_last(outputs, run.mask)",
        "outputs",
        ("test_associative.py", "in_chunks and MinGRUCell"),
    ),
    Mutant(
        "associative",
        "any matrix runs in chunks",
        "loops/linear.py",
        "return bool(np.abs(new - line).max() <= TOLERANCE * np.abs(line).max())",
        "return True",
        ("test_chunked.py", "of_any_shape and rows and mixed"),
    ),
]
