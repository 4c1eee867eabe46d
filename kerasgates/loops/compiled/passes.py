"""Forward and backward pass of the loop that XLA compiles.

Automatic differentiation of a loop keeps every gate of every step for the backward pass. Here the
forward pass keeps the states, and at most the products of them; the backward pass computes the
gates again, in blocks of steps that stay in the cache. Products of states that are known are one
product per block, and so are the gradients of the weights. The point-wise part is differentiated
by the framework, from the same `step` that runs forward, whatever cell it is of.
"""

import weakref

import keras
import tensorflow as tf

from kerasgates.core.blocks import SeparateBlocks
from kerasgates.loops.compiled.graphs import Graph, Traces, of_any_size, of_this_size
from kerasgates.loops.compiled.products import RecordingKernel
from kerasgates.loops.compiled.weight_gradients import StepVJP, WeightGradients

#: Bytes of the pre-activations of one block of steps: they are to stay in the cache.
BLOCK = 1 << 20


class Passes:
    """Forward and backward pass of one cell.

    Args:
        cell: a cell with `gates`, built.
        keep: whether products of states are kept for the backward pass, or recomputed.
        structure: the `Structure` of its step.
        traces: the `Traces` of cells of the same kind, if there are any.
    """

    def __init__(self, cell, keep, structure=None, traces=None):
        self._cell, self.keep, self.structure = weakref.ref(cell), keep, structure
        self.traces = traces or Traces()

    @property
    def cell(self):
        return self._cell()

    def reading(self, weights):
        """Scope in which the cell reads these tensors as its weights."""
        return keras.StatelessScope(state_mapping=list(zip(self.cell.weights, weights)))

    def forward(self, inputs, masked, dropping, outputs, training):
        """The forward pass as a `Graph`; the results of `_forward` in one list.

        Args:
            inputs: such tensors as it will run on: the sequences, the states, and where there
                are any the mask and the mask of recurrent dropout; the weights.
            masked, dropping: whether there are these.
            outputs, training: as in `_forward`.
        """

        def forward(x, steps, *rest):
            named = self.by_role(rest, masked, dropping)
            out, last, kept = self._forward(x, steps, *named, outputs, training)
            return [*([out] if outputs else []), *last, *kept]

        which = "forward", masked, dropping, outputs, training
        return self._graph(which, forward, self._specs(inputs, with_steps=True))

    def backward(self, inputs, masked, dropping, outputs, d):
        """The backward pass as a `Graph`; the results of `_backward` in one list.

        Its arguments are those of the forward pass, what that kept, and the gradients `d` of its
        results.
        """
        kept = self.forward(inputs, masked, dropping, outputs, True).outputs[len(d) :]
        count = len(inputs) - 1

        def backward(x, steps, *rest):
            named = self.by_role(rest[:count], masked, dropping)
            kept, d_last = list(rest[count : -len(d)]), list(rest[-len(d) :])
            d_out = d_last.pop(0) if outputs else None
            d_x, d_first, d_weights = self._backward(x, steps, *named, kept, d_out, d_last)
            return [d_x, *d_first, *d_weights]

        specs = [*self._specs(inputs, with_steps=True), *map(of_any_size, [*kept, *d])]
        return self._graph(("backward", masked, dropping, outputs), backward, specs)

    def trace(self, which, function, inputs, further=(), before=(), after=()):
        """Trace a function of tensors as one graph for any batch size and any length.

        Args:
            which: what it computes, by which it is known to other cells of the kind.
            function: of the tensors that follow; returns a list of tensors.
            inputs: as in `forward`.
            further: tensors `(batch, …)` that come after these.
            before, after: tensors of fixed shapes that come before all, and after.
        """
        fixed = [list(map(of_this_size, tensors)) for tensors in (before, after)]
        specs = [*fixed[0], *self._specs(inputs), *map(of_any_size, further), *fixed[1]]
        return self._graph(which, function, specs, inline=True).interpreted

    def _specs(self, inputs, with_steps=False):
        count = len(inputs) - len(self.cell.weights)
        x, *rest = [*map(of_any_size, inputs[:count]), *map(of_this_size, inputs[count:])]
        return [x, *([tf.TensorSpec((), tf.int32)] if with_steps else []), *rest]

    def _graph(self, which, function, specs, inline=False):
        graphs = self.traces.graphs
        # Two threads may both trace; one graph is kept.
        return graphs.get(which) or graphs.setdefault(which, Graph(function, specs, inline))

    def by_role(self, rest, masked, dropping):
        """The states, the mask or None, the mask of dropout or None, and the weights."""
        rest, count = list(rest), len(self.cell.states)
        states, rest = rest[:count], rest[count:]
        mask = rest.pop(0) if masked else None
        dropped = rest.pop(0) if dropping else None
        return states, mask, dropped, rest

    def _forward(self, x, steps, states, mask, dropped, weights, outputs, training):
        """Forward pass over time.

        Args:
            x: `(batch, time, features)`; what comes after `steps` steps is padding.
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
        cell, shown = self.cell, self.cell.output_state
        structure = self.structure
        with self.reading(weights):
            by_step = tf.transpose(x, (1, 0, 2))
            masks = None if mask is None else tf.transpose(mask)[:, :, None]
            count, size = self._blocks(x)
            kept_products = [t for t in structure.taken if t.state is not None and self.keep]

            def one(t, states, arrays):
                at_t = _entry_at(t)
                projected = cell.project(at_t(by_step))
                m = None if mask is None else at_t(masks)
                new, products = self._advance(projected, states, m, dropped)
                if not training:
                    values = [new[shown]] if outputs else []
                else:
                    values = list(new)
                    for taken, product in zip(structure.taken, products):
                        if taken in kept_products:
                            value = tf.concat(product.parts, axis=-1)
                            if structure.summed:
                                value += tf.cast(projected, value.dtype)
                            values.append(value)
                return t + 1, _shaped(new, states), [a.write(t, v) for a, v in zip(arrays, values)]

            widths = [s.shape[-1] for s in states]
            if training:
                widths += [taken.width for taken in kept_products]
            else:
                widths = [widths[shown]] if outputs else []
            arrays = [self._array(count * size, x, width) for width in widths]
            _, last, arrays = tf.while_loop(lambda t, *_: t < steps, one, (0, list(states), arrays))
            kept = [array.stack() for array in arrays]
            out = None
            if outputs:
                out = tf.transpose(kept[shown if training else 0][: tf.shape(x)[1]], (1, 0, 2))
                out = _after_begin(out, mask)
            return out, last, kept if training else []

    def _array(self, size, x, width):
        """TensorArray for `size` values `(batch, width)`."""
        dtype = self.cell.variable_dtype
        return tf.TensorArray(dtype, size=size, element_shape=(x.shape[0], width))

    def _advance(self, projected, states, mask, dropped):
        """New states, and the products with the recurrent weights."""
        U = self._recorded(dropped, states)
        new = _masked(self.cell.advance(projected, U, list(states))[1], states, mask)
        return new, [] if U is None else U.products

    def _recorded(self, dropped, states, **watching):
        cell = self.cell
        if cell.recurrent_kernel is None:
            return None
        tensor = keras.ops.cast(cell.recurrent_kernel, cell.compute_dtype)
        return RecordingKernel(tensor, cell.gates, dropped, states, **watching)

    def _blocks(self, x):
        """Number of blocks, and of steps in each."""
        batch, time = tf.shape(x)[0], tf.shape(x)[1]
        row = self.structure.width * x.dtype.size
        size = tf.maximum(1, tf.minimum(BLOCK // tf.maximum(1, row * batch), time))
        return (time + size - 1) // size, size

    def by_gate(self, projected):
        wide = tf.cast(projected, self.cell.variable_dtype)
        return tf.split(wide, len(self.cell.gates), axis=-1)

    def pull(self, inputs, old, mask, dropped, weights, d_new, known=None, look=None):
        """Vector-Jacobian product of one step, a `StepVJP`.

        `look`, where given, is called with the inputs and products before gradients are taken.
        """
        with tf.GradientTape() as tape:
            # The same tensor may be two states; each is to have its own gradient.
            old = [tf.identity(s) for s in old]
            tape.watch([*inputs, *old, *weights])
            U = self._recorded(dropped, old, tape=tape, known=known)
            blocks = SeparateBlocks(inputs, self.cell.gates)
            new = _masked(self.cell.advance(blocks, U, list(old))[1], old, mask)
        products = [] if U is None else U.products
        if look is not None:
            look(inputs, products)
        return StepVJP(tape, new, d_new, inputs, old, products, weights)

    def _backward(self, x, steps, first, mask, dropped, weights, kept, d_out, d_last):
        """Backward pass over time: gradients of x, of the initial states and of the weights.

        Args:
            x, steps, mask, dropped, weights: as in `_forward`.
            first: the initial states.
            kept: what `_forward` kept.
            d_out: gradient of the outputs `(batch, time, entries)`, or None.
            d_last: gradients of the last states.
        """
        cell, shown = self.cell, self.cell.output_state
        with self.reading(weights):
            count, size = self._blocks(x)
            d_out = None if d_out is None else _after_begin(d_out, mask)
            xs, masks, d_outs = (_in_blocks(v, count, size) for v in (x, mask, d_out))
            # Padding repeats the last step, on which no cell can fail.
            at = tf.range(tf.shape(x)[1])[None, :, None]
            last_step = tf.reduce_sum(tf.where(at == steps - 1, x, tf.zeros_like(x)), axis=1)
            at = tf.reshape(tf.range(count * size), tf.stack([count, size, 1, 1]))
            xs = tf.where(at < steps, xs, last_step)
            kept = [tf.reshape(s, tf.stack([count, size, *_tail(s)])) for s in kept]
            saved, products = kept[: len(first)], kept[len(first) :]
            U = cell.recurrent_kernel
            if U is not None:
                at = next(i for i, weight in enumerate(cell.weights) if weight is U)
                U = keras.ops.cast(U, cell.compute_dtype)
            touched, plan = self.structure.touched, WeightGradients(self.structure, U, dropped)

            def block(k, d_states, d_weights, d_x):
                k = k - 1
                at_k, before_k = _entry_at(k), _entry_at(tf.maximum(k - 1, 0))
                here = at_k(xs)
                d_outs_here = None if d_outs is None else at_k(d_outs)
                masks_here = None if mask is None else at_k(masks)[..., None]
                with tf.GradientTape() as tape:
                    tape.watch([here, *weights])
                    projected = cell.project(here)
                before = []
                for sequence, initial in zip(saved, first):
                    start = tf.where(k > 0, before_k(sequence)[-1], initial)
                    before.append(tf.concat([start[None], at_k(sequence)[:-1]], axis=0))
                inputs, known = self._known(plan, projected, before, [at_k(p) for p in products])

                def one(j, d_states, d_touched, arrays):
                    j = j - 1
                    at_j = _entry_at(j)
                    d_new = list(d_states)
                    if d_outs is not None:
                        d_new[shown] += tf.cast(at_j(d_outs_here), d_new[shown].dtype)
                    pulled = self.pull(
                        [at_j(a) for a in inputs],
                        [at_j(b) for b in before],
                        None if mask is None else at_j(masks_here),
                        dropped,
                        weights,
                        d_new,
                        [p and [at_j(a) for a in p] for p in known],
                    )
                    d_touched = [d + pulled.weights[i] for d, i in zip(d_touched, touched)]
                    return (
                        j,
                        _shaped(plan.through_products(pulled), first),
                        _shaped(d_touched, [weights[i] for i in touched]),
                        [a.write(j, v) for a, v in zip(arrays, plan.values(pulled))],
                    )

                here_steps = tf.minimum(size, steps - k * size)
                d_touched = [tf.zeros_like(weights[i]) for i in touched]
                arrays = [self._array(size, x, width) for width in plan.widths()]
                start = here_steps, d_states, d_touched, arrays
                _, d_states, d_touched, arrays = tf.while_loop(lambda j, *_: j > 0, one, start)
                values = [array.stack() for array in arrays]
                d_projected, d_recurrent = plan.gradients(values, before)
                d_here, d_project = tape.gradient(
                    projected, [here, weights], tf.cast(d_projected, projected.dtype)
                )
                d_weights = [d if p is None else d + p for d, p in zip(d_weights, d_project)]
                for i, d in zip(touched, d_touched):
                    d_weights[i] += d
                if d_recurrent is not None:
                    d_weights[at] += tf.cast(d_recurrent, d_weights[at].dtype)
                _shaped(d_weights, weights)
                return k, _shaped(d_states, first), d_weights, d_x.write(k, d_here)

            d_weights = [tf.zeros_like(w) for w in weights]
            d_x = tf.TensorArray(x.dtype, size=count, element_shape=xs.shape[1:])
            start = (steps + size - 1) // size, list(d_last), d_weights, d_x
            _, d_first, d_weights, d_x = tf.while_loop(lambda k, *_: k > 0, block, start)
            d_x = tf.reshape(d_x.stack(), tf.stack([count * size, *_tail(xs, 2)]))
            return tf.transpose(d_x[: tf.shape(x)[1]], (1, 0, 2)), d_first, d_weights

    def _known(self, plan, projected, before, kept):
        """Projected inputs of a block by gate, and its known products by gate (None: not known)."""
        known, kept = [], list(kept)
        for taken in plan.structure.taken:
            product = None
            if taken.state is not None:
                product = kept.pop(0) if self.keep else plan.product(taken, before[taken.state])
            known.append((product, taken.blocks))
        if plan.structure.summed:
            product, blocks = known[0]
            if not self.keep:
                product += tf.cast(projected, product.dtype)
            sums = tf.split(product, blocks, axis=-1)
            return sums, [[tf.zeros_like(part) for part in sums]]
        known = [p if p is None else tf.split(p, n, axis=-1) for p, n in known]
        return self.by_gate(projected), known


def _entry_at(index):
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


def _masked(new, old, mask):
    return new if mask is None else [tf.where(mask, a, b) for a, b in zip(new, old)]


def _shaped(values, likes):
    """Set the static shapes of loop values to those at the loop's start; gradients may lose them.

    TensorFlow does not know the shape of the gradient of a product with one row, for instance.
    """
    for value, like in zip(values, likes):
        value.set_shape(like.shape)
    return values


def _after_begin(x, mask):
    """Values `(batch, time, …)` with zeros before each row's first unmasked step."""
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
    """Reshape `(batch, time, …)` to `(blocks, steps of a block, batch, …)`, padded with zeros."""
    if x is None:
        return None
    x = tf.transpose(x, [1, 0, *range(2, len(x.shape))])
    x = tf.pad(x, [[0, count * size - tf.shape(x)[0]], *[[0, 0]] * (len(x.shape) - 1)])
    return tf.reshape(x, tf.stack([count, size, *_tail(x)]))
