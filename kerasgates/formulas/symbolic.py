"""The equations of a cell as expressions, found by calling its `project` and `step` on symbols.

Nothing is written by hand for any cell: the symbols are Keras tensors without values, Keras notes
what is done to them, and that is read back. What a symbol stands for has a letter, as papers have.
"""

import inspect
import types
import warnings

import keras
import numpy as np

from kerasgates.core._keras import origin_of, without_counting_names
from kerasgates.core.blocks import SeparateBlocks
from kerasgates.core.cell import AbstractRNNCell
from kerasgates.core.declarations import required
from kerasgates.formulas.nodes import Node, joined, select

#: Sizes that stand for any; all differ, and no gate is one number.
FEATURES, UNITS, BATCH = 5, 4, 2

#: Kinds of nodes by the operation of Keras.
ARITHMETIC = {
    "Add": "add",
    "Subtract": "subtract",
    "Multiply": "multiply",
    "Divide": "divide",
    "TrueDivide": "divide",
    "Negative": "negative",
    "Power": "power",
}
ACTIVATIONS = ("activation", "recurrent_activation", "output_activation")
#: Operations that change no value.
SAME = ("Cast", "ConvertToTensor", "BroadcastTo", "Identity")
#: Operations of Keras that work on each entry.
ENTRYWISE = {"Sigmoid": "σ", "Tanh": "tanh", "Relu": "relu", "Exp": "exp", "Abs": "abs"}


class Equations:
    """The equations of one step.

    Attributes:
        cell: the cell that they were found in, a copy.
        gates: `Node` of each gate by name.
        states: `Node` of each new state by name.
        functions: names of the activation functions by letter.
        x: `Node` of the input.
        inputs: `Node` of each old state by name.

    Args:
        cell: a cell with `gates`, its class, or a layer of it.

    Raises:
        ValueError: if it is anything else, or its step cannot be called on symbols.
    """

    def __init__(self, cell):
        cell = _cell(cell)
        try:
            with without_counting_names():
                self.cell = _fresh(cell)
                try:
                    reader = self._read(symbols=True)
                except Exception:
                    # Its Python asks how large an argument is: then it is a number, no letter.
                    reader = self._read(symbols=False)
        except Exception as error:
            name = getattr(cell, "__name__", type(cell).__name__)
            raise ValueError(
                f"Argument `cell`: the step of {name} cannot be written as "
                f"equations. It must compute with keras.ops and operators only. It failed with: "
                f"{type(error).__name__}: {error}"
            ) from error
        self.functions = reader.functions
        self.x, self.inputs = reader.node(reader.x), reader.inputs

    def _read(self, symbols):
        reader = _Reader(self.cell, symbols)
        new, gates = reader.step()
        self.gates = {name: reader.node(value) for name, value in gates.items()}
        self.states = dict(zip(self.cell.states, map(reader.node, new), strict=True))
        return reader


def _cell(given):
    """The cell of a layer, or its class; itself otherwise."""
    cell = getattr(given, "cell_class" if isinstance(given, type) else "cell", given)
    kind = cell if isinstance(cell, type) else type(cell)
    if not (issubclass(kind, AbstractRNNCell) and kind.gates):
        raise ValueError(
            f"Argument `cell` must be a kerasgates cell with `gates`, its class or a layer of "
            f"it. Received: {given!r}"
        )
    return cell


def _fresh(cell):
    """A small built copy of a cell; the one that was given is left alone."""
    is_class = isinstance(cell, type)
    kind = cell if is_class else type(cell)
    with warnings.catch_warnings():
        # Warnings of functions that no file can hold: nothing is written.
        warnings.simplefilter("ignore")
        config = {} if is_class else cell.get_config()
    if is_class:
        config = required(kind, UNITS - 1)
    # Nothing random: the next random numbers are to be the same as without this. And a name, or
    # Keras's count of automatic names would go on.
    quiet = {p: "zeros" for p in kind.__signature__.parameters if p.endswith("_initializer")}
    quiet |= {"seed": 0, "name": "cell", "units": UNITS, "dtype": "float32"}
    # As they are: a function of the user's own is in no config that can be read again.
    functions = {} if is_class else {n: getattr(cell, n) for n in ACTIVATIONS if n in config}
    quiet |= dict.fromkeys(functions, "linear")
    copy = kind.from_config({**config, **quiet})
    for name, function in functions.items():
        setattr(copy, name, function)
    copy.build((None, FEATURES))
    return copy


class _Reader:
    """Runs a cell on symbolic tensors, and turns the results into nodes."""

    def __init__(self, cell, symbols):
        self.cell, self.nodes, self.functions, self.inputs = cell, {}, {}, {}
        # Whether numbers among the arguments are symbols, too.
        self.symbols = symbols
        self.x = self.symbol("x", (BATCH, FEATURES))
        self.weights, self.rows = {}, {}
        for weight in cell.weights:
            whole = len(cell.gates) * cell.units
            blocks = tuple(cell.gates) if weight.shape[-1] == whole else ()
            letters = self.letters(weight.name)
            if len(letters) > 1:
                self.rows[letters[0]] = letters
            self.weights[id(weight)] = self.symbol(letters[0], tuple(weight.shape), blocks)
        names = {weight.name for weight in cell.weights} | {*cell.roles}
        if wrong := [n for n in cell.letters if n not in names and not hasattr(cell, n)]:
            raise TypeError(
                "`letters` must be of weights, roles, arguments and methods. "
                f"Received: {wrong[0]!r}"
            )

    def letters(self, name):
        """Letters of a weight's rows, mostly one: `peephole_i` is p_i, `gamma_x` is γ_x.

        They are what the cell declares of the weight or of its role; without that it is its name.
        """
        letters = self.cell.letters
        role, _, index = name.rpartition("_")
        if name not in letters and role in letters:
            return [f"{letter}_{index}" for letter in _rows(letters[role])]
        return _rows(letters.get(name, name))

    def symbol(self, name, shape, blocks=(), value=None):
        tensor = keras.KerasTensor(shape, dtype="float32")
        width = shape[-1] if shape else 1
        self.nodes[id(tensor)] = tensor, Node("symbol", (), name, width, value, blocks=blocks)
        return tensor

    def step(self):
        """New states and gate values of one step, as symbolic tensors."""
        cell = self.cell
        stand_in = _StandIn(cell, self)
        projected = stand_in.project(self.x)
        whole = self.node(projected)
        width = projected.shape[-1] // len(cell.gates)
        parts = []
        for index, gate in enumerate(cell.gates):
            part = self.symbol(gate, (BATCH, width))
            block = select(whole, index * width, (index + 1) * width, cell.gates)
            self.nodes[id(part)] = part, block
            parts.append(part)
        states = [self.symbol(n, (BATCH, s)) for n, s in zip(cell.states, cell.state_sizes)]
        self.inputs = {n: self.node(s) for n, s in zip(cell.states, states)}
        U = cell.recurrent_kernel
        U = None if U is None else _Matrix(self.weights[id(U)], self, cell.gates)
        new, gates = stand_in.step(SeparateBlocks(parts, cell.gates), U, *states)
        return list(new), gates

    def node(self, value):
        """The node of a symbolic tensor, or of a number."""
        if not isinstance(value, keras.KerasTensor):
            array = np.asarray(keras.ops.convert_to_numpy(value))
            if array.size != 1:
                raise TypeError(f"an array of shape {array.shape} that is no weight has no letter")
            return Node("constant", value=float(array.ravel()[0]))
        if id(value) not in self.nodes:
            self.nodes[id(value)] = value, self._read(value)
        return self.nodes[id(value)][1]

    def _read(self, tensor):
        operation, arguments, keywords, index = origin_of(tensor)
        name = type(operation).__name__
        width = tensor.shape[-1] if tensor.shape else 1
        if isinstance(operation, _Product):
            return Node("product", (operation.matrix, self.node(arguments[0])), width=width)
        if isinstance(operation, _Call):
            of = tuple(self.node(a) for a in arguments if isinstance(a, keras.KerasTensor))
            return Node("call", of, operation.letter, width, elementwise=operation.elementwise)
        first = self.node(arguments[0]) if not isinstance(arguments[0], (list, tuple)) else None
        if name in SAME:
            return first
        if name == "Split":
            return select(first, index * width, (index + 1) * width, self.cell.gates)
        if name == "GetItem":
            return self._item(first, arguments[1], width)
        if name == "Concatenate":
            parts = [self.node(part) for part in arguments[0]]
            return joined(parts, width, self.cell.gates)
        values = [v for v in (*arguments, *keywords.values()) if v is not None]
        of = tuple(self.node(value) for value in values if not isinstance(value, (bool, str)))
        if name in ARITHMETIC:
            return Node(ARITHMETIC[name], of, width=width)
        if name == "Matmul":
            # Row vectors in the code, column vectors on paper.
            return Node("product", of[::-1], width=width)
        letter = ENTRYWISE.get(name, name.lower())
        if name == "Sigmoid" and _name(self.cell.recurrent_activation) != "sigmoid":
            # σ is another function here.
            letter = "sigmoid"
        # Numbers that an operation was made with, as the bounds of a clip.
        made_with = {k: v for k, v in vars(operation).items() if k not in ("axis", "axes")}
        numbers = [
            float(v) for k, v in made_with.items() if k[0] != "_" and type(v) in (int, float)
        ]
        of += tuple(Node("constant", value=number) for number in numbers)
        return Node("call", of, letter, width, elementwise=name in ENTRYWISE)

    def _item(self, node, key, width):
        if isinstance(key, int):
            rows = self.rows.get(node.name)
            name = rows[key] if rows else f"{node.name}{key}"
            return Node("symbol", (), name, width, blocks=node.blocks)
        if isinstance(key, tuple) and key[0] is Ellipsis and isinstance(key[-1], slice):
            first, _, stride = key[-1].indices(node.width)
            if stride != 1:
                raise TypeError(f"columns {key[-1]} have no name")
            return select(node, first, first + width, self.cell.gates)
        return Node("call", (node,), f"[{key}]", width)


def _rows(letters):
    """Letters of the rows of a weight as a list; one letter is of a weight without rows."""
    return [letters] if isinstance(letters, str) else [*letters]


class _Product(keras.Operation):
    """Operation that multiplies a matrix, known by name, by a vector."""

    def __init__(self, matrix):
        super().__init__()
        self.matrix = matrix

    def compute_output_spec(self, value):
        return keras.KerasTensor((*value.shape[:-1], self.matrix.width), dtype="float32")


class _Call(keras.Operation):
    """Opaque function, known by its letter or name."""

    def __init__(self, letter, shape=None, elementwise=False):
        super().__init__()
        self.letter, self.shape, self.elementwise = letter, shape, elementwise

    def compute_output_spec(self, value, *more):
        return keras.KerasTensor(self.shape or value.shape, dtype="float32")


class _Matrix(keras.KerasTensor):
    """Symbolic `blocks.Kernel`; a Keras tensor, so that `value @ matrix` calls `__rmatmul__`."""

    def __init__(self, tensor, reader, names=(), single=False):
        super().__init__(tensor.shape, dtype="float32")
        self.tensor, self.reader, self.names, self.single = tensor, reader, tuple(names), single

    def __getitem__(self, names):
        return _Matrix(self.tensor, self.reader, names.split())

    def __getattr__(self, name):
        if name in self.__dict__.get("names", ()):
            return _Matrix(self.tensor, self.reader, [name], single=True)
        raise AttributeError(f"The recurrent weights have no block or attribute {name!r}.")

    def __rmatmul__(self, value):
        whole = self.reader.node(self.tensor)
        if not self.names:
            return _Product(whole)(value)
        gates = self.reader.cell.gates
        width = self.tensor.shape[-1] // len(gates)
        results = []
        for name in self.names:
            first = gates.index(name) * width
            results.append(_Product(select(whole, first, first + width, gates))(value))
        return results[0] if self.single else SeparateBlocks(results, self.names)


class _StandIn:
    """A cell whose weights, numbers and activation functions are symbols."""

    def __init__(self, cell, reader):
        self.__dict__.update(_cell=cell, _reader=reader)

    # `super().step(…)` asks for it.
    __class__ = property(lambda self: type(self._cell))

    def __getattr__(self, name):
        cell, reader = self._cell, self._reader
        method = inspect.getattr_static(type(cell), name, None)
        if isinstance(method, types.FunctionType):
            bound = types.MethodType(method, self)
            own = not hasattr(AbstractRNNCell, name)
            return _opaque(cell.letters.get(name, name), bound) if own else bound
        if isinstance(method, property) and not hasattr(AbstractRNNCell, name):
            return method.fget(self)
        value = getattr(cell, name)
        if name in ACTIVATIONS and callable(value):
            return _activation(name, cell, reader)
        if isinstance(value, keras.Variable):
            return reader.weights[id(value)]
        if reader.symbols and type(value) is float and name in type(cell).__signature__.parameters:
            return reader.symbol(cell.letters.get(name, name), (), value=value)
        return value

    def matrix(self, weight):
        """As `AbstractRNNCell.matrix`."""
        node = self._reader.node(weight)
        name = node.name
        # A matrix has a capital letter.
        matrix = self._reader.symbol(name[0].upper() + name[1:], tuple(weight.shape))
        return _Matrix(matrix, self._reader)


def _activation(name, cell, reader):
    """Opaque activation: σ for gates, φ for candidates, ψ for outputs with another function."""
    function = getattr(cell, name)
    letter = "σ" if name == "recurrent_activation" else "φ"
    if name == "output_activation" and _name(function) != _name(cell.activation):
        letter = "ψ"
    reader.functions[letter] = _name(function)
    return _Call(letter, elementwise=True)


def _name(function):
    return getattr(function, "__name__", type(function).__name__)


def _opaque(letter, method):
    """Wrap a cell's own method as an opaque function, where it maps tensors to one tensor."""

    def call(*arguments, **keywords):
        result = method(*arguments, **keywords)
        given = (*arguments, *keywords.values())
        tensors = [a for a in given if isinstance(a, keras.KerasTensor)]
        matrices = [a for a in tensors if isinstance(a, _Matrix)]
        if not isinstance(result, keras.KerasTensor) or not tensors or matrices:
            return result
        return _Call(letter, result.shape)(*tensors)

    return call
