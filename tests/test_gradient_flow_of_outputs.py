"""Gradients by states of cells whose output is no state, and of models with other cells in them."""

import warnings

import keras
import numpy as np
import pytest
import tensorflow as tf

import kerasgates as kg
from kerasgates.core.wrapper import lineage
from tests import tolerances
from tests.cases import (
    BATCH,
    FEATURES,
    MASK,
    TIME,
    cell_class,
    eagerly,
    every_cell,
    identify,
    inputs,
    make_layer,
    randomise,
)
from tests.reporting_pages import data_of
from tests.test_callbacks import looks
from tests.tolerances import assert_close

#: What is done to a cell, so that its output is none of its states.
WRAPPED = {
    "residual": kg.Residual,
    "projection": lambda cell: kg.Projection(cell, 7),
    "highway": kg.Highway,
    "attention": lambda cell: kg.Attention(cell, 3),
    "of two": lambda cell: kg.Residual(kg.Zoneout(cell, 0.2)),
}
SHOWING = [
    case
    for case in every_cell()
    if cell_class(case[0]).output_name not in (None, *cell_class(case[0]).states)
]
FAST = "QRNNCell", "LRUCell"


def last_three(outputs):
    """A loss of some steps, each of which counts otherwise."""
    return tf.reduce_sum(outputs[:, 2:] ** 3, axis=(1, 2))


def by_a_tape(cell, x, mask=None):
    """Norms of the gradients by each state, `(batch, time)`, of a loop in Python.

    Matrices are told apart from their rows: a step is made of matrices.
    """
    outputs, made, shapes = [], [], []
    with tf.GradientTape(persistent=True) as tape:
        states = [tf.zeros((len(x), n), cell.variable_dtype) for n in cell.state_sizes]
        for t in range(x.shape[1]):
            projected = cell.project(tf.constant(x[:, t]))
            with kept_shapes(cell) as shapes:
                output, new, _ = cell.step_projected(projected, cell.recurrent(), states)
            here = np.ones(len(x), bool) if mask is None else mask[:, t]
            made.append([shapes.get(id(value), value) for value in new])
            states = [tf.where(here[:, None], n, old) for n, old in zip(new, states)]
            last = tf.zeros_like(output) if not outputs else outputs[-1]
            outputs.append(tf.where(here[:, None], output, last))
        total = tf.reduce_sum(last_three(tf.stack(outputs, axis=1)))
    zero = tf.UnconnectedGradients.ZERO
    found = [
        [tf.reshape(tape.gradient(total, s, unconnected_gradients=zero), (len(x), -1)) for s in one]
        for one in made
    ]
    return [np.stack([np.linalg.norm(g, axis=-1) for g in state], axis=1) for state in zip(*found)]


class kept_shapes:
    """Context that remembers of each state in rows what it was before."""

    def __init__(self, cell):
        self.cells, self.shapes = lineage(cell), {}

    def __enter__(self):
        self.rows = []
        for one in self.cells:
            vars(one)["in_rows"] = lambda states, in_rows=one.in_rows: self.note(in_rows, states)
        return self.shapes

    def note(self, in_rows, states):
        rows = in_rows(states)
        self.rows += rows
        self.shapes.update({id(r): s for r, s in zip(rows, states) if r is not s})
        return rows

    def __exit__(self, *error):
        for one in self.cells:
            del vars(one)["in_rows"]


def assert_the_same(layer, x, mask=None):
    (flow,) = kg.gradient_flow(
        layer, x, np.zeros(len(x)), lambda y, o: last_three(o), mask
    ).values()
    expected = by_a_tape(layer.cell, x, mask)
    largest = max(np.max(norms) for norms in expected)
    assert largest > 0
    for state, norms in zip(layer.cell.states, expected, strict=True):
        found = flow.norms[state]
        if mask is not None:
            assert np.isnan(found[~mask]).all()
            found, norms = found[mask], norms[mask]
        # Of a state that changes nothing, as one that keeps others small, it is rounding.
        assert_close(found / largest, norms / largest, 10 * tolerances.GRADIENTS)


@pytest.mark.parametrize(
    ("name", "arguments"),
    [c if c[0] in FAST else pytest.param(*c, marks=pytest.mark.slow) for c in SHOWING],
    ids=identify,
)
@pytest.mark.slow
def test_it_is_that_of_a_tape_over_a_loop(name, arguments, rng):
    layer = make_layer(name, arguments, rng, dtype="float64", return_sequences=True)
    x = rng.normal(size=(BATCH, TIME, FEATURES))
    with eagerly():
        assert_the_same(layer, x)
        assert_the_same(layer, x, MASK)


@pytest.mark.parametrize("inner", ["LSTMCell", "GRUCell", "MLSTMCell", "LRUCell"])
@pytest.mark.parametrize("wrapped", WRAPPED)
@pytest.mark.slow
def test_around_cells_of_every_kind_of_state(wrapped, inner, rng):
    cell = WRAPPED[wrapped](cell_class(inner)(FEATURES, dtype="float64"))
    layer = kg.RNN(cell, return_sequences=True, dtype="float64", loop="keras")
    layer.build((None, None, FEATURES))
    randomise(layer, rng)
    with eagerly():
        assert_the_same(layer, rng.normal(size=(2, 5, FEATURES)))


@pytest.mark.slow
def test_in_graphs_and_backwards(rng):
    """A sum with the input behind the layer is the same as in the cell."""
    x = inputs(rng)
    for backwards in (False, True):
        options = {"return_sequences": True, "go_backwards": backwards}
        plain = kg.RNN(kg.LSTMCell(FEATURES), **options)
        residual = kg.RNN(kg.Residual(kg.LSTMCell(FEATURES)), **options)
        for layer in (plain, residual):
            layer.build((None, None, FEATURES))
        randomise(plain, rng)
        residual.set_weights(plain.get_weights())
        read = x[:, ::-1] if backwards else x
        flows = [
            kg.gradient_flow(
                layer, x, np.zeros(BATCH), lambda y, o, more=more: last_three(o + more)
            )
            for layer, more in ((plain, read), (residual, 0))
        ]
        (ours,), (theirs,) = (flow.values() for flow in flows)
        for state in "hc":
            assert_close(ours.norms[state], theirs.norms[state], tolerances.FLOAT32)


@kg.register
class TwiceShownCell(kg.UGRNNCell):
    """Its output is twice its state, by a `call` of its own."""

    def call(self, inputs, states, training=False):
        output, new = super().call(inputs, states, training)
        return 2 * output, new


def mixed(rng):
    """A model of cells of which one has a `call` of its own, once in a stack."""
    stack = [kg.GRUCell(3, name="gru"), TwiceShownCell(3, name="shown")]
    layers = [
        keras.Input((TIME, FEATURES)),
        kg.LSTM(4, return_sequences=True, name="lstm"),
        kg.RNN(TwiceShownCell(4), return_sequences=True, name="alone"),
        kg.RNN(stack, name="stack"),
    ]
    model = keras.Sequential(layers)
    randomise(model, rng)
    model.compile("sgd", "mse")
    return model, inputs(rng), rng.normal(size=(BATCH, 3)).astype("float32")


@pytest.mark.slow
@pytest.mark.slow
def test_what_cannot_be_followed_is_left_out_and_named(rng, tmp_path):
    model, x, y = mixed(rng)
    with pytest.warns(UserWarning, match="TwiceShownCell in 'alone', TwiceShownCell in 'stack/sh"):
        flow = kg.gradient_flow(model, x, y)
    assert [*flow] == ["lstm", "stack/gru"]
    # Their gradients go through the others: a small change of the memory changes the loss.
    assert all((one.norms["h"] > 0).all() for one in flow.values())
    kg.report(model, x, tmp_path / "r.html", y=y)
    text = (tmp_path / "r.html").read_text("utf-8")
    assert "Some layers are left out. Gradients could not be followed: gradient_flow" in text
    names = {one["name"] for one in data_of(tmp_path / "r.html")["flow"]}
    assert names == {"lstm, h", "lstm, c", "stack/gru, h"}
    _, texts = looks(model, kg.callbacks.GateMonitor(x, y))
    assert sum("is not watched for gradients through time" in text for text in texts) == 2


@pytest.mark.usefixtures("eager")
def test_gradients_before_a_cell_that_is_left_out_are_right(rng):
    """The layer doubles what a cell gives that can be followed: so does the sum behind it."""
    x, y = inputs(rng), np.zeros(BATCH)
    first = kg.LSTM(4, return_sequences=True, name="lstm", loop="keras")
    models = []
    for kind in (TwiceShownCell, kg.UGRNNCell):
        second = kg.RNN(kind(4), return_sequences=True, loop="keras")
        models.append(keras.Sequential([keras.Input((TIME, FEATURES)), first, second]))
    randomise(models[0], rng)
    models[1].set_weights(models[0].get_weights())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        found = kg.gradient_flow(models[0], x, y, lambda y, o: last_three(o))["lstm"]
    expected = kg.gradient_flow(models[1], x, y, lambda y, o: last_three(2 * o))["lstm"]
    for state in "hc":
        assert_close(found.norms[state], expected.norms[state], tolerances.FLOAT32)


@pytest.mark.slow
def test_a_page_of_a_residual_cell_has_gradients(rng, tmp_path):
    layers = [kg.LSTM(FEATURES, return_sequences=True), kg.RNN(kg.Residual(kg.GRUCell(FEATURES)))]
    model = keras.Sequential([keras.Input((None, FEATURES)), *layers])
    model.compile("sgd", "mse")
    kg.report(model, inputs(rng), tmp_path / "r.html", y=np.zeros((BATCH, FEATURES)))
    data = data_of(tmp_path / "r.html")
    assert len(data["flow"]) == 3
    assert all(max(one["values"]) > 0 for one in data["flow"])
