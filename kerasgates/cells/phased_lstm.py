"""The LSTM whose units are open for a while of each period of a clock of their own."""

from keras import ops

from kerasgates.core.arguments import number
from kerasgates.core.cell import AbstractRNNCell, register
from kerasgates.core.set_aside import SetAside


@register
class PhasedLSTMCell(SetAside, AbstractRNNCell):
    """Phased LSTM: a time gate by unit, which opens and closes once in each period.

        a  = abs(τ)
        p  = mod(s + t; a) / a
        a2 = abs(r)
        k  = where(p > a2; α p, where(p > a2 / 2; 2 − 2 p / a2, 2 p / a2))
        i  = σ(W_i x + U_i h + p_i ⊙ c + b_i)
        f  = σ(W_f x + U_f h + p_f ⊙ c + b_f)
        g  = φ(W_g x + U_g h + b_g)
        a3 = f ⊙ c + i ⊙ g
        o  = σ(W_o x + U_o h + p_o ⊙ a3 + b_o)
        h' = k ⊙ o ⊙ φ(a3) + (1 − k) ⊙ h
        c' = k ⊙ a3 + (1 − k) ⊙ c                        α = `leak`

    The last feature of the input is the time t, which the weights do not see. p is the phase, the
    paper's φ, between 0 and 1; a unit is open for the share r of a period τ, shifted by s, and
    leaks by α for the rest of it. Further weights, each `(units,)`: `period` τ, `shift` s,
    `open_ratio` r, `peephole_i`, `peephole_f`, `peephole_o`.

    Deviations: periods start evenly between 10 and 100 and shifts between 0 and 1000, as in the
    authors' code, where the paper draws periods by their logarithms. The authors leave the leak
    out at inference, here it is the number `leak` at all times.

    Source: Neil, Pfeiffer & Liu, 2016, Phased LSTM: Accelerating recurrent network training for
    long or event-based sequences, https://arxiv.org/abs/1610.09513
    """

    gates = ("i", "f", "g", "o")
    inputs = ("i", "f", "g", "o", "t")
    widths = {"t": 1}
    states = ("h", "c")
    roles = {
        "peephole": "glorot_uniform",
        "period": {"class_name": "RandomUniform", "config": {"minval": 10.0, "maxval": 100.0}},
        "shift": {"class_name": "RandomUniform", "config": {"minval": 0.0, "maxval": 1000.0}},
        "open_ratio": {"class_name": "Constant", "config": {"value": 0.05}},
    }
    letters = {"peephole": "p", "period": "τ", "shift": "s", "open_ratio": "r", "leak": "α"}
    descriptions = {
        "peephole": "peepholes p",
        "period": "periods τ",
        "shift": "shifts s",
        "open_ratio": "shares r of a period in which a unit is open",
        "leak": "number α of at least 0, by which a closed unit is open at the end of its period.",
    }

    def __init__(self, *args, leak=0.001, **kwargs):
        super().__init__(*args, **kwargs)
        self.leak = number("leak", leak, "PhasedLSTMCell", lambda v: 0 <= v <= 1, "in [0, 1]")

    def build(self, input_shape):
        super().build(input_shape)
        for name in ("peephole_i", "peephole_f", "peephole_o", "period", "shift", "open_ratio"):
            role = name.partition("_")[0] if name[0] == "p" else name
            setattr(self, name, self.add_role_weight(name, (self.units,), role))

    def step(self, Wx, U, h, c):
        period, ratio = ops.abs(self.period), ops.abs(self.open_ratio)
        p = ops.mod(Wx.t + self.shift, period) / period
        opened = ops.where(p > ratio / 2, 2 - 2 * p / ratio, 2 * p / ratio)
        k = ops.where(p > ratio, self.leak * p, opened)
        i, f, g, o = Wx["i f g o"] + h @ U
        i = self.recurrent_activation(i + self.peephole_i * c)
        f = self.recurrent_activation(f + self.peephole_f * c)
        g = self.activation(g)
        new = f * c + i * g
        o = self.recurrent_activation(o + self.peephole_o * new)
        h = k * o * self.output_activation(new) + (1 - k) * h
        c = k * new + (1 - k) * c
        return (h, c), {"p": p, "k": k, "i": i, "f": f, "g": g, "o": o}
