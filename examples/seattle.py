"""Four years of weather in Seattle as vectors: units, anomalies and windows without leakage."""

import csv
import pathlib

import common
import numpy as np

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


def windows(dates, before, after=0, test_from=TEST_FROM):
    """Indices `(windows, before + 1 + after)` of successive days, for training and for test.

    The day asked for is number `before` of its window. Training windows lie wholly before
    `test_from`; in test windows the day asked for does not.
    """
    asked = np.arange(before, len(dates) - after)
    index = asked[:, None] + np.arange(-before, after + 1)
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

    def samples(self, before, after=0):
        """Training inputs and vectors, test inputs and the numbers of the days they ask for.

        Inputs are `(windows, days, 11)`. The day asked for is masked, that is, all zeros; where
        no day comes after it, it is left out.
        """
        past, future = windows(self.dates, before, after)
        x, new = self.vectors[past], self.vectors[future]
        x[:, before] = new[:, before] = 0
        days = slice(None) if after else slice(before)
        return x[:, days], self.vectors[past[:, before], :9], new[:, days], future[:, before]

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

    def draw(self, axes, days, guess):
        """Observed days and the forecasts for them, on two axes: temperatures, precipitation."""
        dates = self.dates[days]
        for number, name, colour in ((0, "high", common.RED), (1, "low", common.BLUE)):
            axes[0].plot(
                dates, self.real[days, number], ".", color=colour, label=f"{name}, observed"
            )
            axes[0].plot(dates, guess[:, number], color=colour, label=f"{name}, forecast")
        axes[1].bar(dates, self.real[days, 3], color=common.SKY, label="observed")
        axes[1].plot(dates, guess[:, 3], color=common.BLACK, label="forecast")
        axes[0].set_ylabel("temperature in °C")
        axes[1].set_ylabel("precipitation in mm")
        axes[0].figure.suptitle("Seattle 2015: each day forecast from the 14 days before it (LSTM)")
        for panel in axes:
            panel.legend(loc="lower left", bbox_to_anchor=(0, 1), frameon=False, ncols=4)
