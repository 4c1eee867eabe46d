"""Odd cells of Keras, which know nothing of this package: matrices as states, graphs, wrappers."""

import keras
from keras import ops

#: Of the graph that `GraphCell` reads.
NODES = 4


@keras.saving.register_keras_serializable(package="kerasgates.tests")
class PlainCell(keras.layers.Layer):
    """A Keras cell that knows nothing of this package."""

    def __init__(self, units, **kwargs):
        super().__init__(**kwargs)
        self.units = self.state_size = units

    def build(self, input_shape):
        self.kernel = self.add_weight((input_shape[-1], self.units), name="kernel")
        self.recurrent = self.add_weight((self.units, self.units), name="recurrent")

    def call(self, inputs, states):
        h = ops.tanh(ops.matmul(inputs, self.kernel) + ops.matmul(states[0], self.recurrent))
        return h, [h]

    def get_config(self):
        return {**super().get_config(), "units": self.units}


@keras.saving.register_keras_serializable(package="kerasgates.tests")
class MatrixCell(PlainCell):
    """A cell with a vector and a matrix as states, as fast weights are."""

    def __init__(self, units, **kwargs):
        super().__init__(units, **kwargs)
        self.state_size, self.output_size = [units, units * units], units

    def get_initial_state(self, batch_size=None):
        n = self.units
        shapes = [(batch_size, n), (batch_size, n, n)]
        return [ops.zeros(shape, dtype=self.compute_dtype) for shape in shapes]

    def call(self, inputs, states):
        h, fast = states
        h, _ = super().call(inputs, [h])
        fast = 0.5 * fast + ops.expand_dims(h, 1) * ops.expand_dims(h, 2)
        h = ops.tanh(h + ops.matmul(fast, ops.expand_dims(h, 2))[:, :, 0])
        return h, [h, fast]


@keras.saving.register_keras_serializable("any_keras_cell")
class MatrixMemory(keras.layers.Layer):
    """A vector and a matrix as states; `state_size` says their sizes as Keras wants them."""

    def __init__(self, units, **kwargs):
        super().__init__(**kwargs)
        self.units = self.output_size = units
        self.state_size = [units, units * units]

    def build(self, input_shape):
        self.kernel = self.add_weight(shape=(input_shape[-1], self.units), name="kernel")
        self.recurrent = self.add_weight(shape=(self.units, self.units), name="recurrent")

    def get_initial_state(self, batch_size=None):
        sizes = [(self.units,), (self.units, self.units)]
        return [0.1 + ops.zeros((batch_size, *size)) for size in sizes]

    def call(self, inputs, states):
        h, memory = states
        v = ops.tanh(inputs @ self.kernel + h @ self.recurrent)
        memory = 0.9 * memory + v[:, :, None] * h[:, None, :]
        h = ops.tanh(ops.squeeze(memory @ v[:, :, None], -1))
        return h, [h, memory]

    def get_config(self):
        return {**super().get_config(), "units": self.units}


@keras.saving.register_keras_serializable("any_keras_cell")
class GraphCell(keras.layers.Layer):
    """Reads `(batch, nodes, features)`, keeps `(batch, nodes, units)`, and gives it flat or not."""

    def __init__(self, units, nodes=NODES, flat=True, **kwargs):
        super().__init__(**kwargs)
        self.units, self.nodes, self.flat = units, nodes, flat
        self.state_size = nodes * units
        self.output_size = nodes * units if flat else units

    def build(self, input_shape):
        self.graph = self.add_weight(shape=(self.nodes, self.nodes), name="graph")
        self.kernel = self.add_weight(shape=(input_shape[-1], self.units), name="kernel")
        self.recurrent = self.add_weight(shape=(self.units, self.units), name="recurrent")

    def get_initial_state(self, batch_size=None):
        return [ops.zeros((batch_size, self.nodes, self.units))]

    def call(self, inputs, states):
        h = ops.tanh(self.graph @ (inputs @ self.kernel + states[0] @ self.recurrent))
        return ops.reshape(h, (-1, self.nodes * self.units)) if self.flat else h, [h]

    def get_config(self):
        return {
            **super().get_config(),
            "units": self.units,
            "nodes": self.nodes,
            "flat": self.flat,
        }


class Wrapped(keras.layers.Layer):
    """A user's cell around a cell, which knows nothing of dropout."""

    def __init__(self, inner, **kwargs):
        super().__init__(**kwargs)
        self.inner = inner
        self.state_size, self.output_size = inner.state_size, inner.output_size

    def build(self, input_shape):
        self.inner.build(input_shape)
        self.built = True

    def call(self, inputs, states, training=False):
        return self.inner(inputs, states, training=training)
