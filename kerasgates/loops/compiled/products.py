"""Recurrent weights that record the products of a `step` for the loop that runs it.

The recurrent weights are constants to the tape. Each product adds a zero, a *probe*: its gradient
is the gradient of the product, from which that of the weights is computed later, for many steps at
once. A product of an old state needs no step at all, since the forward pass has kept the states:
it is passed in.
"""

import functools

import tensorflow as tf

from kerasgates.core.blocks import Blocks, Kernel, SeparateBlocks


class Product:
    """One product with recurrent weights.

    Attributes:
        value: what is multiplied, `(batch, rows)`.
        state: index of the old state that it is, or None.
        names: of the gates whose columns of the weights it is multiplied by.
        first: the first of these columns.
        parts: what the tape takes the gradients of, by block; without a tape the whole product.
        results: the product as the step gets it, `Blocks`.
    """

    def __init__(self, value, state, columns, parts, results):
        self.value, self.state = value, state
        self.names, self.first = columns
        self.parts, self.results = parts, results


class AbsorbedProduct(SeparateBlocks):
    """A product that is in the inputs already: to add it to them leaves them as they are.

    Args:
        sums: the inputs of all gates, each the sum with the product.
        names: of the gates.
    """

    def __init__(self, sums, names):
        super().__init__(sums, names)
        self._sums = self.parts
        del self.parts

    @functools.cached_property
    def parts(self):
        return [tf.zeros_like(part) for part in self._sums]

    def __add__(self, other):
        whole = isinstance(other, Blocks) and other.names == self.names
        return other if whole else super().__add__(other)

    __radd__ = __add__


class RecordingKernel(Kernel):
    """Recurrent weights that record every product with them; `products_of` gives these.

    Args:
        tensor, mask: as in `Kernel`.
        layout: names and widths of the blocks, as there.
        states: the old states; a product of one of them can be known beforehand.
        tape: where given, it watches the probes.
        known: for each product in order the tensors of its blocks, or None; None in place of
            the list where nothing is known.
        sums: the inputs of all gates where each is the sum with the only product, or None.
    """

    def __init__(self, tensor, layout, mask, states, tape=None, known=None, sums=None):
        names, widths = layout
        super().__init__(tensor, names, mask, widths=widths)
        self._states, self._tape, self._known, self._sums = states, tape, known, sums
        self._products = []

    def _multiply(self, value):
        # Gradients of the weights are taken by the probes, for many steps at once.
        matrix = tf.stop_gradient(self.tensor)
        return tf.cast(tf.matmul(tf.cast(value, matrix.dtype), matrix), value.dtype)

    def _product(self, value):
        state = next((i for i, s in enumerate(self._states) if s is value), None)
        value = self._masked(value)
        known = self._known and self._known[len(self._products)]
        if self._sums is not None:
            parts, results = self._sums, AbsorbedProduct(self._sums, self.names)
        elif known:
            parts, results = known, SeparateBlocks(known, self.names)
            self._tape.watch(parts)
        elif self._tape is None:
            product = self._multiply(value)
            parts, results = [product], Blocks(product, self.names, self._widths)
        else:
            blocks = tf.split(self._multiply(value), self._widths or len(self.names), axis=-1)
            parts = [tf.zeros_like(block) for block in blocks]
            self._tape.watch(parts)
            sums = [block + part for block, part in zip(blocks, parts)]
            results = SeparateBlocks(sums, self.names)
        columns = self.names, self._start
        self._products.append(Product(value, state, columns, parts, results))
        if not self.single:
            return results
        return results.parts[0] if isinstance(results, SeparateBlocks) else results.tensor


def products_of(U):
    """The `Product`s that recurrent weights have recorded; none where there are no such weights."""
    return [] if U is None else U._products
