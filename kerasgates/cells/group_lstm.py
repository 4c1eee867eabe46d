"""The LSTM in groups: several smaller ones side by side."""

import numpy as np
from keras import ops

from kerasgates.core import operations
from kerasgates.core.arguments import divisor
from kerasgates.core.cell import AbstractRNNCell, register


@register
class GroupLSTMCell(AbstractRNNCell):
    """Group LSTM (G-LSTM): units in groups, each of which sees its own features and outputs.

        i  = σ(group(W)_i x + R(h)_i + b_i)
        f  = σ(group(W)_f x + R(h)_f + b_f)
        g  = φ(group(W)_g x + R(h)_g + b_g)
        o  = σ(group(W)_o x + R(h)_o + b_o)
        c' = f ⊙ c + i ⊙ g
        h' = o ⊙ φ(c')

    Features and units are in `groups` of neighbours, and group(W) is 0 between two of them.
    `kernel` W has, for each feature, columns for the units of its own group alone, by gate:
    `(features, 4 · units / groups)`. R has a block of recurrent weights for each group:
    `group_kernel` `(groups, units / groups, 4 · units / groups)`, with columns by gate. The input
    is multiplied by the whole of group(W), which saves weights, and no time.

    Deviations: where `groups` does not divide the features, the first groups have one more, or one
    at all; TensorFlow 1's cell refuses that. It can also project its output, as ProjectedLSTM does.
    Initial weights are drawn for all groups at once.

    Source: Kuchaiev & Ginsburg, 2017, Factorization tricks for LSTM networks,
    https://arxiv.org/abs/1703.10722
    """

    gates = ("i", "f", "g", "o")
    recurrent_gates = ()
    states = ("h", "c")
    own_recurrent = True
    letters = {"across": "group", "by_group": "R"}
    descriptions = {
        "recurrent": "recurrent weights R by group",
        "groups": "positive integer that divides `units`: groups of units that see each other.",
    }
    example = {"groups": 2}

    def __init__(self, *args, groups, **kwargs):
        super().__init__(*args, **kwargs)
        self.groups = divisor("groups", groups, type(self).__name__, self.units)

    def kernel_shape(self, features):
        return features, 4 * self.units // self.groups

    def build(self, input_shape):
        super().build(input_shape)
        width = self.units // self.groups
        self.group_kernel = self.add_role_weight(
            "group_kernel", (self.groups, width, 4 * width), "recurrent"
        )

    def project_kernel(self, inputs):
        self.check_features(inputs)
        inputs = ops.cast(inputs, self.compute_dtype)
        return operations.matmul(inputs, self.across(ops.cast(self.kernel, self.compute_dtype)))

    def across(self, W):
        """The kernel with columns for the units of all groups, `(features, 4 · units)`."""
        mine = np.zeros((self.features, 1, self.groups, 1))
        for group, members in enumerate(np.array_split(np.arange(self.features), self.groups)):
            mine[members, :, group] = 1
        by_gate = ops.reshape(W, (self.features, 4, 1, self.units // self.groups))
        whole = by_gate * ops.cast(mine, self.compute_dtype)
        return ops.reshape(whole, (self.features, 4 * self.units))

    def by_group(self, h):
        """The products of each group of units with its own weights, `(batch, 4 · units)`."""
        return operations.by_group(h, ops.cast(self.group_kernel, self.compute_dtype), 4)

    def step(self, Wx, U, h, c):
        r_i, r_f, r_g, r_o = ops.split(self.by_group(h), 4, axis=-1)
        i = self.recurrent_activation(Wx.i + r_i)
        f = self.recurrent_activation(Wx.f + r_f)
        g = self.activation(Wx.g + r_g)
        o = self.recurrent_activation(Wx.o + r_o)
        c = f * c + i * g
        h = o * self.output_activation(c)
        return (h, c), {"i": i, "f": f, "g": g, "o": o}
