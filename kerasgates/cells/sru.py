"""Simple recurrent units, whose only matrix products are with the input."""

from kerasgates.core.cell import AbstractRNNCell, register


class _SRU(AbstractRNNCell):
    """Base class of both versions: four products with the input, two of them gates."""

    gates = ("n", "f", "r", "s")
    recurrent_gates = ()
    biased_gates = ("f", "r")
    states = ("c",)
    output_name = "h"
    without = (
        "output_activation",
        "recurrent_initializer",
        "recurrent_regularizer",
        "recurrent_constraint",
    )


@register
class SRUCell(_SRU):
    """Simple recurrent unit (SRU): light recurrence, and a highway past it.

        f  = σ(W_f x + v_f ⊙ c + b_f)
        r  = σ(W_r x + v_r ⊙ c + b_r)
        c' = f ⊙ c + (1 − f) ⊙ W_n x
        h  = r ⊙ φ(c') + (1 − r) ⊙ W_s x                 φ = `activation`, linear by default

    Each unit sees its own memory alone. The output h is no state. Further weights: `feedback_f`
    and `feedback_r`, each `(units,)`.

    Deviations: the paper has x itself in place of W_s x where there are as many features as units;
    with the identity for W_s, the last block of `kernel`, this is the paper's. The authors' code
    starts from biases of 0, this cell from `unit_forget_bias`.

    Source: Lei, Zhang, Wang, Dai & Artzi, 2018, Simple recurrent units for highly parallelizable
    recurrence, https://arxiv.org/abs/1709.02755
    """

    roles = {"feedback": "glorot_uniform"}
    letters = {"feedback": "v"}
    descriptions = {
        "feedback": "feedback weights v",
        "activation": "squashing function φ of the memory on its way to the output.",
    }

    def __init__(self, *args, activation="linear", **kwargs):
        super().__init__(*args, activation=activation, **kwargs)

    def build(self, input_shape):
        super().build(input_shape)
        self.feedback_f = self.add_role_weight("feedback_f", (self.units,), "feedback")
        self.feedback_r = self.add_role_weight("feedback_r", (self.units,), "feedback")

    def step(self, Wx, U, c):
        f = self.recurrent_activation(Wx.f + self.feedback_f * c)
        r = self.recurrent_activation(Wx.r + self.feedback_r * c)
        c = f * c + (1 - f) * Wx.n
        h = r * self.activation(c) + (1 - r) * Wx.s
        return (c,), {"f": f, "r": r, "h": h}


@register
class SRU1Cell(_SRU):
    """Simple recurrent unit of the first version of the paper: gates that see no state.

        f  = σ(W_f x + b_f)
        r  = σ(W_r x + b_r)
        c' = f ⊙ c + (1 − f) ⊙ W_n x
        h  = r ⊙ φ(c') + (1 − r) ⊙ W_s x

    It is linear in its memory. The output h is no state.

    Deviations: the paper has x itself in place of W_s x where there are as many features as units;
    with the identity for W_s, the last block of `kernel`, this is the paper's. The authors' code
    starts from biases of 0, this cell from `unit_forget_bias`.

    Source: Lei, Zhang & Artzi, 2017, Training RNNs as fast as CNNs,
    https://arxiv.org/abs/1709.02755v1
    """

    descriptions = {
        "activation": "squashing function φ of the memory on its way to the output.",
    }

    def step(self, Wx, U, c):
        f = self.recurrent_activation(Wx.f)
        r = self.recurrent_activation(Wx.r)
        c = f * c + (1 - f) * Wx.n
        h = r * self.activation(c) + (1 - r) * Wx.s
        return (c,), {"f": f, "r": r, "h": h}
