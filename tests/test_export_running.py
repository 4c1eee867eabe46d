"""Trying exported models on numbers, from Python and from the command line."""

import sys
from concurrent.futures import ThreadPoolExecutor

import keras
import numpy as np
import onnx
import pytest
import torch
from keras import layers
from numpy.testing import assert_array_equal

import kerasgates as kg
from kerasgates import cli
from kerasgates.export.number_files import read_numbers
from kerasgates.export.runtimes import shape_text
from tests import tolerances
from tests.cases import FEATURES, as_array, randomise
from tests.exporting import make_model, sequences
from tests.tolerances import assert_close

TO = {"savedmodel": "model_saved_model", "litert": "model.tflite", "onnx": "model.onnx"}
#: The other two take longer, or are tried elsewhere.
SOME = [to if to == "litert" else pytest.param(to, marks=pytest.mark.slow) for to in TO]


@pytest.fixture
def saved(tmp_path, rng):
    """A model, and the .keras file that it is in."""
    x = keras.Input((None, FEATURES), name="x")
    model = keras.Model(x, layers.LSTM(4, name="y")(x))
    randomise(model, rng)
    model.save(tmp_path / "model.keras")
    return model, tmp_path / "model.keras"


@pytest.mark.slow
@pytest.mark.parametrize("to", SOME)
def test_export_and_run_from_the_command_line(to, saved, tmp_path, rng, capsys):
    model, path = saved
    assert cli.main(["export", str(path), "--to", to]) == 0
    report = capsys.readouterr().out
    assert TO[to] in report
    assert "largest difference" in report
    x = sequences(rng, 1, 6)
    np.save(tmp_path / "x.npy", x)
    rows = [",".join(map(str, row)) for row in x[0]]
    (tmp_path / "x.csv").write_text("\n".join(["a,b,c", *rows]))
    for name in ("x.npy", "x.csv"):
        out = tmp_path / "y.npy"
        command = ["run", str(tmp_path / TO[to]), str(tmp_path / name), "-o", str(out)]
        assert cli.main(command) == 0
        assert "(1, 4)" in capsys.readouterr().out
        assert_close(np.load(out), as_array(model(x)), tolerances.EXPORT)


@pytest.mark.parametrize("kind", ["fused", pytest.param("loop", marks=pytest.mark.slow)])
def test_several_threads_may_call_one_function(kind, tmp_path, rng):
    """An interpreter of LiteRT has one set of tensors for all of them."""
    model = keras.Sequential([keras.Input((None, 3)), layers.LSTM(32, return_sequences=True)])
    kg.export.litert(model, tmp_path / "model.tflite", kind=kind)
    predict = kg.export.load(tmp_path / "model.tflite")
    xs = [rng.normal(size=(1, 50, 3)).astype("float32") for _ in range(40)]
    expected = [next(iter(predict(x).values())) for x in xs]
    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(lambda x: next(iter(predict(x).values())), xs * 4))
    assert_array_equal(found, expected * 4)


@pytest.mark.slow
def test_options_reach_the_exporter(saved, tmp_path, rng, capsys):
    _, path = saved
    np.save(tmp_path / "data.npy", sequences(rng, 12, 5))
    command = ["export", str(path), "--to", "litert", "--quantize", "int8", "--signature", "both"]
    assert cli.main([*command, "--data", str(tmp_path / "data.npy")]) == 0
    report = capsys.readouterr().out
    for text in ("int8", "unrolled", "step(", "the length is 5"):
        assert text in report


@pytest.mark.slow
def test_a_fixed_batch_size_runs_as_often_as_it_must(saved, tmp_path, rng):
    model, _ = saved
    kg.export.litert(model, tmp_path / "two.tflite", kind="fused", batch_size=2)
    predict, x = kg.export.load(tmp_path / "two.tflite"), sequences(rng, 6, 5)
    (given,) = predict(x).values()
    assert_close(given, as_array(model(x)), tolerances.EXPORT)
    with pytest.raises(ValueError, match=r"multiple of 2, .*Received: 3"):
        predict(x[:3])


@pytest.mark.slow
def test_without_its_own_package_the_runtime_is_tensorflows(saved, tmp_path, rng, monkeypatch):
    model, _ = saved
    monkeypatch.setitem(sys.modules, "ai_edge_litert.interpreter", None)
    report = kg.export.litert(model, tmp_path / "model.tflite")
    assert report.difference < tolerances.EXPORT
    x = sequences(rng, 1, 6)
    (given,) = kg.export.run(tmp_path / "model.tflite", x).values()
    assert_close(given, as_array(model(x)), tolerances.EXPORT)


@pytest.mark.slow
def test_inputs_that_do_not_fit_are_named(saved, tmp_path, rng):
    model, _ = saved
    kg.export.litert(model, tmp_path / "model.tflite", kind="loop")
    predict = kg.export.load(tmp_path / "model.tflite")
    for inputs, message in (
        (np.ones((2, 5, FEATURES + 1)), r"Input 'x' must have shape .*Received: \(2, 5, 4\)"),
        (np.ones(5), "Input 'x' must have shape"),
        ({"z": np.ones((1, 5, FEATURES))}, r"must hold \['x'\]. Received: \['z'\]"),
        (np.ones((0, 5, FEATURES)), "must hold a sequence or more. Received: batch size 0"),
    ):
        with pytest.raises(ValueError, match=message):
            predict(inputs)
    kg.export.litert(make_model("GRUCell", {}, "plain", rng), tmp_path / "s.tflite", kind="step")
    with pytest.raises(ValueError, match=r"whole sequences.*\['step'\]"):
        kg.export.load(tmp_path / "s.tflite")
    for path in ("absent.tflite", "model.keras", "."):
        with pytest.raises(ValueError, match=r"`path` must be a \.tflite file"):
            kg.export.load(tmp_path / path)


def test_an_input_that_fits_may_have_a_gradient_and_others_are_told_alike(saved, tmp_path, capsys):
    model, path = saved
    kg.export.litert(model, tmp_path / "model.tflite", kind="loop")
    np.save(tmp_path / "x.npy", np.ones((2, 1)))
    for command in (
        ["run", str(tmp_path / "model.tflite"), str(tmp_path / "x.npy")],
        ["report", str(path), str(tmp_path / "x.npy")],
    ):
        assert cli.main(command) == 2
        assert "(batch, time, 3)" in capsys.readouterr().err.splitlines()[-1]
    x = torch.ones((1, 5, FEATURES), requires_grad=True)
    for taken in (x, x.bfloat16()):
        (given,) = kg.export.run(tmp_path / "model.tflite", taken).values()
        assert_close(given, as_array(model(x.detach().numpy())), tolerances.EXPORT)
    assert shape_text((None, None, 8, None)) == "(batch, time, 8, ?)"
    assert shape_text((2, None)) == "(2, time)"


@pytest.mark.parametrize(
    ("command", "option", "name", "words"),
    [
        (["run", "m.tflite", "x.npy"], "-o", "out.txt", "--output must end in '.npy'"),
        (["run", "m.tflite", "x.npy"], "-o", ".", "--output must name a file"),
        (["bench"], "--json", ".", "--json must name a file"),
        (["show", "GRU"], "--picture", "x.svg/y.svg", "--picture must be writable"),
    ],
)
def test_what_is_wrong_with_a_path_to_write_names_the_option(
    command, option, name, words, tmp_path, monkeypatch, capsys
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "x.svg").touch()
    assert cli.main([*command, option, name]) == 2
    assert f"kerasgates {command[0]}: {words}" in capsys.readouterr().err


@pytest.fixture(scope="module")
def tokens(tmp_path_factory):
    """A model of tokens, exported to ONNX, and the file."""
    path = tmp_path_factory.mktemp("tokens") / "tokens.onnx"
    x = keras.Input((None,), dtype="int32", name="x")
    model = keras.Model(x, layers.LSTM(4, name="y")(layers.Embedding(9, FEATURES)(x)))
    randomise(model, np.random.default_rng(3))
    kg.export.onnx(model, path)
    return model, path


@pytest.mark.parametrize(
    ("text", "batch"),
    [
        ("3\n1\n4\n1\n", [[3, 1, 4, 1]]),
        ("token\n3\n1\n", [[3, 1]]),
        ("3,1,4,1\n", [[3, 1, 4, 1]]),
        ("3\n", [[3]]),
    ],
)
def test_a_column_of_tokens_is_one_sequence(text, batch, tokens, tmp_path, capsys):
    model, path = tokens
    (tmp_path / "x.csv").write_text(text)
    out = tmp_path / "y.npy"
    assert cli.main(["run", str(path), str(tmp_path / "x.csv"), "-o", str(out)]) == 0
    assert "y (1, 4)" in capsys.readouterr().out
    expected = as_array(model(np.array(batch)))
    assert_close(np.load(out), expected, tolerances.EXPORT)


def test_a_column_is_one_sequence_of_one_feature(tmp_path, rng):
    x = keras.Input((None, 1), name="x")
    model = keras.Model(x, layers.GRU(4, name="y")(x))
    randomise(model, rng)
    kg.export.onnx(model, tmp_path / "model.onnx")
    (tmp_path / "x.csv").write_text("0.5\n-1\n2\n")
    numbers = read_numbers(tmp_path / "x.csv")
    (given,) = kg.export.run(tmp_path / "model.onnx", numbers).values()
    expected = as_array(model(np.reshape([0.5, -1, 2], (1, 3, 1)).astype("float32")))
    assert_close(given, expected, tolerances.EXPORT)


@pytest.mark.parametrize("dtype", ["float64", "float16", "bool", "uint8", "int64"])
def test_onnx_inputs_get_the_dtype_that_they_have(dtype, tmp_path, rng):
    x = keras.Input((None, FEATURES), dtype=dtype, name="x")
    model = keras.Model(x, layers.LSTM(4, name="y")(x))
    randomise(model, rng)
    kg.export.onnx(model, tmp_path / "model.onnx")
    given = rng.integers(0, 2, (2, 5, FEATURES))
    (y,) = kg.export.run(tmp_path / "model.onnx", given).values()
    expected = as_array(model(given.astype(dtype)))
    assert_close(y, expected, tolerances.EXPORT)


def test_text_is_no_input(tokens, tmp_path):
    with pytest.raises(ValueError, match=r"Input 'x' must hold numbers. Received: dtype <U1"):
        kg.export.run(tokens[1], np.array([["a", "b"]]))
    node = onnx.helper.make_node("Identity", ["text"], ["same"])
    text = [onnx.helper.make_tensor_value_info(n, onnx.TensorProto.STRING, [1]) for n in node.input]
    same = [
        onnx.helper.make_tensor_value_info(n, onnx.TensorProto.STRING, [1]) for n in node.output
    ]
    opset = [onnx.helper.make_opsetid("", 18)]
    graph = onnx.helper.make_graph([node], "text", text, same)
    model = onnx.helper.make_model(graph, opset_imports=opset, ir_version=8)
    onnx.save(model, tmp_path / "text.onnx")
    with pytest.raises(ValueError, match=r"reads numbers.*'text' of type tensor\(string\)"):
        kg.export.load(tmp_path / "text.onnx")


def test_without_onnxruntime_it_says_what_to_install(tokens, monkeypatch):
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    with pytest.raises(ImportError, match=r'pip install "kerasgates\[onnx\]"'):
        kg.export.load(tokens[1])


def test_files_of_numbers_are_read_whole_or_not_at_all(tmp_path):
    (tmp_path / "x.csv").write_text("1,2\n3,4.5\n")
    assert read_numbers(tmp_path / "x.csv").tolist() == [[1, 2], [3, 4.5]]
    for text, message in (
        ("a,b\n1,2\n3,rain\n", "Received: .*rain.* as step 1"),
        ("1,2\n3\n", r"must hold 2 numbers in every row. Received: \['3'\]"),
        ("a,b\n", "must hold numbers. Received: none in bad.csv"),
        ("lag 1\n2\nrain\n", "must hold 1 number in every row. Received: .*rain.* as step 1"),
        ("1;2;3\n4;5;6\n", r"a comma between columns. Received: \['1;2;3'\] as step 0"),
        ("1;2;\n3;4;\n", r"a comma between columns. Received: \['1;2;'\] as step 0"),
        ("a;b\n1,5;2\n", r"1\.5, and a comma between columns. Received: \['1', '5;2'\] as step 0"),
        ('"1,5"\n"2,5"\n', r"a comma between columns. Received: \['1,5'\] as step 0"),
    ):
        (tmp_path / "bad.csv").write_text(text)
        with pytest.raises(ValueError, match=message):
            read_numbers(tmp_path / "bad.csv")
    for name, message in (
        ("x.txt", r"be a \.npy or \.csv file.*x\.txt', which is not there"),
        ("absent.npy", r"be a \.npy file .*absent\.npy', no such file"),
    ):
        with pytest.raises(ValueError, match=f"`input` must {message}"):
            read_numbers(tmp_path / name)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["absent.keras", "--to", "litert"], "there is no file"),
        (["model.keras", "--to", "onnx", "--quantize", "int8"], "those of litert"),
        (["model.keras", "--to", "litert", "--jit"], "those of savedmodel"),
        (["model.keras", "--to", "litert", "-o", "model.keras/x"], "must be writable"),
    ],
)
def test_mistakes_are_told_and_not_thrown(arguments, message, saved, monkeypatch, capsys):
    monkeypatch.chdir(saved[1].parent)
    assert cli.main(["export", *arguments]) == 2
    error = capsys.readouterr().err
    assert error.splitlines()[-1].startswith("kerasgates export: ")
    assert message in error
    assert [p.name for p in saved[1].parent.iterdir()] == ["model.keras"]


def test_a_model_of_unknown_layers_is_told(tmp_path, monkeypatch, capsys):
    class Unknown(keras.Layer):
        def call(self, x):
            return x

    x = keras.Input((None, FEATURES), name="x")
    keras.Model(x, kg.GRU(4)(Unknown()(x))).save(tmp_path / "model.keras")
    assert cli.main(["export", str(tmp_path / "model.keras"), "--to", "onnx"]) == 2
    error = capsys.readouterr().err.splitlines()[-1]
    assert error.startswith("kerasgates export: ")
    assert "model.keras' cannot be loaded: Could not locate class 'Unknown'" in error


@pytest.mark.parametrize("name", ["junk.onnx", "junk.tflite", "junk"])
def test_files_that_no_runtime_loads_are_told(name, tmp_path, capsys):
    if name == "junk":
        (tmp_path / name).mkdir()
    path = tmp_path / name
    (path / "saved_model.pb" if name == "junk" else path).write_bytes(b"junk" * 20)
    np.save(tmp_path / "x.npy", np.ones((1, 5, FEATURES)))
    assert cli.main(["run", str(path), str(tmp_path / "x.npy")]) == 2
    error = capsys.readouterr().err.splitlines()[-1]
    assert error.startswith("kerasgates run: Argument `path` must name a model that its runtime")
    assert name in error


@pytest.mark.slow
@pytest.mark.parametrize("to", TO)
def test_what_a_runtime_has_against_the_input_is_told(to, tokens, tmp_path, capsys):
    model, path = tokens
    if to != "onnx":
        path = tmp_path / TO[to]
        {"litert": kg.export.litert, "savedmodel": kg.export.saved_model}[to](model, path)
    np.save(tmp_path / "x.npy", [[1, 100]])
    capsys.readouterr()
    assert cli.main(["run", str(path), str(tmp_path / "x.npy")]) == 1
    error = capsys.readouterr().err.splitlines()[-1]
    assert error.startswith(f"kerasgates run: Running {path.name} failed: ")


@pytest.mark.parametrize(
    ("content", "received"),
    [
        (np.array([{}]), "no array in it"),
        (np.array(["a"]), "dtype <U1"),
        (b"", "no array in it"),
        (b"1,2", "no array in it"),
        (None, "no such file"),
    ],
)
def test_data_that_is_no_array_of_numbers_is_told(content, received, saved, tmp_path, capsys):
    data = tmp_path / "data.npy"
    if isinstance(content, bytes):
        data.write_bytes(content)
    elif content is not None:
        np.save(data, content)
    command = ["export", str(saved[1]), "--to", "litert", "--quantize", "int8"]
    assert cli.main([*command, "--data", str(data)]) == 2
    error = capsys.readouterr().err
    assert "Argument `--data` must be a .npy file with one array of numbers" in error
    assert f"data.npy', {received}" in error
    assert "pickle" not in error
    if content is not None:
        with pytest.raises(ValueError, match=r"Argument `input` must be a \.npy file"):
            read_numbers(data)


def test_the_help_does_not_claim_that_keras_is_not_there(capsys):
    """It is loaded by the package, though the models run without it."""
    for command in ("run", "demo"):
        with pytest.raises(SystemExit):
            cli.main([command, "--help"])
        assert "without Keras" not in capsys.readouterr().out
