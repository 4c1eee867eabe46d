"""Gates between 0 and 1 are told by what can be proved of a step, where it can be read at all."""

import keras
import numpy as np
import pytest
from keras import ops

import kerasgates as kg
from kerasgates.insight.replay import PerCellCache, one_step
from tests.cases import FEATURES, UNITS, cell_class, every_cell, identify, make_layer, randomise


class Sin(keras.Layer):
    """A user's layer with the name of a function."""

    def call(self, inputs):
        return 5 * inputs


class Sigmoid(keras.Operation):
    """A user's operation with the name of one of Keras's."""

    def call(self, inputs):
        return 5 * inputs

    def compute_output_spec(self, inputs):
        return keras.KerasTensor(inputs.shape, inputs.dtype)


AROUND = keras.layers.ReLU(negative_slope=0.5)
ADD, MULTIPLY = keras.layers.Add(), keras.layers.Multiply()
SIN, SIGMOID = Sin(), Sigmoid()

#: Gates between 0 and 1 by how a step makes them, of a, b and σ(a); and what can leave that.
GATES = {
    "summed softmax": lambda c, a, s: ops.cumsum(ops.softmax(a / 2.5, axis=-1), axis=-1),
    "of a method": lambda c, a, s: c.softly(a),
    "from the other side": lambda c, a, s: ops.flip(c.softly(a), axis=-1),
    "what is left of it": lambda c, a, s: 1 - c.softly(a),
    "shares": lambda c, a, s: (e := ops.exp(a)) / (ops.sum(e, axis=-1, keepdims=True) + 1e-3),
    "half": lambda c, a, s: s / 2,
    "a third of the opposite": lambda c, a, s: (1 - s) / 3.0,
    "decay": lambda c, a, s: ops.exp(-ops.relu(a) / 3.0),
    "decay by a logarithm": lambda c, a, s: ops.exp(ops.log_sigmoid(a) / 16),
    "below the largest": lambda c, a, s: ops.exp(a - ops.maximum(a, s)),
    "one of two": lambda c, a, s: ops.where(a > 0, s, 0.3),
    "piecewise": lambda c, a, s: ops.where(a < 0, 0.0, ops.where(a > 1, 1.0, a)),
    "cut off": lambda c, a, s: ops.minimum(ops.maximum(a, 0.0), 1.0),
    "clipped": lambda c, a, s: ops.clip(a, 0.1, 0.8),
    "mixed": lambda c, a, s: (m := c.softly(a)) * s * (k := s / 2) + m - m * k,
    "between": lambda c, a, s: s * c.softly(a) + (1 - s) * 0.5,
    "by hand": lambda c, a, s: 1 / (1 + ops.exp(-a)),
    "phase": lambda c, a, s: ops.mod(a, 2.0) / 2.0,
    "all of them": lambda c, a, s: ops.cumprod(s, axis=-1),
    "yes or no": lambda c, a, s: ops.cast(a > 0, "float32"),
    "bump": lambda c, a, s: 1 - ops.square(ops.tanh(a)),
}
#: What is chosen by a condition on other entries; and what is no function of its name.
MOVED = {
    "flipped": lambda c, a, s: ops.where(a > 0, ops.flip(ops.minimum(a, 1), axis=-1), 0),
    "rotated": lambda c, a, s: ops.where(
        a > 0, ops.concatenate([ops.minimum(a, 1)[:, 1:], ops.minimum(a, 1)[:, :1]], axis=-1), 0
    ),
    "mean": lambda c, a, s: ops.where(a > 0, ops.mean(ops.minimum(a, 1), -1, keepdims=True), 0),
    "least": lambda c, a, s: ops.where(a > 0, ops.min(ops.minimum(a, 1), -1, keepdims=True), 0),
    "largest with a number": lambda c, a, s: ops.max(s, -1, keepdims=True, initial=5.0),
    "no number": lambda c, a, s: ops.exp(-ops.sqrt(a)),
}
NAMED = {
    "layer": lambda c, a, s: ops.abs(SIN(a)),
    "operation": lambda c, a, s: SIGMOID(a),
    "leaky": lambda c, a, s: ops.minimum(AROUND(a), 1),
    "sum": lambda c, a, s: ADD([s, a]),
    "product": lambda c, a, s: MULTIPLY([s, a]),
    "called": lambda c, a, s: ops.vectorized_map(lambda row: 5 * row, s),
}
OTHERS = {
    "summed over others": lambda c, a, s: ops.cumsum(ops.softmax(a, axis=0), axis=-1),
    "summed over a batch": lambda c, a, s: ops.cumsum(ops.softmax(a, axis=-1), axis=0),
    "named as a function": lambda c, a, s: c.softmax(a),
    "candidate of a method": lambda c, a, s: c.candidate(a),
    "growth": lambda c, a, s: ops.exp(a / 3.0),
    "twice": lambda c, a, s: s / 0.5,
    "one of two, twice": lambda c, a, s: ops.where(a > 0, 2 * s, 0.3),
    "piecewise, the wrong way": lambda c, a, s: ops.where(a < 0, a, ops.where(a > 1, 1.0, a)),
    "cut off above": lambda c, a, s: ops.minimum(a, 1.0),
    "sum": lambda c, a, s: s + c.softly(a),
    "inverse": lambda c, a, s: 1 / ops.exp(a),
    "below another": lambda c, a, s: ops.exp(a - ops.maximum(2 * a, s)),
    "negative": lambda c, a, s: -s / 2,
    "large phase": lambda c, a, s: ops.mod(a, 2.0),
    "of another sum": lambda c, a, s: ops.exp(a) / (ops.sum(ops.exp(-a), -1, keepdims=True)),
    "shares, doubled": lambda c, a, s: ops.cumsum(2 * ops.softmax(a, axis=-1), axis=-1),
}


def cell_with(**made):
    @kg.register
    class RangedCell(kg.AbstractRNNCell):
        """A user's, with methods of its own."""

        gates = ("a", "n")
        states = ("h",)

        def softly(self, a):
            return ops.cumsum(ops.softmax(a, axis=-1), axis=-1)

        def softmax(self, a):
            return 3 * ops.tanh(a)

        def candidate(self, a):
            return self.activation(a)

        def step(self, Wx, U, h):
            a, n = Wx + h @ U
            s = ops.sigmoid(a)
            return (self.activation(n),), {k: make(self, a, s) for k, make in made.items()}

    cell = RangedCell(UNITS, activation="sigmoid")
    cell.build((None, FEATURES))
    return cell


def seen(cell, rng):
    """The least and the largest value of each gate on inputs of a large range."""
    randomise(cell, rng)
    x = ops.convert_to_tensor(rng.normal(scale=30, size=(64, FEATURES)), "float32")
    ((gates, _),), _ = one_step(cell, x, [ops.zeros((64, n)) for n in cell.state_sizes])
    arrays = {name: ops.convert_to_numpy(value) for name, value in gates.items()}
    return {name: (values.min(), values.max()) for name, values in arrays.items()}


def test_what_is_between_0_and_1_by_construction_is_a_gate_and_nothing_else(rng):
    cell = cell_with(**GATES, **OTHERS)
    assert PerCellCache().bounded(cell) == [*GATES]
    ends = seen(cell, rng)
    for name in GATES:
        assert -1e-6 <= ends[name][0] <= ends[name][1] <= 1 + 1e-6, name
    for name in {*OTHERS} - {"candidate of a method", "below another"}:
        assert ends[name][0] < -1e-3 or ends[name][1] > 1.001, name


@pytest.mark.parametrize("made", [MOVED, NAMED], ids=["moved", "named"])
def test_other_entries_and_other_functions_of_a_name_are_no_gates(made, rng):
    cell = cell_with(**made, z=lambda c, a, s: s)
    assert PerCellCache().bounded(cell) == ["z"]
    ends = seen(cell, rng)
    for name in made:
        assert not (ends[name][0] >= -1e-3 and ends[name][1] <= 1.001), name


def cell_within(kind, inner):
    """A cell whose gate `q` is made by what is its attribute `softmax`."""

    class HoldingCell(kg.AbstractRNNCell):
        """A user's, with a layer or a cell inside."""

        gates = ("a", "n")
        states = ("h",)

        def build_weights(self, features):
            super().build_weights(features)
            self.softmax = inner()
            self.softmax.build((None, self.units))

        def step(self, Wx, U, h):
            a, n = Wx + h @ U
            of_cell = kind == "cell"
            q = self.softmax.recurrent_activation(a) if of_cell else self.softmax(a)
            return (self.activation(n),), {"z": self.recurrent_activation(a), "q": q}

        recurrent_activation = staticmethod(keras.activations.sigmoid)

    cell = HoldingCell(UNITS)
    cell.build((None, FEATURES))
    return cell


@pytest.mark.parametrize(
    ("kind", "inner", "gates"),
    [
        ("layer", lambda: keras.layers.Dense(UNITS), ["z"]),
        ("cell", lambda: kg.GRUCell(UNITS, recurrent_activation="relu"), ["z"]),
        ("cell", lambda: kg.GRUCell(UNITS, recurrent_activation="hard_sigmoid"), ["z", "q"]),
    ],
    ids=["layer", "relu", "hard sigmoid"],
)
def test_what_is_inside_a_cell_is_told_by_itself_and_not_by_its_name(kind, inner, gates):
    assert PerCellCache().bounded(cell_within(kind, inner)) == gates


@pytest.mark.parametrize(("function", "gates"), [("relu", []), ("sigmoid", ["z", "r"])])
def test_a_wrapper_has_the_activation_of_its_cell(function, gates):
    cell = kg.Zoneout(kg.GRUCell(UNITS, recurrent_activation=function), 0.1)
    cell.build((None, FEATURES))
    assert sorted(PerCellCache().bounded(cell)) == sorted(gates)


def test_a_trace_goes_on_where_layers_make_gates(rng):
    cell = cell_with(q=NAMED["sum"], p=NAMED["product"], z=lambda c, a, s: s)
    trace = kg.trace(kg.RNN(cell), rng.normal(size=(2, 3, FEATURES)).astype("float32"))
    assert {row["gate"] for row in trace.saturation()} == {"z"}


@pytest.mark.parametrize(
    ("name", "gates"),
    [
        ("ONLSTMCell", ["mf", "mi", "i", "f", "o"]),
        ("GLACell", ["a"]),
        ("PhasedLSTMCell", ["p", "k", "i", "f", "o"]),
        ("MCLSTMCell", ["i", "r", "o"]),
        ("MLSTMCell", ["i", "f", "o"]),
        # The first step has another stabiliser: f can be any number there.
        ("SLSTMCell", ["o"]),
        ("NASCell", ["l3"]),
    ],
)
def test_gates_of_cells_whose_gates_are_no_plain_sigmoids(name, gates, rng):
    cell = make_layer(name, dict(every_cell_arguments())[name], rng).cell
    assert PerCellCache().bounded(cell) == gates
    around = kg.Zoneout(cell_class(name).from_config(cell.get_config()), 0.1)
    around.build((None, FEATURES))
    assert PerCellCache().bounded(around) == gates


def every_cell_arguments():
    return ((case[0], case[1]) for case in reversed([*every_cell()]))


@pytest.mark.slow
@pytest.mark.parametrize(("name", "arguments"), [*every_cell()], ids=identify)
def test_no_range_that_is_told_is_left(name, arguments, rng):
    cell = make_layer(name, arguments, rng).cell
    bounded = PerCellCache().bounded(cell)
    for _ in range(3):
        ends = seen(cell, rng)
        for gate in bounded:
            assert -1e-6 <= ends[gate][0] <= ends[gate][1] <= 1 + 1e-6, gate


def test_a_row_for_each_gate_between_0_and_1(rng):
    for name, expected in (("ONLSTMCell", ["i", "f", "o", "mf", "mi"]), ("GLACell", ["a"])):
        layer = make_layer(name, dict(every_cell_arguments())[name], rng)
        x = rng.normal(size=(2, 4, FEATURES)).astype("float32")
        rows = kg.trace(layer, x).saturation()
        assert sorted(row["gate"] for row in rows) == sorted(expected)
        assert all(np.isfinite(row["closed"]) for row in rows)
