"""An initialiser for the bias of each gate."""

import keras
import numpy as np
import pytest
from numpy.testing import assert_allclose

import kerasgates as kg
from tests.cases import as_array
from tests.cells_of_blocks import MostlyUnlikeTestCell


def bias_of(cell, gates):
    cell.build((None, 3))
    blocks = np.split(as_array(cell.bias), len(gates), axis=-1)
    return dict(zip(gates, blocks, strict=True))


def test_each_gate_has_the_one_that_is_named():
    draw = keras.initializers.RandomUniform(1, 2, seed=3)
    cell = kg.LSTMCell(4, bias_initializer={"f": 3.0, "i": draw, "o": "ones"})
    found = bias_of(cell, "ifgo")
    assert (found["f"] == 3).all()
    assert (found["o"] == 1).all()
    assert not found["g"].any()
    assert ((found["i"] > 1) & (found["i"] < 2)).all()
    assert len({*found["i"]}) == 4


def test_gates_without_one_start_as_they_do_otherwise():
    found = bias_of(kg.LSTMCell(2, bias_initializer={"o": -1}), "ifgo")
    assert (found["f"] == 1).all()
    assert (found["o"] == -1).all()
    found = bias_of(
        kg.ResetAfterGRUCell(2, bias_initializer={"n": 0.5}, initial_update_bias=2), "zrn"
    )
    assert found["z"].tolist() == [[2, 2], [0, 0]]
    assert found["n"].tolist() == [[0.5, 0.5], [0, 0]]
    found = bias_of(MostlyUnlikeTestCell(2, bias_initializer={"m": 4}), "mi")
    assert found["m"].tolist() == [4, 4]
    assert not found["i"].any()


def test_configs_and_layers_hold_it():
    layer = kg.LSTM(2, bias_initializer={"f": 3.0, "i": "ones"})
    again = kg.LSTM.from_config(layer.get_config())
    found = bias_of(again.cell, "ifgo")
    assert (found["f"] == 3).all()
    assert (found["i"] == 1).all()
    assert again.get_config() == layer.get_config()
    keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(layer))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"bias_initializer": {"q": 1.0}}, r"by gates \('i', 'f', 'g', 'o'\). Received:.*'q'"),
        ({"kernel_initializer": {"i": 1.0}}, r"`kernel_initializer` .* must be an initialiser\. R"),
        ({"bias_initializer": {"i": "onse"}}, r"`bias_initializer` must be the name of a Keras"),
    ],
    ids=str,
)
def test_others_are_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        kg.LSTMCell(2, **arguments)


# ------------------------------------------------------------------ one for all gates


def test_chrono_draws_logarithms_of_times():
    times = np.exp(as_array(kg.Chrono(100, seed=3)((4000,))))
    assert times.min() > 1
    assert times.max() < 99
    # Uniform: four standard deviations of the mean, and of the share below a quarter.
    assert abs(times.mean() - 50) < 4 * 98 / np.sqrt(12 * 4000)
    assert abs((times < 25.5).mean() - 0.25) < 4 * np.sqrt(0.25 * 0.75 / 4000)


def test_uniform_gates_are_uniform():
    opened = 1 / (1 + np.exp(-as_array(kg.UniformGates(seed=5)((4000,))).astype("float64")))
    assert 0 < opened.min() < 0.01 < 0.99 < opened.max() < 1
    assert abs(opened.mean() - 0.5) < 4 / np.sqrt(12 * 4000)
    assert abs(opened.std() - np.sqrt(1 / 12)) < 0.01


@pytest.mark.parametrize("dtype", ["float16", "bfloat16"])
@pytest.mark.parametrize("initializer", [kg.Chrono(70_000, seed=3), kg.UniformGates(seed=5)])
def test_half_precision_holds_what_single_draws(initializer, dtype):
    """Half precision has no numbers of 70,000, nor any between 0.9995 and 1."""
    exact = as_array(initializer((9000,), "float32"))
    found = as_array(keras.ops.cast(initializer((9000,), dtype), "float32"))
    assert_allclose(found, exact, rtol=2.0**-8, atol=1e-4)


@pytest.mark.parametrize("initializer", [kg.Chrono(50, seed=1), kg.UniformGates(seed=1)])
def test_signs_follow_what_a_gate_does(initializer):
    found = bias_of(kg.LSTMCell(6, bias_initializer=initializer), "ifgo")
    assert (found["i"] == -found["f"]).all()
    assert len({*found["f"]}) == 6
    assert not found["g"].any()
    assert not found["o"].any()
    keeps = bias_of(kg.GRUCell(6, bias_initializer=initializer), "zrn")
    replaces = bias_of(kg.MUT1Cell(6, bias_initializer=initializer), "zrn")
    assert np.abs(keeps["z"]).min() > 0
    assert (keeps["z"] == -replaces["z"]).all()
    assert not keeps["r"].any()
    assert not replaces["n"].any()
    # The biases of the recurrent product stay zero.
    rows = bias_of(kg.ResetAfterGRUCell(6, bias_initializer=initializer), "zrn")["z"]
    assert (rows[0] == keeps["z"]).all()
    assert not rows[1].any()


def test_they_are_written_and_are_for_single_gates_too(tmp_path):
    given = keras.Input((None, 3))
    layers = [
        kg.LSTM(4, bias_initializer=kg.Chrono(30)),
        kg.GRU(4, bias_initializer={"r": kg.UniformGates(seed=2), "z": kg.Chrono(9)}),
    ]
    model = keras.Model(given, [layer(given) for layer in layers])
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    first, second = (layer.cell.bias_initializer for layer in loaded.layers[1:])
    assert (type(first), first.longest, first.seed) == (kg.Chrono, 30, None)
    assert (second["r"].seed, second["z"].longest) == (2, 9)
    assert np.abs(as_array(loaded.layers[2].cell.bias)[4:8]).min() > 0
    # A layer for each direction has draws of its own.
    both = keras.layers.Bidirectional(kg.LSTM(4, bias_initializer=kg.Chrono(30)))
    both.build((None, None, 3))
    one, other = (layer.cell.bias for layer in (both.forward_layer, both.backward_layer))
    assert (as_array(one)[4:8] != as_array(other)[4:8]).any()


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: kg.Chrono(2), "Argument `longest` of Chrono must be a number above 2. Received"),
        (lambda: kg.UniformGates(0.5), "Argument `seed` of UniformGates must be an integer"),
        (
            lambda: kg.SimpleRNN(3, bias_initializer=kg.Chrono(9)).build((None, 5, 2)),
            r"`bias_initializer` of SimpleRNNCell .* Chrono is for gates \('f', 'z', 'i'\), and",
        ),
    ],
)
def test_errors_of_initialisers_name_the_argument(make, message):
    with pytest.raises(ValueError, match=message):
        make()
