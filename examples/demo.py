"""All three examples, one after the other, and what they found in one table.

You will see the tables of weather.py, dinner.py and childrens_book.py as they train, export and
check their models, and at the end the figure of each that counts. About two minutes on two cores.
"""

import time

import childrens_book
import common
import dinner
import weather


def by_name(rows, key):
    return {row[key]: row for row in rows}


def of_weather(rows):
    """The day's high: the best recurrent forecast of 2015 against the baselines."""
    rows = by_name([row for row in rows if row["2015"] == "tomorrow"], "by")
    error = {name: row["high °C"][0] for name, row in rows.items()}
    best = min(("LSTM", "GRU", "PeepholeLSTM"), key=error.get)
    names = (best, "persistence", "climatology")
    return "tomorrow's high, mean absolute error in °C", {name: error[name] for name in names}


def of_dinner(rows):
    """The longest spell in which nothing is seen."""
    longest = f"{max(dinner.TESTED)} d"
    shares = {name: row[longest] for name, row in by_name(rows, "cell").items()}
    return f"first dinner after {max(dinner.TESTED)} unseen evenings, share right", shares


def of_childrens_book(rows):
    """Mistakes of all kinds at the end of training."""
    last = [row for row in rows if row["steps"] == childrens_book.STEPS[-1]]
    counts = {name: row["mistakes"] for name, row in by_name(last, "cell").items()}
    return "mistakes in 1,000 sentences", counts


EXAMPLES = ((weather, of_weather), (dinner, of_dinner), (childrens_book, of_childrens_book))


def main(out=common.OUT):
    """Run all examples; returns the rows of the closing table."""
    closing = []
    for number, (example, figure) in enumerate(EXAMPLES, 1):
        title = example.__doc__.splitlines()[0]
        common.console.rule(f"{number} of {len(EXAMPLES)}: {title}")
        started = time.perf_counter()
        measured, results = figure(example.main(out))
        found = ", ".join(f"{name} {common.text_of(value)}" for name, value in results.items())
        seconds = f"{time.perf_counter() - started:.0f} s"
        row = {"example": example.__name__, "measured": measured, "found": found, "took": seconds}
        closing.append(row)
    common.print_table("What they found", closing)
    return closing


if __name__ == "__main__":
    main(common.arguments(__doc__).out)
