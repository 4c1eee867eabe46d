"""Pictures of benchmarks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from kerasgates.plot.style import BLUE, ORANGE, figure, legend, text

if TYPE_CHECKING:
    from kerasgates.plot.picture import Picture


def speed(results: dict[str, Any]) -> Picture:
    """The ratios of a benchmark: a training step above, a prediction below.

        >>> rows = [{"contender": name, "train ratio": 1.0, "infer ratio": 1.0} for name in "ab"]
        >>> kg.plot.speed({"tables": {"middle": rows}}).savefig("speed.png")

    Args:
        results: what `kerasgates.bench.measure.main` gives.

    Returns:
        The figure.

    Raises:
        KeyError: if it is something else.
    """
    tables = results["tables"]
    drawn = figure((9, 2.6 * len(tables)))
    rows_of_axes = drawn.subplots(len(tables), 1, squeeze=False)[:, 0]
    for axes, (name, rows) in zip(rows_of_axes, tables.items()):
        # What is in parentheses is no contender, see `measure.WITHOUT_TIME`.
        rows = [row for row in rows if not row["contender"].startswith("(")]
        names = [row["contender"] for row in rows]
        places, bars = np.arange(len(rows)), []
        for shift, kind, colour in ((-0.2, "train", BLUE), (0.2, "infer", ORANGE)):
            if f"{kind} ratio" not in rows[0]:
                continue  # What is not trained.
            bars += [
                axes.barh(
                    places + shift,
                    [row[f"{kind} ratio"] for row in rows],
                    height=0.38,
                    color=colour,
                    label={"train": "training step", "infer": "prediction"}[kind],
                )
            ]
        axes.set_yticks(places, [*map(text, names)])
        axes.invert_yaxis()
        axes.axvline(1, color="grey", linewidth=0.8)
        axes.set_title(text(name))
        axes.set_xlabel(f"times as fast as {text(names[0])}")
        # Bars reach as far as there is room.
        legend(axes, bars, inside=0)
    return drawn
