"""The gallery's numbers and lines of code: weights are counted, times come from a benchmark."""

import re
from pathlib import Path

import pytest

import kerasgates as kg
from kerasgates import cli
from kerasgates.bench import measure
from kerasgates.core.cell import CELLS
from tests.test_docs import DOCS, loaded

SHIPPED = [name for name, cell in CELLS.items() if cell.__module__.startswith("kerasgates.")]
#: As `kerasgates bench cells --json FILE` writes it: above 1 is faster than the LSTM.
RESULTS = {
    "machine": "abacus, 2 cores; keras 3.9",
    "date": "2001-02-03",
    "what": "cells",
    "layer": "LSTM",
    "rate": 1e9,
    "where": {"backend": "jax", "device": None, "dtype": "float32", "bare": False},
    "tables": {
        "middle": [
            {
                "contender": f"kerasgates.{layer}",
                "train ratio": train,
                "infer ratio": infer,
                "train rounds": [train] * 3,
                "infer rounds": [infer] * 3,
            }
            for layer, train, infer in (("LSTM", 1.0, 1.0), ("GRU", 1.25, 0.5), ("LTC", 0.01, 0.1))
        ]
    },
}


@pytest.fixture(scope="module")
def hooks():
    return loaded(DOCS / "hooks.py")


def columns(page):
    """The table of the gallery: by cell the text of each column."""
    head, _, *rows = [line for line in page.splitlines() if line.startswith("|")]
    names, *cells = [
        [part.strip() for part in row.strip("|").split(" | ")] for row in [head, *rows]
    ]
    found = {re.match(r"\[`(\w+)`\]", cell[0])[1]: dict(zip(names, cell)) for cell in cells}
    assert len(found) == len(rows)
    return found


@pytest.mark.slow
def test_the_table_has_the_number_of_weights_of_every_cell(hooks):
    table = columns(hooks.gallery_page())
    assert {*table} == {*SHIPPED}
    for row in table.values():
        assert [*row] == ["Cell", "Gates", "States", "Weights", "Paper"]
        assert re.fullmatch(r"[\d,]+( \(.+\))?", row["Weights"])
    features, units = 64, 128
    block = units * (features + units + 1)
    assert table["LSTMCell"]["Weights"] == f"{4 * block:,}"
    assert table["GRUCell"]["Weights"] == f"{3 * block:,}"
    # As many values as numbers that say which are there, and a time.
    assert table["GRUDCell"]["Weights"].endswith("(65 features)")
    assert "98,816 numbers with 64 features and 128 units." in hooks.cell_page("LSTMCell", str)
    projected = hooks.cell_page("ProjectedLSTMCell", str)
    assert "numbers with 64 features and 128 units, `projection_units=128`." in projected


def test_times_are_multiples_of_those_of_the_lstm(hooks):
    page = hooks.gallery_page(RESULTS)
    table = columns(page)
    assert {*table} == {*SHIPPED}
    shown = {name: (row["Training"], row["Prediction"]) for name, row in table.items()}
    assert shown["LSTMCell"] == ("1.00", "1.00")
    assert shown["GRUCell"] == ("0.80", "2.00")
    assert shown["LTCCell"] == ("100.00", "10.00")
    assert {*shown.values()} - {shown[f"{n}Cell"] for n in ("LSTM", "GRU", "LTC")} == {("–", "–")}
    of_gru = hooks.cell_page("GRUCell", str, RESULTS)
    assert "training takes 0.80 times as long as the LSTM's, and of prediction 2.00 times" in of_gru
    for name in ("LSTMCell", "MGUCell"):
        assert "as long as" not in hooks.cell_page(name, str, RESULTS)


def test_the_gallery_says_how_its_times_were_measured(hooks):
    page = hooks.gallery_page(RESULTS)
    for part in (RESULTS["machine"], RESULTS["date"], "batches of 32 sequences\nof 100 steps"):
        assert part in page
    command = re.search(r"```sh\nkerasgates (.*)\n```", page)[1]
    words = cli.parse(command.split())
    assert words["what"] == "cells"
    assert words["workloads"] == ["middle"]
    assert words["rounds"] == 3
    assert words["backend"] == "jax"
    assert words["json"] == "docs/costs.json"
    assert "bench" not in hooks.gallery_page()


def test_the_benchmark_measures_what_the_gallery_names(hooks):
    """Names, sizes and keys are those that the benchmark has."""
    ((workload, specs, _),) = measure.cells(["middle"], "LSTM")
    names = {f"{name.removeprefix('kerasgates.')}Cell" for name in specs}
    assert names >= {*SHIPPED}
    assert measure.WORKLOADS[workload][2:] == (
        hooks.write_readme.FEATURES,
        hooks.write_readme.UNITS,
    )


def test_a_large_picture_is_scrolled_and_links_to_its_file(hooks):
    page = hooks.cell_page("MLSTMCell", convert=str)
    assert "[![Wiring of MLSTM](MLSTMCell.svg)](MLSTMCell.svg)" in page
    style = (DOCS / "pages" / "assets" / "manual.css").read_text("utf-8")
    assert re.search(r'class="(\w+)" markdown>\n\[!\[Wiring', page)[1] == "wiring"
    assert ".wiring { overflow-x: auto; }" in style


def test_the_search_reads_code_as_its_names():
    """As the page's script does it, which splits at this expression."""
    text = (DOCS / "mkdocs.yml").read_text("utf-8")
    separator = re.search(r"separator: '(.*)'\n", text)[1].replace("''", "'")
    code = 'kg.plot.gates(trace["lstm"], row=1) &lt; kg.Chrono(200); 3.15 on a two-core `CPU`.'
    words = "kg plot gates trace lstm row 1 kg Chrono 200 3.15 on a two core CPU"
    assert [*filter(None, re.split(separator, code))] == words.split()
    assert re.split(separator, "gradient_flow(model)")[0] == "gradient_flow"


@pytest.mark.slow
def test_the_lines_that_use_a_cell_run(hooks):
    for name in SHIPPED:
        page = hooks.cell_page(name, convert=str)
        (lines,) = re.findall(r"```python\n(.*?)```", page, re.S)
        made = {}
        exec(compile(lines, f"cells/{name}.md", "exec"), made)
        layer = made["layer"]
        assert type(layer) is kg.RNN
        assert type(layer.cell) is CELLS[name]
        assert f"kg.{name.removesuffix('Cell')}(" in lines
        _, features, _ = hooks.write_readme.weight_count(CELLS[name])
        layer.build((None, None, features))
        assert layer.built


def test_the_file_of_times_is_one_of_the_benchmark(hooks):
    """What is kept of a measurement can be shown."""
    import json

    if not Path(hooks.COSTS).exists():
        pytest.skip("there is none: the gallery has no times")
    results = json.loads(hooks.COSTS.read_text("utf-8"))
    assert results["what"] == "cells"
    times = hooks.write_readme.relative_times(results)
    assert {*times} == {*SHIPPED}, "measure again: the command is in the gallery"
    assert all(time > 0 for kinds in times.values() for time in kinds.values())
    assert results["date"] in hooks.gallery_page(results)
