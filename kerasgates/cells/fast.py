"""Recurrent networks with a weighted residual connection, and with a gate of shared weights."""

from keras.ops import sigmoid

from kerasgates.core.arguments import positive_int
from kerasgates.core.cell import AbstractRNNCell, register


@register
class FastRNNCell(AbstractRNNCell):
    """FastRNN: a simple recurrent cell with two scalar weights, of the new and of the old state.

        n  = φ(W x + U h + b)
        h' = σ(α) n + σ(β) h

    σ is the logistic function. Further weights: `alpha` and `beta`, each `(1,)`; they start at −3
    and 3, as in the authors' code, so that most of the state is kept.

    Source: Kusupati et al., 2018, FastGRNN: A fast, accurate, stable and tiny kilobyte sized gated
    recurrent neural network, https://arxiv.org/abs/1901.02358
    """

    gates = ("n",)
    states = ("h",)
    without = ("recurrent_activation",)
    roles = {
        "alpha": {"class_name": "Constant", "config": {"value": -3.0}},
        "beta": {"class_name": "Constant", "config": {"value": 3.0}},
    }
    letters = {"alpha": "α", "beta": "β"}
    descriptions = {
        "alpha": "weight α of the new, before its σ",
        "beta": "weight β of the old state, before its σ",
    }

    def build(self, input_shape):
        super().build(input_shape)
        self.alpha = self.add_role_weight("alpha", (1,), "alpha")
        self.beta = self.add_role_weight("beta", (1,), "beta")

    def step(self, Wx, U, h):
        n = self.activation(Wx.n + h @ U.n)
        h = sigmoid(self.alpha) * n + sigmoid(self.beta) * h
        return (h,), {"n": n}


class _FastGRNN(AbstractRNNCell):
    """Base class of the cells with a gate: two scalars, two biases and one product."""

    states = ("h",)
    roles = {
        "zeta": {"class_name": "Constant", "config": {"value": 1.0}},
        "nu": {"class_name": "Constant", "config": {"value": -4.0}},
    }
    letters = {"zeta": "ζ", "nu": "ν"}
    descriptions = {
        "zeta": "weight ζ of the new where z is closed, before its σ",
        "nu": "weight ν of the new wherever z is, before its σ",
    }

    def __init__(self, *args, bias_initializer="ones", **kwargs):
        super().__init__(*args, bias_initializer=bias_initializer, **kwargs)

    def build(self, input_shape):
        super().build(input_shape)
        self.zeta = self.add_role_weight("zeta", (1,), "zeta")
        self.nu = self.add_role_weight("nu", (1,), "nu")


@register
class FastGRNNCell(_FastGRNN):
    """FastGRNN: gate and candidate of the same products, with a bias each.

        a_p = W x + U h
        z   = σ(a_p + b_z)
        n   = φ(a_p + b_n)
        h'  = z ⊙ h + (σ(ζ) (1 − z) + σ(ν)) ⊙ n

    z near 1 keeps the old state. σ of ζ and ν is the logistic function. Further weights: `zeta` and
    `nu`, each `(1,)`; they start at 1 and −4, and the biases at 1, as in the authors' code.

    Source: Kusupati et al., 2018, FastGRNN: A fast, accurate, stable and tiny kilobyte sized gated
    recurrent neural network, https://arxiv.org/abs/1901.02358
    """

    gates = ("z", "n")
    inputs = recurrent_gates = ("p",)
    biased_gates = ("z", "n")
    widths = {"p": "units"}

    def step(self, Wx, U, h):
        a_p = Wx.p + h @ U.p
        z = self.recurrent_activation(a_p + Wx.z)
        n = self.activation(a_p + Wx.n)
        h = z * h + (sigmoid(self.zeta) * (1 - z) + sigmoid(self.nu)) * n
        return (h,), {"z": z, "n": n}


@register
class LowRankFastGRNNCell(_FastGRNN):
    """FastGRNN with products of two matrices of low rank in place of each matrix.

        a  = W_2 (W_1 x) + U_2 (U_1 h)
        z  = σ(a + b_z)
        n  = φ(a + b_n)
        h' = z ⊙ h + (σ(ζ) (1 − z) + σ(ν)) ⊙ n

    z near 1 keeps the old state. `kernel` W_1 is `(features, kernel_rank)`, `recurrent_kernel` U_1
    `(units, recurrent_rank)`. Further weights: `kernel_2` W_2 `(kernel_rank, units)`,
    `recurrent_kernel_2` U_2 `(recurrent_rank, units)`, `zeta` and `nu`, each `(1,)`; the last two
    start at 1 and −4, and the biases at 1, as in the authors' code.

    Source: Kusupati et al., 2018, FastGRNN: A fast, accurate, stable and tiny kilobyte sized gated
    recurrent neural network, https://arxiv.org/abs/1901.02358
    """

    gates = ("z", "n")
    inputs = ("w",)
    recurrent_gates = ("u",)
    biased_gates = ("z", "n")
    own_recurrent = True
    widths = {"w": "kernel_rank", "u": "recurrent_rank"}
    letters = {
        "kernel": "W_1",
        "recurrent_kernel": "U_1",
        "kernel_2": "W_2",
        "recurrent_kernel_2": "U_2",
    }
    descriptions = {
        "kernel_rank": "positive integer, the rank of the product W_2 W_1.",
        "recurrent_rank": "positive integer, the rank of the product U_2 U_1.",
    }

    def __init__(self, *args, kernel_rank: int, recurrent_rank: int, **kwargs):
        super().__init__(*args, **kwargs)
        name = type(self).__name__
        self.kernel_rank = positive_int("kernel_rank", kernel_rank, name)
        self.recurrent_rank = positive_int("recurrent_rank", recurrent_rank, name)

    def build(self, input_shape):
        super().build(input_shape)
        self.kernel_2 = self.add_role_weight("kernel_2", (self.kernel_rank, self.units), "kernel")
        self.recurrent_kernel_2 = self.add_role_weight(
            "recurrent_kernel_2", (self.recurrent_rank, self.units), "recurrent"
        )

    def step(self, Wx, U, h):
        W_2, U_2 = self.matrix(self.kernel_2), self.matrix(self.recurrent_kernel_2)
        a = Wx.w @ W_2 + (h @ U.u) @ U_2
        z = self.recurrent_activation(a + Wx.z)
        n = self.activation(a + Wx.n)
        h = z * h + (sigmoid(self.zeta) * (1 - z) + sigmoid(self.nu)) * n
        return (h,), {"z": z, "n": n}
