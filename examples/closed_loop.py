"""Recurrent cells that read their own last prediction."""

import keras
from keras import ops

import kerasgates as kg


class Predicting(kg.AbstractRNNCell):
    """A recurrent cell with its read-out, whose last prediction is one more state.

    Input `(batch, choices + others)`: the last observation, one-hot, or zeros where it is
    missing; then what is always known. Output `(batch, choices)`: the probabilities of the next.

    Args:
        cell: the recurrent cell inside.
        choices: how many things can be observed.
    """

    def __init__(self, cell, choices, **kwargs):
        super().__init__(**kwargs)
        # From a config the cell comes as its own config.
        self.cell = keras.saving.deserialize_keras_object(cell) if isinstance(cell, dict) else cell
        self.readout = keras.layers.Dense(choices, activation="softmax", name="readout")

    @property
    def output_size(self):
        return self.readout.units

    @property
    def states(self):
        return (*self.cell.states, "prediction")

    @property
    def state_size(self):
        return [*self.cell.state_sizes, self.output_size]

    def get_initial_state(self, batch_size=None):
        return [ops.zeros((batch_size, size)) for size in self.state_size]

    def build(self, input_shape):
        sizes = self.output_size, self.output_size, input_shape[-1] - self.output_size
        read = self.reads(*(ops.zeros((1, size)) for size in sizes))
        if not self.cell.built:  # From a file it comes built.
            self.cell.build((None, read.shape[1]))
        self.readout.build((None, self.cell.output_size))
        self.built = True

    def reads(self, observed, prediction, others):
        """What the cell inside reads; a subclass says."""
        raise NotImplementedError

    def call(self, inputs, states, training=False):
        *states, prediction = states
        observed, others = inputs[:, : self.output_size], inputs[:, self.output_size :]
        read = self.reads(observed, prediction, others)
        output, states = self.cell(read, states, training=training)
        prediction = self.readout(output)
        return prediction, [*states, prediction]

    def get_config(self):
        cell = keras.saving.serialize_keras_object(self.cell)
        return {**super().get_config(), "cell": cell, "choices": self.output_size}


@keras.saving.register_keras_serializable(package="dinner")
class FeedbackCell(Predicting):
    """Reads the last observation and its own last prediction, always both."""

    def reads(self, observed, prediction, others):
        return ops.concatenate([observed, prediction, others], axis=1)


@keras.saving.register_keras_serializable(package="dinner")
class ClosedLoopCell(Predicting):
    """Reads its own last prediction only where an observation is missing, in its place."""

    def reads(self, observed, prediction, others):
        missing = 1 - ops.sum(observed, axis=1, keepdims=True)
        return ops.concatenate([observed + missing * prediction, others], axis=1)
