"""What the examples claim, over five seeds on small budgets, and that each runs from end to end."""

import dataclasses
import importlib
from pathlib import Path

import numpy as np
import pytest

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"
SEEDS = range(1, 6)


@pytest.fixture
def example(monkeypatch):
    """Imports a module of the examples by name, as the examples do among themselves."""
    monkeypatch.syspath_prepend(EXAMPLES)
    return importlib.import_module


@pytest.fixture
def results(example, tmp_path):
    """Runs an example as the demo does, and checks its figure there and what it leaves behind."""

    def run(name, *folders):
        rows = example(name).main(tmp_path, seeds=2)
        figures = {module.__name__: figure for module, figure in example("demo").EXAMPLES}
        measured, found = figures[name](rows)
        assert measured
        assert len(found) > 1
        assert np.isfinite([value.mean for value in found.values()]).all()
        assert {path.name for path in tmp_path.iterdir()} == {name, *folders}
        for folder in (name, *folders):
            assert {path.name for path in (tmp_path / folder).iterdir()} >= {
                "golden.npz",
                "model.keras",
                "model.tflite",
                "saved_model.pb",
                f"{folder}.png",
            }
        return rows

    return run


@pytest.mark.slow
def test_the_weather_runs_and_beats_persistence_with_every_seed(example, results, monkeypatch):
    weather = example("weather")
    short = {
        name: (layer, dataclasses.replace(kind, epochs=4))
        for name, (layer, kind) in weather.CELLS.items()
        if name != "GRU"
    }
    short["GRU"] = short["LSTM"]  # What compiles once is enough here.
    monkeypatch.setattr(weather, "CELLS", short)
    vector, hours = results("weather", "weather_hours")
    compared = []
    for rows in (vector, hours):
        rows = {row["by"]: {k: v for k, v in row.items() if k != "by"} for row in rows}
        for name in {"LSTM", "LSTM, days"} & {*rows}:
            for column, skill in rows[name].items():
                assert skill.mean - skill.half > rows["persistence"][column].mean
                assert skill.mean - skill.half > 0, "climatology"
        # Many hours tell more of the temperature than the last one does; no seed counts here.
        if rows.keys() >= {"same hour yesterday"}:
            column = "temperature °F"
            assert rows[weather.MANY][column].mean > rows[weather.LAST][column].mean + 0.02
            compared.append(column)
    assert compared


@pytest.mark.slow
def test_the_dinner_runs(example, results, monkeypatch):
    dinner = example("dinner")
    monkeypatch.setattr(dinner, "STEPS", 20)
    monkeypatch.setattr(dinner.train, "__defaults__", (1, 20))
    rows = {row["network"]: row for row in results("dinner")}
    assert [*rows] == [*dinner.NETWORKS]
    weights = [rows[name]["weights"] for name in ("SimpleRNN", "GRU", "LSTM", dinner.FILLED)]
    assert max(weights) / min(weights) < 1.1


@pytest.mark.slow
def test_the_exported_lstm_remembers_what_its_prediction_alone_cannot(example):
    dinner, common = example("dinner"), example("common")
    lengths = np.array(dinner.TESTED)
    lstm = dinner.accuracy(common.trained("dinner"), families=300)
    assert lstm[lengths <= dinner.TRAINED[1]].min() > 0.95
    for seed in SEEDS:
        alone = dinner.accuracy(dinner.train("prediction alone", seed, steps=100), families=300)
        assert alone[lengths >= dinner.TRAINED[0]].max() < 0.6, seed


@pytest.mark.slow
def test_gated_cells_write_a_book_that_no_memory_cannot(example):
    book = example("childrens_book")

    def counts(name, steps):
        return [sum(book.train(name, seed, (steps,))[1][0].values()) for seed in SEEDS]

    assert min(counts("no memory", 60)) > 700
    assert max(counts("GRU", 60)) < 30


@pytest.mark.slow
def test_the_book_runs(example, results, monkeypatch):
    book = example("childrens_book")
    monkeypatch.setattr(book, "STEPS", (20, 40))
    monkeypatch.setattr(book.train, "__defaults__", (1, (20, 40)))
    rows = results("childrens_book")
    assert [row["network"] for row in rows] == 2 * [*book.NETWORKS]
    weights = {row["network"]: row["weights"] for row in rows}
    compared = [weights[name] for name in ("SimpleRNN", "LSTM", "GRU")]
    assert max(compared) / min(compared) < 1.1


def test_intervals_are_those_of_student(example):
    common = example("common")
    found = common.Interval.of([1.0, 2.0, 3.0, 4.0, 5.0])
    assert found.mean == 3
    np.testing.assert_allclose(found.half, 2.776 * 2.5**0.5 / 5**0.5, rtol=3e-3)
    assert common.text_of(found) == "3.00 ±1.97"
    assert common.text_of(common.Interval.of([4, 4], 0)) == "4"
    assert common.text_of(common.Interval.of([7], 0)) == "7"
