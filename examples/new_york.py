"""A year of hours at the three airports of New York: checks, gaps, blocks in time, baselines.

Clocks show Eastern Standard Time (UTC - 5) all year. What is missing is NaN.
"""

import csv
import pathlib

import numpy as np

DATA = pathlib.Path(__file__).resolve().parent / "data" / "nyc_weather_2013.csv"
AIRPORTS = ("EWR", "JFK", "LGA")
#: What an hour is, in the order of the file and of the models, and what can be on Earth.
HOUR = {
    "temperature °F": (-130, 135),
    "wind mph": (0, 253),
    "rain inches": (0, 12.1),
    "humidity": (0, 1),
    "pressure mbar": (870, 1085),
}
#: What a day is: of its 24 hours the highest and lowest temperature, mean, sum and mean.
DAY = ("high °F", "low °F", "wind mph", "rain inches", "humidity")
FORECAST = list(HOUR)[:4]
AHEAD, ENOUGH = 24, 18
#: Five weeks: three to train on, one to choose on, one to test on.
WEEK, CYCLE = 168, ("train", "train", "train", "validation", "test")


def load(path=DATA):
    """Hours `(hours,)`, their values `(airports, hours, 5)`, and what was impossible, told."""
    with path.open() as file:
        rows = list(csv.reader(file))[1:]
    found = np.array([row[0] for row in rows], "datetime64[h]") - np.timedelta64(5, "h")
    hours = np.arange(found[0], found[-1] + 1)
    numbers = [[float(value) if value else np.nan for value in row[1:]] for row in rows]
    values = np.full((len(hours), len(AIRPORTS) * len(HOUR)), np.nan)
    values[(found - hours[0]).astype(int)] = numbers
    values = values.reshape(len(hours), len(AIRPORTS), len(HOUR)).transpose(1, 0, 2)
    values[..., 3] /= 100
    return hours, values, check(hours, values)


def check(hours, values):
    """Makes NaN of what cannot be, in place; a line for each such value."""
    low, high = np.transpose([*HOUR.values()])
    told = []
    for airport, hour, number in np.argwhere((values < low) | (values > high)):
        value, name = values[airport, hour, number], list(HOUR)[number]
        told.append(f"{AIRPORTS[airport]} {hours[hour]}h: {name} {value:,.0f} cannot be: missing")
        values[airport, hour, number] = np.nan
    return told


def days_of(values):
    """For each hour the vector `(high, low, wind, rain, humidity)` of the 24 that end with it."""
    hours = np.lib.stride_tricks.sliding_window_view(values, AHEAD, axis=1)
    known = ~np.isnan(hours[:, :, : len(FORECAST)]).any(axis=2)
    temperature, wind, rain, humidity = (np.where(known, hours[:, :, k], np.nan) for k in range(4))
    few = known.sum(axis=-1) < ENOUGH
    with np.errstate(all="ignore"):
        count = known.sum(axis=-1)
        parts = [np.fmax.reduce(temperature, axis=-1), np.fmin.reduce(temperature, axis=-1)]
        parts += [np.nansum(wind, axis=-1) / count, np.nansum(rain, axis=-1)]
        parts += [np.nansum(humidity, axis=-1) / count]
    days = np.full((*values.shape[:2], len(DAY)), np.nan)
    days[:, AHEAD - 1 :] = np.where(few[..., None], np.nan, np.stack(parts, axis=-1))
    return days


def ahead(values, leads):
    """`(airports, hours, leads · n)`: the values so many hours later, NaN past the end."""
    parts = []
    for lead in leads:
        later = np.full_like(values, np.nan)
        later[:, :-lead] = values[:, lead:]
        parts.append(later)
    return np.concatenate(parts, axis=2)


def last_known(values):
    """Each missing value as it was last known; before the first as on average."""
    filled = values.copy()
    filled[:, 0] = np.where(np.isnan(values[:, 0]), np.nanmean(values, axis=(0, 1)), values[:, 0])
    for hour in range(1, values.shape[1]):
        missing = np.isnan(filled[:, hour])
        filled[:, hour][missing] = filled[:, hour - 1][missing]
    return filled


class NewYork:
    """The year, its blocks, and what is to be forecast.

    Attributes:
        told: lines on values that cannot be.
        hours: `(hours,)`; of_day: their hour of the day, 0 to 23.
        clock: `(airports, hours, 2)`, sine and cosine of it, once around a day.
        values: `(airports, hours, 5)`.
        days: `(airports, hours, 5)`, the vectors of the 24 hours that end with each hour.
        inputs: what networks read. "hours": `(airports, hours, 6)`, values and the hour of the
            day, an hour that is missing all zeros, a missing pressure 0; "days": their vectors,
            missing ones all zeros.
        targets: "days": `(airports, hours, 5)`, the vector of the 24 hours to come; "hours":
            `(airports, hours, 5 + 24 · 4)`, the same and these hours.
        part: `(hours,)`, of which block an hour is.
    """

    def __init__(self):
        self.hours, self.values, self.told = load()
        self.of_day = (self.hours - self.hours.astype("datetime64[D]")).astype(int)
        angle = 2 * np.pi / 24 * self.of_day
        hand = np.stack([np.sin(angle), np.cos(angle)], axis=1)
        self.clock = np.broadcast_to(hand, (len(self.values), *hand.shape))
        self.days = days_of(self.values)
        present = ~np.isnan(self.values[..., :4]).any(axis=2, keepdims=True)
        clock = np.broadcast_to(self.of_day[None, :, None], present.shape)
        read = np.concatenate([np.nan_to_num(self.values), clock], axis=2)
        hours, days = np.where(present, read, 0), np.nan_to_num(self.days)
        self.inputs = {"hours": hours.astype("float32"), "days": days.astype("float32")}
        next_day = ahead(self.days, [AHEAD])
        next_hours = ahead(self.values[..., : len(FORECAST)], range(1, AHEAD + 1))
        self.targets = {"days": next_day, "hours": np.concatenate([next_day, next_hours], axis=2)}
        week = np.arange(len(self.hours)) // WEEK
        self.part = np.array(CYCLE)[week % len(CYCLE)]

    def blocks(self, part):
        """First and last hour of each stretch of a part."""
        return [(run[0], run[-1]) for run in self.runs(np.flatnonzero(self.part == part))]

    @staticmethod
    def runs(numbers):
        """Successive numbers, together."""
        return np.split(numbers, np.flatnonzero(np.diff(numbers) > 1) + 1)

    def asked(self, part, history=1):
        """Hours from which all 24 to come are of this part, and so many up to it, too."""
        return np.concatenate(
            [np.arange(first + history - 1, last - AHEAD + 1) for first, last in self.blocks(part)]
        )


def climatology(data):
    """Next hours and next day as usual: means over training days at most 15 away, by the hour."""
    before = data.of_day[0]
    after = -(before + len(data.hours)) % 24

    def usual(values):
        known = np.where((data.part == "train")[None, :, None], values, np.nan)
        known = np.pad(known, ((0, 0), (before, after), (0, 0)), constant_values=np.nan)
        days = known.reshape(len(known), -1, 24 * known.shape[2])
        apart = np.abs(np.subtract.outer(*[np.arange(days.shape[1])] * 2))
        near = (np.minimum(apart, 365 - apart) <= 15).astype(float)
        mean = near @ np.nan_to_num(days) / (near @ ~np.isnan(days))
        return mean.reshape(known.shape)[:, before : before + len(data.hours)]

    day, hours = ahead(usual(data.days), [AHEAD]), usual(data.values[..., : len(FORECAST)])
    return np.concatenate([day, ahead(hours, range(1, AHEAD + 1))], axis=2)
