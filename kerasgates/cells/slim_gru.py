"""The GRU with ever fewer weights in its two gates."""

from kerasgates.core.cell import AbstractRNNCell, register


@register
class SlimGRU1Cell(AbstractRNNCell):
    """GRU, gate-variant 1 (GRU1): the gates see the state and no input.

        z  = σ(U_z h + b_z)
        r  = σ(U_r h + b_r)
        n  = φ(W_n x + U_n (r ⊙ h) + b_n)
        h' = (1 − z) ⊙ h + z ⊙ n

    z near 1 takes the candidate in place of the old state: the other way round than in GRUCell.

    Source: Dey & Salem, 2017, Gate-variants of gated recurrent unit (GRU) neural networks,
    https://arxiv.org/abs/1701.05923
    """

    gates = ("z", "r", "n")
    inputs = ("n",)
    states = ("h",)
    replacing_gates = ("z",)

    def step(self, Wx, U, h):
        z, r = h @ U["z r"] + Wx["z r"]
        z = self.recurrent_activation(z)
        r = self.recurrent_activation(r)
        n = self.activation(Wx.n + (r * h) @ U.n)
        h = (1 - z) * h + z * n
        return (h,), {"z": z, "r": r, "n": n}


@register
class SlimGRU2Cell(AbstractRNNCell):
    """GRU, gate-variant 2 (GRU2): the gates are of the state alone, without biases.

        z  = σ(U_z h)
        r  = σ(U_r h)
        n  = φ(W_n x + U_n (r ⊙ h) + b_n)
        h' = (1 − z) ⊙ h + z ⊙ n

    z near 1 takes the candidate in place of the old state: the other way round than in GRUCell.
    From a state of zeros both gates begin at 1/2.

    Source: Dey & Salem, 2017, Gate-variants of gated recurrent unit (GRU) neural networks,
    https://arxiv.org/abs/1701.05923
    """

    gates = ("z", "r", "n")
    inputs = biased_gates = ("n",)
    states = ("h",)

    def step(self, Wx, U, h):
        z, r = h @ U["z r"]
        z = self.recurrent_activation(z)
        r = self.recurrent_activation(r)
        n = self.activation(Wx.n + (r * h) @ U.n)
        h = (1 - z) * h + z * n
        return (h,), {"z": z, "r": r, "n": n}


@register
class SlimGRU3Cell(AbstractRNNCell):
    """GRU, gate-variant 3 (GRU3): the gates are biases, the same at all steps.

        z  = σ(b_z)
        r  = σ(b_r)
        n  = φ(W_n x + U_n (r ⊙ h) + b_n)
        h' = (1 − z) ⊙ h + z ⊙ n

    z near 1 takes the candidate in place of the old state: the other way round than in GRUCell.
    With `use_bias=False` both gates are 1/2 and learn nothing.

    Source: Dey & Salem, 2017, Gate-variants of gated recurrent unit (GRU) neural networks,
    https://arxiv.org/abs/1701.05923
    """

    gates = ("z", "r", "n")
    inputs = recurrent_gates = ("n",)
    states = ("h",)
    replacing_gates = ("z",)

    def step(self, Wx, U, h):
        z = self.recurrent_activation(Wx.z)
        r = self.recurrent_activation(Wx.r)
        n = self.activation(Wx.n + (r * h) @ U.n)
        h = (1 - z) * h + z * n
        return (h,), {"z": z, "r": r, "n": n}
