"""Loaders: an exported file of each format as a function, with its inputs and outputs."""

from __future__ import annotations

import contextlib
import json
import pathlib
import threading
from dataclasses import dataclass
from typing import Any

from kerasgates.export.report import reason
from kerasgates.export.to_litert import flatbuffer
from kerasgates.export.to_litert.flatbuffer import interpreter_of

#: Types of the inputs of ONNX files that NumPy has as well.
ONNX_TYPES = {
    **{f"tensor({name})": name for name in ("float16", "bool", "int8", "int16", "int32", "int64")},
    **{f"tensor({name})": name for name in ("uint8", "uint16", "uint32", "uint64")},
    "tensor(float)": "float32",
    "tensor(double)": "float64",
}

#: In a SavedModel, the file that names inputs and outputs in the order of the Keras model.
ORDER = "kerasgates_order.json"


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


def load_saved_model(path):
    import tensorflow as tf

    with _opening(path):
        loaded = tf.saved_model.load(str(path))
    signature = loaded.signatures["serving_default"]
    specs = signature.structured_input_signature[1]
    inputs = {
        name: (spec.shape.as_list(), spec.dtype.as_numpy_dtype) for name, spec in specs.items()
    }

    def invoke(_kept_alive=loaded, **named):
        outputs = signature(**{name: tf.constant(array) for name, array in named.items()})
        return {name: value.numpy() for name, value in outputs.items()}

    return Interface(inputs, **_read_order(path)), invoke


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
    inputs = {
        name: (detail["shape_signature"], detail["dtype"])
        for name, detail in runner.get_input_details().items()
    }
    order = flatbuffer.order_of(flatbuffer.load(content), "serving_default")
    lock = threading.Lock()

    def invoke(**named):
        # An interpreter has one set of tensors, which belong to one call at a time.
        with lock:
            return runner(**named)

    return Interface(inputs, *order), invoke


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
    inputs = {value.name: (value.shape, ONNX_TYPES[value.type]) for value in session.get_inputs()}
    names = [output.name for output in session.get_outputs()]

    def invoke(**named):
        return dict(zip(names, session.run(names, named)))

    return Interface(inputs, list(inputs), names), invoke


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
