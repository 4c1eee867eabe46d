"""The `kerasgates` command."""

import pytest

import kerasgates
from kerasgates import cli


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
    monkeypatch.setattr(cli, "__file__", str(tmp_path / "site" / "kerasgates" / "cli.py"))
    monkeypatch.chdir(tmp_path)
    assert cli.main(["demo"]) == 1
    assert f"Looked in {tmp_path}" in capsys.readouterr().err


def test_demo_runs_the_program_beside_the_package(tmp_path, monkeypatch):
    folder = tmp_path / "examples"
    folder.mkdir()
    (folder / "demo.py").write_text(
        "import sys, pathlib\npathlib.Path(sys.argv[2]).write_text(' '.join(sys.argv[1:]))\n"
    )
    monkeypatch.setattr(cli, "__file__", str(tmp_path / "kerasgates" / "cli.py"))
    monkeypatch.setattr("sys.argv", ["kerasgates"])
    monkeypatch.setattr("sys.path", list(__import__("sys").path))
    assert cli.main(["demo", "--out", str(tmp_path / "told")]) == 0
    assert (tmp_path / "told").read_text() == f"--out {tmp_path / 'told'}"
