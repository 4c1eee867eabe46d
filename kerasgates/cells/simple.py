"""The simple recurrent network."""

from kerasgates.core.cell import AbstractRNNCell, register


@register
class SimpleRNNCell(AbstractRNNCell):
    """Simple recurrent cell: no gate, one state.

        h' = φ(W x + U h + b)

    Weights are `keras.layers.SimpleRNNCell`'s in name, shape and order.

    Source: Elman, 1990, Finding structure in time, Cognitive Science 14:179–211,
    https://doi.org/10.1207/s15516709cog1402_1
    """

    gates = ("h",)
    states = ("h",)
    operator = ("RNN", "h")
    without = ("recurrent_activation",)

    def step(self, Wx, U, h):
        h = self.activation(Wx.h + h @ U.h)
        return (h,), {"h": h}
