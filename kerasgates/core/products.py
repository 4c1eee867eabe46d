"""What `step` multiplies: inputs by the kernel, and the recurrent weights as it gets them."""

from keras import ops

from kerasgates.core import operations
from kerasgates.core.blocks import Kernel


class Products:
    """Products of a cell with `gates`: W x + b of all blocks, and what `h @ U` multiplies by."""

    def project(self, inputs):
        """W x + b of all blocks.

        A cell that overrides it must treat every row for itself: loops call it for the rows of
        one step, of many steps, or of all.

        Args:
            inputs: `(…, features)`.

        Returns:
            `(…, gates · units)`, in the order of the blocks.

        Raises:
            ValueError: if the inputs have another number of features.
        """
        if self.inputs == self.gates == self.biased_gates:
            return self.add_bias(self.project_kernel(inputs))
        return self.project_blocks(inputs)

    @property
    def has_own_product(self):
        """Whether the class computes W x in another way than by `kernel` as it is."""
        return type(self).project_kernel is not Products.project_kernel

    def project_kernel(self, inputs):
        """W x of all gates, without the bias."""
        self.check_features(inputs)
        if self.kernel is None:
            raise NotImplementedError(
                f"{type(self).__name__} has no kernel, so it must define `project(inputs)`."
            )
        inputs = operations.cast(inputs, self.compute_dtype)
        return operations.matmul(inputs, ops.cast(self.kernel, self.compute_dtype))

    def add_bias(self, value):
        """`value + b`; `value` itself where the cell has no bias."""
        return value if self.bias is None else value + ops.cast(self.input_bias(), value.dtype)

    def input_bias(self):
        """The part of `bias` that belongs to the input product."""
        return self.bias

    def matrix(self, weight):
        """A weight of the cell's own as a `Kernel`, to multiply by in any precision: `h @ R`."""
        return Kernel(ops.cast(weight, self.compute_dtype), ("all",), single=True)

    def recurrent(self, training=False):
        """The recurrent weights as `step` gets them, recurrent dropout included."""
        if self.recurrent_kernel is None:
            return None
        U = self.recurrent_kernel
        if self.parametrised:
            U = self.parametrise(ops.convert_to_tensor(U), training)
        U = ops.cast(U, self.compute_dtype)
        names, widths = self._recurrent_layout or self.recurrent_layout
        return Kernel(U, names, self.recurrent_mask(training), widths=widths)

    def parametrise(self, U, training=False):
        """The recurrent weights that steps multiply by, made of those that are trained.

        A cell may override it, as for weights of a norm or a symmetry of their own. Loops call it
        once before the first step, and gradients go through it.

        Args:
            U: `recurrent_kernel` `(rows, columns)`.
            training: whether dropout is applied.

        Returns:
            A tensor of the same shape.
        """
        return U
