"""LSTMs whose input and state gate each other before each step."""

from kerasgates.core.arguments import integer
from kerasgates.core.cell import AbstractRNNCell, register


class _Mogrifier(AbstractRNNCell):
    """Base class of the Mogrifier cells: rounds in which input and state gate each other."""

    roles = {"mogrifier": "glorot_uniform"}
    descriptions = {
        "mogrifier": "matrices Q and R",
        "rounds": "integer from 0 on, how often input and state gate each other.",
    }

    def __init__(self, *args, rounds: int = 5, **kwargs):
        super().__init__(*args, **kwargs)
        self.rounds = integer("rounds", rounds, type(self).__name__)
        if self.rounds < 0:
            raise ValueError(
                f"Argument `rounds` of {type(self).__name__} must be an integer from 0 on. "
                f"Received: rounds={rounds!r}"
            )

    def kernel_shape(self, features):
        # Applied in `step`, to what becomes of the input there.
        return features, len(self.gates) * self.units

    def build(self, input_shape):
        super().build(input_shape)
        for number in range(1, self.rounds + 1):
            sizes = (self.units, self.features) if number % 2 else (self.features, self.units)
            name = f"{'Q' if number % 2 else 'R'}_{number}"
            setattr(self, name, self.add_role_weight(name, sizes, "mogrifier"))
            shape, name = sizes[1:] if self.use_bias else None, f"bias_{number}"
            setattr(self, name, self.add_role_weight(name, shape, "bias", "zeros"))

    def mogrify(self, x, h):
        """The input and the state after all rounds, and what each was after one of them."""
        values = {}
        for number in range(1, self.rounds + 1):
            source, target, letters = (h, x, "Qx") if number % 2 else (x, h, "Rh")
            a = source @ self.matrix(getattr(self, f"{letters[0]}_{number}"))
            bias = getattr(self, f"bias_{number}")
            target = 2 * self.recurrent_activation(a if bias is None else a + bias) * target
            values[f"{letters[1]}{number}"] = target
            x, h = (target, h) if number % 2 else (x, target)
        return x, h, values


@register
class MogrifierLSTMCell(_Mogrifier):
    """Mogrifier LSTM: input and state scale each other, in turn, before an ordinary step.

        x1 = 2 σ(Q_1 h + b_1) ⊙ x
        h2 = 2 σ(R_2 x1 + b_2) ⊙ h
        i  = σ(U_i h2 + W_i x1 + b_i)
        f  = σ(U_f h2 + W_f x1 + b_f)
        g  = φ(U_g h2 + W_g x1 + b_g)
        o  = σ(U_o h2 + W_o x1 + b_o)
        c' = f ⊙ c + i ⊙ g
        h' = o ⊙ φ(c')

    with `rounds=2`; further rounds go on in the same way, the odd ones with x, and `rounds=0` is
    the LSTM. Further weights: `Q_1`, `Q_3` and so on, each `(units, features)`, `R_2`, `R_4`
    and so on, each `(features, units)`, and a bias of each round, `bias_1` and so on.

    Deviations: the biases of the rounds are in the authors' code and not in the paper. By default
    that code lets at most 1 − f in, min(i, 1 − f), which is in no equation of the paper either.

    Source: Melis, Kočiský & Blunsom, 2020, Mogrifier LSTM, https://arxiv.org/abs/1909.01792
    """

    gates = ("i", "f", "g", "o")
    inputs = ("x",)
    states = ("h", "c")

    def step(self, Wx, U, h, c):
        x, h, values = self.mogrify(Wx.x, h)
        i, f, g, o = Wx["i f g o"] + x @ self.matrix(self.kernel) + h @ U
        i = self.recurrent_activation(i)
        f = self.recurrent_activation(f)
        g = self.activation(g)
        o = self.recurrent_activation(o)
        c = f * c + i * g
        h = o * self.output_activation(c)
        return (h, c), {**values, "i": i, "f": f, "g": g, "o": o}


@register
class TiedMogrifierLSTMCell(_Mogrifier):
    """Mogrifier LSTM with a coupled input gate: what is forgotten is replaced.

        x1 = 2 σ(Q_1 h + b_1) ⊙ x
        h2 = 2 σ(R_2 x1 + b_2) ⊙ h
        f  = σ(U_f h2 + W_f x1 + b_f)
        g  = φ(U_g h2 + W_g x1 + b_g)
        o  = σ(U_o h2 + W_o x1 + b_o)
        c' = f ⊙ c + (1 − f) ⊙ g
        h' = o ⊙ φ(c')

    with `rounds=2`; further rounds go on in the same way, the odd ones with x, and `rounds=0` is
    the LSTM with coupled gates. Further weights: `Q_1`, `Q_3` and so on, each `(units, features)`,
    `R_2`, `R_4` and so on, each `(features, units)`, and a bias of each round, `bias_1` and so on.

    Deviations: the biases of the rounds are in the authors' code and not in the paper.

    Source: Melis, Kočiský & Blunsom, 2020, Mogrifier LSTM, https://arxiv.org/abs/1909.01792
    """

    gates = ("f", "g", "o")
    inputs = ("x",)
    states = ("h", "c")

    def step(self, Wx, U, h, c):
        x, h, values = self.mogrify(Wx.x, h)
        f, g, o = Wx["f g o"] + x @ self.matrix(self.kernel) + h @ U
        f = self.recurrent_activation(f)
        g = self.activation(g)
        o = self.recurrent_activation(o)
        c = f * c + (1 - f) * g
        h = o * self.output_activation(c)
        return (h, c), {**values, "f": f, "g": g, "o": o}
