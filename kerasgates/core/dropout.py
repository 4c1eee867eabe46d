"""Dropout of a recurrent cell's inputs and states: one mask per sequence, the same at all steps."""

import keras
from keras import ops

from kerasgates.core import arguments
from kerasgates.core._keras import DropoutRNNCell


class SequenceDropout(DropoutRNNCell):
    """Dropout masks, drawn once per sequence and the same at all its steps.

    Whoever runs the cell over time calls `draw_dropout` before the loop and `forget_dropout`
    after it. Input dropout scales the input; recurrent dropout scales whatever is multiplied
    by the recurrent weights, and nothing else.

    Source: Gal & Ghahramani, 2016, A theoretically grounded application of dropout in
    recurrent neural networks, https://arxiv.org/abs/1512.05287
    """

    seed_generator = None
    dropout = recurrent_dropout = 0.0
    _dropout_mask = _recurrent_dropout_mask = None
    #: How many numbers are drawn for each row and step in training.
    noise_columns = 0
    #: By name of a block that is drawn, the number that stands for it outside training.
    expected: dict[str, float] = {}

    def init_dropout(self, dropout, recurrent_dropout, seed):
        """Read the arguments `dropout`, `recurrent_dropout` and `seed`."""
        owner = type(self).__name__
        for name, rate in (("dropout", dropout), ("recurrent_dropout", recurrent_dropout)):
            rate = arguments.number(name, rate, owner, lambda r: 0 <= r < 1, "in [0, 1)")
            setattr(self, name, rate)
        self.seed = None if seed is None else arguments.integer("seed", seed, owner)
        if self.dropout or self.recurrent_dropout:
            self.seed_generator = keras.random.SeedGenerator(self.seed)

    def draw_dropout(self, batch_size):
        """Draw the masks of one sequence unless there are some already; tells whether it drew."""
        if self.seed_generator is None or self._dropout_mask is not None:
            return False
        self._dropout_mask = self._draw(self.dropout, batch_size, self.features)
        if self.recurrent_dropout and self.recurrent_kernel is not None:
            rows = self.recurrent_kernel.shape[0]
            self._recurrent_dropout_mask = self._draw(self.recurrent_dropout, batch_size, rows)
        return True

    def _draw(self, rate, batch_size, entries):
        ones = ops.ones((batch_size, entries), dtype=self.variable_dtype)
        return keras.random.dropout(ones, rate, seed=self.seed_generator) if rate else ones

    def forget_dropout(self):
        """Discard the masks of the last sequence."""
        self._dropout_mask = self._recurrent_dropout_mask = None

    def drop_inputs(self, inputs, training=False):
        """Inputs `(batch, features)` or `(batch, time, features)` after input dropout."""
        if not (training and self.dropout):
            return inputs
        mask = ops.cast(self._dropout_mask, inputs.dtype)
        return inputs * (mask if len(inputs.shape) == 2 else ops.expand_dims(mask, 1))

    def with_noise(self, inputs):
        """Inputs `(batch, …, features)` with what is drawn for each row and step behind them."""
        noise = ops.cast(self.draw_noise(ops.shape(inputs)[:-1]), inputs.dtype)
        return ops.concatenate([inputs, noise], axis=-1)

    def draw_noise(self, shape):
        """Random numbers for each row and step, `(*shape, noise_columns)`."""
        raise NotImplementedError(f"{type(self).__name__} draws nothing for its steps.")

    @property
    def wide_features(self):
        """Entries of what `drop_inputs` gives in training: the input, and what goes with it."""
        return self.features

    def recurrent_mask(self, training=False):
        """Recurrent dropout mask `(batch, rows of the recurrent kernel)`, or None."""
        return self._recurrent_dropout_mask if training and self.recurrent_dropout else None

    # The hooks by which `keras.layers.RNN` itself has masks drawn and released.

    def get_dropout_mask(self, step_input):
        self.forget_dropout()
        self.draw_dropout(ops.shape(step_input)[0])
        return self._dropout_mask

    def get_recurrent_dropout_mask(self, step_input):
        return self._recurrent_dropout_mask

    def reset_dropout_mask(self):
        self.forget_dropout()

    def reset_recurrent_dropout_mask(self):
        self.forget_dropout()
