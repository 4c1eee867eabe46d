"""The LSTM whose memory is ordered, so that long-term units are overwritten last."""

import numpy as np
from keras import ops

from kerasgates.core import operations
from kerasgates.core.arguments import divisor
from kerasgates.core.cell import AbstractRNNCell, register


@register
class ONLSTMCell(AbstractRNNCell):
    """Ordered neurons LSTM (ON-LSTM): two master gates that rise and fall from unit to unit.

        mf = cumax(W_mf x + U_mf h + b_mf)
        mi = 1 − cumax(W_mi x + U_mi h + b_mi)
        i  = σ(W_i x + U_i h + b_i) ⊙ mf ⊙ mi + mi − mf ⊙ mi
        f  = σ(W_f x + U_f h + b_f) ⊙ mf ⊙ mi + mf − mf ⊙ mi
        g  = φ(W_g x + U_g h + b_g)
        o  = σ(W_o x + U_o h + b_o)
        c' = f ⊙ c + i ⊙ g
        h' = o ⊙ φ(c')

    cumax is the cumulative sum of a softmax, between 0 and 1; each of its entries is that of
    `chunk_size` units. i and f are what the memory sees of both gates: the paper's, with a hat.

    Source: Shen, Tan, Sordoni & Courville, 2019, Ordered neurons: Integrating tree structures into
    recurrent neural networks, https://arxiv.org/abs/1810.09536
    """

    gates = ("i", "f", "g", "o", "mf", "mi")
    widths = {"mf": "chunks", "mi": "chunks"}
    states = ("h", "c")
    descriptions = {
        "chunk_size": "positive integer, the number of units that share an entry of the master "
        "gates; `units` must be a multiple of it.",
    }

    def __init__(self, *args, chunk_size: int = 1, **kwargs):
        super().__init__(*args, **kwargs)
        self.chunk_size = divisor("chunk_size", chunk_size, "ONLSTMCell", self.units)
        self.chunks = self.units // self.chunk_size

    def cumax(self, a):
        """Cumulative sums of the softmax, each for as many units as share it."""
        sums = np.repeat(np.triu(np.ones((self.chunks, self.chunks))), self.chunk_size, axis=1)
        return operations.matmul(operations.softmax(a), ops.cast(sums, a.dtype))

    def step(self, Wx, U, h, c):
        i, f, g, o, mf, mi = Wx + h @ U
        mf = self.cumax(mf)
        mi = 1 - self.cumax(mi)
        i = self.recurrent_activation(i) * mf * mi + mi - mf * mi
        f = self.recurrent_activation(f) * mf * mi + mf - mf * mi
        g = self.activation(g)
        o = self.recurrent_activation(o)
        c = f * c + i * g
        h = o * self.output_activation(c)
        return (h, c), {"mf": mf, "mi": mi, "i": i, "f": f, "g": g, "o": o}
