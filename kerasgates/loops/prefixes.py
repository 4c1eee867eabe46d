"""Parallel prefix sums over time: each step combined with all before it, many steps at once."""

from keras import ops, tree

#: Where the number of steps is not known they are joined in blocks of so many, and those in blocks.
BLOCK = 32
LEVELS = 2
#: Where the slope of a line is measured: so far out that what is added to it does not round it.
FAR = 2.0**40


def prefixes(combine, values):
    """Combine each step with all before it, which an associative function may do in pairs.

    Keras's `associative_scan` loses the sizes in graphs of TensorFlow, and XLA compiles it there
    for no size.

    Args:
        combine: function of two trees of the same steps, the earlier one first.
        values: a tree, each `(batch, time, …)`; a graph of TensorFlow may be for any time.
    """
    time = tree.flatten(values)[0].shape[1]
    if time is None:
        return _prefixes_in_blocks(combine, values, LEVELS)
    if time == 1:
        return values
    half = time // 2
    pairs = combine(_every_other(values, 0, 2 * half), _every_other(values, 1, time))
    second = prefixes(combine, pairs)
    first = _every_other(values, 0, 1)
    if time > 2:
        before = tree.map_structure(lambda v: v[:, : (time - 1) // 2], second)
        third = combine(before, _every_other(values, 2, time))
        first = tree.map_structure(lambda *v: ops.concatenate(v, axis=1), first, third)
    return tree.map_structure(_in_turn, first, second)


def join_lines(first, second):
    """The lines s' = a s + b that two are, one after the other.

    Args:
        first, second: pairs of a and b for some states, a list of lists and a list.
    """
    (a, b), (c, d) = first, second
    size = range(len(b))
    product = [[total([c[i][k] * a[k][j] for k in size]) for j in size] for i in size]
    return product, [d[i] + total([c[i][k] * b[k] for k in size]) for i in size]


def total(parts):
    """Sum of a list of tensors."""
    return sum(parts[1:], parts[0])


def hold_last(outputs, mask):
    """Outputs of which masked steps repeat the last, and which are zero before there is one.

    Args:
        outputs: `(batch, time, entries)`.
        mask: booleans `(batch, time)`.
    """
    counts = ops.cast(mask, "int32")
    at = ops.arange(1, ops.shape(outputs)[1] + 1, dtype="int32") * counts
    latest = prefixes(ops.maximum, at)
    outputs = ops.take_along_axis(outputs, ops.expand_dims(ops.maximum(latest - 1, 0), -1), axis=1)
    return ops.where(ops.expand_dims(latest > 0, -1), outputs, ops.zeros_like(outputs))


def _every_other(values, start, stop):
    return tree.map_structure(lambda v: v[:, start:stop:2], values)


def _in_turn(ones, others):
    """Steps of two, one after the other; of the first there may be one more."""
    count = others.shape[1]
    mixed = ops.stack([ones[:, :count], others], axis=2)
    mixed = ops.reshape(mixed, (-1, 2 * count, *ones.shape[2:]))
    return ops.concatenate([mixed, ones[:, count:]], axis=1) if ones.shape[1] > count else mixed


def _prefixes_in_blocks(combine, values, levels):
    """Prefixes of any number of steps: in blocks of some, then in blocks of blocks, in turn last.

    Args:
        combine, values: as those of `prefixes`.
        levels: how often to make blocks.
    """
    if not levels:
        return _prefixes_in_turn(combine, values)
    batch, time = ops.shape(tree.flatten(values)[0])[:2]
    # One block, even if there are no steps, since a scan has a first.
    count = ops.maximum((time + BLOCK - 1) // BLOCK, 1)

    def in_blocks(value):
        more = ops.zeros((batch, count * BLOCK - time, *value.shape[2:]), value.dtype)
        whole = ops.concatenate([value, more], axis=1)
        return ops.reshape(whole, (batch * count, BLOCK, *value.shape[2:]))

    def by_block(value):
        return ops.reshape(value, (batch, count, *value.shape[1:]))

    within = prefixes(combine, tree.map_structure(in_blocks, values))
    ends = tree.map_structure(lambda v: by_block(v[:, -1]), within)
    ends = _prefixes_in_blocks(combine, ends, levels - 1)
    within = tree.map_structure(by_block, within)
    later = combine(
        tree.map_structure(lambda v: ops.expand_dims(v[:, :-1], 2), ends),
        tree.map_structure(lambda v: v[:, 1:], within),
    )

    def joined(block, others):
        whole = ops.concatenate([block[:, :1], others], axis=1)
        return ops.reshape(whole, (batch, count * BLOCK, *block.shape[3:]))[:, :time]

    return tree.map_structure(joined, within, later)


def _prefixes_in_turn(combine, values):
    """Prefixes of one step after the other."""
    # Keras's `scan` fails with several tensors of an unknown number of steps, which only graphs of
    # TensorFlow have.
    import tensorflow as tf

    by_time = tree.map_structure(lambda v: ops.moveaxis(v, 1, 0), values)
    found = tf.scan(combine, by_time)
    return tree.map_structure(lambda v: ops.moveaxis(v, 0, 1), found)
