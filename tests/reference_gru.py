"""Float64 NumPy references of the cells without a memory, from the papers alone."""

import numpy as np

from tests.reference_parts import (
    DEFAULT,
    NO_BIAS,
    NO_PATH,
    UPDATE,
    H,
    Reference,
    blocks,
    f64,
    functions,
    integration,
    layer_norm,
    split,
)


def simple_rnn(w, x, s, o):
    """SimpleRNNCell: Elman 1990."""
    (W_h,), (U_h,), (b_h,) = blocks(w, 1)
    (_, phi, _), (x, h) = functions(o), f64(x, *s)
    h_ = phi(x @ W_h + h @ U_h + b_h)
    return h_, (h_,), {"h": h_}


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


def layer_norm_simple_rnn(w, x, s, o):
    """LayerNormSimpleRNNCell: Ba et al. 2016; one LN over the sum, bias after it."""
    (W_h,), (U_h,), (b_h,) = blocks(w, 1)
    (gamma,) = f64(w["gamma"])
    (_, phi, _), (x, h) = functions(o), f64(x, *s)
    h_ = phi(layer_norm(x @ W_h + h @ U_h, gamma, 0.0, o) + b_h)
    return h_, (h_,), {"h": h_}


def esn(w, x, s, o):
    """ESNCell: Jaeger 2001; the gate h is the value before the leaky average."""
    (W_h,), (U_h,), (b_h,) = blocks(w, 1)
    (_, phi, _), (x, h) = functions(o), f64(x, *s)
    alpha = o.get("leaky", 1.0)
    n = phi(x @ W_h + h @ U_h + b_h)
    h_ = (1.0 - alpha) * h + alpha * n
    return h_, (h_,), {"h": n}


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


def layer_norm_gru(w, x, s, o):
    """LayerNormGRUCell: the authors' code; one LN over z and r together, one over n."""
    (W_z, W_r, W_n), (U_z, U_r, U_n), (b_z, b_r, b_n) = blocks(w, 3)
    gamma_xg, gamma_xn = parted(w["gamma_x"])
    beta_xg, beta_xn = parted(w["beta_x"])
    gamma_hg, gamma_hn = parted(w["gamma_h"])
    beta_hg, beta_hn = parted(w["beta_h"])
    (sigma, phi, _), (x, h) = functions(o), f64(x, *s)
    x_gates = np.concatenate([x @ W_z + b_z, x @ W_r + b_r], axis=-1)
    h_gates = np.concatenate([h @ U_z, h @ U_r], axis=-1)
    a = layer_norm(x_gates, gamma_xg, beta_xg, o) + layer_norm(h_gates, gamma_hg, beta_hg, o)
    z, r = split(sigma(a), 2)
    m = layer_norm(h @ U_n, gamma_hn, beta_hn, o)
    n = phi(layer_norm(x @ W_n + b_n, gamma_xn, beta_xn, o) + r * m)
    h_ = z * h + (1.0 - z) * n
    return h_, (h_,), {"z": z, "r": r, "n": n}


def parted(a):
    """Cut three equal blocks into the first two together, and the third."""
    z, r, n = split(a, 3)
    return np.concatenate([z, r]), n


def mut2(w, x, s, o):
    """MUT2Cell: Jozefowicz et al. 2015, with a matrix before the input of r; z replaces."""
    (W_z, W_r, W_n), (U_z, U_r, U_n), (b_z, b_r, b_n) = blocks(w, 3)
    (sigma, phi, _), (x, h) = functions(o), f64(x, *s)
    z = sigma(x @ W_z + h @ U_z + b_z)
    r = sigma(x @ W_r + h @ U_r + b_r)
    n = phi((r * h) @ U_n + x @ W_n + b_n)
    h_ = n * z + h * (1.0 - z)
    return h_, (h_,), {"z": z, "r": r, "n": n}


def li_gru(w, x, s, o):
    """LiGRUCell: Ravanelli et al. 2018, without the batch normalisation."""
    (W_z, W_n), (U_z, U_n), (b_z, b_n) = blocks(w, 2)
    (sigma, phi, _), (x, h) = functions({"activation": "relu", **o}), f64(x, *s)
    z = sigma(x @ W_z + h @ U_z + b_z)
    n = phi(x @ W_n + h @ U_n + b_n)
    h_ = z * h + (1.0 - z) * n
    return h_, (h_,), {"z": z, "n": n}


def mut3(w, x, s, o):
    """MUT3Cell: Jozefowicz, Zaremba & Sutskever 2015; z sees the squashed state, and replaces."""
    (W_z, W_r, W_n), (U_z, U_r, U_n), (b_z, b_r, b_n) = blocks(w, 3)
    (sigma, phi, _), (x, h) = functions(o), f64(x, *s)
    z = sigma(x @ W_z + phi(h) @ U_z + b_z)
    r = sigma(x @ W_r + h @ U_r + b_r)
    n = phi((r * h) @ U_n + x @ W_n + b_n)
    h_ = n * z + h * (1.0 - z)
    return h_, (h_,), {"z": z, "r": r, "n": n}


def atr(w, x, s, o):
    """ATRCell: Zhang et al. 2018; twin gates, the sum and the difference of the same products."""
    (W,), (U,), (b,) = blocks(w, 1)
    (sigma, _, _), (x, h) = functions(o), f64(x, *s)
    p, q = x @ W, h @ U + b
    i, f = sigma(p + q), sigma(p - q)
    h_ = i * p + f * h
    return h_, (h_,), {"i": i, "f": f}


def mi_gru(w, x, s, o):
    """MIGRUCell: Wu et al. 2016, multiplicative integration in each gate, reset before U."""
    (W_z, W_r, W_n), (U_z, U_r, U_n), (b_z, b_r, b_n) = blocks(w, 3)
    (a_z, p_z, q_z), (a_r, p_r, q_r), (a_n, p_n, q_n) = integration(w, 3)
    (sigma, phi, _), (x, h) = functions(o), f64(x, *s)
    z = sigma(a_z * (x @ W_z) * (h @ U_z) + p_z * (h @ U_z) + q_z * (x @ W_z) + b_z)
    r = sigma(a_r * (x @ W_r) * (h @ U_r) + p_r * (h @ U_r) + q_r * (x @ W_r) + b_r)
    m = (r * h) @ U_n
    n = phi(a_n * (x @ W_n) * m + p_n * m + q_n * (x @ W_n) + b_n)
    h_ = z * h + (1.0 - z) * n
    return h_, (h_,), {"z": z, "r": r, "n": n}


CELLS: dict[str, Reference] = {
    "SimpleRNNCell": Reference(
        simple_rnn, H, H, NO_PATH, ({"activation": "relu"}, NO_BIAS), (DEFAULT,)
    ),
    "GRUCell": Reference(gru, tuple("zrn"), H, UPDATE, (NO_BIAS,), (DEFAULT,), exported=True),
    "ResetAfterGRUCell": Reference(
        reset_after_gru,
        tuple("zrn"),
        H,
        UPDATE,
        ({"use_recurrent_bias": False}, NO_BIAS),
    ),
    "UGRNNCell": Reference(ugrnn, tuple("zn"), H, UPDATE, ({"activation": "relu"},)),
    "LayerNormSimpleRNNCell": Reference(
        layer_norm_simple_rnn,
        H,
        H,
        NO_PATH,
        ({"activation": "linear"}, NO_BIAS),
        (DEFAULT,),
        exported=True,
    ),
    "ESNCell": Reference(esn, H, H, {"h": "1 − α"}, ({"leaky": 0.3, "connectivity": 0.7},)),
    "JANETCell": Reference(janet, tuple("fg"), H, {"h": "f"}),
    "MGUCell": Reference(mgu, tuple("fn"), H, {"h": "1 − f"}, (NO_BIAS,)),
    "LayerNormGRUCell": Reference(
        layer_norm_gru, tuple("zrn"), H, UPDATE, ({"epsilon": 0.1},), (DEFAULT,)
    ),
    "MUT2Cell": Reference(mut2, tuple("zrn"), H, {"h": "1 − z"}, (NO_BIAS,), (DEFAULT,)),
    "LiGRUCell": Reference(li_gru, tuple("zn"), H, UPDATE, ({"activation": "tanh"}, NO_BIAS)),
    "MUT3Cell": Reference(mut3, tuple("zrn"), H, {"h": "1 − z"}, (), (DEFAULT,)),
    "ATRCell": Reference(atr, ("p",), H, {"h": "f"}, ({"use_bias": True},)),
    "MIGRUCell": Reference(mi_gru, tuple("zrn"), H, UPDATE, (), (DEFAULT,)),
}
