"""The sizes that are compiled: batches and lengths rounded up, and not before they pay.

XLA compiles anew for every batch size and length, which takes about a second, as long as
TensorFlow's own executor takes for some thousand steps. So sizes that are not known when a graph
is made are rounded up to one of a few, and a size is compiled when it has come often enough.
"""

import itertools

import tensorflow as tf

#: The lengths that are compiled where many may come: powers of two.
LENGTHS = [0, *(2**k for k in range(31))]
#: The batch sizes that are compiled where many may come: at most a quarter more than came.
ROWS = [*range(9), *(n * 2**k for k in range(1, 22) for n in (5, 6, 7, 8))]

_KEYS = itertools.count(1)


def new_key():
    """A number by which the steps of a pair of passes are counted."""
    return next(_KEYS)


def rounded_up(size, ladder):
    """The least entry of a ladder that is not less than a scalar tensor."""
    return tf.reduce_min(tf.where(tf.constant(ladder) >= size, ladder, tf.int32.max))


def are_warm(key, shape, rows, steps, warm_up):
    """Whether sequences of this batch size and length have run for `warm_up` steps; counts them.

    Args:
        key: of the passes that run them.
        shape: of the sequences, a tensor: batch, time, features.
        rows, steps: how many are added to reach a size that is compiled.
        warm_up: number of steps.

    Returns:
        A scalar tensor.
    """
    batch, time, *_ = tf.unstack(tf.cast(shape, tf.int64))
    rows, steps = batch + tf.cast(rows, tf.int64), time + tf.cast(steps, tf.int64)
    size = rows * 2**20 + steps + key * 2**40
    # A table by name: a variable would belong to a model, which would have to save it.
    table = tf.raw_ops.MutableHashTableV2(
        shared_name="kerasgates_steps", key_dtype=tf.int64, value_dtype=tf.int64
    )
    before = tf.raw_ops.LookupTableFindV2(
        table_handle=table, keys=size, default_value=tf.constant(0, tf.int64)
    )
    counted = before + time
    tf.raw_ops.LookupTableInsertV2(table_handle=table, keys=size, values=counted)
    return counted > warm_up


def padding(shape, rounded):
    """Numbers of rows and steps to pad sequences by, up to sizes that are compiled.

    Args:
        shape: of these, a tensor: batch, time, features.
        rounded: two booleans, a tensor: whether to pad the batch, and the length.
    """
    now = shape[:2]
    batch, time = tf.unstack(now)
    longer = tf.stack([rounded_up(batch, ROWS), rounded_up(time, LENGTHS)])
    return tf.unstack(tf.where(rounded, longer - now, 0))


def more_rows(tensors, rows):
    """Pad tensors `(batch, …)` by repeating their last row, on which no cell can fail."""
    batch = tf.shape(tensors[0])[0]
    index = tf.minimum(tf.range(batch + rows), batch - 1)
    return [tf.gather(tensor, index) for tensor in tensors]


def more_zeros(tensor, rows, steps=None):
    """Pad a tensor `(batch, …)`, or with `steps` `(batch, time, …)`, with zeros at the ends."""
    ends = [rows] if steps is None else [rows, steps]
    ends += [0] * (len(tensor.shape) - len(ends))
    return tf.pad(tensor, [[0, n] for n in ends])
