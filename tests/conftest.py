"""Settings of all tests: quiet TensorFlow, and the same random numbers for every test."""

import gc
import os

from tests.quick_xla import quick_flags

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")
# What is right is right without XLA's optimisations, and is compiled in half of the time; and
# without oneDNN's kernels, which depend on the processor and which TensorFlow prepares for longer
# than it runs them at these sizes. `test_backends.py` runs some cells as users do.
if "XLA_FLAGS" not in os.environ:
    os.environ["XLA_FLAGS"] = quick_flags()
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")
# tf2onnx copies its graph before each of its passes, to go on without one that fails. Set to
# anything it copies nothing, and a pass that fails is an error.
os.environ.setdefault("TF2ONNX_CATCH_ERRORS", "no")

import numpy as np
import pytest

#: Files of tests that take a minute each: begun last, one would run on alone.
LONG = ("test_backends", "test_examples", "test_lifetimes", "test_many_workers", "test_bench")


def pytest_collection_modifyitems(items):
    items.sort(key=lambda item: item.path.stem not in LONG)


def pytest_collection_finish():
    # What has been imported stays; without it each collection of garbage takes a tenth of the time.
    gc.freeze()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config):
    """With `-n auto` one worker more than cores: one that waits for a process leaves its core."""
    return (os.cpu_count() or 1) + 1


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """With `-n` each worker has tests in a row, which share what a file makes once for them."""
    if config.getvalue("dist") == "load":
        from xdist.scheduler import WorkStealingScheduling

        return WorkStealingScheduling(config, log)
    return None


@pytest.fixture(autouse=True)
def _seed():
    # Not above: where tests are handed out to workers, who hands them out needs no TensorFlow.
    import keras

    keras.utils.set_random_seed(17)


@pytest.fixture
def eager(request):
    """In the fast suite functions run as Python: for tests that look at what comes out of them.

    That the same comes of their graphs is tried beside the functions, and in the slow suite.
    """
    from tests.cases import eagerly

    with eagerly(not request.node.get_closest_marker("slow")):
        yield


@pytest.fixture
def gpu(monkeypatch):
    """A GPU, as far as Keras's list of devices goes."""
    import keras
    import tensorflow as tf

    monkeypatch.setattr(keras.distribution, "list_devices", lambda: ["cpu:0", "gpu:0"])
    monkeypatch.setattr(tf.sysconfig, "get_build_info", lambda: {"is_cuda_build": True})


@pytest.fixture
def rng():
    return np.random.default_rng(29)


@pytest.fixture
def loop(request):
    """The name of a loop; of one that XLA compiles with whether it shall."""
    from tests.cases import eagerly

    name, _, how = request.param.partition(" ")
    with eagerly(how == "eagerly"):
        yield name
