"""Remember: where the dinner that is due is kept for two weeks, and where the past hours are.

The networks are those that dinner.py and weather.py have exported, `saved_models/*/model.keras`.

You will see, for two weeks of late meetings in which every dinner is waffles and none is seen,
which entries of the memory tell what will be due when they end, and how the memories of 900
families stay apart until then; and for the test weeks in New York how well the best unit tells
what is now, and what no single hour tells, its change in twelve hours; and how long each unit
remembers.
"""

import pathlib

import common
import dinner
import numpy as np
from forecasters import HOURS
from new_york import NewYork, last_known

import kerasgates as kg

SPELL, FAMILIES = 14, 900
#: Columns of the hours; how they are now, and how they have changed in so many hours.
ASKED, CHANGE = {"temperature": 0, "humidity": 3, "pressure": 4}, 12


def dinners():
    """Memories `(families, evenings, entries)`, what is due, and the entries that tell it."""
    model = common.trained("dinner")
    evenings = dinner.BEFORE + SPELL + 1
    x, y = dinner.evenings(np.random.default_rng(7), [SPELL] * FAMILIES, evenings)
    # Up to the last evening of the spell: what is due on the next one nobody has seen.
    trace = kg.trace(model, x[:, :-1])
    # A cell in a cell is traced by its states: h, c and the prediction.
    (cell,) = trace.values()
    told = []
    for number, name in enumerate(dinner.DINNERS):
        rows = trace.important_units((y[:, -1] == number).astype(float))
        best = next(row for row in rows if row["state"] == "c")
        told.append({"due": name, "entry": best["unit"], "correlation": best["correlation"]})
    return cell.states["c"], y[:, -1], told


def hours():
    """The trace of the test weeks, and for each of ASKED the best unit, now and for the change."""
    data = NewYork()
    at = data.asked("test")[::5]
    steps = at[:, None] + np.arange(1 - HOURS.history, 1)
    read, known = data.inputs["hours"][:, steps], last_known(data.values)
    read = read.reshape(-1, *read.shape[2:])
    # That layer alone: the one before it keeps what was last measured, and learns nothing.
    trace = kg.trace(common.trained("weather_hours"), read, layers=["memory"])
    rows = []
    for name, column in ASKED.items():
        now, then = known[:, at, column].ravel(), known[:, at - CHANGE, column].ravel()
        for what, values in (("now", now), (f"its change in {CHANGE} hours", now - then)):
            best = trace.important_units(values)[0]
            found = {key: best[key] for key in ("state", "unit", "correlation")}
            rows.append({"what": f"{name}, {what}", **found})
    return trace, rows


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


def main(out=common.OUT):
    memory, due, told = dinners()
    common.print_table(f"What tells, after {SPELL} evenings, what is due", told)
    trace, rows = hours()
    longest = trace.memory_horizon()[:3]
    common.print_table("What the best unit of the weather tells", rows)
    common.print_table("The longest memories of the weather: hours until half is left", longest)
    folder = pathlib.Path(out).resolve() / "remember"
    folder.mkdir(parents=True, exist_ok=True)

    def evenings(axes):
        draw_dinners(axes, memory, due, told)

    def horizon(axes):
        kg.plot.memory(trace, ax=axes).set_ylabel("hours until half is left (median)")

    common.save_picture(folder / "dinner.png", evenings, ncols=3, sharex=True)
    common.save_picture(folder / "weather.png", horizon)
    common.console.print(f"pictures written to {folder}", highlight=False, soft_wrap=True)
    return told, rows, longest


if __name__ == "__main__":
    main(common.arguments(__doc__).out)
