"""Layers in graphs of a user's own: what is known of shapes there, and graphs that XLA compiles."""

import keras
import numpy as np
import pytest
import tensorflow as tf

import kerasgates as kg
from tests.cases import as_array
from tests.tolerances import GRADIENTS, SAME, assert_close

#: Each reads its input in another way; some are wrapped, stacked, or in a layer of Keras.
READERS = {
    "LSTM": lambda: kg.LSTM(3),
    "keras": lambda: kg.LSTM(3, loop="keras"),
    "associative": lambda: kg.MinGRU(3, loop="associative"),
    "differing blocks": lambda: kg.SRU(3),
    "kernel by group": lambda: kg.GroupLSTM(4, groups=2),
    "time": lambda: kg.TimeAwareLSTM(3),
    "synapses": lambda: kg.LTC(3),
    "dropout": lambda: kg.GRU(3, dropout=0.2),
    "wrapper": lambda: kg.RNN(kg.Zoneout(kg.Residual(kg.GRUCell(2)), 0.1)),
    "stack": lambda: kg.RNN([kg.LSTMCell(3), kg.GRUCell(2)]),
    "Bidirectional": lambda: keras.layers.Bidirectional(kg.GRU(2)),
    "layer of Keras": lambda: keras.layers.RNN(kg.LSTMCell(3)),
}


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.slow
def test_a_graph_need_not_know_how_many_features_there_are(reader, rng):
    """As of batches from a generator, of which only the number of axes is known."""
    layer = READERS[reader]()
    layer.build((None, None, 2))
    x = rng.normal(size=(3, 4, 2)).astype("float32")
    unknown = tf.function(layer, input_signature=[tf.TensorSpec((None, None, None))])
    assert_close(as_array(unknown(x)), as_array(layer(x)), SAME)
    with pytest.raises(tf.errors.InvalidArgumentError):
        unknown(np.concatenate([x, x], axis=-1))


@pytest.mark.parametrize("sizes", [(4, 9), (None, 9), (None, None)])
@pytest.mark.parametrize("loop", ["compiled", "recomputed"])
@pytest.mark.slow
def test_xla_compiles_the_gradients_of_several_layers_as_one(loop, sizes, rng):
    """The gradient of a loop whose sequences another has written, in a function of a user's own."""
    settings = {"loop": loop, "dtype": "float64", "return_sequences": True}
    both = keras.layers.Bidirectional(kg.PeepholeLSTM(3, **settings))
    layers = [kg.LSTM(4, **settings), both, kg.GRU(3, **settings)]
    for layer, features in zip(layers, (2, 4, 6)):
        layer.build((None, None, features))
    weights = [w.value for layer in layers for w in layer.trainable_weights]

    def step(x):
        with tf.GradientTape() as tape:
            out = x
            for layer in layers:
                out = layer(out)
            loss = tf.reduce_sum(tf.sin(out))
        return [out, *tape.gradient(loss, weights)]

    x = tf.constant(rng.normal(size=(4, 9, 2)))
    signature = [tf.TensorSpec((*sizes, 2), x.dtype)]
    found = tf.function(step, jit_compile=True, input_signature=signature)(x)
    layers[0].loop = layers[2].loop = "keras"
    both.forward_layer.loop = both.backward_layer.loop = "keras"
    for value, expected in zip(found, step(x), strict=True):
        assert_close(as_array(value), as_array(expected), GRADIENTS)


@pytest.mark.slow
@pytest.mark.parametrize("loop", ["compiled", "recomputed"])
@pytest.mark.parametrize("sizes", [(4, 9), (None, 9), (4, None), (None, None)])
def test_xla_compiles_a_layer_that_reads_what_is_computed_from_a_variable(sizes, loop, rng):
    """Of a variable XLA's graph has no shape, nor of a sum or product with it, nor of its rows."""
    layer, plain = (kg.GRU(3, loop=loop, dtype="float64") for loop in (loop, "keras"))
    for one in (layer, plain):
        one.build((None, None, 2))
    plain.set_weights(layer.get_weights())
    table = tf.Variable(rng.normal(size=(7, 2)))
    signature = [tf.TensorSpec(sizes, tf.int32)]
    tokens = rng.integers(0, 7, size=(4, 9)).astype("int32")

    def step(tokens, layer):
        weights = [table, *(w.value for w in layer.trainable_weights)]
        with tf.GradientTape() as tape:
            out = layer(tf.gather(table, tokens))
            both = out + layer(tf.one_hot(tokens, 7, dtype=table.dtype)[..., :2] * table[0])
            loss = tf.reduce_sum(tf.sin(both))
        return [tf.convert_to_tensor(d) for d in tape.gradient(loss, weights)]

    xla = {"jit_compile": True, "autograph": False, "input_signature": signature}
    found = tf.function(lambda tokens: step(tokens, layer), **xla)(tokens)
    for value, expected in zip(found, step(tokens, plain), strict=True):
        assert_close(as_array(value), as_array(expected), GRADIENTS)
