"""Tensors of all steps: one step of them, blocks of steps, and zeros before a row begins."""

import dataclasses
from dataclasses import dataclass

import tensorflow as tf

from kerasgates.loops.devices import has_gpu


@dataclass(frozen=True)
class Pace:
    """Numbers of steps that are computed at once.

    Attributes:
        block: bytes of the pre-activations of one block of steps.
        unroll: steps that are compiled as one piece.
        at_once: whether the forward pass projects the inputs of all steps before the first one.
    """

    block: int
    unroll: int
    at_once: bool

    def count_and_size(self, x, width):
        """Number of blocks, and of steps in each, for sequences `x` `(batch, time, …)`.

        Args:
            x: the sequences.
            width: entries of the pre-activations of a row of one step.
        """
        batch, time = tf.unstack(tf.shape(x)[:2])
        row = width * x.dtype.size
        size = tf.maximum(1, tf.minimum(self.block // tf.maximum(1, row * batch), time))
        return (time + size - 1) // size, size

    def repeat(self, steps, one, carried, arrays, backwards=False):
        """Run a number of steps one after the other.

        Args:
            steps: their number, a tensor.
            one: function of the number of a step and of a list of what is carried; gives the list
                after the step, and a list of what is written of it.
            carried: a list: what is carried into the first step.
            arrays: function of how many steps an entry has, which gives a TensorArray for each of
                what is written.
            backwards: whether to begin with the last step.

        Returns:
            what the last step carries on, and what is written, each `(time, batch, entries)`, its
            time a multiple of `unroll`; zeros for steps that do not run.
        """
        size = self.unroll
        count = (steps + size - 1) // size

        def some(done, carried, arrays):
            at = count - 1 - done if backwards else done
            written = []
            for i in reversed(range(size)) if backwards else range(size):
                t = at * size + i
                new, values = one(t if size == 1 else tf.minimum(t, steps - 1), carried)
                if size > 1:
                    new, values = _where(t < steps, new, carried), _where(t < steps, values)
                carried = new
                written.append(values)
            if size > 1:
                in_order = zip(*(reversed(written) if backwards else written))
                written = [[tf.stack(values) for values in in_order]]
            return done + 1, carried, [a.write(at, v) for a, v in zip(arrays, written[0])]

        start = 0, carried, arrays(size)
        _, carried, written = tf.while_loop(lambda done, *_: done < count, some, start)
        written = [array.stack() for array in written]
        if size > 1:
            written = [tf.reshape(v, tf.stack([-1, *_sizes(v)[2:]])) for v in written]
        return carried, written


def _where(condition, values, others=None):
    """Values where a scalar is True, else others, or zeros."""
    others = others or [tf.zeros_like(value) for value in values]
    return [tf.where(condition, a, b) for a, b in zip(values, others)]


#: What a CPU computes at once is to stay in the cache. On a GPU each operation costs a launch, one
#: over many steps no more than one. XLA launches what it compiles of eight steps as one graph, but
#: copies of results to their places one by one, so that those of eight steps are copied at once.
ON_CPUS = Pace(block=1 << 20, unroll=1, at_once=False)
ON_GPUS = Pace(block=1 << 29, unroll=8, at_once=True)


def pace(keep):
    """The `Pace` of the device at hand.

    Args:
        keep: whether products of states are kept; who keeps none has no memory for those of all
            steps of inputs, either.
    """
    if not has_gpu():
        return ON_CPUS
    return ON_GPUS if keep else dataclasses.replace(ON_GPUS, block=1 << 26, at_once=False)


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


def empty_arrays(length, x, widths, dtype, size=1):
    """TensorArrays for values `(batch, width)` of a number of steps, the batch that of `x`.

    Each entry holds `size` steps; the last entry may hold more than are asked for.
    """
    count = (length + size - 1) // size
    before = () if size == 1 else (size,)
    return [
        tf.TensorArray(dtype, size=count, element_shape=(*before, x.shape[0], width))
        for width in widths
    ]
