"""The recurrent network whose one gate both resets and updates."""

from kerasgates.core.cell import AbstractRNNCell, register


@register
class MGUCell(AbstractRNNCell):
    """Minimal gated unit (MGU): a GRU whose reset gate is also its update gate.

        f  = σ(W_f x + U_f h + b_f)
        n  = φ(W_n x + U_n (f ⊙ h) + b_n)
        h' = (1 − f) ⊙ h + f ⊙ n

    The paper calls f a forget gate, but f near 1 takes the candidate in place of the old state:
    the other way round than in the LSTM. So b_f starts as all biases do, without
    `unit_forget_bias`.

    Source: Zhou, Wu, Zhang & Zhou, 2016, Minimal gated unit for recurrent neural networks,
    https://arxiv.org/abs/1603.09420
    """

    gates = ("f", "n")
    states = ("h",)
    without = ("unit_forget_bias",)

    def step(self, Wx, U, h):
        f = self.recurrent_activation(Wx.f + h @ U.f)
        n = self.activation(Wx.n + (f * h) @ U.n)
        h = (1 - f) * h + f * n
        return (h,), {"f": f, "n": n}
