"""Four years of weather in Seattle as vectors, in units and as anomalies, and an LSTM of days."""

import csv
import pathlib

import common
import keras
import numpy as np
from keras.losses import categorical_crossentropy, mean_squared_error

import kerasgates as kg

DATA = pathlib.Path(__file__).resolve().parent / "data" / "seattle_weather.csv"
#: What a vector holds: numbers with their columns in the file, then one-hot weather.
NUMBERS = {
    "high °C": "temp_max",
    "low °C": "temp_min",
    "wind m/s": "wind",
    "precip. mm": "precipitation",
}
WEATHER = ("drizzle", "fog", "rain", "snow", "sun")
TEST_FROM = np.datetime64("2015-01-01")
DAYS, UNITS, EPOCHS = 14, 16, 10


def load(path=DATA):
    """Dates `(days,)` and vectors `(days, 9)` in real units."""
    with path.open() as file:
        rows = list(csv.DictReader(file))
    dates = np.array([row["date"].replace("/", "-") for row in rows], "datetime64[D]")
    numbers = [[float(row[name]) for name in NUMBERS.values()] for row in rows]
    return dates, np.hstack([numbers, [[row["weather"] == w for w in WEATHER] for row in rows]])


def day_of_year(dates):
    """0 for the first of January."""
    return (dates - dates.astype("datetime64[Y]").astype("datetime64[D]")).astype(int)


def climatology(dates, vectors):
    """Mean vector for each day of the year: of the days at most 15 away from it, in any year."""
    apart = np.abs((day_of_year(dates) - np.arange(366)[:, None] + 183) % 366 - 183)
    near = apart <= 15
    return near @ vectors / near.sum(axis=1, keepdims=True)


def windows(dates, before, test_from=TEST_FROM):
    """Indices `(windows, before + 1)` of successive days, for training and for test.

    The day asked for is the last of its window. Training windows lie wholly before `test_from`;
    in test windows the day asked for does not.
    """
    asked = np.arange(before, len(dates))
    index = asked[:, None] + np.arange(-before, 1)
    return index[dates[index].max(axis=1) < test_from], index[dates[asked] >= test_from]


class Seattle:
    """The data in real units and as what the models read; only training years set the scale.

    Attributes:
        dates: `(days,)`.
        real: `(days, 9)`, high, low, wind, precipitation, one-hot weather.
        usual: `(days, 9)`, the climatology of each date.
        vectors: `(days, 11)`, the numbers as standardised anomalies, one-hot weather, and
            the day of the year as sine and cosine.
    """

    def __init__(self, test_from=TEST_FROM):
        self.dates, self.real = load()
        training = self.dates < test_from
        past, day = self.dates[training], day_of_year(self.dates)
        self.usual = climatology(past, self.real[training])[day]
        # Most days are dry and a few very wet: the logarithm keeps these from ruling the loss.
        numbers = np.hstack([self.real[:, :3], np.log1p(self.real[:, 3:4])])
        self.normal = climatology(past, numbers[training])[day]
        self.deviation = (numbers - self.normal)[training].std(axis=0)
        angle = 2 * np.pi * day[:, None] / 365.25
        anomalies = (numbers - self.normal) / self.deviation
        parts = [anomalies, self.real[:, 4:], np.sin(angle), np.cos(angle)]
        self.vectors = np.hstack(parts).astype("float32")

    def samples(self, before):
        """Training inputs and vectors, test inputs and the numbers of the days they ask for.

        Inputs are `(windows, before, 11)`, the days before the one that is asked for.
        """
        past, future = windows(self.dates, before)
        x, y = self.vectors[past[:, :before]], self.vectors[past[:, before], :9]
        return x, y, self.vectors[future[:, :before]], future[:, before]

    def predict(self, model, x, days):
        """Vectors `(n, 9)` of the numbered days in real units, by a model of anomalies."""
        return self.in_real_units(common.outputs(model, x), days)

    def in_real_units(self, vectors, days):
        """Vectors `(n, 9)` of the numbered days in real units, from anomalies."""
        numbers = self.normal[days] + self.deviation * vectors[:, :4]
        rain = np.maximum(np.expm1(numbers[:, 3:]), 0)
        return np.hstack([numbers[:, :3], rain, vectors[:, 4:]])

    def score(self, task, name, guess, days):
        """A row: `(mean absolute, root mean square)` error per number, share of right weather."""
        error = guess[:, :4] - self.real[days, :4]
        pairs = np.transpose([np.abs(error).mean(axis=0), np.sqrt((error**2).mean(axis=0))])
        right = np.mean(guess[:, 4:].argmax(axis=1) == self.real[days, 4:].argmax(axis=1))
        numbers = {name: tuple(pair) for name, pair in zip(NUMBERS, pairs.tolist())}
        return {"2015": task, "by": name, **numbers, "weather": float(right)}


def build():
    """Days `(batch, 14, 11)` in, the next day's vector out; masked days are all zeros.

    The read-out sees the last day directly, too, so that persistence is easily learned.
    """
    inputs = keras.Input((DAYS, 11), name="days")
    hidden = kg.LSTM(UNITS, name="lstm")(keras.layers.Masking(name="masking")(inputs))
    seen = keras.layers.Concatenate(name="seen")(
        [keras.layers.Dropout(0.3, name="dropout")(hidden), inputs[:, -1]]
    )
    numbers = keras.layers.Dense(4, name="numbers")(seen)
    kind = keras.layers.Dense(5, activation="softmax", name="kind")(seen)
    return keras.Model(inputs, keras.layers.Concatenate(name="vector")([numbers, kind]))


def loss(truth, vector):
    surprise = categorical_crossentropy(truth[:, 4:], vector[:, 4:])
    return mean_squared_error(truth[:, :4], vector[:, :4]) + 0.3 * surprise


def train(x, y):
    """The LSTM, trained on the days once as they are and once with a tenth of them masked."""
    kept = np.random.default_rng(1).random(x.shape[:2]) > 0.1
    x, y = np.concatenate([x, x * kept[..., None]]), np.concatenate([y, y])
    model = build()
    model.compile(keras.optimizers.Adam(1e-2), loss, jit_compile=False)
    common.fit(model, x, y, "LSTM", batch_size=128, epochs=EPOCHS)
    return model
