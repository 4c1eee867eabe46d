"""The weather in New York: tomorrow's vector, and the next 24 hours, hour by hour.

Data: the hours of 2013 at three airports (data/README.md). Of five weeks three are trained on, one
chooses (ridge's strength, epochs, the cell), and one tests; no window of training reaches into the
others. A value that cannot be is told and taken as missing.

Two kinds of networks read raw values, scaling is inside. One reads a vector a day, the slide's:
(high °F, low °F, wind mph, rain inches, humidity), all zeros where the day is missing. The other
reads an hour at a time: (temperature °F, wind mph, rain inches, humidity, pressure mbar, hour of
the day), all zeros where the hour is missing, pressure 0 where that is. Both give the vector of the
24 hours to come, the second after it temperature, wind, rain and humidity of each of these hours.
Each is a linear forecast from the last step, fitted by ridge, and a cell adds what it remembers.

You will see skill in the test weeks: the share of climatology's squared error that a forecast does
not make (1: perfect; 0: no better than as usual for the season and the hour; below 0: worse).
Persistence, the same hour yesterday and ridge regressions on the last step and on many stand
beside. `--seeds 5` trains five times and gives means with intervals of 95 %.
"""

import functools

import common
import forecasters
import numpy as np
from forecasters import DAYS, HOURS, forecasts, ridge
from new_york import AHEAD, DAY, FORECAST, NewYork, climatology, last_known

import kerasgates as kg

SLIDE = (67, 43, 13, 0.25, 0.83)
CELLS = {"LSTM, days": (kg.LSTM, DAYS), "LSTM": (kg.LSTM, HOURS), "GRU": (kg.GRU, HOURS)}
PAST, WEEK = 48, 7
LAST, MANY = "ridge, last hour", f"ridge, {PAST} hours"


def baselines(data):
    """Forecasts for all hours by what is no network, by name: the vector, then the hours."""
    truth, vector = data.targets["hours"], data.targets["days"]
    hours, days = last_known(data.values), last_known(data.days)
    clock = np.broadcast_to(2 * np.pi / 24 * data.of_day[:, None], (*hours.shape[:2], 1))
    now, same = [np.sin(clock), np.cos(clock), hours], hours[..., : len(FORECAST)]
    past = [np.roll(hours, back, axis=1) for back in range(1, PAST)]
    week = [np.roll(days, AHEAD * back, axis=1) for back in range(WEEK)]
    yesterday = [np.roll(same, AHEAD - lead, axis=1) for lead in range(1, AHEAD + 1)]
    now, past, week = (np.concatenate(parts, axis=2) for parts in (now, [*now, *past], week))
    return {
        "climatology": climatology(data),
        "persistence": np.concatenate([days, *[same] * AHEAD], axis=2),
        "same hour yesterday": np.concatenate([days, *yesterday], axis=2),
        "ridge, last day": ridge(data, days, vector, AHEAD)[0],
        f"ridge, {WEEK} days": ridge(data, week, vector, WEEK * AHEAD)[0],
        LAST: ridge(data, now, truth)[0],
        MANY: ridge(data, past, truth, PAST)[0],
    }


def networks(data, seeds, without):
    """For each row of CELLS that is not left out a network, and the best weights of all seeds."""
    found = {}
    for name, (layer, kind) in CELLS.items():
        if name not in without:
            cell = functools.partial(layer, kind.units, return_sequences=True, name="memory")
            found[name] = forecasters.train(data, kind, cell, name, range(1, seeds + 1))
    return found


def skills(data, guess, usual):
    """Skill of each column, over all airports and the hours that are asked in the test weeks."""
    at, columns = data.asked("test"), guess.shape[-1]
    truth = data.targets["hours"][:, at, :columns]
    errors, unskilled = ((g - truth) ** 2 for g in (guess, usual[:, at, :columns]))
    known = ~np.isnan(errors + unskilled)
    return 1 - errors.sum((0, 1), where=known) / unskilled.sum((0, 1), where=known)


def table(found):
    """Rows of skill by what forecasts: of the vector, and of each variable over all 24 hours."""
    vector, hours = [], []
    for name, seeds in found.items():
        intervals = map(common.Interval.of, np.transpose([s[: len(DAY)] for s in seeds]))
        vector.append({"by": name, **dict(zip(DAY, intervals))})
        if len(seeds[0]) > len(DAY):
            over = [s[len(DAY) :].reshape(AHEAD, -1).mean(axis=0) for s in seeds]
            intervals = map(common.Interval.of, np.transpose(over))
            hours.append({"by": name, **dict(zip(FORECAST, intervals))})
    return [row for row in vector if row["by"] != "same hour yesterday"], hours


def conclude(rows):
    """A sentence on each cell that reads hours: where its whole interval is above ridge."""
    rows = {row["by"]: row for row in rows}
    for name, (_, kind) in CELLS.items():
        if kind.name == HOURS.name and name in rows:
            for other in (LAST, MANY):
                wins = [
                    column
                    for column, value in rows[name].items()
                    if column != "by" and value.mean - value.half > rows[other][column].mean
                ]
                yield f"{name} is ahead of {other}: {', '.join(wins) or 'nowhere'}."


def draw_vector(found):
    """A function that draws the skill of each number of tomorrow's vector."""
    styles = {"persistence": (common.BLACK, "x"), "ridge, last day": (common.ORANGE, "s")}
    styles |= {"LSTM, days": (common.SKY, "o"), LAST: (common.RED, "s"), "LSTM": (common.BLUE, "o")}

    def panel(axes):
        for row, (by, (colour, marker)) in enumerate(styles.items()):
            if by not in found:
                continue
            seeds = np.array([s[: len(DAY)] for s in found[by]])
            mean, place = seeds.mean(axis=0), np.arange(len(DAY)) + 0.12 * (row - 2)
            reach = np.abs(np.stack([seeds.min(axis=0), seeds.max(axis=0)]) - mean)
            label = f"{by}, hours" if by == "LSTM" else by
            axes.errorbar(place, mean, reach, fmt=marker, color=colour, label=label)
        axes.axhline(0, color=common.BLACK, linewidth=0.8)
        axes.set(xticks=range(len(DAY)), xticklabels=DAY, ylim=(-1, 1))
        axes.set_ylabel("skill over climatology, test weeks")
        axes.legend(frameon=False, loc="lower left", ncols=2)

    return panel


def draw_hours(found):
    """A function that draws skill by the hour ahead, of temperature and of humidity."""
    styles = {LAST: (common.ORANGE, "--"), MANY: (common.RED, "-")}
    styles |= {"LSTM": (common.BLUE, "-"), "GRU": (common.GREEN, "-")}

    def panels(all_axes):
        ahead = np.arange(1, AHEAD + 1)
        for axes, name in zip(all_axes, (FORECAST[0], FORECAST[3])):
            for by, (colour, line) in styles.items():
                if by not in found:
                    continue
                curves = np.array([s[len(DAY) :].reshape(AHEAD, -1) for s in found[by]])
                curves = curves[..., FORECAST.index(name)]
                axes.plot(ahead, curves.mean(axis=0), line, color=colour, label=by)
                axes.fill_between(ahead, curves.min(0), curves.max(0), color=colour, alpha=0.2)
            axes.set(
                title=name.split()[0], xlabel="hours ahead", xticks=range(0, 25, 6), ylim=(0, 1)
            )
        all_axes[0].set_ylabel("skill over climatology, test weeks")
        all_axes[0].legend(frameon=False, loc="lower left")

    return panels


def tested(data, name, model, trained):
    """What a network forecasts in the test weeks, for each seed."""
    for best in trained:
        model.set_weights(best.weights)
        yield forecasts(data, CELLS[name][1], model, "test")


def exports(data, models, found):
    """The best network of days, if any, and of hours, by validation."""
    for name, kind, (draw, panels) in (
        ("weather", DAYS, (draw_vector, {})),
        ("weather_hours", HOURS, (draw_hours, {"ncols": 2})),
    ):
        trained = [pair for cell, pair in models.items() if CELLS[cell][1].name == kind.name]
        if not trained:
            continue
        model, seeds = min(trained, key=lambda pair: min(best.error for best in pair[1]))
        model.set_weights(min(seeds, key=lambda best: best.error).weights)
        steps = data.asked("test")[0] + WEEK * AHEAD - kind.stride * np.arange(kind.history)[::-1]
        golden = data.inputs[kind.name][:, steps]
        golden[0, 3:5] = 0  # Missing steps.
        if kind is DAYS:
            told = common.outputs(model, np.array([[SLIDE]], "float32"))[0, 0]
            told = ", ".join(f"{value:.2f}" for value in told)
            common.console.print(f"After the day {SLIDE} comes ({told}), by the LSTM of days.")
        yield common.Export(model, name, golden, draw(found), panels)


def main(out=common.OUT, seeds=1, without=(), export=common.export_and_check):
    """Train, test and export all of CELLS but those of `without`; rows of the two tables."""
    data = NewYork()
    common.console.print(*data.told, sep="\n", highlight=False)
    guesses, models = baselines(data), networks(data, seeds, without)
    usual, at = guesses["climatology"], data.asked("test")
    found = {name: [skills(data, g[:, at], usual)] for name, g in guesses.items()}
    for name, (model, trained) in models.items():
        guessed = tested(data, name, model, trained)
        found[name] = [skills(data, guess, usual) for guess in guessed]
    vector, hours = table(found)
    common.print_table("Tomorrow's vector: skill in the test weeks", vector)
    common.print_table("The 24 hours to come: skill in the test weeks", hours)
    for sentence in conclude(hours):
        common.console.print(sentence, highlight=False)
    export(out, *exports(data, models, found))
    return vector, hours


if __name__ == "__main__":
    given = common.arguments(__doc__, seeds=1)
    main(given.out, given.seeds)
