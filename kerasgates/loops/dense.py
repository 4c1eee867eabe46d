"""The time loop in plain tensors, for TensorFlow graphs that leave TensorFlow.

Keras's own loop collects its outputs in a TensorList, which neither TF Lite nor ONNX has. This
one writes them into a tensor `(time, batch, output_size)` that is carried through the loop: the
graph stays what every runtime knows, for any cell, any batch size and any length.
"""

import tensorflow as tf


def is_tracing():
    """Whether TensorFlow traces a graph, rather than runs operations eagerly."""
    return not tf.executing_eagerly()


def dense_iterate(run, step, carried, size, dtype):
    """Run `step` over the time axis in a `tf.while_loop` of plain tensors, or unrolled.

    Args:
        run: the `Run`.
        step: `step(inputs, states) -> output, new states`.
        carried: flat list of initial states `(batch, entries)` as the loop carries them.
        size: entries of the output.
        dtype: of the output.

    Returns:
        last output `(batch, size)`, outputs `(batch, time, size)` or `(batch, 1, size)`, states.
    """
    sizes = _Sizes(run.sequences)
    nothing = tf.zeros(tf.stack([sizes.rows, size]), dtype)
    start = [nothing, *map(tf.convert_to_tensor, carried)]

    def advance(inputs, kept, last, states):
        """Output and states after one step; `kept` `(batch, 1)` is False where it is masked."""
        output, new = step(inputs, list(states))
        values = [output, *new]
        if kept is None:
            return values
        return [tf.where(kept, a, b) for a, b in zip(values, (last, *states))]

    return (_unrolled if run.unroll else _in_a_loop)(run, sizes, start, advance)


class _Sizes:
    """Sizes of sequences: `batch` and `time` as they are known, `rows` and `steps` at run time."""

    def __init__(self, sequences):
        self.batch, self.time = sequences.shape[:2]
        # Dynamic sizes are used only where the static ones are unknown: constants fold.
        shape = tf.shape(sequences)
        self.rows = shape[0] if self.batch is None else self.batch
        self.steps = shape[1] if self.time is None else self.time


def _unrolled(run, sizes, values, advance):
    by_step, outputs = tf.transpose(run.sequences, (1, 0, 2)), []
    for now in range(sizes.time):
        kept = None if run.mask is None else run.mask[:, now : now + 1]
        values = advance(by_step[now], kept, values[0], values[1:])
        outputs.append(values[0])
    kept_outputs = outputs if run.every_output else outputs[-1:]
    return values[0], tf.stack(kept_outputs, axis=1), values[1:]


def _in_a_loop(run, sizes, start, advance):
    count = len(start) - 1
    by_step = tf.transpose(run.sequences, (1, 0, 2))
    masks = None if run.mask is None else tf.expand_dims(tf.transpose(run.mask), -1)
    shapes = [(sizes.batch, *tensor.shape[1:]) for tensor in start]
    if run.every_output:
        size = start[0].shape[-1]
        start.append(tf.zeros(tf.stack([sizes.steps, sizes.rows, size]), start[0].dtype))
        shapes.append((sizes.time, sizes.batch, size))

    def body(now, last, *rest):
        states, outputs = rest[:count], rest[count:]
        kept = None if masks is None else masks[now]
        # A slice, not tf.gather: LiteRT (2.3) with XNNPACK may keep the plan it made for the sizes
        # of the call before (up to 1 first call in 20 was wrong); after a slice it plans again.
        values = advance(by_step[now], kept, last, states)
        if outputs:
            at, row = tf.reshape(now, (1, 1)), tf.expand_dims(values[0], 0)
            values.append(tf.tensor_scatter_nd_update(outputs[0], at, row))
        return now + 1, *_shaped(values, shapes)

    _, last, *rest = tf.while_loop(
        lambda now, *_: now < sizes.steps,
        body,
        (tf.constant(0), *_shaped(start, shapes)),
        shape_invariants=(tf.TensorShape(()), *map(tf.TensorShape, shapes)),
        maximum_iterations=sizes.steps,
    )
    states, outputs = rest[:count], rest[count:]
    if not run.every_output:
        return last, tf.expand_dims(last, 1), states
    return last, tf.transpose(outputs[0], (1, 0, 2)), states


def _shaped(tensors, shapes):
    """Set the static shapes of graph tensors, which a loop loses.

    Not by `tf.ensure_shape`: that is an operation, which TensorFlow.js and others do not have.
    """
    for tensor, shape in zip(tensors, shapes):
        tensor.set_shape(shape)
    return tensors
