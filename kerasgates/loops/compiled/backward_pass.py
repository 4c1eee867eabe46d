"""Backward pass of the loop that XLA compiles: gradients over time, block by block of steps.

The gates are computed again, in blocks of steps that stay in the cache. Products of states that
are known are one product per block, and so are the gradients of the weights.
"""

import functools
from dataclasses import dataclass
from typing import Any

import keras
import tensorflow as tf

from kerasgates.loops.compiled.single_step import SUMS, RecordedStep, by_gate, reading, shown_by
from kerasgates.loops.compiled.time_blocks import (
    after_begin,
    cut_in_blocks,
    empty_arrays,
    entry_at,
    in_blocks,
    joined,
    of_one_batch,
    shaped,
)
from kerasgates.loops.compiled.weight_gradients import WeightGradients


@dataclass
class _Block:
    """Sequences of one block of steps, each `(steps, batch, …)`.

    Attributes:
        inputs: projected inputs by gate.
        before: the states before each step.
        known: products by gate that are known, None for any that is not; or `SUMS`.
        d_outputs: gradients of the outputs, or None.
        masks: None or booleans.
    """

    inputs: list
    before: list
    known: Any
    d_outputs: Any
    masks: Any

    def at(self, entry):
        """Inputs, states before and known products of one step."""
        parts = [self.inputs, self.before, [] if self.known is SUMS else self.known]
        told = iter(of_one_batch([entry(v) for v in tf.nest.flatten(parts) if v is not None]))
        parts = tf.nest.map_structure(lambda v: None if v is None else next(told), parts)
        return *parts[:2], SUMS if self.known is SUMS else parts[2]


class BackwardPass:
    """Backward pass of one cell: from the last step to the first.

    Args:
        cell: a cell with `gates`, built.
        structure: the `Structure` of its step.
        keep: whether the forward pass has kept the products of states.
        pace: the `Pace`.
        run: the `Inputs`.
        steps: number of steps, a tensor; what comes after them is padding.
    """

    def __init__(self, cell, structure, keep, pace, run, steps):
        self.cell, self.structure, self.keep = cell, structure, keep
        self.pace, self.run, self.steps = pace, run, steps
        self.count, self.size = pace.count_and_size(run.x, structure.width)

    def __call__(self, kept, d_outputs, d_last):
        """Gradients of the sequences, of the initial states and of the weights.

        Args:
            kept: what the forward pass kept.
            d_outputs: gradient of the outputs `(batch, time, entries)`, or None.
            d_last: gradients of the last states.
        """
        run, size = self.run, self.size
        with reading(self.cell, run.weights):
            d_outputs = after_begin(d_outputs, run.mask)
            rest = [in_blocks(v, self.count, size) for v in (run.mask, d_outputs)]
            xs, kept = self._repeated(), [cut_in_blocks(v, self.count, size) for v in kept]
            U = self.cell.recurrent_kernel
            U = None if U is None else keras.ops.cast(U, self.cell.compute_dtype)
            self.weight_gradients = WeightGradients(self.structure, U, run.dropped)

            def block(k, d_states, d_weights, d_x):
                k = k - 1
                x = entry_at(k)(xs)
                with tf.GradientTape() as tape:
                    flat = tf.reshape(x, [-1, x.shape[-1]])
                    tape.watch([flat, *run.weights])
                    projected = self.cell.project(flat)
                # Not `size`: a size that a loop carries is no constant for XLA, which wants one.
                by_step = tf.reshape(projected, [*tf.unstack(tf.shape(x)[:2]), projected.shape[-1]])
                here = self._block(k, by_step, kept, *rest)
                start = tf.minimum(size, self.steps - k * size), list(d_states)
                d_states, d_projected, d_block = self._through(here, tf.shape(x)[0], *start)
                d_projected = tf.reshape(d_projected, tf.shape(projected))
                d_projected = tf.cast(d_projected, projected.dtype)
                d_flat, d_project = tape.gradient(projected, [flat, run.weights], d_projected)
                pairs = zip(d_weights, d_project, d_block)
                d_weights = [_sum_of(d, *others) for d, *others in pairs]
                d_x = d_x.write(k, tf.reshape(d_flat, tf.shape(x)))
                return k, shaped(d_states, run.states), shaped(d_weights, run.weights), d_x

            d_x = tf.TensorArray(run.x.dtype, size=self.count, element_shape=xs.shape[1:])
            d_weights = [tf.zeros_like(w) for w in run.weights]
            start = (self.steps + size - 1) // size, list(d_last), d_weights, d_x
            _, d_first, d_weights, d_x = tf.while_loop(lambda k, *_: k > 0, block, start)
            return joined(d_x.stack())[:, : tf.shape(run.x)[1]], d_first, d_weights

    def _repeated(self):
        """The sequences in blocks; padding repeats the last step, on which no cell can fail."""
        x = self.run.x
        at = tf.range(tf.shape(x)[1])[None, :, None]
        last = tf.reduce_sum(tf.where(at == self.steps - 1, x, tf.zeros_like(x)), axis=1)
        at = tf.reshape(tf.range(self.count * self.size), [-1, self.size, 1, 1])
        return tf.where(at < self.steps, in_blocks(x, self.count, self.size), last)

    def _block(self, k, projected, kept, masks, d_outputs):
        """The `_Block` of an index, given its projected inputs."""
        at_k, before_k = entry_at(k), entry_at(tf.maximum(k - 1, 0))
        before = []
        for sequence, initial in zip(kept, self.run.states):
            start = tf.where(k > 0, before_k(sequence)[-1], initial)
            before.append(tf.concat([start[None], at_k(sequence)[:-1]], axis=0))
        products = [at_k(sequence) for sequence in kept[len(before) :]]
        inputs, known = self._known(projected, before, products)
        d_outputs = None if d_outputs is None else at_k(d_outputs)
        return _Block(inputs, before, known, d_outputs, None if masks is None else at_k(masks))

    def _known(self, projected, before, kept):
        """Inputs of a block by gate, and its known products by gate (None: not known)."""
        known, kept = [], list(kept)
        for which in self.structure.products:
            product = None
            if which.state is not None:
                state = before[which.state]
                recompute = self.weight_gradients.product
                product = kept.pop(0) if self.keep else recompute(which, state)
            known.append((product, which.blocks))
        if self.structure.summed:
            ((product, blocks),) = known
            if not self.keep:
                product += tf.cast(projected, product.dtype)
            return tf.split(product, blocks, axis=-1), SUMS
        known = [p if p is None else tf.split(p, n, axis=-1) for p, n in known]
        return by_gate(self.cell, projected), known

    def _through(self, here, size, steps, d_states):
        """Gradients through the steps of a block, from the last one.

        Args:
            here: the `_Block`.
            size: number of its steps, padding among them.
            steps: number of those that run.
            d_states: gradients of the states after it.

        Returns:
            those of the states before the block; of its projected inputs; of each weight in
            what is not the projection of inputs, None where there is none.
        """
        run, others = self.run, self.structure.other_weights
        weight_gradients, count = self.weight_gradients, len(d_states)

        def one(j, carried):
            d_states, d_others = carried[:count], carried[count:]
            vjp = self._step(here, entry_at(j), d_states)
            d_others = [d + vjp.weights[i] for d, i in zip(d_others, others)]
            d_states = shaped(weight_gradients.through_products(vjp), run.states)
            d_others = shaped(d_others, [run.weights[i] for i in others])
            return [*d_states, *d_others], weight_gradients.values(vjp)

        d_others = [tf.zeros_like(run.weights[i]) for i in others]
        what = run.x, weight_gradients.widths(), self.cell.variable_dtype
        arrays = functools.partial(empty_arrays, size, *what)
        carried = [*d_states, *d_others]
        carried, values = self.pace.repeat(steps, one, carried, arrays, backwards=True)
        d_states, d_others = carried[:count], carried[count:]
        values = [value[:size] for value in values]
        d_projected, d_recurrent = weight_gradients.gradients(values, here.before)
        d_weights = [None] * len(run.weights)
        for i, d in zip(others, d_others):
            d_weights[i] = d
        if d_recurrent is not None:
            U = self.cell.recurrent_kernel
            index = next(i for i, weight in enumerate(self.cell.weights) if weight is U)
            d_weights[index] = _sum_of(
                tf.cast(d_recurrent, run.weights[index].dtype), d_weights[index]
            )
        return d_states, d_projected, d_weights

    def _step(self, here, at_j, d_states):
        """The `StepVJP` of one step of a block, given the gradients of the states after it."""
        d_new, shown = list(d_states), shown_by(self.cell)
        if here.d_outputs is not None:
            d_new[shown] += tf.cast(at_j(here.d_outputs), d_new[shown].dtype)
        inputs, before, known = here.at(at_j)
        mask = None if here.masks is None else at_j(here.masks)[:, None]
        return RecordedStep(self.cell, inputs, before, self.run, mask, known).vjp(d_new)


def _sum_of(first, *others):
    """A tensor plus others, of which None is nothing."""
    for other in others:
        first = first if other is None else first + other
    return first
