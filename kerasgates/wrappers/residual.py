"""Residual connections around a cell: its output plus its input."""

import keras

from kerasgates.core.wrapper import CellWrapper


@keras.saving.register_keras_serializable(package="kerasgates")
class Residual(CellWrapper):
    """Residual connection: the input is added to what the cell gives.

        y = h' + x

    h' is the output of the cell, whatever it is called there. The input must have as many features
    as the output has entries; it is added as it was before dropout. States are those of the cell:
    what is added goes to the layer above, and not to the next step.

    Source: Wu et al., 2016, Google's neural machine translation system, section 3.1,
    https://arxiv.org/abs/1609.08144

    Args:
        cell: a cell with `gates`, or a wrapper of one.

    Raises:
        ValueError: if `cell` is anything else; when it is built, if the input has not as many
            features as the output of `cell` has entries.
    """

    keeps_inputs = True

    def __init__(self, cell, **kwargs):
        super().__init__(cell, **kwargs)
        self.output_name = self.free_name("y")
        self.input_name = self.free_name("x")

    @property
    def own_blocks(self):
        return {self.input_name: self.features}

    def build_weights(self, features):
        super().build_weights(features)
        check_same_size(self, features)

    def project_own(self, x, noise):
        return [x]

    def step(self, Wx, U, *states):
        new, values, output = self.inner_step(Wx, U, states)
        y = output + getattr(Wx, self.input_name)
        return tuple(new), {**values, self.output_name: y}


def check_same_size(wrapper, features):
    """Raise unless the output of the inner cell has as many entries as the input."""
    entries = wrapper.cell.output_size
    if entries != features:
        raise ValueError(
            f"Argument `cell` of {type(wrapper).__name__} must have an output of as many entries "
            f"as the input has features, {features}. Received: a cell with an output of {entries}. "
            "`Projection(cell, units)` gives it another number of entries."
        )
