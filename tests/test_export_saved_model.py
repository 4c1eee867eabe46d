"""SavedModels: served by TensorFlow alone, whole or step by step, with no state of their own."""

import os
import shutil
import subprocess
import sys

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers
from numpy.testing import assert_array_equal

import kerasgates as kg
from kerasgates.export.to_litert import flatbuffer
from kerasgates.loops.streaming import identifiers
from tests import tolerances
from tests.cases import (
    EXPORTED,
    FEATURES,
    SOME,
    as_array,
    every_cell,
    in_graph,
    randomise,
)
from tests.exporting import (
    in_groups,
    make_model,
    names_of,
    run_sequence,
    sequences,
    side_by_side,
)
from tests.tolerances import assert_close


def served(model, folder, **arguments):
    report = kg.export.saved_model(model, folder, **arguments)
    return tf.saved_model.load(str(folder)).signatures, report


def states_of(results):
    return {name: value for name, value in results.items() if name != "y"}


def stream(signatures, x):
    """Outputs `(batch, time, …)` step by step from the initial states."""
    states, outputs = signatures["init"](batch_size=tf.constant(len(x))), []
    for now in range(x.shape[1]):
        results = signatures["step"](x=tf.constant(x[:, now]), **states)
        states = states_of(results)
        outputs.append(results["y"])
    return np.stack(outputs, axis=1)


def check_stream(model, folder, rng, masked):
    signatures, report = served(model, folder)
    of_keras = in_graph(model)
    for batch, time in ((1, 1), (3, 50)):
        x = sequences(rng, batch, time, masked)
        whole = signatures["serving_default"](x=tf.constant(x))["y"]
        assert_close(whole, of_keras(x), tolerances.EXPORT)
        assert_close(stream(signatures, x), whole, tolerances.EXPORT)
    assert report.difference <= tolerances.EXPORT


@pytest.mark.slow
@pytest.mark.parametrize("wrapping", ["plain", "masked stack"])
@pytest.mark.parametrize("name", SOME)
def test_a_stream_equals_the_whole_sequence(name, wrapping, tmp_path, rng):
    model = make_model(name, {}, wrapping, rng)
    check_stream(model, tmp_path / "model", rng, "masked" in wrapping)


#: TensorFlow takes every operation; what a file knows of a cell is its states.
SOME_CELLS = [case for case in every_cell() if case[0] in EXPORTED]


@pytest.mark.slow
@pytest.mark.parametrize("cells", in_groups(SOME_CELLS), ids=names_of)
def test_streams_of_cells_side_by_side(cells, tmp_path, rng):
    check_stream(side_by_side(cells, rng, masked=True), tmp_path / "model", rng, masked=True)


CLIENTS = """
import sys
sys.modules["keras"] = sys.modules["kerasgates"] = None
import numpy as np, tensorflow as tf
folder = sys.argv[1]
signatures = tf.saved_model.load(folder + "/model").signatures
data = np.load(folder + "/data.npz")
one, two = data["one"], data["two"]
init = signatures["init"]
states = {k: init(batch_size=tf.constant(len(x))) for k, x in (("1", one), ("2", two))}
outputs = {"1": [], "2": []}
# The second client comes later, and now and then twice before the first is served again.
for client in "1121221112222121":
    x = one if client == "1" else two
    now = len(outputs[client])
    if now < x.shape[1]:
        results = signatures["step"](x=tf.constant(x[:, now]), **states[client])
        states[client] = {k: v for k, v in results.items() if k != "y"}
        outputs[client].append(results["y"].numpy())
np.savez(folder + "/served.npz", one=np.stack(outputs["1"], 1), two=np.stack(outputs["2"], 1))
print("served")
"""


@pytest.mark.slow
def test_two_clients_share_a_model_without_mixing_in_a_process_with_only_tensorflow(tmp_path, rng):
    model = make_model("PeepholeLSTMCell", {}, "stack", rng)
    kg.export.saved_model(model, tmp_path / "model")
    one, two = sequences(rng, 2, 6), sequences(rng, 3, 5)
    np.savez(tmp_path / "data.npz", one=one, two=two)
    done = subprocess.run(
        [sys.executable, "-c", CLIENTS, str(tmp_path)],
        capture_output=True,
        text=True,
        env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"},
    )
    assert done.stdout.strip() == "served", done.stderr[-2000:]
    with np.load(tmp_path / "served.npz") as given:
        assert_close(given["one"], model(one), tolerances.EXPORT)
        assert_close(given["two"], model(two), tolerances.EXPORT)


@pytest.mark.slow
def test_the_stock_converter_takes_it_with_all_its_signatures(tmp_path, rng):
    model = make_model("GRUCell", {}, "stack", rng)
    kg.export.saved_model(model, tmp_path / "model")
    content = tf.lite.TFLiteConverter.from_saved_model(str(tmp_path / "model")).convert()
    runtime = flatbuffer.interpreter_of(content)
    assert sorted(runtime.get_signature_list()) == ["init", "masked", "serving_default", "step"]
    for batch, time in ((1, 1), (3, 7)):
        x = sequences(rng, batch, time)
        assert_close(run_sequence(runtime, x), model(x), tolerances.EXPORT)


@pytest.mark.slow
def test_a_mask_can_be_given_where_it_matters(tmp_path, rng):
    model = make_model("GRUCell", {}, "bidirectional", rng)
    signatures, _ = served(model, tmp_path / "model")
    x, mask = sequences(rng, 3, 9), rng.random((3, 9)) < 0.6
    given = signatures["masked"](x=tf.constant(x), mask=tf.constant(mask))["y"]
    model.supports_masking = True
    expected = model(x, mask=tf.constant(mask))
    assert np.abs(expected - model(x)).max() > 0.01
    assert_close(given, expected, tolerances.EXPORT)
    assert "step" not in signatures
    # A model that makes its own mask listens to no other.
    signatures, _ = served(make_model("GRUCell", {}, "masked", rng), tmp_path / "model")
    assert "masked" not in signatures


@pytest.mark.slow
@pytest.mark.parametrize("return_sequences", [True, False])
def test_compiled_by_xla_gives_the_same_for_many_lengths_without_many_compilations(
    return_sequences, tmp_path, rng
):
    model = make_model("LSTMCell", {}, "stack", rng, return_sequences=return_sequences)
    signatures, report = served(model, tmp_path / "model", jit=True)
    assert "padded" in str(report)
    run = signatures["serving_default"]
    took = []
    for time in range(33, 49):  # All are padded to 48.
        x = sequences(rng, 3, time)
        start = tf.timestamp()
        given = run(x=tf.constant(x))["y"]
        took.append(float(tf.timestamp() - start))
        assert_close(given, model(x), tolerances.EXPORT)
    # Only the first one waits for the compiler.
    assert np.median(took[1:]) < took[0] / 5
    if return_sequences:
        x = sequences(rng, 2, 5)
        assert_close(stream(signatures, x), model(x), tolerances.EXPORT)


@pytest.mark.slow
def test_a_model_that_feels_padding_is_compiled_for_each_size(tmp_path, rng):
    x = inputs = keras.Input((None, FEATURES), name="x")
    x = layers.Conv1D(3, 3, padding="same")(x)
    model = keras.Model(inputs, layers.Bidirectional(kg.LSTM(3))(x))
    randomise(model, rng)
    signatures, report = served(model, tmp_path / "model", jit=True)
    assert "compiles once for each size" in str(report)
    x = sequences(rng, 3, 5)
    (given,) = signatures["serving_default"](x=tf.constant(x)).values()
    assert_close(given, model(x), tolerances.EXPORT)


@pytest.mark.slow
def test_what_is_not_causal_has_no_step_and_says_why(tmp_path, rng):
    def pooled(x):
        return layers.GlobalAveragePooling1D()(kg.LSTM(3, return_sequences=True)(x))

    shared = kg.LSTM(FEATURES, return_sequences=True)
    for made, reason in (
        (lambda x: layers.Bidirectional(kg.LSTM(3))(x), "runs backwards"),
        (lambda x: kg.LSTM(3, go_backwards=True)(x), "runs backwards"),
        (lambda x: shared(shared(x)), "called more than once"),
        (pooled, "need more than one step"),
        (lambda x: kg.LSTM(3)(layers.Conv1D(3, 2, padding="causal")(x)), "more than one step"),
    ):
        inputs = keras.Input((None, FEATURES), name="x")
        model = keras.Model(inputs, made(inputs))
        randomise(model, rng)
        signatures, report = served(model, tmp_path / "model")
        assert "step" not in signatures
        assert reason in str(report)


@pytest.mark.slow
def test_a_mask_of_the_time_outside_is_not_offered_to_the_layer_inside(tmp_path, rng):
    inputs = keras.Input((4, 6, FEATURES), name="x")
    model = keras.Model(inputs, kg.GRU(3)(layers.TimeDistributed(kg.LSTM(5))(inputs)))
    randomise(model, rng)
    signatures, report = served(model, tmp_path / "model")
    assert sorted(signatures) == ["serving_default"]
    assert "no `masked`" in str(report)
    x = rng.normal(size=(2, 4, 6, FEATURES)).astype("float32")
    (given,) = signatures["serving_default"](x=tf.constant(x)).values()
    assert_close(given, model(x), tolerances.EXPORT)


@pytest.mark.slow
def test_a_model_for_one_length_streams_too(tmp_path, rng):
    inputs = keras.Input((10, FEATURES), name="x")
    model = keras.Model(inputs, layers.Dense(2, name="y")(kg.GRU(4)(inputs)))
    randomise(model, rng)
    signatures, _ = served(model, tmp_path / "model")
    x = sequences(rng, 2, 10)
    assert_close(stream(signatures, x)[:, -1], model(x), tolerances.EXPORT)


@pytest.mark.slow
def test_tokens_and_several_inputs_and_outputs(tmp_path, rng):
    tokens = keras.Input((None,), dtype="int32", name="tokens")
    place = keras.Input((3,), name="place")
    x = layers.Embedding(9, 4, mask_zero=True)(tokens)
    y = kg.LSTM(5, return_sequences=True, name="reader")(x)
    last = layers.Concatenate()([kg.UGRNN(4, name="summary")(y), place])
    words = layers.Dense(9, name="word")(y)
    model = keras.Model([tokens, place], [words, layers.Dense(2, name="mood")(last)])
    randomise(model, rng)
    signatures, _ = served(model, tmp_path / "model")
    read, where = rng.integers(0, 9, (2, 7), "int32"), rng.normal(size=(2, 3)).astype("float32")
    expected = [as_array(y) for y in model([read, where])]
    whole = signatures["serving_default"](tokens=tf.constant(read), place=tf.constant(where))
    states = signatures["init"](batch_size=tf.constant(2))
    assert set(states) >= {"reader_h", "reader_c", "summary_h"}
    for now in range(7):
        results = signatures["step"](
            tokens=tf.constant(read[:, now]), place=tf.constant(where), **states
        )
        states = {name: results[name] for name in states}
        assert_close(results["word"], expected[0][:, now], tolerances.EXPORT)
    for given in (results["mood"], whole["mood"]):
        assert_close(given, expected[1], tolerances.EXPORT)


@pytest.mark.slow
def test_a_stateful_model_is_exported_without_its_state(tmp_path, rng):
    inputs = keras.Input(batch_shape=(2, None, FEATURES), name="x")
    model = keras.Model(inputs, layers.LSTM(4, stateful=True)(inputs))
    randomise(model, rng)
    x = sequences(rng, 2, 6)
    fresh = as_array(model(x))
    model(x)
    signatures, _ = served(model, tmp_path / "model")
    for _ in range(2):
        (given,) = signatures["serving_default"](x=tf.constant(x)).values()
        assert_close(given, fresh, tolerances.EXPORT)
    (given,) = signatures["serving_default"](x=tf.constant(x[:1])).values()
    assert_close(given, fresh[:1], tolerances.EXPORT)


@pytest.mark.slow
def test_an_existing_folder_is_replaced_whole_or_left_alone(tmp_path, rng, monkeypatch):
    folder = tmp_path / "model"
    model, other = (make_model("LSTMCell", {}, "plain", rng) for _ in range(2))
    kg.export.saved_model(model, folder, streaming=False)
    before = sorted(p.name for p in folder.rglob("*"))

    def export():
        kg.export.saved_model(model, folder, streaming=False)

    kg.export.saved_model(other, tmp_path / "other")
    wrong = tf.saved_model.load(str(tmp_path / "other"))
    shutil.rmtree(tmp_path / "other")
    with monkeypatch.context() as patch:
        patch.setattr(tf.saved_model, "load", lambda path: wrong)
        with pytest.raises(kg.export.ExportError, match=r"they differ by \d\.\d+, 1e-05"):
            export()
    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", lambda new, old: os.stat(tmp_path / "no space"))
        with pytest.raises(FileNotFoundError):
            export()
    assert sorted(p.name for p in folder.rglob("*")) == before
    assert [p.name for p in tmp_path.iterdir()] == ["model"]


@pytest.mark.slow
def test_a_folder_with_something_else_in_it_is_not_replaced(tmp_path, rng, monkeypatch):
    model = make_model("GRUCell", {}, "plain", rng)
    (tmp_path / "thesis.txt").write_text("all of it")
    monkeypatch.chdir(tmp_path)
    for path in (tmp_path, ".", "absent/.."):
        with pytest.raises(ValueError, match=r"Argument `path` must name a new .*'thesis\.txt'"):
            kg.export.saved_model(model, path)
    for path in ("", None, 5, "x" * 300):
        with pytest.raises(ValueError, match="Argument `path` must be"):
            kg.export.saved_model(model, path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]
    (tmp_path / "empty").mkdir()
    kg.export.saved_model(model, tmp_path / "empty", streaming=False)
    assert (tmp_path / "empty" / "saved_model.pb").exists()


def test_names_in_signatures_are_identifiers_that_differ_in_more_than_capitals():
    """TensorFlow forgets capitals on the way, and takes no argument named self."""
    names = ["h c", "H_c", "self", "h.c", "x"]
    assert identifiers(names) == ["h_c", "H_c_2", "self_2", "h_c_3", "x"]


def test_bad_input_is_named(tmp_path, rng):
    (tmp_path / "file").write_text("")
    model = make_model("LSTMCell", {}, "plain", rng)
    for path, message in (
        (tmp_path / "file", "must name a folder"),
        (tmp_path / "file" / "model", "must be writable"),
    ):
        with pytest.raises(ValueError, match=f"Argument `path` {message}"):
            kg.export.saved_model(model, path)
    dense = keras.Sequential([keras.Input((None, 3)), layers.Dense(2)])
    with pytest.raises(ValueError, match="must hold a recurrent layer"):
        kg.export.saved_model(dense, tmp_path / "model")
    assert [p.name for p in tmp_path.iterdir()] == ["file"]


@pytest.mark.slow
def test_exporting_leaves_the_model_as_it_was(tmp_path, rng):
    model = make_model("GRUCell", {}, "stack", rng)
    x = sequences(rng, 2, 5)
    before, weights = as_array(model(x)), model.get_weights()
    kg.export.saved_model(model, tmp_path / "model")
    assert_array_equal(model(x), before)
    for one, other in zip(weights, model.get_weights()):
        assert_array_equal(one, other)
