"""The LSTM whose output is projected to fewer entries."""

from kerasgates.core.arguments import positive_int
from kerasgates.core.cell import AbstractRNNCell, register


@register
class ProjectedLSTMCell(AbstractRNNCell):
    """LSTM with recurrent projection (LSTMP).

        i  = σ(W_i x + U_i h + b_i)
        f  = σ(W_f x + U_f h + b_f)
        g  = φ(W_g x + U_g h + b_g)
        o  = σ(W_o x + U_o h + b_o)
        c' = f ⊙ c + i ⊙ g
        h' = R (o ⊙ φ(c'))

    Output and state h have `projection_units` entries, the memory c has `units`;
    `recurrent_kernel` is `(projection_units, 4 · units)`, the further weight
    `projection_kernel` R `(units, projection_units)`.

    Deviations: the paper's unit also has peepholes and an optional second projection that
    is not fed back; here, as in most libraries, there is neither.

    Source: Sak, Senior & Beaufays, 2014, Long short-term memory based recurrent neural
    network architectures, https://arxiv.org/abs/1402.1128
    """

    gates = ("i", "f", "g", "o")
    states = ("h", "c")
    roles = {"projection": "glorot_uniform"}
    letters = {"projection_kernel": "R"}
    descriptions = {
        "projection": "projection R",
        "projection_units": "positive integer, entries of the projected output and state h.",
    }

    def __init__(self, *args, projection_units: int, **kwargs):
        super().__init__(*args, **kwargs)
        self.projection_units = positive_int(
            "projection_units", projection_units, type(self).__name__
        )

    @property
    def state_size(self):
        return [self.projection_units, self.units]

    def build(self, input_shape):
        super().build(input_shape)
        self.projection_kernel = self.add_role_weight(
            "projection_kernel", (self.units, self.projection_units), "projection"
        )

    def step(self, Wx, U, h, c):
        i, f, g, o = Wx + h @ U
        i = self.recurrent_activation(i)
        f = self.recurrent_activation(f)
        g = self.activation(g)
        o = self.recurrent_activation(o)
        c = f * c + i * g
        h = (o * self.output_activation(c)) @ self.matrix(self.projection_kernel)
        return (h, c), {"i": i, "f": f, "g": g, "o": o}
