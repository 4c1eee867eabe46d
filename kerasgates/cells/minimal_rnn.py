"""The recurrent network that takes the state and a code of the input in shares."""

from kerasgates.core.cell import AbstractRNNCell, register


@register
class MinimalRNNCell(AbstractRNNCell):
    """MinimalRNN: an update gate between the old state and the encoded input.

        n  = φ(W_n x + b_n)
        z  = σ(U_z h + V n + b_z)
        h' = z ⊙ h + (1 − z) ⊙ n

    The gate sees the input through its code n alone. Further weight: `latent_kernel` V
    `(units, units)`.

    Deviations: the paper leaves the encoder open, and takes this layer of φ; TensorFlow 1 gave it
    no bias b_n.

    Source: Chen, 2017, MinimalRNN: Toward more interpretable and trainable recurrent neural
    networks, https://arxiv.org/abs/1711.06788
    """

    gates = ("n", "z")
    inputs = ("n",)
    recurrent_gates = ("z",)
    states = ("h",)
    roles = {"latent": "glorot_uniform"}
    letters = {"latent_kernel": "V"}
    descriptions = {"latent": "weights V of the code n"}

    def build(self, input_shape):
        super().build(input_shape)
        shape = self.units, self.units
        self.latent_kernel = self.add_role_weight("latent_kernel", shape, "latent")

    def step(self, Wx, U, h):
        n = self.activation(Wx.n)
        z = self.recurrent_activation(h @ U.z + n @ self.matrix(self.latent_kernel) + Wx.z)
        h = z * h + (1 - z) * n
        return (h,), {"n": n, "z": z}
