"""The loop over time of a traced step. PyTorch only."""

from functools import partial

import keras
from keras import ops

from kerasgates.loops.attributes import STEPS
from kerasgates.loops.plain import keras_loop
from kerasgates.loops.protocols import Run
from kerasgates.loops.registry import register_loop
from kerasgates.loops.stepping import carried_by, cell_by_cell, is_gated, leaves

#: Steps after which `"auto"` traces a cell: tracing takes as long as it saves in about so many.
WARM_UP = 1000


@register_loop("traced")
def traced_loop(run: Run):
    """Loop of a graph that PyTorch has traced of one step: no Keras between its operations.

    On PyTorch, for cells with `gates` whose step is a graph, and stacks with such; any other cell,
    and recurrent dropout or noise while training, run in `keras_loop`. Tracing takes some tenths of
    a second for each cell, once.
    """
    return cell_by_cell(run, [_single] * len(leaves(run.cell)))


def traced_when_warm(run):
    """Loop of a traced graph for cells that have run for `WARM_UP` steps; before, `keras_loop`."""
    return cell_by_cell(run, [partial(_single, warm_up=WARM_UP)] * len(leaves(run.cell)))


def _single(run, warm_up=0):
    if not _can_be(run):
        return keras_loop(run)
    steps = vars(run.cell).get(STEPS, 0)
    if steps < warm_up:
        vars(run.cell)[STEPS] = steps + run.sequences.shape[1]
        return keras_loop(run)
    from kerasgates.loops.traced.graph import traced

    graph = traced(run.cell)
    return keras_loop(run) if graph is None else _iterate(run, graph)


def _can_be(run):
    """Whether a run is of a cell of ours by PyTorch's tensors, and all its steps are the same."""
    cell = run.cell
    if keras.backend.backend() != "torch" or not is_gated(cell) or run.unroll:
        return False
    from kerasgates.loops.traced.graph import is_compiling

    drawn = run.training and (cell.noise_columns or cell.recurrent_mask(run.training) is not None)
    # An array is none of PyTorch's tensors.
    device = getattr(getattr(run.sequences, "device", None), "type", None)
    return not drawn and device in ("cpu", "cuda") and not is_compiling()


def _iterate(run, graph):
    """Last output, all outputs and final states."""
    from kerasgates.loops.traced.graph import weights_of

    cell, mask = run.cell, run.mask
    states, size, dtype = carried_by(cell, run.states)
    sequences = cell.drop_inputs(ops.cast(run.sequences, dtype), run.training)
    projected = cell.project(sequences).unbind(1)
    weights = weights_of(cell)
    steps = [None] * len(projected) if mask is None else mask.unsqueeze(-1).unbind(1)
    output, outputs = ops.zeros((sequences.shape[0], size), dtype), []
    for one, counts in zip(projected, steps):
        shown, *new = graph(one, *states, *weights)
        if counts is None:
            output, states = shown, new
        else:
            output = shown.where(counts, output)
            states = [value.where(counts, old) for value, old in zip(new, states)]
        if run.every_output:
            outputs.append(output)
    every = ops.stack(outputs, axis=1) if run.every_output else output[:, None]
    return output, every, list(states)
