"""Operations that Keras has not, or of which its form is slow or inexact on a backend."""

from itertools import accumulate

import keras
import numpy as np
from keras import ops

#: The dtypes of half precision.
HALVES = ("float16", "bfloat16")


def matmul(a, b):
    """Product of two tensors.

    On PyTorch Keras's own computes float64 in single precision, and takes ten times as long; on
    TensorFlow it asks for longer than it multiplies where tensors are eager and small.
    """
    # As `is_eager` does; a call less in each of many small steps.
    if type(a).__name__ == type(b).__name__ == "EagerTensor" and a.dtype == b.dtype:
        return a @ b
    if keras.backend.backend() == "torch":
        a, b = ops.convert_to_tensor(a), ops.convert_to_tensor(b)
        if a.dtype == b.dtype:
            return a @ b
    return ops.matmul(a, b)


def as_array(value):
    """An array of what a user gives; also of a tensor of PyTorch that NumPy refuses.

    That is one with a gradient, on a GPU, or of a dtype that NumPy lacks, such as bfloat16: this is
    float32 then, which holds each of its numbers.
    """
    if not hasattr(value, "detach"):
        return np.asarray(value)
    value = value.detach().cpu()
    try:
        return value.numpy()
    except TypeError:
        return value.float().numpy()


def split(tensor, widths):
    """Parts of a tensor's last axis: of these widths, or as many of one width.

    On PyTorch Keras's own takes several times as long, and gives parts of sizes that are not known
    where a step is traced.
    """
    if keras.backend.backend() == "torch" and not isinstance(tensor, keras.KerasTensor):
        tensor = ops.convert_to_tensor(tensor)
        return tensor.chunk(widths, -1) if isinstance(widths, int) else tensor.split(widths, -1)
    if not isinstance(widths, int):
        widths = [*accumulate(widths[:-1])]
        if not widths:
            # TensorFlow refuses to split a tensor at no place.
            return [tensor]
    return ops.split(tensor, widths, axis=-1)


def maximum(a, b):
    """The larger of each two entries of a tensor and of what fits it.

    On PyTorch Keras's own rounds a tensor of float64 to single precision.
    """
    if str(getattr(a, "dtype", "")) == "torch.float64" and not isinstance(b, keras.KerasTensor):
        return a.maximum(ops.convert_to_tensor(b, "float64"))
    return ops.maximum(a, b)


def cast(value, dtype):
    """A tensor of a value in another dtype.

    Keras's own takes its time even where an eager tensor of TensorFlow is in that one already.
    """
    # As `is_eager` does; a call less in each of many small steps.
    if type(value).__name__ == "EagerTensor" and value.dtype == dtype:
        return value
    return ops.cast(value, dtype)


def softmax(a):
    """Softmax over the last axis: shares, which add up to 1.

    Keras's own warns where that axis has one entry, as it has in a cell of one unit.
    """
    return ops.softmax(a, axis=-1) if a.shape[-1] != 1 else ops.exp(a - a)


def is_eager(tensor):
    """Whether a tensor of TensorFlow has values, and belongs to no graph."""
    return type(tensor).__name__ == "EagerTensor"


def by_group(rows, weights, gates):
    """Products of neighbouring entries with weights of their own, side by side by gate.

    Args:
        rows: `(batch, groups · entries)`.
        weights: `(groups, entries, gates · columns)`, in the dtype of the product.
        gates: number of gates.

    Returns:
        `(batch, gates · groups · columns)`: of each gate the columns of all groups, in the dtype of
        `rows`.
    """
    count, entries, columns = weights.shape
    groups = ops.reshape(ops.cast(rows, weights.dtype), (-1, count, entries))
    products = matmul(ops.transpose(groups, (1, 0, 2)), weights)
    products = ops.reshape(products, (count, -1, gates, columns // gates))
    products = ops.transpose(products, (1, 2, 0, 3))
    return ops.cast(ops.reshape(products, (-1, count * columns)), rows.dtype)


def of_width(tensor, entries):
    """The tensor, with as many entries in its last axis where a graph does not know how many."""
    if tensor.shape[-1] is not None:
        return tensor
    return ops.reshape(tensor, (*ops.shape(tensor)[:-1], entries))
