"""Dilated recurrence: a cell that sees the states of several steps ago."""

import keras
from keras import ops

from kerasgates.core import arguments
from kerasgates.core.wrapper import CellWrapper


@keras.saving.register_keras_serializable(package="kerasgates")
class Dilated(CellWrapper):
    """Dilated recurrence: each step begins with the states of `dilation` steps ago.

        h' = step(x; h of `dilation` steps ago)

    So a sequence is `dilation` sequences that take turns, and a gradient reaches as many times
    further back in as many steps. Layers with 1, 2, 4 and so on see ever longer times. States are
    those of the cell, the newest, and behind them, for each, a queue of the `dilation − 1` before
    it, oldest first, `(batch, (dilation − 1) · entries)`. All begin as the states of the cell do. A
    masked step is no step: it leaves the queues as they are.

    Deviations: the authors' code runs the sequences that take turns side by side in one batch; here
    they run one after the other, so that a step can be made at a time, and costs the moving of its
    queues.

    Source: Chang et al., 2017, Dilated recurrent neural networks, https://arxiv.org/abs/1710.02224

    Args:
        cell: a cell with `gates`, or a wrapper of one.
        dilation: positive integer, how many steps ago the states are from; 1 is the cell itself.

    Raises:
        ValueError: if `cell` is anything else, or `dilation` is no positive integer.
    """

    def __init__(self, cell, dilation, **kwargs):
        super().__init__(cell, **kwargs)
        self.dilation = arguments.positive_int("dilation", dilation, "Dilated")
        self.queues = tuple([self.free_name(f"q_{name}") for name in cell.states])

    @property
    def own_states(self):
        waiting = self.dilation - 1
        # Until a cell is built, a size that depends on its input is None.
        sizes = [size and waiting * size for size in self.cell.state_sizes]
        return dict(zip(self.queues, sizes)) if waiting else {}

    def get_initial_state(self, *args, inputs=None, batch_size=None, dtype=None):
        keywords = {"inputs": inputs, "batch_size": batch_size, "dtype": dtype}
        states = self.cell.get_initial_state(*args, **keywords)
        states = list(states) if isinstance(states, (list, tuple)) else [states]
        waiting = self.dilation - 1
        return states + [ops.tile(state, (1, waiting)) for state in states if waiting]

    def step(self, Wx, U, *states):
        count = len(self.cell.states)
        newest, queues = states[:count], states[count:]
        if not queues:
            return super().step(Wx, U, *states)
        oldest = [self.oldest(queue) for queue in queues]
        queues = [self.shift(*both) for both in zip(queues, newest)]
        new, values, _ = self.inner_step(Wx, U, oldest)
        return (*new, *queues), values

    def oldest(self, queue):
        """The first state of a queue."""
        return queue[:, : queue.shape[-1] // (self.dilation - 1)]

    def shift(self, queue, state):
        """A queue without its oldest state, and with a newer one."""
        return ops.concatenate([queue[:, state.shape[-1] :], state], axis=-1)
