"""What the examples claim, over five seeds on small budgets, and that each runs from end to end."""

import dataclasses
import importlib
import importlib.util
import json
import os
import re
import resource
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from tests.cases import reads_saved_model

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
    changed = text.replace("| GRU | 0.5", "| GRU | 0.9")
    assert changed != text
    assert writing.page(changed, found) == text


def test_the_demo_shows_what_five_trainings_gave(example):
    demo = example("demo")
    known = demo.of_five_seeds()
    assert [*known] == [module.__name__ for module, _ in demo.EXAMPLES]
    for module, _ in demo.EXAMPLES:
        networks = {*(getattr(module, "CELLS", None) or module.NETWORKS)}
        assert networks - {"LSTM, days"} <= {*known[module.__name__]}
        assert networks > {*demo.LEFT_OUT[module.__name__]}
    assert known["dinner"]["GRU"].startswith("1.00")


def test_the_demo_closes_with_its_own_numbers_and_those_of_five_trainings(example, monkeypatch):
    demo, common = example("demo"), example("common")
    asked, written = [], []

    def run(out, seeds, without, export):
        asked.append((seeds, without))
        export("elsewhere", "one", "two")
        return [{"network": "LSTM", "28 d": common.Interval(0.51, 0, 2)}]

    dinner = SimpleNamespace(__name__="dinner", __doc__="Dinner.", main=run)
    monkeypatch.setattr(demo, "EXAMPLES", ((dinner, demo.of_dinner),))
    monkeypatch.setattr(common, "export_and_check", lambda *given: written.append(given))
    known = demo.of_five_seeds()["dinner"]
    for seeds in (1, 5):
        (row,) = demo.main("nowhere", seeds)
        first, *others = re.split(r", (?!filled)", row["found"])
        assert first == f"LSTM 0.51 ({known['LSTM']})"
        assert others == [f"{name} ({known[name]})" for name in known if name != "LSTM"]
        assert asked.pop() == (seeds, demo.LEFT_OUT["dinner"])
        assert written.pop() == ("nowhere", "one", "two")


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    """The demo on small budgets, two seeds, of whose exports only that of days is written.

    Gives where, the names of all, the rows of the demo and those of each example.
    """
    out, asked, rows = tmp_path_factory.mktemp("demo"), [], {}

    def kept(module, *names):
        patch.setattr(module, "NETWORKS", {name: module.NETWORKS[name] for name in names})

    def recorded(name, figure):
        return lambda found: figure(rows.setdefault(name, found))

    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(EXAMPLES)
        names = ("demo", "common", "weather", "dinner", "childrens_book")
        demo, common, weather, dinner, book = map(importlib.import_module, names)
        short = {
            name: (layer, dataclasses.replace(kind, epochs=4))
            for name, (layer, kind) in weather.CELLS.items()
            if name != "GRU"
        }
        patch.setattr(weather, "CELLS", short)
        kept(dinner, "SimpleRNN", "LSTM")
        patch.setattr(dinner.train, "__defaults__", ((1,), 20))
        kept(book, "prediction alone", "LSTM")
        patch.setattr(book, "STEPS", (20, 40))
        patch.setattr(book.train, "__defaults__", ((1,), (20, 40)))
        patch.setattr(demo, "LEFT_OUT", dict.fromkeys(demo.LEFT_OUT, ()))
        known = demo.of_five_seeds() | {"childrens_book": dict.fromkeys(book.NETWORKS, "known")}
        patch.setattr(demo, "of_five_seeds", lambda: known)
        examples = [(m, recorded(m.__name__, figure)) for m, figure in demo.EXAMPLES]
        patch.setattr(demo, "EXAMPLES", examples)
        export_and_check = common.export_and_check

        def that_of_days(out, *exports):
            asked.extend(export.name for export in exports)
            export_and_check(out, *(e for e in exports if e.name == "weather"))

        patch.setattr(common, "export_and_check", that_of_days)
        closing = demo.main(out, 2)
    return out, asked, closing, rows


@pytest.mark.slow
def test_the_demo_of_two_seeds_closes_with_intervals_and_leaves_models_behind(ran):
    out, asked, closing, _ = ran
    assert [row["example"] for row in closing] == ["weather", "dinner", "childrens_book"]
    assert all("±" in row["found"].split(" (")[0] for row in closing[:1])
    # The user's demo leaves out the network of days; it writes the others.
    assert asked == ["weather", "weather_hours", "dinner", "childrens_book"]
    assert_models(out, {"weather"})


def assert_models(out, folders):
    """Assert that these folders are there, with models in all forms, and no others."""
    assert {path.name for path in out.iterdir()} == folders
    for folder in folders:
        assert {path.name for path in (out / folder).iterdir()} >= {
            "golden.npz",
            "model.keras",
            "model.tflite",
            "saved_model.pb",
            f"{folder}.png",
        }


@pytest.mark.slow
def test_the_demo_ends_within_two_minutes_and_nobody_sees_a_log(tmp_path):
    """As a user runs it, and beside whatever else the tests run; it leaves models behind."""
    command = [sys.executable, "-m", "kerasgates", "demo", "--out", str(tmp_path)]
    environment = {name: value for name, value in os.environ.items() if name != "XLA_FLAGS"}
    environment.pop("TF_CPP_MIN_LOG_LEVEL", None)
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    ran = subprocess.run(
        command, capture_output=True, encoding="utf-8", env=environment, timeout=600, check=False
    )
    took, after = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    assert ran.returncode == 0, ran.stderr
    # Beside other tests it has no two cores for itself: what it computes counts then.
    computed = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    assert min(took, computed) < 120
    lines = ran.stderr.splitlines()
    assert not [
        line for line in lines if re.search(r"Traceback|[Ww]arning|WARNING|^[IW]\d{4}", line)
    ]
    assert "What they found" in ran.stdout
    assert "WARNING" not in ran.stdout
    assert_models(tmp_path, {"weather_hours", "dinner", "childrens_book"})


@pytest.mark.slow
def test_the_weather_beats_persistence_with_every_seed(example, ran):
    weather, compared = example("weather"), []
    for rows in ran[3]["weather"][:2]:  # The third is of missing hours.
        rows = {row["by"]: {k: v for k, v in row.items() if k != "by"} for row in rows}
        for name in {"LSTM", "LSTM, days"} & {*rows}:
            for column, skill in rows[name].items():
                # Of two seeds the lower one; an interval of two is thirteen times as wide.
                lower = skill.mean - skill.half / example("common").STUDENT[0]
                assert lower > 0, "climatology"
                # The low of the next day is much like that of this one: days are level there.
                if (name, column) != ("LSTM, days", "low °F"):
                    assert lower > rows["persistence"][column].mean
        # Many hours tell more of the temperature than the last one does; no seed counts here.
        if rows.keys() >= {"same hour yesterday"}:
            column = "temperature °F"
            assert rows[weather.MANY][column].mean > rows[weather.LAST][column].mean + 0.02
            compared.append(column)
    assert compared


def test_networks_that_are_compared_have_about_as_many_weights(example):
    for name in ("dinner", "childrens_book"):
        module = example(name)
        sizes = [module.build(network).count_params() for network in module.NETWORKS]
        compared = [size for size in sizes if size > 100]
        assert len(compared) > 2
        assert max(compared) / min(compared) < 1.1


@pytest.mark.slow
@reads_saved_model
def test_the_exported_lstm_remembers_what_its_prediction_alone_cannot(example):
    dinner, common = example("dinner"), example("common")
    lengths = np.array(dinner.TESTED)
    lstm = dinner.accuracy(common.trained("dinner"), families=200)
    assert lstm[lengths <= dinner.TRAINED[1]].min() > 0.95
    for alone in dinner.train("prediction alone", SEEDS, steps=60):
        shares = dinner.accuracy(alone, families=200)
        assert shares[lengths >= dinner.TRAINED[0]].max() < 0.6


@pytest.mark.slow
@pytest.mark.parametrize("name", ["GRU", "LSTM"])
def test_what_the_page_says_of_dinner_holds_for_five_seeds(example, name):
    """Right through all lengths that were trained on, with every seed."""
    dinner = example("dinner")
    lengths = np.array(dinner.TESTED)
    trained = (lengths >= dinner.TRAINED[0]) & (lengths <= dinner.TRAINED[1])
    shares = np.array([dinner.accuracy(model, families=150) for model in dinner.train(name, SEEDS)])
    assert shares[:, trained].min() > 0.9


def intervals(row, columns):
    """Means and half widths of some columns of a row of the page."""
    texts = [row[column].partition(" ±") for column in columns]
    return np.array([(float(mean), float(half or 0)) for mean, _, half in texts]).T


def test_what_the_page_says_of_dinner(example):
    dinner = example("dinner")
    rows = {row["network"]: row for row in table("dinner")}
    weeks = [f"{days} d" for days in dinner.TESTED if 7 <= days <= 28]
    for name in ("GRU", "LSTM", dinner.FILLED):
        mean, half = intervals(rows[name], weeks)
        assert (mean - half).min() > 0.95
    mean, half = intervals(rows["SimpleRNN"], weeks)
    assert (mean + half).min() < 0.95
    assert 0.4 < mean.mean() < 0.7
    assert half.min() > 0.1, "some seeds more, others less"
    assert intervals(rows["SimpleRNN"], ["1 d"])[0] > 0.95
    mean, half = intervals(rows["prediction alone"], [f"{days} d" for days in dinner.TESTED])
    assert np.abs(mean - 1 / 3).max() < 0.05


def test_what_the_page_says_of_the_book():
    rows = {(row["steps"], row["network"]): row for row in table("childrens_book")}

    def means(steps, network):
        kinds = ("self-seeing", "run-on", "verbless", "mistakes")
        return intervals(rows[steps, network], kinds)[0]

    for steps in ("60", "600"):
        assert means(steps, "no memory").min() > 40, "all mistakes, early and late"
    late, early = means("600", "prediction alone"), means("600", "no memory")
    assert late[0] > 200, "they see themselves"
    assert (late[1:3] < early[1:3] / 5).all()
    for name in ("LSTM", "GRU"):
        assert means("600", name)[-1] <= 1
    assert means("60", "SimpleRNN")[-1] <= means("60", "LSTM")[-1]


@pytest.mark.slow
def test_gated_cells_write_a_book_that_no_memory_cannot(example):
    book = example("childrens_book")

    def counts(name, steps):
        return [sum(found[0].values()) for _, found in book.train(name, SEEDS, (steps,))]

    assert min(counts("no memory", 60)) > 700
    assert max(counts("GRU", 60)) < 30
    assert max(counts("LSTM", 600)) < 5


def test_intervals_are_those_of_student(example):
    common = example("common")
    found = common.Interval.of([1.0, 2.0, 3.0, 4.0, 5.0])
    assert found.mean == 3
    np.testing.assert_allclose(found.half, 2.776 * 2.5**0.5 / 5**0.5, rtol=3e-3)
    assert common.text_of(found) == "3.00 ±1.97"
    assert common.text_of(common.Interval.of([4, 4], 0)) == "4"
    assert common.text_of(common.Interval.of([0.5, 0.5001])) == "0.50 ±0.01", "rounded up"
    assert common.text_of(common.Interval(0.5, 0.07, 2)) == "0.50 ±0.07"
    assert common.text_of(common.Interval.of([0.997] * 5)) == "1.00"
    assert common.text_of(common.Interval.of([7], 0)) == "7"
