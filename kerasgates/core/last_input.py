"""Cells that see the input of the step before, too."""

from kerasgates.core.layout import GateBlocks


class LastInput(GateBlocks):
    """Mixin of cells with a state p, the last input, and weights `previous_kernel` V for it.

    The input reaches their step as the last of `inputs`, x; p is the last of their states.
    """

    roles = {"previous": "glorot_uniform"}
    letters = {"previous_kernel": "V"}
    descriptions = {"previous": "weights V of the last input"}

    @property
    def state_size(self):
        return [self.units, self.features]

    def build_weights(self, features):
        super().build_weights(features)
        shape = features, len(self.gates) * self.units
        self.previous_kernel = self.add_role_weight("previous_kernel", shape, "previous")
