"""States that have as many entries as the input."""

import keras
import numpy as np
import pytest

import kerasgates as kg
from tests.cases import MASK, as_array, as_arrays, randomise
from tests.cells_of_blocks import QRNNTestCell, over_time
from tests.tolerances import FLOAT32, assert_close

UNITS, FEATURES, TIME = 4, 3, 7


def inputs(rng):
    return rng.normal(size=(len(MASK), TIME, FEATURES)).astype("float32")


def states(rng):
    return [rng.normal(size=(len(MASK), n)).astype("float32") for n in (UNITS, FEATURES)]


def test_the_first_call_takes_initial_states(rng):
    layer, x, first = kg.RNN(QRNNTestCell(UNITS), return_state=True), inputs(rng), states(rng)
    output, *last = layer(x, initial_state=first, mask=MASK)
    wanted, wanted_last = over_time(layer.cell, x, first, MASK)
    assert_close(as_array(output), wanted[:, -1], FLOAT32)
    assert_close(as_arrays(last), wanted_last, FLOAT32)
    with pytest.raises(ValueError, match=r"`initial_state`.*\(5, 4\), \(5, 3\)"):
        layer(x, initial_state=[first[0], first[0]])


def test_functional_stateful_and_stacked_models_have_such_states(rng):
    given = keras.Input((None, FEATURES), batch_size=len(MASK))
    layer = kg.layer_of(QRNNTestCell)(UNITS, return_state=True, return_sequences=True)
    output, c, p = layer(given)
    assert [tuple(v.shape) for v in (output, c, p)] == [(5, None, 4), (5, 4), (5, 3)]
    stacked = kg.RNN([kg.LSTMCell(6), QRNNTestCell(UNITS)], return_state=True)
    shapes = [tuple(v.shape[1:]) for v in keras.tree.flatten(stacked(output)[1:])]
    assert shapes == [(6,), (6,), (4,), (6,)]
    both = keras.layers.Bidirectional(kg.layer_of(QRNNTestCell)(2))
    assert both(given).shape == (5, 4)

    whole, part = (kg.layer_of(QRNNTestCell)(UNITS, stateful=s) for s in (False, True))
    x = inputs(rng)
    whole.build(x.shape)
    part.build(x.shape)
    randomise(whole, rng)
    part.cell.set_weights(whole.cell.get_weights())
    part(x[:, :3])
    assert_close(as_array(part(x[:, 3:])), as_array(whole(x)), FLOAT32)
    assert (as_array(part.states[1]) == x[:, -1]).all()


def test_equations_and_files_know_such_states(rng, tmp_path):
    written = [line.strip() for line in QRNNTestCell.own_text.splitlines() if " = " in line]
    assert kg.equations(QRNNTestCell).splitlines() == written
    layer = kg.layer_of(QRNNTestCell)(UNITS)
    model = keras.Sequential([keras.Input((TIME, FEATURES)), layer])
    model.save(tmp_path / "model.keras")
    again, x = keras.saving.load_model(tmp_path / "model.keras"), inputs(rng)
    assert (as_array(again(x)) == as_array(model(x))).all()
    (trace,) = kg.trace(model, x).values()
    assert (trace.states["p"] == x).all()
    assert (np.asarray(trace.gates["h"])[:, -1] == as_array(model(x))).all()


@pytest.mark.parametrize(
    ("states", "message"),
    [
        ("flat", r"part for each cell: 2 tensors, 1 tensor. Received: 3 parts"),
        ("dict", r"tensors in the order of the states. Received: a dict of \['h', 'c'\]"),
    ],
)
def test_initial_states_of_a_stack_are_nested_as_its_cells(states, message):
    layer = kg.RNN([kg.LSTMCell(4), kg.GRUCell(3)])
    x, h, g = (np.ones(shape, "float32") for shape in ((2, 5, 3), (2, 4), (2, 3)))
    assert layer(x, initial_state=[[h, h], g]).shape == (2, 3)
    wrong = {"flat": [h, h, g], "dict": {"h": h, "c": h}}[states]
    with pytest.raises(ValueError, match=f"`initial_state` of RNN must be a list .*{message}"):
        layer(x, initial_state=wrong)
    with pytest.raises(ValueError, match=r"must be a list of tensors in the order of the states"):
        kg.LSTM(4)(x, initial_state={"h": h, "c": h})
