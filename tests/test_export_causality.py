"""Which models get `init` and `step`: those whose outputs need no later step, and only those."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers, ops

import kerasgates as kg
from kerasgates.export import ExportError
from kerasgates.export.prepare import prepare
from kerasgates.export.stepwise import Stepwise
from kerasgates.loops.streaming import NotCausalError
from tests import tolerances
from tests.cases import FEATURES, as_array, randomise
from tests.exporting import interpreter
from tests.odd_keras_cells import MatrixMemory
from tests.tolerances import assert_close

CELLS = ("MinGRU", "IndRNN", "GRU", "LSTM")


def last_state(sequence, last):
    """Each step sees the state after the last: joint intent and slot filling."""
    return layers.Add()([sequence, layers.Reshape((1, last.shape[-1]))(last)])


def mean_of_all(sequence, last):
    mean = layers.GlobalAveragePooling1D(keepdims=True)(sequence)
    return layers.Subtract()([sequence, mean])


def next_steps(sequence, last):
    return layers.Conv1D(3, 3, padding="same")(sequence)


def a_far_step(sequence, last):
    return layers.Conv1D(3, 3, padding="same", dilation_rate=40)(sequence)


def largest_of_all(sequence, last):
    largest = layers.GlobalMaxPooling1D(keepdims=True)(sequence)
    return layers.Multiply()([sequence, largest])


LEAKS = (last_state, mean_of_all, next_steps, a_far_step, largest_of_all)


def model_with(leak, cell, seed, tokens, whole_too=True, units=4):
    """A model of which an output at a step depends on later steps, in one way or another."""
    keras.utils.set_random_seed(seed)
    if tokens:
        x = inputs = keras.Input((None,), dtype="int32", name="x")
        x = layers.Embedding(10, 4)(x)
    else:
        x = inputs = keras.Input((None, FEATURES), name="x")
    layer = getattr(kg, cell)(units, return_sequences=True, return_state=True, loop="keras")
    sequence, last, *_ = layer(x)
    slots = layers.Dense(5, activation="softmax", name="slots")(leak(sequence, last))
    intent = layers.Dense(4, activation="softmax", name="intent")(last)
    return keras.Model(inputs, [slots, intent] if whole_too else slots)


@pytest.mark.parametrize("tokens", [True, False], ids=["tokens", "floats"])
@pytest.mark.parametrize("leak", LEAKS, ids=lambda leak: leak.__name__)
@pytest.mark.slow
def test_a_model_that_looks_ahead_has_no_step(leak, tokens):
    for seed, cell in enumerate(CELLS[LEAKS.index(leak) % 2 :: 2]):
        model = model_with(leak, cell, seed, tokens, whole_too=seed == 0)
        with pytest.raises(NotCausalError, match="output 'slots' at a step depends on later steps"):
            Stepwise(prepare(model))


@pytest.mark.slow
def test_a_file_of_such_a_model_has_no_step_and_says_why(tmp_path):
    model = model_with(last_state, "GRU", 0, tokens=True, units=16)
    report = kg.export.saved_model(model, tmp_path / "served")
    assert "step" not in report.signatures
    assert "no `init` and `step`: its output 'slots' at a step depends on" in str(report)
    assert report.difference <= 1e-5
    with pytest.raises(ValueError, match="cannot run step by step: its output 'slots' at a step"):
        kg.export.litert(model, tmp_path / "m.tflite", kind="step")
    assert [path.name for path in tmp_path.iterdir()] == ["served"]


def causal(made, shape=(None, FEATURES), **options):
    keras.utils.set_random_seed(3)
    x = inputs = keras.Input(shape, name="x", **options)
    model = keras.Model(inputs, made(x))
    randomise(model, np.random.default_rng(3), scale=0.4)
    return model


@pytest.fixture(scope="module")
def stepwise():
    """A model of tokens with an output of each step, and one of the sequence so far."""

    def made(x):
        every = kg.GRU(4, return_sequences=True, name="every", loop="keras")
        y = every(layers.Embedding(9, 3, mask_zero=True)(x))
        return [y, kg.LSTM(3, name="last", loop="keras")(y)]

    return Stepwise(prepare(causal(made, (None,), dtype="int32")))


@pytest.mark.parametrize("wrong", ["every", "last"])
@pytest.mark.parametrize("at", [0, 3, 11, 12, 100, 149])
@pytest.mark.slow
def test_a_wrong_step_is_told_whenever_it_comes(wrong, at, stepwise):
    """A step that was wrong after the seventh was not looked at, of an output without time."""
    graph, calls = tf.function(stepwise.step, autograph=False), []

    def step(**named):
        results = dict(graph(**named))
        calls.append(wrong)
        if len(calls) > at:  # And ever after: a state that is wrong stays so.
            results[wrong] = results[wrong] + 1e-3
        return results

    with pytest.raises(ExportError, match=rf"the step, output '{wrong}' at step \d+, gives other"):
        stepwise.compare(step, stepwise.init, "the step", 1e-5, size=(2, 150))


def test_a_chaotic_model_is_compared_with_itself_and_told_from_one_that_looks_ahead():
    """What grows from rounding is no fault of `step`; of it nothing is reported, either."""

    def made(x):
        return kg.SimpleRNN(40, return_sequences=True, name="cell", loop="keras")(x)

    model = causal(made)
    (kernel,) = (weight for weight in model.weights if weight.name == "recurrent_kernel")
    kernel.assign(0.6 * np.random.default_rng(1).normal(size=kernel.shape))
    x = np.random.default_rng(0).normal(size=(4, 200, FEATURES)).astype("float32")
    apart = np.abs(as_array(model(x)) - as_array(model(x * np.float32(1 + 1e-6))))
    assert apart.max() > 0.1, "it is not chaotic"
    chaotic = Stepwise(prepare(model))
    graph = tf.function(chaotic.step, autograph=False)
    assert chaotic.compare(graph, chaotic.init, "the step", 1e-5, size=(4, 200)) <= 1e-3


# ------------------------------ layers that run something at each step


def of_fixed_length(*made, shape=(12, FEATURES)):
    model = keras.Sequential([keras.Input(shape, name="x"), *made])
    randomise(model, np.random.default_rng(3), scale=0.4)
    return model


#: Stock Keras, too, takes the batch for the time where a TimeDistributed does not know its length.
DISTRIBUTED = {
    "a dense layer": lambda: of_fixed_length(
        kg.LSTM(4, return_sequences=True), layers.TimeDistributed(layers.Dense(2))
    ),
    "masked, between layers": lambda: of_fixed_length(
        layers.Masking(),
        kg.CFN(5, return_sequences=True),
        layers.TimeDistributed(layers.Dense(3)),
        kg.JANET(4),
    ),
    "pictures": lambda: of_fixed_length(
        layers.TimeDistributed(layers.Conv2D(2, 3)),
        layers.TimeDistributed(layers.Flatten()),
        kg.GRU(4),
        shape=(5, 4, 4, 1),
    ),
}


@pytest.mark.parametrize("name", DISTRIBUTED)
@pytest.mark.slow
def test_a_layer_at_each_step_streams(name, rng):
    model = DISTRIBUTED[name]()
    made = Stepwise(prepare(model))
    x = rng.normal(size=(3, *model.inputs[0].shape[1:])).astype("float32")
    if "masked" in name:
        x[0, 4:7] = x[1, :3] = 0
    states, outputs = made.init(3), []
    for now in range(x.shape[1]):
        results = made.step(x=tf.constant(x[:, now]), **states)
        states = {state: results[state] for state in states}
        outputs.append(as_array(next(iter(results.values()))))
    expected = as_array(model(x))
    got = np.stack(outputs, axis=1) if expected.ndim == 3 else outputs[-1]
    assert_close(got, expected, tolerances.EXPORT)


@pytest.mark.slow
def test_a_layer_at_each_step_is_in_files_with_step(tmp_path):
    model = DISTRIBUTED["a dense layer"]()
    report = kg.export.saved_model(model, tmp_path / "served")
    assert [*report.signatures] == ["serving_default", "masked", "init", "step"]
    report = kg.export.litert(model, tmp_path / "m.tflite", kind="loop", signature="both")
    assert [*report.signatures] == ["serving_default", "step"]


class Together(layers.Layer):
    """A layer that needs two steps at least."""

    def call(self, x):
        if x.shape[1] == 1:
            raise ValueError("I compare steps")
        return x - ops.roll(x, 1, axis=1)


@pytest.mark.parametrize(
    ("layer", "words"),
    [
        (
            lambda: layers.MaxPooling1D(2, name="pool"),
            r"layer 'pool' \(MaxPooling1D\) gives no step",
        ),
        (lambda: layers.AveragePooling1D(3, name="mean"), r"layer 'mean' \(AveragePooling1D\)"),
        (lambda: layers.Conv1D(3, 4, name="conv"), r"layer 'conv' \(Conv1D\) gives no step"),
        (lambda: Together(name="both"), r"layer 'both' \(Together\) .* one step: I compare steps"),
        (lambda: layers.UpSampling1D(2, name="up"), "does not get one step for one step"),
        (lambda: layers.Cropping1D(0, name="crop"), None),
    ],
    ids=["max", "mean", "conv", "own", "more", "none"],
)
def test_a_layer_that_cannot_read_one_step_is_named_in_words(layer, words):
    model = causal(lambda x: kg.GRU(4, loop="keras")(layer()(x)))
    if words is None:
        Stepwise(prepare(model))
        return
    with pytest.raises(NotCausalError, match=words) as caught:
        Stepwise(prepare(model))
    for inner in ("Status", ".cc:", "{{node", "Exception", "\n"):
        assert inner not in str(caught.value)


def test_states_that_the_model_gives_are_named_as_the_reason():
    x, static = keras.Input((None, FEATURES), name="x"), keras.Input((3,), name="static")
    h = layers.Dense(4, name="h")(static)
    y = kg.GRU(4, return_sequences=True, loop="keras", name="first")(x, initial_state=h)
    model = keras.Model([x, static], kg.MGU(4, loop="keras")(y))
    with pytest.raises(NotCausalError, match=r"states \['first_h'\] begin with an `initial_state`"):
        Stepwise(prepare(model))


@pytest.mark.parametrize("strides", [2, 3])
def test_an_output_of_another_length_has_no_step(strides):
    def made(x):
        y = kg.GRU(4, return_sequences=True, loop="keras")(x)
        return layers.Conv1D(2, 1, strides=strides, name="y")(y)

    with pytest.raises(NotCausalError, match=r"output 'y' has \d+ steps for 200 of the input"):
        Stepwise(prepare(causal(made)))


# ------------------------------ states that do not begin as zeros


@pytest.mark.slow
@pytest.mark.parametrize(
    # Of whole sequences, states that are matrices run in Keras's loop, which fixes the batch size.
    ("signature", "batch_size"),
    [("step", None), ("step", 2), ("both", 2)],
)
def test_a_litert_file_gives_the_states_that_a_step_begins_with(
    signature, batch_size, tmp_path, rng
):
    keras.utils.set_random_seed(3)
    layer = kg.RNN(MatrixMemory(3), return_sequences=True, name="y")
    model = keras.Sequential([keras.Input((None, FEATURES), name="x"), layer])
    randomise(model, rng)
    path = tmp_path / "m.tflite"
    report = kg.export.litert(model, path, kind="auto", signature=signature, batch_size=batch_size)
    assert "states of `step` begin as `init` gives them" in report.notes
    runtime = interpreter(path)
    init, step = map(runtime.get_signature_runner, ("init", "step"))
    x = rng.normal(size=(2, 6, FEATURES)).astype("float32")
    states = init(batch_size=np.int32(2))
    assert all((state == np.float32(0.1)).all() for state in states.values())
    outputs = []
    for now in range(6):
        results = step(x=x[:, now], **states)
        states = {name: results[name] for name in states}
        outputs.append(results["y"])
    assert_close(np.stack(outputs, axis=1), as_array(model(x)), tolerances.EXPORT)
    # What knows no signatures runs the first subgraph.
    first = runtime.get_input_details()
    assert "x" in "".join(one["name"] for one in first)
    assert first[0]["shape"].size > 0


@pytest.mark.slow
def test_a_litert_file_of_states_that_begin_as_zeros_needs_no_init(tmp_path):
    model = causal(lambda x: kg.LSTM(3, name="y", loop="keras")(x))
    report = kg.export.litert(model, tmp_path / "m.tflite", kind="step")
    assert [*report.signatures] == ["step"]
    assert "states of `step` begin as zeros" in report.notes
    assert report.difference <= 1e-5
