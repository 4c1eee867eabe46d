"""What the references of cells share: blocks of weights by gate, functions, layer normalisation.

Row vectors: W x of the equations is ``x @ W``, U h is ``h @ U``. On a right-hand side ``h`` and
``c`` are the old states; ``h_`` and ``c_`` are the new ones (h' and c'). Every step takes the
weights ``w``, the input ``x``, the old states ``s`` and the options ``o``, and returns the output,
the new states and the gates. Each gate has its own matrix products (but for the cells with layer
normalisation, where one LN spans several gates).
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

ACTIVATIONS = {
    "sigmoid": lambda a: np.exp(-np.logaddexp(0.0, -a)),  # log sigma(a) = -softplus(-a)
    "tanh": np.tanh,
    "relu": lambda a: np.maximum(a, 0.0),
    "linear": lambda a: a,
}
SIGMA, PHI, RELU = ACTIVATIONS["sigmoid"], ACTIVATIONS["tanh"], ACTIVATIONS["relu"]


def f64(*arrays):
    """Cast each argument to float64."""
    return [np.asarray(a, np.float64) for a in arrays]


def split(a, n):
    """Cut the last axis into n equal blocks."""
    return np.split(np.asarray(a, np.float64), n, axis=-1)


def blocks(w, n):
    """Return the lists of W_k, U_k and b_k of n gates; a missing bias is zero."""
    bias = w.get("bias")
    bias = np.zeros(np.shape(w["kernel"])[-1]) if bias is None else bias
    return split(w["kernel"], n), split(w["recurrent_kernel"], n), split(bias, n)


def biases(w, n):
    """The biases of n gates, side by side in `bias`; a missing bias is zero."""
    return split(w["bias"], n) if w.get("bias") is not None else [0.0] * n


def functions(o):
    """Return sigma_g (gates), sigma_c (candidate) and sigma_h (output)."""
    activation = o.get("activation", "tanh")
    names = o.get("recurrent_activation", "sigmoid"), activation
    return [ACTIVATIONS[k] for k in (*names, o.get("output_activation", activation))]


def layer_norm(a, gamma, beta, o):
    """LN(a; gamma, beta), with the biased variance over the last axis."""
    mean = np.mean(a, axis=-1, keepdims=True)
    var = np.mean((a - mean) ** 2, axis=-1, keepdims=True)
    return gamma * (a - mean) / np.sqrt(var + o.get("epsilon", 1e-5)) + beta


def integration(w, n):
    """Return alpha_k, beta_1,k and beta_2,k of n gates with multiplicative integration."""
    return list(zip(*[split(w[name], n) for name in ("alpha", "beta_1", "beta_2")], strict=True))


@dataclass(frozen=True)
class Reference:
    """What the tests know of a cell, and not from its code.

    Attributes:
        step: the function of one step.
        gates: the order of its column blocks.
        states: the names of its states.
        direct: by state, its derivative along the direct path, gates held fixed: ∂c'/∂c of c.
        configurations: further arguments with which the cell is tried, beside the default ones.
        structures: those arguments, `{}` among them, whose step has a structure of its own: other
            products with the state than all cells above. A test says where one is missing.
        exported: whether exports are tried in every form: its step has operations that no cell
            above with as many states has. A test says where one is missing; the other cells are
            tried in one form of each kind of file.
    """

    step: Any
    gates: tuple[str, ...]
    states: tuple[str, ...]
    direct: dict[str, str | None]
    configurations: tuple[dict, ...] = ()
    structures: tuple[dict, ...] = ()
    exported: bool = False


#: Configurations that several cells have.
NO_BIAS, LINEAR_OUTPUT = {"use_bias": False}, {"output_activation": "linear"}
TWO_STEPS = {"unfolds": 2, "elapsed": None}
OTHER_FUNCTIONS = {"recurrent_activation": "tanh", "activation": "relu", **LINEAR_OUTPUT}
H, C, HC, DEFAULT = ("h",), ("c",), ("h", "c"), {}
FORGET, UPDATE, NO_PATH = {"c": "f", "h": None}, {"h": "z"}, {"h": None}
NEW_F, NEW_Z = {"h": "1 − f"}, {"h": "1 − z"}
