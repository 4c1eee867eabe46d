"""The gates of a cell as the operations of its step, its own methods opened, with their axes."""

from __future__ import annotations

import inspect
import types
from dataclasses import dataclass

import keras
import numpy as np

from kerasgates.core._keras import origin_of, unnoticed_by_keras
from kerasgates.core.blocks import SeparateBlocks
from kerasgates.core.cell import AbstractRNNCell
from kerasgates.formulas.nodes import Node
from kerasgates.formulas.operations import ARITHMETIC
from kerasgates.formulas.stand_ins import ACTIVATIONS
from kerasgates.insight.known_ranges import ANY, range_of

#: Rows that stand for any number.
BATCH = 2
#: Operations that change neither values nor places; and those that change places alone.
SAME = ("ConvertToTensor", "Identity", "StopGradient")
MOVED = (
    *("BroadcastTo", "ExpandDims", "Flip", "GetItem", "Moveaxis", "Ravel", "Repeat", "Reshape"),
    *("Roll", "Split", "Squeeze", "Swapaxes", "SwapAxes", "Take", "Tile", "Transpose"),
)
#: Arguments that operations are made with and that are no numbers to compute with.
AXES = ("axis", "axes", "axis1", "axis2", "source", "destination")


@dataclass(eq=False)
class Operation(Node):
    """Node of an operation whose axis is known.

    Attributes:
        axis: counted from the last, which is -1; None for all or several.
        ends: of an array of numbers, or of an activation, the least and the largest.
    """

    axis: int | None = None
    ends: tuple = ()


def opened_gates(cell):
    """Nodes of the gates of a cell by name; none where its step cannot be called on symbols.

    The second of the two results says whether all operations are those of Keras and call no
    functions: then each is what its name says.

    Activations stay closed: what is made by φ is no gate whatever φ is.

    Args:
        cell: that of `Equations`, a built copy whose weights stand for any.
    """
    with unnoticed_by_keras():
        return _opened_gates(cell)


def _opened_gates(cell):
    names, widths, columns = cell.projected_layout
    widths = widths or (columns // len(names),) * len(names)
    parts = [_symbol(BATCH, width) for width in widths]
    states = [_symbol(BATCH, *cell.state_shape(name)) for name in cell.states]
    U = cell.recurrent_kernel
    if U is not None:
        U = _Recurrent(U.shape, *cell.recurrent_layout)
    try:
        _, gates = _Open(cell).step(SeparateBlocks(parts, names), U, *states)
        reader = _Reader()
        return {name: reader.node(value) for name, value in gates.items()}, reader.is_plain
    except Exception:
        # Whatever a step does that symbols cannot: nothing is known then.
        return {}, False


def _symbol(*shape):
    return keras.KerasTensor(shape, dtype="float32")


class _Closed(keras.Operation):
    """Function of which only a name, a range and the shape of what it gives are known."""

    def __init__(self, letter, width=None, ends=ANY):
        super().__init__()
        self.letter, self.width, self.ends = letter, width, ends

    def compute_output_spec(self, value):
        return _symbol(*value.shape[:-1], self.width or value.shape[-1])


class _Recurrent(keras.KerasTensor):
    """Recurrent weights; a Keras tensor, so that `value @ weights` calls `__rmatmul__`."""

    def __init__(self, shape, names, widths, single=False):
        super().__init__(tuple(shape), dtype="float32")
        self.names, self.single = tuple(names), single
        self.widths = widths or (shape[-1] // max(len(names), 1),) * len(names)

    def __getitem__(self, names):
        return self._of(names.split())

    def __getattr__(self, name):
        if name in self.__dict__.get("names", ()):
            return self._of([name], single=True)
        raise AttributeError(name)

    def _of(self, names, single=False):
        widths = [self.widths[self.names.index(name)] for name in names]
        return _Recurrent((*self.shape[:-1], sum(widths)), names, widths, single)

    def __rmatmul__(self, value):
        if not self.names:
            return _Closed("", self.shape[-1])(value)
        parts = [_Closed("", width)(value) for width in self.widths]
        return parts[0] if self.single else SeparateBlocks(parts, self.names)


class _Open:
    """A cell whose weights and activations are symbols, and whose methods are its own."""

    def __init__(self, cell):
        self.__dict__.update(_cell=cell, _weights={})

    # `super().step(…)` asks for it.
    __class__ = property(lambda self: type(self._cell))

    def __getattr__(self, name):
        cell = self._cell
        method = inspect.getattr_static(type(cell), name, None)
        if isinstance(method, types.FunctionType):
            return types.MethodType(method, self)
        if isinstance(method, property):
            return method.fget(self)
        value = getattr(cell, name)
        if name in ACTIVATIONS and callable(value):
            is_gate = name == "recurrent_activation"
            # Each cell within has an activation of its own.
            return _Closed("σ", ends=range_of(value)) if is_gate else _Closed("φ")
        if isinstance(value, AbstractRNNCell):
            return _Open(value)
        if isinstance(value, keras.Variable):
            return self._weights.setdefault(name, _symbol(*value.shape))
        return value

    def matrix(self, weight):
        """A weight to multiply by, in place of `AbstractRNNCell.matrix`."""
        return weight


class _Reader:
    """Turns symbolic tensors into nodes.

    Attributes:
        is_plain: whether every operation so far is one of Keras's, and none calls functions.
    """

    def __init__(self):
        self._nodes, self.is_plain = {}, True

    def node(self, value):
        """The node of a symbolic tensor, a number or an array."""
        if not isinstance(value, keras.KerasTensor):
            return _number(value)
        if id(value) not in self._nodes:
            history = getattr(value, "_keras_history", None)
            is_made = getattr(history, "operation", None) is not None
            node = self._read(value) if is_made else Operation("symbol")
            self._nodes[id(value)] = value, node
        return self._nodes[id(value)][1]

    def _read(self, tensor):
        operation, arguments, keywords, _ = origin_of(tensor)
        kind = type(operation).__name__
        first = arguments[0] if arguments else next(iter(keywords.values()))
        if isinstance(operation, _Closed):
            of = tuple(self.node(v) for v in arguments)
            return Operation("call", of, operation.letter, ends=operation.ends)
        made_with = {k: v for k, v in vars(operation).items() if k[0] != "_"}
        if not _is_told(operation, [*arguments, *keywords.values(), *made_with.values()]):
            # A layer or an operation of somebody's may have the name of a function.
            self.is_plain = False
            return Operation("symbol")
        if kind in ("Concatenate", "Stack"):
            return Operation("join", tuple(self.node(part) for part in first))
        if kind in SAME or (kind == "Cast" and not keras.backend.is_int_dtype(tensor.dtype)):
            node = self.node(first)
            return Operation("call", (node,), "bool") if tensor.dtype == "bool" else node
        if kind in MOVED:
            return Operation("columns", (self.node(first),))
        values = [v for given in (*arguments, *keywords.values()) for v in _values(given)]
        values += [v for k, v in made_with.items() if k not in AXES and _is_value(v)]
        of = tuple(map(self.node, values))
        if kind in ARITHMETIC:
            return Operation(ARITHMETIC[kind], of)
        if kind == "Matmul":
            return Operation("product", of)
        name = {"Cast": "int", "Absolute": "abs"}.get(kind, kind.lower())
        keeps = "keepdims" if getattr(operation, "keepdims", False) else ""
        axis = _axis(operation, first)
        return Operation("call", of, name, index=keeps, axis=axis)


def _is_told(operation, values):
    """Whether an operation is what its name says: of Keras, no layer, and calling no function."""
    is_ours = type(operation).__module__.startswith("keras.")
    calls = any(callable(v) and not isinstance(v, keras.KerasTensor) for v in values)
    return is_ours and not isinstance(operation, keras.Layer) and not calls


def _values(given):
    """Values in an argument of an operation: of a list that has tensors, each of its own."""
    if not isinstance(given, (list, tuple)):
        return [given] if _is_value(given) else []
    parts = keras.tree.flatten(given)
    if any(isinstance(part, keras.KerasTensor) for part in parts):
        return [part for part in parts if _is_value(part)]
    numbers = parts and all(isinstance(part, (int, float)) for part in parts)
    return [np.asarray(given)] if numbers else []


def _is_value(value):
    """Whether an argument of an operation is a number, an array or a tensor."""
    if value is None or isinstance(value, (bool, str, list, tuple, dict)):
        return False
    return isinstance(value, (int, float, keras.KerasTensor)) or hasattr(value, "shape")


def _number(value):
    """The node of a number, or of an array of numbers."""
    if isinstance(value, keras.Variable):
        return Operation("symbol")
    array = np.asarray(keras.ops.convert_to_numpy(value), "float64")
    ends = float(array.min()), float(array.max())
    if ends[0] == ends[1]:
        return Operation("constant", value=ends[0])
    return Operation("array", ends=ends)


def _axis(operation, tensor):
    """The axis of an operation, counted from the last; None for all or several."""
    axis = getattr(operation, "axis", None)
    if isinstance(axis, (list, tuple)) and len(axis) == 1:
        (axis,) = axis
    if not isinstance(axis, int):
        return None
    return axis if axis < 0 else axis - len(tensor.shape)
