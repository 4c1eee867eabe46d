"""The equations of a cell as expressions, found by calling its `project` and `step` on symbols.

Nothing is written by hand for any cell: the symbols are Keras tensors without values, Keras notes
what is done to them, and that is read back. What a symbol stands for has a letter, as papers have.
"""

import math
from dataclasses import replace
from itertools import accumulate

import keras
import numpy as np

from kerasgates.core._keras import origin_of, unnoticed_by_keras
from kerasgates.core.blocks import SeparateBlocks
from kerasgates.core.cell import AbstractRNNCell
from kerasgates.core.declarations import likely_sizes
from kerasgates.core.wrapper import lineage, title
from kerasgates.formulas.copies import UNITS as UNITS
from kerasgates.formulas.copies import own_sizes, small_copy
from kerasgates.formulas.nodes import TRANSPOSED, Node, all_of, joined, select, total
from kerasgates.formulas.rounds import OneRound, rounds_of
from kerasgates.formulas.stand_ins import Call, Matrix, Product, StandIn, name_of

#: Sizes that stand for any; they differ from each other and from UNITS, and no gate is one number.
FEATURES, BATCH = 5, 2

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
#: Operations that change no value.
SAME = ("Cast", "ConvertToTensor", "BroadcastTo", "Identity", "ExpandDims", "Squeeze", "Reshape")
#: Operations of Keras that work on each entry.
ENTRYWISE = {"Sigmoid": "σ", "Tanh": "tanh", "Relu": "relu", "Exp": "exp", "Absolute": "abs"}


class Equations:
    """The equations of one step.

    Attributes:
        cell: the cell that they were found in, a copy.
        title: name of its class, with what it wraps.
        gates: `Node` of each gate by name.
        states: `Node` of each new state by name.
        functions: names of the activation functions by letter.
        x: `Node` of the input.
        inputs: `Node` of each old state by name.
        rounds: None, or the `Rounds` of which these are the equations of one.

    Args:
        cell: a cell with `gates`, its class, or a layer of it.
        once: whether to find one round alone where the step goes round several times.

    Raises:
        ValueError: if it is anything else, or its step cannot be called on symbols.
    """

    def __init__(self, cell, once=False):
        cell = _cell(cell)
        self.rounds = rounds_of(cell) if once else None
        try:
            with unnoticed_by_keras():
                reader = self._read_rounds(cell)
        except Exception as error:
            name = getattr(cell, "__name__", type(cell).__name__)
            raise ValueError(
                f"Argument `cell`: the step of {name} cannot be written as "
                f"equations. It must compute with keras.ops and operators only. It failed with: "
                f"{type(error).__name__}: {error}"
            ) from error
        self.title, self.functions = title(self.cell), reader.functions
        self.x, self.inputs = reader.node(reader.x), reader.inputs

    def _read_rounds(self, cell):
        """Read one round; all where their number is used for more than to count or to scale."""
        try:
            return self._read_small(cell)
        except Exception:
            if self.rounds is None:
                raise
        self.rounds = None
        return self._read_small(cell)

    def _read_small(self, cell):
        """Read a small copy of a cell: of the first sizes that it can have."""
        errors = []
        sizes = likely_sizes(cell, FEATURES, UNITS)
        for features, units in sizes if isinstance(cell, type) else [*sizes, own_sizes(cell)]:
            # Its Python may ask how large an argument is: then it is a number, no letter.
            for symbols in (True, False):
                try:
                    self.cell = small_copy(cell, features, units)
                    reader = self._read(symbols)
                    if isinstance(cell, type) or not self._has_numbers():
                        return reader
                    # Numbers of columns are to be those of the cell that was given.
                    self.cell = small_copy(cell, *own_sizes(cell))
                    return self._read(symbols)
                except Exception as error:
                    errors.append(error)
        # What went wrong with sizes that a cell is likely to have, and with numbers.
        raise errors[1]

    def _has_numbers(self):
        """Whether some columns have no letter, but numbers."""
        parts = all_of([*self.gates.values(), *self.states.values()])
        return any(part.kind == "columns" and "…" in part.name for part in parts)

    def _read(self, symbols):
        reader = _Reader(self.cell, symbols, self.rounds)
        new, gates = reader.step()
        self.gates = {name: reader.node(value) for name, value in gates.items()}
        self.states = dict(zip(self.cell.states, map(reader.node, new), strict=True))
        return reader


def _cell(given):
    """The cell of a layer, or its class; itself otherwise."""
    cell = given
    # What else has a cell inside does something with it: its equations are not the cell's.
    if isinstance(given, keras.layers.RNN):
        cell = given.cell
    elif isinstance(given, type) and issubclass(given, keras.layers.RNN):
        cell = getattr(given, "cell_class", given)
    kind = cell if isinstance(cell, type) else type(cell)
    if not (issubclass(kind, AbstractRNNCell) and cell.gates):
        raise ValueError(
            f"Argument `cell` must be a kerasgates cell with `gates`, its class or a layer of "
            f"it. Received: {given!r}"
        )
    return cell


class _Reader:
    """Runs a cell on symbolic tensors, and turns the results into nodes."""

    def __init__(self, cell, symbols, rounds):
        self.cell, self.nodes, self.functions, self.inputs = cell, {}, {}, {}
        # Constant arrays without a name, by their values.
        self.arrays = {}
        # Whether numbers among the arguments are symbols, too.
        self.symbols, self.rounds = symbols, rounds
        named = cell.feature_blocks
        blocks = {"blocks": (*named,), "widths": (*named.values(),)} if named else {}
        self.x = self.symbol("x", (BATCH, cell.features), **blocks)
        self.weights, self.rows = {}, {}
        names, widths, count = cell.projected_layout
        self.layout = names, widths or (count // len(names),) * len(names)
        for weight in cell.weights:
            letters, of = self.letters(weight.name), self.blocks(weight)
            # A single block is the whole weight, and its letter says of which gate it is.
            if len(of["blocks"]) == 1 < len(cell.gates) and of["blocks"][0] in cell.gates:
                letters = [f"{letter}_{of['blocks'][0]}" for letter in letters]
            if len(letters) > 1:
                self.rows[letters[0]] = letters
            self.weights[id(weight)] = self.symbol(letters[0], **of)
        names = {weight.name for weight in cell.weights} | {*cell.roles}
        names |= {n for n in cell.letters if any(hasattr(one, n) for one in lineage(cell))}
        if wrong := [n for n in cell.letters if n not in names]:
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

    def blocks(self, weight):
        """Shape of a weight, and the names and widths of its blocks of columns."""
        names = self.cell.blocks_of(weight.name)
        widths, shape = self.cell.widths_of(names), tuple(weight.shape)
        if not shape or shape[-1] != sum(widths):
            names = widths = ()
        return {"shape": shape, "blocks": names, "widths": widths, "weight": True}

    def symbol(self, name, shape, value=None, **of_weight):
        tensor = keras.KerasTensor(shape, dtype="float32")
        width = shape[-1] if shape else 1
        self.nodes[id(tensor)] = tensor, Node("symbol", (), name, width, value, **of_weight)
        return tensor

    def step(self):
        """New states and gate values of one step, as symbolic tensors."""
        cell = self.cell
        stand_in = StandIn(cell, self)
        projected = stand_in.project(self.x)
        whole = self.node(projected)
        names, widths = self.layout
        cell.check_columns(projected, sum(widths))
        parts = []
        for gate, width, last in zip(names, widths, accumulate(widths)):
            part = self.symbol(gate, (BATCH, width))
            if gate in cell.expected:
                # Drawn for each step; an equation has its letter, and says what is expected.
                node = Node("symbol", (), gate, value=cell.expected[gate])
            else:
                node = select(whole, last - width, last, self.layout)
            self.nodes[id(part)] = part, node
            parts.append(part)
        states = [self.symbol(n, (BATCH, *cell.state_shape(n))) for n in cell.states]
        self.inputs = {n: self.node(s) for n, s in zip(cell.states, states)}
        U = cell.recurrent_kernel
        if U is not None:
            U = Matrix(self._parametrised(self.weights[id(U)]), self, cell.recurrent_gates)
        new, gates = stand_in.step(SeparateBlocks(parts, names), U, *states)
        return list(new), gates

    def _parametrised(self, U):
        """The recurrent weights, with the names of what they are made by."""
        for cell in lineage(self.cell)[::-1]:
            if type(cell).parametrised:
                letter = cell.letters.get("parametrise", "parametrise")
                node = Node("call", (self.node(U),), letter, U.shape[-1], elementwise=True)
                U = keras.KerasTensor(U.shape, dtype="float32")
                self.nodes[id(U)] = U, node
        return U

    def columns(self, gate):
        """First column of the recurrent weights of a gate, and the first after them."""
        names, widths = self.cell.recurrent_layout
        if widths is None:
            widths = [self.cell.recurrent_kernel.shape[-1] // len(names)] * len(names)
        first = sum(widths[: names.index(gate)])
        return first, first + widths[names.index(gate)]

    def node(self, value):
        """The node of a symbolic tensor, or of a number."""
        if not isinstance(value, keras.KerasTensor):
            return self._constant(value)
        if id(value) not in self.nodes:
            self.nodes[id(value)] = value, self._read(value)
        return self.nodes[id(value)][1]

    def _constant(self, value):
        """The node of a number, or of an array of numbers."""
        if isinstance(value, OneRound):
            return Node("symbol", (), value.letter)
        array = np.asarray(keras.ops.convert_to_numpy(value))
        first, width = float(array.ravel()[0]), array.shape[-1] if array.shape else 1
        number = Node("constant", width=width, value=first)
        if (array == array.ravel()[0]).all():
            return number
        if array.shape == (width, width) and (array == first * np.eye(width)).all():
            unit = Node("symbol", (), "I", width)
            number.width = 1
            return unit if first == 1 else Node("multiply", (number, unit), width=width)
        attributes = [name for name, one in vars(self.cell).items() if one is value]
        if attributes:
            return Node("symbol", (), self.letters(attributes[0])[0], width)
        known = self.arrays.setdefault((array.shape, array.tobytes()), len(self.arrays))
        return Node("symbol", (), f"C{known + 1}" if known else "C", width)

    def _read(self, tensor):
        operation, arguments, keywords, index = origin_of(tensor)
        name = type(operation).__name__
        width = tensor.shape[-1] if tensor.shape else 1
        if isinstance(operation, Product):
            return Node("product", (operation.matrix, self.node(arguments[0])), width=width)
        if isinstance(operation, Call):
            of = tuple(self.node(value) for value in arguments)
            letter, how = operation.letter, {"elementwise": operation.elementwise}
            return Node("call", of, letter, width, index=operation.index, **how)
        first = self.node(arguments[0]) if not isinstance(arguments[0], (list, tuple)) else None
        shape = tuple(tensor.shape)
        if name in ("ExpandDims", "GetItem") and _is_row(shape, arguments[0].shape):
            return Node("call", (first,), TRANSPOSED, width)
        if name == "Cast" and _is_rounded(arguments[0], tensor):
            letter = "int" if keras.backend.is_int_dtype(tensor.dtype) else "bool"
            return Node("call", (first,), letter, width, elementwise=True)
        if name in SAME:
            return first
        if name == "GetItem" and _is_whole(arguments):
            return first
        if name in ("Split", "GetItem") and first.width not in (1, arguments[0].shape[-1]):
            # Columns of what was reshaped are others.
            first = Node("call", (first,), "reshape", arguments[0].shape[-1])
        if name == "Split":
            at = operation.indices_or_sections
            start = index * width if isinstance(at, int) else [0, *at][index]
            return select(first, start, start + width, self.layout)
        if name == "GetItem":
            return self._item(first, arguments[1], width)
        if name == "Concatenate":
            parts = [self.node(part) for part in arguments[0]]
            return joined(parts, width, [self.cell.kernel_blocks, self.cell.recurrent_gates])
        values = [v for v in (*arguments, *keywords.values()) if v is not None]
        of = tuple(self.node(value) for value in values if not isinstance(value, (bool, str)))
        if name == "Add" and len(total(of)) == 1:
            return total(of)[0]
        if name in ARITHMETIC:
            # Numbers that scale whole matrices need no sign, either.
            sizes = [tuple(value.shape)[-2:] for value in values if hasattr(value, "shape")]
            scaled = "scaled" if len(shape) > 2 and (1, 1) in sizes else ""
            return Node(ARITHMETIC[name], of, scaled, width=width)
        if name == "Matmul":
            # Row vectors in the code, column vectors on paper; a matrix of each row stands first.
            return Node("product", of if len(tensor.shape) > 2 else of[::-1], width=width)
        if name in ("Transpose", "SwapAxes", "Swapaxes"):
            return Node("call", of[:1], TRANSPOSED, width)
        return self._call(operation, of, width)

    def _call(self, operation, of, width):
        """The node of any other operation, as a function of its name."""
        name = type(operation).__name__
        letter = ENTRYWISE.get(name, name.lower())
        if name == "Sigmoid" and name_of(self.cell.recurrent_activation) != "sigmoid":
            # σ is another function here.
            letter = "sigmoid"
        # Numbers that an operation was made with, as the bounds of a clip.
        made_with = {k: v for k, v in vars(operation).items() if k not in ("axis", "axes")}
        numbers = [v for k, v in made_with.items() if k[0] != "_"]
        kinds = int, float, keras.KerasTensor
        of += tuple(
            self.node(v) for v in numbers if isinstance(v, kinds) and not isinstance(v, bool)
        )
        return Node("call", of, letter, width, elementwise=name in ENTRYWISE)

    def _item(self, node, key, width):
        if isinstance(key, int):
            rows = self.rows.get(node.name)
            name = rows[key] if rows else f"{node.name}{key}"
            return replace(node, name=name, width=width)
        if isinstance(key, tuple) and key[0] is Ellipsis and isinstance(key[-1], slice):
            first, _, stride = key[-1].indices(node.width)
            if stride != 1:
                raise TypeError(f"columns {key[-1]} have no name")
            return select(node, first, first + width, self.layout)
        return Node("call", (node,), f"[{key}]", width)


def _is_whole(arguments):
    """Whether an item of a tensor has all its entries, in their order."""
    tensor, key = arguments
    keys = key if isinstance(key, tuple) else (key,)
    steps = {one.step for one in keys if isinstance(one, slice)}
    as_many = math.prod(tensor[key].shape) == math.prod(tensor.shape)
    return as_many and steps <= {None, 1}


def _is_row(shape, before):
    """Whether a vector got an axis that makes it a row, where vectors are columns."""
    return 2 < len(shape) > len(before) and shape[-2] == 1 < shape[-1]


def _rows(letters):
    """Letters of the rows of a weight as a list; one letter is of a weight without rows."""
    return [letters] if isinstance(letters, str) else [*letters]


def _is_rounded(before, after):
    """Whether a cast makes whole numbers, or yes and no, of others."""
    whole = keras.backend.is_int_dtype(after.dtype) or after.dtype == "bool"
    return whole and keras.backend.is_float_dtype(before.dtype)
