"""The same cell code gives the same numbers on every backend of Keras."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).parent


def run_tests(backend, *arguments):
    # Warnings of the other backends' libraries are theirs; numbers are what counts here.
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-W", "default"]
    done = subprocess.run(
        [*command, *arguments],
        env={**os.environ, "KERAS_BACKEND": backend},
        capture_output=True,
        text=True,
        cwd=TESTS.parent,
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
    assert " passed" in done.stdout


@pytest.mark.slow
@pytest.mark.parametrize("backend", ["jax", "torch"])
def test_contract(backend):
    # Every cell in Keras's loop and some in the others, which here are little else.
    run_tests(backend, str(TESTS / "test_contract.py"), "-m", "not slow")


@pytest.mark.slow
@pytest.mark.parametrize("backend", ["jax", "torch"])
def test_training_dropout_and_state(backend):
    run_tests(backend, str(TESTS / "backend_training.py"))
