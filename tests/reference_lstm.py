"""Float64 NumPy references of the cells with a memory, from the papers alone."""

import numpy as np

from tests.reference_parts import (
    DEFAULT,
    FORGET,
    HC,
    LINEAR_OUTPUT,
    NO_BIAS,
    OTHER_FUNCTIONS,
    PHI,
    RELU,
    SIGMA,
    Reference,
    blocks,
    f64,
    functions,
    integration,
    layer_norm,
    split,
)


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


def wmc_lstm(w, x, s, o):
    """WMCLSTMCell: Landi et al. 2021, tanh of a projection of the memory in the gates."""
    (W_i, W_f, W_g, W_o), (U_i, U_f, U_g, U_o), (b_i, b_f, b_g, b_o) = blocks(w, 4)
    W_ic, W_fc, W_oc = f64(w["working_memory_i"], w["working_memory_f"], w["working_memory_o"])
    (sigma, phi, phi_h), (x, h, c) = functions(o), f64(x, *s)
    i = sigma(x @ W_i + h @ U_i + phi(c @ W_ic) + b_i)
    f = sigma(x @ W_f + h @ U_f + phi(c @ W_fc) + b_f)
    c_new = f * c + i * phi(x @ W_g + h @ U_g + b_g)
    o = sigma(x @ W_o + h @ U_o + phi(c_new @ W_oc) + b_o)
    h_new = o * phi_h(c_new)
    return h_new, (h_new, c_new), {"i": i, "f": f, "g": phi(x @ W_g + h @ U_g + b_g), "o": o}


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


def projected_lstm(w, x, s, o):
    """ProjectedLSTMCell: Sak, Senior & Beaufays 2014; LSTM lines, but h is (proj,) in and out."""
    (R,) = f64(w["projection_kernel"])
    m, (_, c_), gates = lstm(w, x, s, o)
    return m @ R, (m @ R, c_), gates


def no_forget_gate_lstm(w, x, s, o):
    """NoForgetGateLSTMCell: Greff et al. 2015, NFG: f is 1, the other gates have peepholes."""
    (W_i, W_g, W_o), (U_i, U_g, U_o), (b_i, b_g, b_o) = blocks(w, 3)
    p_i, p_o = f64(w["peephole_i"], w["peephole_o"])
    (sigma, phi, phi_h), (x, h, c) = functions(o), f64(x, *s)
    i = sigma(x @ W_i + h @ U_i + p_i * c + b_i)
    g = phi(x @ W_g + h @ U_g + b_g)
    c_ = c + i * g
    o = sigma(x @ W_o + h @ U_o + p_o * c_ + b_o)
    h_ = o * phi_h(c_)
    return h_, (h_, c_), {"i": i, "g": g, "o": o}


def no_output_gate_peephole_lstm(w, x, s, o):
    """NoOutputGatePeepholeLSTMCell: Greff et al. 2015, NOG: o is 1, the others have peepholes."""
    (W_i, W_f, W_g), (U_i, U_f, U_g), (b_i, b_f, b_g) = blocks(w, 3)
    p_i, p_f = f64(w["peephole_i"], w["peephole_f"])
    (sigma, phi, phi_h), (x, h, c) = functions(o), f64(x, *s)
    i = sigma(x @ W_i + h @ U_i + p_i * c + b_i)
    f = sigma(x @ W_f + h @ U_f + p_f * c + b_f)
    g = phi(x @ W_g + h @ U_g + b_g)
    c_ = f * c + i * g
    h_ = phi_h(c_)
    return h_, (h_, c_), {"i": i, "f": f, "g": g}


def mi_lstm(w, x, s, o):
    """MILSTMCell: Wu et al. 2016, the general form of multiplicative integration in each gate."""
    (W_i, W_f, W_g, W_o), (U_i, U_f, U_g, U_o), (b_i, b_f, b_g, b_o) = blocks(w, 4)
    (a_i, p_i, q_i), (a_f, p_f, q_f), (a_g, p_g, q_g), (a_o, p_o, q_o) = integration(w, 4)
    (sigma, phi, phi_h), (x, h, c) = functions(o), f64(x, *s)
    i = sigma(a_i * (x @ W_i) * (h @ U_i) + p_i * (h @ U_i) + q_i * (x @ W_i) + b_i)
    f = sigma(a_f * (x @ W_f) * (h @ U_f) + p_f * (h @ U_f) + q_f * (x @ W_f) + b_f)
    g = phi(a_g * (x @ W_g) * (h @ U_g) + p_g * (h @ U_g) + q_g * (x @ W_g) + b_g)
    o = sigma(a_o * (x @ W_o) * (h @ U_o) + p_o * (h @ U_o) + q_o * (x @ W_o) + b_o)
    c_ = f * c + i * g
    h_ = o * phi_h(c_)
    return h_, (h_, c_), {"i": i, "f": f, "g": g, "o": o}


def hyper_lstm(w, x, s, o):
    """HyperLSTMCell: Ha, Dai & Le 2017, gate by gate, with layer normalisation."""
    (sigma, phi, _), (x, h, c, y, q) = functions(o), f64(x, *s)
    units, o = h.shape[-1], {"epsilon": o.get("epsilon", 1e-3)}
    W, U = [np.split(f64(w[k])[0], [4 * units], -1) for k in ("kernel", "recurrent_kernel")]
    (W, W_u), (U, U_u) = [[split(part, 4) for part in parts] for parts in (W, U)]
    R, b = split(w["hyper_recurrent_kernel"], 4), split(w["bias"], 4) if "bias" in w else [0.0] * 4

    def norm(a, at, number=...):
        gamma, beta = f64(w[f"gamma_{at}"], w[f"beta_{at}"])
        return layer_norm(a, gamma[number], beta[number], o)

    def made(name, number, start=0.0):
        a = y_ @ split(w[f"{name}_kernel"], 4)[number] + start
        return a @ f64(w[f"{name}_units"])[0][number]

    u = [norm(x @ W_u[k] + h @ U_u[k] + y @ R[k], "u", k) for k in range(4)]
    v_i, v_f, v_g, v_o = sigma(u[0]), sigma(u[1] + 1.0), phi(u[2]), sigma(u[3])
    q_ = v_f * q + v_i * v_g
    y_ = v_o * phi(norm(q_, "q"))
    starts = {name: split(w[f"{name}_bias"], 4) for name in ("scale_x", "scale_h")}
    of_x = [made("scale_x", k, starts["scale_x"][k]) * (x @ W[k]) for k in range(4)]
    of_h = [made("scale_h", k, starts["scale_h"][k]) * (h @ U[k]) for k in range(4)]
    a = [norm(of_x[k] + of_h[k] + made("shift", k) + b[k], "a", k) for k in range(4)]
    i, f, g, out = sigma(a[0]), sigma(a[1] + 1.0), phi(a[2]), sigma(a[3])
    c_ = f * c + i * g
    h_ = out * phi(norm(c_, "c"))
    shown = {"v_i": v_i, "v_f": v_f, "v_g": v_g, "v_o": v_o, "i": i, "f": f, "g": g, "o": out}
    shown |= {
        "u": np.concatenate(u, axis=-1),
        "s": np.concatenate(of_x, axis=-1),
        "t": np.concatenate(of_h, axis=-1),
    }
    return h_, (h_, c_, y_, q_), shown


CELLS: dict[str, Reference] = {
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
    "WMCLSTMCell": Reference(wmc_lstm, tuple("ifgo"), HC, FORGET, (NO_BIAS,)),
    "CoupledLSTMCell": Reference(coupled_lstm, tuple("fgo"), HC, FORGET, (NO_BIAS,)),
    "NoOutputGateLSTMCell": Reference(
        no_output_gate_lstm, tuple("ifg"), HC, FORGET, (LINEAR_OUTPUT,)
    ),
    "LayerNormLSTMCell": Reference(
        layer_norm_lstm,
        tuple("ifgo"),
        HC,
        FORGET,
        ({"epsilon": 0.1}, NO_BIAS),
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
    "ProjectedLSTMCell": Reference(
        projected_lstm, tuple("ifgo"), HC, FORGET, ({"projection_units": 6},), exported=True
    ),
    "MILSTMCell": Reference(mi_lstm, tuple("ifgo"), HC, FORGET, (NO_BIAS,)),
    "NoForgetGateLSTMCell": Reference(no_forget_gate_lstm, tuple("igo"), HC, {"c": "1", "h": None}),
    "NoOutputGatePeepholeLSTMCell": Reference(
        no_output_gate_peephole_lstm, tuple("ifg"), HC, FORGET
    ),
    "HyperLSTMCell": Reference(
        hyper_lstm,
        tuple("ifgo"),
        tuple("hcyq"),
        {**FORGET, "y": None, "q": "v_f"},
        ({"hyper_units": 3, "embedding_units": 2, "use_bias": False},),
        exported=True,
    ),
}
