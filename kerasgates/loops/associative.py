"""The loop of cells that are linear in their states: all steps at once, by an associative scan."""

from keras import ops

from kerasgates.loops.choosing import decide, is_symbolic
from kerasgates.loops.linear import in_half, lines_of
from kerasgates.loops.prefixes import FAR, hold_last, join_lines, prefixes, total
from kerasgates.loops.protocols import Run
from kerasgates.loops.registry import register_loop
from kerasgates.loops.stepping import carried_by, cell_by_cell, leaves


@register_loop("associative")
def associative_loop(run: Run):
    """Loop that computes all steps at once: an associative scan of s' = a ⊙ s + b.

    For cells that `kerasgates.linearity` finds linear entry by entry in all their states, and
    stacks with such. Any other cell, recurrent dropout and half precision run as `"auto"` has it.
    As many operations follow one another as twice the logarithm of the number of steps: it is
    meant for devices that do much at once. It keeps a and b of all steps in memory. Whether a cell
    is linear is read from a copy of it, made by its `get_config`.

    In a graph for any number of steps, such as TensorFlow has, blocks of a thousand steps follow
    one another. What JAX exports for any number of steps runs as `"auto"` has it.

    Source: Martin & Cundy, 2018, Parallelizing linear recurrent neural nets over sequence length,
    https://arxiv.org/abs/1709.04057
    """
    return cell_by_cell(run, [_single] * len(leaves(run.cell)))


def scan_order(cell):
    """Groups of states in the order in which scans compute them; None where they cannot."""
    lines = lines_of(cell)
    return None if lines is None or lines.by_rows else lines.order


def no_scan(cell):
    """What keeps a cell from running all steps at once, as words after its name, or None."""
    if scan_order(cell) is None:
        return "is not linear in its states, entry by entry"
    if in_half(cell):
        return "computes in half precision"
    return None


def _single(run):
    cell = run.cell
    one_by_one = run.unroll or run.sequences.shape[1] == 0 or in_half(cell)
    one_by_one = one_by_one or is_symbolic(run.sequences.shape[1])
    order = None if one_by_one else scan_order(cell)
    if order is None or cell.recurrent_mask(run.training) is not None:
        return decide(cell, run.sequences.shape, run.unroll)(run)
    initial, _, dtype = carried_by(cell, run.states)
    steps = _AllSteps(cell, run, initial)
    for group in order:
        steps.solve([cell.states.index(name) for name in group])
    outputs = ops.cast(steps.outputs(), dtype)
    last = outputs[:, -1]
    return last, outputs if run.every_output else last[:, None], [s[:, -1] for s in steps.new]


class _AllSteps:
    """The steps of a run, side by side.

    Args:
        cell: of the run.
        run: without its loop.
        initial: states before the first step.

    Attributes:
        old, new: states before and after each step `(batch, time, entries)`, once they are known.
    """

    def __init__(self, cell, run, initial):
        self._cell, self._mask, self._initial = cell, run.mask, initial
        projected = cell.project(cell.drop_inputs(run.sequences, run.training))
        self._batch, self._time = ops.shape(projected)[:2]
        self._projected = self._as_rows(projected)
        self._U = cell.recurrent(run.training)
        # Of a state that is not known yet nothing reads more than its shape.
        self.old = [self._repeated(ops.zeros_like(state)) for state in initial]
        self.new = list(self.old)

    def _as_rows(self, value):
        return ops.reshape(value, (-1, *value.shape[2:]))

    def _over_time(self, rows):
        return ops.reshape(rows, (self._batch, self._time, *rows.shape[1:]))

    def _repeated(self, state):
        shape = (self._batch, self._time, state.shape[-1])
        return ops.broadcast_to(ops.expand_dims(state, 1), shape)

    def _step(self, old):
        """Output and new states of all steps, from the states before them."""
        rows = [self._as_rows(value) for value in old]
        output, new, _ = self._cell.step_projected(self._projected, self._U, rows)
        return self._over_time(output), [self._over_time(value) for value in new]

    def _line(self, group):
        """Factors a and b of s' = a s + b for all steps: a matrix of tensors, and a list."""
        here = list(self.old)
        for i in group:
            here[i] = ops.zeros_like(here[i])
        _, new = self._step(here)
        b = [new[i] for i in group]
        a = [[None] * len(group) for _ in group]
        for column, i in enumerate(group):
            moved = list(here)
            moved[i] = ops.full_like(here[i], FAR)
            _, new = self._step(moved)
            for row, j in enumerate(group):
                a[row][column] = (new[j] - b[row]) / FAR
        return a, b

    def solve(self, group):
        """Compute the states of some indices, which may depend on each other."""
        a, b = self._line(group)
        if self._mask is not None:
            counts = ops.expand_dims(self._mask, -1)
            b = [ops.where(counts, value, ops.zeros_like(value)) for value in b]
            for row, values in enumerate(a):
                for column, value in enumerate(values):
                    stays = ops.full_like(value, float(row == column))
                    values[column] = ops.where(counts, value, stays)
        a, b = prefixes(join_lines, (a, b))
        first = [ops.expand_dims(self._initial[i], 1) for i in group]
        for row, i in enumerate(group):
            self.new[i] = b[row] + total([part * s for part, s in zip(a[row], first)])
            self.old[i] = ops.concatenate([first[row], self.new[i]], axis=1)[:, :-1]

    def outputs(self):
        """Outputs of all steps; a masked one repeats the last, and is 0 where there is none."""
        shown, mask = self._cell.output_state, self._mask
        outputs = self._step(self.old)[0] if shown is None else self.new[shown]
        if mask is None:
            return outputs
        if shown is None:
            return hold_last(outputs, mask)
        # A state stays by itself where it is masked.
        begun = ops.expand_dims(ops.cumsum(ops.cast(mask, "int32"), axis=1) > 0, -1)
        return ops.where(begun, outputs, ops.zeros_like(outputs))
