"""Tables of rows as aligned text and as HTML."""

import html
import math
import numbers
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

#: Most rows that a table of a notebook shows.
MOST = 30


class Rows(list[dict[str, Any]]):
    """A list of dicts with the same keys that prints as a table.

        >>> print(kg.trace(model, x).saturation(closed=0.01, open=0.99))
        layer  gate  closed  open  always closed  always open
        lstm   i     0       0     -              -
        lstm   f     0       0     -              -
        lstm   o     0       0     -              -

    A notebook shows it as one, too.
    """

    #: Heads of columns that say more than their keys.
    heads: ClassVar[dict[str, str]] = {}

    def __getitem__(self, index: Any) -> Any:
        rows = super().__getitem__(index)
        return type(self)(rows) if isinstance(index, slice) else rows

    def __str__(self) -> str:
        return "\n".join(table(self._shown())) if self else "no rows"

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return html_table(self._shown())

    def _shown(self):
        return [{self.heads.get(key, key): value for key, value in row.items()} for row in self]


def table(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """Dicts of the same keys as aligned lines."""
    names = list(rows[0])
    texts = [names, *[[entry(row[name]) for name in names] for row in rows]]
    widths = [max(len(text[i]) for text in texts) for i in range(len(names))]
    return ["  ".join(t.ljust(w) for t, w in zip(text, widths)).rstrip() for text in texts]


def html_table(rows: Sequence[Mapping[str, Any]], caption: str | None = None) -> str:
    """Dicts of the same keys as an HTML table, numbers to the right.

    Args:
        rows: list of dicts; the first 30 are shown, and how many more there are.
        caption: a line above the table.
    """
    if not rows:
        return "<p>no rows</p>"
    names = list(rows[0])
    lines = ["<table>"]
    if caption:
        lines.append(f"<caption>{html.escape(caption)}</caption>")
    heads = "".join(f"<th>{html.escape(name)}</th>" for name in names)
    lines += [f"<thead><tr>{heads}</tr></thead>", "<tbody>"]
    for row in rows[:MOST]:
        lines.append(f"<tr>{''.join(_html_entry(row[name]) for name in names)}</tr>")
    lines += ["</tbody>", "</table>"]
    if len(rows) > MOST:
        lines.append(f"<p>and {len(rows) - MOST} more rows</p>")
    return "\n".join(lines)


def _html_entry(value):
    align = "right" if _is_number(value) else "left"
    return f'<td style="text-align: {align}">{html.escape(entry(value))}</td>'


def _is_number(value):
    return isinstance(value, numbers.Real) and not isinstance(value, bool)


def entry(value: Any) -> str:
    """A value as text in a table: three digits of a number that is no integer."""
    if isinstance(value, (list, tuple)):
        return " ".join(map(entry, value)) or "-"
    if not _is_number(value) or isinstance(value, numbers.Integral):
        return str(value)
    return f"{value:.3g}" if math.isfinite(value) else str(float(value))
