"""Derivatives of the compiled loop in other people's graphs equal those of Keras's own layer."""

import gc
import weakref

import keras
import numpy as np
import pytest
import tensorflow as tf

import kerasgates as kg
from kerasgates.loops import choosing
from kerasgates.loops.compiled import custom_gradient, sizes
from kerasgates.loops.compiled.analysis import examine
from tests import tolerances
from tests.cases import as_array, make_layer
from tests.odd_cells import SlopedCell
from tests.tolerances import assert_close

X = np.random.default_rng(5).normal(size=(2, 6, 2)).astype("float32")
V = np.random.default_rng(6).normal(size=X.shape).astype("float32")
SIGNATURE = [tf.TensorSpec((None, None, 2))]
slow = pytest.mark.slow


@pytest.fixture(params=["auto", pytest.param("compiled", marks=slow)])
def pair(request, rng, monkeypatch):
    """Our layer, and Keras's with the same weights; calls outside graphs are compiled, too."""
    monkeypatch.setattr(choosing, "EAGER_STEPS", 2)
    ours = make_layer("LSTMCell", {}, rng, features=2, units=3, loop=request.param)
    theirs = keras.layers.LSTM(3)
    theirs.build((None, None, 2))
    theirs.set_weights(ours.get_weights())
    return ours, theirs


def agree(pair, function):
    """The arrays that a function makes of each layer are the same."""
    ours, theirs = [[as_array(v) for v in tf.nest.flatten(function(layer))] for layer in pair]
    assert all(np.abs(array).max() > 1e-4 for array in theirs)
    assert_close(ours, theirs, 10 * tolerances.FLOAT32)


@slow
def test_forward_mode(pair):
    def tangents(layer):
        x = tf.constant(X)
        with tf.autodiff.ForwardAccumulator(x, tf.constant(V)) as accumulator:
            y = layer(x, training=True)
        return y, accumulator.jvp(y)

    agree(pair, tangents)


@slow
def test_forward_mode_of_a_weight(pair):
    def tangents(layer):
        weight = layer.cell.recurrent_kernel.value
        direction = tf.cast(tf.reshape(tf.range(tf.size(weight)), weight.shape), weight.dtype)
        with tf.autodiff.ForwardAccumulator(weight, tf.sin(direction)) as accumulator:
            y = layer(tf.constant(X), training=True)
        return y, accumulator.jvp(y)

    agree(pair, tangents)


@slow
@pytest.mark.parametrize("pair", ["auto"], indirect=True)
@pytest.mark.parametrize("times", [1, 12])
def test_forward_mode_over_gradients(pair, times):
    def tangents(layer):
        # More steps, too, than are ever laid out one after the other.
        x, v = (tf.tile(tf.constant(values), [1, times, 1]) for values in (X, V))
        with tf.autodiff.ForwardAccumulator(x, v) as accumulator:
            with tf.GradientTape() as tape:
                tape.watch(x)
                y = tf.reduce_sum(tf.sin(layer(x, training=True)))
            slope = tape.gradient(y, x)
        return slope, accumulator.jvp(slope)

    agree(pair, tangents)


@pytest.mark.slow
@pytest.mark.parametrize("pair", ["auto"], indirect=True)
@pytest.mark.parametrize("pfor", [pytest.param(True, marks=slow), False])
def test_second_derivatives_of_eager_calls(pair, pfor):
    def hessian(layer):
        x = tf.constant(X[:, :3])
        with tf.GradientTape(persistent=True) as outer:
            outer.watch(x)
            with tf.GradientTape() as inner:
                inner.watch(x)
                y = tf.reduce_sum(tf.sin(layer(x, training=True)))
            slope = inner.gradient(y, x)[0, -1]
        return outer.jacobian(slope, x, experimental_use_pfor=pfor)

    agree(pair, hessian)


def in_cond(layer, x):
    return tf.cond(tf.reduce_sum(x) > -1e9, lambda: layer(x), lambda: tf.zeros((2, 3)))


def in_while(layer, x):
    def body(count, y):
        return count + 1, y + layer(x * tf.reduce_mean(y))

    return tf.while_loop(lambda count, y: count < 2, body, (0, tf.ones((2, 3))))[1]


@slow
@pytest.mark.parametrize("around", [in_cond, in_while])
@pytest.mark.parametrize("captured", [False, True])
def test_inside_control_flow(pair, around, captured):
    def slopes(layer):
        @tf.function(input_signature=SIGNATURE, autograph=False)
        def run(x):
            x = tf.constant(X) if captured else x
            with tf.GradientTape() as tape:
                tape.watch(x)
                y = around(layer, x)
                loss = tf.reduce_sum(tf.sin(y))
            return y, tape.gradient(loss, [x, *[w.value for w in layer.trainable_variables]])

        return run(tf.constant(X))

    agree(pair, slopes)


@slow
@pytest.mark.parametrize("around", [in_cond, in_while])
@pytest.mark.parametrize("pair", ["auto"], indirect=True)
def test_second_derivatives_through_control_flow(pair, around):
    def penalty(layer):
        @tf.function(input_signature=SIGNATURE, autograph=False)
        def run(x):
            with tf.GradientTape() as outer:
                with tf.GradientTape() as inner:
                    inner.watch(x)
                    y = tf.reduce_sum(tf.sin(around(layer, x)))
                slope = tf.reduce_sum(inner.gradient(y, x) ** 2)
            return outer.gradient(slope, [w.value for w in layer.trainable_variables])

        return run(tf.constant(X))

    agree(pair, penalty)


@slow
@pytest.mark.parametrize("batch", [1, 3, 8])
@pytest.mark.parametrize("by", ["input", "weights"])
@pytest.mark.parametrize("pair", ["auto"], indirect=True)
def test_jacobians_of_batches_of_any_size_in_graphs(pair, batch, by):
    """They go all ways there are: halves, of which a batch that is odd has none, among them."""
    x = np.random.default_rng(7).normal(size=(batch, 6, 2)).astype("float32")

    def jacobian(layer):
        @tf.function(autograph=False)
        def run(x):
            with tf.GradientTape() as tape:
                tape.watch(x)
                y = layer(x, training=True)
            if by == "input":
                return tape.batch_jacobian(y, x)
            return tape.jacobian(y, [w.value for w in layer.trainable_variables])

        return run(tf.constant(x))

    agree(pair, jacobian)


@slow
def test_vectorised(pair):
    def each(layer):
        run = tf.function(lambda x: tf.vectorized_map(lambda row: layer(row[None])[0], x))
        return run(tf.constant(X))

    agree(pair, each)


@slow
def test_loaded_from_a_saved_model(pair, tmp_path):
    """Keras's own layer has no gradient there, so that it is compared in memory."""
    ours, theirs = pair
    module = tf.Module()
    module.layer = ours
    module.call = tf.function(lambda x: ours(x), input_signature=SIGNATURE)
    tf.saved_model.save(module, str(tmp_path))
    loaded = tf.saved_model.load(str(tmp_path))

    def slope(call):
        x = tf.constant(X)
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = tf.reduce_sum(tf.sin(call(x)))
        return as_array(tape.gradient(y, x))

    assert_close(slope(loaded.call), slope(theirs), 10 * tolerances.FLOAT32)


@slow
@pytest.mark.parametrize("shape", [(4, 5, 1, 3), (1, 1, 1, 1)], ids=str)
def test_one_of_anything_can_be_trained(shape):
    batch, time, features, units = shape
    losses = []
    for loop in ("auto", "compiled", "keras"):
        keras.utils.set_random_seed(3)
        model = keras.Sequential([keras.Input((time, features)), kg.LSTM(units, loop=loop)])
        model.compile("sgd", "mse")
        x, y = np.ones((batch, time, features)), np.ones((batch, units))
        losses.append(model.fit(x, y, epochs=2, verbose=0).history["loss"])
    assert losses[2][1] < losses[2][0]
    assert_close(losses[:2], losses[2:] * 2, tolerances.FLOAT32)


@slow
def test_a_size_that_comes_often_is_compiled_and_gives_the_same(rng, monkeypatch):
    monkeypatch.setattr(choosing, "WARM_UP", 40)
    ours = make_layer("GRUCell", {}, rng, features=2, loop="auto", return_sequences=True)
    plain = make_layer("GRUCell", {}, rng, features=2, loop="keras", return_sequences=True)
    plain.set_weights(ours.get_weights())

    def steps(layer):
        @tf.function(input_signature=SIGNATURE, autograph=False)
        def run(x):
            with tf.GradientTape() as tape:
                tape.watch(x)
                y = layer(x, training=True)
                loss = tf.reduce_sum(tf.sin(y))
            return [y, *tape.gradient(loss, [x, *[w.value for w in layer.trainable_variables]])]

        return run

    expected, run = steps(plain), steps(ours)
    # Rows and steps are rounded up, a batch of ten runs in halves, one of nine is made ten.
    for x in (rng.normal(size=(batch, 9, 2)).astype("float32") for batch in (10, 9, 10, 9, 10, 9)):
        results = [as_array(v) for v in run(tf.constant(x))]
        assert_close(
            results, [as_array(v) for v in expected(tf.constant(x))], 10 * tolerances.FLOAT32
        )
    key = custom_gradient._passes_of(ours.cell, examine(ours.cell), True).traces.key
    x = tf.zeros((9, 9, 2))
    added = sizes.padding(tf.shape(x), tf.constant([True, True]))
    assert bool(sizes.are_warm(key, tf.shape(x), *added, 40))
    assert not bool(sizes.are_warm(sizes.new_key(), tf.shape(x), *added, 40))


def test_cells_of_one_kind_share_what_was_traced(rng):
    def traces(cell):
        return custom_gradient._passes_of(cell, examine(cell), True).traces

    first, second, other = [
        make_layer("LSTMCell", {"activation": a}, rng).cell for a in ("tanh", "tanh", "relu")
    ]
    assert traces(first) is traces(second)
    assert traces(first) is not traces(other)
    first.activation = keras.ops.sin
    assert traces(first) is not traces(second), "an attribute was set anew"


@pytest.mark.slow
def test_a_graph_that_stays_keeps_no_cell(rng):
    """TensorFlow's registry keeps graphs alive, from its optimisers for instance."""

    def trained(layer):
        @tf.function(autograph=False)
        def run(x):
            with tf.GradientTape() as tape:
                y = tf.reduce_sum(layer(x, training=True))
            return tape.gradient(y, [w.value for w in layer.trainable_variables])

        return run.get_concrete_function(tf.TensorSpec((2, 7, 3))).graph, weakref.ref(layer.cell)

    graph, cell = trained(make_layer("LSTMCell", {}, rng, loop="auto"))
    gc.collect()
    assert graph.get_operations()
    assert cell() is None


def slopes(layer, x):
    with tf.GradientTape() as tape:
        y = layer(tf.constant(x), training=True)
        loss = tf.reduce_sum(tf.sin(y))
    return [as_array(v) for v in [y, *tape.gradient(loss, [w.value for w in layer.weights])]]


@pytest.mark.slow
def test_a_users_cell_is_traced_as_it_is_and_padded_with_what_it_can_read(rng, monkeypatch):
    """Nine steps and rows are compiled as sixteen and ten."""
    x = rng.normal(size=(9, 9, 3)).astype("float32")
    weights = None
    for slope in (1.0, 3.0):
        monkeypatch.setattr(SlopedCell, "slope", slope)
        ours, plain = [
            kg.RNN(SlopedCell(4), loop=loop, return_sequences=True)
            for loop in ("compiled", "keras")
        ]
        for layer in (ours, plain):
            layer.build(x.shape)
            weights = weights or [rng.normal(size=w.shape) for w in layer.weights]
            layer.set_weights(weights)
        assert_close(slopes(ours, x), slopes(plain, x), 10 * tolerances.FLOAT32)


@pytest.mark.slow
def test_a_tape_outlives_the_layer(rng):
    layer = make_layer("LSTMCell", {}, rng, loop="compiled")
    x = tf.constant(rng.normal(size=(2, 5, 3)).astype("float32"))
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(x)
        y = layer(x, training=True)
    expected = as_array(tape.gradient(y, x))
    del layer
    gc.collect()
    assert_close(as_array(tape.gradient(y, x)), expected, tolerances.SAME)
    assert np.abs(expected).max() > 0.01
