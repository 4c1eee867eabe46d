"""The networks that libraries have as one operation, and the cells that are one of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import keras
from keras import ops

from kerasgates.core.blocks import Blocks
from kerasgates.core.operations import HALVES
from kerasgates.loops.stepping import is_gated

#: Gates of each network in the order of Keras's weights, as `AbstractRNNCell.operator` has them.
GATES = {"LSTM": "i f g o", "GRU": "z r n", "RNN": "h"}
#: The precisions that a library computes in, states included.
FLOATS = ("float32", "float64")
#: A bias that holds a gate without weights open: its sigmoid is 1 in double precision, too.
OPEN = 120.0
#: What closes or opens a gate at one step, beside products of states that are at most 1, and of
#: weights and biases that sum to less. Half precision, which PyTorch's autocast rounds weights to,
#: has it, too: infinity · 0 would be NaN at all other steps.
SWITCH = 2.0**15
#: By the arguments of a cell: the activations that every library has.
ACTIVATIONS = {
    "LSTM": {
        "recurrent_activation": (keras.activations.sigmoid,),
        "activation": (keras.activations.tanh,),
        "output_activation": (keras.activations.tanh,),
    },
    "GRU": {
        "recurrent_activation": (keras.activations.sigmoid,),
        "activation": (keras.activations.tanh,),
    },
    "RNN": {"activation": (keras.activations.tanh, keras.activations.relu)},
}


def grows(cell):
    """Whether states of a network have no bound: those that no gate and no activation limits.

    Behind the steps that a mask leaves they could overflow, and gradients be NaN: 0 · infinity.
    """
    return cell.operator[0] == "RNN" and cell.activation is keras.activations.relu


def obstacle(cell):
    """Reason why no library runs a cell as one operation; None where one does."""
    # A subclass may compute something else: it says for itself what it is.
    if not is_gated(cell) or vars(type(cell)).get("operator") is None:
        return "no library has its equations as one operation"
    name = cell.operator[0]
    for argument, functions in ACTIVATIONS[name].items():
        if getattr(cell, argument) not in functions:
            return f"libraries have the {name} with {functions[0].__name__} for {argument} alone"
    dtype = cell.variable_dtype
    # A cell that asks for products in half precision gets them in that of its weights.
    if dtype not in FLOATS or cell.compute_dtype not in (dtype, *HALVES):
        return "libraries keep the states in the precision in which they multiply"
    return None


@dataclass(frozen=True)
class Network:
    """A cell as a standard network, in the precision of the cell's variables.

    Attributes:
        name: `"LSTM"`, `"GRU"` (reset after the product) or `"RNN"`.
        order: its gates in the order of the columns of the weights.
        kernel: `(features, gates · units)`.
        recurrent_kernel: `(units, gates · units)`.
        bias: `(gates · units,)`, or None.
        recurrent_bias: the same, added to the product of the state; or None.
        activation: of the candidate.
    """

    name: str
    order: tuple[str, ...]
    kernel: Any
    recurrent_kernel: Any
    bias: Any
    recurrent_bias: Any
    activation: Any

    @classmethod
    def of(cls, cell, order) -> Network:
        """The network that a cell is, with its gates in an order; differentiable in its weights."""
        name, own = cell.operator
        order = tuple(order.split())
        meaning = dict(zip(GATES[name].split(), own.split()))
        blocks = [meaning[gate] for gate in order]
        dtype = cell.variable_dtype

        def arranged(weight, held=0.0):
            if weight is None:
                return None
            weight = ops.cast(weight, dtype)
            if blocks == [*cell.gates]:
                return weight
            named = Blocks(weight, cell.gates)
            return ops.concatenate([_column(named, block, held) for block in blocks], axis=-1)

        bias = cell.bias
        below = bias[1] if bias is not None and len(bias.shape) == 2 else None
        bias = None if bias is None else cell.input_bias()
        if bias is None and "1" in blocks:
            bias = ops.zeros((len(cell.gates) * cell.units,), dtype)
        kernels = arranged(cell.kernel), arranged(cell.recurrent_kernel)
        return cls(name, order, *kernels, arranged(bias, OPEN), arranged(below), cell.activation)

    def with_switch(self) -> Network:
        """The network with one more feature: where that is 1, a step leaves the memory as it is.

        The memory is c of an LSTM. Others have none but h, which the outputs of the steps hold, and
        a row of zeros.
        """
        states = {"i": -SWITCH, "f": SWITCH} if self.name == "LSTM" else {}
        units = self.kernel.shape[-1] // len(self.order)
        row = [
            ops.full((1, units), states.get(gate, 0.0), self.kernel.dtype) for gate in self.order
        ]
        row = ops.concatenate(row, axis=-1)
        return replace(self, kernel=ops.concatenate([self.kernel, row], axis=0))


def _column(named, block, held):
    """The columns of one gate: `1` is always open, `-f` is 1 − f."""
    if block == "1":
        shape = (*named.tensor.shape[:-1], named.width)
        return ops.full(shape, held, named.dtype)
    column = getattr(named, block.removeprefix("-"))
    return -column if block.startswith("-") else column
