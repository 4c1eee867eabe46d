"""Recurrent units that can hold either of two states, as nerve cells do."""

from kerasgates.core.cell import AbstractRNNCell, register


@register
class BRCCell(AbstractRNNCell):
    """Bistable recurrent cell (BRC): each unit sees its own state alone.

        a  = 1 + φ(W_a x + w_a ⊙ h + b_a)
        z  = σ(W_z x + w_z ⊙ h + b_z)
        n  = φ(W_n x + a ⊙ h)
        h' = z ⊙ h + (1 − z) ⊙ n

    Where a is above 1, a unit has two stable states and keeps a bit for good; z near 1, the paper's
    c, keeps the old state for a while. Further weights: `feedback_a` and `feedback_z`, each
    `(units,)`; there is no recurrent matrix.

    Source: Vecoven, Ernst & Drion, 2021, A bio-inspired bistable recurrent cell allows for
    long-lasting memory, https://arxiv.org/abs/2006.05252
    """

    gates = ("a", "z", "n")
    recurrent_gates = ()
    biased_gates = ("a", "z")
    states = ("h",)
    without = ("recurrent_initializer", "recurrent_regularizer", "recurrent_constraint")
    roles = {"feedback": "ones"}
    letters = {"feedback": "w"}
    descriptions = {"feedback": "feedback weights w"}

    def build(self, input_shape):
        super().build(input_shape)
        self.feedback_a = self.add_role_weight("feedback_a", (self.units,), "feedback")
        self.feedback_z = self.add_role_weight("feedback_z", (self.units,), "feedback")

    def step(self, Wx, U, h):
        a = 1 + self.activation(Wx.a + self.feedback_a * h)
        z = self.recurrent_activation(Wx.z + self.feedback_z * h)
        n = self.activation(Wx.n + a * h)
        h = z * h + (1 - z) * n
        return (h,), {"a": a, "z": z, "n": n}


@register
class NBRCCell(AbstractRNNCell):
    """Neuromodulated bistable recurrent cell (nBRC): the gates see the states of all units.

        a  = 1 + φ(W_a x + U_a h + b_a)
        z  = σ(W_z x + U_z h + b_z)
        n  = φ(W_n x + a ⊙ h)
        h' = z ⊙ h + (1 − z) ⊙ n

    Where a is above 1, a unit has two stable states and keeps a bit for good; z near 1, the paper's
    c, keeps the old state for a while. The candidate sees each unit's own state alone.

    Deviations: the authors' code starts U from `"glorot_uniform"`, this cell from the default of
    `recurrent_initializer`.

    Source: Vecoven, Ernst & Drion, 2021, A bio-inspired bistable recurrent cell allows for
    long-lasting memory, https://arxiv.org/abs/2006.05252
    """

    gates = ("a", "z", "n")
    recurrent_gates = biased_gates = ("a", "z")
    states = ("h",)

    def step(self, Wx, U, h):
        a, z = Wx["a z"] + h @ U
        a = 1 + self.activation(a)
        z = self.recurrent_activation(z)
        n = self.activation(Wx.n + a * h)
        h = z * h + (1 - z) * n
        return (h,), {"a": a, "z": z, "n": n}
