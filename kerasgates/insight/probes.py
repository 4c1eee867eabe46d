"""Probes: a zero added to every state at every step, to take gradients by."""

from __future__ import annotations

import numpy as np
from keras import ops, tree

from kerasgates import loops
from kerasgates.insight.trace import names_of
from kerasgates.loops.runner import Runner


class ProbeRunner(Runner):
    """Runner that adds a zero, a probe, to every state at every step, to take gradients by."""

    def __init__(self, probes):
        self.probes, self.given = probes, []
        # By name: the cell, and its input sequences.
        self.cells, self.inputs = {}, {}

    def run(self, layer, sequences, states, mask):
        flat, new = tree.flatten(states), []
        if mask is not None:
            mask = ops.cast(mask, "bool")
            sequences = ops.where(mask[:, :, None], sequences, ops.zeros_like(sequences))
        turn = _backwards if layer.go_backwards else (lambda value: value)
        sequences, mask = turn(sequences), None if mask is None else turn(mask)
        names = names_of(layer, self.given)
        self.given += names
        # Each cell of a stack over the whole sequence: what the next one reads is probed, too.
        for name, cell in zip(names, loops.leaves(layer.cell)):
            probes = [turn(probe) for (n, _), probe in self.probes.items() if n == name]
            self.cells[name], self.inputs[name] = cell, turn(sequences)
            here, flat = flat[: len(probes)], flat[len(probes) :]
            last, sequences, last_states = _run_cell(cell, sequences, here, mask, probes)
            new += last_states
        if layer.zero_output_for_mask and mask is not None:
            last = ops.where(mask[:, -1:], last, ops.zeros_like(last))
            sequences = ops.where(mask[:, :, None], sequences, ops.zeros_like(sequences))
        return last, sequences, tree.pack_sequence_as(states, new)


def _backwards(value):
    return ops.flip(value, axis=1)


def _run_cell(cell, sequences, states, mask, probes):
    """Run one cell over time with its probes, in the order in which its steps run."""
    plain = loops.step_of(cell, training=False)
    output_state = getattr(cell, "output_state", None)
    dtype, wide = sequences.dtype, probes[0].dtype
    edges = np.cumsum([sequences.shape[-1], *(p.shape[-1] for p in probes)])[:-1].tolist()
    inputs = ops.concatenate([ops.cast(v, wide) for v in (sequences, *probes)], axis=-1)

    def step(inputs, states):
        x, *added = ops.split(inputs, edges, axis=-1)
        output, new = plain(ops.cast(x, dtype), states)
        new = [n + ops.cast(a, n.dtype) for n, a in zip(new, added)]
        return output if output_state is None else ops.cast(new[output_state], output.dtype), new

    return loops.iterate(loops.Run(cell, inputs, states, mask), step)
