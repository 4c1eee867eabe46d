"""The recurrent network with a weighted residual connection."""

from keras.ops import sigmoid

from kerasgates.core.cell import AbstractRNNCell, register


@register
class FastRNNCell(AbstractRNNCell):
    """FastRNN: a simple recurrent cell with two scalar weights, of the new and of the old state.

        n  = φ(W x + U h + b)
        h' = σ(α) n + σ(β) h

    σ is the logistic function. Further weights: `alpha` and `beta`, each `(1,)`; they start at −3
    and 3, as in the authors' code, so that most of the state is kept.

    Source: Kusupati et al., 2018, FastGRNN: A fast, accurate, stable and tiny kilobyte sized gated
    recurrent neural network, https://arxiv.org/abs/1901.02358
    """

    gates = ("n",)
    states = ("h",)
    without = ("recurrent_activation",)
    roles = {
        "alpha": {"class_name": "Constant", "config": {"value": -3.0}},
        "beta": {"class_name": "Constant", "config": {"value": 3.0}},
    }
    letters = {"alpha": "α", "beta": "β"}
    descriptions = {
        "alpha": "weight α of the new, before its σ",
        "beta": "weight β of the old state, before its σ",
    }

    def build(self, input_shape):
        super().build(input_shape)
        self.alpha = self.add_role_weight("alpha", (1,), "alpha")
        self.beta = self.add_role_weight("beta", (1,), "beta")

    def step(self, Wx, U, h):
        n = self.activation(Wx.n + h @ U.n)
        h = sigmoid(self.alpha) * n + sigmoid(self.beta) * h
        return (h,), {"n": n}
