"""The LSTM whose gates see a product of the input and the state in place of the state."""

from kerasgates.core.cell import AbstractRNNCell, register


@register
class MultiplicativeLSTMCell(AbstractRNNCell):
    """Multiplicative LSTM: each input has transitions between states of its own.

        m  = W_m x ⊙ U_m h
        i  = σ(W_i x + U_i m + b_i)
        f  = σ(W_f x + U_f m + b_f)
        g  = φ(W_g x + U_g m + b_g)
        o  = σ(W_o x + U_o m + b_o)
        c' = f ⊙ c + i ⊙ g
        h' = o ⊙ φ(c')

    Another mLSTM, the one of the xLSTM, has a matrix for a memory.

    Deviations: the units of OpenAI's code have these equations, with weight normalisation of all
    matrices, which is left out here.

    Source: Krause, Lu, Murray & Renals, 2016, Multiplicative LSTM for sequence modelling,
    https://arxiv.org/abs/1609.07959
    """

    gates = ("i", "f", "g", "o")
    inputs = recurrent_gates = ("i", "f", "g", "o", "m")
    widths = {"m": "units"}
    states = ("h", "c")

    def step(self, Wx, U, h, c):
        m = Wx.m * (h @ U.m)
        i, f, g, o = Wx["i f g o"] + m @ U["i f g o"]
        i = self.recurrent_activation(i)
        f = self.recurrent_activation(f)
        g = self.activation(g)
        o = self.recurrent_activation(o)
        c = f * c + i * g
        h = o * self.output_activation(c)
        return (h, c), {"i": i, "f": f, "g": g, "o": o, "m": m}
