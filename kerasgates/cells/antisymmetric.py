"""Recurrent networks that are stable differential equations by the form of their matrices."""

import math

from keras import ops

from kerasgates.core import operations
from kerasgates.core.arguments import number
from kerasgates.core.cell import AbstractRNNCell, register


class _Euler(AbstractRNNCell):
    """Base class of the cells in steps of Euler's method, with a step size and a diffusion."""

    own_recurrent = True
    letters = {"epsilon": "ε", "gamma": "γ"}
    descriptions = {
        "epsilon": "step ε of Euler's method, positive.",
        "gamma": "diffusion γ, at least 0.",
    }

    def __init__(
        self,
        *args,
        recurrent_initializer={  # noqa: B006  a default that is shown, and never changed
            "class_name": "VarianceScaling",
            "config": {"scale": 1.0, "mode": "fan_in", "distribution": "untruncated_normal"},
        },
        epsilon=0.01,
        gamma=0.01,
        **kwargs,
    ):
        super().__init__(*args, recurrent_initializer=recurrent_initializer, **kwargs)
        name = type(self).__name__
        self.epsilon = number("epsilon", epsilon, name, lambda v: 0 < v < math.inf, "above 0")
        self.gamma = number("gamma", gamma, name, lambda v: 0 <= v < math.inf, "of at least 0")


class _Antisymmetric(_Euler):
    """Base class of the plain and the gated form: the matrix whose antisymmetric part counts."""

    letters = {"recurrent_matrix": "U"}

    def build(self, input_shape):
        super().build(input_shape)
        self.recurrent_matrix = self.add_role_weight(
            "recurrent_matrix", (self.units, self.units), "recurrent"
        )


@register
class AntisymmetricRNNCell(_Antisymmetric):
    """Antisymmetric RNN: a differential equation that neither grows nor dies out.

        n  = φ(W x + (U − Uᵀ) h + b − γ h)
        h' = h + ε n                                     ε = `epsilon`, γ = `gamma`

    Recurrent weight: `recurrent_matrix` U `(units, units)`, of which only the antisymmetric part
    counts.

    Source: Chang, Chen, Haber & Chi, 2019, AntisymmetricRNN: A dynamical system view on recurrent
    neural networks, https://arxiv.org/abs/1902.09689
    """

    gates = ("n",)
    recurrent_gates = ()
    states = ("h",)
    without = ("recurrent_activation",)

    def step(self, Wx, U, h):
        A = self.recurrent_matrix - ops.transpose(self.recurrent_matrix)
        n = self.activation(Wx.n + operations.matmul(h, A) - self.gamma * h)
        h = h + self.epsilon * n
        return (h,), {"n": n}


@register
class GatedAntisymmetricRNNCell(_Antisymmetric):
    """Antisymmetric RNN with an input gate, which sees the state through the same matrix.

        a  = (U − Uᵀ) h − γ h                            γ = `gamma`
        i  = σ(W_i x + a + b_i)
        n  = φ(W_n x + a + b_n)
        h' = h + ε i ⊙ n                                 ε = `epsilon`

    The paper calls the gate z. Recurrent weight: `recurrent_matrix` U `(units, units)`, of which
    only the antisymmetric part counts.

    Source: Chang, Chen, Haber & Chi, 2019, AntisymmetricRNN: A dynamical system view on recurrent
    neural networks, https://arxiv.org/abs/1902.09689
    """

    gates = ("i", "n")
    recurrent_gates = ()
    states = ("h",)

    def step(self, Wx, U, h):
        A = self.recurrent_matrix - ops.transpose(self.recurrent_matrix)
        a = operations.matmul(h, A) - self.gamma * h
        i = self.recurrent_activation(Wx.i + a)
        n = self.activation(Wx.n + a)
        h = h + self.epsilon * i * n
        return (h,), {"i": i, "n": n}


class _Lipschitz(_Euler):
    """Base class of the Lipschitz cell: two matrices, each mixed of its parts M − Mᵀ and M + Mᵀ."""

    letters = {"recurrent_a": "M_A", "recurrent_w": "M_W", "mixture": "S", "beta": "β"}
    descriptions = {"beta": "share β of the antisymmetric part of each matrix, in [0, 1]."}

    def __init__(self, *args, beta=0.8, **kwargs):
        super().__init__(*args, **kwargs)
        self.beta = number("beta", beta, type(self).__name__, lambda v: 0 <= v <= 1, "in [0, 1]")

    def build(self, input_shape):
        super().build(input_shape)
        shape = (self.units, self.units)
        self.recurrent_a = self.add_role_weight("recurrent_a", shape, "recurrent")
        self.recurrent_w = self.add_role_weight("recurrent_w", shape, "recurrent")

    def mixture(self, matrix):
        """β (M − Mᵀ) + (1 − β) (M + Mᵀ)."""
        transposed = ops.transpose(matrix)
        return self.beta * (matrix - transposed) + (1 - self.beta) * (matrix + transposed)


@register
class LipschitzRNNCell(_Lipschitz):
    """Lipschitz RNN: a linear part, and a nonlinear one that changes no faster than the state.

        n  = φ(W x + S(M_W) h + b − γ h)
        h' = h + ε (S(M_A) h − γ h + n)                  ε = `epsilon`, γ = `gamma`

    where S(M) = β (M − Mᵀ) + (1 − β) (M + Mᵀ), β = `beta`. Recurrent weights: `recurrent_a` M_A and
    `recurrent_w` M_W, each `(units, units)`.

    Deviations: the paper has a β and a γ for each matrix, the authors' code, as here, one.

    Source: Erichson, Azencot, Queiruga, Hodgkinson & Mahoney, 2021, Lipschitz recurrent neural
    networks, https://arxiv.org/abs/2006.12070
    """

    gates = ("n",)
    recurrent_gates = ()
    states = ("h",)
    without = ("recurrent_activation",)

    def step(self, Wx, U, h):
        A, M = self.mixture(self.recurrent_a), self.mixture(self.recurrent_w)
        n = self.activation(Wx.n + operations.matmul(h, M) - self.gamma * h)
        h = h + self.epsilon * (operations.matmul(h, A) - self.gamma * h + n)
        return (h,), {"n": n}
