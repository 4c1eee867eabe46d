"""What a unit does at a step, by which of its gates are closed and which are open."""

import numpy as np

#: What a cell with a memory does at a step: by its input, forget and output gate, 0 for closed
#: and 1 for open.
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


def regimes_of(gates, closed, open):
    """The name of each entry of gates by name; None where they are not those of a regime."""
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
