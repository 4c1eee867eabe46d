"""The LSTM with a shortcut from its input to its output."""

from kerasgates.core.cell import AbstractRNNCell, register


@register
class ResidualLSTMCell(AbstractRNNCell):
    """Residual LSTM: a shortcut past the memory, under the output gate.

        i  = σ(W_i x + U_i h + p_i ⊙ c  + b_i)
        f  = σ(W_f x + U_f h + p_f ⊙ c  + b_f)
        g  = φ(W_g x + U_g h + b_g)
        c' = f ⊙ c + i ⊙ g
        o  = σ(W_o x + U_o h + p_o ⊙ c' + b_o)
        h' = o ⊙ (R φ(c') + W_r x)

    Further weights: `peephole_i`, `peephole_f`, `peephole_o`, each `(units,)`, and
    `projection_kernel` R `(units, units)`; W_r, the last block of `kernel`, has no bias.

    Deviations: where there are as many features as units, the paper has x in place of W_r x.

    Source: Kim, El-Khamy & Lee, 2017, Residual LSTM: Design of a deep recurrent architecture for
    distant speech recognition, https://arxiv.org/abs/1701.03360
    """

    gates = ("i", "f", "g", "o")
    inputs = ("i", "f", "g", "o", "r")
    widths = {"r": "units"}
    states = ("h", "c")
    roles = {"peephole": "glorot_uniform", "projection": "glorot_uniform"}
    letters = {"peephole": "p", "projection_kernel": "R"}
    descriptions = {"peephole": "peepholes p", "projection": "projection R"}

    def build(self, input_shape):
        super().build(input_shape)
        for gate in ("i", "f", "o"):
            name = f"peephole_{gate}"
            setattr(self, name, self.add_role_weight(name, (self.units,), "peephole"))
        self.projection_kernel = self.add_role_weight(
            "projection_kernel", (self.units, self.units), "projection"
        )

    def step(self, Wx, U, h, c):
        i, f, g, o = Wx["i f g o"] + h @ U
        i = self.recurrent_activation(i + self.peephole_i * c)
        f = self.recurrent_activation(f + self.peephole_f * c)
        g = self.activation(g)
        c = f * c + i * g
        o = self.recurrent_activation(o + self.peephole_o * c)
        h = o * (self.output_activation(c) @ self.matrix(self.projection_kernel) + Wx.r)
        return (h, c), {"i": i, "f": f, "g": g, "o": o}
