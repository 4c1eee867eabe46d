"""The LSTM whose memory is another LSTM."""

from keras import ops

from kerasgates.core.cell import AbstractRNNCell, register


@register
class NestedLSTMCell(AbstractRNNCell):
    """Nested LSTM (NLSTM): an inner LSTM takes the place of the sum that makes the memory.

        i   = σ(W_i x + U_i h + b_i)
        f   = σ(W_f x + U_f h + b_f)
        g   = φ(W_g x + U_g h + b_g)
        o   = σ(W_o x + U_o h + b_o)
        y   = i ⊙ g
        s   = f ⊙ c
        i_2 = σ(V_i y + R_i s + d_i)
        f_2 = σ(V_f y + R_f s + d_f)
        g_2 = φ(V_g y + R_g s + d_g)
        o_2 = σ(V_o y + R_o s + d_o)
        q'  = f_2 ⊙ q + i_2 ⊙ g_2
        c'  = o_2 ⊙ φ(q')
        h'  = o ⊙ φ(c')

    The inner LSTM reads y with the state s and the memory q; the outer memory c is its output.
    Further weights, with columns in the order i, f, g, o: `inner_kernel` V and
    `inner_recurrent_kernel` R, each `(units, 4 · units)`, and `inner_bias` d `(4 · units,)`.

    Source: Moniz & Krueger, 2018, Nested LSTMs, https://arxiv.org/abs/1801.10308
    """

    gates = ("i", "f", "g", "o")
    states = ("h", "c", "q")
    roles = {"inner": "glorot_uniform", "inner_recurrent": "orthogonal"}
    letters = {"inner_kernel": "V", "inner_recurrent_kernel": "R", "inner_bias": "d"}
    descriptions = {"inner": "weights V", "inner_recurrent": "weights R"}

    def build(self, input_shape):
        super().build(input_shape)
        shape = self.units, 4 * self.units
        self.inner_kernel = self.add_role_weight("inner_kernel", shape, "inner")
        self.inner_recurrent_kernel = self.add_role_weight(
            "inner_recurrent_kernel", shape, "inner_recurrent"
        )
        shape = shape[1:] if self.use_bias else None
        self.inner_bias = self.add_role_weight("inner_bias", shape, "bias", self.initial_bias)

    def step(self, Wx, U, h, c, q):
        i, f, g, o = Wx + h @ U
        i = self.recurrent_activation(i)
        f = self.recurrent_activation(f)
        g = self.activation(g)
        o = self.recurrent_activation(o)
        y = i * g
        s = f * c
        a = y @ self.matrix(self.inner_kernel) + s @ self.matrix(self.inner_recurrent_kernel)
        a = a if self.inner_bias is None else a + self.inner_bias
        a_i, a_f, a_g, a_o = ops.split(a, 4, axis=-1)
        i_2 = self.recurrent_activation(a_i)
        f_2 = self.recurrent_activation(a_f)
        g_2 = self.activation(a_g)
        o_2 = self.recurrent_activation(a_o)
        q = f_2 * q + i_2 * g_2
        c = o_2 * self.output_activation(q)
        h = o * self.output_activation(c)
        inner = {"i_2": i_2, "f_2": f_2, "g_2": g_2, "o_2": o_2}
        return (h, c, q), {"i": i, "f": f, "g": g, "o": o, "y": y, "s": s, **inner}
