"""Euclidean norms that neither underflow nor overflow on the way."""

import numpy as np


def norm(values, axis=None):
    """The Euclidean norm in double precision, of values divided by the largest of them.

    The square of 1e-30 is no number of single precision, nor is that of 1e30; their norms are.

    Args:
        values: numbers of any dtype.
        axis: over which axis; None for all.
    """
    sizes = np.abs(np.asarray(values).astype("float64"))
    largest = sizes.max(axis=axis, keepdims=True, initial=0)
    scale = np.where((largest > 0) & np.isfinite(largest), largest, 1)
    root = np.sqrt(np.sum(np.square(sizes / scale), axis=axis, keepdims=True))
    return np.squeeze(scale * root, axis=axis)


def root_mean_square(values):
    """The square root of the mean of the squares; NaN of an empty array."""
    values = np.asarray(values)
    return float(norm(values) / np.sqrt(values.size)) if values.size else float("nan")
