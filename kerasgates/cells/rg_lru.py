"""The real-gated linear recurrent unit of the networks Hawk and Griffin."""

from keras import ops

from kerasgates.core import operations
from kerasgates.core.arguments import divisor
from kerasgates.core.cell import AbstractRNNCell, register


@register
class RGLRUCell(AbstractRNNCell):
    """Real-gated linear recurrent unit (RG-LRU): a decay of each unit by a gate of its input.

        r  = σ(V_r(W x) + b_r)
        i  = σ(V_i(W x) + b_i)
        a  = exp(−8 r ⊙ softplus(Λ))
        h' = a ⊙ h + sqrt(maximum(1 − a ⊙ a; 10⁻¹²)) ⊙ i ⊙ W x

    The root keeps the variance of what is added up; 10⁻¹² is
    the least of which it is taken, so that its slope is finite. Further weights: `decay` Λ
    `(units,)`, and `block_r` and `block_i`, each `(heads, units / heads, units / heads)`: V_r and
    V_i have a block of weights for each of `heads` groups of units.

    Deviations: the paper has x itself in place of W x, and so as many features as units; with the
    identity for W this is the paper's. The authors' code takes i ⊙ x as it is at the first step of
    a document, and bounds the slope of the root. It draws exp(−softplus(Λ)) from a ring from 0.9 to
    0.999, this cell Λ evenly between the same ends.

    Source: De et al., 2024, Griffin: Mixing gated linear recurrences with local attention for
    efficient language models, https://arxiv.org/abs/2402.19427
    """

    gates = ("r", "i")
    inputs = ("r", "i", "x")
    widths = {"x": "units"}
    recurrent_gates = ()
    states = ("h",)
    without = (
        "activation",
        "recurrent_initializer",
        "recurrent_regularizer",
        "recurrent_constraint",
    )
    roles = {
        "block": "glorot_uniform",
        "decay": {"class_name": "RandomUniform", "config": {"minval": -6.9, "maxval": -2.2}},
    }
    letters = {"by_block": "V", "decay": "Λ"}
    descriptions = {
        "block": "input weights V by head",
        "decay": "weights Λ of the decay",
        "heads": "positive integer that divides `units`: groups of units with their own V.",
    }

    def __init__(self, *args, heads=1, **kwargs):
        super().__init__(*args, **kwargs)
        self.heads = divisor("heads", heads, "RGLRUCell", self.units)

    def kernel_shape(self, features):
        return features, self.units

    def build(self, input_shape):
        super().build(input_shape)
        width = self.units // self.heads
        shape = self.heads, width, width
        self.block_r = self.add_role_weight("block_r", shape, "block")
        self.block_i = self.add_role_weight("block_i", shape, "block")
        self.decay = self.add_role_weight("decay", (self.units,), "decay")

    def by_block(self, v, gate):
        """The products of each group of units with its own weights, of the shape of v."""
        V = ops.cast(getattr(self, f"block_{gate}"), v.dtype)
        groups = ops.reshape(v, (-1, self.heads, V.shape[1]))
        products = operations.matmul(ops.transpose(groups, (1, 0, 2)), V)
        return ops.reshape(ops.transpose(products, (1, 0, 2)), ops.shape(v))

    def project(self, inputs):
        v = self.project_kernel(inputs)
        gates = ops.concatenate([self.by_block(v, "r"), self.by_block(v, "i")], axis=-1)
        return ops.concatenate([self.add_bias(gates), v], axis=-1)

    def step(self, Wx, U, h):
        r = self.recurrent_activation(Wx.r)
        i = self.recurrent_activation(Wx.i)
        a = ops.exp(-8 * r * ops.softplus(self.decay))
        h = a * h + ops.sqrt(operations.maximum(1 - a * a, 1e-12)) * (i * Wx.x)
        return (h,), {"r": r, "i": i, "a": a}
