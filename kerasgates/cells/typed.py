"""Recurrent networks that never multiply a state by a matrix, so that its entries keep meaning."""

from kerasgates.core.cell import AbstractRNNCell, register


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
