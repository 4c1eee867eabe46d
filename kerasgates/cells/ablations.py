"""The LSTM with peepholes, each time without another of its parts."""

from kerasgates.core.cell import AbstractRNNCell, register


class _Ablation(AbstractRNNCell):
    """What the variants share: a peephole per unit for each gate that is left."""

    roles = {"peephole": "glorot_uniform"}
    letters = {"peephole": "p"}
    descriptions = {"peephole": "peepholes p"}

    def build(self, input_shape):
        super().build(input_shape)
        for gate in ("i", "f", "o"):
            if gate in self.gates:
                name = f"peephole_{gate}"
                setattr(self, name, self.add_role_weight(name, (self.units,), "peephole"))


@register
class NoForgetGateLSTMCell(_Ablation):
    """LSTM with peepholes without forget gate (NFG): memory only accumulates.

        i  = σ(W_i x + U_i h + p_i ⊙ c + b_i)
        g  = φ(W_g x + U_g h + b_g)
        c' = c + i ⊙ g
        o  = σ(W_o x + U_o h + p_o ⊙ c' + b_o)
        h' = o ⊙ φ(c')

    Without peepholes it is OriginalLSTMCell. Further weights: `peephole_i` and `peephole_o`, each
    `(units,)`.

    Source: Greff et al., 2015, LSTM: A search space odyssey, https://arxiv.org/abs/1503.04069
    """

    gates = ("i", "g", "o")
    states = ("h", "c")

    def step(self, Wx, U, h, c):
        i, g, o = Wx + h @ U
        i = self.recurrent_activation(i + self.peephole_i * c)
        g = self.activation(g)
        c = c + i * g
        o = self.recurrent_activation(o + self.peephole_o * c)
        h = o * self.output_activation(c)
        return (h, c), {"i": i, "g": g, "o": o}


@register
class NoOutputGatePeepholeLSTMCell(_Ablation):
    """LSTM with peepholes without output gate (NOG).

        i  = σ(W_i x + U_i h + p_i ⊙ c + b_i)
        f  = σ(W_f x + U_f h + p_f ⊙ c + b_f)
        g  = φ(W_g x + U_g h + b_g)
        c' = f ⊙ c + i ⊙ g
        h' = φ(c')

    Without peepholes it is NoOutputGateLSTMCell. Further weights: `peephole_i` and `peephole_f`,
    each `(units,)`.

    Source: Greff et al., 2015, LSTM: A search space odyssey, https://arxiv.org/abs/1503.04069
    """

    gates = ("i", "f", "g")
    states = ("h", "c")

    def step(self, Wx, U, h, c):
        i, f, g = Wx + h @ U
        i = self.recurrent_activation(i + self.peephole_i * c)
        f = self.recurrent_activation(f + self.peephole_f * c)
        g = self.activation(g)
        c = f * c + i * g
        h = self.output_activation(c)
        return (h, c), {"i": i, "f": f, "g": g}
