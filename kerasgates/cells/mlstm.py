"""The LSTM whose memory is a matrix of keys and values, with exponential gates."""

import math

from keras import ops

from kerasgates.core import operations
from kerasgates.core.arguments import divisor, number
from kerasgates.core.cell import AbstractRNNCell, register


@register
class MLSTMCell(AbstractRNNCell):
    """Matrix LSTM of the xLSTM (mLSTM): a memory of keys and values that a query reads.

        q   = W_q x + b_q
        k   = (W_k x + b_k) / √d                         d = units / heads
        v   = W_v x + b_v
        a_i = W_i x + b_i
        a_f = logsigmoid(W_f x + b_f) + m
        m'  = maximum(a_f; a_i)
        i   = exp(a_i − m')
        f   = exp(a_f − m')
        o   = σ(W_o x + b_o)
        C'  = f C + i v kᵀ
        n'  = f n + i k
        h   = o ⊙ C' q / (maximum(abs(n'ᵀ q); exp(−m')) + ε)

    m is the logarithm of what C and its normaliser n are divided by, so that nothing overflows,
    however long the sequence; i and f are divided by it, too. Each of `heads` has a query, a key
    and a value of d entries, a matrix C and one number each for i, f and m. No product is with a
    state, and the output h is none. With ε = `epsilon`.

    Deviations: the paper does not divide b_k by √d, the authors' code does, and this cell. In that
    code i and f are of q, k and v in place of x, with biases b_f from 3 to 6, and o is outside.

    Source: Beck et al., 2024, xLSTM: Extended long short-term memory,
    https://arxiv.org/abs/2405.04517
    """

    gates = ("q", "k", "v", "i", "f", "o")
    widths = {"i": "heads", "f": "heads"}
    recurrent_gates = ()
    states = ("C", "n", "m")
    state_shapes = {
        "C": ("heads", "head_units", "head_units"),
        "n": ("heads", "head_units"),
        "m": ("heads",),
    }
    output_name = "h"
    without = (
        "activation",
        "recurrent_initializer",
        "recurrent_regularizer",
        "recurrent_constraint",
    )
    letters = {"epsilon": "ε", "root": "√d"}
    descriptions = {
        "heads": "positive integer that divides `units`: matrices side by side.",
        "epsilon": "small positive number ε that is added to what is divided by.",
    }

    def __init__(self, *args, heads=1, epsilon=1e-6, **kwargs):
        super().__init__(*args, **kwargs)
        self.heads = divisor("heads", heads, "MLSTMCell", self.units)
        self.head_units = self.units // self.heads
        self.epsilon = number("epsilon", epsilon, "MLSTMCell", lambda v: 0 < v < 1, "in (0, 1)")

    @property
    def root(self):
        """Root of the entries of a key."""
        return math.sqrt(self.head_units)

    def step(self, Wx, U, C, n, m):
        shape = -1, self.heads, self.head_units
        q, k, v = (ops.reshape(a, shape) for a in Wx["q k v"])
        k = k / self.root
        a_f = ops.log_sigmoid(Wx.f) + m
        m = operations.maximum(a_f, Wx.i)
        i = ops.exp(Wx.i - m)
        f = ops.exp(a_f - m)
        o = self.recurrent_activation(Wx.o)
        C = f[..., None, None] * C + i[..., None, None] * operations.matmul(
            v[..., None], k[..., None, :]
        )
        n = f[..., None] * n + i[..., None] * k
        read = operations.matmul(C, q[..., None])[..., 0]
        norm = operations.matmul(n[..., None, :], q[..., None])[..., 0]
        read = read / (operations.maximum(ops.abs(norm), ops.exp(-m)[..., None]) + self.epsilon)
        h = o * ops.reshape(read, (-1, self.units))
        shown = {"q": q, "k": k, "v": v}
        shown = {name: ops.reshape(a, (-1, self.units)) for name, a in shown.items()}
        return (C, n, m), {**shown, "i": i, "f": f, "o": o, "h": h}
