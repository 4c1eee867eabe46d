"""The compiled loop of JAX, for cells whose step is a function of what it reads."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import accumulate

import keras
from keras import ops

from kerasgates.core import _keras
from kerasgates.core.blocks import SeparateBlocks
from kerasgates.core.wrapper import asks_for_training
from kerasgates.loops.devices import has_gpu
from kerasgates.loops.plain import keras_loop
from kerasgates.loops.protocols import Run
from kerasgates.loops.stepping import carried_by, cell_by_cell, is_gated, leaves

#: Most steps of a block, and steps that are compiled as one piece, where sums are computed again
#: and where they are kept. What a CPU computes at once is to stay in the cache; on a GPU each
#: operation costs a launch, and one over many steps is no more than one.
ON_CPUS = (32, 1), (32, 1)
ON_GPUS = (128, 8), (1024, 8)


@dataclass(frozen=True)
class Scanned:
    """Decision to run a cell or a stack in scans of JAX; a loop.

    Gradients of weights are products of many steps at once. JAX differentiates it forward,
    backward and again, and maps it over further axes.

    Attributes:
        keep: whether sums with products are kept for the backward pass, or computed again.
    """

    keep: bool = True

    @classmethod
    def of(cls, cell) -> Scanned | None:
        """The decision for a cell, or None where it must run in Keras's loop."""
        if keras.backend.backend() != "jax":
            return None
        ours = all(is_gated(leaf) and leaf.built for leaf in leaves(cell))
        return cls() if ours and not any(map(obstacle, leaves(cell))) else None

    @property
    def recomputed(self) -> Scanned:
        """The same, which keeps only the states for the backward pass."""
        return replace(self, keep=False)

    def kept_bytes(self, cell, batch, time):
        """Most bytes that a cell keeps for the backward pass, besides the states."""
        sizes = [leaf.projected_layout[2] for leaf in leaves(cell)]
        return 4 * batch * time * max(sizes)

    def __call__(self, run: Run):
        if run.unroll:
            return keras_loop(run)
        return cell_by_cell(run, [self._single] * len(leaves(run.cell)))

    def _single(self, run):
        from kerasgates.loops.scanned.over_time import Way, over_time
        from kerasgates.loops.scanned.program import Program

        cell, mask = run.cell, run.mask
        states, size, dtype = carried_by(cell, run.states)
        shown = cell.output_state
        if shown is None:
            # An output that is no state is carried as if it were one: masked steps repeat it.
            shown, rows = len(states), ops.shape(run.sequences)[0]
            states = [*states, ops.zeros((rows, size), cell.variable_dtype)]
        inputs = [ops.swapaxes(run.sequences, 0, 1)]
        if mask is not None:
            inputs.append(ops.expand_dims(ops.swapaxes(mask, 0, 1), -1))
        program = Program(_step_of(cell, run.training), [v[0] for v in inputs], states)
        fixed = program.fixed_values()
        way = Way(self.keep, *(ON_GPUS if has_gpu() else ON_CPUS)[self.keep])
        last, outputs = over_time(program, shown, way, inputs, states, fixed)
        output, outputs = ops.cast(last[shown], dtype), ops.cast(outputs, dtype)
        outputs = ops.swapaxes(outputs, 0, 1)
        if mask is not None:
            begun = ops.cumsum(ops.cast(mask, "int32"), axis=1)[..., None] > 0
            outputs = ops.where(begun, outputs, ops.zeros_like(outputs))
            output = ops.where(begun[:, -1], output, ops.zeros_like(output))
        every = outputs if run.every_output else output[:, None]
        return output, every, last[: len(run.states)]


def obstacle(cell):
    """What keeps a built cell with `gates` from this loop, in words; None where nothing does.

    That is, where its step changes variables, as by drawing random numbers, or cannot be traced.
    """
    from kerasgates.loops.scanned.program import traced

    if asks_for_training(cell):
        return "a layer inside it takes the argument `training`"
    scope = _keras.scope_as_here()
    values = dict(scope.state_mapping)
    sizes = list(cell.state_sizes)
    kinds = [((2, entries), cell.variable_dtype) for entries in sizes]
    try:
        with scope:
            step = _step_of(cell, training=False)
            x = [((2, cell.features), cell.compute_dtype)]
            shapes = traced(lambda x, states: step(x, states)[: len(sizes)], x, kinds)
    except Exception as error:
        # Whatever it is, the loop that runs the step as it is written reports it better.
        return f"its step cannot be traced ({_keras.reason(error)})"
    after = scope.state_mapping
    if after.keys() != values.keys() or any(after[key] is not values[key] for key in values):
        return "its step draws random numbers, or changes variables"
    if [entries for _, entries in shapes] != sizes:
        return f"its states have {[entries for _, entries in shapes]} entries, not {sizes}"
    return None


def _step_of(cell, training):
    """The step as a function of lists of inputs and of states that gives the new states.

    One state more than the cell has is its output. The second of the inputs is the mask.
    """
    U = cell.recurrent(training)
    count = len(cell.state_sizes)
    names, widths, columns = cell.projected_layout
    # A tensor for each gate: XLA gives up vector instructions for columns of a step of many.
    parts = [*accumulate(widths[:-1])] if widths else len(names)

    def step(inputs, states):
        x, *mask = inputs
        projected = cell.project(cell.drop_inputs(x, training))
        cell.check_columns(projected, columns)
        projected = ops.split(ops.cast(projected, cell.variable_dtype), parts, axis=-1)
        blocks = SeparateBlocks(projected, names)
        output, new, _ = cell.step_projected(blocks, U, list(states)[:count])
        if len(states) > count:
            new = [*new, ops.cast(output, states[-1].dtype)]
        if mask:
            new = [ops.where(mask[0], a, b) for a, b in zip(new, states)]
        return new

    return step
