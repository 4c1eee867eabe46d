"""The quasi-recurrent network: gates of a window of inputs, and pooling over time."""

from kerasgates.core.cell import AbstractRNNCell, register
from kerasgates.core.last_input import LastInput


@register
class QRNNCell(AbstractRNNCell):
    """Quasi-recurrent network (QRNN) with a window of one input: pooling by forget and output gate.

        n  = φ(W_n x + b_n)
        f  = σ(W_f x + b_f)
        o  = σ(W_o x + b_o)
        c' = f ⊙ c + (1 − f) ⊙ n
        h  = o ⊙ c'

    The output h is no state: it does not come back.

    Deviations: in the authors' code f takes the candidate and 1 − f keeps the memory, so that W_f
    and b_f are those of the paper, negated. It starts from biases of 0, this cell from
    `unit_forget_bias`.

    Source: Bradbury, Merity, Xiong & Socher, 2017, Quasi-recurrent neural networks,
    https://arxiv.org/abs/1611.01576
    """

    gates = ("n", "f", "o")
    recurrent_gates = ()
    states = ("c",)
    output_name = "h"
    without = (
        "output_activation",
        "recurrent_initializer",
        "recurrent_regularizer",
        "recurrent_constraint",
    )

    def step(self, Wx, U, c):
        n = self.activation(Wx.n)
        f = self.recurrent_activation(Wx.f)
        o = self.recurrent_activation(Wx.o)
        c = f * c + (1 - f) * n
        h = o * c
        return (c,), {"n": n, "f": f, "o": o, "h": h}


@register
class QRNN2Cell(LastInput, AbstractRNNCell):
    """Quasi-recurrent network (QRNN) with a window of two: gates of this input and the last one.

        n  = φ(W_n x + V_n p + b_n)
        f  = σ(W_f x + V_f p + b_f)
        o  = σ(W_o x + V_o p + b_o)
        c' = f ⊙ c + (1 − f) ⊙ n
        h  = o ⊙ c'
        p' = x

    The state p, the last input, has `features` entries. Further weight: `previous_kernel` V
    `(features, 3 · units)`. The output h is no state.

    Deviations: in the authors' code f takes the candidate and 1 − f keeps the memory, so that W_f,
    V_f and b_f are those of the paper, negated. It starts from biases of 0, this cell from
    `unit_forget_bias`.

    Source: Bradbury, Merity, Xiong & Socher, 2017, Quasi-recurrent neural networks,
    https://arxiv.org/abs/1611.01576
    """

    gates = ("n", "f", "o")
    inputs = ("n", "f", "o", "x")
    recurrent_gates = ()
    states = ("c", "p")
    output_name = "h"
    without = (
        "output_activation",
        "recurrent_initializer",
        "recurrent_regularizer",
        "recurrent_constraint",
    )

    def step(self, Wx, U, c, p):
        n, f, o = Wx["n f o"] + p @ self.matrix(self.previous_kernel)
        n = self.activation(n)
        f = self.recurrent_activation(f)
        o = self.recurrent_activation(o)
        c = f * c + (1 - f) * n
        h = o * c
        return (c, Wx.x), {"n": n, "f": f, "o": o, "h": h}
