"""Ways to run a pass: by TensorFlow's own executor, compiled, or compiled in two halves."""

import itertools
from dataclasses import dataclass

import tensorflow as tf

from kerasgates.loops._tensorflow import in_xla, is_vectorising
from kerasgates.loops.compiled import sizes

#: Fewest rows of a batch that may run as two halves.
LEAST_TO_HALVE = 8
#: Up to this many floating-point operations in a step's recurrent product, two threads do more with
#: half a batch each than with half a product each; with a backward pass to come, always.
SMALL_PRODUCT = 16_000_000


@dataclass(frozen=True)
class Way:
    """Static settings of how to run the passes; each combination is traced for itself.

    Attributes:
        warm: True to run compiled at once; None to do so after `warm_up` steps of a size.
        halves: whether to run as two halves of the batch then; None where its size decides.
        more_rows, more_steps: whether the batch and the length may be rounded up for XLA.
    """

    warm: bool | None
    warm_up: int
    halves: bool | None
    more_rows: bool
    more_steps: bool

    def forms(self, training):
        """The forms in which XLA compiles the passes: whether rounded up, and whether halved.

        Lengths are nearly always rounded up, so that there is no form without. A batch that is
        rounded up is even and not small, so that halves pay where a backward pass comes.
        """
        rounded = [True] if self.more_steps else [False, True] if self.more_rows else [False]
        halved = [False, True] if self.halves is None else [self.halves]
        forms = list(itertools.product(rounded, halved))
        return [form for form in forms if len(forms) < 4 or not training or form != (True, False)]

    def choose(self, key, x, rounded, pay, training):
        """Choice made at run time: three integer tensors.

        The first is 0 for interpreted, and n for the n-th of the `forms`; the others are the
        numbers of rows and steps that are added for XLA.

        Args:
            key: of the passes.
            x: sequences `(batch, time, features)`.
            rounded: whether a batch is to be rounded up, a tensor.
            pay: function of the batch size that tells whether to run it as two halves.
            training: whether a backward pass comes.
        """
        rows, steps = sizes.padding(x, self.more_rows, self.more_steps)
        rows = tf.where(rounded, rows, 0)
        forms = self.forms(training)
        number = 1
        if self.halves is None:
            number += tf.cast(pay(tf.shape(x)[0] + rows), tf.int32)
        if forms[0][0] != forms[-1][0]:
            number += tf.where(rows > 0, len(forms) // 2, 0)
        if not self.warm:
            warm = sizes.are_warm(key, x, rows, steps, self.warm_up)
            number = tf.where(warm, number, 0)
        return [tf.convert_to_tensor(n, tf.int32) for n in (number, rows, steps)]

    def run(self, chosen, interpreted, compiled, training):
        """Results of the chosen form, as a list; forms that cannot be chosen are not traced.

        Args:
            chosen: as of `choose`.
            interpreted: function without arguments.
            compiled: function of the number of rows and of steps that are added, both None where
                nothing is, and of whether to run as two halves.
            training: as of `choose`.
        """

        def form(rounded, halved):
            added = (chosen[1], chosen[2]) if rounded else (None, None)
            return lambda: list(compiled(*added, halved))

        branches = [form(*settings) for settings in self.forms(training)]
        if not self.warm:
            branches.insert(0, lambda: list(interpreted()))
        if len(branches) == 1:
            return branches[0]()
        return tf.switch_case(chosen[0] - bool(self.warm), branches)

    def spare(self, specs):
        """Empty tensors in place of the second half's kept values, where there may be halves."""
        if self.halves is False:
            return []
        return [tf.zeros([0, 0, spec.shape[-1]], spec.dtype) for spec in specs]


def way_of(cell, sequences, training, warm_up):
    """The `Way` to run the passes, and a tensor: whether the batch is to be rounded up.

    A batch size that is known in a graph stays: it is one of few. What is traced is the same for
    a known batch and any: a graph for one is soon followed by one for any.
    """
    batch, time = sequences.shape[:2]
    if in_xla():
        halves = batch is not None and halves_pay(cell, batch, training)
        return Way(True, 0, halves, more_rows=False, more_steps=False), tf.constant(False)
    warm, warm_up = (None, warm_up) if warm_up and not is_vectorising() else (True, 0)
    if tf.executing_eagerly() or is_vectorising():
        # Calls that are not in a graph wait for one another, so that halves gain nothing.
        return Way(warm, warm_up, halves=False, more_rows=True, more_steps=True), tf.constant(True)
    halves = False if cell.recurrent_kernel is None else None
    way = Way(warm, warm_up, halves, more_rows=True, more_steps=time is None)
    return way, tf.constant(batch is None)


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
