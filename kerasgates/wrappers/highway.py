"""Highway connections around a cell: a gate mixes its output and its input."""

import numbers

import keras
from keras import ops

from kerasgates.core import arguments, operations
from kerasgates.core.wrapper import CellWrapper
from kerasgates.wrappers.residual import check_same_size


@keras.saving.register_keras_serializable(package="kerasgates")
class Highway(CellWrapper):
    """Highway connection: a gate decides, entry by entry, for what the cell gives or for the input.

        t = σ(W_t x + b_t)
        y = t ⊙ h' + (1 − t) ⊙ x

    h' is the output of the cell, whatever it is called there. The input must have as many features
    as the output has entries; it is taken as it was before dropout. Further weights:
    `transform_kernel (features, features)` and `transform_bias (features,)`.

    Source: Srivastava, Greff & Schmidhuber, 2015, Highway networks,
    https://arxiv.org/abs/1505.00387

    Args:
        cell: a cell with `gates`, or a wrapper of one.
        bias_initializer: initialiser of b_t, or a number; a low one lets the input through at the
            start of training.
        kernel_initializer: initialiser of W_t.
        kernel_regularizer: regulariser of W_t.

    Raises:
        ValueError: if `cell` is anything else, or another argument is none of its kind; when it is
            built, if the input has not as many features as the output of `cell` has entries.
    """

    keeps_inputs = True
    letters = {"transform_kernel": "W_t", "transform_bias": "b_t"}

    def __init__(
        self,
        cell,
        *,
        bias_initializer=-1.0,
        kernel_initializer="glorot_uniform",
        kernel_regularizer=None,
        **kwargs,
    ):
        super().__init__(cell, **kwargs)
        if isinstance(bias_initializer, numbers.Real):
            bias_initializer = keras.initializers.Constant(float(bias_initializer))
        self.bias_initializer = arguments.read("bias_initializer", bias_initializer)
        self.kernel_initializer = arguments.read("kernel_initializer", kernel_initializer)
        self.kernel_regularizer = arguments.read("kernel_regularizer", kernel_regularizer)
        self.output_name, self.gate_name = self.free_name("y"), self.free_name("t")
        self.input_name = self.free_name("x")

    @property
    def own_blocks(self):
        return {self.gate_name: self.features, self.input_name: self.features}

    def build_weights(self, features):
        super().build_weights(features)
        check_same_size(self, features)
        self.transform_kernel = self.add_weight(
            name="transform_kernel",
            shape=(features, features),
            initializer=self.kernel_initializer,
            regularizer=self.kernel_regularizer,
            autocast=False,
        )
        self.transform_bias = self.add_weight(
            name="transform_bias",
            shape=(features,),
            initializer=self.bias_initializer,
            autocast=False,
        )

    def project_own(self, x, noise):
        kernel = ops.cast(self.transform_kernel, self.compute_dtype)
        a = operations.matmul(ops.cast(x, self.compute_dtype), kernel)
        return [a + ops.cast(self.transform_bias, a.dtype), x]

    def step(self, Wx, U, *states):
        new, values, output = self.inner_step(Wx, U, states)
        t = ops.sigmoid(getattr(Wx, self.gate_name))
        y = t * output + (1 - t) * getattr(Wx, self.input_name)
        return tuple(new), {**values, self.gate_name: t, self.output_name: y}
