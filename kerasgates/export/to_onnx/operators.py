"""Cells as ONNX operators: RNN, GRU and LSTM for every cell whose equations they have.

Several cells are one of these operators with other weights. What no weights make equal is a Loop.
"""

from dataclasses import dataclass

import keras
import numpy as np
from keras import ops

import kerasgates.cells as cells
from kerasgates.export.to_litert.fused_lstm import OPEN
from kerasgates.interop import conventions, convert
from kerasgates.layers import RNN

#: The operator of a cell.
OPERATORS = {
    cells.SimpleRNNCell: "RNN",
    cells.LSTMCell: "LSTM",
    cells.PeepholeLSTMCell: "LSTM",
    cells.CoupledLSTMCell: "LSTM",
    cells.GRUCell: "GRU",
    cells.ResetAfterGRUCell: "GRU",
}


#: Cells that are another one with other weights: which, and what its gates are. "1" is always
#: open, "-f" is 1 − f.
STAND_INS = {
    cells.ProjectedLSTMCell: (cells.LSTMCell, "i f g o"),
    cells.JANETCell: (cells.LSTMCell, "-f f g 1"),
    cells.ESNCell: (cells.SimpleRNNCell, "h"),
} | {
    cell: ({"LSTM": cells.LSTMCell, "GRU": cells.GRUCell}[cell.operator[0]], cell.operator[1])
    for cell in vars(cells).values()
    if getattr(cell, "operator", None) and cell not in OPERATORS
}
#: The activations of each operator in its order, and what they are where it is not told.
FUNCTIONS = {
    "RNN": {"activation": "Tanh"},
    "GRU": {"recurrent_activation": "Sigmoid", "activation": "Tanh"},
    "LSTM": {"recurrent_activation": "Sigmoid", "activation": "Tanh", "output_activation": "Tanh"},
}
#: Keras's activations as the operators name them, with alpha and beta. Not softplus: in these
#: operators onnxruntime gives infinity for it above 88.
ACTIVATIONS = {
    keras.activations.sigmoid: ("Sigmoid",),
    keras.activations.tanh: ("Tanh",),
    keras.activations.relu: ("Relu",),
    keras.activations.linear: ("Affine", 1.0, 0.0),
    keras.activations.hard_sigmoid: ("HardSigmoid", 1 / 6, 0.5),
    keras.activations.leaky_relu: ("LeakyRelu", 0.2),
    keras.activations.elu: ("Elu", 1.0),
    keras.activations.softsign: ("Softsign",),
}
#: Functions that the gate of a coupled cell may have, as σ(−a) = 1 − σ(a) holds for them.
COMPLEMENTED = (keras.activations.sigmoid, keras.activations.hard_sigmoid)
#: Up to this many units an LSTM with R multiplied into U is faster in onnxruntime than a Loop in
#: which R keeps U small: 100 steps take 0.6 ms for 3.8 with 128 units and an R to 32 entries,
#: 21 ms for 11 with 512 and 64.
FOLDED_UNITS = 256


def why_not(layer):
    """Reason why the cells of a layer cannot be nodes; None where they can."""
    if type(layer).inner_loop is not RNN.inner_loop:
        return f"{type(layer).__name__} has a loop of its own"
    return next(filter(None, map(_why_not_cell, cells_of(layer))), None)


def _why_not_cell(cell):
    kind = type(cell)
    if kind not in (*OPERATORS, *STAND_INS):
        return f"no operator has the equations of {kind.__name__}"
    if {cell.compute_dtype, cell.variable_dtype} != {"float32"}:
        return "the operators compute in float32"
    for function in _functions(cell).values():
        if function not in ACTIVATIONS:
            return f"no operator has the activation {getattr(function, '__name__', function)}"
    if kind is cells.ProjectedLSTMCell and cell.units > FOLDED_UNITS:
        return f"with more than {FOLDED_UNITS} units no operator is faster"
    gate = getattr(cell, "recurrent_activation", keras.activations.sigmoid)
    if kind in (cells.CoupledLSTMCell, cells.JANETCell) and gate not in COMPLEMENTED:
        return "two gates of the operator are one only where σ(−a) = 1 − σ(a)"
    if "1" in _stand_in(cell)[1] and gate(ops.convert_to_tensor(OPEN)) != 1:
        return "the operator has one more gate, which this activation cannot hold open"
    return None


def _stand_in(cell):
    """The class of a cell's equivalent, and what its gates are."""
    if isinstance(cell, cells.ESNCell) and cell.leaky != 1:
        return cells.GRUCell, "z 1 h"
    return STAND_INS.get(type(cell), (type(cell), ""))


def _functions(cell):
    """The activations of a cell that its operator has, by the names of the arguments."""
    operator = OPERATORS[_stand_in(cell)[0]]
    return {name: getattr(cell, name) for name in FUNCTIONS[operator]}


def cells_of(layer):
    """The cells of a layer, from the input up."""
    stacked = isinstance(layer.cell, keras.layers.StackedRNNCells)
    return layer.cell.cells if stacked else [layer.cell]


@dataclass(frozen=True)
class Operator:
    """ONNX operator of a cell: the name, weights and attributes of its node.

    Attributes:
        name: `"RNN"`, `"GRU"` or `"LSTM"`.
        weights: W, R, and where there are B and P, each for one direction.
        attributes: those that do not depend on the direction.
        functions: the rows of `ACTIVATIONS` that it has.
        projection: None, or what its output is multiplied by.
    """

    name: str
    weights: dict
    attributes: dict
    functions: list
    projection: np.ndarray | None

    @classmethod
    def of(cls, cell):
        """The operator of a cell for which `why_not` gives None."""
        same = _equivalent(cell)
        tensors, name = convert.to_onnx(same), OPERATORS[type(same)]
        weights = {key: tensors.pop(key) for key in "WRBP" if key in tensors}
        functions = [ACTIVATIONS[getattr(same, function)] for function in FUNCTIONS[name]]
        R = _projection(cell)
        projection = None if R is None else R.astype("float32")
        return cls(name, weights, {"hidden_size": cell.units, **tensors}, functions, projection)


def _equivalent(cell):
    """A cell in `OPERATORS` that computes the same: the cell itself, or one made for it."""
    if type(cell) in OPERATORS:
        return cell
    (kind, order), functions = _stand_in(cell), _functions(cell)
    # By name, the bias of those gates whose weights are zero.
    constant_biases, raised = {"1": OPEN}, 0.0
    if isinstance(cell, cells.JANETCell):
        functions["output_activation"] = "linear"
        raised = np.repeat([1.0, 0.0, 0.0, 0.0], cell.units)
    if isinstance(cell, cells.ESNCell) and cell.leaky != 1:
        functions["recurrent_activation"] = "linear"
        constant_biases = {"1": 1.0, "z": 1 - cell.leaky}

    def arranged(weight, biases):
        blocks = [np.full((*weight.shape[:-1], cell.units), value) for value in biases]
        names = " ".join([*cell.gates, *constant_biases])
        return conventions.permute(np.concatenate([weight, *blocks], axis=-1), names, order)

    W, U, R = _array(cell.kernel), _array(cell.recurrent_kernel), _projection(cell)
    bias = np.zeros(W.shape[-1]) if cell.bias is None else _array(cell.bias)
    initial = dict.fromkeys(("kernel_initializer", "recurrent_initializer"), "zeros")
    new = kind(cell.units, dtype="float32", **functions, **initial)
    new.build((None, cell.features))
    new.kernel.assign(arranged(W, [0.0] * len(constant_biases)))
    new.recurrent_kernel.assign(arranged(U if R is None else R @ U, [0.0] * len(constant_biases)))
    new.bias.assign(arranged(bias, constant_biases.values()) + raised)
    return new


def _projection(cell):
    projected = isinstance(cell, cells.ProjectedLSTMCell)
    return _array(cell.projection_kernel) if projected else None


def _array(weight):
    """A weight in double precision, so that a product of two is rounded once."""
    return ops.convert_to_numpy(weight).astype("float64")
