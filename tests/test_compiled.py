"""The compiled loops: derivatives, lengths, halves of a batch, and what must not be compiled."""

import dataclasses
import gc
import itertools
import weakref

import keras
import numpy as np
import pytest
import tensorflow as tf
from numpy.testing import assert_allclose

import kerasgates as kg
from kerasgates import loops
from kerasgates.core.blocks import Kernel
from kerasgates.loops.compiled import analysis, custom_gradient, graphs, sizes, time_blocks, ways
from tests import tolerances
from tests.cases import (
    BATCH,
    EXPORTED,
    FEATURES,
    MASK,
    SOME,
    STRUCTURES,
    UNITS,
    EagerGraph,
    as_array,
    as_arrays,
    eagerly,
    every_cell,
    every_configuration,
    identify,
    in_graph,
    initial_states,
    inputs,
    make_layer,
    named_cases,
    weights_of,
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
    return [as_array(v) for v in [*results, *gradients]]


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
    monkeypatch.setattr(time_blocks, "BLOCK", 2 * 8 * UNITS * len(cell.gates) * BATCH)


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        pytest.param(name, arguments, marks=() if name in SOME and not arguments else slow)
        for name, arguments in every_configuration()
    ],
    ids=identify,
)
def test_gradients_are_those_of_the_plain_loop(name, arguments, rng, monkeypatch):
    """Run eagerly: the passes themselves, of every cell in every way."""
    ours, plain = layer_pair(rng, "compiled", name, arguments)
    in_blocks_of_two(monkeypatch, ours.cell)
    x, states = inputs(rng), initial_states(ours.cell, rng)
    with named_cases() as case:
        for kind, mask in {"plain": None, "masked": MASK}.items():
            expected = derivatives(plain, x, states, mask)
            for ours.loop in LOOPS if mask is not None else LOOPS[:1]:
                with case(f"{ours.loop} {kind}"), eagerly():
                    agree(derivatives(ours, x, states, mask), expected)


#: One cell of each structure in three ways, and one with states of several sizes; of the others
#: only what comes out.
MOST = [("compiled", "masked"), ("compiled", "plain"), ("recomputed", "masked")]
WAYS = [(*case, *way) for case in STRUCTURES for way in MOST]
WAYS += [(*c, *MOST[0]) for c in every_cell() if c[0] in EXPORTED and c not in STRUCTURES]
OTHERS = [case for case in every_cell() if case not in [way[:2] for way in WAYS]]
FAST = [("LSTMCell", {}, "compiled", "masked")]


@pytest.mark.parametrize(
    ("name", "arguments", "loop", "kind"),
    [pytest.param(*case, marks=() if case in FAST else slow) for case in WAYS],
    ids=identify,
)
def test_xla_computes_the_gradients_of_the_plain_loop(
    name, arguments, loop, kind, rng, monkeypatch
):
    ours, plain = layer_pair(rng, loop, name, arguments)
    in_blocks_of_two(monkeypatch, ours.cell)
    case = inputs(rng), initial_states(ours.cell, rng), MASK if kind == "masked" else None
    agree(derivatives(ours, *case), derivatives(plain, *case))


@pytest.mark.parametrize(
    ("name", "arguments"), [pytest.param(*case, marks=slow) for case in OTHERS], ids=identify
)
def test_xla_computes_the_outputs_of_the_plain_loop(name, arguments, rng):
    ours, plain = layer_pair(rng, "compiled", name, arguments)
    x, states = inputs(rng), [tf.constant(s, "float64") for s in initial_states(ours.cell, rng)]
    results = [layer(x, initial_state=[*states], mask=MASK) for layer in (ours, plain)]
    agree(*map(as_arrays, results))


def structure_of(name, arguments, rng):
    """What decides on the way through the passes, sizes apart."""
    cell = make_layer(name, arguments, rng).cell
    found = analysis.examine(cell)
    products = tuple(product.state is None for product in found.taken)
    return found.summed, bool(found.touched), products, len(cell.states) > 1


@slow
def test_no_structure_of_a_step_is_missing_from_those_that_xla_compiles(rng):
    compiled = [structure_of(*case, rng) for case in STRUCTURES]
    assert len({*compiled}) == len(compiled), "one of each is enough"
    for case in every_configuration():
        assert structure_of(*case, rng) in compiled, case


def test_any_size_of_block(rng, monkeypatch):
    ours, plain = layer_pair(rng, "compiled")
    inputs_and_mask = inputs(rng), initial_states(ours.cell, rng), MASK
    expected = derivatives(plain, *inputs_and_mask)
    with named_cases() as case:
        for size in (1, 3, 7, 100):
            monkeypatch.setattr(time_blocks, "BLOCK", size * 4 * 4 * 8 * BATCH)
            with case(f"{size} steps"), eagerly():
                agree(derivatives(ours, *inputs_and_mask), expected)
    assert len(custom_gradient._PASSES[ours.cell][1]) == 4, "each size of block is traced"


#: Ways to use a layer, and whether XLA compiles another pass for one.
USES = [
    ({"return_sequences": False}, True),
    ({"return_state": False}, False),
    ({"go_backwards": True}, False),
    ({"zero_output_for_mask": True}, False),
    ({"training": False}, True),
]


@pytest.mark.parametrize(
    ("settings", "xla"),
    [
        *((settings, False) for settings, _ in USES),
        *(pytest.param(settings, True, marks=slow) for settings, another in USES if another),
    ],
    ids=str,
)
def test_gradients_in_every_form_of_the_layer(settings, xla, rng):
    training = settings.get("training", True)
    of_layer = {key: value for key, value in settings.items() if key != "training"}
    ours, plain = layer_pair(rng, "compiled", **of_layer)
    case = inputs(rng), initial_states(ours.cell, rng), MASK, training
    with eagerly(not xla):
        found = derivatives(ours, *case)
    agree(found, derivatives(plain, *case))


#: Some cells run eagerly, and one compiled.
SOME_EAGERLY = [(name, False) for name in SOME] + [pytest.param("GRUCell", True, marks=slow)]


@pytest.mark.parametrize(("name", "xla"), SOME_EAGERLY)
def test_recurrent_dropout_has_one_mask_in_both_passes(name, xla, rng):
    """The loss along a line of weights grows as the gradient says."""
    layer = make_layer(
        name,
        {"recurrent_dropout": 0.5, "dropout": 0.4, "seed": 3},
        rng,
        loop="compiled",
        dtype="float64",
    )
    x = tf.constant(inputs(rng), "float64")
    seed = layer.cell.seed_generator.state
    start = as_array(seed)
    weights = layer.get_weights()
    direction = [rng.normal(size=w.shape) for w in weights]

    def loss(step):
        seed.assign(start)
        layer.set_weights([w + step * d for w, d in zip(weights, direction, strict=True)])
        return tf.reduce_sum(tf.sin(layer(x, training=True)))

    tiny = 1e-5
    with eagerly(not xla):
        with tf.GradientTape() as tape:
            value = loss(0.0)
        gradients = tape.gradient(value, [w.value for w in layer.trainable_variables])
        difference = loss(tiny) - loss(-tiny)
    slope = sum(float(tf.reduce_sum(g * d)) for g, d in zip(gradients, direction, strict=True))
    assert_allclose(slope, difference / (2 * tiny), rtol=1e-6)
    assert abs(slope) > 0.1


@pytest.mark.parametrize(("name", "xla"), SOME_EAGERLY)
def test_gradients_of_gradients(name, xla, rng):
    ours, plain = layer_pair(rng, "compiled", name, return_state=False)
    x, mask = tf.constant(inputs(rng), "float64"), tf.constant(MASK)

    def twice(layer):
        weights = [w.value for w in layer.trainable_variables]
        with tf.GradientTape() as outer:
            outer.watch(x)
            with tf.GradientTape() as inner:
                inner.watch(x)
                y = tf.reduce_sum(tf.sin(layer(x, mask=mask, training=True)))
            slope = inner.gradient(y, x)
            penalty = tf.reduce_sum(slope**2) + y
        return [as_array(v) for v in outer.gradient(penalty, [x, *weights])]

    with eagerly(not xla):
        found = twice(ours)
    agree(found, twice(plain))


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
        way, rows = ways.way_of(cell, x, True, 0)
        # Whether rows and steps are rounded up, and whether halves are allowed.
        rounded[size] = bool(tf.get_static_value(rows)), way.more_steps, way.halves is None
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
    assert [int(n) for n in sizes.padding(tf.zeros((9, 5, FEATURES)), True, True)] == [1, 3]
    assert sizes.padding(tf.zeros((9, 5, FEATURES)), False, False) == (0, 0)


@pytest.mark.parametrize("training", [False, True])
@pytest.mark.parametrize("halves", [None, False, True])
@pytest.mark.parametrize(("rows", "steps"), [(0, 0), (1, 0), (0, 1), (1, 1)])
@pytest.mark.parametrize("warm", [None, True])
def test_the_form_that_is_chosen_is_the_one_that_is_wanted(training, halves, rows, steps, warm):
    way = ways.Way(warm, 0, halves, bool(rows), bool(steps))
    cold = dataclasses.replace(way, warm_up=2**40)

    def taken(batch, time, rounded, pays):
        x = tf.zeros((batch, time, 1))
        chosen = way.choose(0, x, tf.constant(rounded), lambda batch: tf.constant(pays), training)

        def compiled(rows, steps, halved):
            assert rows is None or [int(rows), int(steps)] == [int(n) for n in chosen[1:]]
            return [tf.constant([rows is not None, halved])]

        if not warm:
            key = sizes.new_key()
            number, *_ = cold.choose(key, x, tf.constant(rounded), lambda _: pays, training)
            assert int(number) == 0
            assert cold.run([number, 0, 0], lambda: [x], compiled, training)[0] is not None
        return [bool(v) for v in way.run(chosen, lambda: [x], compiled, training)[0]]

    for batch, time, rounded, pays in itertools.product((10, 33), (8, 9), *[(True, False)] * 2):
        more_rows = rows and rounded and batch == 33
        # A batch that is rounded up is even and not small: before a backward pass halves pay.
        if pays or not (more_rows and training):
            is_rounded, halved = taken(batch, time, rounded, pays)
            assert halved == (pays if halves is None else halves)
            assert is_rounded == bool(steps or more_rows)


def test_graphs_that_stand_in_for_others_have_all_that_these_have():
    x = tf.zeros((2, 3))
    real, eager = (
        kind(lambda v: [v + 1], [tf.TensorSpec(x.shape)], inline=True)
        for kind in (graphs.Graph, EagerGraph)
    )
    for name in vars(real):
        assert hasattr(eager, name), name
    for way in ("interpreted", "compiled", "compiled_later"):
        assert_allclose(getattr(real, way)(x)[0], getattr(eager, way)(x)[0])


def test_lengths_are_rounded_up():
    for length, expected in [(1, 1), (2, 2), (3, 4), (5, 8), (100, 128), (128, 128), (129, 256)]:
        assert int(sizes.rounded_up(tf.constant(length), sizes.LENGTHS)) == expected
    for rows, expected in [(0, 0), (7, 7), (9, 10), (25, 28), (33, 40), (64, 64), (129, 160)]:
        assert int(sizes.rounded_up(tf.constant(rows), sizes.ROWS)) == expected


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


@kg.register
class CountingRowsCell(kg.AbstractRNNCell):
    """A cell whose step must know the batch size."""

    gates = ("n",)
    states = ("h",)

    def step(self, Wx, U, h):
        shift = keras.ops.ones((h.shape[0], self.units), dtype=h.dtype) / 2
        return (self.activation(Wx.n + h @ U.n + shift),), {}


@kg.register
class NoisyCell(kg.AbstractRNNCell):
    """A cell that draws numbers in its step: it must run as it is written."""

    gates = ("n",)
    states = ("h",)

    def step(self, Wx, U, h):
        n = Wx.n + h @ U.n
        return (n + tf.random.normal(tf.shape(n)),), {}


@kg.register
class TwoOutputsCell(kg.AbstractRNNCell):
    """A cell whose output is no state."""

    gates = ("n",)
    states = ("h",)
    output_name = "y"

    def step(self, Wx, U, h):
        h = self.activation(Wx.n + h @ U.n)
        return (h,), {"y": 2 * h}


class OneGateCell(kg.AbstractRNNCell):
    """What the cells below have in common."""

    gates = ("n",)
    states = ("h",)

    def step(self, Wx, U, h):
        return (self.activation(Wx.n + h @ U.n),), {}


@kg.register
class DropoutWithinCell(OneGateCell):
    """Has a layer inside that draws numbers in training."""

    def build(self, input_shape):
        super().build(input_shape)
        self.drop = keras.layers.Dropout(0.5, seed=1)

    def step(self, Wx, U, h):
        return (self.activation(self.drop(Wx.n) + h @ U.n),), {}


@kg.register
class SeededCell(OneGateCell):
    """Draws numbers by a generator of its own."""

    def build(self, input_shape):
        super().build(input_shape)
        self.seeds = keras.random.SeedGenerator(3)

    def step(self, Wx, U, h):
        noise = keras.random.normal((BATCH, self.units), seed=self.seeds)
        return (self.activation(Wx.n + h @ U.n) + noise,), {}


@kg.register
class CountingCell(OneGateCell):
    """Counts steps in a weight."""

    def build(self, input_shape):
        super().build(input_shape)
        self.seen = self.add_weight(name="seen", initializer="zeros", trainable=False)

    def step(self, Wx, U, h):
        self.seen.assign(self.seen + 1.0)
        return super().step(Wx, U, h)


@kg.register
class RememberingCell(OneGateCell):
    """Sets an attribute in its step."""

    def step(self, Wx, U, h):
        self.last = object()
        return super().step(Wx, U, h)


@kg.register
class ScaledCell(OneGateCell):
    """Changes what `step` is given for the recurrent weights."""

    def recurrent(self, training=False):
        return Kernel(0.1 * self.recurrent_kernel, self.gates, self.recurrent_mask(training))


@pytest.mark.parametrize(
    ("cell_class", "draws"),
    [
        (NoisyCell, True),
        (DropoutWithinCell, True),
        (SeededCell, True),
        (TwoOutputsCell, False),
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


@kg.register
class PlainProductCell(OneGateCell):
    """Multiplies by the recurrent weights in its own way."""

    def step(self, Wx, U, h):
        return (self.activation(Wx.n + keras.ops.matmul(h, U.tensor)),), {}


@kg.register
class MaxoutCell(OneGateCell):
    """Its inputs are wider than its gates."""

    def kernel_shape(self, features):
        return (features, 2 * self.units)

    def bias_shape(self):
        return (2 * self.units,)

    def step(self, Wx, U, h):
        a, b = keras.ops.split(Wx.n, 2, axis=-1)
        return (self.activation(keras.ops.maximum(a, b) + h @ U.n),), {}


@kg.register
class LooksTwiceCell(OneGateCell):
    """Uses an input and a product of states once more, where there is no gradient."""

    gates = ("z", "n")

    def step(self, Wx, U, h):
        Uh = h @ U
        z, n = Wx + Uh
        new = self.recurrent_activation(z) * self.activation(n)
        new = keras.ops.where(Wx.z > 0, new, h)
        return (keras.ops.where(Uh.n > 0, new, 0.5 * h),), {}


@pytest.mark.parametrize("cell_class", [PlainProductCell, MaxoutCell, LooksTwiceCell])
@pytest.mark.parametrize(
    ("loop", "xla"),
    [*((loop, False) for loop in LOOPS), pytest.param("compiled", True, marks=slow)],
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


@kg.register
class PrivateCell(OneGateCell):
    """Reads attributes of its own, one of them in a dict."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._slope, self.options = 1.0, {"shift": 0.0}

    def step(self, Wx, U, h):
        n = self._slope * (Wx.n + h @ U.n) + self.options["shift"]
        return (self.activation(n),), {}


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

    x = tf.constant(inputs(rng, time=loops.EAGER_STEPS + 1))
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


@pytest.mark.parametrize(("name", "arguments"), every_cell(), ids=identify)
def test_every_cell_of_ours_compiles(name, arguments, rng):
    assert loops.compiles(make_layer(name, arguments, rng).cell)


def test_half_precision_is_left_to_the_plain_loop(rng):
    layer = make_layer("LSTMCell", {}, rng, dtype="mixed_bfloat16")
    assert not loops.compiles(layer.cell)


def test_auto_chooses_as_it_is_written_down(rng):
    cell = make_layer("LSTMCell", {}, rng).cell

    def chosen(shape, **more):
        return loops.choose(cell, shape, **more)

    assert chosen((1, 31, 3)) == "keras"
    assert chosen((1, 32, 3)) == "compiled"
    assert chosen((1, 32, 3), unroll=True) == "keras"
    in_graphs = []
    in_graph(lambda x: in_graphs.append(chosen((None, None, 3))) or x)(tf.zeros(1))
    in_graph(lambda x: in_graphs.append(chosen((None, 1, 3))) or x)(tf.zeros(1))
    assert in_graphs == ["compiled", "keras"]
    long = 1 + loops.KEPT_BYTES // (4 * 4 * cell.units)
    assert chosen((1, long, 3)) == "recomputed"
    assert loops.choose(keras.layers.LSTMCell(3), (1, 99, 3)) == "keras"


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
