"""Trying exported models on numbers, from Python and from the command line."""

import sys

import keras
import numpy as np
import pytest
from keras import layers
from numpy.testing import assert_allclose

import kerasgates as kg
from kerasgates import cli
from kerasgates.export.running import read_numbers
from tests import tolerances
from tests.cases import FEATURES, as_array, randomise
from tests.exporting import make_model, sequences

TO = {"savedmodel": "model_saved_model", "litert": "model.tflite", "onnx": "model.onnx"}


@pytest.fixture
def saved(tmp_path, rng):
    """A model, and the .keras file that it is in."""
    x = keras.Input((None, FEATURES), name="x")
    model = keras.Model(x, layers.LSTM(4, name="y")(x))
    randomise(model, rng)
    model.save(tmp_path / "model.keras")
    return model, tmp_path / "model.keras"


@pytest.mark.parametrize("to", TO)
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
        assert_allclose(np.load(out), as_array(model(x)), atol=tolerances.EXPORT, rtol=0)


def test_options_reach_the_exporter(saved, tmp_path, rng, capsys):
    _, path = saved
    np.save(tmp_path / "data.npy", sequences(rng, 12, 5))
    command = ["export", str(path), "--to", "litert", "--quantize", "int8", "--signature", "both"]
    assert cli.main([*command, "--data", str(tmp_path / "data.npy")]) == 0
    report = capsys.readouterr().out
    for text in ("int8", "unrolled", "step(", "the length is 5"):
        assert text in report


def test_a_fixed_batch_size_runs_as_often_as_it_must(saved, tmp_path, rng):
    model, _ = saved
    kg.export.litert(model, tmp_path / "two.tflite", kind="fused", batch_size=2)
    predict, x = kg.export.load(tmp_path / "two.tflite"), sequences(rng, 6, 5)
    (given,) = predict(x).values()
    assert_allclose(given, as_array(model(x)), atol=tolerances.EXPORT, rtol=0)
    with pytest.raises(ValueError, match=r"multiple of 2, .*Received: 3"):
        predict(x[:3])


def test_without_its_own_package_the_runtime_is_tensorflows(saved, tmp_path, rng, monkeypatch):
    model, _ = saved
    monkeypatch.setitem(sys.modules, "ai_edge_litert.interpreter", None)
    report = kg.export.litert(model, tmp_path / "model.tflite")
    assert report.difference < tolerances.EXPORT
    x = sequences(rng, 1, 6)
    (given,) = kg.export.run(tmp_path / "model.tflite", x).values()
    assert_allclose(given, as_array(model(x)), atol=tolerances.EXPORT, rtol=0)


def test_inputs_that_do_not_fit_are_named(saved, tmp_path, rng):
    model, _ = saved
    kg.export.litert(model, tmp_path / "model.tflite", kind="loop")
    predict = kg.export.load(tmp_path / "model.tflite")
    for inputs, message in (
        (np.ones((2, 5, FEATURES + 1)), r"Input 'x' must have shape .*Received: \(2, 5, 4\)"),
        (np.ones(5), "Input 'x' must have shape"),
        ({"z": np.ones((1, 5, FEATURES))}, r"must hold \['x'\]. Received: \['z'\]"),
        (np.ones((0, 5, FEATURES)), "batch size must be a multiple"),
    ):
        with pytest.raises(ValueError, match=message):
            predict(inputs)
    kg.export.litert(make_model("GRUCell", {}, "plain", rng), tmp_path / "s.tflite", kind="step")
    with pytest.raises(ValueError, match=r"whole sequences.*\['step'\]"):
        kg.export.load(tmp_path / "s.tflite")
    for path in ("absent.tflite", "model.keras", "."):
        with pytest.raises(ValueError, match=r"`path` must be a \.tflite file"):
            kg.export.load(tmp_path / path)


def test_files_of_numbers_are_read_whole_or_not_at_all(tmp_path):
    (tmp_path / "x.csv").write_text("1,2\n3,4.5\n")
    assert read_numbers(tmp_path / "x.csv").tolist() == [[1, 2], [3, 4.5]]
    for text, message in (
        ("a,b\n1,2\n3,rain\n", "Received: .*rain.* as step 1"),
        ("1,2\n3\n", r"must hold 2 numbers in every row. Received: \['3'\]"),
    ):
        (tmp_path / "bad.csv").write_text(text)
        with pytest.raises(ValueError, match=message):
            read_numbers(tmp_path / "bad.csv")
    for name in ("x.txt", "absent.npy"):
        with pytest.raises(ValueError, match=r"`input` must be a \.npy or \.csv file"):
            read_numbers(tmp_path / name)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["absent.keras", "--to", "litert"], "there is no file"),
        (["model.keras", "--to", "litert", "--kind", "fast"], "Argument `kind` must be one of"),
        (["model.keras", "--to", "onnx", "--quantize", "int8"], "those of litert"),
        (["model.keras", "--to", "litert", "--jit"], "those of savedmodel"),
        (["model.keras", "--to", "litert", "-o", "model.keras/x"], "must be writable"),
    ],
)
def test_mistakes_are_told_and_not_thrown(arguments, message, saved, monkeypatch, capsys):
    monkeypatch.chdir(saved[1].parent)
    assert cli.main(["export", *arguments]) == 1
    error = capsys.readouterr().err
    assert error.splitlines()[-1].startswith("kerasgates export: ")
    assert message in error
    assert [p.name for p in saved[1].parent.iterdir()] == ["model.keras"]
