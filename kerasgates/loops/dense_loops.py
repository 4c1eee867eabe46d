"""The loop in plain tensors, as TF Lite and ONNX need it."""

import keras

from kerasgates.loops.plain import keras_loop
from kerasgates.loops.protocols import Run
from kerasgates.loops.registry import register_loop
from kerasgates.loops.stepping import carried_by, step_of


def in_graph():
    """Whether a TensorFlow graph is being traced, rather than operations run eagerly."""
    if keras.backend.backend() != "tensorflow":
        return False
    from kerasgates.loops.dense import is_tracing

    return is_tracing()


@register_loop("dense")
def dense_loop(run: Run):
    """Loop with its outputs in one plain tensor, as TF Lite and ONNX need; slow for long sequences.

    Only in TensorFlow graphs, and for vectors at each step; elsewhere it is `keras_loop`.
    """
    vectors = len(run.sequences.shape) == 3 and all(len(state.shape) == 2 for state in run.states)
    if not in_graph() or not vectors:
        return keras_loop(run)
    from kerasgates.loops.dense import dense_iterate

    carried, size, dtype = carried_by(run.cell, run.states)
    return dense_iterate(run, step_of(run.cell, run.training), carried, size, dtype)
