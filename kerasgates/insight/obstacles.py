"""Why a state has no share that is kept: what stands in its direct path, in words."""

from kerasgates.formulas.direct_path import UNKNOWN, derivative
from kerasgates.formulas.nodes import all_of

#: Of a cell without equations.
NOT_READ = "its step cannot be read as equations"
#: Of a state without a direct path.
ALONE = "goes into its next value through matrices or gates alone, if at all"
#: Of a share that depends on a state at steps that are not traced.
NOT_ALL_TIMES = "the share that is kept depends on the state itself, and not all times are traced"
NOT_COMPUTED = "the share that is kept cannot be computed from its gates"


def of_the_path(found, state):
    """Why there is no direct path of a state into its next value, as `direct_path` gives it.

    Args:
        found: the `Equations` of the cell.
        state: name of the state.
    """
    new, old = found.states[state], found.inputs[state]
    if derivative(found, new, old) is not UNKNOWN:
        return f"{state} {ALONE}"
    unread = [node for node in all_of([new]) if derivative(found, node, old) is UNKNOWN]
    # The first of them, whose parts can be read.
    where = unread[0].name or unread[0].kind
    return f"how much of {state} goes straight into its next value cannot be read through {where}"


def together(reasons):
    """What stands in the way of several states; of those without a path only where all are."""
    telling = [why for why in reasons if not why.endswith(ALONE)]
    return ", and ".join(dict.fromkeys(telling or reasons))


def sentence(reasons):
    """Names of cells with what stands in the way; empty where nothing is known."""
    return "; ".join(f"{name}: {why}" for name, why in reasons.items())
