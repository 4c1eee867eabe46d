"""Forecasters of weather.py: ridge regression, and networks that add what they remember to one."""

import dataclasses
import functools

import common
import keras
import numpy as np
from keras import ops

#: Strengths of ridge regression to choose from, for standardised columns.
STRENGTHS = 10.0 ** np.arange(6)


@dataclasses.dataclass(frozen=True)
class Kind:
    """What a step is, and how a network of such steps is trained.

    Attributes:
        name: of the input.
        stride: hours from step to step.
        presence: for each value the column that is above 0 where the value is known.
        steps: length of a sequence to train on; every: hours between the first steps of two.
        history: steps that precede those on which a network is tested.
        units, batch, epochs: of its training.
    """

    name: str
    stride: int
    presence: tuple
    steps: int
    every: int
    history: int
    units: int = 16
    batch: int = 15
    epochs: int = 16

    def read(self, values, mean, deviation):
        """Standardised values, 0 where they are unknown; of an hour of the day sine and cosine."""
        count = len(self.presence)
        known = ops.cast(ops.take(values, self.presence, axis=-1) > 0, "float32")
        parts = [known * ((values[..., :count] - mean) / deviation)]
        if values.shape[-1] > count:
            angle = values[..., count:] * (2 * np.pi / 24)
            parts += [ops.sin(angle), ops.cos(angle)]
        return ops.concatenate(parts, axis=-1)


HOURS = Kind("hours", 1, (3, 3, 3, 3, 4), steps=168, every=84, history=96)
DAYS = Kind("days", 24, (4, 4, 4, 4, 4), steps=20, every=3, history=14, batch=45)


def ridge(data, x, y, history=1):
    """Ridge regression, its strength chosen on validation.

    Args:
        data: the year.
        x, y: `(airports, hours, columns)`, without and with NaN.
        history: hours that a row of x tells of; those of training lie in training.

    Returns:
        Forecasts for all hours; weights and biases.
    """
    at = data.asked("train", history)
    rows, truth = x[:, at].reshape(-1, x.shape[2]), y[:, at].reshape(-1, y.shape[2])
    known = ~np.isnan(truth).any(axis=1)
    rows, truth = rows[known], truth[known]
    mean, deviation = rows.mean(axis=0), rows.std(axis=0) + 1e-6
    usual, scale = truth.mean(axis=0), truth.std(axis=0)
    rows, truth = (rows - mean) / deviation, (truth - usual) / scale
    squares, products = rows.T @ rows, rows.T @ truth
    chosen, asked = data.asked("validation"), None
    for strength in STRENGTHS:
        weights = np.linalg.solve(squares + strength * np.eye(len(squares)), products)
        weights = weights / deviation[:, None] * scale
        biases = usual - mean @ weights
        error = np.nanmean(((x[:, chosen] @ weights + biases - y[:, chosen]) / scale) ** 2)
        if asked is None or error < asked[0]:
            asked = error, weights, biases
    return x @ asked[1] + asked[2], asked[1:]


def sequences(data, kind, part):
    """Numbers of hours `(sequences, steps)`; of test and validation the last step is asked."""
    span = kind.stride * (kind.steps - 1)
    starts = np.concatenate(
        [
            np.arange(first + kind.stride - 1, last - span + 1, kind.every)
            for first, last in data.blocks(part)
        ]
    )
    return starts[:, None] + kind.stride * np.arange(kind.steps)


def forecasts(data, kind, model, part):
    """What a network gives for the hours asked in one part: `(airports, hours asked, columns)`."""
    asked = data.asked(part)
    if kind.stride > 1:
        index, last = asked[:, None] + kind.stride * np.arange(1 - kind.history, 1), 1
    else:
        index = np.stack([np.arange(a[0] - kind.history, a[-1] + 1) for a in data.runs(asked)])
        last = index.shape[1] - kind.history
    read = data.inputs[kind.name][:, index]
    found = common.outputs(model, read.reshape(-1, *read.shape[2:]))[:, -last:]
    return found.reshape(len(read), -1, found.shape[-1])


def loss_of(scale, weights):
    """Squared error in units of `scale`, weighted by column; NaN in the truth counts nothing."""
    weights = (weights / scale**2).astype("float32")

    def loss(truth, guess):
        error = ops.where(ops.isnan(truth), 0.0, truth - guess)
        return ops.sum(weights * ops.square(error), axis=-1)

    return loss


@functools.lru_cache(maxsize=2)
def starts(data, kind):
    """Mean and deviation of what is read; ridge's weights from it; scale of what is asked."""
    inputs, truth = data.inputs[kind.name], data.targets[kind.name]
    at = data.asked("train")
    values, signs = (inputs[:, at][..., c] for c in (range(len(kind.presence)), [*kind.presence]))
    known = np.where(signs > 0, values, np.nan)
    mean, deviation = (np.float32(f(known, axis=(0, 1))) for f in (np.nanmean, np.nanstd))
    arrays = ops.convert_to_numpy(kind.read(inputs, mean, deviation)).astype(float)
    _, weights = ridge(data, arrays, truth, kind.stride)
    return mean, deviation, weights, np.nanstd(truth[:, at], axis=(0, 1))


def network(data, kind, layer):
    """Raw values `(batch, time, values)` in, raw forecasts `(batch, time, columns)` out."""
    mean, deviation, weights, scale = starts(data, kind)
    seen = keras.Input((None, data.inputs[kind.name].shape[-1]), name=kind.name)
    read = kind.read(seen, mean, deviation)
    noisy = keras.layers.GaussianNoise(0.3, name="noise")(read)
    memory = keras.layers.Dropout(0.5, name="dropout")(layer(noisy))
    linear = keras.layers.Dense(len(scale), name="linear", trainable=False)
    # It begins as the linear forecast, and in units in which all columns learn alike.
    remembered = keras.layers.Dense(
        len(scale), kernel_initializer="zeros", use_bias=False, name="remembered"
    )(memory)
    remembered = keras.layers.Rescaling(scale.tolist(), name="units")(remembered)
    outputs = keras.layers.Add(name="forecast")([linear(read), remembered])
    linear.set_weights(weights)
    model = keras.Model(seen, outputs, name=kind.name)
    share = np.repeat([1 / 5, 1 / 96], [5, 96])[: len(scale)]
    model.compile(keras.optimizers.Adam(1e-3), loss_of(scale, share), jit_compile=False)
    return model


class Best(keras.callbacks.Callback):
    """Keeps the weights that were best on validation, looked at every few epochs."""

    def __init__(self, data, kind, every=4):
        super().__init__()
        self.data, self.kind, self.every = data, kind, every
        self.truth = data.targets[kind.name][:, data.asked("validation")]
        self.error = np.inf

    def on_train_begin(self, logs=None):
        self.on_epoch_end(-1)

    def on_epoch_end(self, epoch, logs=None):
        if (epoch + 1) % self.every:
            return
        guess = forecasts(self.data, self.kind, self.model, "validation")
        error = float(np.nanmean(self.model.loss(self.truth.astype("float32"), guess)))
        if error < self.error:
            self.error, self.epoch = error, epoch + 1
            self.weights = self.model.get_weights()

    def on_train_end(self, logs=None):
        self.model.set_weights(self.weights)


def train(data, kind, layer, label, seeds=(1,)):
    """A network, and for each seed the `Best` of its training, with its weights."""
    asked = np.zeros(len(data.hours), bool)
    asked[data.asked("train")] = True
    index = sequences(data, kind, "train")
    x = data.inputs[kind.name][:, index]
    y = np.where(asked[:, None], data.targets[kind.name], np.nan)[:, index]
    x, y = (a.reshape(-1, *a.shape[2:]).astype("float32") for a in (x, y))
    found = []
    for seed, model in common.begin(lambda: network(data, kind, layer()), seeds):
        found.append(Best(data, kind))
        told = label + f", seed {seed}" * (len(seeds) > 1)
        common.fit(model, x, y, told, batch_size=kind.batch, epochs=kind.epochs, also=found[-1:])
    return model, found
