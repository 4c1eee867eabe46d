"""The recurrent network with several highway layers in each step."""

from kerasgates.core.arguments import positive_int
from kerasgates.core.cell import AbstractRNNCell, register


@register
class RHNCell(AbstractRNNCell):
    """Recurrent highway network (RHN): each step passes through `depth` layers.

        n  = φ(W_n x + U_n h + b_n)
        t  = σ(W_t x + U_t h + b_t)
        s  = t ⊙ n + (1 − t) ⊙ h
        n2 = φ(U_n2 s + b_n2)
        t2 = σ(U_t2 s + b_t2)
        h' = t2 ⊙ n2 + (1 − t2) ⊙ s

    with `depth=2`; further layers are as the second one, and only the first sees the input. t near
    1 takes the candidate in place of the old state; the biases b_t start at −2 in all layers.
    `recurrent_kernel` is `(units, 2 · depth · units)`, with blocks n, t, n2, t2 and so on, as has
    `bias`.

    Deviations: the carry gate is 1 − t, as in all of the authors' experiments.

    Source: Zilly, Srivastava, Koutník & Schmidhuber, 2017, Recurrent highway networks,
    https://arxiv.org/abs/1607.03474
    """

    gates = ("n", "t")
    states = ("h",)
    descriptions = {
        "depth": "positive integer, the number of highway layers in each step.",
        "bias_initializer": "initialiser of the biases b, or a dict of initialisers and numbers by "
        "gate, such as `{'t2': -1.0}`; None means −2 for the gates t of all layers, and else 0.",
    }

    def __init__(self, *args, bias_initializer=None, depth: int = 3, **kwargs):
        self.depth = positive_int("depth", depth, type(self).__name__)
        levels = ["", *range(2, self.depth + 1)]
        self.recurrent_gates = tuple([f"{gate}{k}" for k in levels for gate in self.gates])
        self.biased_gates = self.recurrent_gates
        if bias_initializer is None:
            bias_initializer = dict.fromkeys(self.recurrent_gates[1::2], -2.0)
        super().__init__(*args, bias_initializer=bias_initializer, **kwargs)

    def step(self, Wx, U, h):
        values = {}
        for number in range(1, self.depth + 1):
            n, t, s = [f"{letter}{number if number > 1 else ''}" for letter in "nts"]
            a_n, a_t = Wx[f"{n} {t}"] + h @ U[f"{n} {t}"]
            values[n] = self.activation(a_n)
            values[t] = self.recurrent_activation(a_t)
            h = values[s] = values[t] * values[n] + (1 - values[t]) * h
        values.pop(s)
        return (h,), values
