"""The time loop in plain tensors, for TensorFlow graphs that leave TensorFlow.

Keras's own loop collects its outputs in a TensorList, which neither TF Lite nor ONNX has. This
one writes them into a tensor `(time, batch, output_size)` that is carried through the loop: the
graph stays what every runtime knows, for any cell, any batch size and any length.
"""

import keras
import tensorflow as tf


def in_graph():
    """Whether a TensorFlow graph is being traced, rather than operations run eagerly."""
    return keras.backend.backend() == "tensorflow" and not tf.executing_eagerly()


def dense_iterate(
    step, sequences, carried, size, dtype, mask=None, unroll=False, return_all_outputs=True
):
    """Run `step` over the time axis in a `tf.while_loop` of plain tensors, or unrolled.

    Args:
        step: `step(inputs, states) -> output, new states`.
        sequences: `(batch, time, features)`.
        carried: flat list of initial states `(batch, entries)`.
        size: entries of the output.
        dtype: of the output.
        mask: None or booleans `(batch, time)`; a masked step keeps the states and the output.
        unroll: lay the steps out one after the other; their number must be known.
        return_all_outputs: whether the outputs of all steps are wanted.

    Returns:
        last output `(batch, size)`, outputs `(batch, time, size)` or `(batch, 1, size)`, states.
    """
    batch, time = sequences.shape[:2]
    # Dynamic sizes are used only where the static ones are unknown: constants fold.
    shape = tf.shape(sequences)
    rows, steps = (shape[0] if batch is None else batch), (shape[1] if time is None else time)
    by_step = tf.transpose(sequences, (1, 0, 2))
    mask_by_step = None if mask is None else tf.expand_dims(tf.transpose(mask), -1)
    nothing = tf.zeros(tf.stack([rows, size]), dtype)
    start = [nothing, *map(tf.convert_to_tensor, carried)]
    count = len(carried)

    def advance(inputs, kept, last, states):
        """Output and states after one step; `kept` `(batch, 1)` is False where it is masked."""
        output, new = step(inputs, list(states))
        values = [output, *new]
        if kept is None:
            return values
        return [tf.where(kept, a, b) for a, b in zip(values, (last, *states))]

    if unroll:
        values, outputs = start, []
        for now in range(time):
            kept = None if mask is None else mask[:, now : now + 1]
            values = advance(by_step[now], kept, values[0], values[1:])
            outputs.append(values[0])
        kept_outputs = outputs if return_all_outputs else outputs[-1:]
        return values[0], tf.stack(kept_outputs, axis=1), values[1:]

    shapes = [(batch, size), *[(batch, *tensor.shape[1:]) for tensor in start[1:]]]
    if return_all_outputs:
        start.append(tf.zeros(tf.stack([steps, rows, size]), dtype))
        shapes.append((time, batch, size))

    def body(now, last, *rest):
        states, outputs = rest[:count], rest[count:]
        kept = None if mask is None else mask_by_step[now]
        # A slice, not tf.gather: LiteRT (2.3) with XNNPACK may keep the plan it made for the sizes
        # of the call before (up to 1 first call in 20 was wrong); after a slice it plans again.
        values = advance(by_step[now], kept, last, states)
        if outputs:
            at, row = tf.reshape(now, (1, 1)), tf.expand_dims(values[0], 0)
            values.append(tf.tensor_scatter_nd_update(outputs[0], at, row))
        return now + 1, *_shaped(values, shapes)

    _, last, *rest = tf.while_loop(
        lambda now, *_: now < steps,
        body,
        (tf.constant(0), *_shaped(start, shapes)),
        shape_invariants=(tf.TensorShape(()), *map(tf.TensorShape, shapes)),
        maximum_iterations=steps,
    )
    states, outputs = rest[:count], rest[count:]
    if not return_all_outputs:
        return last, tf.expand_dims(last, 1), states
    return last, tf.transpose(outputs[0], (1, 0, 2)), states


def _shaped(tensors, shapes):
    """Set the static shapes of graph tensors, which a loop loses.

    Not by `tf.ensure_shape`: that is an operation, which TensorFlow.js and others do not have.
    """
    for tensor, shape in zip(tensors, shapes):
        tensor.set_shape(shape)
    return tensors
