"""The LSTM that always shows its memory."""

from kerasgates.core.cell import AbstractRNNCell, register


@register
class NoOutputGateLSTMCell(AbstractRNNCell):
    """LSTM without output gate (NOG).

        i  = σ(W_i x + U_i h + b_i)
        f  = σ(W_f x + U_f h + b_f)
        g  = φ(W_g x + U_g h + b_g)
        c' = f ⊙ c + i ⊙ g
        h' = φ(c')

    With `output_activation="linear"` output and memory are one.

    Deviations: the paper takes the gate out of an LSTM with peepholes; here there are none.

    Source: Greff et al., 2015, LSTM: A search space odyssey, https://arxiv.org/abs/1503.04069
    """

    gates = ("i", "f", "g")
    states = ("h", "c")
    operator = ("LSTM", "i f g 1")

    def step(self, Wx, U, h, c):
        i, f, g = Wx + h @ U
        i = self.recurrent_activation(i)
        f = self.recurrent_activation(f)
        g = self.activation(g)
        c = f * c + i * g
        h = self.output_activation(c)
        return (h, c), {"i": i, "f": f, "g": g}
