"""The loop of cells that are linear in their states: chunks of all sequences side by side."""

from contextlib import contextmanager
from dataclasses import replace

from keras import ops

from kerasgates.core import operations
from kerasgates.core._keras import cells_within
from kerasgates.core.cell import AbstractRNNCell
from kerasgates.loops.choosing import decide, is_symbolic
from kerasgates.loops.linear import in_half, lines_of, shape_of, units_of
from kerasgates.loops.prefixes import FAR, hold_last, join_lines, prefixes, total
from kerasgates.loops.protocols import Run
from kerasgates.loops.registry import register_loop
from kerasgates.loops.stepping import carried_by, cell_by_cell, leaves

#: Most steps of a chunk.
STEPS = 64


@register_loop("chunked")
def chunked_loop(run: Run):
    """Loop that runs chunks of a sequence side by side, as rows of a batch.

    For cells that `kerasgates.linearity` finds linear in all their states: entry by entry, or as
    matrices S of which all rows go by one matrix, S' = S A + B, as in the delta rule. Other cells,
    half precision, sequences of fewer than two chunks, what JAX exports for any number of steps,
    and in training matrices for which a wrapper draws run as `"auto"` has it, and so do the chunks.

    First all chunks run from zero and from states of which each entry, or each row of a matrix, is
    far from it. From where they end it is known how the end of a chunk follows from its beginning.
    The chunks are joined by that, in pairs, pairs of pairs and so on; then they run once more, each
    from where the one before it ended. Of n steps some 2 · 64 + 2 log₂(n / 64) follow one another,
    64 more for each further state that is read by another. Three times as much is computed as by
    the other loops, of several states up to five times: it is for devices that do much at once.

    Sources: Hua, Dai, Liu & Le, 2022, Transformer quality in linear time,
    https://arxiv.org/abs/2202.10447, for chunks; Yang, Wang, Zhang, Shen & Kim, 2024,
    Parallelizing linear transformers with the delta rule over sequence length,
    https://arxiv.org/abs/2406.06484, for those of the delta rule
    """
    return cell_by_cell(run, [_single] * len(leaves(run.cell)))


def no_chunks(cell):
    """What keeps a cell from running in chunks, as words after its name, or None."""
    if lines_of(cell) is None:
        return "is not linear in its states, entry by entry or row by row"
    if in_half(cell):
        return "computes in half precision"
    return None


def _single(run):
    cell, time = run.cell, run.sequences.shape[1]
    few = run.unroll or is_symbolic(time) or (time is not None and time < 2 * STEPS)
    lines = None if few or in_half(cell) else lines_of(cell)
    # What is drawn for each entry gives each row of a matrix another way.
    drawn = run.training and lines is not None and lines.by_rows and cell.noise_columns
    if lines is None or drawn or cell.recurrent_mask(run.training) is not None:
        return decide(cell, run.sequences.shape, run.unroll)(run)
    initial, *_ = carried_by(cell, run.states)
    chunks = _Chunks(run, initial)
    for group in lines.order:
        by_rows = group[0] in lines.by_rows
        chunks.solve([cell.states.index(name) for name in group], by_rows)
    return chunks.run()


def steps_of_a_chunk(time):
    """Steps of a chunk: where it can be a divisor of their number, which fills all chunks."""
    if time is None:
        return STEPS
    divisor = max(size for size in range(1, STEPS + 1) if time % size == 0)
    return divisor if 2 * divisor > STEPS else STEPS


class _Chunks:
    """The chunks of a run, as rows of a batch.

    Args:
        run: whose `sequences` have no fewer steps than two chunks, or any number.
        initial: states before the first step, as they are carried.
    """

    def __init__(self, run, initial):
        self._run_of_all, self._cell, self._initial = run, run.cell, initial
        self._batch, self._time = ops.shape(run.sequences)[:2]
        self._steps = steps_of_a_chunk(run.sequences.shape[1])
        self._count = (self._time + self._steps - 1) // self._steps
        self._mask = run.mask
        full = run.sequences.shape[1] is not None and self._time % self._steps == 0
        if self._mask is None and not full:
            self._mask = ops.ones((self._batch, self._time), "bool")
        self._x = self._cut(run.sequences)
        self._rows_mask = None if self._mask is None else self._cut(self._mask)
        # Of a state that is not known yet nothing is read.
        self._starts = [self._of_chunks(ops.zeros_like(state)[:, None]) for state in initial]

    def _cut(self, value):
        """Sequences `(batch, time, …)` as rows `(batch · chunks, steps, …)`, zeros behind."""
        more = self._count * self._steps - self._time
        if not isinstance(more, int) or more:
            shape = self._batch, more, *value.shape[2:]
            value = ops.concatenate([value, ops.zeros(shape, value.dtype)], axis=1)
        return ops.reshape(value, (-1, self._steps, *value.shape[2:]))

    def _of_chunks(self, value):
        """A value for each sequence `(batch, 1, entries)`, or each chunk, as rows."""
        shape = self._batch, self._count, value.shape[-1]
        return ops.reshape(ops.broadcast_to(value, shape), (-1, value.shape[-1]))

    def _by_chunks(self, rows, *shape):
        return ops.reshape(rows, (self._batch, self._count, *(shape or rows.shape[1:])))

    def _through(self, starts, every_output=False):
        """Run all chunks from each of some lists of states: outputs and last states, in turn."""
        times = len(starts)
        run = replace(
            self._run_of_all,
            sequences=_repeated(self._x, times),
            states=[ops.concatenate(states) if times > 1 else states[0] for states in zip(*starts)],
            mask=None if self._rows_mask is None else _repeated(self._rows_mask, times),
            every_output=every_output,
        )
        loop = decide(self._cell, run.sequences.shape)
        with _masks_of_dropout(self._cell, self._count, times):
            last, outputs, new = loop(run)
        return last, outputs, [ops.split(state, times) for state in new]

    def solve(self, group, by_rows):
        """Find where each chunk begins, in the states of some indices.

        Args:
            group: the indices of states that may depend on each other.
            by_rows: whether it is one state, a matrix whose rows go by one matrix.
        """
        far = self._far_by_rows(*group) if by_rows else self._far_entries(group)
        starts = [list(self._starts) for _ in range(1 + len(far))]
        for states, values in zip(starts[1:], far):
            for i, value in values.items():
                states[i] = ops.broadcast_to(value, ops.shape(states[i]))
        _, _, new = self._through(starts)
        ends = [new[i] for i in group]
        join = self._join_by_rows if by_rows else self._join_by_entries
        for i, later in zip(group, join(group, ends)):
            first = ops.expand_dims(self._initial[i], 1)
            self._starts[i] = self._of_chunks(ops.concatenate([first, later[:, :-1]], axis=1))

    def _far_entries(self, group):
        """By number of a run, far states by index: one state of the group each."""
        return [{i: FAR * ops.ones_like(self._starts[i][:1])} for i in group]

    def _far_by_rows(self, i):
        shape = shape_of(self._cell, self._cell.states[i])
        dtype = self._starts[i].dtype
        units = [ops.convert_to_tensor(unit.reshape(1, -1), dtype) for unit in units_of(shape)]
        return [{i: FAR * unit} for unit in units]

    def _join_by_entries(self, group, ends):
        """States at the ends of chunks `(batch, chunks, entries)`, of each entry by itself."""
        b = [self._by_chunks(end[0]) for end in ends]
        a = [
            [(self._by_chunks(far) - b[row]) / FAR for far in end[1:]]
            for row, end in enumerate(ends)
        ]
        a, b = prefixes(join_lines, (a, b))
        first = [ops.expand_dims(self._initial[i], 1) for i in group]
        return [b[j] + total([part * s for part, s in zip(a[j], first)]) for j in range(len(b))]

    def _join_by_rows(self, group, ends):
        """The same of one state, a matrix whose rows go by one matrix."""
        ((i,), (end,)) = group, ends
        shape = shape_of(self._cell, self._cell.states[i])
        b, *far = (self._by_chunks(part, *shape) for part in end)
        a = ops.concatenate([(part - b) / FAR for part in far], axis=-2)
        a = a[..., : shape[-1], :]

        def one_matrix(first, second):
            (a, b), (c, d) = first, second
            return operations.matmul(a, c), operations.matmul(b, c) + d

        a, b = prefixes(one_matrix, (a, b))
        S = ops.reshape(self._initial[i], (-1, 1, *shape))
        return [self._by_chunks(operations.matmul(S, a) + b, self._initial[i].shape[-1])]

    def run(self):
        """Last output, outputs and last states, from where each chunk begins."""
        run = self._run_of_all
        last, outputs, new = self._through([self._starts], run.every_output)
        new = [self._by_chunks(state)[:, -1] for (state,) in new]
        if run.every_output:
            shape = self._batch, self._count * self._steps, outputs.shape[-1]
            outputs = ops.reshape(outputs, shape)[:, : self._time]
            # A chunk that begins with masked steps does not know the last output.
            outputs = outputs if run.mask is None else hold_last(outputs, run.mask)
            return outputs[:, -1], outputs, new
        last = self._by_chunks(last)
        if run.mask is not None:
            last = hold_last(last, ops.any(self._by_chunks(self._rows_mask), axis=-1))
        return last[:, -1], last[:, -1:], new


def _repeated(value, times):
    return value if times == 1 else ops.concatenate([value] * times)


@contextmanager
def _masks_of_dropout(cell, count, times):
    """Give each chunk the masks of dropout of its sequence.

    Args:
        cell: whose masks, and those of cells inside it, have a row for each sequence.
        count: number of chunks of a sequence.
        times: how often all chunks run, one after the other.
    """
    masks = [(one, one._dropout_mask) for one in cells_within(cell, AbstractRNNCell)]
    masks = [(one, mask) for one, mask in masks if mask is not None]
    for one, mask in masks:
        one._dropout_mask = _repeated(ops.repeat(mask, count, axis=0), times)
    try:
        yield
    finally:
        for one, mask in masks:
            one._dropout_mask = mask
