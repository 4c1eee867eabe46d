"""Float64 NumPy references of the cells that read a time, a mask or a mass."""

import numpy as np

from tests.reference_lstm import lstm
from tests.reference_parts import (
    DEFAULT,
    FORGET,
    HC,
    LINEAR_OUTPUT,
    NO_BIAS,
    NO_PATH,
    TWO_STEPS,
    C,
    H,
    Reference,
    blocks,
    f64,
    functions,
    split,
)


def nested_lstm(w, x, s, o):
    """NestedLSTMCell: Moniz & Krueger 2018; the outer memory is what the inner LSTM shows."""
    (W_i, W_f, W_g, W_o), (U_i, U_f, U_g, U_o), (b_i, b_f, b_g, b_o) = blocks(w, 4)
    (sigma, phi, phi_h), (x, h, c, q) = functions(o), f64(x, *s)
    i = sigma(x @ W_i + h @ U_i + b_i)
    f = sigma(x @ W_f + h @ U_f + b_f)
    g = phi(x @ W_g + h @ U_g + b_g)
    out = sigma(x @ W_o + h @ U_o + b_o)
    inner = {
        "kernel": w["inner_kernel"],
        "recurrent_kernel": w["inner_recurrent_kernel"],
        "bias": w.get("inner_bias"),
    }
    c_, (_, q_), gates = lstm(inner, i * g, (f * c, q), o)
    h_ = out * phi_h(c_)
    gates = {f"{name}_2": value for name, value in gates.items()}
    return h_, (h_, c_, q_), {"i": i, "f": f, "g": g, "o": out, "y": i * g, "s": f * c, **gates}


def time_aware_lstm(w, x, s, o):
    """TimeAwareLSTMCell: Baytas et al. 2017; the time elapsed is the last feature."""
    (phi, *_), (x, h, c) = functions(o)[1:], f64(x, *s)
    x, elapsed = x[..., :-1], x[..., -1:]
    (D,) = f64(w["decomposition_kernel"])
    d = 0.0 if w.get("decomposition_bias") is None else f64(w["decomposition_bias"])[0]
    short = phi(c @ D + d)
    adjusted = (c - short) + short * (1.0 / np.log(np.e + elapsed))
    h_, new, gates = lstm(w, x, (h, adjusted), o)
    return h_, new, {"s": short, **gates}


def phased_lstm(w, x, s, o):
    """PhasedLSTMCell: Neil et al. 2016; the time is the last feature."""
    (W_i, W_f, W_g, W_o), (U_i, U_f, U_g, U_o), (b_i, b_f, b_g, b_o) = blocks(w, 4)
    p_i, p_f, p_o = f64(w["peephole_i"], w["peephole_f"], w["peephole_o"])
    tau, shift, ratio = f64(w["period"], w["shift"], w["open_ratio"])
    (sigma, phi, phi_h), (x, h, c) = functions(o), f64(x, *s)
    x, time = x[..., :-1], x[..., -1:]
    phase = ((time + shift) / np.abs(tau)) % 1.0
    share = phase / np.abs(ratio)
    rest = o.get("leak", 0.001) * phase
    k = np.select([share <= 0.5, share <= 1.0], [2.0 * share, 2.0 - 2.0 * share], rest)
    i = sigma(x @ W_i + h @ U_i + p_i * c + b_i)
    f = sigma(x @ W_f + h @ U_f + p_f * c + b_f)
    g = phi(x @ W_g + h @ U_g + b_g)
    c_1 = f * c + i * g
    out = sigma(x @ W_o + h @ U_o + p_o * c_1 + b_o)
    h_1 = out * phi_h(c_1)
    c_ = k * c_1 + (1.0 - k) * c
    h_ = k * h_1 + (1.0 - k) * h
    gates = {"i": i, "f": f, "g": g, "o": out, "p": phase, "k": k}
    return h_, (h_, c_), gates


def clockwork(w, x, s, o):
    """ClockworkRNNCell: Koutnik et al. 2014, unit by unit; k counts since the last update."""
    (W,), (U,), (b,) = blocks(w, 1)
    (_, phi, _), (x, h, k), (periods,) = functions(o), f64(x, *s), f64(w["ticks"])
    n = np.empty_like(h)
    for unit, period in enumerate(periods):
        # None of those that are faster.
        seen = [other for other, slow in enumerate(periods) if slow >= period]
        n[:, unit] = phi(x @ W[:, unit] + h[:, seen] @ U[seen, unit] + b[unit])
    h_ = np.where(k < 1.0, n, h)
    k_ = np.where(k + 1.0 < periods, k + 1.0, 0.0)
    return h_, (h_, k_), {"n": n}


def gru_d(w, x, s, o):
    """GRUDCell: Che et al. 2018; values, mask and time elapsed lie side by side."""
    (W_z, W_r, W_n), (U_z, U_r, U_n), (b_z, b_r, b_n) = blocks(w, 3)
    V_z, V_r, V_n = split(w["masking_kernel"], 3)
    (sigma, phi, _), (x, h, last, since) = functions(o), f64(x, *s)
    values = last.shape[-1]
    x, m, elapsed = x[..., :values], x[..., values:-1], x[..., -1:]
    there = m > 0.5
    delta = elapsed + since

    def decay(a, bias):
        a = a if w.get(bias) is None else a + f64(w[bias])[0]
        return np.exp(-np.maximum(0.0, a))

    y = decay(f64(w["input_decay_kernel"])[0] * delta, "input_decay_bias")
    gamma = decay(delta @ f64(w["hidden_decay_kernel"])[0], "hidden_decay_bias")
    v = np.where(there, x, y * last + (1.0 - y) * f64(w["mean"])[0])
    q = gamma * h
    z = sigma(v @ W_z + q @ U_z + m @ V_z + b_z)
    r = sigma(v @ W_r + q @ U_r + m @ V_r + b_r)
    n = phi(v @ W_n + (r * q) @ U_n + m @ V_n + b_n)
    h_ = (1.0 - z) * q + z * n
    new = h_, np.where(there, x, last), np.where(there, 0.0, delta)
    return h_, new, {"e": delta, "y": y, "s": gamma, "v": v, "z": z, "r": r, "n": n}


def cfc(w, x, s, o):
    """CfCCell: Hasani et al. 2022; the gate takes g for a long time, n for a short one."""
    (sigma, phi, _), (x, h) = functions(o), f64(x, *s)
    elapsed = o.get("elapsed", 1.0)
    if elapsed is None:
        x, elapsed = x[..., :-1], x[..., -1:]

    def dense(a, kernel, bias):
        a = a @ f64(w[kernel])[0]
        return a if w.get(bias) is None else a + f64(w[bias])[0]

    gates = {}
    w = {**w, "both": np.concatenate([w["kernel"], w["recurrent_kernel"]])}
    a = dense(np.concatenate([x, h], axis=-1), "both", "bias")
    for layer in range(1, o.get("backbone_layers", 1) + 1):
        if layer > 1:
            a = dense(a, f"backbone_kernel_{layer}", f"backbone_bias_{layer}")
        a = 1.7159 * np.tanh(0.666 * a)
        gates["a" if layer == 1 else f"a{layer}"] = a
    n, g, s, z = split(dense(a, "head_kernel", "head_bias"), 4)
    n, g = phi(n), phi(g)
    z = sigma(s * elapsed + z)
    h_ = n * (1.0 - z) + z * g
    return h_, (h_,), {**gates, "n": n, "g": g, "z": z}


def ltc(w, x, s, o):
    """LTCCell: Hasani et al. 2021, synapse by synapse."""
    sigma, (x, v), elapsed = functions(o)[0], f64(x, *s), o.get("elapsed", 1.0)
    unfolds, (gleak, vleak, cm) = o.get("unfolds", 6), f64(w["gleak"], w["vleak"], w["cm"])
    gleak, cm = np.abs(gleak), np.abs(cm)
    if elapsed is None:
        x, elapsed = x[..., :-1], x[..., -1:]
    x = x * f64(w["input_w"])[0] + f64(w["input_b"])[0]

    def currents(before, prefix):
        """What comes in to each neuron, and how open its synapses are."""
        names = [f"{prefix}{name}" for name in ("w", "sigma", "mu", "erev")]
        weight, slope, middle, reversal = f64(*[w[name] for name in names])
        weight = np.abs(weight)
        current = conductance = 0.0
        for source in range(before.shape[-1]):
            a = slope[source] * (before[:, source, None] - middle[source])
            current = current + weight[source] * sigma(a) * reversal[source]
            conductance = conductance + weight[source] * sigma(a)
        return current, conductance

    n, d = currents(x, "sensory_")
    values = {"n": n, "d": d}
    for number in range(1, unfolds + 1):
        current, conductance = currents(v, "")
        speed = cm / (elapsed / unfolds)
        v = speed * v + gleak * vleak + current + n
        v = v / (speed + gleak + conductance + d)
        if number < unfolds:
            values[f"v{number}"] = v
    return v, (v,), values


def softmax(a):
    """Shares along the last axis."""
    e = np.exp(a - a.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def mc_lstm(w, x, s, o):
    """MCLSTMCell: Hoedt et al. 2021; the mass that comes in is the last of the features."""
    sigma, (x, c), count = functions(o)[0], f64(x, *s), o.get("mass", 1)
    x, mass, units = x[..., :-count], x[..., -count:], c.shape[-1]
    at = [count * units, (count + 1) * units]
    W, U, b = [
        np.split(f64(w[name])[0], at, axis=-1) if w.get(name) is not None else [0.0] * 3
        for name in ("kernel", "recurrent_kernel", "bias")
    ]
    total = c.sum(axis=-1, keepdims=True)
    share = c / np.where(total == 0, 1.0, total)
    i, out, r = [x @ W[k] + share @ U[k] + b[k] for k in range(3)]
    i, r = softmax(i.reshape(-1, count, units)), softmax(r.reshape(-1, units, units))
    out = sigma(out)
    m = np.einsum("bm,bmu->bu", mass, i) + np.einsum("bv,bvu->bu", c, r)
    h_ = out * m
    gates = {"s": share, "o": out, "m": m, "h": h_}
    return h_, (m - h_,), {**gates, "i": i.reshape(len(x), -1), "r": r.reshape(len(x), -1)}


CELLS: dict[str, Reference] = {
    "NestedLSTMCell": Reference(
        nested_lstm,
        tuple("ifgo"),
        (*HC, "q"),
        {"h": None, "c": None, "q": "f_2"},
        (NO_BIAS, LINEAR_OUTPUT),
        exported=True,
    ),
    "TimeAwareLSTMCell": Reference(
        time_aware_lstm, tuple("ifgo"), HC, FORGET, (NO_BIAS,), (DEFAULT,), exported=True
    ),
    "PhasedLSTMCell": Reference(
        phased_lstm,
        tuple("ifgo"),
        HC,
        {"h": "1 − k", "c": "f ⊙ k + 1 − k"},
        ({"leak": 0.2},),
        (DEFAULT,),
        exported=True,
    ),
    "ClockworkRNNCell": Reference(
        clockwork,
        ("n",),
        ("h", "k"),
        {"h": None, "k": None},
        ({"periods": [3, 1], "use_bias": False},),
        (DEFAULT,),
        exported=True,
    ),
    "GRUDCell": Reference(
        gru_d,
        tuple("zrn"),
        ("h", "p", "d"),
        {"h": "s ⊙ (1 − z)", "p": None, "d": None},
        (NO_BIAS,),
        (DEFAULT,),
        exported=True,
    ),
    "CfCCell": Reference(
        cfc,
        ("a",),
        H,
        NO_PATH,
        (
            {"backbone_units": 3, "backbone_layers": 2, "use_bias": False},
            {"backbone_units": 5, "elapsed": None},
        ),
    ),
    "LTCCell": Reference(ltc, tuple("nd"), ("v",), {"v": None}, (TWO_STEPS,), exported=True),
    "MCLSTMCell": Reference(
        mc_lstm, tuple("ior"), C, {"c": None}, ({"mass": 2},), (DEFAULT,), exported=True
    ),
}
