"""Regimes: what a unit does at a step, by which of its gates are closed and which open."""

import numpy as np

#: Regimes of a cell with a memory, by its input, forget and output gate: 0 for closed, 1 for open.
REGIMES = {
    (0, 1, 0): "keeps",
    (0, 1, 1): "releases",
    (1, 1, 0): "captures",
    (0, 0, 0): "erases",
    (1, 0, 1): "plain RNN",
    (1, 1, 1): "captures and releases",
    (1, 0, 0): "overwrites",
    (0, 0, 1): "erases",
}
#: The same by the update gate and the reset gate; None for either.
GRU_REGIMES = {(1, None): "keeps", (0, 1): "plain RNN", (0, 0): "erases"}
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
#: Neither closed nor open; and a step that a mask leaves out.
BETWEEN, MASKED = "between", "masked"


def _rule(gates):
    """The gates that decide the regime, and its names by them; None where there are none."""
    if "z" in gates:
        z = gates["z"]
        return [z, gates.get("r", np.ones_like(z))], GRU_REGIMES
    if not {"i", "f"} & set(gates):
        return None
    some = gates.get("f", gates.get("i"))
    f = gates.get("f", np.ones_like(some))
    return [gates.get("i", 1 - f), f, gates.get("o", np.ones_like(f))], REGIMES


def replacing(gates, kept):
    """Names of gates that are the share of what is new, where their letter has that of the old.

    An open f or z keeps, but in some papers it replaces. A trace tells: it has the shares kept.

    Args:
        gates: arrays by name.
        kept: `CellTrace.kept`, shares of the states that are kept, by name.
    """

    def is_kept(values):
        of_same_size = [share for share in kept.values() if share.shape == values.shape]
        return any(np.allclose(share, values, equal_nan=True) for share in of_same_size)

    named = [name for name in ("f", "z") if name in gates and kept]
    return {n for n in named if is_kept(1 - gates[n]) and not is_kept(gates[n])}


def regimes_of(gates, closed, open, kept=None):
    """Regime of each entry, of gates by name; None where these gates have no regimes.

    `kept` are the shares of the states that are kept, by which `replacing` gates are known.
    """
    gates = {**gates, **{name: 1 - gates[name] for name in replacing(gates, kept or {})}}
    rule = _rule(gates)
    if rule is None:
        return None
    gates, names = rule
    low, high = [g < closed for g in gates], [g > open for g in gates]
    # The longest of the names, so that none is cut off.
    found = np.full(gates[0].shape, BETWEEN, dtype=f"U{max(map(len, names.values()))}")
    for key, name in names.items():
        ends = [
            np.ones_like(a) if end is None else (a, b)[end] for end, a, b in zip(key, low, high)
        ]
        found[np.logical_and.reduce(ends)] = name
    return found


def conditions(gates, kept=None):
    """Regimes that gates by name can have: pairs of name, and which gates are closed or open.

    An empty list where these gates have no regimes. `kept` is as in `regimes_of`.
    """
    turned = replacing(gates, kept or {})
    if "z" in gates:
        rules, letters = GRU_REGIMES, ("z", "r")
    elif {"i", "f"} & set(gates):
        rules, letters = REGIMES, ("i", "f", "o")
    else:
        return []
    found = {}
    for key, name in rules.items():
        ends = dict(zip(letters, key))
        if _can_be(ends, gates):
            ends |= {n: 1 - e for n, e in ends.items() if n in turned and e is not None}
            found.setdefault(name, []).append({n: e for n, e in ends.items() if n in gates})
    return [(name, _as_text(several)) for name, several in found.items()]


def _can_be(ends, gates):
    """Whether gates that are not there would be at such ends: most are open, i is 1 − f."""
    for name, end in ends.items():
        there = name in gates
        if name == "i" and not there:
            if end == ends["f"]:
                return False
        elif not there and end == 0:
            return False
    return True


def _as_text(several):
    """Conditions as text, such as "i closed, f open", without gates that may be at either end."""
    first = several[0]
    same = [n for n in first if all(ends[n] == first[n] for ends in several)]
    words = {0: "closed", 1: "open"}
    return ", ".join(f"{n} {words[first[n]]}" for n in same if first[n] is not None)
