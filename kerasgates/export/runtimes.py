"""Try an exported model on an array or a file of numbers, in its own runtime.

That is onnxruntime, LiteRT or TensorFlow: no layer of Keras runs. Keras is loaded all the same,
by the package.
"""

from __future__ import annotations

import os
import pathlib
from collections.abc import Callable

import numpy as np

from kerasgates.core.operations import as_array
from kerasgates.export.loaders import LOADERS, load_saved_model
from kerasgates.export.report import failing_as_export_error
from kerasgates.utils.files import clear_leftovers
from kerasgates.utils.types import Inputs, PathLike


def run(path: PathLike, inputs: Inputs) -> dict[str, np.ndarray]:
    """Outputs of an exported model, as `load(path)(inputs)`.

        >>> report = kg.export.litert(model, "run.tflite", kind="loop")
        >>> kg.export.run("run.tflite", x)["dense"].shape
        (4, 1)

    Args:
        path: a `.tflite` file, a `.onnx` file, or the folder of a SavedModel.
        inputs: an array `(batch, time, features)`, or as `load` says.

    Returns:
        Arrays by the names of the outputs.

    Raises:
        ValueError: if the path is no exported model, or an input does not fit.
        ImportError: if onnxruntime is missing: `pip install "kerasgates[onnx]"`.
        ExportError: if the runtime fails.
    """
    return load(path)(inputs)


def load(path: PathLike) -> Callable[[Inputs], dict[str, np.ndarray]]:
    """An exported model as a function.

        >>> report = kg.export.litert(model, "load.tflite", kind="loop")
        >>> predict = kg.export.load("load.tflite")
        >>> (outputs,) = predict(x).values()
        >>> outputs.shape
        (4, 1)

    It takes an array `(batch, time, features)`, or `(time, features)` for one sequence, or
    `(time,)` for one with a number at each step; of tokens, `(batch, time)` or `(time,)`. Where
    the model has several inputs it takes a dict of arrays by name, or a list in the order of the
    Keras model's inputs. It gives a dict of arrays by the names of the outputs, in the order of
    the Keras model. A form with a fixed batch size runs as often as the batch needs. The function
    raises a ValueError if an input does not fit, and an ExportError if the runtime fails on it.

    Args:
        path: a `.tflite` file, a `.onnx` file, or the folder of a SavedModel.

    Returns:
        A function of the inputs that gives a dict of arrays.

    Raises:
        ValueError: if the path is no exported model, or one that reads other than numbers.
        ImportError: if onnxruntime is missing: `pip install "kerasgates[onnx]"`.
    """
    path = pathlib.Path(path)
    if not path.exists():
        # It, or what a link names, may have been moved by an export that was killed.
        clear_leftovers(pathlib.Path(os.path.realpath(path)).parent)
    if path.is_dir() and (path / "saved_model.pb").is_file():
        interface, invoke = load_saved_model(path)
    elif path.is_file() and path.suffix in LOADERS:
        interface, invoke = LOADERS[path.suffix](path)
    else:
        raise ValueError(
            "Argument `path` must be a .tflite file, a .onnx file or the folder of a SavedModel. "
            f"Received: {str(path)!r}" + ("" if path.exists() else ", which is not there")
        )
    size = next((s[0] for s, _ in interface.wanted.values() if _is_size(s[0])), None)
    invoke = in_batches(invoke, size)

    def predict(inputs):
        named = _fitting(inputs, interface, size)
        with failing_as_export_error(f"Running {path.name}"):
            outputs = invoke(**named)
        return {name: outputs[name] for name in interface.outputs or outputs}

    return predict


def in_batches(invoke, size):
    """Wrap a function of a fixed batch size so that it takes any number of whole batches.

    Args:
        invoke: function from arrays to arrays, both by name.
        size: its batch size, or None where it takes any.
    """
    if size is None:
        return invoke

    def run(**named):
        count = len(next(iter(named.values())))
        parts = [
            invoke(**{name: array[at : at + size] for name, array in named.items()})
            for at in range(0, count, size)
        ]
        return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}

    return run


def check_ending(path, ending, argument="path"):
    """Raise a ValueError where a file to write lacks the ending by which it is known."""
    if pathlib.Path(path).suffix != ending:
        raise ValueError(
            f"Argument `{argument}` must end in {ending!r}, by which the file is known again. "
            f"Received: {argument}={str(path)!r}"
        )


def shape_text(sizes):
    """The shape of an input as text, such as "(batch, time, 3)"; sizes that vary are None."""
    words = ["batch", "time", *(["features"] if len(sizes) == 3 else "?" * (len(sizes) - 2))]
    return f"({', '.join(str(word if n is None else n) for n, word in zip(sizes, words))})"


def _is_size(number):
    """Whether a size of a shape is fixed: others are None, -1 or a name."""
    return isinstance(number, (int, np.integer)) and number >= 0


def _fitting(inputs, interface, size):
    """Inputs by name in the dtypes of the model; adds the axes that one sequence lacks."""
    arrays, specs = _named(inputs, interface), interface.wanted
    if set(arrays) != set(specs):
        raise ValueError(f"Argument `inputs` must hold {sorted(specs)}. Received: {sorted(arrays)}")
    fitted = {name: _fitting_one(name, arrays[name], *specs[name]) for name in specs}
    batch = {len(array) for array in fitted.values()}
    if len(batch) != 1:
        raise ValueError(f"Inputs must have one batch size. Received: {sorted(batch)}")
    (batch,) = batch
    if batch == 0:
        raise ValueError("Inputs must hold a sequence or more. Received: batch size 0")
    if batch % (size or 1):
        raise ValueError(
            f"The batch size must be a multiple of {size}, which this form of the model has "
            f"fixed. Received: {batch}"
        )
    return fitted


def _named(inputs, interface):
    """The given arrays as a dict by the names of the inputs."""
    if isinstance(inputs, dict):
        return inputs
    listed = isinstance(inputs, (list, tuple))
    if len(interface.wanted) == 1:
        one = inputs[0] if listed and len(inputs) == 1 and _is_array(inputs[0]) else inputs
        return dict.fromkeys(interface.wanted, one)
    names = interface.inputs
    if names is None:
        raise ValueError(
            f"Argument `inputs` must be a dict of arrays for {sorted(interface.wanted)}, whose "
            f"order the file does not say. Received: {type(inputs).__name__}"
        )
    if not listed or len(inputs) != len(names):
        raise ValueError(
            f"Argument `inputs` must be a dict of arrays for {names}, or a list in this order. "
            f"Received: {type(inputs).__name__}" + f" of {len(inputs)}" * listed
        )
    return dict(zip(names, inputs))


def _is_array(value):
    return isinstance(value, np.ndarray)


def _fitting_one(name, given, shape, dtype):
    """An array in the shape and dtype of an input; adds the axes that one sequence lacks."""
    array = as_array(given)
    if array.dtype.kind not in "biuf":
        raise ValueError(f"Input {name!r} must hold numbers. Received: dtype {array.dtype}")
    if array.ndim == 1 and len(shape) == 3:
        array = array[:, None]
    if array.ndim == len(shape) - 1:
        array = array[None]
    pairs = zip(shape[1:], array.shape[1:])
    if array.ndim != len(shape) or any(_is_size(n) and n != m for n, m in pairs):
        known = shape_text([n if _is_size(n) else None for n in shape])
        raise ValueError(f"Input {name!r} must have shape {known}. Received: {np.shape(given)}")
    with np.errstate(invalid="ignore"):
        cast = array.astype(dtype)
    if np.dtype(dtype).kind in "iu" and not np.array_equal(cast, array):
        wrong = array[cast != array].flat[0]
        raise ValueError(
            f"Input {name!r} must hold whole numbers as {np.dtype(dtype)} has them. "
            f"Received: {wrong}"
        )
    return cast
