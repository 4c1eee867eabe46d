"""Keras's own tests of recurrent layers, from its wheel, with our classes in the place of Keras's.

The wheel carries them beside its modules. They are loaded from there and run as they are; what
they call `layers.LSTM` is ours.
"""

import importlib
import importlib.util
import unittest

import keras
import pytest

import kerasgates as kg
from kerasgates.loops import keras_loop, runs
from tests.cases import KERAS

#: Keras's tests feed from a generator and are told each time that it is not shuffled.
pytestmark = pytest.mark.filterwarnings("ignore:`shuffle=True` was passed:UserWarning")

#: By module, the cases that are left out: they ask for what is private to Keras.
PRIVATE = {
    "gru": {
        "test_torch_cudnn_dispatch_fires": "a private function of PyTorch is called, on a GPU",
    },
    "bidirectional": {
        "test_fused_lstm_eligibility": "whether cuDNN may run both directions at once",
        "test_fused_gru_eligibility": "whether cuDNN may run both directions at once",
        "test_torch_cudnn_bidirectional_gru_dispatch_fires": "as of gru, for both directions",
    },
}
#: The modules beside which those tests stand.
MODULES = (
    "rnn",
    "simple_rnn",
    "lstm",
    "gru",
    "bidirectional",
    "stacked_rnn_cells",
    "time_distributed",
    "dropout_rnn_cell",
)
FOLDER = keras.layers.LSTM.__module__.rpartition(".")[0]


class OursForKeras:
    """`keras.layers`, but for the classes of which we have our own."""

    RNN = kg.RNN
    SimpleRNN, SimpleRNNCell = kg.SimpleRNN, kg.SimpleRNNCell
    LSTM, LSTMCell = kg.LSTM, kg.LSTMCell
    # What Keras means by GRU where `reset_after` is not said; with False it makes our GRU.
    GRU, GRUCell = kg.ResetAfterGRU, kg.ResetAfterGRUCell

    def __getattr__(self, name):
        return getattr(keras.layers, name)


#: Where our own cells are, so that `loop="auto"` compiles something.
COMPILED = ("simple_rnn", "lstm", "gru", "bidirectional", "stacked_rnn_cells")


def cases(module):
    """The classes of Keras's tests beside a module, by a name of ours: in each loop, one."""
    name = f"{FOLDER}.{module}_test"
    if importlib.util.find_spec(name) is None:
        return {f"test_{module}": missing(name)}
    tests = importlib.import_module(name)
    tests.layers = OursForKeras()
    found = [c for c in vars(tests).values() if isinstance(c, type) and c.__module__ == name]
    (case,) = [c for c in found if issubclass(c, unittest.TestCase)]
    left_out = dict.fromkeys(PRIVATE.get(module, ()))
    unknown = [test for test in left_out if not hasattr(case, test)]
    assert not unknown, f"Keras {keras.__version__} has no {unknown} any more"
    if hasattr(case, "test_basics"):
        pytest.mark.slow(case.test_basics)
    made = [type(f"Test_{module}", (InKerasLoop, case), left_out)]
    if module in COMPILED:
        # Each of the many small models of `test_basics` is compiled: those of one layer are enough.
        skipped = left_out if module == "lstm" else {**left_out, "test_basics": None}
        made.append(pytest.mark.slow(type(f"Test_{module}_auto", (case,), skipped)))
    return {c.__name__: c for c in made}


class InKerasLoop:
    """Tests for which `loop="auto"` chooses Keras's own loop, which compiles nothing."""

    @pytest.fixture(autouse=True)
    def _choose(self, monkeypatch):
        monkeypatch.setattr(runs, "decide", lambda *run: keras_loop)


def missing(name):
    """A test that fails: a Keras without its tests proves nothing. None before 3.15 has any."""

    def test():
        why = (
            f"Keras {keras.__version__} carries no {name}: this test needs a wheel with Keras's "
            "own tests in it, as that of Keras 3.15 has. Nothing was tested."
        )
        if KERAS < (3, 15):
            pytest.skip(why)
        pytest.fail(why, pytrace=False)

    return test


for module in MODULES:
    globals().update(cases(module))
