"""The recurrent network whose memory is a weighted sum of its inputs."""

from kerasgates.core.cell import AbstractRNNCell, register


@register
class RANCell(AbstractRNNCell):
    """Recurrent additive network (RAN): an LSTM whose memory adds up linear pieces of the input.

        i  = σ(W_i x + U_i h + b_i)
        f  = σ(W_f x + U_f h + b_f)
        n  = W_n x
        c' = i ⊙ n + f ⊙ c
        h' = φ(c')

    The content n has neither recurrent weights nor a bias. The paper's other output, the memory
    itself, is `activation="linear"`.

    Deviations: the authors' code starts from biases of 0, this cell from `unit_forget_bias`.

    Source: Lee, Levy & Zettlemoyer, 2017, Recurrent additive networks,
    https://arxiv.org/abs/1705.07393
    """

    gates = ("i", "f", "n")
    recurrent_gates = biased_gates = ("i", "f")
    states = ("h", "c")
    without = ("output_activation",)
    descriptions = {"activation": "squashing function φ of the memory on its way to the output."}

    def step(self, Wx, U, h, c):
        i, f = Wx["i f"] + h @ U
        i = self.recurrent_activation(i)
        f = self.recurrent_activation(f)
        n = Wx.n
        c = i * n + f * c
        h = self.activation(c)
        return (h, c), {"i": i, "f": f, "n": n}
