"""Gradients of the loop of all steps at once, and its graphs."""

import pytest
import tensorflow as tf

from tests.cases import FEATURES, MASK, as_arrays, identify, initial_states, inputs
from tests.compiling import agree, derivatives, layer_pair
from tests.test_associative import KINDS


@pytest.mark.parametrize(("name", "arguments"), KINDS, ids=identify)
def test_gradients_are_those_of_the_plain_loop(name, arguments, rng):
    ours, plain = layer_pair(rng, "associative", name, arguments)
    x, states = inputs(rng), initial_states(ours.cell, rng)
    expected = derivatives(plain, x, states, MASK)
    agree(derivatives(ours, x, states, MASK), expected)
    # XLA compiles it where sizes are known; for any number of steps the loop is Keras's.
    sizes = tf.TensorSpec((None, None, FEATURES), "float64"), tf.TensorSpec((None, None), "bool")
    given = [tf.constant(state, "float64") for state in states]
    some = tf.TensorSpec((None, x.shape[1], FEATURES), "float64"), sizes[1]
    for settings in (
        {"jit_compile": True},
        {"input_signature": some},
        {"input_signature": sizes},
    ):

        @tf.function(autograph=False, **settings)
        def run(x, mask):
            return ours(x, initial_state=[*given], mask=mask)

        results = as_arrays(run(tf.constant(x, "float64"), tf.constant(MASK)))
        agree(results, expected[: len(results)])
