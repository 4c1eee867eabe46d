"""Gradients that reach back in time, beside the closed forms of the papers."""

import inspect

import keras
import numpy as np
import pytest
import tensorflow as tf
from numpy.testing import assert_allclose

import kerasgates as kg
from kerasgates.insight.trace import Tracer
from tests import reference_jacobians, tolerances
from tests.cases import (
    BATCH,
    FEATURES,
    MASK,
    SOME,
    TIME,
    UNITS,
    cell_class,
    eagerly,
    every_cell,
    identify,
    inputs,
    make_layer,
    randomise,
    weights_of,
)
from tests.tolerances import assert_close


def squares(y, output):
    """A loss of the output alone."""
    return 0.5 * tf.reduce_sum(output**2, axis=-1)


def of_layer(layer, x, mask=None, loss=squares):
    (cell,) = kg.gradient_flow(layer, x, np.zeros(len(x)), loss, mask).values()
    (traced,) = kg.trace(layer, x, mask).values()
    return cell, traced


@pytest.mark.parametrize(
    ("name", "jacobian"),
    [
        ("GRUCell", reference_jacobians.gru_h),
        pytest.param(
            "ResetAfterGRUCell", reference_jacobians.reset_after_gru_h, marks=pytest.mark.slow
        ),
        pytest.param("UGRNNCell", reference_jacobians.ugrnn_h, marks=pytest.mark.slow),
    ],
)
def test_gradients_of_gated_units_follow_the_closed_form(name, jacobian, rng):
    layer = make_layer(name, {}, rng, dtype="float64")
    x = rng.normal(size=(BATCH, TIME, FEATURES))
    cell, traced = of_layer(layer, x)
    h, before = traced.states["h"], traced.before()["h"]
    weights = weights_of(layer.cell)
    for row in range(BATCH):
        gradient = h[row, -1]
        for t in reversed(range(TIME)):
            assert_close(cell.norms["h"][row, t], np.linalg.norm(gradient), tolerances.GRADIENTS)
            gradient = jacobian(weights, x[row, t], before[row, t]).T @ gradient


def test_gradients_of_the_lstm_follow_the_closed_form(rng):
    layer = make_layer("LSTMCell", {}, rng, dtype="float64", return_sequences=True)
    x = rng.normal(size=(BATCH, TIME, FEATURES))
    cell, traced = of_layer(layer, x, loss=lambda y, out: squares(y, out)[:, 2:])
    before, weights = traced.before(), weights_of(layer.cell)
    for row in range(BATCH):
        d_h = d_c = np.zeros(UNITS)
        for t in reversed(range(TIME)):
            h, c = before["h"][row, t], before["c"][row, t]
            J = reference_jacobians.lstm(weights, x[row, t], h, c)
            d_h = d_h + (traced.states["h"][row, t] if t >= 2 else 0)
            shown = traced.gates["o"][row, t] * (1 - np.tanh(traced.states["c"][row, t]) ** 2)
            assert_close(cell.norms["h"][row, t], np.linalg.norm(d_h), tolerances.GRADIENTS)
            whole = np.linalg.norm(d_c + shown * d_h)
            assert_close(cell.norms["c"][row, t], whole, tolerances.GRADIENTS)
            d_h, d_c = (
                J["h", "h"].T @ d_h + J["c", "h"].T @ d_c,
                J["h", "c"].T @ d_h + J["c", "c"].T @ d_c,
            )


@pytest.mark.slow
def test_the_direct_path_is_that_of_the_seeds(rng):
    """1 without a forget gate, f with one, z for gated units; nothing for the simple cell."""
    x = inputs(rng)
    for name, state, gate in [
        ("OriginalLSTMCell", "c", None),
        ("LSTMCell", "c", "f"),
        ("CoupledLSTMCell", "c", "f"),
        ("GRUCell", "h", "z"),
        ("ResetAfterGRUCell", "h", "z"),
    ]:
        cell, traced = of_layer(make_layer(name, {}, rng), x, MASK)
        expected = traced.gates[gate] if gate else np.where(MASK[:, :, None], 1.0, np.nan)
        assert_allclose(cell.direct[state], np.broadcast_to(expected, (BATCH, TIME, UNITS)))
    cell, _ = of_layer(make_layer("SimpleRNNCell", {}, rng), x)
    assert cell.direct == {}


@pytest.mark.parametrize(
    ("name", "arguments", "backwards"),
    [
        # Which way a layer runs is no matter of the cell.
        *(pytest.param(*case, False, marks=pytest.mark.slow) for case in every_cell()[:3]),
        *(
            (*c, True)
            if c[0] == "ProjectedLSTMCell"
            else pytest.param(*c, True, marks=pytest.mark.slow)
            for c in every_cell()
            # Of others `test_gradient_flow_of_outputs.py` tries every state.
            if cell_class(c[0]).output_name in (None, *cell_class(c[0]).states)
        ),
    ],
    ids=identify,
)
def test_a_gradient_is_what_a_small_change_does(name, arguments, backwards, rng):
    """Of the initial states, whose gradients go through every step."""
    settings = {"dtype": "float64", "go_backwards": backwards, "return_state": True}
    layer = make_layer(name, arguments, rng, **settings)
    x = rng.normal(size=(BATCH, 3, FEATURES))

    def loss(y, outputs):
        return squares(y, outputs[0])

    with eagerly(name not in SOME):
        cell, traced = of_layer(layer, x, loss=loss)
    # From the state after the first step that runs, the others.
    rest, first = (x[:, :-1], -1) if backwards else (x[:, 1:], 0)
    states = [values[:, first] for values in traced.states.values()]
    start = [tf.constant(v) for v in states]
    with tf.GradientTape() as tape:
        tape.watch(start)
        total = tf.reduce_sum(loss(None, layer(tf.constant(rest), initial_state=list(start))))
    zero = tf.UnconnectedGradients.ZERO
    gradients = tape.gradient(total, start, unconnected_gradients=zero)
    # The output of that step, the first state, is not in the loss, but what is made of it is.
    shown = next(iter(traced.states))
    expected = np.linalg.norm(gradients[0], axis=-1)
    assert_close(cell.norms[shown][:, first], expected, tolerances.GRADIENTS)


@pytest.mark.slow
def test_models_stacks_masks_and_both_directions(rng):
    cells = [kg.GRUCell(3, name="gru_cell"), kg.LSTMCell(5, name="lstm_cell")]
    model = keras.Sequential(
        [
            keras.Input((None, FEATURES)),
            keras.layers.Masking(),
            keras.layers.Bidirectional(
                keras.layers.LSTM(UNITS, return_sequences=True, name="lstm")
            ),
            kg.RNN(cells, name="stack"),
            keras.layers.Dense(1),
        ]
    )
    randomise(model, rng)
    model.compile("sgd", "mse")
    x, y = np.where(MASK[:, :, None], inputs(rng), 0), rng.normal(size=(BATCH, 1))
    flow = kg.gradient_flow(model, x, y)
    assert [*flow] == ["forward_lstm", "backward_lstm", "stack/gru_cell", "stack/lstm_cell"]
    for cell in flow.values():
        for norms in cell.norms.values():
            assert np.isnan(norms[~MASK]).all()
            assert (norms[MASK] > 0).all()
    # The loss of each row counts for itself.
    alone = kg.gradient_flow(model, x[1:2], y[1:2])
    for name, cell in alone.items():
        for state, norms in cell.norms.items():
            assert_allclose(norms[0], flow[name].norms[state][1], rtol=1e-4)


@pytest.mark.slow
def test_gates_and_a_high_bias_cure_the_vanishing_gradient(rng):
    """What reaches the first of 60 steps, as a share of what is at the last."""

    def reach(layer):
        x = rng.normal(size=(8, 60, FEATURES)).astype("float32")
        layer.build(x.shape)
        (cell,) = kg.gradient_flow(layer, x, np.zeros(8), squares).values()
        norms = cell.norms["c" if "c" in cell.norms else "h"].mean(axis=0)
        return norms[0] / norms[-1]

    simple = reach(kg.SimpleRNN(16))
    low = reach(kg.LSTM(16, unit_forget_bias=False))
    raised = reach(kg.LSTM(16))
    original = reach(kg.OriginalLSTM(16))
    gru, high = reach(kg.GRU(16)), reach(kg.GRU(16, initial_update_bias=5.0))
    assert simple < 1e-3
    assert low < raised < 0.1
    assert original > 0.3
    assert gru < 1e-3 < 0.3 < high


def test_errors_say_what_would_be_right(rng):
    layer, x = make_layer("LSTMCell", {}, rng), inputs(rng)
    dense = keras.Sequential([keras.Input((TIME, FEATURES)), keras.layers.Dense(2)])
    for given, message in {
        (layer, None): "`loss` must be given for a model that is not compiled",
        (layer, 3): "`loss` must be the name of a loss, a function.*Received: 3",
        (dense, "mse"): "must hold a recurrent layer",
    }.items():
        with pytest.raises(ValueError, match=message):
            kg.gradient_flow(given[0], x, np.zeros(BATCH), given[1])


def flow_of(layer, x, y, loss):
    (cell,) = kg.gradient_flow(layer, x, y, loss).values()
    return cell.norms["h"]


def losses():
    """Every loss of Keras, as a function and as an object of a name of its own."""
    named = vars(keras.losses)
    functions = [named[n] for n in named if n.islower() and callable(named[n])]
    # What has two arguments that must be given is a loss.
    functions = [f for f in functions if len(needed(f)) == 2]
    classes = [c for c in named.values() if isinstance(c, type) and c is not keras.losses.Loss]
    return [*functions, *(made(name="sparse_or_not") for made in classes)]


def needed(function):
    given = inspect.signature(function).parameters.values()
    return [p for p in given if p.default is p.empty]


@pytest.mark.slow
def test_no_right_target_is_refused(rng, monkeypatch):
    """Of each loss either a target entry by entry, or one of labels, is right."""
    model = keras.Sequential(
        [
            keras.Input((2, FEATURES)),
            kg.SimpleRNN(UNITS, loop="keras"),
            keras.layers.Dense(UNITS, activation="softmax"),
        ]
    )
    x, labels = inputs(rng, time=2), np.arange(BATCH) % UNITS
    # What the cells hold is the same whatever the loss.
    traced = kg.trace(model, x)
    monkeypatch.setattr(Tracer, "__call__", lambda *call, **settings: traced)
    entries = rng.uniform(0.1, 0.9, (BATCH, UNITS)).astype("float32")
    assert len(losses()) > 30
    for loss in losses():
        right = []
        for y in (entries, labels):
            try:
                norms = flow_of(model, x, y, loss)
            except ValueError:
                continue
            right.append(np.abs(norms).max() > 0)
        # What aligns sequences wants sequences.
        aligns = "ctc" in str(getattr(loss, "fn", loss))
        assert any(right) or aligns, loss


@pytest.mark.slow
def test_a_target_is_spread_over_nothing(rng):
    layer, x = make_layer("LSTMCell", {}, rng, return_sequences=True), inputs(rng)
    whole, labels = (BATCH, TIME, UNITS), (BATCH, TIME)
    sparse = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    for loss, fits, others in (
        ("mse", [whole], [(BATCH, 1, UNITS), (UNITS,), labels, (1,)]),
        (keras.losses.Huber(), [whole], [(*labels, 1)]),
        (sparse, [labels, (*labels, 1)], [(BATCH, 1), (TIME,)]),
    ):
        for shape in fits:
            with eagerly():
                kg.gradient_flow(layer, x, np.zeros(shape), loss)
        for shape in others:
            with eagerly(loss != "mse"), pytest.raises(ValueError, match=r"Arguments? `y`"):
                kg.gradient_flow(layer, x, np.zeros(shape), loss)
    # A function of one's own may do so.
    kg.gradient_flow(layer, x, np.zeros(1), lambda y, out: (out - y) ** 2)
    whole = make_layer("LSTMCell", {}, rng, return_state=True)
    with pytest.raises(ValueError, match=r"for a model with several\. Received: 'mean_squared"):
        kg.gradient_flow(whole, x, np.zeros((BATCH, UNITS)), "mse")


@pytest.mark.slow
@pytest.mark.parametrize("loss", ["hinge", "mse", "binary_crossentropy", keras.losses.Poisson()])
def test_a_last_axis_of_one_may_be_missing(loss, rng):
    model = keras.Sequential(
        [
            keras.Input((TIME, FEATURES)),
            keras.layers.Masking(),
            kg.LSTM(UNITS, return_sequences=True, loop="keras"),
            keras.layers.Dense(1, activation="sigmoid"),
        ]
    )
    x = np.where(MASK[:, :, None], inputs(rng), 0)
    y = rng.integers(0, 2, (BATCH, TIME, 1)).astype("float32")
    with eagerly(loss != "mse"):
        assert_allclose(flow_of(model, x, y[..., 0], loss), flow_of(model, x, y, loss), rtol=1e-6)


@pytest.mark.slow
def test_nothing_changes(rng):
    model = keras.Sequential([keras.Input((TIME, FEATURES)), kg.LSTM(UNITS), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    before = [w.numpy() for w in model.weights]
    x = inputs(rng)
    outputs = model.predict(x, verbose=0)
    kg.gradient_flow(model, x, np.zeros((BATCH, 1)))
    for weight, value in zip(model.weights, before, strict=True):
        assert_allclose(weight.numpy(), value, rtol=0, atol=0)
    assert_close(model.predict(x, verbose=0), outputs, tolerances.FLOAT32)


def test_masked_steps_count_for_nothing(rng):
    model = keras.Sequential(
        [
            keras.Input((TIME, FEATURES)),
            keras.layers.Masking(),
            kg.LSTM(UNITS, return_sequences=True, name="lstm"),
        ]
    )
    model.compile("sgd", "mse")
    x = np.where(MASK[:, :, None], inputs(rng), 0)
    y = rng.normal(size=(BATCH, TIME, UNITS))
    other = np.where(MASK[:, :, None], y, 100.0)
    with eagerly():
        ones, others = (kg.gradient_flow(model, x, v)["lstm"].norms["c"] for v in (y, other))
    assert_close(ones, others, tolerances.SAME)


def test_stock_cells_are_ours_and_others_are_refused(rng):
    x = inputs(rng)
    stock = kg.RNN(keras.layers.LSTMCell(UNITS), name="rnn")
    flow = kg.gradient_flow(stock, x, np.zeros((BATCH, UNITS)), "mse")
    assert {*flow["rnn"].norms} == {"h", "c"}

    @kg.register
    class ShownCell(kg.UGRNNCell):
        """Changes what is shown."""

        def call(self, inputs, states, training=False):
            output, new = super().call(inputs, states, training)
            return 2 * output, new

    with pytest.raises(ValueError, match=r"gradient_flow needs cells with `gates`.*ShownCell"):
        kg.gradient_flow(kg.RNN(ShownCell(3)), x, x[:, 0], "mse")
