"""All three examples, one after the other, and what they found in one table.

You will see the tables of weather.py, dinner.py and childrens_book.py as they train, export and
check their models, and at the end the figure of each that counts. About two minutes on two cores;
`--seeds 5` takes longer and gives intervals.
"""

import json
import time

import childrens_book
import common
import dinner
import weather


def by_name(rows, key):
    return {row[key]: row for row in rows}


def of_weather(rows):
    """Temperature over the 24 hours to come: networks that read hours, beside both ridges."""
    _, hours = rows
    skill = {name: row["temperature °F"] for name, row in by_name(hours, "by").items()}
    names = ("LSTM", weather.LAST, weather.MANY, "persistence")
    return "temperature, skill over climatology", {name: skill[name] for name in names}


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
LEFT_OUT = {"weather": ("GRU",), "dinner": (dinner.FILLED,), "childrens_book": ("GRU",)}
EXAMPLES = ((weather, of_weather), (dinner, of_dinner), (childrens_book, of_childrens_book))


def of_five_seeds():
    """For each example the same of five trainings: means with intervals of 95 %, as texts."""
    found = json.loads((common.HERE / "data" / "five_seeds.json").read_text("utf-8"))
    last = str(childrens_book.STEPS[-1])
    book = [row for row in found["childrens_book"] if row["steps"] == last]
    return {
        "weather": {row["by"]: row["temperature"] for row in found["weather, the hours"]},
        "dinner": {row["network"]: row[f"{dinner.TRAINED[1]} d"] for row in found["dinner"]},
        "childrens_book": {row["network"]: row["mistakes"] for row in book},
    }


def main(out=common.OUT, seeds=1):
    """Run all examples; returns the rows of the closing table."""
    closing, known = [], of_five_seeds()
    for number, (example, figure) in enumerate(EXAMPLES, 1):
        title = example.__doc__.splitlines()[0]
        common.console.rule(f"{number} of {len(EXAMPLES)}: {title}")
        started = time.perf_counter()
        measured, results = figure(example.main(out, seeds, LEFT_OUT[example.__name__]))
        found = ", ".join(
            f"{name} {common.text_of(value)}" + f" ({known[example.__name__][name]})" * (seeds == 1)
            for name, value in results.items()
        )
        seconds = f"{time.perf_counter() - started:.0f} s"
        row = {"example": example.__name__, "measured": measured, "found": found, "took": seconds}
        closing.append(row)
    told = "In brackets: means of five trainings, with intervals of 95 %." if seeds == 1 else None
    common.print_table("What they found", closing, told)
    return closing


if __name__ == "__main__":
    given = common.arguments(__doc__, seeds=1)
    main(given.out, given.seeds)
