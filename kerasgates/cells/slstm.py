"""The LSTM with exponential gates and a state that normalises its memory."""

from keras import ops

from kerasgates.core import operations
from kerasgates.core.arguments import divisor
from kerasgates.core.cell import AbstractRNNCell, register


@register
class SLSTMCell(AbstractRNNCell):
    """Scalar LSTM of the xLSTM (sLSTM): exponential input gate, normaliser and stabiliser.

        a_i = W_i x + R(h)_i + b_i
        a_f = logsigmoid(W_f x + R(h)_f + b_f) + m
        m'  = where(n = 0; a_i, maximum(a_f; a_i))
        i   = exp(a_i − m')
        f   = exp(a_f − m')
        g   = φ(W_g x + R(h)_g + b_g)
        o   = σ(W_o x + R(h)_o + b_o)
        c'  = f ⊙ c + i ⊙ g
        n'  = f ⊙ n + i
        h'  = o ⊙ c' / n'

    m is the logarithm of what the memory c and its normaliser n are divided by, so that nothing
    overflows, however long the sequence; i and f are divided by it, too. R has a block of weights
    for each of `heads` groups of neighbouring units: `head_kernel`
    `(heads, units / heads, 4 · units / heads)`, with columns by gate in the order i, f, g, o.

    Deviations: the authors' code begins with m' = a_i where n is 0 in all rows of a batch, this
    cell wherever it is; i and f are letters of the paper divided by e^m'.

    Source: Beck et al., 2024, xLSTM: Extended long short-term memory,
    https://arxiv.org/abs/2405.04517
    """

    gates = ("i", "f", "g", "o")
    recurrent_gates = ()
    states = ("h", "c", "n", "m")
    without = (
        "output_activation",
        "recurrent_initializer",
        "recurrent_regularizer",
        "recurrent_constraint",
    )
    roles = {"head": "orthogonal"}
    letters = {"by_head": "R"}
    descriptions = {
        "head": "recurrent weights R by head",
        "heads": "positive integer that divides `units`: groups of units that see each other.",
    }

    def __init__(self, *args, heads=1, **kwargs):
        super().__init__(*args, **kwargs)
        self.heads = divisor("heads", heads, "SLSTMCell", self.units)

    def build(self, input_shape):
        super().build(input_shape)
        width = self.units // self.heads
        self.head_kernel = self.add_role_weight(
            "head_kernel", (self.heads, width, 4 * width), "head"
        )

    def by_head(self, h):
        """The products of each group of units with its own weights, `(batch, 4 · units)`."""
        return operations.by_group(h, ops.cast(self.head_kernel, self.compute_dtype), 4)

    def step(self, Wx, U, h, c, n, m):
        r_i, r_f, r_g, r_o = ops.split(self.by_head(h), 4, axis=-1)
        a_i = Wx.i + r_i
        a_f = ops.log_sigmoid(Wx.f + r_f) + m
        m = ops.where(ops.equal(n, 0), a_i, operations.maximum(a_f, a_i))
        i = ops.exp(a_i - m)
        f = ops.exp(a_f - m)
        g = self.activation(Wx.g + r_g)
        o = self.recurrent_activation(Wx.o + r_o)
        c = f * c + i * g
        n = f * n + i
        h = o * c / n
        return (h, c, n, m), {"i": i, "f": f, "g": g, "o": o}
