"""Bad input gets an error that names the argument, shows what came and what would be right."""

import keras
import numpy as np
import pytest

import kerasgates as kg
from kerasgates.core.blocks import Blocks, Kernel
from tests import tolerances
from tests.cases import (
    FEATURES,
    MASK,
    UNITS,
    as_tensor,
    cell_class,
    every_cell,
    identify,
    initial_states,
    inputs,
    make_layer,
)
from tests.tolerances import assert_close

EVERY_CELL = pytest.mark.parametrize(("name", "arguments"), every_cell(), ids=identify)


@pytest.mark.parametrize("units", [0, -3, 2.5, "8", None, True])
def test_units_must_be_a_positive_integer(units):
    for name, arguments in every_cell():
        with pytest.raises(ValueError, match=rf"`units` of {name} must be .*units={units!r}"):
            cell_class(name)(units, **arguments)


def test_units_may_be_a_numpy_integer():
    assert kg.LSTMCell(np.int64(3)).get_config()["units"] == 3


def test_units_must_be_given():
    with pytest.raises(TypeError, match="LSTMCell: missing a required argument: 'units'"):
        kg.LSTMCell()
    with pytest.raises(TypeError, match="LSTM: missing a required argument: 'units'"):
        kg.LSTM()


@pytest.mark.parametrize(
    ("argument", "value"),
    [
        ("activation", "tanhh"),
        ("recurrent_activation", 3),
        ("output_activation", "sine"),
        ("kernel_initializer", "glorot"),
        ("recurrent_initializer", 1.5),
        ("bias_initializer", "nil"),
        ("kernel_regularizer", "l3"),
        ("bias_constraint", "min_norm"),
    ],
)
def test_unknown_names_are_shown_with_their_argument(argument, value):
    with pytest.raises(ValueError, match=rf"`{argument}` must be .*{argument}={value!r}"):
        kg.LSTMCell(UNITS, **{argument: value})


@pytest.mark.parametrize("argument", ["dropout", "recurrent_dropout"])
@pytest.mark.parametrize("value", [-0.1, 1.0, 2, "0.5", None, True])
def test_dropout_rates_must_be_shares(argument, value):
    with pytest.raises(ValueError, match=rf"`{argument}` of GRUCell must be .*in \[0, 1\)"):
        kg.GRUCell(UNITS, **{argument: value})


@pytest.mark.parametrize("value", [float("nan"), float("inf"), "1", None])
def test_initial_update_bias_must_be_a_number(value):
    with pytest.raises(ValueError, match="`initial_update_bias` of GRUCell must be a number"):
        kg.GRUCell(UNITS, initial_update_bias=value)


@pytest.mark.parametrize("argument", ["use_bias", "unit_forget_bias"])
@pytest.mark.parametrize("value", [None, "yes", 2])
def test_switches_must_be_true_or_false(argument, value):
    with pytest.raises(ValueError, match=f"`{argument}` of LSTMCell must be True or False"):
        kg.LSTMCell(UNITS, **{argument: value})


@pytest.mark.parametrize(
    ("name", "argument", "value"),
    [
        ("NASCell", "projection_units", 0),
        ("NASCell", "projection_units", 2.5),
        ("ProjectedLSTMCell", "projection_units", -1),
        ("ProjectedLSTMCell", "projection_units", None),
        ("ESNCell", "leaky", 0),
        ("ESNCell", "leaky", 1.5),
        ("ESNCell", "connectivity", 0.0),
        ("ESNCell", "spectral_radius", -0.9),
        ("LayerNormLSTMCell", "epsilon", 0),
        ("LayerNormSimpleRNNCell", "epsilon", "small"),
        ("ResetAfterGRUCell", "use_recurrent_bias", "no"),
    ],
)
def test_arguments_of_single_cells_are_checked(name, argument, value):
    with pytest.raises(ValueError, match=f"`{argument}` of {name} must be .*{argument}="):
        cell_class(name)(UNITS, **{argument: value})


def test_arguments_a_cell_does_not_have_are_refused_with_those_it_has():
    with pytest.raises(TypeError, match=r"GRUCell: got an unexpected .*'unit_forget_bias'.*units"):
        kg.GRUCell(UNITS, unit_forget_bias=True)
    with pytest.raises(TypeError, match=r"NASCell: got an unexpected .*'activation'"):
        kg.NASCell(UNITS, activation="relu")
    with pytest.raises(TypeError, match=r"UGRNN: got an unexpected .*'reset_after'"):
        kg.UGRNN(UNITS, reset_after=True)
    with pytest.raises(TypeError, match=r"ProjectedLSTMCell: missing .*'projection_units'"):
        kg.ProjectedLSTMCell(UNITS)


@pytest.mark.parametrize("shape", [(FEATURES,), (None, 5, FEATURES), (None, None)])
def test_cell_reads_one_step_of_known_width(shape):
    with pytest.raises(ValueError, match=r"LSTMCell reads one step.*Received: input_shape="):
        kg.LSTMCell(UNITS).build(shape)


@pytest.mark.parametrize("built", [False, True])
@pytest.mark.parametrize("shape", [(5, FEATURES), (2, 5, 4, FEATURES), (2, 0, FEATURES)])
def test_layer_reads_sequences(shape, built, rng):
    layer = make_layer("GRUCell", {}, rng) if built else kg.GRU(UNITS)
    with pytest.raises(ValueError, match=r"GRU reads sequences of shape \(batch, time, feat"):
        layer(np.ones(shape))


def test_a_layer_before_that_forgot_its_sequences_is_pointed_at():
    model = keras.Sequential([keras.Input((None, FEATURES)), kg.LSTM(UNITS)])
    with pytest.raises(ValueError, match=r"Forgot `return_sequences=True` .*\(None, 4\)"):
        model.add(kg.GRU(UNITS))
    with pytest.raises(ValueError, match=r"Forgot `return_sequences=True` .*\(2, 3\)"):
        kg.RNN(keras.layers.LSTMCell(UNITS))(np.ones((2, FEATURES)))


@pytest.mark.parametrize("loop", ["keras", "hoisted"])
def test_features_must_be_those_of_the_build(loop, rng):
    layer = make_layer("GRUCell", {}, rng, loop=loop)
    with pytest.raises(ValueError, match=r"built for inputs of 3 features.*\(5, "):
        layer(inputs(rng, features=FEATURES + 1))


@pytest.mark.parametrize(
    "shapes",
    [
        [(5, UNITS)],
        [(5, UNITS)] * 3,
        [(5, UNITS), (5, UNITS + 1)],
        [(4, UNITS), (4, UNITS)],
        [(5, UNITS), (2, UNITS)],
        [(UNITS,), (UNITS,)],
    ],
)
def test_initial_states_must_fit(shapes, rng):
    layer = make_layer("LSTMCell", {}, rng)
    states = [as_tensor(np.ones(shape, "float32")) for shape in shapes]
    with pytest.raises(ValueError, match=r"(`initial_state` of LSTM must hold|needs `states`)"):
        layer(inputs(rng), initial_state=states)
    cell = layer.cell
    with pytest.raises(ValueError, match=r"LSTMCell needs `states` of shapes h: \(5, 4\), c: "):
        cell(as_tensor(inputs(rng)[:, 0]), states)


@pytest.mark.parametrize("widths", [(UNITS,), (UNITS, UNITS + 1), (UNITS,) * 3])
def test_initial_states_of_a_model_must_fit_when_it_is_built(widths):
    states = [keras.Input((width,)) for width in widths]
    with pytest.raises(ValueError, match=r"`initial_state` of LSTM must hold 2 .*\(None, 4\)"):
        kg.LSTM(UNITS)(keras.Input((None, FEATURES)), initial_state=states)


def test_mask_must_fit(rng):
    layer = make_layer("LSTMCell", {}, rng)
    for mask in (MASK[:, :-1], MASK[:3], MASK[..., None]):
        with pytest.raises(ValueError, match=r"`mask` of LSTM must be booleans of shape"):
            layer(inputs(rng), mask=as_tensor(mask))


def test_a_mask_may_come_as_a_list(rng):
    layer, x = make_layer("LSTMCell", {}, rng), inputs(rng)
    expected = layer(x, mask=as_tensor(MASK))
    for mask in (MASK.tolist(), [as_tensor(MASK)], [as_tensor(MASK), None]):
        np.testing.assert_array_equal(layer(x, mask=mask), expected)
    np.testing.assert_array_equal(layer(x, mask=[None]), layer(x))
    with pytest.raises(ValueError, match=r"`mask` of LSTM must .*Received: mask of shape \(7,\)"):
        layer(x, mask=[True] * 7)


@pytest.mark.parametrize("wrong", [kg.LSTM, kg.LSTMCell, kg.LSTM(2), keras.layers.GRU(2)], ids=str)
def test_layers_and_classes_are_no_cells(wrong):
    cells = [wrong, [wrong, wrong]]
    if isinstance(wrong, keras.Layer):
        cells += [keras.layers.StackedRNNCells([kg.LSTMCell(2), wrong])]
    for cell in cells:
        with pytest.raises(ValueError, match=r"`cell` must be a cell, such as .*(LSTM|GRU)"):
            kg.RNN(cell)


def test_unknown_loop_is_shown_with_the_known_ones():
    with pytest.raises(ValueError, match=r"`loop` must be one of 'auto', 'keras', 'hoisted'.*fast"):
        kg.LSTM(UNITS, loop="fast")


def test_step_must_return_as_many_states_as_are_declared(rng):
    class Forgetful(kg.AbstractRNNCell):
        gates = ("n",)
        states = ("h", "c")

        def step(self, Wx, U, h, c):
            return (Wx.n + h @ U.n,), {}

    with pytest.raises(ValueError, match=r"Forgetful.step must return a tuple of 2 new states"):
        kg.RNN(Forgetful(UNITS))(inputs(rng))


def test_cell_without_equations_says_what_is_missing(rng):
    class Empty(kg.AbstractRNNCell):
        gates = ("n",)
        states = ("h",)

    with pytest.raises(NotImplementedError, match=r"Empty must define `step\(Wx, U, \*states\)`"):
        kg.RNN(Empty(UNITS))(inputs(rng))


@pytest.mark.parametrize(
    "declared",
    [
        {"gates": ("n", "n")},
        {"gates": "zn"},
        {"gates": ("mask", "n")},
        {"states": ()},
        {"without": ("recurent_activation",)},
        {"without": "activation"},
        {"without": ("trainable",)},
    ],
    ids=str,
)
def test_declarations_are_checked_where_the_class_is_written(declared):
    members = {"gates": ("n",), "states": ("h",), **declared}
    with pytest.raises(TypeError, match=r"Broken: `(gates|states|without)` must be"):
        type("Broken", (kg.AbstractRNNCell,), members)


def test_own_arguments_come_by_keyword_and_the_others_are_passed_on():
    def positional(self, units, alpha, **kwargs):
        pass

    def closed(self, units):
        pass

    members = {"gates": ("n",), "states": ("h",)}
    with pytest.raises(TypeError, match=r"must take its own argument `alpha` by keyword"):
        type("Broken", (kg.AbstractRNNCell,), {**members, "__init__": positional})
    with pytest.raises(TypeError, match=r"must take and pass on `\*\*kwargs`"):
        type("Broken", (kg.AbstractRNNCell,), {**members, "__init__": closed})


def test_an_argument_that_is_not_kept_is_named_when_the_config_is_asked_for():
    class Forgetful(kg.AbstractRNNCell):
        gates = ("n",)
        states = ("h",)

        def __init__(self, *args, alpha=1.0, **kwargs):
            super().__init__(*args, **kwargs)

    with pytest.raises(AttributeError, match="Forgetful must keep its argument `alpha`"):
        Forgetful(3).get_config()


def test_a_cell_lacks_what_its_base_lacks():
    class Child(kg.SimpleRNNCell):
        without = ("use_bias",)

    with pytest.raises(TypeError, match=r"unexpected .*'recurrent_activation'"):
        Child(3, recurrent_activation="relu")


def test_a_cell_without_a_kernel_must_project_itself(rng):
    class NoKernel(kg.SimpleRNNCell):
        def kernel_shape(self, features):
            return None

    with pytest.raises(NotImplementedError, match="NoKernel has no kernel, so it must define"):
        kg.RNN(NoKernel(UNITS))(inputs(rng))


def test_an_output_that_step_does_not_return_is_named(rng):
    class Silent(kg.GRUCell):
        output_name = "y"

    with pytest.raises(ValueError, match=r"Silent.step must return its output 'y'"):
        kg.RNN(Silent(UNITS))(inputs(rng))


def test_masks_of_a_step_that_fails_are_forgotten(rng):
    class Failing(kg.SimpleRNNCell):
        def step(self, Wx, U, h):
            raise RuntimeError("on purpose")

    cell = Failing(UNITS, dropout=0.5)
    cell.build((None, FEATURES))
    with pytest.raises(RuntimeError, match="on purpose"):
        cell(as_tensor(inputs(rng)[:, 0]), initial_states(cell, rng), training=True)
    assert cell._dropout_mask is None


@pytest.mark.parametrize("seed", ["a", 1.5, True])
def test_seed_must_be_an_integer(seed):
    with pytest.raises(ValueError, match="`seed` of LSTMCell must be an integer"):
        kg.LSTMCell(UNITS, seed=seed)


def test_a_cell_in_the_style_of_keras_2_refuses_what_it_does_not_know():
    class Plain(kg.AbstractRNNCell):
        pass

    with pytest.raises(TypeError, match=r"Plain has no arguments \['dropuot'\]"):
        Plain(dropuot=0.5)


def test_layer_of_needs_a_registered_cell():
    class NotRegisteredCell(kg.AbstractRNNCell):
        gates = ("n",)
        states = ("h",)

    for wrong in (NotRegisteredCell, keras.layers.LSTMCell, "LSTMCell", kg.LSTMCell(3)):
        with pytest.raises(ValueError, match="`cell_class` must be a class decorated with"):
            kg.layer_of(wrong)


def test_two_cells_cannot_share_a_name():
    with pytest.raises(ValueError, match=r"LSTMCell.*already registered"):

        @kg.register
        class LSTMCell(kg.AbstractRNNCell):
            gates = ("n",)
            states = ("h",)


def test_stateful_layer_keeps_its_batch_size(rng):
    layer = make_layer("LSTMCell", {}, rng, stateful=True)
    with pytest.raises(ValueError, match=r"batch size|`initial_state` of LSTM must hold"):
        layer(inputs(rng, batch=3))


def test_blocks_say_which_names_there_are(rng):
    blocks = Blocks(as_tensor(rng.normal(size=(2, 6))), ("z", "r", "n"))
    with pytest.raises(AttributeError, match="no block or attribute 'q'"):
        _ = blocks.q
    with pytest.raises(KeyError, match="neighbouring blocks"):
        _ = blocks["z n"]
    with pytest.raises(KeyError, match="no block 'q'"):
        _ = blocks["q"]
    with pytest.raises(ValueError, match="splits into 4 equal parts"):
        Blocks(as_tensor(np.ones((2, 6))), ("i", "f", "g", "o"))
    with pytest.raises(ValueError, match="Cannot add blocks"):
        _ = blocks + blocks["z r"]
    assert repr(blocks) == "Blocks(z r n; shape=(2, 6))"


def test_blocks_and_kernels_slice_by_name(rng):
    values, matrix = rng.normal(size=(2, 6)), rng.normal(size=(3, 6))
    blocks = Blocks(as_tensor(values), ("z", "r", "n"))
    assert [tuple(b.shape) for b in blocks] == [(2, 2)] * 3
    np.testing.assert_array_equal(blocks.r, values[:, 2:4])
    np.testing.assert_array_equal(blocks["r n"].n, values[:, 4:])
    kernel, h = Kernel(as_tensor(matrix), ("z", "r", "n")), rng.normal(size=(2, 3))
    assert_close((h @ kernel).n, h @ matrix[:, 4:], tolerances.PEER)
    assert_close((as_tensor(h) @ kernel["r n"]).r, h @ matrix[:, 2:4], tolerances.PEER)
    assert_close(as_tensor(h) @ kernel.z, h @ matrix[:, :2], tolerances.PEER)
    factor = rng.normal(size=(2, 3))
    masked = Kernel(as_tensor(matrix), ("z", "r", "n"), mask=as_tensor(factor))
    for product, columns in ((h @ masked.n, slice(4, 6)), ((h @ masked["z r"]).r, slice(2, 4))):
        assert_close(product, (h * factor) @ matrix[:, columns], tolerances.PEER)


def test_states_of_one_state_cells_come_back_nested_as_they_came(rng):
    cell = make_layer("GRUCell", {}, rng).cell
    x, (h,) = as_tensor(inputs(rng)[:, 0]), initial_states(cell, rng)
    output, new = cell(x, as_tensor(h))
    listed, as_list = cell(x, [as_tensor(h)])
    assert isinstance(as_list, list)
    np.testing.assert_array_equal(new, output)
    np.testing.assert_array_equal(as_list[0], listed)
