"""The loop that XLA compiles, as one differentiable function.

Around the two passes of `passes` stands what a caller must not notice: lengths are rounded up so
that few of them are compiled, a batch may run as two halves side by side, and gradients of
gradients, for which there is no third pass, are those of a plain loop.
"""

import weakref

import tensorflow as tf

from kerasgates.cell import AbstractRNNCell
from kerasgates.loops.passes import Passes, examine

#: A batch of so many rows may run as two halves.
ROWS = 8
#: Up to so many floating-point operations in a step's recurrent product, two threads do more with
#: half a batch each than with half a product each; with a backward pass to come, always.
SMALL = 16_000_000
#: The lengths that are compiled where many may come.
LENGTHS = [2**k for k in range(31)]

_PASSES = weakref.WeakKeyDictionary()


def compiled_iterate(
    cell, sequences, states, mask, dropped, *, keep, training, every_output, plain
):
    """A cell over the time axis.

    Args:
        cell: a cell with `gates` whose output is a state, built.
        sequences: `(batch, time, features)`, input dropout done.
        states: list of initial states `(batch, entries)`.
        mask: None or booleans `(batch, time)`.
        dropped: None or the mask of recurrent dropout `(batch, rows)`.
        keep: whether products of states are kept for the backward pass.
        training: whether gradients are likely to be wanted.
        every_output: whether the outputs of all steps are wanted.
        plain: `plain(sequences, states, mask, dropped) -> outputs, last states`, the same in
            plain operations.

    Returns:
        outputs `(batch, time, entries)`, or None where they are not wanted; last states.
    """
    passes = _passes_of(cell, keep)
    call = _Call(passes, mask is not None, dropped is not None, training, every_output, plain)
    tensors = [v for v in (sequences, *states, mask, dropped) if v is not None]

    def in_halves():
        halves = zip(*[tf.split(v, 2) for v in tensors])
        return [tf.concat(pair, axis=0) for pair in zip(*[call(*half) for half in halves])]

    def whole():
        return call(*tensors)

    halves_pay = _halves_pay(cell, sequences, training)
    if isinstance(halves_pay, bool):
        results = in_halves() if halves_pay else whole()
    else:
        results = tf.cond(halves_pay, in_halves, whole)
    return (results[0], results[1:]) if every_output else (None, list(results))


def _passes_of(cell, keep):
    """The two passes of a cell as it is now."""
    structure, made = _PASSES.get(cell, (None, {}))
    if structure is not examine(cell):
        structure, made = _PASSES[cell] = examine(cell), {}
    if keep not in made:
        made[keep] = Passes(cell, keep, structure)
    return made[keep]


def _halves_pay(cell, sequences, training):
    """Whether to run a batch as two halves: a bool, or a tensor where its size is not known."""
    if tf.executing_eagerly() or cell.recurrent_kernel is None:
        # Calls that are not in a graph wait for one another.
        return False
    rows, columns = cell.recurrent_kernel.shape
    batch = sequences.shape[0]
    batch = tf.shape(sequences)[0] if batch is None else batch
    even = batch % 2 == 0
    small = True if training else 2 * batch * rows * columns <= SMALL
    enough = batch >= ROWS
    if isinstance(batch, int):
        return even and enough and small
    return tf.reduce_all(tf.stack([even, enough, small]))


def rounded_up(length):
    """The least of `LENGTHS` that is not less than an int or a scalar tensor."""
    if isinstance(length, int):
        return next((n for n in LENGTHS if n >= length), length)
    return tf.gather(LENGTHS, tf.searchsorted(LENGTHS, length[None])[0])


class _Call:
    """One run over time with its derivatives.

    The tape does not look inside: it would keep what the two passes are made not to keep. All
    tensors are arguments of what has a gradient: one that is merely seen from inside a branch of
    `tf.cond` cannot always be found again by the gradient of that branch.
    """

    def __init__(self, passes, masked, dropping, training, every_output, plain):
        self.passes, self.masked, self.dropping = passes, masked, dropping
        self.training, self.every_output, self.plain = training, every_output, plain

    def __call__(self, *tensors):
        """Outputs, where they are wanted, and last states, in one list.

        Args:
            *tensors: the sequences, the states, and where there are any the mask and the mask of
                recurrent dropout.
        """
        weights = [tf.convert_to_tensor(w) for w in self.passes.cell.weights]
        inputs = [*tensors, *weights]

        @tf.custom_gradient
        def value(*inputs):
            common = self._common(inputs)
            out, last, kept = self.passes.forward(*common, self.every_output, self.training)

            def gradient(*d):
                return self._gradient(inputs_outside, kept, d)

            return self._listed(out, last, tf.shape(inputs[0])[1]), gradient

        inputs_outside = inputs
        return list(value(*inputs))

    def _named(self, inputs):
        """The sequences, the states, the mask, the mask of dropout and the weights."""
        x, *rest = inputs
        count = len(self.passes.cell.states)
        states, rest = rest[:count], rest[count:]
        mask = rest.pop(0) if self.masked else None
        dropped = rest.pop(0) if self.dropping else None
        return x, states, mask, dropped, rest

    def _common(self, inputs):
        """What both passes are called with, lengths rounded up."""
        x, states, mask, dropped, weights = self._named(map(tf.stop_gradient, inputs))
        steps = tf.shape(x)[1]
        # Unknown in a graph, or one of many in eager calls: each would be compiled anew.
        if x.shape[1] is None or tf.executing_eagerly():
            more = rounded_up(steps if x.shape[1] is None else x.shape[1]) - steps
            x = tf.pad(x, [[0, 0], [0, more], [0, 0]])
            mask = None if mask is None else tf.pad(mask, [[0, 0], [0, more]])
        return x, steps, states, mask, dropped, weights

    def _listed(self, out, last, time):
        return (out[:, :time], *last) if self.every_output else tuple(last)

    def _gradient(self, inputs, kept, d):
        size = len(inputs)

        @tf.custom_gradient
        def first(*tensors):
            inputs, d = tensors[:size], tensors[size:]
            d_results = list(map(tf.stop_gradient, d))
            common = self._common(inputs)
            needed = kept if self.training else self.passes.forward(*common, False, True)[2]
            d_out = d_results.pop(0) if self.every_output else None
            if d_out is not None:
                more = tf.shape(common[0])[1] - tf.shape(d_out)[1]
                d_out = tf.pad(d_out, [[0, 0], [0, more], [0, 0]])
            d_x, d_first, d_weights = self.passes.backward(
                *common, list(map(tf.stop_gradient, needed)), d_out, d_results
            )
            d_x = d_x[:, : tf.shape(inputs[0])[1]]
            masks = [tf.zeros_like(v) for v in inputs[1 + len(d_first) : size - len(d_weights)]]
            found = (d_x, *d_first, *masks, *d_weights)
            return found, lambda *dd: self._second(inputs, d, dd)

        return first(*inputs, *d)

    def _second(self, inputs, d, dd):
        """Gradients of the gradients, from plain operations."""
        with tf.GradientTape() as outer:
            outer.watch([*inputs, *d])
            with tf.GradientTape() as inner:
                inner.watch(inputs)
                x, states, mask, dropped, weights = self._named(inputs)
                with self.passes.reading(weights):
                    out, last = self.plain(x, states, mask, dropped)
                results = self._listed(out, last, tf.shape(x)[1])
            zero = tf.UnconnectedGradients.ZERO
            found = inner.gradient(results, inputs, output_gradients=d, unconnected_gradients=zero)
        return outer.gradient(found, [*inputs, *d], output_gradients=dd, unconnected_gradients=zero)


def works():
    """Whether XLA compiles anything at all here; tried once."""
    if not _WORKS:
        try:
            with tf.init_scope():
                tf.function(lambda: tf.constant(1.0) + 1.0, jit_compile=True)()
            _WORKS.append(True)
        except (tf.errors.OpError, ValueError, NotImplementedError):
            _WORKS.append(False)
    return _WORKS[0]


_WORKS = []


def can_compile(cell):
    """Whether a built cell with `gates` has a step that two passes can be made of."""
    U = cell.recurrent_kernel
    as_declared = type(cell).recurrent is AbstractRNNCell.recurrent
    known = as_declared and (U is None or any(U is weight for weight in cell.weights))
    precise = cell.compute_dtype in ("float32", "float64")
    fits = cell.output_state is not None and known and precise
    return fits and examine(cell) is not None and works()


def kept_bytes(cell, batch, time):
    """What `"compiled"` keeps for the backward pass at most, besides the states."""
    return batch * time * examine(cell).width * tf.as_dtype(cell.variable_dtype).size
