"""Operations of which Keras's own form is slow or inexact on a backend."""

from itertools import accumulate

import keras
from keras import ops


def matmul(a, b):
    """Product of two tensors.

    On PyTorch Keras's own computes float64 in single precision, and takes ten times as long.
    """
    if keras.backend.backend() == "torch":
        a, b = ops.convert_to_tensor(a), ops.convert_to_tensor(b)
        if a.dtype == b.dtype:
            return a @ b
    return ops.matmul(a, b)


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
    return ops.split(tensor, widths, axis=-1)
