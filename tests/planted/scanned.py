"""Errors in the compiled loop of JAX."""

from tests.planted.mutant import Mutant

_TESTS = "backend:jax:backend_scanned.py"

MUTANTS = [
    Mutant(
        "scanned",
        "what inputs and weights add to sums comes by way of states once more",
        "loops/scanned/over_time.py",
        "hold = dict(kept).get",
        "hold = lambda key, value: value",
        (_TESTS, "users_own and compiled"),
    ),
    Mutant(
        "scanned",
        "the last states are those before the steps that are left over",
        "loops/scanned/over_time.py",
        "states, more = block(states, remaining)",
        "_, more = block(states, remaining)",
        (_TESTS, "number_of_blocks and 37-16-compiled"),
    ),
    Mutant(
        "scanned",
        "the state before a step is the one after it",
        "loops/scanned/over_time.py",
        "jnp.concatenate([states[shown][None], outputs[:-1]])",
        "outputs",
        (_TESTS, "outputs_and_gradients and SimpleRNNCell"),
    ),
    Mutant(
        "scanned",
        "weights that are read point by point have no gradients",
        "loops/scanned/over_time.py",
        "if program.fixed[i] in program.moved}",
        "if False}",
        (_TESTS, "outputs_and_gradients and PeepholeLSTMCell"),
    ),
    Mutant(
        "scanned",
        "steps that draw random numbers are compiled",
        "loops/scanning.py",
        "if after.keys() != values.keys() or",
        "if",
        (_TESTS, "cannot_be_compiled"),
    ),
]
