"""A cell over time: what does not depend on how the loop is done.

That is the direction, the dropout masks, and zeros for masked steps.
"""

from typing import Any

from keras import ops, tree

from kerasgates.core._keras import cells_within
from kerasgates.core.cell import AbstractRNNCell
from kerasgates.loops.choosing import decide
from kerasgates.loops.protocols import Loop, Run
from kerasgates.loops.registry import LOOPS
from kerasgates.loops.stepping import with_noise


def run(
    cell: Any,
    sequences: Any,
    states: Any,
    mask: Any = None,
    *,
    training: bool = False,
    loop: str | Loop = "auto",
    go_backwards: bool = False,
    unroll: bool = False,
    zero_output_for_mask: bool = False,
    return_all_outputs: bool = True,
) -> tuple[Any, Any, Any]:
    """Run a cell over time.

        >>> cell = kg.LSTMCell(3)
        >>> cell.build((None, 2))
        >>> last, outputs, states = kg.loops.run(cell, x, cell.get_initial_state(batch_size=4))
        >>> tuple(last.shape), tuple(outputs.shape), len(states)
        ((4, 3), (4, 5, 3), 2)

    Args:
        cell: any Keras cell, ours or not, or `keras.layers.StackedRNNCells`.
        sequences: `(batch, time, features)`.
        states: initial states, nested as the cell's `state_size`.
        mask: None or booleans `(batch, time)`; a step that is False keeps all states and
            repeats the last output, which is zero before the first unmasked step.
        training: whether dropout is applied.
        loop: a name in `LOOPS`, or such a function itself; for `"auto"` see `decide`.
        go_backwards: run from the last step to the first.
        unroll: lay the steps out in the graph.
        zero_output_for_mask: give zeros at masked steps.
        return_all_outputs: whether the outputs of all steps are wanted.

    Returns:
        last output `(batch, output_size)`, outputs `(batch, time, output_size)` in the order
        of processing, final states, nested as the initial ones. Where all outputs are not wanted,
        the outputs are the last one alone, `(batch, 1, output_size)`.

    Raises:
        ValueError: if there is no loop of that name.
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
    if any([inner.noise_columns for inner in drawn]):
        sequences = with_noise(cell, sequences)
    if loop == "auto":
        loop = decide(cell, sequences.shape, unroll)
    if not callable(loop) and loop not in LOOPS:
        names = ", ".join(repr(name) for name in ("auto", *LOOPS))
        raise ValueError(f"Argument `loop` must be one of {names}. Received: loop={loop!r}")
    run_loop = loop if callable(loop) else LOOPS[loop]
    one = Run(cell, sequences, tree.flatten(states), mask, training, unroll, return_all_outputs)
    try:
        last, outputs, flat = run_loop(one)
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
