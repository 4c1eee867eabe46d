"""The GRU and the LSTM whose gates see no state, so that they are linear in it."""

from keras import ops

from kerasgates.core.cell import AbstractRNNCell, register


class _MinimalCell(AbstractRNNCell):
    """Base class of both cells: no recurrent weights, and a candidate that is linear."""

    recurrent_gates = ()
    without = ("recurrent_initializer", "recurrent_regularizer", "recurrent_constraint")

    def __init__(self, *args, activation="linear", **kwargs):
        super().__init__(*args, activation=activation, **kwargs)


@register
class MinGRUCell(_MinimalCell):
    """Minimal GRU (minGRU): a GRU whose update gate and candidate are of the input alone.

        z  = σ(W_z x + b_z)
        n  = φ(W_n x + b_n)                              φ = `activation`, linear by default
        h' = (1 − z) ⊙ h + z ⊙ n

    z near 1 takes the candidate in place of the old state: the other way round than in GRUCell.
    The form of the paper that runs in logarithms has a positive φ, a + ½ above 0 and σ(a) below.

    Source: Feng, Tung, Ahmed, Bengio & Hajimirsadeghi, 2024, Were RNNs all we needed?,
    https://arxiv.org/abs/2410.01201
    """

    gates = ("z", "n")
    states = ("h",)
    replacing_gates = ("z",)

    def step(self, Wx, U, h):
        z = self.recurrent_activation(Wx.z)
        n = self.activation(Wx.n)
        h = (1 - z) * h + z * n
        return (h,), {"z": z, "n": n}


@register
class MinLSTMCell(_MinimalCell):
    """Minimal LSTM (minLSTM): forget and input gate of the input alone, in shares of their sum.

        f  = σ(logsigmoid(W_f x + b_f) − logsigmoid(W_i x + b_i))
        i  = 1 − f
        n  = φ(W_n x + b_n)                              φ = `activation`, linear by default
        h' = f ⊙ h + i ⊙ n

    With σ_f = σ(W_f x + b_f) and σ_i = σ(W_i x + b_i) that is f = σ_f / (σ_f + σ_i) and
    i = σ_i / (σ_f + σ_i), as the paper writes it, where these are numbers: both may be as good as
    0. The form of the paper that runs in logarithms has a positive φ, a + ½ above 0 and σ(a) below.

    Source: Feng, Tung, Ahmed, Bengio & Hajimirsadeghi, 2024, Were RNNs all we needed?,
    https://arxiv.org/abs/2410.01201
    """

    gates = ("f", "i", "n")
    states = ("h",)
    without = ("recurrent_activation",)

    def step(self, Wx, U, h):
        f = ops.sigmoid(ops.log_sigmoid(Wx.f) - ops.log_sigmoid(Wx.i))
        i = 1 - f
        n = self.activation(Wx.n)
        h = f * h + i * n
        return (h,), {"f": f, "i": i, "n": n}
