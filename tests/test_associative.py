"""The loops of cells that are linear in their states, on every backend."""

import re

import keras
import numpy as np
import pytest
from keras import ops

import kerasgates as kg
from kerasgates.loops import chunked
from kerasgates.loops.associative import scan_order
from kerasgates.loops.linear import lines_of
from kerasgates.loops.prefixes import prefixes
from tests import test_contract as contract
from tests.cases import (
    FEATURES,
    MASK,
    OF_LINEAR,
    UNITS,
    as_array,
    as_arrays,
    as_tensor,
    every_cell,
    identify,
    inputs,
    make_layer,
    named_cases,
)
from tests.tolerances import assert_close

#: By hand, from the equations: those whose states are linear, each entry in itself or in two.
LINEAR = ("GILRCell", "GILRLSTMCell", "GLACell", "LRUCell", "MinGRUCell", "MinLSTMCell")
LINEAR += ("QRNN2Cell", "QRNNCell", "RGLRUCell", "SRU1Cell")
LINEAR += ("TGRUCell", "TLSTMCell", "TRNNCell")
CASES = [case for case in every_cell() if case[0] in LINEAR]
#: Those with matrices whose entries mix, all rows by one matrix.
BY_ROWS = ("DeltaNetCell", "GatedDeltaNetCell")
OF_ROWS = [(name, arguments) for name in BY_ROWS for arguments in ({}, {"heads": 2})]
#: One of each kind: an output that is a state, and is none; several states; two that mix.
KINDS = [case for case in CASES if case[0] in ("MinGRUCell", "GILRLSTMCell", "LRUCell")]
#: The loops are the same on all backends, and on the others each case is compiled anew.
HERE = CASES if keras.backend.backend() == "tensorflow" else KINDS


@pytest.fixture(autouse=True)
def chunks_of_two(monkeypatch):
    """Seven steps are three whole chunks, and a part of a fourth."""
    monkeypatch.setattr(chunked, "STEPS", 2)


def test_what_is_no_built_cell_of_gates_is_not_scanned():
    cell = kg.MinGRUCell(UNITS)
    assert scan_order(cell) is None
    cell.build((None, FEATURES))
    assert scan_order(cell) == (("h",),)
    assert scan_order(keras.layers.GRUCell(UNITS)) is None


def equals_reference(name, arguments, loop, rng):
    layer = contract.built(name, arguments)
    assert lines_of(layer.cell)
    assert (scan_order(layer.cell) is None) == (name in BY_ROWS)
    settings = contract.OF_EVERY_CELL
    if (name, arguments) in KINDS or name in BY_ROWS[:1]:
        settings = [s for s in contract.SETTINGS if loop == "associative" or "unroll" not in s]
    with named_cases() as case:
        for setting in settings:
            with case(setting):
                how = contract.SETTINGS[setting]
                ours, expected = contract.run_both(layer, loop, rng, **how)
                assert_close(ours, expected, contract.TOLERANCE)


@pytest.mark.parametrize(("name", "arguments"), HERE, ids=identify)
def test_layer_equals_reference(name, arguments, rng):
    equals_reference(name, arguments, "associative", rng)


@pytest.mark.parametrize(("name", "arguments"), [*HERE, *OF_ROWS], ids=identify)
def test_layer_in_chunks_equals_reference(name, arguments, rng, monkeypatch):
    # It is seen that chunks run: rows of a batch as many as there are chunks of all sequences.
    seen, decide = [], chunked.decide

    def decided(cell, shape, unroll=False):
        seen.append(shape[:2])
        return decide(cell, shape, unroll)

    monkeypatch.setattr(chunked, "decide", decided)
    equals_reference(name, arguments, "chunked", rng)
    assert {steps for _, steps in seen} == {2}
    assert {rows // 15 for rows, _ in seen} > {1}


@pytest.mark.parametrize("time", [1, 2, 3, 4, 5, 8, 13])
def test_a_scan_of_any_length(time, rng):
    values = rng.normal(size=(2, time, 3)).astype("float32")
    assert_close(as_array(prefixes(ops.add, as_tensor(values))), values.cumsum(axis=1), 1e-6)


def test_it_is_not_rounded_where_inputs_are_large(rng):
    """The factor of a state is read from the step by numbers, beside what is added to it."""
    layer = make_layer("MinGRUCell", {}, rng, return_sequences=True, activation="linear")
    x = 1e5 * inputs(rng)
    found = {}
    for layer.loop in ("keras", *OF_LINEAR):
        found[layer.loop] = as_array(layer(as_tensor(x)))
    assert np.abs(found["keras"]).max() > 1e4
    for loop in OF_LINEAR:
        assert_close(found[loop], found["keras"], contract.tolerances.FLOAT32)


def test_other_cells_and_half_precision_run_as_by_auto(rng):
    x = as_tensor(inputs(rng))
    for made in (kg.GRU(UNITS), kg.DeltaNet(UNITS), kg.MinGRU(UNITS, dtype="mixed_bfloat16")):
        expected = as_array(made(x))
        made.loop = "associative"
        np.testing.assert_array_equal(as_array(made(x)), expected)
        if not isinstance(made, kg.DeltaNet):
            made.loop = "chunked"
            np.testing.assert_array_equal(as_array(made(x)), expected)


@pytest.mark.parametrize("loop", OF_LINEAR)
def test_stacks_dropout_and_masks(loop, rng):
    found, weights = [], None
    for here in ("keras", loop):
        cells = [kg.MinGRUCell(5, dropout=0.3, seed=1), kg.LSTMCell(UNITS), kg.LRUCell(UNITS)]
        layer = kg.RNN(cells, return_sequences=True, loop=here)
        layer.build((None, None, FEATURES))
        weights = weights or [rng.normal(size=w.shape) for w in layer.trainable_weights]
        for weight, value in zip(layer.trainable_weights, weights, strict=True):
            weight.assign(value)
        x = as_tensor(inputs(np.random.default_rng(3)))
        found.append(as_array(layer(x, training=True, mask=as_tensor(MASK))))
    assert_close(found[1], found[0], contract.tolerances.FLOAT32)
    assert np.abs(found[0] - as_array(layer(x, mask=as_tensor(MASK)))).max() > 0.01


def model_of(layer):
    return keras.Sequential([keras.Input((7, FEATURES)), keras.layers.Masking(), layer])


@pytest.mark.slow
@pytest.mark.parametrize(("loop", "kind"), [("associative", kg.LRU), ("chunked", kg.DeltaNet)])
def test_the_first_call_is_in_a_graph_and_leaves_random_numbers_alone(loop, kind, rng, tmp_path):
    """Which cells are linear is found by a copy, of which no graph and no seed is to know."""
    found, x = [], inputs(rng) * MASK[..., None]
    for here in ("keras", loop):
        keras.utils.set_random_seed(3)
        layer = keras.layers.Bidirectional(kind(UNITS, loop=here, return_sequences=True))
        model = model_of(layer)
        model.compile(keras.optimizers.SGD(0.1), "mse")
        y = np.ones((len(x), 7, 2 * UNITS), "float32")
        model.fit(x, y, epochs=2, batch_size=len(x), verbose=0)
        drawn = as_array(keras.random.normal((3,)))
        found.append([drawn, *as_arrays(model.trainable_weights), model.predict(x, verbose=0)])
    assert_close(found[1], found[0], 4 * contract.tolerances.FLOAT32)
    assert lines_of(layer.forward_layer.cell)
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    assert loaded.layers[-1].forward_layer.loop == loop
    assert_close(loaded.predict(x, verbose=0), found[1][-1], contract.tolerances.SAME)


#: Around a cell that is linear; in some the whole is.
AROUND = {
    "residual": (lambda: kg.Residual(kg.MinGRUCell(FEATURES)), True),
    "zoneout": (lambda: kg.Zoneout(kg.QRNNCell(UNITS), 0.2), True),
    "projection": (lambda: kg.Projection(kg.MinGRUCell(UNITS), 2), True),
    "delta rule": (lambda: kg.Projection(kg.GatedDeltaNetCell(4, heads=2), 2), True),
    "clip": (lambda: kg.CellClip(kg.MinGRUCell(UNITS), 0.5), False),
    "attention": (lambda: kg.Attention(kg.MinGRUCell(UNITS), 2), False),
}


@pytest.mark.parametrize("name", AROUND)
def test_wrappers_states_that_stay_and_one_row_of_states(name, rng):
    made, linear = AROUND[name]
    found, weights = [], None
    for loop in ("keras", *OF_LINEAR):
        layer = kg.RNN(made(), loop=loop, stateful=True, return_sequences=True)
        layer.build((len(MASK), 7, FEATURES))
        weights = weights or [rng.normal(size=w.shape) for w in layer.trainable_weights]
        for weight, value in zip(layer.trainable_weights, weights, strict=True):
            weight.assign(value)
        x = inputs(np.random.default_rng(3))
        found.append([as_array(layer(x, mask=as_tensor(MASK))) for _ in range(2)])
        assert np.abs(found[-1][0] - found[-1][1]).max() > 1e-3, "states stay"
    assert (lines_of(layer.cell) is not None) == linear
    for one in found[1:]:
        assert_close(one, found[0], contract.tolerances.FLOAT32)


@pytest.mark.slow
@pytest.mark.parametrize("loop", OF_LINEAR)
@pytest.mark.parametrize("kind", [kg.DeltaNetCell, kg.GatedDeltaNetCell, kg.QRNNCell])
def test_what_a_wrapper_draws_for_each_entry_is_drawn_in_every_loop(kind, loop, rng):
    """Then the rows of a matrix no longer go by one matrix, as they do in inference."""
    x, found, weights = as_tensor(rng.normal(size=(2, 130, FEATURES)).astype("float32")), [], None
    for here in (loop, "keras"):
        layer = kg.RNN(kg.Zoneout(kind(4), 0.3, seed=1), loop=here, return_sequences=True)
        layer.build((None, None, FEATURES))
        weights = weights or [rng.normal(size=w.shape) for w in layer.trainable_weights]
        for weight, value in zip(layer.trainable_weights, weights, strict=True):
            weight.assign(value)
        found.append(as_array(layer(x, training=True)))
    assert_close(found[0], found[1], 4 * contract.tolerances.FLOAT32)
    assert np.abs(found[0] - as_array(layer(x))).max() > 0.01, "it is drawn"


@pytest.mark.parametrize(
    ("loop", "cells", "says"),
    [
        ("associative", [kg.MinGRUCell(UNITS), kg.GRUCell(UNITS)], "in part .* but GRUCell is not"),
        ("associative", [kg.GRUCell(UNITS)], "as by 'auto': .* but GRUCell is not linear in"),
        ("associative", [kg.MinGRUCell(UNITS, dtype="mixed_bfloat16")], "MinGRUCell computes in h"),
        ("associative", [kg.MinGRUCell(UNITS)], "runs in the loop 'associative'"),
        ("chunked", [kg.GRUCell(UNITS), kg.DeltaNetCell(UNITS)], "in part as by 'auto': .* GRUC"),
        ("chunked", [kg.DeltaNetCell(UNITS)], "runs in the loop 'chunked'"),
    ],
    ids=["in part", "not linear", "half precision", "all", "chunks in part", "chunks"],
)
def test_why_says_what_is_not_scanned(loop, cells, says):
    layer = kg.RNN(cells, loop=loop)
    layer.build((None, None, FEATURES))
    assert re.search(says, kg.loops.why(layer))
