"""Float64 NumPy references of the cells that discretise a differential equation."""

from tests.reference_parts import SIGMA, blocks, f64, functions


def lem(w, x, s, o):
    """LEMCell: Rusch et al. 2022; y is shown, and sees the new z."""
    (W_1, W_2, W_z, W_y), (U_1, U_2, U_z, U_y), (b_1, b_2, b_z, b_y) = blocks(w, 4)
    (sigma, phi, _), (x, y, z) = functions(o), f64(x, *s)
    dt = o.get("dt", 1.0)
    tau_1 = dt * sigma(x @ W_1 + y @ U_1 + b_1)
    tau_2 = dt * sigma(x @ W_2 + y @ U_2 + b_2)
    z_ = (1.0 - tau_2) * z + tau_2 * phi(x @ W_z + y @ U_z + b_z)
    y_ = (1.0 - tau_1) * y + tau_1 * phi(x @ W_y + z_ @ U_y + b_y)
    return y_, (y_, z_), {"t1": tau_1, "t2": tau_2}


def cornn(w, x, s, o):
    """CoRNNCell: Rusch & Mishra 2021; the old z is damped, and the new z moves y."""
    (W,), (U,), (b,) = blocks(w, 1)
    (V,) = f64(w["velocity_kernel"])
    (_, phi, _), (x, y, z) = functions(o), f64(x, *s)
    dt, gamma, epsilon = o.get("dt", 0.042), o.get("gamma", 2.7), o.get("epsilon", 4.7)
    n = phi(x @ W + y @ U + z @ V + b)
    z_ = z + dt * (n - gamma * y - epsilon * z)
    y_ = y + dt * z_
    return y_, (y_, z_), {"n": n}


def fast_rnn(w, x, s, o):
    """FastRNNCell: Kusupati et al. 2018; two scalars behind the logistic function."""
    (W,), (U,), (b,) = blocks(w, 1)
    alpha, beta = f64(w["alpha"], w["beta"])
    (_, phi, _), (x, h) = functions(o), f64(x, *s)
    n = phi(x @ W + h @ U + b)
    h_ = SIGMA(alpha) * n + SIGMA(beta) * h
    return h_, (h_,), {"n": n}


def ctrnn(w, x, s, o):
    """CTRNNCell: Yang et al. 2019; a step of Euler's method, the share dt / tau of the new."""
    (W,), (U,), (b,) = blocks(w, 1)
    (_, phi, _), (x, h) = functions(o), f64(x, *s)
    alpha = o.get("dt", 20.0) / o.get("tau", 100.0)
    n = phi(x @ W + h @ U + b)
    h_ = (1.0 - alpha) * h + alpha * n
    return h_, (h_,), {"n": n}
