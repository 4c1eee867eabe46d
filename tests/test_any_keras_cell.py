"""What `keras.layers.RNN` runs, `kerasgates.RNN` runs: matrices as states, inputs of any rank."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import ops
from numpy.testing import assert_allclose

import kerasgates as kg
from tests import tolerances
from tests.cases import LOOPS, MASK, TIME, as_array, as_arrays, as_tensor, randomise
from tests.odd_keras_cells import NODES, GraphCell, MatrixMemory

BATCH, UNITS, FEATURES = len(MASK), 3, 2


def graph_cell():
    return GraphCell(UNITS)


def graph_cell_of_rank_3():
    return GraphCell(UNITS, flat=False)


def stack():
    return [MatrixMemory(UNITS), keras.layers.LSTMCell(2), kg.GRUCell(2)]


CELLS = {
    "matrix": (lambda: MatrixMemory(UNITS), (FEATURES,)),
    "graph": (graph_cell, (NODES, FEATURES)),
    "graph of rank 3": (graph_cell_of_rank_3, (NODES, FEATURES)),
    "stack": (stack, (FEATURES,)),
}
EVERY_CELL = pytest.mark.parametrize("cell", CELLS)
#: What is a stack is tried in other tests, too, and takes as long as all others.
STACK_SLOWLY = pytest.mark.parametrize(
    "cell",
    [pytest.param(c, marks=pytest.mark.slow if c == "stack" else ()) for c in CELLS],
)


def pair(cell, rng, wrap=lambda layer: layer, **arguments):
    """Keras's layer and ours with the same random weights, and sequences for both."""
    make, entries = CELLS[cell]
    layers = [wrap(kind(make(), **arguments)) for kind in (keras.layers.RNN, kg.RNN)]
    for layer in layers:
        layer.build((BATCH, TIME, *entries))
    randomise(layers[0], rng, scale=0.5)
    layers[1].set_weights(layers[0].get_weights())
    return *layers, rng.normal(size=(BATCH, TIME, *entries)).astype("float32")


def assert_same(ours, theirs):
    for mine, other in zip(as_arrays(ours), as_arrays(theirs), strict=True):
        assert mine.shape == other.shape
        scale = max(1.0, np.abs(other).max())
        assert_allclose(mine, other, rtol=0, atol=tolerances.PEER * scale)


@pytest.mark.slow
@EVERY_CELL
@pytest.mark.parametrize("masked", [False, True])
def test_outputs_and_states_are_those_of_keras(cell, masked, rng):
    settings = [{}, {"go_backwards": True, "return_sequences": True}, {"unroll": True}]
    for arguments in settings:
        theirs, ours, x = pair(cell, rng, return_state=True, **arguments)
        # A row of Keras's that begins masked depends on the backend: all begin unmasked.
        mask = as_tensor(MASK[[0, 1, 3, 1, 0]] if masked else MASK[[0, 0, 0, 0, 0]])
        if arguments.get("go_backwards"):
            mask = ops.flip(mask, axis=1)
        mask = mask if masked else None
        first = theirs(x, mask=mask)
        assert_same(ours(x, mask=mask), first)
        states = list(first[1:])
        again = ours(x, mask=mask, initial_state=states)
        assert_same(again, theirs(x, mask=mask, initial_state=states))
        assert np.abs(as_array(again[0]) - as_array(first[0])).max() > 1e-4


@STACK_SLOWLY
def test_every_loop_runs_it_as_keras_does(cell, rng):
    theirs, ours, x = pair(cell, rng, return_sequences=True)
    expected = theirs(x)
    for loop in LOOPS:
        ours.loop = loop
        assert_same(tf.function(lambda x, layer=ours: layer(x))(x), expected)


@STACK_SLOWLY
def test_stateful_and_both_ways_as_keras(cell, rng):
    theirs, ours, x = pair(cell, rng, stateful=True)
    for _ in range(2):
        assert_same(ours(x), theirs(x))
    ours.reset_state()
    fresh = ours.get_initial_state(BATCH)
    assert_same(ours.states, fresh)
    theirs, ours, x = pair(cell, rng, keras.layers.Bidirectional, return_sequences=True)
    assert_same(ours(x), theirs(x))


@pytest.mark.slow
@STACK_SLOWLY
def test_models_are_upgraded_trained_and_saved(cell, rng, tmp_path):
    theirs, _, values = pair(cell, rng, return_state=True)
    x, mask = keras.Input(values.shape[1:]), keras.Input((TIME,), dtype="bool")
    y, *states = theirs(x, mask=mask)
    model = keras.Model([x, mask], [y, *keras.tree.flatten(states)])
    data = [values, np.ones((BATCH, TIME), bool)]
    upgraded = kg.upgrade(model)
    (ours,) = [layer for layer in upgraded.layers if isinstance(layer, kg.RNN)]
    assert_same(upgraded(data), model(data))
    for planned, came in zip(upgraded.outputs, upgraded(data), strict=True):
        assert planned.shape[1:] == came.shape[1:]
    upgraded.compile("sgd", ["mse"] + [None] * (len(upgraded.outputs) - 1))
    upgraded.fit(data, [rng.normal(size=np.shape(v)) for v in upgraded(data)], verbose=0)
    assert np.abs(as_array(ours.weights[0]) - as_array(theirs.weights[0])).max() > 0
    upgraded.save(tmp_path / "model.keras")
    assert_same(keras.saving.load_model(tmp_path / "model.keras")(data), upgraded(data))


def test_a_vector_at_each_step_is_what_cells_of_ours_read(rng):
    with pytest.raises(ValueError, match=r"RNN reads sequences of shape \(batch, time, features\)"):
        kg.RNN(kg.LSTMCell(UNITS))(rng.normal(size=(BATCH, TIME, NODES, FEATURES)))
    with pytest.raises(ValueError, match=r"RNN reads sequences of shape \(batch, time, …\)"):
        kg.RNN(graph_cell())(rng.normal(size=(BATCH, 0, NODES, FEATURES)))


# ------------------------------------------------------------------ rows and lengths


@pytest.mark.parametrize("graph", [False, True])
@pytest.mark.parametrize("loop", ["keras", "auto"])
def test_one_row_of_states_is_for_all(loop, graph, rng):
    stock = keras.layers.LSTM(UNITS)
    x = rng.normal(size=(BATCH, 40, FEATURES)).astype("float32")
    state = [rng.normal(size=(1, UNITS)).astype("float32") for _ in range(2)]
    theirs = stock(x, initial_state=state)
    layer = kg.LSTM(UNITS, loop=loop)
    layer.build(x.shape)
    layer.set_weights(stock.get_weights())

    def run(x):
        return layer(x, initial_state=state)

    if graph:
        run = tf.function(run, input_signature=[tf.TensorSpec((None, None, FEATURES))])
    assert_same(run(x), theirs)
    two = [np.concatenate([s, s]) for s in state]
    with pytest.raises(ValueError, match=r"`initial_state` of LSTM must hold 2 tensors of shapes"):
        layer(x, initial_state=two)


def test_states_of_known_rows_meet_sequences_of_unknown(rng):
    layer = kg.LSTM(UNITS, stateful=True)
    x = rng.normal(size=(2, 5, FEATURES)).astype("float32")
    first = as_array(layer(x))
    layer.reset_state()
    run = tf.function(lambda x: layer(x), input_signature=[tf.TensorSpec((None, None, FEATURES))])
    assert_same(run(x), first)
    for rows in (1, 3):
        with pytest.raises(tf.errors.InvalidArgumentError):
            run(x[:1].repeat(rows, axis=0))


@pytest.mark.parametrize("layer_class", [kg.LSTM, kg.SimpleRNN])
def test_no_steps_are_named(layer_class, rng):
    layer = layer_class(UNITS)
    layer.build((None, None, FEATURES))
    x = np.zeros((2, 0, FEATURES), "float32")
    for run in (layer, tf.function(lambda x: layer(x))):
        with pytest.raises(ValueError, match=r"with at least one step\..*\(2, 0, 2\)"):
            run(x)
