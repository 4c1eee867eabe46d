"""Recurrent cells whose units see no state but their own."""

from kerasgates.core.blocks import Blocks
from kerasgates.core.cell import AbstractRNNCell, register

#: How the authors' code, and that of TensorFlow, draws recurrent weights.
POSITIVE = {"class_name": "RandomUniform", "config": {"minval": 0.0, "maxval": 1.0}}
EITHER_SIGN = {"class_name": "RandomUniform", "config": {"minval": -1.0, "maxval": 1.0}}


class _Independent(AbstractRNNCell):
    """Base class of the independent cells: recurrent weights are a vector in place of a matrix."""

    own_recurrent = True
    letters = {"recurrent_vector": "u"}
    descriptions = {"recurrent": "recurrent weights u"}

    def build(self, input_shape):
        super().build(input_shape)
        self.recurrent_vector = self.add_role_weight(
            "recurrent_vector", (len(self.gates) * self.units,), "recurrent"
        )


@register
class IndRNNCell(_Independent):
    """Independently recurrent neural network (IndRNN): each unit sees its own state alone.

        h' = φ(W x + u ⊙ h + b)

    Recurrent weight: `recurrent_vector` u `(units,)`. Where |u| is at most 2^(1 / T), gradients do
    not explode over T steps: the paper keeps it there, which a `recurrent_constraint` does.

    Source: Li, Li, Cook, Zhu & Gao, 2018, Independently recurrent neural network (IndRNN):
    Building a longer and deeper RNN, https://arxiv.org/abs/1803.04831
    """

    gates = ("h",)
    recurrent_gates = ()
    states = ("h",)
    without = ("recurrent_activation",)

    def __init__(self, *args, activation="relu", recurrent_initializer=POSITIVE, **kwargs):
        super().__init__(
            *args, activation=activation, recurrent_initializer=recurrent_initializer, **kwargs
        )

    def step(self, Wx, U, h):
        h = self.activation(Wx.h + self.recurrent_vector * h)
        return (h,), {"h": h}


@register
class IndyLSTMCell(_Independent):
    """IndyLSTM: an LSTM each unit of which sees its own state alone.

        i  = σ(W_i x + u_i ⊙ h + b_i)
        f  = σ(W_f x + u_f ⊙ h + b_f)
        g  = φ(W_g x + u_g ⊙ h + b_g)
        o  = σ(W_o x + u_o ⊙ h + b_o)
        c' = f ⊙ c + i ⊙ g
        h' = o ⊙ φ(c')

    Recurrent weights: `recurrent_vector` u `(4 · units,)`.

    Source: Gonnet & Deselaers, 2019, IndyLSTMs: Independently recurrent LSTMs,
    https://arxiv.org/abs/1903.08023
    """

    gates = ("i", "f", "g", "o")
    recurrent_gates = ()
    states = ("h", "c")

    def __init__(self, *args, recurrent_initializer=EITHER_SIGN, **kwargs):
        super().__init__(*args, recurrent_initializer=recurrent_initializer, **kwargs)

    def step(self, Wx, U, h, c):
        u = Blocks(self.recurrent_vector, self.gates)
        i = self.recurrent_activation(Wx.i + u.i * h)
        f = self.recurrent_activation(Wx.f + u.f * h)
        g = self.activation(Wx.g + u.g * h)
        o = self.recurrent_activation(Wx.o + u.o * h)
        c = f * c + i * g
        h = o * self.output_activation(c)
        return (h, c), {"i": i, "f": f, "g": g, "o": o}
