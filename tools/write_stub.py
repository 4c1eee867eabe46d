"""Writes `kerasgates/__init__.pyi`, which tells editors and type checkers what the package holds.

The constructors of cells and layers are made when the package is imported; tools that only read
the source cannot know their arguments. `python tools/write_stub.py` writes them down; a test
compares the file with the package.
"""

import inspect
import subprocess
import sys
import types
from pathlib import Path

import keras

import kerasgates as kg
from kerasgates import loops
from kerasgates.core import arguments

TARGET = Path(kg.__file__).with_suffix(".pyi")

HEAD = '''"""Every gated recurrent cell for Keras 3. Written by tools/write_stub.py: do not edit."""

from collections.abc import Callable, Sequence
from typing import Any, Literal, Protocol, TypeAlias, TypeVar

import keras

'''
#: What annotations in it need besides the public names.
BLOCKS = "from kerasgates.core.blocks import Blocks, Kernel"

ALIASES = """
_Activation: TypeAlias = str | dict[str, Any] | Callable[..., Any] | None
_Initializer: TypeAlias = (
    str | dict[str, Any] | keras.initializers.Initializer | Callable[..., Any] | None
)
_Regularizer: TypeAlias = (
    str | dict[str, Any] | keras.regularizers.Regularizer | Callable[..., Any] | None
)
_Constraint: TypeAlias = (
    str | dict[str, Any] | keras.constraints.Constraint | Callable[..., Any] | None
)
_DType: TypeAlias = str | dict[str, Any] | keras.DTypePolicy | None
_Loop: TypeAlias = Literal[{loops}]

class _KerasCell(Protocol):
    @property
    def state_size(self) -> Any: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

_CellClass = TypeVar("_CellClass", bound=type[AbstractRNNCell])
"""

#: Types of arguments by name; others have that of their default, or of the last word of the name.
TYPES = {
    "cell": "_KerasCell | Sequence[_KerasCell]",
    "dropout": "float",
    "dtype": "_DType",
    "implementation": "Literal[0, 1, 2]",
    "input_dim": "int | None",
    "input_shape": "tuple[int | None, ...] | None",
    "loop": "_Loop",
    "name": "str | None",
    "recurrent_dropout": "float",
    "seed": "int | None",
    "units": "int",
    "use_cudnn": 'bool | Literal["auto"]',
}
KINDS = {
    "activation": "_Activation",
    "constraint": "_Constraint",
    "initializer": "_Initializer",
    "regularizer": "_Regularizer",
}
#: Types of what a cell class declares.
DECLARED = {
    "descriptions": "dict[str, str]",
    "example": "dict[str, Any]",
    "gates": "tuple[str, ...]",
    "keras_only": "tuple[str, ...]",
    "letters": "dict[str, str | tuple[str, ...]]",
    "output_name": "str | None",
    "roles": "dict[str, Any]",
    "states": "tuple[str, ...]",
    "without": "tuple[str, ...]",
}
#: What cells have when they are built; None where a cell has no such weight.
WEIGHTS = ("kernel", "recurrent_kernel", "bias")
#: Of every Keras layer, in no signature of ours.
OF_EVERY_LAYER = {
    "autocast": inspect.Parameter("autocast", inspect.Parameter.KEYWORD_ONLY, default=True),
    "input_shape": inspect.Parameter("input_shape", inspect.Parameter.KEYWORD_ONLY, default=None),
    "input_dim": inspect.Parameter("input_dim", inspect.Parameter.KEYWORD_ONLY, default=None),
}
EMPTY = inspect.Parameter.empty


def stub():
    """The text of the stub, as the formatter writes it."""
    command = [sys.executable, "-m", "ruff", "format", "-", "--stdin-filename", str(TARGET)]
    done = subprocess.run(command, input=_text().encode(), capture_output=True, check=True)
    return done.stdout.decode()


def _text():
    public = {name: getattr(kg, name) for name in sorted(kg.__all__)}
    parts = {"import": [], "cell": [], "layer": [], "function": []}
    for name, value in public.items():
        kind, text = _declaration(name, value)
        parts[kind].append(text)
    loop_names = ", ".join(f'"{name}"' for name in ("auto", *loops.LOOPS))
    return "\n".join(
        [
            HEAD + "\n".join(sorted([BLOCKS, *parts["import"]])),
            ALIASES.replace("{loops}", loop_names),
            "__all__ = [",
            *(f'    "{name}",' for name in kg.__all__),
            "]",
            "__version__: str",
            "",
            _base(),
            *parts["cell"],
            _rnn(),
            *parts["layer"],
            *parts["function"],
        ]
    )


def _declaration(name, value):
    """Where a public name belongs in the stub, and its lines there."""
    if isinstance(value, types.ModuleType):
        parent, _, module = value.__name__.rpartition(".")
        return "import", f"from {parent} import {module} as {name}"
    if isinstance(value, type) and issubclass(value, kg.AbstractRNNCell):
        return "cell", "" if value is kg.AbstractRNNCell else _cell(value)
    if isinstance(value, type) and issubclass(value, kg.RNN):
        return "layer", "" if value is kg.RNN else _layer(value)
    signature = inspect.signature(value)
    annotations = [signature.return_annotation, *(p.annotation for p in _of(signature))]
    if any("RNN" in str(one) or "_CellClass" in str(one) for one in annotations):
        return "function", _function(name, signature, inspect.getdoc(value))
    return "import", f"from {value.__module__} import {value.__name__} as {name}"


def _of(signature):
    return signature.parameters.values()


def _base():
    """`AbstractRNNCell`: what it declares, has and does."""
    cls = kg.AbstractRNNCell
    lines = [f"class {cls.__name__}(keras.layers.Layer):", _docstring(cls.__doc__)]
    own = [c for c in cls.__mro__ if c.__module__.startswith("kerasgates.")]
    members = {name: value for owner in reversed(own) for name, value in vars(owner).items()}
    declared = [*_of(inspect.signature(cls.__init__.declared))][1:]
    hidden = {p.name for p in declared}
    members = {n: v for n, v in members.items() if n[0] != "_" and not hasattr(keras.Layer, n)}
    members = {name: value for name, value in members.items() if name not in hidden}
    methods = {name: value for name, value in members.items() if inspect.isfunction(value)}
    for name, value in members.items():
        if not isinstance(value, (property, *_METHODS)):
            lines.append(f"    {name}: {DECLARED.get(name, 'Any')}")
    lines += [f"    {name}: Any" for name in WEIGHTS]
    lines += [f"    {name}: Any" for name, value in members.items() if isinstance(value, property)]
    lines += _attributes(declared)
    # A cell of a user's own takes what its roles bring besides.
    # Cells without `gates` may leave out their units.
    units = declared[0].replace(default=...)
    parameters = [units, *(p for p in declared[1:] if p.kind is not p.VAR_KEYWORD)]
    lines += _method("__init__", parameters, "None", ["**of_roles: Any"])
    for name, value in methods.items():
        # Each cell gives its states names of its own.
        lines += _own_method(name, value, ["**named: Any"] if name == "step" else [])
    return "\n".join(lines) + "\n"


_METHODS = (types.FunctionType, classmethod, staticmethod)


def _cell(cls):
    base = inspect.signature(kg.AbstractRNNCell.__init__.declared).parameters
    parameters = [*_of(cls.__signature__), *_passed(cls)]
    wrapped = issubclass(cls, kg.CellWrapper) and cls is not kg.CellWrapper
    parent = kg.CellWrapper if wrapped else kg.AbstractRNNCell
    lines = [f"class {cls.__name__}({parent.__name__}):", _docstring(cls.own_text)]
    lines += _attributes([p for p in parameters if p.name not in base])
    lines += _method("__init__", parameters, "None")
    if cls is kg.CellWrapper:
        lines += _further(cls, kg.AbstractRNNCell, {*WEIGHTS, *base})
    return "\n".join(lines) + "\n"


def _further(cls, base, declared):
    """The public methods and properties that a class has beside those of its base.

    Args:
        cls: the class.
        base: its base.
        declared: what the stub of the base has besides, though the class has it not.
    """
    members = {n: v for n, v in vars(cls).items() if n[0] != "_" and not hasattr(base, n)}
    members = {name: value for name, value in members.items() if name not in declared}
    lines = [
        f"    @property\n    def {name}(self) -> Any: ..."
        for name, value in members.items()
        if isinstance(value, property)
    ]
    for name, value in members.items():
        lines += _own_method(name, value) if inspect.isfunction(value) else []
    return lines


def _own_method(name, value, more=()):
    """The lines of a method as it is annotated; what is not may be anything."""
    parameters = [_annotated(p) for p in _of(inspect.signature(value))][1:]
    return _method(name, parameters, "Any", more)


def _rnn():
    """`RNN`, and the base of the layers of all cells."""
    stock = [*_of(inspect.signature(keras.layers.RNN.__init__))][1:]
    known = [p for p in stock if p.kind is not p.VAR_KEYWORD]
    layer = kg.LSTM.__signature__.parameters
    more = [layer[name] for name in ("loop", "activity_regularizer", "trainable", "name", "dtype")]
    more = [p.replace(kind=p.KEYWORD_ONLY) for p in more]
    parameters = [*known, *more, *OF_EVERY_LAYER.values()]
    lines = ["class RNN(keras.layers.RNN):", _docstring(kg.RNN.__doc__)]
    lines += ["    loop: str", *_method("__init__", parameters, "None")]
    lines += [*_further(kg.RNN, keras.layers.RNN, ()), ""]
    lines += ["class _CellLayer(RNN):", "    cell_class: type[AbstractRNNCell]"]
    shared = inspect.signature(kg.AbstractRNNCell.__init__.declared)
    lines += _attributes([*_of(shared)][1:])
    lines += ["    def __init__(self, *args: Any, **kwargs: Any) -> None: ..."]
    return "\n".join(lines) + "\n"


def _layer(cls):
    shared = inspect.signature(kg.AbstractRNNCell.__init__.declared).parameters
    of_layers = {*inspect.signature(keras.layers.RNN.__init__).parameters, "loop"}
    parameters = [*_of(cls.__signature__), *_passed(cls)]
    own = [p for p in parameters if p.name not in {*shared, *of_layers, "activity_regularizer"}]
    lines = [f"class {cls.__name__}(_CellLayer):", _docstring(cls.cell_class.own_text)]
    lines += [*_attributes(own), *_method("__init__", parameters, "None")]
    return "\n".join(lines) + "\n"


def _passed(cls):
    """Parameters that are in no signature: Keras's, with and without effect."""
    only = inspect.Parameter.KEYWORD_ONLY
    defaults = {name: arguments.OF_KERAS[name][0] for name in cls.keras_only}
    passed = [inspect.Parameter(name, only, default=value) for name, value in defaults.items()]
    return [*passed, *OF_EVERY_LAYER.values()]


def _attributes(parameters):
    """What a cell or layer keeps of its arguments; the rest every Keras layer has."""
    # Names of functions, initialisers and so on have become these by then.
    kept = [p for p in parameters if not hasattr(keras.Layer, p.name) and p.kind != p.VAR_KEYWORD]
    kept = [p for p in kept if p.name not in ("name", "trainable", "input_shape", "input_dim")]
    # A wrapper's cell is one of ours, of whatever class.
    free = {"cell", *(p.name for p in kept if _kind(p.name) in KINDS)}
    types_of = {p.name: "Any" if p.name in free else _type(p) for p in kept}
    return [f"    {name}: {found}" for name, found in types_of.items() if name != "autocast"]


def _kind(name):
    return name.rsplit("_", 1)[-1]


def _method(name, parameters, returns, more=()):
    """The lines of a method, an argument a line where they are many."""
    listed = ["self", *_arguments(parameters), *more]
    line = f"    def {name}({', '.join(listed)}) -> {returns}: ..."
    if len(line) <= 100:
        return [line]
    return [f"    def {name}(", *(f"        {one}," for one in listed), f"    ) -> {returns}: ..."]


def _function(name, signature, text):
    listed = ", ".join(_arguments(_of(signature)))
    lines = [f"def {name}({listed}) -> {signature.return_annotation}:", _docstring(text), "    ..."]
    return "\n".join(lines) + "\n"


def _arguments(parameters):
    """Parameters as they are written: `units: int`, `loop: _Loop = "auto"`."""
    signs = {inspect.Parameter.VAR_POSITIONAL: "*", inspect.Parameter.VAR_KEYWORD: "**"}
    starred = False
    for parameter in parameters:
        starred |= parameter.kind is parameter.VAR_POSITIONAL
        if parameter.kind is parameter.KEYWORD_ONLY and not starred:
            starred = True
            yield "*"
        sign = signs.get(parameter.kind, "")
        default = "" if parameter.default is EMPTY or sign else f" = {_literal(parameter.default)}"
        yield f"{sign}{parameter.name}: {_type(parameter)}{default}"


def _annotated(parameter):
    """An argument of a method: its name says nothing of its type."""
    known = parameter.annotation is not EMPTY
    return parameter if known else parameter.replace(annotation="Any")


def _literal(value):
    if isinstance(value, str):
        return f'"{value}"'
    return repr(value) if value is None or isinstance(value, (bool, int, float)) else "..."


def _type(parameter):
    """The type of an argument: as it is annotated, by its name, or by its default."""
    if parameter.annotation is not EMPTY:
        return str(getattr(parameter.annotation, "__name__", parameter.annotation))
    name, default = parameter.name, parameter.default
    found = TYPES.get(name) or KINDS.get(_kind(name))
    if found is None:
        found = type(default).__name__ if isinstance(default, (bool, int, float, str)) else "Any"
    if default is None and found in ("int", "float", "str"):
        found += " | None"
    return found


def _docstring(text):
    """A docstring, indented."""
    lines = inspect.cleandoc(text).splitlines()
    shown = "\n".join(f"    {line}" if line else "" for line in lines)
    closing = "\n    " if len(lines) > 1 else ""
    return f'    """{shown.lstrip()}{closing}"""'


if __name__ == "__main__":
    TARGET.write_text(stub(), "utf-8")
    print(f"wrote {TARGET}")
