"""The gated recurrent network that comes to rest where nothing comes in."""

from kerasgates.core.cell import AbstractRNNCell, register


@register
class CFNCell(AbstractRNNCell):
    """Chaos-free network (CFN): forget and input gate between the squashed state and the input.

        i  = σ(W_i x + U_i h + b_i)
        f  = σ(W_f x + U_f h + b_f)
        n  = φ(W_n x)
        h' = f ⊙ φ(h) + i ⊙ n

    Without input the state goes to zero from wherever it is. f and i are the paper's horizontal
    gate θ and vertical gate η; the candidate has neither recurrent weights nor a bias.

    The cell of TensorFlow 1 has 1 − i where the paper has i.

    Source: Laurent & von Brecht, 2017, A recurrent neural network without chaos,
    https://arxiv.org/abs/1612.06212
    """

    gates = ("i", "f", "n")
    recurrent_gates = biased_gates = ("i", "f")
    states = ("h",)

    def step(self, Wx, U, h):
        i, f = Wx["i f"] + h @ U
        i = self.recurrent_activation(i)
        f = self.recurrent_activation(f)
        n = self.activation(Wx.n)
        h = f * self.activation(h) + i * n
        return (h,), {"i": i, "f": f, "n": n}
