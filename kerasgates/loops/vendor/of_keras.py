"""cuDNN's LSTM and GRU on TensorFlow and JAX, by Keras's own layers, which know how to call it."""

from types import SimpleNamespace

import keras

#: Keras's layers of the networks that cuDNN has; Keras does not offer its RNN.
LAYERS = {"LSTM": keras.layers.LSTM, "GRU": keras.layers.GRU}
#: The order of the gates in Keras's weights.
ORDERS = {"LSTM": "i f g o", "GRU": "z r n"}
#: On JAX its GRU is a scan, and cuDNN's LSTM reads single precision alone.
OF_JAX = {"LSTM": ("float32",)}
#: What Keras raises where it does not call cuDNN.
REFUSALS = NotImplementedError, ValueError


def why_not(cell):
    """Reason why Keras does not call cuDNN for a network of this backend; None where it does."""
    name = cell.operator[0]
    jax = keras.backend.backend() == "jax"
    if name not in (OF_JAX if jax else LAYERS):
        return f"Keras does not offer cuDNN's {name}" + (" on JAX" if jax else "")
    if jax and cell.variable_dtype not in OF_JAX[name]:
        return f"JAX has cuDNN's {name} in single precision alone"
    return None


def outputs_of(network, sequences, states):
    """Outputs of all steps `(batch, time, units)` and final states.

    Args:
        network: `Network`, its gates in Keras's order.
        sequences: `(batch, time, features)`.
        states: h, and c of an LSTM, each `(batch, units)`.

    Raises:
        NotImplementedError, ValueError: where Keras does not call cuDNN.
    """
    if keras.backend.backend() == "tensorflow":
        from kerasgates.loops._tensorflow import in_xla

        if in_xla():
            raise NotImplementedError("XLA does not compile calls of cuDNN.")
    bias = network.bias
    if bias is None:  # Without one Keras does not call cuDNN.
        bias = keras.ops.zeros((network.kernel.shape[-1],), network.kernel.dtype)
    if network.name == "GRU":
        below = network.recurrent_bias
        below = keras.ops.zeros_like(bias) if below is None else below
        bias = keras.ops.stack([bias, below])
    cell = SimpleNamespace(
        kernel=network.kernel,
        recurrent_kernel=network.recurrent_kernel,
        bias=bias,
        activation=network.activation,
        recurrent_activation=keras.activations.sigmoid,
        reset_after=True,
    )
    layer = SimpleNamespace(
        cell=cell,
        use_cudnn=True,
        dropout=0.0,
        recurrent_dropout=0.0,
        return_sequences=True,
        go_backwards=False,
        unroll=False,
    )
    _, outputs, new = LAYERS[network.name].inner_loop(layer, sequences, states, None)
    return outputs, list(new)
