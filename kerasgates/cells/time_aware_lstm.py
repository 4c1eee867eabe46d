"""The LSTM that forgets by the time that has passed between two steps."""

import math

from keras import ops

from kerasgates.core.cell import AbstractRNNCell, register
from kerasgates.core.set_aside import SetAside


@register
class TimeAwareLSTMCell(SetAside, AbstractRNNCell):
    """Time-aware LSTM (T-LSTM): a short-term part of the memory fades with the time elapsed.

        s  = φ(D c + d)
        i  = σ(W_i x + U_i h + b_i)
        f  = σ(W_f x + U_f h + b_f)
        g  = φ(W_g x + U_g h + b_g)
        o  = σ(W_o x + U_o h + b_o)
        c' = f ⊙ (c − s + s / log(e + t)) + i ⊙ g
        h' = o ⊙ φ(c')

    The last feature of the input is t, the time since the step before, of at least 0; x is all that
    is before it. Where t is 0 nothing fades. Further weights: `decomposition_kernel` D
    `(units, units)` and `decomposition_bias` d `(units,)`.

    Deviations: the authors' code takes the logistic function for s where the paper, as here, takes
    the hyperbolic tangent, and 2.7183 for e.

    Source: Baytas et al., 2017, Patient subtyping via time-aware LSTM networks, KDD,
    https://doi.org/10.1145/3097983.3097997
    """

    gates = ("i", "f", "g", "o")
    inputs = ("i", "f", "g", "o", "t")
    widths = {"t": 1}
    states = ("h", "c")
    roles = {"decomposition": "glorot_uniform"}
    letters = {"decomposition_kernel": "D", "decomposition_bias": "d", "e": "e"}
    descriptions = {"decomposition": "weights D of the short-term memory"}

    @property
    def e(self):
        """Euler's number, by which nothing fades where no time has passed."""
        return math.e

    def build(self, input_shape):
        super().build(input_shape)
        self.decomposition_kernel = self.add_role_weight(
            "decomposition_kernel", (self.units, self.units), "decomposition"
        )
        shape = (self.units,) if self.use_bias else None
        self.decomposition_bias = self.add_role_weight("decomposition_bias", shape, "bias", "zeros")

    def step(self, Wx, U, h, c):
        a = c @ self.matrix(self.decomposition_kernel)
        s = self.activation(a if self.decomposition_bias is None else a + self.decomposition_bias)
        i, f, g, o = Wx["i f g o"] + h @ U
        i = self.recurrent_activation(i)
        f = self.recurrent_activation(f)
        g = self.activation(g)
        o = self.recurrent_activation(o)
        c = f * (c - s + s / ops.log(self.e + Wx.t)) + i * g
        h = o * self.output_activation(c)
        return (h, c), {"s": s, "i": i, "f": f, "g": g, "o": o}
