"""Regimes: what a unit does at a step, by which of its gates are closed and which open."""

import re

import numpy as np

from kerasgates.utils.tables import Rows, html_table

#: Regimes by the ends of the `Roles` of gates, 0 for closed and 1 for open: of a memory behind the
#: output, and of one that is the output itself, which has no share that is shown.
HELD_STAYS = (
    ({"taken": 0, "kept": 1, "shown": 0}, "keeps"),
    ({"taken": 0, "kept": 1, "shown": 1}, "releases"),
    ({"taken": 1, "kept": 1, "shown": 0}, "captures"),
    ({"taken": 1, "kept": 1, "shown": 1}, "captures and releases"),
)
HELD_GOES = (
    ({"taken": 1, "kept": 0, "shown": 1, "seen": 1}, "plain RNN"),
    ({"taken": 1, "kept": 0, "shown": 0}, "overwrites"),
    ({"taken": 1, "kept": 0, "shown": 1, "seen": 0}, "overwrites"),
    ({"taken": 0, "kept": 0}, "erases"),
)
REGIMES = {
    "behind the output": (*HELD_STAYS, *HELD_GOES),
    "the output": (
        ({"taken": 0, "kept": 1}, "keeps"),
        ({"taken": 1, "kept": 1}, "captures"),
        ({"taken": 1, "kept": 0, "seen": 1}, "plain RNN"),
        ({"taken": 1, "kept": 0, "seen": 0}, "overwrites"),
        ({"taken": 0, "kept": 0}, "erases"),
    ),
}
#: Meaning of each regime.
MEANINGS = {
    "keeps": "what is held stays, and nothing new comes in",
    "releases": "what is held stays, and is shown",
    "captures": "new input is added to what is held",
    "captures and releases": "new input is added to what is held, and shown",
    "overwrites": "new input takes the place of what was held",
    "plain RNN": "new input takes the place of what was held, as if there were no gates",
    "erases": "what was held is gone, and nothing new comes in",
}
#: Neither closed nor open; and a step that a mask leaves out, or that holds no number.
BETWEEN, MASKED = "between", "masked"
#: Meanings of these steps, by the names that readers see.
GAPS = {MASKED: "the mask leaves the step out", "not a number": "the step holds no number"}
#: Text of a role that no gates between 0 and 1 have: never at an end.
UNKNOWN = "?"


class Regimes(dict[str, np.ndarray]):
    """Regimes of units at steps, arrays `(batch, time, units)` of names by cell.

        >>> kg.trace(model, x).regimes()["lstm"].shape
        (4, 5, 3)

    Printed, or shown by a notebook, it is the table of their shares.
    """

    def shares(self) -> Rows:
        """How often units are in each regime, masked steps apart.

            >>> print(kg.trace(model, x).regimes(closed=0.01, open=0.99).shares())
            layer  regime   share
            lstm   between  1

        Returns:
            A row for each regime that is seen, the most frequent of a cell first: layer, regime,
            share.
        """
        rows = Rows()
        for layer, names in self.items():
            found, counts = np.unique(names[names != MASKED], return_counts=True)
            shares = counts / max(counts.sum(), 1)
            rows += [
                {"layer": layer, "regime": str(found[at]), "share": float(shares[at])}
                for at in np.argsort(-counts, kind="stable")
            ]
        return rows

    def __str__(self) -> str:
        return str(self.shares())

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return html_table(self.shares(), "Regimes")


def _rules(roles):
    """The regimes that a cell whose gates have these roles is read by."""
    return REGIMES["behind the output" if "shown" in roles else "the output"]


def regimes_of(roles, live, closed, open):
    """Regime of each entry, masked where it is no number; None where gates have no roles.

    Args:
        roles: `CellTrace.roles`.
        live: `CellTrace.live`.
        closed: below it a share is closed.
        open: above it a share is open.
    """
    if not roles:
        return None
    rules = _rules(roles)
    # A candidate that sees no state is as one that sees it through a closed gate.
    shares = {"seen": np.zeros_like(roles["kept"]), **roles}
    ends = {name: (share < closed, share > open) for name, share in shares.items()}
    # The longest of the names, so that none is cut off.
    longest = max(len(name) for _, name in rules)
    regimes = np.full(roles["kept"].shape, BETWEEN, dtype=f"U{max(longest, len(BETWEEN))}")
    for rule, name in rules:
        regimes[np.logical_and.reduce([ends[role][end] for role, end in rule.items()])] = name
    numbers = np.logical_and.reduce([np.isfinite(share) for share in known(roles)])
    return np.where(live[:, :, None] & numbers, regimes, MASKED)


def gaps(masked, without_numbers):
    """Those of `GAPS` that there are."""
    return [name for name, there in zip(GAPS, (masked, without_numbers)) if there]


def known(roles):
    """Shares of roles, but for those that are known of no step."""
    return [share for share in roles.values() if not np.isnan(share).all()]


def conditions(texts):
    """Regimes that a cell can have: pairs of name, and which gates are closed or open.

    Args:
        texts: `CellTrace.role_texts`; an empty list is given where there are none.
    """
    by_name = {}
    for rule, name in _rules(texts) if texts else ():
        ends = {}
        if all(_add(ends, texts.get(role, "0"), end) for role, end in rule.items()):
            by_name.setdefault(name, []).append(ends)
    return [(name, _as_text(several)) for name, several in by_name.items()]


def _add(ends, share, end):
    """Add to the ends of gates what brings a share to an end; whether it can be there."""
    if share == UNKNOWN:
        return False
    if re.fullmatch(r"[01]", share):
        return int(share) == end
    if rest := re.fullmatch(r"1 − (\w+)", share):
        share, end = rest[1], 1 - end
    return ends.setdefault(share, end) == end


def _as_text(several):
    """Conditions as text, such as "i closed, f open", without gates that may be at either end."""
    words = ("closed", "open")
    same = {n: e for n, e in several[0].items() if all(ends.get(n) == e for ends in several)}
    return ", ".join(f"{name} {words[end]}" for name, end in same.items())
