"""The two gated recurrent units: reset before and after the recurrent product."""

from kerasgates.core.arguments import boolean
from kerasgates.core.cell import AbstractRNNCell, register

_RESET_AFTER = (
    "Keras's argument that tells its two GRUs apart: False is GRU, which resets before the "
    "recurrent product, True is ResetAfterGRU. The other value makes the other class."
)


@register
class GRUCell(AbstractRNNCell):
    """Gated recurrent unit, reset gate before the product: the published form.

    Not what `keras.layers.GRU` is unless it is told so: that is ResetAfterGRU, another function
    with other weights. `reset_after=True` makes one here, too.

        z  = σ(W_z x + U_z h + b_z)
        r  = σ(W_r x + U_r h + b_r)
        n  = φ(W_n x + U_n (r ⊙ h) + b_n)
        h' = z ⊙ h + (1 − z) ⊙ n

    z near 1 keeps the old state. Weights are those of `keras.layers.GRUCell` with
    `reset_after=False`, in name, shape and order.

    Source: Cho et al., 2014, Learning phrase representations using RNN encoder-decoder,
    https://arxiv.org/abs/1406.1078v3
    """

    gates = ("z", "r", "n")
    states = ("h",)
    sibling = ("reset_after", False, "ResetAfterGRUCell")
    descriptions = {"reset_after": _RESET_AFTER}
    keras_only = ("implementation",)

    def step(self, Wx, U, h):
        z, r = Wx["z r"] + h @ U["z r"]
        z = self.recurrent_activation(z)
        r = self.recurrent_activation(r)
        n = self.activation(Wx.n + (r * h) @ U.n)
        h = z * h + (1 - z) * n
        return (h,), {"z": z, "r": r, "n": n}


@register
class ResetAfterGRUCell(AbstractRNNCell):
    """Gated recurrent unit, reset gate after the product: cuDNN's form and Keras's default.

    What `keras.layers.GRU` is unless it is told otherwise. `reset_after=False` makes a GRU.

        z  = σ(W_z x + U_z h + b_z + c_z)
        r  = σ(W_r x + U_r h + b_r + c_r)
        n  = φ(W_n x + r ⊙ (U_n h + c_n) + b_n)
        h' = z ⊙ h + (1 − z) ⊙ n

    `bias` is `(2, 3 · units)`: b above, the recurrent bias c below. With
    `use_recurrent_bias=False` it is b alone, `(3 · units,)`, and c is zero. Weights are
    those of `keras.layers.GRUCell()` in name, shape and order.

    Source: Cho et al., 2014, Learning phrase representations using RNN encoder-decoder,
    first version, https://arxiv.org/abs/1406.1078v1
    """

    gates = ("z", "r", "n")
    states = ("h",)
    operator = ("GRU", "z r n")
    sibling = ("reset_after", True, "GRUCell")
    letters = {"bias": ("b", "c")}
    descriptions = {
        "reset_after": _RESET_AFTER,
        "use_recurrent_bias": "whether there is a second, recurrent bias c.",
    }
    keras_only = ("implementation",)

    def __init__(self, *args, use_recurrent_bias=True, **kwargs):
        super().__init__(*args, **kwargs)
        self.use_recurrent_bias = boolean(
            "use_recurrent_bias", use_recurrent_bias, type(self).__name__
        )

    def bias_shape(self):
        return (2, 3 * self.units) if self.use_recurrent_bias else (3 * self.units,)

    def input_bias(self):
        return self.bias[0] if self.use_recurrent_bias else self.bias

    def step(self, Wx, U, h):
        m = h @ U
        if self.use_bias and self.use_recurrent_bias:
            m = m + self.bias[1]
        z = self.recurrent_activation(Wx.z + m.z)
        r = self.recurrent_activation(Wx.r + m.r)
        n = self.activation(Wx.n + r * m.n)
        h = z * h + (1 - z) * n
        return (h,), {"z": z, "r": r, "n": n}
