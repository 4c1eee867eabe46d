"""Try an exported model on an array or a file of numbers, in its own runtime.

That is onnxruntime, LiteRT or TensorFlow: no layer of Keras runs. Keras is loaded all the same,
by the package.
"""

from __future__ import annotations

import contextlib
import csv
import json
import pathlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from kerasgates.export.report import failing_as_export_error, reason
from kerasgates.export.to_litert import flatbuffer
from kerasgates.export.to_litert.flatbuffer import interpreter_of
from kerasgates.utils.files import clear_leftovers
from kerasgates.utils.types import Inputs, PathLike

#: Types of the inputs of ONNX files that NumPy has as well.
ONNX_TYPES = {
    **{f"tensor({name})": name for name in ("float16", "bool", "int8", "int16", "int32", "int64")},
    **{f"tensor({name})": name for name in ("uint8", "uint16", "uint32", "uint64")},
    "tensor(float)": "float32",
    "tensor(double)": "float64",
}
#: In a SavedModel, the file that names inputs and outputs in the order of the Keras model.
ORDER = "kerasgates_order.json"


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
        clear_leftovers(path.parent)  # It may have been moved by an export that was killed.
    if path.is_dir() and (path / "saved_model.pb").is_file():
        interface, invoke = _load_saved_model(path)
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


@dataclass
class Interface:
    """Inputs and outputs of an exported model.

    Attributes:
        wanted: shape and dtype of the inputs by name.
        inputs, outputs: names in the order of the Keras model; None where a file does not say it.
    """

    wanted: dict[str, tuple[Any, Any]]
    inputs: list[str] | None = None
    outputs: list[str] | None = None


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


def check_ending(path, ending):
    """Raise a ValueError where a file to write lacks the ending by which `load` knows it."""
    if pathlib.Path(path).suffix != ending:
        raise ValueError(
            f"Argument `path` must end in {ending!r}, by which the file is known again. "
            f"Received: path={str(path)!r}"
        )


def _is_size(number):
    """Whether a size of a shape is fixed: others are None, -1 or a name."""
    return isinstance(number, (int, np.integer)) and number >= 0


def read_numbers(path, argument="input"):
    """An array from a `.npy` file, or one sequence from a `.csv` file with a step in every row.

    The first row of a `.csv` file may hold names. Its array is `(time, features)`, or `(time,)`
    where it has one column: these may be tokens, and `(time, 1)` would be sequences of one token.

    Raises:
        ValueError: if the file is neither, or a field is no number.
    """
    path = pathlib.Path(path)
    if path.suffix == ".npy":
        return read_npy(path, argument)
    if not path.is_file() or path.suffix != ".csv":
        raise ValueError(
            f"Argument `{argument}` must be a .npy or .csv file. "
            f"Received: {str(path)!r}" + ("" if path.exists() else ", which is not there")
        )
    return _read_csv(path, argument)


def read_npy(path, argument):
    """The array of numbers in a `.npy` file; errors name the argument."""
    try:
        array, came = np.load(path, allow_pickle=False), "several arrays"
        if isinstance(array, np.ndarray):
            came = f"dtype {array.dtype}"
    # NumPy's own advice is to allow pickles, in which no array of numbers is kept.
    except (OSError, ValueError, EOFError):
        array, came = None, "no such file" if not pathlib.Path(path).exists() else "no array in it"
    if not isinstance(array, np.ndarray) or array.dtype.kind not in "biuf":
        raise ValueError(
            f"Argument `{argument}` must be a .npy file with one array of numbers, as `np.save` "
            f"writes it. Received: {str(path)!r}, {came}"
        )
    return array


def _read_csv(path, argument):
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            rows = [row for row in csv.reader(file) if row]
    except (UnicodeDecodeError, csv.Error) as error:
        raise ValueError(
            f"Argument `{argument}` must be a .csv file of text. Received: {str(path)!r}, {error}"
        ) from error
    if rows and not any(_is_number(field) for field in rows[0]):
        rows = rows[1:]
    if not rows:
        raise ValueError(f"Argument `{argument}` must hold numbers. Received: none in {path.name}")
    for number, row in enumerate(rows):
        wrong = [field for field in row if not _is_number(field)]
        if wrong or len(row) != len(rows[0]):
            raise ValueError(
                f"Argument `{argument}` must hold {len(rows[0])} numbers in every row. "
                f"Received: {row} as step {number} of {path.name}"
            )
    array = np.array(rows, "float32")
    return array[:, 0] if array.shape[1] == 1 else array


def _is_number(text):
    try:
        float(text)
    except ValueError:
        return False
    return True


def _fitting(inputs, interface, size):
    """Inputs by name in the dtypes of the model; adds the axes that one sequence lacks."""
    named, wanted = _named(inputs, interface), interface.wanted
    if set(named) != set(wanted):
        raise ValueError(f"Argument `inputs` must hold {sorted(wanted)}. Received: {sorted(named)}")
    fitted = {name: _fitting_one(name, named[name], *wanted[name]) for name in wanted}
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
    array = np.asarray(given)
    if array.dtype.kind not in "biuf":
        raise ValueError(f"Input {name!r} must hold numbers. Received: dtype {array.dtype}")
    if array.ndim == 1 and len(shape) == 3:
        array = array[:, None]
    if array.ndim == len(shape) - 1:
        array = array[None]
    pairs = zip(shape[1:], array.shape[1:])
    if array.ndim != len(shape) or any(_is_size(n) and n != m for n, m in pairs):
        known = tuple(int(n) if _is_size(n) else "?" for n in shape)
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


@contextlib.contextmanager
def _opening(path):
    """Context that turns a runtime's errors about a file into a ValueError that names it."""
    try:
        yield
    except Exception as error:
        raise ValueError(
            "Argument `path` must name a model that its runtime can load. "
            f"Received: {str(path)!r}: {reason(error)}"
        ) from error


def _load_saved_model(path):
    import tensorflow as tf

    with _opening(path):
        loaded = tf.saved_model.load(str(path))
    signature = loaded.signatures["serving_default"]
    specs = signature.structured_input_signature[1]
    wanted = {
        name: (spec.shape.as_list(), spec.dtype.as_numpy_dtype) for name, spec in specs.items()
    }

    def invoke(_kept_alive=loaded, **named):
        given = signature(**{name: tf.constant(array) for name, array in named.items()})
        return {name: value.numpy() for name, value in given.items()}

    return Interface(wanted, **_read_order(path)), invoke


def _load_litert(path):
    content = path.read_bytes()
    with _opening(path):
        runtime = interpreter_of(content)
    if "serving_default" not in runtime.get_signature_list():
        raise ValueError(
            "Argument `path` must name a model of whole sequences. Received: a file with the "
            f"signatures {sorted(runtime.get_signature_list())}"
        )
    runner = runtime.get_signature_runner("serving_default")
    wanted = {
        name: (detail["shape_signature"], detail["dtype"])
        for name, detail in runner.get_input_details().items()
    }
    return Interface(wanted, *flatbuffer.order_of(content, "serving_default")), runner


def _load_onnx(path):
    try:
        import onnxruntime
    except ImportError as error:
        raise ImportError(
            f'ONNX files need a further package: pip install "kerasgates[onnx]" ({error})'
        ) from error
    with _opening(path):
        session = session_of(path, onnxruntime)
    for value in session.get_inputs():
        if value.type not in ONNX_TYPES:
            raise ValueError(
                "Argument `path` must name a model that reads numbers. Received: "
                f"{str(path)!r} with the input {value.name!r} of type {value.type}"
            )
    wanted = {value.name: (value.shape, ONNX_TYPES[value.type]) for value in session.get_inputs()}
    names = [output.name for output in session.get_outputs()]

    def invoke(**named):
        return dict(zip(names, session.run(names, named)))

    return Interface(wanted, list(wanted), names), invoke


#: Loaders by the ending of a file: each gives an `Interface` and a function of arrays by name.
LOADERS = {".tflite": _load_litert, ".onnx": _load_onnx}


def write_order(path, inputs, outputs):
    """Write the order of the Keras model's inputs and outputs into a SavedModel, which has none.

    It goes into `assets.extra`, the folder that TensorFlow leaves to other tools.
    """
    extra = pathlib.Path(path, "assets.extra")
    extra.mkdir(exist_ok=True)
    order = {"inputs": list(inputs), "outputs": list(outputs)}
    (extra / ORDER).write_text(json.dumps(order), encoding="utf-8")


def _read_order(path):
    noted = path / "assets.extra" / ORDER
    return json.loads(noted.read_text(encoding="utf-8")) if noted.is_file() else {}


def session_of(path, onnxruntime):
    """An onnxruntime session of an ONNX file; its errors are raised, and not printed as well."""
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
