"""Recurrent networks that never multiply a state by a matrix, so that its entries keep meaning."""

from kerasgates.core.cell import AbstractRNNCell, register
from kerasgates.core.last_input import LastInput


@register
class TRNNCell(AbstractRNNCell):
    """Strongly typed RNN (T-RNN): a weighted mean of linear pieces of the inputs.

        n  = W_n x
        f  = σ(W_f x + b_f)
        h' = f ⊙ h + (1 − f) ⊙ n

    The gate sees the input alone; the candidate n is the paper's z.

    Source: Balduzzi & Ghifary, 2016, Strongly-typed recurrent neural networks,
    https://arxiv.org/abs/1602.02218
    """

    gates = ("n", "f")
    recurrent_gates = ()
    biased_gates = ("f",)
    states = ("h",)
    without = ("activation", "recurrent_initializer")
    without += ("recurrent_regularizer", "recurrent_constraint")

    def step(self, Wx, U, h):
        n = Wx.n
        f = self.recurrent_activation(Wx.f)
        h = f * h + (1 - f) * n
        return (h,), {"n": n, "f": f}


@register
class TGRUCell(LastInput, AbstractRNNCell):
    """Strongly typed GRU (T-GRU): a leaky sum of n ⊙ o, both read from this input and the last.

        n  = W_n x + V_n p + b_n
        f  = σ(W_f x + V_f p + b_f)
        o  = φ(W_o x + V_o p + b_o)
        h' = f ⊙ h + n ⊙ o
        p' = x

    The state p, the last input, has `features` entries; n is the paper's z. Further weight:
    `previous_kernel` V `(features, 3 · units)`.

    Deviations: f starts from `unit_forget_bias`.

    Source: Balduzzi & Ghifary, 2016, Strongly-typed recurrent neural networks,
    https://arxiv.org/abs/1602.02218
    """

    gates = ("n", "f", "o")
    inputs = ("n", "f", "o", "x")
    recurrent_gates = ()
    states = ("h", "p")
    without = ("recurrent_initializer", "recurrent_regularizer", "recurrent_constraint")
    descriptions = {"activation": "function φ of o."}

    def step(self, Wx, U, h, p):
        n, f, o = Wx["n f o"] + p @ self.matrix(self.previous_kernel)
        f = self.recurrent_activation(f)
        o = self.activation(o)
        h = f * h + n * o
        return (h, Wx.x), {"n": n, "f": f, "o": o}


@register
class TLSTMCell(LastInput, AbstractRNNCell):
    """Strongly typed LSTM (T-LSTM): a mean of n, weighted by f, and shown as far as o lets it.

        n  = W_n x + V_n p + b_n
        f  = σ(W_f x + V_f p + b_f)
        o  = φ(W_o x + V_o p + b_o)
        c' = f ⊙ c + (1 − f) ⊙ n
        h  = c' ⊙ o
        p' = x

    The state p, the last input, has `features` entries; n is the paper's z. The output h is no
    state: it does not come back. Further weight: `previous_kernel` V `(features, 3 · units)`.

    Deviations: f starts from `unit_forget_bias`.

    Source: Balduzzi & Ghifary, 2016, Strongly-typed recurrent neural networks,
    https://arxiv.org/abs/1602.02218
    """

    gates = ("n", "f", "o")
    inputs = ("n", "f", "o", "x")
    recurrent_gates = ()
    states = ("c", "p")
    output_name = "h"
    without = (
        "output_activation",
        "recurrent_initializer",
        "recurrent_regularizer",
        "recurrent_constraint",
    )
    descriptions = {"activation": "function φ of o."}

    def step(self, Wx, U, c, p):
        n, f, o = Wx["n f o"] + p @ self.matrix(self.previous_kernel)
        f = self.recurrent_activation(f)
        o = self.activation(o)
        c = f * c + (1 - f) * n
        h = c * o
        return (c, Wx.x), {"n": n, "f": f, "o": o, "h": h}
