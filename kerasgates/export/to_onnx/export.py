"""ONNX files, for onnxruntime and whatever else reads them."""

from __future__ import annotations

import collections
import contextlib
import logging
import threading
from types import SimpleNamespace

import keras
import numpy as np
import tensorflow as tf

from kerasgates.core._keras import cells_within
from kerasgates.export.loaders import session_of
from kerasgates.export.prepare import check_no_tables, prepare
from kerasgates.export.report import (
    ExportError,
    Report,
    failing_as_export_error,
    reason,
)
from kerasgates.export.runtimes import check_ending
from kerasgates.export.source import (
    SIZES,
    compare,
    names_of,
    output_names,
    run,
    tolerance_of,
    trials,
)
from kerasgates.export.to_onnx.nodes import Nodes
from kerasgates.export.to_onnx.operators import FUNCTIONS
from kerasgates.utils.files import atomic_write, check_path
from kerasgates.utils.types import Model, PathLike

#: The versions of ONNX that tf2onnx writes and the tests run.
OPSETS = range(13, 19)
#: Loggers are the whole process's, and so are the counters of tf2onnx: one thread at a time.
_CONVERTING = threading.Lock()


def onnx(model: Model, path: PathLike, opset: int = 18) -> Report:
    """Write an ONNX file, for onnxruntime and others, for any batch size and length.

        >>> print(kg.export.onnx(model, "model.onnx").kind)
        1 LSTM node

    Inputs are those of the model, such as `(batch, time, features)`. SimpleRNN, LSTM, PeepholeLSTM,
    CoupledLSTM, GRU and ResetAfterGRU are one node each. So are the cells that are one of these
    with other weights: OriginalLSTM and NoOutputGateLSTM (a gate is always open), ProjectedLSTM (R
    is multiplied into U), JANET (an LSTM whose input gate is 1 − σ(a_f − 1)), UGRNN (a GRU that
    never resets) and ESN. In `RNN([cell, …])` each cell is a node, and the two layers in a
    `Bidirectional` are one. Other cells, activations that the operators have not, and precisions
    other than float32 run in a Loop: the report says which. Masks of any form are right in both.
    Not every runtime is: OpenCV (5.0) runs the nodes, and gives wrong numbers for a Loop.

    A model in mixed_bfloat16 is exported as it computes in float32, with the same weights: ONNX
    has bfloat16 for hardly an operator. A stateful model is exported without its state. Stock
    Keras recurrent layers are exported as ours (see `kerasgates.upgrade`). An output that is an
    input, too, is called `…_output`, as ONNX wants a name for each.

    Args:
        model: a built Keras model with a recurrent layer.
        path: `.onnx` file to write; one that exists is replaced.
        opset: version of the ONNX operators, 13 to 18.

    Returns:
        A `Report`, with the shapes of all inputs and outputs in `signatures`.

    Raises:
        ValueError: if an argument has an impossible value, or the weights are bfloat16.
        ImportError: if tf2onnx or onnxruntime is missing: `pip install "kerasgates[onnx]"`.
        ExportError: if a layer cannot be converted, or what was written does not agree with
            Keras; then nothing is there.
    """
    check_path(path)
    check_ending(path, ".onnx")
    if isinstance(opset, bool) or opset not in OPSETS:
        raise ValueError(
            f"Argument `opset` must be an integer from {OPSETS[0]} to {OPSETS[-1]}. "
            f"Received: opset={opset!r}"
        )
    libraries = _libraries()
    source = prepare(model, loop="keras")
    check_no_tables(source, "ONNX")
    narrow = _in_bfloat16(source)
    if narrow:
        source = prepare(model, single_precision=True, loop="keras")
        _check_precision(source)
    with atomic_write(path) as new, failing_as_export_error("Exporting to ONNX"):
        nodes = Nodes(source)
        proto = _convert(source, nodes, int(opset), libraries)
        report = Report(str(path), "ONNX", "", operators=_operators(proto.graph))
        report.kind = _kind(report.operators)
        report.notes = [f"layer {name!r} is a Loop: {why}" for name, why in nodes.loops.items()]
        if narrow:
            report.notes.append("computes in float32, the model in mixed_bfloat16")
        new.write_bytes(proto.SerializeToString())
        report.bytes = new.stat().st_size
        session = _session(new, libraries)
        report.signatures["model"] = tuple(
            {value.name: tuple(value.shape) for value in values}
            for values in (session.get_inputs(), session.get_outputs())
        )
        report.difference = _compare(session, source)
    return report


def _libraries():
    try:
        import onnx as format
        import onnxruntime
        import tf2onnx
    except ImportError as error:
        raise ImportError(
            f'ONNX export needs further packages: pip install "kerasgates[onnx]" ({error})'
        ) from error
    return SimpleNamespace(format=format, runtime=onnxruntime, converter=tf2onnx)


def _in_bfloat16(model):
    """Layers and inputs in bfloat16: dtype policies by name."""
    policies = {tensor.name: "bfloat16" for tensor in model.inputs if tensor.dtype == "bfloat16"}
    for layer in cells_within(model, keras.Layer):
        # These two have a policy that nothing is computed in.
        idle = isinstance(layer, (keras.Model, keras.layers.InputLayer))
        if not idle and "bfloat16" in (layer.compute_dtype, layer.variable_dtype):
            policies[layer.name] = layer.dtype_policy.name
    return policies


def _check_precision(model):
    if left := _in_bfloat16(model):
        raise ValueError(
            "Argument `model` must not be in bfloat16, for which ONNX has hardly an operator: "
            'make it with the dtype policy "float32" or "mixed_bfloat16", and give it the weights '
            f"of this one by `set_weights`. Received: {model.name!r} with {left}"
        )


def _names(model):
    """Names of the inputs and of the outputs, all different, as ONNX requires."""
    names, outputs = names_of(model.inputs), output_names(model)
    for at, name in enumerate(outputs):
        while name in names or name in outputs[:at]:
            name = f"{name}_output"
        outputs[at] = name
    return names, outputs


def _convert(model, nodes, opset, libraries):
    """Convert the whole model; returns the ONNX proto."""
    names, outputs = _names(model)
    specs = [tf.TensorSpec(t.shape, t.dtype, n) for n, t in zip(names, model.inputs)]

    def whole(*inputs):
        return dict(zip(outputs, run(model, inputs, runner=nodes)))

    function = tf.function(whole, autograph=False)
    with _CONVERTING, _listening() as messages:
        proto, _ = libraries.converter.convert.from_function(
            function,
            input_signature=specs,
            opset=opset,
            custom_rewriter=[nodes.rewrite],
        )
        # The one that was converted; made again, it would have other markers.
        traced = function.get_concrete_function(*specs)
    known = libraries.format.defs.has
    unknown = sorted(name for name in _operators(proto.graph) if not known(name))
    if unknown:
        raise ExportError(
            f"tf2onnx has no ONNX operators for {unknown}. It said: {' '.join(messages)}"
        )
    _hold_constants(proto.graph, traced, len(specs), libraries.format.numpy_helper)
    for values, order, tensors in (
        (proto.graph.input, names, model.inputs),
        (proto.graph.output, outputs, model.outputs),
    ):
        by_name = {value.name: value for value in list(values)}
        del values[:]
        values.extend(by_name[name] for name in order)
        for value, tensor in zip(values, tensors):
            _name_axes(value, tensor.shape, {*names, *outputs})
    _trim(proto.graph)
    for graph in _inner_graphs(proto.graph):
        _separate_outputs(graph, libraries.format.helper)
    return proto


def _hold_constants(graph, function, count, helper):
    """Store the tensors that a function captures, after its first `count` inputs, in the file.

    These are tensors that a layer holds and that are no variables, as the mean that a
    Normalization has adapted to; TensorFlow hands them in at every call.
    """
    inputs = {value.name: value for value in graph.input}
    for tensor, constant in zip(function.inputs[count:], function.captured_inputs):
        if tensor.name in inputs:
            graph.initializer.append(helper.from_array(constant.numpy(), tensor.name))
            graph.input.remove(inputs[tensor.name])


def _name_axes(value, shape, taken):
    """Give an input or output the sizes that Keras knows, and names of their own for the others.

    The name of the second axis is `<name>_time`: two of one name would be of one size. None is
    in `taken`.
    """
    dims = value.type.tensor_type.shape.dim
    known = [dim.dim_value for dim in dims] or [0] * len(shape)
    del dims[:]
    for at, size in enumerate(shape):
        dim = dims.add()
        name = f"{value.name}_time" if at == 1 else f"{value.name}_axis_{at}"
        while name in taken:
            name += "_"
        if at == 0:
            dim.dim_param = "batch"
        elif size or known[at]:
            # The graph knows more than Keras does, which takes two directions for equally wide.
            dim.dim_value = known[at] or size
        else:
            dim.dim_param = name


def _inner_graphs(graph):
    """The graphs within a graph, the bodies of loops for instance."""
    for node in graph.node:
        for attribute in node.attribute:
            inner = [attribute.g] if attribute.HasField("g") else []
            for one in (*inner, *attribute.graphs):
                yield one
                yield from _inner_graphs(one)


def _trim(graph):
    """Remove trailing empty names from the inputs and outputs of nodes.

    They mean the same as no name, but some runtimes take them for names.
    """
    for one in (graph, *_inner_graphs(graph)):
        for node in one.node:
            for names in (node.input, node.output):
                while names and not names[-1]:
                    del names[-1]


def _separate_outputs(graph, helper):
    """Have each output of an inner graph, a loop's body, come from a node of its own in it.

    Some runtimes refuse a body that passes on an input unchanged.
    """
    own, given = {name for node in graph.node for name in node.output}, set()
    for at, value in enumerate(graph.output):
        if value.name in own and value.name not in given:
            given.add(value.name)
            continue
        new = f"{value.name}_handed_on_{at}"
        graph.node.append(helper.make_node("Identity", [value.name], [new]))
        value.name = new


@contextlib.contextmanager
def _listening():
    """Context that collects the errors that tf2onnx logs as lines, and prints none of its log."""
    said = []
    handler = logging.Handler(logging.ERROR)
    handler.emit = lambda record: said.append(record.getMessage().split("\n")[0])
    own, root = logging.getLogger("tf2onnx"), logging.getLogger()
    before = own.propagate, own.level
    own.propagate = False
    own.setLevel(logging.ERROR)

    def theirs(record):
        return "tf2onnx" not in record.pathname

    # A rewriter of tf2onnx logs to the root; without a handler there that would add one for good.
    root.addHandler(nothing := logging.NullHandler())
    root.addFilter(theirs)
    own.addHandler(handler)
    try:
        yield said
    finally:
        own.propagate = before[0]
        own.setLevel(before[1])
        own.removeHandler(handler)
        root.removeFilter(theirs)
        root.removeHandler(nothing)


def _operators(graph):
    """Counts of the operators in a graph and the graphs within it."""
    graphs = graph, *_inner_graphs(graph)
    return collections.Counter(node.op_type for one in graphs for node in one.node)


def _kind(operators):
    """Recurrent nodes as text: `"2 LSTM nodes, 1 Loop node"`."""
    names = [name for name in (*FUNCTIONS, "Loop") if operators[name]]
    return ", ".join(f"{operators[n]} {n} node{'s' * (operators[n] > 1)}" for n in names)


def _session(path, libraries):
    try:
        return session_of(path, libraries.runtime)
    except Exception as error:
        raise ExportError(f"onnxruntime does not load the file: {reason(error)}") from error


def _compare(session, model):
    """Largest difference of onnxruntime's outputs from Keras."""
    rng, tolerance, largest = np.random.default_rng(0), tolerance_of(model), 0.0
    names, outputs = _names(model)
    for arrays in trials(model, SIZES, rng):
        try:
            got = session.run(outputs, dict(zip(names, arrays)))
        except Exception as error:
            raise ExportError(f"onnxruntime does not run the file: {reason(error)}") from error
        largest = max(largest, compare(model, arrays, got, "onnxruntime", tolerance))
    return largest
