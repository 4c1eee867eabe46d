"""The LSTM whose weights a smaller LSTM scales at each step."""

import keras
from keras import ops

from kerasgates.core import operations
from kerasgates.core.arguments import number, positive_int
from kerasgates.core.cell import AbstractRNNCell, register


@register
class HyperLSTMCell(AbstractRNNCell):
    """HyperLSTM: a small LSTM scales what the weights of a large one give, and shifts its biases.

        u   = LN(W_u x + U_u h + R y; γ_u, β_u)
        v_i = σ(u[1/4])
        v_f = σ(u[2/4] + 1)
        v_g = φ(u[3/4])
        v_o = σ(u[4/4])
        q'  = v_f ⊙ q + v_i ⊙ v_g
        y'  = v_o ⊙ φ(LN(q'; γ_q, β_q))
        s   = S_x(y') ⊙ [W_i x, W_f x, W_g x, W_o x]
        t   = S_h(y') ⊙ [U_i h, U_f h, U_g h, U_o h]
        a   = LN(s + t + B(y') + b; γ_a, β_a)
        i   = σ(a_i)
        f   = σ(a_f + 1)
        g   = φ(a_g)
        o   = σ(a_o)
        c'  = f ⊙ c + i ⊙ g
        h'  = o ⊙ φ(LN(c'; γ_c, β_c))

    y and q are the states of the small LSTM, of `hyper_units`, which reads x and h. LN is of each
    gate for itself. S_x, S_h and B are two layers each, with `embedding_units` for each gate
    between them. Their weights are `scale_x_kernel`, `scale_h_kernel` and `shift_kernel`, each
    `(hyper_units, 4 · embedding_units)`, `scale_x_bias` and `scale_h_bias`, which start at 1, and
    `scale_x_units`, `scale_h_units` and `shift_units`, each `(4, embedding_units, units)`. Further
    weights: `hyper_recurrent_kernel` R `(hyper_units, 4 · hyper_units)`, and scales and shifts of
    LN, `gamma_u` and `beta_u` `(4, hyper_units)`, and so on. The last block of `kernel` and of
    `recurrent_kernel`, u, is that of the small LSTM.

    Deviations: none from the authors' code with layer normalisation, but for the order of columns,
    there i, g, f, o.

    Source: Ha, Dai & Le, 2017, HyperNetworks, https://arxiv.org/abs/1609.09106
    """

    gates = ("i", "f", "g", "o")
    inputs = recurrent_gates = ("i", "f", "g", "o", "u")
    biased_gates = ("i", "f", "g", "o")
    widths = {"u": "hyper_columns"}
    states = ("h", "c", "y", "q")
    without = ("unit_forget_bias", "output_activation")
    roles = {
        "hyper_recurrent": "orthogonal",
        "scale": "zeros",
        "shift": {"class_name": "RandomNormal", "config": {"stddev": 0.01}},
        "gamma": "ones",
        "beta": "zeros",
    }
    letters = {
        "hyper_recurrent_kernel": "R",
        "scale": "S",
        "shift": "B",
        "gamma": "γ",
        "beta": "β",
        "layer_norm": "LN",
    }
    descriptions = {
        "hyper_recurrent": "recurrent weights R of the small LSTM",
        "scale": "weights of the scales S",
        "shift": "weights of the shifts B",
        "gamma": "scales γ of the layer normalisations",
        "beta": "shifts β of the layer normalisations",
        "hyper_units": "positive integer, units of the small LSTM.",
        "embedding_units": "positive integer, of how many numbers a scale or shift is made.",
        "epsilon": "small positive number added to the variance in a layer normalisation.",
    }

    def __init__(self, *args, hyper_units=128, embedding_units=4, epsilon=1e-3, **kwargs):
        super().__init__(*args, **kwargs)
        name = "HyperLSTMCell"
        self.hyper_units = positive_int("hyper_units", hyper_units, name)
        self.embedding_units = positive_int("embedding_units", embedding_units, name)
        self.epsilon = number("epsilon", epsilon, name, lambda e: e > 0, "above 0")
        self.hyper_columns = 4 * self.hyper_units

    @property
    def state_size(self):
        return [self.units, self.units, self.hyper_units, self.hyper_units]

    def build(self, input_shape):
        super().build(input_shape)
        units, small, embedding = self.units, self.hyper_units, self.embedding_units
        self.hyper_recurrent_kernel = self.add_role_weight(
            "hyper_recurrent_kernel", (small, 4 * small), "hyper_recurrent"
        )
        scale = keras.initializers.Constant(0.1 / embedding)
        for name, start in (("scale_x", scale), ("scale_h", scale), ("shift", "zeros")):
            role, made, kernel = name[:5], (4, embedding, units), f"{name}_kernel"
            weight = self.add_role_weight(kernel, (small, 4 * embedding), role)
            setattr(self, kernel, weight)
            setattr(self, f"{name}_units", self.add_role_weight(f"{name}_units", made, role, start))
        for name in ("scale_x_bias", "scale_h_bias"):
            setattr(self, name, self.add_role_weight(name, (4 * embedding,), "scale", "ones"))
        for at, shape in (("u", (4, small)), ("q", (small,)), ("a", (4, units)), ("c", (units,))):
            for role in ("gamma", "beta"):
                name = f"{role}_{at}"
                setattr(self, name, self.add_role_weight(name, shape, role))

    def project(self, inputs):
        # The biases are added to what is scaled.
        return self.project_kernel(inputs)

    def scale(self, y, at):
        """Factors of the products with the weights of the input or of the state, by gate."""
        a = y @ self.matrix(getattr(self, f"scale_{at}_kernel"))
        return self._made(a + getattr(self, f"scale_{at}_bias"), getattr(self, f"scale_{at}_units"))

    def shift(self, y):
        """Shifts of the biases, by gate."""
        return self._made(y @ self.matrix(self.shift_kernel), self.shift_units)

    def _made(self, a, made):
        """Embeddings of the gates, each by its own weights as columns of `units`."""
        made = ops.cast(made, self.compute_dtype)
        parts = ops.reshape(ops.cast(a, made.dtype), (-1, 4, self.embedding_units))
        products = operations.matmul(ops.transpose(parts, (1, 0, 2)), made)
        rows = ops.reshape(ops.transpose(products, (1, 0, 2)), (-1, 4 * self.units))
        return ops.cast(rows, a.dtype)

    def layer_norm(self, a, gamma, beta):
        """LN(a; γ, β) of each gate for itself, with the biased variance."""
        rows = ops.reshape(a, (-1, *gamma.shape))
        mean, variance = ops.moments(rows, axes=[-1], keepdims=True)
        rows = gamma * (rows - mean) * ops.rsqrt(variance + self.epsilon) + beta
        return ops.reshape(rows, (-1, a.shape[-1]))

    def step(self, Wx, U, h, c, y, q):
        m = h @ U
        u = Wx.u + m.u + y @ self.matrix(self.hyper_recurrent_kernel)
        u = self.layer_norm(u, self.gamma_u, self.beta_u)
        u_i, u_f, u_g, u_o = ops.split(u, 4, axis=-1)
        v_i = self.recurrent_activation(u_i)
        v_f = self.recurrent_activation(u_f + 1)
        v_g = self.activation(u_g)
        v_o = self.recurrent_activation(u_o)
        q = v_f * q + v_i * v_g
        y = v_o * self.activation(self.layer_norm(q, self.gamma_q, self.beta_q))
        s = self.scale(y, "x") * Wx["i f g o"].tensor
        t = self.scale(y, "h") * m["i f g o"].tensor
        a = s + t + self.shift(y)
        a = a if self.bias is None else a + self.bias
        a = self.layer_norm(a, self.gamma_a, self.beta_a)
        i, f, g, o = ops.split(a, 4, axis=-1)
        i = self.recurrent_activation(i)
        f = self.recurrent_activation(f + 1)
        g = self.activation(g)
        o = self.recurrent_activation(o)
        c = f * c + i * g
        h = o * self.activation(self.layer_norm(c, self.gamma_c, self.beta_c))
        values = {"u": u, "v_i": v_i, "v_f": v_f, "v_g": v_g, "v_o": v_o, "s": s, "t": t}
        return (h, c, y, q), {**values, "i": i, "f": f, "g": g, "o": o}
