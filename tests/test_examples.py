"""The examples: what they exported still runs, what they count is right, what they claim holds."""

import importlib
import importlib.util
import re
import shutil
import subprocess
import sys
from pathlib import Path

import keras
import numpy as np
import pytest

import kerasgates as kg
from tests import reference, tolerances
from tests.cases import assert_drawn
from tests.tolerances import assert_close

ROOT = Path(__file__).resolve().parent.parent
EXAMPLES = ROOT / "examples"
NAMES = ("childrens_book", "dinner", "rain", "weather", "weather_hours")


@pytest.fixture
def example(monkeypatch):
    """Imports a module of the examples by name, as the examples do among themselves."""
    monkeypatch.syspath_prepend(EXAMPLES)
    return importlib.import_module


def serve(*folders):
    command = [sys.executable, EXAMPLES / "serve.py", *folders]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def serve_interpreter(path):
    from ai_edge_litert.interpreter import Interpreter

    return Interpreter(model_path=str(path))


# ---------------------------------------------------------------- exported models


@pytest.mark.slow
def test_committed_exports_agree_with_their_golden_outputs():
    folders = sorted(path.parent for path in (ROOT / "saved_models").glob("*/saved_model.pb"))
    assert [folder.name for folder in folders] == list(NAMES)
    served = serve(*folders)
    assert served.returncode == 0, served.stdout + served.stderr
    said = [line.split(" is within")[0] for line in served.stdout.splitlines()]
    assert said == [f"{name}: {form}" for name in NAMES for form in ("SavedModel", "TF Lite")]
    for name in NAMES:
        assert (ROOT / "saved_models" / name / f"{name}.png").stat().st_size < 60_000


CONVERTED = """
import sys
import numpy as np
import tensorflow as tf
for folder in sys.argv[1:]:
    content = tf.lite.TFLiteConverter.from_saved_model(folder).convert()
    runner = tf.lite.Interpreter(model_content=content).get_signature_runner("serving_default")
    with np.load(folder + "/golden.npz") as golden:
        inputs, outputs = golden["inputs"], golden["outputs"]
    (name,) = runner.get_input_details()
    # In units of the largest output, which single precision knows no better.
    atol = 1e-5 * max(1, np.abs(outputs).max())
    for rows in (slice(1), slice(None)):
        (given,) = runner(**{name: inputs[rows]}).values()
        np.testing.assert_allclose(given, outputs[rows], atol=atol, rtol=0, err_msg=folder)
    print(folder)
"""


@pytest.mark.slow
def test_the_stock_converter_takes_the_committed_saved_models():
    """One after the other in a process that knows nothing but TensorFlow."""
    folders = [str(ROOT / "saved_models" / name) for name in NAMES]
    command = [sys.executable, "-c", CONVERTED, *folders]
    converted = subprocess.run(command, capture_output=True, text=True, check=False)
    assert converted.returncode == 0, converted.stdout + converted.stderr
    assert converted.stdout.splitlines() == folders


@pytest.mark.parametrize("name", NAMES)
def test_committed_tflite_files_stream(name):
    folder = ROOT / "saved_models" / name
    interpreter = serve_interpreter(folder / "model.tflite")
    step = interpreter.get_signature_runner("step")
    with np.load(folder / "golden.npz") as golden:
        inputs, outputs = golden["inputs"][:1], golden["outputs"][:1]
    shapes = {key: details["shape"] for key, details in step.get_input_details().items()}
    # Named by the layer, which is not numbered by what else was made before.
    states = {key for key in shapes if key.startswith(("memory_", "carried_"))}
    (read,) = {*shapes} - states
    assert states
    assert not re.search(r"\d", read)
    values = {key: np.zeros((1, *shapes[key][1:]), "float32") for key in states}
    for now in range(inputs.shape[1]):
        found = step(**{read: inputs[:, now]}, **values)
        values = {key: found[key] for key in states}
        (given,) = (value for key, value in found.items() if key not in states)
        np.testing.assert_allclose(given, outputs[:, now], atol=1e-5, rtol=1e-5)


@pytest.mark.slow
def test_serve_notices_other_outputs(tmp_path, example):
    def folder(wrong):
        name = f"dinner {wrong}"
        folder = shutil.copytree(ROOT / "saved_models" / "dinner", tmp_path / name)
        with np.load(folder / "golden.npz") as golden:
            inputs, outputs = golden["inputs"], golden["outputs"]
        outputs[-1, -1, -1] += wrong
        np.savez(folder / "golden.npz", inputs=inputs, outputs=outputs)
        return folder

    # One that is wrong is enough, wherever it stands.
    served = serve(folder(1e-4), folder(0))
    assert served.returncode == 1, served.stderr
    assert len(served.stdout.splitlines()) == 4
    # Each is judged by one function; here Keras has been imported, which it forbids.
    modules = {"keras": sys.modules["keras"], "kerasgates": sys.modules["kerasgates"]}
    try:
        agrees = example("serve").agrees
        assert not agrees(folder(np.nan))
        assert agrees(tmp_path / "dinner 0")
    finally:
        sys.modules.update(modules)


def test_golden_inputs_exercise_what_is_special():
    for name in ("rain", "weather", "weather_hours"):
        with np.load(ROOT / "saved_models" / name / "golden.npz") as golden:
            missing = ~golden["inputs"].any(axis=2)
        assert missing.any()
        assert not missing.all(axis=1).any()
    with np.load(ROOT / "saved_models" / "dinner" / "golden.npz") as golden:
        missing = ~golden["inputs"][:, 1:, :3].any(axis=2)
    assert missing.any()
    assert not missing.all(axis=1).any()


# ---------------------------------------------------------------- shared parts


def test_without_matplotlib_the_picture_is_skipped(example, tmp_path, monkeypatch):
    common = example("common")
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with common.console.capture() as said:
        common.save_picture(tmp_path / "none.png", draw=None)
    assert "picture was skipped" in said.get()
    assert not list(tmp_path.iterdir())


def test_progress_is_one_line_per_model(example, rng):
    common = example("common")
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    x = rng.normal(size=(8, 3))
    with common.console.capture() as said:
        common.fit(model, x, x[:, :1], "Dense", batch_size=2, epochs=5)
    (line,) = said.get().splitlines()
    assert "training Dense" in line
    assert "20 steps, loss 0." in line or "20 steps, loss 1." in line


def test_progress_shows_no_loss_before_there_is_one(example):
    common = example("common")
    shown = common.Progress("Dense")
    shown.set_params({"epochs": 1, "steps": 3})
    shown.set_model(keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)]))
    shown.model.compile("sgd", "mse")
    with common.console.capture() as said:
        shown.on_train_begin()
        common.console.print(shown.bar)
        shown.on_train_batch_end(0, {"loss": 0.5})
        shown.on_train_end()
    first, last = said.get().splitlines()
    assert "compiling the first step" in first
    assert "loss" not in first
    assert "steps, loss 0.500" in last


# ---------------------------------------------------------------- the weather in Seattle


def test_no_day_of_the_test_year_is_trained_on(example):
    before = 14
    seattle = example("seattle")
    dates, _ = seattle.load()
    assert len(dates) == 1461
    past, future = seattle.windows(dates, before)
    assert past.shape == (1096 - before, before + 1)
    assert future.shape == (365, before + 1)
    assert dates[past].max() == np.datetime64("2014-12-31")
    assert dates[future[:, before]].min() == np.datetime64("2015-01-01")
    one_day = np.timedelta64(1, "D")
    assert (np.diff(dates[np.concatenate([past, future])], axis=1) == one_day).all()


def test_the_target_is_the_day_after_the_window(example):
    data = example("seattle").Seattle()
    x, y, new, days = data.samples(14)
    assert x.shape == (1082, 14, 11)
    assert y.shape == (1082, 9)
    assert new.shape == (365, 14, 11)
    np.testing.assert_array_equal(x[100], data.vectors[100:114])
    np.testing.assert_array_equal(y[100], data.vectors[114, :9])
    np.testing.assert_array_equal(new[0, -1], data.vectors[days[0] - 1])
    assert data.dates[days[0]] == np.datetime64("2015-01-01")


def test_the_test_year_sets_no_scale(example, monkeypatch):
    seattle = example("seattle")
    honest = seattle.Seattle()
    dates, real = seattle.load()
    real[dates >= seattle.TEST_FROM, :4] += 50
    monkeypatch.setattr(seattle, "load", lambda: (dates, real))
    other = seattle.Seattle()
    training = dates < seattle.TEST_FROM
    np.testing.assert_array_equal(other.vectors[training], honest.vectors[training])
    np.testing.assert_array_equal(other.usual, honest.usual)


def test_predictions_come_back_in_real_units(example):
    seattle = example("seattle")
    data = seattle.Seattle()
    days = np.arange(1000, 1030)
    guess = data.predict(keras.ops.convert_to_tensor, data.vectors[days, :9], days)
    assert_close(guess, data.real[days], tolerances.FLOAT32)
    guess[:, :2] += 1, -2
    row = data.score("tomorrow", "shifted", guess, days)
    assert row["high °C"] == pytest.approx((1, 1), abs=1e-4)
    assert row["low °C"] == pytest.approx((2, 2), abs=1e-4)
    assert row["weather"] == 1


def test_climatology_is_the_mean_over_neighbouring_days_of_all_years(example):
    seattle = example("seattle")
    dates, real = seattle.load()
    usual = seattle.climatology(dates, real)
    (days,) = np.nonzero(seattle.day_of_year(dates) == 200)
    near = days[:, None] + np.arange(-15, 16)
    assert near.shape == (4, 31)
    np.testing.assert_allclose(usual[200], real[near].mean(axis=(0, 1)))
    # The year closes: the last day has nearly the neighbours of the first.
    np.testing.assert_allclose(usual[365, :2], usual[0, :2], atol=0.5)


# ---------------------------------------------------------------- what's for dinner


def test_dinners_follow_the_rule(example):
    dinner = example("dinner")
    spells = np.arange(1, 21)
    x, y = dinner.evenings(np.random.default_rng(5), spells, 40)
    assert x.shape == (20, 40, 4)
    for inputs, dinners, spell in zip(x, y, spells):
        late = inputs[:, 3] == 1
        due = dinners[~late][0]
        for day, meeting in enumerate(late):
            assert dinner.DINNERS[dinners[day]] == "waffles" if meeting else dinners[day] == due
            due = due if meeting else (due + 1) % 3
        away = slice(dinner.BEFORE, dinner.BEFORE + spell)
        assert late[away].all()
        assert not late[away.stop]
        seen = inputs[1:, :3].any(axis=1)
        assert not seen[away].any()
        assert (inputs[1:, :3].argmax(axis=1) == dinners[:-1])[seen].all()


def test_a_missing_observation_is_replaced_by_the_prediction(example, rng):
    cell = example("closed_loop").ClosedLoopCell(kg.GRUCell(5), choices=3)
    layer = kg.RNN(cell, return_sequences=True)
    x = rng.normal(size=(2, 6, 4)).astype("float32")
    x[..., :3] = np.eye(3)[rng.integers(3, size=(2, 6))]
    missing = x.copy()
    missing[:, [2, 3], :3] = 0
    expected = x.copy()
    for day in (2, 3):
        expected[:, day, :3] = keras.ops.convert_to_numpy(layer(expected))[:, day - 1]
    assert_close(layer(missing), layer(expected), tolerances.SAME)
    assert np.abs(layer(missing) - layer(x)).max() > 1e-3


def test_the_networks_of_the_lecture_read_their_prediction_beside_the_observation(example, rng):
    loop, choices = example("closed_loop"), 3
    layer = kg.RNN(loop.FeedbackCell(kg.LSTMCell(5), choices), return_sequences=True)
    x = rng.normal(size=(2, 6, 4)).astype("float32")
    outputs = keras.ops.convert_to_numpy(layer(x))
    before = np.concatenate([np.zeros((2, 1, 3), "float32"), outputs[:, :-1]], axis=1)
    read = np.concatenate([x[..., :3], before, x[..., 3:]], axis=2)
    inner = kg.RNN(layer.cell.cell, return_sequences=True)
    assert_close(layer.cell.readout(inner(read)), outputs, tolerances.SAME)


# ---------------------------------------------------------------- a children's book


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Doug saw Doug.", {"self-seeing": 1}),
        ("Jane saw Spot saw Doug saw", {"run-on": 1}),
        ("Jane saw Spot saw Doug.", {"run-on": 1}),
        ("Spot. Doug. Jane.", {"verbless": 3}),
        ("Doug saw. Doug Jane saw Spot.", {"other": 2}),
        ("Doug saw Jane. Jane saw Spot. Spot saw Doug.", {}),
        ("Doug saw Jane. Jane saw", {}),
        ("Doug saw Doug. Spot. Jane saw Spot.", {"self-seeing": 1, "verbless": 1}),
    ],
)
def test_mistakes_are_counted(example, text, found):
    grammar = example("grammar")
    assert grammar.mistakes(text) == {**dict.fromkeys(grammar.KINDS, 0), **found}


def test_the_book_itself_has_no_mistakes(example):
    grammar = example("grammar")
    stories = grammar.stories(np.random.default_rng(3), 50, 4)
    texts = [grammar.write(story) for story in stories]
    assert {sentence.strip() for text in texts for sentence in text.split(".")[:-1]} == {
        f"{one} saw {other}"
        for one in ("Doug", "Jane", "Spot")
        for other in ("Doug", "Jane", "Spot")
        if one != other
    }
    assert not any(grammar.mistakes(" ".join(texts)).values())


@pytest.mark.parametrize("name", ["no memory", "prediction alone", "LSTM"])
def test_untrained_networks_tell_stories_that_end(example, name):
    book = example("childrens_book")
    texts = book.tell(book.build(name), count=5, sentences=3)
    assert [text.count(".") for text in texts] == [3] * 5
    assert all(text.endswith(".") for text in texts)
    assert sum(book.mistakes(" ".join(texts)).values()) > 5


# ---------------------------------------------------------------- what is seen in the models


@pytest.mark.slow
def test_int8_costs_little(example, monkeypatch):
    quantise = example("quantise")
    # What is between is smaller and nearer; that it is converted is tried with the exports.
    assert quantise.STORED == (None, "float16", "dynamic", "int8")
    monkeypatch.setattr(quantise, "STORED", (None, "int8"))
    weather, words = ([*rows] for rows in quantise.main())
    for rows in (weather, words):
        assert [row["weights"] for row in rows] == ["float32", "int8"]
    for name in ("high °C", "low °C"):
        assert abs(weather[-1][name] - weather[0][name]) < 0.1
    assert words[0]["right"] > 0.8
    assert abs(words[-1]["right"] - words[0]["right"]) < 0.05


@pytest.mark.slow
def test_the_dinner_is_held_for_weeks_and_the_weather_for_hours(tmp_path, example):
    told, rows, longest = example("remember").main(tmp_path)
    assert [row["due"] for row in told] == ["pizza", "sushi", "waffles"]
    assert all(abs(row["correlation"]) > 0.8 for row in told)
    assert longest[0]["steps"] < 2, "hours until half is left"
    best = {row["what"]: abs(row["correlation"]) for row in rows}
    for name in ("temperature", "humidity", "pressure"):
        assert best[f"{name}, its change in 12 hours"] < best[f"{name}, now"]
    names = [path.name for path in (tmp_path / "remember").iterdir()]
    assert sorted(names) == ["dinner.png", "weather.png"]


def test_the_cells_are_drawn(tmp_path, example, monkeypatch):
    """Some of all; that each can be drawn is tried with the diagrams."""
    assert {*kg.list_cells()} >= {*reference.CELLS}
    monkeypatch.setattr(kg, "list_cells", lambda: ["LSTMCell", "GRUCell", "SimpleRNNCell"])
    names = example("draw_cells").main(tmp_path)
    assert names == kg.list_cells()
    for name in names:
        assert_drawn(tmp_path / "cells" / f"{name}.png")


@pytest.mark.slow
def test_the_units_that_are_found_hold_the_name(tmp_path, example):
    told, gates = example("look_inside").main(tmp_path)
    assert told[0]["Doug"] < 0.02, "nobody sees himself"
    for row, other in ((told[1], "Jane"), (told[2], "Spot")):
        assert row["Doug"] > 0.05 + told[0]["Doug"], f"taken for {other}"
        assert row[other] < told[0][other] / 2
    assert {row["name"] for row in gates} == {"Doug", "Jane", "Spot"}
    assert all(abs(row["correlation"]) > 0.8 for row in gates)
    # What the README says below the picture: six units, five of them closed at the periods.
    at_periods = {row["unit"]: row["f at name/saw/."][2] for row in gates}
    assert len(at_periods) == 6
    assert sum(gate < 0.2 for gate in at_periods.values()) == 5
    names = [path.name for path in (tmp_path / "look_inside").iterdir()]
    assert sorted(names) == ["gates.png", "gradients.png"]
