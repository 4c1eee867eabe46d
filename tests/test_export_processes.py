"""Exports that are killed, and exports side by side, in processes and in threads."""

import json
import os
import re
import subprocess
import sys
import threading
import warnings

import keras
import numpy as np
import pytest

import kerasgates as kg
from kerasgates.export.source import difference
from tests import tolerances
from tests.cases import FEATURES, as_array, randomise


def model_of_seed(seed):
    x = keras.Input((None, FEATURES), name="x")
    model = keras.Model(x, kg.SimpleRNN(3, name="recurrent")(x))
    randomise(model, np.random.default_rng(seed))
    return model


#: Exports in processes of their own, which are forked before TensorFlow does anything.
DRIVER = """
import json, os, random, shutil, signal, sys, time
import kerasgates as kg
from tests.test_export_processes import model_of_seed
home = sys.argv[1]
target = os.path.join(home, "model")

def begin(seed, limit=None):
    if (child := os.fork()) == 0:
        if limit:
            import resource
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
        code = 1
        try:
            kg.export.saved_model(model_of_seed(seed), target, streaming=False)
            code = 0
        except kg.export.ExportError as error:
            print(error, file=sys.stderr, flush=True)
            code = 3
        finally:
            os._exit(code)
    return child

def end(child):
    return os.waitpid(child, 0)[1]

def look(name):
    if os.path.exists(target):
        shutil.copytree(target, os.path.join(home, "seen", name))
    return sorted(os.listdir(home))

start = time.perf_counter()
result = {"first": end(begin(1)), "listed": []}
took = time.perf_counter() - start
drawn = random.Random(2)
for number in range(3):
    child = begin(2)
    # Most of the work is to be killed, the end with the moves as well as the beginning.
    time.sleep(took * drawn.uniform(0.3, 1.1))
    os.kill(child, signal.SIGKILL)
    end(child)
    look(f"killed {number}")
result["full"] = os.waitstatus_to_exitcode(end(begin(3, limit=2000)))
result["after full"] = look("full")
children = [begin(seed) for seed in (4, 5)]
result["beside"] = [end(child) for child in children]
result["after beside"] = look("beside")
print(json.dumps(result))
"""


@pytest.mark.slow
def test_real_exports_that_are_killed_or_run_side_by_side_leave_whole_models(tmp_path, rng):
    done = subprocess.run(
        [sys.executable, "-c", DRIVER, str(tmp_path)],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    )
    assert done.returncode == 0, done.stderr[-3000:]
    result = json.loads(done.stdout.splitlines()[-1])
    assert result["first"] == 0
    assert result["full"] == 3  # An ExportError.
    assert re.search(r"Exporting to a SavedModel failed: /.*too large", done.stderr)
    # What the killed ones left is gone after an export that failed, too.
    assert result["after full"] == result["after beside"] == ["model", "seen"]
    assert result["beside"] == [0, 0]
    x = rng.normal(size=(2, 4, FEATURES)).astype("float32")
    outputs = {seed: as_array(model_of_seed(seed)(x)) for seed in range(1, 6)}
    for folder in sorted((tmp_path / "seen").iterdir()):
        (given,) = kg.export.run(folder, x).values()
        from_model = {
            seed
            for seed, expected in outputs.items()
            if difference([expected], [given], "file") <= tolerances.EXPORT
        }
        assert len(from_model) == 1
        assert from_model <= ({4, 5} if folder.name == "beside" else {1, 2}), folder.name
    assert len(list((tmp_path / "seen").iterdir())) == 5


@pytest.mark.slow
def test_exports_in_two_threads_share_the_process(tmp_path, rng):
    """One model by both: standard output, filters of warnings and the layers stay as they were."""
    model, failures = model_of_seed(1), []
    before, filters = sys.stdout, list(warnings.filters)

    def export(name):
        try:
            kg.export.litert(model, tmp_path / name, kind="loop")
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=export, args=(f"{n}.tflite",)) for n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    assert sys.stdout is before
    assert list(warnings.filters) == filters
    x = rng.normal(size=(2, 4, FEATURES)).astype("float32")
    for path in tmp_path.iterdir():
        (given,) = kg.export.run(path, x).values()
        assert difference([as_array(model(x))], [given], path.name) <= tolerances.EXPORT


@pytest.mark.parametrize("path", ["home/model", "current"])
def test_a_model_that_a_killed_export_had_moved_is_found_again(path, tmp_path):
    """Where folders cannot be exchanged in one step, there is nothing at the path for a moment."""
    home = tmp_path / "home"
    left = home / ".kerasgates-left"
    (left / "old00" / "model").mkdir(parents=True)
    (left / "lock").touch()
    (left / "old00" / "model" / "saved_model.pb").write_text("no model")
    (tmp_path / "current").symlink_to(home / "model")
    with pytest.raises(ValueError, match="must name a model that its runtime can load"):
        kg.export.load(tmp_path / path)
    assert os.listdir(home) == ["model"]
