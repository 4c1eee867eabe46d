"""TensorFlow's converter to TF Lite; where it may crash, in a process of its own.

Quantising to int8 can end the whole process with a segmentation fault, which no `try` catches. So
a child process does it, which stays for the next job; where it dies, the parent raises.
"""

import atexit
import contextlib
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import threading

import numpy as np
import tensorflow as tf

from kerasgates.export.report import ExportError, reason
from kerasgates.export.to_litert.flatbuffer import requantize_reversed
from kerasgates.utils.files import working_folder


def convert(functions, variables, quantize=None, representative=None, custom=False):
    """Bytes of a TF Lite file.

    Args:
        functions: concrete functions by the name of their signature.
        variables: the `tf.Variable`s that they read.
        quantize: None, `"float16"`, `"dynamic"` or `"int8"`.
        representative: for int8, lists of inputs by name, for each signature.
        custom: whether operators that are not built in may be left over.

    Raises:
        ExportError: if the converter fails, or dies.
    """
    module = tf.Module()
    module.held = variables
    with working_folder(tempfile.gettempdir()) as work:
        folder = work / "new"
        tf.saved_model.save(module, str(folder), signatures=functions)
        job = {
            "folder": str(folder),
            "signatures": list(functions),
            "quantize": quantize,
            "custom": custom,
        }
        if quantize != "int8":
            return _convert_here(job)
        for signature, rows in representative.items():
            columns = {name: np.stack([row[name] for row in rows]) for name in rows[0]}
            np.savez(folder / f"{signature}.npz", **columns)
        return requantize_reversed(_child_for(job))


def convert_folder(folder, signatures, quantize, custom):
    """Bytes of a TF Lite file, from a SavedModel and, for int8, arrays beside it."""
    converter = tf.lite.TFLiteConverter.from_saved_model(folder, signature_keys=signatures)
    converter.allow_custom_ops = custom
    if quantize:
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
    if quantize == "float16":
        converter.target_spec.supported_types = [tf.float16]
    if quantize == "int8":
        converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
        converter.representative_dataset = lambda: _representative(folder, signatures)
    return converter.convert()


def _representative(folder, signatures):
    for signature in signatures:
        with np.load(pathlib.Path(folder, f"{signature}.npz")) as columns:
            named = {name: columns[name] for name in columns.files}
        for row in zip(*named.values()):
            yield signature, dict(zip(named, row))


def _convert_here(job):
    try:
        return convert_folder(**job)
    except Exception as error:
        raise ExportError(f"TF Lite's converter failed: {_why(error)}") from error


def _why(error):
    if "TensorList" in str(error):
        return (
            "a layer runs in Keras's own loop, which keeps its outputs in a list "
            "(TensorListReserve) that TF Lite has not where the batch size is free. Make a class "
            "of your own of kerasgates.RNN, or give `batch_size`"
        )
    return reason(error)


_child = None
_lock = threading.Lock()


def _child_for(job):
    """Run `convert_folder` in the child process."""
    global _child
    output = pathlib.Path(job["folder"], "model.tflite")
    with _lock:
        if _child is None or _child.poll() is not None:
            _child = _start()
        try:
            answer = _ask({**job, "output": str(output)})
        except BaseException:
            # Its answer would be taken for that to the next question.
            _end(_child)
            raise
        if not answer:
            code = _end(_child)
            raise ExportError(
                f"TF Lite's converter died (exit status {code}) of quantize={job['quantize']!r}: "
                'choose kind="unrolled" with a shorter `time`, kind="step", or quantize="dynamic"'
            )
    if error := json.loads(answer)["error"]:
        raise ExportError(f"TF Lite's converter failed: {error}")
    return output.read_bytes()


def _ask(question):
    """Send a job to the child; returns its answer, one line, or "" where it has died."""
    try:
        _child.stdin.write(json.dumps(question) + "\n")
        _child.stdin.flush()
    except BrokenPipeError:
        return ""
    return _child.stdout.readline()


def _start():
    child = subprocess.Popen(
        [sys.executable, "-c", "from kerasgates.export.to_litert.converter import serve; serve()"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        # Ctrl-C in a terminal is for this process, which ends the other where it must.
        start_new_session=True,
    )
    atexit.register(_stop, child)
    return child


def _end(child):
    """Kill a child unless it is dead, and free all it holds; returns its exit status."""
    child.kill()
    code = child.wait()
    atexit.unregister(_stop)
    for pipe in (child.stdin, child.stdout):
        with contextlib.suppress(OSError):
            pipe.close()
    return code


def _stop(child):
    with contextlib.suppress(OSError):
        child.stdin.close()  # It ends when there is nothing more to read.
    with contextlib.suppress(subprocess.TimeoutExpired):
        child.wait(timeout=5)
    _end(child)


def serve():
    """Main loop of the child: reads a job per line, and writes an answer per line."""
    # What converters print must not be taken for an answer.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    for line in sys.stdin:
        job, error = json.loads(line), None
        output = job.pop("output")
        try:
            pathlib.Path(output).write_bytes(convert_folder(**job))
        except Exception as failure:
            error = _why(failure)
        print(json.dumps({"error": error}), file=answers, flush=True)
