"""Wrappers on a backend other than TensorFlow; run by `test_backends.py`."""

import keras
import numpy as np
import pytest

import kerasgates as kg
from tests import test_wrappers, test_wrappers_around
from tests.cases import MASK, as_array, as_arrays, randomise
from tests.reference_wrappers import over_time
from tests.tolerances import FLOAT32, SAME, assert_close

FEATURES = 4
WEIGHTS = {
    "weight norm": lambda: kg.WeightNorm(kg.GRUCell(3)),
    "drop connect": lambda: kg.DropConnect(kg.LSTMCell(3), 0.5),
}
#: One of each wrapper.
CASES = test_wrappers.CASES | test_wrappers_around.CASES | WEIGHTS
for other in ("zoneout of features", "nested", "norm without state"):
    CASES.pop(other)


@pytest.mark.parametrize("name", CASES)
def test_the_loop_of_this_backend_is_the_equations(name, rng):
    layer = kg.RNN(CASES[name](), return_sequences=True, return_state=True)
    layer.build((None, None, FEATURES))
    randomise(layer, rng)
    x = rng.normal(size=(*MASK.shape, FEATURES)).astype("float32")
    first = [rng.normal(size=(len(x), n)).astype("float32") for n in layer.cell.state_sizes]
    wanted, wanted_last = over_time(layer.cell, x, first, MASK)
    output, *last = layer(x, initial_state=first, mask=MASK)
    assert_close(as_array(output), wanted, FLOAT32)
    assert_close(as_arrays(last), wanted_last, FLOAT32)


def test_wrappers_are_trained_and_saved(rng, tmp_path):
    cell = kg.LayerNormGates(kg.GRUCell(FEATURES, dropout=0.1))
    cell = kg.Highway(kg.Attention(kg.WeightNorm(kg.Dilated(cell, 2)), 2))
    layer = kg.RNN(kg.Residual(kg.Zoneout(kg.DropConnect(cell, 0.3), 0.3)))
    model = keras.Sequential([keras.Input((None, FEATURES)), layer, keras.layers.Dense(1)])
    model.compile("adam", "mse")
    x = rng.normal(size=(*MASK.shape, FEATURES)).astype("float32")
    before = as_arrays(model.trainable_weights)
    losses = model.fit(x, np.ones((len(x), 1)), epochs=2, verbose=0).history["loss"]
    assert np.isfinite(losses).all()
    assert len({*losses}) == 2
    for old, new in zip(before, as_arrays(model.trainable_weights), strict=True):
        assert np.abs(old - new).max() > 0
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    assert_close(as_array(loaded(x)), as_array(model(x)), SAME)
