"""Float64 NumPy references of cells whose gates have not all the same weights, from the papers."""

import numpy as np

from tests.reference_parts import (
    DEFAULT,
    FORGET,
    HC,
    NEW_F,
    NEW_Z,
    NO_BIAS,
    UPDATE,
    H,
    Reference,
    f64,
    functions,
    split,
)


def rows(w, n):
    """The biases of n gates, side by side in `bias`; a missing bias is zero."""
    return split(w["bias"], n) if w.get("bias") is not None else [0.0] * n


def share(gate, new, old):
    """What Heck & Salem and Dey & Salem end with: an open gate takes the new."""
    return (1.0 - gate) * old + gate * new


def mgu1(w, x, s, o):
    """MGU1Cell: Heck & Salem 2017, the gate without an input."""
    U_f, U_n = split(w["recurrent_kernel"], 2)
    b_f, b_n = rows(w, 2)
    (sigma, phi, _), (x, h, W) = functions(o), f64(x, *s, w["kernel"])
    f = sigma(h @ U_f + b_f)
    n = phi(x @ W + (f * h) @ U_n + b_n)
    h_ = share(f, n, h)
    return h_, (h_,), {"f": f, "n": n}


def mgu2(w, x, s, o):
    """MGU2Cell: Heck & Salem 2017, the gate without input and bias."""
    U_f, U_n = split(w["recurrent_kernel"], 2)
    (b_n,) = rows(w, 1)
    (sigma, phi, _), (x, h, W) = functions(o), f64(x, *s, w["kernel"])
    f = sigma(h @ U_f)
    n = phi(x @ W + (f * h) @ U_n + b_n)
    h_ = share(f, n, h)
    return h_, (h_,), {"f": f, "n": n}


def mgu3(w, x, s, o):
    """MGU3Cell: Heck & Salem 2017, the gate with a bias alone: the same in every row."""
    b_f, b_n = rows(w, 2)
    (sigma, phi, _), (x, h, W, U) = functions(o), f64(x, *s, w["kernel"], w["recurrent_kernel"])
    f = sigma(np.zeros_like(h) + b_f)
    n = phi(x @ W + (f * h) @ U + b_n)
    h_ = share(f, n, h)
    return h_, (h_,), {"f": f, "n": n}


def slim_gru1(w, x, s, o):
    """SlimGRU1Cell: Dey & Salem 2017, the gates without an input."""
    U_z, U_r, U_n = split(w["recurrent_kernel"], 3)
    b_z, b_r, b_n = rows(w, 3)
    (sigma, phi, _), (x, h, W) = functions(o), f64(x, *s, w["kernel"])
    z, r = sigma(h @ U_z + b_z), sigma(h @ U_r + b_r)
    n = phi(x @ W + (r * h) @ U_n + b_n)
    h_ = share(z, n, h)
    return h_, (h_,), {"z": z, "r": r, "n": n}


def slim_gru2(w, x, s, o):
    """SlimGRU2Cell: Dey & Salem 2017, the gates without input and bias."""
    U_z, U_r, U_n = split(w["recurrent_kernel"], 3)
    (b_n,) = rows(w, 1)
    (sigma, phi, _), (x, h, W) = functions(o), f64(x, *s, w["kernel"])
    z, r = sigma(h @ U_z), sigma(h @ U_r)
    n = phi(x @ W + (r * h) @ U_n + b_n)
    h_ = share(z, n, h)
    return h_, (h_,), {"z": z, "r": r, "n": n}


def slim_gru3(w, x, s, o):
    """SlimGRU3Cell: Dey & Salem 2017, the gates with biases alone: the same in every row."""
    b_z, b_r, b_n = rows(w, 3)
    (sigma, phi, _), (x, h, W, U) = functions(o), f64(x, *s, w["kernel"], w["recurrent_kernel"])
    z, r = sigma(np.zeros_like(h) + b_z), sigma(np.zeros_like(h) + b_r)
    n = phi(x @ W + (r * h) @ U + b_n)
    h_ = share(z, n, h)
    return h_, (h_,), {"z": z, "r": r, "n": n}


def minimal_rnn(w, x, s, o):
    """MinimalRNNCell: Chen 2017; the gate sees the new code of the input."""
    b_n, b_z = rows(w, 2)
    W, U, V = f64(w["kernel"], w["recurrent_kernel"], w["latent_kernel"])
    (sigma, phi, _), (x, h) = functions(o), f64(x, *s)
    n = phi(x @ W + b_n)
    z = sigma(h @ U + n @ V + b_z)
    h_ = z * h + (1.0 - z) * n
    return h_, (h_,), {"n": n, "z": z}


def ran(w, x, s, o):
    """RANCell: Lee, Levy & Zettlemoyer 2017; the content is linear in the input."""
    W_i, W_f, W_n = split(w["kernel"], 3)
    U_i, U_f = split(w["recurrent_kernel"], 2)
    b_i, b_f = rows(w, 2)
    (sigma, _, phi), (x, h, c) = functions(o), f64(x, *s)
    i = sigma(x @ W_i + h @ U_i + b_i)
    f = sigma(x @ W_f + h @ U_f + b_f)
    n = x @ W_n
    c_ = i * n + f * c
    h_ = phi(c_)
    return h_, (h_, c_), {"i": i, "f": f, "n": n}


def cfn(w, x, s, o):
    """CFNCell: Laurent & von Brecht 2017; theta is f, eta is i, the old state is squashed."""
    W_eta, W_theta, W = split(w["kernel"], 3)
    U_eta, U_theta = split(w["recurrent_kernel"], 2)
    b_eta, b_theta = rows(w, 2)
    (sigma, phi, _), (x, h) = functions(o), f64(x, *s)
    theta = sigma(h @ U_theta + x @ W_theta + b_theta)
    eta = sigma(h @ U_eta + x @ W_eta + b_eta)
    n = phi(x @ W)
    h_ = theta * phi(h) + eta * n
    return h_, (h_,), {"i": eta, "f": theta, "n": n}


def mut1(w, x, s, o):
    """MUT1Cell: Jozefowicz et al. 2015, with a matrix before the squashed input."""
    W_z, W_r, W_v = split(w["kernel"], 3)
    U_r, U_n = split(w["recurrent_kernel"], 2)
    b_z, b_r, b_n = rows(w, 3)
    (sigma, phi, _), (x, h) = functions(o), f64(x, *s)
    z = np.broadcast_to(sigma(x @ W_z + b_z), h.shape)
    r = sigma(x @ W_r + h @ U_r + b_r)
    n = phi((r * h) @ U_n + phi(x @ W_v) + b_n)
    h_ = n * z + h * (1.0 - z)
    return h_, (h_,), {"z": z, "r": r, "n": n}


def star(w, x, s, o):
    """STARCell: Turkoglu et al. 2021; the sum is squashed, too."""
    W_k, W_n = split(w["kernel"], 2)
    b_k, b_n = rows(w, 2)
    (sigma, phi, _), (x, h, U) = functions(o), f64(x, *s, w["recurrent_kernel"])
    k = sigma(x @ W_k + h @ U + b_k)
    n = phi(x @ W_n + b_n)
    h_ = phi((1.0 - k) * h + k * n)
    return h_, (h_,), {"k": k, "n": n}


def bistable(w, x, s, o, seen_a, seen_z):
    """Vecoven, Ernst & Drion 2021, from what the two gates see of the state."""
    W_a, W_z, W_n = split(w["kernel"], 3)
    b_a, b_z = rows(w, 2)
    (sigma, phi, _), (x, h) = functions(o), f64(x, *s)
    a = 1.0 + phi(x @ W_a + seen_a + b_a)
    z = sigma(x @ W_z + seen_z + b_z)
    n = phi(x @ W_n + a * h)
    h_ = z * h + (1.0 - z) * n
    return h_, (h_,), {"a": a, "z": z, "n": n}


def brc(w, x, s, o):
    """BRCCell: each unit sees itself."""
    h, w_a, w_z = f64(*s, w["feedback_a"], w["feedback_z"])
    return bistable(w, x, s, o, w_a * h, w_z * h)


def nbrc(w, x, s, o):
    """NBRCCell: the gates see all units."""
    (h,), (U_a, U_z) = f64(*s), split(w["recurrent_kernel"], 2)
    return bistable(w, x, s, o, h @ U_a, h @ U_z)


CELLS: dict[str, Reference] = {
    "MGU1Cell": Reference(mgu1, tuple("fn"), H, NEW_F, (NO_BIAS,)),
    "MGU2Cell": Reference(mgu2, tuple("fn"), H, NEW_F),
    "MGU3Cell": Reference(mgu3, tuple("fn"), H, NEW_F, (NO_BIAS,), (DEFAULT,)),
    "SlimGRU1Cell": Reference(slim_gru1, tuple("zrn"), H, NEW_Z, (NO_BIAS,)),
    "SlimGRU2Cell": Reference(slim_gru2, tuple("zrn"), H, NEW_Z),
    "SlimGRU3Cell": Reference(slim_gru3, tuple("zrn"), H, NEW_Z),
    "MinimalRNNCell": Reference(minimal_rnn, tuple("nz"), H, UPDATE, (NO_BIAS,)),
    "RANCell": Reference(ran, tuple("ifn"), HC, FORGET, ({"activation": "linear"}, NO_BIAS)),
    "CFNCell": Reference(cfn, tuple("ifn"), H, {"h": "(1 − φ(h) ⊙ φ(h)) ⊙ f"}, (NO_BIAS,)),
    "MUT1Cell": Reference(mut1, tuple("zrn"), H, NEW_Z, (NO_BIAS,)),
    "STARCell": Reference(star, tuple("kn"), H, {"h": "(1 − k) ⊙ (1 − h' ⊙ h')"}, (NO_BIAS,)),
    "BRCCell": Reference(brc, tuple("azn"), H, UPDATE, (NO_BIAS,)),
    "NBRCCell": Reference(nbrc, tuple("azn"), H, UPDATE),
}
