"""Weight normalisation of a cell's recurrent weights."""

import keras
from keras import ops

from kerasgates.core import operations
from kerasgates.core.wrapper import CellWrapper, check_recurrent

#: Lengths below it count as this one, so that weights of zero have gradients.
SHORTEST = 1e-12


@keras.saving.register_keras_serializable(package="kerasgates")
class WeightNorm(CellWrapper):
    """Weight normalisation: directions and lengths of the recurrent weights are trained apart.

        U = s V / ‖V‖

    V is `recurrent_kernel` of the cell, and ‖V‖ the length of each of its columns: of the weights
    of one entry of one gate. s, `recurrent_scale (columns,)`, begins as ‖V‖, so that U begins as V;
    where V has been set anew, as from another cell, `set_scale()` makes it so again. U is computed
    once before the first step.

    Deviations: the paper gives all weights of a layer lengths of their own. Here these are the
    recurrent weights alone: `kernel`, the bias and further weights are trained as the cell has
    them.

    Source: Salimans & Kingma, 2016, Weight normalization: a simple reparameterization to accelerate
    training of deep neural networks, https://arxiv.org/abs/1602.07868

    Args:
        cell: a cell with `gates` that has a `recurrent_kernel`, or a wrapper of one.

    Raises:
        ValueError: if `cell` is anything else.
    """

    letters = {"recurrent_scale": "s", "parametrise": "norm"}

    def __init__(self, cell, **kwargs):
        super().__init__(cell, **kwargs)
        check_recurrent(self)

    def build_weights(self, features):
        super().build_weights(features)
        self.recurrent_scale = self.add_weight(
            name="recurrent_scale",
            shape=(self.recurrent_kernel.shape[-1],),
            initializer=self._lengths,
            autocast=False,
        )

    def _lengths(self, shape, dtype=None):
        return ops.cast(_lengths(ops.convert_to_tensor(self.recurrent_kernel)), dtype)

    def set_scale(self):
        """Set the lengths to those of the weights as they are, so that these are used unchanged."""
        self.recurrent_scale.assign(self._lengths(None, self.recurrent_scale.dtype))

    def parametrise(self, U, training=False):
        U = super().parametrise(U, training)
        scale = ops.convert_to_tensor(self.recurrent_scale)
        return U * ops.cast(scale / _lengths(U), U.dtype)


def _lengths(U):
    """Lengths of the columns of a matrix."""
    return ops.sqrt(operations.maximum(ops.sum(ops.square(U), axis=0), SHORTEST**2))
