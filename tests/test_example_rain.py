"""The example of rain tomorrow: its days, its baselines, its export, and what five seeds gave."""

import importlib
import json
from pathlib import Path

import keras
import numpy as np
import pytest

import kerasgates as kg

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def rain():
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(ROOT / "examples")
        yield importlib.import_module("rain")


@pytest.fixture(scope="module")
def data(rain):
    return rain.Rain()


@pytest.fixture(scope="module")
def read(rain, data):
    return rain.Reading(data.of("train")[0])


def test_what_is_asked_is_the_rain_of_the_next_day_and_no_part_reaches_into_another(rain, data):
    dates, real = rain.seattle.load()
    fell = real[:, 3] > 0
    for window in (0, 500, 1400):
        days = np.arange(window, window + rain.HISTORY)
        np.testing.assert_allclose(data.x[window, :, :4], real[days, :4], rtol=1e-6)
        np.testing.assert_array_equal(data.y[window], fell[days + 1])
    first, asked = dates[: len(data.part)], dates[rain.HISTORY :]
    assert (asked[data.part == "train"] < rain.VALIDATION).all()
    assert (first[data.part == "validation"] >= rain.VALIDATION).all()
    assert (asked[data.part == "validation"] < rain.TEST).all()
    assert (first[data.part == "test"] >= rain.TEST).all()
    counts = {part: int((data.part == part).sum()) for part in ("train", "validation", "test")}
    assert counts == {"train": 701, "validation": 335, "test": 335}
    # What is usual comes from the training years alone.
    near = np.abs((rain.seattle.day_of_year(dates) - 199 + 183) % 366 - 183) <= 15
    (summer,) = np.nonzero(rain.seattle.day_of_year(asked) == 199)
    np.testing.assert_allclose(data.usual[summer], fell[near & (dates < rain.VALIDATION)].mean())


def test_scores_are_right(rain, data):
    _, y, usual = data.of("test")
    skill, brier, _, _ = rain.score(data, usual)
    assert skill == brier == 0
    skill, brier, auc, right = rain.score(data, y[:, -1])
    assert skill > 0.99
    assert brier == auc == right == 1
    assert rain.score(data, 1 - y[:, -1])[0] < -1
    assert rain.score(data, 1 - y[:, -1])[2] == 0
    assert rain.score(data, np.full(len(y), 0.3))[2] == 0.5


def test_regressions_find_a_rule_and_are_told_of_no_day_that_tests(rain, data, read, monkeypatch):
    values = np.asarray(read(data.x[:, -1]))
    rule = 2 * np.random.default_rng(0).normal(size=values.shape[1])
    share = 1 / (1 + np.exp(-values @ rule))
    y = data.y.copy()
    y[:, -1] = np.random.default_rng(1).random(len(y)) < share
    monkeypatch.setattr(data, "y", y)
    found = {sigmoid: rain.regression(data, 1, read, sigmoid) for sigmoid in (True, False)}
    errors = {s: np.abs(guess - share[data.part == "test"]).mean() for s, guess in found.items()}
    assert errors[True] < 0.06
    assert errors[True] < errors[False]
    changed = y.copy()
    changed[data.part == "test"] = 0
    monkeypatch.setattr(data, "y", changed)
    np.testing.assert_array_equal(rain.regression(data, 1, read), found[True])


def test_a_missing_day_is_all_zeros_to_the_network(read):
    days = np.array([[[10, 5, 3, 0, 40], [0, 0, 0, 0, 0], [12, 2, 4, 7.5, 42]]], "float32")
    given = keras.ops.convert_to_numpy(read(days))
    assert not given[0, 1].any()
    assert np.abs(given[0, [0, 2]]).min() > 0
    # It rained on the last day only.
    assert given[0, [0, 2], 4].tolist() == [-1, 1]


def test_what_the_page_says_of_rain():
    found = json.loads((ROOT / "examples" / "data" / "five_seeds.json").read_text("utf-8"))
    skills = {row["by"]: float(row["log loss"].split(" ")[0]) for row in found["rain"]}
    assert 0 == skills["climatology"] < skills["persistence"] < skills["straight line, last day"]
    assert skills["logistic, 14 days"] > skills["logistic, last day"]
    gained = {}
    for row in found["rain, what it brought"]:
        mean, _, half = row["skill gained"].partition(" ±")
        gained[row["what"]] = float(mean) - float(half or 0), float(mean) + float(half or 0)
    assert 0 < gained["a sigmoid"][0] < 0.005 < gained["the past"][0] < 0.02
    for what in ("gates", "a second layer"):
        assert gained[what][0] < 0 < gained[what][1], what
    assert sum(gained["a third layer"]) < 0
    assert abs(gained["a third layer"][1]) < 0.004, "about as much as its interval"


def test_the_committed_network_streams_raw_days(rain):
    predict = kg.export.load(ROOT / "saved_models" / "rain" / "model.tflite")
    wet = np.array([[[8, 5, 6, 20, 340]] * 3], "float32")
    dry = np.array([[[29, 14, 2.5, 0, 200]] * 3], "float32")
    (shares,) = predict(np.concatenate([wet, dry])).values()
    assert shares.shape == (2, 3, 1)
    assert shares[0, -1, 0] > 0.6
    assert shares[1, -1, 0] < 0.3


@pytest.mark.slow
def test_rain_runs_with_networks_of_about_as_many_weights(rain, data, read, monkeypatch):
    """One network is trained; of the others the size counts."""
    sizes = [rain.network(name, read).count_params() for name in rain.NETWORKS]
    assert max(sizes) / min(sizes) < 1.1
    monkeypatch.setattr(rain, "NETWORKS", {"LSTM": rain.NETWORKS["LSTM"]})
    monkeypatch.setattr(rain.train, "__defaults__", (2,))
    made = []
    rows, brought = rain.main("nowhere", 2, export=lambda out, *exports: made.extend(exports))
    rows = {row["by"]: row for row in rows}
    names = ["climatology", "persistence", rain.STRAIGHT, rain.LAST, rain.MANY, "LSTM"]
    assert [*rows] == names
    assert rows["climatology"]["log loss"].mean == 0
    assert rows[rain.LAST]["log loss"].mean > 0.05
    assert rows["LSTM"]["log loss"].half > 0
    gained = {row["what"]: row["skill gained"] for row in brought}
    assert gained["the past"].half == 0 < gained["gates"].half
    assert [export.name for export in made] == ["rain"]
    assert not made[0].inputs[0, 3:5].any()
