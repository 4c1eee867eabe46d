"""Float64 NumPy references of cells that are linear in a state, from the papers, or nearly so.

With them those of exponential gates and of matrices as states.
"""

import numpy as np

from tests.reference_parts import (
    DEFAULT,
    NEW_Z,
    NO_BIAS,
    SIGMA,
    UPDATE,
    C,
    H,
    Reference,
    biases,
    f64,
    functions,
    split,
)


def linear(o):
    """The functions of a cell whose `activation` is linear by default."""
    return functions({"activation": "linear", **o})


def mean(share, old, new):
    """A share of the old, and the rest of the new."""
    return share * old + (1.0 - share) * new


def min_gru(w, x, s, o):
    """MinGRUCell: Feng et al. 2024, algorithm 1; z is the share of the candidate."""
    W_z, W_n = split(w["kernel"], 2)
    b_z, b_n = biases(w, 2)
    (sigma, g, _), (x, h) = linear(o), f64(x, *s)
    z, n = sigma(x @ W_z + b_z), g(x @ W_n + b_n)
    h_ = (1.0 - z) * h + z * n
    return h_, (h_,), {"z": z, "n": n}


def min_lstm(w, x, s, o):
    """MinLSTMCell: Feng et al. 2024, algorithm 3, with both gates divided by their sum."""
    W_f, W_i, W_n = split(w["kernel"], 3)
    b_f, b_i, b_n = biases(w, 3)
    (_, g, _), (x, h) = linear(o), f64(x, *s)
    f, i = SIGMA(x @ W_f + b_f), SIGMA(x @ W_i + b_i)
    f, i, n = f / (f + i), i / (f + i), g(x @ W_n + b_n)
    h_ = f * h + i * n
    return h_, (h_,), {"f": f, "i": i, "n": n}


def qrnn(w, x, s, o):
    """QRNNCell: Bradbury et al. 2017, fo-pooling, a filter of width 1."""
    W_n, W_f, W_o = split(w["kernel"], 3)
    b_n, b_f, b_o = biases(w, 3)
    (sigma, phi, _), (x, c) = functions(o), f64(x, *s)
    n, f, out = phi(x @ W_n + b_n), sigma(x @ W_f + b_f), sigma(x @ W_o + b_o)
    c_ = mean(f, c, n)
    return out * c_, (c_,), {"n": n, "f": f, "o": out, "h": out * c_}


def qrnn2(w, x, s, o):
    """QRNN2Cell: the same with a filter of width 2, as one matrix for both inputs."""
    (x, c, p), (W, V) = f64(x, *s), f64(w["kernel"], w["previous_kernel"])
    both = {**w, "kernel": np.concatenate([W, V])}
    h_, (c_,), gates = qrnn(both, np.concatenate([x, p], axis=-1), (c,), o)
    return h_, (c_, x), gates


def highway(c_, r, s, phi):
    """What Lei et al. end with: the memory, and a way past it."""
    return r * phi(c_) + (1.0 - r) * s


def sru(w, x, s, o):
    """SRUCell: Lei et al. 2018, equations 1 to 4, with a matrix in the highway."""
    W_n, W_f, W_r, W_s = split(w["kernel"], 4)
    b_f, b_r = biases(w, 2)
    v_f, v_r = f64(w["feedback_f"], w["feedback_r"])
    (sigma, phi, _), (x, c) = linear(o), f64(x, *s)
    f, r = sigma(x @ W_f + v_f * c + b_f), sigma(x @ W_r + v_r * c + b_r)
    c_ = mean(f, c, x @ W_n)
    h_ = highway(c_, r, x @ W_s, phi)
    return h_, (c_,), {"f": f, "r": r, "h": h_}


def sru1(w, x, s, o):
    """SRU1Cell: the first version, whose gates see no memory."""
    W_n, W_f, W_r, W_s = split(w["kernel"], 4)
    b_f, b_r = biases(w, 2)
    (sigma, phi, _), (x, c) = functions(o), f64(x, *s)
    f, r = sigma(x @ W_f + b_f), sigma(x @ W_r + b_r)
    c_ = mean(f, c, x @ W_n)
    h_ = highway(c_, r, x @ W_s, phi)
    return h_, (c_,), {"f": f, "r": r, "h": h_}


def gilr(w, x, s, o):
    """GILRCell: Martin & Cundy 2018, section 2.2."""
    W_z, W_n = split(w["kernel"], 2)
    b_z, b_n = biases(w, 2)
    (sigma, phi, _), (x, h) = functions(o), f64(x, *s)
    z, n = sigma(x @ W_z + b_z), phi(x @ W_n + b_n)
    h_ = mean(z, h, n)
    return h_, (h_,), {"z": z, "n": n}


def gilr_lstm(w, x, s, o):
    """GILRLSTMCell: Martin & Cundy 2018, section 3.1; the surrogate is a GILR of the inputs."""
    W_z, W_n, W_i, W_f, W_g, W_o = split(w["kernel"], 6)
    b_z, b_n, b_i, b_f, b_g, b_o = biases(w, 6)
    U_i, U_f, U_g, U_o = split(w["recurrent_kernel"], 4)
    (sigma, phi, _), (x, y, c) = functions(o), f64(x, *s)
    z, n = sigma(x @ W_z + b_z), phi(x @ W_n + b_n)
    y_ = mean(z, y, n)
    i, f = sigma(x @ W_i + y_ @ U_i + b_i), sigma(x @ W_f + y_ @ U_f + b_f)
    g, out = phi(x @ W_g + y_ @ U_g + b_g), sigma(x @ W_o + y_ @ U_o + b_o)
    c_ = f * c + i * g
    h_ = out * c_
    return h_, (y_, c_), {"z": z, "n": n, "i": i, "f": f, "g": g, "o": out, "h": h_}


def slstm(w, x, s, o):
    """SLSTMCell: Beck et al. 2024, equations 8 to 17; the stabilised gates."""
    (sigma, phi, _), (x, h, c, n, m) = functions(o), f64(x, *s)
    R = f64(w["head_kernel"])[0]
    groups = np.split(h, len(R), axis=-1)
    # Of each head its products for the four gates; a gate has those of all heads side by side.
    products = [np.split(group @ block, 4, axis=-1) for group, block in zip(groups, R)]
    seen = [np.concatenate(of_gate, axis=-1) for of_gate in zip(*products)]
    raw = [x @ W + y + b for W, y, b in zip(split(w["kernel"], 4), seen, biases(w, 4))]
    a_i, a_f, g, out = raw[0], raw[1], phi(raw[2]), sigma(raw[3])
    a_f = -np.logaddexp(0.0, -a_f) + m
    m_ = np.where(n == 0.0, a_i, np.maximum(a_f, a_i))
    i, f = np.exp(a_i - m_), np.exp(a_f - m_)
    c_, n_ = f * c + i * g, f * n + i
    h_ = out * c_ / n_
    return h_, (h_, c_, n_, m_), {"i": i, "f": f, "g": g, "o": out}


def heads(a, o):
    """Entries by head: `(batch, heads, entries / heads)`."""
    return a.reshape(len(a), o.get("heads", 1), -1)


def flat(a):
    """All but the rows of the batch in one axis."""
    return a.reshape(len(a), -1)


def cut(w, o, names):
    """Columns of `kernel` by name: a small letter is one for each head, a capital for each unit."""
    many = o.get("heads", 1)
    ones = sum(name.islower() for name in names)
    kernel = np.asarray(w["kernel"], np.float64)
    units = (kernel.shape[-1] - ones * many) // (len(names) - ones)
    widths = [many if name.islower() else units for name in names]
    return np.split(kernel, np.cumsum(widths)[:-1], axis=-1), widths


def mlstm(w, x, s, o):
    """MLSTMCell: Beck et al. 2024, equations 19 to 27, stabilised as in the authors' code."""
    (W_q, W_k, W_v, W_i, W_f, W_o), widths = cut(w, o, "QKVifO")
    b = np.split(np.asarray(w["bias"], np.float64), np.cumsum(widths)[:-1])
    (x, C, n, m), sigma = f64(x, *s), functions(o)[0]
    q, k, v = (heads(x @ W + c, o) for W, c in zip((W_q, W_k, W_v), b))
    d = q.shape[-1]
    k = k / np.sqrt(d)
    C, n = C.reshape(*q.shape, d), heads(n, o)
    a_i, a_f = x @ W_i + b[3], -np.logaddexp(0.0, -(x @ W_f + b[4])) + m
    m_ = np.maximum(a_f, a_i)
    i, f = np.exp(a_i - m_), np.exp(a_f - m_)
    out = sigma(x @ W_o + b[5])
    C_ = np.einsum("bh,bhij->bhij", f, C) + np.einsum("bh,bhi,bhj->bhij", i, v, k)
    n_ = np.einsum("bh,bhj->bhj", f, n) + np.einsum("bh,bhj->bhj", i, k)
    least = np.maximum(np.abs(np.einsum("bhj,bhj->bh", n_, q)), np.exp(-m_))
    read = np.einsum("bhij,bhj->bhi", C_, q) / (least + o.get("epsilon", 1e-6))[..., None]
    h_ = out * flat(read)
    gates = {"q": flat(q), "k": flat(k), "v": flat(v), "i": i, "f": f, "o": out, "h": h_}
    return h_, (flat(C_), flat(n_), m_), gates


def silu(a):
    return a * SIGMA(a)


def unit(a):
    return a / np.sqrt(np.sum(a * a, axis=-1, keepdims=True) + 1e-6)


def delta_rule(S, q, k, v, write):
    """Yang et al. 2024: S (I − β k kᵀ) + β v kᵀ of each head, read by q / √d."""
    d = q.shape[-1]
    write = write[..., None, None]
    S_ = S @ (np.eye(d) - write * k[..., :, None] * k[..., None, :])
    S_ = S_ + write * v[..., :, None] * k[..., None, :]
    return S_, flat(np.einsum("bhij,bhj->bhi", S_, q / np.sqrt(d)))


def delta_net(w, x, s, o, W_a=None):
    """DeltaNetCell: Yang et al. 2024, with the functions of the authors' code."""
    names = "QKVe" if W_a is None else "QKVae"
    (W_q, W_k, W_v, *_, W_e), _ = cut(w, o, names)
    (sigma, *_), (x, S) = functions({**o, "activation": "linear"}), f64(x, *s)
    q, k, v = (heads(silu(x @ W), o) for W in (W_q, W_k, W_v))
    q, k, e = unit(q), unit(k), sigma(x @ W_e)
    S_, h_ = delta_rule(S.reshape(*q.shape, q.shape[-1]), q, k, v, e)
    gates = {"q": flat(q) / np.sqrt(q.shape[-1]), "k": flat(k), "v": flat(v), "e": e, "h": h_}
    return h_, (flat(S_),), gates


def gated_delta_net(w, x, s, o):
    """GatedDeltaNetCell: Yang et al. 2025, the delta rule on a matrix that has faded."""
    (*_, W_a, _), _ = cut(w, o, "QKVae")
    (x, S), A = f64(x, *s), f64(w["decay"])[0]
    a = np.exp(-np.exp(A) * np.logaddexp(0.0, x @ W_a + np.asarray(w["bias"], np.float64)))
    faded = heads(S, o) * a[..., None]
    h_, new, gates = delta_net(w, x, (flat(faded),), o, W_a)
    return h_, new, {**gates, "a": a}


def gla(w, x, s, o):
    """GLACell: Yang et al. 2024, equation 3, with a gate for each row of each head's matrix."""
    W_q, W_k, W_v, W_a = split(w["kernel"], 4)
    (x, S), (b_a,) = f64(x, *s), biases(w, 1)
    a = np.exp(-np.logaddexp(0.0, -(x @ W_a + b_a)) / o.get("temperature", 16.0))
    q, k, v, by_row = (heads(y, o) for y in (x @ W_q, x @ W_k, x @ W_v, a))
    q = q / np.sqrt(q.shape[-1])
    S_ = S.reshape(*q.shape, q.shape[-1]) * by_row[..., None] + k[..., :, None] * v[..., None, :]
    h_ = flat(np.einsum("bhi,bhij->bhj", q, S_))
    gates = {"q": flat(q), "k": flat(k), "v": flat(v), "a": a, "h": h_}
    return h_, (flat(S_),), gates


def rg_lru(w, x, s, o):
    """RGLRUCell: De et al. 2024, equations 1 to 4, of W x in place of x."""
    (x, h), W = f64(x, *s), f64(w["kernel"])[0]
    b_r, b_i = biases(w, 2)
    sigma, v = functions(o)[0], x @ W

    def gate(blocks, b):
        parts = np.split(v, len(blocks), axis=-1)
        return sigma(np.concatenate([p @ B for p, B in zip(parts, f64(blocks)[0])], -1) + b)

    r, i = gate(w["block_r"], b_r), gate(w["block_i"], b_i)
    log_a = -8.0 * r * np.logaddexp(0.0, f64(w["decay"])[0])
    h_ = np.exp(log_a) * h + np.sqrt(np.maximum(-np.expm1(2.0 * log_a), 1e-12)) * i * v
    return h_, (h_,), {"r": r, "i": i, "a": np.exp(log_a)}


def lru(w, x, s, o):
    """LRUCell: Orvieto et al. 2023, in complex numbers."""
    nu, theta, gamma = f64(w["nu_log"], w["theta_log"], w["gamma_log"])
    (x,), state = f64(x), np.asarray(s[0], float) + 1j * np.asarray(s[1], float)
    count = len(nu)
    B_re, B_im, D = np.split(f64(w["kernel"])[0], [count, 2 * count], axis=-1)
    C = f64(w["output_kernel_re"])[0] + 1j * f64(w["output_kernel_im"])[0]
    turn = np.exp(-np.exp(nu) + 1j * np.exp(theta))
    state = turn * state + np.exp(gamma) * (x @ (B_re + 1j * B_im))
    y = (state @ C).real + x @ D
    return y, (state.real, state.imag), {"c": turn.real, "d": turn.imag, "y": y}


def trnn(w, x, s, o):
    """TRNNCell: Balduzzi & Ghifary 2016; no matrix sees the state."""
    (W_n, W_f), (b_f,) = split(w["kernel"], 2), biases(w, 1)
    (sigma, _, _), (x, h) = functions(o), f64(x, *s)
    n = x @ W_n
    f = sigma(x @ W_f + b_f)
    h_ = f * h + (1.0 - f) * n
    return h_, (h_,), {"n": n, "f": f}


def of_two_inputs(w, x, before, o):
    """What gates of T-GRU and T-LSTM come from: this input, and the one before."""
    W, V, (b_n, b_f, b_o) = split(w["kernel"], 3), split(w["previous_kernel"], 3), biases(w, 3)
    (sigma, phi, _), (x, before) = functions(o), f64(x, before)
    n, f, out = (x @ W_k + before @ V_k for W_k, V_k in zip(W, V))
    return {"n": n + b_n, "f": sigma(f + b_f), "o": phi(out + b_o)}


def tgru(w, x, s, o):
    """TGRUCell: Balduzzi & Ghifary 2016; what is added is a product."""
    gates = of_two_inputs(w, x, s[1], o)
    h_ = gates["f"] * f64(s[0])[0] + gates["n"] * gates["o"]
    return h_, (h_, f64(x)[0]), gates


def tlstm(w, x, s, o):
    """TLSTMCell: Balduzzi & Ghifary 2016; the output does not come back."""
    gates = of_two_inputs(w, x, s[1], o)
    c_ = gates["f"] * f64(s[0])[0] + (1.0 - gates["f"]) * gates["n"]
    h_ = c_ * gates["o"]
    return h_, (c_, f64(x)[0]), {**gates, "h": h_}


CELLS: dict[str, Reference] = {
    # Those that are linear in a state, or nearly so.
    "MinGRUCell": Reference(min_gru, tuple("zn"), H, NEW_Z, ({"activation": "tanh"},)),
    "MinLSTMCell": Reference(min_lstm, tuple("fin"), H, {"h": "f"}),
    "QRNNCell": Reference(qrnn, tuple("nfo"), C, {"c": "f"}, (NO_BIAS,)),
    "QRNN2Cell": Reference(qrnn2, tuple("nfo"), ("c", "p"), {"c": "f", "p": None}, exported=True),
    "SRUCell": Reference(sru, tuple("nfrs"), C, {"c": "f"}, ({"activation": "tanh"},)),
    "SRU1Cell": Reference(sru1, tuple("nfrs"), C, {"c": "f"}),
    "LRUCell": Reference(
        lru,
        tuple("pqy"),
        tuple("pq"),
        {"p": "c", "q": "c"},
        ({"state_units": 5, "largest_angle": 1.0},),
        (DEFAULT,),
        exported=True,
    ),
    "GILRCell": Reference(gilr, tuple("zn"), H, UPDATE),
    "GILRLSTMCell": Reference(
        gilr_lstm, tuple("znifgo"), ("s", "c"), {"s": "z", "c": "f"}, (NO_BIAS,), (DEFAULT,)
    ),
    "SLSTMCell": Reference(
        slstm,
        tuple("ifgo"),
        ("h", "c", "n", "m"),
        {"h": None, "c": "f", "n": "f", "m": None},
        ({"heads": 2},),
        (DEFAULT,),
        exported=True,
    ),
    "RGLRUCell": Reference(
        rg_lru,
        tuple("ri"),
        H,
        {"h": "a"},
        ({"heads": 2}, NO_BIAS),
        (DEFAULT,),
        exported=True,
    ),
    "MLSTMCell": Reference(
        mlstm,
        tuple("qkvifo"),
        ("C", "n", "m"),
        {"C": "f", "n": "f", "m": None},
        ({"heads": 2, "epsilon": 0.1},),
        (DEFAULT,),
        exported=True,
    ),
    "DeltaNetCell": Reference(delta_net, tuple("qkve"), ("S",), {"S": "1"}, ({"heads": 2},)),
    "GatedDeltaNetCell": Reference(
        gated_delta_net,
        tuple("qkvae"),
        ("S",),
        {"S": "a"},
        ({"heads": 2},),
        structures=(DEFAULT,),
        exported=True,
    ),
    "GLACell": Reference(
        gla, tuple("qkva"), ("S",), {"S": "a"}, ({"heads": 2, "temperature": 2.0},)
    ),
    "TRNNCell": Reference(trnn, tuple("nf"), H, {"h": "f"}, (), (DEFAULT,)),
    "TGRUCell": Reference(tgru, tuple("nfo"), ("h", "p"), {"h": "f", "p": None}),
    "TLSTMCell": Reference(tlstm, tuple("nfo"), ("c", "p"), {"c": "f", "p": None}),
}
