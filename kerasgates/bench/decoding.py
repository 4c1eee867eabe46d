"""A decoder that reads what it has said: a cell called step by step, in Python and in a graph."""

import keras


class Decoder:
    """One step after the other, of a cell and a `Dense` layer that makes the next input.

    Args:
        cell: a built cell of Keras, or ours.
        features: entries of an input.
    """

    def __init__(self, cell, features):
        self.cell, self.head = cell, keras.layers.Dense(features)
        self.head.build((None, cell.output_size))

    def step(self, x, *states):
        """The next input and states."""
        output, states = self.cell(x, list(states))
        return self.head(output), *states

    def in_python(self, steps, *values):
        """Run a number of steps, each called by itself; returns the values after the last."""
        for _ in range(steps):
            values = self.step(*values)
        return values

    def in_a_graph(self, steps):
        """Function of all steps that the framework compiles; on PyTorch it runs in Python."""

        def run(*values):
            return keras.ops.fori_loop(0, steps, lambda _, carry: self.step(*carry), values)

        backend = keras.backend.backend()
        if backend == "tensorflow":
            import tensorflow as tf

            return tf.function(run, autograph=False)
        if backend == "jax":
            import jax

            return jax.jit(run)
        return lambda *values: self.in_python(steps, *values)
