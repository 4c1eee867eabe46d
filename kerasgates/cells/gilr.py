"""Gated impulse linear recurrence, and the LSTM that sees it in place of its own output."""

from kerasgates.core.cell import AbstractRNNCell, register


@register
class GILRCell(AbstractRNNCell):
    """Gated impulse linear recurrence (GILR): a weighted mean of impulses, by a gate of the input.

        z  = σ(W_z x + b_z)
        n  = φ(W_n x + b_n)
        h' = z ⊙ h + (1 − z) ⊙ n

    Deviations: the authors' code has `activation="elu"` where a GILR stands alone.

    Source: Martin & Cundy, 2018, Parallelizing linear recurrent neural nets over sequence length,
    https://arxiv.org/abs/1709.04057
    """

    gates = ("z", "n")
    recurrent_gates = ()
    states = ("h",)
    without = ("recurrent_initializer", "recurrent_regularizer", "recurrent_constraint")

    def step(self, Wx, U, h):
        z = self.recurrent_activation(Wx.z)
        n = self.activation(Wx.n)
        h = z * h + (1 - z) * n
        return (h,), {"z": z, "n": n}


@register
class GILRLSTMCell(AbstractRNNCell):
    """Linear surrogate of the LSTM (GILR-LSTM): gates that see a linear recurrence of the inputs.

        z  = σ(W_z x + b_z)
        n  = φ(W_n x + b_n)
        s' = z ⊙ s + (1 − z) ⊙ n
        i  = σ(W_i x + U_i s' + b_i)
        f  = σ(W_f x + U_f s' + b_f)
        g  = φ(W_g x + U_g s' + b_g)
        o  = σ(W_o x + U_o s' + b_o)
        c' = f ⊙ c + i ⊙ g
        h  = o ⊙ c'

    The new s stands in place of the LSTM's old output, so that both states are linear recurrences.
    The output h is no state, and no function squashes the memory on its way to it.

    Source: Martin & Cundy, 2018, Parallelizing linear recurrent neural nets over sequence length,
    https://arxiv.org/abs/1709.04057
    """

    gates = ("z", "n", "i", "f", "g", "o")
    recurrent_gates = ("i", "f", "g", "o")
    states = ("s", "c")
    output_name = "h"
    without = ("output_activation",)

    def step(self, Wx, U, s, c):
        z = self.recurrent_activation(Wx.z)
        n = self.activation(Wx.n)
        s = z * s + (1 - z) * n
        i, f, g, o = Wx["i f g o"] + s @ U
        i = self.recurrent_activation(i)
        f = self.recurrent_activation(f)
        g = self.activation(g)
        o = self.recurrent_activation(o)
        c = f * c + i * g
        h = o * c
        return (s, c), {"z": z, "n": n, "i": i, "f": f, "g": g, "o": o, "h": h}
