"""The `kerasgates` command."""

import inspect
import os
import re
import subprocess
import sys
from pathlib import Path

import keras
import pytest

import kerasgates
from kerasgates import cli
from kerasgates.cli import catalogue, demo, outputs
from kerasgates.core.cell import CELLS
from kerasgates.utils.tables import table
from tests.cases import cell_class, every_cell


def test_version(capsys):
    with pytest.raises(SystemExit) as stopped:
        cli.main(["--version"])
    assert stopped.value.code == 0
    assert capsys.readouterr().out == f"kerasgates {kerasgates.__version__}\n"


def test_without_a_command_it_says_which_there_are(capsys):
    with pytest.raises(SystemExit) as stopped:
        cli.main([])
    assert stopped.value.code == 2
    assert "demo" in capsys.readouterr().err


def test_demo_outside_a_clone_says_where_the_examples_are(tmp_path, monkeypatch, capsys):
    program = tmp_path / "site" / "kerasgates" / "cli" / "demo.py"
    monkeypatch.setattr(demo, "__file__", str(program))
    monkeypatch.chdir(tmp_path)
    assert cli.main(["demo"]) == 2
    assert f"Looked in {tmp_path}" in capsys.readouterr().err


def test_demo_runs_the_program_beside_the_package(tmp_path, monkeypatch):
    folder = tmp_path / "examples"
    folder.mkdir()
    (folder / "demo.py").write_text(
        "import sys, pathlib\npathlib.Path(sys.argv[2]).write_text(' '.join(sys.argv[1:]))\n"
    )
    monkeypatch.setattr(demo, "__file__", str(tmp_path / "kerasgates" / "cli" / "demo.py"))
    monkeypatch.setattr("sys.argv", ["kerasgates"])
    monkeypatch.setattr("sys.path", list(__import__("sys").path))
    assert cli.main(["demo", "--out", str(tmp_path / "told")]) == 0
    assert (tmp_path / "told").read_text() == f"--out {tmp_path / 'told'}"


def test_what_the_demo_writes_is_not_kept():
    """It goes where the command is run, in a clone of the repository for instance."""
    folder = cli.parse(["demo"])["out"]
    ignored = Path(kerasgates.__file__).parent.parent / ".gitignore"
    assert f"/{folder}/" in ignored.read_text().splitlines()


def test_cells_are_listed_in_an_aligned_table(capsys):
    assert cli.main(["cells"]) == 0
    head, *rows = capsys.readouterr().out.splitlines()
    assert head.split() == ["cell", "gates", "states", "paper"]
    listed = {row.split()[0]: row for row in rows}
    assert {*listed} >= {*(n for n, c in CELLS.items() if c.__module__.startswith("kerasgates."))}
    assert listed["LSTMCell"].endswith("  Gers et al., 2000")
    assert listed["PeepholeLSTMCell"].endswith("  Gers & Schmidhuber, 2000")
    ours = [row for row in catalogue.rows() if row["cell"] in dir(kerasgates)]
    wide = [line for line in table(ours) if len(line) > 80]
    assert [line.split()[0] for line in wide] == ["JANETCell"], "an author with a long name"
    columns = [head.index(name) for name in head.split()]
    for row in rows:
        assert all(row[at - 2 : at] == "  " and row[at] != " " for at in columns[1:]), row


@pytest.mark.parametrize("name", ["ProjectedLSTMCell", "ProjectedLSTM"])
def test_show_explains_a_cell(name, capsys):
    assert cli.main(["show", name]) == 0
    shown = capsys.readouterr().out
    assert shown.startswith("ProjectedLSTMCell: LSTM with recurrent projection (LSTMP).\n")
    for line in (
        "  h' = R (o ⊙ φ(c'))",
        "  recurrent_kernel   (projection_units, 4 · units)",
        "  projection_units (required)",
        "Layer: kerasgates.ProjectedLSTM",
    ):
        assert line in shown.splitlines()
    assert shown.splitlines()[-2].endswith("https://arxiv.org/abs/1402.1128")


def test_show_draws_a_cell(tmp_path, capsys):
    assert cli.main(["show", "GRU", "--picture", str(tmp_path / "gru.svg")]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == f"Picture: {tmp_path / 'gru.svg'}"
    assert "</svg>" in (tmp_path / "gru.svg").read_text()


def other_value(value):
    """Another value of an argument; 7 divides the units."""
    if isinstance(value, bool):
        return not value
    return 7 if value is None or isinstance(value, int) else None


@pytest.mark.slow
def test_every_cell_can_be_shown_with_its_real_weights():
    """Whatever its own arguments are, but for those that the table says it is for."""
    shared = inspect.signature(kerasgates.AbstractRNNCell.__init__.declared).parameters
    tried = set()
    for name, arguments in every_cell():
        kind = cell_class(name)
        needed = {key: kind.example.get(key, 5) for key in arguments}
        parameters = inspect.signature(kind).parameters.values()
        defaults = {p.name: p.default for p in parameters if p.name not in shared}
        chosen = {**defaults, **needed}
        held = catalogue.example(kind)
        lines = "\n".join(catalogue.weights(kind)).replace(" · ", " * ").splitlines()
        variants = {key: {**chosen, key: other_value(value)} for key, value in chosen.items()}
        for key, values in [(None, chosen), *variants.items()]:
            try:
                cell = kind(14, **values)
            except (TypeError, ValueError):  # Not a value that it can have.
                assert key, name
                continue
            if type(cell) is kind and f" {key}=" not in held:
                cell.build((None, 11))
                sizes = {key: getattr(cell, key, value) for key, value in values.items()}
                sizes |= {"units": 14, "features": 11}
                shown = {line.split()[0]: eval(line.split(None, 1)[1], {}, sizes) for line in lines}
                real = {weight.name: tuple(weight.shape) for weight in cell.weights}
                assert shown == real, (name, key)
                tried.add((name.removesuffix("Cell"), key))
    heads = {(name, "heads") for name in ("DeltaNet", "GatedDeltaNet", "MLSTM", "RGLRU", "SLSTM")}
    others = {
        ("ONLSTM", "chunk_size"),
        ("RHN", "depth"),
        ("GroupLSTM", "groups"),
        ("MCLSTM", "mass"),
    }
    assert tried >= {*heads, *others, ("CfC", "backbone_units"), ("HyperLSTM", "embedding_units")}
    assert catalogue.example(kerasgates.MogrifierLSTMCell) == ", with rounds=5"
    assert catalogue.weights(kerasgates.MLSTMCell)[0] == "kernel  (features, 4 · units + 2 · heads)"


# ---------------------------------------------------------------- a user's own classes

OWN = """
import keras
import kerasgates as kg


@kg.register
class OfAFileCell(kg.AbstractRNNCell):
    '''A cell that only its file knows.'''

    gates = ("n",)
    states = ("h",)

    def step(self, Wx, U, h):
        return (self.activation(Wx.n + h @ U.n),), {}


class OfAFile(keras.layers.Layer):
    '''A layer that is registered nowhere.'''

    def call(self, x):
        return 2 * x
"""
MAKE = """
import sys
import keras
import kerasgates as kg
import OWN_NAME as own

x = keras.Input((None, 3), name="x")
keras.Model(x, own.OfAFile(name="y")(kg.RNN(own.OfAFileCell(2))(x))).save("own.keras")
"""


@pytest.fixture
def own(tmp_path, monkeypatch):
    """A folder with a module of a cell and a layer, and a model of them; the module's name."""
    name = f"own_{tmp_path.name.replace('-', '_')}"
    (tmp_path / f"{name}.py").write_text(OWN)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [*sys.path])
    before, loaded = dict(CELLS), {*sys.modules}
    objects = dict(keras.saving.get_custom_objects())
    yield name
    CELLS.clear()
    CELLS.update(before)
    keras.saving.get_custom_objects().clear()
    keras.saving.get_custom_objects().update(objects)
    for module in {*sys.modules} - loaded:
        if module.startswith("own_"):
            del sys.modules[module]


@pytest.mark.slow
def test_a_module_of_ones_own_is_imported_before_the_model_is_loaded(own, capsys):
    made = subprocess.run(
        [sys.executable, "-c", MAKE.replace("OWN_NAME", own)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(["", *sys.path])},
        capture_output=True,
        text=True,
    )
    assert made.returncode == 0, made.stderr[-2000:]
    command = ["export", "own.keras", "--to", "onnx"]
    assert cli.main(command) == 2
    (error,) = capsys.readouterr().err.splitlines()[-1:]
    assert re.search(r"Could not locate class 'OfAFile(Cell)?'\. .*: --import my_cells", error)
    assert len(error) < 200
    Path("elsewhere").mkdir()
    for form in ("{}", "{}.py", "elsewhere/{}.py"):
        if "/" in form:
            Path(f"{own}.py").rename(form.format(own))
        sys.modules.pop(own, None)
        CELLS.pop("OfAFileCell", None)
        assert cli.main([*command, "--import", form.format(own)]) == 0
        assert "-> y (batch, 2)" in capsys.readouterr().out


def test_a_cell_of_a_file_is_shown(own, capsys):
    assert cli.main(["show", "OfAFile", "--import", f"{own}.py"]) == 0
    assert capsys.readouterr().out.startswith("OfAFileCell: A cell that only its file knows.")
    assert cli.main(["cells", "--import", f"{own}.py"]) == 0
    assert "OfAFileCell" in capsys.readouterr().out


def test_a_module_that_cannot_be_imported_is_told(own, capsys):
    Path("broken.py").write_text("import nothing_of_this_name")
    for name, words in (
        ("absent_of_all", "cannot be imported: ModuleNotFoundError: No module named 'absent_of"),
        ("absent.py", "there is no file 'absent.py'"),
        ("broken.py", "cannot be imported: ModuleNotFoundError: No module named 'nothing_of_this"),
    ):
        assert cli.main(["show", "GRU", "--import", name]) == 2
        assert f"kerasgates show: --import {name}" in (error := capsys.readouterr().err)
        assert words in error
    assert "broken" not in sys.modules


@pytest.mark.parametrize("command", ["cells", "export", "report", "show"])
def test_help_tells_of_modules_of_ones_own(command, capsys):
    with pytest.raises(SystemExit):
        cli.main([command, "--help"])
    assert "--import MODULE" in capsys.readouterr().out


def test_the_command_does_not_advise_what_it_has_no_option_for(tmp_path, capsys):
    x = keras.Input((None, 3), name="x")
    model = keras.Model(x, keras.layers.Lambda(lambda y: 2 * y)(kerasgates.GRU(2)(x)))
    model.save(tmp_path / "model.keras")
    for command in (["export", "--to", "onnx"], ["report", str(tmp_path / "x.npy")]):
        name, *options = command
        assert cli.main([name, str(tmp_path / "model.keras"), *options]) == 2
        error = capsys.readouterr().err.splitlines()[-1]
        assert "it holds a Lambda layer" in error
        assert "Write it as a class, decorated with" in error
        assert "safe_mode" not in error


# ---------------------------------------------------------------- what is not there


def test_unknown_names_are_answered_alike_by_all_commands(monkeypatch, capsys):
    for name, cell in [*CELLS.items()]:
        if not cell.__module__.startswith("kerasgates."):  # Of other tests.
            monkeypatch.delitem(CELLS, name)

    def told(*command):
        assert cli.main([*command]) == 2
        return capsys.readouterr().err.strip().partition(": there are: ")[2]

    for name in ("Foo", "Peep"):
        shown = told("show", name)
        assert shown == told("bench", "loops", "--layer", name)
        names = shown.partition(" and ")[0].split(", ")
        assert len(names) == 20
        others = names[names[0] == "PeepholeLSTM" :]
        assert others == sorted(others, key=str.lower)
    assert names[0] == "PeepholeLSTM", "what looks alike comes first"
    assert cli.main(["bench", "loops", "--layer", "lsmt"]) == 2
    assert "there is no layer 'lsmt': did you mean 'LSTM'?" in capsys.readouterr().err


def test_files_that_are_not_there_are_told_in_the_same_words(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    Path("folder").mkdir()
    for command, words in (
        (["bench", "compare", "a", "b"], "bench: there is no file 'a'"),
        (["bench", "compare", "folder", "b"], "bench: 'folder' is a folder, and no file of --json"),
        (["export", "a.keras", "--to", "onnx"], "export: there is no file 'a.keras'"),
        (["report", "a.keras", "x.npy"], "report: there is no file 'a.keras'"),
        (["report", "a", "x.npy", "--tokens", "no.txt"], "no.txt cannot be read: No such file or"),
    ):
        assert cli.main(command) == 2
        error = capsys.readouterr().err
        assert words in error
        assert "Errno" not in error


@pytest.mark.parametrize("name", ["out.txt", "out", "out.pdf"])
def test_a_page_is_written_only_to_a_file_that_says_so(name, capsys):
    assert cli.main(["report", "absent.keras", "x.npy", "-o", name]) == 2
    error = capsys.readouterr().err
    assert "report: --output must end in .html, by which browsers know a page" in error
    assert f"Received: '{name}'" in error


@pytest.mark.parametrize(
    "command", [["show", "GRU", "--picture"], ["bench", "--rounds", "1", "--plot"]]
)
def test_a_format_of_pictures_is_looked_at_before_anything_is_done(
    command, tmp_path, monkeypatch, capsys
):
    def never(*_, **__):
        raise AssertionError("this takes minutes")

    monkeypatch.setattr("kerasgates.bench.measure.main", never)
    for name, words in (
        ("x.foo", "; matplotlib has no format 'foo'"),
        ("x.txt", "; matplotlib has no format 'txt'"),
        ("x", ""),
    ):
        path = tmp_path / name
        assert cli.main([*command, str(path)]) == 2
        said = capsys.readouterr()
        assert said.out == ""
        (line,) = said.err.splitlines()
        wanted = f"{command[-1]} {path}: its name must end in .svg, .png or .pdf{words}"
        assert line == f"kerasgates {command[0]}: {wanted}"
        assert not path.exists()


def test_whatever_matplotlib_writes_is_a_format_of_pictures():
    for ending in ("svg", "PNG", "pdf", "jpg", "eps"):
        assert outputs.picture_format(f"x.{ending}", "--plot") == ending.lower()


@pytest.mark.parametrize("name", ["Zoneout", "cell-clip", "LayerNormGates", "Attention"])
def test_of_a_wrapper_show_says_what_it_is(name, capsys):
    assert cli.main(["show", name]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    (line,) = said.err.splitlines()
    wrapper = name.title().replace("-", "") if "-" in name else name
    assert line.startswith(
        f"kerasgates show: {wrapper} is a wrapper around a cell: kg.{wrapper}(cell, …)."
    )
    assert line.endswith("see docs/pages/wrappers.md")
    assert issubclass(getattr(kerasgates, wrapper), kerasgates.CellWrapper)
