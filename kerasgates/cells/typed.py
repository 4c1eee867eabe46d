"""Recurrent networks that never multiply a state by a matrix, so that its entries keep meaning."""

from kerasgates.core.cell import AbstractRNNCell, register


@register
class TRNNCell(AbstractRNNCell):
    """Strongly typed RNN (T-RNN): a weighted mean of linear pieces of the inputs.

        n  = W_n x + b_n
        f  = σ(W_f x + b_f)
        h' = f ⊙ h + (1 − f) ⊙ n

    The gate sees the input alone; the candidate n is the paper's z.

    Source: Balduzzi & Ghifary, 2016, Strongly-typed recurrent neural networks,
    https://arxiv.org/abs/1602.02218
    """

    gates = ("n", "f")
    recurrent_gates = ()
    states = ("h",)
    without = ("activation", "recurrent_initializer")
    without += ("recurrent_regularizer", "recurrent_constraint")

    def step(self, Wx, U, h):
        n = Wx.n
        f = self.recurrent_activation(Wx.f)
        h = f * h + (1 - f) * n
        return (h,), {"n": n, "f": f}


class _Typed(AbstractRNNCell):
    """What the cells with a memory of the last input share: it is a state, p."""

    @property
    def state_size(self):
        return [self.units, *[self.units] * (len(self.states) - 2), self.features]

    def recurrent_kernel_shape(self):
        return self.features, len(self.gates) * self.units


@register
class TGRUCell(_Typed):
    """Strongly typed GRU (T-GRU): its gates see two inputs in place of the state.

        n  = W_n x + U_n p + b_n
        f  = σ(W_f x + U_f p + b_f)
        o  = φ(W_o x + U_o p + b_o)
        h' = f ⊙ h + n ⊙ o
        p' = x

    p is the last input, so that `recurrent_kernel` is `(features, 3 · units)`; the candidate n is
    the paper's z.

    Source: Balduzzi & Ghifary, 2016, Strongly-typed recurrent neural networks,
    https://arxiv.org/abs/1602.02218
    """

    gates = ("n", "f", "o")
    inputs = ("n", "f", "o", "x")
    states = ("h", "p")

    def step(self, Wx, U, h, p):
        n, f, o = Wx["n f o"] + p @ U
        f = self.recurrent_activation(f)
        o = self.activation(o)
        h = f * h + n * o
        p = Wx.x
        return (h, p), {"n": n, "f": f, "o": o}


@register
class TLSTMCell(_Typed):
    """Strongly typed LSTM (T-LSTM): its gates see two inputs in place of the state.

        n  = W_n x + U_n p + b_n
        f  = σ(W_f x + U_f p + b_f)
        o  = φ(W_o x + U_o p + b_o)
        c' = f ⊙ c + (1 − f) ⊙ n
        h  = o ⊙ c'
        p' = x

    The output is h, which is no state; p is the last input, so that `recurrent_kernel` is
    `(features, 3 · units)`; the candidate n is the paper's z. Not the time-aware LSTM, which goes
    by the same letters.

    Source: Balduzzi & Ghifary, 2016, Strongly-typed recurrent neural networks,
    https://arxiv.org/abs/1602.02218
    """

    gates = ("n", "f", "o")
    inputs = ("n", "f", "o", "x")
    states = ("c", "p")
    output_name = "h"
    widths = {"h": "units"}
    without = ("output_activation",)

    def step(self, Wx, U, c, p):
        n, f, o = Wx["n f o"] + p @ U
        f = self.recurrent_activation(f)
        o = self.activation(o)
        c = f * c + (1 - f) * n
        h = o * c
        p = Wx.x
        return (c, p), {"n": n, "f": f, "o": o, "h": h}
