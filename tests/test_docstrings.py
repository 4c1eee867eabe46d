"""Docstrings of public names: every argument is described, and every example runs."""

import doctest
import inspect
import pydoc
import re
from pathlib import Path
from unittest import mock

import keras
import numpy as np
import pytest

import kerasgates as kg
from kerasgates import callbacks, convert, export, loops, plot
from kerasgates.core import registry
from kerasgates.formulas.linearity import Linearity
from kerasgates.insight.cell_trace import CellTrace
from kerasgates.insight.gradient_flow import CellFlow, Flows
from kerasgates.insight.regimes import Regimes
from kerasgates.utils.tables import Rows

#: What is returned to users without being a name of the package.
RETURNED = {
    "CellTrace": CellTrace,
    "CellFlow": CellFlow,
    "Flows": Flows,
    "Linearity": Linearity,
    "Regimes": Regimes,
    "Rows": Rows,
}
MODULES = (callbacks, convert, export, loops, plot)
#: Classes whose methods users call or override: which ones, or None for all of their own.
WITH_METHODS = {
    "GateTrace": None,
    "CellTrace": None,
    "CellFlow": None,
    "Regimes": None,
    "AbstractRNNCell": (
        *("add_role_weight", "bias_shape", "build", "call", "get_initial_state", "kernel_shape"),
        *("parametrise", "project", "recurrent_kernel_shape", "step"),
    ),
    "CellWrapper": (
        *("build_weights", "draw_own", "free_name", "inner_step", "own_blocks", "own_states"),
        "project_own",
    ),
    "RNN": ("chosen_loop", "reset_state", "run_loop"),
}
METHODS = tuple(f"{name}." for name in WITH_METHODS)
#: Functions that raise nothing of their own.
NEVER_RAISE = {
    "list_cells",
    "CellTrace.units_of",
    "CellTrace.values",
    "CellTrace.is_gate",
    "CellFlow.mean",
    "Regimes.shares",
    "CellFlow.has_gaps",
    "AbstractRNNCell.bias_shape",
    "AbstractRNNCell.get_initial_state",
    "AbstractRNNCell.kernel_shape",
    "AbstractRNNCell.parametrise",
    "AbstractRNNCell.recurrent_kernel_shape",
    "CellWrapper.build_weights",
    "CellWrapper.free_name",
    "CellWrapper.inner_step",
    "CellWrapper.own_blocks",
    "CellWrapper.own_states",
    "CellWrapper.project_own",
    "RNN.chosen_loop",
    "RNN.reset_state",
    "RNN.run_loop",
    "loops.choose",
    "loops.compiles",
    "loops.decide",
}
#: Classes that users do not make; and the methods that the example of their class shows.
GIVEN = {*RETURNED, "GateTrace", "export.Report", "loops.Loop"}
SHOWN = ("CellTrace.", "CellFlow.", "AbstractRNNCell.", "CellWrapper.", "RNN.")
#: Examples that convert a model, or draw a whole page, in seconds.
LONG = {
    "CellFlow",
    "Flows",
    "callbacks.GateMonitor",
    "export.litert",
    "export.load",
    "export.onnx",
    "export.run",
    "export.saved_model",
    "report",
}


def public():
    """Functions and classes by the names that users know."""
    cells = {name for name in kg.__all__ if hasattr(getattr(kg, name), "keras_only")}
    found = {name: getattr(kg, name) for name in kg.__all__ if name not in cells}
    for module in MODULES:
        found |= in_module(module)
    found = {**found, **RETURNED}
    found = {name: value for name, value in found.items() if callable(value)}
    del found["export.tflite"]  # Another name of `export.litert`.
    for name, methods in WITH_METHODS.items():
        owner = found.get(name) or getattr(kg, name)
        for method in methods or vars(owner):
            value = inspect.getattr_static(owner, method)
            function = getattr(value, "__func__", value)
            if methods and isinstance(value, property):
                function = value.fget
            if method[0] != "_" and inspect.isfunction(function):
                found[f"{name}.{method}"] = function
    return found


def in_module(module):
    """What a public module offers, by the names that users know."""
    short = module.__name__.rpartition(".")[2]
    names = getattr(module, "__all__", [n for n in vars(module) if n[0] != "_"])
    found = {f"{short}.{name}": getattr(module, name) for name in names}
    return {name: value for name, value in found.items() if not inspect.ismodule(value)}


PUBLIC = public()
CELLS = {n: cell for n, cell in registry.CELLS.items() if cell.__module__.startswith("kerasgates.")}


def sections(text):
    """Sections of a docstring by heading."""
    parts = re.split(r"^(\w[\w ]*):\n(?= )", inspect.cleandoc(text), flags=re.M)
    return dict(zip(parts[1::2], parts[2::2]))


def described(section):
    """Names at the left margin of a section, before a colon; several of one meaning by comma."""
    lines = re.findall(r"^    (\*{0,2}\w+(?:, \w+)*): ", section, re.M)
    return [name for line in lines for name in line.strip("*").split(", ")]


def test_there_are_as_many_public_names_as_there_should_be():
    assert all(inspect.getmodule(v).__name__.startswith("kerasgates.") for v in PUBLIC.values())
    assert {"trace", "register", "convert.from_torch", "plot.cell", "export.litert"} <= {*PUBLIC}
    assert len(PUBLIC) > 45


@pytest.mark.parametrize("name", PUBLIC)
def test_arguments_results_and_errors_are_described(name):
    value = PUBLIC[name]
    assert value.__doc__.splitlines()[0].endswith((".", ":"))
    found = sections(value.__doc__)
    if name not in GIVEN and not (inspect.isclass(value) and issubclass(value, Exception)):
        names = [*inspect.signature(value).parameters]
        names = names[name.startswith(METHODS) :]  # Without `self`.
        assert described(found.get("Args") or found.get("Attributes") or "") == names
    if inspect.isfunction(value):
        # What has overloads has no annotation of its own.
        gives = value.__annotations__.get("return", "several") not in (None, "None")
        assert ("Returns" in found) == gives
        assert ("Raises" in found) == (name not in NEVER_RAISE)


@pytest.mark.parametrize("name", CELLS)
def test_arguments_and_shapes_of_cells_and_layers_are_described(name):
    cell = CELLS[name]
    layer = kg.layer_of(cell)
    for cls in (cell, layer):
        assert described(sections(cls.__doc__)["Args"]) == [*inspect.signature(cls).parameters]
    assert "Input `(batch, time, features)`; output `(batch, units)`" in layer.__doc__


@pytest.mark.parametrize("name", CELLS)
def test_examples_of_cells_and_layers_run(name):
    held = {"kg": kg, "np": np}
    for cls in (CELLS[name], kg.layer_of(CELLS[name])):
        test = doctest.DocTestParser().get_doctest(cls.__doc__, held, name, None, None)
        assert test.examples
        printed = []
        doctest.DocTestRunner(verbose=False).run(test, out=printed.append, clear_globs=False)
        assert not printed, "".join(printed)
        held = test.globs
    assert isinstance(held["layer"].cell, CELLS[name])
    assert np.isfinite(keras.ops.convert_to_numpy(held["y"])).all()
    assert held["y"].shape[0] == 2


@pytest.fixture(scope="module")
def story():
    """What the examples speak of: a model of an LSTM, its input and its target."""
    rng = np.random.default_rng(5)
    lstm = kg.LSTM(3, name="lstm", loop="keras")
    model = keras.Sequential([keras.Input((None, 2)), lstm, keras.layers.Dense(1, name="dense")])
    x, y = (rng.normal(size=size).astype("float32") for size in ((4, 5, 2), (4, 1)))
    return {
        "__name__": __name__,
        "kg": kg,
        "keras": keras,
        "np": np,
        "model": model,
        "x": x,
        "y": y,
    }


EXAMPLES = [name for name in PUBLIC if not name.startswith(SHOWN)]


@pytest.mark.parametrize(
    "name", [pytest.param(n, marks=[pytest.mark.slow] * (n in LONG)) for n in EXAMPLES]
)
def test_examples_run(name, story, tmp_path, monkeypatch):
    if name.startswith("plot."):
        pytest.importorskip("matplotlib")
    monkeypatch.chdir(tmp_path)
    parse = doctest.DocTestParser().get_doctest
    test = parse(PUBLIC[name].__doc__, dict(story), name, None, None)
    assert test.examples, "no example"
    printed = []
    options = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    with mock.patch.dict(loops.LOOPS):  # An example makes a loop of its own.
        doctest.DocTestRunner(verbose=False, optionflags=options).run(test, out=printed.append)
    assert not printed, "".join(printed)


def test_the_page_of_the_api_has_every_public_name():
    """All but cells and their layers, which the gallery has."""
    page = (Path(kg.__file__).parent.parent / "docs" / "pages" / "api.md").read_text("utf-8")
    shown = []
    for path, members in re.findall(r"^::: (\S+)\n((?: .*\n)*)", page, re.M):
        for name in ("", *re.findall(r"- (\w+)", members)):
            shown.append(pydoc.locate(f"{path}.{name}".rstrip(".")))
    wanted = {n: getattr(kg, n) for n in kg.__all__ if not {n, f"{n}Cell"} & {*CELLS}}
    for module in MODULES:
        del wanted[module.__name__.rpartition(".")[2]]
        wanted |= in_module(module)
    missing = {name for name, value in {**wanted, **RETURNED}.items() if value not in shown}
    assert {name for name in missing if f"`kerasgates.{name}`" not in page} == set()


def test_what_the_manual_has_users_write_or_call_is_described():
    pages = Path(kg.__file__).parent.parent / "docs" / "pages"
    texts = [kg.AbstractRNNCell.__doc__, kg.CellWrapper.__doc__]
    texts += [(pages / name).read_text("utf-8") for name in ("writing.md", "wrappers.md")]
    named = {*re.findall(r"(?:def |[`.])(\w+)\(", " ".join(texts))}
    known = {name for listed in WITH_METHODS.values() for name in listed or ()}
    ours = [c for c in kg.CellWrapper.__mro__ if c.__module__.startswith("kerasgates.")]
    methods = {n for c in ours for n, v in vars(c).items() if inspect.isfunction(v)}
    # What every layer has Keras describes.
    assert {n for n in named & methods if n[0] != "_" and not hasattr(keras.Layer, n)} <= known


def test_the_cell_in_the_docstring_of_the_base_class_runs(story):
    text = inspect.cleandoc(kg.AbstractRNNCell.__doc__)
    (block,) = re.findall(r"^    @kerasgates\.register\n(?:    .*\n|\n)+", text, re.M)
    names = {"kerasgates": kg, "__name__": __name__}
    exec(inspect.cleandoc(block), names)
    (cell,) = (value for value in names.values() if inspect.isclass(value))
    assert kg.layer_of(cell)(3)(story["x"]).shape == (4, 3)
