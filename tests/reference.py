"""Float64 NumPy reference of every cell, written from the papers and from nothing of the package.

Row vectors: W x of the equations is ``x @ W`` here, U h is ``h @ U``. On a right-hand side
``h`` and ``c`` are the old states; ``h_`` and ``c_`` are the new ones (h' and c'). Every step
takes the weights ``w``, the input ``x``, the old states ``s`` and the options ``o``, and returns
the output, the new states and the gates. Each gate has its own matrix products (but for
LayerNormLSTMCell, where one LN spans all four gates).
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


def simple_rnn(w, x, s, o):
    """SimpleRNNCell: Elman 1990."""
    (W_h,), (U_h,), (b_h,) = blocks(w, 1)
    (_, phi, _), (x, h) = functions(o), f64(x, *s)
    h_ = phi(x @ W_h + h @ U_h + b_h)
    return h_, (h_,), {"h": h_}


def original_lstm(w, x, s, o):
    """OriginalLSTMCell: Hochreiter & Schmidhuber 1997, no forget gate."""
    (W_i, W_g, W_o), (U_i, U_g, U_o), (b_i, b_g, b_o) = blocks(w, 3)
    (sigma, phi, phi_h), (x, h, c) = functions(o), f64(x, *s)
    i = sigma(x @ W_i + h @ U_i + b_i)
    g = phi(x @ W_g + h @ U_g + b_g)
    o = sigma(x @ W_o + h @ U_o + b_o)
    c_ = c + i * g
    h_ = o * phi_h(c_)
    return h_, (h_, c_), {"i": i, "g": g, "o": o}


def lstm(w, x, s, o):
    """LSTMCell: Gers, Schmidhuber & Cummins 2000."""
    (W_i, W_f, W_g, W_o), (U_i, U_f, U_g, U_o), (b_i, b_f, b_g, b_o) = blocks(w, 4)
    (sigma, phi, phi_h), (x, h, c) = functions(o), f64(x, *s)
    i = sigma(x @ W_i + h @ U_i + b_i)
    f = sigma(x @ W_f + h @ U_f + b_f)
    g = phi(x @ W_g + h @ U_g + b_g)
    o = sigma(x @ W_o + h @ U_o + b_o)
    c_ = f * c + i * g
    h_ = o * phi_h(c_)
    return h_, (h_, c_), {"i": i, "f": f, "g": g, "o": o}


def peephole_lstm(w, x, s, o, see=np.multiply):
    """PeepholeLSTMCell: Gers & Schmidhuber 2000, diagonal peepholes; o sees the new memory."""
    (W_i, W_f, W_g, W_o), (U_i, U_f, U_g, U_o), (b_i, b_f, b_g, b_o) = blocks(w, 4)
    p_i, p_f, p_o = f64(w["peephole_i"], w["peephole_f"], w["peephole_o"])
    (sigma, phi, phi_h), (x, h, c) = functions(o), f64(x, *s)
    i = sigma(x @ W_i + h @ U_i + see(p_i, c) + b_i)
    f = sigma(x @ W_f + h @ U_f + see(p_f, c) + b_f)
    g = phi(x @ W_g + h @ U_g + b_g)
    c_ = f * c + i * g
    o = sigma(x @ W_o + h @ U_o + see(p_o, c_) + b_o)
    h_ = o * phi_h(c_)
    return h_, (h_, c_), {"i": i, "f": f, "g": g, "o": o}


def full_peephole_lstm(w, x, s, o):
    """FullPeepholeLSTMCell: PeepholeLSTMCell with matrices, P_k c in place of p_k * c."""
    return peephole_lstm(w, x, s, o, see=lambda P, c: c @ P)


def coupled_lstm(w, x, s, o):
    """CoupledLSTMCell (CIFG): Greff et al. 2015, i = 1 - f."""
    (W_f, W_g, W_o), (U_f, U_g, U_o), (b_f, b_g, b_o) = blocks(w, 3)
    (sigma, phi, phi_h), (x, h, c) = functions(o), f64(x, *s)
    f = sigma(x @ W_f + h @ U_f + b_f)
    g = phi(x @ W_g + h @ U_g + b_g)
    o = sigma(x @ W_o + h @ U_o + b_o)
    c_ = f * c + (1.0 - f) * g
    h_ = o * phi_h(c_)
    return h_, (h_, c_), {"f": f, "g": g, "o": o}


def no_output_gate_lstm(w, x, s, o):
    """NoOutputGateLSTMCell: Greff et al. 2015, NOG without peepholes."""
    (W_i, W_f, W_g), (U_i, U_f, U_g), (b_i, b_f, b_g) = blocks(w, 3)
    (sigma, phi, phi_h), (x, h, c) = functions(o), f64(x, *s)
    i = sigma(x @ W_i + h @ U_i + b_i)
    f = sigma(x @ W_f + h @ U_f + b_f)
    g = phi(x @ W_g + h @ U_g + b_g)
    c_ = f * c + i * g
    h_ = phi_h(c_)
    return h_, (h_, c_), {"i": i, "f": f, "g": g}


def gru(w, x, s, o):
    """GRUCell: Cho et al. 2014 (v3), reset before the product; z keeps the old state."""
    (W_z, W_r, W_n), (U_z, U_r, U_n), (b_z, b_r, b_n) = blocks(w, 3)
    (sigma, phi, _), (x, h) = functions(o), f64(x, *s)
    z = sigma(x @ W_z + h @ U_z + b_z)
    r = sigma(x @ W_r + h @ U_r + b_r)
    n = phi(x @ W_n + (r * h) @ U_n + b_n)
    h_ = z * h + (1.0 - z) * n
    return h_, (h_,), {"z": z, "r": r, "n": n}


def input_and_recurrent_bias(b):
    """Return (b_k, c_k) of each gate: rows 0 and 1 of (2, 3u), or c_k = 0 for a bias of (3u,)."""
    return [tuple(b_k) if b_k.ndim == 2 else (b_k, np.zeros_like(b_k)) for b_k in b]


def reset_after_gru(w, x, s, o):
    """ResetAfterGRUCell: Cho et al. 2014 (v1), cuDNN; reset after the product."""
    (W_z, W_r, W_n), (U_z, U_r, U_n), b = blocks(w, 3)
    (b_z, c_z), (b_r, c_r), (b_n, c_n) = input_and_recurrent_bias(b)
    (sigma, phi, _), (x, h) = functions(o), f64(x, *s)
    z = sigma(x @ W_z + b_z + h @ U_z + c_z)
    r = sigma(x @ W_r + b_r + h @ U_r + c_r)
    n = phi(x @ W_n + b_n + r * (h @ U_n + c_n))
    h_ = z * h + (1.0 - z) * n
    return h_, (h_,), {"z": z, "r": r, "n": n}


def ugrnn(w, x, s, o):
    """UGRNNCell: Collins, Sohl-Dickstein & Sussillo 2016."""
    (W_z, W_n), (U_z, U_n), (b_z, b_n) = blocks(w, 2)
    (sigma, phi, _), (x, h) = functions(o), f64(x, *s)
    z = sigma(x @ W_z + h @ U_z + b_z)
    n = phi(x @ W_n + h @ U_n + b_n)
    h_ = z * h + (1.0 - z) * n
    return h_, (h_,), {"z": z, "n": n}


def layer_norm_lstm(w, x, s, o):
    """LayerNormLSTMCell: Ba, Kiros & Hinton 2016; the carried memory is not normalised."""
    (W,), (U,), (b,) = blocks(w, 1)
    gamma_x, gamma_h, gamma_c = f64(w["gamma_x"], w["gamma_h"], w["gamma_c"])
    beta_x, beta_h, beta_c = f64(w["beta_x"], w["beta_h"], w["beta_c"])
    (sigma, phi, phi_h), (x, h, c) = functions(o), f64(x, *s)
    a = layer_norm(x @ W, gamma_x, beta_x, o) + layer_norm(h @ U, gamma_h, beta_h, o) + b
    a_i, a_f, a_g, a_o = split(a, 4)
    gates = {"i": sigma(a_i), "f": sigma(a_f), "g": phi(a_g), "o": sigma(a_o)}
    c_ = gates["f"] * c + gates["i"] * gates["g"]
    h_ = gates["o"] * phi_h(layer_norm(c_, gamma_c, beta_c, o))
    return h_, (h_, c_), gates


def layer_norm_simple_rnn(w, x, s, o):
    """LayerNormSimpleRNNCell: Ba et al. 2016; one LN over the sum, bias after it."""
    (W_h,), (U_h,), (b_h,) = blocks(w, 1)
    (gamma,) = f64(w["gamma"])
    (_, phi, _), (x, h) = functions(o), f64(x, *s)
    h_ = phi(layer_norm(x @ W_h + h @ U_h, gamma, 0.0, o) + b_h)
    return h_, (h_,), {"h": h_}


def nas(w, x, s, o):
    """NASCell: Zoph & Le 2016; no activation is configurable, the projection is optional."""
    W, U, b = blocks(w, 8)
    x, h, c = f64(x, *s)
    a = [x @ W[k] for k in range(8)]
    m = [h @ U[k] + b[k] for k in range(8)]
    l0 = PHI(SIGMA(a[0] + m[0]) * RELU(a[1] + m[1]))
    l1 = PHI(SIGMA(a[2] + m[2]) + RELU(a[3] * m[3]))
    l2 = PHI(PHI(a[4] + m[4]) * SIGMA(a[5] + m[5]))
    l3 = SIGMA(PHI(a[6] + m[6]) + SIGMA(a[7] + m[7]))
    c_ = PHI(l0 + c) * l1
    h_ = PHI(c_ * PHI(l2 + l3))
    if w.get("projection_kernel") is not None:
        h_ = h_ @ f64(w["projection_kernel"])[0]
    return h_, (h_, c_), {"l0": l0, "l1": l1, "l2": l2, "l3": l3}


def esn(w, x, s, o):
    """ESNCell: Jaeger 2001; the gate h is the value before the leaky average."""
    (W_h,), (U_h,), (b_h,) = blocks(w, 1)
    (_, phi, _), (x, h) = functions(o), f64(x, *s)
    alpha = o.get("leaky", 1.0)
    n = phi(x @ W_h + h @ U_h + b_h)
    h_ = (1.0 - alpha) * h + alpha * n
    return h_, (h_,), {"h": n}


def projected_lstm(w, x, s, o):
    """ProjectedLSTMCell: Sak, Senior & Beaufays 2014; LSTM lines, but h is (proj,) in and out."""
    (R,) = f64(w["projection_kernel"])
    m, (_, c_), gates = lstm(w, x, s, o)
    return m @ R, (m @ R, c_), gates


def janet(w, x, s, o):
    """JANETCell: van der Westhuizen & Lasenby 2018; the input side sees s_f - beta."""
    (W_f, W_g), (U_f, U_g), (b_f, b_g) = blocks(w, 2)
    (sigma, phi, _), (x, h) = functions(o), f64(x, *s)
    s_f = x @ W_f + h @ U_f + b_f
    s_g = x @ W_g + h @ U_g + b_g
    f, i, g = sigma(s_f), 1.0 - sigma(s_f - o.get("beta", 1.0)), phi(s_g)
    h_ = f * h + i * g
    return h_, (h_,), {"f": f, "i": i, "g": g}


def mgu(w, x, s, o):
    """MGUCell: Zhou, Wu, Zhang & Zhou 2016; an open f takes the candidate and resets nothing."""
    (W_f, W_n), (U_f, U_n), (b_f, b_n) = blocks(w, 2)
    (sigma, phi, _), (x, h) = functions(o), f64(x, *s)
    f = sigma(x @ W_f + h @ U_f + b_f)
    n = phi(x @ W_n + (f * h) @ U_n + b_n)
    h_ = (1.0 - f) * h + f * n
    return h_, (h_,), {"f": f, "n": n}


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
        exported: whether exports are tried in every form: its step is made of other operations
            than that of any cell above, or has states of several sizes. A test says where one is
            missing; the other cells are tried in one form of each kind of file.
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
OTHER_FUNCTIONS = {"recurrent_activation": "tanh", "activation": "relu", **LINEAR_OUTPUT}
H, HC, DEFAULT = ("h",), ("h", "c"), {}
FORGET, UPDATE, NO_PATH = {"c": "f", "h": None}, {"h": "z"}, {"h": None}

CELLS: dict[str, Reference] = {
    "SimpleRNNCell": Reference(
        simple_rnn, H, H, NO_PATH, ({"activation": "relu"}, NO_BIAS), (DEFAULT,)
    ),
    "OriginalLSTMCell": Reference(
        original_lstm, tuple("igo"), HC, {"c": "1", "h": None}, (LINEAR_OUTPUT, NO_BIAS)
    ),
    "LSTMCell": Reference(
        lstm, tuple("ifgo"), HC, FORGET, (NO_BIAS, OTHER_FUNCTIONS), (DEFAULT,), exported=True
    ),
    "PeepholeLSTMCell": Reference(
        peephole_lstm, tuple("ifgo"), HC, FORGET, (LINEAR_OUTPUT, NO_BIAS), (DEFAULT,)
    ),
    "FullPeepholeLSTMCell": Reference(
        full_peephole_lstm, tuple("ifgo"), HC, FORGET, (LINEAR_OUTPUT,)
    ),
    "CoupledLSTMCell": Reference(coupled_lstm, tuple("fgo"), HC, FORGET, (NO_BIAS,)),
    "NoOutputGateLSTMCell": Reference(
        no_output_gate_lstm, tuple("ifg"), HC, FORGET, (LINEAR_OUTPUT,)
    ),
    "GRUCell": Reference(gru, tuple("zrn"), H, UPDATE, (NO_BIAS,), (DEFAULT,), exported=True),
    "ResetAfterGRUCell": Reference(
        reset_after_gru,
        tuple("zrn"),
        H,
        UPDATE,
        ({"use_recurrent_bias": False}, NO_BIAS),
        (DEFAULT, NO_BIAS),
    ),
    "UGRNNCell": Reference(ugrnn, tuple("zn"), H, UPDATE, ({"activation": "relu"},)),
    "LayerNormLSTMCell": Reference(
        layer_norm_lstm,
        tuple("ifgo"),
        HC,
        FORGET,
        ({"epsilon": 0.1}, NO_BIAS),
        (DEFAULT,),
        exported=True,
    ),
    "LayerNormSimpleRNNCell": Reference(
        layer_norm_simple_rnn,
        H,
        H,
        NO_PATH,
        ({"activation": "linear"}, NO_BIAS),
        (DEFAULT,),
        exported=True,
    ),
    "NASCell": Reference(
        nas,
        tuple("01234567"),
        HC,
        {"c": "(1 − tanh(l0 + c) ⊙ tanh(l0 + c)) ⊙ l1", "h": None},
        ({"use_bias": True}, {"projection_units": 3}, {"projection_units": 6}),
        (DEFAULT,),
        exported=True,
    ),
    "ESNCell": Reference(esn, H, H, {"h": "1 − α"}, ({"leaky": 0.3, "connectivity": 0.7},)),
    "ProjectedLSTMCell": Reference(
        projected_lstm, tuple("ifgo"), HC, FORGET, ({"projection_units": 6},), exported=True
    ),
    "JANETCell": Reference(janet, tuple("fg"), H, {"h": "f"}),
    "MGUCell": Reference(mgu, tuple("fn"), H, {"h": "1 − f"}, (NO_BIAS,)),
}


def run(
    name, w, x, states, mask=None, options=None, *, go_backwards=False, zero_output_for_mask=False
):
    """Loop over time; a masked step keeps all states and repeats the last output, row by row.

    Args:
        name: of the cell.
        w: its weights by name.
        x: sequences `(batch, time, features)`.
        states: the initial ones.
        mask: None or booleans `(batch, time)`.
        options: the cell's own arguments.
        go_backwards: from the last step to the first.
        zero_output_for_mask: zeros at masked steps.
    """
    (x,), states, outputs = f64(x), tuple(f64(*states)), []
    mask = np.ones(x.shape[:2], bool) if mask is None else np.asarray(mask, bool)
    if go_backwards:
        x, mask = x[:, ::-1], mask[:, ::-1]
    for t in range(x.shape[1]):
        keep = mask[:, t, None]
        output, new, _ = CELLS[name].step(w, x[:, t], states, options or {})
        repeat = outputs and not zero_output_for_mask
        outputs.append(np.where(keep, output, outputs[-1] if repeat else 0.0))
        states = tuple(np.where(keep, n, s) for n, s in zip(new, states, strict=True))
    return np.stack(outputs, axis=1), outputs[-1], states
