"""A cell's step as a function, whatever cell it is of, and the states that it carries."""

from dataclasses import replace

import keras
from keras import ops, tree

from kerasgates.core._keras import takes_training
from kerasgates.core.cell import AbstractRNNCell
from kerasgates.loops.protocols import Step


def is_gated(cell):
    """Whether a cell is computed by `step` alone: has `gates`, does not override `call`."""
    ours = isinstance(cell, AbstractRNNCell) and bool(cell.gates)
    return ours and type(cell).call is AbstractRNNCell.call


def is_stack(cell):
    """Whether a cell is a `StackedRNNCells` that does not override `call`."""
    kind = keras.layers.StackedRNNCells
    return isinstance(cell, kind) and type(cell).call is kind.call


def leaves(cell):
    """The single cells of a stack, nested stacks flattened; `[cell]` for any other cell."""
    return [leaf for c in cell.cells for leaf in leaves(c)] if is_stack(cell) else [cell]


def cell_by_cell(run, loops):
    """Run a single cell, or a stack cell by cell, each over all steps, by a loop for each.

    Args:
        run: the `Run` of a cell or of a stack.
        loops: a `Loop` for each of `leaves(run.cell)`.
    """
    # Of a stack that runs as one only the masked steps could differ.
    cells = leaves(run.cell)
    noise = NoiseOfStack(cells if len(cells) > 1 else [], run.training)
    sequences, drawn = noise.apart(run.sequences)
    states, new = list(run.states), []
    for number, (cell, loop) in enumerate(zip(cells, loops), 1):
        count = len(tree.flatten(cell.state_size))
        own, states = states[:count], states[count:]
        every = run.every_output or number < len(cells)
        sequences = noise.behind(sequences, drawn, number - 1)
        one = replace(run, cell=cell, sequences=sequences, states=own, every_output=every)
        last, sequences, cell_new = loop(one)
        new += cell_new
    return last, sequences, new


def noise_columns(cell):
    """How many numbers a cell, or all cells of a stack, draw for each row and step in training."""
    return sum(leaf.noise_columns for leaf in leaves(cell) if is_gated(leaf))


def with_noise(cell, sequences):
    """Sequences with what the cells draw for each row and step behind the features.

    What is drawn for each cell of a stack comes in their order.
    """
    for leaf in leaves(cell):
        if is_gated(leaf) and leaf.noise_columns:
            sequences = leaf.with_noise(sequences)
    return sequences


def step_of(cell, training, seen=None) -> Step:
    """`step(inputs, flat states) -> output, flat new states` of any cell, weights read once.

    `seen(cell, gate values by name, flat new states)`, where given, is called at every step for
    the cell, or for each cell of a stack.
    """
    seen = seen or (lambda cell, gates, new: None)
    if is_gated(cell):
        U = cell.recurrent(training)

        def step(inputs, states):
            projected = cell.project(cell.drop_inputs(inputs, training))
            output, new, gates = cell.step_projected(projected, U, states)
            seen(cell, gates, new)
            return output, new

    elif is_stack(cell):
        steps = [(step_of(c, training, seen), len(tree.flatten(c.state_size))) for c in cell.cells]
        noise = NoiseOfStack(cell.cells, training)

        def step(inputs, states):
            states, new = list(states), []
            inputs, drawn = noise.apart(inputs)
            for number, (inner, count) in enumerate(steps):
                inputs = noise.behind(inputs, drawn, number)
                inputs, inner_new = inner(inputs, states[:count])
                states = states[count:]
                new += inner_new
            return inputs, new

    else:
        keywords = {"training": training} if takes_training(cell) else {}

        def step(inputs, states):
            nested = list(states)
            if isinstance(cell.state_size, (list, tuple)):
                nested = tree.pack_sequence_as(list(cell.state_size), nested)
            output, new = cell(inputs, nested, **keywords)
            new = tree.flatten(new)
            seen(cell, {}, new)
            return output, new

    return step


class NoiseOfStack:
    """What is drawn for the cells of a stack, behind the input of the first.

    Args:
        cells: the cells, which may be stacks.
        training: whether anything is drawn.
    """

    def __init__(self, cells, training):
        self._columns = [noise_columns(cell) if training else 0 for cell in cells]
        self._all = sum(self._columns)

    def apart(self, inputs):
        """The input without what is drawn, and that, or None where there is nothing."""
        if not self._all:
            return inputs, None
        return inputs[..., : -self._all], inputs[..., -self._all :]

    def behind(self, inputs, drawn, number):
        """The input of a cell by its number, with what is drawn for it behind."""
        if not self._all or not self._columns[number]:
            return inputs
        start = sum(self._columns[:number])
        noise = drawn[..., start : start + self._columns[number]]
        return ops.concatenate([inputs, ops.cast(noise, inputs.dtype)], axis=-1)


def carried_by(cell, states):
    """Initial states as the loop carries them, and size and dtype of the output."""
    cells = leaves(cell)
    size = getattr(cell, "output_size", None) or tree.flatten(cells[-1].state_size)[0]
    return _single_precision(cells, states), size, cells[-1].compute_dtype


def _single_precision(cells, states):
    """Cast the states of our own cells to the variables' dtype, so that memory is not rounded."""
    dtypes = []
    for inner in cells:
        wide = inner.variable_dtype if is_gated(inner) else None
        dtypes += [wide] * len(tree.flatten(inner.state_size))
    return [s if d is None else ops.cast(s, d) for s, d in zip(states, dtypes)]
