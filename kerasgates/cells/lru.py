"""The linear recurrent unit: a rotation and a decay of each complex entry of the state."""

import math

import keras
from keras import ops

from kerasgates.core.arguments import number, positive_int
from kerasgates.core.cell import AbstractRNNCell, register


@register
class LRUCell(AbstractRNNCell):
    """Linear recurrent unit (LRU): a diagonal recurrence of complex numbers, and a read-out.

        a  = exp(−exp(ν))
        c  = a ⊙ cos(exp(θ))
        d  = a ⊙ sin(exp(θ))
        a2 = exp(γ)
        p' = c ⊙ p − d ⊙ q + a2 ⊙ W_p x
        q' = d ⊙ p + c ⊙ q + a2 ⊙ W_q x
        y  = R p' − Q q' + W_y x

    p and q are the real and the imaginary part of the state, of `state_units` entries each; each
    is turned by the angle exp(θ) and shrinks by a. W_p and W_q are the two parts of the paper's B,
    R and Q those of C, and W_y is D. a2 keeps the size of the state. Further weights: `nu_log`
    ν, `theta_log` θ and `gamma_log` γ, each `(state_units,)`, and `output_kernel_re` R and
    `output_kernel_im` Q, each `(state_units, units)`. The output y is no state.

    Deviations: reimplementations have an entry of D for each feature in place of the paper's
    matrix, and draw it from a wider distribution than B.

    Source: Orvieto et al., 2023, Resurrecting recurrent neural networks for long sequences,
    https://arxiv.org/abs/2303.06349
    """

    gates = ("p", "q", "y")
    widths = {"p": "state_units", "q": "state_units"}
    recurrent_gates = biased_gates = ()
    states = ("p", "q")
    output_name = "y"
    without = ("activation", "recurrent_activation", "recurrent_initializer", "use_bias")
    without += ("recurrent_regularizer", "recurrent_constraint", "bias_initializer")
    without += ("bias_regularizer", "bias_constraint")
    roles = {
        "output": {
            "class_name": "VarianceScaling",
            "config": {"scale": 1.0, "mode": "fan_in", "distribution": "untruncated_normal"},
        },
    }
    letters = {
        "nu_log": "ν",
        "theta_log": "θ",
        "gamma_log": "γ",
        "output_kernel_re": "R",
        "output_kernel_im": "Q",
    }
    descriptions = {
        "output": "weights R and Q of the read-out",
        "state_units": "positive integer, complex entries of the state; None for `units`.",
        "smallest": "least number by which entries may shrink at the start, in [0, 1).",
        "largest": "largest number by which entries may shrink at the start, in (0, 1].",
        "largest_angle": "largest angle by which entries are turned at the start, positive.",
    }

    def __init__(
        self,
        *args,
        kernel_initializer={  # noqa: B006  a default that is shown, and never changed
            "class_name": "VarianceScaling",
            "config": {"scale": 0.5, "mode": "fan_in", "distribution": "untruncated_normal"},
        },
        state_units=None,
        smallest=0.0,
        largest=1.0,
        largest_angle=6.28,
        **kwargs,
    ):
        super().__init__(*args, kernel_initializer=kernel_initializer, **kwargs)
        entries = self.units if state_units is None else state_units
        self.state_units = positive_int("state_units", entries, "LRUCell")
        self.smallest = number("smallest", smallest, "LRUCell", lambda v: 0 <= v < 1, "in [0, 1)")
        above = f"above `smallest` {smallest} and at most 1"
        self.largest = number("largest", largest, "LRUCell", lambda v: smallest < v <= 1, above)
        self.largest_angle = number(
            "largest_angle", largest_angle, "LRUCell", lambda v: 0 < v < math.inf, "above 0"
        )

    @property
    def state_size(self):
        return [self.state_units, self.state_units]

    def build(self, input_shape):
        super().build(input_shape)
        size = (self.state_units,)
        starts = {"nu_log": self.decays, "theta_log": self.angles, "gamma_log": self.scales}
        for name, start in starts.items():
            weight = self.add_weight(name=name, shape=size, initializer=start, autocast=False)
            setattr(self, name, weight)
        for part in ("re", "im"):
            name = f"output_kernel_{part}"
            setattr(self, name, self.add_role_weight(name, (*size, self.units), "output"))

    def decays(self, shape, dtype=None):
        """ν at the start: numbers by which to shrink, evenly on a ring of the complex plane."""
        least, most = self.smallest**2, self.largest**2
        squares = least + (most - least) * keras.random.uniform(shape, 1e-6, 1 - 1e-6, dtype)
        return ops.log(-0.5 * ops.log(squares))

    def angles(self, shape, dtype=None):
        """θ at the start: angles, all as likely."""
        return ops.log(keras.random.uniform(shape, 1e-6, self.largest_angle, dtype))

    def scales(self, shape, dtype=None):
        """γ at the start, by which an entry is as large as what comes in is."""
        decays = ops.exp(-2 * ops.exp(ops.convert_to_tensor(self.nu_log)))
        return ops.cast(0.5 * ops.log(1 - decays), dtype)

    def step(self, Wx, U, p, q):
        a = ops.exp(-ops.exp(self.nu_log))
        c = a * ops.cos(ops.exp(self.theta_log))
        d = a * ops.sin(ops.exp(self.theta_log))
        a_2 = ops.exp(self.gamma_log)
        p, q = c * p - d * q + a_2 * Wx.p, d * p + c * q + a_2 * Wx.q
        y = p @ self.matrix(self.output_kernel_re) - q @ self.matrix(self.output_kernel_im) + Wx.y
        return (p, q), {"c": c, "d": d, "y": y}
