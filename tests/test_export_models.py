"""Models as people have them go through every export, or are told clearly why they cannot."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

import kerasgates as kg
from kerasgates.export.source import call, compare, difference, random_inputs
from tests import tolerances
from tests.cases import FEATURES, as_array


def sequential(*made, shape=(None, FEATURES), **options):
    return keras.Sequential([keras.Input(shape, name="x", **options), *made])


def normalised():
    layer = layers.Normalization()
    layer.adapt(np.random.default_rng(0).normal(5, 3, size=(50, 6, FEATURES)).astype("float32"))
    return sequential(layer, layers.LSTM(4))


def static_first():
    static, x = keras.Input((5,), name="static"), keras.Input((None, FEATURES), name="x")
    return keras.Model([static, x], layers.Concatenate()([layers.LSTM(4)(x), static]))


def of_dicts():
    a, b = keras.Input((None, FEATURES), name="b"), keras.Input((None, 2), name="a")
    y = layers.LSTM(4)(layers.Concatenate()([a, b]))
    return keras.Model({"b": a, "a": b}, {"y": layers.Dense(2)(y)})


def one_name_twice():
    x = keras.Input((None, FEATURES))
    inner = keras.Model(x, layers.LSTM(4, return_sequences=True, name="rnn")(x))
    z = keras.Input((None, FEATURES))
    return keras.Model(z, layers.GRU(3, name="rnn")(inner(z)))


def oddly_named(name):
    x = keras.Input((None, FEATURES), name=name)
    return keras.Model(x, layers.LSTM(4)(x))


def input_as_output():
    x = keras.Input((None, FEATURES), name="x")
    return keras.Model(x, [layers.LSTM(4)(x), x])


def in_half_precision():
    return sequential(layers.LSTM(4, dtype="mixed_float16"), layers.Dense(2))


MODELS = {
    "adapted normalisation": normalised,
    "static input first": static_first,
    "dict of inputs": of_dicts,
    "one name twice": one_name_twice,
    "name with spaces": lambda: oddly_named("my input-x 1"),
    "name with a dot": lambda: oddly_named("x.1"),
    "named mask": lambda: oddly_named("mask"),
    "input as output": input_as_output,
    "mixed precision": in_half_precision,
    "strides": lambda: sequential(layers.Conv1D(4, 3, strides=2), layers.LSTM(4)),
    "pooling": lambda: sequential(layers.MaxPooling1D(2), layers.GRU(4)),
    "needs 60 steps": lambda: sequential(layers.Conv1D(4, 60), layers.LSTM(4)),
    "a vector repeated": lambda: sequential(
        layers.RepeatVector(6), layers.LSTM(4), layers.Dense(2), shape=(5,)
    ),
    "tokens of one length": lambda: sequential(
        layers.Embedding(9, 4), layers.GRU(4), shape=(8,), dtype="int32"
    ),
    "batch normalisation": lambda: sequential(layers.BatchNormalization(), kg.GRU(4)),
    "tokens as floats": lambda: sequential(layers.Embedding(2, 4), layers.LSTM(4), shape=(None,)),
    "pictures": lambda: sequential(
        layers.TimeDistributed(layers.Conv2D(2, 3)),
        layers.TimeDistributed(layers.Flatten()),
        layers.LSTM(4),
        shape=(6, 5, 5, 1),
    ),
}
EXPORTS = {
    "saved_model": lambda model, folder: kg.export.saved_model(model, folder / "m"),
    "litert": lambda model, folder: kg.export.litert(model, folder / "m.tflite", kind="loop"),
    "litert of any kind": lambda model, folder: kg.export.litert(model, folder / "m.tflite"),
}
#: Models of which each kind of LiteRT file is made, to keep the fastest.
OF_ANY_KIND = ("adapted normalisation", "one name twice", "strides", "a vector repeated")


@pytest.mark.parametrize(
    ("name", "to"),
    [
        (name, f"{to} of any kind" if to == "litert" and name in OF_ANY_KIND else to)
        for name in MODELS
        for to in ("litert", "saved_model")
    ],
)
@pytest.mark.slow
def test_the_file_gives_what_the_users_model_gives(name, to, tmp_path, rng):
    model = MODELS[name]()
    for weight in model.trainable_variables:
        weight.assign(rng.normal(scale=0.4, size=weight.shape))
    EXPORTS[to](model, tmp_path)
    (path,) = tmp_path.iterdir()
    arrays = random_inputs(kg.upgrade(model), 1, 70, rng)
    nested = arrays[0] if len(model.inputs) == 1 else arrays
    if isinstance(getattr(model, "_inputs_struct", None), dict):
        nested = keras.tree.pack_sequence_as(model.input, arrays)
    expected = [as_array(y) for y in keras.tree.flatten(model(nested))]
    given = kg.export.run(path, nested if len(arrays) == 1 else dict(zip(_names(model), arrays)))
    got = sorted(given.values(), key=lambda y: y.ndim)
    expected = sorted(expected, key=lambda y: y.ndim)
    bound = 1e-2 if name == "mixed precision" else tolerances.EXPORT
    assert difference(expected, got, name) <= bound


def _names(model):
    return [tensor.name for tensor in model.inputs]


@pytest.mark.slow
def test_a_model_that_looks_far_back_does_not_pretend_to_stream(tmp_path):
    far = layers.Conv1D(4, 2, dilation_rate=30, padding="causal")
    model = sequential(far, layers.LSTM(4, return_sequences=True))
    report = kg.export.saved_model(model, tmp_path / "m")
    assert sorted(report.signatures) == ["serving_default"]
    with pytest.raises(ValueError, match=r"signature` must be .sequence. .* step 30"):
        kg.export.litert(model, tmp_path / "m.tflite", signature="step")


@pytest.mark.slow
def test_several_inputs_keep_their_own_lengths(tmp_path, rng):
    model = static_first()
    report = kg.export.litert(model, tmp_path / "m.tflite", kind="loop", signature="both")
    assert report.signatures["serving_default"][0] == {"static": (-1, 5), "x": (-1, -1, FEATURES)}
    assert report.signatures["step"][0]["x"] == (-1, FEATURES)
    data = [
        rng.normal(size=(10, 5)).astype("float32"),
        rng.normal(size=(10, 8, FEATURES)).astype("float32"),
    ]
    report = kg.export.litert(
        model, tmp_path / "m.tflite", quantize="int8", representative_data=data, batch_size=12
    )
    assert report.signatures["serving_default"][0]["x"] == (12, 8, FEATURES)
    with pytest.raises(ValueError, match=r"must have sequences of 9 steps.*Received: 8"):
        kg.export.litert(
            model, tmp_path / "m.tflite", quantize="int8", representative_data=data, time=9
        )


@pytest.mark.parametrize(
    ("model", "error", "message"),
    [
        (
            lambda: sequential(layers.LSTM(3, dtype="float64")),
            ValueError,
            "`model` must have float32 weights.*in float64",
        ),
        (
            lambda: sequential(
                layers.TextVectorization(vocabulary=["a", "b"]),
                layers.Embedding(9, 3),
                layers.LSTM(4),
                shape=(),
                dtype="string",
            ),
            ValueError,
            "`model` must read numbers.*'x' of strings",
        ),
        (
            lambda: sequential(
                layers.TimeDistributed(layers.Conv2D(2, 3)),
                layers.TimeDistributed(layers.Flatten()),
                layers.LSTM(4),
                shape=(None, 5, 5, 1),
            ),
            kg.export.ExportError,
            # Keras 3.15 gives another output in a graph; Keras 3.10 a graph that TF Lite lacks.
            "TimeDistributed has a wrong one unless its Input says how many steps|converter failed",
        ),
    ],
    ids=["float64", "text", "TimeDistributed without a length"],
)
def test_what_cannot_be_exported_says_why(model, error, message, tmp_path):
    with pytest.raises(error, match=message):
        kg.export.litert(model(), tmp_path / "m.tflite")
    assert not list(tmp_path.iterdir())


def test_a_lookup_table_is_left_out_of_files_that_have_none(tmp_path):
    table = layers.IntegerLookup(vocabulary=[1, 2, 3], name="table")
    model = sequential(table, layers.Embedding(9, 3), layers.LSTM(4), shape=(7,), dtype="int64")
    for export, kind, ending in (
        (kg.export.litert, "LiteRT", "tflite"),
        (kg.export.onnx, "ONNX", "onnx"),
    ):
        words = rf"no lookup table, {kind} has none.* the layer 'table' \(IntegerLookup\)"
        with pytest.raises(ValueError, match=words):
            export(model, tmp_path / f"m.{ending}")
    assert not list(tmp_path.iterdir())
    assert kg.export.saved_model(model, tmp_path / "served").difference <= 1e-6


class Applied(layers.Layer):
    """A function of the sequence, of whatever TensorFlow has, as a layer."""

    def __init__(self, function, **options):
        super().__init__(**options)
        self.function = function

    def call(self, x):
        return self.function(x)

    def compute_output_shape(self, shape):
        return shape


def called_in_python(call):
    def function(x):
        y = call(lambda value: 2 * value, [x], tf.float32)
        y.set_shape(x.shape)
        return y

    return function


def called_in_a_loop(x):
    twice = called_in_python(tf.numpy_function)
    return tf.while_loop(lambda k, y: k < 2, lambda k, y: (k + 1, twice(y)), (0, x))[1]


def read_from_a_generator(x):
    numbers = tf.data.Dataset.from_generator(
        lambda: iter([1.0, 2.0]), output_signature=tf.TensorSpec((), "float32")
    )
    return x + numbers.reduce(0.0, lambda a, b: a + b)


def applied(function):
    # A name that looks like the scope of the other layer's first call.
    named = [Applied(function, name="own"), Applied(lambda x: x + 1, name="own_1")]
    return sequential(layers.LSTM(4, return_sequences=True), *named)


@pytest.mark.parametrize(
    ("function", "operator"),
    [
        (called_in_python(tf.numpy_function), "PyFunc"),
        (called_in_python(tf.py_function), "EagerPyFunc"),
        (called_in_a_loop, "PyFunc"),
        (read_from_a_generator, "PyFunc"),
    ],
    ids=["numpy", "eager", "in a loop", "generator"],
)
def test_what_runs_in_this_process_alone_is_not_exported(function, operator, tmp_path):
    words = rf"No file .* layer 'own' \(Applied\) calls in Python \(operator {operator}\)"
    for export, name in ((kg.export.saved_model, "m"), (kg.export.litert, "m.tflite")):
        with pytest.raises(kg.export.ExportError, match=words):
            export(applied(function), tmp_path / name)
    assert not list(tmp_path.iterdir())


class Noise(layers.Layer):
    def __init__(self, size, **options):
        super().__init__(**options)
        self.size, self.seed = size, keras.random.SeedGenerator(1)

    def call(self, x):
        return x + self.size * keras.random.normal(keras.ops.shape(x), seed=self.seed)


class Counter(layers.Layer):
    def build(self, shape):
        self.count = self.add_weight(shape=(), initializer="zeros", trainable=False)

    def call(self, x):
        self.count.assign_add(1.0)
        return x + self.count


@pytest.mark.parametrize(
    ("layer", "words"),
    [
        (lambda: Noise(1e-4), r"\(Noise\) draws random numbers \(operator StatelessRandomNormalV2"),
        (lambda: Noise(1.0), r"\(Noise\) draws random numbers"),
        (lambda: Counter(), r"\(Counter\) changes a variable"),
    ],
    ids=["little noise", "much noise", "counter"],
)
def test_a_model_that_differs_from_itself_is_named_as_that(layer, words, tmp_path):
    model = sequential(layers.LSTM(4, return_sequences=True), layer())
    for export, name in ((kg.export.saved_model, "m"), (kg.export.litert, "m.tflite")):
        with pytest.raises(kg.export.ExportError, match=f"very same input .*{words}") as caught:
            export(model, tmp_path / name)
        assert "would pass" not in str(caught.value)
    assert not list(tmp_path.iterdir())


def test_a_difference_is_not_excused_by_random_numbers():
    model = sequential(layers.LSTM(4), Noise(1.0))
    arrays = random_inputs(model, 3, 5, np.random.default_rng(0))
    with pytest.raises(kg.export.ExportError, match="draws random numbers"):
        compare(model, arrays, call(model, arrays), "it", 1e-5)


def test_random_numbers_of_training_alone_are_no_reason(tmp_path):
    model = sequential(layers.GaussianNoise(1.0), layers.LSTM(4), layers.Dropout(0.5))
    assert kg.export.saved_model(model, tmp_path / "m", streaming=False).difference <= 1e-6


def test_an_output_whose_axes_tensorflow_forgets_has_those_that_keras_knows(tmp_path):
    def forgotten(x):
        shape = tf.shape(x)
        flat = shape[0] < 0  # Never, but that is not known before.
        return tf.reshape(x, tf.cond(flat, lambda: tf.reshape(tf.size(x), (1,)), lambda: shape))

    report = kg.export.saved_model(applied(forgotten), tmp_path / "m", streaming=False)
    assert report.signatures["serving_default"][1] == {"own_1": (None, None, 4)}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"time": "abc"}, "`time` must be a positive int or None. Received: 'abc'"),
        ({"time": 2.0}, "`time` must be a positive int"),
        ({"batch_size": 0}, "`batch_size` must be a positive int"),
        ({"kind": "step", "signature": "both"}, '`kind` must be one of whole.*"step"'),
        ({"kind": "fused", "signature": "step"}, '`kind` must be "auto" or "step"'),
        ({"representative_data": np.ones((3, 4))}, "`representative_data` must be left out"),
    ],
)
def test_arguments_without_a_meaning_are_named(arguments, message, tmp_path):
    with pytest.raises(ValueError, match=f"Argument {message}"):
        kg.export.litert(sequential(layers.LSTM(3)), tmp_path / "m.tflite", **arguments)
