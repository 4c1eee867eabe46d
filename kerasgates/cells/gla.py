"""Gated linear attention as a recurrent network: a matrix whose rows fade by gates."""

import math

from keras import ops

from kerasgates.core import operations
from kerasgates.core.arguments import divisor, number
from kerasgates.core.cell import AbstractRNNCell, register


@register
class GLACell(AbstractRNNCell):
    """Gated linear attention (GLA): keys and values in a matrix, with a gate for each row.

        q  = W_q x / √d                                  d = units / heads
        k  = W_k x
        v  = W_v x
        a  = exp(logsigmoid(W_a x + b_a) / τ)
        S' = a ⊙ S + k vᵀ
        h  = qᵀ S'

    Each row of the matrix S, one for each entry of the keys, fades by its own gate a, the paper's
    α; τ is `temperature`. Each of `heads` has a matrix. The output h is no state, and S is linear
    in itself.

    Deviations: the paper has a product of two matrices of rank 16 in place of W_a, and keys of
    half as many entries; norm, gate and projection of the output are layers of their own.

    Source: Yang, Wang, Shen, Panda & Kim, 2024, Gated linear attention transformers with
    hardware-efficient training, https://arxiv.org/abs/2312.06635
    """

    gates = ("q", "k", "v", "a")
    recurrent_gates = ()
    biased_gates = ("a",)
    states = ("S",)
    state_shapes = {"S": ("heads", "head_units", "head_units")}
    output_name = "h"
    without = (
        "activation",
        "recurrent_activation",
        "recurrent_initializer",
        "recurrent_regularizer",
        "recurrent_constraint",
    )
    letters = {"root": "√d", "temperature": "τ"}
    descriptions = {
        "heads": "positive integer that divides `units`: matrices side by side.",
        "temperature": "positive number τ; gates are near 1 where it is large.",
    }

    def __init__(self, *args, heads=1, temperature=16.0, **kwargs):
        super().__init__(*args, **kwargs)
        self.heads = divisor("heads", heads, "GLACell", self.units)
        self.head_units = self.units // self.heads
        self.temperature = number(
            "temperature", temperature, "GLACell", lambda v: 0 < v < math.inf, "above 0"
        )

    @property
    def root(self):
        """Root of the entries of a key."""
        return math.sqrt(self.head_units)

    def step(self, Wx, U, S):
        shape = -1, self.heads, self.head_units
        q, k, v, a = (ops.reshape(block, shape) for block in Wx)
        q = q / self.root
        a = ops.exp(ops.log_sigmoid(a) / self.temperature)
        S = a[..., None] * S + operations.matmul(k[..., None], v[..., None, :])
        h = ops.reshape(operations.matmul(q[..., None, :], S), (-1, self.units))
        shown = {"q": q, "k": k, "v": v, "a": a}
        shown = {name: ops.reshape(b, (-1, self.units)) for name, b in shown.items()}
        return (S,), {**shown, "h": h}
