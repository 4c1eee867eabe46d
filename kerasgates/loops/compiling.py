"""The loops that XLA compiles, of single cells and of stacks."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import keras
from keras import ops

from kerasgates.core.blocks import Kernel
from kerasgates.loops.plain import iterate, keras_loop
from kerasgates.loops.protocols import Run
from kerasgates.loops.registry import register_loop
from kerasgates.loops.scanning import Scanned
from kerasgates.loops.stepping import carried_by, cell_by_cell, is_gated, leaves

#: Loops that may compile what is inside the layer.
COMPILING = ("auto", "compiled", "recomputed")


@register_loop("compiled")
def compiled_loop(run: Run):
    """Loop whose gradients of weights are products of many steps; on TensorFlow XLA compiles it.

    For what `compiles` and stacks of that; any other cell, and every one on PyTorch, runs in
    `keras_loop`.
    """
    return (compiled_of(run.cell) or keras_loop)(run)


@register_loop("recomputed")
def recomputed_loop(run: Run):
    """As `compiled_loop`, but keeps only the states for the backward pass.

    Computes the recurrent products twice, which saves memory on long sequences.
    """
    chosen = compiled_of(run.cell)
    return (chosen.recomputed if chosen else keras_loop)(run)


def compiles(cell: Any) -> bool:
    """Whether the loop of a cell, or of all cells of a stack, can be a compiled one.

        >>> cell = kg.LSTMCell(3)
        >>> cell.build((None, 2))
        >>> kg.loops.compiles(cell)
        True

    It can on TensorFlow and JAX for built cells with `gates` whose step neither draws random
    numbers nor changes the cell: its weights or, on TensorFlow, its attributes. `why` says what
    keeps a cell from it.

    Args:
        cell: any Keras cell, ours or not, or `keras.layers.StackedRNNCells`.

    Returns:
        True where it can; False of a cell that is not built.
    """
    return compiled_of(cell) is not None


def compiled_of(cell):
    """The decision to run a cell in the compiled loop of the backend; None where it cannot."""
    return Compiled.of(cell) or Scanned.of(cell)


@dataclass(frozen=True)
class Compiled:
    """Decision to run a cell or a stack by passes that XLA compiles; a loop of TensorFlow.

    Attributes:
        structures: the `Structure` of the step of each single cell.
        keep: whether products of states are kept for the backward pass, or recomputed.
        warm_up: number of steps that sequences of one size run uncompiled at first.
    """

    structures: tuple
    keep: bool = True
    warm_up: int = 0

    @classmethod
    def of(cls, cell, warm_up=0) -> Compiled | None:
        """The decision for a cell, or None where XLA cannot compile its loop."""
        if keras.backend.backend() != "tensorflow":
            return None
        from kerasgates.loops.compiled.custom_gradient import structure_to_compile

        structures = []
        for leaf in leaves(cell):
            found = structure_to_compile(leaf) if is_gated(leaf) and leaf.built else None
            if found is None or isinstance(found, str):
                return None
            structures.append(found)
        return cls(tuple(structures), warm_up=warm_up)

    @property
    def recomputed(self) -> Compiled:
        """The same, which keeps only the states for the backward pass."""
        return replace(self, keep=False)

    def kept_bytes(self, batch, time):
        """Most bytes that a cell keeps for the backward pass, besides the states.

        Args:
            batch, time: sizes of the sequences; one that is None counts as 1.
        """
        entries = (batch or 1) * (time or 1)
        return max(entries * structure.bytes_of_a_row for structure in self.structures)

    def __call__(self, run: Run):
        if run.unroll:
            return keras_loop(run)
        return cell_by_cell(run, [partial(self._single, structure=s) for s in self.structures])

    def _single(self, run, structure):
        from kerasgates.loops.compiled.custom_gradient import compiled_iterate

        cell, mask = run.cell, run.mask
        carried, size, dtype = carried_by(cell, run.states)
        count, shown = len(carried), cell.output_state
        if shown is None:
            # An output that is no state is carried as if it were one: masked steps repeat it.
            rows = ops.shape(run.sequences)[0]
            carried, shown = [*carried, ops.zeros((rows, size), cell.variable_dtype)], count
        sequences = cell.drop_inputs(ops.cast(run.sequences, dtype), run.training)
        one = replace(run, sequences=sequences, states=carried)
        dropped = cell.recurrent_mask(run.training)
        how = structure, self.keep, self.warm_up
        outputs, last = compiled_iterate(one, dropped, *how, plain=_plain)
        output, last = last[shown], last[:count]
        if mask is not None:
            begun = ops.any(mask, axis=1, keepdims=True)
            output = ops.where(begun, output, ops.zeros_like(output))
        return output, output[:, None] if outputs is None else outputs, last


def _plain(cell, inputs, unroll):
    """The compiled loop's computation in plain operations: outputs and last states."""
    U = cell.recurrent_kernel
    if U is not None:
        # As they are read: what they are made of by `parametrise` has been done.
        names, widths = cell.recurrent_layout
        U = Kernel(ops.cast(U, cell.compute_dtype), names, inputs.dropped, widths=widths)

    def step(x, states):
        output, new, _ = cell.step_projected(cell.project(x), U, states)
        return output, new

    states = list(inputs.states)[: len(cell.states)]
    run = Run(cell, inputs.x, states, inputs.mask, unroll=unroll)
    output, outputs, last = iterate(run, step)
    return outputs, last if cell.output_state is not None else [*last, output]
