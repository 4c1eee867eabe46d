"""Ways to run a pass: by TensorFlow's own executor, compiled, or compiled in two halves."""

import functools
from dataclasses import dataclass

import tensorflow as tf

from kerasgates.loops._tensorflow import in_xla, is_vectorising
from kerasgates.loops.compiled import sizes
from kerasgates.loops.devices import has_gpu

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
        rounds: whether batches and lengths may be rounded up for XLA.
    """

    warm: bool | None
    warm_up: int
    halves: bool | None
    rounds: bool

    @property
    def is_fixed(self):
        """Whether there is nothing to choose: compiled at once, for the sizes as they are."""
        return self.warm and not self.rounds

    @property
    def _forms(self):
        """The forms in which XLA compiles: whether padded, and whether halved; None: as chosen."""
        if self.halves is None:
            return [(False, False), (False, True), (True, None)]
        return [(False, self.halves), (True, self.halves)]

    def choose(self, key, shape, rounded, pay):
        """Choice made at run time: three integer tensors.

        The first is 0 for interpreted, n for the n-th of the forms, and one more than these for
        the last one in halves; the others are the numbers of rows and steps that are added for XLA.

        Args:
            key: of the passes.
            shape: of the sequences, a tensor: batch, time, features.
            rounded: two booleans, tensors: whether the batch and the length are to be rounded up.
            pay: function of the batch size that tells whether to run it as two halves.
        """
        rows, steps = sizes.padding(shape, rounded) if self.rounds else (0, 0)
        number = 1
        if self.halves is None:
            number += tf.cast(pay(shape[0] + rows), tf.int32)
        if self.rounds:
            number += tf.where(rows + steps > 0, len(self._forms) - 1, 0)
        if not self.warm:
            warm = sizes.are_warm(key, shape, rows, steps, self.warm_up)
            number = tf.where(warm, number, 0)
        return [tf.convert_to_tensor(n, tf.int32) for n in (number, rows, steps)]

    def run(self, chosen, interpreted, compiled, training):
        """Results of a pass as a list, interpreted or compiled as `chosen`.

        Args:
            chosen: as of `choose`.
            interpreted: function without arguments.
            compiled: function of the numbers of rows and steps that are added, or of None, which
                gives functions without arguments: one that runs the batch as a whole, one that
                runs it as halves, and one of the results of either.
            training: whether a backward pass comes, or this is it.
        """
        forms = self._forms
        if self.is_fixed:
            return self._in_form(forms[0], chosen, compiled)
        calls = [functools.partial(self._in_form, form, chosen, compiled) for form in forms]
        if tf.executing_eagerly():
            number = min(int(chosen[0]), len(forms))
            return calls[number - 1]() if number else list(interpreted())
        # Functions that are called: before one first runs, nothing of it is optimised or prepared,
        # and a graph that calls it does not visit its nodes.
        apart = {"autograph": False, "experimental_attributes": {"_noinline": True}}
        branches = [tf.function(call, **apart) for call in calls]
        if not training:
            branches[0] = calls[0]  # A prediction is short enough that a call more is seen.
        if not self.warm:
            branches.insert(0, lambda: list(interpreted()))
        number = tf.minimum(chosen[0], len(forms))
        return tf.switch_case(number - bool(self.warm), branches)

    def _in_form(self, form, chosen, compiled):
        """Results of one of the forms."""
        padded, halved = form
        whole, halves, results_of = compiled(chosen[1:] if padded else None)
        if halved is None:
            in_halves = chosen[0] > len(self._forms)
            results = tf.cond(in_halves, lambda: list(halves()), lambda: list(whole()))
        else:
            results = halves() if halved else whole()
        return list(results_of(results))

    def spare(self, specs):
        """Empty tensors in place of the second half's kept values, where there may be halves."""
        if self.halves is False:
            return []
        return [tf.zeros([0, 0, spec.shape[-1]], spec.dtype) for spec in specs]


#: The only way that is traced where every way would be run, and not the one that is chosen.
ALONE = Way(True, 0, halves=False, rounds=False)


def way_of(cell, sequences, training, warm_up):
    """The `Way` to run the passes, and two booleans, a tensor: what of the sizes is rounded up.

    Those are the batch and the length. A size that is known in a graph stays: it is one of few.
    What is traced is the same for a known size and any: a graph for one is soon followed by one
    for any.
    """
    batch, time = sequences.shape[:2]
    if in_xla():
        halves = batch is not None and not has_gpu() and halves_pay(cell, batch, training)
        return Way(True, 0, halves, rounds=False), tf.constant([False, False])
    if is_vectorising():
        return ALONE, tf.constant([False, False])
    warm, warm_up = (None, warm_up) if warm_up else (True, 0)
    if tf.executing_eagerly():
        # Calls that are not in a graph wait for one another, so that halves gain nothing.
        return Way(warm, warm_up, halves=False, rounds=True), tf.constant([True, True])
    halves = False if cell.recurrent_kernel is None or has_gpu() else None
    rounded = tf.constant([batch is None, time is None])
    return Way(warm, warm_up, halves, rounds=True), rounded


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
