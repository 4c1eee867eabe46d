"""The lessons: pages of the manual, and their notebooks, which run here."""

import copy
import importlib.util
import json
import re
from pathlib import Path

import keras
import numpy as np
import pytest

import kerasgates as kg
from tests.cases import reads_saved_model
from tests.printing import says

ROOT = Path(kg.__file__).parent.parent
#: By how much numbers may differ: lessons measure, and in the last one train.
LOOSE = 0.03
LESSONS = sorted((ROOT / "docs" / "pages" / "lessons").glob("*.md"))


@pytest.fixture(scope="module")
def tool():
    spec = importlib.util.spec_from_file_location("lessons", ROOT / "tools" / "write_lessons.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_notebooks_are_what_the_tool_makes_of_the_pages(tool):
    made = {path.stem: tool.notebook(path.read_text("utf-8")) for path in LESSONS}
    kept = {path.stem: path.read_text("utf-8") for path in tool.NOTEBOOKS.glob("*.ipynb")}
    assert {*kept} == {*made} == {f"lesson_{number}" for number in range(1, 10)}
    for name, text in made.items():
        assert kept[name] == text, "run `python tools/write_lessons.py`"


def test_each_leads_to_the_next_and_is_read_in_minutes(tool):
    for number, path in enumerate(LESSONS, 1):
        text = path.read_text("utf-8")
        assert text.startswith(f"# {number}. ")
        assert (f"lesson_{number + 1}.md)" in text) == (number < len(LESSONS))
        words = " ".join(part for kind, part, _ in tool.parts(text) if kind == "markdown").split()
        assert 60 < len(words) < 600


def test_programs_their_texts_and_their_pictures_are_told_apart(tool):
    page = (
        "# One\n\nText.\n\n```python\nx = 2\nprint(x)\nx\n```\n\n```text\n2\n```\n\n"
        "![Words](../a.png)\n\nMore, [two](two.md).\n"
    )
    cells = json.loads(tool.notebook(page))["cells"]
    assert [*tool.parts(page)] == [
        ("markdown", "# One\n\nText.", None),
        ("code", "x = 2\nprint(x)\nx", cells[1]["outputs"]),
        ("markdown", "More, [two](two.md).", None),
    ]
    printed, drawn = cells[1]["outputs"]
    assert printed["text"] == ["2\n"]
    assert drawn["data"]["text/markdown"] == "![Words](../../docs/pages/a.png)"
    assert "".join(cells[2]["source"]) == "More, [two](../../docs/pages/lessons/two.md)."
    assert tool.run("x = 2\nprint(x)\nx + 1", {}) == ("2\n", 3)
    assert tool.run("x = 2", {}) == ("", None)


@reads_saved_model
def test_half_of_the_time_a_trained_unit_does_something_between():
    """Lesson 4 says so of the children's book."""
    folder = ROOT / "saved_models" / "childrens_book"
    with np.load(folder / "golden.npz") as golden:
        trace = kg.trace(keras.saving.load_model(folder / "model.keras"), golden["inputs"])
    found = trace.regimes()["memory"].ravel()
    shares = {name: np.mean(found == name) for name in {*found}}
    first, second, *_ = sorted(shares, key=shares.get, reverse=True)
    assert (first, second) == ("between", "plain RNN")
    assert 0.4 < shares["between"] < 0.6
    assert all(0 < shares[name] < 0.05 for name in ("keeps", "captures", "releases", "erases"))


def through_60_steps(layer, **arguments):
    """∂(last state) by the first, for each of five seeds."""
    x = np.random.default_rng(4).normal(size=(1, 60, 8)).astype("float32")
    for seed in range(1, 6):
        keras.utils.set_random_seed(seed)
        steps = kg.jacobian(layer(32, **arguments), x)[0].astype("float64")
        yield np.linalg.multi_dot([*steps[::-1]])[-32:, -32:]


#: What lessons show of one start holds for five: cell, arguments, and bounds of the norm.
THROUGH_TIME = [
    (kg.LSTM, {"initial_forget_bias": 0}, 0, 1e-11),
    (kg.LSTM, {"initial_forget_bias": 1}, 1e-7, 1e-3),
    (kg.LSTM, {"initial_forget_bias": 3}, 1, 100),
    (kg.LSTM, {"initial_forget_bias": 5}, 5, 300),
    (kg.GRU, {"initial_update_bias": 0}, 0, 1e-9),
    (kg.GRU, {"initial_update_bias": 1}, 1e-9, 1e-3),
    (kg.GRU, {"initial_update_bias": 3}, 0.03, 3),
    (kg.GRU, {"initial_update_bias": 5}, 1, 20),
    (kg.SimpleRNN, {"activation": "linear"}, 5.6, 5.7),  # All lengths are kept: the root of 32.
    (kg.SimpleRNN, {}, 0, 1e-4),
    (kg.SimpleRNN, {"recurrent_initializer": keras.initializers.Orthogonal(1.1)}, 0, 1e-4),
    (kg.SimpleRNN, {"recurrent_initializer": keras.initializers.Orthogonal(2.0)}, 10, 1e5),
]


@pytest.mark.slow
def test_what_lessons_show_of_gradients_holds_whatever_the_seed():
    for layer, arguments, least, most in THROUGH_TIME:
        norms = [np.linalg.norm(found) for found in through_60_steps(layer, **arguments)]
        assert least <= min(norms) <= max(norms) <= most, (layer, arguments, norms)


@pytest.mark.slow
@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_a_notebook_runs_and_gives_what_it_shows(tool, path, tmp_path):
    import nbformat
    from nbclient import NotebookClient

    shown = nbformat.read(tool.NOTEBOOKS / f"{path.stem}.ipynb", as_version=4)
    nbformat.validate(shown)
    printed, notebook, place = [], copy.deepcopy(shown), {"metadata": {"path": str(tmp_path)}}
    NotebookClient(notebook, timeout=240, kernel_name="python3", resources=place).execute()
    for kept, run in zip(shown.cells, notebook.cells, strict=True):
        before, after = kept.get("outputs", []), run.get("outputs", [])
        texts = []
        for outputs in (before, after):
            streams = [one for one in outputs if one.output_type == "stream"]
            assert {one.name for one in streams} <= {"stdout"}, streams
            texts.append("".join(one.text for one in streams))
        printed.append(texts[1])
        assert says(texts[1], texts[0], LOOSE), texts[1]
        pictures = [one.data["text/markdown"] for one in before if "data" in one]
        drawn = [one for one in after if "image/png" in one.get("data", ())]
        assert bool(pictures) <= bool(drawn), kept.source
        for target in re.findall(r"\]\((.+?)\)", " ".join(pictures)):
            assert (tool.NOTEBOOKS / target).is_file()
    if path.stem == "lesson_9":  # The GRU is ahead in adding by more than the intervals.
        (table,) = (text for text in printed if "±" in text)
        adding = {row.split()[0]: [*map(float, row.replace("±", "").split()[-4:-2])]
                  for row in table.splitlines()[1:]}  # fmt: skip
        assert sum(adding["GRU"]) < adding["LSTM"][0] - adding["LSTM"][1]
    if path.stem == "lesson_5":
        assert (tmp_path / "flow.gif").stat().st_size > 10_000
