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

The kernel keeps h and c from one invocation to the next. Steps in front of the sequence
close all gates and so empty the memory, whatever was in it.
"""

import keras
import numpy as np
import tensorflow as tf
from google.protobuf import text_format
from keras import ops
from tensorflow.core.framework import attr_value_pb2

import kerasgates.cells as cells
from kerasgates.export import flatbuffer
from kerasgates.loops import dense_loop

#: The operator's inputs in its order; h and c are its variables.
SLOTS = (
    *("x", "W_i", "W_f", "W_g", "W_o", "U_i", "U_f", "U_g", "U_o"),
    *("p_i", "p_f", "p_o", "b_i", "b_f", "b_g", "b_o", "R", "b_R", "h", "c"),
)
#: Our name of the operator before it is the built-in one; which slots are filled follows, in bits.
MARK = "kerasgates_lstm_"
#: A pre-activation whose sigmoid is exactly 0, or 1 with the other sign, in float32.
SHUT = 120.0
#: Cells by the gates that are always open in them: the kernel has all four.
ALWAYS_OPEN = {
    cells.LSTMCell: "",
    cells.PeepholeLSTMCell: "",
    cells.CoupledLSTMCell: "",
    cells.ProjectedLSTMCell: "",
    cells.OriginalLSTMCell: "f",
    cells.NoOutputGateLSTMCell: "o",
}


def why_not(layer):
    """Why a layer's loop is not the operator's; None where it is."""
    cell = layer.cell
    if type(cell) not in ALWAYS_OPEN:
        return f"the operator has not the equations of {type(cell).__name__}"
    for name, wanted in (
        ("recurrent_activation", keras.activations.sigmoid),
        ("activation", keras.activations.tanh),
        ("output_activation", keras.activations.tanh),
    ):
        if getattr(cell, name) is not wanted:
            return f"the operator has {wanted.__name__} for {name}"
    if layer.return_state:
        return "the operator does not give its final states"
    if cell.compute_dtype != "float32":
        return "the operator computes in float32"
    return None


def fused_loop(cell, sequences, states, mask, training, unroll, return_all_outputs):
    """The loop as TF Lite's operator, only to be converted; the dense loop where it cannot be."""
    fixed = isinstance(sequences.shape[0], int)
    # The operator begins from zeros; states that come from elsewhere are not constants.
    zeros = all(
        value is not None and not np.any(value) for value in map(tf.get_static_value, states)
    )
    if mask is not None or not fixed or not zeros:
        return dense_loop(cell, sequences, states, mask, training, unroll, return_all_outputs)
    weights = _weights(cell)
    sequences, weights, steps = _with_reset(sequences, weights)
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

    outputs = operator(sequences, *map(tf.constant, weights.values()))[:, steps:]
    last = outputs[:, -1]
    return last, outputs if return_all_outputs else last[:, None], states


def _weights(cell):
    """The cell's weights as the kernel takes them: `{slot: array}`, gates in rows."""
    open_gates = ALWAYS_OPEN[type(cell)]
    W = dict(zip(cell.gates, np.split(_array(cell.kernel), len(cell.gates), axis=1)))
    U = dict(zip(cell.gates, np.split(_array(cell.recurrent_kernel), len(cell.gates), axis=1)))
    bias = np.zeros(len(cell.gates) * cell.units) if cell.bias is None else _array(cell.bias)
    b = dict(zip(cell.gates, np.split(bias, len(cell.gates))))
    for gate in open_gates:
        W[gate], U[gate] = np.zeros_like(W["g"]), np.zeros_like(U["g"])
        b[gate] = np.full_like(b["g"], SHUT)
    weights = {f"W_{gate}": W[gate].T for gate in W} | {f"U_{gate}": U[gate].T for gate in U}
    weights |= {f"b_{gate}": b[gate] for gate in b}
    for gate in "ifo":
        if hasattr(cell, f"peephole_{gate}"):
            weights[f"p_{gate}"] = _array(getattr(cell, f"peephole_{gate}"))
    if hasattr(cell, "projection_kernel"):
        weights["R"] = _array(cell.projection_kernel).T
    return {name: weights[name].astype("float32") for name in SLOTS if name in weights}


def _array(weight):
    return ops.convert_to_numpy(weight)


def _with_reset(sequences, weights):
    """Sequence and weights with steps in front after which h = c = 0, and their number.

    One more feature, which is 0 at the steps that count, closes every gate; the product, not
    the weight, is large, so that weights can still be quantised. Without an input gate c' is
    g when f is closed: then g must be 0, too, for which h must be 0 and the bias be taken out.
    """
    coupled = "W_i" not in weights
    steps = 2 if coupled else 1
    largest = max(np.abs(weights[f"W_{g}"]).max(initial=1e-3) for g in "fgo")
    needed = SHUT + max(
        np.abs(v).sum() if k[0] == "U" else np.abs(v).max() for k, v in weights.items()
    )
    signal = 2 * float(needed / largest)
    grown = dict(weights)
    for gate in "ifgo":
        if f"W_{gate}" in weights:
            column = np.full(len(weights["b_g"]), -largest)
            if gate == "g":
                column = -weights["b_g"] / signal
            grown[f"W_{gate}"] = np.column_stack([weights[f"W_{gate}"], column]).astype("float32")
    batch, features = sequences.shape[0], sequences.shape[2]
    front = np.zeros((batch, steps, features + 1), "float32")
    front[..., -1] = signal
    padded = tf.pad(sequences, [[0, 0], [0, 0], [0, 1]])
    return tf.concat([tf.constant(front), padded], axis=1), grown, steps


def fuse(content, quantize_weights=False, intermediates=False):
    """A converted file with our custom operators made built-in.

    Args:
        content: bytes of the file.
        quantize_weights: store the operator's matrices as int8, for its hybrid kernel.
        intermediates: add the tensors by which the operator is calibrated for int8.
    """
    model = flatbuffer.load(content)
    code = None
    for graph in model.subgraphs:
        for operator in graph.operators:
            name = flatbuffer.name_of(model, operator)
            if not name.startswith(f"CUSTOM {MARK}"):
                continue
            if code is None:
                code = flatbuffer.add_operator_code(model, "UNIDIRECTIONAL_SEQUENCE_LSTM")
            filled = int(name.removeprefix(f"CUSTOM {MARK}"))
            present = [slot for bit, slot in enumerate(SLOTS) if filled >> bit & 1]
            inputs = dict(zip(present, operator.inputs))
            sizes = {s: list(graph.tensors[i].shape) for s, i in inputs.items()}
            batch, units, size = sizes["x"][0], sizes["b_g"][0], sizes["U_g"][1]
            number = len(graph.tensors)
            for slot, entries in (("h", size), ("c", units)):
                inputs[slot] = flatbuffer.add_tensor(
                    graph, f"state_{slot}_{number}", (batch, entries), variable=True
                )
            if quantize_weights:
                for slot in present:
                    if slot[0] in "WUpR":
                        flatbuffer.quantize_weight(model, graph.tensors[inputs[slot]])
            if intermediates:
                operator.intermediates = [
                    flatbuffer.add_tensor(graph, f"intermediate_{n}_{number}", ()) for n in range(5)
                ]
            operator.inputs = [inputs.get(slot, -1) for slot in SLOTS]
            operator.opcodeIndex, operator.customOptions = code, None
            operator.builtinOptionsType, operator.builtinOptions = flatbuffer.lstm_options()
    return flatbuffer.dump(model)
