"""Gradients of the loops of linear cells, and their graphs."""

import numpy as np
import pytest
import tensorflow as tf

from kerasgates.loops import prefixes
from tests import tolerances
from tests.cases import FEATURES, MASK, OF_LINEAR, as_arrays, identify, initial_states, inputs
from tests.compiling import agree, derivative_tensors, derivatives, layer_pair
from tests.test_associative import KINDS, OF_ROWS
from tests.test_associative import chunks_of_two as chunks_of_two
from tests.tolerances import assert_close


def sometimes(cases):
    """All but the first take seconds."""
    return [cases[0], *(pytest.param(*case, marks=pytest.mark.slow) for case in cases[1:])]


RUNS = [("associative", *case) for case in KINDS]
RUNS += [("chunked", *case) for case in [OF_ROWS[-1], *KINDS]]


@pytest.mark.parametrize(("loop", "name", "arguments"), sometimes(RUNS), ids=identify)
def test_gradients_are_those_of_the_plain_loop(loop, name, arguments, rng):
    ours, plain = layer_pair(rng, loop, name, arguments)
    x, states = inputs(rng), initial_states(ours.cell, rng)
    expected = derivatives(plain, x, states, MASK)
    agree(derivatives(ours, x, states, MASK), expected)
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


@pytest.mark.slow
@pytest.mark.parametrize("jit_compile", [False, True])
@pytest.mark.parametrize("loop", OF_LINEAR)
def test_gradients_in_a_graph_for_any_number_of_steps(loop, jit_compile, rng, monkeypatch):
    """Of a cell whose output is no state, under masks, in blocks that are not full."""
    monkeypatch.setattr(prefixes, "BLOCK", 3)
    name = "GILRLSTMCell" if loop == "associative" else "DeltaNetCell"
    ours, plain = layer_pair(rng, loop, name, {})
    x, states = inputs(rng), initial_states(ours.cell, rng)
    specs = [tf.TensorSpec((None, None, FEATURES), "float64"), tf.TensorSpec((None, None), "bool")]
    specs += [tf.TensorSpec((None, state.shape[-1]), "float64") for state in states]

    @tf.function(input_signature=specs, jit_compile=jit_compile, autograph=False)
    def run(x, mask, *states):
        return derivative_tensors(ours, x, [*states], mask)

    doubles = [tf.constant(value, "float64") for value in (x, *states)]
    found = as_arrays(run(doubles[0], tf.constant(MASK), *doubles[1:]))
    agree(found, derivatives(plain, x, states, MASK))


@pytest.mark.parametrize("jit_compile", [False, pytest.param(True, marks=pytest.mark.slow)])
def test_one_graph_for_any_number_of_steps(jit_compile, rng, monkeypatch):
    """States s' = a s + b in turn, and the gradients of their sum, where blocks are not full."""
    monkeypatch.setattr(prefixes, "BLOCK", 3)
    specs = [tf.TensorSpec((2, None, 4), "float64")] * 2

    @tf.function(input_signature=specs, jit_compile=jit_compile, autograph=False)
    def run(a, b):
        with tf.GradientTape() as tape:
            tape.watch([a, b])
            _, (s,) = prefixes.prefixes(prefixes.join_lines, ([[a]], [b]))
            weight = tf.cast(1 + tf.range(tf.shape(s)[1])[:, None], s.dtype)
            total = tf.reduce_sum(s * weight)
        return s, *tape.gradient(total, [a, b])

    for time in (1, 3, 4, 28) if jit_compile else (1, 2, 3, 4, 9, 10, 28, 60):
        a, b = rng.normal(size=(2, 2, time, 4))
        before, expected = np.zeros((2, 4)), []
        for now in range(time):
            expected.append(before := a[:, now] * before + b[:, now])
        expected = np.stack(expected, axis=1)
        # On the way back the same, from the last step to the first.
        later, d_b = np.zeros((2, 4)), np.zeros_like(b)
        for now in reversed(range(time)):
            d_b[:, now] = later = 1 + now + (a[:, now + 1] * later if now + 1 < time else 0)
        d_a = d_b * np.concatenate([np.zeros((2, 1, 4)), expected[:, :-1]], axis=1)
        for got, wanted in zip(run(a, b), (expected, d_a, d_b), strict=True):
            assert_close(got.numpy(), wanted, tolerances.FLOAT64)


@pytest.mark.parametrize("loop", OF_LINEAR)
@pytest.mark.slow
def test_a_thousand_steps_and_more_of_any_number(loop, rng, monkeypatch):
    monkeypatch.undo()
    # Keras's loop takes no steps at all where it knows the number of rows.
    specs = [tf.TensorSpec((2, None, FEATURES), "float64")]
    ours, plain = (
        tf.function(lambda x, layer=layer: layer(x), input_signature=specs, autograph=False)
        for layer in layer_pair(rng, loop, "GILRLSTMCell", {}, return_state=False)
    )
    for time in (0, 31, 1024, 1025, 2100):
        x = tf.constant(rng.normal(size=(2, time, FEATURES)))
        agree(as_arrays(ours(x)), as_arrays(plain(x)))
