"""Mutations of the GRU that a search among ten thousand architectures found."""

from kerasgates.core.cell import AbstractRNNCell, register


@register
class MUT1Cell(AbstractRNNCell):
    """Mutated unit MUT1: a GRU whose update gate is of the input alone.

        z  = σ(W_z x + b_z)
        r  = σ(W_r x + U_r h + b_r)
        n  = φ(U_n (r ⊙ h) + φ(W_v x) + b_n)
        h' = z ⊙ n + (1 − z) ⊙ h

    z near 1 takes the candidate in place of the old state: the other way round than in GRUCell.

    Deviations: the paper has x itself in place of W_v x, and so as many features as units; with
    the identity for W_v, the last block of `kernel`, this is the paper's.

    Source: Jozefowicz, Zaremba & Sutskever, 2015, An empirical exploration of recurrent network
    architectures, https://proceedings.mlr.press/v37/jozefowicz15.html
    """

    gates = ("z", "r", "n")
    inputs = ("z", "r", "v")
    recurrent_gates = ("r", "n")
    widths = {"v": "units"}
    states = ("h",)
    replacing_gates = ("z",)

    def step(self, Wx, U, h):
        z = self.recurrent_activation(Wx.z)
        r = self.recurrent_activation(Wx.r + h @ U.r)
        n = self.activation((r * h) @ U.n + self.activation(Wx.v) + Wx.n)
        h = z * n + (1 - z) * h
        return (h,), {"z": z, "r": r, "n": n}


@register
class MUT2Cell(AbstractRNNCell):
    """Mutated unit MUT2: a GRU that takes the candidate where z is open.

        z  = σ(W_z x + U_z h + b_z)
        r  = σ(W_r x + U_r h + b_r)
        n  = φ(W_n x + U_n (r ⊙ h) + b_n)
        h' = z ⊙ n + (1 − z) ⊙ h

    z near 1 takes the candidate in place of the old state: the other way round than in GRUCell,
    which is the same network otherwise.

    Deviations: the paper has x itself in place of W_r x, and so as many features as units; with
    the identity for W_r, the second block of `kernel`, this is the paper's.

    Source: Jozefowicz, Zaremba & Sutskever, 2015, An empirical exploration of recurrent network
    architectures, https://proceedings.mlr.press/v37/jozefowicz15.html
    """

    gates = ("z", "r", "n")
    states = ("h",)
    replacing_gates = ("z",)

    def step(self, Wx, U, h):
        z = self.recurrent_activation(Wx.z + h @ U.z)
        r = self.recurrent_activation(Wx.r + h @ U.r)
        n = self.activation(Wx.n + (r * h) @ U.n)
        h = z * n + (1 - z) * h
        return (h,), {"z": z, "r": r, "n": n}


@register
class MUT3Cell(AbstractRNNCell):
    """Mutated unit MUT3: a GRU whose update gate sees the squashed state.

        z  = σ(W_z x + U_z φ(h) + b_z)
        r  = σ(W_r x + U_r h + b_r)
        n  = φ(W_n x + U_n (r ⊙ h) + b_n)
        h' = z ⊙ n + (1 − z) ⊙ h

    z near 1 takes the candidate in place of the old state: the other way round than in GRUCell.

    Source: Jozefowicz, Zaremba & Sutskever, 2015, An empirical exploration of recurrent network
    architectures, https://proceedings.mlr.press/v37/jozefowicz15.html
    """

    gates = ("z", "r", "n")
    states = ("h",)
    replacing_gates = ("z",)

    def step(self, Wx, U, h):
        z = self.recurrent_activation(Wx.z + self.activation(h) @ U.z)
        r = self.recurrent_activation(Wx.r + h @ U.r)
        n = self.activation(Wx.n + (r * h) @ U.n)
        h = z * n + (1 - z) * h
        return (h,), {"z": z, "r": r, "n": n}
