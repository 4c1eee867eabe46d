"""Networks that write with the delta rule: what a key has been written to is replaced."""

import math

from keras import ops

from kerasgates.core import operations
from kerasgates.core.arguments import divisor
from kerasgates.core.cell import AbstractRNNCell, register


class _DeltaRule(AbstractRNNCell):
    """Base class of delta networks: queries, keys and values of `heads`, and a matrix for each."""

    recurrent_gates = ()
    states = ("S",)
    state_shapes = {"S": ("heads", "head_units", "head_units")}
    output_name = "h"
    letters = {"root": "√d"}
    descriptions = {
        "heads": "positive integer that divides `units`: matrices side by side.",
        "activation": "function φ of queries, keys and values.",
    }

    def __init__(self, *args, activation="silu", heads=1, **kwargs):
        super().__init__(*args, activation=activation, **kwargs)
        owner = type(self).__name__
        self.heads = divisor("heads", heads, owner, self.units)
        self.head_units = self.units // self.heads

    @property
    def root(self):
        """Root of the entries of a key."""
        return math.sqrt(self.head_units)

    def unit(self, a):
        """Vectors of each head divided by their lengths, `(batch, heads, entries)`."""
        return a * ops.rsqrt(ops.sum(a * a, axis=-1, keepdims=True) + 1e-6)


@register
class DeltaNetCell(_DeltaRule):
    """DeltaNet: linear attention that replaces the value of a key by the delta rule.

        q  = unit(φ(W_q x)) / √d                         d = units / heads
        k  = unit(φ(W_k x))
        v  = φ(W_v x)
        e  = σ(W_e x)
        S' = S + e (v − S k) kᵀ
        h  = S' q

    S k is the value that the key k has in the matrix S; e, the paper's β, is the share in which v
    replaces it. φ is `activation`, silu by default, and unit divides by the length. Each of `heads`
    has a matrix and one number e. The output h is no state, and S is linear in itself.

    Deviations: as in the authors' code without its convolution over the last inputs; norm and
    projection of the output are layers of their own.

    Source: Yang, Wang, Zhang, Shen & Kim, 2024, Parallelizing linear transformers with the delta
    rule over sequence length, https://arxiv.org/abs/2406.06484
    """

    gates = ("q", "k", "v", "e")
    widths = {"e": "heads"}
    biased_gates = ()
    without = (
        "use_bias",
        "bias_initializer",
        "bias_regularizer",
        "bias_constraint",
        "recurrent_initializer",
        "recurrent_regularizer",
        "recurrent_constraint",
    )

    def step(self, Wx, U, S):
        shape = -1, self.heads, self.head_units
        q, k, v = (ops.reshape(self.activation(a), shape) for a in Wx["q k v"])
        q, k = self.unit(q) / self.root, self.unit(k)
        e = self.recurrent_activation(Wx.e)
        error = v - operations.matmul(S, k[..., None])[..., 0]
        S = S + e[..., None, None] * operations.matmul(error[..., None], k[..., None, :])
        h = ops.reshape(operations.matmul(S, q[..., None]), (-1, self.units))
        shown = {"q": q, "k": k, "v": v}
        shown = {name: ops.reshape(a, (-1, self.units)) for name, a in shown.items()}
        return (S,), {**shown, "e": e, "h": h}


@register
class GatedDeltaNetCell(_DeltaRule):
    """Gated DeltaNet: the delta rule on a matrix that fades by a gate.

        q  = unit(φ(W_q x)) / √d                         d = units / heads
        k  = unit(φ(W_k x))
        v  = φ(W_v x)
        a  = exp(−exp(A) softplus(W_a x + b_a))
        e  = σ(W_e x)
        S' = a S + e (v − a S k) kᵀ
        h  = S' q

    a, the paper's α, fades all values; e, its β, is the share in which v replaces the value that k
    has in a S. φ is `activation`, silu by default, and unit divides by the length. Each of `heads`
    has a matrix and one number for each gate. Further weight: `decay` A `(heads,)`. The output h is
    no state, and S is linear in itself.

    Deviations: as in the authors' code without its convolution over the last inputs; norm, gate
    and projection of the output are layers of their own. That code starts from A up to log 16 and
    b_a from −7 to −2, this cell from A from −7 to −2 and b_a = 0.

    Source: Yang, Kautz & Hatamizadeh, 2025, Gated delta networks: Improving Mamba2 with delta
    rule, https://arxiv.org/abs/2412.06464
    """

    gates = ("q", "k", "v", "a", "e")
    widths = {"a": "heads", "e": "heads"}
    biased_gates = ("a",)
    without = ("recurrent_initializer", "recurrent_regularizer", "recurrent_constraint")
    roles = {
        "decay": {"class_name": "RandomUniform", "config": {"minval": -7.0, "maxval": -2.0}},
    }
    letters = {"decay": "A"}
    descriptions = {"decay": "logarithms A of how fast matrices fade"}

    def build(self, input_shape):
        super().build(input_shape)
        self.decay = self.add_role_weight("decay", (self.heads,), "decay")

    def step(self, Wx, U, S):
        shape = -1, self.heads, self.head_units
        q, k, v = (ops.reshape(self.activation(a), shape) for a in Wx["q k v"])
        q, k = self.unit(q) / self.root, self.unit(k)
        a = ops.exp(-ops.exp(self.decay) * ops.softplus(Wx.a))
        e = self.recurrent_activation(Wx.e)
        error = v - a[..., None] * operations.matmul(S, k[..., None])[..., 0]
        S = a[..., None, None] * S + e[..., None, None] * operations.matmul(
            error[..., None], k[..., None, :]
        )
        h = ops.reshape(operations.matmul(S, q[..., None]), (-1, self.units))
        shown = {"q": q, "k": k, "v": v}
        shown = {name: ops.reshape(b, (-1, self.units)) for name, b in shown.items()}
        return (S,), {**shown, "a": a, "e": e, "h": h}
