"""All three examples, one after the other, and what they found in one table.

You will see the tables of weather.py, dinner.py and childrens_book.py as they train, export and
check their models, and at the end the figure of each that counts, beside the mean of five trainings
with its interval. One or two minutes on two cores; `--seeds 5` takes longer and gives intervals of
its own.
"""

import json
import time

import childrens_book
import common
import dinner
import weather

#: What the closing table shows of the weather.
OF_WEATHER = ("LSTM", weather.LAST, weather.MANY, "persistence")


def by_name(rows, key):
    return {row[key]: row for row in rows}


def of_weather(rows):
    """Temperature over the 24 hours to come: networks that read hours, beside both ridges."""
    _, hours, _ = rows
    skill = {name: row["temperature °F"] for name, row in by_name(hours, "by").items()}
    return "temperature, skill over climatology", {name: skill[name] for name in OF_WEATHER}


def of_dinner(rows):
    """The longest spell of those trained on, in which nothing is seen."""
    longest = f"{dinner.TRAINED[1]} d"
    shares = {name: row[longest] for name, row in by_name(rows, "network").items()}
    return f"first dinner after {dinner.TRAINED[1]} unseen evenings, share right", shares


def of_childrens_book(rows):
    """Mistakes of all kinds at the end of training."""
    last = [row for row in rows if row["steps"] == childrens_book.STEPS[-1]]
    counts = {name: row["mistakes"] for name, row in by_name(last, "network").items()}
    return "mistakes in 1,000 sentences", counts


#: What takes time and tells no more than the others do; each program alone trains it, too.
LEFT_OUT = {
    "weather": ("LSTM, days", "GRU"),
    "dinner": ("GRU", dinner.FILLED),
    "childrens_book": ("GRU",),
}
EXAMPLES = ((weather, of_weather), (dinner, of_dinner), (childrens_book, of_childrens_book))


def of_five_seeds():
    """For each example the same of five trainings: means with intervals of 95 %, as texts."""
    found = json.loads((common.HERE / "data" / "five_seeds.json").read_text("utf-8"))
    last = str(childrens_book.STEPS[-1])
    book = [row for row in found["childrens_book"] if row["steps"] == last]
    hours = {row["by"]: row["temperature"] for row in found["weather, the hours"]}
    return {
        "weather": {name: hours[name] for name in (*OF_WEATHER, "GRU")},
        "dinner": {row["network"]: row[f"{dinner.TRAINED[1]} d"] for row in found["dinner"]},
        "childrens_book": {row["network"]: row["mistakes"] for row in book},
    }


def told(results, known):
    """What was found now, each with what five trainings gave; then what they gave of others."""
    now = [f"{name} {common.text_of(value)} ({known[name]})" for name, value in results.items()]
    return ", ".join(now + [f"{name} ({known[name]})" for name in known if name not in results])


def main(out=common.OUT, seeds=1):
    """Run all examples; returns the rows of the closing table."""
    closing, known, exports = [], of_five_seeds(), []
    for number, (example, figure) in enumerate(EXAMPLES, 1):
        title = example.__doc__.splitlines()[0]
        common.console.rule(f"{number} of {len(EXAMPLES)}: {title}")
        started, left_out = time.perf_counter(), LEFT_OUT[example.__name__]
        rows = example.main(out, seeds, left_out, export=lambda _, *made: exports.extend(made))
        measured, results = figure(rows)
        seconds = f"{time.perf_counter() - started:.0f} s"
        found = told(results, known[example.__name__])
        row = {"example": example.__name__, "measured": measured, "found": found, "took": seconds}
        closing.append(row)
    common.console.rule("Export, and predict without Keras")
    # All at once: one process checks them.
    common.export_and_check(out, *exports)
    caption = "In brackets: means of five trainings, with intervals of 95 %."
    common.print_table("What they found", closing, caption)
    return closing


if __name__ == "__main__":
    given = common.arguments(__doc__, seeds=1)
    main(given.out, given.seeds)
