"""Several devices and several processes train what one worker does, also when one is killed."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tests import tolerances
from tests.quick_xla import FLAGS
from tests.tolerances import assert_close

ROOT = Path(__file__).resolve().parent.parent
#: Weights of several workers against those of one, in units of the largest weight.
AS_ALONE = 1e-6
SECONDS = 400
#: Only correctness counts here, for which fast code need not be made.
QUICK = os.environ["XLA_FLAGS"]


@contextlib.contextmanager
def started(commands, **environment):
    """Processes that are gone when this ends, however it ends, with all that they started."""
    few = {"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
    environment = {**os.environ, **few, **environment}
    running = []
    try:
        for command in commands:
            run = [sys.executable, *map(str, command)]
            pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
            own = {"cwd": ROOT, "env": environment, "start_new_session": True}
            running.append(subprocess.Popen(run, **own, **pipes))
        yield running
    finally:
        for process in running:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.communicate()


def free_address():
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{held.getsockname()[1]}"


def reports(module, workers=1, **environment):
    """What each worker prints last, as the script of `module` reports it."""
    address = free_address()
    commands = [("-m", f"tests.{module}", address, workers, number) for number in range(workers)]
    with started(commands, **environment) as running:
        said = [process.communicate(timeout=SECONDS)[0] for process in running]
    for process, output in zip(running, said):
        assert process.returncode == 0, output[-4000:]
    return [json.loads(output.splitlines()[-1]) for output in said]


def check(found, alone, **expected):
    """That all weights of a report but those `alone` and `first` are as of one worker alone."""
    reference = np.array(alone["weights"]["alone"])
    largest = np.abs(reference).max()
    assert np.abs(reference - alone["weights"]["first"]).max() > 0.05 * largest
    trained = {name: w for name, w in found["weights"].items() if name not in ("alone", "first")}
    assert trained
    for name, weights in trained.items():
        assert np.abs(reference - weights).max() < AS_ALONE * largest, name
    assert {name: found[name] for name in expected} == expected


@pytest.mark.slow
def test_two_devices_of_tensorflow_train_as_one():
    (found,) = reports("scale_mirrored", XLA_FLAGS=QUICK, KERAS_BACKEND="tensorflow")
    # Gradients of gradients, which each device takes of its own copy.
    ours, stock = (found["weights"].pop(name) for name in ("ours", "stock"))
    assert len({*ours}) > 100
    assert_close(np.float32(ours), np.float32(stock), tolerances.EXPORT)
    check(found, found, devices=2)


@pytest.mark.slow
def test_two_devices_of_jax_train_as_one_in_one_process_and_in_two():
    # Kernels and biases of the three layers.
    split = {"DataParallel": 0, "ModelParallel": 8}
    flags = f"{FLAGS} --xla_force_host_platform_device_count"
    (alone,) = reports("scale_jax", 1, XLA_FLAGS=f"{flags}=2", KERAS_BACKEND="jax")
    check(alone, alone, devices=2, here=2, split=split)
    for found in reports("scale_jax", 2, XLA_FLAGS=f"{flags}=1", KERAS_BACKEND="jax"):
        check(found, alone, devices=2, here=1, split=split)


@pytest.mark.slow
def test_two_processes_of_pytorch_train_as_one():
    alone, other = reports("scale_torch", 2, KERAS_BACKEND="torch", GLOO_SOCKET_IFNAME="lo")
    for found in (alone, other):
        check(found, alone, processes=2)


#: Runs the example and prints, last, what a test wants to know.
EXAMPLE = """
import json, many_workers
rows, apart = many_workers.main()
print(json.dumps([rows, float(apart)]))
"""


@pytest.mark.slow
def test_the_example_goes_on_after_a_worker_was_killed():
    examples = str(ROOT / "examples")
    path = os.pathsep.join([examples, str(ROOT)])
    with started([("-c", EXAMPLE)], PYTHONPATH=path, XLA_FLAGS=QUICK) as (process,):
        output = process.communicate(timeout=SECONDS)[0]
    assert process.returncode == 0, output[-4000:]
    assert "One was killed in epoch 4; both are started again." in output
    lines = output.splitlines()
    # Of the start that was killed there is no last line.
    assert [line for line in lines if "by 1 worker(s)" in line and "160 steps" in line]
    assert [line for line in lines if "by 2 worker(s)" in line and "160 steps" in line]
    (alone, killed), apart = json.loads(lines[-1])
    # The largest weights are those of the forget gate's bias, about 1.
    assert 0 < apart < AS_ALONE
    for name in ("high °C", "low °C"):
        np.testing.assert_allclose(killed[name], alone[name], rtol=1e-5)
        assert alone[name][0] < 3
