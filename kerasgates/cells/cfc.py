"""The closed form of a liquid network: a state that moves by itself between two steps."""

from keras import ops

from kerasgates.core.arguments import positive_int
from kerasgates.core.cell import AbstractRNNCell, register
from kerasgates.core.set_aside import SetAside


@register
class CfCCell(SetAside, AbstractRNNCell):
    """Closed-form continuous-time network (CfC): two candidates, mixed by a gate of the time.

        a  = 1.7159 tanh(0.666 (W x + U h + b))
        n  = φ(V_n a + d_n)
        g  = φ(V_g a + d_g)
        z  = σ((V_s a + d_s) Δt + V_z a + d_z)
        h' = (1 − z) ⊙ n + z ⊙ g

    a is the backbone, of `backbone_units`, which all heads share. With `backbone_layers` above 1,
    further layers of the same kind follow. Δt is the time since the step before: the number
    `elapsed`, or with `elapsed=None` the last feature of the input, which the weights do not see.
    Further weights: `head_kernel` V `(backbone_units, 4 · units)` and `head_bias` d `(4 · units,)`,
    columns in the order n, g, s, z (the authors' ff1, ff2, time_a and time_b), and of each
    further layer `backbone_kernel_2` and `backbone_bias_2`, and so on.

    Deviations: none from the authors' PyTorch code. In their TensorFlow code the time counts with
    the other sign, and φ is the function of the backbone.

    Source: Hasani et al., 2022, Closed-form continuous-time neural networks,
    https://arxiv.org/abs/2106.13898
    """

    gates = ("a",)
    inputs = ("a", "t")
    widths = {"a": "backbone_units", "t": 1}
    states = ("h",)
    roles = {"head": "glorot_uniform", "backbone": "glorot_uniform"}
    letters = {"head_kernel": "V", "head_bias": "d", "elapsed": "Δt"}
    descriptions = {
        "head": "weights V of the heads",
        "backbone": "weights of the layers of the backbone after the first",
        "backbone_units": "positive integer, units of each layer of the backbone.",
        "backbone_layers": "positive integer, number of layers of the backbone.",
        "elapsed": "number above 0, the time from one step to the next, or None where it is the "
        "last feature of the input.",
    }

    def __init__(self, *args, backbone_units=128, backbone_layers=1, elapsed=1.0, **kwargs):
        super().__init__(*args, **kwargs)
        self.backbone_units = positive_int("backbone_units", backbone_units, "CfCCell")
        self.backbone_layers = positive_int("backbone_layers", backbone_layers, "CfCCell")
        self.set_elapsed(elapsed)

    def build(self, input_shape):
        super().build(input_shape)
        rows, units = self.backbone_units, 4 * self.units
        for layer in range(2, self.backbone_layers + 1):
            self._add_layer(f"backbone_kernel_{layer}", f"backbone_bias_{layer}", (rows, rows))
        self._add_layer("head_kernel", "head_bias", (rows, units))

    def _add_layer(self, kernel, bias, shape):
        """Add the weights of a layer of these names."""
        setattr(self, kernel, self.add_role_weight(kernel, shape, kernel.partition("_")[0]))
        shape = shape[1:] if self.use_bias else None
        setattr(self, bias, self.add_role_weight(bias, shape, "bias", "zeros"))

    def recurrent_kernel_shape(self):
        return self.units, self.backbone_units

    def blocks_of(self, weight):
        return ("n", "g", "s", "z") if weight[:5] == "head_" else super().blocks_of(weight)

    def step(self, Wx, U, h):
        t = Wx.t if self.elapsed is None else self.elapsed
        a = 1.7159 * ops.tanh(0.666 * (Wx.a + h @ U.a))
        values = {"a": a}
        for layer in range(2, self.backbone_layers + 1):
            p = a @ self.matrix(getattr(self, f"backbone_kernel_{layer}"))
            p = p + getattr(self, f"backbone_bias_{layer}") if self.use_bias else p
            a = values[f"a{layer}"] = 1.7159 * ops.tanh(0.666 * p)
        p = a @ self.matrix(self.head_kernel)
        n, g, s, z = ops.split(p + self.head_bias if self.use_bias else p, 4, axis=-1)
        n = self.activation(n)
        g = self.activation(g)
        z = self.recurrent_activation(s * t + z)
        h = (1 - z) * n + z * g
        return (h,), {**values, "n": n, "g": g, "z": z}
