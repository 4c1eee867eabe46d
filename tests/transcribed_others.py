"""Further cells of other libraries in NumPy, as in `transcribed`."""

import numpy as np

from kerasgates.cells.lmu import window
from tests.transcribed import sigma, split

# ---------------------------------------------------------------- xlstm and flashrnn


def slstm_pointwise(a, c, n, m):
    """New c, n and m, and the output, of pre-activations `(…, 4, entries)`."""
    i, f, z, o = np.moveaxis(a, -2, 0)
    log_f = m - np.log1p(np.exp(-f))
    new_m = i if not n.any() else np.maximum(i, log_f)
    i, f = np.exp(i - new_m), np.exp(log_f - new_m)
    c, n = f * c + i * np.tanh(z), f * n + i
    return sigma(o) * c / n, c, n, new_m


def xlstm(w, x, h, c, n, m, fused=True):
    heads, width = w["fgate.weight"].shape[:2]
    rows = x.reshape(len(x), heads, width)
    names = ("fgate", "igate", "zgate", "ogate")
    gates = [np.einsum("bhd,hod->bho", rows, w[f"{name}.weight"]) for name in names]
    R, b = w["slstm_cell._recurrent_kernel_"], w["slstm_cell._bias_"]
    if fused:
        R, b = R.reshape(heads, width, 4, width), b.reshape(heads, 4, width)
    else:
        R = R.reshape(heads, 4, width, width).transpose(0, 3, 1, 2)
        b = b.reshape(4, heads, width).transpose(1, 0, 2)
    h, c, n, m = (v.reshape(len(x), heads, width) for v in (h, c, n, m))
    a = np.stack(gates, axis=-2) + np.einsum("bhp,hpgd->bhgd", h, R) + b
    new = [v.reshape(len(x), -1) for v in slstm_pointwise(a, c, n, m)]
    return new[0], new


def xlstm_vanilla(w, x, *states):
    return xlstm(w, x, *states, fused=False)


def flashrnn(w, x, h, c, n, m):
    heads, width = w["b"].shape[1:]
    h, c, n, m = (v.reshape(len(x), heads, width) for v in (h, c, n, m))
    a = np.einsum("bf,fghd->bghd", x, w["W"]) + np.einsum("bhp,ghdp->bghd", h, w["R"]) + w["b"]
    new = [v.reshape(len(x), -1) for v in slstm_pointwise(a.swapaxes(1, 2), c, n, m)]
    return new[0], new


# ---------------------------------------------------------------- SRU, minGRU, keras-lmu


def sru(w, x, c):
    u = (x @ w["weight"]).reshape(*c.shape, -1)
    (v_f, v_r), (b_f, b_r) = split(w["weight_c"], 2), split(w["bias"], 2)
    f, r = sigma(u[..., 1] + b_f + c * v_f), sigma(u[..., 2] + b_r + c * v_r)
    c = u[..., 0] + (c - u[..., 0]) * f
    shown = x * w["scale_x"] if u.shape[-1] == 3 else u[..., 3]
    return shown + (np.tanh(c) - shown) * r, [c]


def mingru(w, x, h):
    hidden, gate = split(x @ w["to_hidden_and_gate.weight"].T, 2)
    hidden = np.where(hidden >= 0, hidden + 0.5, sigma(hidden))
    h = h + sigma(gate) * (hidden - h)
    return h, [h]


def lmu(w, x, h, m):
    A, B = window(m.shape[-1], 7.0)
    u = np.concatenate([x, h], -1) @ w["kernel"] + m @ w["recurrent_kernel"]
    m = m @ A + u @ B
    h = np.tanh(np.concatenate([m, x], -1) @ w["hidden_kernel"] + h @ w["hidden_recurrent_kernel"])
    return h, [h, m]


# ---------------------------------------------------------------- haste


def norm(a, scale, shift=0.0):
    a = a - a.mean(axis=-1, keepdims=True)
    return a / np.sqrt((a**2).mean(axis=-1, keepdims=True) + 1e-5) * scale + shift


def cfc(w, x, h):
    """The CfC of ncps for PyTorch, one unit of time after another."""

    def layer(name, a):
        return a @ w[f"{name}.weight"].T + w[f"{name}.bias"]

    b = np.concatenate([x, h], -1)
    for at in (0, 2):
        b = 1.7159 * np.tanh(0.666 * layer(f"backbone.{at}", b))
    gate = sigma(layer("time_a", b) + layer("time_b", b))
    h = np.tanh(layer("ff1", b)) * (1 - gate) + gate * np.tanh(layer("ff2", b))
    return h, [h]


def haste_lstm(w, x, h, c):
    layer_norm = "gamma" in w
    scales = w["gamma"] if layer_norm else (None, None)
    a, m = (
        norm(v, scale) if layer_norm else v
        for v, scale in zip((x @ w["kernel"], h @ w["recurrent_kernel"]), scales)
    )
    i, g, f, o = split(a + m + w["bias"], 4)
    c = sigma(f) * c + sigma(i) * np.tanh(g)
    h = sigma(o) * np.tanh(norm(c, w["gamma_h"], w["beta_h"]) if layer_norm else c)
    return h, [h, c]


def haste_zoneout(w, x, h, c):
    """In evaluation: h alone, in the share of 0.3."""
    new, (_, c) = haste_lstm(w, x, h, c)
    h = 0.3 * h + 0.7 * new
    return h, [h, c]


def haste_gru(w, x, h):
    a, m = x @ w["kernel"] + w["bias"], h @ w["recurrent_kernel"] + w["recurrent_bias"]
    (az, ar, an), (mz, mr, mn) = split(a, 3), split(m, 3)
    z = sigma(az + mz)
    h = z * h + (1 - z) * np.tanh(an + sigma(ar + mr) * mn)
    return h, [h]


def haste_indrnn(w, x, h):
    a = x @ w["kernel"]
    a = norm(a, w["gamma"][0]) if "gamma" in w else a
    h = np.tanh(a + w["bias"] + h * w["recurrent_scale"])
    return h, [h]
