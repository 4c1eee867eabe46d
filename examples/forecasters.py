"""Forecasters of weather.py: ridge regression, and networks that add what they remember to one."""

import dataclasses
import functools

import common
import keras
import numpy as np
from carry_forward import CarryForwardCell
from keras import ops
from new_york import last_known

import kerasgates as kg

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
        gap: the longest gap to train on; one begins once in so many steps.
        clock: whether the hour of the day follows the values.
        units, batch, epochs: of its training.
    """

    name: str
    stride: int
    presence: tuple
    steps: int
    every: int
    history: int
    gap: int
    clock: bool = False
    units: int = 16
    batch: int = 15
    epochs: int = 24


HOURS = Kind("hours", 1, (3, 3, 3, 3, 4), steps=168, every=84, history=96, gap=24, clock=True)
DAYS = Kind("days", 24, (4,) * 5, steps=20, every=3, history=14, gap=5, batch=45)


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


def gaps(rng, shape, longest):
    """Which steps `(…, time)` are missing: gaps of 1 to `longest` steps that begin by chance."""
    begins = rng.random(shape) < 1 / longest
    ends = np.where(begins, rng.integers(1, longest + 1, shape), 0) + np.arange(shape[-1])
    return np.maximum.accumulate(ends, axis=-1) > np.arange(shape[-1])


class Gapped(keras.utils.PyDataset):
    """Batches of sequences, each epoch in another order and with other steps missing."""

    def __init__(self, x, y, kind, seed):
        super().__init__()
        self.x, self.y, self.kind, self.rng = x, y, kind, np.random.default_rng(seed)
        self.on_epoch_end()

    def __len__(self):
        return -(-len(self.x) // self.kind.batch)

    def __getitem__(self, number):
        rows = self.order[number * self.kind.batch :][: self.kind.batch]
        return self.x[rows] * self.known[rows], self.y[rows]

    def on_epoch_end(self):
        self.order = self.rng.permutation(len(self.x))
        self.known = ~gaps(self.rng, self.x.shape[:2], self.kind.gap)[..., None]


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


def forecasts(data, kind, model, part, missing=0, gapped=False):
    """What a network gives for the hours asked in one part: `(airports, hours asked, columns)`.

    Args:
        missing: so many of the last steps before each forecast are missing.
        gapped: whether there are gaps as in training, the same each time.
    """
    asked = data.asked(part)
    if kind.stride > 1 or missing:
        index, last = asked[:, None] + kind.stride * np.arange(1 - kind.history, 1), 1
    else:
        index = np.stack([np.arange(a[0] - kind.history, a[-1] + 1) for a in data.runs(asked)])
        last = index.shape[1] - kind.history
    read = data.inputs[kind.name][:, index]
    read[:, :, index.shape[1] - missing :] = 0
    if gapped:
        read[gaps(np.random.default_rng(0), read.shape[:-1], kind.gap)] = 0
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
    truth, values = data.targets[kind.name], {"days": data.days, "hours": data.values}[kind.name]
    at = data.asked("train")
    mean, deviation = (f(values[:, at], axis=(0, 1)) for f in (np.nanmean, np.nanstd))
    read = [(last_known(values) - mean) / deviation]
    if kind.clock:
        read.append(data.clock)
    _, weights = ridge(data, np.concatenate(read, axis=2), truth, kind.stride)
    return mean, deviation, weights, np.nanstd(truth[:, at], axis=(0, 1))


def network(data, kind, layer):
    """Raw values `(batch, time, values)` in, raw forecasts `(batch, time, columns)` out."""
    mean, deviation, (slopes, biases), scale = starts(data, kind)
    seen = keras.Input((None, data.inputs[kind.name].shape[-1]), name=kind.name)
    carry = CarryForwardCell(kind.presence, mean, deviation, kind.clock, name="last_known")
    read = kg.RNN(carry, return_sequences=True, name="carried")(seen)
    noisy = keras.layers.GaussianNoise(0.3, name="noise")(read)
    memory = keras.layers.Dropout(0.5, name="dropout")(layer(noisy))
    linear = keras.layers.Dense(len(scale), name="linear", trainable=False)
    # It begins as the linear forecast, and in units in which all columns learn alike.
    remembered = keras.layers.Dense(
        len(scale), kernel_initializer="zeros", use_bias=False, name="remembered"
    )(memory)
    remembered = keras.layers.Rescaling(scale.tolist(), name="units")(remembered)
    outputs = keras.layers.Add(name="forecast")([linear(read), remembered])
    # Ridge is not told whether the last step is missing.
    linear.set_weights([np.vstack([slopes, np.zeros_like(biases)]), biases])
    model = keras.Model(seen, outputs, name=kind.name)
    share = np.repeat([1 / 5, 1 / 96], [5, 96])[: len(scale)]
    model.compile(keras.optimizers.Adam(3e-3), loss_of(scale, share), jit_compile=False)
    return model


class Best(keras.callbacks.Callback):
    """Keeps the weights that were best on validation, with gaps, looked at every few epochs."""

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
        guess = forecasts(self.data, self.kind, self.model, "validation", gapped=True)
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
        gapped = Gapped(x, y, kind, seed)
        common.fit(model, gapped, None, told, epochs=kind.epochs, also=found[-1:])
    return model, found
