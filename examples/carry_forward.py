"""A recurrent cell without weights: the last known of what a series of measurements tells."""

import keras
import numpy as np
from keras import ops

import kerasgates as kg


@keras.saving.register_keras_serializable(package="weather")
class CarryForwardCell(kg.AbstractRNNCell):
    """Last observation carried forward (LOCF), in standard units, with the hour of the day.

    k  = 1 where the step has a value, else 0
    v' = k ⊙ (x − mean) / deviation + (1 − k) ⊙ v

    An hour of the day, if there is one, becomes the point (sin, cos) of a clock of 24 hours; where
    it is missing, the hand goes on by one. Before anything is known all is 0: as on average.

    Input `(batch, values)`, or `(batch, values + 1)` with the hour. Output: the values, sine and
    cosine, and last 1 where the hour (without an hour: the first value) is missing.

    Args:
        presence: for each value the column that is above 0 where the value is known.
        mean, deviation: of the values, for the standard units.
        clock: whether an hour of the day follows the values, known where the first value is.
    """

    states = ("v",)

    def __init__(self, presence, mean, deviation, clock=False, **kwargs):
        super().__init__(**kwargs)
        self.presence, self.clock = list(presence), bool(clock)
        self.mean, self.deviation = (np.asarray(a, float).tolist() for a in (mean, deviation))

    @property
    def output_size(self):
        return self.state_size[0] + 1

    @property
    def state_size(self):
        return [len(self.presence) + 2 * self.clock]

    def build(self, input_shape):
        self.built = True

    def call(self, inputs, states, training=False):
        (held,) = states
        count = len(self.presence)
        known = ops.cast(ops.take(inputs, self.presence, axis=1) > 0, inputs.dtype)
        new = (inputs[:, :count] - ops.array(self.mean, inputs.dtype)) / ops.array(
            self.deviation, inputs.dtype
        )
        read = known * new + (1 - known) * held[:, :count]
        known = known[:, :1]
        if self.clock:
            hour = 2 * np.pi / 24
            angle = inputs[:, count:] * hour
            hand = ops.concatenate([ops.sin(angle), ops.cos(angle)], axis=1)
            # sin(a + 1 h) and cos(a + 1 h) of sin(a) and cos(a).
            turn = [[np.cos(hour), -np.sin(hour)], [np.sin(hour), np.cos(hour)]]
            later = ops.matmul(held[:, count:], ops.array(turn, inputs.dtype))
            read = ops.concatenate([read, known * hand + (1 - known) * later], axis=1)
        return ops.concatenate([read, 1 - known], axis=1), [read]

    def get_config(self):
        told = {name: getattr(self, name) for name in ("presence", "mean", "deviation", "clock")}
        return {**super().get_config(), **told}
