"""The coupled oscillatory recurrent network."""

import math

from kerasgates.core.arguments import number
from kerasgates.core.cell import AbstractRNNCell, register


@register
class CoRNNCell(AbstractRNNCell):
    """Coupled oscillatory RNN (coRNN): driven, damped oscillators with positions y, velocities z.

        n  = φ(W x + U y + V z + b)
        z' = z + Δt (n − γ y − ε z)                      Δt = `dt`, γ = `gamma`, ε = `epsilon`
        y' = y + Δt z'

    The output is y, which moves by the new velocity. Further weight: `velocity_kernel` V
    `(units, units)`. The default numbers are those of the authors' code for sequential MNIST.

    Source: Rusch & Mishra, 2021, Coupled oscillatory recurrent neural network (coRNN): An accurate
    and (gradient) stable architecture for learning long time dependencies,
    https://arxiv.org/abs/2010.00951
    """

    gates = ("n",)
    states = ("y", "z")
    without = ("recurrent_activation",)
    roles = {"velocity": "orthogonal"}
    letters = {"velocity_kernel": "V", "dt": "Δt", "gamma": "γ", "epsilon": "ε"}
    descriptions = {
        "velocity": "weights V of the velocities",
        "dt": "time step Δt, positive.",
        "gamma": "frequency γ of the oscillators, positive.",
        "epsilon": "damping ε of the oscillators, positive.",
    }

    def __init__(self, *args, dt=0.042, gamma=2.7, epsilon=4.7, **kwargs):
        super().__init__(*args, **kwargs)
        for name, value in (("dt", dt), ("gamma", gamma), ("epsilon", epsilon)):
            fits = number(name, value, "CoRNNCell", lambda v: 0 < v < math.inf, "above 0")
            setattr(self, name, fits)

    def build(self, input_shape):
        super().build(input_shape)
        self.velocity_kernel = self.add_role_weight(
            "velocity_kernel", (self.units, self.units), "velocity"
        )

    def step(self, Wx, U, y, z):
        n = self.activation(Wx.n + y @ U.n + z @ self.matrix(self.velocity_kernel))
        z = z + self.dt * (n - self.gamma * y - self.epsilon * z)
        y = y + self.dt * z
        return (y, z), {"n": n}
