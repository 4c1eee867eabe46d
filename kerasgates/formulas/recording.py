"""Functions that a step hands to operations are read when it does, and not after it has returned.

A function sees the values that names have when it is called: by the end of the step they may be
others.
"""

import contextlib
from contextvars import ContextVar

import keras

from kerasgates.core._keras import operations_told_to

#: What was read of the operations of the step that runs: by id of a tensor, it and what was found.
_kept: ContextVar[dict] = ContextVar("kept")


@contextlib.contextmanager
def recording(read):
    """Context in which operations are read as they are called on symbols.

    Args:
        read: function of an operation, its arguments and its keywords, whose result is kept.
    """
    kept = {}

    def keep(operation, arguments, keywords, results):
        found = read(operation, arguments, keywords)
        for tensor in keras.tree.flatten(results):
            # The tensor itself is kept, so that no other gets its id.
            kept[id(tensor)] = tensor, found

    token = _kept.set(kept)
    try:
        with operations_told_to(keep):
            yield
    finally:
        _kept.reset(token)


def recorded(tensor):
    """What was read of the operation that gave a tensor, in a tuple; None where nothing was."""
    kept = _kept.get({})
    return kept[id(tensor)][1:] if id(tensor) in kept else None
