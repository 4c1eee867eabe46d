"""The LSTM with just another network: the forget gate and nothing else."""

from kerasgates.core.cell import AbstractRNNCell, register


@register
class JANETCell(AbstractRNNCell):
    """Just another network (JANET): an LSTM reduced to its forget gate.

        a_f = W_f x + U_f h + b_f
        f   = σ(a_f)
        i   = 1 − σ(a_f − 1)
        g   = φ(W_g x + U_g h + b_g)
        h'  = f ⊙ h + i ⊙ g

    Deviations: the paper starts from the chrono initialisation of the biases, this cell
    from `unit_forget_bias`.

    Source: van der Westhuizen & Lasenby, 2018, The unreasonable effectiveness of the
    forget gate, https://arxiv.org/abs/1804.04849
    """

    gates = ("f", "g")
    states = ("h",)

    def step(self, Wx, U, h):
        a_f, a_g = Wx + h @ U
        f = self.recurrent_activation(a_f)
        i = 1 - self.recurrent_activation(a_f - 1.0)
        g = self.activation(a_g)
        h = f * h + i * g
        return (h,), {"f": f, "i": i, "g": g}
