"""How the states of a cell that is linear in them run: found in a copy of it, nothing declared."""

from dataclasses import dataclass

import numpy as np
from keras import ops

from kerasgates.core.operations import HALVES
from kerasgates.core.wrapper import lineage
from kerasgates.formulas.copies import copy_of
from kerasgates.formulas.linearity import linearity
from kerasgates.loops.attributes import LINES, are_same, attributes_of
from kerasgates.loops.stepping import is_gated
from kerasgates.loops.threads import apart

#: Rows of a batch with which it is tried whether all rows of a matrix go by the same matrix.
ROWS = 4
#: Largest share by which they may differ, of rounding.
TOLERANCE = 1e-4


@dataclass(frozen=True)
class Lines:
    """The order in which the states of a linear cell can be computed for many steps.

    Attributes:
        order: groups of names of states, each of which depends on itself and those before it.
        by_rows: states that are matrices S and go S' = S A + B, with one A for all rows of S; all
            others go entry by entry.
    """

    order: tuple[tuple[str, ...], ...]
    by_rows: tuple[str, ...] = ()


def lines_of(cell):
    """The `Lines` of a cell; None where it is not built, or not all of its states are linear so.

    A cell is asked anew when an attribute of it has changed.
    """
    if not is_gated(cell) or not cell.built:
        return None
    attributes, lines = vars(cell).get(LINES, (None, None))
    here = attributes_of(cell)
    if attributes is None or not are_same(attributes, here):
        # A copy of the cell is made, which no graph, scope or random number of the caller is to
        # know of.
        lines = apart(_lines, cell)
        vars(cell)[LINES] = here, lines
    return lines


def in_half(cell):
    """Whether a cell computes in half precision, in which lines cannot be measured."""
    return cell.compute_dtype in HALVES


def _lines(cell):
    try:
        result = linearity(cell)
    except ValueError:
        # What cannot be written as equations is not known to be linear.
        return None
    others = [name for name in cell.states if name not in result.entrywise]
    alone = all((name,) in result.order for name in others)
    if not (result and alone and all(_goes_by_rows(cell, name) for name in others)):
        return None
    return Lines(result.order, tuple(others))


def _goes_by_rows(cell, name):
    """Whether a state that is linear is a matrix S, and S' = S A + B with one A for all its rows.

    By numbers, of a copy with random weights: what S' is for S = 0 and for rows of the unit matrix
    is to say what it is for any S.
    """
    if len(shape_of(cell, name)) < 2:
        return False
    copy = copy_of(cell)
    rng = np.random.default_rng(0)
    for weight in copy.weights:
        weight.assign(rng.uniform(-0.5, 0.5, weight.shape))
    x, *states = (
        rng.normal(size=(ROWS, width)).astype("float32")
        for width in (copy.features, *copy.state_sizes)
    )
    at, shape = copy.states.index(name), shape_of(copy, name)

    def after(S):
        old = [ops.convert_to_tensor(v) for v in states]
        old[at] = ops.convert_to_tensor(np.broadcast_to(S, (ROWS, *shape)).reshape(ROWS, -1))
        new = copy(ops.convert_to_tensor(x), old)[1]
        new = new[at] if isinstance(new, (list, tuple)) else new
        return ops.convert_to_numpy(new).reshape(ROWS, *shape)

    B = after(np.float32(0))
    A = np.concatenate([after(unit) - B for unit in units_of(shape)], axis=-2)
    S = states[at].reshape(ROWS, *shape)
    line, new = S @ A[..., : shape[-1], :] + B, after(S)
    # Not a number is not near.
    return bool(np.abs(new - line).max() <= TOLERANCE * np.abs(line).max())


def shape_of(cell, name):
    """Shape of a state as the cell sees it that has it, which may be inside a wrapper."""
    owner = next(one for one in lineage(cell)[::-1] if name in one.states)
    return owner.state_shape(name)


def units_of(shape):
    """The rows of the unit matrix, in matrices of a shape `(…, rows, columns)`, some may be zero.

    Args:
        shape: of the state, without the batch.
    """
    rows, columns = shape[-2:]
    count = -(-columns // rows)
    unit = np.eye(count * rows, columns, dtype="float32").reshape(count, rows, columns)
    return [np.broadcast_to(part, shape) for part in unit]
