"""Remember: where the dinner that is due is kept for two weeks, and where the season is.

The networks of dinner.py and weather.py are trained as there, and traced.

You will see, for two weeks of late meetings in which every dinner is waffles and none is seen,
which entries of the memory tell what will be due when they end, and how the memories of 900
families stay apart until then; and for the weather of 2015 which units follow the time of the
year, and for how many days the longest memories last.
"""

import pathlib

import common
import dinner
import keras
import numpy as np
import weather
from seattle import Seattle, day_of_year

import kerasgates as kg

SPELL, FAMILIES, BEST = 14, 900, 2
MONTHS = ("Jan", "Mar", "May", "Jul", "Sep", "Nov")


def dinners():
    """Memories `(families, evenings, entries)`, what is due, and the entries that tell it."""
    model = dinner.train(kg.LSTMCell(16))
    evenings = dinner.BEFORE + SPELL + 1
    x, y = dinner.evenings(np.random.default_rng(7), [SPELL] * FAMILIES, evenings)
    # Up to the last evening of the spell: what is due on the next one nobody has seen.
    trace = kg.trace(model, x[:, :-1])
    # A cell in a cell is traced by its states: h, c and the prediction.
    (cell,) = trace.values()
    _, memory, _ = cell.states
    told = []
    for number, name in enumerate(dinner.DINNERS):
        rows = trace.important_units((y[:, -1] == number).astype(float))
        best = next(row for row in rows if row["state"] == memory)
        told.append({"due": name, "entry": best["unit"], "correlation": best["correlation"]})
    return cell.states[memory], y[:, -1], told


def seasons():
    """Days of the year, the usual high, memories at the end of each window, rows of units."""
    data = Seattle()
    x, y, new, days = data.samples(weather.DAYS)
    layer = kg.LSTM(weather.UNITS, return_sequences=True, name="lstm")
    model = weather.train("LSTM", layer, x, y, weather.DAYS, [weather.DAYS - 1])
    trace, usual = kg.trace(model, new), data.usual[days - 1, 0]
    rows = [row for row in trace.important_units(usual) if row["state"] == "c"][:BEST]
    day = day_of_year(data.dates[days - 1])
    order = np.argsort(day)
    memory = trace["lstm"].states["c"][order, -1]
    return day[order], usual[order], memory, rows, trace.memory_horizon()[:3]


def draw_dinners(all_axes, memory, due, told):
    evenings = np.arange(memory.shape[1]) - dinner.BEFORE + 1
    colours = common.RED, common.BLUE, common.GREEN
    for axes, row in zip(all_axes, told):
        for number, colour in enumerate(colours):
            values = memory[due == number, :, row["entry"]]
            low, middle, high = np.quantile(values, (0.1, 0.5, 0.9), axis=0)
            axes.fill_between(evenings, low, high, color=colour, alpha=0.2, linewidth=0)
            axes.plot(evenings, middle, color=colour, label=f"{dinner.DINNERS[number]} is due")
        axes.axvspan(0.5, SPELL + 0.5, color="0.94", zorder=0)
        axes.set(title=f"entry {row['entry']}: tells {row['due']}", xlabel="evening")
    all_axes[0].set_ylabel("memory c")
    all_axes[-1].legend(frameon=False)


def draw_seasons(axes, day, usual, memory, rows):
    for row, colour in zip(rows, (common.BLUE, common.GREEN)):
        label = f"unit {row['unit']} (correlation {row['correlation']:.2f})"
        axes.plot(day, memory[:, row["unit"]], ".", color=colour, markersize=4, label=label)
    axes.set(ylabel="memory c after 14 days", xticks=30.4 * np.arange(0, 12, 2), xticklabels=MONTHS)
    high = axes.twinx()
    high.plot(day, usual, color=common.ORANGE, label="usual high of the day")
    high.set_ylabel("°C")
    lines = [*axes.get_lines(), *high.get_lines()]
    labels = [line.get_label() for line in lines]
    axes.legend(lines, labels, frameon=False, loc="lower center", bbox_to_anchor=(0.5, 1), ncols=3)


def main(out=common.OUT):
    keras.utils.set_random_seed(1)
    memory, due, told = dinners()
    common.print_table(f"What tells, after {SPELL} evenings, what is due", told)
    day, usual, at_end, rows, longest = seasons()
    common.print_table("What follows the usual high of the day", rows)
    common.print_table("The longest memories: days until half is left", longest)
    folder = pathlib.Path(out).resolve() / "remember"
    folder.mkdir(parents=True, exist_ok=True)

    def evenings(axes):
        draw_dinners(axes, memory, due, told)

    common.save_picture(folder / "dinner.png", evenings, ncols=3, sharex=True)
    picture = folder / "weather.png"
    common.save_picture(picture, lambda axes: draw_seasons(axes, day, usual, at_end, rows))
    common.console.print(f"pictures written to {folder}", highlight=False, soft_wrap=True)
    return told, rows


if __name__ == "__main__":
    main(common.arguments(__doc__).out)
