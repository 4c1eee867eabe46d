"""The arguments of saved and printed Keras code, as Keras takes them."""

import inspect
import itertools
import subprocess
import sys

import keras
import numpy as np
import pytest
from numpy.testing import assert_array_equal

import kerasgates as kg
from kerasgates.core.cell import CELLS
from tests import reference
from tests.cases import FEATURES, REQUIRED, UNITS, as_array, inputs, randomise
from tests.tolerances import SAME, assert_close

STOCK = ("SimpleRNN", "LSTM", "GRU")
EVERY_LAYER = pytest.mark.parametrize(
    "name", [name.removesuffix("Cell") for name in REQUIRED | {"LSTMCell": {}, "ESNCell": {}}]
)


def fresh_bias(layer):
    layer.build((None, None, FEATURES))
    return as_array(layer.cell.bias)


# ------------------------------------------------------------------ forget bias


@pytest.mark.parametrize("initializer", ["zeros", "ones", "random_normal"])
@pytest.mark.parametrize("forget", [True, False])
def test_biases_start_as_in_keras(initializer, forget):
    biases = []
    for layer_class in (keras.layers.LSTM, kg.LSTM):
        keras.utils.set_random_seed(5)
        layer = layer_class(UNITS, bias_initializer=initializer, unit_forget_bias=forget)
        biases.append(fresh_bias(layer))
    assert_array_equal(*biases)


@pytest.mark.parametrize(
    "name", [n for n in reference.CELLS if "unit_forget_bias" in CELLS[n].__signature__.parameters]
)
def test_forget_bias_is_one_whatever_the_others_are(name):
    arguments = {**REQUIRED.get(name, {}), "bias_initializer": "ones"}
    layer = kg.layer_of(CELLS[name])(UNITS, use_bias=True, **arguments)
    assert_array_equal(fresh_bias(layer), 1.0)
    draw = keras.initializers.RandomUniform(2.0, 3.0)
    drawn = fresh_bias(kg.layer_of(CELLS[name])(UNITS, **{**arguments, "bias_initializer": draw}))
    gates, widths = layer.cell.biased_gates, layer.cell.widths_of(layer.cell.biased_gates)
    blocks = np.split(drawn, np.cumsum(widths)[:-1])
    for gate, block in zip(gates, blocks, strict=True):
        assert (block == 1).all() if gate == "f" else (block >= 2).all()


def test_update_bias_is_added_to_what_is_drawn():
    bias = fresh_bias(kg.ResetAfterGRU(2, bias_initializer="ones", initial_update_bias=0.5))
    assert_array_equal(bias, [[1.5] * 2 + [1.0] * 4, [1.0] * 6])


# ------------------------------------------------------------------ arguments of every layer


@EVERY_LAYER
@pytest.mark.parametrize("argument", [{"input_shape": (7, FEATURES)}, {"input_dim": FEATURES}])
def test_input_shape_makes_an_input_with_keras_warning(name, argument):
    cell_class = CELLS[f"{name}Cell"]
    required = REQUIRED.get(f"{name}Cell", {})
    with pytest.warns(UserWarning, match="Do not pass an `input_shape`"):
        layer = getattr(kg, name)(UNITS, **required, **argument)
    if "input_shape" in argument:
        model = keras.Sequential([layer, keras.layers.Dense(1)])
        assert model.input_shape == (None, 7, FEATURES)
    with pytest.warns(UserWarning, match="Do not pass an `input_shape`"):
        cell = cell_class(UNITS, **required, **argument)
    with pytest.warns(UserWarning, match="Do not pass an `input_shape`"):
        kg.RNN(cell, **argument)


def test_batch_input_shape_is_refused_as_in_keras_with_the_way_out():
    with pytest.raises(TypeError, match=r"'batch_input_shape'. Put keras.Input\(batch_shape="):
        kg.LSTM(UNITS, batch_input_shape=(1, 7, FEATURES))


@EVERY_LAYER
def test_autocast_is_kept(name):
    required = REQUIRED.get(f"{name}Cell", {})
    for made in (
        getattr(kg, name)(UNITS, autocast=False, **required),
        CELLS[f"{name}Cell"](UNITS, autocast=False, **required),
        kg.RNN(kg.LSTMCell(UNITS), autocast=False),
    ):
        assert not made.autocast
        assert not type(made).from_config(made.get_config()).autocast
        assert "autocast" not in kg.LSTM(UNITS).get_config()


# ------------------------------------------------------------------ arguments of Keras's own layers


@pytest.mark.parametrize("name", STOCK)
@pytest.mark.parametrize("end", ["", "Cell"])
def test_a_config_of_keras_makes_ours(name, end):
    stock = getattr(keras.layers, name + end)
    arguments = {"units": UNITS, "dropout": 0.2, "kernel_regularizer": "l2", "name": "mine"}
    if name == "GRU":
        arguments["reset_after"] = False
    if not end:
        arguments |= {"return_sequences": True, "activity_regularizer": "l1"}
    config = stock(**arguments).get_config()
    ours = getattr(kg, name + end).from_config(config)
    assert type(ours) is getattr(kg, name + end)
    kept = ours.get_config()
    for key, value in config.items():
        assert value is None or kept[key] == value
    assert type(ours).from_config(ours.get_config()).get_config() == ours.get_config()


@pytest.mark.parametrize("name", STOCK)
@pytest.mark.parametrize("end", ["", "Cell"])
def test_positions_are_those_of_keras(name, end):
    """As far as `recurrent_dropout`; what comes then differs in Keras from layer to layer."""

    def positional(cls):
        kinds = inspect.signature(cls).parameters.values()
        return [p.name for p in kinds if p.kind is p.POSITIONAL_OR_KEYWORD]

    ours = positional(getattr(kg, name + end))
    count = ours.index("recurrent_dropout") + 1
    assert ours[:count] == positional(getattr(keras.layers, name + end))[:count]
    if (name, end) == ("LSTM", ""):
        assert ours == positional(keras.layers.LSTM)[:-1]


def test_positional_arguments_reach_their_names():
    assert kg.LSTM(3, "relu", "tanh", False).recurrent_activation is keras.activations.tanh
    assert not kg.SimpleRNNCell(3, "relu", False).use_bias
    reservoir = kg.ESN(3, "relu", True, "zeros", "ones").recurrent_initializer
    assert isinstance(reservoir, keras.initializers.Ones)
    assert kg.NASCell(3, True).use_bias

    class Slow(kg.GRUCell):
        def __init__(self, units, *, rate=0.5, **kwargs):
            super().__init__(units, "relu", use_bias=False, **kwargs)
            self.rate = rate

    cell = Slow(3, rate=0.1)
    assert (cell.units, cell.activation, cell.use_bias) == (3, keras.activations.relu, False)
    with pytest.raises(TypeError, match="multiple values for argument 'activation'"):
        kg.LSTM(3, "relu", activation="tanh")
    with pytest.raises(TypeError, match="too many positional arguments"):
        kg.SimpleRNNCell(*[3] * 30)
    with pytest.raises(TypeError, match=r"Slow takes .* none twice.*\['activation'\]"):
        Slow(3, activation="tanh")


@pytest.mark.parametrize("layer_class", [kg.LSTM, kg.GRU, kg.ResetAfterGRU])
def test_how_keras_runs_its_layers_is_checked_and_kept(layer_class):
    assert "`implementation` is checked, kept, and without effect" in layer_class.__doc__
    assert "With `use_cudnn=False`" in layer_class.__doc__
    layer = layer_class(UNITS, implementation=1, use_cudnn=False)
    again = layer_class.from_config(layer.get_config())
    for made in (layer, again, keras.layers.Bidirectional(layer).backward_layer):
        assert (made.cell.implementation, made.use_cudnn) == (1, False)
    assert not {"implementation", "use_cudnn"} & {*layer_class(UNITS).get_config()}
    for wrong in ({"implementation": 3}, {"implementation": True}, {"use_cudnn": "yes"}):
        with pytest.raises(ValueError, match=r"`(implementation|use_cudnn)` of .* must be one of"):
            layer_class(UNITS, **wrong)
    with pytest.raises(TypeError, match=r"unexpected .*'use_cudnn'"):
        layer_class.cell_class(UNITS, use_cudnn=False)
    with pytest.raises(TypeError, match=r"unexpected .*'implementation'"):
        kg.PeepholeLSTM(UNITS, implementation=1)


# ------------------------------------------------------------------ the two GRUs


@pytest.mark.parametrize("end", ["", "Cell"])
def test_reset_after_tells_the_grus_apart(end):
    before, after = getattr(kg, f"GRU{end}"), getattr(kg, f"ResetAfterGRU{end}")
    for made_by in (before, after):
        assert type(made_by(UNITS, reset_after=False)) is before
        assert type(made_by(UNITS, reset_after=True, use_bias=False, name="g")) is after
    assert not before(UNITS).reset_after
    assert after(UNITS).get_config()["reset_after"]
    stock = getattr(keras.layers, f"GRU{end}")(UNITS)
    assert type(before.from_config(stock.get_config())) is after
    with pytest.raises(ValueError, match=r"`reset_after` of GRU.* must be True or False"):
        before(UNITS, reset_after="yes")

    class Mine(before):
        pass

    assert type(Mine(UNITS, reset_after=False)) is Mine
    with pytest.raises(
        ValueError, match=f"Mine must be False: .* a subclass of ResetAfterGRU{end}"
    ):
        Mine(UNITS, reset_after=True)
    for text in (before.__doc__, after.__doc__):
        assert "reset_after" in text.split("σ(")[0]


def test_weights_of_the_other_gru_are_refused_with_its_name(tmp_path):
    stock = keras.Sequential([keras.Input((None, FEATURES)), keras.layers.GRU(UNITS)])
    renamed = keras.Sequential([keras.Input((None, FEATURES)), kg.GRU(UNITS)])
    stock.save_weights(tmp_path / "stock.weights.h5")
    (layer,) = renamed.layers
    hint = "reset_after=True belong in ResetAfterGRUCell"
    for take_over in (
        lambda: layer.set_weights(stock.get_weights()),
        lambda: layer.cell.set_weights(stock.get_weights()),
        lambda: renamed.load_weights(tmp_path / "stock.weights.h5"),
    ):
        with pytest.raises(ValueError, match=hint):
            take_over()
    with pytest.raises(ValueError, match=r"resets after .* equals a ResetAfterGRUCell only"):
        kg.convert.from_keras(layer, stock.get_weights())
    other = kg.ResetAfterGRU(UNITS)
    other.build((None, None, FEATURES))
    with pytest.raises(ValueError, match="reset_after=False belong in GRUCell"):
        other.set_weights(layer.get_weights())
    lstm = kg.LSTM(UNITS)
    lstm.build((None, None, FEATURES))
    with pytest.raises(ValueError, match=r"expecting 3 weights\.$"):
        lstm.set_weights([])


@pytest.mark.parametrize("kinds", [*itertools.product((True, False), repeat=3)])
def test_both_kinds_of_keras_gru_are_told_apart_in_its_files(kinds, rng, tmp_path):
    """Keras counts them together, and without biases all their weights have the same shapes."""
    settings = [{"use_bias": False, "reset_after": kind} for kind in kinds]
    stock = [keras.layers.GRU(4, return_sequences=True, **some) for some in settings]
    cells = [keras.layers.GRUCell(4, **some) for some in settings]
    model = keras.Sequential([keras.Input((None, 4)), *stock, keras.layers.RNN(cells)])
    upgraded = kg.upgrade(model)
    for file, (saved, loaded) in {
        "stock": (model, upgraded),
        "ours": (upgraded, kg.upgrade(model)),
    }.items():
        randomise(loaded, rng)
        saved.save_weights(tmp_path / f"{file}.weights.h5")
        loaded.load_weights(tmp_path / f"{file}.weights.h5")
        for one, other in zip(loaded.weights, model.weights, strict=True):
            assert_array_equal(as_array(one), as_array(other))


class Several(keras.Model):
    """A model whose layers are attributes, and in a list."""

    def __init__(self, library):
        super().__init__()
        kinds = {"return_sequences": True, "use_bias": False}
        before, after = {"reset_after": False, **kinds}, {"reset_after": True, **kinds}
        self.gru, self.gru_2 = library.GRU(4, **before), library.GRU(4, **after)
        self.many = [library.GRU(4, **some) for some in (after, before, after)]

    def call(self, x):
        for layer in (self.gru, self.gru_2, *self.many):
            x = layer(x)
        return x


def test_attributes_keep_their_names_in_files_and_lists_their_order(rng, tmp_path):
    x = rng.normal(size=(2, 3, 4)).astype("float32")
    stock, ours = Several(keras.layers), Several(kg)
    expected, _ = stock(x), ours(x)
    stock.save_weights(tmp_path / "several.weights.h5")
    ours.load_weights(tmp_path / "several.weights.h5")
    assert_close(as_array(ours(x)), as_array(expected), SAME)


@pytest.mark.slow
def test_weights_files_of_keras_load_into_the_upgraded_model(rng, tmp_path):
    layers = keras.layers
    model = keras.Sequential(
        [
            keras.Input((None, FEATURES)),
            layers.GRU(4, return_sequences=True),
            layers.Bidirectional(layers.GRU(3, return_sequences=True)),
            layers.GRU(2, return_sequences=True, use_bias=False),
            layers.RNN([layers.GRUCell(3), layers.LSTMCell(2), layers.GRUCell(4)]),
        ]
    )
    upgraded = kg.upgrade(model)
    randomise(model, rng)
    randomise(upgraded, rng)
    model.save_weights(tmp_path / "stock.weights.h5")
    upgraded.load_weights(tmp_path / "stock.weights.h5")
    for ours, theirs in zip(upgraded.weights, model.weights, strict=True):
        assert_array_equal(as_array(ours), as_array(theirs))
    randomise(upgraded, rng)
    expected = upgraded(inputs(rng))
    upgraded.save_weights(tmp_path / "ours.weights.h5")
    fresh = kg.upgrade(model)
    fresh.load_weights(tmp_path / "ours.weights.h5")
    for ours, theirs in zip(fresh.weights, upgraded.weights, strict=True):
        assert_array_equal(as_array(ours), as_array(theirs))
    assert expected.shape == (5, 4)


# ------------------------------------------------------------------ what has no effect is refused


class NoFeedback(kg.AbstractRNNCell):
    """A leaky sum: no recurrent weights."""

    gates = ("n",)
    states = ("h",)

    def recurrent_kernel_shape(self):
        return None

    def step(self, Wx, U, h):
        h = 0.5 * h + self.activation(Wx.n)
        return (h,), {"n": h}


@pytest.mark.parametrize(
    "argument",
    [
        {"recurrent_dropout": 0.5},
        {"recurrent_regularizer": "l2"},
        {"recurrent_constraint": "max_norm"},
    ],
    ids=str,
)
def test_arguments_of_weights_that_are_not_there_are_refused(argument, rng):
    (name,) = argument
    assert kg.RNN(NoFeedback(UNITS, dropout=0.5))(inputs(rng), training=True).shape == (5, UNITS)
    with pytest.raises(ValueError, match=f"`{name}` of NoFeedback must be left out.* {name}="):
        kg.RNN(NoFeedback(UNITS, **argument))(inputs(rng))


# ------------------------------------------------------------------ docstrings


def test_a_cell_of_ones_own_documents_each_argument_once():
    @kg.register
    class LeakyCell(kg.AbstractRNNCell):
        """Leaky sum of what is read.

        Args:
            rate (float): share that is kept,
                at every step: in (0, 1).
            units: how many sums.
            seed: of nothing.

        Example:
            LeakyCell(3, rate=0.1)
        """

        gates = ("n",)
        states = ("h",)

        def __init__(self, *args, rate=0.5, **kwargs):
            super().__init__(*args, **kwargs)
            self.rate = rate

    try:
        layer = kg.layer_of(LeakyCell)
    finally:
        del CELLS["LeakyCell"]
    for cls in (LeakyCell, layer):
        text = cls.__doc__
        assert text.count("\nArgs:") == 1
        assert "    rate: share that is kept, at every step: in (0, 1). Default: 0.5." in text
        assert "    units: how many sums.\n" in text
        assert "Example:\n    LeakyCell(3, rate=0.1)" in text
        for argument in inspect.signature(cls).parameters:
            assert text.count(f"\n    {argument}: ") == 1, argument
    assert layer.rate.__doc__.startswith("share that is kept")


# ------------------------------------------------------------------ a process of its own


@pytest.mark.slow
def test_a_saved_model_needs_the_import_and_nothing_else(tmp_path):
    keras.Sequential([keras.Input((None, 3)), kg.LSTM(2)]).save(tmp_path / "model.keras")
    load = f"keras.saving.load_model({str(tmp_path / 'model.keras')!r})"
    for program, succeeds in (
        (f"import keras; {load}", False),
        (f"import keras, kerasgates; {load}", True),
    ):
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
        assert (done.returncode == 0) == succeeds, done.stderr
        # The day Keras imports what a file names, the README need not say so any more.
        assert succeeds or "Could not locate class 'LSTM'" in done.stderr
