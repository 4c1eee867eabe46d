"""Float64 NumPy references of the ablations of Greff et al. 2015, from the paper alone.

In the paper y is the output h, z the candidate g, and R the recurrent weights U. Its formulas are
those of the LSTM with peepholes; each variant changes one of them.
"""

import numpy as np

from tests.reference_parts import (
    FORGET,
    HC,
    LINEAR_OUTPUT,
    NO_BIAS,
    Reference,
    blocks,
    f64,
    functions,
    split,
)


def peepholes(w, names):
    """The peepholes of gates, by name."""
    return f64(*[w[f"peephole_{name}"] for name in names])


def no_input_gate(w, x, s, o):
    """NoInputGateLSTMCell: NIG, i = 1."""
    (W_f, W_g, W_o), (U_f, U_g, U_o), (b_f, b_g, b_o) = blocks(w, 3)
    (p_f, p_o), (sigma, phi, phi_h), (x, h, c) = peepholes(w, "fo"), functions(o), f64(x, *s)
    f = sigma(x @ W_f + h @ U_f + p_f * c + b_f)
    g = phi(x @ W_g + h @ U_g + b_g)
    c_ = f * c + g
    o = sigma(x @ W_o + h @ U_o + p_o * c_ + b_o)
    h_ = o * phi_h(c_)
    return h_, (h_, c_), {"f": f, "g": g, "o": o}


def with_gates(w, x, s, o, squash, show, seen=(0.0, 0.0, 0.0)):
    """The LSTM with peepholes; `squash` is the paper's g, `show` its h, gates see `seen`, too."""
    (W_i, W_f, W_g, W_o), (U_i, U_f, U_g, U_o), (b_i, b_f, b_g, b_o) = blocks(w, 4)
    (p_i, p_f, p_o), (sigma, _, _), (x, h, c) = peepholes(w, "ifo"), functions(o), f64(x, *s[:2])
    i = sigma(x @ W_i + h @ U_i + p_i * c + b_i + seen[0])
    f = sigma(x @ W_f + h @ U_f + p_f * c + b_f + seen[1])
    g = squash(x @ W_g + h @ U_g + b_g)
    c_ = f * c + i * g
    o = sigma(x @ W_o + h @ U_o + p_o * c_ + b_o + seen[2])
    h_ = o * show(c_)
    return h_, (h_, c_), {"i": i, "f": f, "g": g, "o": o}


def no_input_activation(w, x, s, o):
    """NoInputActivationLSTMCell: NIAF, g(a) = a."""
    return with_gates(w, x, s, o, lambda a: a, functions(o)[1])


def no_output_activation(w, x, s, o):
    """NoOutputActivationLSTMCell: NOAF, h(a) = a."""
    return with_gates(w, x, s, o, functions(o)[1], lambda a: a)


def full_gate_recurrence(w, x, s, o):
    """FullGateRecurrenceLSTMCell: FGR, nine matrices between the gates of the last step and now."""
    i, f, out = split(s[2], 3)
    (R_ii, R_if, R_io), (R_fi, R_ff, R_fo), (R_oi, R_of, R_oo) = [
        split(rows, 3) for rows in np.split(f64(w["gate_kernel"])[0], 3, axis=0)
    ]
    seen = (
        i @ R_ii + f @ R_fi + out @ R_oi,
        i @ R_if + f @ R_ff + out @ R_of,
        i @ R_io + f @ R_fo + out @ R_oo,
    )
    h_, new, gates = with_gates(w, x, s, o, *functions(o)[1:], seen)
    return h_, (*new, np.concatenate([gates[n] for n in "ifo"], axis=-1)), gates


CELLS: dict[str, Reference] = {
    "NoInputGateLSTMCell": Reference(no_input_gate, tuple("fgo"), HC, FORGET, (LINEAR_OUTPUT,)),
    "NoInputActivationLSTMCell": Reference(
        no_input_activation, tuple("ifgo"), HC, FORGET, (NO_BIAS,)
    ),
    "NoOutputActivationLSTMCell": Reference(
        no_output_activation, tuple("ifgo"), HC, FORGET, ({"activation": "relu"},)
    ),
    "FullGateRecurrenceLSTMCell": Reference(
        full_gate_recurrence, tuple("ifgo"), (*HC, "q"), {**FORGET, "q": None}, (NO_BIAS,)
    ),
}
