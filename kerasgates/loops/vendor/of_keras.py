"""cuDNN's LSTM and GRU, by Keras's own layers: on each backend they know how to call it."""

from types import SimpleNamespace

import keras

#: Keras's layers of the networks that cuDNN has; Keras does not offer its RNN.
LAYERS = {"LSTM": keras.layers.LSTM, "GRU": keras.layers.GRU}
#: The order of the gates in Keras's weights.
ORDERS = {"LSTM": "i f g o", "GRU": "z r n"}
#: What Keras raises where it does not call cuDNN.
REFUSALS = NotImplementedError, ValueError


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
    if network.name == "GRU" and bias is not None:
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
