"""Ours and Keras: the same numbers with the same weights, and the private parts we lean on."""

import subprocess
import sys

import keras
import numpy as np
import pytest
import tensorflow as tf

import kerasgates as kg
from kerasgates.core import _keras
from tests import tolerances
from tests.cases import MASK, as_array, as_arrays, as_tensor, initial_states, inputs, randomise
from tests.tolerances import assert_close

#: Keras's layer, ours, and the arguments under which they are the same.
PAIRS = {
    "SimpleRNN": (keras.layers.SimpleRNN, kg.SimpleRNN, {}),
    "SimpleRNN relu": (keras.layers.SimpleRNN, kg.SimpleRNN, {"activation": "relu"}),
    "LSTM": (keras.layers.LSTM, kg.LSTM, {}),
    "LSTM no bias": (keras.layers.LSTM, kg.LSTM, {"use_bias": False}),
    "LSTM hard": (keras.layers.LSTM, kg.LSTM, {"recurrent_activation": "hard_sigmoid"}),
    "GRU before": (keras.layers.GRU, kg.GRU, {}),
    "GRU after": (keras.layers.GRU, kg.ResetAfterGRU, {}),
    "GRU after no bias": (keras.layers.GRU, kg.ResetAfterGRU, {"use_bias": False}),
}


@pytest.mark.parametrize("mask", [None, MASK], ids=["whole", "masked"])
@pytest.mark.parametrize("pair", PAIRS)
def test_weights_transfer_unchanged_and_give_the_same_numbers(pair, mask, rng):
    theirs, ours, arguments = PAIRS[pair]
    keras_only = {"reset_after": "after" in pair} if "GRU" in pair else {}
    settings = {"return_sequences": True, "return_state": True}
    theirs = theirs(6, **arguments, **keras_only, **settings)
    ours = ours(6, **arguments, **settings)
    for layer in (theirs, ours):
        layer.build((None, None, 3))
    randomise(theirs, rng)
    ours.set_weights(theirs.get_weights())
    names = [weight.name for weight in theirs.weights]
    assert [weight.name for weight in ours.weights] == names
    x, states = inputs(rng), [as_tensor(s) for s in initial_states(ours.cell, rng)]
    mask = None if mask is None else as_tensor(mask)
    for mine, other in zip(
        as_arrays(ours(x, initial_state=states, mask=mask)),
        as_arrays(theirs(x, initial_state=states, mask=mask)),
        strict=True,
    ):
        assert_close(mine, other, tolerances.PEER)


def test_fresh_weights_are_drawn_as_keras_draws_them():
    for theirs, ours in ((keras.layers.LSTM, kg.LSTM), (keras.layers.GRU, kg.ResetAfterGRU)):
        weights = []
        for layer_class in (theirs, ours):
            keras.utils.set_random_seed(4)
            layer = layer_class(6)
            layer.build((None, None, 3))
            weights.append(layer.get_weights())
        for mine, other in zip(*weights, strict=True):
            np.testing.assert_array_equal(mine, other)


# ------------------------------------------------------------------ what the manual says of Keras


def nan_gradients(layer):
    """Whether NaN at a masked step reaches a gradient."""
    x = tf.constant([[[1.0], [np.nan]]])
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(layer(x, mask=tf.constant([[True, False]])))
    gradients = tape.gradient(loss, [weight.value for weight in layer.weights])
    return bool(np.isnan(np.concatenate([as_array(g).ravel() for g in gradients])).any())


def test_nan_at_masked_steps_reaches_keras_gradients_and_not_ours():
    assert nan_gradients(keras.layers.LSTM(4))
    assert not nan_gradients(kg.LSTM(4))


def test_reset_state_of_a_stack_raises_in_keras_and_not_in_ours():
    for layer_class in (keras.layers.RNN, kg.RNN):
        layer = layer_class([keras.layers.LSTMCell(3), keras.layers.GRUCell(3)], stateful=True)
        layer(np.ones((2, 3, 1)))
        if layer_class is keras.layers.RNN:
            with pytest.raises(AttributeError):
                layer.reset_state()
        else:
            layer.reset_state()
            assert all((as_array(state) == 0).all() for state in keras.tree.flatten(layer.states))


def test_keras_still_draws_dropout_masks_for_the_class_we_inherit():
    assert _keras.DropoutRNNCell is not object
    assert issubclass(keras.layers.LSTMCell, _keras.DropoutRNNCell)


def test_cells_within_finds_them_however_deeply_wrapped():
    inner = [kg.LSTMCell(2), kg.GRUCell(2)]
    stack = keras.layers.StackedRNNCells([keras.layers.StackedRNNCells(inner[:1]), inner[1]])
    assert set(_keras.cells_within(stack, kg.AbstractRNNCell)) == set(inner)


@pytest.mark.slow
def test_a_keras_that_offers_abstract_rnn_cell_knows_ours():
    program = """
import keras
class AbstractRNNCell(keras.layers.Layer):
    pass
keras.layers.AbstractRNNCell = AbstractRNNCell
import kerasgates as kg
import numpy as np
assert issubclass(kg.LSTMCell, keras.layers.AbstractRNNCell)
print(kg.LSTM(3)(np.ones((2, 4, 1))).shape)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "(2, 3)" in done.stdout
