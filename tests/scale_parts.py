"""What the workers of `test_many_workers.py` share: the rows, the model, and what they report."""

import json

import keras
import numpy as np

import kerasgates as kg

ROWS, TIME, FEATURES, TARGETS = 36, 9, 3, 2
BATCH, EPOCHS, RATE, MOMENTUM = 12, 2, 0.2, 0.9


def rows():
    """Sequences `(ROWS, TIME, FEATURES)` of different lengths, padded with zeros, and targets."""
    rng = np.random.default_rng(3)
    x = rng.normal(size=(ROWS, TIME, FEATURES)).astype("float32")
    x *= (np.arange(TIME) < rng.integers(1, TIME + 1, size=(ROWS, 1)))[..., None]
    return x, rng.normal(size=(ROWS, TARGETS)).astype("float32")


def build():
    """A masked LSTM and a GRU, each with `loop="auto"`; always the same first weights."""
    keras.utils.set_random_seed(5)
    layers = [
        keras.layers.Masking(),
        kg.LSTM(4, return_sequences=True),
        kg.GRU(4),
        keras.layers.Dense(TARGETS),
    ]
    model = keras.Sequential([keras.Input((None, FEATURES)), *layers])
    # Adam would forgive a gradient that is a multiple of the right one.
    model.compile(keras.optimizers.SGD(RATE, momentum=MOMENTUM), "mse")
    return model


class Share(keras.utils.PyDataset):
    """Of every batch the rows of one worker."""

    def __init__(self, worker=0, workers=1):
        super().__init__()
        self.x, self.y = rows()
        self.indices = np.arange(ROWS).reshape(-1, workers, BATCH // workers)[:, worker]

    def __len__(self):
        return len(self.indices)

    def __getitem__(self, batch):
        return self.x[self.indices[batch]], self.y[self.indices[batch]]


def train(data, model=None):
    """Train a model, by default a new one, with `fit`; it is returned."""
    model = model or build()
    model.fit(data, epochs=EPOCHS, shuffle=False, verbose=0)
    return model


def report(weights, **more):
    """Print for the test, as JSON, lists of weights by name, and what else it asks for."""
    flat = {name: np.concatenate([w.ravel() for w in ws]) for name, ws in weights.items()}
    print(json.dumps({"weights": {name: w.tolist() for name, w in flat.items()}, **more}))
