"""The cell found by neural architecture search."""

from keras.ops import relu, sigmoid, tanh

from kerasgates.core.arguments import positive_int
from kerasgates.core.cell import AbstractRNNCell, register


@register
class NASCell(AbstractRNNCell):
    """The recurrent cell found by architecture search for language modelling.

        l0 = tanh(σ(W_0 x + U_0 h + b_0) ⊙ relu(W_1 x + U_1 h + b_1))
        l1 = tanh(σ(W_2 x + U_2 h + b_2) + relu(W_3 x ⊙ (U_3 h + b_3)))
        l2 = tanh(tanh(W_4 x + U_4 h + b_4) ⊙ σ(W_5 x + U_5 h + b_5))
        l3 = σ(tanh(W_6 x + U_6 h + b_6) + σ(W_7 x + U_7 h + b_7))
        c' = tanh(l0 + c) ⊙ l1
        h' = tanh(c' ⊙ tanh(l2 + l3))

    σ is the logistic function; no function can be chosen. With `projection_units` the
    output and state h are R h', where `projection_kernel` R is `(units, projection_units)`.

    Source: Zoph & Le, 2016, Neural architecture search with reinforcement learning,
    https://arxiv.org/abs/1611.01578
    """

    gates = ("0", "1", "2", "3", "4", "5", "6", "7")
    states = ("h", "c")
    without = ("activation", "recurrent_activation", "output_activation")
    roles = {"projection": "glorot_uniform"}
    letters = {"projection_kernel": "R"}
    descriptions = {
        "projection": "projection R",
        "projection_units": "positive integer, entries of the projected output and state h.",
    }

    def __init__(
        self,
        *args,
        use_bias=False,
        recurrent_initializer="glorot_uniform",
        projection_units: int | None = None,
        **kwargs,
    ):
        super().__init__(
            *args, use_bias=use_bias, recurrent_initializer=recurrent_initializer, **kwargs
        )
        if projection_units is not None:
            projection_units = positive_int("projection_units", projection_units, "NASCell")
        self.projection_units = projection_units

    @property
    def state_size(self):
        return [self.projection_units or self.units, self.units]

    def build(self, input_shape):
        super().build(input_shape)
        shape = self.projection_units and (self.units, self.projection_units)
        self.projection_kernel = self.add_role_weight("projection_kernel", shape, "projection")

    def project(self, inputs):
        return self.project_kernel(inputs)

    def step(self, Wx, U, h, c):
        a0, a1, a2, a3, a4, a5, a6, a7 = Wx
        m0, m1, m2, m3, m4, m5, m6, m7 = self.add_bias(h @ U)
        l0 = tanh(sigmoid(a0 + m0) * relu(a1 + m1))
        l1 = tanh(sigmoid(a2 + m2) + relu(a3 * m3))
        l2 = tanh(tanh(a4 + m4) * sigmoid(a5 + m5))
        l3 = sigmoid(tanh(a6 + m6) + sigmoid(a7 + m7))
        c = tanh(l0 + c) * l1
        h = tanh(c * tanh(l2 + l3))
        if self.projection_kernel is not None:
            h = h @ self.matrix(self.projection_kernel)
        return (h, c), {"l0": l0, "l1": l1, "l2": l2, "l3": l3}
