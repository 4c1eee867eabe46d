"""The minimal gated unit with ever fewer weights in its gate."""

from kerasgates.core.cell import AbstractRNNCell, register


@register
class MGU1Cell(AbstractRNNCell):
    """Minimal gated unit, variant 1 (MGU1): the gate sees the state and no input.

        f  = σ(U_f h + b_f)
        n  = φ(W_n x + U_n (f ⊙ h) + b_n)
        h' = (1 − f) ⊙ h + f ⊙ n

    As in MGUCell, f near 1 takes the candidate in place of the old state. So b_f starts as all
    biases do, without `unit_forget_bias`.

    Source: Heck & Salem, 2017, Simplified minimal gated unit variations for recurrent neural
    networks, https://arxiv.org/abs/1701.03452
    """

    gates = ("f", "n")
    inputs = ("n",)
    states = ("h",)
    without = ("unit_forget_bias",)

    def step(self, Wx, U, h):
        f = self.recurrent_activation(h @ U.f + Wx.f)
        n = self.activation(Wx.n + (f * h) @ U.n)
        h = (1 - f) * h + f * n
        return (h,), {"f": f, "n": n}


@register
class MGU2Cell(AbstractRNNCell):
    """Minimal gated unit, variant 2 (MGU2): the gate is of the state alone, without a bias.

        f  = σ(U_f h)
        n  = φ(W_n x + U_n (f ⊙ h) + b_n)
        h' = (1 − f) ⊙ h + f ⊙ n

    As in MGUCell, f near 1 takes the candidate in place of the old state. From a state of zeros
    every gate begins at 1/2.

    Source: Heck & Salem, 2017, Simplified minimal gated unit variations for recurrent neural
    networks, https://arxiv.org/abs/1701.03452
    """

    gates = ("f", "n")
    inputs = biased_gates = ("n",)
    states = ("h",)

    def step(self, Wx, U, h):
        f = self.recurrent_activation(h @ U.f)
        n = self.activation(Wx.n + (f * h) @ U.n)
        h = (1 - f) * h + f * n
        return (h,), {"f": f, "n": n}


@register
class MGU3Cell(AbstractRNNCell):
    """Minimal gated unit, variant 3 (MGU3): the gate is a bias, the same at all steps.

        f  = σ(b_f)
        n  = φ(W_n x + U_n (f ⊙ h) + b_n)
        h' = (1 − f) ⊙ h + f ⊙ n

    A leaky unit whose leak f is learned, entry by entry. As in MGUCell, f near 1 takes the
    candidate in place of the old state, so b_f starts as all biases do, without
    `unit_forget_bias`; with `use_bias=False` f is 1/2 and learns nothing.

    Source: Heck & Salem, 2017, Simplified minimal gated unit variations for recurrent neural
    networks, https://arxiv.org/abs/1701.03452
    """

    gates = ("f", "n")
    inputs = recurrent_gates = ("n",)
    states = ("h",)
    without = ("unit_forget_bias",)

    def step(self, Wx, U, h):
        f = self.recurrent_activation(Wx.f)
        n = self.activation(Wx.n + (f * h) @ U.n)
        h = (1 - f) * h + f * n
        return (h,), {"f": f, "n": n}
