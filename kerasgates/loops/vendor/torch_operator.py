"""PyTorch's networks as one operator, which `torch.compile` neither looks into nor takes apart."""

import functools
import os
from concurrent.futures import ThreadPoolExecutor

import torch
from torch import Tensor


def call(name, sequences, states, weights):
    """Outputs of all steps and final states of one layer, as PyTorch gives them.

    Args:
        name: of a function of PyTorch: `"lstm"`, `"gru"`, `"rnn_tanh"` or `"rnn_relu"`.
        sequences: `(batch, time, features)`.
        states: h, and c of an LSTM, each `(batch, units)`.
        weights: two matrices, and two biases or none, in PyTorch's order.
    """
    # One layer, without dropout, forwards, and batches first.
    options = len(weights) > 2, 1, 0.0, torch.is_grad_enabled(), False, True
    states = [state.unsqueeze(0).contiguous() for state in states]
    function = getattr(torch, name)
    outputs, *new = function(sequences, states if name == "lstm" else states[0], weights, *options)
    return outputs, [state.squeeze(0) for state in new]


def compiled(name, sequences, states, weights):
    """The same where `torch.compile` traces."""
    h, c = (*states, None)[:2]
    matrices, biases = weights[:2], weights[2:]
    outputs, *new = network(
        name, sequences, h, c, *matrices, torch.stack(biases) if biases else None
    )
    return outputs, new


# An operator is differentiated by tensors that are its own arguments, not by those in a list.
@torch.library.custom_op("kerasgates::network", mutates_args=())
def network(
    name: str,
    sequences: Tensor,
    h: Tensor,
    c: Tensor | None,
    kernel: Tensor,
    recurrent_kernel: Tensor,
    biases: Tensor | None,
) -> list[Tensor]:
    """Outputs and final states, none of which shares memory with another.

    Args:
        name, sequences, kernel, recurrent_kernel: as of `call`.
        h, c: the initial states; the second of an LSTM alone.
        biases: None, or both `(2, gates · units)`.
    """
    weights = _given(kernel, recurrent_kernel, biases)
    outputs, new = call(name, sequences, _given(h, c), _one_by_one(weights))
    return [outputs.contiguous(), *[state.clone() for state in new]]


@network.register_fake
def _(name, sequences, h, c, *weights):
    outputs = sequences.new_empty((*sequences.shape[:2], h.shape[1]))
    return [outputs, *map(_empty, _given(h, c))]


@torch.library.custom_op("kerasgates::network_gradients", mutates_args=())
def gradients(
    name: str,
    sequences: Tensor,
    states: list[Tensor],
    weights: list[Tensor],
    d_results: list[Tensor],
) -> list[Tensor]:
    """Gradients of the sequences, states and weights; it runs forward once more."""
    count = 1 + len(states)

    def found():
        inputs = [value.detach().requires_grad_() for value in (sequences, *states, *weights)]
        outputs, new = call(name, inputs[0], inputs[1:count], _one_by_one(inputs[count:]))
        found = torch.autograd.grad([outputs, *new], inputs, d_results, materialize_grads=True)
        return [gradient.clone(memory_format=torch.contiguous_format) for gradient in found]

    # Inside an operator PyTorch differentiates nothing, in this thread.
    return _other_thread(os.getpid()).submit(found).result()


@functools.cache
def _other_thread(process):
    """A thread of a process, which keeps PyTorch's own threads: to make them anew takes long."""
    return ThreadPoolExecutor(1)


@gradients.register_fake
def _(name, sequences, states, weights, d_results):
    return [*map(_empty, (sequences, *states, *weights))]


def _keep(ctx, inputs, output):
    ctx.name, *tensors = inputs
    ctx.is_given = [tensor is not None for tensor in tensors]
    ctx.save_for_backward(*_given(*tensors), *output)


def _backward(ctx, d_results):
    saved = ctx.saved_tensors
    ends, count = sum(ctx.is_given), 1 + sum(ctx.is_given[1:3])
    results = saved[ends:]
    d = [torch.zeros_like(v) if g is None else g for v, g in zip(results, d_results)]
    found = iter(gradients(ctx.name, saved[0], saved[1:count], saved[count:ends], d))
    return None, *[next(found) if is_given else None for is_given in ctx.is_given]


network.register_autograd(_backward, setup_context=_keep)


def _one_by_one(weights):
    """Weights as PyTorch has them, from both matrices and, where there are any, both biases."""
    return [*weights[:2], *[bias for biases in weights[2:] for bias in biases.unbind()]]


def _given(*tensors):
    return [tensor for tensor in tensors if tensor is not None]


def _empty(tensor):
    return tensor.new_empty(tensor.shape)
