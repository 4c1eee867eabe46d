"""Attributes of a cell that its step may read: what was found by tracing holds while they stay."""

import functools

from kerasgates.core.cell import CELLS, AbstractRNNCell
from kerasgates.loops.threads import apart

#: Names of the attributes of a cell that hold what was found: its structure, its traced step, how
#: its states run in scans; and how many steps it ran before that was traced.
FOUND, TRACED, STEPS = "_kerasgates_structure", "_kerasgates_traced", "_kerasgates_steps"
LINES = "_kerasgates_lines"
#: Name under which the attributes of what a wrapper wraps stand among its own.
OF_INNER = "attributes of the inner cell"


def attributes_of(cell):
    """Attributes that a step may read in Python: all but the private ones that every cell has."""
    private, found = _private_names(), {}
    for name, value in vars(cell).items():
        if name[0] != "_" or name not in private:
            nested = isinstance(value, (dict, list, tuple))
            found[name] = _shallow(value) if nested else value
    if isinstance(inner := found.get("cell"), AbstractRNNCell):
        found[OF_INNER] = attributes_of(inner)
    return found


def _shallow(value):
    """Snapshot of a list or dict as nested tuples; any other value as it is."""
    if isinstance(value, dict):
        return tuple((key, _shallow(item)) for key, item in value.items())
    return tuple(map(_shallow, value)) if isinstance(value, (list, tuple)) else value


@functools.cache
def _private_names():
    # A `tf.function` that is traced anew may make no variables.
    return apart(_names_of_a_cell)


def _names_of_a_cell():
    # These arguments draw no random number, and use up no automatic name.
    quiet = {"kernel_initializer": "zeros", "recurrent_initializer": "zeros", "seed": 0}
    cell = CELLS["SimpleRNNCell"](1, name="cell", **quiet)
    cell.build((None, 1))
    # What a call of one sequence leaves on a cell is read by no step.
    of_calls = {"_dropout_mask", "_recurrent_dropout_mask"}
    own = {name for name in vars(cell) if name.startswith("_")}
    return own | of_calls | {FOUND, TRACED, STEPS, LINES, "_obj_type"}


def are_same(ones, others):
    """Whether two values, or all in two tuples or dicts, are the same."""
    if ones is others:
        return True
    if isinstance(ones, dict) and isinstance(others, dict):
        if ones.keys() != others.keys():
            return False
        ones, others = tuple(ones.values()), tuple([others[key] for key in ones])
    if isinstance(ones, tuple) and isinstance(others, tuple):
        pairs = zip(ones, others)
        # Most are the very same; no function is called for these.
        different = [pair for pair in pairs if pair[0] is not pair[1]]
        return len(ones) == len(others) and all(are_same(*pair) for pair in different)
    # Numbers and strings are compared by value, everything else by identity.
    return isinstance(ones, (int, float, str)) and type(ones) is type(others) and ones == others
