"""The compiled loops: stacks, cells of other people, and what must not be compiled."""

import gc
import weakref

import keras
import numpy as np
import pytest
import tensorflow as tf

import kerasgates as kg
from kerasgates import loops
from kerasgates.loops import choosing
from tests import tolerances
from tests.cases import (
    BATCH,
    FEATURES,
    MASK,
    UNITS,
    as_array,
    eagerly,
    initial_states,
    inputs,
    weights_of,
)
from tests.compiling import LOOPS, agree, derivatives, layer_pair, slow, sometimes
from tests.odd_cells import (
    CountingCell,
    CountingRowsCell,
    DropoutWithinCell,
    GateByGateCell,
    LooksTwiceCell,
    MaxoutCell,
    NamesOfOursCell,
    NoisyCell,
    PlainProductCell,
    PrivateCell,
    RememberingCell,
    ScaledCell,
    SeededCell,
    TwoOutputsCell,
)
from tests.tolerances import assert_close


@slow
def test_a_stack_runs_cell_by_cell(rng):
    def stack(loop):
        cells = [kg.LSTMCell(4, dtype="float64"), kg.GRUCell(3, dtype="float64")]
        layer = kg.RNN(cells, loop=loop, return_sequences=True, return_state=True, dtype="float64")
        layer.build((None, None, FEATURES))
        return layer

    ours, plain = stack("compiled"), stack("keras")
    for weight, other in zip(ours.weights, plain.weights, strict=True):
        weight.assign(rng.normal(size=weight.shape))
        other.assign(weight)
    states = [rng.normal(size=(BATCH, n)) for n in (4, 4, 3)]
    x, mask = tf.constant(inputs(rng), "float64"), tf.constant(MASK)
    results = []
    for layer in (ours, plain):
        given = [[tf.constant(s) for s in states[:2]], tf.constant(states[2])]
        with tf.GradientTape() as tape:
            out = layer(x, initial_state=given, mask=mask, training=True)
            flat = tf.nest.flatten(out)
            loss = sum(tf.reduce_sum(tf.sin(v)) for v in flat)
        gradients = tape.gradient(loss, [w.value for w in layer.trainable_variables])
        results.append([as_array(v) for v in [*flat, *gradients]])
    agree(*results)


@pytest.mark.parametrize(
    ("cell_class", "draws"),
    [
        (NoisyCell, True),
        (DropoutWithinCell, True),
        (SeededCell, True),
        (CountingCell, False),
        (RememberingCell, False),
        (ScaledCell, False),
        (CountingRowsCell, False),
    ],
)
def test_what_cannot_be_compiled_runs_in_the_plain_loop(cell_class, draws, rng):
    x = tf.constant(inputs(rng))
    layer = kg.RNN(cell_class(4), loop="compiled")
    layer.build(x.shape)
    assert not loops.compiles(layer.cell)
    ones, others = (layer(x, training=True) for _ in range(2))
    assert (float(tf.reduce_max(tf.abs(ones - others))) > 0.1) == draws
    if not draws:
        plain = kg.RNN(cell_class(4), loop="keras")
        plain.build(x.shape)
        for weight, other in zip(plain.trainable_weights, layer.trainable_weights, strict=True):
            weight.assign(other)
        plain(x)
        assert_close(as_array(ones), as_array(plain(x)), tolerances.FLOAT32)
        counted = [
            (as_array(weight), as_array(other))
            for weight, other in zip(layer.non_trainable_weights, plain.non_trainable_weights)
        ]
        assert all(count == expected > 1 for count, expected in counted)


@pytest.mark.parametrize(
    "cell_class",
    [
        PlainProductCell,
        MaxoutCell,
        GateByGateCell,
        NamesOfOursCell,
        LooksTwiceCell,
        TwoOutputsCell,
    ],
)
@pytest.mark.parametrize(
    ("loop", "xla"),
    sometimes([*((loop, False) for loop in LOOPS), ("compiled", True)], [("compiled", False)]),
)
def test_unusual_steps_have_the_gradients_of_the_plain_loop(cell_class, loop, xla, rng):
    layers = []
    for name in (loop, "keras"):
        settings = {"return_sequences": True, "return_state": True, "dtype": "float64"}
        layers.append(kg.RNN(cell_class(UNITS, dtype="float64"), loop=name, **settings))
        layers[-1].build((None, None, FEATURES))
    ours, plain = layers
    for weight, other in zip(ours.weights, plain.weights, strict=True):
        weight.assign(rng.normal(size=weight.shape))
        other.assign(weight)
    assert loops.compiles(ours.cell)
    case = inputs(rng), initial_states(ours.cell, rng), MASK
    with eagerly(not xla):
        found = derivatives(ours, *case)
    agree(found, derivatives(plain, *case))


def test_an_attribute_set_anew_is_seen(rng):
    ours, plain = layer_pair(rng, "compiled", "SimpleRNNCell")
    x = tf.constant(inputs(rng), "float64")
    before = as_array(ours(x)[0])
    for layer in (ours, plain):
        layer.cell.activation = keras.activations.relu
    after = as_array(ours(x)[0])
    assert np.abs(after - before).max() > 0.1
    agree([after], [as_array(plain(x)[0])])


@pytest.mark.slow
def test_private_attributes_and_those_in_dicts_are_seen_too(rng):
    x = tf.constant(inputs(rng))
    layer = kg.RNN(PrivateCell(3), loop="compiled")
    found = [as_array(layer(x))]
    layer.cell._slope = 3.0
    found.append(as_array(layer(x)))
    layer.cell.options["shift"] = 1.0
    found.append(as_array(layer(x)))
    assert np.abs(found[1] - found[0]).max() > 0.01
    assert np.abs(found[2] - found[1]).max() > 0.01


def test_a_layer_that_was_compiled_can_be_forgotten(rng):
    def used():
        layer = kg.LSTM(UNITS, loop="compiled")
        layer(tf.constant(inputs(rng)))
        return weakref.ref(layer.cell)

    cells = [used() for _ in range(2)]
    gc.collect()
    assert [cell() for cell in cells] == [None, None]


class ResidualStack(keras.layers.StackedRNNCells):
    """A stack that does more than its cells."""

    def call(self, inputs, states, training=False, **kwargs):
        output, new = super().call(inputs, states, training=training, **kwargs)
        return output + 100.0, new


@pytest.mark.slow
@pytest.mark.parametrize(
    ("loop", "xla"),
    sometimes(
        [("auto", True), ("keras", True), ("compiled", True), ("compiled", False)],
        [("compiled", False)],
    ),
)
def test_stacks_in_stacks_and_stacks_with_a_call_of_their_own(loop, xla, rng):
    def stack():
        inner = keras.layers.StackedRNNCells([kg.LSTMCell(4), kg.GRUCell(3)])
        return keras.layers.StackedRNNCells([inner, ResidualStack([kg.SimpleRNNCell(2)])])

    x = tf.constant(inputs(rng, time=choosing.EAGER_STEPS + 1))
    ours, keras_own = kg.RNN(stack(), loop=loop), keras.layers.RNN(stack())
    for layer in (ours, keras_own):
        layer.build(x.shape)
    for weight, other in zip(ours.weights, keras_own.weights, strict=True):
        weight.assign(rng.normal(size=weight.shape))
        other.assign(weight)
    with eagerly(not xla):
        found = as_array(ours(x))
    assert_close(found, as_array(keras_own(x)), tolerances.EXPORT)

    nested = keras.layers.StackedRNNCells([kg.LSTMCell(4), kg.GRUCell(3)])
    cells = [nested, kg.SimpleRNNCell(2)]
    ours = kg.RNN(cells, loop=loop)
    ours.build(x.shape)
    assert loops.compiles(ours.cell)
    plain = keras.layers.RNN(cells)
    plain.build(x.shape)
    with eagerly(not xla):
        found = as_array(ours(x))
    assert_close(found, as_array(plain(x)), tolerances.FLOAT32)


@slow
def test_a_model_of_ours_is_not_compiled_twice_over(rng):
    """Keras would compile every training step anew for every length."""
    x = keras.Input((None, 3))
    model = keras.Model(x, kg.LSTM(4)(x))
    model.compile("sgd", "mse")
    assert not model.jit_compile
    before = weights_of(model.layers[1].cell)
    for time in (5, 9, 12):
        model.fit(np.ones((8, time, 3)), np.ones((8, 4)), verbose=0)
    assert any((before[k] != v).any() for k, v in weights_of(model.layers[1].cell).items())
