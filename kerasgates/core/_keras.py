"""All uses of Keras's private API, in one place; a test guards each."""

import contextlib
import random
import re
import sys
import threading
import weakref
from typing import Any

import keras


def _dropout_rnn_cell():
    """Keras's mix-in class of the cells for which `keras.layers.RNN` draws dropout masks.

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
    if not isinstance(cell, keras.Layer):
        return []  # Keras's loop runs whatever has `call` and `state_size`.
    return [layer for layer in cell._flatten_layers() if isinstance(layer, kind)]


def origin_of(tensor):
    """Origin of a symbolic Keras tensor: operation, arguments, keywords, index of the output."""
    history = tensor._keras_history
    node = history.operation._inbound_nodes[history.node_index]
    return history.operation, node.arguments.args, node.arguments.kwargs, history.tensor_index


def build_layers_within(cell, input_shape):
    """Build the layers inside a cell that are not built yet, by tracing its `call`.

    Where a loop called it first, their weights would be made inside the graph of one step.

    Args:
        cell: a Keras cell.
        input_shape: of one step, `(batch, …)`.
    """
    if all(layer.built for layer in cells_within(cell, keras.Layer) if layer is not cell):
        return
    _traced(cell, input_shape)


def output_shape(cell, input_shape):
    """Shape and dtype of a built cell's output for one step `(batch, …)`, by tracing it."""
    output, _ = _traced(cell, input_shape)
    return tuple(output.shape), output.dtype


def state_shapes(cell):
    """Shapes of a cell's states as it nests them, batch size unknown."""
    if not hasattr(cell, "get_initial_state"):
        size = cell.state_size
        sizes = list(size) if isinstance(size, (list, tuple)) else [size]
        return keras.tree.map_structure(lambda entries: (None, entries), sizes)
    states = cell.get_initial_state(batch_size=1)
    states = states if keras.tree.is_nested(states) else [states]
    return keras.tree.map_structure(lambda state: (None, *state.shape[1:]), list(states))


def _traced(cell, input_shape):
    """Output and new states of a cell's `call`, as symbolic tensors."""
    shape = (None, *input_shape[1:])
    dtype = cell.compute_dtype
    x = keras.KerasTensor(shape, dtype=dtype)
    states = keras.tree.map_shape_structure(
        lambda shape: keras.KerasTensor(shape, dtype=dtype), state_shapes(cell)
    )
    return keras.Operation.compute_output_spec(cell, x, states)


def constructor_arguments(layer):
    """Constructor arguments of a layer, which Keras keeps where it can serialise them."""
    auto_config = getattr(layer, "_auto_config", None)
    if auto_config is None:
        raise NotImplementedError(
            f"{type(layer).__name__} must define `get_config`: Keras cannot write by itself "
            "the arguments that it was made with."
        )
    return dict(auto_config.config)


#: By file that is read, and folder in it, the entries that were asked for, in their order.
_ASKED = weakref.WeakKeyDictionary()


def stored_as(store, ours, theirs):
    """Entry of a weights file for a layer of one of two classes of ours that Keras has as one.

    Keras numbers the layers of a list by the names of their classes: the entries of its own file
    are in the order of both our classes together.

    Args:
        store: what Keras gives `load_own_variables`.
        ours: the name of the class that Keras has not, such as `"reset_after_gru"`.
        theirs: the name that both have in a file of Keras's own layers.
    """
    path, file = (getattr(store, name, None) for name in ("_h5_entry_path", "h5_file"))
    if path is None or file is None:
        return store
    parts = path.split("/")
    found = [re.fullmatch(rf"(?:{ours}|{theirs})(_cell)?(_\d+)?", part) for part in parts]
    at = next((place for place, match in enumerate(found) if match), None)
    if at is None:
        return store
    folder, kind, number = "/".join(parts[:at]), *found[at].groups("")
    there = [*file.get(folder, {})] if folder else [*file]
    if any(re.fullmatch(rf"{ours}{kind}(_\d+)?", name) for name in there):
        return store
    asked = _ASKED.setdefault(store, {}).setdefault((folder, kind), [])
    if path not in asked:
        asked.append(path)
    name, order = f"{theirs}{kind}{number}", asked.index(path)
    # What belongs to a layer, and not to a list of layers, has the name that it has there.
    if "vars" not in there:
        names = [name for name in there if re.fullmatch(rf"{theirs}{kind}(_\d+)?", name)]
        name = [*sorted(names, key=lambda name: (len(name), name)), name][min(order, len(names))]
    return store.get("/".join([*parts[:at], name, *parts[at + 1 :]]))


class _Listeners(threading.local):
    """Who hears of operations in a thread; None while none is listened to."""

    listen = None


_listeners = _Listeners()
_lock = threading.Lock()
#: How many listen, and Keras's own functions by class meanwhile.
_listening: list[int] = [0]
_symbolic_call: dict[type, Any] = {}


@contextlib.contextmanager
def operations_told_to(listen):
    """Context in which a function hears of each operation that this thread calls on symbols.

    It hears when the operation is called, while names in the caller's functions have the values
    that they have then; of those that Keras calls inside to find shapes it does not hear.

    Args:
        listen: function of an operation, its arguments, its keywords and its results.
    """
    before, _listeners.listen = _listeners.listen, listen
    with _lock:
        _listening[0] += 1
        if _listening[0] == 1:
            for kind in (keras.Operation, keras.Layer):
                if original := vars(kind).get("symbolic_call"):
                    _symbolic_call[kind] = original
                    kind.symbolic_call = _telling(original)
    try:
        yield
    finally:
        _listeners.listen = before
        with _lock:
            _listening[0] -= 1
            if not _listening[0]:
                for kind, original in _symbolic_call.items():
                    kind.symbolic_call = original


def _telling(original):
    """Keras's function that calls an operation on symbols, and tells of it."""

    def symbolic_call(operation, *arguments, **keywords):
        listen, _listeners.listen = _listeners.listen, None
        try:
            results = original(operation, *arguments, **keywords)
        finally:
            _listeners.listen = listen
        if listen is not None:
            listen(operation, arguments, keywords, results)
        return results

    return symbolic_call


@contextlib.contextmanager
def unnoticed_by_keras():
    """Context that leaves Keras's counters of automatic names, and its next seeds, as before.

    Keras draws seeds of initialisers from Python's random numbers, whatever becomes of them.
    """
    module = sys.modules[keras.Operation.__module__]
    state = getattr(getattr(module, "auto_name", None), "__globals__", {}).get("global_state")
    counts = state and state.get_global_attribute("object_name_uids")
    before, numbers = dict(counts or {}), random.getstate()
    try:
        yield
    finally:
        random.setstate(numbers)
        counts = state and state.get_global_attribute("object_name_uids")
        if counts is not None:
            counts.clear()
            counts.update(before)


def scope_as_here():
    """A new `keras.StatelessScope` in which variables have the values that they have here."""
    scope = keras.StatelessScope()
    find = getattr(sys.modules[keras.StatelessScope.__module__], "get_stateless_scope", None)
    outer = find and find()
    if outer is not None:
        scope.state_mapping.update(outer.state_mapping)
    return scope


def mask_of(tensor):
    """The mask that Keras has attached to a layer's output, or None."""
    return getattr(tensor, "_keras_mask", None)


def takes_training(cell):
    """Whether a cell's `call` has the argument `training`."""
    return getattr(cell, "_call_has_training_arg", False)


def is_torch_compiling():
    """Whether `torch.compile` traces what runs: it reads neither frames nor context variables."""
    if keras.backend.backend() != "torch":
        return False
    import torch

    return torch.compiler.is_dynamo_compiling()


def is_torch_exporting():
    """Whether `torch.export` traces what runs."""
    if keras.backend.backend() != "torch":
        return False
    import torch

    # Older releases have no such question.
    return getattr(torch.compiler, "is_exporting", lambda: False)()


def is_exporting():
    """Whether a model is being traced to leave Keras: by `model.export` or a TF Lite converter.

    There is no public flag, so the call stack is searched for an exporter. Asked once for each
    graph that is traced, not while it runs.
    """
    if keras.backend.backend() == "torch" and is_torch_compiling():
        return False
    exporters = (keras.export.ExportArchive.__module__.rpartition(".")[0], "tensorflow.lite")
    frame = sys._getframe()
    while frame is not None:
        if frame.f_globals.get("__name__", "").startswith(exporters):
            return True
        frame = frame.f_back
    return False


def reason(error):
    """An error's message in one line, without the context that Keras adds layer by layer."""
    # Colours, and the nodes of graphs that TensorFlow puts before what it says.
    text = re.sub(r"\x1b\[\d*m|\{\{\w+ [^{}]*\}\} ?", "", str(error))
    text = text.split("Arguments received by")[0]
    for introduced in ("Exception encountered: ", "Error encountered:"):
        text = text.rpartition(introduced)[2]
    lines = [line.strip() for line in text.splitlines()]
    around = ("Exception encountered when", "Graph execution error", "Detected at node")
    lines = [line for line in lines if line and not line.startswith(around)]
    return lines[0] if lines else type(error).__name__
