"""LSTMs whose gates see the memory."""

from kerasgates.core.cell import AbstractRNNCell, register


class _Peephole(AbstractRNNCell):
    """Base class of the diagonal and the full form: three peepholes."""

    roles = {"peephole": "glorot_uniform"}
    letters = {"peephole": "p"}
    descriptions = {"peephole": "peepholes p"}

    def build(self, input_shape):
        super().build(input_shape)
        for gate in ("i", "f", "o"):
            name = f"peephole_{gate}"
            setattr(self, name, self.add_role_weight(name, self.peephole_shape(), "peephole"))


@register
class PeepholeLSTMCell(_Peephole):
    """LSTM with peepholes: one weight per unit from the memory to each gate.

        i  = σ(W_i x + U_i h + p_i ⊙ c  + b_i)
        f  = σ(W_f x + U_f h + p_f ⊙ c  + b_f)
        g  = φ(W_g x + U_g h + b_g)
        c' = f ⊙ c + i ⊙ g
        o  = σ(W_o x + U_o h + p_o ⊙ c' + b_o)
        h' = o ⊙ φ(c')

    The output gate sees the new memory. Further weights: `peephole_i`, `peephole_f`,
    `peephole_o`, each `(units,)`. The papers' linear output is `output_activation="linear"`.

    Source: Gers & Schmidhuber, 2000, Recurrent nets that time and count, IJCNN,
    https://doi.org/10.1109/IJCNN.2000.861302; Gers, Schraudolph & Schmidhuber, 2002,
    https://www.jmlr.org/papers/v3/gers02a.html
    """

    gates = ("i", "f", "g", "o")
    states = ("h", "c")

    def peephole_shape(self):
        return (self.units,)

    def step(self, Wx, U, h, c):
        i, f, g, o = Wx + h @ U
        i = self.recurrent_activation(i + self.peephole_i * c)
        f = self.recurrent_activation(f + self.peephole_f * c)
        g = self.activation(g)
        c = f * c + i * g
        o = self.recurrent_activation(o + self.peephole_o * c)
        h = o * self.output_activation(c)
        return (h, c), {"i": i, "f": f, "g": g, "o": o}


@register
class FullPeepholeLSTMCell(_Peephole):
    """LSTM with full peepholes: every unit's memory reaches every gate.

        i  = σ(W_i x + U_i h + P_i c  + b_i)
        f  = σ(W_f x + U_f h + P_f c  + b_f)
        g  = φ(W_g x + U_g h + b_g)
        c' = f ⊙ c + i ⊙ g
        o  = σ(W_o x + U_o h + P_o c' + b_o)
        h' = o ⊙ φ(c')

    Further weights: `peephole_i`, `peephole_f`, `peephole_o`, each `(units, units)`.

    Deviations: the papers have one peephole per unit (`PeepholeLSTMCell`); matrices are
    how later texts often print the equations.

    Source: Gers & Schmidhuber, 2000, Recurrent nets that time and count, IJCNN,
    https://doi.org/10.1109/IJCNN.2000.861302
    """

    gates = ("i", "f", "g", "o")
    states = ("h", "c")

    def peephole_shape(self):
        return (self.units, self.units)

    def step(self, Wx, U, h, c):
        P_i, P_f, P_o = (
            self.matrix(p) for p in (self.peephole_i, self.peephole_f, self.peephole_o)
        )
        i, f, g, o = Wx + h @ U
        i = self.recurrent_activation(i + c @ P_i)
        f = self.recurrent_activation(f + c @ P_f)
        g = self.activation(g)
        c = f * c + i * g
        o = self.recurrent_activation(o + c @ P_o)
        h = o * self.output_activation(c)
        return (h, c), {"i": i, "f": f, "g": g, "o": o}
