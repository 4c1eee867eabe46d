"""Ways to run a cell over time. All compute the same function; one signature.

A loop is a function

    loop(cell, sequences, states, mask, training, unroll, return_all_outputs)
        -> last output, outputs, states

that runs `cell` over `sequences` `(batch, time, features)` from the first step to the last.
`states` is a flat list of tensors; `mask` is None or booleans `(batch, time)`. What does not
depend on how the loop is done (direction, dropout masks, zeros for masked steps) is in `run`.
"""

import functools
from collections.abc import Callable
from types import SimpleNamespace

import keras
from keras import ops, tree

from kerasgates.core._keras import cells_within, is_exporting, output_shape, takes_training
from kerasgates.core.blocks import Kernel
from kerasgates.core.cell import AbstractRNNCell
from kerasgates.loops.protocols import Loop, Step

#: Above this many bytes of products of a layer, `"auto"` recomputes them in the backward pass.
KEPT_BYTES = 512 << 20
#: From this many steps on, `"auto"` compiles eager calls.
EAGER_STEPS = 32

#: Steps for which `"auto"` runs sequences of one size uncompiled before XLA compiles for that
#: size, which takes about as long.
WARM_UP = 4000

#: Loops that may compile what is inside the layer.
COMPILING = ("auto", "compiled", "recomputed")

#: Loops by name. `register_loop` adds to it.
LOOPS: dict[str, Loop] = {}


def register_loop(name: str) -> Callable[[Loop], Loop]:
    """Decorator that makes a loop known as `RNN(cell, loop=name)`."""

    def add(function):
        LOOPS[name] = function
        return function

    return add


def run(
    cell,
    sequences,
    states,
    mask=None,
    *,
    training=False,
    loop="auto",
    go_backwards=False,
    unroll=False,
    zero_output_for_mask=False,
    return_all_outputs=True,
):
    """Run a cell over time.

    Args:
        cell: any Keras cell, ours or not, or `keras.layers.StackedRNNCells`.
        sequences: `(batch, time, features)`.
        states: initial states, nested as the cell's `state_size`.
        mask: None or booleans `(batch, time)`; a step that is False keeps all states and
            repeats the last output, which is zero before the first unmasked step.
        training: whether dropout is applied.
        loop: a name in `LOOPS`, or such a function itself; for `"auto"` see `choose`.
        go_backwards: run from the last step to the first.
        unroll: lay the steps out in the graph.
        zero_output_for_mask: give zeros at masked steps.
        return_all_outputs: whether the outputs of all steps are wanted.

    Returns:
        last output `(batch, output_size)`, outputs `(batch, time, output_size)` in the order
        of processing, final states.
    """
    if mask is not None:
        mask = ops.cast(mask, "bool")
        # Values at masked steps, NaN for instance, must not reach the gradients.
        sequences = ops.where(_spread(mask, sequences), sequences, ops.zeros_like(sequences))
    # Reversed here and not by the loop: the backends disagree about masks running backwards.
    if go_backwards:
        sequences = ops.flip(sequences, axis=1)
        mask = None if mask is None else ops.flip(mask, axis=1)
    batch_size = ops.shape(sequences)[0]
    drawn = [c for c in cells_within(cell, AbstractRNNCell) if training and c.built]
    for inner in drawn:
        inner.draw_dropout(batch_size)
    if loop == "auto":
        loop = _patient(choose(cell, sequences.shape, unroll))
    run_loop = loop if callable(loop) else LOOPS[loop]
    try:
        last, outputs, flat = run_loop(
            cell, sequences, tree.flatten(states), mask, training, unroll, return_all_outputs
        )
    finally:
        for inner in drawn:
            inner.forget_dropout()
    if zero_output_for_mask and mask is not None:
        last = ops.where(_spread(mask[:, -1:], last), last, ops.zeros_like(last))
        if return_all_outputs:
            outputs = ops.where(_spread(mask, outputs), outputs, ops.zeros_like(outputs))
    return last, outputs, tree.pack_sequence_as(states, flat)


def _spread(mask, value):
    """The mask `(batch, time)` with trailing axes of size 1, to broadcast against `value`."""
    for _ in value.shape[2:]:
        mask = ops.expand_dims(mask, -1)
    return mask


def choose(cell, shape, unroll=False):
    """Name of the loop that `"auto"` runs for sequences of this shape; sizes may be unknown.

    * Where a model is exported: `"dense"`, which every runtime can run.
    * On TensorFlow without a GPU, for what `compiles`: `"compiled"`; `"recomputed"` where the
      products that the other keeps for the backward pass are known to be large (`KEPT_BYTES`).
      Either runs uncompiled until sequences of a size have come for `WARM_UP` steps.
    * Elsewhere, where steps are laid out by `unroll`, or where there is but one: `"keras"`; in
      eager calls where there are fewer than `EAGER_STEPS`, which do not pay for compiling.
    """
    if is_exporting():
        return "dense"
    batch, time = shape[:2]
    if unroll or time == 1 or not compiles(cell) or _has_gpu():
        return "keras"
    from kerasgates.loops.compiled.custom_gradient import kept_bytes
    from kerasgates.loops.dense import in_graph

    if not in_graph() and time < EAGER_STEPS:
        return "keras"
    most = max(kept_bytes(inner, batch or 1, time or 1) for inner in leaves(cell))
    return "recomputed" if most > KEPT_BYTES else "compiled"


def _patient(loop):
    """The chosen loop; a compiled one runs uncompiled for the first `WARM_UP` steps of a size."""
    if loop not in ("compiled", "recomputed"):
        return loop
    return functools.partial(_compiled, keep=loop == "compiled", warm_up=WARM_UP)


def _has_gpu():
    """Whether Keras lists a device besides CPUs, on which nothing was measured."""
    return any(not name.startswith("cpu") for name in keras.distribution.list_devices())


@register_loop("keras")
def keras_loop(cell, sequences, states, mask, training, unroll, return_all_outputs):
    """The loop of `keras.layers.RNN`; runs whatever has `call` and `state_size`."""
    step = step_of(cell, training)
    return iterate(cell, step, sequences, states, mask, unroll, return_all_outputs)


@register_loop("hoisted")
def hoisted_loop(cell, sequences, states, mask, training, unroll, return_all_outputs):
    """Input projection W x + b of all steps in one product before the loop; U h stays inside.

    For a single cell with `gates`; any other runs in `keras_loop`.
    """
    if not is_gated(cell):
        return keras_loop(cell, sequences, states, mask, training, unroll, return_all_outputs)
    projected = cell.project(cell.drop_inputs(sequences, training))
    U = cell.recurrent(training)

    def step(projected, states):
        output, new, _ = cell.advance(projected, U, states)
        return output, new

    return iterate(cell, step, projected, states, mask, unroll, return_all_outputs)


@register_loop("compiled")
def compiled_loop(cell, sequences, states, mask, training, unroll, return_all_outputs):
    """Loop that XLA compiles inside the layer, with a custom gradient. TensorFlow only.

    For what `compiles` and stacks of that; any other cell runs in `keras_loop`.
    """
    run = sequences, states, mask, training, unroll, return_all_outputs
    return _compiled(cell, *run, keep=True)


@register_loop("recomputed")
def recomputed_loop(cell, sequences, states, mask, training, unroll, return_all_outputs):
    """As `compiled_loop`, but keeps only the states for the backward pass.

    Computes the recurrent products twice, which saves memory on long sequences.
    """
    run = sequences, states, mask, training, unroll, return_all_outputs
    return _compiled(cell, *run, keep=False)


def compiles(cell):
    """Whether XLA can compile the loop of a cell, or of all cells of a stack.

    True on TensorFlow for built cells with `gates` whose output is one of the states and whose
    step neither draws random numbers nor changes the cell: its weights or its attributes.
    """
    if keras.backend.backend() != "tensorflow":
        return False
    if _is_stack(cell):
        return all(map(compiles, cell.cells))
    from kerasgates.loops.compiled.custom_gradient import can_compile

    return is_gated(cell) and cell.built and can_compile(cell)


def _compiled(cell, sequences, states, mask, training, unroll, return_all_outputs, keep, warm_up=0):
    if unroll or not compiles(cell):
        return keras_loop(cell, sequences, states, mask, training, unroll, return_all_outputs)
    if _is_stack(cell):
        return _one_by_one(
            cell, sequences, states, mask, training, return_all_outputs, keep, warm_up
        )
    from kerasgates.loops.compiled.custom_gradient import compiled_iterate

    carried, _, dtype = carried_by(cell, states)

    outputs, last = compiled_iterate(
        cell,
        cell.drop_inputs(ops.cast(sequences, dtype), training),
        carried,
        mask,
        cell.recurrent_mask(training),
        keep=keep,
        training=bool(training),
        every_output=return_all_outputs,
        plain=_plain,
        warm_up=warm_up,
    )
    output = last[cell.output_state]
    if mask is not None:
        begun = ops.any(mask, axis=1, keepdims=True)
        output = ops.where(begun, output, ops.zeros_like(output))
    return output, output[:, None] if outputs is None else outputs, last


def _plain(cell, run, unroll):
    """The compiled loop's computation in plain operations: outputs and last states."""
    U = cell.recurrent()
    if run.dropped is not None:
        U = Kernel(cell.recurrent_kernel, cell.gates, run.dropped)

    def step(inputs, states):
        output, new, _ = cell.advance(cell.project(inputs), U, states)
        return output, new

    _, outputs, last = iterate(cell, step, run.x, run.states, run.mask, unroll, True)
    return outputs, last


def _one_by_one(stack, sequences, states, mask, training, return_all_outputs, keep, warm_up):
    """Run a stack cell by cell, each over the whole sequence; only masked steps may differ."""
    states, new = list(states), []
    for index, cell in enumerate(stack.cells):
        count = len(tree.flatten(cell.state_size))
        every = return_all_outputs or index < len(stack.cells) - 1
        run = sequences, states[:count], mask, training, False, every
        last, sequences, cell_new = _compiled(cell, *run, keep=keep, warm_up=warm_up)
        states, new = states[count:], new + cell_new
    return last, sequences, new


@register_loop("dense")
def dense_loop(cell, sequences, states, mask, training, unroll, return_all_outputs):
    """Loop with its outputs in one plain tensor, as TF Lite and ONNX need; slow for long sequences.

    Only in TensorFlow graphs, and for vectors at each step; elsewhere it is `keras_loop`.
    """
    from kerasgates.loops.dense import dense_iterate, in_graph

    vectors = len(sequences.shape) == 3 and all(len(state.shape) == 2 for state in states)
    if not in_graph() or not vectors:
        return keras_loop(cell, sequences, states, mask, training, unroll, return_all_outputs)
    carried, size, dtype = carried_by(cell, states)
    step = step_of(cell, training)
    return dense_iterate(step, sequences, carried, size, dtype, mask, unroll, return_all_outputs)


def is_gated(cell):
    """Whether a cell is computed by `step` alone: has `gates`, does not override `call`."""
    ours = isinstance(cell, AbstractRNNCell) and bool(cell.gates)
    return ours and type(cell).call is AbstractRNNCell.call


def _is_stack(cell):
    """Whether a cell is a `StackedRNNCells` that does not override `call`."""
    kind = keras.layers.StackedRNNCells
    return isinstance(cell, kind) and type(cell).call is kind.call


def leaves(cell):
    """The single cells of a stack, nested stacks flattened; `[cell]` for any other cell."""
    return [leaf for c in cell.cells for leaf in leaves(c)] if _is_stack(cell) else [cell]


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
            output, new, gates = cell.advance(projected, U, states)
            seen(cell, gates, new)
            return output, new

    elif _is_stack(cell):
        steps = [(step_of(c, training, seen), len(tree.flatten(c.state_size))) for c in cell.cells]

        def step(inputs, states):
            states, new = list(states), []
            for inner, count in steps:
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


def iterate(cell, step: Step, sequences, states, mask, unroll, return_all_outputs):
    """Run `step` over the time axis in Keras's loop for the current backend.

    Under a mask the previous output is carried as one more state: the backends take it from
    different places otherwise, and rows that begin masked would differ between them.
    """
    carried, size, dtype = carried_by(cell, states)
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

    seam = SimpleNamespace(
        cell=step,
        go_backwards=False,
        unroll=unroll,
        stateful=False,
        zero_output_for_mask=False,
        return_sequences=return_all_outputs,
    )
    last, outputs, new = keras.layers.RNN.inner_loop(seam, sequences, carried, mask)
    return last, outputs, list(new)[1:] if mask is not None else list(new)


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
