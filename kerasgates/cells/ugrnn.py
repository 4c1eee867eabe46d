"""The recurrent network with nothing but an update gate."""

from kerasgates.core.cell import AbstractRNNCell, register


@register
class UGRNNCell(AbstractRNNCell):
    """Update gate RNN.

        z  = σ(W_z x + U_z h + b_z)
        n  = φ(W_n x + U_n h + b_n)
        h' = z ⊙ h + (1 − z) ⊙ n

    Source: Collins, Sohl-Dickstein & Sussillo, 2016, Capacity and trainability in recurrent
    neural networks, https://arxiv.org/abs/1611.09913
    """

    gates = ("z", "n")
    states = ("h",)
    operator = ("GRU", "z 1 n")

    def step(self, Wx, U, h):
        z, n = Wx + h @ U
        z = self.recurrent_activation(z)
        n = self.activation(n)
        h = z * h + (1 - z) * n
        return (h,), {"z": z, "n": n}
