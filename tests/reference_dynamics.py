"""Float64 NumPy references of the cells that discretise a differential equation."""

import numpy as np

from tests.reference_parts import (
    DEFAULT,
    SIGMA,
    H,
    Reference,
    biases,
    blocks,
    f64,
    functions,
    split,
)


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


def unicornn(w, x, s, o):
    """UnICORNNCell: Rusch & Mishra 2021; the position moves by the new velocity."""
    (W,), (b,), (u, scale) = (
        split(w["kernel"], 1),
        biases(w, 1),
        f64(w["recurrent_vector"], w["scale"]),
    )
    (_, phi, _), (x, y, z) = functions(o), f64(x, *s)
    step = o.get("dt", 0.1) * SIGMA(scale)
    n = phi(x @ W + u * y + b)
    z_ = z - step * (n + o.get("alpha", 1.0) * y)
    y_ = y + step * z_
    return y_, (y_, z_), {"n": n}


def antisymmetric(w, x, s, o):
    """AntisymmetricRNNCell: Chang et al. 2019; the matrix is U - U^T - gamma I."""
    (W,), (b,), (U,) = split(w["kernel"], 1), biases(w, 1), f64(w["recurrent_matrix"])
    (_, phi, _), (x, h) = functions(o), f64(x, *s)
    A = U - U.T - o.get("gamma", 0.01) * np.eye(len(U))
    n = phi(x @ W + h @ A + b)
    h_ = h + o.get("epsilon", 0.01) * n
    return h_, (h_,), {"n": n}


def gated_antisymmetric(w, x, s, o):
    """GatedAntisymmetricRNNCell: Chang et al. 2019; the paper's z is i, of the same matrix."""
    (W_i, W_n), (b_i, b_n), (U,) = split(w["kernel"], 2), biases(w, 2), f64(w["recurrent_matrix"])
    (sigma, phi, _), (x, h) = functions(o), f64(x, *s)
    A = U - U.T - o.get("gamma", 0.01) * np.eye(len(U))
    i = sigma(x @ W_i + h @ A + b_i)
    n = phi(x @ W_n + h @ A + b_n)
    h_ = h + o.get("epsilon", 0.01) * i * n
    return h_, (h_,), {"i": i, "n": n}


def lipschitz(w, x, s, o):
    """LipschitzRNNCell: Erichson et al. 2021; one beta and one gamma, as in the authors' code."""
    (W,), (b,) = split(w["kernel"], 1), biases(w, 1)
    beta, gamma, epsilon = o.get("beta", 0.8), o.get("gamma", 0.01), o.get("epsilon", 0.01)

    def mixed(M):
        return beta * (M - M.T) + (1.0 - beta) * (M + M.T) - gamma * np.eye(len(M))

    A, M = [mixed(M) for M in f64(w["recurrent_a"], w["recurrent_w"])]
    (_, phi, _), (x, h) = functions(o), f64(x, *s)
    n = phi(x @ W + h @ M + b)
    h_ = h + epsilon * (h @ A) + epsilon * n
    return h_, (h_,), {"n": n}


CELLS: dict[str, Reference] = {
    "LEMCell": Reference(
        lem,
        tuple("12zy"),
        ("y", "z"),
        {"y": "1 − t1", "z": "1 − t2"},
        ({"dt": 0.3},),
        (DEFAULT,),
    ),
    "CoRNNCell": Reference(
        cornn,
        ("n",),
        ("y", "z"),
        {"y": "1 − γ Δt Δt", "z": "1 − ε Δt"},
        ({"dt": 0.5, "gamma": 0.4, "epsilon": 0.7},),
    ),
    "CTRNNCell": Reference(ctrnn, ("n",), H, {"h": "1 − Δt / τ"}, ({"dt": 0.3, "tau": 0.4},)),
    "FastRNNCell": Reference(fast_rnn, ("n",), H, {"h": "σ(β)"}),
    "UnICORNNCell": Reference(
        unicornn,
        ("n",),
        ("y", "z"),
        {"y": "1 − α Δt σ(s) ⊙ Δt σ(s)", "z": "1"},
        ({"dt": 0.5, "alpha": 0.4},),
    ),
    "AntisymmetricRNNCell": Reference(
        antisymmetric, ("n",), H, {"h": "1"}, ({"epsilon": 0.3, "gamma": 0.2},)
    ),
    "GatedAntisymmetricRNNCell": Reference(
        gated_antisymmetric, tuple("in"), H, {"h": "1"}, ({"epsilon": 0.3, "gamma": 0.2},)
    ),
    "LipschitzRNNCell": Reference(
        lipschitz,
        ("n",),
        H,
        {"h": "1 − γ ε"},
        ({"epsilon": 0.3, "gamma": 0.2, "beta": 0.6},),
    ),
}
