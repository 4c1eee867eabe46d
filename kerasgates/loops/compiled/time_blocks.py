"""Tensors of all steps: one step of them, blocks of steps, and zeros before a row begins."""

import tensorflow as tf

#: Bytes of the pre-activations of one block of steps: they are to stay in the cache.
BLOCK = 1 << 20


def count_and_size(x, width):
    """Number of blocks, and of steps in each, for sequences `x` `(batch, time, …)`.

    Args:
        x: the sequences.
        width: entries of the pre-activations of a row of one step.
    """
    batch, time = tf.unstack(tf.shape(x)[:2])
    row = width * x.dtype.size
    size = tf.maximum(1, tf.minimum(BLOCK // tf.maximum(1, row * batch), time))
    return (time + size - 1) // size, size


def in_blocks(x, count, size):
    """Reshape `(batch, time, …)` to `(blocks, steps of a block, batch, …)`, padded with zeros."""
    if x is None:
        return None
    x = tf.transpose(x, [1, 0, *range(2, len(x.shape))])
    x = tf.pad(x, [[0, count * size - tf.shape(x)[0]], *[[0, 0]] * (len(x.shape) - 1)])
    return cut_in_blocks(x, count, size)


def cut_in_blocks(x, count, size):
    """Reshape `(time in whole blocks, …)` to `(blocks, steps of a block, …)`."""
    return tf.reshape(x, tf.stack([count, size, *_sizes(x)[1:]]))


def _sizes(x):
    """Sizes of a tensor's axes as a list, numbers where they are known."""
    sizes = tf.unstack(tf.shape(x))
    return [n if known is None else known for n, known in zip(sizes, x.shape)]


def joined(x):
    """Reshape `(blocks, steps of a block, batch, …)` to `(batch, time in whole blocks, …)`."""
    count, size, *rest = _sizes(x)
    x = tf.reshape(x, tf.stack([count * size, *rest]))
    return tf.transpose(x, [1, 0, *range(2, len(x.shape))])


def entry_at(index):
    """Function that gives a tensor's entry at an index of its first axis.

    As `tensor[index]`, which makes six nodes more each time, for the ends of its slice.
    """
    begin, one = tf.reshape(index, [1]), tf.constant([1])
    end = begin + one

    def entry(tensor):
        return tf.raw_ops.StridedSlice(
            input=tensor, begin=begin, end=end, strides=one, shrink_axis_mask=1
        )

    return entry


def of_one_batch(tensors):
    """Tensors `(batch, entries)`, told to be of one batch.

    TensorFlow's optimiser then knows it, and removes what gradients would do for broadcasting:
    seven operations for each sum and product of a step. XLA removes this pair of operations.
    """
    widths = [tensor.shape[-1] for tensor in tensors]
    return tf.split(tf.concat(tensors, axis=-1), widths, axis=-1)


def after_begin(x, mask):
    """Values `(batch, time, …)` with zeros before each row's first unmasked step."""
    if mask is None or x is None:
        return x
    first = tf.argmax(tf.cast(mask, tf.int32), axis=1, output_type=tf.int32)
    first = tf.where(tf.reduce_any(mask, axis=1), first, tf.shape(mask)[1])
    begun = tf.range(tf.shape(mask)[1])[None] >= first[:, None]
    return tf.where(begun[:, :, None], x, tf.zeros_like(x))


def shaped(values, likes):
    """Set the static shapes of loop values to those at the loop's start; gradients may lose them.

    TensorFlow does not know the shape of the gradient of a product with one row, for instance.
    """
    for value, like in zip(values, likes):
        value.set_shape(like.shape)
    return values


def empty_array(size, x, width, dtype):
    """TensorArray for `size` values `(batch, width)`, the batch that of `x`."""
    return tf.TensorArray(dtype, size=size, element_shape=(x.shape[0], width))
