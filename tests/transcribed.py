"""Cells of other libraries in NumPy, by the names and shapes of their own weights.

Each is written from that library's code: `step(w, x, *states)` gives its output and new states. The
states come in our order.
"""

import numpy as np


def sigma(a):
    return 1 / (1 + np.exp(-a))


def split(a, count):
    return np.split(a, count, axis=-1)


def both(w, x, h):
    """The two linear layers of torchrecurrent: of the input, and of the state."""
    return x @ w["weight_ih"].T + w["bias_ih"], h @ w["weight_hh"].T + w["bias_hh"]


# ---------------------------------------------------------------- torchrecurrent


def antisymmetric(w, x, h):
    R = w["weight_hh"] - w["weight_hh"].T - 0.01 * np.eye(len(w["weight_hh"]))
    a = x @ w["weight_ih"].T + w["bias_ih"] + h @ R.T + w["bias_hh"]
    h = h + 0.01 * np.tanh(a)
    return h, [h]


def gated_antisymmetric(w, x, h):
    R = w["weight_hh"] - w["weight_hh"].T - 0.01 * np.eye(len(w["weight_hh"]))
    gate, candidate = split(x @ w["weight_ih"].T + w["bias_ih"], 2)
    h = h + 0.01 * sigma(gate + h @ R.T) * np.tanh(candidate + h @ R.T + w["bias_hh"])
    return h, [h]


def atr(w, x, h):
    p, q = both(w, x, h)
    h = sigma(p + q) * p + sigma(p - q) * h
    return h, [h]


def brc(w, x, h, neurons=False):
    a = split(x @ w["weight_ih"].T + w["bias_ih"], 3)
    if neurons:
        m = split(h @ w["weight_hh"].T + w["bias_hh"], 2)
    else:
        m = split(np.tile(h, 2) * w["weight_hh"] + w["bias_hh"], 2)
    z = sigma(a[1] + m[1])
    h = z * h + (1 - z) * np.tanh(a[2] + (1 + np.tanh(a[0] + m[0])) * h)
    return h, [h]


def nbrc(w, x, h):
    return brc(w, x, h, neurons=True)


def cfn(w, x, h):
    (a1, a2, a3), (m1, m2) = (split(v, n) for v, n in zip(both(w, x, h), (3, 2)))
    h = sigma(a1 + m1) * np.tanh(h) + sigma(a2 + m2) * np.tanh(a3)
    return h, [h]


def cornn(w, x, y, z):
    a, m = both(w, x, y)
    n = np.tanh(a + m + z @ w["weight_ch"].T + w["bias_ch"])
    z = z + 0.042 * (n - 2.7 * y - 4.7 * z)
    y = y + 0.042 * z
    return y, [y, z]


def fast_rnn(w, x, h):
    a, m = both(w, x, h)
    h = sigma(w["alpha"]) * np.tanh(a + m) + sigma(w["beta"]) * h
    return h, [h]


def fast_grnn(w, x, h):
    a = x @ w["weight_ih"].T + h @ w["weight_hh"].T
    gate, candidate = split(np.tile(a, 2) + w["bias_ih"] + w["bias_hh"], 2)
    z = np.tanh(gate)
    h = (sigma(w["zeta"]) * (1 - z) + sigma(w["nu"])) * np.tanh(candidate) + z * h
    return h, [h]


def indrnn(w, x, h):
    h = np.tanh(x @ w["weight_ih"].T + w["bias_ih"] + w["vector_u"] * h + w["bias_hh"])
    return h, [h]


def intersection(w, x, h):
    depth, recurrent, of_y, of_h = split(sum(both(w, x, h)), 4)
    y = sigma(of_y) * x + (1 - sigma(of_y)) * np.maximum(depth, 0)
    h = sigma(of_h) * h + (1 - sigma(of_h)) * np.tanh(recurrent)
    return y, [h]


def janet(w, x, h):
    s, c = split(sum(both(w, x, h)), 2)
    h = sigma(s) * h + (1 - sigma(s - w["beta"])) * np.tanh(c)
    return h, [h]


def mgu(w, x, h):
    (wf, wh), (uf, uh) = np.split(w["weight_ih"], 2), np.split(w["weight_hh"], 2)
    f_bias, h_bias = split(w["bias_ih"] + w["bias_hh"], 2)
    f = sigma(x @ wf.T + h @ uf.T + f_bias)
    h = f * np.tanh(x @ wh.T + (f * h) @ uh.T + h_bias) + (1 - f) * h
    return h, [h]


def minimal_rnn(w, x, h):
    n = np.tanh(x @ w["weight_ih"].T + w["bias_ih"])
    z = sigma(h @ w["weight_hh"].T + n @ w["weight_mm"].T + w["bias_hh"])
    h = z * h + (1 - z) * n
    return h, [h]


def multiplicative_lstm(w, x, h, c):
    a, m = both(w, x, h)
    a = split(a, 5)
    i, f, g, o = split((a[0] * m) @ w["weight_mh"].T + w["bias_mh"], 4)
    c = sigma(a[2] + f) * c + sigma(a[1] + i) * np.tanh(a[3] + g)
    h = sigma(a[4] + o) * np.tanh(c)
    return h, [h, c]


def mut(w, x, h, kind):
    a = split(x @ w["weight_ih"].T + w["bias_ih"], 3)
    U, b = np.split(w["weight_hh"], 2 if kind == 1 else 3), w["bias_hh"]
    b = split(b, len(U))
    seen = np.tanh(h) if kind == 3 else h
    z = sigma(a[0] if kind == 1 else a[0] + seen @ U[0].T + b[0])
    r = sigma(a[1] + h @ U[-2].T + b[-2])
    n = np.tanh((np.tanh(a[2]) if kind == 1 else a[2]) + (r * h) @ U[-1].T + b[-1])
    h = n * z + h * (1 - z)
    return h, [h]


def original_lstm(w, x, h, c):
    i, g, o = split(sum(both(w, x, h)), 3)
    c = c + sigma(i) * np.tanh(g)
    h = sigma(o) * np.tanh(c)
    return h, [h, c]


def peephole_lstm(w, x, h, c):
    (i, f, g, o), p = split(sum(both(w, x, h)), 4), split(w["weight_ph"], 3)
    c = sigma(f + p[1] * c) * c + sigma(i + p[0] * c) * np.tanh(g)
    o = sigma(o + p[2] * c)
    if "weight_proj" not in w:
        return o * np.tanh(c), [o * np.tanh(c), c]
    h = o * (np.tanh(c) @ w["weight_proj"].T + x @ w["weight_res"].T)
    return h, [h, c]


def ran(w, x, h, c):
    content, of_i, of_f = np.split(w["weight_ih"], 3)
    i, f = split(
        x @ np.concatenate([of_i, of_f]).T + w["bias_ih"] + h @ w["weight_hh"].T + w["bias_hh"], 2
    )
    c = sigma(i) * (x @ content.T) + sigma(f) * c
    return np.tanh(c), [np.tanh(c), c]


def star(w, x, h):
    a, m = both(w, x, h)
    n, k = split(a, 2)
    k = sigma(k + m)
    h = np.tanh((1 - k) * h + k * np.tanh(n))
    return h, [h]


def of_two_inputs(w, x, before):
    n, f, o = split(sum(both(w, x, before)), 3)
    return n, sigma(f), np.tanh(o)


def tgru(w, x, h, before):
    n, f, o = of_two_inputs(w, x, before)
    h = f * h + n * o
    return h, [h, x]


def tlstm(w, x, c, before):
    n, f, o = of_two_inputs(w, x, before)
    c = f * c + (1 - f) * n
    return c * o, [c, x]


def trnn(w, x, h):
    n, f = split(x @ w["weight_ih"].T + w["bias_ih"], 2)
    h = sigma(f) * h + (1 - sigma(f)) * n
    return h, [h]


def ugrnn(w, x, h):
    n, z = split(sum(both(w, x, h)), 2)
    h = sigma(z) * h + (1 - sigma(z)) * np.tanh(n)
    return h, [h]


def unicornn(w, x, y, z):
    n = np.tanh(x @ w["weight_ih"].T + w["bias_ih"] + y * w["weight_hh"] + w["bias_hh"])
    z = z - 0.1 * sigma(w["weight_ch"]) * (n + y)
    y = y + 0.1 * sigma(w["weight_ch"]) * z
    return y, [y, z]


# ---------------------------------------------------------------- TensorFlow 1


def tf1_lstm(w, x, h, c):
    i, g, f, o = split(np.concatenate([x, h], -1) @ w["kernel"] + w["bias"], 4)
    i = i + w.get("w_i_diag", 0) * c
    c = sigma(f + 1 + w.get("w_f_diag", 0) * c) * c + sigma(i) * np.tanh(g)
    h = sigma(o + w.get("w_o_diag", 0) * c) * np.tanh(c)
    h = h @ w["projection/kernel"] if "projection/kernel" in w else h
    return h, [h, c]


def tf1_group_lstm(w, x, h, c):
    """GLSTMCell: of each group an LSTM's kernel without bias; the biases over all groups."""
    kernels = [w[name] for name in sorted(w) if name.startswith("group")]
    parts = [
        split(np.concatenate(pair, -1) @ kernel, 4)
        for *pair, kernel in zip(split(x, len(kernels)), split(h, len(kernels)), kernels)
    ]
    gates = [np.concatenate(of_all, -1) for of_all in zip(*parts)]
    i, j, f, o = (a + w[f"bias_{gate}"] for a, gate in zip(gates, "ijfo"))
    c = sigma(f + 1) * c + sigma(i) * np.tanh(j)
    return sigma(o) * np.tanh(c), [sigma(o) * np.tanh(c), c]


def tf1_coupled(w, x, h, c):
    g, f, o = split(np.concatenate([x, h], -1) @ w["kernel"] + w["bias"], 3)
    c = sigma(f + 1) * c + (1 - sigma(f + 1)) * np.tanh(g)
    return sigma(o) * np.tanh(c), [sigma(o) * np.tanh(c), c]


def tf1_rnn(w, x, h):
    h = np.tanh(np.concatenate([x, h], -1) @ w["kernel"] + w["bias"])
    return h, [h]


def tf1_gru(w, x, h):
    r, u = split(sigma(np.concatenate([x, h], -1) @ w["gates/kernel"] + w["gates/bias"]), 2)
    n = np.concatenate([x, r * h], -1) @ w["candidate/kernel"] + w["candidate/bias"]
    h = u * h + (1 - u) * np.tanh(n)
    return h, [h]


def tf1_ugrnn(w, x, h):
    g, n = split(np.concatenate([x, h], -1) @ w["kernel"] + w["bias"], 2)
    h = sigma(g + 1) * h + (1 - sigma(g + 1)) * np.tanh(n)
    return h, [h]


def tf1_intersection(w, x, h):
    of_h, n, of_y, y = split(np.concatenate([x, h], -1) @ w["kernel"] + w["bias"], 4)
    y = sigma(of_y + 1) * x + (1 - sigma(of_y + 1)) * np.maximum(y, 0)
    h = sigma(of_h + 1) * h + (1 - sigma(of_h + 1)) * np.tanh(n)
    return y, [h]


def tf1_indrnn(w, x, h):
    h = np.tanh(x @ w["kernel_w"] + h * w["kernel_u"] + w["bias"])
    return h, [h]


def tf1_indy_lstm(w, x, h, c):
    i, g, f, o = split(x @ w["kernel_w"] + np.tile(h, 4) * w["kernel_u"] + w["bias"], 4)
    c = sigma(f + 1) * c + sigma(i) * np.tanh(g)
    return sigma(o) * np.tanh(c), [sigma(o) * np.tanh(c), c]


def tf1_minimal_rnn(w, x, h):
    of_x, of_gate = np.split(w["kernel"], [x.shape[-1]])
    n = np.tanh(x @ of_x)
    u = sigma(np.concatenate([n, h], -1) @ of_gate + w["bias"])
    h = u * h + (1 - u) * n
    return h, [h]


def tf1_cfn(w, x, h):
    of_gates, of_x = np.split(w["kernel"], [2 * h.shape[-1]], axis=1)
    theta, eta = split(sigma(h @ w["recurrent_kernel"] + x @ of_gates + w["bias"]), 2)
    h = theta * np.tanh(h) + (1 - eta) * np.tanh(x @ of_x)
    return h, [h]


def tf1_nas(w, x, h, c):
    a, m = split(x @ w["kernel"], 8), split(h @ w["recurrent_kernel"] + w["bias"], 8)
    low = np.tanh(np.tanh(sigma(a[0] + m[0]) * np.maximum(a[1] + m[1], 0)) + c)
    c = low * np.tanh(sigma(a[2] + m[2]) + np.maximum(a[3] * m[3], 0))
    high = np.tanh(np.tanh(a[4] + m[4]) * sigma(a[5] + m[5]))
    high = high + sigma(np.tanh(a[6] + m[6]) + sigma(a[7] + m[7]))
    h = np.tanh(c * np.tanh(high)) @ w["projection_weights"]
    return h, [h, c]
