"""The simple recurrent network with a context that changes slowly."""

from keras import ops

from kerasgates.core.arguments import number, positive_int
from kerasgates.core.cell import AbstractRNNCell, register


@register
class SCRNCell(AbstractRNNCell):
    """Structurally constrained recurrent network (SCRN): a simple cell beside a leaky memory.

        s' = (1 − α) W_s x + α s                         α = `alpha`
        h' = σ(W_h x + U_h h + P s' + b_h)
        y  = [h', s']

    The output is y, the hidden state and the context side by side, which the paper's softmax reads.
    The context s has `context_units` entries and neither recurrent weights nor a bias; further
    weight: `context_kernel` P `(context_units, units)`.

    Source: Mikolov, Joulin, Chopra, Mathieu & Ranzato, 2015, Learning longer memory in recurrent
    neural networks, https://arxiv.org/abs/1412.7753
    """

    gates = ("h", "s")
    recurrent_gates = biased_gates = ("h",)
    widths = {"s": "context_units", "y": "output_units"}
    states = ("h", "s")
    output_name = "y"
    without = ("activation",)
    roles = {"context": "glorot_uniform"}
    letters = {"context_kernel": "P", "alpha": "α"}
    descriptions = {
        "context": "weights P of the context",
        "context_units": "positive integer, entries of the context s.",
        "alpha": "share α of the context that is kept in each step, in [0, 1].",
    }

    def __init__(self, *args, use_bias=False, context_units: int, alpha=0.95, **kwargs):
        super().__init__(*args, use_bias=use_bias, **kwargs)
        self.context_units = positive_int("context_units", context_units, "SCRNCell")
        self.output_units = self.units + self.context_units
        self.alpha = number("alpha", alpha, "SCRNCell", lambda v: 0 <= v <= 1, "in [0, 1]")

    @property
    def state_size(self):
        return [self.units, self.context_units]

    def build(self, input_shape):
        super().build(input_shape)
        self.context_kernel = self.add_role_weight(
            "context_kernel", (self.context_units, self.units), "context"
        )

    def recurrent_kernel_shape(self):
        return self.units, self.units

    def step(self, Wx, U, h, s):
        s = (1 - self.alpha) * Wx.s + self.alpha * s
        h = self.recurrent_activation(Wx.h + h @ U.h + s @ self.matrix(self.context_kernel))
        y = ops.concatenate([h, s], axis=-1)
        return (h, s), {"y": y}
