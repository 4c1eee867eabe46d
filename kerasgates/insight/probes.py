"""Probes: a zero added to every state and output at every step, to take gradients by."""

from __future__ import annotations

import numpy as np
from keras import ops, tree

from kerasgates import loops
from kerasgates.insight.trace import names_of
from kerasgates.loops.runner import Runner


class ProbeRunner(Runner):
    """Runner that adds a zero, a probe, to every state and output at every step.

    A cell that is not computed by its `step` alone runs as it always does, without probes.

    Attributes:
        cells, inputs: each cell that has probes, and its input sequences, by name.
        outputs: the probes of the outputs, `(batch, time, entries)`, by name.
        left_out: the cells that have no probes, by name.

    Args:
        probes: those of the states, `(batch, time, entries)`, by names of cell and state.
        watch: function that is told of each probe of an output that is made.
    """

    def __init__(self, probes, watch):
        self.probes, self.watch, self.given = probes, watch, []
        self.cells, self.inputs, self.outputs, self.left_out = {}, {}, {}, {}

    def run(self, layer, sequences, states, mask):
        cells = loops.leaves(layer.cell)
        names = names_of(layer, self.given)
        self.given += names
        if not any(loops.is_gated(cell) for cell in cells):
            self.left_out.update(zip(names, cells))
            return layer.run_loop(sequences, states, mask)
        flat, new = tree.flatten(states), []
        if mask is not None:
            mask = ops.cast(mask, "bool")
            sequences = ops.where(mask[:, :, None], sequences, ops.zeros_like(sequences))
        turn = _backwards if layer.go_backwards else (lambda value: value)
        sequences, mask = turn(sequences), None if mask is None else turn(mask)
        # Each cell of a stack over the whole sequence: what the next one reads is probed, too.
        for name, cell in zip(names, cells):
            count = len(tree.flatten(cell.state_size))
            here, flat = flat[:count], flat[count:]
            probes = [turn(probe) for probe in self._probes(name, cell, sequences, turn)]
            last, sequences, last_states = _run_cell(cell, sequences, here, mask, probes)
            new += last_states
        if layer.zero_output_for_mask and mask is not None:
            last = ops.where(mask[:, -1:], last, ops.zeros_like(last))
            sequences = ops.where(mask[:, :, None], sequences, ops.zeros_like(sequences))
        return last, sequences, tree.pack_sequence_as(states, new)

    def _probes(self, name, cell, sequences, turn):
        """Probes of the states of a cell, and behind them that of its output; or none."""
        if not loops.is_gated(cell):
            self.left_out[name] = cell
            return []
        probes = [probe for (owner, _), probe in self.probes.items() if owner == name]
        shape = *ops.shape(sequences)[:2], cell.output_size
        self.outputs[name] = ops.zeros(shape, probes[0].dtype)
        self.watch(self.outputs[name])
        self.cells[name], self.inputs[name] = cell, turn(sequences)
        return [*probes, self.outputs[name]]


def _backwards(value):
    return ops.flip(value, axis=1)


def _run_cell(cell, sequences, states, mask, probes):
    """Run one cell over time with its probes, in the order in which its steps run."""
    plain = loops.step_of(cell, training=False)
    if not probes:
        return loops.iterate(loops.Run(cell, sequences, states, mask), plain)
    dtype, wide = sequences.dtype, probes[0].dtype
    edges = np.cumsum([sequences.shape[-1], *(p.shape[-1] for p in probes)])[:-1].tolist()
    inputs = ops.concatenate([ops.cast(v, wide) for v in (sequences, *probes)], axis=-1)

    def step(inputs, states):
        x, *added, shown = ops.split(inputs, edges, axis=-1)
        output, new = plain(ops.cast(x, dtype), states)
        new = [n + ops.cast(a, n.dtype) for n, a in zip(new, added)]
        if cell.output_state is not None:
            output = ops.cast(new[cell.output_state], output.dtype)
        return output + ops.cast(shown, output.dtype), new

    return loops.iterate(loops.Run(cell, inputs, states, mask), step)
