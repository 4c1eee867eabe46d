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
        blocks: number of the gates it is of, or widths where they are not the same.
        at: first column of the inputs of these gates, where it is only added to them: its
            gradient is theirs. Else None.
    """

    state: int | None
    first: int
    width: int
    blocks: int | tuple
    at: int | None

    @property
    def added(self):
        """Whether it is only added to the inputs of its gates."""
        return self.at is not None


class Structure:
    """Structure of a cell's step: its recurrent products, and the weights it uses besides.

    Args:
        vjp: the `StepVJP` of a step that is traced and not run.
        names: of the inputs of the step.
        once: whether it uses each input and each product once; such a use may have no gradient.

    Attributes:
        products: the products with the recurrent weights, in order.
        width: entries of the inputs of all gates.
        bytes_of_a_row: bytes of these.
        other_weights: indices of the weights that the step uses besides.
        summed: whether inputs and states meet in nothing but one sum of all gates.
    """

    def __init__(self, vjp, names, once):
        self.width = sum(part.shape[-1] for part in vjp.inputs)
        self.bytes_of_a_row = self.width * vjp.inputs[0].dtype.size
        self.other_weights = [i for i, d in enumerate(vjp.weights) if d is not None]
        self.products = []
        self.names, self._widths = tuple(names), [part.shape[-1] for part in vjp.inputs]
        for product, d in zip(vjp.products, vjp.d_products):
            widths = tuple([part.shape[-1] for part in product.parts])
            place = product.first, sum(widths), len(d) if len({*widths}) == 1 else widths
            at = self._place(product.names, d, vjp.inputs)
            self.products.append(StateProduct(product.state, *place, at))
        whole = [(t.state is not None, t.added) for t in self.products]
        all_gates = [product.names for product in vjp.products] == [self.names]
        self.summed = once and all_gates and whole == [(True, True)]

    def _place(self, names, d, d_inputs):
        """First column of the inputs of neighbouring gates with these gradients; None for none."""
        if names[0] not in self.names:
            return None
        first = self.names.index(names[0])
        theirs = d_inputs[first : first + len(d)]
        same = self.names[first : first + len(d)] == names
        added = same and all(a is b for a, b in zip(d, theirs))
        return sum(self._widths[:first]) if added else None


class WeightGradients:
    """Gradients of the recurrent weights: values written at every step, and one product of them."""

    def __init__(self, structure, recurrent, dropped):
        self.structure, self.recurrent, self.dropped = structure, recurrent, dropped
        # Transposed once, and not by the product of every step.
        self.transposed = [
            tf.transpose(self._columns(t)) if t.state is not None else None
            for t in structure.products
        ]

    def _columns(self, which):
        return self.recurrent[:, which.first : which.first + which.width]

    def _masked(self, value):
        return value if self.dropped is None else value * tf.cast(self.dropped, value.dtype)

    def product(self, which, value):
        """Product of a state `(…, batch, rows)` with its columns of the recurrent weights."""
        masked = tf.cast(self._masked(value), self.recurrent.dtype)
        return tf.cast(tf.matmul(masked, self._columns(which)), value.dtype)

    def values(self, vjp):
        """Values of one step to save for the gradients of the recurrent weights and inputs."""
        values = [tf.concat(vjp.inputs, axis=-1)]
        for which, product, d in zip(self.structure.products, vjp.products, vjp.d_products):
            if not which.added:
                values.append(tf.concat(d, axis=-1))
            if which.state is None:
                values.append(product.value)
        return values

    def widths(self):
        """Last-axis width of each of `values`."""
        widths = [self.structure.width]
        for which in self.structure.products:
            widths += [] if which.added else [which.width]
            widths += [self.recurrent.shape[0]] if which.state is None else []
        return widths

    def through_products(self, vjp):
        """Gradients of the old states, those through known products included."""
        d_old = list(vjp.old)
        steps = zip(self.structure.products, self.transposed, vjp.d_products)
        for which, transposed, d in steps:
            if which.state is not None:
                d = tf.concat(d, axis=-1)
                back = tf.matmul(tf.cast(d, transposed.dtype), transposed)
                d_old[which.state] += self._masked(tf.cast(back, d.dtype))
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
        d_recurrent = tf.zeros(self.recurrent.shape, d_projected.dtype)
        for which in self.structure.products:
            at, last = which.at, which.first + which.width
            d = d_projected[..., at : at + which.width] if which.added else values.pop(0)
            value = values.pop(0) if which.state is None else self._masked(before[which.state])
            value, d = (tf.reshape(v, [-1, v.shape[-1]]) for v in (value, d))
            part = tf.cast(tf.matmul(value, d, transpose_a=True), d_recurrent.dtype)
            rest = d_recurrent.shape[-1] - last
            d_recurrent += tf.pad(part, [[0, 0], [which.first, rest]])
        return d_projected, d_recurrent
