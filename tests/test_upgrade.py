"""Stock Keras recurrent layers become ours, with the same weights and the same outputs."""

import keras
import numpy as np
import pytest
from keras import layers
from numpy.testing import assert_array_equal

import kerasgates as kg
from tests import tolerances
from tests.cases import as_array, randomise
from tests.tolerances import assert_close


def recurrent_within(model):
    return [layer for layer in model._flatten_layers() if isinstance(layer, layers.RNN)]


def sequential(*made, shape=(None, 4)):
    return keras.Sequential([keras.Input(shape), *made])


def shared():
    x, layer = keras.Input((None, 4)), layers.LSTM(4, return_sequences=True)
    return keras.Model(x, layer(layer(x)))


def encoder_decoder():
    past, future = keras.Input((None, 4)), keras.Input((None, 3))
    _, *states = layers.LSTM(5, return_state=True)(past)
    y = layers.LSTM(5, return_sequences=True)(future, initial_state=states)
    return keras.Model([past, future], layers.Dense(2)(y))


MODELS = {
    "LSTM": lambda: sequential(layers.LSTM(3, implementation=1, use_cudnn=False)),
    "GRU": lambda: sequential(layers.GRU(3, return_sequences=True), layers.GRU(2)),
    "GRU, reset before": lambda: sequential(layers.GRU(3, reset_after=False)),
    "SimpleRNN": lambda: sequential(layers.SimpleRNN(3, activation="relu", use_bias=False)),
    "Bidirectional": lambda: sequential(
        layers.Bidirectional(layers.LSTM(3), backward_layer=layers.GRU(3, go_backwards=True))
    ),
    "cells": lambda: sequential(layers.RNN([layers.LSTMCell(3), layers.SimpleRNNCell(2)])),
    "masked": lambda: sequential(layers.Masking(), layers.LSTM(3, return_sequences=True)),
    "dropout": lambda: sequential(layers.LSTM(3, dropout=0.3, recurrent_dropout=0.2, seed=1)),
    "model within": lambda: sequential(
        sequential(layers.GRU(4, return_sequences=True)), layers.LSTM(3)
    ),
    "time distributed": lambda: sequential(
        layers.TimeDistributed(layers.LSTM(3)), layers.GRU(2), shape=(None, 5, 4)
    ),
    "ours among theirs": lambda: sequential(kg.NAS(4, return_sequences=True), layers.GRU(2)),
    "shared": shared,
    "encoder and decoder": encoder_decoder,
}


@pytest.mark.parametrize("name", MODELS)
def test_outputs_names_and_weights_stay(name, rng):
    model = MODELS[name]()
    randomise(model, rng)
    ours = kg.upgrade(model)
    x = [rng.normal(size=[6 if n is None else n for n in t.shape]) for t in model.inputs]
    for array in x:
        array[2, 3:] = 0
    x = x[0] if len(x) == 1 else x
    assert_close(as_array(ours(x)), as_array(model(x)), tolerances.PEER)
    assert [w.name for w in ours.weights] == [w.name for w in model.weights]
    assert [layer.name for layer in ours.layers] == [layer.name for layer in model.layers]
    for old, new in zip(model.get_weights(), ours.get_weights()):
        assert_array_equal(old, new)
    assert ours.output_shape == model.output_shape
    assert all(isinstance(layer, kg.RNN) for layer in recurrent_within(ours))
    assert len(recurrent_within(ours)) == len(recurrent_within(model)) > 0


def test_arguments_and_states_are_kept(rng):
    x = keras.Input(batch_shape=(2, None, 4))
    stock = layers.LSTM(3, stateful=True, dropout=0.3, kernel_regularizer="l2", trainable=False)
    model = keras.Model(x, stock(x))
    randomise(model, rng)
    (ours,) = recurrent_within(kg.upgrade(model))
    assert ours.stateful
    assert ours.dropout == 0.3
    assert isinstance(ours.kernel_regularizer, keras.regularizers.L2)
    assert not ours.trainable


@pytest.mark.slow
def test_an_upgraded_model_trains_and_reloads(tmp_path, rng):
    model = kg.upgrade(MODELS["Bidirectional"]())
    model.compile("adam", "mse")
    x, y = rng.normal(size=(16, 5, 4)), rng.normal(size=(16, 6))
    losses = model.fit(x, y, epochs=8, verbose=0).history["loss"]
    assert losses[-1] < losses[0]
    model.save(tmp_path / "model.keras")
    again = keras.saving.load_model(tmp_path / "model.keras")
    assert_array_equal(again(x), model(x))


class Untold(keras.Model):
    def __init__(self, units):
        super().__init__()
        self.rnn = layers.LSTM(units)

    def call(self, x):
        return self.rnn(x)


def test_what_cannot_be_upgraded_is_named():
    untold = Untold(3)
    untold(np.zeros((1, 2, 4), "float32"))
    for model, message in (
        (layers.LSTM(3), "`model` must be a keras.Model. Received"),
        (keras.Sequential([layers.LSTM(3)]), "must be built"),
        (sequential(layers.Lambda(lambda x: x, name="same"), layers.LSTM(2)), "Lambda.*same"),
        (untold, "must be one that its config can make again"),
    ):
        with pytest.raises(ValueError, match=message):
            kg.upgrade(model)
