"""Float64 NumPy references of further cells of the LSTM, the highway and the oscillator kind."""

import numpy as np

from tests.reference_parts import (
    DEFAULT,
    FORGET,
    HC,
    NO_BIAS,
    NO_PATH,
    SIGMA,
    UPDATE,
    H,
    Reference,
    biases,
    blocks,
    f64,
    functions,
    layer_norm,
    split,
)


def multiplicative_lstm(w, x, s, o):
    """MultiplicativeLSTMCell: Krause et al. 2016; the gates see m and not h."""
    W_i, W_f, W_g, W_o, W_m = split(w["kernel"], 5)
    U_i, U_f, U_g, U_o, U_m = split(w["recurrent_kernel"], 5)
    b_i, b_f, b_g, b_o = biases(w, 4)
    (sigma, phi, phi_h), (x, h, c) = functions(o), f64(x, *s)
    m = (x @ W_m) * (h @ U_m)
    i = sigma(x @ W_i + m @ U_i + b_i)
    f = sigma(x @ W_f + m @ U_f + b_f)
    g = phi(x @ W_g + m @ U_g + b_g)
    o = sigma(x @ W_o + m @ U_o + b_o)
    c_ = f * c + i * g
    h_ = o * phi_h(c_)
    return h_, (h_, c_), {"i": i, "f": f, "g": g, "o": o, "m": m}


def indrnn(w, x, s, o):
    """IndRNNCell: Li et al. 2018; relu, unless told otherwise."""
    (W,), (b,), (u,) = split(w["kernel"], 1), biases(w, 1), f64(w["recurrent_vector"])
    (_, phi, _), (x, h) = functions({"activation": "relu", **o}), f64(x, *s)
    h_ = phi(x @ W + u * h + b)
    return h_, (h_,), {"h": h_}


def layer_norm_indrnn(w, x, s, o):
    """LayerNormIndRNNCell: the product with the input is normalised, the bias comes after."""
    (W,), (b,), (u, gamma) = (
        split(w["kernel"], 1),
        biases(w, 1),
        f64(w["recurrent_vector"], w["gamma"]),
    )
    (_, phi, _), (x, h) = functions(o), f64(x, *s)
    h_ = phi(layer_norm(x @ W, gamma, 0.0, o) + u * h + b)
    return h_, (h_,), {"h": h_}


def indy_lstm(w, x, s, o):
    """IndyLSTMCell: Gonnet & Deselaers 2019; a vector in place of each recurrent matrix."""
    W_i, W_f, W_g, W_o = split(w["kernel"], 4)
    u_i, u_f, u_g, u_o = split(w["recurrent_vector"], 4)
    b_i, b_f, b_g, b_o = biases(w, 4)
    (sigma, phi, phi_h), (x, h, c) = functions(o), f64(x, *s)
    i = sigma(x @ W_i + u_i * h + b_i)
    f = sigma(x @ W_f + u_f * h + b_f)
    g = phi(x @ W_g + u_g * h + b_g)
    o = sigma(x @ W_o + u_o * h + b_o)
    c_ = f * c + i * g
    h_ = o * phi_h(c_)
    return h_, (h_, c_), {"i": i, "f": f, "g": g, "o": o}


def fast_grnn(w, x, s, o, W=None, U=None):
    """FastGRNNCell: Kusupati et al. 2018; one product for the gate and for the candidate."""
    W = w["kernel"] if W is None else W
    U = w["recurrent_kernel"] if U is None else U
    b_z, b_n = biases(w, 2)
    zeta, nu = f64(w["zeta"], w["nu"])
    (sigma, phi, _), (x, h, W, U) = functions(o), f64(x, *s, W, U)
    z = sigma(x @ W + h @ U + b_z)
    n = phi(x @ W + h @ U + b_n)
    h_ = z * h + (SIGMA(zeta) * (1.0 - z) + SIGMA(nu)) * n
    return h_, (h_,), {"z": z, "n": n}


def low_rank_fast_grnn(w, x, s, o):
    """LowRankFastGRNNCell: both matrices are products."""
    W_1, W_2, U_1, U_2 = f64(
        w["kernel"], w["kernel_2"], w["recurrent_kernel"], w["recurrent_kernel_2"]
    )
    return fast_grnn(w, x, s, o, W_1 @ W_2, U_1 @ U_2)


def rhn(w, x, s, o):
    """RHNCell: Zilly et al. 2017; the carry gate is 1 - t, the input enters at the first layer."""
    depth = o.get("depth", 3)
    W_n, W_t = split(w["kernel"], 2)
    U, b = split(w["recurrent_kernel"], 2 * depth), biases(w, 2 * depth)
    (sigma, phi, _), (x, state) = functions(o), f64(x, *s)
    values = {}
    for layer in range(depth):
        number = "" if layer == 0 else str(layer + 1)
        n = phi((x @ W_n if layer == 0 else 0.0) + state @ U[2 * layer] + b[2 * layer])
        t = sigma((x @ W_t if layer == 0 else 0.0) + state @ U[2 * layer + 1] + b[2 * layer + 1])
        state = (n - state) * t + state
        values |= {f"n{number}": n, f"t{number}": t}
        if layer < depth - 1:
            values[f"s{number}"] = state
    return state, (state,), values


def intersection(w, x, s, o):
    """IntersectionRNNCell: Collins et al. 2017, with a matrix before what is passed on."""
    W_z, W_n, W_k, W_v, W_s = split(w["kernel"], 5)
    U_z, U_n, U_k, U_v = split(w["recurrent_kernel"], 4)
    b_z, b_n, b_k, b_v = biases(w, 4)
    (sigma, phi, _), (x, h) = functions(o), f64(x, *s)
    z = sigma(x @ W_z + h @ U_z + b_z)
    n = phi(x @ W_n + h @ U_n + b_n)
    k = sigma(x @ W_k + h @ U_k + b_k)
    v = np.maximum(x @ W_v + h @ U_v + b_v, 0.0)
    h_ = z * h + (1.0 - z) * n
    y = k * (x @ W_s) + (1.0 - k) * v
    return y, (h_,), {"z": z, "n": n, "k": k, "v": v, "y": y}


def mogrified(w, x, h, o):
    """Melis et al. 2020: x and h after the rounds, and what they are after each of them."""
    (sigma, _, _), values = functions(o), {}
    for number in range(1, o.get("rounds", 5) + 1):
        b = f64(w[f"bias_{number}"])[0] if f"bias_{number}" in w else 0.0
        if number % 2:
            x = values[f"x{number}"] = 2.0 * sigma(h @ f64(w[f"Q_{number}"])[0] + b) * x
        else:
            h = values[f"h{number}"] = 2.0 * sigma(x @ f64(w[f"R_{number}"])[0] + b) * h
    return x, h, values


def mogrifier_lstm(w, x, s, o):
    """MogrifierLSTMCell: an LSTM step of what the rounds have made of x and h."""
    (W_i, W_f, W_g, W_o), (U_i, U_f, U_g, U_o), (b_i, b_f, b_g, b_o) = blocks(w, 4)
    (sigma, phi, phi_h), (x, h, c) = functions(o), f64(x, *s)
    x, h, values = mogrified(w, x, h, o)
    i = sigma(x @ W_i + h @ U_i + b_i)
    f = sigma(x @ W_f + h @ U_f + b_f)
    g = phi(x @ W_g + h @ U_g + b_g)
    o = sigma(x @ W_o + h @ U_o + b_o)
    c_ = f * c + i * g
    h_ = o * phi_h(c_)
    return h_, (h_, c_), {**values, "i": i, "f": f, "g": g, "o": o}


def tied_mogrifier_lstm(w, x, s, o):
    """TiedMogrifierLSTMCell: the same with 1 - f for i."""
    (W_f, W_g, W_o), (U_f, U_g, U_o), (b_f, b_g, b_o) = blocks(w, 3)
    (sigma, phi, phi_h), (x, h, c) = functions(o), f64(x, *s)
    x, h, values = mogrified(w, x, h, o)
    f = sigma(x @ W_f + h @ U_f + b_f)
    g = phi(x @ W_g + h @ U_g + b_g)
    o = sigma(x @ W_o + h @ U_o + b_o)
    c_ = f * c + (1.0 - f) * g
    h_ = o * phi_h(c_)
    return h_, (h_, c_), {**values, "f": f, "g": g, "o": o}


def on_lstm(w, x, s, o):
    """ONLSTMCell: Shen et al. 2019; i and f are those that the memory sees."""
    (sigma, phi, phi_h), (x, h, c) = functions(o), f64(x, *s)
    units, size = h.shape[-1], o.get("chunk_size", 1)
    at = np.cumsum([units] * 4 + [units // size])
    W, U = [np.split(f64(w[n])[0], at, axis=-1) for n in ("kernel", "recurrent_kernel")]
    b = np.split(f64(w["bias"])[0], at) if w.get("bias") is not None else [0.0] * 6
    a_i, a_f, a_g, a_o, a_mf, a_mi = [x @ W[k] + h @ U[k] + b[k] for k in range(6)]

    def cumax(a):
        e = np.exp(a - a.max(axis=-1, keepdims=True))
        return np.repeat(np.cumsum(e / e.sum(axis=-1, keepdims=True), axis=-1), size, axis=-1)

    mf, mi = cumax(a_mf), 1.0 - cumax(a_mi)
    overlap = mf * mi
    i = sigma(a_i) * overlap + (mi - overlap)
    f = sigma(a_f) * overlap + (mf - overlap)
    g, o = phi(a_g), sigma(a_o)
    c_ = f * c + i * g
    h_ = o * phi_h(c_)
    return h_, (h_, c_), {"mf": mf, "mi": mi, "i": i, "f": f, "g": g, "o": o}


def scrn(w, x, s, o):
    """SCRNCell: Mikolov et al. 2015; the hidden state sees the new context."""
    sigma, (x, h, context) = functions(o)[0], f64(x, *s)
    W_h, W_s = np.split(f64(w["kernel"])[0], [h.shape[-1]], axis=-1)
    (U, P), (b,) = f64(w["recurrent_kernel"], w["context_kernel"]), biases(w, 1)
    alpha = o.get("alpha", 0.95)
    s_ = (1.0 - alpha) * (x @ W_s) + alpha * context
    h_ = sigma(s_ @ P + x @ W_h + h @ U + b)
    y = np.concatenate([h_, s_], axis=-1)
    return y, (h_, s_), {"y": y}


def residual_lstm(w, x, s, o):
    """ResidualLSTMCell: Kim et al. 2017; the shortcut is under the output gate."""
    W_i, W_f, W_g, W_o, W_r = split(w["kernel"], 5)
    U_i, U_f, U_g, U_o = split(w["recurrent_kernel"], 4)
    b_i, b_f, b_g, b_o = biases(w, 4)
    p_i, p_f, p_o = f64(w["peephole_i"], w["peephole_f"], w["peephole_o"])
    (R,), (sigma, phi, phi_h), (x, h, c) = f64(w["projection_kernel"]), functions(o), f64(x, *s)
    i = sigma(x @ W_i + h @ U_i + p_i * c + b_i)
    f = sigma(x @ W_f + h @ U_f + p_f * c + b_f)
    g = phi(x @ W_g + h @ U_g + b_g)
    c_ = f * c + i * g
    o = sigma(x @ W_o + h @ U_o + p_o * c_ + b_o)
    h_ = o * (phi_h(c_) @ R + x @ W_r)
    return h_, (h_, c_), {"i": i, "f": f, "g": g, "o": o}


def lmu(w, x, s, o):
    """LMUCell: Voelker et al. 2019; the hidden state sees the new memory."""
    (_, phi, _), (x, h, m) = functions(o), f64(x, *s)
    units = h.shape[-1]
    W_h, W_u = np.split(f64(w["kernel"])[0], [units], axis=-1)
    U_h, U_u = np.split(f64(w["recurrent_kernel"])[0], [units], axis=-1)
    E, V, A, B = f64(w["encoder"], w["memory_kernel"], w["A"], w["B"])
    u = x @ W_u + h @ U_u + m @ E
    m_ = m @ A + u @ B
    h_ = phi(x @ W_h + h @ U_h + m_ @ V)
    return h_, (h_, m_), {"u": u}


def group_lstm(w, x, s, o):
    """GroupLSTMCell: Kuchaiev & Ginsburg 2017; an LSTM for each group, one bias for all."""
    (sigma, phi, phi_h), (x, h, c), groups = functions(o), f64(x, *s), o["groups"]
    W, R, b = f64(w["kernel"])[0], f64(w["group_kernel"])[0], biases(w, 4)
    parts = [np.array_split(a, groups, axis=-1) for a in (x, h, c)]
    rows = np.array_split(W, groups)
    found = []
    for k, (x_k, h_k, c_k) in enumerate(zip(*parts)):
        sums = x_k @ rows[k] + h_k @ R[k]
        b_k = [
            np.array_split(np.atleast_1d(b_j), groups)[k] if w.get("bias") is not None else 0
            for b_j in b
        ]
        i, f, g, out = (a + b_j for a, b_j in zip(np.split(sums, 4, axis=-1), b_k))
        i, f, g, out = sigma(i), sigma(f), phi(g), sigma(out)
        c_k = f * c_k + i * g
        found.append((out * phi_h(c_k), c_k, i, f, g, out))
    h_, c_, i, f, g, out = (np.concatenate(part, axis=-1) for part in zip(*found))
    return h_, (h_, c_), {"i": i, "f": f, "g": g, "o": out}


CELLS: dict[str, Reference] = {
    "MultiplicativeLSTMCell": Reference(multiplicative_lstm, tuple("ifgo"), HC, FORGET, (NO_BIAS,)),
    "IndyLSTMCell": Reference(indy_lstm, tuple("ifgo"), HC, FORGET, (NO_BIAS,)),
    "IndRNNCell": Reference(
        indrnn, H, H, NO_PATH, ({"activation": "tanh"}, NO_BIAS), exported=True
    ),
    "LayerNormIndRNNCell": Reference(layer_norm_indrnn, H, H, NO_PATH, ({"epsilon": 0.1},)),
    "FastGRNNCell": Reference(fast_grnn, tuple("zn"), H, UPDATE, (NO_BIAS,), exported=True),
    "LowRankFastGRNNCell": Reference(low_rank_fast_grnn, tuple("zn"), H, UPDATE),
    "RHNCell": Reference(rhn, tuple("nt"), H, NO_PATH, ({"depth": 1},), (DEFAULT,)),
    "IntersectionRNNCell": Reference(
        intersection, tuple("znkv"), H, UPDATE, (NO_BIAS,), (DEFAULT,)
    ),
    "MogrifierLSTMCell": Reference(
        mogrifier_lstm, tuple("ifgo"), HC, FORGET, ({"rounds": 2}, NO_BIAS), exported=True
    ),
    "TiedMogrifierLSTMCell": Reference(
        tied_mogrifier_lstm, tuple("fgo"), HC, FORGET, ({"rounds": 3},), (DEFAULT,)
    ),
    "ONLSTMCell": Reference(
        on_lstm,
        (*"ifgo", "mf", "mi"),
        HC,
        FORGET,
        ({"chunk_size": 2},),
        (DEFAULT,),
        exported=True,
    ),
    "SCRNCell": Reference(
        scrn,
        tuple("hs"),
        ("h", "s"),
        {"h": None, "s": "α"},
        ({"alpha": 0.6, "use_bias": True},),
    ),
    "ResidualLSTMCell": Reference(residual_lstm, tuple("ifgo"), HC, FORGET, (NO_BIAS,)),
    "GroupLSTMCell": Reference(group_lstm, tuple("ifgo"), HC, FORGET, exported=True),
    "LMUCell": Reference(lmu, tuple("hu"), ("h", "m"), {"h": None, "m": None}, ({"order": 5},)),
}
