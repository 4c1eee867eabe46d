"""What a notebook shows of equations, traces, gradients, reports and diagrams."""

import copy
import io
import pickle
import re
from pathlib import Path

import numpy as np
import pytest

import kerasgates as kg
from kerasgates.export import Report
from kerasgates.insight.cell_trace import CellTrace
from kerasgates.insight.gradient_flow import CellFlow, Flows
from kerasgates.utils.tables import MOST, Rows, html_table

NOTEBOOK = Path(kg.__file__).parent.parent / "examples" / "look_inside.ipynb"


def cells_of(page):
    """The rows of the tables of a page, texts of their entries."""
    rows = re.findall(r"<tr>(.*?)</tr>", page)
    return [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row) for row in rows]


@pytest.fixture
def cell_trace(rng):
    """Two rows, the second one step shorter."""
    mask = np.array([[1, 1, 1], [1, 1, 0]], bool)
    gate = rng.uniform(0.2, 0.8, size=(2, 3, 4))
    gate[:, :, 0] = 0.01
    gate[~mask] = np.nan
    state = rng.normal(size=(2, 3, 4))
    state[1, 2] = 100  # Masked: it counts for nothing.
    return CellTrace(
        "<lstm>", "LSTMCell", "forward", {"f": gate}, {"h": state}, {"h": state[:, 0]},
        {"h": gate}, mask, np.arange(3), np.arange(4), [], ["f"],
    )  # fmt: skip


# That of every cell they can be typeset is tried in `test_equations.py`.
@pytest.mark.parametrize("name", ["LSTMCell", "NASCell", "ProjectedLSTMCell", "ESNCell"])
def test_equations_show_as_formulas_and_stay_strings(name):
    cell = kg.get(name)
    for format in ("text", "latex"):
        shown = kg.equations(cell, format)
        latex = shown._repr_latex_()
        assert latex == f"$$\n{kg.equations(cell, 'latex')}\n$$"
        assert latex.count("{") == latex.count("}")
        assert latex.startswith("$$\n\\begin{aligned}")
        assert isinstance(shown, str)
        assert repr(shown) == repr(str(shown))
        for same in (pickle.loads(pickle.dumps(shown)), copy.deepcopy(shown)):
            assert same == shown
            assert same._repr_latex_() == latex


def test_traces_show_as_tables_with_the_numbers_of_the_text(cell_trace):
    trace = kg.GateTrace([cell_trace])
    head, row = cells_of(trace._repr_html_())
    assert dict(zip(head, row)) == {
        "layer": "&lt;lstm&gt;", "cell": "LSTMCell", "direction": "forward", "gates": "f",
        "states": "h", "batch": "2", "steps": "3", "units": "4",
    }  # fmt: skip
    for word in ("LSTMCell", "forward", "batch 2, 3 steps, 4 units"):
        assert word in repr(trace)
    _, gate, state = cells_of(cell_trace._repr_html_())
    live = cell_trace.states["h"][cell_trace.mask]
    numbers = [f"{value:.3g}" for value in (live.min(), live.mean(), live.max())]
    assert state == ["state", "h", "(2, 3, 4)", *numbers]
    assert gate[3] == "0.01"


def test_what_is_told_of_a_trace_is_a_list_that_shows_as_a_table(cell_trace, rng):
    trace = kg.GateTrace([cell_trace])
    told = [trace.saturation(), trace.memory_horizon(), trace.important_units(rng.normal(size=2))]
    for rows in told:
        assert isinstance(rows, list)
        head, *lines = cells_of(rows._repr_html_())
        assert head == ["always closed" if key == "dead" else key for key in rows[0]]
        assert len(lines) == len(rows)
        # The text has the same entries.
        assert (
            str(rows).splitlines()[1].split()
            == " ".join(lines[0]).replace("&lt;lstm&gt;", "<lstm>").split()
        )
    assert told[0][0]["dead"] == [0]
    assert (
        str(told[0]).splitlines()[0]
        == str(told[0][:1]).splitlines()[0]
        == ("layer   gate  closed  open  always closed  always open")
    )


def test_tables_are_escaped_cut_and_empty():
    rows = Rows({"a<b": i / 3, "of": [i, "&"]} for i in range(MOST + 7))
    page = rows._repr_html_()
    assert "<th>a&lt;b</th>" in page
    assert "<script" not in html_table([{"x": "<script>"}])
    assert len(cells_of(page)) == MOST + 1
    assert "and 7 more rows" in page
    assert str(rows).splitlines()[2].split() == ["0.333", "1", "&"]
    assert len(str(rows).splitlines()) == MOST + 8
    assert "no rows" in Rows()._repr_html_()
    assert str(Rows()) == "no rows"
    assert str(Rows([{"a": np.float32(np.inf), "b": [], "c": True, "d": None}])).splitlines()[
        1
    ].split() == ["inf", "-", "True", "None"]


@pytest.mark.parametrize("direction", ["forward", "backward"])
def test_gradients_show_where_they_are_lost(direction):
    """The first step is the one that runs first."""
    norms = np.array([[0.25, 0.5, 2.0], [0.25, 0.5, 2.0]])
    norms = norms if direction == "forward" else norms[:, ::-1]
    flow = CellFlow("gru", "GRUCell", direction, {"h": norms}, {})
    page = Flows({"gru": flow})._repr_html_()
    assert cells_of(page)[1] == ["gru", direction, "h", "0.25", "2", "0.125"]
    assert flow._repr_html_() == page
    empty = CellFlow("gru", "GRUCell", direction, {"h": np.full((1, 2), np.nan)}, {})
    assert cells_of(empty._repr_html_())[1][3:] == ["nan", "nan", "nan"]


def test_a_report_shows_what_it_prints():
    report = Report(
        "m.tflite", "LiteRT", "loop", 2345, 3e-7,
        signatures={"step": ({"x": (None, 3)}, {"y": (None, 4)})},
        operators={"ADD": 1, "MUL": 3}, notes=["No masks."],
        tried=[{"kind": "loop", "ms": 0.5}, {"kind": "fused", "ms": 0.25}],
    )  # fmt: skip
    rows = cells_of(report._repr_html_())
    assert ["m.tflite", "LiteRT, loop, 2.3 kB"] in rows
    assert ["step(x (?, 3))", "y (?, 4)"] in rows
    assert ["operators", "3 MUL, 1 ADD"] in rows
    assert ["fused", "0.25"] in rows
    for row in rows[1:-3]:
        assert all(text in str(report) for text in row if text != "note")


@pytest.mark.slow
def test_diagrams_and_plots_show_as_pictures(cell_trace):
    from matplotlib import pyplot
    from matplotlib.image import imread

    wiring = kg.plot.cell(kg.GRUCell)
    shown = [wiring, wiring.figure, kg.plot.gates(cell_trace, "f"), kg.plot.gates(cell_trace)]
    pictures = [imread(io.BytesIO(one._repr_png_())) for one in shown]
    for picture in pictures:
        assert len(np.unique(picture.reshape(-1, 4), axis=0)) > 10
    assert pictures[0].shape == pictures[1].shape
    # On axes of somebody else's, too; and pyplot knows of none of ours.
    figure, own = pyplot.subplots(2, 1)
    assert imread(io.BytesIO(kg.plot.gates(cell_trace, ax=own)._repr_png_())).any()
    pyplot.close(figure)
    assert not pyplot.get_fignums()


@pytest.mark.slow
def test_the_notebook_runs_and_shows_formulas_pictures_and_tables():
    import nbformat
    from nbclient import NotebookClient

    notebook = nbformat.read(NOTEBOOK, as_version=4)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert not any(cell.outputs or cell.execution_count for cell in code), "kept without outputs"
    NotebookClient(notebook, timeout=240, kernel_name="python3").execute()
    shown = {}
    for cell in code:
        last = cell.source.splitlines()[-1]
        shown[last] = {kind for output in cell.outputs for kind in output.get("data", {})}
    assert "text/latex" in shown["kg.equations(kg.GRUCell)"]
    assert "image/png" in shown["kg.plot.cell(kg.GRUCell)"]
    assert "image/png" in shown['kg.plot.gates(trace, "z")']
    for table in ("trace", "trace.saturation()", "trace.memory_horizon()", "flow"):
        assert "text/html" in shown[table], table
