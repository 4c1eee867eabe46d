"""The `kerasgates` command."""

from pathlib import Path

import pytest

import kerasgates
from kerasgates import cli
from kerasgates.cli import catalogue, demo
from kerasgates.core.cell import CELLS
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
    assert listed["LSTMCell"].endswith("Gers, Schmidhuber & Cummins, 2000")
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
    assert cli.main(["show", "GRU", "--picture", str(tmp_path / "gru.word")]) == 2
    assert "Format 'word' is not supported" in capsys.readouterr().err


def test_every_cell_can_be_shown_with_its_real_weights():
    for name, arguments in every_cell():
        example = cell_class(name).example
        chosen = {key: example.get(key, 5) for key in arguments}
        sizes = {"units": 14, "features": 3, **chosen}
        cell = cell_class(name)(14, **chosen)
        cell.build((None, 3))
        shown = dict(line.split(None, 1) for line in catalogue.weights(type(cell)))
        for key, shape in shown.items():
            expression = shape.replace(" · ", " * ")
            assert eval(expression, {}, sizes) == tuple(getattr(cell, key).shape), name
        assert {*shown} == {weight.name for weight in cell.weights}
