"""What the tests of reports share: a model, its input, and the data of a page."""

import json
import re

import keras

import kerasgates as kg
from tests.cases import FEATURES, MASK, UNITS, inputs, randomise

WORDS = ["Doug", "saw", "Jane", ".", "Spot", "saw", "<b>Doug"]


def story(rng):
    """A model of three recurrent layers under a mask, with random weights."""
    x = keras.Input((None, FEATURES), name="x")
    y = keras.layers.Masking(name="masking")(x)
    both = kg.LSTM(UNITS, return_sequences=True, name="lstm", loop="keras")
    y = keras.layers.Bidirectional(both, name="both")(y)
    y = keras.layers.GRU(3, name="gru")(y)
    model = keras.Model(x, keras.layers.Dense(1, name="dense")(y), name="story")
    randomise(model, rng)
    return model


def masked_inputs(rng):
    """Its input, with zeros where `MASK` says so."""
    return inputs(rng) * MASK[..., None]


def data_of(path):
    """The data of a page, as its script reads them."""
    text = path.read_text("utf-8")
    (held,) = re.findall(r'<script type="application/json" id="data">(.*?)</script>', text)
    return json.loads(held)
