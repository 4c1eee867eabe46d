"""The recurrent network made to be stacked in many layers."""

from kerasgates.core.cell import AbstractRNNCell, register


@register
class STARCell(AbstractRNNCell):
    """Stackable recurrent unit (STAR): one gate, and a squashed state.

        k  = σ(W_k x + U_k h + b_k)
        n  = φ(W_n x + b_n)
        h' = φ((1 − k) ⊙ h + k ⊙ n)

    k near 1 takes what comes in, as a Kalman gain does; the candidate n, which the paper calls z,
    sees no state.

    Deviations: the authors' code has a gate f = σ(a_f) in place of 1 − k and, as JANETCell, takes
    n in the share 1 − σ(a_f − 1); it starts from the chrono initialisation of the biases.

    Source: Turkoglu, D'Aronco, Wegner & Schindler, 2021, Gating revisited: Deep multi-layer RNNs
    that can be trained, https://arxiv.org/abs/1911.11033
    """

    gates = ("k", "n")
    recurrent_gates = ("k",)
    states = ("h",)

    def step(self, Wx, U, h):
        k = self.recurrent_activation(Wx.k + h @ U.k)
        n = self.activation(Wx.n)
        h = self.activation((1 - k) * h + k * n)
        return (h,), {"k": k, "n": n}
