"""Runs of pytest in forks of one process, which has imported TensorFlow before.

    python tests/planting.py

reads one JSON object a line, {"folder", "arguments", "environment", "output", "failed"}, runs
pytest in `folder` in a fork of its own and answers with the exit code; the name of the test that
failed is written into the file `failed`. Importing TensorFlow takes longer
than a planted error needs to be noticed, and nothing of it depends on the package: it is imported
once, and nothing is computed before the fork, so that no thread is lost by it. The package is
imported in the fork. `mutants.py` is who asks.
"""

import gc
import json
import os
import sys
from pathlib import Path

import pytest

#: What a fork exits with where pytest has not even begun.
NOT_RUN = 70


class SlowLast:
    """Plugin: the quick tests first, one of which is mostly enough."""

    def pytest_collection_modifyitems(self, items):
        items.sort(key=lambda item: item.get_closest_marker("slow") is not None)


class Failed:
    """Plugin that writes the name of a test that fails into a file."""

    def __init__(self, path):
        self.path = path

    def pytest_runtest_logreport(self, report):
        if report.failed:
            self.path.write_text(report.nodeid)


def run(folder, arguments, environment, output, failed):
    """Run pytest in this process, as if it had been started in `folder`; never returns."""
    code = NOT_RUN
    try:
        printed = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        for stream in (1, 2):
            os.dup2(printed, stream)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.chdir(folder)
        os.environ.update(environment)
        sys.path[0] = folder
        sys.dont_write_bytecode = True
        import kerasgates

        if not os.path.realpath(kerasgates.__file__).startswith(os.path.realpath(folder) + os.sep):
            raise ImportError(f"{kerasgates.__file__} is not in {folder}")
        code = int(pytest.main(arguments, plugins=[SlowLast(), Failed(Path(failed))]))
    except BaseException:
        # Mostly a file of the package that cannot be imported.
        sys.excepthook(*sys.exc_info())
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def serve():
    answers = os.fdopen(os.dup(1), "w")
    # What libraries print while they are imported is no answer.
    os.dup2(2, 1)
    import keras  # noqa: F401

    # No pass over what all forks share would copy its pages.
    gc.freeze()
    for line in sys.stdin:
        child = os.fork()
        if not child:
            run(**json.loads(line))
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), file=answers, flush=True)


if __name__ == "__main__":
    serve()
