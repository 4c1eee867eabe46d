"""Operations of which Keras's own form is slow or inexact on a backend."""

import keras
from keras import ops


def matmul(a, b):
    """Product of two tensors of one dtype.

    On PyTorch Keras's own computes float64 in single precision, and takes ten times as long.
    """
    return a @ b if keras.backend.backend() == "torch" else ops.matmul(a, b)


def split(tensor, parts):
    """Equal parts of a tensor's last axis; on PyTorch Keras's own takes several times as long."""
    on_torch = keras.backend.backend() == "torch"
    return tensor.chunk(parts, -1) if on_torch else ops.split(tensor, parts, axis=-1)
