"""TF Lite files as objects and in their runtime; the one place that knows their schema."""

import warnings

import flatbuffers
import numpy as np
import tensorflow as tf
from tensorflow.lite.python import schema_py_generated as schema

_NAMES = {
    code: name for name, code in vars(schema.BuiltinOperator).items() if isinstance(code, int)
}

#: The types that SPLIT_V takes.
_SPLIT = {
    getattr(schema.TensorType, name)
    for name in ("FLOAT32", "UINT8", "INT8", "INT16", "INT32", "INT64")
}


def load(content):
    """Parse a file's bytes into the object form of the schema."""
    return schema.ModelT.InitFromObj(schema.Model.GetRootAsModel(content, 0))


def dump(model):
    """Serialise the object form to a file's bytes."""
    for buffer in model.buffers:
        buffer.__class__ = _AlignedBuffer
    builder = flatbuffers.Builder(1024)
    builder.Finish(model.Pack(builder), b"TFL3")
    return bytes(builder.Output())


class _AlignedBuffer(schema.BufferT):
    """Buffer aligned to 16 bytes, which Python's writer does not do by itself."""

    def Pack(self, builder):
        if self.data is None or len(self.data) == 0:
            return super().Pack(builder)
        content = np.asarray(self.data, "uint8").tobytes()
        builder.StartVector(1, len(content), 16)
        builder.head -= len(content)
        builder.Bytes[builder.Head() : builder.Head() + len(content)] = content
        data = builder.EndVector()
        schema.BufferStart(builder)
        schema.BufferAddData(builder, data)
        return schema.BufferEnd(builder)


def name_of(model, operator):
    """An operator's name; `CUSTOM <code>` for one that is not built in."""
    code = model.operatorCodes[operator.opcodeIndex]
    name = _NAMES[max(code.builtinCode, code.deprecatedBuiltinCode)]
    return f"CUSTOM {code.customCode.decode()}" if name == "CUSTOM" else name


def operators(model):
    """Counts of a model's operators by name, over all subgraphs."""
    counts = {}
    for graph in model.subgraphs:
        for operator in graph.operators:
            name = name_of(model, operator)
            counts[name] = counts.get(name, 0) + 1
    return counts


def is_quantized(model):
    """Whether a model holds numbers in int8."""
    int8 = schema.TensorType.INT8
    return any(tensor.type == int8 for graph in model.subgraphs for tensor in graph.tensors)


def add_operator_code(model, name, version=1):
    """Add the code of a built-in operator to a model; returns its index."""
    code = schema.OperatorCodeT()
    code.builtinCode = code.deprecatedBuiltinCode = getattr(schema.BuiltinOperator, name)
    code.version = version
    model.operatorCodes.append(code)
    return len(model.operatorCodes) - 1


def add_tensor(graph, name, shape, kind="FLOAT32", variable=False):
    """Add a tensor without content to a subgraph; returns its index."""
    tensor = schema.TensorT()
    tensor.name, tensor.shape, tensor.hasRank = name.encode(), list(shape), True
    tensor.type, tensor.isVariable, tensor.buffer = getattr(schema.TensorType, kind), variable, 0
    graph.tensors.append(tensor)
    return len(graph.tensors) - 1


def add_constant(model, graph, name, values, kind):
    """Add a constant tensor to a subgraph; returns its index."""
    index = add_tensor(graph, name, values.shape, kind)
    buffer = schema.BufferT()
    buffer.data = np.frombuffer(values.tobytes(), "uint8")
    model.buffers.append(buffer)
    graph.tensors[index].buffer = len(model.buffers) - 1
    return index


def entries_of(model, tensor):
    """Number of entries of a constant float32 tensor."""
    return len(model.buffers[tensor.buffer].data) // 4


def add_quantized(model, graph, index):
    """Add an int8 copy of a constant float32 tensor, with one scale; returns its index."""
    tensor = graph.tensors[index]
    values = np.frombuffer(bytes(model.buffers[tensor.buffer].data), "float32")
    scale = max(float(np.abs(values).max(initial=0)) / 127, 1e-12)
    whole = np.clip(np.round(values / scale), -127, 127).astype("int8").reshape(tensor.shape)
    copy = add_constant(model, graph, f"{tensor.name.decode()}/int8", whole, "INT8")
    quantization = schema.QuantizationParametersT()
    quantization.scale, quantization.zeroPoint = [scale], [0]
    graph.tensors[copy].quantization = quantization
    return copy


def fix_batch(model, graph):
    """Make runtimes refuse any batch size but that of the subgraph's inputs.

    An input is split into one part of that size. Without it TensorFlow's own interpreter (2.21)
    computes wrong rows where LiteRT refuses.
    """
    code = None
    for index in graph.inputs:
        tensor = graph.tensors[index]
        if tensor.type not in _SPLIT:
            continue
        if code is None:
            code = add_operator_code(model, "SPLIT_V")
        name = tensor.name.decode()
        rows = np.array([tensor.shape[0]], "int32")
        ends = [
            index,
            add_constant(model, graph, f"{name}/rows", rows, "INT32"),
            add_constant(model, graph, f"{name}/axis", np.array(0, "int32"), "INT32"),
        ]
        whole = _add_like(graph, index, "whole")
        for operator in graph.operators:
            operator.inputs = [whole if i == index else i for i in operator.inputs]
        options = schema.SplitVOptionsT()
        options.numSplits = 1
        operator = _operator(code, ends, whole, "SplitVOptions", options)
        graph.operators.insert(0, operator)


def separate_outputs(model):
    """Give each output of each subgraph a tensor of its own.

    Where the output of a cell is one of its states, the converter lists one tensor twice, which
    LiteRT takes and OpenVINO refuses. The copy is a CONCATENATION of one tensor: it works for
    any type and shape but that of a single number.
    """
    code = None
    for number, graph in enumerate(model.subgraphs):
        signatures = [s for s in model.signatureDefs or [] if s.subgraphIndex == number]
        graph.outputs = list(graph.outputs)
        for at, index in enumerate(graph.outputs):
            if index not in graph.outputs[:at] or not len(graph.tensors[index].shape):
                continue
            if code is None:
                code = add_operator_code(model, "CONCATENATION")
            graph.outputs[at] = copy = _add_copy(graph, index, code)
            for signature in signatures:
                for entry in [e for e in signature.outputs if e.tensorIndex == index][-1:]:
                    entry.tensorIndex = copy


def _add_copy(graph, index, code):
    """Add a copy of a tensor, by a CONCATENATION with nothing else; returns its index."""
    copy = _add_like(graph, index, f"copy_{len(graph.tensors)}")
    options = schema.ConcatenationOptionsT()
    graph.operators.append(_operator(code, [index], copy, "ConcatenationOptions", options))
    return copy


def _add_like(graph, index, name):
    """Add a tensor of the type, shape and scale of another; returns its index."""
    tensor = graph.tensors[index]
    new = add_tensor(graph, f"{tensor.name.decode()}/{name}", tensor.shape)
    graph.tensors[new].type = tensor.type
    graph.tensors[new].shapeSignature = tensor.shapeSignature
    graph.tensors[new].quantization = tensor.quantization
    return new


def _operator(code, inputs, output, kind, options):
    """An operator with one output, and options of that kind."""
    operator = schema.OperatorT()
    operator.opcodeIndex, operator.inputs, operator.outputs = code, inputs, [output]
    operator.builtinOptionsType = getattr(schema.BuiltinOptions, kind)
    operator.builtinOptions = options
    return operator


def set_order(model, signature, inputs, outputs):
    """Put inputs and outputs of a signature's subgraph in an order; the converter sorts them."""
    for definition in model.signatureDefs or []:
        if definition.signatureKey == signature.encode():
            graph = model.subgraphs[definition.subgraphIndex]
            graph.inputs = [_by_name(definition.inputs)[name] for name in inputs]
            graph.outputs = [_by_name(definition.outputs)[name] for name in outputs]


def put_last(model, signature):
    """Move the subgraph of a signature behind all others.

    The converter sorts signatures by name, and what knows none of them runs the first subgraph.
    """
    (definition,) = (s for s in model.signatureDefs if s.signatureKey == signature.encode())
    order = [n for n in range(len(model.subgraphs)) if n != definition.subgraphIndex]
    order.append(definition.subgraphIndex)
    place = {old: new for new, old in enumerate(order)}
    model.subgraphs = [model.subgraphs[old] for old in order]
    for one in model.signatureDefs:
        one.subgraphIndex = place[one.subgraphIndex]
    options = [o.builtinOptions for graph in model.subgraphs for o in graph.operators]
    for one in filter(None, options):
        for name in vars(one):
            if name.lower().endswith("subgraphindex") or name == "subgraph":
                setattr(one, name, place[getattr(one, name)])


def order_of(model, signature):
    """The names of a signature's inputs and outputs, in the order of its subgraph."""
    (definition,) = (s for s in model.signatureDefs if s.signatureKey == signature.encode())
    graph = model.subgraphs[definition.subgraphIndex]
    orders = []
    for indices, named in ((graph.inputs, definition.inputs), (graph.outputs, definition.outputs)):
        place = {index: at for at, index in enumerate(indices)}
        tensors = _by_name(named)
        orders.append(sorted(tensors, key=lambda name: place.get(tensors[name], len(place))))
    return orders


def _by_name(entries):
    return {entry.name.decode(): entry.tensorIndex for entry in entries}


def prune(model):
    """Remove the tensors that nothing reads or writes, and the buffers of no tensor."""
    for number, graph in enumerate(model.subgraphs):
        signatures = [s for s in model.signatureDefs or [] if s.subgraphIndex == number]
        lists = [(graph, "inputs"), (graph, "outputs")]
        parts = ("inputs", "outputs", "intermediates")
        lists += [(operator, part) for operator in graph.operators for part in parts]
        lists = [(owner, part) for owner, part in lists if getattr(owner, part) is not None]
        named = [entry for s in signatures for entry in (*s.inputs, *s.outputs)]
        used = {i for owner, part in lists for i in getattr(owner, part)} - {-1}
        used = sorted(used | {entry.tensorIndex for entry in named})
        place = {-1: -1, **{old: new for new, old in enumerate(used)}}
        for owner, part in lists:
            setattr(owner, part, [place[i] for i in getattr(owner, part)])
        for entry in named:
            entry.tensorIndex = place[entry.tensorIndex]
        graph.tensors = [graph.tensors[i] for i in used]
    # The first buffer is, by the schema, the empty one.
    owners = [tensor for graph in model.subgraphs for tensor in graph.tensors]
    owners += model.metadata or []
    used = sorted({0, *(owner.buffer for owner in owners), *(model.metadataBuffer or [])})
    place = {old: new for new, old in enumerate(used)}
    for owner in owners:
        owner.buffer = place[owner.buffer]
    if model.metadataBuffer is not None:
        model.metadataBuffer = [place[i] for i in model.metadataBuffer]
    model.buffers = [model.buffers[i] for i in used]


def requantize_reversed(content):
    """Bytes of an int8 file whose reversed tensors have the scale that they claim.

    REVERSE_V2 copies numbers. Where its output is joined with a tensor of another scale, as in
    `Bidirectional`, the converter (2.21) writes that scale and forgets to convert to it.
    """
    model = load(content)
    changed = False
    for graph in model.subgraphs:
        for operator in list(graph.operators):
            if name_of(model, operator) != "REVERSE_V2":
                continue
            source, target = (
                graph.tensors[ends[0]] for ends in (operator.inputs, operator.outputs)
            )
            if source.type != schema.TensorType.INT8 or _scale(source) == _scale(target):
                continue
            converted = add_tensor(graph, f"{source.name.decode()}/rescaled", source.shape, "INT8")
            graph.tensors[converted].shapeSignature = source.shapeSignature
            graph.tensors[converted].quantization = target.quantization
            rescale = schema.OperatorT()
            rescale.opcodeIndex = add_operator_code(model, "QUANTIZE")
            rescale.inputs, rescale.outputs = [operator.inputs[0]], [converted]
            operator.inputs = [converted, *operator.inputs[1:]]
            graph.operators.insert(graph.operators.index(operator), rescale)
            changed = True
    return dump(model) if changed else content


def _scale(tensor):
    return list(tensor.quantization.scale), list(tensor.quantization.zeroPoint)


def lstm_options():
    """Options of UNIDIRECTIONAL_SEQUENCE_LSTM: tanh, no clipping, batch first."""
    options = schema.UnidirectionalSequenceLSTMOptionsT()
    options.fusedActivationFunction = schema.ActivationFunctionType.TANH
    options.cellClip = options.projClip = 0.0
    options.timeMajor = False
    return schema.BuiltinOptions.UnidirectionalSequenceLSTMOptions, options


def interpreter_of(content, **options):
    """The runtime for a file's bytes: LiteRT's package, or TensorFlow's own copy.

    Raises:
        RuntimeError: if it cannot run the file.
    """
    try:
        from ai_edge_litert.interpreter import Interpreter
    except ImportError:
        with warnings.catch_warnings():
            # It warns of its removal; until then every TensorFlow has it.
            warnings.filterwarnings("ignore", "(?s).*LiteRT interpreter", UserWarning)
            return tf.lite.Interpreter(model_content=content, **options)
    return Interpreter(model_content=content, **options)
