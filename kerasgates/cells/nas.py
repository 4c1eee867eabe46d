"""The cell found by neural architecture search."""

from keras.ops import relu, sigmoid, tanh

from kerasgates.arguments import positive_int
from kerasgates.cell import AbstractRNNCell, register


@register
class NASCell(AbstractRNNCell):
    """The recurrent cell found by architecture search for language modelling.

        a_k = W_k x,   m_k = U_k h + b_k                     k = 0 … 7
        l0 = φ( σ(a_0 + m_0) ⊙ relu(a_1 + m_1) )
        l1 = φ( σ(a_2 + m_2) + relu(a_3 ⊙ m_3) )
        l2 = φ( φ(a_4 + m_4) ⊙ σ(a_5 + m_5) )
        l3 = σ( φ(a_6 + m_6) + σ(a_7 + m_7) )
        c' = φ(l0 + c) ⊙ l1
        h' = φ( c' ⊙ φ(l2 + l3) )

    φ is tanh, σ the logistic function; neither can be chosen. With `projection_units` the
    output and state h are h' R, where `projection_kernel` R is `(units, projection_units)`.

    Source: Zoph & Le, 2016, Neural architecture search with reinforcement learning,
    https://arxiv.org/abs/1611.01578
    """

    gates = ("0", "1", "2", "3", "4", "5", "6", "7")
    states = ("h", "c")
    without = ("activation", "recurrent_activation", "output_activation")
    roles = {"projection": "glorot_uniform"}

    def __init__(
        self,
        *args,
        use_bias=False,
        recurrent_initializer="glorot_uniform",
        projection_units=None,
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
