"""The simple recurrent network in modules, each of which moves at the ticks of its own clock."""

import numpy as np
from keras import ops

from kerasgates.core.arguments import positive_ints
from kerasgates.core.cell import AbstractRNNCell, register


@register
class ClockworkRNNCell(AbstractRNNCell):
    """Clockwork RNN (CW-RNN): modules of units that are updated once in a period each.

        n  = φ(W x + tri(U) h + b)
        h' = where(k < 1; n, h)
        k' = where(k + 1 < T; k + 1, 0)

    The units are in as many modules as there are `periods` T, whole numbers of steps; where these
    do not divide `units`, the first modules have a unit more. tri(U) leaves in U what a module sees
    of itself and of others that are as slow or slower. The state k counts, for each unit, the steps
    since it was last updated; from 0 all modules begin with an update. `ticks` T `(units,)` is set
    by `periods` and not trained.

    Source: Koutník, Greff, Gomez & Schmidhuber, 2014, A clockwork RNN,
    https://arxiv.org/abs/1402.3511
    """

    gates = ("n",)
    states = ("h", "k")
    without = ("recurrent_activation",)
    letters = {"parametrise": "tri", "ticks": "T"}
    descriptions = {
        "periods": "list of positive integers, how many steps there are from one update of a "
        "module to the next, for the first units first.",
    }
    example = {"periods": [1, 2]}

    def __init__(self, *args, periods, **kwargs):
        super().__init__(*args, **kwargs)
        self.periods = positive_ints("periods", periods, "ClockworkRNNCell")
        if len(self.periods) > self.units:
            raise ValueError(
                "Argument `periods` of ClockworkRNNCell must have at most as many entries as there "
                f"are units, {self.units}. Received: periods={periods!r}"
            )

    def build(self, input_shape):
        super().build(input_shape)
        modules = np.array_split(np.arange(self.units), len(self.periods))
        periods = np.repeat(self.periods, [len(module) for module in modules])
        self.ticks = self.add_weight(
            name="ticks",
            shape=periods.shape,
            initializer=lambda shape, dtype=None: periods.astype(dtype),
            trainable=False,
            autocast=False,
        )

    def parametrise(self, U, training=False):
        """U without the weights by which a module would see faster ones."""
        ticks = ops.convert_to_tensor(self.ticks)
        return U * ops.cast(ticks[:, None] >= ticks, U.dtype)

    def step(self, Wx, U, h, k):
        n = self.activation(Wx.n + h @ U.n)
        h = ops.where(k < 1, n, h)
        k = ops.where(k + 1 < self.ticks, k + 1, 0)
        return (h, k), {"n": n}
