"""A cell's step run on symbolic tensors, and the nodes of what comes out."""

import functools
from itertools import accumulate

import keras
import numpy as np

from kerasgates.core._keras import scope_as_here
from kerasgates.core.blocks import SeparateBlocks
from kerasgates.core.cell import AbstractRNNCell
from kerasgates.core.wrapper import lineage
from kerasgates.formulas.captures import captured, read_at_once
from kerasgates.formulas.nodes import Node, select
from kerasgates.formulas.operations import node_of, survey
from kerasgates.formulas.recording import recording
from kerasgates.formulas.rounds import OneRound
from kerasgates.formulas.stand_ins import Matrix, StandIn

#: Number of rows of a batch: no other axis is as long.
BATCH = 1009
#: Letters of what is drawn at each step; the first that the cell has not.
DRAWN = "εξη"


def read(cell, symbols, rounds, batch=BATCH):
    """The `Reader` of a cell that has run its step, with gates and new states as nodes.

    Where the step draws random numbers, they are numbers here. It runs twice, then, and what has
    other values the second time is what it draws.

    Args:
        cell: built, of sizes that stand for any.
        symbols: whether numbers among its arguments are symbols, too.
        rounds: None, or its `Rounds`, of which one is read.
        batch: number of rows.
    """
    # What the step assigns, seeds among it, is to stay as it is.
    with scope_as_here() as scope:
        before = dict(scope.state_mapping)
        reader = Reader(cell, symbols, rounds, batch)
        reader.run()
        assigned = {k for k, v in scope.state_mapping.items() if before.get(k) is not v}
        if assigned:
            first = reader.values
            reader = Reader(cell, symbols, rounds, batch)
            reader.earlier, reader.assigned = first, assigned
            reader.run()
            # In a method, say, whose inside no equation shows.
            reader.unsure = reader.unsure or ["values that it draws or assigns at each step"]
    return reader


class Reader:
    """Runs a cell on symbolic tensors, and turns the results into nodes.

    Attributes:
        gates, states: `Node` of each gate and new state, by name.
        inputs: `Node` of each old state, by name.
        functions: names of the activation functions by letter.
        linear: by letter, whether such a function gives back what it is given.
        unsure: words for what the step does more than the equations show.
        leaves: tensors that stand for values of the cell, by id.
        surveyed: what there is to say of each operation, to be compared with another reading.
        turned: ids of nodes of tensors of which axes have changed places.
    """

    def __init__(self, cell, symbols, rounds, batch):
        self.cell, self.nodes, self.functions, self.inputs = cell, {}, {}, {}
        self.batch, self.unsure, self.turned, self.leaves = batch, [], set(), {}
        self.surveyed = []
        self.linear = {}
        # Constant arrays without a name, by their values; and all, in the order of the code.
        self.arrays, self.values = {}, []
        # What these were when the step ran before, and ids of the variables that it has assigned.
        self.earlier, self.assigned = None, set()
        # Whether numbers among the arguments are symbols, too.
        self.symbols, self.rounds = symbols, rounds
        named = cell.feature_blocks
        blocks = {"blocks": (*named,), "widths": (*named.values(),)} if named else {}
        self.x = self.symbol("x", (self.batch, cell.features), **blocks)
        self.weights, self.rows = {}, {}
        names, widths, count = cell.projected_layout
        self.layout = names, widths or (count // len(names),) * len(names)
        self.layers = _layers(cell)
        for weight in cell.weights:
            self.weights[id(weight)] = self._weight(weight)
        names = {weight.name for weight in cell.weights} | {*cell.roles}
        names |= {n for n in cell.letters if any(hasattr(one, n) for one in lineage(cell))}
        if wrong := [n for n in cell.letters if n not in names]:
            raise TypeError(
                "`letters` must be of weights, roles, arguments and methods. "
                f"Received: {wrong[0]!r}"
            )

    def run(self):
        """Read the step: gates and new states."""
        with recording(read_at_once):
            new, gates = self.step()
            self.gates = {name: self.node(value) for name, value in gates.items()}
            self.states = dict(zip(self.cell.states, map(self.node, new), strict=True))

    def _weight(self, weight):
        """The symbol of a weight; of one of a layer inside, by the names of both."""
        for layer, name in self.layers.items():
            if any(weight is one for one in layer.weights):
                letter = self.letters(f"{name}_{weight.name}")[0]
                return self.symbol(letter, tuple(weight.shape), weight=True)
        letters, of = self.letters(weight.name), self.blocks(weight)
        # A single block is the whole weight, and its letter says of which gate it is.
        if len(of["blocks"]) == 1 < len(self.cell.gates) and of["blocks"][0] in self.cell.gates:
            letters = [f"{letter}_{of['blocks'][0]}" for letter in letters]
        if len(letters) > 1:
            self.rows[letters[0]] = letters
        return self.symbol(letters[0], **of)

    def letter_of_layer(self, layer):
        """Letter of a layer inside: the name of the attribute that it is, or of its class."""
        name = self.layers.get(layer, type(layer).__name__.lower())
        return self.letters(name)[0]

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
        self.leaves[id(tensor)] = tensor
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
            part = self.symbol(gate, (self.batch, width))
            if gate in cell.expected:
                # Drawn for each step; an equation has its letter, and says what is expected.
                node = Node("symbol", (), gate, value=cell.expected[gate])
            else:
                node = select(whole, last - width, last, self.layout)
            self.nodes[id(part)] = part, node
            parts.append(part)
        states = [self.symbol(n, (self.batch, *cell.state_shape(n))) for n in cell.states]
        self.inputs = {n: self.node(s) for n, s in zip(cell.states, states)}
        U = cell.recurrent_kernel
        if U is not None:
            U = Matrix(self._parametrised(self.weights[id(U)]), self, cell.recurrent_gates)
        new, gates = stand_in.step(SeparateBlocks(parts, names), U, *states)
        return list(new), gates

    def found_inside(self, result, given):
        """What a method reads beside its arguments: tensors, and whether weights are among it.

        Args:
            result: what it returned.
            given: its arguments.
        """
        visit = functools.partial(survey, self)
        found = captured(result, given, self.leaves, visit=visit)
        nodes = [self.nodes[id(tensor)][1] for tensor in found]
        values = [t for t, node in zip(found, nodes) if not node.weight and node.value is None]
        return values, any(node.weight for node in nodes)

    def look_through(self, function):
        """Note what an activation function does beyond the entries of one row."""
        value = keras.KerasTensor((self.batch, self.cell.units), dtype="float32")
        try:
            result = function(value)
        except Exception:
            # One of TensorFlow's own, say: it takes no symbols.
            return
        captured(result, [value], self.leaves, visit=functools.partial(survey, self))

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
        """The node of a symbolic tensor, of a variable, or of a number."""
        if isinstance(value, keras.Variable):
            return self._variable(value)
        if not isinstance(value, keras.KerasTensor):
            return self._constant(value)
        if id(value) not in self.nodes:
            self.nodes[id(value)] = value, node_of(self, value)
        return self.nodes[id(value)][1]

    def variable(self, variable):
        """The symbol of a variable, which may be one of a layer inside the cell."""
        if id(variable) not in self.weights:
            if id(variable) in self.assigned:
                self.unsure.append(f"{variable.name}, which changes from step to step")
            of = {"weight": variable.trainable}
            self.weights[id(variable)] = self.symbol(variable.name, tuple(variable.shape), **of)
        return self.weights[id(variable)]

    def _variable(self, variable):
        return self.node(self.variable(variable))

    def _constant(self, value):
        """The node of a number, or of an array of numbers."""
        if isinstance(value, OneRound):
            return Node("symbol", (), value.letter)
        array = np.asarray(keras.ops.convert_to_numpy(value))
        first, width = float(array.ravel()[0]), array.shape[-1] if array.shape else 1
        number = Node("constant", width=width, value=first)
        if self._is_drawn(array):
            self.unsure.append("random numbers")
            own = {letter for of in self.cell.letters.values() for letter in _rows(of)}
            letter = next((letter for letter in DRAWN if letter not in own), "drawn")
            return self._array(array, letter, drawn=True)
        if (array == array.ravel()[0]).all():
            return number
        if array.shape == (width, width) and (array == first * np.eye(width)).all():
            unit = Node("symbol", (), "I", width)
            number.width = 1
            return unit if first == 1 else Node("multiply", (number, unit), width=width)
        attributes = [name for name, one in vars(self.cell).items() if one is value]
        if attributes:
            return Node("symbol", (), self.letters(attributes[0])[0], width)
        return self._array(array, "C")

    def _array(self, array, letter, drawn=False):
        """The node of an array without a name: C, C2 and so on."""
        known = self.arrays.setdefault(letter, {})
        number = known.setdefault((array.shape, array.tobytes()), len(known))
        name = f"{letter}{number + 1}" if number else letter
        width = array.shape[-1] if array.shape else 1
        return Node("symbol", (), name, width, drawn=drawn)

    def _is_drawn(self, array):
        """Whether an array was another when the step ran before."""
        at = len(self.values)
        self.values.append(array)
        if self.earlier is None or at >= len(self.earlier):
            return False
        before = self.earlier[at]
        return before.shape == array.shape and not np.array_equal(before, array, equal_nan=True)


def _rows(letters):
    """Letters of the rows of a weight as a list; one letter is of a weight without rows."""
    return [letters] if isinstance(letters, str) else [*letters]


def _layers(cell):
    """Layers inside a cell that are no cells of ours, and the names of the attributes."""
    names = {}
    for one in lineage(cell):
        # PyTorch's modules keep those inside apart from their other attributes.
        children = dict(one.named_children()) if hasattr(one, "named_children") else {}
        for name, value in {**vars(one), **children}.items():
            if name[0] == "_":
                continue
            several = isinstance(value, (list, tuple, dict))
            for number, layer in enumerate(keras.tree.flatten(value) if several else [value]):
                if isinstance(layer, keras.Layer) and not isinstance(layer, AbstractRNNCell):
                    names.setdefault(layer, f"{name}_{number + 1}" if several else name)
    return names
