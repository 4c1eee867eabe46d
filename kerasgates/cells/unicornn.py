"""The recurrent network of uncoupled, undamped oscillators."""

import math

from keras.ops import sigmoid

from kerasgates.core.arguments import number
from kerasgates.core.cell import AbstractRNNCell, register


@register
class UnICORNNCell(AbstractRNNCell):
    """Undamped independent controlled oscillatory RNN (UnICORNN), one layer of it.

        n  = φ(W x + u ⊙ y + b)
        z' = z − Δt σ(s) ⊙ (n + α y)                     Δt = `dt`, α = `alpha`
        y' = y + Δt σ(s) ⊙ z'

    σ is the logistic function. The output is y, the positions, which move by the new velocities z;
    each unit sees its own position alone, and s learns its time step. Recurrent weight:
    `recurrent_vector` u `(units,)`, the paper's w; further weight: `scale` s `(units,)`, its c.

    Source: Rusch & Mishra, 2021, UnICORNN: A recurrent model for learning very long time
    dependencies, https://arxiv.org/abs/2103.05487
    """

    gates = ("n",)
    recurrent_gates = ()
    own_recurrent = True
    states = ("y", "z")
    without = ("recurrent_activation",)
    roles = {
        "scale": {"class_name": "RandomUniform", "config": {"minval": -0.1, "maxval": 0.1}},
    }
    letters = {"recurrent_vector": "u", "scale": "s", "dt": "Δt", "alpha": "α"}
    descriptions = {
        "recurrent": "recurrent weights u",
        "scale": "scales s of the time steps, before their σ",
        "dt": "largest time step Δt, positive.",
        "alpha": "stiffness α of the oscillators, at least 0.",
    }

    def __init__(
        self,
        *args,
        recurrent_initializer={  # noqa: B006  a default that is shown, and never changed
            "class_name": "RandomUniform",
            "config": {"minval": 0.0, "maxval": 1.0},
        },
        dt=0.1,
        alpha=1.0,
        **kwargs,
    ):
        super().__init__(*args, recurrent_initializer=recurrent_initializer, **kwargs)
        self.dt = number("dt", dt, "UnICORNNCell", lambda v: 0 < v < math.inf, "above 0")
        self.alpha = number(
            "alpha", alpha, "UnICORNNCell", lambda v: 0 <= v < math.inf, "of at least 0"
        )

    def build(self, input_shape):
        super().build(input_shape)
        self.recurrent_vector = self.add_role_weight("recurrent_vector", (self.units,), "recurrent")
        self.scale = self.add_role_weight("scale", (self.units,), "scale")

    def step(self, Wx, U, y, z):
        n = self.activation(Wx.n + self.recurrent_vector * y)
        z = z - self.dt * sigmoid(self.scale) * (n + self.alpha * y)
        y = y + self.dt * sigmoid(self.scale) * z
        return (y, z), {"n": n}
