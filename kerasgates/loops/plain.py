"""Keras's own loop, with or without the input projection hoisted out of it."""

import dataclasses

import keras
from keras import ops

from kerasgates.core._keras import is_torch_compiling, is_torch_exporting, output_shape
from kerasgates.loops.protocols import Run, Step
from kerasgates.loops.registry import register_loop
from kerasgates.loops.stepping import carried_by, is_gated, step_of

#: Most steps that `torch.compile` gets one by one; more run between its graphs.
LAID_OUT = 64


class _Layer:
    """What Keras's loop asks of a layer."""

    go_backwards = stateful = zero_output_for_mask = False

    def __init__(self, cell, unroll, return_sequences):
        self.cell, self.unroll, self.return_sequences = cell, unroll, return_sequences


def is_laid_out(run: Run):
    """Whether `torch.compile` gets the steps one by one: its graphs have no loops."""
    is_torch = keras.backend.backend() == "torch"
    return is_torch and is_torch_compiling() and run.sequences.shape[1] <= LAID_OUT


@register_loop("keras")
def keras_loop(run: Run):
    """The loop of `keras.layers.RNN`; runs whatever has `call` and `state_size`."""
    return iterate(run, step_of(run.cell, run.training))


@register_loop("hoisted")
def hoisted_loop(run: Run):
    """Input projection W x + b of all steps in one product before the loop; U h stays inside.

    For a single cell with `gates`; any other runs in `keras_loop`.
    """
    cell = run.cell
    if not is_gated(cell):
        return keras_loop(run)
    projected = cell.project(cell.drop_inputs(run.sequences, run.training))
    U = cell.recurrent(run.training)

    def step(projected, states):
        output, new, _ = cell.step_projected(projected, U, states)
        return output, new

    return iterate(dataclasses.replace(run, sequences=projected), step)


def iterate(run: Run, step: Step):
    """Run `step` over the time axis in Keras's loop for the current backend.

    Under a mask the previous output is carried as one more state: the backends take it from
    different places otherwise, and rows that begin masked would differ between them.
    """
    cell, sequences, mask = run.cell, run.sequences, run.mask
    carried, size, dtype = carried_by(cell, run.states)
    if mask is not None:
        entries = (size,)
        if len(sequences.shape) > 3 and isinstance(cell, keras.Layer):
            shape, dtype = output_shape(cell, (None, *sequences.shape[2:]))
            entries = shape[1:]
        nothing = ops.zeros((ops.shape(sequences)[0], *entries), dtype=dtype)
        carried = [nothing, *carried]
        inner = step

        def step(inputs, carried):
            output, new = inner(inputs, list(carried)[1:])
            return output, [output, *new]

    # An export lays out all steps in any case; Keras's loop would fix the batch, as it lists rows.
    unroll = run.unroll or is_laid_out(run) or is_torch_exporting()
    seam = _Layer(step, unroll, run.every_output)
    last, outputs, new = keras.layers.RNN.inner_loop(seam, sequences, carried, mask)
    return last, outputs, list(new)[1:] if mask is not None else list(new)
