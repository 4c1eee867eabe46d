"""What one step of a cell multiplies, and how the gradients of many steps are put together."""

import tensorflow as tf


class Pulled:
    """Gradients of one step by everything it computes from; zero where nothing depends on it."""

    def __init__(self, tape, new, d_new, inputs, old, products, weights):
        sources = [list(inputs), list(old), [p.parts for p in products], list(weights)]
        found = tape.gradient(new, sources, output_gradients=d_new)
        self.weights = found.pop()
        self.inputs, self.old, self.d_products = tf.nest.map_structure(
            lambda d, v: tf.zeros_like(v) if d is None else d, found, sources[:3]
        )
        self.products = products


class Plan:
    """How a cell's step is taken apart, seen in one step that is not run.

    A gradient that belongs to two things, as where `Wx + h @ U` is all there is, is kept once.

    Attributes:
        columns: for each product with the recurrent weights, which columns and of what.
        touched: indices of the weights that the step uses besides.
        summed: whether inputs and products are nothing but added, all gates in one product.
    """

    def __init__(self, pulled, recurrent_index, recurrent, dropped):
        self.recurrent_index, self.recurrent = recurrent_index, recurrent
        self.touched = [i for i, d in enumerate(pulled.weights) if d is not None]
        self.columns = [Columns(p, recurrent, dropped) for p in pulled.products]
        self.slots, self.kept = [], []
        for value in self._values(pulled):
            at = next((i for i, v in enumerate(self.kept) if v is value), len(self.kept))
            self.slots.append(at)
            if at == len(self.kept):
                self.kept.append(value)
        gates = len(pulled.inputs)
        self.summed = [c.state is not None for c in self.columns] == [True] and self.slots[
            gates:
        ] == self.slots[:gates]

    def _values(self, pulled):
        """All that must be known of a step to make gradients of the weights and inputs."""
        values = list(pulled.inputs)
        for product, d in zip(pulled.products, pulled.d_products):
            values += d
            if product.state is None:
                values.append(product.value)
        return values

    def arrays(self, length):
        """Where the values of a block of steps are written."""
        return [new_array(length, value) for value in self.kept]

    def write(self, arrays, j, pulled):
        values = self._values(pulled)
        return [a.write(j, values[self.slots.index(i)]) for i, a in enumerate(arrays)]

    def through_products(self, pulled):
        """Gradients of the old states, those through known products included."""
        d_old = list(pulled.old)
        for columns, d in zip(self.columns, pulled.d_products):
            if columns.state is not None:
                d_old[columns.state] += columns.back(d)
        return d_old

    def read(self, arrays, before, gates):
        """Of a block: gradients of the projected inputs and of the recurrent weights."""
        stacked = [a.stack() for a in arrays]
        values = [stacked[i] for i in self.slots]
        d_projected, values = tf.concat(values[:gates], axis=-1), values[gates:]
        if self.recurrent is None:
            return d_projected, None
        d_recurrent = tf.zeros_like(self.recurrent)
        for columns in self.columns:
            d, values = tf.concat(values[: columns.count], -1), values[columns.count :]
            if columns.state is None:
                value, values = values[0], values[1:]
            else:
                value = columns.masked(before[columns.state])
            d_recurrent += columns.gradient(value, d)
        return d_projected, d_recurrent


class Columns:
    """The columns of the recurrent weights that one product of a step is taken with."""

    def __init__(self, product, recurrent, dropped):
        self.state, self.first, self.count = product.state, product.first, len(product.parts)
        self.dropped = dropped
        width = sum(part.shape[-1] for part in product.parts)
        self.rest = recurrent.shape[-1] - self.first - width
        self.weights = recurrent[:, self.first : self.first + width]
        # Once, and not by the product of every step.
        self.transposed = tf.transpose(self.weights)

    def masked(self, value):
        return value if self.dropped is None else value * tf.cast(self.dropped, value.dtype)

    def product(self, value):
        """The product of a state `(…, batch, rows)`."""
        masked = tf.cast(self.masked(value), self.weights.dtype)
        return tf.cast(tf.matmul(masked, self.weights), value.dtype)

    def back(self, d):
        """Gradient of the state by that of the product, which comes in blocks."""
        d = tf.concat(d, axis=-1)
        value = tf.matmul(tf.cast(d, self.transposed.dtype), self.transposed)
        return self.masked(tf.cast(value, d.dtype))

    def gradient(self, value, d):
        """Gradient of all the recurrent weights, for values `(steps, batch, rows)`."""
        part = tf.tensordot(value, d, [[0, 1], [0, 1]])
        part = tf.cast(part, self.weights.dtype)
        return tf.pad(part, [[0, 0], [self.first, self.rest]])


def new_array(size, like):
    return tf.TensorArray(like.dtype, size=size, element_shape=like.shape)
