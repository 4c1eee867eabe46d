"""Conventions of other libraries: order, names and layout of their weights, as data."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike

from kerasgates.core.blocks import Blocks


def _orders(text):
    """Orders of blocks by class name, from text such as `"LSTM i f g o, GRU z r n"`."""
    parts = [item.partition(" ") for item in text.split(", ")]
    return {f"{name}Cell": order for name, _, order in parts}


def _names(ours, theirs=None):
    return dict(zip(ours.split(), (theirs or ours).split()))


@dataclass(frozen=True)
class Convention:
    """Layout of the weights in a library.

        >>> own = kg.convert.Convention({"GRUCell": "r z n"}, transposed=True)
        >>> layer = kg.GRU(3)
        >>> layer.build((None, None, 2))
        >>> kg.convert.to_arrays(layer, own)["kernel"].shape
        (9, 2)

    Attributes:
        orders: by class name, the library's order of column blocks in our letters. `-z` is a block
            whose gate is 1 − z; to `f+1` the library adds 1 at run time.
        names: by our names, the library's names of the weights, in its order.
        transposed: whether matrices are `(blocks · units, rows)`.
        joined: by name, our names of the weights that stand in one array, one after the other.
        biases: `"one"` vector; `"two"`, of the input and of the recurrent product; or `"rows"`, the
            two in one array where the cell keeps them apart, else one vector.
        states: the order of output h and memory c.
    """

    orders: dict
    names: dict = field(default_factory=lambda: _names("kernel recurrent_kernel bias"))
    transposed: bool = False
    joined: dict = field(default_factory=dict)
    biases: str = "one"
    states: tuple = ("h", "c")
    #: By class name, how a cell of the same name is another function there.
    different: dict = field(default_factory=dict, init=False, repr=False)

    def marks(self, cell):
        """The order of a cell, in which signs and amounts at run time stand."""
        return self.orders[type(cell).__name__]


#: Those of libraries whose weights all stand in one order of blocks.
REGULAR = {
    "keras": Convention(
        _orders("SimpleRNN h, LSTM i f g o, GRU z r n, ResetAfterGRU z r n"), biases="rows"
    ),
    "torch": Convention(
        _orders("SimpleRNN h, LSTM i f g o, ProjectedLSTM i f g o, ResetAfterGRU r z n"),
        _names(
            "kernel recurrent_kernel bias recurrent_bias projection_kernel",
            "weight_ih weight_hh bias_ih bias_hh weight_hr",
        ),
        transposed=True,
        biases="two",
    ),
    # The coupled one has the gates i and f = 1 − i, and ignores its third block.
    "onnx": Convention(
        _orders("SimpleRNN h, LSTM i o f g, PeepholeLSTM i o f g, CoupledLSTM -f o f g")
        | _orders("GRU z r n, ResetAfterGRU z r n"),
        _names("kernel recurrent_kernel bias peepholes", "W R B P"),
        transposed=True,
        joined={"bias": "bias recurrent_bias", "peepholes": "peephole_i peephole_o peephole_f"},
        biases="two",
    ),
    # The kernels of gates and candidate of its GRUCell side by side.
    "tf1": Convention(
        _orders("LSTM i g f+1 o, PeepholeLSTM i g f+1 o, ProjectedLSTM i g f+1 o")
        | _orders("CoupledLSTM g f+1 o, GRU r z n, UGRNN z+1 n"),
        _names("kernel bias peephole_i peephole_f peephole_o projection_kernel"),
        joined={"kernel": "kernel recurrent_kernel"},
        states=("c", "h"),
    ),
    # W [a, x] + b of columns: the matrices of Γ_u Γ_f Γ_o c̃, or of Γ_u Γ_r c̃, on top of each
    # other. In the GRU Γ_u is the share of the candidate.
    "lectures": Convention(
        _orders("SimpleRNN h, LSTM i f o g, NoOutputGateLSTM i f g")
        | _orders("GRU -z r n, ResetAfterGRU -z r n, UGRNN -z n"),
        transposed=True,
        joined={"kernel": "recurrent_kernel kernel"},
    ),
    # TensorFlow Addons, two families. In this one the recurrent kernel comes first.
    "addons": Convention(
        _orders("NAS 0 1 2 3 4 5 6 7, ESN h"),
        _names("recurrent_kernel kernel bias projection_kernel"),
        states=("c", "h"),
    ),
    "addons_lstm": Convention(
        _orders("PeepholeLSTM i f g o"),
        _names("kernel recurrent_kernel bias peephole_i peephole_f peephole_o"),
    ),
}

#: Attributes of the ONNX node that a cell stands for; others are 0.
ONNX_ATTRIBUTES = {
    "CoupledLSTMCell": {"input_forget": 1},
    "ResetAfterGRUCell": {"linear_before_reset": 1},
}


def permute(array: ArrayLike, source: str, target: str, axis: int = -1) -> np.ndarray:
    """Reorder the blocks of an array along an axis.

        >>> kg.convert.permute([1.0, 2.0, 3.0], "z r n", "r -z n")
        array([ 2., -1.,  3.])

    Args:
        array: of any shape; the axis has blocks of the same width side by side.
        source: names of the blocks as they stand, such as `"i o f g"`. Of blocks of one name the
            first counts.
        target: names in the order wanted; a block that is `-z` on one side only changes its sign.
        axis: the axis.

    Returns:
        A new array.

    Raises:
        ValueError: if the axis cannot be cut into as many blocks.
        KeyError: if `target` has a block that `source` has not.
    """
    source_labels, target_labels = labels(source), labels(target)
    names = [name for _, name, _ in source_labels]
    signs = {name: sign for sign, name, _ in reversed(source_labels)}
    blocks = Blocks(np.moveaxis(np.asarray(array), axis, -1), names)
    picked = [blocks[name].tensor * (sign * signs[name]) for sign, name, _ in target_labels]
    return np.moveaxis(np.concatenate(picked, axis=-1), -1, axis)


def labels(order):
    """Sign, name and run-time bias of each block: `-z` is (-1, "z", 0), `f+1` is (1, "f", 1)."""
    parts = [label.partition("+") for label in order.split()]
    return [(-1 if name[0] == "-" else 1, name.lstrip("-"), float(n or 0)) for name, _, n in parts]
