"""`kerasgates bench compare`: two results of `kerasgates bench`, and what changed between them.

Seconds of two days are not compared: the machine had other things to do. Of each round there is the
ratio to the first contender, measured beside; a change is told where the middle halves of the
ratios of both files do not overlap.
"""

import json
import statistics

from kerasgates.utils.tables import table

#: What is compared, by the words of the table.
KINDS = {"train": "training", "infer": "prediction", "eager": "eager call"}


def read(path):
    """Results of `kerasgates bench --json PATH`.

    Raises:
        ValueError: if the file is none.
    """
    with open(path, encoding="utf-8") as file:
        try:
            results = json.load(file)
            rows = [row for rows in results["tables"].values() for row in rows]
            if not all(f"{kind} rounds" in row for row in rows for kind in KINDS if kind in row):
                raise KeyError(path)
        except (ValueError, KeyError, TypeError, AttributeError):
            raise ValueError(
                f"{path} must be what `kerasgates bench --json {path}` writes, with the ratios of "
                "each round. Received: a file without them"
            ) from None
    return results


def compare(old, new):
    """Rows of what two results have in common: ratios to the first contender, and what changed.

    Args:
        old, new: results of `kerasgates.bench.measure.main`.

    Raises:
        ValueError: if they have no contender in common, or were measured of another layer, in
            another dtype, or one with Keras's trainer and the other without it.
    """
    for what, default in (("layer", "LSTM"), ("bare", False), ("dtype", "float32")):
        first, second = ({**one, **one.get("where", {})}.get(what, default) for one in (old, new))
        if first != second:
            raise ValueError(
                f"Both files must be of one {what!r}. Received: {first!r} and {second!r}"
            )
    rows = []
    for name, old_rows in old["tables"].items():
        by_contender = {row["contender"]: row for row in old_rows}
        for new_row in new["tables"].get(name, [])[1:]:
            if old_row := by_contender.get(new_row["contender"]):
                kinds = [kind for kind in KINDS if kind in new_row and kind in old_row]
                rows += [_row(name, kind, old_row, new_row) for kind in kinds]
    if not rows:
        raise ValueError(
            "The two files must have a table and a contender in common, besides the one that "
            f"others are compared with. Received: tables {[*old['tables']]} and {[*new['tables']]}"
        )
    return rows


def _row(table_name, kind, old, new):
    old_ratios, new_ratios = old[f"{kind} rounds"], new[f"{kind} rounds"]
    (old_low, old_high), (new_low, new_high) = _middle(old_ratios), _middle(new_ratios)
    old_median, new_median = statistics.median(old_ratios), statistics.median(new_ratios)
    gain = new_median / old_median
    change = "as before"
    if new_low > old_high or new_high < old_low:
        change = f"{abs(gain - 1):.0%} {'faster' if gain > 1 else 'slower'}"
    return {
        "": f"{table_name}: {new['contender']}",
        "what": KINDS[kind],
        "old x": f"{old_median:.2f} ({old_low:.2f}-{old_high:.2f})",
        "new x": f"{new_median:.2f} ({new_low:.2f}-{new_high:.2f})",
        "change": change,
    }


def _middle(values):
    """The quartiles of some ratios; of fewer than four the least and the largest."""
    if len(values) < 4:
        return min(values), max(values)
    low, _, high = statistics.quantiles(values, method="inclusive")
    return low, high


def text(old, new):
    """The comparison as text: where either was measured, and a table."""
    lines = [f"old: {old['machine']}; {old['date']}", f"new: {new['machine']}; {new['date']}"]
    return "\n".join([*lines, "", *table(compare(old, new))])
