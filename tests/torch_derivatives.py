"""First and second derivatives of a layer on PyTorch."""

import torch

from tests.cases import as_array


def derivatives(layer, arrays, mask, weighting):
    """Outputs and states, their gradients, and gradients of the squares of these."""
    x, *states = (torch.tensor(a, requires_grad=True) for a in arrays)
    outputs = layer(x, initial_state=states, mask=mask)
    read = [x, *states, *(v.value for v in layer.trainable_weights)]
    loss = sum((o * torch.tensor(w)).sum() for o, w in zip(outputs, weighting, strict=True))
    # A state may be a clock, that no output follows.
    first = torch.autograd.grad(loss, read, create_graph=True, materialize_grads=True)
    squares = sum((g**2).sum() for g in first)
    second = torch.autograd.grad(squares, read, materialize_grads=True)
    return [[as_array(t) for t in group] for group in (outputs, first, second)]
