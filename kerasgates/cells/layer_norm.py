"""Recurrent cells with layer normalisation inside the step."""

from keras import ops

from kerasgates.core import operations
from kerasgates.core.arguments import number
from kerasgates.core.blocks import Blocks
from kerasgates.core.cell import AbstractRNNCell, register


class _LayerNorm(AbstractRNNCell):
    """Base class of the normalised cells: layer normalisation and its arguments."""

    roles = {"gamma": "ones"}
    letters = {"gamma": "γ", "layer_norm": "LN"}
    descriptions = {
        "gamma": "scales γ of the layer normalisations",
        "epsilon": "small positive number added to the variance in a layer normalisation.",
    }

    def __init__(self, *args, epsilon=1e-5, **kwargs):
        super().__init__(*args, **kwargs)
        self.epsilon = number("epsilon", epsilon, type(self).__name__, lambda e: e > 0, "above 0")

    def layer_norm(self, a, gamma, beta=0.0):
        """LN(a; γ, β) over the last axis, with the biased variance."""
        mean, variance = ops.moments(a, axes=[-1], keepdims=True)
        return gamma * (a - mean) * ops.rsqrt(variance + self.epsilon) + beta


@register
class LayerNormLSTMCell(_LayerNorm):
    """LSTM with layer normalisation of both products and of the memory shown.

        a  = LN(W x; γ_x, β_x) + LN(U h; γ_h, β_h) + b
        i  = σ(a_i)
        f  = σ(a_f)
        g  = φ(a_g)
        o  = σ(a_o)
        c' = f ⊙ c + i ⊙ g
        h' = o ⊙ φ(LN(c'; γ_c, β_c))

    Each product is normalised over all four gates at once; the memory that is carried on
    is not normalised. Further weights: `gamma_x`, `beta_x`, `gamma_h`, `beta_h`, each
    `(4 · units,)`, `gamma_c`, `beta_c`, each `(units,)`.

    Deviations: none from the paper. TensorFlow Addons carries the normalised memory, which
    is another function: its weights do not transfer.

    Source: Ba, Kiros & Hinton, 2016, Layer normalization, https://arxiv.org/abs/1607.06450
    """

    gates = ("i", "f", "g", "o")
    states = ("h", "c")
    roles = {"beta": "zeros"}
    letters = {"beta": "β"}
    descriptions = {"beta": "shifts β of the layer normalisations"}

    def build(self, input_shape):
        super().build(input_shape)
        for at, width in (("x", 4 * self.units), ("h", 4 * self.units), ("c", self.units)):
            for role in ("gamma", "beta"):
                name = f"{role}_{at}"
                setattr(self, name, self.add_role_weight(name, (width,), role))

    def project(self, inputs):
        # In the dtype of the variables: a variance taken in half precision is worth little.
        product = ops.cast(self.project_kernel(inputs), self.variable_dtype)
        a = self.layer_norm(product, self.gamma_x, self.beta_x)
        return self.add_bias(a)

    def step(self, Wx, U, h, c):
        a = Wx + self.layer_norm((h @ U).tensor, self.gamma_h, self.beta_h)
        i, f, g, o = a
        i = self.recurrent_activation(i)
        f = self.recurrent_activation(f)
        g = self.activation(g)
        o = self.recurrent_activation(o)
        c = f * c + i * g
        h = o * self.output_activation(self.layer_norm(c, self.gamma_c, self.beta_c))
        return (h, c), {"i": i, "f": f, "g": g, "o": o}


@register
class LayerNormGRUCell(_LayerNorm):
    """GRU with layer normalisation of both products, reset gate after the product.

        a  = LN(W x + b; γ_x, β_x)
        a2 = LN(U h; γ_h, β_h)
        z  = σ(a_z + a2_z)
        r  = σ(a_r + a2_r)
        n  = φ(a_n + r ⊙ a2_n)
        h' = z ⊙ h + (1 − z) ⊙ n

    LN normalises the columns of the two gates, z and r, together, and those of the candidate n
    apart: a high b_z would close r, so that there is no `initial_update_bias`. z near 1 keeps the
    old state. Further weights: `gamma_x`, `beta_x`, `gamma_h`, `beta_h`,
    each `(3 · units,)`.

    Deviations: none from the authors' code, Kiros's repository layer-norm.

    Source: Ba, Kiros & Hinton, 2016, Layer normalization, https://arxiv.org/abs/1607.06450
    """

    gates = ("z", "r", "n")
    states = ("h",)
    without = ("initial_update_bias",)
    roles = {"beta": "zeros"}
    letters = {"beta": "β"}
    descriptions = {"beta": "shifts β of the layer normalisations"}

    def build(self, input_shape):
        super().build(input_shape)
        for name in ("gamma_x", "beta_x", "gamma_h", "beta_h"):
            role = name.partition("_")[0]
            setattr(self, name, self.add_role_weight(name, (3 * self.units,), role))

    def layer_norm(self, a, gamma, beta=0.0):
        """LN of the columns of both gates together, and of those of the candidate."""
        widths = 2 * self.units, self.units
        of_gates, of_candidate = (
            super(LayerNormGRUCell, self).layer_norm(*columns)
            for columns in zip(*[operations.split(v, widths) for v in (a, gamma, beta)])
        )
        return ops.concatenate([of_gates, of_candidate], axis=-1)

    def project(self, inputs):
        # In the dtype of the variables: a variance taken in half precision is worth little.
        product = ops.cast(self.project_kernel(inputs), self.variable_dtype)
        return self.layer_norm(self.add_bias(product), self.gamma_x, self.beta_x)

    def step(self, Wx, U, h):
        m = Blocks(self.layer_norm((h @ U).tensor, self.gamma_h, self.beta_h), self.gates)
        z = self.recurrent_activation(Wx.z + m.z)
        r = self.recurrent_activation(Wx.r + m.r)
        n = self.activation(Wx.n + r * m.n)
        h = z * h + (1 - z) * n
        return (h,), {"z": z, "r": r, "n": n}


@register
class LayerNormSimpleRNNCell(_LayerNorm):
    """Simple recurrent cell with layer normalisation of the summed products.

        h' = φ(LN(W x + U h; γ) + b)

    The shift of the normalisation is the bias, added after it. Further weight: `gamma`
    `(units,)`.

    Source: Ba, Kiros & Hinton, 2016, Layer normalization, https://arxiv.org/abs/1607.06450
    """

    gates = ("h",)
    states = ("h",)
    without = ("recurrent_activation",)

    def build(self, input_shape):
        super().build(input_shape)
        self.gamma = self.add_role_weight("gamma", (self.units,), "gamma")

    def project(self, inputs):
        return self.project_kernel(inputs)

    def step(self, Wx, U, h):
        a = self.layer_norm(Wx.h + h @ U.h, self.gamma)
        h = self.activation(self.add_bias(a))
        return (h,), {"h": h}


@register
class LayerNormIndRNNCell(_LayerNorm):
    """IndRNN with layer normalisation of the product with the input.

        h' = φ(LN(W x; γ) + u ⊙ h + b)

    Each unit sees its own state alone. Recurrent weight: `recurrent_vector` u `(units,)`; further
    weight: `gamma` `(units,)`.

    Deviations: the paper normalises over the batch, and φ is relu; over the units it is done in
    this place by the library haste, with tanh.

    Source: Li, Li, Cook, Zhu & Gao, 2018, Independently recurrent neural network (IndRNN):
    Building a longer and deeper RNN, https://arxiv.org/abs/1803.04831
    """

    gates = ("h",)
    recurrent_gates = ()
    own_recurrent = True
    states = ("h",)
    without = ("recurrent_activation",)
    letters = {"recurrent_vector": "u"}
    descriptions = {"recurrent": "recurrent weights u"}

    def __init__(
        self,
        *args,
        recurrent_initializer={  # noqa: B006  a default that is shown, and never changed
            "class_name": "RandomUniform",
            "config": {"minval": -0.5, "maxval": 0.5},
        },
        **kwargs,
    ):
        super().__init__(*args, recurrent_initializer=recurrent_initializer, **kwargs)

    def build(self, input_shape):
        super().build(input_shape)
        self.gamma = self.add_role_weight("gamma", (self.units,), "gamma")
        self.recurrent_vector = self.add_role_weight("recurrent_vector", (self.units,), "recurrent")

    def project(self, inputs):
        # In the dtype of the variables: a variance taken in half precision is worth little.
        product = ops.cast(self.project_kernel(inputs), self.variable_dtype)
        return self.add_bias(self.layer_norm(product, self.gamma))

    def step(self, Wx, U, h):
        h = self.activation(Wx.h + self.recurrent_vector * h)
        return (h,), {"h": h}
