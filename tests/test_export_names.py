"""Loading exports of several inputs by name or in order, and the names of files."""

import json

import keras
import numpy as np
import pytest
import tensorflow as tf
from numpy.testing import assert_allclose

import kerasgates as kg
from kerasgates import cli
from kerasgates.export.prepare import prepare
from kerasgates.export.source import call, output_names
from tests import tolerances
from tests.cases import as_array, randomise

#: The exporters, each with the name of what it writes.
EXPORTERS = {
    "litert": (kg.export.litert, "model.tflite", {"kind": "loop"}),
    "onnx": (kg.export.onnx, "model.onnx", {}),
    "savedmodel": (kg.export.saved_model, "model", {"streaming": False}),
}
FORMATS = [n if n != "savedmodel" else pytest.param(n, marks=pytest.mark.slow) for n in EXPORTERS]


@pytest.fixture(scope="module")
def model():
    """Inputs and outputs whose order is not that of their names, one of them of one feature."""
    z, self = keras.Input((None, 1), name="zeta"), keras.Input((None, 2), name="self")
    last, every = kg.GRU(3, name="last")(z), kg.GRU(2, return_sequences=True, name="every")(self)
    model = keras.Model([z, self], [last, every])
    randomise(model, np.random.default_rng(3))
    return model


@pytest.fixture(scope="module")
def load(model, tmp_path_factory):
    """A function from a format to what was exported, as a function; each is exported once."""
    folder, loaded = tmp_path_factory.mktemp("names"), {}

    def load(to):
        if to not in loaded:
            export, name, settings = EXPORTERS[to]
            report = export(model, folder / name, **settings)
            loaded[to] = kg.export.load(folder / name), report, folder / name
        return loaded[to]

    return load


@pytest.fixture
def arrays(rng):
    return [rng.normal(size=(2, 4, 1)).astype("float32"), rng.normal(size=(2, 5, 2)).astype("f4")]


@pytest.mark.slow
@pytest.mark.parametrize("to", FORMATS)
def test_several_inputs_are_given_in_their_order_or_by_name(to, load, model, arrays):
    predict, report, _ = load(to)
    expected = [as_array(y) for y in model(arrays)]
    by_name = dict(zip(("zeta", "self_2"), arrays))
    for inputs in (arrays, tuple(arrays), by_name, dict([*by_name.items()][::-1])):
        given = predict(inputs)
        assert list(given) == ["last", "every"]
        for got, array in zip(given.values(), expected):
            assert_allclose(got, array, atol=tolerances.EXPORT, rtol=0)
    for sides in report.signatures.values():
        assert [list(side) for side in sides] == [["zeta", "self_2"], ["last", "every"]]


@pytest.mark.slow
@pytest.mark.parametrize("to", FORMATS)
def test_another_number_of_inputs_is_told(to, load, arrays):
    predict, *_ = load(to)
    for inputs, came in ((arrays[:1], "list of 1"), (arrays[0], "ndarray")):
        with pytest.raises(ValueError, match=rf"\['zeta', 'self_2'\], or a list .*{came}"):
            predict(inputs)
    with pytest.raises(ValueError, match=r"must hold \['self_2', 'zeta'\]. Received: \['zeta'\]"):
        predict({"zeta": arrays[0]})
    with pytest.raises(ValueError, match=r"one batch size. Received: \[1, 2\]"):
        predict([arrays[0][:1], arrays[1]])


@pytest.mark.slow
def test_a_saved_model_of_others_has_no_order(load, arrays):
    path = load("savedmodel")[2]
    (noted,) = (path / "assets.extra").iterdir()
    assert json.loads(noted.read_text())["inputs"] == ["zeta", "self_2"]
    text = noted.read_bytes()
    noted.unlink()
    predict = kg.export.load(path)
    noted.write_bytes(text)
    with pytest.raises(ValueError, match=r"dict of arrays .*whose order the file does not say"):
        predict(arrays)
    assert set(predict(dict(zip(("zeta", "self_2"), arrays)))) == {"last", "every"}


@pytest.mark.parametrize(
    ("to", "name"),
    [("litert", "model"), ("litert", "model.onnx"), ("onnx", "model.tflite"), ("onnx", "a.keras")],
)
def test_a_file_is_named_so_that_it_can_be_loaded(to, name, model, tmp_path):
    export, right, _ = EXPORTERS[to]
    ending = "." + right.split(".")[1]
    with pytest.raises(ValueError, match=rf"`path` must end in '\{ending}'.*Received: .*{name}"):
        export(model, tmp_path / name)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["", "y", "y.csv"])
def test_results_are_written_to_the_file_that_was_named_or_not_at_all(name, tmp_path, capsys):
    np.save(tmp_path / "x.npy", np.ones((1, 4, 1)))
    before = sorted(tmp_path.iterdir())
    command = ["run", "absent.onnx", str(tmp_path / "x.npy"), "-o", str(tmp_path / name)]
    assert cli.main(command) == 2
    error = capsys.readouterr().err
    assert "file. Received" in error if name == "" else "must end in '.npy'" in error
    assert sorted(tmp_path.iterdir()) == before


def test_whole_numbers_are_not_cut(tmp_path, rng):
    x = keras.Input((None,), dtype="int32", name="x")
    model = keras.Model(x, kg.GRU(3, name="y")(keras.layers.Embedding(9, 2)(x)))
    randomise(model, rng)
    kg.export.onnx(model, tmp_path / "tokens.onnx")
    predict = kg.export.load(tmp_path / "tokens.onnx")
    whole = predict([np.array([[3.0, 1.0]])])["y"]
    assert_allclose(whole, as_array(model(np.array([[3, 1]]))), atol=tolerances.EXPORT, rtol=0)
    for wrong in (1.5, np.nan, 2.0**40):
        with pytest.raises(ValueError, match=rf"whole numbers as int32 .*Received: {wrong}"):
            predict(np.array([[3, wrong]]))


# ------------------------------ outputs that come in dicts


def nested(made):
    """A model of an LSTM whose three outputs `made` puts in dicts and lists."""
    x = keras.Input((None, 2), name="x")
    outputs = kg.LSTM(3, return_sequences=True, return_state=True, name="lstm")(x)
    model = keras.Model(x, made(*outputs))
    randomise(model, np.random.default_rng(3))
    return model


class Labelled(keras.layers.Layer):
    """A layer that gives its output in a dict."""

    def call(self, x):
        return {"mean": x, "x": 2 * x}


class Own(keras.Model):
    """A model of one's own class, with an output of the name of its input, and a dict in a dict."""

    def __init__(self):
        super().__init__()
        self.layer = kg.GRU(3, return_sequences=True)

    def call(self, x):
        y = self.layer(x)
        return {"x": y, "more": {"last": y[:, -1]}}


def called(model):
    model(np.zeros((1, 4, 2), "float32"))
    return model


#: Models, with the names of their outputs in Keras's order, that of their keys.
NESTED = {
    "dict": (
        lambda: nested(lambda y, h, c: {"sequence": y, "hidden": h, "cell": c}),
        ["cell", "hidden", "sequence"],
    ),
    "dicts in a dict": (
        lambda: nested(lambda y, h, c: {"y": y, "ends": {"h": h, "all": [c, h]}}),
        ["ends_all_0", "ends_all_1", "ends_h", "y"],
    ),
    "dict in a list": (
        lambda: nested(lambda y, h, c: [{"at every step": y}, h, {"cell": c}]),
        ["at_every_step", "lstm", "cell"],
    ),
    "list": (lambda: nested(lambda y, h, c: [y, h, c]), ["lstm", "lstm_2", "lstm_3"]),
    "one in a dict": (lambda: nested(lambda y, h, c: {"all": y}), ["all"]),
    "sequential": (
        lambda: keras.Sequential([keras.Input((None, 2), name="x"), kg.GRU(3), Labelled()]),
        ["mean", "x"],
    ),
    "own class": (lambda: called(Own()), ["more_last", "x"]),
}


@pytest.mark.parametrize("name", NESTED)
def test_outputs_have_the_names_of_their_keys(name, rng):
    made, names = NESTED[name]
    model = made()
    ready = prepare(model)
    assert output_names(ready) == names
    x = rng.normal(size=(2, 4, 2)).astype("float32")
    for got, expected in zip(call(ready, [x]), keras.tree.flatten(model(x))):
        assert_allclose(got, as_array(expected), atol=tolerances.EXPORT, rtol=0)


@pytest.mark.slow
@pytest.mark.parametrize("to", FORMATS)
def test_files_know_the_keys_of_outputs(to, tmp_path, rng):
    export, file, settings = EXPORTERS[to]
    x = rng.normal(size=(2, 4, 2)).astype("float32")
    for name in ("dict", "dicts in a dict", "own class"):
        made, names = NESTED[name]
        model = made()
        report = export(model, tmp_path / file, **settings)
        assert all([*outputs] == names for _, outputs in report.signatures.values()) or to == "onnx"
        given = kg.export.load(tmp_path / file)(x)
        wanted = [f"{n}_output" if (to, n) == ("onnx", "x") else n for n in names]
        assert [*given] == wanted
        for got, expected in zip(given.values(), keras.tree.flatten(model(x))):
            assert_allclose(got, as_array(expected), atol=tolerances.EXPORT, rtol=0)


@pytest.mark.slow
def test_keys_of_outputs_are_those_of_keras_in_a_step_too(tmp_path):
    model = NESTED["dict"][0]()
    report = kg.export.saved_model(model, tmp_path / "ours")
    assert [*report.signatures["step"][1]] == ["cell", "hidden", "sequence", "lstm_h", "lstm_c"]
    model.export(tmp_path / "theirs", verbose=False)
    outputs = tf.saved_model.load(str(tmp_path / "theirs")).signatures["serving_default"]
    assert {*outputs.structured_outputs} == {*report.signatures["serving_default"][1]}
