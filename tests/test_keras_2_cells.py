"""Cells as Keras 2 code has them, in five styles, unchanged: each runs, trains and is saved."""

import keras
import numpy as np
import pytest
from keras import ops
from numpy.testing import assert_allclose, assert_array_equal

import kerasgates as kg
from tests import tolerances
from tests.cases import MASK, TIME, as_array, as_tensor, inputs

UNITS, FEATURES = 4, 3


@keras.saving.register_keras_serializable("keras_2_cells")
class EndsWithSuper(kg.AbstractRNNCell):
    """`build` ends with `super().build`, as the guide to custom layers had it."""

    def __init__(self, units, **kwargs):
        self.units = units
        super().__init__(**kwargs)

    @property
    def state_size(self):
        return self.units

    @property
    def output_size(self):
        return self.units

    def build(self, input_shape):
        self.kernel = self.add_weight(shape=(input_shape[-1], self.units), name="kernel")
        self.recurrent_kernel = self.add_weight(shape=(self.units, self.units), name="recurrent")
        super().build(input_shape)

    def call(self, inputs, states):
        output = ops.tanh(
            ops.matmul(inputs, self.kernel) + ops.matmul(states[0], self.recurrent_kernel)
        )
        return output, [output]

    def get_config(self):
        return {**super().get_config(), "units": self.units}


@keras.saving.register_keras_serializable("keras_2_cells")
class NoBuild(kg.AbstractRNNCell):
    """No `build`, no `get_config`: the layers within build themselves."""

    def __init__(self, units, **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.read = keras.layers.Dense(units)
        self.remember = keras.layers.Dense(units, use_bias=False)

    @property
    def state_size(self):
        return self.units

    def call(self, inputs, states):
        output = ops.tanh(self.read(inputs) + self.remember(states[0]))
        return output, [output]


@keras.saving.register_keras_serializable("keras_2_cells")
class LayersWithin(kg.AbstractRNNCell):
    """Layers within, some built by hand and one not; `super().build` comes first."""

    def __init__(self, units, **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.gate = keras.layers.Dense(units, activation="sigmoid")
        self.candidate = keras.Sequential([keras.layers.Dense(5), keras.layers.Dense(units)])

    @property
    def state_size(self):
        return [self.units]

    @property
    def output_size(self):
        return self.units

    def build(self, input_shape):
        super().build(input_shape)
        self.gate.build((input_shape[0], input_shape[-1] + self.units))

    def call(self, inputs, states, training=None):
        (h,) = states
        both = ops.concatenate([inputs, h], axis=-1)
        z = self.gate(both)
        h = z * h + (1 - z) * ops.tanh(self.candidate(both))
        return h, [h]

    def get_config(self):
        return {**super().get_config(), "units": self.units}


@keras.saving.register_keras_serializable("keras_2_cells")
class ListStates(kg.AbstractRNNCell):
    """Two states in a list, of different sizes, and no `output_size`."""

    def __init__(self, units, **kwargs):
        super().__init__(**kwargs)
        self.units = units

    @property
    def state_size(self):
        return [self.units, 2]

    def build(self, input_shape):
        self.w = self.add_weight(shape=(input_shape[-1], self.units), name="w")
        self.v = self.add_weight(shape=(self.units, 2), name="v")
        self.u = self.add_weight(shape=(2, self.units), name="u")
        self.built = True

    def call(self, inputs, states):
        h, c = states
        h = ops.tanh(ops.matmul(inputs, self.w) + ops.matmul(c, self.u) + 0.5 * h)
        c = 0.5 * c + ops.matmul(h, self.v)
        return h, [h, c]

    def get_config(self):
        return {**super().get_config(), "units": self.units}


@keras.saving.register_keras_serializable("keras_2_cells")
class StateFromInputs(kg.AbstractRNNCell):
    """Initial states from the inputs, where there are some, in the dtype that is given."""

    def __init__(self, units, start=0.25, **kwargs):
        super().__init__(**kwargs)
        self.units, self.start = units, start

    @property
    def state_size(self):
        return [self.units, self.units]

    def get_initial_state(self, inputs=None, batch_size=None, dtype=None):
        import tensorflow as tf

        if inputs is not None:
            batch_size, dtype = tf.shape(inputs)[0], inputs.dtype
        first, _ = super().get_initial_state(inputs, batch_size, dtype)
        return [first, tf.fill((batch_size, self.units), tf.cast(self.start, dtype))]

    def build(self, input_shape):
        self.kernel = self.add_weight(shape=(input_shape[-1], self.units), name="kernel")
        super().build(input_shape)

    def call(self, inputs, states):
        h, c = states
        c = 0.5 * c + ops.matmul(inputs, self.kernel)
        h = ops.tanh(c) + 0.5 * h
        return h, [h, c]


STYLES = [EndsWithSuper, NoBuild, LayersWithin, ListStates, StateFromInputs]
EVERY_STYLE = pytest.mark.parametrize("style", STYLES)


def by_hand(cell, x):
    """Outputs of all steps: the cell called step by step."""
    states, outputs = list(cell.get_initial_state(batch_size=len(x))), []
    for t in range(x.shape[1]):
        output, states = cell(as_tensor(x[:, t]), states)
        outputs.append(as_array(output))
    return np.stack(outputs, axis=1)


@EVERY_STYLE
@pytest.mark.parametrize("layer_class", [keras.layers.RNN, kg.RNN])
def test_it_runs_in_both_layers(style, layer_class, rng):
    cell, x = style(UNITS), inputs(rng, features=FEATURES)
    layer = layer_class(cell, return_sequences=True)
    outputs = as_array(layer(x))
    assert np.ptp(outputs[:, -1]) > 0.01
    assert_allclose(outputs, by_hand(cell, x), rtol=0, atol=tolerances.FLOAT32)
    if layer_class is kg.RNN:
        masked = as_array(layer(x, mask=as_tensor(MASK)))
        alone = by_hand(cell, x[1:2, :4])
        assert_allclose(masked[1:2, :4], alone, rtol=0, atol=tolerances.FLOAT32)
        assert_array_equal(masked[1, 4:], masked[1:2, 3:4].repeat(TIME - 4, axis=1)[0])


@pytest.mark.slow
@EVERY_STYLE
@pytest.mark.parametrize("layer_class", [keras.layers.RNN, kg.RNN])
def test_it_trains_and_is_saved(style, layer_class, rng, tmp_path):
    x = inputs(rng, features=FEATURES)
    model = keras.Sequential([keras.Input((None, FEATURES)), layer_class(style(UNITS))])
    model.compile(keras.optimizers.SGD(0.1), "mse")
    before = [as_array(weight) for weight in model.trainable_weights]
    assert len(before) >= 1
    model.fit(x, rng.normal(size=(len(x), UNITS)), verbose=0)
    for old, new in zip(before, model.trainable_weights, strict=True):
        assert np.abs(old - as_array(new)).max() > 0
    model.save(tmp_path / "cell.keras")
    again = keras.saving.load_model(tmp_path / "cell.keras")
    assert_allclose(as_array(again(x)), as_array(model(x)), rtol=0, atol=tolerances.PEER)
    model.save_weights(tmp_path / "cell.weights.h5")
    fresh = keras.Sequential.from_config(model.get_config())
    fresh.load_weights(tmp_path / "cell.weights.h5")
    assert_allclose(as_array(fresh(x)), as_array(model(x)), rtol=0, atol=tolerances.PEER)


def test_all_styles_stand_in_one_stack_among_ours(rng):
    x = inputs(rng, features=FEATURES)
    cells = [kg.LSTMCell(3), *(style(UNITS) for style in STYLES), kg.GRUCell(2)]
    layer = kg.RNN(cells, return_sequences=True, return_state=True)
    outputs, *states = layer(x)
    expected = x
    for cell in cells:
        expected = by_hand(cell, expected)
    assert_allclose(as_array(outputs), expected, rtol=0, atol=tolerances.FLOAT32)
    assert len(states) == len(cells)
    assert all(layer.built for layer in layer.cell.cells)


def test_initial_states_are_given_as_in_either_keras():
    cell = StateFromInputs(UNITS, dtype="float64")
    for arguments in ({"batch_size": 2}, {"batch_size": 2, "dtype": "float64"}):
        first, second = cell.get_initial_state(**arguments)
        assert first.dtype == second.dtype == "float64"
        assert_array_equal(as_array(second), np.full((2, UNITS), 0.25))
    x = as_tensor(np.ones((3, FEATURES), "float32"))
    ours = kg.LSTMCell(UNITS)
    for states in (
        ours.get_initial_state(x),
        ours.get_initial_state(inputs=x),
        ours.get_initial_state(None, 3, "float32"),
        ours.get_initial_state(3),
        ours.get_initial_state(batch_size=3),
    ):
        assert [tuple(state.shape) for state in states] == [(3, UNITS)] * 2


def test_arguments_that_keras_cannot_write_ask_for_a_config():
    class Holding(kg.AbstractRNNCell):
        def __init__(self, inner, **kwargs):
            super().__init__(**kwargs)
            self.inner = inner

    with pytest.raises(NotImplementedError, match="Holding must define `get_config`"):
        Holding(keras.layers.Dense(2)).get_config()


@pytest.mark.parametrize("argument", ["units", "activation", "dropout", "unit_forget_bias"])
def test_arguments_of_cells_with_gates_are_refused(argument):
    class Plain(kg.AbstractRNNCell):
        pass

    with pytest.raises(TypeError, match=rf"Plain has no arguments \['{argument}'\]"):
        Plain(**{argument: "relu"})
