"""Jacobians of one step as closed formulas of the papers, for one row and the default activations.

J[j, k] = d a_j / d b_k, hence U.T for row vectors. The gates come from the reference.
"""

import numpy as np

from tests import reference_gru as grus
from tests import reference_lstm as lstms
from tests.reference_gru import input_and_recurrent_bias
from tests.reference_parts import blocks, f64


def gru_h(w, x, h):
    """Return dh'/dh of GRUCell."""
    (_, (U_z, U_r, U_n), _), (h,) = blocks(w, 3), f64(h)
    z, r, n = grus.gru(w, x, (h,), {})[2].values()
    dn = np.diag(1 - n**2) @ U_n.T @ (np.diag(r) + np.diag(h * r * (1 - r)) @ U_r.T)
    return np.diag(z) + np.diag((h - n) * z * (1 - z)) @ U_z.T + np.diag(1 - z) @ dn


def reset_after_gru_h(w, x, h):
    """Return dh'/dh of ResetAfterGRUCell."""
    (_, (U_z, U_r, U_n), b), (h,) = blocks(w, 3), f64(h)
    z, r, n = grus.reset_after_gru(w, x, (h,), {})[2].values()
    m = h @ U_n + input_and_recurrent_bias(b)[2][1]
    dn = np.diag(1 - n**2) @ (np.diag(r) @ U_n.T + np.diag(m * r * (1 - r)) @ U_r.T)
    return np.diag(z) + np.diag((h - n) * z * (1 - z)) @ U_z.T + np.diag(1 - z) @ dn


def ugrnn_h(w, x, h):
    """Return dh'/dh of UGRNNCell."""
    (_, (U_z, U_n), _), (h,) = blocks(w, 2), f64(h)
    z, n = grus.ugrnn(w, x, (h,), {})[2].values()
    dn = np.diag(1 - n**2) @ U_n.T
    return np.diag(z) + np.diag((h - n) * z * (1 - z)) @ U_z.T + np.diag(1 - z) @ dn


def lstm(w, x, h, c):
    """Return the four one-step Jacobians of LSTMCell, keyed (new state, old state)."""
    (_, (U_i, U_f, U_g, U_o), _), (c,) = blocks(w, 4), f64(c)
    _, (_, c_), gates = lstms.lstm(w, x, (h, c), {})
    i, f, g, o = gates.values()
    d = o * (1 - np.tanh(c_) ** 2)
    c_h = np.diag(c * f * (1 - f)) @ U_f.T + np.diag(g * i * (1 - i)) @ U_i.T
    c_h += np.diag(i * (1 - g**2)) @ U_g.T
    h_h = np.diag(np.tanh(c_) * o * (1 - o)) @ U_o.T + np.diag(d) @ c_h
    return {("c", "c"): np.diag(f), ("c", "h"): c_h, ("h", "c"): np.diag(d * f), ("h", "h"): h_h}


def peephole_c(w, x, h, c):
    """Return the diagonal of dc'/dc of PeepholeLSTMCell (diagonal peepholes)."""
    p_i, p_f, c = f64(w["peephole_i"], w["peephole_f"], c)
    i, f, g, _ = lstms.peephole_lstm(w, x, (h, c), {})[2].values()
    return f + c * f * (1 - f) * p_f + g * i * (1 - i) * p_i
