"""Docstrings of public names: every argument is described, and every example runs."""

import doctest
import inspect
import re

import keras
import numpy as np
import pytest

import kerasgates as kg
from kerasgates import callbacks, convert, export, plot
from kerasgates.core import registry
from kerasgates.insight.cell_trace import CellTrace
from kerasgates.insight.gradient_flow import CellFlow, Flows
from kerasgates.utils.tables import Rows

#: What is returned to users without being a name of the package.
RETURNED = {"CellTrace": CellTrace, "CellFlow": CellFlow, "Flows": Flows, "Rows": Rows}
#: Classes whose methods users call.
WITH_METHODS = ("GateTrace", "CellTrace", "CellFlow")
METHODS = tuple(f"{name}." for name in WITH_METHODS)
#: Functions that raise nothing of their own.
NEVER_RAISE = {
    "list_cells",
    "CellTrace.units_of",
    "CellTrace.values",
    "CellTrace.is_gate",
    "CellFlow.mean",
    "CellFlow.has_gaps",
}
#: Classes that users do not make; and the methods that the example of their class shows.
GIVEN = {"GateTrace", "CellTrace", "CellFlow", "Flows", "Rows", "export.Report"}
SHOWN = ("CellTrace.", "CellFlow.")
#: Arguments that are passed on to Keras as they are.
PASSED_ON = {"RNN": ["args"]}
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
    for module in (callbacks, convert, export, plot):
        short = module.__name__.rpartition(".")[2]
        names = getattr(module, "__all__", [n for n in vars(module) if n[0] != "_"])
        found |= {f"{short}.{name}": getattr(module, name) for name in names}
    found = {**found, **RETURNED}
    found = {name: value for name, value in found.items() if callable(value)}
    del found["export.tflite"]  # Another name of `export.litert`.
    for name in WITH_METHODS:
        for method, value in vars(found[name]).items():
            function = getattr(value, "__func__", value)
            if method[0] != "_" and inspect.isfunction(function):
                found[f"{name}.{method}"] = function
    return found


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
        names = [n for n in names if n not in PASSED_ON.get(name, ())]
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
    doctest.DocTestRunner(verbose=False, optionflags=options).run(test, out=printed.append)
    assert not printed, "".join(printed)


def test_the_cell_in_the_docstring_of_the_base_class_runs(story):
    text = inspect.cleandoc(kg.AbstractRNNCell.__doc__)
    (block,) = re.findall(r"^    @kerasgates\.register\n(?:    .*\n|\n)+", text, re.M)
    names = {"kerasgates": kg, "__name__": __name__}
    exec(inspect.cleandoc(block), names)
    (cell,) = (value for value in names.values() if inspect.isclass(value))
    assert kg.layer_of(cell)(3)(story["x"]).shape == (4, 3)
