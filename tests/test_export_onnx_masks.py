"""Masks of any form, and states from outside, in ONNX files."""

import keras
import numpy as np
import pytest
from keras import layers

import kerasgates as kg
from kerasgates.export.to_onnx.export import onnx as export
from tests import tolerances
from tests.cases import BATCH, FEATURES, MASK, TIME, UNITS, identify, inputs, randomise
from tests.exporting_onnx import check, counts, masked_model, run, slow
from tests.tolerances import assert_close


@pytest.fixture
def path(tmp_path):
    return tmp_path / "model.onnx"


MASKED = [
    {"return_sequences": whole, "go_backwards": backwards, "zero_output_for_mask": zeros}
    for whole in (True, False)
    for backwards in (False, True)
    for zeros in (False, True)
]


@pytest.mark.parametrize(
    ("layer", "forms"),
    [
        (kg.LSTM, MASKED[:1]),
        *(slow(layer, MASKED) for layer in (kg.LSTM, kg.GRU, kg.JANET)),
        # A loop in the file is Keras's, with what it does of masks.
        slow(kg.NAS, MASKED[::3]),
    ],
    ids=lambda value: f"{len(value)} forms" if isinstance(value, list) else identify(value),
)
def test_masks_of_any_form_are_right_with_one_node(layer, forms, path, rng):
    """In one file: each form is an output of one model."""
    made = [layer(UNITS, return_state=True, **arguments) for arguments in forms]
    model = masked_model(*made, rng=rng)
    export(model, path)
    assert sum(counts(path)[0].values()) == len(forms)
    x = inputs(rng)
    # What stands at a masked step is without effect, whatever it is.
    x[~MASK] = np.nan
    turned = [x[:, ::-1].copy(), MASK[:, ::-1].copy()]
    check(path, model, [x, MASK], turned, [inputs(rng), np.ones_like(MASK)])


@pytest.mark.slow
def test_a_masked_pair_is_one_node(path, rng):
    pair = layers.Bidirectional(kg.LSTM(UNITS, return_sequences=True, return_state=True))
    model = masked_model(pair, rng=rng)
    report = export(model, path)
    assert counts(path) == ({"LSTM": 1}, {"bidirectional": 1})
    assert report.operators["TopK"] == 1
    x = inputs(rng)
    x[~MASK] = np.nan
    check(path, model, [x, MASK], [x[:, ::-1].copy(), MASK[:, ::-1].copy()])


@pytest.mark.slow
@pytest.mark.parametrize("dtype", ["float32", "mixed_float16"])
def test_masks_in_half_precision(dtype, path, rng):
    model = masked_model(kg.GRU(UNITS, return_sequences=True, dtype=dtype), rng=rng)
    export(model, path)
    x = inputs(rng)
    x[~MASK] = np.nan
    (got,), expected = run(path, x, MASK), model([x, MASK])
    tolerance = {"float32": tolerances.EXPORT, "mixed_float16": tolerances.MIXED}[dtype]
    assert_close(got, expected, tolerance)


@pytest.mark.slow
def test_embeddings_that_mask(path, rng):
    x = keras.Input((None,), dtype="int32", name="x")
    y = layers.Embedding(9, FEATURES, mask_zero=True)(x)
    y = layers.Bidirectional(kg.GRU(UNITS, return_sequences=True))(y)
    model = keras.Model(x, kg.CoupledLSTM(UNITS)(y))
    randomise(model, rng)
    export(model, path)
    assert counts(path)[0] == {"GRU": 1, "LSTM": 1}
    check(path, model, [rng.integers(0, 3, (BATCH, TIME)).astype("int32")])


STARTED = [
    ("LSTM", {}, "LSTM"),
    ("JANET", {}, "LSTM"),
    ("GRU", {}, "GRU"),
    ("ProjectedLSTM", {"projection_units": 2}, "Loop"),
]


@pytest.mark.parametrize(
    ("name", "arguments", "node", "masked"),
    [
        (*row, True) if row[1:] == ({}, "LSTM") and masked else slow(*row, masked)
        for row in STARTED
        for masked in (True, False)
    ],
    ids=identify,
)
def test_states_from_outside(name, arguments, node, masked, path, rng):
    layer = getattr(kg, name)(UNITS, return_sequences=True, return_state=True, **arguments)
    layer.build((None, None, FEATURES))
    x, mask = keras.Input((None, FEATURES), name="x"), keras.Input((None,), dtype="bool", name="m")
    states = [keras.Input((size,)) for size in layer.cell.state_sizes]
    y = layer(x, initial_state=states, mask=mask if masked else None)
    model = keras.Model([x, mask, *states] if masked else [x, *states], y)
    randomise(model, rng)
    report = export(model, path)
    assert counts(path)[0] == {node: 1}
    assert ("with an initial state" in str(report)) == (node == "Loop")
    given = [rng.normal(size=(BATCH, *state.shape[1:])).astype("float32") for state in states]
    check(path, model, [inputs(rng), *([MASK] if masked else []), *given])
