"""The LSTM that neither makes nor loses what it is given to keep."""

from keras import ops

from kerasgates.core import operations
from kerasgates.core.arguments import positive_int
from kerasgates.core.cell import AbstractRNNCell, register
from kerasgates.core.set_aside import SetAside


@register
class MCLSTMCell(SetAside, AbstractRNNCell):
    """Mass-conserving LSTM (MC-LSTM): what comes in is kept, moved about or put out, never lost.

        a  = sum(c)
        s  = c / where(a = 0; 1, a)
        i  = softmax(W_i x + U_i s + b_i)
        r  = softmax(W_r x + U_r s + b_r)
        o  = σ(W_o x + U_o s + b_o)
        m  = y i + cᵀ r
        h  = o ⊙ m
        c' = m − h

    The last `mass` features of the input are the amounts y that come in, which the weights do not
    see; x is all that is before them. i holds, for each of these amounts, the shares of the units
    in it, `mass` rows of `units` numbers side by side, and r, in `units` rows, where the content
    of each unit goes; each row adds up to 1. So c' and the output h, which is no state, hold
    together what c and y did.

    Deviations: none from the authors' module, which takes the auxiliary input first. It starts b_r
    from the identity, this cell all biases but b_o from 0.

    Source: Hoedt et al., 2021, MC-LSTM: Mass-conserving LSTM, https://arxiv.org/abs/2101.05186
    """

    gates = ("i", "o", "r")
    inputs = ("i", "o", "r", "y")
    widths = {"i": "junctions", "r": "channels", "y": "mass"}
    aside = ("y",)
    states = ("c",)
    output_name = "h"
    without = ("activation", "output_activation")
    descriptions = {
        "mass": "positive integer, how many features of the input, the last ones, are mass."
    }

    def __init__(
        self,
        *args,
        bias_initializer={"o": -3.0},  # noqa: B006  a default that is shown, and never changed
        mass=1,
        **kwargs,
    ):
        super().__init__(*args, bias_initializer=bias_initializer, **kwargs)
        self.mass = positive_int("mass", mass, "MCLSTMCell")
        self.junctions, self.channels = self.mass * self.units, self.units**2

    def step(self, Wx, U, c):
        total = ops.sum(c, axis=-1, keepdims=True)
        s = c / ops.where(ops.equal(total, 0), 1, total)
        a_i, a_o, a_r = Wx["i o r"] + s @ U
        i = operations.softmax(ops.reshape(a_i, (-1, self.mass, self.units)))
        r = operations.softmax(ops.reshape(a_r, (-1, self.units, self.units)))
        o = self.recurrent_activation(a_o)
        arrived = operations.matmul(ops.expand_dims(Wx.y, 1), i)
        m = ops.squeeze(arrived + operations.matmul(ops.expand_dims(c, 1), r), 1)
        h = o * m
        c = m - h
        i, r = ops.reshape(i, (-1, self.junctions)), ops.reshape(r, (-1, self.channels))
        return (c,), {"s": s, "i": i, "r": r, "o": o, "m": m, "h": h}
