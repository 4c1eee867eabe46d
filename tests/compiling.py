"""Layers that XLA compiles beside their plain twins, and their derivatives."""

import dataclasses

import pytest
import tensorflow as tf

from kerasgates.loops.compiled import time_blocks
from tests import tolerances
from tests.cases import (
    BATCH,
    FEATURES,
    as_array,
    make_layer,
)
from tests.tolerances import assert_close

LOOPS = ("compiled", "recomputed")


def twin(layer, loop):
    """The same layer with another loop."""
    other = type(layer).from_config({**layer.get_config(), "loop": loop})
    other.build((None, None, FEATURES))
    other.set_weights(layer.get_weights())
    return other


def layer_pair(rng, loop, name="LSTMCell", arguments=None, **settings):
    settings = {"dtype": "float64", "return_sequences": True, "return_state": True} | settings
    ours = make_layer(name, arguments or {}, rng, loop=loop, **settings)
    return ours, twin(ours, "keras")


def derivatives(layer, x, states, mask=None, training=True):
    """Outputs, and gradients by the input, the initial states and all weights."""
    x, states = tf.constant(x, layer.compute_dtype), [tf.constant(s, "float64") for s in states]
    return [as_array(v) for v in derivative_tensors(layer, x, states, mask, training)]


def derivative_tensors(layer, x, states, mask=None, training=True):
    """The same of tensors, as a graph can compute it."""
    weights = [w.value for w in layer.trainable_variables]
    with tf.GradientTape() as tape:
        tape.watch([x, *states])
        results = layer(x, initial_state=list(states), mask=mask, training=training)
        results = results if isinstance(results, (list, tuple)) else [results]
        # Each entry counts differently, and the last states do, too.
        loss = sum(
            tf.reduce_sum(tf.sin((k + 1.0) * tf.cast(r, "float64"))) for k, r in enumerate(results)
        )
    zero = tf.UnconnectedGradients.ZERO
    gradients = tape.gradient(loss, [x, *states, *weights], unconnected_gradients=zero)
    return [*results, *gradients]


def agree(ours, expected):
    assert_close(list(ours), list(expected), tolerances.GRADIENTS)


#: Compiling takes its time: the rest is for the slow suite.
slow = pytest.mark.slow


def sometimes(values, often):
    """Parameters of which only some are in the fast suite."""
    return [
        v if v in often else pytest.param(*(v if isinstance(v, tuple) else [v]), marks=slow)
        for v in values
    ]


def in_blocks_of_two(monkeypatch, cell):
    """Seven steps are three whole blocks, and a part of a fourth."""
    of_blocks(monkeypatch, 2 * 8 * cell.projected_layout[2] * BATCH)


def of_blocks(monkeypatch, size):
    """Set the bytes of a block on CPUs."""
    pace = dataclasses.replace(time_blocks.ON_CPUS, block=size)
    monkeypatch.setattr(time_blocks, "ON_CPUS", pace)
