"""What the examples claim, over five seeds on small budgets, and that each runs from end to end."""

import dataclasses
import importlib
import importlib.util
import json
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

ROOT = Path(__file__).resolve().parent.parent
EXAMPLES = ROOT / "examples"
SEEDS = range(1, 6)


@pytest.fixture
def example(monkeypatch):
    """Imports a module of the examples by name, as the examples do among themselves."""
    monkeypatch.syspath_prepend(EXAMPLES)
    return importlib.import_module


def tool():
    spec = importlib.util.spec_from_file_location("writing", ROOT / "tools" / "write_examples.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def table(name):
    """A table of the page, by its name: a dict of texts for each row."""
    return json.loads(tool().FOUND.read_text("utf-8"))[name]


def test_the_tables_of_the_page_are_what_five_trainings_gave():
    writing = tool()
    text = writing.PAGE.read_text("utf-8")
    found = json.loads(writing.FOUND.read_text("utf-8"))
    assert text == writing.page(text, found), "run `python tools/write_examples.py`"
    names = [name for tables in writing.TABLES.values() for name in tables]
    assert sorted(writing.TABLE.findall(text)) == sorted(names) == sorted(found)
    # A row of a page that was changed by hand is noticed.
    assert writing.page(text.replace("| GRU | 0.50", "| GRU | 0.90"), found) == text


def test_the_demo_shows_what_five_trainings_gave(example):
    demo = example("demo")
    known = demo.of_five_seeds()
    assert [*known] == [module.__name__ for module, _ in demo.EXAMPLES]
    for module, _ in demo.EXAMPLES:
        networks = {*(getattr(module, "CELLS", None) or module.NETWORKS)}
        assert networks - {"LSTM, days"} <= {*known[module.__name__]}
    assert known["dinner"]["GRU"].startswith("1.00")
    left_out = {name for names in demo.LEFT_OUT.values() for name in names}
    assert left_out == {"GRU", example("dinner").FILLED}


def test_the_demo_closes_with_its_own_numbers_and_those_of_five_trainings(example, monkeypatch):
    demo, common = example("demo"), example("common")
    asked = []

    def run(out, seeds, without):
        asked.append((seeds, without))
        return [{"network": name, "28 d": common.Interval(0.51, 0, 2)} for name in ("GRU", "LSTM")]

    dinner = SimpleNamespace(__name__="dinner", __doc__="Dinner.", main=run)
    monkeypatch.setattr(demo, "EXAMPLES", ((dinner, demo.of_dinner),))
    (row,) = demo.main("nowhere")
    known = demo.of_five_seeds()["dinner"]
    assert row["found"] == f"GRU 0.51 ({known['GRU']}), LSTM 0.51 ({known['LSTM']})"
    (row,) = demo.main("nowhere", seeds=5)
    assert row["found"] == "GRU 0.51, LSTM 0.51"
    assert asked == [(1, demo.LEFT_OUT["dinner"]), (5, demo.LEFT_OUT["dinner"])]


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
def test_what_the_page_says_of_dinner_holds_for_five_seeds(example):
    """Within the intervals that it shows; and GRUs remember over six weeks with every seed."""
    dinner = example("dinner")
    rows = {row["network"]: row for row in table("dinner")}
    lengths = np.array(dinner.TESTED)
    shares = {}
    for name in ("GRU", "LSTM"):
        found = [dinner.accuracy(dinner.train(name, seed), families=300) for seed in SEEDS]
        shares[name] = np.array(found)
        for days, mean in zip(lengths, shares[name].mean(axis=0)):
            told, _, half = rows[name][f"{days} d"].partition(" ±")
            assert abs(mean - float(told)) < 0.03 + float(half or 0), (name, days, mean)
    assert shares["GRU"].min() > 0.95
    assert shares["LSTM"][:, lengths <= 7].min() > 0.95
    # Some lose it with the weeks, and some do not.
    longest = shares["LSTM"][:, lengths == 42]
    assert longest.min() < 0.8 < 0.95 < longest.max()


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
