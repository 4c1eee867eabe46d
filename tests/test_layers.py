"""What a Keras user expects of every layer and cell, beside the right numbers."""

import inspect
import pickle
import re

import keras
import numpy as np
import pytest
import tensorflow as tf
from numpy.testing import assert_allclose, assert_array_equal

import kerasgates as kg
from kerasgates.core.cell import CELLS
from tests import reference, tolerances
from tests.cases import (
    EXPORTED,
    FEATURES,
    MASK,
    SOME,
    TIME,
    UNITS,
    as_array,
    cell_class,
    every_cell,
    every_configuration,
    identify,
    inputs,
    make_layer,
    randomise,
    weights_of,
)
from tests.exporting import in_groups, names_of, sequences, side_by_side
from tests.layers_and_loops import (
    EVERY_CELL,
    EVERY_LOOP,
    OWN_BIASES,
    OWN_SHAPES,
    functional,
)
from tests.tolerances import assert_close

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
def test_two_layers_of_a_name_have_weights_of_the_same_paths(name, arguments):
    """As of Keras's own; a path has the name of the cell, which Keras counts up by itself."""
    cell, form = cell_class(name)(UNITS, **arguments), kg.layer_of(cell_class(name))
    one, other = form(UNITS, name="rnn", **arguments), form(UNITS, name="rnn", **arguments)
    assert one.cell.name == other.cell.name == re.sub(r"_\d+$", "", cell.name)


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
    accepted = inspect.signature(cell_class(name)).parameters
    biased = {"use_bias": True} if "use_bias" in accepted else {}
    cell = cell_class(name)(UNITS, **biased, **arguments)
    cell.build((None, FEATURES))
    columns = {"kernel": cell.columns_of(cell.kernel_blocks)}
    columns["recurrent_kernel"] = cell.columns_of(cell.recurrent_gates)
    rows = {"kernel": FEATURES, "recurrent_kernel": cell.output_size}
    own = OWN_SHAPES.get(name, {})
    for weight in columns:
        shape = own.get(weight, columns[weight] and (rows[weight], columns[weight]))
        value = getattr(cell, weight)
        assert (None if value is None else tuple(value.shape)) == shape, weight
    raised = "f" if "unit_forget_bias" in accepted else None
    assert (cell.bias is None) == (not (biased and cell.biased_gates))
    widths = cell.widths_of(cell.biased_gates)
    rows_of_biases = [] if cell.bias is None else as_array(cell.bias).reshape(-1, sum(widths))
    for row, biases in enumerate(rows_of_biases):
        blocks = np.split(biases, np.cumsum(widths)[:-1])
        for gate, block in zip(cell.biased_gates, blocks, strict=True):
            start = OWN_BIASES.get(name, {}).get(gate, 0.0)
            assert_array_equal(block, 1.0 if gate == raised and row == 0 else start)


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
        # One with arguments of its own, and one with frozen weights of its own making.
        c if c[0] in ("ProjectedLSTMCell", "ESNCell") else pytest.param(*c, marks=pytest.mark.slow)
        for c in every_cell()
    ],
    ids=identify,
)
def test_keras_file_and_weights_file_bring_the_same_function(name, arguments, rng, tmp_path):
    """Of a layer in both directions, with a mask."""
    layer = make_layer(name, arguments, rng, return_sequences=True, loop="hoisted")

    def model_of(layer):
        x = keras.Input((None, FEATURES))
        both = keras.layers.Bidirectional(layer, name="both")
        return keras.Model(x, both(keras.layers.Masking()(x)))

    def halves(model):
        both = model.get_layer("both")
        return [half.get_config() for half in (both.forward_layer, both.backward_layer)]

    model = model_of(layer)
    randomise(model, rng)
    model.save(tmp_path / "model.keras")
    again = keras.saving.load_model(tmp_path / "model.keras")
    assert halves(again) == halves(model)
    assert halves(again)[0]["loop"] == "hoisted"
    model.save_weights(tmp_path / "model.weights.h5")
    fresh = model_of(type(layer).from_config(layer.get_config()))
    fresh.load_weights(tmp_path / "model.weights.h5")
    x = (inputs(rng) * MASK[..., None])[:, 1:4]
    expected = as_array(model(x))
    for other in (again, fresh):
        assert_close(as_array(other(x)), expected, tolerances.SAME)


@pytest.mark.slow
@pytest.mark.parametrize("name", SOME)
def test_predictions_of_files_and_of_shorter_sequences(name, rng, tmp_path):
    model = functional(make_layer(name, {}, rng, return_sequences=True), mask=True)
    model.save(tmp_path / "model.keras")
    again = keras.saving.load_model(tmp_path / "model.keras")
    x = inputs(rng) * MASK[..., None]
    expected = model.predict(x, verbose=0)
    assert_close(again.predict(x, verbose=0), expected, tolerances.SAME)
    # A shorter sequence alone gives what it gives inside the padded batch.
    alone = again.predict(x[1:2, :4], verbose=0)
    assert_close(expected[1:2, :4], alone, tolerances.SAME)


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


# ------------------------------------------------------------------ export


@pytest.mark.slow
@pytest.mark.parametrize(
    "cells", in_groups([c for c in every_cell() if c[0] in EXPORTED]), ids=names_of
)
def test_model_export_serves_any_batch_and_length(cells, rng, tmp_path):
    model = side_by_side(cells, rng, masked=True, loop="auto")
    model.export(tmp_path / "served", verbose=False)
    served = tf.saved_model.load(tmp_path / "served")
    for batch, time in ((1, 5), (4, 2)):
        x = sequences(rng, batch, time, masked=True)
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
    cell.build((None, UNITS if cell.reads(UNITS) else UNITS + 1))
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
