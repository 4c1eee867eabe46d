"""Cells whose gates have not all the same weights, each with its equations in NumPy."""

import keras
import numpy as np

import kerasgates as kg


def sigma(a):
    return 1 / (1 + np.exp(-a))


@kg.register
class MinimalRNNTestCell(kg.AbstractRNNCell):
    """The gate sees the candidate, and no input.

    n  = φ(W_n x + b_n)
    z  = σ(U_z h + V n + b_z)
    h' = z ⊙ h + (1 − z) ⊙ n
    """

    gates = ("n", "z")
    inputs = ("n",)
    recurrent_gates = ("z",)
    states = ("h",)
    roles = {"candidate": "glorot_uniform"}
    letters = {"candidate_kernel": "V"}

    def build(self, input_shape):
        super().build(input_shape)
        shape = self.units, self.units
        self.candidate_kernel = self.add_role_weight("candidate_kernel", shape, "candidate")

    def step(self, Wx, U, h):
        n = self.activation(Wx.n)
        z = self.recurrent_activation(Wx.z + h @ U.z + n @ self.matrix(self.candidate_kernel))
        h = z * h + (1 - z) * n
        return (h,), {"n": n, "z": z}


def minimal_rnn(w, x, h):
    b_n, b_z = np.split(w["bias"], 2)
    n = np.tanh(x @ w["kernel"] + b_n)
    z = sigma(h @ w["recurrent_kernel"] + n @ w["candidate_kernel"] + b_z)
    return (z * h + (1 - z) * n,)


@kg.register
class RANTestCell(kg.AbstractRNNCell):
    """The candidate has neither recurrent weights nor a bias.

    i  = σ(W_i x + U_i h + b_i)
    f  = σ(W_f x + U_f h + b_f)
    c' = i ⊙ W_n x + f ⊙ c
    h' = φ(c')
    """

    gates = ("i", "f", "n")
    recurrent_gates = biased_gates = ("i", "f")
    states = ("h", "c")

    def step(self, Wx, U, h, c):
        i, f = Wx["i f"] + h @ U
        i = self.recurrent_activation(i)
        f = self.recurrent_activation(f)
        c = i * Wx.n + f * c
        h = self.output_activation(c)
        return (h, c), {"i": i, "f": f}


def ran(w, x, h, c):
    W_i, W_f, W_n = np.split(w["kernel"], 3, axis=-1)
    U_i, U_f = np.split(w["recurrent_kernel"], 2, axis=-1)
    b_i, b_f = np.split(w["bias"], 2)
    c = sigma(x @ W_i + h @ U_i + b_i) * (x @ W_n) + sigma(x @ W_f + h @ U_f + b_f) * c
    return np.tanh(c), c


@kg.register
class MUT1TestCell(kg.AbstractRNNCell):
    """The input itself reaches the candidate; the update gate sees no state.

    z  = σ(W_z x + b_z)
    r  = σ(W_r x + U_r h + b_r)
    n  = φ(U_n (r ⊙ h) + φ(x) + b_n)
    h' = z ⊙ n + (1 − z) ⊙ h
    """

    gates = ("z", "r", "n")
    inputs = ("z", "r", "x")
    recurrent_gates = ("r", "n")
    states = ("h",)

    def step(self, Wx, U, h):
        z = self.recurrent_activation(Wx.z)
        r = self.recurrent_activation(Wx.r + h @ U.r)
        n = self.activation((r * h) @ U.n + self.activation(Wx.x) + Wx.n)
        h = z * n + (1 - z) * h
        return (h,), {"z": z, "r": r, "n": n}


def mut1(w, x, h):
    W_z, W_r = np.split(w["kernel"], 2, axis=-1)
    U_r, U_n = np.split(w["recurrent_kernel"], 2, axis=-1)
    b_z, b_r, b_n = np.split(w["bias"], 3)
    z, r = sigma(x @ W_z + b_z), sigma(x @ W_r + h @ U_r + b_r)
    n = np.tanh((r * h) @ U_n + np.tanh(x) + b_n)
    return (z * n + (1 - z) * h,)


@kg.register
class MGU2TestCell(kg.AbstractRNNCell):
    """The gate is of the state alone.

    f  = σ(U_f h)
    n  = φ(W_n x + U_n (f ⊙ h) + b_n)
    h' = (1 − f) ⊙ h + f ⊙ n
    """

    gates = ("f", "n")
    inputs = biased_gates = ("n",)
    states = ("h",)

    def step(self, Wx, U, h):
        f = self.recurrent_activation(h @ U.f)
        n = self.activation(Wx.n + (f * h) @ U.n)
        h = (1 - f) * h + f * n
        return (h,), {"f": f, "n": n}


def mgu2(w, x, h):
    U_f, U_n = np.split(w["recurrent_kernel"], 2, axis=-1)
    f = sigma(h @ U_f)
    n = np.tanh(x @ w["kernel"] + (f * h) @ U_n + w["bias"])
    return ((1 - f) * h + f * n,)


@kg.register
class ScalarGateTestCell(kg.AbstractRNNCell):
    """A gate of one entry, and a key of `heads` entries that picks how much each head adds.

    f  = σ(W_f x + U_f h + b_f)
    k  = φ(W_k x + U_k h + b_k)
    n  = φ(W_n x + U_n h + b_n)
    h' = f h + (1 − f) n ⊙ R k
    """

    gates = ("f", "k", "n")
    widths = {"f": 1, "k": "heads"}
    states = ("h",)
    roles = {"read": "glorot_uniform"}
    letters = {"read_kernel": "R"}

    def __init__(self, *args, heads=2, **kwargs):
        super().__init__(*args, **kwargs)
        self.heads = heads

    def build(self, input_shape):
        super().build(input_shape)
        self.read_kernel = self.add_role_weight("read_kernel", (self.heads, self.units), "read")

    def step(self, Wx, U, h):
        f, k, n = Wx + h @ U
        f = self.recurrent_activation(f)
        k = self.activation(k)
        n = self.activation(n)
        h = f * h + (1 - f) * (n * (k @ self.matrix(self.read_kernel)))
        return (h,), {"f": f, "k": k, "n": n}


def scalar_gate(w, x, h):
    a = x @ w["kernel"] + h @ w["recurrent_kernel"] + w["bias"]
    f, k, n = sigma(a[:, :1]), np.tanh(a[:, 1:3]), np.tanh(a[:, 3:])
    return (f * h + (1 - f) * n * (k @ w["read_kernel"]),)


@kg.register
class MostlyUnlikeTestCell(kg.AbstractRNNCell):
    """Every list differs, and so do the widths: a gate of one entry with recurrent weights alone,
    one of a bias alone, and columns of the recurrent weights in another place than those of inputs.

    s  = σ(U_s h)
    m  = σ(b_m)
    n  = φ(W_n x + U_n (m ⊙ h))
    i  = σ(W_i x + U_i h + b_i)
    h' = s i ⊙ n + (1 − i) ⊙ h
    """

    gates = ("s", "m", "n", "i")
    inputs = ("i", "n")
    recurrent_gates = ("s", "n", "i")
    biased_gates = ("m", "i")
    widths = {"s": 1}
    states = ("h",)

    def step(self, Wx, U, h):
        s = self.recurrent_activation(h @ U.s)
        m = self.recurrent_activation(Wx.m)
        n = self.activation(Wx.n + (m * h) @ U.n)
        i = self.recurrent_activation(Wx.i + h @ U.i)
        h = s * (i * n) + (1 - i) * h
        return (h,), {"s": s, "m": m, "n": n, "i": i}


def mostly_unlike(w, x, h):
    W_i, W_n = np.split(w["kernel"], 2, axis=-1)
    U, units = w["recurrent_kernel"], h.shape[-1]
    b_m, b_i = np.split(w["bias"], 2)
    s, m = sigma(h @ U[:, :1]), sigma(b_m)
    n = np.tanh(x @ W_n + (m * h) @ U[:, 1 : 1 + units])
    i = sigma(x @ W_i + h @ U[:, 1 + units :] + b_i)
    return (s * i * n + (1 - i) * h,)


@kg.register
class QRNNTestCell(kg.AbstractRNNCell):
    """The input of the step before is a state, of `features` entries; the output is none.

    n  = φ(W_n x + V_n p + b_n)
    f  = σ(W_f x + V_f p + b_f)
    o  = σ(W_o x + V_o p + b_o)
    c' = f ⊙ n + (1 − f) ⊙ c
    h  = o ⊙ c'
    p' = x
    """

    gates = ("n", "f", "o")
    inputs = ("n", "f", "o", "x")
    recurrent_gates = ()
    states = ("c", "p")
    output_name = "h"
    roles = {"previous": "glorot_uniform"}
    letters = {"previous_kernel": "V"}

    @property
    def state_size(self):
        return [self.units, self.features]

    def build(self, input_shape):
        super().build(input_shape)
        shape = self.features, 3 * self.units
        self.previous_kernel = self.add_role_weight("previous_kernel", shape, "previous")

    def step(self, Wx, U, c, p):
        n, f, o = Wx["n f o"] + p @ self.matrix(self.previous_kernel)
        n = self.activation(n)
        f = self.recurrent_activation(f)
        o = self.recurrent_activation(o)
        c = f * n + (1 - f) * c
        return (c, Wx.x), {"n": n, "f": f, "o": o, "h": o * c}


def qrnn(w, x, c, p):
    a_n, a_f, a_o = np.split(x @ w["kernel"] + p @ w["previous_kernel"] + w["bias"], 3, axis=-1)
    f = sigma(a_f)
    c = f * np.tanh(a_n) + (1 - f) * c
    return c, x, sigma(a_o) * c


@kg.register
class IntersectionTestCell(kg.AbstractRNNCell):
    """Between a recurrent and a feed-forward layer: the output is of the input, and no state.

    z  = σ(W_z x + U_z h + b_z)
    n  = φ(W_n x + U_n h + b_n)
    y  = σ(W_y x + U_y h + b_y)
    v  = φ(W_v x + U_v h + b_v)
    h' = z ⊙ h + (1 − z) ⊙ n
    o  = y ⊙ x + (1 − y) ⊙ v
    """

    gates = ("z", "n", "y", "v")
    inputs = ("z", "n", "y", "v", "x")
    states = ("h",)
    output_name = "o"

    def step(self, Wx, U, h):
        z, n, y, v = Wx["z n y v"] + h @ U
        z = self.recurrent_activation(z)
        n = self.activation(n)
        y = self.recurrent_activation(y)
        v = self.activation(v)
        h = z * h + (1 - z) * n
        return (h,), {"z": z, "n": n, "y": y, "v": v, "o": y * Wx.x + (1 - y) * v}


def intersection(w, x, h):
    a = x @ w["kernel"] + h @ w["recurrent_kernel"] + w["bias"]
    z, n, y, v = np.split(a, 4, axis=-1)
    z, y, v = sigma(z), sigma(y), np.tanh(v)
    return z * h + (1 - z) * np.tanh(n), y * x + (1 - y) * v


#: Cells by their steps in NumPy, of the weights by name, the input and the states.
CELLS = {
    MinimalRNNTestCell: minimal_rnn,
    RANTestCell: ran,
    MUT1TestCell: mut1,
    MGU2TestCell: mgu2,
    ScalarGateTestCell: scalar_gate,
    MostlyUnlikeTestCell: mostly_unlike,
    QRNNTestCell: qrnn,
    IntersectionTestCell: intersection,
}


def over_time(cell, x, states, mask=None):
    """Outputs `(batch, time, units)` and last states in double precision.

    What a step gives behind its states is the output; else the first state is.
    """
    step = CELLS[type(cell)]
    w = {
        weight.name: keras.ops.convert_to_numpy(weight).astype("float64") for weight in cell.weights
    }
    states, outputs = [state.astype("float64") for state in states], []
    count, last = len(states), np.zeros((len(x), cell.units))
    for t in range(x.shape[1]):
        new = step(w, x[:, t].astype("float64"), *states)
        kept = np.ones(len(x), bool) if mask is None else mask[:, t]
        last = np.where(kept[:, None], new[count] if new[count:] else new[0], last)
        states = [np.where(kept[:, None], a, b) for a, b in zip(new, states)]
        outputs.append(last)
    return np.stack(outputs, axis=1), states
