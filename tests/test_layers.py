"""What a Keras user expects of every layer and cell, beside the right numbers."""

import inspect
import pickle

import keras
import numpy as np
import pytest
import tensorflow as tf
from numpy.testing import assert_allclose, assert_array_equal

import kerasgates as kg
from kerasgates import loops
from kerasgates.core.cell import CELLS
from tests import reference, tolerances
from tests.cases import (
    EXPORTED,
    FEATURES,
    MASK,
    REQUIRED,
    SOME,
    TIME,
    UNITS,
    as_array,
    as_arrays,
    as_tensor,
    cell_class,
    eagerly,
    every_cell,
    every_configuration,
    identify,
    initial_states,
    inputs,
    make_layer,
    randomise,
    weights_of,
)
from tests.tolerances import assert_close

EVERY_CELL = pytest.mark.parametrize(("name", "arguments"), every_cell(), ids=identify)
#: Loops that XLA compiles, and that run eagerly in the fast suite.
COMPILED = ("compiled", "recomputed")


@pytest.fixture
def loop(request):
    """The name of a loop; of one that XLA compiles with whether it shall."""
    name, _, how = request.param.partition(" ")
    with eagerly(how == "eagerly"):
        yield name


QUICK = [*(name for name in loops.LOOPS if name not in (*COMPILED, "dense")), "compiled eagerly"]
DEAR = [pytest.param(name, marks=pytest.mark.slow) for name in (*COMPILED, "dense")]
EVERY_LOOP = pytest.mark.parametrize("loop", QUICK + DEAR, indirect=True)
#: One loop after the other in each cell, and all of them in some; and Keras's in each, slowly.
EVERY_CELL_IN_SOME_LOOP = pytest.mark.parametrize(
    ("name", "arguments", "loop"),
    [
        (name, arguments, loop)
        if name in SOME or position == number % len(loops.LOOPS)
        else pytest.param(name, arguments, loop, marks=pytest.mark.slow)
        for number, (name, arguments) in enumerate(every_cell())
        for position, loop in enumerate(loops.LOOPS)
        if name in SOME or loop == "keras" or position == number % len(loops.LOOPS)
    ],
    ids=identify,
)


def functional(layer, time=None, batch=None, mask=False):
    """A model of one layer, with a mask read from zeros in the input where asked for."""
    x = keras.Input((time, FEATURES), batch_size=batch)
    y = keras.layers.Masking()(x) if mask else x
    return keras.Model(x, layer(y))


# ------------------------------------------------------------------ declaration and config


@pytest.mark.parametrize(("name", "arguments"), every_configuration(), ids=identify)
def test_config_brings_the_cell_back(name, arguments):
    cell = cell_class(name)(UNITS, dropout=0.1, seed=3, name="mine", dtype="float64", **arguments)
    config = cell.get_config()
    again = type(cell).from_config(config)
    assert again.get_config() == config
    assert set(inspect.signature(type(cell)).parameters) <= set(config)
    layer = kg.layer_of(cell_class(name))(UNITS, **arguments)
    for holder in (again, layer.cell, layer):
        for key, value in arguments.items():
            stored = getattr(holder, key)
            assert (stored.__name__ if callable(stored) else stored) == value


@EVERY_CELL
def test_layer_signature_is_real_and_complete(name, arguments):
    layer_class = kg.layer_of(cell_class(name))
    names = list(inspect.signature(layer_class).parameters)
    assert names[0] == "units"
    assert set(inspect.signature(cell_class(name)).parameters) <= set(names)
    assert {"return_sequences", "return_state", "stateful", "unroll", "loop"} <= set(names)
    for argument in names:
        assert f"    {argument}: " in layer_class.__doc__
    layer = layer_class(UNITS, name="mine", return_sequences=True, **arguments)
    assert type(layer).from_config(layer.get_config()).get_config() == layer.get_config()
    assert layer.units == UNITS
    assert getattr(kg, name.removesuffix("Cell")) is layer_class


def test_arguments_a_cell_does_not_have_are_not_in_its_signature():
    assert "unit_forget_bias" in inspect.signature(kg.LSTMCell).parameters
    assert "unit_forget_bias" not in inspect.signature(kg.GRUCell).parameters
    assert "initial_update_bias" in inspect.signature(kg.GRUCell).parameters
    assert "output_activation" not in inspect.signature(kg.GRUCell).parameters
    assert "recurrent_activation" not in inspect.signature(kg.SimpleRNNCell).parameters
    assert "activation" not in inspect.signature(kg.NASCell).parameters


@EVERY_CELL
def test_fresh_weights_have_the_documented_shapes_and_biases(name, arguments):
    cell = cell_class(name)(UNITS, use_bias=True, **arguments)
    cell.build((None, FEATURES))
    width = len(cell.gates) * UNITS
    assert cell.kernel.shape == (FEATURES, width)
    assert cell.recurrent_kernel.shape == (cell.output_size, width)
    bias = as_array(cell.bias).reshape(-1, len(cell.gates), UNITS)
    raised = "f" if "unit_forget_bias" in inspect.signature(type(cell)).parameters else None
    for row in range(len(bias)):
        for position, gate in enumerate(cell.gates):
            assert_array_equal(bias[row, position], 1.0 if gate == raised and row == 0 else 0.0)


def test_initial_update_bias_keeps_the_state_at_the_start():
    for layer in (kg.GRUCell, kg.ResetAfterGRUCell, kg.UGRNNCell):
        cell = layer(UNITS, initial_update_bias=3.0)
        cell.build((None, FEATURES))
        bias = as_array(cell.bias).reshape(-1, len(cell.gates), UNITS)
        assert_array_equal(bias[0, 0], 3.0)
        assert np.count_nonzero(bias) == UNITS


def test_regularisers_and_constraints_reach_their_weights():
    layer = kg.PeepholeLSTM(
        UNITS,
        kernel_regularizer="l2",
        recurrent_regularizer="l1",
        bias_regularizer="l2",
        peephole_regularizer="l1",
        kernel_constraint="max_norm",
        recurrent_constraint="unit_norm",
        bias_constraint="non_neg",
        peephole_constraint="non_neg",
    )
    layer.build((None, None, FEATURES))
    for weight in layer.weights:
        assert weight.regularizer is not None
        assert weight.constraint is not None
    expected = 0.01 * (
        np.square(as_array(layer.cell.kernel)).sum()
        + np.abs(as_array(layer.cell.recurrent_kernel)).sum()
        + np.square(as_array(layer.cell.bias)).sum()
        + sum(np.abs(as_array(getattr(layer.cell, f"peephole_{g}"))).sum() for g in "ifo")
    )
    assert_allclose(float(sum(layer.losses)), expected, rtol=1e-5)


def test_echo_state_weights_are_frozen_sparse_and_scaled():
    cell = kg.ESNCell(60, connectivity=0.2, spectral_radius=0.8, seed=1)
    cell.build((None, FEATURES))
    U = as_array(cell.recurrent_kernel)
    assert cell.trainable_weights == []
    assert_close(np.abs(np.linalg.eigvals(U)).max(), 0.8, 1e-4)
    assert 0.15 < np.count_nonzero(U) / U.size < 0.25
    empty = kg.ESNCell(2, connectivity=1e-9)
    empty.build((None, FEATURES))
    assert_array_equal(as_array(empty.recurrent_kernel), 0.0)


# ------------------------------------------------------------------ saving


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        # A plain one, one with arguments of its own, and one with frozen weights of its own making.
        c
        if c[0] in ("LSTMCell", "ProjectedLSTMCell", "ESNCell")
        else pytest.param(*c, marks=pytest.mark.slow)
        for c in every_cell()
    ],
    ids=identify,
)
def test_keras_file_and_weights_file_bring_the_same_function(name, arguments, rng, tmp_path):
    layer = make_layer(name, arguments, rng, return_sequences=True, loop="hoisted")
    model = functional(layer)
    x = inputs(rng)
    expected = model.predict(x, verbose=0)
    model.save(tmp_path / "model.keras")
    again = keras.saving.load_model(tmp_path / "model.keras")
    assert_close(again.predict(x, verbose=0), expected, tolerances.SAME)
    assert again.layers[-1].get_config() == layer.get_config()
    assert again.layers[-1].loop == "hoisted"
    model.save_weights(tmp_path / "model.weights.h5")
    fresh = functional(type(layer).from_config(layer.get_config()))
    fresh.load_weights(tmp_path / "model.weights.h5")
    assert_close(fresh.predict(x, verbose=0), expected, tolerances.SAME)


@pytest.mark.slow
def test_a_users_own_cell_gets_everything(rng, tmp_path):
    @kg.register
    class FastForgetCell(kg.AbstractRNNCell):
        gates = ("f", "n")
        states = ("h",)

        def step(self, Wx, U, h):
            f, n = Wx + h @ U
            f = self.recurrent_activation(f)
            h = f * f * h + (1 - f) * self.activation(n)
            return (h,), {"f": f}

    layer = kg.layer_of(FastForgetCell)(UNITS, return_sequences=True)
    assert type(layer).__name__ == "FastForget"
    model = keras.Sequential([keras.Input((None, FEATURES)), keras.layers.Bidirectional(layer)])
    x = inputs(rng)
    model.save(tmp_path / "mine.keras")
    again = keras.saving.load_model(tmp_path / "mine.keras")
    assert_close(again.predict(x, verbose=0), model.predict(x, verbose=0), tolerances.SAME)
    del CELLS["FastForgetCell"]


def test_cell_written_for_keras_2_runs_unchanged(rng):
    class MinimalRNNCell(kg.AbstractRNNCell):
        def __init__(self, units, **kwargs):
            self.units = units
            super().__init__(**kwargs)

        @property
        def state_size(self):
            return self.units

        def build(self, input_shape):
            self.kernel = self.add_weight(shape=(input_shape[-1], self.units), name="kernel")
            self.U = self.add_weight(shape=(self.units, self.units), name="recurrent_kernel")
            self.built = True

        def call(self, inputs, states):
            output = keras.ops.matmul(inputs, self.kernel) + keras.ops.matmul(states[0], self.U)
            return output, output

    x = inputs(rng)
    for layer_class in (keras.layers.RNN, kg.RNN):
        layer = layer_class(MinimalRNNCell(UNITS), return_sequences=True)
        out = as_array(layer(x))
        W, U = (as_array(w) for w in layer.get_weights())
        h = np.zeros((len(x), UNITS))
        for t in range(TIME):
            h = x[:, t] @ W + h @ U
            assert_close(out[:, t], h, tolerances.FLOAT32)


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


@pytest.mark.parametrize(
    ("name", "arguments"),
    [pytest.param(*case, marks=pytest.mark.slow) for case in every_cell()],
    ids=identify,
)
def test_every_layer_works_inside_bidirectional_with_a_mask(name, arguments, rng, tmp_path):
    layer = kg.layer_of(cell_class(name))(UNITS, return_sequences=True, **arguments)
    model = functional(keras.layers.Bidirectional(layer), mask=True)
    randomise(model, rng)
    x = inputs(rng) * MASK[..., None]
    model.save(tmp_path / "b.keras")
    again = keras.saving.load_model(tmp_path / "b.keras")
    with eagerly(name not in SOME):
        out = model.predict(x, verbose=0)
        assert_close(again.predict(x, verbose=0), out, tolerances.SAME)
        # A shorter sequence alone gives what it gives inside the padded batch.
        alone = model.predict(x[1:2, :4], verbose=0)
    assert_close(out[1:2, :4], alone, tolerances.SAME)


@pytest.mark.parametrize("count", [1, pytest.param(3, marks=pytest.mark.slow)])
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


@EVERY_CELL
def test_stateful_layer_goes_on_where_it_stopped(name, arguments, rng):
    layer = make_layer(name, arguments, rng, stateful=True, return_sequences=True)
    x = inputs(rng)
    zeros = [np.zeros((len(x), n)) for n in layer.cell.state_sizes]
    whole, _, _ = reference.run(name, weights_of(layer.cell), x, zeros, options=arguments)
    for _ in range(2):
        halves = [as_array(layer(x[:, :4])), as_array(layer(x[:, 4:]))]
        assert_close(np.concatenate(halves, 1), whole, tolerances.FLOAT32)
        layer.reset_state()


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


@EVERY_CELL
@pytest.mark.parametrize("sequences", [False, True])
def test_symbolic_shapes_are_the_real_ones(name, arguments, sequences, rng):
    layer = make_layer(name, arguments, rng, return_sequences=sequences, return_state=True)
    symbolic = layer(keras.Input((None, FEATURES)))
    real = layer(inputs(rng))
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
    [(SOME[0], {}, loop) for loop in loops.LOOPS]
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


# ------------------------------------------------------------------ mixed precision


@EVERY_CELL_IN_SOME_LOOP
def test_mixed_precision_stays_near_single_precision(name, arguments, loop, rng):
    single = make_layer(name, arguments, rng, return_sequences=True, loop=loop)
    mixed = kg.layer_of(cell_class(name))(
        UNITS, return_sequences=True, dtype="mixed_float16", loop=loop, **arguments
    )
    mixed.build((None, None, FEATURES))
    for source, target in zip(single.weights, mixed.weights, strict=True):
        target.assign(source)
        assert target.dtype == "float32"
    x, mask = inputs(rng), as_tensor(MASK)
    with eagerly(loop in COMPILED):
        expected, out = as_array(single(x, mask=mask)), mixed(x, mask=mask)
    assert keras.backend.standardize_dtype(out.dtype) == "float16"
    assert_close(as_array(out).astype("float32"), expected, tolerances.MIXED)


@EVERY_LOOP
@pytest.mark.parametrize("masked", [False, True])
def test_memory_is_carried_in_single_precision(loop, masked):
    """Steps too small for half precision beside a large memory must still add up."""
    layer = kg.OriginalLSTM(1, dtype="mixed_float16", return_state=True, loop=loop)
    layer.build((None, None, 1))
    cell = layer.cell
    cell.kernel.assign([[0.0, 0.25, 0.0]])
    cell.recurrent_kernel.assign([[0.0, 0.0, 0.0]])
    cell.bias.assign([20.0, 0.0, 0.0])
    start = [np.zeros((1, 1), "float16"), np.full((1, 1), 1024.0, "float16")]
    x = np.ones((1, 64, 1), "float32")
    mask = as_tensor(np.ones((1, 64), bool)) if masked else None
    _, _, c = layer(x, initial_state=[as_tensor(s) for s in start], mask=mask)
    assert abs(float(as_array(c)[0, 0]) - (1024 + 64 * np.tanh(0.25))) < 1.0


# ------------------------------------------------------------------ dropout


def dropout_of(layer, x, steps=1):
    return [as_array(layer(x, training=True)) for _ in range(steps)]


@EVERY_LOOP
@pytest.mark.parametrize("kind", ["dropout", "recurrent_dropout"])
def test_dropout_mask_is_fresh_per_call_and_the_same_for_all_steps(loop, kind, rng):
    layer = kg.SimpleRNN(
        40, activation="linear", return_sequences=True, loop=loop, seed=3, **{kind: 0.5}
    )
    layer.build((None, None, 40))
    # h' = x + h of the step before: what is dropped shows in every entry.
    layer.set_weights([np.eye(40), np.eye(40), np.zeros(40)])
    x = np.ones((2, 6, 40), "float32")
    first, second = dropout_of(layer, x, 2)
    assert np.abs(first - second).max() > 0.5
    step = np.diff(first, axis=1)
    kept = step[:, 0] if kind == "dropout" else (first[:, 1] - 1) / first[:, 0]
    assert 0.25 < (kept > 0).mean() < 0.75
    assert_allclose(np.unique(kept.round(4)), [0.0, 2.0])
    h = np.zeros((2, 40))
    for t in range(6):
        h = kept + h if kind == "dropout" else 1 + h * kept
        assert_allclose(first[:, t], h, rtol=1e-5)
    assert_allclose(as_array(layer(x, training=False))[:, -1], 6.0)


@EVERY_CELL_IN_SOME_LOOP
def test_dropout_is_reproducible_by_seed_in_every_cell(name, arguments, loop, rng):
    x = inputs(rng)
    make = dict(arguments, dropout=0.4, recurrent_dropout=0.4)
    base = make_layer(name, make, rng, seed=11, loop=loop)
    again = type(base).from_config(base.get_config())
    again.build((None, None, FEATURES))
    again.set_weights(base.get_weights())
    with eagerly(loop in COMPILED):
        first, second, dry = dropout_of(base, x, 2), dropout_of(again, x, 2), as_array(base(x))
    assert_array_equal(first, second)
    assert np.abs(first[0] - first[1]).max() > 1e-6
    assert np.abs(first[0] - dry).max() > 1e-6


class Wrapped(keras.layers.Layer):
    """A user's cell around a cell, which knows nothing of dropout."""

    def __init__(self, inner, **kwargs):
        super().__init__(**kwargs)
        self.inner = inner
        self.state_size, self.output_size = inner.state_size, inner.output_size

    def build(self, input_shape):
        self.inner.build(input_shape)
        self.built = True

    def call(self, inputs, states, training=False):
        return self.inner(inputs, states, training=training)


@pytest.mark.parametrize("graph", [False, True])
def test_dropout_inside_wrappers_and_stacks_is_fresh_and_constant_over_time(graph, rng):
    for wrap in (Wrapped, lambda inner: [Wrapped(inner)], lambda inner: [inner]):
        inner = kg.SimpleRNNCell(40, activation="linear", recurrent_dropout=0.5)
        layer = kg.RNN(wrap(inner), return_sequences=True)
        layer.build((None, None, 40))
        layer.set_weights([np.eye(40), np.eye(40), np.zeros(40)])
        x = np.ones((2, 5, 40), "float32")
        call = layer
        if graph:
            import tensorflow as tf

            call = tf.function(lambda x, training, layer=layer: layer(x, training=training))
        first, second = dropout_of(call, x, 2)
        assert np.abs(first - second).max() > 0.5
        kept = first[:, 1] - 1
        h = np.zeros((2, 40))
        for t in range(5):
            h = 1 + h * kept
            assert_allclose(first[:, t], h, rtol=1e-5)


def test_dropout_in_keras_own_layer_is_fresh_per_call_and_constant_over_time():
    cell = kg.SimpleRNNCell(40, activation="linear", recurrent_dropout=0.5)
    layer = keras.layers.RNN(cell, return_sequences=True)
    layer.build((None, None, 40))
    layer.set_weights([np.eye(40), np.eye(40), np.zeros(40)])
    x = np.ones((2, 5, 40), "float32")
    first, second = dropout_of(layer, x, 2)
    assert np.abs(first - second).max() > 0.5
    kept = first[:, 1] - 1
    assert_allclose(first[:, 4], 1 + kept * (1 + kept * (1 + kept * (1 + kept))), rtol=1e-5)


def test_directions_of_bidirectional_draw_their_own_masks():
    layer = keras.layers.Bidirectional(
        kg.SimpleRNN(40, activation="linear", dropout=0.5, return_sequences=True), merge_mode=None
    )
    layer.build((None, None, 40))
    for half in (layer.forward_layer, layer.backward_layer):
        half.set_weights([np.eye(40), np.zeros((40, 40)), np.zeros(40)])
    forward, backward = (as_array(y) for y in layer(np.ones((1, 3, 40)), training=True))
    assert (forward != backward).any()


def test_a_cell_called_alone_draws_a_fresh_mask_each_time():
    cell = kg.SimpleRNNCell(40, activation="linear", dropout=0.5)
    cell.build((None, 40))
    cell.set_weights([np.eye(40), np.eye(40), np.zeros(40)])
    x, h = np.ones((1, 40), "float32"), np.zeros((1, 40), "float32")
    first, second = (as_array(cell(x, [h], training=True)[0]) for _ in range(2))
    assert (first != second).any()


# ------------------------------------------------------------------ training and export


@pytest.mark.slow
@EVERY_CELL
def test_every_layer_learns(name, arguments):
    """Whether the first of four numbers was positive: memory over the whole sequence."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=(2048, 4, 1)).astype("float32")
    y = (x[:, 0] > 0).astype("float32")
    # What is compiled has the same gradients, and is tried on some.
    compiled = name in SOME
    loop = "auto" if compiled else "keras"
    layer = kg.layer_of(cell_class(name))(24, loop=loop, **arguments)
    model = keras.Sequential([keras.Input((4, 1)), layer, keras.layers.Dense(1, "sigmoid")])
    optimizer, loss = keras.optimizers.Adam(0.03), "binary_crossentropy"
    jit = "auto" if compiled else False
    model.compile(optimizer, loss, metrics=["accuracy"], jit_compile=jit)
    # Few epochs, each of which takes its time to begin.
    history = model.fit(x, y, epochs=3, batch_size=64, verbose=0).history
    assert history["accuracy"][-1] > 0.7


@pytest.mark.parametrize("name", EXPORTED)
@pytest.mark.slow
def test_model_export_serves_any_batch_and_length(name, rng, tmp_path):
    import tensorflow as tf

    layer = make_layer(name, REQUIRED.get(name, {}), rng, return_sequences=True)
    model = functional(layer, mask=True)
    model.export(tmp_path / "served", verbose=False)
    served = tf.saved_model.load(tmp_path / "served")
    for batch, time in ((1, 5), (4, 2)):
        x = inputs(rng, batch, time)
        assert_close(served.serve(x).numpy(), model.predict(x, verbose=0), tolerances.EXPORT)


@pytest.mark.slow
def test_encoder_hands_its_states_to_a_decoder(rng, tmp_path):
    source, target = keras.Input((None, FEATURES)), keras.Input((None, FEATURES))
    _, *states = kg.LSTM(UNITS, return_state=True)(source)
    decoder = kg.LSTM(UNITS, return_sequences=True)
    model = keras.Model([source, target], decoder(target, initial_state=states))
    randomise(model, rng)
    first, second = inputs(rng), inputs(rng, time=3)
    encoder = next(x for x in model.layers if isinstance(x, kg.LSTM) and x is not decoder).cell
    zeros = [np.zeros((len(first), UNITS))] * 2
    _, _, between = reference.run("LSTMCell", weights_of(encoder), first, zeros)
    expected, _, _ = reference.run("LSTMCell", weights_of(decoder.cell), second, between)
    model.save(tmp_path / "seq2seq.keras")
    again = keras.saving.load_model(tmp_path / "seq2seq.keras")
    for form in (model, again):
        out = form.predict([first, second], verbose=0)
        assert_close(out, expected, tolerances.FLOAT32)


# ------------------------------------------------------------------ a cell's own precision, weights


@EVERY_LOOP
@pytest.mark.parametrize(
    ("of_cell", "of_layer", "exact"),
    [("float32", "mixed_float16", True), ("mixed_float16", "float32", False)],
)
@pytest.mark.parametrize("stacked", [False, True])
def test_cell_computes_in_its_own_precision_whatever_the_layers(
    of_cell, of_layer, exact, stacked, loop
):
    """1000.4 - 1000 is 0.4 in single precision, and 0 where the weight is rounded to half."""
    cell = kg.SimpleRNNCell(1, activation="linear", use_bias=False, dtype=of_cell)
    layer = kg.RNN([cell] if stacked else cell, dtype=of_layer, loop=loop)
    layer.build((None, None, 2))
    cell.set_weights([np.array([[1.0004], [-1.0]]), np.zeros((1, 1))])
    result = float(as_array(layer(np.full((1, 1, 2), 1000.0)))[0, 0])
    assert_allclose(result, 0.4 if exact else 0.0, atol=1e-3)


def test_a_call_that_a_subclass_changes_is_called(rng):
    class LoudLSTMCell(kg.LSTMCell):
        def call(self, inputs, states, training=False):
            output, states = super().call(inputs, states, training)
            return 100 * output, states

    quiet, loud = (make_layer("LSTMCell", {}, rng).cell, LoudLSTMCell(UNITS))
    loud.build((None, FEATURES))
    loud.set_weights(quiet.get_weights())
    x = inputs(rng)
    assert_close(as_array(kg.RNN(loud)(x)), 100 * as_array(kg.RNN(quiet)(x)), tolerances.SAME)


@EVERY_CELL
def test_fresh_weights_of_one_shape_differ(name, arguments):
    cell = cell_class(name)(UNITS, **arguments)
    cell.build((None, UNITS))
    drawn = [as_array(w) for w in cell.weights if np.unique(as_array(w)).size > 2]
    for number, weight in enumerate(drawn):
        for other in drawn[number + 1 :]:
            assert weight.shape != other.shape or np.abs(weight - other).max() > 1e-3


def test_the_reservoir_keeps_numbers_of_all_sizes_whatever_the_seeds():
    draw = keras.initializers.GlorotUniform(seed=1)
    cells = [kg.ESNCell(80, seed=1, recurrent_initializer=draw) for _ in range(2)]
    for cell in cells:
        cell.build((None, FEATURES))
    U, again = (as_array(cell.recurrent_kernel) for cell in cells)
    assert_array_equal(U, again)
    kept = U[U != 0]
    assert 0.3 < (kept > 0).mean() < 0.7


def test_a_cell_frozen_inside_its_layer_stays_frozen(rng, tmp_path):
    layer = make_layer("LSTMCell", {}, rng)
    layer.cell.trainable = False
    model = functional(layer)
    model.save(tmp_path / "frozen.keras")
    for again in (
        keras.saving.load_model(tmp_path / "frozen.keras"),
        keras.models.clone_model(model),
    ):
        assert again.trainable_weights == []
        assert again.layers[-1].trainable


def test_layers_can_be_pickled():
    assert pickle.loads(pickle.dumps(kg.LSTM)) is kg.LSTM


# ------------------------------------------------------------------ what a cell may declare


class HiddenMemoryCell(kg.AbstractRNNCell):
    """Shows its second, wider state; U works on a narrow first one; input weights are its own."""

    gates = ("n",)
    states = ("s", "y")
    output_name = "y"
    roles = {"wide": "glorot_uniform"}

    @property
    def state_size(self):
        return [2, self.units]

    def kernel_shape(self, features):
        return None

    def recurrent_kernel_shape(self):
        return (2, self.units)

    def build(self, input_shape):
        super().build(input_shape)
        self.narrow = self.add_role_weight("narrow", (self.features, 2), "wide")
        self.wide = self.add_role_weight("wide", (self.features, self.units), "wide")

    def project(self, inputs):
        return self.add_bias(inputs @ self.matrix(self.wide))

    def step(self, Wx, U, s, y):
        y = self.activation(Wx.n + s @ U.n)
        return (0.5 * s + y[:, :2], y), {"n": y}


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
