"""The LSTM whose gates see a squashed projection of the memory."""

from kerasgates.core.cell import AbstractRNNCell, register


@register
class WMCLSTMCell(AbstractRNNCell):
    """LSTM with working memory connections (WMC): gates see the memory, projected and squashed.

        i  = σ(W_i x + U_i h + φ(M_i c)  + b_i)
        f  = σ(W_f x + U_f h + φ(M_f c)  + b_f)
        g  = φ(W_g x + U_g h + b_g)
        c' = f ⊙ c + i ⊙ g
        o  = σ(W_o x + U_o h + φ(M_o c') + b_o)
        h' = o ⊙ φ(c')

    Peepholes (`FullPeepholeLSTMCell`) add the memory as it is, which grows with the length and
    holds the gates open or shut; tanh, which φ is by default, keeps what they see between -1 and 1.
    Further weights: `working_memory_i`, `working_memory_f`, `working_memory_o`, each
    `(units, units)`.

    Source: Landi, Baraldi, Cornia & Cucchiara, 2021, Working memory connections for LSTM,
    Neural Networks, https://arxiv.org/abs/2109.00020
    """

    gates = ("i", "f", "g", "o")
    states = ("h", "c")
    roles = {"working_memory": "glorot_uniform"}
    letters = {"working_memory": "M"}
    descriptions = {"working_memory": "memory weights M"}

    def build(self, input_shape):
        super().build(input_shape)
        shape = self.units, self.units
        for gate in ("i", "f", "o"):
            name = f"working_memory_{gate}"
            setattr(self, name, self.add_role_weight(name, shape, "working_memory"))

    def step(self, Wx, U, h, c):
        M_i = self.matrix(self.working_memory_i)
        M_f = self.matrix(self.working_memory_f)
        M_o = self.matrix(self.working_memory_o)
        i, f, g, o = Wx + h @ U
        i = self.recurrent_activation(i + self.activation(c @ M_i))
        f = self.recurrent_activation(f + self.activation(c @ M_f))
        g = self.activation(g)
        c = f * c + i * g
        o = self.recurrent_activation(o + self.activation(c @ M_o))
        h = o * self.output_activation(c)
        return (h, c), {"i": i, "f": f, "g": g, "o": o}
