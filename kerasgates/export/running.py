"""Try an exported model on an array or a file of numbers, in its own runtime, without Keras."""

import csv
import pathlib

import numpy as np


def run(path, inputs):
    """Outputs of an exported model.

    Args:
        path: a `.tflite` file, a `.onnx` file, or the folder of a SavedModel.
        inputs: array `(batch, time, features)`, or `(time, features)` for one sequence; a dict of
            arrays by name where the model has several inputs.

    Returns:
        A dict of arrays by the name of the output.

    Raises:
        ValueError: if the path is no exported model, or an input does not fit.
    """
    path = pathlib.Path(path)
    if path.is_dir() and (path / "saved_model.pb").is_file():
        return _run_saved_model(path, inputs)
    runners = {".tflite": _run_litert, ".onnx": _run_onnx}
    if not path.is_file() or path.suffix not in runners:
        raise ValueError(
            "Argument `path` must be a .tflite file, a .onnx file or the folder of a SavedModel. "
            f"Received: {str(path)!r}" + ("" if path.exists() else ", which is not there")
        )
    return runners[path.suffix](path, inputs)


def read_numbers(path):
    """An array from a `.npy` file or from a `.csv` file with a step `(features,)` in every row.

    The first row of a `.csv` file may hold names.

    Raises:
        ValueError: if the file is neither, or a field is no number.
    """
    path = pathlib.Path(path)
    if not path.is_file() or path.suffix not in (".npy", ".csv"):
        raise ValueError(
            "Argument `input` must be a .npy or .csv file. "
            f"Received: {str(path)!r}" + ("" if path.exists() else ", which is not there")
        )
    if path.suffix == ".npy":
        return np.load(path, allow_pickle=False)
    with path.open(newline="") as file:
        rows = [row for row in csv.reader(file) if row]
    if rows and not any(_is_number(field) for field in rows[0]):
        rows = rows[1:]
    for number, row in enumerate(rows):
        wrong = [field for field in row if not _is_number(field)]
        if wrong or len(row) != len(rows[0]):
            raise ValueError(
                f"Argument `input` must hold {len(rows[0])} numbers in every row. "
                f"Received: {row} as step {number} of {path.name}"
            )
    return np.array(rows, "float32")


def _is_number(text):
    try:
        float(text)
    except ValueError:
        return False
    return True


def _fitting(inputs, wanted):
    """Inputs by name in the dtypes of the model; adds the batch axis that one sequence lacks.

    Args:
        wanted: shape and dtype by name; unknown sizes are None, -1 or a name.
    """
    if not isinstance(inputs, dict):
        if len(wanted) != 1:
            raise ValueError(
                f"Argument `inputs` must be a dict of arrays for {sorted(wanted)}. "
                f"Received: {type(inputs).__name__}"
            )
        inputs = dict.fromkeys(wanted, inputs)
    if set(inputs) != set(wanted):
        raise ValueError(
            f"Argument `inputs` must hold {sorted(wanted)}. Received: {sorted(inputs)}"
        )
    fitted = {}
    for name, (shape, dtype) in wanted.items():
        array = np.asarray(inputs[name])
        if array.ndim == len(shape) - 1:
            array = array[None]
        fits = array.ndim == len(shape) and all(
            not isinstance(n, (int, np.integer)) or n < 0 or n == m
            for n, m in zip(shape, array.shape)
        )
        if not fits:
            known = tuple(n if isinstance(n, (int, np.integer)) and n >= 0 else "?" for n in shape)
            raise ValueError(
                f"Input {name!r} must have shape {known}. Received: {np.shape(inputs[name])}"
            )
        fitted[name] = array.astype(dtype)
    return fitted


def _run_saved_model(path, inputs):
    import tensorflow as tf

    signature = tf.saved_model.load(str(path)).signatures["serving_default"]
    specs = signature.structured_input_signature[1]
    wanted = {
        name: (spec.shape.as_list(), spec.dtype.as_numpy_dtype) for name, spec in specs.items()
    }
    named = {name: tf.constant(array) for name, array in _fitting(inputs, wanted).items()}
    return {name: value.numpy() for name, value in signature(**named).items()}


def _run_litert(path, inputs):
    from kerasgates.export.to_litert import interpreter_of

    runtime = interpreter_of(path.read_bytes())
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
    return dict(runner(**_fitting(inputs, wanted)))


def _run_onnx(path, inputs):
    import onnxruntime

    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    kinds = {"tensor(float)": "float32", "tensor(int32)": "int32", "tensor(int64)": "int64"}
    wanted = {i.name: (i.shape, kinds.get(i.type, "float32")) for i in session.get_inputs()}
    names = [output.name for output in session.get_outputs()]
    return dict(zip(names, session.run(names, _fitting(inputs, wanted))))
