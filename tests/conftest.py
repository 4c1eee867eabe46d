"""Settings of all tests: quiet TensorFlow, and the same random numbers for every test."""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")

import keras
import numpy as np
import pytest

from tests.cases import SOME


def pytest_collection_modifyitems(items):
    for item in items:
        chosen = item.callspec.params if hasattr(item, "callspec") else {}
        loop, name = chosen.get("loop", "keras"), chosen.get("name", SOME[0])
        # Making a graph takes its time, and the recomputing loop is the compiled one but for that.
        some = SOME[:1] if loop in ("auto", "compiled") else SOME
        plain = "setting" in chosen and "masked" not in chosen["setting"]
        if loop == "recomputed" or (loop != "keras" and (plain or name not in some)):
            item.add_marker(pytest.mark.slow)


@pytest.fixture(autouse=True)
def _seed():
    keras.utils.set_random_seed(17)


@pytest.fixture
def rng():
    return np.random.default_rng(29)
