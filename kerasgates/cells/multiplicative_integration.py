"""Cells in which the products with the input and with the state are multiplied, too."""

from kerasgates.core.blocks import Blocks
from kerasgates.core.cell import AbstractRNNCell, register


class _MultiplicativeIntegration(AbstractRNNCell):
    """Base class of cells with multiplicative integration: weights of the terms, and their sum."""

    roles = {"alpha": "ones", "beta": "ones"}
    letters = {"alpha": "α", "beta": "β"}
    descriptions = {
        "alpha": "weights α of the product of both",
        "beta": "weights β of the single products",
    }

    def build(self, input_shape):
        super().build(input_shape)
        shape = (len(self.gates) * self.units,)
        self.alpha = self.add_role_weight("alpha", shape, "alpha")
        self.beta_1 = self.add_role_weight("beta_1", shape, "beta")
        self.beta_2 = self.add_role_weight("beta_2", shape, "beta")

    def project(self, inputs):
        return self.project_kernel(inputs)

    def integrate(self, Wx, Uh):
        """α ⊙ W x ⊙ U h + β_1 ⊙ U h + β_2 ⊙ W x + b of each gate that both blocks have."""
        weights = [self.alpha, self.beta_1, self.beta_2]
        weights += [] if self.bias is None else [self.bias]
        sums = []
        for gate, x, m in zip(Uh.names, Wx, Uh):
            alpha, beta_1, beta_2, *bias = (Blocks(w, self.gates)[gate].tensor for w in weights)
            sums.append(sum(bias, alpha * x * m + beta_1 * m + beta_2 * x))
        return sums


@register
class MILSTMCell(_MultiplicativeIntegration):
    """LSTM with multiplicative integration.

        i  = σ(α_i ⊙ W_i x ⊙ U_i h + β_1,i ⊙ U_i h + β_2,i ⊙ W_i x + b_i)
        f  = σ(α_f ⊙ W_f x ⊙ U_f h + β_1,f ⊙ U_f h + β_2,f ⊙ W_f x + b_f)
        g  = φ(α_g ⊙ W_g x ⊙ U_g h + β_1,g ⊙ U_g h + β_2,g ⊙ W_g x + b_g)
        o  = σ(α_o ⊙ W_o x ⊙ U_o h + β_1,o ⊙ U_o h + β_2,o ⊙ W_o x + b_o)
        c' = f ⊙ c + i ⊙ g
        h' = o ⊙ φ(c')

    Further weights: `alpha`, `beta_1` and `beta_2`, each `(4 · units,)`. With α = 0 and
    β_1 = β_2 = 1 it is the LSTM.

    Deviations: the paper has other numbers for each task at which α and β start; here it is 1.

    Source: Wu, Zhang, Zhang, Bengio & Salakhutdinov, 2016, On multiplicative integration with
    recurrent neural networks, https://arxiv.org/abs/1606.06630
    """

    gates = ("i", "f", "g", "o")
    states = ("h", "c")

    def step(self, Wx, U, h, c):
        i, f, g, o = self.integrate(Wx, h @ U)
        i = self.recurrent_activation(i)
        f = self.recurrent_activation(f)
        g = self.activation(g)
        o = self.recurrent_activation(o)
        c = f * c + i * g
        h = o * self.output_activation(c)
        return (h, c), {"i": i, "f": f, "g": g, "o": o}


@register
class MIGRUCell(_MultiplicativeIntegration):
    """GRU with multiplicative integration, reset gate before the product.

        z  = σ(α_z ⊙ W_z x ⊙ U_z h + β_1,z ⊙ U_z h + β_2,z ⊙ W_z x + b_z)
        r  = σ(α_r ⊙ W_r x ⊙ U_r h + β_1,r ⊙ U_r h + β_2,r ⊙ W_r x + b_r)
        n  = φ(α_n ⊙ W_n x ⊙ U_n (r ⊙ h) + β_1,n ⊙ U_n (r ⊙ h) + β_2,n ⊙ W_n x + b_n)
        h' = z ⊙ h + (1 − z) ⊙ n

    z near 1 keeps the old state. Further weights: `alpha`, `beta_1` and `beta_2`, each
    `(3 · units,)`. With α = 0 and β_1 = β_2 = 1 it is GRUCell.

    Deviations: the paper has other numbers for each task at which α and β start; here it is 1.

    Source: Wu, Zhang, Zhang, Bengio & Salakhutdinov, 2016, On multiplicative integration with
    recurrent neural networks, https://arxiv.org/abs/1606.06630
    """

    gates = ("z", "r", "n")
    states = ("h",)

    def step(self, Wx, U, h):
        z, r = self.integrate(Wx["z r"], h @ U["z r"])
        z = self.recurrent_activation(z)
        r = self.recurrent_activation(r)
        (n,) = self.integrate(Wx["n"], (r * h) @ U["n"])
        n = self.activation(n)
        h = z * h + (1 - z) * n
        return (h,), {"z": z, "r": r, "n": n}
