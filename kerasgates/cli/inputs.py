"""Models and numbers that commands read from files."""

import logging
import re
import warnings
from pathlib import Path

import keras
import numpy as np

from kerasgates.cli import imports
from kerasgates.cli.options import check_file
from kerasgates.core._keras import reason


def load_model(model, modules=(), compiled=False):
    """A model from its file; its loss and optimiser are wanted only for gradients of the loss.

    Args:
        model: path of a .keras file.
        modules: those that hold the user's own classes and functions.
        compiled: whether loss and optimiser are wanted.
    """
    check_file(model, ".keras file")
    logging.getLogger("kerasgates").info("loading %s", model)
    try:
        with warnings.catch_warnings():
            # Nothing is going to be trained.
            warnings.filterwarnings("ignore", "Skipping variable loading for optimizer")
            objects = imports.objects(modules)
            return keras.saving.load_model(model, custom_objects=objects, compile=compiled)
    except Exception as error:
        raise ValueError(f"{model!r} cannot be loaded: {_way_out(error)}") from error


def _way_out(error):
    """Why Keras does not load a model, and what to do, in the words of the command.

    Keras speaks of arguments of its functions, and adds the config of all that it was loading.
    """
    text = str(error)
    if unknown := re.search(r"Could not locate (?:class|function) '[^']+'", text):
        return (
            f"{unknown[0]}. Name the module that defines it: --import my_cells, or "
            "--import my_cells.py"
        )
    if "Lambda" in text and "safe_mode" in text:
        return (
            "it holds a Lambda layer, which Keras does not load without being told that its code "
            "is safe. Write it as a class, decorated with "
            "`keras.saving.register_keras_serializable()`, and --import its module"
        )
    return reason(error)


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
        from kerasgates.export.runtimes import shape_text

        raise ValueError(
            f"{path} holds an array of shape {array.shape}, and {name} reads {shape_text(shape)}"
        )
    if not fitted.size:
        raise ValueError(f"{path} holds no sequence of a step: its shape is {array.shape}")
    return fitted
