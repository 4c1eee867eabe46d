"""The weather vector: tomorrow from the last 14 days, and a missing day from both sides.

Data: 1,461 real days in Seattle, each a vector (high, low, wind, precipitation, kind of weather,
day of the year); numbers are anomalies from the day-of-year mean, precipitation as log(1 + mm).
Means and scales come from 2012–2014, which all is trained on, once as they are and once with a
tenth of the days masked out. 2015 is the test. The number of epochs was chosen on 2014.

You will see mean absolute/root mean square errors of 2015 in real units, and how often the kind
of weather was right: of tomorrow, by LSTM, GRU and PeepholeLSTM, by persistence (as today) and by
climatology (as usual), and with 3 of the 14 days masked out; of a missing day, from 7 days on both
sides. A forecast must not be Bidirectional, its backward half would read days that have not
happened yet; a gap in an archive has days on both sides.
"""

import common
import keras
import numpy as np
from keras.losses import categorical_crossentropy, mean_squared_error
from seattle import Seattle

import kerasgates as kg

DAYS, SIDE, UNITS, EPOCHS = 14, 7, 16, 10


def build(layer, days, asked, beside):
    """Days `(batch, days, 11)` in, the vector of day `asked` out; masked days are all zeros.

    The read-out sees the days `beside` directly, too, so that persistence is easily learned.
    """
    inputs = keras.Input((days, 11), name="days")
    hidden = layer(keras.layers.Masking()(inputs))[:, min(asked, days - 1)]
    neighbours = [inputs[:, day] for day in beside]
    seen = keras.layers.Concatenate()([keras.layers.Dropout(0.3)(hidden), *neighbours])
    vector = [keras.layers.Dense(4)(seen), keras.layers.Dense(5, activation="softmax")(seen)]
    return keras.Model(inputs, keras.layers.Concatenate(name="vector")(vector))


def loss(truth, vector):
    surprise = categorical_crossentropy(truth[:, 4:], vector[:, 4:])
    return mean_squared_error(truth[:, :4], vector[:, :4]) + 0.3 * surprise


def train(label, layer, x, y, asked, beside):
    kept = np.random.default_rng(1).random(x.shape[:2]) > 0.1
    x, y = np.concatenate([x, x * kept[..., None]]), np.concatenate([y, y])
    model = build(layer, x.shape[1], asked, beside)
    model.compile(keras.optimizers.Adam(1e-2), loss, jit_compile=False)
    common.fit(model, x, y, label, batch_size=128, epochs=EPOCHS)
    return model


def forecast(data):
    """For the days of 2015: their numbers, guesses by name, the LSTM, masked inputs."""
    x, y, new, days = data.samples(DAYS)
    guesses = {"persistence": data.real[days - 1], "climatology": data.usual[days]}
    models = {}
    for layer in (kg.LSTM, kg.GRU, kg.PeepholeLSTM):
        name = layer.__name__
        models[name] = train(name, layer(UNITS, return_sequences=True), x, y, DAYS, [DAYS - 1])
        guesses[name] = data.predict(models[name], new, days)
    lost = np.random.default_rng(2).random(new.shape[:2]).argsort(axis=1) < 3
    masked = new * ~lost[..., None]
    guesses["LSTM, 3 masked"] = data.predict(models["LSTM"], masked, days)
    return days, guesses, models["LSTM"], masked


def fill_gap(data):
    """Rows for the days of 2015, each missing in the middle of 15."""
    x, y, new, days = data.samples(SIDE, SIDE)
    guesses = {"mean of neighbours": (data.real[days - 1] + data.real[days + 1]) / 2}
    forward = kg.LSTM(UNITS, return_sequences=True)
    both = keras.layers.Bidirectional(kg.LSTM(UNITS, return_sequences=True))
    for name, layer, beside in (
        ("LSTM, days before", forward, [SIDE - 1]),
        ("Bidirectional LSTM", both, [SIDE - 1, SIDE + 1]),
    ):
        model = train(name, layer, x, y, SIDE, beside)
        guesses[name] = data.predict(model, new, days)
    return [data.score("missing day", name, guess, days) for name, guess in guesses.items()]


def main(out=common.OUT):
    keras.utils.set_random_seed(1)
    data = Seattle()
    days, guesses, model, masked = forecast(data)
    rows = [data.score("tomorrow", name, guess, days) for name, guess in guesses.items()]
    rows += fill_gap(data)
    common.print_table("Mean absolute/root mean square error; share of right weather", rows)

    def draw(axes):
        data.draw(axes, days[90:181], guesses["LSTM"][90:181])

    common.export_and_check(model, "weather", masked[:8], out, draw, nrows=2, sharex=True)
    return rows


if __name__ == "__main__":
    main(common.arguments(__doc__).out)
