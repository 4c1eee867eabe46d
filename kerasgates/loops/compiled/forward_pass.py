"""Forward pass of the loop that XLA compiles: states, and what the backward pass needs."""

import functools

import tensorflow as tf

from kerasgates.loops.compiled.single_step import next_states, reading, shown_by
from kerasgates.loops.compiled.time_blocks import (
    after_begin,
    empty_arrays,
    entry_at,
    shaped,
)


class ForwardPass:
    """Forward pass of one cell.

    Args:
        cell: a cell with `gates`, built.
        structure: the `Structure` of its step.
        keep: whether products of states are kept for the backward pass, or recomputed.
        pace: the `Pace`.
        outputs: whether the outputs of all steps are wanted.
        training: whether what the backward pass needs is wanted.
    """

    def __init__(self, cell, structure, keep, pace, outputs, training):
        self.cell, self.structure, self.pace = cell, structure, pace
        self.outputs, self.training = outputs, training
        self._kept = [keep and which.state is not None for which in structure.products]

    def __call__(self, run, steps):
        """Run over time.

        Args:
            run: the `Inputs`.
            steps: number of steps, a tensor; what comes after them is padding.

        Returns:
            outputs `(batch, time, entries)` or None; last states; in training sequences of all
            states and kept products, each `(time in whole blocks, batch, entries)`, else none.
        """
        with reading(self.cell, run.weights):
            at_step, project = _batch_first, self.cell.project
            x = run.x
            if self.pace.at_once:
                at_step, project = _steps_first, tf.identity
                x = self._projected(tf.transpose(x, (1, 0, 2)))
            masks = None if run.mask is None else tf.transpose(run.mask)[:, :, None]
            length = self._length(run.x)

            def one(t, states):
                projected = project(at_step(x, t))
                mask = None if masks is None else _steps_first(masks, t)
                new, products = next_states(self.cell, projected, states, mask, run.dropped)
                values = self._values(projected, new, products)
                return shaped(new, states), values

            what = run.x, self._widths(run.states), self.cell.variable_dtype
            arrays = functools.partial(empty_arrays, length, *what)
            last, kept = self.pace.repeat(steps, one, list(run.states), arrays)
            kept = [value[:length] for value in kept]
            return self._of_all_steps(run, kept), last, kept if self.training else []

    def _length(self, x):
        """Number of steps that are written: for the backward pass in whole blocks."""
        if not self.training:
            return tf.shape(x)[1]
        count, size = self.pace.count_and_size(x, self.structure.width)
        return count * size

    def _projected(self, by_step):
        """Projected inputs of all steps `(time, batch, entries)`."""
        flat = self.cell.project(tf.reshape(by_step, [-1, by_step.shape[-1]]))
        return tf.reshape(flat, [*tf.unstack(tf.shape(by_step)[:2]), flat.shape[-1]])

    def _values(self, projected, new, products):
        """Tensors to keep of one step: new states and products in training, else the output."""
        if not self.training:
            return [new[shown_by(self.cell)]] if self.outputs else []
        values = list(new)
        for kept, product in zip(self._kept, products):
            if kept:
                value = tf.concat(product.parts, axis=-1)
                if self.structure.summed:
                    value += tf.cast(projected, value.dtype)
                values.append(value)
        return values

    def _widths(self, states):
        """Last-axis width of each of `_values`."""
        widths = [state.shape[-1] for state in states]
        if not self.training:
            return [widths[shown_by(self.cell)]] if self.outputs else []
        products = zip(self._kept, self.structure.products)
        return widths + [product.width for kept, product in products if kept]

    def _of_all_steps(self, run, kept):
        """Outputs `(batch, time, entries)`, or None where they are not wanted."""
        if not self.outputs:
            return None
        shown = kept[shown_by(self.cell) if self.training else 0]
        out = tf.transpose(shown[: tf.shape(run.x)[1]], (1, 0, 2))
        return after_begin(out, run.mask)


def _steps_first(x, t):
    """A step of tensors `(time, batch, …)`."""
    return entry_at(t)(x)


def _batch_first(x, t):
    """A step of tensors `(batch, time, …)`.

    On a CPU XLA takes longer to put the steps first than to read each where it is. For it a gather
    of one step is a slice; of `x[:, t]` it makes a copy with zeros around it.
    """
    return tf.gather(x, t, axis=1)
