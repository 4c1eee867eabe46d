"""The example of New York's weather: its year, its blocks, its baselines, and what it claims."""

import importlib
import json
from pathlib import Path

import keras
import numpy as np
import pytest

import kerasgates as kg
from tests import tolerances
from tests.cases import reads_saved_model
from tests.tolerances import assert_close

ROOT = Path(__file__).resolve().parent.parent
SLIDE = np.array([[[67, 43, 13, 0.25, 0.83]]], "float32")


@pytest.fixture(scope="module")
def parts():
    """The modules of the example, and its year."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(ROOT / "examples")
        names = ("new_york", "forecasters", "weather")
        new_york, forecasters, weather = map(importlib.import_module, names)
        yield new_york, forecasters, weather, new_york.NewYork()


def test_what_cannot_be_is_told_and_missing(parts):
    *_, year = parts
    assert year.told == ["EWR 2013-02-12T03h: wind mph 1,048 cannot be: missing"]
    hour = (np.datetime64("2013-02-12T03") - year.hours[0]).astype(int)
    assert np.isnan(year.values[0, hour, 1])
    assert np.isfinite(year.values[0, hour, [0, 2, 3, 4]]).all()
    assert np.nanmax(year.values[..., 1]) < 50
    missing = np.isnan(year.values).all(axis=2).sum(axis=1)
    assert missing.tolist() == [27, 24, 24]
    # To the networks an hour without wind is missing, too; one without pressure is not.
    assert not year.inputs["hours"][0, hour].any()
    only = np.isnan(year.values[..., 4]) & ~np.isnan(year.values[..., :4]).any(axis=2)
    assert (year.inputs["hours"][only][:, 4] == 0).all()
    assert (year.inputs["hours"][only][:, 3] > 0).all()


def test_the_vector_of_a_day_is_that_of_its_24_hours(parts):
    *_, year = parts
    hours = year.values[1, 1000:1024, :4]
    assert np.isfinite(hours).all()
    temperature, wind, rain, humidity = hours.T
    expected = [temperature.max(), temperature.min(), wind.mean(), rain.sum(), humidity.mean()]
    np.testing.assert_allclose(year.days[1, 1023], expected)
    np.testing.assert_array_equal(year.targets["days"][1, 999], year.days[1, 1023])
    later = year.targets["hours"][1, 999, 5:].reshape(24, 4)
    np.testing.assert_array_equal(later, hours)


def test_no_hour_that_tests_or_chooses_is_trained_on(parts):
    _, forecasters, _, year = parts
    for kind in (forecasters.HOURS, forecasters.DAYS):
        index = forecasters.sequences(year, kind, "train")
        assert index.shape[1] == kind.steps
        assert (np.diff(index, axis=1) == kind.stride).all()
        # An input tells of `stride` hours, the last of them its own.
        first = index[:, 0] - kind.stride + 1
        for begin, end in zip(first, index[:, -1]):
            assert (year.part[begin : end + 1] == "train").all()
    for part in ("train", "validation", "test"):
        for hour in year.asked(part):
            assert (year.part[hour + 1 : hour + 25] == part).all()
    # Each of the blocks that test is a week.
    assert [last - first + 1 for first, last in year.blocks("test")] == [168] * 10


def test_the_test_weeks_change_neither_climatology_nor_ridge(parts):
    new_york, forecasters, _, _ = parts
    honest, other = new_york.NewYork(), new_york.NewYork()
    testing = other.part == "test"
    for values in (other.values, other.days, *other.targets.values()):
        values[:, testing] += 50
    before = honest.asked("train")
    usual = [new_york.climatology(year)[:, before] for year in (honest, other)]
    np.testing.assert_array_equal(*usual)
    weights = [
        forecasters.ridge(year, new_york.last_known(year.days), year.targets["days"], 24)[1]
        for year in (honest, other)
    ]
    for one, two in zip(*weights):
        np.testing.assert_array_equal(one, two)


def test_ridge_finds_a_linear_rule(parts, rng):
    _, forecasters, _, year = parts
    x = rng.normal(size=(*year.values.shape[:2], 3)) * (1, 10, 100) + (0, 5, -50)
    rule = rng.normal(size=(3, 2))
    y = x @ rule + (3, -4)
    y[0, ::7] = np.nan
    guess, (weights, biases) = forecasters.ridge(year, x, y)
    np.testing.assert_allclose(weights, rule, rtol=1e-3)
    np.testing.assert_allclose(guess, x @ rule + (3, -4), atol=0.05)
    np.testing.assert_allclose(guess, x @ weights + biases)


def test_an_untrained_network_is_its_linear_forecast_from_the_last_known_hour(parts):
    new_york, forecasters, weather, year = parts
    kind = forecasters.HOURS
    model = forecasters.network(year, kind, kg.GRU(4, return_sequences=True, name="memory"))
    x = year.inputs["hours"][:, 700:712].copy()
    x[:, 5] = 0
    changed = x.copy()
    x[..., 4], changed[..., 4] = 0, 0
    changed[:, 5, :3] = 80, 30, 1  # Without humidity it is missing whatever else is given.
    assert_close(model(changed), model(x), tolerances.SAME)
    truth = year.targets["hours"][:, 700:712]
    error = np.nanmean((keras.ops.convert_to_numpy(model(x))[..., 0] - truth[..., 0]) ** 2)
    assert error < np.nanvar(year.targets["hours"][..., 0]) / 2
    # Up to a gap, in it and behind it: ridge from the last known hour, the clock going on.
    asked, gap = 900, np.arange(895, 898)
    given = year.inputs["hours"][:, asked - 96 : asked + 1].copy()
    given[:, gap - asked - 1] = 0
    values = year.values.copy()
    values[:, gap] = np.nan
    before = values[:, : asked + 1]
    read = [year.clock[:, : asked + 1], new_york.last_known(before)]
    weights = forecasters.ridge(
        year, weather.read_by_ridge(year)[weather.LAST], year.targets["hours"]
    )[1]
    expected = np.concatenate(read, axis=2)[:, -49:] @ weights[0] + weights[1]
    # Of the first hours some pressure was last known before them.
    assert_close(model(given)[:, -49:], expected.astype("float32"), 100 * tolerances.SAME)


@pytest.mark.slow
def test_persistence_and_the_same_hour_yesterday_repeat_what_was(parts):
    _, _, weather, year = parts
    found = weather.baselines(year)
    now = 1500
    hours = found["persistence"][2, now, 5:].reshape(24, 4)
    np.testing.assert_array_equal(hours, np.tile(year.values[2, now, :4], (24, 1)))
    same = found["same hour yesterday"][2, now, 5:].reshape(24, 4)
    np.testing.assert_array_equal(same, year.values[2, now - 23 : now + 1, :4])
    skill = weather.skills(year, found["climatology"][:, year.asked("test")], found["climatology"])
    np.testing.assert_allclose(skill, 0)


def test_the_committed_network_reads_and_gives_the_vector_of_the_slide():
    folder = ROOT / "saved_models" / "weather"
    predict = kg.export.load(folder / "model.tflite")
    (told,) = predict(SLIDE).values()
    high, low, wind, rain, humidity = told[0, 0]
    assert 40 < low < high < 90
    assert 3 < wind < 30
    assert 0 < rain < 0.5
    assert 0.3 < humidity < 1


@pytest.mark.slow
@reads_saved_model
@pytest.mark.parametrize("name", ["weather", "weather_hours"])
def test_a_last_step_that_is_missing_is_no_step_of_average_weather(parts, name):
    """All zeros; taken for weather on average they took the high 17 °F off, not 6."""
    _, forecasters, weather, year = parts
    kind = forecasters.HOURS if name == "weather_hours" else forecasters.DAYS
    model = weather.common.trained(name)
    asked = year.asked("test")
    truth = year.targets["hours"][:, asked, :5]

    def error(guess):
        return np.sqrt(np.nanmean((guess[..., :5] - truth) ** 2, axis=(0, 1)))

    now, older = (error(forecasters.forecasts(year, kind, model, "test", n)) for n in (0, 1))
    if kind.clock:
        assert (older < 1.1 * now).all()
        assert now[0] < older[0] < 6, "high °F"
    else:  # A day older is much; but no worse than what that day itself was, and near the usual.
        persistence = np.roll(weather.last_known(year.days), 24, axis=1)[:, asked]
        assert (now < older)[[0, 1, 2, 4]].all(), "of rain both know little"
        assert (older < error(persistence)).all()
        assert (older < 1.15 * error(weather.climatology(year)[:, asked])).all()


def test_gaps_are_as_long_as_they_may_be_and_no_step_is_spared(parts):
    _, forecasters, _, _ = parts
    gone = forecasters.gaps(np.random.default_rng(0), (4000, 96), 24)
    assert 0.3 < gone[:, 30:].mean() < 0.5
    assert gone[:, 0].mean() == pytest.approx(1 / 24, rel=0.2)
    runs = [len(run) for row in gone for run in "".join(map(str, 1 * row)).split("0") if run]
    assert min(runs) == 1
    assert max(runs) > 24, "those that meet are longer"
    assert not forecasters.gaps(np.random.default_rng(0), (1, 1), 10**9).any()


@pytest.fixture(scope="module")
def page():
    """Means and half widths of the page's tables of the weather: table, row, column."""
    found = json.loads((ROOT / "examples" / "data" / "five_seeds.json").read_text("utf-8"))

    def number(text):
        mean, _, half = text.partition(" ±")
        return float(mean), float(half or 0)

    return {
        name: {
            row["by"]: {key: number(text) for key, text in row.items() if key != "by"}
            for row in found[f"weather, {name}"]
        }
        for name in ("the vector", "the hours", "hours missing")
    }


def test_what_the_page_says_of_where_nothing_is_missing(page):
    hours, vector = page["the hours"], page["the vector"]
    last, many = hours["ridge, last hour"], hours["ridge, 48 hours"]
    assert many["temperature"][0] - last["temperature"][0] == pytest.approx(0.03, abs=0.011)
    low = [vector[name]["low"][0] for name in ("ridge, 48 hours", "ridge, last hour")]
    assert low[0] - low[1] == pytest.approx(0.08, abs=0.011)
    for column in ("wind", "rain", "humidity"):
        assert many[column][0] < last[column][0]
    for name in ("LSTM", "GRU"):
        for column, (mean, half) in hours[name].items():
            assert mean - half <= last[column][0] <= mean + 0.031
    days, day, week = (vector[n] for n in ("LSTM, days", "ridge, last day", "ridge, 7 days"))
    for column, (mean, half) in days.items():
        assert abs(mean - day[column][0]) < half + 0.025
        if column not in ("low", "humidity"):
            assert mean - half > week[column][0]
        assert mean < vector["ridge, last hour"][column][0] + 0.02
    assert week["humidity"][0] - days["humidity"][0] == pytest.approx(0.05, abs=0.011)


def test_what_the_page_says_of_missing_hours(page):
    found = page["hours missing"]
    last, many = found["ridge, last hour"], found["ridge, 48 hours"]
    fitted = found["the same, fitted to the gap"]
    for name in ("LSTM", "GRU"):
        for hours in ("3 h", "6 h", "12 h"):
            mean, half = found[name][hours]
            assert mean - half > last[hours][0], "ahead of the last hour"
            assert fitted[hours][0] > max(mean + half, many[hours][0]), "ahead of all"
        assert found[name]["6 h"][0] - last["6 h"][0] == pytest.approx(0.09, abs=0.021)
        for hours in ("0 h", "1 h"):
            assert sum(found[name][hours]) < many[hours][0], "ridge on 48 hours is ahead"
        assert abs(found[name]["6 h"][0] - many["6 h"][0]) < 0.03, "about as little"
        mean, half = found[name]["12 h"]
        assert many["12 h"][0] < mean < 0.03 + half, "no better than climatology"


def test_how_much_is_missing_in_training(parts):
    """Two steps of five, the page says."""
    _, forecasters, _, _ = parts
    for kind in (forecasters.HOURS, forecasters.DAYS):
        gone = forecasters.gaps(np.random.default_rng(1), (2000, kind.steps), kind.gap)
        assert 0.35 < gone.mean() < 0.5
