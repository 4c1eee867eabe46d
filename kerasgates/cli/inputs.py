"""Models and numbers that commands read from files."""

import logging
import warnings
from pathlib import Path

import keras
import numpy as np

from kerasgates.core._keras import reason


def load_model(model, compiled=False):
    """A model from its file; its loss and optimiser are wanted only for gradients of the loss."""
    if not Path(model).is_file():
        there = "a folder, and no .keras file" if Path(model).is_dir() else ""
        raise ValueError(f"{model!r} is {there}" if there else f"there is no file {model!r}")
    logging.getLogger("kerasgates").info("loading %s", model)
    try:
        with warnings.catch_warnings():
            # Nothing is going to be trained.
            warnings.filterwarnings("ignore", "Skipping variable loading for optimizer")
            return keras.saving.load_model(model, compile=compiled)
    except Exception as error:
        raise ValueError(f"{model!r} cannot be loaded: {reason(error)}") from error


def read_batch(path, argument, model, name):
    """The numbers in a file as a batch that a model reads; one sequence becomes a batch of one.

    Raises:
        ValueError: if the file holds no numbers, or others than the model reads.
    """
    from kerasgates.export.number_files import read_numbers

    array = read_numbers(path, argument)
    inputs = getattr(model, "inputs", None) or []
    if len(inputs) > 1:
        names = ", ".join(tensor.name for tensor in inputs)
        raise ValueError(f"{name!r} reads {len(inputs)} inputs ({names}), and a file holds one")
    if not inputs:
        return array[None] if Path(path).suffix == ".csv" else array
    fitted = _fitted(array, tuple(inputs[0].shape), path, name)
    dtype = keras.backend.standardize_dtype(inputs[0].dtype)
    if "int" not in dtype or fitted.dtype.kind != "f":
        return fitted
    # As a .csv file has tokens.
    if not np.array_equal(fitted, np.round(fitted)):
        raise ValueError(f"{path} holds fractions, and {name} reads {dtype}")
    return fitted.astype(dtype)


def _fitted(array, shape, path, name):
    """An array with the axes that one sequence lacks; raises if it then does not fit `shape`."""
    fitted = array
    if fitted.ndim == 1 and len(shape) == 3:
        fitted = fitted[:, None]
    if fitted.ndim == len(shape) - 1:
        fitted = fitted[None]
    known = [(n, m) for n, m in zip(shape, fitted.shape) if n is not None]
    if fitted.ndim != len(shape) or any(n != m for n, m in known):
        words = ("batch", "time", "features") if len(shape) == 3 else ("batch", "time")
        sizes = ", ".join(str(n or word) for n, word in zip(shape, words))
        raise ValueError(
            f"{path} holds an array of shape {array.shape}, and {name} reads ({sizes})"
        )
    if not fitted.size:
        raise ValueError(f"{path} holds no sequence of a step: its shape is {array.shape}")
    return fitted
