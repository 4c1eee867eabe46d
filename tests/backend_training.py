"""Training, dropout and state on a backend other than TensorFlow; run by `test_backends.py`."""

import keras
import numpy as np
import pytest
from numpy.testing import assert_allclose

import kerasgates as kg
from tests import tolerances
from tests.cases import MASK, as_array, every_cell, identify, inputs, make_layer
from tests.tolerances import assert_close

#: Those that differ in more than their equations: in states, weights, or what they are made of.
KINDS = ("LSTM", "GRU", "PeepholeLSTM", "ProjectedLSTM", "LayerNormLSTM", "NAS", "ESN")
#: Cells of each kind in one loop, and one cell in those that are not Keras's here, too.
FITTED = [(n, a, "keras") for n, a in every_cell() if n.removesuffix("Cell") in KINDS] + [
    ("LSTMCell", {}, loop) for loop in ("hoisted", "compiled")
]


def test_what_cannot_be_compiled_here_runs_in_keras_loop(rng):
    x = inputs(rng)
    layer = kg.RNN(keras.layers.GRUCell(4), loop="keras")
    expected = as_array(layer(x))
    for layer.loop in ("compiled", "recomputed", "auto"):
        np.testing.assert_array_equal(as_array(layer(x)), expected)


@pytest.mark.parametrize(("name", "arguments", "loop"), FITTED, ids=identify)
def test_fit_with_dropout_and_masks(name, arguments, loop, rng):
    layer = kg.layer_of(getattr(kg, name))(
        4, dropout=0.2, recurrent_dropout=0.2, loop=loop, **arguments
    )
    model = keras.Sequential(
        [keras.Input((7, 3)), keras.layers.Masking(), layer, keras.layers.Dense(1)]
    )
    model.compile("adam", "mse")
    x, y = inputs(rng) * MASK[..., None], rng.normal(size=(len(MASK), 1))
    history = model.fit(x, y, epochs=3, verbose=0)
    assert np.isfinite(history.history["loss"]).all()
    assert len(set(history.history["loss"])) == 3


def test_stateful_training_and_reset(rng):
    model = keras.Sequential(
        [
            keras.Input((7, 3), batch_size=5),
            kg.LSTM(4, stateful=True, return_sequences=True),
            kg.RNN([kg.GRUCell(4), kg.LSTMCell(4)], stateful=True),
            keras.layers.Dense(1),
        ]
    )
    model.compile("adam", "mse")
    x, y = inputs(rng), rng.normal(size=(5, 1))
    model.fit(x, y, epochs=2, batch_size=5, shuffle=False, verbose=0)
    for layer in model.layers[:2]:
        layer.reset_state()
    # Called and not `predict`ed: Keras's JAX `predict` drops what stateful layers assign.
    first = as_array(model(x))
    assert np.abs(as_array(model(x)) - first).max() > 1e-5
    for layer in model.layers[:2]:
        layer.reset_state()
    assert_close(as_array(model(x)), first, tolerances.SAME)


def test_dropout_mask_is_the_same_at_all_steps_and_fresh_per_call():
    layer = kg.SimpleRNN(40, activation="linear", recurrent_dropout=0.5, return_sequences=True)
    layer.build((None, None, 40))
    layer.set_weights([np.eye(40), np.eye(40), np.zeros(40)])
    x = np.ones((2, 5, 40), "float32")
    first, second = (as_array(layer(x, training=True)) for _ in range(2))
    assert np.abs(first - second).max() > 0.5
    kept = first[:, 1] - 1
    assert_allclose(first[:, 4], 1 + kept * (1 + kept * (1 + kept * (1 + kept))), rtol=1e-5)


def test_bidirectional_and_files(rng, tmp_path):
    layer = make_layer("PeepholeLSTMCell", {}, rng, return_sequences=True)
    model = keras.Sequential([keras.Input((None, 3)), keras.layers.Bidirectional(layer)])
    x = inputs(rng)
    expected = model.predict(x, verbose=0)
    model.save(tmp_path / "model.keras")
    again = keras.saving.load_model(tmp_path / "model.keras")
    assert_close(again.predict(x, verbose=0), expected, tolerances.SAME)


def test_a_cell_reads_arrays_of_numpy_step_by_step():
    cell = kg.LSTMCell(3)
    cell.build((None, 2))
    x, states = np.ones((4, 2), "float32"), [np.ones((4, 3), "float32") for _ in cell.states]
    expected, _ = cell(x, states)
    output, _ = cell.call(x, states)
    by_parts, _, _ = cell.step_projected(cell.project(x), cell.recurrent(), states)
    for given in (output, by_parts):
        assert not isinstance(given, np.ndarray)
        np.testing.assert_allclose(
            *(keras.ops.convert_to_numpy(v) for v in (given, expected)), rtol=1e-6
        )
