"""The echo state network: a fixed random reservoir under a trained read-out."""

import numpy as np
from keras import ops

from kerasgates.core.arguments import number
from kerasgates.core.cell import AbstractRNNCell, register


@register
class ESNCell(AbstractRNNCell):
    """Echo state network cell: random recurrent weights that are never trained.

        h' = (1 − α) h + α φ(W x + U h + b)              α = `leaky`

    U is drawn from `recurrent_initializer`, thinned out to the share `connectivity`, and
    scaled to the spectral radius `spectral_radius`. All weights are frozen: put a trained
    layer on top. `seed` also fixes which entries of U are zero; their values are up to the seed
    of `recurrent_initializer`.

    Source: Jaeger, 2001, The "echo state" approach to analysing and training recurrent
    neural networks, GMD report 148, https://www.ai.rug.nl/minds/uploads/EchoStatesTechRep.pdf
    """

    gates = ("h",)
    states = ("h",)
    without = ("recurrent_activation",)
    frozen = True
    letters = {"leaky": "α"}
    descriptions = {
        "leaky": "leak rate α, in (0, 1]; 1 forgets the old state but for U h.",
        "connectivity": "share of the entries of U that are not zero, in (0, 1].",
        "spectral_radius": "largest absolute eigenvalue of U after scaling, positive.",
    }

    def __init__(
        self,
        *args,
        recurrent_initializer="glorot_uniform",
        leaky=1.0,
        connectivity=0.1,
        spectral_radius=0.9,
        **kwargs,
    ):
        super().__init__(*args, recurrent_initializer=recurrent_initializer, **kwargs)
        for name, value in (("leaky", leaky), ("connectivity", connectivity)):
            setattr(self, name, number(name, value, "ESNCell", lambda v: 0 < v <= 1, "in (0, 1]"))
        self.spectral_radius = number(
            "spectral_radius", spectral_radius, "ESNCell", lambda v: 0 < v < np.inf, "above 0"
        )

    def add_role_weight(self, name, shape, role, initializer=None):
        reservoir = self.reservoir if role == "recurrent" else initializer
        return super().add_role_weight(name, shape, role, reservoir)

    def reservoir(self, shape, dtype=None):
        """The recurrent weights at the start: drawn, thinned out and scaled."""
        drawn = ops.convert_to_numpy(self.recurrent_initializer(shape, dtype="float32"))
        # NumPy's generator: Keras's, with the initialiser's seed, would keep only low numbers.
        seed = np.random.randint(2**31) if self.seed is None else self.seed
        chance = np.random.default_rng(seed).random(shape)
        U = np.where(chance < self.connectivity, drawn, 0.0)
        radius = np.abs(np.linalg.eigvals(U)).max()
        # A small reservoir can come out empty or without cycles: there is nothing to scale.
        scale = self.spectral_radius / radius if radius > 0 else 1.0
        return ops.convert_to_tensor(U * scale, dtype=dtype)

    def step(self, Wx, U, h):
        n = self.activation(Wx.h + h @ U.h)
        h = (1 - self.leaky) * h + self.leaky * n
        return (h,), {"h": n}
