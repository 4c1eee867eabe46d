"""All three examples, one after the other, and what they found in one table.

You will see the tables of weather.py, dinner.py and childrens_book.py as they train, export and
check their models, and at the end the figure of each that counts. About two minutes on two cores;
`--seeds 5` takes longer and gives intervals.
"""

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
    names = ("LSTM", "GRU", weather.LAST, weather.MANY, "persistence")
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


EXAMPLES = ((weather, of_weather), (dinner, of_dinner), (childrens_book, of_childrens_book))


def main(out=common.OUT, seeds=1):
    """Run all examples; returns the rows of the closing table."""
    closing = []
    for number, (example, figure) in enumerate(EXAMPLES, 1):
        title = example.__doc__.splitlines()[0]
        common.console.rule(f"{number} of {len(EXAMPLES)}: {title}")
        started = time.perf_counter()
        measured, results = figure(example.main(out, seeds))
        found = ", ".join(f"{name} {common.text_of(value)}" for name, value in results.items())
        seconds = f"{time.perf_counter() - started:.0f} s"
        row = {"example": example.__name__, "measured": measured, "found": found, "took": seconds}
        closing.append(row)
    common.print_table("What they found", closing)
    return closing


if __name__ == "__main__":
    given = common.arguments(__doc__, seeds=1)
    main(given.out, given.seeds)
