"""Recurrent products of a step, and gradients of the recurrent weights over many steps."""

from dataclasses import dataclass

import tensorflow as tf


@dataclass(frozen=True)
class StateProduct:
    """One product of a step with columns of the recurrent weights.

    Attributes:
        state: index of the old state that is multiplied, or None for anything else.
        first: first column.
        width: number of columns.
        blocks: of how many gates.
        added: whether it is only added to the inputs of these gates: its gradient is theirs.
    """

    state: int | None
    first: int
    width: int
    blocks: int
    added: bool


class Structure:
    """Structure of a cell's step: its recurrent products, and the weights it uses besides.

    Args:
        pulled: the `StepVJP` of a step that is traced and not run.
        once: whether it uses each input and each product once; such a use may have no gradient.

    Attributes:
        taken: the products with the recurrent weights, in order.
        width: entries of the inputs of all gates.
        bytes_of_a_row: bytes of these.
        touched: indices of the weights that the step uses besides.
        summed: whether inputs and states meet in nothing but one sum of all gates.
    """

    def __init__(self, pulled, once):
        self.width = sum(part.shape[-1] for part in pulled.inputs)
        self.bytes_of_a_row = self.width * pulled.inputs[0].dtype.size
        self.touched = [i for i, d in enumerate(pulled.weights) if d is not None]
        self.taken = []
        for product, d in zip(pulled.products, pulled.d_products):
            width = sum(part.shape[-1] for part in product.parts)
            gate = product.first * len(d) // width
            theirs = pulled.inputs[gate : gate + len(d)]
            added = len(theirs) == len(d) and all(a is b for a, b in zip(d, theirs))
            self.taken.append(StateProduct(product.state, product.first, width, len(d), added))
        whole = [(t.state is not None, t.blocks, t.added) for t in self.taken]
        self.summed = once and whole == [(True, len(pulled.inputs), True)]


class WeightGradients:
    """Gradients of the recurrent weights: values written at every step, and one product of them."""

    def __init__(self, structure, recurrent, dropped):
        self.structure, self.recurrent, self.dropped = structure, recurrent, dropped
        # Transposed once, and not by the product of every step.
        self.transposed = [
            tf.transpose(self._columns(t)) if t.state is not None else None for t in structure.taken
        ]

    def _columns(self, taken):
        return self.recurrent[:, taken.first : taken.first + taken.width]

    def _masked(self, value):
        return value if self.dropped is None else value * tf.cast(self.dropped, value.dtype)

    def product(self, taken, value):
        """Product of a state `(…, batch, rows)` with its columns of the recurrent weights."""
        masked = tf.cast(self._masked(value), self.recurrent.dtype)
        return tf.cast(tf.matmul(masked, self._columns(taken)), value.dtype)

    def values(self, pulled):
        """Values of one step to save for the gradients of the recurrent weights and inputs."""
        values = [tf.concat(pulled.inputs, axis=-1)]
        for taken, product, d in zip(self.structure.taken, pulled.products, pulled.d_products):
            if not taken.added:
                values.append(tf.concat(d, axis=-1))
            if taken.state is None:
                values.append(product.value)
        return values

    def widths(self):
        """Last-axis width of each of `values`."""
        widths = [self.structure.width]
        for taken in self.structure.taken:
            widths += [] if taken.added else [taken.width]
            widths += [self.recurrent.shape[0]] if taken.state is None else []
        return widths

    def through_products(self, pulled):
        """Gradients of the old states, those through known products included."""
        d_old = list(pulled.old)
        steps = zip(self.structure.taken, self.transposed, pulled.d_products)
        for taken, transposed, d in steps:
            if taken.state is not None:
                d = tf.concat(d, axis=-1)
                back = tf.matmul(tf.cast(d, transposed.dtype), transposed)
                d_old[taken.state] += self._masked(tf.cast(back, d.dtype))
        return d_old

    def gradients(self, values, before):
        """Gradients of a block's projected inputs and of the recurrent weights.

        Args:
            values: as those of a step, `(steps, batch, …)`.
            before: the old states of all steps.
        """
        d_projected, *values = values
        if self.recurrent is None:
            return d_projected, None
        d_recurrent = tf.zeros_like(self.recurrent)
        for taken in self.structure.taken:
            last = taken.first + taken.width
            d = d_projected[..., taken.first : last] if taken.added else values.pop(0)
            value = values.pop(0) if taken.state is None else self._masked(before[taken.state])
            value, d = (tf.reshape(v, [-1, v.shape[-1]]) for v in (value, d))
            part = tf.cast(tf.matmul(value, d, transpose_a=True), d_recurrent.dtype)
            rest = d_recurrent.shape[-1] - last
            d_recurrent += tf.pad(part, [[0, 0], [taken.first, rest]])
        return d_projected, d_recurrent
