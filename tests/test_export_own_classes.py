"""Exports of layers and models of people's own classes, that make recurrent layers themselves."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers, ops

import kerasgates as kg
from kerasgates.export.prepare import prepare
from kerasgates.export.source import difference
from kerasgates.interop.upgrade import rebuild
from tests import tolerances
from tests.cases import FEATURES, as_array, randomise


class Reshaped(layers.Layer):
    """Makes our layer for itself, and lets no mask of the time outside reach it."""

    def __init__(self, **keywords):
        super().__init__(**keywords)
        self.inner = kg.LSTM(4)

    def call(self, x):
        steps = ops.shape(x)[1]
        return ops.reshape(self.inner(ops.reshape(x, (-1, 1, FEATURES))), (-1, steps, 4))


class Held(layers.Layer):
    """Makes a stock layer for itself."""

    def __init__(self, **keywords):
        super().__init__(**keywords)
        self.inner = layers.LSTM(4, return_sequences=True, name="Inner")

    def call(self, x):
        return self.inner(x)


class Feedback(keras.Model):
    """Predicts several steps, each from the one before; Keras cannot make it again."""

    def __init__(self, units, steps):
        super().__init__()
        self.steps = steps
        self.cell = layers.LSTMCell(units)
        self.warm = layers.RNN(self.cell, return_state=True)
        self.dense = layers.Dense(FEATURES)

    def call(self, x, training=None):
        y, *states = self.warm(x)
        outputs = [self.dense(y)]
        for _ in range(1, self.steps):
            y, states = self.cell(outputs[-1], states, training=training)
            outputs.append(self.dense(y))
        return ops.stack(outputs, axis=1)


class Reader(keras.Model):
    """Reads tokens and a vector, gives a dict; Keras can make it again."""

    def __init__(self, units=3, **keywords):
        super().__init__(**keywords)
        self.units = units
        self.embedding = layers.Embedding(9, 4, mask_zero=True)
        self.recurrent = layers.GRU(units)
        self.dense = layers.Dense(2)

    def call(self, inputs):
        tokens, vector = inputs
        y = self.recurrent(self.embedding(tokens))
        return {"mood": self.dense(y), "both": ops.concatenate([y, vector], axis=-1)}

    def get_config(self):
        return {"units": self.units}


class Plain(keras.Model):
    """A recurrent layer of ours and another; its call takes no mask."""

    def __init__(self):
        super().__init__()
        self.recurrent, self.dense = kg.GRU(3), layers.Dense(2)

    def call(self, x):
        return self.dense(self.recurrent(x))


class OfOneLength(keras.Model):
    """Runs only on sequences of the length that it has been built for."""

    def __init__(self):
        super().__init__()
        self.dense, self.recurrent = layers.Dense(6), kg.GRU(3)

    def call(self, x):
        turned = ops.transpose(x, (0, 2, 1))
        return self.recurrent(ops.transpose(self.dense(turned), (0, 2, 1)))


class Untold(layers.RNN):
    """Of a class that is Keras's and not: with a cell of its own."""

    def __init__(self, units, **keywords):
        super().__init__(layers.SimpleRNNCell(units), **keywords)


class OwnLoop(layers.RNN):
    """With a loop that is Keras's, but says that it is not."""

    def inner_loop(self, *args, **keywords):
        return super().inner_loop(*args, **keywords)


def sequential(*made):
    return keras.Sequential([keras.Input((None, FEATURES), name="X"), *made])


def called(model, *inputs):
    model(inputs[0] if len(inputs) == 1 else list(inputs))
    return model


def series(rng, batch=3, time=5):
    return rng.normal(size=(batch, time, FEATURES)).astype("float32")


def tokens(rng, batch=3, time=6):
    return rng.integers(1, 9, (batch, time)).astype("int32")


MODELS = {
    "our layer in a layer": (lambda rng: sequential(Reshaped()), [(2, 7), (5, 1)]),
    "stock layer in a layer": (
        lambda rng: sequential(Held(), layers.GRU(3, name="Out")),
        [(2, 7), (5, 1)],
    ),
    "feedback": (lambda rng: called(Feedback(4, 3), series(rng)), [(2, 7), (4, 2)]),
    "one length": (lambda rng: called(OfOneLength(), series(rng)), [(2, 5), (7, 5)]),
    "a subclass of RNN": (lambda rng: sequential(Untold(3)), [(2, 7)]),
    "Lambda": (
        lambda rng: sequential(layers.Lambda(lambda x: 2 * x), layers.LSTM(3)),
        [(2, 7)],
    ),
}


def made(name, rng):
    model, sizes = MODELS[name]
    model = model(rng)
    randomise(model, rng, scale=0.4)
    return model, sizes


def check_file(path, model, sizes, rng):
    predict = kg.export.load(path)
    for batch, time in sizes:
        x = series(rng, batch, time)
        (given,) = predict(x).values()
        assert difference([as_array(model(x))], [given], "the file") <= tolerances.EXPORT


@pytest.mark.slow
@pytest.mark.parametrize("name", MODELS)
def test_the_file_gives_what_the_model_gives(name, tmp_path, rng):
    model, sizes = made(name, rng)
    kg.export.litert(model, tmp_path / "m.tflite", kind="loop")
    check_file(tmp_path / "m.tflite", model, sizes, rng)


@pytest.mark.slow
def test_stock_layers_that_a_layer_makes_stream_with_their_states(tmp_path, rng):
    model, sizes = made("stock layer in a layer", rng)
    report = kg.export.saved_model(model, tmp_path / "m")
    # Names keep their capitals, of layers and of inputs.
    assert list(report.signatures["step"][0]) == ["X", "Inner_h", "Inner_c", "Out_h"]
    check_file(tmp_path / "m", model, sizes, rng)
    signatures = tf.saved_model.load(str(tmp_path / "m")).signatures
    x, states = series(rng, 2, 6), signatures["init"](batch_size=tf.constant(2))
    for now in range(6):
        results = signatures["step"](X=tf.constant(x[:, now]), **states)
        states = {name: results[name] for name in states}
    assert difference([as_array(model(x))], [results["Out"]], "step") <= tolerances.EXPORT


@pytest.mark.slow
def test_a_loop_that_tf_lite_has_not_is_named_with_the_way_out(tmp_path, rng):
    model, path = sequential(OwnLoop(layers.SimpleRNNCell(3))), tmp_path / "m.tflite"
    randomise(model, rng, scale=0.4)
    with pytest.raises(kg.export.ExportError, match=r"TensorListReserve.*of kerasgates\.RNN"):
        kg.export.litert(model, path)
    assert not list(tmp_path.iterdir())
    kg.export.litert(model, path, batch_size=2)
    check_file(path, model, [(2, 7), (4, 2)], rng)


@pytest.mark.slow
def test_a_mask_is_offered_exactly_where_it_is_felt(tmp_path, rng):
    model, _ = made("our layer in a layer", rng)
    assert "masked" not in kg.export.saved_model(model, tmp_path / "m", streaming=False).signatures
    x, mask = series(rng, 3, 6), rng.random((3, 6)) < 0.6
    felt = called(Plain(), x)
    randomise(felt, rng, scale=0.4)
    kg.export.saved_model(felt, tmp_path / "m", streaming=False)
    served = tf.saved_model.load(str(tmp_path / "m")).signatures["masked"]
    (given,) = served(x=tf.constant(x), mask=tf.constant(mask)).values()
    expected = as_array(felt.dense(felt.recurrent(x, mask=mask)))
    assert difference([expected], [as_array(given)], "masked") <= tolerances.EXPORT
    assert np.abs(expected - as_array(felt(x))).max() > 0.01


@pytest.mark.slow
def test_a_model_of_tokens_and_vectors_has_inputs_of_these(tmp_path, rng):
    words, vector = tokens(rng), rng.normal(size=(3, 2)).astype("float32")
    model = called(Reader(), words, vector)
    randomise(model, rng, scale=0.4)
    report = kg.export.saved_model(model, tmp_path / "m", streaming=False)
    ((inputs, outputs),) = report.signatures.values()
    assert inputs == {"inputs_0": (None, None), "inputs_1": (None, 2)}
    assert set(outputs) == {"both", "mood"}
    words = tokens(rng, 3, 4)
    words[1, 2:] = 0
    given = kg.export.run(tmp_path / "m", {"inputs_0": words, "inputs_1": vector})
    expected = model([words, vector])
    for name in expected:
        apart = difference([as_array(expected[name])], [given[name]], name)
        assert apart <= tolerances.EXPORT
    served = tf.saved_model.load(str(tmp_path / "m")).signatures["serving_default"]
    assert served.structured_input_signature[1]["inputs_0"].dtype == tf.int32


def test_what_is_left_is_named(rng):
    with pytest.raises(ValueError, match=r"'Inner' in .*, a LSTM that 'held.* of class Held makes"):
        kg.upgrade(sequential(Held(), layers.GRU(3)))
    feedback = called(Feedback(4, 3), series(rng))
    # Keras 3.11 and older make a config without its arguments, and do not find them in it.
    lacks = r"class Feedback has no `get_config`$|Unable to revive .*`get_config\(\)`.*\.Feedback'>"
    with pytest.raises(ValueError, match=rf"'feedback(_\d+)?' again failed: ({lacks})"):
        kg.upgrade(feedback)


class OfTwoArguments(keras.Model):
    def __init__(self):
        super().__init__()
        self.recurrent = kg.GRU(3)

    def call(self, past, future):
        return self.recurrent(past) + self.recurrent(future)


def test_inputs_that_keras_does_not_remember_are_named(rng):
    model = OfTwoArguments()
    model(series(rng), series(rng))
    with pytest.raises(ValueError, match=r"first argument of its `call`.*with the .*\['future'\]"):
        prepare(model)


def test_a_model_with_a_fixed_batch_keeps_the_names_and_lengths_of_its_inputs():
    x = keras.Input(batch_shape=(2, 5, FEATURES), name="my x")
    ready = prepare(keras.Model(x, layers.LSTM(3)(layers.Lambda(lambda x: x)(x))))
    assert [(t.name, t.shape) for t in ready.inputs] == [("my x", (None, 5, FEATURES))]
    uncalled = OfOneLength()
    uncalled.built = True
    with pytest.raises(ValueError, match="must have been called: 'of_one_length"):
        prepare(uncalled)


def test_layers_that_keep_a_state_are_not_exported_where_they_stay(tmp_path):
    x = keras.Input(batch_shape=(2, None, FEATURES))
    stateful = layers.LSTM(3, stateful=True, name="kept")
    model = keras.Model(x, stateful(layers.Lambda(lambda x: x)(x)))
    for export, name in ((kg.export.saved_model, "m"), (kg.export.litert, "m.tflite")):
        with pytest.raises(ValueError, match=r"states .*'kept' of stateful=True.*Lambda"):
            export(model, tmp_path / name)
    assert not list(tmp_path.iterdir())


def test_layers_of_other_classes_are_left_with_a_warning(rng):
    class Mine(layers.RNN):
        def __init__(self, cell, **keywords):
            super().__init__(cell, **keywords)

    model = sequential(Mine(layers.SimpleRNNCell(3), name="mine"), layers.RepeatVector(2))
    model.add(layers.GRU(2))
    with pytest.warns(UserWarning, match=r"Left as they are in .*: 'mine' of class Mine\."):
        ours = kg.upgrade(model)
    x = series(rng)
    np.testing.assert_allclose(ours(x), model(x), atol=tolerances.PEER, rtol=0)
    assert [type(layer) for layer in ours.layers] == [Mine, layers.RepeatVector, kg.ResetAfterGRU]


def test_a_model_that_itself_fails_is_named(tmp_path):
    # Keras's loop cannot keep the states of a stack of one cell where a step is masked.
    stack = layers.RNN([layers.GRUCell(3)])
    model = keras.Sequential([keras.Input((None, 2)), layers.Masking(), stack], name="failing")
    with pytest.raises(ValueError, match=r"`model` must run .* 'failing', which fails on arrays"):
        kg.export.saved_model(model, tmp_path / "model")
    assert not [*tmp_path.iterdir()]


@pytest.mark.slow
def test_the_users_model_is_not_changed(rng):
    model = called(Feedback(4, 3), series(rng))
    ready = prepare(model)
    # It stands in no graph of another model, and its layers run in their own loops.
    assert not model._inbound_nodes
    assert not model.warm._inbound_nodes
    assert "inner_loop" not in vars(model.warm)
    x = series(rng, 2, 9)
    np.testing.assert_allclose(ready(x), model(x), atol=tolerances.PEER, rtol=0)
    copy = rebuild(sequential(Held()))
    assert type(copy.layers[0].inner) is layers.LSTM
