"""Errors planted one by one; the tests must notice each.

    python -m tests.mutants            # plant every error; some minutes
    python -m tests.mutants --list     # show them by kind
    python -m tests.mutants gru        # those with "gru" in their name

Each mutant is a text of one file of the package replaced by another. The package is copied, the
error planted in the copy, and the tests named with it are run there until the first failure, in a
fork of a process that has imported TensorFlow (`planting.py`). The tests that failed are run again
without an error, where they must pass. A mutant that no test notices is a hole in the tests.
`planted/` has the mutants, `test_mutants.py` runs them in CI.
"""

import argparse
import atexit
import compileall
import functools
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.planted import (
    associative,
    cells_and_layers,
    compiled,
    equations,
    exports,
    scanned,
    vendor,
    wrappers,
)
from tests.quick_xla import FLAGS, quick_flags

ROOT = Path(__file__).resolve().parent.parent

MUTANTS = [
    *equations.MUTANTS,
    *cells_and_layers.MUTANTS,
    *exports.MUTANTS,
    *vendor.MUTANTS,
    *scanned.MUTANTS,
    *associative.MUTANTS,
    *compiled.MUTANTS,
    *wrappers.MUTANTS,
]


#: What pytest exits with.
TESTS_FAILED = 1
NO_TESTS_CHOSEN = 5


@functools.cache
def forks(backend):
    """The process that runs tests in forks of itself, on a backend of Keras; started once."""
    environment = {**os.environ, "KERAS_BACKEND": backend, "OPENBLAS_NUM_THREADS": "1"}
    if backend == "jax":
        environment["XLA_FLAGS"] = FLAGS
    # Options of the run outside, such as plugins, are not for this one.
    environment.pop("PYTEST_ADDOPTS", None)
    environment["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    process = subprocess.Popen(
        [sys.executable, str(ROOT / "tests" / "planting.py")],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    atexit.register(_end, process)
    return process


def _end(process):
    process.stdin.close()
    process.wait()


@functools.cache
def compiled_copy():
    """A folder with the package and its tests, compiled once for all that are copied from it."""
    holder = tempfile.TemporaryDirectory()
    atexit.register(holder.cleanup)
    folder = Path(holder.name)
    for name in ("kerasgates", "tests"):
        shutil.copytree(ROOT / name, folder / name)
        compileall.compile_dir(folder / name, quiet=2)
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


def plant(mutant, folder):
    """A copy of the package and its tests with one error in it."""
    # Links take a tenth of the time of copies; the one file that changes is made anew.
    shutil.copytree(compiled_copy(), folder, dirs_exist_ok=True, copy_function=os.link)
    target = folder / "kerasgates" / mutant.file
    text = target.read_text()
    if mutant.old not in text:
        raise ValueError(f"{mutant.name}: {mutant.file} has no {mutant.old!r}")
    target.unlink()
    target.write_text(text.replace(mutant.old, mutant.new))
    # Compiled code is told from its source by size and time, which may be the same by chance.
    for cached in target.parent.glob(f"__pycache__/{target.stem}.*"):
        cached.unlink()


def run(backend, folder, arguments, output):
    """Run pytest in a folder, in a fork: its exit code, and the test that failed, or None."""
    # What other backends' libraries warn of is theirs.
    warnings = ["-W", "default"] if backend != "tensorflow" else []
    failed = Path(f"{output}.failed")
    question = {
        "folder": str(folder),
        "arguments": ["-x", "-q", "-p", "no:cacheprovider", *warnings, *arguments],
        "environment": {"PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"},
        "output": str(output),
        "failed": str(failed),
    }
    process = forks(backend)
    print(json.dumps(question), file=process.stdin, flush=True)
    code = int(process.stdout.readline())
    return code, failed.read_text() if failed.exists() else None


@functools.cache
def all_pass(backend, tests):
    """Whether tests pass where no error is planted, in a fork like those with one."""
    with tempfile.TemporaryDirectory() as name:
        code, _ = run(backend, compiled_copy(), [*tests], Path(name) / "output.txt")
    return code == 0


def notice(mutant):
    """Plant one error in a copy and run its tests there.

    Returns:
        The backend, the test that noticed or None, and what was printed.

    Raises:
        ValueError: if no test is chosen.
    """
    file, choice = mutant.tests
    backend = "tensorflow"
    if file.startswith("backend:"):
        _, backend, file = f"{file}:".split(":")[:3]
        file = file or "test_contract.py"
    selection = ["-k", choice] if choice else []
    with tempfile.TemporaryDirectory() as name:
        output = Path(name) / "output.txt"
        plant(mutant, Path(name))
        code, test = run(backend, name, [f"tests/{file}", *selection], output)
        printed = output.read_text()[-2000:]
    if code == NO_TESTS_CHOSEN:
        raise ValueError(f"{mutant.name}: no test of {file} is chosen by {choice!r}")
    # Anything else, such as a file that cannot be imported, is no proof.
    return backend, test if code == TESTS_FAILED else None, printed


def kill(*mutants):
    """Plant errors one by one and run the tests of each.

    Returns:
        By the name of each mutant whether its tests noticed, and what they printed.

    Raises:
        ValueError: if no test is chosen, or one that failed fails without the error, too.
    """
    found = {mutant.name: notice(mutant) for mutant in mutants}
    for backend in {backend for backend, test, _ in found.values() if test}:
        killers = {test: name for name, (where, test, _) in found.items() if where == backend}
        killers.pop(None, None)
        # All in one process, and only where that fails one by one.
        if not all_pass(backend, tuple(killers)):
            for test, name in killers.items():
                if not all_pass(backend, (test,)):
                    raise ValueError(f"{name}: {test} fails without the error, too")
    return {name: (test is not None, printed) for name, (_, test, printed) in found.items()}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--list", action="store_true", help="show the mutants and stop")
    parser.add_argument("words", nargs="*", help="only mutants with one of these in the name")
    options = parser.parse_args()
    os.environ.setdefault("XLA_FLAGS", quick_flags())
    chosen = [m for m in MUTANTS if not options.words or any(w in m.name for w in options.words)]
    survivors = []
    for number, mutant in enumerate(chosen, 1):
        if options.list:
            print(f"{mutant.kind:10} {mutant.name}")
            continue
        ((killed, output),) = kill(mutant).values()
        print(
            f"{number:3}/{len(chosen)}  {'killed  ' if killed else 'SURVIVED'}  "
            f"{mutant.kind:10} {mutant.name}",
            flush=True,
        )
        if not killed:
            survivors.append(mutant.name)
            print(output)
    if not options.list:
        print(f"{len(chosen) - len(survivors)} of {len(chosen)} mutants killed")
    return 1 if survivors else 0


if __name__ == "__main__":
    sys.exit(main())
