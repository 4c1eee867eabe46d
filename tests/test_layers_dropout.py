"""Dropout and mixed precision of layers."""

import keras
import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

import kerasgates as kg
from tests import tolerances
from tests.cases import (
    FEATURES,
    MASK,
    UNITS,
    as_array,
    as_tensor,
    cell_class,
    eagerly,
    inputs,
    make_layer,
)
from tests.layers_and_loops import COMPILED, EVERY_CELL_IN_SOME_LOOP, EVERY_LOOP
from tests.odd_keras_cells import Wrapped
from tests.tolerances import assert_close

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
    # Rows of every kind in five of the steps.
    x, mask = inputs(rng)[:, 1:6], as_tensor(MASK[:, 1:6])
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
    x = inputs(rng, time=2)
    has = cell_class(name).__signature__.parameters
    rates = {kind: 0.4 for kind in ("dropout", "recurrent_dropout") if kind in has}
    # Nothing of the state is dropped where no recurrent kernel multiplies it.
    cell = make_layer(name, arguments, rng).cell
    assert ("recurrent_dropout" in has) == (cell.recurrent_kernel is not None)
    make = {**arguments, **rates}
    base = make_layer(name, make, rng, seed=11, loop=loop)
    again = type(base).from_config(base.get_config())
    again.build((None, None, FEATURES))
    again.set_weights(base.get_weights())
    with eagerly(loop in COMPILED):
        first, second, dry = dropout_of(base, x, 2), dropout_of(again, x, 2), as_array(base(x))
    assert_array_equal(first, second)
    assert np.abs(first[0] - first[1]).max() > 1e-6
    assert np.abs(first[0] - dry).max() > 1e-6


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
