"""The recurrent network with one gate through time and another through depth."""

from keras.ops import relu

from kerasgates.core.cell import AbstractRNNCell, register


@register
class IntersectionRNNCell(AbstractRNNCell):
    """Intersection RNN (+RNN): one gate for the state, one for what goes up to the next layer.

        z  = σ(W_z x + U_z h + b_z)
        n  = φ(W_n x + U_n h + b_n)
        k  = σ(W_k x + U_k h + b_k)
        v  = relu(W_v x + U_v h + b_v)
        y  = k ⊙ W_s x + (1 − k) ⊙ v
        h' = z ⊙ h + (1 − z) ⊙ n

    The output is y, which is no state. z near 1 keeps the old state, k near 1 passes on the input.

    Deviations: the paper has x itself in place of W_s x, and so as many features as units; with the
    identity for W_s, the last block of `kernel`, this is the paper's. The authors add 1 to the
    biases of both gates, here they start at 0.

    Source: Collins, Sohl-Dickstein & Sussillo, 2017, Capacity and trainability in recurrent neural
    networks, https://arxiv.org/abs/1611.09913
    """

    gates = ("z", "n", "k", "v")
    inputs = ("z", "n", "k", "v", "s")
    widths = {"s": "units", "y": "units"}
    states = ("h",)
    output_name = "y"

    def step(self, Wx, U, h):
        z, n, k, v = Wx["z n k v"] + h @ U
        z = self.recurrent_activation(z)
        n = self.activation(n)
        k = self.recurrent_activation(k)
        v = relu(v)
        y = k * Wx.s + (1 - k) * v
        h = z * h + (1 - z) * n
        return (h,), {"z": z, "n": n, "k": k, "v": v, "y": y}
