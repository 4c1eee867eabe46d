"""The manual: its programs run, its commands are there, and its gallery comes from the classes."""

import contextlib
import importlib.util
import os
import re
import shlex
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

import kerasgates as kg
from kerasgates import cli
from kerasgates.core.cell import CELLS
from tests.printing import says
from tests.quick_xla import FLAGS

ROOT = Path(kg.__file__).parent.parent
DOCS = ROOT / "docs"
PAGES = sorted((DOCS / "pages").rglob("*.md"))
#: What test_lessons.py runs, as notebooks.
LESSONS = DOCS / "pages" / "lessons"
README = ROOT / "README.md"
#: Pages that take more than a few seconds: they export, draw, or compile.
SLOW = {
    "choosing",
    "coming_from",
    "devices",
    "index",
    "long",
    "looking_inside",
    "many_workers",
    "serving",
    "speed",
    "writing",
}
#: A block of a page, with what stands before it: the backend that it needs, if not TensorFlow; and
#: after it what it prints, where a block of text follows at once.
BLOCK = re.compile(
    r"(?:<!-- KERAS_BACKEND=(\w+) -->\n\s*)?^( *)```(\w+)\n(.*?)^\2```$"
    r"(?:\n+\2```text\n(.*?)^\2```$)?",
    re.M | re.S,
)
#: What the programs for other backends run with: two devices.
TWO = f"--xla_force_host_platform_device_count=2 {FLAGS}"


def blocks(path, language):
    """The blocks of a page in a language: backend, line, text, and what is printed or None."""
    text = path.read_text("utf-8")
    for found in BLOCK.finditer(text):
        if found[3] == language:
            line = text.count("\n", 0, found.start(4))
            printed = found[5] and textwrap.dedent(found[5])
            yield found[1] or "tensorflow", line, textwrap.dedent(found[4]), printed


def programs(backend):
    """A parameter for each page with blocks for a backend."""
    for path in PAGES:
        if path.parent != LESSONS and any(one == backend for one, *_ in blocks(path, "python")):
            slow = path.stem in SLOW
            yield pytest.param(path, id=path.stem, marks=[pytest.mark.slow] * slow)


@contextlib.contextmanager
def only_the_cells_of_the_package():
    """Context without the cells of other tests; those that a page registers are gone after it."""
    before = dict(CELLS)
    for name in before:
        if not before[name].__module__.startswith("kerasgates."):
            del CELLS[name]
    try:
        yield
    finally:
        CELLS.clear()
        CELLS.update(before)


@pytest.mark.parametrize("path", [*programs("tensorflow")])
def test_the_programs_of_a_page_run_in_their_order(path, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    namespace = {"__name__": f"manual_{path.stem}"}
    with only_the_cells_of_the_package():
        for backend, line, text, printed in blocks(path, "python"):
            if backend != "tensorflow":
                continue
            # Errors then tell the line of the page.
            exec(compile("\n" * line + text, str(path), "exec"), namespace)
            output = capsys.readouterr().out
            if printed is not None:
                assert says(output, printed), output


@pytest.mark.slow
@pytest.mark.parametrize("backend", ["jax", "torch"])
def test_the_programs_for_other_backends_run(backend, tmp_path):
    """All pages in one process: its start is what takes its time."""
    texts = [t for p in PAGES for one, _, t, _ in blocks(p, "python") if one == backend]
    assert texts
    more = {"KERAS_BACKEND": backend, "XLA_FLAGS": TWO, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", "\n".join(texts)],
        cwd=tmp_path,
        env={**os.environ, **more},
        capture_output=True,
        text=True,
        timeout=500,
    )
    assert done.returncode == 0, done.stderr[-4000:]


@pytest.mark.slow
def test_the_programs_of_the_readme_run_in_their_order(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    namespace = {"__name__": "readme"}
    with only_the_cells_of_the_package():
        for _, line, text, _ in blocks(README, "python"):
            exec(compile("\n" * line + text, str(README), "exec"), namespace)
    written = {path.name for path in tmp_path.iterdir()}
    assert written >= {"model.keras", "served", "model.tflite", "model.onnx", "report.html"}
    assert namespace["predict"](namespace["x"].astype("float32"))


def test_the_readme_is_short_and_its_first_program_has_six_lines():
    text = README.read_text("utf-8")
    assert len(text.split()) <= 1500, "what is long belongs in the manual"
    shipped = [cell for cell in CELLS.values() if cell.__module__.startswith("kerasgates.")]
    assert f"{len(shipped)} published cells" in text
    _, _, first, _ = next(blocks(README, "python"))
    assert len([line for line in first.splitlines() if line]) == 6
    assert text.index("```python") < 700, "what it does comes first"


def commands():
    """The lines of all pages and the README that call `kerasgates`, without what precedes it."""
    for path in (README, *PAGES):
        for _, _, text, _ in blocks(path, "sh"):
            for line in text.replace("\\\n", " ").splitlines():
                # Whatever shows in a block of the shell, or in a chain of commands.
                for part in re.split(r"&&|\|", line):
                    words = shlex.split(part, comments=True)
                    if words and Path(words[0]).name == "kerasgates":
                        yield pytest.param(words[1:], id=f"{path.stem}: {' '.join(words[1:])}")
        for inline in re.findall(r"(?<!`)`kerasgates ([^`]+)`(?!`)", path.read_text("utf-8")):
            yield pytest.param(shlex.split(inline), id=f"{path.stem}: {inline}")


@pytest.mark.parametrize("words", [*commands()])
def test_the_commands_are_there_with_their_options(words):
    if words in (["--help"], ["--version"]):
        return
    # A name of a command alone, as in a sentence, needs no arguments.
    if len(words) == 1 and words[0] in ("export", "report", "run", "show"):
        return
    assert cli.parse(words)["command"] == words[0]


def test_all_pages_are_in_the_menu_and_lead_somewhere():
    settings = (DOCS / "mkdocs.yml").read_text("utf-8")
    listed = {name for name in re.findall(r"(\w+)\.md$", settings, re.M)}
    assert listed == {path.stem for path in PAGES} | {"gallery"}
    for path in (README, *PAGES):
        links = re.findall(r"\]\((?!https?://)([^)#\s]+)(?:#[^)]*)?\)", path.read_text("utf-8"))
        for target in links:
            made = target == "gallery.md" or target.startswith("cells/")
            assert made or (path.parent / target).exists(), f"{path.name}: {target}"


@pytest.mark.parametrize("path", [README, *PAGES], ids=lambda path: path.stem)
def test_no_block_of_a_page_escapes_the_tests(path):
    fences = re.findall(r"^ *```(.*)$", path.read_text("utf-8"), re.M)
    opened = [fence for fence in fences if fence]
    assert {*opened} <= {"python", "sh", "text"}
    assert len(fences) == 2 * len(opened)
    for language in ("python", "sh"):
        assert len([*blocks(path, language)]) == opened.count(language)


def loaded(path):
    """A Python file outside the package, as a module."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_readme_has_the_table_of_cells_that_the_tool_writes():
    text = README.read_text("utf-8")
    tool = loaded(ROOT / "tools" / "write_readme.py")
    assert text == tool.readme(text), "run `python tools/write_readme.py`"


@pytest.mark.slow
def test_the_gallery_says_of_each_cell_what_its_class_is():
    hooks = loaded(DOCS / "hooks.py")
    shipped = [n for n, c in CELLS.items() if c.__module__.startswith("kerasgates.")]
    assert sorted(hooks.shipped()) == sorted(shipped)
    gallery = hooks.gallery_page()
    for name in shipped:
        cell = CELLS[name]
        assert gallery.count(f"(cells/{name}.md)") == 2
        page = hooks.cell_page(name, convert=lambda latex: f"<mi>{latex.strip()}</mi>")
        for line in kg.equations(cell).splitlines():
            assert f"    {line}" in page
        rows = kg.equations(cell).latex.count("&=")
        assert page.count("<mtr>") == page.count("<mo>=</mo>") == rows
        paper = re.search(r"https://[^\s;]+", cell.__doc__)[0]
        assert f"<{paper}>" in page
        for argument in kg.layer_of(cell).__signature__.parameters:
            assert f"| `{argument}` |" in page
    assert "recurrent_activation" not in hooks.cell_page("SimpleRNNCell", convert=str)
    page = hooks.cell_page("PeepholeLSTMCell", convert=str)
    assert "| `kernel` | `(features, 4 · units)` |" in page
    assert "| `peephole_i` | `(units,)` |" in page
    assert "| `peephole_initializer` | `'glorot_uniform'` | initialiser of the peepholes" in page
    assert page.count("| `return_sequences` | `False` | whether to return the outputs of all ") == 1


def test_the_picture_of_a_cell_is_drawn_for_the_gallery():
    from xml.etree import ElementTree

    hooks = loaded(DOCS / "hooks.py")
    drawn = ElementTree.fromstring(hooks.picture("GRUCell"))
    assert drawn.tag.endswith("svg")
    assert len([*drawn.iter()]) > 100
