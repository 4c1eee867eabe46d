"""The LSTM, before and after the forget gate."""

from kerasgates.core.cell import AbstractRNNCell, register


@register
class OriginalLSTMCell(AbstractRNNCell):
    """The LSTM of 1997, without a forget gate: memory only accumulates.

        i  = σ(W_i x + U_i h + b_i)
        g  = φ(W_g x + U_g h + b_g)
        o  = σ(W_o x + U_o h + b_o)
        c' = c + i ⊙ g
        h' = o ⊙ φ(c')

    Deviations: the paper squashes with scaled sigmoids and truncates the gradients;
    this is tanh and the whole gradient.

    Source: Hochreiter & Schmidhuber, 1997, Long short-term memory, Neural Computation
    9(8):1735–1780, https://doi.org/10.1162/neco.1997.9.8.1735
    """

    gates = ("i", "g", "o")
    states = ("h", "c")
    operator = ("LSTM", "i 1 g o")

    def step(self, Wx, U, h, c):
        i, g, o = Wx + h @ U
        i = self.recurrent_activation(i)
        g = self.activation(g)
        o = self.recurrent_activation(o)
        c = c + i * g
        h = o * self.output_activation(c)
        return (h, c), {"i": i, "g": g, "o": o}


@register
class LSTMCell(AbstractRNNCell):
    """The LSTM with forget gate: what is called LSTM today.

        i  = σ(W_i x + U_i h + b_i)
        f  = σ(W_f x + U_f h + b_f)
        g  = φ(W_g x + U_g h + b_g)
        o  = σ(W_o x + U_o h + b_o)
        c' = f ⊙ c + i ⊙ g
        h' = o ⊙ φ(c')

    Weights are `keras.layers.LSTMCell`'s in name, shape and order.

    Source: Gers, Schmidhuber & Cummins, 2000, Learning to forget, Neural Computation
    12(10):2451–2471, https://doi.org/10.1162/089976600300015015
    """

    gates = ("i", "f", "g", "o")
    states = ("h", "c")
    operator = ("LSTM", "i f g o")
    keras_only = ("implementation",)

    def step(self, Wx, U, h, c):
        i, f, g, o = Wx + h @ U
        i = self.recurrent_activation(i)
        f = self.recurrent_activation(f)
        g = self.activation(g)
        o = self.recurrent_activation(o)
        c = f * c + i * g
        h = o * self.output_activation(c)
        return (h, c), {"i": i, "f": f, "g": g, "o": o}
