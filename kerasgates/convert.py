"""Weights to and from other libraries: their conventions as data, one permutation.

    convert.from_torch(layer, torch_lstm.state_dict())
    convert.from_keras(layer, keras_lstm.get_weights())
    convert.from_onnx(layer, W, R, B)
    convert.from_arrays(layer, "tf1", kernel=kernel, bias=bias)
    convert.from_arrays(layer, "torchrecurrent", **torchrecurrent_cell.state_dict())

Each `from_…` has a `to_…`, which returns new arrays. A target is a built cell, its layer, or
`keras.layers.Bidirectional` around the layer; for PyTorch, Keras and TensorFlow Addons also a
list of these, a stack from the input up. What is not a weight is yours to set alike:
activations (`nonlinearity="relu"` of PyTorch's RNN), `leaky` of the ESN, `clip` of ONNX.

TypeError: the other library does not have the cell. ValueError: weights are missing, left over (as
biases are without `use_bias`) or of another shape or dtype. Nothing has changed then.
"""

from kerasgates.interop.conventions import Convention, permute
from kerasgates.interop.convert import (
    from_addons,
    from_arrays,
    from_keras,
    from_onnx,
    from_torch,
    negate_gate,
    to_addons,
    to_arrays,
    to_keras,
    to_onnx,
    to_torch,
)
from kerasgates.interop.libraries import CONVENTIONS
from kerasgates.interop.pieces import Layouts

__all__ = [
    "CONVENTIONS",
    "Convention",
    "Layouts",
    "from_addons",
    "from_arrays",
    "from_keras",
    "from_onnx",
    "from_torch",
    "negate_gate",
    "permute",
    "to_addons",
    "to_arrays",
    "to_keras",
    "to_onnx",
    "to_torch",
]
