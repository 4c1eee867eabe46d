"""The LSTM whose input gate is what the forget gate leaves."""

from kerasgates.core.cell import AbstractRNNCell, register


@register
class CoupledLSTMCell(AbstractRNNCell):
    """LSTM with coupled input and forget gates (CIFG).

        f  = σ(W_f x + U_f h + b_f)
        g  = φ(W_g x + U_g h + b_g)
        o  = σ(W_o x + U_o h + b_o)
        c' = f ⊙ c + (1 − f) ⊙ g
        h' = o ⊙ φ(c')

    Source: Greff et al., 2015, LSTM: A search space odyssey, https://arxiv.org/abs/1503.04069
    """

    gates = ("f", "g", "o")
    states = ("h", "c")
    operator = ("LSTM", "-f f g o")

    def step(self, Wx, U, h, c):
        f, g, o = Wx + h @ U
        f = self.recurrent_activation(f)
        g = self.activation(g)
        o = self.recurrent_activation(o)
        c = f * c + (1 - f) * g
        h = o * self.output_activation(c)
        return (h, c), {"f": f, "g": g, "o": o}
