"""Features of the input that a step reads as they are: a time, a mask, an amount of something."""

import functools
import math

from keras import ops

from kerasgates.core import operations
from kerasgates.core.arguments import number
from kerasgates.core.layout import INPUT, GateBlocks


class SetAside(GateBlocks):
    """Mixin of cells of which the last features of the input are no values for the kernel.

    `aside` names the last of `inputs`, in the order of these features; `widths` says how many each
    has. The kernel multiplies what is before them, and input dropout leaves them alone.
    """

    aside: tuple[str, ...] = ("t",)

    @functools.cached_property
    def aside_features(self):
        """Number of features that are set aside."""
        return self.columns_of(self.aside) or 0

    @property
    def feature_blocks(self):
        """By name, how many features the values have, and those that are set aside."""
        widths = dict(zip(self.aside, self.widths_of(self.aside)))
        return {INPUT: self.features - self.aside_features, **widths} if widths else {}

    @property
    def kernel_blocks(self):
        return tuple(name for name in super().kernel_blocks if name not in self.aside)

    def kernel_shape(self, features):
        return features - self.aside_features, self.columns_of(self.kernel_blocks)

    def set_elapsed(self, elapsed):
        """Take the time between two steps: a number, or None for the last feature of the input."""
        self.elapsed = elapsed
        if elapsed is not None:
            owner, wanted = type(self).__name__, "above 0, or None"
            self.elapsed = number("elapsed", elapsed, owner, lambda v: 0 < v < math.inf, wanted)
            self.inputs = tuple(name for name in self.inputs if name not in self.aside)
            self.aside = ()

    def reads(self, features):
        return features > self.aside_features

    def build_weights(self, features):
        if not self.reads(features):
            count = self.aside_features
            plural, verb = ("s", "are") if count > 1 else ("", "is")
            raise ValueError(
                f"{type(self).__name__} reads inputs of more than {count} feature{plural}: "
                f"the last {verb} {', '.join(self.aside)}. "
                f"Received: {features} feature{'s' * (features != 1)}"
            )
        super().build_weights(features)

    def project_kernel(self, inputs):
        """W x of all gates, of the features before those that are set aside."""
        self.check_features(inputs)
        values = inputs[..., : self.features - self.aside_features]
        kernel = ops.cast(self.kernel, self.compute_dtype)
        return operations.matmul(ops.cast(values, self.compute_dtype), kernel)

    def project(self, inputs):
        product = self.add_bias(self.project_kernel(inputs))
        if not self.aside:
            return product
        last = inputs[..., self.features - self.aside_features :]
        return ops.concatenate([product, ops.cast(last, self.compute_dtype)], axis=-1)

    def drop_inputs(self, inputs, training=False):
        dropped = super().drop_inputs(inputs, training)
        if dropped is inputs or not self.aside:
            return dropped
        first = self.features - self.aside_features
        return ops.concatenate([dropped[..., :first], inputs[..., first:]], axis=-1)
