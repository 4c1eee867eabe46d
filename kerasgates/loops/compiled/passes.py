"""The two passes of the loop that XLA compiles, traced for tensors of any size.

Automatic differentiation of a loop keeps every gate of every step for the backward pass. Here the
forward pass keeps the states, and at most the products of them; the backward pass computes the
gates again, block by block.
"""

import weakref

import tensorflow as tf

from kerasgates.loops.compiled.backward_pass import BackwardPass
from kerasgates.loops.compiled.forward_pass import ForwardPass
from kerasgates.loops.compiled.graphs import Graph, Traces, of_any_size, of_this_size
from kerasgates.loops.compiled.single_step import Inputs, carried_widths


class Passes:
    """Forward and backward pass of one cell.

    Args:
        cell: a cell with `gates`, built.
        keep: whether products of states are kept for the backward pass, or recomputed.
        pace: the `Pace`.
        structure: the `Structure` of its step.
        traces: the `Traces` of cells of the same kind, if there are any.

    Attributes:
        carried: number of tensors that the loop carries: the states, and an output that is none.
    """

    def __init__(self, cell, keep, pace, structure, traces=None):
        self._cell, self.keep, self.structure = weakref.ref(cell), keep, structure
        self.pace = pace
        self.traces = traces or Traces()
        self.carried = len(carried_widths(cell))

    @property
    def cell(self):
        return self._cell()

    def forward(self, inputs, masked, dropping, outputs, training):
        """The forward pass as a `Graph`; the results of `ForwardPass` in one list.

        Args:
            inputs: such tensors as it will run on: the sequences, the states, and where there
                are any the mask and the mask of recurrent dropout; the weights.
            masked, dropping: whether there are these.
            outputs, training: as of `ForwardPass`.
        """

        def forward(x, steps, *rest):
            run = ForwardPass(self.cell, self.structure, self.keep, self.pace, outputs, training)
            out, last, kept = run(self.by_role([x, *rest], masked, dropping), steps)
            return [*([out] if outputs else []), *last, *kept]

        # In training there may be drawn numbers behind the features.
        which = "forward", masked, dropping, outputs, training, inputs[0].shape[-1]
        return self._graph(which, forward, self._specs(inputs, with_steps=True))

    def backward(self, inputs, masked, dropping, outputs, d):
        """The backward pass as a `Graph`; the results of `BackwardPass` in one list.

        Its arguments are those of the forward pass, what that kept, and the gradients `d` of its
        results.
        """
        kept = self.forward(inputs, masked, dropping, outputs, True).outputs[len(d) :]
        count = len(inputs) - 1

        def backward(x, steps, *rest):
            inputs = self.by_role([x, *rest[:count]], masked, dropping)
            kept, d_last = list(rest[count : -len(d)]), list(rest[-len(d) :])
            d_out = d_last.pop(0) if outputs else None
            run = BackwardPass(self.cell, self.structure, self.keep, self.pace, inputs, steps)
            d_x, d_first, d_weights = run(kept, d_out, d_last)
            return [d_x, *d_first, *d_weights]

        specs = [*self._specs(inputs, with_steps=True), *map(of_any_size, [*kept, *d])]
        which = "backward", masked, dropping, outputs, inputs[0].shape[-1]
        return self._graph(which, backward, specs)

    def trace(self, which, function, inputs, further=(), before=(), after=()):
        """Trace a function of tensors as one graph for any batch size and any length.

        Args:
            which: what it computes, by which it is known to other cells of the kind.
            function: of the tensors that follow; returns a list of tensors.
            inputs: as in `forward`.
            further: tensors `(batch, …)` that come after these.
            before, after: tensors of fixed shapes that come before all, and after.
        """
        fixed = [list(map(of_this_size, tensors)) for tensors in (before, after)]
        specs = [*fixed[0], *self._specs(inputs), *map(of_any_size, further), *fixed[1]]
        which = *which, inputs[0].shape[-1]
        return self._graph(which, function, specs, inline=True).interpreted

    def _specs(self, inputs, with_steps=False):
        count = len(inputs) - len(self.cell.weights)
        x, *rest = [*map(of_any_size, inputs[:count]), *map(of_this_size, inputs[count:])]
        return [x, *([tf.TensorSpec((), tf.int32)] if with_steps else []), *rest]

    def _graph(self, which, function, specs, inline=False):
        graphs = self.traces.graphs
        # Two threads may both trace; one graph is kept.
        return graphs.get(which) or graphs.setdefault(which, Graph(function, specs, inline))

    def by_role(self, inputs, masked, dropping):
        """Tensors in the order of a pass's arguments as `Inputs`."""
        x, *rest = inputs
        count = self.carried
        states, rest = rest[:count], rest[count:]
        mask = rest.pop(0) if masked else None
        dropped = rest.pop(0) if dropping else None
        return Inputs(x, states, mask, dropped, rest)
