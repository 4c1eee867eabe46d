"""Functions that a step hands to operations are read when it does, and not after it has returned.

A function sees the values that names have when it is called: by the end of the step they may be
others. So Keras is listened to while a step runs, in the thread that runs it.
"""

import contextlib
import threading
from typing import Any

import keras

_lock = threading.Lock()
_here = threading.local()
#: How many steps are being read now, and Keras's own functions by class meanwhile.
_running: list[int] = [0]
_original: dict[type, Any] = {}


@contextlib.contextmanager
def recording(read):
    """Context in which operations are read as they are called on symbols.

    Args:
        read: function of an operation, its arguments and its keywords, whose result is kept.
    """
    before = getattr(_here, "read", None), getattr(_here, "kept", None)
    _here.read, _here.kept = read, {}
    _install()
    try:
        yield
    finally:
        _remove()
        _here.read, _here.kept = before


def recorded(tensor):
    """What was read of the operation that gave a tensor, in a tuple; None where nothing was."""
    kept = getattr(_here, "kept", None) or {}
    return kept[id(tensor)][1:] if id(tensor) in kept else None


def _install():
    with _lock:
        _running[0] += 1
        if _running[0] == 1:
            for kind in (keras.Operation, keras.Layer):
                if original := vars(kind).get("symbolic_call"):
                    _original[kind] = original
                    kind.symbolic_call = _listening(original)


def _remove():
    with _lock:
        _running[0] -= 1
        if not _running[0]:
            for kind, function in _original.items():
                kind.symbolic_call = function


def _listening(original):
    """Keras's function that calls an operation on symbols, with what is to be read after it."""

    def symbolic_call(operation, *arguments, **keywords):
        read = getattr(_here, "read", None)
        if read is None:
            return original(operation, *arguments, **keywords)
        # What Keras calls inside to find shapes is none of the step's.
        _here.read = None
        try:
            results = original(operation, *arguments, **keywords)
        finally:
            _here.read = read
        found = read(operation, arguments, keywords)
        for tensor in keras.tree.flatten(results):
            # The tensor itself is kept, so that no other gets its id.
            _here.kept[id(tensor)] = tensor, found
        return results

    return symbolic_call
