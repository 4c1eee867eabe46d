"""Ways to run a pass: by TensorFlow's own executor, compiled, or compiled in two halves."""

from dataclasses import dataclass

import tensorflow as tf

from kerasgates.loops import sizes
from kerasgates.loops._tensorflow import in_xla, is_vectorising

#: A batch of so many rows may run as two halves.
LEAST_TO_HALVE = 8
#: Up to so many floating-point operations in a step's recurrent product, two threads do more with
#: half a batch each than with half a product each; with a backward pass to come, always.
SMALL_PRODUCT = 16_000_000


@dataclass(frozen=True)
class Way:
    """How to run the passes, as far as it is part of what is traced.

    Attributes:
        warm: True where what XLA compiled is to run at once; None where the number of steps
            decides, `warm_up` of them.
        halves: whether to run as two halves of the batch then; None where its size decides.
        fixed: whether sizes stay as they are, because XLA compiles all that is around as well.
    """

    warm: bool | None
    warm_up: int
    halves: bool | None
    fixed: bool

    def choose(self, key, x, flags, pay):
        """What is chosen when it runs, three integers `(3,)`.

        The first is 0, 1 or 2, for interpreted, compiled, and compiled in halves; the others are
        the numbers of rows and steps that are added for XLA.
        """
        rows, steps = sizes.padding(x)
        warm = True if self.warm else sizes.are_warm(key, x, rows, steps, self.warm_up)
        rows, steps = tf.where(flags[0], rows, 0), tf.where(flags[1], steps, 0)
        halves = self.halves
        if halves is None:
            halves = flags[2] & pay(tf.shape(x)[0] + rows)
        return tf.stack([tf.where(warm, 1 + tf.cast(halves, tf.int32), 0), rows, steps])

    def run(self, chosen, interpreted, compiled):
        """The list that one of two functions gives; what cannot be chosen is not made.

        Args:
            chosen: as of `choose`.
            interpreted: function without arguments.
            compiled: function of the number of rows and of steps that are added, and of whether to
                run as two halves, a bool or a tensor.
        """
        rows, steps = (0, 0) if self.fixed else (chosen[1], chosen[2])
        halves = chosen[0] == 2 if self.halves is None else self.halves
        warm = self.warm or chosen[0] > 0
        return either(warm, lambda: compiled(rows, steps, halves), interpreted)

    def spare(self, specs):
        """What stands for the second half where there may be one, and is none."""
        if self.halves is False:
            return []
        return [tf.zeros([0, 0, spec.shape[-1]], spec.dtype) for spec in specs]


def way_of(cell, sequences, training, warm_up):
    """How to run the passes, and what is known of the sizes when a graph is made.

    That is three booleans: whether the batch and the length are rounded up for XLA, and whether the
    batch may be halved. A size that is known in a graph stays: it is one of few.
    """
    batch, time = sequences.shape[:2]
    if in_xla():
        halves = batch is not None and halves_pay(cell, batch, training)
        return Way(True, 0, halves, fixed=True), tf.constant([False] * 3)
    at_once = not warm_up or is_vectorising()
    way = Way(at_once or None, 0 if at_once else warm_up, None, fixed=False)
    eager = tf.executing_eagerly()
    # Calls that are not in a graph wait for one another, so that halves gain nothing.
    return way, tf.constant([eager or batch is None, eager or time is None, not eager])


def either(condition, yes, no):
    """The list that one of two functions gives, chosen by a bool or a tensor."""
    if isinstance(condition, bool):
        return list((yes if condition else no)())
    return list(tf.cond(condition, lambda: list(yes()), lambda: list(no())))


def halves_pay(cell, batch, training):
    """Whether to run a batch as two halves: a bool, or a tensor where its size is one."""
    if cell.recurrent_kernel is None:
        return False
    rows, columns = cell.recurrent_kernel.shape
    even = batch % 2 == 0
    small = True if training else 2 * batch * rows * columns <= SMALL_PRODUCT
    enough = batch >= LEAST_TO_HALVE
    if isinstance(batch, int):
        return even and enough and small
    return tf.reduce_all(tf.stack([even, enough, small]))
