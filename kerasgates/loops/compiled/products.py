"""Recurrent weights that record the products of a `step` for the loop that runs it.

The recurrent weights are constants to the tape. Each product adds a zero, a *probe*: its gradient
is the gradient of the product, from which that of the weights is computed later, for many steps at
once. A product of an old state needs no step at all, since the forward pass has kept the states:
it is passed in.
"""

import tensorflow as tf

from kerasgates.core.blocks import Kernel, SeparateBlocks


class Product:
    """One product with recurrent weights.

    Attributes:
        value: what is multiplied, `(batch, rows)`.
        state: index of the old state that it is, or None.
        first: first column of the weights it is multiplied by.
        parts: the result by block; what the tape takes the gradients of.
        results: the same as the step gets it.
    """

    def __init__(self, value, state, first, parts, results):
        self.value, self.state, self.first = value, state, first
        self.parts, self.results = parts, results


class RecordingKernel(Kernel):
    """Recurrent weights that record every product with them, in `products`.

    Args:
        tensor, names, mask: as in `Kernel`.
        states: the old states; a product of one of them can be known beforehand.
        tape: where given, it watches the probes.
        known: for each product in order the tensors of its blocks, or None; None in place of
            the list where nothing is known.
    """

    def __init__(self, tensor, names, mask, states, tape=None, known=None, first=0, products=None):
        super().__init__(tensor, names, mask)
        self.states, self.tape, self.known, self.first = states, tape, known, first
        self.products = [] if products is None else products

    def _part(self, names, single=False):
        first = self.first + self._index(names[0]) * self.width
        columns, shared = self._columns(names), (self.states, self.tape, self.known)
        part = RecordingKernel(columns, names, self.mask, *shared, first, self.products)
        part.single = single
        return part

    def __getitem__(self, names):
        return self._part(names.split())

    def _block(self, name):
        return self._part([name], single=True)

    def __rmatmul__(self, value):
        state = next((i for i, s in enumerate(self.states) if s is value), None)
        known = self.known and self.known[len(self.products)]
        if known:
            results = parts = list(known)
        else:
            value = value if self.mask is None else value * tf.cast(self.mask, value.dtype)
            matrix = tf.stop_gradient(self.tensor)
            product = tf.matmul(tf.cast(value, matrix.dtype), matrix)
            results = parts = tf.split(tf.cast(product, value.dtype), len(self.names), axis=-1)
        if self.tape is not None:
            if not known:
                parts = [tf.zeros_like(result) for result in results]
            self.tape.watch(parts)
            if not known:
                results = [result + part for result, part in zip(results, parts)]
        self.products.append(Product(value, state, self.first, parts, results))
        return results[0] if self.single else SeparateBlocks(results, self.names)
