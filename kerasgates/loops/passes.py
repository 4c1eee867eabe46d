"""Forward and backward pass of the loop that XLA compiles.

What a framework makes of a loop keeps every gate of every step for the backward pass. Here the
forward pass keeps the states, and at most the products of them; the backward pass computes the
gates again, in blocks of steps that stay in the cache. Products of states that are known are one
product per block, and so are the gradients of the weights. The point-wise part is differentiated
by the framework, from the same `step` that runs forward, whatever cell it is of.
"""

import functools
import weakref

import keras
import tensorflow as tf

from kerasgates._keras import cells_within, takes_training
from kerasgates.blocks import Parts
from kerasgates.cell import CELLS
from kerasgates.loops.plan import Plan, Pulled, Structure
from kerasgates.loops.recorded import Recorded

#: Bytes of the pre-activations of one block of steps: they are to stay in the cache.
BLOCK = 1 << 20


class Passes:
    """Forward and backward pass of one cell, compiled once for every shape.

    Args:
        cell: a cell with `gates`, built.
        keep: whether products of states are kept for the backward pass, or taken again.
        structure: of its step.
    """

    def __init__(self, cell, keep, structure=None):
        self._cell, self.keep, self.structure = weakref.ref(cell), keep, structure
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
        cell, shown = self.cell, self.cell.output_state
        structure = self.structure
        with self.reading(weights):
            by_step = tf.transpose(x, (1, 0, 2))
            masks = None if mask is None else tf.transpose(mask)[:, :, None]
            count, size = self._blocks(x)
            kept_products = [t for t in structure.taken if t.state is not None and self.keep]

            def one(t, states, arrays):
                projected = cell.project(by_step[t])
                m = None if mask is None else masks[t]
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
                return t + 1, new, [a.write(t, v) for a, v in zip(arrays, values)]

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
        """Where values `(batch, width)` are written, `size` of them."""
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
        return Recorded(tensor, cell.gates, dropped, states, **watching)

    def _blocks(self, x):
        """Number of blocks, and of steps in each."""
        batch, time = tf.shape(x)[0], tf.shape(x)[1]
        row = self.structure.width * x.dtype.size
        size = tf.clip_by_value(BLOCK // (row * batch), 1, time)
        return (time + size - 1) // size, size

    def by_gate(self, projected):
        wide = tf.cast(projected, self.cell.variable_dtype)
        return tf.split(wide, len(self.cell.gates), axis=-1)

    def pull(self, inputs, old, mask, dropped, weights, d_new, known=None, look=None):
        """Gradients of one step, and what was multiplied by the recurrent weights in it.

        `look`, where given, is called with the inputs and products before gradients are taken.
        """
        with tf.GradientTape() as tape:
            # The same tensor may be two states; each is to have its own gradient.
            old = [tf.identity(s) for s in old]
            tape.watch([*inputs, *old, *weights])
            U = self._recorded(dropped, old, tape=tape, known=known)
            blocks = Parts(inputs, self.cell.gates)
            new = _masked(self.cell.advance(blocks, U, list(old))[1], old, mask)
        products = [] if U is None else U.products
        if look is not None:
            look(inputs, products)
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
        cell, shown = self.cell, self.cell.output_state
        with self.reading(weights):
            count, size = self._blocks(x)
            d_out = None if d_out is None else _after_begin(d_out, mask)
            xs, masks, d_outs = (_in_blocks(v, count, size) for v in (x, mask, d_out))
            kept = [tf.reshape(s, tf.stack([count, size, *_tail(s)])) for s in kept]
            saved, products = kept[: len(first)], kept[len(first) :]
            U = cell.recurrent_kernel
            if U is not None:
                at = next(i for i, weight in enumerate(cell.weights) if weight is U)
                U = keras.ops.cast(U, cell.compute_dtype)
            touched, plan = self.structure.touched, Plan(self.structure, U, dropped)

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
                    pulled = self.pull(
                        [a[j] for a in inputs],
                        [b[j] for b in before],
                        None if mask is None else masks[k, j, :, None],
                        dropped,
                        weights,
                        d_new,
                        [p and [a[j] for a in p] for p in known],
                    )
                    d_touched = [d + pulled.weights[i] for d, i in zip(d_touched, touched)]
                    return (
                        j,
                        plan.through_products(pulled),
                        d_touched,
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
                return k, d_states, d_weights, d_x.write(k, d_here)

            d_weights = [tf.zeros_like(w) for w in weights]
            d_x = tf.TensorArray(x.dtype, size=count, element_shape=xs.shape[1:])
            start = (steps + size - 1) // size, list(d_last), d_weights, d_x
            _, d_first, d_weights, d_x = tf.while_loop(lambda k, *_: k > 0, block, start)
            d_x = tf.reshape(d_x.stack(), tf.stack([count * size, *_tail(xs, 2)]))
            return tf.transpose(d_x[: tf.shape(x)[1]], (1, 0, 2)), d_first, d_weights

    def _known(self, plan, projected, before, kept):
        """What is known of all steps of a block: inputs by gate, and products by gate or None."""
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


def examine(cell):
    """The `Structure` of a cell's step, or None where it must run as it is written.

    That is, where a step is not a function of its arguments, its weights and the attributes of
    the cell alone, or cannot be traced: it draws random numbers, counts, or calls Python. What
    was found is forgotten when an attribute is set anew, or a list or dict in one changes.
    """
    # Kept on the cell: what is found refers to it, and goes with it.
    attributes, structure = vars(cell).get(FOUND, (None, None))
    if attributes is None or not _are_same(attributes, _attributes(cell)):
        attributes = _attributes(cell)
        structure = None if _asks_for_training(cell) else _examine(cell)
        vars(cell)[FOUND] = attributes, structure
    return structure


#: Where the structure of a cell is kept.
FOUND = "_kerasgates_structure"


def _attributes(cell):
    """What a step may read in Python: all attributes but those that every cell has for itself."""
    private = _private_names()
    return {k: _shallow(v) for k, v in vars(cell).items() if k[0] != "_" or k not in private}


def _shallow(value):
    """A list or dict as what is in it now."""
    if isinstance(value, dict):
        return tuple((key, _shallow(item)) for key, item in value.items())
    return tuple(map(_shallow, value)) if isinstance(value, (list, tuple)) else value


@functools.cache
def _private_names():
    # Draws no random number, and takes no name that counts on.
    quiet = {"kernel_initializer": "zeros", "recurrent_initializer": "zeros", "seed": 0}
    cell = CELLS["SimpleRNNCell"](1, name="cell", **quiet)
    cell.build((None, 1))
    return {name for name in vars(cell) if name.startswith("_")} | {FOUND, "_obj_type"}


def _are_same(ones, others):
    if isinstance(ones, tuple) and isinstance(others, tuple):
        return len(ones) == len(others) and all(map(_are_same, ones, others))
    if isinstance(ones, dict) and isinstance(others, dict):
        return ones.keys() == others.keys() and all(_are_same(ones[k], others[k]) for k in ones)
    # Numbers and names by value; what else there is must be the very same.
    plain = isinstance(ones, (int, float, str)) and type(ones) is type(others)
    return ones is others or (plain and ones == others)


def _asks_for_training(cell):
    """Whether a layer inside a cell does other things in training, as dropout does."""
    within = cells_within(cell, keras.Layer)
    return any(takes_training(layer) for layer in within if layer is not cell)


def _examine(cell):
    passes, graph = Passes(cell, True), tf.Graph()
    uses = []

    def look(inputs, products):
        of_step = [*inputs, *(result for product in products for result in product.results)]
        uses.extend(len(tensor.consumers()) for tensor in of_step)

    with graph.as_default():
        weights = [tf.ones(w.shape, w.dtype) for w in cell.weights]
        states = [tf.ones((2, n), cell.variable_dtype) for n in cell.state_sizes]
        attributes = _attributes(cell)
        try:
            with passes.reading(weights) as scope:
                values = dict(scope.state_mapping)
                projected = cell.project(tf.ones((2, cell.features), cell.compute_dtype))
                inputs = passes.by_gate(projected)
                pulled = passes.pull(inputs, states, None, None, weights, states, look=look)
        except Exception:
            # Whatever it is: the loop that runs the step as it is written will say it better.
            return None
    kept = _are_same(values, scope.state_mapping) and _are_same(attributes, _attributes(cell))
    if not kept or any(op.op_def.is_stateful for op in graph.get_operations()):
        return None
    return Structure(pulled, once=max(uses) == 1)


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
