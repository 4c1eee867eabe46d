"""What type checkers and editors are told: the stub of the package, and how checkers take it."""

import ast
import importlib.util
import inspect
import json
import os
import re
import subprocess
import sys
import typing
from pathlib import Path

import pytest

import kerasgates as kg
from kerasgates.core import arguments

ROOT = Path(kg.__file__).parent.parent
#: Where the public functions are: their annotations must be true.
PUBLIC = [
    ROOT / "kerasgates" / name
    for name in ("callbacks.py", "convert.py", "core/blocks.py", "export", "formulas", "insight",
                 "interop", "layers", "plot", "reporting")
]  # fmt: skip
PUBLIC += sorted((ROOT / "kerasgates" / "loops").glob("*.py"))
STUB = ROOT / "kerasgates" / "__init__.pyi"


def declared():
    """What the stub declares or imports, by name."""
    found = {}
    for node in ast.parse(STUB.read_text("utf-8")).body:
        if isinstance(node, ast.ImportFrom):
            found |= {alias.asname: node for alias in node.names}
        elif isinstance(node, (ast.ClassDef, ast.FunctionDef)):
            found[node.name] = node
    return found


def test_the_stub_is_what_the_tool_writes():
    path = ROOT / "tools" / "write_stub.py"
    spec = importlib.util.spec_from_file_location("write_stub", path)
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    assert STUB.read_text("utf-8") == tool.stub(), "run `python tools/write_stub.py`"


def test_the_stub_has_the_public_names_and_the_arguments_of_every_class():
    """Compared with the package itself, not with the tool that wrote it."""
    found = declared()
    assert {*kg.__all__} <= {*found}
    classes = {n: c for n in kg.__all__ if hasattr(c := getattr(kg, n), "keras_only")}
    assert len(classes) > 30
    del classes["AbstractRNNCell"]  # Whose signature is that of each cell.
    for name, cls in classes.items():
        (init,) = (n for n in found[name].body if getattr(n, "name", "") == "__init__")
        assert init.args.kwarg is None, f"{name} would take any argument"
        parameters = inspect.signature(cls).parameters
        told = [one.arg for one in (*init.args.args[1:], *init.args.kwonlyargs)]
        assert told == [*parameters, *cls.keras_only, *arguments.OF_EVERY_LAYER], name
        by_position = [p.name for p in parameters.values() if p.kind < p.KEYWORD_ONLY]
        assert [one.arg for one in init.args.args[1:]] == by_position, name
        required = [p.name for p in parameters.values() if p.default is p.empty]
        defaults = len(init.args.defaults), sum(d is None for d in init.args.kw_defaults)
        # Of a wrapper what it wraps and how, of anything else the units alone.
        wrapper = required[0] == "cell"
        positional = [name for name in required if name in by_position]
        assert wrapper or positional == ["units"]
        keywords = len(required) - len(positional)
        assert (len(by_position) - defaults[0], defaults[1]) == (len(positional), keywords), name


def test_the_arguments_and_results_of_public_functions_are_annotated():
    modules = (kg, kg.callbacks, kg.convert, kg.export, kg.loops, kg.plot)
    named = [getattr(m, n) for m in modules for n in getattr(m, "__all__", vars(m)) if n[0] != "_"]
    functions = [value for value in named if inspect.isfunction(value)]
    assert kg.loops.run in functions
    # What has overloads is annotated there.
    for function in [one for one in functions if not typing.get_overloads(one)]:
        signature = inspect.signature(function)
        types = [
            signature.return_annotation,
            *(p.annotation for p in signature.parameters.values()),
        ]
        assert signature.empty not in types, function


#: Of the package only the errors in what is named count; Keras has no types at all.
SETTINGS = """
[mypy]
follow_imports = silent
ignore_missing_imports = True
show_error_context = False
[mypy-readme]
check_untyped_defs = True
[mypy-right]
check_untyped_defs = True
"""


def mypy(folder, programs, *paths):
    """The errors that mypy finds in programs, by the name of the file; one call, as it is slow."""
    for name, text in programs.items():
        (folder / name).write_text(text, "utf-8")
    (folder / "settings.ini").write_text(SETTINGS, "utf-8")
    command = [sys.executable, "-m", "mypy", "--config-file=settings.ini", "--cache-dir=cache"]
    environment = {**os.environ, "MYPYPATH": str(ROOT)}
    done = subprocess.run(
        [*command, "--no-error-summary", *programs, *map(str, paths)],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=500,
    )
    assert not done.stderr, done.stderr
    assert done.returncode in (0, 1), done.stdout
    found = re.findall(r"^(.+?):\d+: error: (.*)$", done.stdout, re.M)
    errors = {name: [] for name in programs}
    for path, text in found:
        errors.setdefault(path, []).append(text)
    return errors


WRONG = """
import keras
import numpy as np
import kerasgates as kg
from kerasgates.core.blocks import Blocks
model = keras.Sequential()
kg.LSTM(unit=3)
kg.LSTM("x")
kg.GRUCell(3, dropout="a")
kg.LSTM(3, loop="atuo")
kg.ProjectedLSTM(3)
kg.export.tensorflow
kg.nothing
kg.export.litert(model, "m.tflite", kind="fusd")
kg.trace(model, np.ones((2, 3, 4)), layer="lstm")
kg.gradient_flow(model)
kg.plot.gates(3)
kg.layer_of(3)
kg.trace(model, np.ones((2, 3, 4)))["lstm"].gate
kg.convert.from_onnx(model, 3)
kg.loops.choose(kg.LSTMCell(3), 5)
Blocks(np.ones((2, 6)), ("z", "n"))[0]
"""
COMPLAINTS = [
    r'Unexpected keyword argument "unit" for "LSTM"; did you mean "units"\?',
    r'Argument 1 to "LSTM" has incompatible type "str"; expected "int"',
    r'Argument "dropout" to "GRUCell" has incompatible type "str"; expected "float"',
    r'Argument "loop" to "LSTM" has incompatible type',
    r'Missing named argument "projection_units" for "ProjectedLSTM"',
    r'Module has no attribute "tensorflow"',
    r'Module has no attribute "nothing"',
    r'Argument "kind" to "litert" has incompatible type "Literal\[\'fusd\'\]"',
    r'Unexpected keyword argument "layer" for "trace"; did you mean "layers"\?',
    r'Missing positional argument "x" in call to "gradient_flow"',
    r'No overload variant of "gates" matches argument type "int"',
    r'Argument 1 to "layer_of" has incompatible type "int"',
    r'"CellTrace" has no attribute "gate"; maybe "gates"\?',
    r'Missing positional argument "R" in call to "from_onnx"',
    r'Argument 2 to "choose" has incompatible type "int"',
    r'Invalid index type "int" for "Blocks"; expected type "str"',
]
#: What users write: their classes and values keep their types.
RIGHT = """
from typing import assert_type

import keras
import numpy as np
import kerasgates as kg
from kerasgates.core.blocks import Blocks, Kernel

@kg.register
class MyCell(kg.AbstractRNNCell):
    gates = ("z", "n")
    states = ("h",)

    def __init__(self, *args, slope, **kwargs):
        super().__init__(*args, **kwargs)
        self.slope = slope

    @property
    def state_size(self):
        return [self.units]

    def build(self, input_shape):
        super().build(input_shape)
        self.more = self.add_role_weight("more", (self.units,), "bias")

    def step(self, Wx, U, h):
        z, n = Wx + h @ U
        z = self.recurrent_activation(z)
        return (z * h + self.slope * self.activation(n),), {"z": z}

class ResettingCell(kg.AbstractRNNCell):
    gates = ("z", "r", "n")
    states = ("h",)

    def step(self, Wx: Blocks, U: Kernel, h):
        assert_type(Wx["z r"], Blocks)
        assert_type(U["z r"], Kernel)
        assert_type(U.n, Kernel)
        z, r = Wx["z r"] + h @ U["z r"]
        z, r = self.recurrent_activation(z), self.recurrent_activation(r)
        n = self.activation(Wx.n + (r * h) @ U.n)
        return (z * h + (1 - z) * n,), {"z": z, "r": r, "n": n}

class Leaky(kg.CellWrapper):
    def __init__(self, cell, leak=0.1, **kwargs):
        super().__init__(cell, **kwargs)
        self.leak = leak

    @property
    def own_states(self):
        return {self.free_name("q"): self.cell.units}

    def step(self, Wx, U, *states):
        new, values, _ = self.inner_step(Wx, U, states)
        return (*((1 - self.leak) * state for state in new), states[-1]), values

class OldCell(kg.AbstractRNNCell):
    def __init__(self, units, **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.state_size = units

    def call(self, inputs, states, training=False):
        return inputs, states

My = kg.layer_of(MyCell)
My(32, return_sequences=True, dropout=0.1)
assert_type(MyCell(3, slope=0.5), MyCell)
assert_type(kg.LSTM(3, input_shape=(None, 8), use_cudnn=False), kg.LSTM)
assert_type(kg.RNN([kg.LSTMCell(3), OldCell(4)], return_sequences=True, loop="keras"), kg.RNN)
assert_type(kg.layer_of(kg.get("gru"))(32, return_sequences=True).units, int)

def look(model: keras.Model, x: np.ndarray, y: np.ndarray) -> None:
    trace = kg.trace(model, x, times=slice(None, None, 2))
    assert_type(trace, kg.GateTrace)
    assert_type(trace["lstm"].gates, dict[str, np.ndarray])
    print(trace.saturation()[0]["gate"])
    flow = kg.gradient_flow(model, x, y, loss="mse")
    kg.plot.gradient_flow({"one": flow, "two": flow}).set_title("two")
    assert_type(flow["lstm"].mean("c"), np.ndarray)
    kg.plot.gates(trace, "f").set_title("f")
    kg.plot.gates(trace)[0].set_title("all")
    report = kg.export.litert(model, "m.tflite", quantize="int8", representative_data=x)
    assert_type(report, kg.export.Report)
    assert_type(kg.export.load("m.tflite")(x), dict[str, np.ndarray])
    assert_type(kg.equations(kg.LSTM, "latex").upper(), str)
    assert_type(kg.list_cells(), list[str])
    layer = kg.RNN(Leaky(kg.GRUCell(3)))
    assert_type(kg.loops.why(layer), str)
    assert_type(kg.loops.choose(layer.cell, (None, 20, 8)), str)
    assert_type(kg.loops.decide(layer.cell, x.shape), kg.loops.Loop)
    kg.callbacks.GateMonitor(x, y, share=0.1)
"""


def readme():
    """The README's snippets as one program."""
    blocks = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.S)
    assert len(blocks) >= 3
    return "\n".join(blocks)


@pytest.mark.slow
def test_mypy_accepts_the_readme_and_complains_of_what_is_wrong(tmp_path):
    programs = {"readme.py": readme(), "wrong.py": WRONG, "right.py": RIGHT}
    errors = mypy(tmp_path, programs, STUB, *PUBLIC)
    complaints = errors.pop("wrong.py")
    assert errors == {"readme.py": [], "right.py": []}
    assert len(complaints) == len(COMPLAINTS), complaints
    for line, wanted in zip(complaints, COMPLAINTS):
        assert re.search(wanted, line), line


#: Lines of the README at which Pyright errs: Keras has no types, and of its `verbose="auto"`
#: Pyright takes every other value than a string for wrong.
GUESSED = ["model.fit(x, y, verbose=0)"]


def pyright(folder, programs):
    """The numbers of the lines in which Pyright finds errors, by the name of the file.

    It finds the package as an editor does: by the environment that it is installed in.
    """
    for name, text in programs.items():
        (folder / name).write_text(text, "utf-8")
    (folder / "pyrightconfig.json").write_text('{"typeCheckingMode": "standard"}', "utf-8")
    command = [sys.executable, "-m", "basedpyright", "--outputjson", "--pythonpath"]
    done = subprocess.run(
        [*command, sys.executable], cwd=folder, capture_output=True, text=True, timeout=500
    )
    found = json.loads(done.stdout)
    assert found["summary"]["filesAnalyzed"] == len(programs), done.stdout
    lines = {name: [] for name in programs}
    for one in found["generalDiagnostics"]:
        name, line = Path(one["file"]).name, one["range"]["start"]["line"]
        guessed = name == "readme.py" and programs[name].splitlines()[line] in GUESSED
        if one["severity"] == "error" and not guessed:
            lines[name].append(line)
    return lines


@pytest.mark.slow
def test_pyright_accepts_the_readme_and_complains_of_what_is_wrong(tmp_path):
    lines = pyright(tmp_path, {"readme.py": readme(), "wrong.py": WRONG, "right.py": RIGHT})
    wrong = lines.pop("wrong.py")
    assert lines == {"readme.py": [], "right.py": []}
    last = len(WRONG.splitlines())
    assert sorted({*wrong}) == [*range(last - len(COMPLAINTS), last)]
