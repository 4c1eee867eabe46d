"""Benchmark of the forms of an exported LSTM in LiteRT, beside stock Keras's routes.

All of a row's contenders are measured in turns in one process, with one thread and batch 1, and
the median of the rounds is shown: what else the machine does falls on all of them alike.
"""

import contextlib
import io
import logging
import platform
import statistics
import tempfile
import time as clock
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from kerasgates.export.report import readable, table
from kerasgates.export.to_litert.export import litert
from kerasgates.export.to_litert.flatbuffer import interpreter_of
from kerasgates.export.to_saved_model import saved_model

logger = logging.getLogger("kerasgates")

LENGTHS, UNITS, FEATURES = (20, 100), (16, 128), 32
ROUNDS, SECONDS = 15, 0.02


def main():
    """Measure everything; returns the tables as text."""
    rows = [row for units in UNITS for time in LENGTHS for row in _lite_rows(units, time)]
    served = _served_rows()
    about = f"{platform.processor() or platform.machine()}, TensorFlow {tf.__version__}, one thread"
    return "\n".join(
        [
            f"LSTM in LiteRT, batch 1, {FEATURES} features, all outputs ({about})",
            *table(rows),
            "",
            "LSTM as SavedModel, batch 1, 100 steps, 8 features, 32 units",
            *table(served),
        ]
    )


def _model(time, features, units, batch=None):
    inputs = keras.Input(batch_shape=(batch, time, features))
    outputs = keras.layers.LSTM(units, return_sequences=True)(inputs)
    return keras.Model(inputs, outputs)


def _lite_rows(units, time):
    model = _model(time, FEATURES, units)
    x = np.random.default_rng(0).normal(size=(1, time, FEATURES)).astype("float32")
    contents = {"stock Keras, from_keras_model, batch fixed": _stock(model, units, time)}
    for kind in ("fused", "loop", "unrolled", "step"):
        logger.info("T = %d, units = %d: %s", time, units, kind)
        contents[f"kerasgates, {kind}"] = _content(model, kind)
    calls = {name: _invocation(content, x) for name, content in contents.items()}
    medians = _in_turns(calls)
    stock = next(iter(medians.values()))
    for name, milliseconds in medians.items():
        steps = time if name.endswith("step") else 1
        yield {
            "T": time,
            "units": units,
            "form": name + (", whole sequence" if steps > 1 else ""),
            "size": readable(len(contents[name])),
            "ms": f"{milliseconds * steps:.3f}",
            "x stock": f"{milliseconds * steps / stock:.2f}",
        }


def _stock(model, units, time):
    """TF Lite file of a stock layer, by TensorFlow's converter, with the batch size fixed to 1."""
    fixed = _model(time, FEATURES, units, batch=1)
    fixed.set_weights(model.get_weights())
    with contextlib.redirect_stdout(io.StringIO()):
        return tf.lite.TFLiteConverter.from_keras_model(fixed).convert()


def _content(model, kind):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "model.tflite")
        litert(model, path, kind=kind)
        return path.read_bytes()


def _invocation(content, x):
    """A function that runs a file once, with its input in place."""
    runtime = interpreter_of(content, num_threads=1)
    for detail in runtime.get_input_details():
        shape = [1 if n == -1 else n for n in detail["shape_signature"]]
        if len(shape) == 3:
            shape = x.shape
        runtime.resize_tensor_input(detail["index"], shape)
    runtime.allocate_tensors()
    for detail in runtime.get_input_details():
        value = np.zeros(detail["shape"], "float32")
        if value.shape == x.shape:
            value = x
        runtime.set_tensor(detail["index"], value)
    return runtime.invoke


def _in_turns(calls):
    """Median milliseconds of one call, by name; measured in turns, round by round."""
    samples = {name: [] for name in calls}
    for call in calls.values():
        call()
    for _ in range(ROUNDS):
        for name, call in calls.items():
            count, start = 0, clock.perf_counter()
            while clock.perf_counter() - start < SECONDS:
                call()
                count += 1
            samples[name].append(1e3 * (clock.perf_counter() - start) / count)
    return {name: statistics.median(times) for name, times in samples.items()}


def _served_rows():
    model = _model(100, 8, 32)
    x = tf.constant(np.random.default_rng(0).normal(size=(1, 100, 8)).astype("float32"))
    with tempfile.TemporaryDirectory() as folder:
        logger.info("SavedModels")
        folders = {name: str(Path(folder, name)) for name in ("stock", "ours", "jit")}
        model.export(folders["stock"], verbose=False)
        saved_model(model, folders["ours"], streaming=False)
        saved_model(model, folders["jit"], streaming=False, jit=True)
        calls = {}
        for name, path in folders.items():
            signature = tf.saved_model.load(path).signatures["serving_default"]
            (argument,) = signature.structured_input_signature[1]
            calls[name] = lambda s=signature, a=argument: s(**{a: x})
        medians = _in_turns(calls)
    names = {
        "stock": "stock Keras, model.export",
        "ours": "kerasgates",
        "jit": "kerasgates, jit=True",
    }
    return [
        {
            "form": names[name],
            "ms": f"{milliseconds:.3f}",
            "x faster": f"{medians['stock'] / milliseconds:.1f}",
        }
        for name, milliseconds in medians.items()
    ]
