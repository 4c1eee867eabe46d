"""An initialiser for the bias of each gate."""

import keras
import numpy as np
import pytest

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
