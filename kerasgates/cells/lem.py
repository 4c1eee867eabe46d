"""Long expressive memory: two coupled states, each with a learned time step."""

import math

from kerasgates.core.arguments import number
from kerasgates.core.cell import AbstractRNNCell, register


@register
class LEMCell(AbstractRNNCell):
    """Long expressive memory (LEM): a multiscale differential equation with gates as time steps.

        t1 = Δt σ(W_1 x + U_1 y + b_1)                   Δt = `dt`
        t2 = Δt σ(W_2 x + U_2 y + b_2)
        z' = (1 − t2) ⊙ z + t2 ⊙ φ(W_z x + U_z y + b_z)
        y' = (1 − t1) ⊙ y + t1 ⊙ φ(W_y x + U_y z' + b_y)

    The output is y, which sees the new z. Near 1, t1 and t2 take what is new in place of the old
    state.

    Deviations: the two time steps are numbered as in the authors' code, the first is that of y.

    Source: Rusch, Mishra, Erichson & Mahoney, 2022, Long expressive memory for sequence modeling,
    https://arxiv.org/abs/2110.04744
    """

    gates = ("1", "2", "z", "y")
    states = ("y", "z")
    without = ("initial_update_bias",)
    letters = {"dt": "Δt"}
    descriptions = {"dt": "largest time step Δt of both states, positive."}

    def __init__(self, *args, dt=1.0, **kwargs):
        super().__init__(*args, **kwargs)
        self.dt = number("dt", dt, "LEMCell", lambda v: 0 < v < math.inf, "above 0")

    def step(self, Wx, U, y, z):
        a1, a2, a_z, a_y = Wx
        m1, m2, m_z = y @ U["1 2 z"]
        t1 = self.dt * self.recurrent_activation(a1 + m1)
        t2 = self.dt * self.recurrent_activation(a2 + m2)
        z = (1 - t2) * z + t2 * self.activation(a_z + m_z)
        y = (1 - t1) * y + t1 * self.activation(a_y + z @ U.y)
        return (y, z), {"t1": t1, "t2": t2}
