"""The compiled loops: batches, lengths and halves that are compiled."""

import dataclasses
import itertools

import keras
import pytest
import tensorflow as tf
from numpy.testing import assert_allclose

import kerasgates as kg
from kerasgates.loops.compiled import graphs, sizes, ways
from tests.cases import (
    FEATURES,
    UNITS,
    EagerGraph,
    as_array,
    make_layer,
    named_cases,
)
from tests.compiling import (
    agree,
    layer_pair,
    slow,
)


@slow
def test_any_batch_and_length_in_one_graph(rng):
    """Even batches run as two halves; the size is known only when the graph runs."""
    sizes = [tf.TensorSpec((None, None, FEATURES), "float64"), tf.TensorSpec((None, None), "bool")]

    def graph(layer):
        @tf.function(input_signature=sizes, autograph=False)
        def run(x, mask):
            weights = [w.value for w in layer.trainable_variables]
            with tf.GradientTape() as tape:
                tape.watch(x)
                results = layer(x, mask=mask, training=True)
                loss = sum(tf.reduce_sum(tf.sin(r)) for r in results)
            return [*results, *tape.gradient(loss, [x, *weights])]

        return run

    ours, plain = map(graph, layer_pair(rng, "compiled"))
    with named_cases() as case:
        for batch in (1, 8, 9):
            x = tf.constant(rng.normal(size=(batch, 5, FEATURES)))
            mask = tf.constant(rng.random((batch, 5)) < 0.7)
            with case(f"{batch} rows"):
                agree(map(as_array, ours(x, mask)), map(as_array, plain(x, mask)))


@slow
@pytest.mark.parametrize(("time", "rate"), [(5, 0.3), (None, 0.0)])
def test_masked_batches_of_any_size_can_be_trained_on(time, rate, rng):
    """A mask comes from another layer, and the batch is halved or not when the graph runs."""
    x = rng.normal(size=(8, 5, FEATURES)).astype("float32")
    x[:4, 3:] = 0
    y = rng.normal(size=(8, UNITS)).astype("float32")
    losses = []
    for loop in ("compiled", "keras"):
        keras.utils.set_random_seed(5)
        layer = kg.LSTM(UNITS, recurrent_dropout=rate, seed=4, loop=loop)
        model = keras.Sequential([keras.Input((time, FEATURES)), keras.layers.Masking(), layer])
        model.compile(keras.optimizers.SGD(0.5), "mse")
        history = model.fit(x, y, batch_size=8, epochs=3, shuffle=False, verbose=0)
        losses.append(history.history["loss"])
    assert losses[0][0] != losses[0][-1]
    assert_allclose(*losses, rtol=1e-5)


def test_halves_of_a_batch_are_taken_where_they_pay(rng):
    cell = make_layer("LSTMCell", {}, rng).cell
    for batch, pays in [(8, True), (9, False), (6, False)]:
        for size in (batch, tf.constant(batch)):
            assert bool(ways.halves_pay(cell, size, training=True)) is pays
    assert ways.halves_pay(cell, 8, training=False)


def test_sizes_that_are_not_known_are_rounded_up(rng):
    cell = make_layer("LSTMCell", {}, rng).cell
    rounded = {}

    def look(x):
        size = "eager" if tf.executing_eagerly() else tuple(x.shape)
        way, both = ways.way_of(cell, x, True, 0)
        # Whether rows and steps are rounded up, and whether halves are allowed.
        rounded[size] = *tf.get_static_value(both).tolist(), way.halves is None
        return x

    look(tf.zeros((9, 5, FEATURES)))
    for shape in [(9, 5), (None, 5), (None, None)]:
        tf.function(look, autograph=False).get_concrete_function(
            tf.TensorSpec((*shape, FEATURES), "float32")
        )
    assert rounded == {
        "eager": (True, True, False),
        (9, 5, FEATURES): (False, False, True),
        (None, 5, FEATURES): (True, False, True),
        (None, None, FEATURES): (True, True, True),
    }
    for both in itertools.product((False, True), repeat=2):
        added = sizes.padding(tf.constant([9, 5, FEATURES]), tf.constant(both))
        assert [int(n) for n in added] == [1 * both[0], 3 * both[1]]


@pytest.mark.parametrize(
    ("halves", "warm", "training"),
    [
        pytest.param(*case, marks=[pytest.mark.slow] * (case != (None, None, True)))
        for case in itertools.product((None, False, True), (None, True), (False, True))
    ],
)
def test_the_form_that_is_chosen_is_the_one_that_is_wanted(halves, warm, training):
    way = ways.Way(warm, 0, halves, rounds=True)
    cold = dataclasses.replace(way, warm_up=2**40)

    def run(way, chosen):
        """In which form, and with how many more rows and steps; all −1 where interpreted."""

        def compiled(added):
            more = added or [tf.constant(0), tf.constant(0)]
            whole, halves = (lambda halved=n: [tf.stack([*more, halved])] for n in (0, 1))
            return whole, halves, lambda results: [*results, tf.constant(bool(added))]

        def interpreted():
            return [tf.constant([-1, -1, -1]), tf.constant(False)]

        return way.run(chosen, interpreted, compiled, training)

    # Traced once for each way: what is chosen are tensors.
    in_graph = tf.function(run, autograph=False)

    def taken(way, x, rounded, pays):
        chosen = way.choose(sizes.new_key(), tf.shape(x), rounded, lambda batch: tf.constant(pays))
        # As a graph runs it, and eagerly.
        both = run(way, chosen), in_graph(way, chosen)
        ours, graphs = ([v.numpy().tolist() for v in results] for results in both)
        assert ours == graphs
        assert ours[1] == (max(ours[0][:2]) > 0)
        return ours[0]

    for batch, time, *rounded, pays in itertools.product((10, 33), (8, 9), *[(True, False)] * 3):
        x, rounded = tf.zeros((batch, time, 1)), tf.constant(rounded)
        added = 7 * int(rounded[0] and batch == 33), 7 * int(rounded[1] and time == 9)
        wanted = pays if halves is None else halves
        assert taken(way, x, rounded, pays) == [*added, wanted]
        if not warm:
            assert taken(cold, x, rounded, pays) == [-1, -1, -1]


def test_graphs_that_stand_in_for_others_have_all_that_these_have():
    x = tf.zeros((2, 3))
    real, eager = (
        kind(lambda v: [v + 1], [tf.TensorSpec(x.shape)], inline=True)
        for kind in (graphs.Graph, EagerGraph)
    )
    for name in vars(real):
        assert hasattr(eager, name), name
    for way in ("interpreted", "compiled"):
        assert_allclose(getattr(real, way)(x)[0], getattr(eager, way)(x)[0])


def test_lengths_are_rounded_up():
    for length, expected in [(1, 1), (2, 2), (3, 4), (5, 8), (100, 128), (128, 128), (129, 256)]:
        assert int(sizes.rounded_up(tf.constant(length), sizes.LENGTHS)) == expected
    for rows, expected in [(0, 0), (7, 7), (9, 10), (25, 28), (33, 40), (64, 64), (129, 160)]:
        assert int(sizes.rounded_up(tf.constant(rows), sizes.ROWS)) == expected
