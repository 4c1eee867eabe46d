"""The same cell code gives the same numbers on every backend of Keras, and as users run it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.quick_xla import FLAGS

TESTS = Path(__file__).parent


def run_tests(backend, *arguments, **environment):
    if backend == "jax":
        # By the older generator JAX computes other numbers for one of our cells.
        environment = {"XLA_FLAGS": FLAGS, **environment}
    if backend == "torch":
        # Steps of some rows are soon done, and threads of OpenMP wait for one another busily.
        environment = {"OMP_NUM_THREADS": "1", **environment}
    # Warnings of the other backends' libraries are theirs; numbers are what counts here.
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-W", "default"]
    done = subprocess.run(
        [*command, *arguments],
        env={**os.environ, "KERAS_BACKEND": backend, **environment},
        capture_output=True,
        text=True,
        cwd=TESTS.parent,
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
    assert " passed" in done.stdout


@pytest.mark.slow
@pytest.mark.parametrize("backend", ["jax", "torch"])
def test_contract_training_dropout_and_state(backend):
    """Further configurations are tried on TensorFlow alone: they change no loop."""
    names = ("test_contract.py", "test_associative.py")
    names += ("backend_training.py", "backend_wrappers.py", "backend_insight.py")
    files = [str(TESTS / name) for name in names]
    more = {"jax": ["scanned"], "torch": ["vendor", "traced"]}[backend]
    files += [str(TESTS / f"backend_{name}.py") for name in more]
    run_tests(backend, *files, "-k", "not further_configuration")


@pytest.mark.slow
def test_with_the_optimisations_of_xla_and_the_kernels_of_onednn():
    """As users run them; the other tests do without, since they take time."""
    named = "SimpleRNNCell-default or LSTMCell-default or GRUCell-default"
    chosen = f"xla_computes and masked and -compiled and ({named})"
    # oneDNN has no double precision, in which gradients are compared.
    chosen = f"({chosen}) or transfer_unchanged or precision"
    names = ("test_compiled.py", "test_keras.py", "test_layers_dropout.py")
    files = [str(TESTS / name) for name in names]
    run_tests("tensorflow", *files, "-k", chosen, XLA_FLAGS="", TF_ENABLE_ONEDNN_OPTS="1")
