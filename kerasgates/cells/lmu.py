"""The recurrent network whose memory holds the last while of a signal as polynomials."""

import math

import numpy as np

from kerasgates.core.arguments import number, positive_int
from kerasgates.core.cell import AbstractRNNCell, register


@register
class LMUCell(AbstractRNNCell):
    """Legendre memory unit (LMU): a window of the past, written in Legendre polynomials.

        u  = W_u x + U_u h + E m
        m' = A m + B u
        h' = φ(W_h x + U_h h + V m')

    The memory m holds the last `theta` steps of the signal u, a single number at each step, in
    `order` polynomials. A `(order, order)` and B `(1, order)` are set by these two arguments and
    not trained; further weights: `encoder` E `(order, 1)` and `memory_kernel` V `(order, units)`.

    Source: Voelker, Kajić & Eliasmith, 2019, Legendre memory units: Continuous-time representation
    in recurrent neural networks, NeurIPS, https://papers.nips.cc/paper/9689-legendre-memory-units
    """

    gates = ("h", "u")
    biased_gates = ()
    widths = {"u": 1}
    states = ("h", "m")
    without = ("recurrent_activation", "use_bias", "bias_initializer")
    without += ("bias_regularizer", "bias_constraint")
    roles = {"encoder": "zeros", "memory_kernel": "glorot_normal"}
    letters = {"encoder": "E", "memory_kernel": "V"}
    descriptions = {
        "encoder": "weights E of the memory in the signal",
        "memory_kernel": "weights V of the memory in the state",
        "order": "positive integer, the number of polynomials.",
        "theta": "length of the window in steps, positive.",
    }

    def __init__(self, *args, order: int, theta: float, **kwargs):
        super().__init__(*args, **kwargs)
        self.order = positive_int("order", order, "LMUCell")
        self.theta = number("theta", theta, "LMUCell", lambda v: 0 < v < math.inf, "above 0")

    @property
    def state_size(self):
        return [self.units, self.order]

    def build(self, input_shape):
        super().build(input_shape)
        self.encoder = self.add_role_weight("encoder", (self.order, 1), "encoder")
        self.memory_kernel = self.add_role_weight(
            "memory_kernel", (self.order, self.units), "memory_kernel"
        )
        for name, matrix in zip("AB", window(self.order, self.theta)):
            weight = self.add_weight(
                name=name,
                shape=matrix.shape,
                initializer=lambda shape, dtype=None, values=matrix: values.astype(dtype),
                trainable=False,
                autocast=False,
            )
            setattr(self, name, weight)

    def recurrent_kernel_shape(self):
        return self.units, self.units + 1

    def step(self, Wx, U, h, m):
        u_h = h @ U
        u = Wx.u + u_h.u + m @ self.matrix(self.encoder)
        m = m @ self.matrix(self.A) + u @ self.matrix(self.B)
        h = self.activation(Wx.h + u_h.h + m @ self.matrix(self.memory_kernel))
        return (h, m), {"u": u}


def window(order, theta):
    """The matrices A and B, transposed, by which a memory of `order` polynomials takes a step.

    They solve θ m' = A m + B u exactly where u is constant within a step: both are in the matrix
    exponential of the two side by side.
    """
    row, column = np.mgrid[:order, :order]
    scale = 2.0 * np.arange(order)[:, None] + 1.0
    both = np.zeros((order + 1, order + 1))
    both[:order, :order] = scale * np.where(row < column, -1.0, (-1.0) ** (row - column + 1))
    both[:order, order:] = scale * (-1.0) ** np.arange(order)[:, None]
    exponential = _exponential(both / theta)
    return exponential[:order, :order].T, exponential[:order, order:].T


def _exponential(matrix):
    """The matrix exponential: a Taylor series of a small part of it, squared again."""
    halvings = max(0, math.ceil(math.log2(np.abs(matrix).sum(axis=1).max())) + 2)
    small = matrix / 2.0**halvings
    term = result = np.eye(len(matrix))
    for number_of_factors in range(1, 20):
        term = term @ small / number_of_factors
        result = result + term
    return np.linalg.matrix_power(result, 2**halvings)
