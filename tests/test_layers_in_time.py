"""Masks, wrappers, stacks, states and shapes of layers."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from numpy.testing import assert_allclose, assert_array_equal

import kerasgates as kg
from tests import reference, tolerances
from tests.cases import (
    FEATURES,
    LOOPS,
    MASK,
    SOME,
    TIME,
    UNITS,
    as_array,
    as_arrays,
    as_tensor,
    cell_class,
    every_cell,
    identify,
    initial_states,
    inputs,
    make_layer,
    quickly,
    randomise,
    weights_of,
)
from tests.layers_and_loops import COMPILED, EVERY_CELL_SLOWLY, EVERY_LOOP, QUICK, functional
from tests.odd_cells import HiddenMemoryCell
from tests.tolerances import assert_close

# ------------------------------------------------------------------ masks


@EVERY_LOOP
def test_masks_pass_on_to_the_next_layer(loop, rng):
    first = make_layer("LSTMCell", {}, rng, return_sequences=True, loop=loop)
    second = make_layer("GRUCell", {}, rng, features=UNITS, loop=loop)
    x = inputs(rng) * MASK[..., None]
    model = keras.Sequential([keras.Input((None, FEATURES)), keras.layers.Masking(), first, second])
    between, _, _ = reference.run(
        "LSTMCell", weights_of(first.cell), x, [np.zeros((5, UNITS))] * 2, mask=MASK
    )
    _, last, _ = reference.run(
        "GRUCell", weights_of(second.cell), between, [np.zeros((5, UNITS))], mask=MASK
    )
    assert_close(model.predict(x, verbose=0), last, tolerances.FLOAT32)


@EVERY_LOOP
def test_what_stands_at_masked_steps_reaches_nothing(loop, rng):
    layer = make_layer("LSTMCell", {}, rng, loop=loop)
    x = inputs(rng)
    spoilt = np.where(MASK[..., None], x, np.nan).astype("float32")
    import tensorflow as tf

    gradients = []
    for values in (x, spoilt):
        with tf.GradientTape() as tape:
            y = layer(tf.constant(values), mask=tf.constant(MASK))
            loss = tf.reduce_sum(y * y)
        gradients.append(as_arrays(tape.gradient(loss, [w.value for w in layer.weights])))
    for clean, other in zip(*gradients, strict=True):
        assert np.isfinite(other).all()
        assert_array_equal(clean, other)


# ------------------------------------------------------------------ wrappers and stacks


@pytest.mark.parametrize(
    ("loop", "mode"),
    [(loop, "concat") for loop in QUICK]
    + [pytest.param(loop, "concat", marks=pytest.mark.slow) for loop in (*COMPILED, "dense")]
    + [("keras", mode) for mode in ("sum", "mul", "ave", None)],
    indirect=["loop"],
)
def test_bidirectional_merges_both_directions(loop, mode, rng):
    layer = keras.layers.Bidirectional(
        kg.LSTM(UNITS, return_sequences=True, loop=loop), merge_mode=mode
    )
    layer.build((None, None, FEATURES))
    randomise(layer, rng)
    x = inputs(rng)
    zeros = [np.zeros((len(x), UNITS))] * 2
    forward, _, _ = reference.run("LSTMCell", weights_of(layer.forward_layer.cell), x, zeros)
    backward, _, _ = reference.run(
        "LSTMCell", weights_of(layer.backward_layer.cell), x, zeros, go_backwards=True
    )
    backward = backward[:, ::-1]
    expected = {
        "concat": np.concatenate([forward, backward], -1),
        "sum": forward + backward,
        "mul": forward * backward,
        "ave": (forward + backward) / 2,
    }
    ours = layer(x)
    if mode is None:
        pairs = zip(as_arrays(ours), (forward, backward), strict=True)
    else:
        pairs = [(as_array(ours), expected[mode])]
    for mine, theirs in pairs:
        assert_close(mine, theirs, tolerances.FLOAT32)


@pytest.mark.slow
@pytest.mark.parametrize("count", [1, 3])
def test_stacks_of_cells_work_with_return_state_and_files(count, rng, tmp_path):
    layer = kg.RNN([kg.LSTMCell(UNITS) for _ in range(count)], return_state=True)
    x = keras.Input((None, FEATURES))
    model = keras.Model(x, layer(x))
    values = inputs(rng)
    expected = as_arrays(model.predict(values, verbose=0))
    assert len(expected) == 1 + 2 * count
    model.save(tmp_path / "stack.keras")
    again = keras.saving.load_model(tmp_path / "stack.keras")
    for mine, theirs in zip(as_arrays(again.predict(values, verbose=0)), expected, strict=True):
        assert_close(mine, theirs, tolerances.SAME)


def test_any_keras_cell_runs_in_our_layer(rng):
    x = inputs(rng)
    for cell in (keras.layers.LSTMCell(UNITS), keras.layers.GRUCell(UNITS)):
        ours = kg.RNN(cell, return_sequences=True, return_state=True)
        theirs = keras.layers.RNN(cell, return_sequences=True, return_state=True)
        mask = as_tensor(MASK)
        for mine, other in zip(
            as_arrays(ours(x, mask=mask)), as_arrays(theirs(x, mask=mask)), strict=True
        ):
            assert_close(mine, other, tolerances.SAME)


# ------------------------------------------------------------------ state


@EVERY_CELL_SLOWLY
def test_stateful_layer_goes_on_where_it_stopped(name, arguments, rng):
    layer = make_layer(name, arguments, rng, stateful=True, return_sequences=True)
    x = inputs(rng, time=3)
    zeros = [np.zeros((len(x), n)) for n in layer.cell.state_sizes]
    whole, _, _ = reference.run(name, weights_of(layer.cell), x, zeros, options=arguments)
    halves = [as_array(layer(x[:, :2])), as_array(layer(x[:, 2:]))]
    assert_close(np.concatenate(halves, 1), whole, tolerances.FLOAT32)
    layer.reset_state()
    assert_close(as_array(layer(x[:, :2])), whole[:, :2], tolerances.FLOAT32)


def test_reset_state_of_a_stack_brings_back_each_cells_own_initial_state(rng):
    class StartsAtOne(kg.GRUCell):
        def get_initial_state(self, batch_size=None):
            return [keras.ops.ones((batch_size, self.units))]

    cells = [kg.LSTMCell(UNITS), StartsAtOne(UNITS)]
    layer = kg.RNN(cells, stateful=True)
    x = inputs(rng)
    first = as_array(layer(x))
    assert np.abs(as_array(layer(x)) - first).max() > 1e-3
    layer.reset_state()
    assert_array_equal(as_array(layer.states[1][0]), 1.0)
    assert_close(as_array(layer(x)), first, tolerances.SAME)


# ------------------------------------------------------------------ shapes and graphs


@pytest.mark.parametrize(
    ("name", "arguments", "sequences"),
    quickly(
        (*case, sequences)
        for number, case in enumerate(every_cell())
        for sequences in (False, True)
        if case[0] in SOME or sequences == number % 2
    ),
    ids=identify,
)
def test_symbolic_shapes_are_the_real_ones(name, arguments, sequences, rng):
    layer = make_layer(name, arguments, rng, return_sequences=sequences, return_state=True)
    symbolic = layer(keras.Input((None, FEATURES)))
    real = layer(inputs(rng, time=2))
    for planned, came in zip(symbolic, real, strict=True):
        assert len(planned.shape) == len(came.shape)
        assert planned.shape[-1] == came.shape[-1]


@EVERY_LOOP
def test_unknown_batch_and_time_take_any_size(loop, rng):
    layer = make_layer("PeepholeLSTMCell", {}, rng, loop=loop)
    model = functional(layer)
    for batch, time in ((1, 1), (3, 9), (9, 2)):
        x = inputs(rng, batch, time)
        zeros = [np.zeros((batch, UNITS))] * 2
        _, last, _ = reference.run("PeepholeLSTMCell", weights_of(layer.cell), x, zeros)
        assert_close(model.predict(x, verbose=0), last, tolerances.FLOAT32)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "arguments", "loop"),
    # One cell in every loop; two of other structures in the loop that compiles itself.
    [(SOME[0], {}, loop) for loop in LOOPS]
    + [(name, {}, "compiled") for name in (SOME[1], "LayerNormLSTMCell")],
    ids=identify,
)
def test_training_step_compiles_with_xla_and_gives_the_same_loss(name, arguments, loop, rng):
    x, y = inputs(rng), rng.normal(size=(len(MASK), 1)).astype("float32")
    losses = []
    for jit in (False, True):
        keras.utils.set_random_seed(5)
        layer = kg.layer_of(cell_class(name))(UNITS, loop=loop, **arguments)
        model = keras.Sequential([keras.Input((TIME, FEATURES)), layer, keras.layers.Dense(1)])
        # Not `model.compile(jit_compile=True)`: Keras declines for layers that compile themselves.
        optimizer = keras.optimizers.SGD()
        optimizer.build(model.trainable_variables)

        @tf.function(jit_compile=jit, autograph=False)
        def train(x, y, model=model, optimizer=optimizer):
            with tf.GradientTape() as tape:
                loss = tf.reduce_mean((model(x, training=True) - y) ** 2)
            weights = [w.value for w in model.trainable_variables]
            optimizer.apply(tape.gradient(loss, weights), model.trainable_variables)
            return loss

        losses.append([float(train(tf.constant(x), tf.constant(y))) for _ in range(3)])
    assert losses[0][0] != losses[0][-1]
    assert_allclose(losses[0], losses[1], rtol=1e-4)


# ------------------------------------------------------------------ what a cell may declare


@EVERY_LOOP
def test_own_shapes_and_output_work_with_dropout_and_masks(loop, rng):
    cell = HiddenMemoryCell(UNITS, dropout=0.2, recurrent_dropout=0.5)
    layer = kg.RNN(cell, return_sequences=True, loop=loop)
    x = inputs(rng)
    out = as_array(layer(x, mask=as_tensor(MASK)))
    assert out.shape == (len(x), TIME, UNITS)
    assert (out[4] == 0).all()
    assert np.abs(as_array(layer(x, training=True)) - as_array(layer(x))).max() > 1e-3
    weights = {weight.name: as_array(weight) for weight in cell.weights}
    s = np.zeros((len(x), 2))
    for t in range(TIME):
        y = np.tanh(x[:, t] @ weights["wide"] + s @ weights["recurrent_kernel"] + weights["bias"])
        s = 0.5 * s + y[:, :2]
    assert_close(as_array(layer(x))[:, -1], y, tolerances.EXPORT)


def test_one_known_initial_state_too_many_is_not_dropped(rng):
    layer = make_layer("LSTMCell", {}, rng)
    states = [as_tensor(s) for s in initial_states(layer.cell, rng)]
    with pytest.raises(ValueError, match="`initial_state` of LSTM must hold 2"):
        layer(inputs(rng), initial_state=[*states, states[0]])
