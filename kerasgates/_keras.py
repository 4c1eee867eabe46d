"""The one place that leans on parts of Keras without a public name; a test guards each."""

import contextlib
import re
import sys

import keras


def _dropout_rnn_cell():
    """The mix-in by which `keras.layers.RNN` knows a cell that wants dropout masks drawn.

    Keras draws masks once per call only for cells of this class. It has no public
    name, but every cell of Keras inherits from it. A Keras without it gets `object`.
    """
    for base in keras.layers.SimpleRNNCell.__mro__:
        if base.__name__ == "DropoutRNNCell":
            return base
    return object


DropoutRNNCell = _dropout_rnn_cell()


def cells_within(cell, kind):
    """All layers of class `kind` in a cell, itself included, however deeply wrapped."""
    return [layer for layer in cell._flatten_layers() if isinstance(layer, kind)]


def made_by(tensor):
    """What made a Keras tensor without values: operation, arguments, keywords, index of output."""
    history = tensor._keras_history
    node = history.operation._inbound_nodes[history.node_index]
    return history.operation, node.arguments.args, node.arguments.kwargs, history.tensor_index


@contextlib.contextmanager
def names_kept():
    """What is named by Keras while this is entered does not count: the next name is as without."""
    module = sys.modules[keras.Operation.__module__]
    state = getattr(getattr(module, "auto_name", None), "__globals__", {}).get("global_state")
    counts = state and state.get_global_attribute("object_name_uids")
    before = dict(counts or {})
    try:
        yield
    finally:
        counts = state and state.get_global_attribute("object_name_uids")
        if counts is not None:
            counts.clear()
            counts.update(before)


def mask_of(tensor):
    """The mask that Keras has put on the output of a layer, or None."""
    return getattr(tensor, "_keras_mask", None)


def takes_training(cell):
    """Whether a cell's `call` has the argument `training`."""
    return getattr(cell, "_call_has_training_arg", False)


def is_exporting():
    """Whether a model is being traced to leave Keras: by `model.export` or a TF Lite converter.

    Nothing says so in public; but whoever exports is among the callers. Asked once for each
    graph that is made, not while it runs.
    """
    exporters = (keras.export.ExportArchive.__module__.rpartition(".")[0], "tensorflow.lite")
    frame = sys._getframe()
    while frame is not None:
        if frame.f_globals.get("__name__", "").startswith(exporters):
            return True
        frame = frame.f_back
    return False


def reason(error):
    """What was wrong, in one line, without what Keras puts around it layer by layer."""
    # Colours, and the nodes of graphs that TensorFlow puts before what it says.
    text = re.sub(r"\x1b\[\d*m|\{\{\w+ [^{}]*\}\} ?", "", str(error))
    text = text.split("Arguments received by")[0]
    for introduced in ("Exception encountered: ", "Error encountered:"):
        text = text.rpartition(introduced)[2]
    lines = [line.strip() for line in text.splitlines()]
    around = ("Exception encountered when", "Graph execution error", "Detected at node")
    lines = [line for line in lines if line and not line.startswith(around)]
    return lines[0] if lines else type(error).__name__
