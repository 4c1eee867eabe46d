"""TF Lite files as objects and in their runtime; the one place that knows their schema."""

import warnings

import flatbuffers
import numpy as np
import tensorflow as tf
from tensorflow.lite.python import schema_py_generated as schema

_NAMES = {
    code: name for name, code in vars(schema.BuiltinOperator).items() if isinstance(code, int)
}


def load(content):
    """The object form of a file's bytes."""
    return schema.ModelT.InitFromObj(schema.Model.GetRootAsModel(content, 0))


def dump(model):
    """The bytes of the object form."""
    builder = flatbuffers.Builder(1024)
    builder.Finish(model.Pack(builder), b"TFL3")
    return bytes(builder.Output())


def name_of(model, operator):
    """An operator's name; `CUSTOM <code>` for one that is not built in."""
    code = model.operatorCodes[operator.opcodeIndex]
    name = _NAMES[max(code.builtinCode, code.deprecatedBuiltinCode)]
    return f"CUSTOM {code.customCode.decode()}" if name == "CUSTOM" else name


def operators(content):
    """How often each operator occurs in a file, all subgraphs together."""
    model, counts = load(content), {}
    for graph in model.subgraphs:
        for operator in graph.operators:
            name = name_of(model, operator)
            counts[name] = counts.get(name, 0) + 1
    return counts


def add_operator_code(model, name):
    """The index of a built-in operator's code, which is added."""
    code = schema.OperatorCodeT()
    code.builtinCode = code.deprecatedBuiltinCode = getattr(schema.BuiltinOperator, name)
    code.version = 1
    model.operatorCodes.append(code)
    return len(model.operatorCodes) - 1


def add_tensor(graph, name, shape, kind="FLOAT32", variable=False):
    """The index of a tensor without content, which is added to a subgraph."""
    tensor = schema.TensorT()
    tensor.name, tensor.shape, tensor.hasRank = name.encode(), list(shape), True
    tensor.type, tensor.isVariable, tensor.buffer = getattr(schema.TensorType, kind), variable, 0
    graph.tensors.append(tensor)
    return len(graph.tensors) - 1


def quantize_weight(model, tensor):
    """Store a constant float32 tensor as int8 with one symmetric scale."""
    buffer = model.buffers[tensor.buffer]
    values = np.frombuffer(bytes(buffer.data), "float32")
    scale = max(float(np.abs(values).max(initial=0)) / 127, 1e-12)
    whole = np.clip(np.round(values / scale), -127, 127).astype("int8")
    quantized = schema.BufferT()
    quantized.data = np.frombuffer(whole.tobytes(), "uint8")
    model.buffers.append(quantized)
    tensor.buffer, tensor.type = len(model.buffers) - 1, schema.TensorType.INT8
    tensor.quantization = schema.QuantizationParametersT()
    tensor.quantization.scale, tensor.quantization.zeroPoint = [scale], [0]


def requantize_reversed(content):
    """Bytes of an int8 file whose reversed tensors have the scale that they claim.

    REVERSE_V2 copies numbers. Where what it gives is joined with something of another scale, as
    in `Bidirectional`, the converter (2.21) announces that scale and forgets to convert to it.
    """
    model = load(content)
    changed = False
    for graph in model.subgraphs:
        for operator in list(graph.operators):
            if name_of(model, operator) != "REVERSE_V2":
                continue
            came, given = (graph.tensors[ends[0]] for ends in (operator.inputs, operator.outputs))
            if came.type != schema.TensorType.INT8 or _scale(came) == _scale(given):
                continue
            converted = add_tensor(graph, f"{came.name.decode()}/rescaled", came.shape, "INT8")
            graph.tensors[converted].shapeSignature = came.shapeSignature
            graph.tensors[converted].quantization = given.quantization
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
            # It announces its end; as long as it is there, it is what everybody has.
            warnings.filterwarnings("ignore", "(?s).*LiteRT interpreter", UserWarning)
            return tf.lite.Interpreter(model_content=content, **options)
    return Interpreter(model_content=content, **options)
