"""Attention of a cell to its own last outputs."""

import keras
from keras import ops

from kerasgates.core import arguments, operations
from kerasgates.core.blocks import Blocks
from kerasgates.core.wrapper import CellWrapper, title

#: Weights by name: their sizes, of `features`, the `states` of the cell and its `output`.
_MATRICES = {
    "mix_kernel": ("features", "features"),
    "mix_context_kernel": ("output", "features"),
    "query_kernel": ("states", "output"),
    "memory_kernel": ("output", "output"),
    "output_kernel": ("output", "output"),
    "output_context_kernel": ("output", "output"),
}
_BIASES = {"mix_bias": "features", "query_bias": "output", "output_bias": "output"}


@keras.saving.register_keras_serializable(package="kerasgates")
class Attention(CellWrapper):
    """Attention to the last outputs: each step reads those of `window` steps before it.

        u  = A x + B d + b_u
        h' = step(u; h)
        a  = softmax(v · tanh(K m + Q h' + b_q))
        d' = Σ a ⊙ m
        y  = C h' + D d' + b_y
        m' = (m without the oldest, y)

    The cell reads u in place of the input x, with as many features. m holds the outputs y of the
    last `window` steps, which the shares a weigh; where the cell has several states, Q sees them
    all, side by side, as they are after the step. d, what has been read, `(batch, entries)`, and m,
    `(batch, window · entries)`, are states of the wrapper and begin as zeros. The output is y.
    Further weights: `mix_kernel` A, `mix_context_kernel` B, `mix_bias` b_u, `query_kernel` Q,
    `query_bias` b_q, `memory_kernel` K, `score_vector` v, `output_kernel` C,
    `output_context_kernel` D and `output_bias` b_y.

    Source: Bahdanau, Cho & Bengio, 2015, Neural machine translation by jointly learning to align
    and translate, https://arxiv.org/abs/1409.0473, in the form of TensorFlow 1's
    AttentionCellWrapper

    Args:
        cell: a cell with `gates`, or a wrapper of one, that draws no numbers: `Zoneout` goes around
            this wrapper.
        window: positive integer, the number of outputs that are kept.
        kernel_initializer: initialiser of all matrices and of v.
        kernel_regularizer: regulariser of all matrices.

    Raises:
        ValueError: if `cell` is anything else, or another argument has an impossible value; when it
            is built, if `cell` draws numbers or keeps its input.
    """

    letters = {
        "mix_kernel": "A",
        "mix_context_kernel": "B",
        "mix_bias": "b_u",
        "query_kernel": "Q",
        "query_bias": "b_q",
        "memory_kernel": "K",
        "score_vector": "v",
        "output_kernel": "C",
        "output_context_kernel": "D",
        "output_bias": "b_y",
    }

    def __init__(
        self,
        cell,
        window,
        *,
        kernel_initializer="glorot_uniform",
        kernel_regularizer=None,
        **kwargs,
    ):
        super().__init__(cell, **kwargs)
        self.window = arguments.positive_int("window", window, "Attention")
        self.kernel_initializer = arguments.read("kernel_initializer", kernel_initializer)
        self.kernel_regularizer = arguments.read("kernel_regularizer", kernel_regularizer)
        self.input_name, self.output_name = self.free_name("u"), self.free_name("y")
        self.read_name, self.memory_name = self.free_name("d"), self.free_name("m")
        self.shares_name = self.free_name("a")

    @property
    def own_states(self):
        entries = self.cell.output_size
        return {self.read_name: entries, self.memory_name: self.window * entries}

    def build_weights(self, features):
        super().build_weights(features)
        if self.cell.noise_columns or self.cell.wide_features != features:
            raise ValueError(
                "Argument `cell` of Attention must draw no numbers and keep no input: what does so "
                f"goes around Attention. Received: {title(self.cell)}"
            )
        sizes = {
            "features": features,
            "states": sum(self.cell.state_sizes),
            "output": self.cell.output_size,
        }
        for name, (rows, columns) in _MATRICES.items():
            self._add(name, (sizes[rows], sizes[columns]), self.kernel_initializer, True)
        self._add("score_vector", (sizes["output"],), self.kernel_initializer)
        for name, entries in _BIASES.items():
            self._add(name, (sizes[entries],), "zeros")

    def _add(self, name, shape, initializer, regularised=False):
        weight = self.add_weight(
            name=name,
            shape=shape,
            initializer=initializer,
            regularizer=self.kernel_regularizer if regularised else None,
            autocast=False,
        )
        setattr(self, name, weight)

    # ---------------------------------------------------------------- one step

    @property
    def projected_blocks(self):
        return (self.input_name,)

    def block_width(self, name):
        return self.features if name == self.input_name else self.cell.block_width(name)

    def lay_out(self):
        self._projected_layout = self.projected_blocks, None, self.features
        self._recurrent_layout = self.cell.recurrent_layout
        return self._projected_layout

    def project(self, inputs):
        kernel = ops.cast(self.mix_kernel, self.compute_dtype)
        product = operations.matmul(ops.cast(inputs, self.compute_dtype), kernel)
        return product + ops.cast(self.mix_bias, product.dtype)

    def attend(self, m, *new):
        """Shares of the outputs in the window, `(batch, window)`."""
        entries = self.cell.output_size
        query = ops.concatenate(new, axis=-1) @ self.matrix(self.query_kernel) + self.query_bias
        keys = ops.reshape(m, (-1, entries)) @ self.matrix(self.memory_kernel)
        keys = ops.reshape(keys, (-1, self.window, entries))
        scores = ops.sum(ops.tanh(keys + query[:, None]) * self.score_vector, axis=-1)
        return operations.softmax(scores)

    def weigh(self, a, m):
        """Sum of the outputs in the window by their shares, `(batch, entries)`."""
        outputs = ops.reshape(m, (-1, self.window, self.cell.output_size))
        return ops.sum(a[..., None] * outputs, axis=1)

    def shift(self, m, y):
        """The window without its oldest output, and with the newest."""
        return ops.concatenate([m[:, self.cell.output_size :], y], axis=-1)

    def step(self, Wx, U, *states):
        *inner, d, m = states
        u = getattr(Wx, self.input_name) + d @ self.matrix(self.mix_context_kernel)
        names, widths, _ = self.cell.projected_layout
        projected = ops.cast(self.cell.project(u), u.dtype)
        new, values, output = self.inner_step(Blocks(projected, names, widths), U, inner)
        a = self.attend(m, *new)
        d = self.weigh(a, m)
        C, D = self.matrix(self.output_kernel), self.matrix(self.output_context_kernel)
        y = output @ C + d @ D + self.output_bias
        values = {self.input_name: u, **values, self.shares_name: a, self.output_name: y}
        return (*new, d, self.shift(m, y)), values
