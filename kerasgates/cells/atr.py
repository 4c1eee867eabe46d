"""The gated network whose two gates are the sum and the difference of the same products."""

from kerasgates.core.cell import AbstractRNNCell, register


@register
class ATRCell(AbstractRNNCell):
    """Addition-subtraction twin-gated recurrent network (ATR): one product of each kind.

        i  = σ(W x + U h)
        f  = σ(W x − U h)
        h' = i ⊙ W x + f ⊙ h

    With `use_bias=True` U h is U h + b in both gates, as in the authors' code; the paper has no
    bias.

    Source: Zhang, Xiong, Su, Lin & Zhang, 2018, Simplifying neural machine translation with
    addition-subtraction twin-gated recurrent networks, https://arxiv.org/abs/1810.12546
    """

    gates = ("p",)
    states = ("h",)
    without = ("activation",)

    def __init__(self, *args, use_bias=False, **kwargs):
        super().__init__(*args, use_bias=use_bias, **kwargs)

    def project(self, inputs):
        return self.project_kernel(inputs)

    def step(self, Wx, U, h):
        p, q = Wx.p, self.add_bias(h @ U.p)
        i = self.recurrent_activation(p + q)
        f = self.recurrent_activation(p - q)
        h = i * p + f * h
        return (h,), {"i": i, "f": f}
