"""Preparation of a model for export: functional, without a state, for any batch size."""

import inspect

import keras
import numpy as np
import tensorflow as tf
from keras import ops, tree

from kerasgates.core._keras import cells_within, reason, takes_training
from kerasgates.export.operations import PYTHON
from kerasgates.export.report import ExportError
from kerasgates.export.source import (
    LoopRunner,
    call,
    check_repeats,
    compare,
    find_operation,
    random_inputs,
    tolerance_of,
    trials,
)
from kerasgates.interop.upgrade import NotRemadeError, check_built, rebuild


def prepare(model, single_precision=False, **layer_arguments):
    """A functional model whose recurrent layers hold no state, for any batch size.

    It is a copy whose recurrent layers are ours. Where a model cannot be made again from its
    config, it is the model itself inside a functional one.

    Args:
        model: the user's.
        single_precision: see `rebuild`.
        **layer_arguments: what every recurrent layer gets.

    Raises:
        ValueError: if Keras does not run on TensorFlow, or the model cannot be exported.
        ExportError: if what is made does not give the outputs of the model, or calls Python.
    """
    if keras.backend.backend() != "tensorflow":
        raise ValueError(
            "Exporting needs the TensorFlow backend: load the model in a process with "
            f"KERAS_BACKEND=tensorflow. Received: backend {keras.backend.backend()!r}"
        )
    check_built(model)
    arguments = {"stateful": False, "loop": "keras", "unroll": False, **layer_arguments}
    try:
        copy, why = (
            rebuild(
                model,
                batch_shape=lambda shape: (None, *shape[1:]),
                single_precision=single_precision,
                **arguments,
            ),
            "it is made by another layer",
        )
    except NotRemadeError as error:
        copy, why = model, f"the model cannot be made again without it. {error}"
    _check_layers(copy, why)
    _check_weights(copy)
    ready = _functional(copy)
    for tensor in ready.inputs:
        if tensor.dtype == "string":
            raise ValueError(
                "Argument `model` must read numbers: leave layers that read text to whoever "
                "calls it, or take Keras's own `model.export(folder)`, which writes a SavedModel "
                f"with them. Received: {model.name!r} with the input {tensor.name!r} of strings"
            )
    ready.supports_masking = True  # Else Keras warns when a mask is given with the input.
    _check_outputs(model, ready)
    return ready


def _check_layers(model, why):
    """Raise where there is no recurrent layer, or one that keeps its state."""
    layers = cells_within(model, keras.layers.RNN)
    if not layers:
        raise ValueError(
            "Argument `model` must hold a recurrent layer, for models without one "
            f"`model.export` is enough. Received: {model.name!r} with layers "
            f"{[type(layer).__name__ for layer in model.layers]}"
        )
    for layer in layers:
        if layer.stateful:
            raise ValueError(
                "Argument `model` must leave the states of what is exported to whoever calls it. "
                f"Received: {model.name!r} with the layer {layer.name!r} of stateful=True; {why}"
            )


def check_no_tables(model, kind):
    """Raise where a layer looks its input up in a table, which files of a kind cannot hold.

    Args:
        model: what `prepare` gave.
        kind: name of the files.
    """
    for layer in cells_within(model, (keras.layers.IntegerLookup, keras.layers.StringLookup)):
        raise ValueError(
            f"Argument `model` must hold no lookup table, {kind} has none: leave the layer to "
            "whoever calls the file, or take `kerasgates.export.saved_model`. Received: "
            f"{model.name!r} with the layer {layer.name!r} ({type(layer).__name__})"
        )


def _check_no_python(model):
    """Raise where a layer calls Python, as by `tf.numpy_function`: no file can hold that."""
    if found := find_operation(model, PYTHON):
        operator, layer = found
        raise ExportError(
            f"No file can hold what {layer} calls in Python (operator {operator}), it would run in "
            "this process alone. Compute it with `keras.ops`, or leave it to whoever calls the "
            "file."
        )


def _check_weights(model):
    """Raise where a weight is NaN or infinite: nothing could be compared."""
    for weight in model.weights:
        values = ops.convert_to_numpy(weight.value)
        if "float" in str(values.dtype) and not np.isfinite(values.astype("float64")).all():
            raise ValueError(
                "Argument `model` must have finite weights. Received: "
                f"{model.name!r} with NaN or infinity in {weight.path!r}"
            )


def _functional(model):
    """A functional model with flat inputs and outputs, in their order in a model."""
    inputs = getattr(model, "inputs", None)
    if inputs and all(tensor.shape[0] is None for tensor in inputs):
        ready = keras.Model(inputs, model.outputs, name=model.name)
        return _with_names(ready, _nested_outputs(model))
    keywords = _inputs_of(model)
    # Fixed lengths of a functional model are meant; other models were called with some length.
    for free in (False,) if inputs else (True, False):
        try:
            ready = _around(model, keywords, free)
            call(ready, random_inputs(ready, 2, 1 + _longest(keywords), np.random.default_rng(0)))
        except Exception as error:
            failure = error
        else:
            return ready
    raise ValueError(
        "Argument `model` must run in a graph, for any batch size. Received: "
        f"{model.name!r} of class {type(model).__name__}, which fails: {reason(failure)}"
    ) from failure


def _inputs_of(model):
    """Symbolic inputs that a model was built for, nested, by argument of its `call`."""
    if getattr(model, "inputs", None):
        return {"inputs": model.inputs[0] if len(model.inputs) == 1 else model.input}
    built = model.get_build_config() or {}
    parameters = inspect.signature(model.call).parameters
    first = next(iter(parameters))
    shapes = {first: built["input_shape"]} if "input_shape" in built else built.get("shapes_dict")
    if not shapes:
        raise ValueError(
            f"Argument `model` must have been called: {model.name!r} of class "
            f"{type(model).__name__} does not tell what it reads. Call it on data once"
        )
    nested = {
        name.removesuffix("_shape"): tree.map_shape_structure(
            lambda shape: keras.KerasTensor(shape, dtype=model.variable_dtype), shape
        )
        for name, shape in shapes.items()
    }
    plain = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
    needed = [n for n, p in parameters.items() if p.default is p.empty and p.kind in plain]
    if unknown := [name for name in needed if name not in nested]:
        raise ValueError(
            "Argument `model` must read all its inputs by the first argument of its `call`, as a "
            f"list or a dict: Keras keeps no shapes of others. Received: {model.name!r} of class "
            f"{type(model).__name__} with the arguments {unknown}"
        )
    flat = [
        keras.KerasTensor(tensor.shape, dtype=tensor.dtype, name=_name(path))
        for path, tensor in tree.flatten_with_path(nested)
    ]
    return tree.pack_sequence_as(nested, _with_whole_numbers(model, nested, flat))


def _name(path):
    """The name of an input: its key, or that of the argument with its number."""
    return path[-1] if isinstance(path[-1], str) else "_".join(map(str, path))


def _with_whole_numbers(model, nested, flat):
    """The inputs, with dtype int32 where the model reads only their whole part: tokens."""
    if not cells_within(model, keras.layers.Embedding):
        return flat

    def outputs(at=None):
        sizes = [[1, *(n or 2 for n in tensor.shape[1:])] for tensor in flat]
        values = [tf.fill(s, 1.4 if k == at else 1.0) for k, s in enumerate(sizes)]
        inputs = tree.pack_sequence_as(nested, values)
        return [ops.convert_to_numpy(y) for y in tree.flatten(_call(model, inputs))]

    plain = outputs()
    tokens = [all(map(np.array_equal, plain, outputs(at))) for at in range(len(flat))]
    return [
        keras.KerasTensor(tensor.shape, dtype="int32", name=tensor.name) if whole else tensor
        for tensor, whole in zip(flat, tokens)
    ]


def _call(model, keywords):
    training = {"training": False} if takes_training(model) else {}
    return (
        model(*keywords.values(), **training)
        if len(keywords) == 1
        else model(**keywords, **training)
    )


class _ModelLayer(keras.Layer):
    """Layer that calls a subclassed model, which so gets no node in another model's graph."""

    def __init__(self, model, keywords, **arguments):
        super().__init__(**arguments)
        self.model = model
        self._pack = lambda values: tree.pack_sequence_as(keywords, values)
        self.supports_masking = True

    def call(self, inputs):
        return _call(self.model, self._pack(tree.flatten(inputs)))


def _around(model, keywords, free):
    """A functional model around a model; `free` makes it one for sequences of any length."""
    inputs = []
    for tensor in tree.flatten(keywords):
        shape = list(tensor.shape[1:])
        if free and (len(shape) > 1 or (shape and "int" in tensor.dtype)):
            shape[0] = None
        inputs.append(keras.Input(shape, dtype=tensor.dtype, name=tensor.name))
    packed = inputs[0] if len(inputs) == 1 else inputs
    with LoopRunner():
        outputs = _ModelLayer(model, keywords, name=model.name)(packed)
    return _with_names(keras.Model(packed, tree.flatten(outputs), name=model.name), outputs)


def _nested_outputs(model):
    """The outputs of a functional or sequential model as it nests them."""
    if isinstance(model, keras.Sequential):
        return model.compute_output_spec(model.inputs[0])  # It keeps them only as a list.
    return model.output


def _with_names(ready, nested):
    """The model, its outputs named by their keys where they come in dicts, else by their layers.

    Keys of dicts within dicts, and numbers in lists within them, are joined: `{"a": {"b": [y]}}`
    is `a_b_0`.
    """
    names = []
    for (path, _), layer_name in zip(tree.flatten_with_path(nested), ready.output_names):
        keys = list(path)
        while keys and isinstance(keys[0], int):
            keys.pop(0)  # Of the list or tuple around all: as a name it would say nothing.
        names.append("_".join(map(str, keys)) or layer_name)
    ready.output_names = names
    return ready


def _longest(keywords):
    return max((t.shape[1] or 6 for t in tree.flatten(keywords) if len(t.shape) > 1), default=1)


def _check_outputs(model, ready):
    """Raise where the outputs differ from the user's model, whose state stays as it is."""
    keywords = _inputs_of(model)
    batch = tree.flatten(keywords)[0].shape[0] if getattr(model, "inputs", None) else 3
    arrays = next(trials(ready, [(batch or 3, 7), (batch or 3, 50)], np.random.default_rng(1)))
    _check_no_python(ready)
    check_repeats(ready, arrays)
    if any(layer.stateful for layer in cells_within(model, keras.layers.RNN)):
        return  # Its outputs depend on what it has seen.
    inputs = tree.pack_sequence_as(keywords, [tf.constant(a) for a in arrays])
    try:
        outputs = [ops.convert_to_numpy(y) for y in tree.flatten(_call(model, inputs))]
    except Exception as error:
        raise ValueError(
            "Argument `model` must run on inputs of its own shapes. Received: "
            f"{model.name!r}, which fails on arrays of shapes {[a.shape for a in arrays]}: "
            f"{reason(error)}"
        ) from error
    try:
        compare(ready, arrays, outputs, "the model called directly", tolerance_of(model))
    except ExportError as error:
        hint = "What leaves Keras is the graph of a model"
        if cells_within(model, keras.layers.TimeDistributed):
            hint += (
                ", and in Keras (3.15) a TimeDistributed has a wrong one unless its Input says "
                "how many steps there are"
            )
        raise ExportError(f"{error} {hint}.") from error
