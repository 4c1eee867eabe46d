"""DropConnect: recurrent weights that are dropped in training."""

import keras
from keras import ops

from kerasgates.core import arguments
from kerasgates.core.wrapper import CellWrapper, check_recurrent


@keras.saving.register_keras_serializable(package="kerasgates")
class DropConnect(CellWrapper):
    """DropConnect (weight-dropped cell): in training entries of the recurrent weights are zero.

        U = m ⊙ V / (1 − rate)

    V is `recurrent_kernel` of the cell. m has an entry for each weight: 0 with probability `rate`,
    else 1. It is drawn once for each call, and is the same for all rows and steps. Outside training
    U is V.

    Source: Merity, Keskar & Socher, 2018, Regularizing and optimizing LSTM language models,
    https://arxiv.org/abs/1708.02182

    Args:
        cell: a cell with `gates` that has a `recurrent_kernel`, or a wrapper of one.
        rate: share in [0, 1) of the recurrent weights that are dropped.
        seed: integer that makes what is drawn reproducible.

    Raises:
        ValueError: if `cell` is anything else, or another argument has an impossible value.
    """

    letters = {"parametrise": "drop"}

    def __init__(self, cell, rate=0.5, *, seed=None, **kwargs):
        super().__init__(cell, **kwargs)
        check_recurrent(self)
        self.rate = arguments.number("rate", rate, "DropConnect", lambda r: 0 <= r < 1, "in [0, 1)")
        self.seed = None if seed is None else arguments.integer("seed", seed, "DropConnect")
        self.seed_generator = keras.random.SeedGenerator(self.seed) if self.rate else None

    def draw_own_mask(self):
        if self.seed_generator is None or self._recurrent_dropout_mask is not None:
            return False
        ones = ops.ones(self.recurrent_kernel.shape, self.variable_dtype)
        mask = keras.random.dropout(ones, self.rate, seed=self.seed_generator)
        # Where the masks of a cell stand that are forgotten after each call.
        self._recurrent_dropout_mask = mask
        return True

    def parametrise(self, U, training=False):
        U = super().parametrise(U, training)
        mask = self._recurrent_dropout_mask
        return U if mask is None or not training else U * ops.cast(mask, U.dtype)
