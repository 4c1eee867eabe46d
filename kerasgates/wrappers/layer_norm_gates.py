"""Layer normalisation of the products of a cell, gate by gate."""

import keras
from keras import ops

from kerasgates.core import arguments
from kerasgates.core.blocks import Blocks, through
from kerasgates.core.cell import AbstractRNNCell
from kerasgates.core.layout import unequal
from kerasgates.core.wrapper import PLAIN_RECURRENT, CellWrapper, title


@keras.saving.register_keras_serializable(package="kerasgates")
class LayerNormGates(CellWrapper):
    """Layer normalisation of both products of each gate.

        W_k x → LN(W_k x; γ_x)
        U_k h → LN(U_k h; γ_h)

    for each gate k: LN(a; γ) = γ ⊙ (a − mean) / root(variance + ε), over the entries of that gate;
    biases are added after it. So it is for whatever is multiplied by U, such as r ⊙ h in a GRU.
    Products with other weights of the cell, and states, are not normalised. Further weights:
    `gamma_x (columns,)`, as many as `kernel` has, and `gamma_h (columns,)`, as `recurrent_kernel`
    has. ε is `epsilon`.

    Deviations: the paper normalises the columns of all gates of an LSTM together, and the memory on
    its way to the output: that is `LayerNormLSTMCell`.

    Source: Ba, Kiros & Hinton, 2016, Layer normalization, https://arxiv.org/abs/1607.06450

    Args:
        cell: a cell with `gates` whose `project` is that of most cells, products with `kernel` plus
            biases; no wrapper, which goes around this one.
        epsilon: small positive number added to the variance.
        gamma_initializer: initialiser of γ.

    Raises:
        ValueError: if `cell` is anything else, or another argument has an impossible value.
    """

    letters = {"gamma_x": "γ_x", "gamma_h": "γ_h", "layer_norm": "LN", "epsilon": "ε"}

    def __init__(self, cell, *, epsilon=1e-5, gamma_initializer="ones", **kwargs):
        super().__init__(cell, **kwargs)
        plain = type(cell).project is AbstractRNNCell.project and not cell.has_own_product
        if isinstance(cell, CellWrapper) or not plain or not cell.kernel_blocks:
            raise ValueError(
                "Argument `cell` of LayerNormGates must be a cell whose `project` is that of most "
                "cells, products with `kernel` plus biases, and no wrapper, as in "
                f"Zoneout(LayerNormGates(cell)). Received: {title(cell)}"
            )
        self.epsilon = arguments.number(
            "epsilon", epsilon, "LayerNormGates", lambda e: e > 0, "above 0"
        )
        self.gamma_initializer = arguments.read("gamma_initializer", gamma_initializer)

    def build_weights(self, features):
        super().build_weights(features)
        self.gamma_x = self._add_scale("gamma_x", self.kernel)
        self.gamma_h = None
        if self.recurrent_gates and type(self.cell).recurrent in PLAIN_RECURRENT:
            self.gamma_h = self._add_scale("gamma_h", self.recurrent_kernel)

    def _add_scale(self, name, matrix):
        return self.add_weight(
            name=name,
            shape=(matrix.shape[-1],),
            initializer=self.gamma_initializer,
            autocast=False,
        )

    def blocks_of(self, weight):
        of = {"gamma_x": self.cell.kernel_blocks, "gamma_h": self.recurrent_gates}
        return of[weight] if weight in of else super().blocks_of(weight)

    def layer_norm(self, a, gamma):
        """LN(a; γ) over the last axis, with the biased variance."""
        mean, variance = ops.moments(a, axes=[-1], keepdims=True)
        return gamma * (a - mean) * ops.rsqrt(variance + self.epsilon)

    def project(self, inputs):
        names = self.cell.kernel_blocks
        widths = unequal(self.cell.widths_of(names))
        # In the dtype of the variables: a variance taken in half precision is worth little.
        product = ops.cast(self.cell.project_kernel(inputs), self.variable_dtype)
        pairs = zip(Blocks(product, names, widths), Blocks(self.gamma_x, names, widths))
        normed = ops.concatenate([self.layer_norm(a, gamma) for a, gamma in pairs], axis=-1)
        return ops.cast(self.cell.project_blocks(inputs, normed), self.compute_dtype)

    def step(self, Wx, U, *states):
        if self.gamma_h is not None:
            names, widths = self.cell.recurrent_layout
            gamma = Blocks(self.gamma_h, names, widths)
            U = through(U, lambda a, name: self.layer_norm(a, getattr(gamma, name)))
        return super().step(Wx, U, *states)
