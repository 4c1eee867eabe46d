"""The package keeps to its own rules: who imports whom, and lists that cannot go stale."""

import ast
import re
import tomllib
from configparser import ConfigParser
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

import kerasgates as kg
from kerasgates.core.cell import CELLS

ROOT = Path(kg.__file__).parent.parent
PACKAGE = ROOT / "kerasgates"
README = (ROOT / "README.md").read_text()

#: Folder, or file at the top level -> what it may import of the package; `__init__` stands for the
#: public names (`import kerasgates`). Inside a folder the order is free, without circles.
ALLOWED = {
    "utils": set(),
    # A wrong argument is answered with the one that was meant: `suggestions`.
    "core": {"utils"},
    "cells": {"core"},
    "wrappers": {"core"},
    "formulas": {"core"},
    # Which cells are linear in their states, and run all at once, is read from their equations.
    "loops": {"core", "formulas"},
    "layers": {"core", "cells", "loops"},
    "interop": {"core", "cells", "layers"},
    "insight": {"core", "utils", "formulas", "loops", "interop", "layers"},
    "export": {"core", "utils", "cells", "loops", "interop", "layers"},
    "plot": {"formulas", "insight"},
    # A report says which version wrote it.
    "reporting": {"core", "utils", "formulas", "insight", "plot", "__init__"},
    # A worker calls as often before it measures as `loops` needs to have compiled everything.
    "bench": {"core", "utils", "export", "loops", "__init__"},
    # Which formats a picture may have: `style`.
    "cli": {"core", "utils", "formulas", "export", "bench", "plot", "__init__"},
    # What users import by these names is in the folders.
    "convert": {"interop"},
    "callbacks": {"insight"},
    "public": {
        *("cells", "convert", "core", "formulas", "insight", "interop", "layers", "loops"),
        "wrappers",
    },
    # Whether this process is the command: `terminal`.
    "__init__": {"public", "utils"},
    "__main__": {"cli"},
}
SOURCES = sorted(PACKAGE.rglob("*.py"))
#: Where TensorFlow may be imported: what exists only there.
TENSORFLOW_ONLY = (
    "bench/litert.py",
    "bench/worker.py",
    "export/",
    "insight/callbacks.py",
    "insight/gradient_flow.py",
    "insight/jacobian.py",
    "insight/losses.py",
    "loops/_tensorflow.py",
    "loops/compiled/",
    "loops/dense.py",
)
#: Files of other backends.
OF_A_BACKEND = {
    "bench/bare.py": {"tensorflow", "jax", "torch"},
    "bench/decoding.py": {"tensorflow", "jax"},
    "loops/prefixes.py": {"tensorflow"},
    "loops/scanned/operations.py": {"jax"},
    "loops/scanned/over_time.py": {"jax"},
    "loops/scanned/program.py": {"jax"},
    "loops/traced/graph.py": {"torch"},
    "loops/vendor/on_torch.py": {"torch"},
    # Whether it compiles, which nothing of Keras's says.
    "core/_keras.py": {"torch"},
}


def module_name(path):
    return path.relative_to(PACKAGE).with_suffix("").parts[0]


def imports(path):
    """Full dotted names that a file imports, wherever the statement stands."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def imported_modules(path):
    """Modules of the package that a file imports, `__init__` for the package itself."""
    for name in imports(path):
        parts = name.split(".")
        if parts[0] == "kerasgates":
            known = len(parts) > 1 and (
                (PACKAGE / f"{parts[1]}.py").exists() or (PACKAGE / parts[1]).is_dir()
            )
            yield parts[1] if known else "__init__"


def test_imports_follow_the_arrows():
    for path in SOURCES:
        name = module_name(path)
        assert name in ALLOWED, f"{name} is not in the table of allowed imports"
        inside = set(imported_modules(path))
        # The files of a folder are one module, but a cell does not build on another's file.
        if name != "cells" or path.name == "__init__.py":
            inside -= {name}
        assert inside <= ALLOWED[name], f"{path} must not import {inside - ALLOWED[name]}"


def test_the_arrows_make_no_circle():
    assert {*ALLOWED} == {module_name(path) for path in SOURCES}
    assert {*TopologicalSorter(ALLOWED).static_order()} == {*ALLOWED}


def test_no_files_import_one_another_in_a_circle():
    names = {".".join(path.relative_to(ROOT).with_suffix("").parts): path for path in SOURCES}
    names = {name.removesuffix(".__init__"): path for name, path in names.items()}
    # `from kerasgates.loops import sizes` is of the file, `import run` from there of the folder.
    files = {
        name: {n if n in names else n.rpartition(".")[0] for n in imports(path)} & {*names} - {name}
        for name, path in names.items()
    }
    assert {*TopologicalSorter(files).static_order()} == {*names}


def test_every_folder_is_installed_and_says_what_it_holds():
    folders = {path.parent for path in SOURCES}
    for folder in folders:
        assert ast.get_docstring(ast.parse((folder / "__init__.py").read_text())), folder
        # A folder without code between two with code would be no package.
        assert folder == PACKAGE or folder.parent in folders


def test_the_mathematics_knows_no_backend_and_nobody_touches_private_keras():
    for path in SOURCES:
        names, file = list(imports(path)), path.relative_to(PACKAGE).as_posix()
        assert not [name for name in names if name.startswith("keras.src")], file
        if file.startswith(TENSORFLOW_ONLY):
            continue
        backends = {name.split(".")[0] for name in names} & {"tensorflow", "jax", "torch"}
        backends -= OF_A_BACKEND.get(file, set())
        assert not backends, f"{file} imports {backends}"


def test_private_attributes_of_keras_are_used_in_one_file_only():
    private = {"_flatten_layers", "_layers", "_tracker", "_call_has_training_arg", "_keras_mask"}
    for path in SOURCES:
        nodes = list(ast.walk(ast.parse(path.read_text())))
        used = {node.attr for node in nodes if isinstance(node, ast.Attribute)}
        used |= {node.value for node in nodes if isinstance(node, ast.Constant)} & private
        assert path.name == "_keras.py" or not used & private, path


def shipped():
    return {n: c for n, c in CELLS.items() if c.__module__.startswith("kerasgates.")}


def readme_rows(heading):
    """Entries of the table under a heading of the README, by rows."""
    section = README.split(f"\n## {heading}\n", 1)[1].split("\n## ")[0]
    rows = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in rows[2:]]


def test_readme_lists_every_cell_by_its_states_and_with_its_paper():
    listed = {}
    for states, cells in readme_rows("Cells"):
        for name, link in re.findall(r"\[`(\w+)`\]\((https://\S+)\)", cells):
            listed[name] = link
            assert states.strip("`").split() == list(CELLS[name].states)
            assert link in CELLS[name].__doc__, f"{name}: {link} is no source of its docstring"
    assert set(listed) == set(shipped())


@pytest.mark.parametrize("name", shipped())
def test_docstrings_hold_equations_and_a_source(name):
    text = CELLS[name].__doc__
    shown = CELLS[name].states[0]
    assert re.search(rf"^\s+{shown}'\s+= ", text, re.M), "no equation of the new output"
    assert re.search(r"Source: .*\d{4}, ", text)
    assert "https://" in text


def test_every_cell_and_layer_is_a_public_name():
    for name, cell in shipped().items():
        assert getattr(kg, name) is cell
        assert getattr(kg, name.removesuffix("Cell")).cell_class is cell


def test_cells_are_final():
    for cell in shipped().values():
        assert not [sub for sub in cell.__subclasses__() if sub in shipped().values()]


def test_version_and_metadata_are_stated_once():
    config = ConfigParser()
    config.read(ROOT / "setup.cfg")
    assert config["metadata"]["version"] == "attr: kerasgates.__version__"
    assert "project" not in tomllib.loads((ROOT / "pyproject.toml").read_text())
    newest = re.search(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(), re.M).group(1)
    assert newest == kg.__version__


def test_all_that_users_can_ask_for_is_in_one_extra():
    config = ConfigParser()
    config.read(ROOT / "setup.cfg")
    extras = dict(config["options.extras_require"])
    packages = {name: {*text.split()} for name, text in extras.items()}
    # The manual is for those who work on the package.
    optional = {*packages} - {"all", "docs", "test"}
    assert packages["all"] == set().union(*(packages[name] for name in optional))


def test_the_source_distribution_can_be_tested():
    manifest = (ROOT / "MANIFEST.in").read_text()
    for name in ("docs", "tests", "examples", "saved_models", "tools"):
        assert f"graft {name}\n" in manifest
    assert "CHANGELOG.md" in manifest


def test_contributing_shows_the_cell_that_is_really_there():
    contributing = (ROOT / "CONTRIBUTING.md").read_text()
    shown = contributing.split("```python\n")[1].split("```")[0]
    source = PACKAGE / "cells" / "janet.py"
    assert shown.strip() == source.read_text().strip()
    assert len(source.read_text().splitlines()) < 40


def test_pictures_of_the_readme_and_the_manual_are_there_and_have_words():
    pages = [ROOT / "README.md", *(ROOT / "docs" / "pages").rglob("*.md")]
    found = [
        (page.parent / path, words)
        for page in pages
        for words, path in re.findall(r"!\[(.*?)\]\((.*?)\)", page.read_text("utf-8"))
    ]
    assert len(found) >= 7
    for path, words in found:
        assert words
        assert path.is_file(), path


def test_binary_files_are_few_and_small():
    folder = ROOT / "saved_models"
    assert sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) < 2_000_000
