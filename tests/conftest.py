"""Settings of all tests: quiet TensorFlow, and the same random numbers for every test."""

import gc
import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")
# What is right is right without XLA's optimisations, and is compiled in two thirds of the time.
# `test_backends.py` compiles some cells as users do.
os.environ.setdefault("XLA_FLAGS", "--xla_backend_optimization_level=0")

import keras
import numpy as np
import pytest

# What has been imported stays; without it each collection of garbage takes a tenth of the time.
gc.freeze()


@pytest.fixture(autouse=True)
def _seed():
    keras.utils.set_random_seed(17)


@pytest.fixture
def rng():
    return np.random.default_rng(29)
