"""The GRU for speech: without a reset gate, and with a candidate that is not bounded."""

from kerasgates.core.cell import AbstractRNNCell, register


@register
class LiGRUCell(AbstractRNNCell):
    """Light GRU (Li-GRU): a GRU without a reset gate, whose candidate is rectified.

        z  = σ(W_z x + U_z h + b_z)
        n  = φ(W_n x + U_n h + b_n)
        h' = z ⊙ h + (1 − z) ⊙ n

    φ is `activation`, relu by default: states can grow without bound. z near 1 keeps the old state.

    Deviations: the paper normalises W_z x and W_n x over the batch, and then has no bias. In a
    trained network that is a factor for each column of `kernel`, and `bias`; in training it is
    another network. The authors' code drops entries of n in training, `recurrent_dropout` drops
    those of h before U.

    Source: Ravanelli, Brakel, Omologo & Bengio, 2018, Light gated recurrent units for speech
    recognition, https://arxiv.org/abs/1803.10225
    """

    gates = ("z", "n")
    states = ("h",)

    def __init__(self, *args, activation="relu", **kwargs):
        super().__init__(*args, activation=activation, **kwargs)

    def step(self, Wx, U, h):
        z, n = Wx + h @ U
        z = self.recurrent_activation(z)
        n = self.activation(n)
        h = z * h + (1 - z) * n
        return (h,), {"z": z, "n": n}
