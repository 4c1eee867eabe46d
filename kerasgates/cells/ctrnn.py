"""The recurrent network in continuous time, in steps of Euler's method."""

import math

from kerasgates.core.arguments import number
from kerasgates.core.cell import AbstractRNNCell, register


@register
class CTRNNCell(AbstractRNNCell):
    """Continuous-time RNN (CTRNN): firing rates that follow their input with a time constant.

        n  = φ(W x + U h + b)
        h' = h + (Δt / τ) (n − h)                        Δt = `dt`, τ = `tau`

    Another form, with φ before U and not after it, goes by the same name. ESNCell has these
    equations with weights that are not trained.

    Deviations: the authors' network adds noise to the sum within φ, and φ is softplus or relu:
    `activation`.

    Source: Yang, Joglekar, Song, Newsome & Wang, 2019, Task representations in neural networks
    trained to perform many cognitive tasks, Nature Neuroscience 22:297–306,
    https://doi.org/10.1038/s41593-018-0310-2
    """

    gates = ("n",)
    states = ("h",)
    without = ("recurrent_activation",)
    letters = {"dt": "Δt", "tau": "τ"}
    descriptions = {
        "dt": "time Δt between two steps, positive and at most `tau`.",
        "tau": "time constant τ of all units, in the unit of `dt`, positive.",
    }

    def __init__(self, *args, dt=20.0, tau=100.0, **kwargs):
        super().__init__(*args, **kwargs)
        self.tau = number("tau", tau, "CTRNNCell", lambda v: 0 < v < math.inf, "above 0")
        self.dt = number("dt", dt, "CTRNNCell", lambda v: 0 < v <= self.tau, "in (0, tau]")

    def step(self, Wx, U, h):
        n = self.activation(Wx.n + h @ U.n)
        h = h + self.dt / self.tau * (n - h)
        return (h,), {"n": n}
