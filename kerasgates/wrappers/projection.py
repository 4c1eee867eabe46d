"""Output projections of a cell."""

import keras

from kerasgates.core import arguments
from kerasgates.core.wrapper import CellWrapper


@keras.saving.register_keras_serializable(package="kerasgates")
class Projection(CellWrapper):
    """Output projection: the output is a linear map of what the cell gives.

        y = W_y h' + b_y

    h' is the output of the cell, whatever it is called there. What goes to the next step is h', and
    not y; in `LSTMPCell` the projection itself is fed back. Further weights:
    `output_kernel (entries, units)` and `output_bias (units,)`.

    Source: Graves, 2013, Generating sequences with recurrent neural networks, equation 3,
    https://arxiv.org/abs/1308.0850

    Args:
        cell: a cell with `gates`, or a wrapper of one.
        size: positive integer, the number of entries of the output.
        has_bias: whether there is b_y.
        kernel_initializer: initialiser of W_y.
        kernel_regularizer: regulariser of W_y.

    Raises:
        ValueError: if `cell` is anything else, or another argument has an impossible value.
    """

    letters = {"output_kernel": "W_y", "output_bias": "b_y"}

    def __init__(
        self,
        cell,
        size,
        *,
        has_bias=True,
        kernel_initializer="glorot_uniform",
        kernel_regularizer=None,
        **kwargs,
    ):
        super().__init__(cell, **kwargs)
        self.size = arguments.positive_int("size", size, "Projection")
        self.has_bias = arguments.boolean("has_bias", has_bias, "Projection")
        self.kernel_initializer = arguments.read("kernel_initializer", kernel_initializer)
        self.kernel_regularizer = arguments.read("kernel_regularizer", kernel_regularizer)
        self.output_name = self.free_name("y")

    @property
    def output_size(self):
        return self.size

    def build_weights(self, features):
        super().build_weights(features)
        self.output_kernel = self.add_weight(
            name="output_kernel",
            shape=(self.cell.output_size, self.size),
            initializer=self.kernel_initializer,
            regularizer=self.kernel_regularizer,
            autocast=False,
        )
        self.output_bias = None
        if self.has_bias:
            self.output_bias = self.add_weight(
                name="output_bias", shape=(self.size,), initializer="zeros", autocast=False
            )

    def step(self, Wx, U, *states):
        new, values, output = self.inner_step(Wx, U, states)
        y = output @ self.matrix(self.output_kernel)
        if self.output_bias is not None:
            y = y + self.output_bias
        return tuple(new), {**values, self.output_name: y}
