"""The weather in New York: tomorrow's vector, and the next 24 hours, hour by hour.

Data: the hours of 2013 at three airports (data/README.md). Of five weeks three are trained on, one
chooses (ridge's strength, epochs, the cell), and one tests; no window of training reaches into the
others. A value that cannot be is told and taken as missing.

Two kinds of networks read raw values, scaling is inside. One reads a vector a day, the slide's:
(high °F, low °F, wind mph, rain inches, humidity), all zeros where the day is missing. The other
reads an hour at a time: (temperature °F, wind mph, rain inches, humidity, pressure mbar, hour of
the day), all zeros where the hour is missing, pressure 0 where that is. Both give the vector of the
24 hours to come, the second after it temperature, wind, rain and humidity of each of these hours.
Each is a linear forecast from the last step that is known, fitted by ridge, and a cell, which is
told what is missing and trained with gaps, adds what it remembers.

You will see skill in the test weeks: the share of climatology's squared error that a forecast does
not make (1: perfect; 0: no better than as usual for the season and the hour; below 0: worse).
Persistence, the same hour yesterday and ridge regressions on the last step and on many stand
beside. And you will see what is left of the skill where the last hours before a forecast are
missing; there a ridge regression stands beside that was fitted to just so many. `--seeds 5` trains
five times and gives means with intervals of 95 %; pictures show the least and the most.
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
LAST, MANY, FITTED = "ridge, last hour", f"ridge, {PAST} hours", "the same, fitted to the gap"
HISTORY = {LAST: 1, MANY: PAST}
MISSING = (0, 1, 3, 6, 12)


def read_by_ridge(data, missing=0):
    """What ridge reads of the last hour and of many, at each hour, the last so many missing."""
    hours = last_known(data.values)
    past = [np.roll(hours, max(back, missing), axis=1) for back in range(PAST)]
    found = [np.concatenate([data.clock, *past[:count]], axis=2) for count in (1, PAST)]
    return dict(zip((LAST, MANY), found))


def baselines(data):
    """Forecasts for all hours by what is no network, by name: the vector, then the hours."""
    truth, vector = data.targets["hours"], data.targets["days"]
    days, same = last_known(data.days), last_known(data.values)[..., : len(FORECAST)]
    week = [np.roll(days, AHEAD * back, axis=1) for back in range(WEEK)]
    yesterday = [np.roll(same, AHEAD - lead, axis=1) for lead in range(1, AHEAD + 1)]
    read = read_by_ridge(data)
    return {
        "climatology": climatology(data),
        "persistence": np.concatenate([days, *[same] * AHEAD], axis=2),
        "same hour yesterday": np.concatenate([days, *yesterday], axis=2),
        "ridge, last day": ridge(data, days, vector, AHEAD)[0],
        f"ridge, {WEEK} days": ridge(data, np.concatenate(week, axis=2), vector, WEEK * AHEAD)[0],
        **{name: ridge(data, read[name], truth, past)[0] for name, past in HISTORY.items()},
    }


def gap_baselines(data):
    """For each of MISSING ridge's forecasts for all hours, by name."""
    truth, full = data.targets["hours"], read_by_ridge(data)
    known = {name: ridge(data, full[name], truth, past)[1] for name, past in HISTORY.items()}
    for missing in MISSING:
        read = read_by_ridge(data, missing)
        found = {name: read[name] @ slopes + biases for name, (slopes, biases) in known.items()}
        yield missing, found | {FITTED: ridge(data, read[MANY], truth, PAST)[0]}


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


def gap_skills(data, models, usual):
    """Skill in temperature over the 24 hours to come: by name `(seeds, missing)`, as MISSING."""
    temperature = slice(len(DAY), None, len(FORECAST))

    def skill(guess):
        return float(skills(data, guess, usual)[temperature].mean())

    of_hours = {name: one for name, one in models.items() if CELLS[name][1].clock}
    found = {}
    for missing, guesses in gap_baselines(data):
        told = {name: [skill(guess[:, data.asked("test")])] for name, guess in guesses.items()}
        for name, (model, trained) in of_hours.items():
            told[name] = [skill(guess) for guess in of_seeds(data, name, model, trained, missing)]
        for name, seeds in told.items():
            found.setdefault(name, []).append(seeds)
    return {name: np.transpose(seeds) for name, seeds in found.items()}


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
        names = [name.split()[0] for name in DAY]
        axes.set(xticks=range(len(DAY)), xticklabels=names, ylim=(-1, 1), xlabel="of tomorrow")
        axes.set_ylabel("skill over climatology, test weeks")
        axes.legend(frameon=False, loc="lower left", ncols=2)

    return panel


#: What is drawn of hours: line and colour.
LINES = {
    LAST: (common.ORANGE, "--"),
    MANY: (common.RED, "-"),
    FITTED: (common.BLACK, ":"),
    "LSTM": (common.BLUE, "-"),
    "GRU": (common.GREEN, "-"),
}


def draw_hours(found, gaps):
    """A function that draws skill by the hour ahead, and of temperature by the hours missing."""

    def panels(all_axes):
        ahead = np.arange(1, AHEAD + 1)
        for axes, name in zip(all_axes, (FORECAST[0], FORECAST[3])):
            for by in (by for by in LINES if by in found):
                colour, line = LINES[by]
                curves = np.array([s[len(DAY) :].reshape(AHEAD, -1) for s in found[by]])
                curves = curves[..., FORECAST.index(name)]
                axes.plot(ahead, curves.mean(axis=0), line, color=colour, label=by)
                axes.fill_between(ahead, curves.min(0), curves.max(0), color=colour, alpha=0.2)
            axes.set(title=name.split()[0], xlabel="hours ahead", xticks=range(0, 25, 6))
        for by, curves in gaps.items():
            colour, line = LINES[by]
            all_axes[2].plot(MISSING, curves.mean(0), line, color=colour, label=by)
            all_axes[2].fill_between(MISSING, curves.min(0), curves.max(0), color=colour, alpha=0.2)
        title = "temperature, all 24 hours"
        all_axes[2].set(title=title, xlabel="last hours missing", xticks=MISSING)
        all_axes[0].set_ylabel("skill over climatology, test weeks")
        all_axes[2].legend(frameon=False, loc="upper right", fontsize="small")

    return panels


def of_seeds(data, name, model, trained, missing=0):
    """What a network forecasts in the test weeks, for each seed, the last hours missing."""
    for best in trained:
        model.set_weights(best.weights)
        yield forecasts(data, CELLS[name][1], model, "test", missing)


def exports(data, models, found, gaps):
    """The best network of days, if any, and of hours, by validation."""
    for name, kind, draw, panels in (
        ("weather", DAYS, draw_vector(found), {}),
        ("weather_hours", HOURS, draw_hours(found, gaps), {"ncols": 3, "sharey": True}),
    ):
        trained = [pair for cell, pair in models.items() if CELLS[cell][1].name == kind.name]
        if not trained:
            continue
        model, seeds = min(trained, key=lambda pair: min(best.error for best in pair[1]))
        model.set_weights(min(seeds, key=lambda best: best.error).weights)
        count = min(kind.history, 48)  # Enough to see, and the file stays small.
        steps = data.asked("test")[0] + WEEK * AHEAD - kind.stride * np.arange(count)[::-1]
        golden = data.inputs[kind.name][:, steps]
        golden[0, 3:5] = 0  # Missing steps.
        if kind is DAYS:
            told = common.outputs(model, np.array([[SLIDE]], "float32"))[0, 0]
            told = ", ".join(f"{value:.2f}" for value in told)
            common.console.print(f"After the day {SLIDE} comes ({told}), by the LSTM of days.")
        yield common.Export(model, name, golden, draw, panels)


def main(out=common.OUT, seeds=1, without=(), export=common.export_and_check):
    """Train, test and export all of CELLS but those of `without`; rows of the three tables."""
    data = NewYork()
    common.console.print(*data.told, sep="\n", highlight=False)
    guesses, models = baselines(data), networks(data, seeds, without)
    usual, at = guesses["climatology"], data.asked("test")
    found = {name: [skills(data, g[:, at], usual)] for name, g in guesses.items()}
    for name, (model, trained) in models.items():
        guessed = of_seeds(data, name, model, trained)
        found[name] = [skills(data, guess, usual) for guess in guessed]
    vector, hours = table(found)
    common.print_table("Tomorrow's vector: skill in the test weeks", vector)
    common.print_table("The 24 hours to come: skill in the test weeks", hours)
    gaps = gap_skills(data, models, usual)
    title = "Temperature of the 24 hours to come, the last hours before them missing: skill"
    columns = [f"{missing} h" for missing in MISSING]
    missed = [
        {"by": name, **dict(zip(columns, map(common.Interval.of, seeds.T)))}
        for name, seeds in gaps.items()
    ]
    common.print_table(title, missed)
    for sentence in conclude(hours):
        common.console.print(sentence, highlight=False)
    export(out, *exports(data, models, found, gaps))
    return vector, hours, missed


if __name__ == "__main__":
    given = common.arguments(__doc__, seeds=1)
    main(given.out, given.seeds)
