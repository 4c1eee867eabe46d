"""TF Lite's fused LSTM operator for every cell whose equations it computes.

No converter makes the operator for more than the standard LSTM. So the loop is marked as one
function that the converter leaves alone, and `fuse` turns the custom operator that comes of it
into the built-in UNIDIRECTIONAL_SEQUENCE_LSTM, whose kernel computes

    i  = σ(W_i x + U_i h + p_i ⊙ c  + b_i)      or  1 − f  without weights for i
    f  = σ(W_f x + U_f h + p_f ⊙ c  + b_f)
    g  = tanh(W_g x + U_g h + b_g)
    c' = f ⊙ c + i ⊙ g
    o  = σ(W_o x + U_o h + p_o ⊙ c' + b_o)
    h' = (o ⊙ tanh(c')) R                       R only where there is a projection

The kernel keeps h and c from one invocation to the next. Steps in front of the sequence close all
gates and so empty the memory, whatever numbers were in it; NaN and infinities are kept from it,
and put into its outputs afterwards.
"""

import keras
import numpy as np
import tensorflow as tf
from google.protobuf import text_format
from keras import ops
from tensorflow.core.framework import attr_value_pb2

import kerasgates.cells as cells
from kerasgates.export.to_litert import flatbuffer
from kerasgates.loops import dense_loop

#: The operator's inputs in its order; h and c are its variables. The last four, scales of a layer
#: normalisation, are always absent: LiteRT takes the operator without them, LiteRT for
#: Microcontrollers wants their places.
SLOTS = (
    *("x", "W_i", "W_f", "W_g", "W_o", "U_i", "U_f", "U_g", "U_o"),
    *("p_i", "p_f", "p_o", "b_i", "b_f", "b_g", "b_o", "R", "b_R", "h", "c"),
    *("s_i", "s_f", "s_g", "s_o"),
)
#: The operator's name in a file.
FUSED = "UNIDIRECTIONAL_SEQUENCE_LSTM"
#: Fewer entries are not worth quantising: scale and name of an int8 tensor take room, too. The
#: converter leaves matrices of fewer entries than this as they are.
FEWEST = 1024
#: Our name of the operator before it is the built-in one; which slots are filled follows, in bits.
MARK = "kerasgates_lstm_"
#: A pre-activation whose sigmoid is 1 in float32, and by a margin.
OPEN = 120.0
#: A pre-activation whose sigmoid is 0, whatever the longest memory adds through peepholes.
SHUT = -1e9
#: Input from here on is no number to the operator: its products could be infinite, and then NaN.
LIMIT = 1e18
#: Cells by what the gates i f g o are in them: 1 is always open. Peepholes and a projection
#: are the kernel's own.
GATES = {cells.PeepholeLSTMCell: "i f g o", cells.ProjectedLSTMCell: "i f g o"} | {
    cell: cell.operator[1]
    for cell in vars(cells).values()
    if (getattr(cell, "operator", None) or [""])[0] == "LSTM"
}


def why_not(layer):
    """Reason why the operator cannot compute a layer's loop; None where it can."""
    cell = layer.cell
    if type(cell) not in GATES:
        return f"the operator has not the equations of {type(cell).__name__}"
    for name, function in (
        ("recurrent_activation", keras.activations.sigmoid),
        ("activation", keras.activations.tanh),
        ("output_activation", keras.activations.tanh),
    ):
        if getattr(cell, name) is not function:
            return f"the operator has {function.__name__} for {name}"
    if layer.return_state:
        return "the operator does not give its final states"
    if cell.compute_dtype != "float32":
        return "the operator computes in float32"
    return None


def fused_loop(run):
    """Loop marked for conversion to TF Lite's LSTM operator; else the dense loop."""
    cell, sequences = run.cell, run.sequences
    fixed = isinstance(sequences.shape[0], int)
    # The operator begins from zeros; states that come from elsewhere are not constants.
    zeros = all(
        value is not None and not np.any(value) for value in map(tf.get_static_value, run.states)
    )
    if run.mask is not None or not fixed or not zeros:
        return dense_loop(run)
    sequences, poison = _numbers_only(sequences)
    sequences, weights, steps = _with_reset(sequences, _weights(cell))
    names = list(weights)
    filled = sum(1 << SLOTS.index(name) for name in ("x", *names))
    mark = attr_value_pb2.NameAttrList(name=f"{MARK}{filled}")
    mark.attr["tfl_fusable_op"].b = True
    shape = (sequences.shape[0], sequences.shape[1], cell.output_size)

    @tf.function(autograph=False, experimental_implements=text_format.MessageToString(mark))
    def operator(sequences, *weights):
        # Never run, the operator takes its place: only the shape counts.
        nothing = tf.zeros(tf.stack([shape[0], tf.shape(sequences)[1], shape[2]]))
        return tf.ensure_shape(nothing, shape)

    outputs = operator(sequences, *map(tf.constant, weights.values()))[:, steps:] + poison
    last = outputs[:, -1]
    return last, outputs if run.every_output else last[:, None], run.states


def _numbers_only(sequences):
    """Sequences with zeros for NaN and huge values; and NaN from that step on, `(batch, time, 1)`.

    A NaN would stay in the operator's memory for ever: no gate closes on it.
    """
    good = tf.abs(sequences) < LIMIT
    poison = tf.reduce_sum(tf.where(good, 0.0, np.nan), axis=-1, keepdims=True)
    return tf.where(good, sequences, 0.0), tf.cumsum(poison, axis=1)


def _weights(cell):
    """The cell's weights as the kernel takes them: `{slot: array}`, gates in rows."""
    own = zip("ifgo", GATES[type(cell)].split())
    open_gates = [gate for gate, meaning in own if meaning == "1"]
    W = dict(zip(cell.gates, np.split(_array(cell.kernel), len(cell.gates), axis=1)))
    U = dict(zip(cell.gates, np.split(_array(cell.recurrent_kernel), len(cell.gates), axis=1)))
    bias = np.zeros(len(cell.gates) * cell.units) if cell.bias is None else _array(cell.bias)
    b = dict(zip(cell.gates, np.split(bias, len(cell.gates))))
    for gate in open_gates:
        W[gate], U[gate] = np.zeros_like(W["g"]), np.zeros_like(U["g"])
        b[gate] = np.full_like(b["g"], OPEN)
    weights = {f"W_{gate}": W[gate].T for gate in W} | {f"U_{gate}": U[gate].T for gate in U}
    weights |= {f"b_{gate}": b[gate] for gate in b}
    for gate in "ifo":
        if hasattr(cell, f"peephole_{gate}"):
            weights[f"p_{gate}"] = _array(getattr(cell, f"peephole_{gate}"))
    if hasattr(cell, "projection_kernel"):
        weights["R"] = _array(cell.projection_kernel).T
    return {name: weights[name].astype("float32") for name in SLOTS if name in weights}


def _array(weight):
    with tf.init_scope():  # Out of the graph that is being made, where values are known.
        return ops.convert_to_numpy(weight)


def _with_reset(sequences, weights):
    """Sequences and weights with reset steps in front, after which h = c = 0; and their number.

    One more feature, 0 at the steps that count, closes every gate. Its product with the weight is
    large and not the weight, so that weights can still be quantised. Without an input gate
    c' is g where f is closed: one more step, so that h is 0 by then, and a second feature, 1
    at the steps that count, which takes the place of g's bias.
    """
    coupled = "W_i" not in weights
    steps = features = 2 if coupled else 1
    largest = max(np.abs(weights[f"W_{gate}"]).max(initial=1e-3) for gate in "fgo")
    against = sum(np.abs(w).sum(-1).max() for s, w in weights.items() if s[0] in "UpbR")
    signal = float((against - SHUT) / largest)
    grown, units = dict(weights), len(weights["b_g"])
    for gate in "ifgo":
        if f"W_{gate}" in weights:
            columns = np.zeros((units, features))
            columns[:, 0] = 0 if gate == "g" else -largest
            if coupled and gate == "g":
                columns[:, 1] = weights["b_g"]
                grown["b_g"] = np.zeros_like(weights["b_g"])
            grown[f"W_{gate}"] = np.hstack([weights[f"W_{gate}"], columns]).astype("float32")
    front = np.zeros((sequences.shape[0], steps, sequences.shape[2] + features), "float32")
    front[..., -features] = signal
    padded = tf.pad(sequences, [[0, 0], [0, 0], [0, 1]])
    if coupled:
        padded = tf.pad(padded, [[0, 0], [0, 0], [0, 1]], constant_values=1.0)
    return tf.concat([tf.constant(front), padded], axis=1), grown, steps


def fuse(model, quantize_weights=False):
    """Turn the custom operators of ours in a converted file into built-in ones.

    Args:
        model: the file as an object, which is changed.
        quantize_weights: store the operators' matrices as int8, for their hybrid kernel, where
            that makes the file smaller.
    """
    codes = {}
    for graph in model.subgraphs:
        ours = [(o, flatbuffer.name_of(model, o)) for o in graph.operators]
        ours = [(o, name) for o, name in ours if name.startswith(f"CUSTOM {MARK}")]
        copies = {}
        for operator, name in ours:
            filled = int(name.removeprefix(f"CUSTOM {MARK}"))
            present = [slot for bit, slot in enumerate(SLOTS) if filled >> bit & 1]
            inputs = dict(zip(present, operator.inputs))
            _add_states(graph, inputs)
            hybrid = quantize_weights and _quantize(model, graph, inputs, copies)
            if hybrid not in codes:
                codes[hybrid] = flatbuffer.add_operator_code(model, FUSED, 2 if hybrid else 1)
            operator.inputs = [inputs.get(slot, -1) for slot in SLOTS]
            operator.opcodeIndex, operator.customOptions = codes[hybrid], None
            operator.builtinOptionsType, operator.builtinOptions = flatbuffer.lstm_options()
        if ours:
            flatbuffer.fix_batch(model, graph)


def _quantize(model, graph, inputs, copies):
    """Replace an operator's matrices by int8 copies; False where they are too small for that.

    Args:
        copies: the int8 tensors that the subgraph has by now, by those that they are copies of.
    """
    matrices = {slot: index for slot, index in inputs.items() if slot[0] in "WUpR"}
    tensors = {*matrices.values()}
    if sum(flatbuffer.entries_of(model, graph.tensors[i]) for i in tensors) < FEWEST:
        return False
    for index in tensors - {*copies}:
        copies[index] = flatbuffer.add_quantized(model, graph, index)
    inputs |= {slot: copies[index] for slot, index in matrices.items()}
    return True


def _add_states(graph, inputs):
    """Add the variables h and c to a subgraph, and to the operator's inputs by slot."""
    shapes = {slot: list(graph.tensors[i].shape) for slot, i in inputs.items()}
    batch, units, size = shapes["x"][0], shapes["b_g"][0], shapes["U_g"][1]
    number = len(graph.tensors)
    for slot, width in (("h", size), ("c", units)):
        name = f"state_{slot}_{number}"
        inputs[slot] = flatbuffer.add_tensor(graph, name, (batch, width), variable=True)
