"""What the papers say of gradients, as numbers: Jacobians of one step, and memory over many."""

import numpy as np
import pytest
import tensorflow as tf
from numpy.testing import assert_allclose

import kerasgates as kg
from tests import reference, reference_jacobians, tolerances
from tests.cases import (
    CONFIGURATIONS,
    MASK,
    QUICK_CELLS,
    REQUIRED,
    UNITS,
    as_array,
    as_tensor,
    identify,
    initial_states,
    inputs,
    make_layer,
    randomise,
    weights_of,
)
from tests.tolerances import assert_close

DTYPE = "float64"


def jacobians(name, rng, arguments=None):
    """Derivatives of new by old states of one random step of one row, by name, and the case."""
    cell = make_layer(name, arguments or {}, rng, dtype=DTYPE).cell
    x = rng.normal(size=(1, 3))
    states = [tf.constant(rng.normal(size=(1, n))) for n in cell.state_sizes]
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(states)
        _, new = cell(tf.constant(x), states)
    by_name = {
        (a, b): tape.jacobian(new[i], states[j]).numpy()[0, :, 0, :]
        for i, a in enumerate(cell.states)
        for j, b in enumerate(cell.states)
    }
    return by_name, weights_of(cell), x[0], [state.numpy()[0] for state in states]


def close(value, expected):
    assert_close(value, expected, tolerances.FLOAT64)


def test_constant_error_carousel(rng):
    by_name, *_ = jacobians("OriginalLSTMCell", rng)
    close(by_name["c", "c"], np.eye(UNITS))


def test_lstm_all_four_jacobians(rng):
    by_name, weights, x, (h, c) = jacobians("LSTMCell", rng)
    expected = reference_jacobians.lstm(weights, x, h, c)
    for pair, value in by_name.items():
        close(value, expected[pair])


@pytest.mark.parametrize("name", ["LSTMCell", "CoupledLSTMCell", "NoOutputGateLSTMCell"])
def test_memory_passes_through_the_forget_gate_alone(name, rng):
    by_name, weights, x, states = jacobians(name, rng)
    forget = reference.CELLS[name].step(weights, x, states, {})[2]["f"]
    close(by_name["c", "c"], np.diag(forget))


def test_peepholes_open_a_second_way(rng):
    by_name, weights, x, (h, c) = jacobians("PeepholeLSTMCell", rng)
    close(by_name["c", "c"], np.diag(reference_jacobians.peephole_c(weights, x, h, c)))
    forget = reference.CELLS["PeepholeLSTMCell"].step(weights, x, (h, c), {})[2]["f"]
    assert np.abs(by_name["c", "c"] - np.diag(forget)).max() > 0.01


@pytest.mark.parametrize(
    ("name", "formula"),
    [
        ("GRUCell", reference_jacobians.gru_h),
        ("ResetAfterGRUCell", reference_jacobians.reset_after_gru_h),
        ("UGRNNCell", reference_jacobians.ugrnn_h),
    ],
    ids=identify,
)
def test_update_gate_cells(name, formula, rng):
    by_name, weights, x, (h,) = jacobians(name, rng)
    close(by_name["h", "h"], formula(weights, x, h))


def test_simple_rnn_has_no_short_way(rng):
    by_name, weights, x, (h,) = jacobians("SimpleRNNCell", rng)
    new = reference.CELLS["SimpleRNNCell"].step(weights, x, (h,), {})[0]
    close(by_name["h", "h"], np.diag(1 - new**2) @ weights["recurrent_kernel"].T)


def set_bias(cell, **gates):
    """Set the biases of whole gates, in the first row where there are two."""
    bias = as_array(cell.bias).copy()
    blocks = bias.reshape(-1, len(cell.gates), cell.units)
    for gate, value in gates.items():
        blocks[:, cell.gates.index(gate)] = 0.0
        blocks[0, cell.gates.index(gate)] = value
    cell.bias.assign(blocks.reshape(bias.shape))


def small_weights(layer, scale=0.3):
    for weight in (layer.cell.kernel, layer.cell.recurrent_kernel):
        weight.assign(as_array(weight) * scale)


def long_way(layer, rng, time=100, state=-1):
    """Final state after many steps, and its gradient by the first: d sum(last) / d first."""
    x = tf.constant(rng.normal(size=(2, time, 3)))
    states = [tf.constant(rng.normal(size=(2, n))) for n in layer.cell.state_sizes]
    with tf.GradientTape() as tape:
        tape.watch(states[state])
        last = layer(x, initial_state=states)[1:][state]
        total = tf.reduce_sum(last)
    return states[state].numpy(), last.numpy(), tape.gradient(total, states[state]).numpy()


@pytest.mark.slow
def test_lstm_with_open_forget_gate_keeps_memory_and_gradient(rng):
    layer = make_layer("LSTMCell", {}, rng, dtype=DTYPE, return_state=True)
    small_weights(layer)
    set_bias(layer.cell, f=50.0, i=-50.0)
    first, last, gradient = long_way(layer, rng)
    assert_close(last, first, tolerances.SLOPES)
    assert_close(gradient, 1.0, tolerances.SLOPES)


@pytest.mark.slow
@pytest.mark.parametrize(
    "name",
    [
        "GRUCell",
        *(pytest.param(n, marks=pytest.mark.slow) for n in ("ResetAfterGRUCell", "UGRNNCell")),
    ],
)
def test_high_update_bias_keeps_state_and_gradient(name, rng):
    layer = make_layer(name, {}, rng, dtype=DTYPE, return_state=True)
    small_weights(layer)
    set_bias(layer.cell, z=50.0)
    first, last, gradient = long_way(layer, rng)
    assert_close(last, first, tolerances.SLOPES)
    assert_close(gradient, 1.0, tolerances.SLOPES)


def test_gru_with_update_closed_and_reset_open_is_a_simple_rnn(rng):
    gru = make_layer("GRUCell", {}, rng, dtype=DTYPE, return_sequences=True)
    small_weights(gru)
    set_bias(gru.cell, z=-50.0, r=50.0)
    simple = make_layer("SimpleRNNCell", {}, rng, dtype=DTYPE, return_sequences=True)
    last_block = [as_array(w)[..., -UNITS:] for w in gru.weights]
    simple.set_weights(last_block)
    x, states = inputs(rng), initial_states(gru.cell, rng)
    states = [as_tensor(s.astype(DTYPE)) for s in states]
    close(gru(x, initial_state=states), simple(x, initial_state=states))


@pytest.mark.slow
def test_gradient_lives_longer_with_a_higher_forget_bias(rng):
    norms = []
    for bias in (0.0, 1.0, 3.0):
        values = []
        for seed in range(2):
            own = np.random.default_rng(seed)
            layer = make_layer("LSTMCell", {}, own, dtype=DTYPE, return_state=True)
            small_weights(layer)
            set_bias(layer.cell, f=bias)
            values.append(np.abs(long_way(layer, own, time=20)[2]).mean())
        norms.append(np.mean(values))
    assert norms[0] < norms[1] < norms[2]


CORNERS = [
    # i, f, o, memory from (c, g), output shown
    (0, 1, 0, lambda c, g: c, False),
    (0, 1, 1, lambda c, g: c, True),
    (1, 1, 0, lambda c, g: c + g, False),
    (0, 0, 0, lambda c, g: 0 * c, False),
    (1, 0, 1, lambda c, g: g, True),
    (1, 1, 1, lambda c, g: c + g, True),
    (1, 0, 0, lambda c, g: g, False),
    (0, 0, 1, lambda c, g: 0 * c, True),
]


@pytest.mark.parametrize(
    ("i", "f", "o", "memory", "shown"), CORNERS, ids=["i={} f={} o={}".format(*c) for c in CORNERS]
)
def test_extreme_regimes(i, f, o, memory, shown, rng):
    cell = make_layer("LSTMCell", {}, rng, dtype=DTYPE).cell
    set_bias(cell, **{gate: 100.0 * is_open - 50.0 for gate, is_open in zip("ifo", (i, f, o))})
    x, (h, c) = inputs(rng)[:, 0], initial_states(cell, rng)
    g = reference.CELLS["LSTMCell"].step(weights_of(cell), x, (h, c), {})[2]["g"]
    _, (new_h, new_c) = cell(as_tensor(x), [as_tensor(h), as_tensor(c)])
    expected = memory(c.astype(DTYPE), g)
    assert_close(new_c, expected, tolerances.SLOPES)
    assert_close(new_h, shown * np.tanh(expected), tolerances.SLOPES)


@pytest.mark.parametrize(
    "name",
    [pytest.param(n, marks=[pytest.mark.slow] * (n not in QUICK_CELLS)) for n in CONFIGURATIONS],
)
def test_masked_steps_pass_gradients_of_states_and_none_of_inputs(name, rng):
    # The units of relu have steps without a gradient.
    smooth = {"IndRNNCell": {"activation": "tanh"}}.get(name, {})
    layer = make_layer(name, {**REQUIRED.get(name, {}), **smooth}, rng, return_state=True)
    # Rows of every kind in five of the steps.
    x, mask = tf.constant(inputs(rng)[:, 1:6]), MASK[:, 1:6]
    states = [tf.constant(s) for s in initial_states(layer.cell, rng)]
    with tf.GradientTape() as tape:
        tape.watch([x, *states])
        _, *final = layer(x, initial_state=states, mask=tf.constant(mask))
        total = tf.add_n([tf.reduce_sum(state) for state in final])
    by_input, *by_states = (gradient.numpy() for gradient in tape.gradient(total, [x, *states]))
    for gradient in by_states:
        # Of the row that is masked everywhere; what becomes of one row is of no other.
        assert_allclose(gradient[4], 1.0)
    assert (by_input[~mask] == 0).all()
    assert np.isfinite(by_input).all()
    assert (np.abs(by_input[0]).sum(-1) > 0).all()


@pytest.mark.slow
def test_every_weight_of_every_trained_cell_gets_a_gradient(rng):
    for name in CONFIGURATIONS:
        layer = make_layer(name, REQUIRED.get(name, {}), rng)
        with tf.GradientTape() as tape:
            loss = tf.reduce_sum(tf.square(layer(tf.constant(inputs(rng, time=4)))))
        gradients = tape.gradient(loss, [w.value for w in layer.trainable_weights])
        assert (name == "ESNCell") == (not gradients)
        assert all(np.abs(as_array(gradient)).max() > 0 for gradient in gradients), name


# ------------------------------------------------------------------ the ladder from GRU to LSTM


def test_coupling_the_split_gates_gives_the_update_gate_back(rng):
    split = make_layer(
        "NoOutputGateLSTMCell", {"output_activation": "linear"}, rng, dtype=DTYPE
    ).cell
    update = kg.UGRNNCell(UNITS, dtype=DTYPE)
    update.build((None, 3))
    for source, target in zip(split.weights, update.weights, strict=True):
        _, f, g = np.split(as_array(source), 3, axis=-1)
        source.assign(np.concatenate([-f, f, g], -1))
        target.assign(np.concatenate([f, g], -1))
    x, (h, _) = as_tensor(inputs(rng)[:, 0].astype(DTYPE)), initial_states(split, rng)
    state = as_tensor(h.astype(DTYPE))
    close(split(x, [state, state])[0], update(x, [state])[0])


def test_opening_the_output_gate_gives_the_stage_without_it(rng):
    full = make_layer("LSTMCell", {}, rng, dtype=DTYPE).cell
    set_bias(full, o=50.0)
    without = kg.NoOutputGateLSTMCell(UNITS, dtype=DTYPE)
    without.build((None, 3))
    without.set_weights([as_array(w)[..., : 3 * UNITS] for w in full.weights])
    x = as_tensor(inputs(rng)[:, 0].astype(DTYPE))
    states = [as_tensor(s.astype(DTYPE)) for s in initial_states(full, rng)]
    close(full(x, states)[0], without(x, states)[0])


def test_the_two_grus_are_different_functions(rng):
    before = make_layer("GRUCell", {}, rng, dtype=DTYPE).cell
    after = kg.ResetAfterGRUCell(UNITS, use_recurrent_bias=False, dtype=DTYPE)
    after.build((None, 3))
    after.set_weights(before.get_weights())
    x, (h,) = as_tensor(inputs(rng)[:, 0].astype(DTYPE)), initial_states(before, rng)
    state = [as_tensor(h.astype(DTYPE))]
    assert np.abs(as_array(before(x, state)[0]) - as_array(after(x, state)[0])).max() > 0.01


#: Cells that read a time, which is zero where a mask leaves a step out.
TIMED = {
    "LTCCell": {"elapsed": None, "unfolds": 2},
    "CfCCell": {"elapsed": None},
    "TimeAwareLSTMCell": {},
    "PhasedLSTMCell": {},
    "GRUDCell": {},
}


@pytest.mark.parametrize("name", TIMED)
def test_no_time_at_all_gives_gradients_that_are_numbers(name, rng):
    layer = kg.RNN(getattr(kg, name)(3, **TIMED[name]), loop="keras")
    features = 5 if name == "GRUDCell" else 3
    layer.build((None, None, features))
    randomise(layer, rng)
    x = rng.uniform(0.1, 1, size=(2, 6, features)).astype("float32")
    x[1, 2, -1] = 0
    mask = np.array([[1, 1, 0, 1, 0, 0], [1] * 6], bool)
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(tf.sin(layer(tf.constant(x), mask=mask)))
    gradients = tape.gradient(loss, layer.trainable_variables)
    for weight, gradient in zip(layer.trainable_variables, gradients, strict=True):
        assert gradient is None or np.isfinite(tf.convert_to_tensor(gradient)).all(), weight.path
