"""PyTorch's own LSTM, GRU and RNN, by the functions behind its modules: on GPUs cuDNN's."""

import keras
import torch

#: The order of PyTorch's gates.
ORDERS = {"LSTM": "i f g o", "GRU": "r z n", "RNN": "h"}

#: What PyTorch raises where it cannot differentiate or vectorise an operation as it is asked to.
REFUSALS = NotImplementedError, RuntimeError


def has_cuda():
    """Whether PyTorch lists a GPU."""
    return torch.cuda.is_available()


# Of all operations `torch.compile` takes these alone apart, or fails at them; so does PyTorch keep
# its own LSTM out of it.
@torch.compiler.disable
def outputs_of(network, sequences, states):
    """Outputs of all steps `(batch, time, units)` and final states.

    Args:
        network: `Network`, its gates in the order of `ORDERS`.
        sequences: `(batch, time, features)`.
        states: h, and c of an LSTM, each `(batch, units)`.

    Raises:
        NotImplementedError, RuntimeError: where PyTorch cannot differentiate or vectorise the
            operation as asked, and on devices that are neither a CPU nor a GPU of NVIDIA.
    """
    if sequences.device.type not in ("cpu", "cuda"):
        raise NotImplementedError("Nothing was measured there.")
    weights = [network.kernel.t(), network.recurrent_kernel.t()]
    if network.bias is not None:
        below = network.recurrent_bias
        weights += [network.bias, torch.zeros_like(network.bias) if below is None else below]
    if sequences.device.type == "cuda":
        weights = in_one_piece(weights)
    has_biases = network.bias is not None
    # `torch.jit.trace` checks its graph without gradients; that graph may be differentiated.
    training = torch.is_grad_enabled() or torch.jit.is_tracing()
    # One layer, without dropout, forwards, and batches first.
    options = has_biases, 1, 0.0, training, False, True
    states = [state.unsqueeze(0).contiguous() for state in states]
    if network.name == "LSTM":
        outputs, *new = torch.lstm(sequences, states, weights, *options)
    else:
        functions = {keras.activations.tanh: torch.rnn_tanh, keras.activations.relu: torch.rnn_relu}
        function = torch.gru if network.name == "GRU" else functions[network.activation]
        outputs, *new = function(sequences, states[0], weights, *options)
    return outputs, [state.squeeze(0) for state in new]


def in_one_piece(weights):
    """Weights as parts of one tensor, in their order, as cuDNN reads them; else it makes one."""
    whole = torch.cat([weight.reshape(-1) for weight in weights])
    parts = whole.split([weight.numel() for weight in weights])
    return [part.view(weight.shape) for part, weight in zip(parts, weights)]
