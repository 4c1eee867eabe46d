"""Forward and backward pass of the loop that XLA compiles.

What a framework makes of a loop keeps every gate of every step for the backward pass. Here the
forward pass keeps the states, and at most the products of them; the backward pass computes the
gates again, in blocks of steps that stay in the cache. Products of states that are known are one
product per block, and so are the gradients of the weights. The point-wise part is differentiated
by the framework, from the same `step` that runs forward, whatever cell it is of.
"""

import weakref

import keras
import tensorflow as tf

from kerasgates.loops.plan import Plan, Pulled, new_array
from kerasgates.loops.recorded import Parts, Recorded

#: Bytes of the pre-activations of one block of steps: they are to stay in the cache.
BLOCK = 1 << 20


class Passes:
    """Forward and backward pass of one cell, compiled once for every shape.

    Args:
        cell: a cell with `gates`, built.
        keep: whether products of states are kept for the backward pass, or taken again.
    """

    def __init__(self, cell, keep):
        self._cell, self.keep = weakref.ref(cell), keep
        options = {"jit_compile": True, "autograph": False, "reduce_retracing": True}
        self.forward = tf.function(self._forward, **options)
        self.backward = tf.function(self._backward, **options)

    @property
    def cell(self):
        return self._cell()

    def reading(self, weights):
        """Within it the cell has these tensors as its weights."""
        return keras.StatelessScope(state_mapping=list(zip(self.cell.weights, weights)))

    def _forward(self, x, steps, states, mask, dropped, weights, outputs, training):
        """Run over time.

        Args:
            x: `(batch, time, features)`; what comes after `steps` steps is not looked at.
            steps: number of steps, a tensor.
            states: initial states `(batch, entries)`.
            mask: None or booleans `(batch, time)`.
            dropped: None or the mask of recurrent dropout.
            weights: of the cell.
            outputs: whether the outputs of all steps are wanted.
            training: whether what the backward pass needs is wanted.

        Returns:
            outputs `(batch, time, entries)` or None; last states; sequences of all states and
            kept products, each `(time in whole blocks, batch, entries)`.
        """
        cell, shown = self.cell, shown_state(self.cell)
        with self.reading(weights):
            by_step = tf.transpose(x, (1, 0, 2))
            masks = None if mask is None else tf.transpose(mask)[:, :, None]
            count, size = self._blocks(x)
            plan = None
            if training:
                first_mask = None if mask is None else masks[0]
                plan = self._plan(by_step[0], states, first_mask, dropped, weights)

            def one(t, states, kept):
                projected = cell.project(by_step[t])
                new, products = self._advance(
                    projected, states, None if mask is None else masks[t], dropped
                )
                return (
                    t + 1,
                    new,
                    [a.write(t, v) for a, v in zip(kept, wanted(projected, new, products))],
                )

            def wanted(projected, new, products):
                if not training:
                    return [new[shown]] if outputs else []
                values = list(new)
                for columns, product in zip(plan.columns, products) if self.keep else ():
                    if columns.state is not None:
                        value = tf.concat(product.parts, axis=-1)
                        values.append(value + projected if plan.summed else value)
                return values

            with tf.name_scope("seen"):
                seen = cell.project(by_step[0])
                new, products = self._advance(seen, states, None, dropped)
            kept = [new_array(count * size, v) for v in wanted(seen, new, products)]
            _, last, kept = tf.while_loop(lambda t, *_: t < steps, one, (0, list(states), kept))
            kept = [a.stack() for a in kept]
            out = None
            if outputs:
                out = tf.transpose(kept[shown if training else 0][: tf.shape(x)[1]], (1, 0, 2))
                out = _after_begin(out, mask)
            return out, last, kept if training else []

    def _advance(self, projected, states, mask, dropped):
        """New states, and the products with the recurrent weights."""
        U = self._recorded(dropped, states)
        new = _masked(self.cell.advance(projected, U, list(states))[1], states, mask)
        return new, [] if U is None else U.products

    def _recorded(self, dropped, states, **watching):
        cell = self.cell
        if cell.recurrent_kernel is None:
            return None
        tensor = tf.stop_gradient(keras.ops.cast(cell.recurrent_kernel, cell.compute_dtype))
        return Recorded(tensor, cell.gates, dropped, states, **watching)

    def _blocks(self, x):
        """Number of blocks, and of steps in each."""
        batch, time = tf.shape(x)[0], tf.shape(x)[1]
        row = len(self.cell.gates) * self.cell.units * x.dtype.size
        size = tf.clip_by_value(BLOCK // (row * batch), 1, time)
        return (time + size - 1) // size, size

    def _plan(self, x, states, mask, dropped, weights):
        inputs = self._by_gate(self.cell.project(x))
        ones = [tf.ones_like(s) for s in states]
        pulled = self._pull(inputs, states, mask, dropped, weights, ones)
        U = self.cell.recurrent_kernel
        if U is None:
            return Plan(pulled, None, None, dropped)
        at = next(i for i, weight in enumerate(self.cell.weights) if weight is U)
        tensor = keras.ops.cast(U, self.cell.compute_dtype)
        return Plan(pulled, at, tensor, dropped)

    def _by_gate(self, projected):
        wide = tf.cast(projected, self.cell.variable_dtype)
        return tf.split(wide, len(self.cell.gates), axis=-1)

    def _pull(self, inputs, old, mask, dropped, weights, d_new, known=None):
        """Gradients of one step, and what was multiplied by the recurrent weights in it."""
        with tf.GradientTape() as tape:
            # The same tensor may be two states; each is to have its own gradient.
            old = [tf.identity(s) for s in old]
            tape.watch([*inputs, *old, *weights])
            U = self._recorded(dropped, old, tape=tape, known=known)
            blocks = Parts(inputs, self.cell.gates)
            new = _masked(self.cell.advance(blocks, U, list(old))[1], old, mask)
        products = [] if U is None else U.products
        return Pulled(tape, new, d_new, inputs, old, products, weights)

    def _backward(self, x, steps, first, mask, dropped, weights, kept, d_out, d_last):
        """Gradients of x, of the initial states and of the weights.

        Args:
            x, steps, mask, dropped, weights: as in `_forward`.
            first: the initial states.
            kept: what `_forward` kept.
            d_out: gradient of the outputs `(batch, time, entries)`, or None.
            d_last: gradients of the last states.
        """
        cell, shown = self.cell, shown_state(self.cell)
        with self.reading(weights):
            count, size = self._blocks(x)
            d_out = None if d_out is None else _after_begin(d_out, mask)
            xs, masks, d_outs = (_in_blocks(v, count, size) for v in (x, mask, d_out))
            kept = [tf.reshape(s, tf.stack([count, size, *_tail(s)])) for s in kept]
            saved, products = kept[: len(first)], kept[len(first) :]
            first_mask = None if mask is None else masks[0, 0, :, None]
            plan = self._plan(xs[0, 0], first, first_mask, dropped, weights)

            def block(k, d_states, d_weights, d_x):
                k = k - 1
                here = xs[k]
                with tf.GradientTape() as tape:
                    tape.watch([here, *weights])
                    projected = cell.project(here)
                before = []
                for sequence, initial in zip(saved, first):
                    start = tf.where(k > 0, sequence[tf.maximum(k - 1, 0), size - 1], initial)
                    before.append(tf.concat([start[None], sequence[k, :-1]], axis=0))
                inputs, known = self._known(plan, projected, before, [p[k] for p in products])

                def one(j, d_states, d_touched, arrays):
                    j = j - 1
                    d_new = list(d_states)
                    if d_outs is not None:
                        d_new[shown] += tf.cast(d_outs[k, j], d_new[shown].dtype)
                    pulled = self._pull(
                        [a[j] for a in inputs],
                        [b[j] for b in before],
                        None if mask is None else masks[k, j, :, None],
                        dropped,
                        weights,
                        d_new,
                        [p and [a[j] for a in p] for p in known],
                    )
                    d_touched = [d + pulled.weights[i] for d, i in zip(d_touched, plan.touched)]
                    return (
                        j,
                        plan.through_products(pulled),
                        d_touched,
                        plan.write(arrays, j, pulled),
                    )

                here_steps = tf.minimum(size, steps - k * size)
                d_touched = [tf.zeros_like(weights[i]) for i in plan.touched]
                start = here_steps, d_states, d_touched, plan.arrays(tf.shape(here)[0])
                _, d_states, d_touched, arrays = tf.while_loop(lambda j, *_: j > 0, one, start)
                d_projected, d_recurrent = plan.read(arrays, before, len(cell.gates))
                d_here, d_project = tape.gradient(
                    projected, [here, weights], tf.cast(d_projected, projected.dtype)
                )
                d_weights = [d if p is None else d + p for d, p in zip(d_weights, d_project)]
                for i, d in zip(plan.touched, d_touched):
                    d_weights[i] += d
                if d_recurrent is not None:
                    at = plan.recurrent_index
                    d_weights[at] += tf.cast(d_recurrent, d_weights[at].dtype)
                return k, d_states, d_weights, d_x.write(k, d_here)

            d_weights = [tf.zeros_like(w) for w in weights]
            d_x = tf.TensorArray(x.dtype, size=count, element_shape=xs.shape[1:])
            start = (steps + size - 1) // size, list(d_last), d_weights, d_x
            _, d_first, d_weights, d_x = tf.while_loop(lambda k, *_: k > 0, block, start)
            d_x = tf.reshape(d_x.stack(), tf.stack([count * size, *_tail(xs, 2)]))
            return tf.transpose(d_x[: tf.shape(x)[1]], (1, 0, 2)), d_first, d_weights

    def _known(self, plan, projected, before, kept):
        """What is known of all steps of a block: inputs by gate, and products by gate or None."""
        gates = len(self.cell.gates)
        if plan.summed and self.keep:
            sums = tf.split(kept[0], gates, axis=-1)
            return sums, [[tf.zeros_like(part) for part in sums]]
        known, kept = [], list(kept)
        for columns in plan.columns:
            product = None
            if columns.state is not None:
                product = kept.pop(0) if self.keep else columns.product(before[columns.state])
                product = tf.split(product, columns.count, axis=-1)
            known.append(product)
        return self._by_gate(projected), known


def shown_state(cell):
    """Index of the state that is the output, or None."""
    name = cell.output_name or cell.states[0]
    return cell.states.index(name) if name in cell.states else None


def _masked(new, old, mask):
    return new if mask is None else [tf.where(mask, a, b) for a, b in zip(new, old)]


def _after_begin(x, mask):
    """`(batch, time, …)` with zeros before the first step of a row that is not masked."""
    if mask is None:
        return x
    first = tf.argmax(tf.cast(mask, tf.int32), axis=1, output_type=tf.int32)
    first = tf.where(tf.reduce_any(mask, axis=1), first, tf.shape(mask)[1])
    begun = tf.range(tf.shape(mask)[1])[None] >= first[:, None]
    return tf.where(begun[:, :, None], x, tf.zeros_like(x))


def _tail(x, axis=1):
    """The sizes of a tensor from an axis on, as a list of scalars."""
    shape = tf.shape(x)
    return [shape[i] for i in range(axis, len(x.shape))]


def _in_blocks(x, count, size):
    """`(batch, time, …)` as `(blocks, steps of a block, batch, …)`, zeros at the end."""
    if x is None:
        return None
    x = tf.transpose(x, [1, 0, *range(2, len(x.shape))])
    x = tf.pad(x, [[0, count * size - tf.shape(x)[0]], *[[0, 0]] * (len(x.shape) - 1)])
    return tf.reshape(x, tf.stack([count, size, *_tail(x)]))
