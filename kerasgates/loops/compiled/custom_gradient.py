"""The loop that XLA compiles, as one differentiable function.

It wraps the two passes of `passes`: rare sizes are not compiled at all, compiled sizes are rounded
up so that they are few, a batch may run as two halves side by side, and second derivatives, for
which there is no third pass, are those of a plain loop.
"""

import contextlib
import functools
import weakref

import tensorflow as tf

from kerasgates.core.operations import is_eager
from kerasgates.core.wrapper import PLAIN_RECURRENT, lineage
from kerasgates.loops._tensorflow import (
    custom_gradient,
    has_tangents,
    has_xla,
    in_this_graph,
    is_vectorising,
)
from kerasgates.loops.compiled import sizes, time_blocks
from kerasgates.loops.compiled.analysis import examine, kind_of
from kerasgates.loops.compiled.graphs import Traces
from kerasgates.loops.compiled.passes import Passes
from kerasgates.loops.compiled.single_step import reading
from kerasgates.loops.compiled.ways import ALONE, halves_pay, way_of
from kerasgates.loops.devices import has_gpu

#: Most steps that are unrolled for second derivatives of eager calls; more run in a loop.
LAID_OUT = 64

_PASSES = weakref.WeakKeyDictionary()
#: Traced graphs by kind of cell: models of one architecture share them, and XLA's code for them.
_TRACES = weakref.WeakValueDictionary()


def compiled_iterate(run, dropped, structure, keep, warm_up, plain):
    """Run a cell over the time axis by the compiled passes, with a custom gradient.

    Args:
        run: the `Run` of a single cell; input dropout done, states as they are carried.
        dropped: None or the mask of recurrent dropout `(batch, rows)`.
        structure: the `Structure` of the cell's step.
        keep: whether products of states are kept for the backward pass.
        warm_up: number of steps that sequences of one size run uncompiled at first.
        plain: `plain(cell, inputs, unroll) -> outputs, last states`, the same in plain operations.

    Returns:
        outputs `(batch, time, entries)`, or None where they are not wanted; last states.
    """
    training = bool(run.training)
    passes = _passes_of(run.cell, structure, keep)
    form = run.mask is not None, dropped is not None, run.every_output
    tensors = [v for v in (run.sequences, *run.states, run.mask, dropped) if v is not None]
    way = way_of(run.cell, run.sequences, training, warm_up)
    results = _Call(passes, form, training, plain)(*way, *tensors)
    return (results[0], results[1:]) if run.every_output else (None, results)


def _passes_of(cell, structure, keep):
    """Forward and backward pass of a cell with its current attributes."""
    known, by_setting = _PASSES.get(cell, (None, {}))
    if known is not structure:
        _, by_setting = _PASSES[cell] = structure, {}
    # The size of the blocks is part of what is traced, and whether anything is compiled at all.
    setting = keep, time_blocks.pace(keep), tf.config.functions_run_eagerly()
    if setting not in by_setting:
        by_setting[setting] = Passes(cell, *setting[:2], structure, _traces_of(cell, setting))
    return by_setting[setting]


def _traces_of(cell, setting):
    kind = kind_of(cell)
    traces = _TRACES.get((kind, setting)) or Traces()
    return traces if kind is None else _TRACES.setdefault((kind, setting), traces)


class _Call:
    """One run over time with its derivatives.

    A custom gradient, so that TensorFlow does not keep every gate of every step. All tensors are
    arguments of the differentiable function: one that is only captured by a branch of `tf.cond`
    is not always found by the gradient of that branch.
    """

    def __init__(self, passes, form, training, plain):
        self.passes, self.training, self.plain = passes, training, plain
        self.masked, self.dropping, self.every_output = self._form = form
        # A tape may outlive the layer; a graph must not keep the cell.
        self._held = passes.cell if tf.executing_eagerly() else None

    def __call__(self, way, rounded, *tensors):
        """Outputs, where they are wanted, and last states, in one list.

        Args:
            way, rounded: how to run the passes, as of `way_of`.
            *tensors: the sequences, the states, and where there are any the mask and the mask of
                recurrent dropout.
        """
        inputs = [*tensors, *_weights_of(self.passes.cell, self.training)]
        inputs = in_this_graph(inputs)
        if tf.executing_eagerly() and has_tangents(inputs):
            # Forward mode would go through the gradients of the two passes, for every step anew.
            run = self._named(inputs)
            out, last = self._plain(run, unroll=False)
            return [out, *last] if self.every_output else last

        @custom_gradient
        def value(*args):
            results, kept = self._forward(way, rounded, args, self.training)
            return results, lambda *d: self._gradient(way, rounded, inputs, kept, d)

        return value(*inputs)

    def _plain(self, run, unroll):
        cell = self.passes.cell
        # Variables carry tangents; what is made of them is read in their place.
        with reading(cell, run.weights) if cell.parametrised else contextlib.nullcontext():
            return self.plain(cell, run, unroll)

    def _named(self, inputs):
        return self.passes.by_role(inputs, self.masked, self.dropping)

    # ---------------------------------------------------------------- the two passes

    def _forward(self, way, rounded, inputs, training):
        """Forward pass: the results; and the values and the choice that the backward pass needs."""
        count = self.passes.carried + self.every_output

        def forward(rounded, *inputs):
            run = self.passes.forward(inputs, *self._form, training)
            specs = run.outputs[count:]
            pay = functools.partial(halves_pay, self.passes.cell, training=training)
            shape = tf.shape(inputs[0])
            # On a GPU each of these would copy a number to the GPU and back.
            with tf.device("/device:CPU:0") if has_gpu() else contextlib.nullcontext():
                chosen = way.choose(self.passes.traces.key, shape, rounded, pay)

            def interpreted():
                return [*run.interpreted(*_with_steps(inputs)), *way.spare(specs)]

            def compiled(added):
                padded = self._padded(inputs, *added) if added else inputs

                def whole():
                    return [*run.compiled(*_with_steps(padded, inputs)), *way.spare(specs)]

                def halves():
                    parts = [
                        run.compiled(*_with_steps(half, inputs)) for half in self._halves(padded)
                    ]
                    results = zip(*[part[:count] for part in parts])
                    kept = [saved for part in parts for saved in part[count:]]
                    return [*[tf.concat(pair, 0) for pair in results], *kept]

                return whole, halves, self._cut_to(added, count, inputs[0], self.every_output)

            return [*way.run(chosen, interpreted, compiled, training), *chosen]

        which = "forward by way", way, *self._form, training
        run = self.passes.trace(which, forward, inputs, before=[rounded])
        results = list(run(rounded, *map(tf.stop_gradient, inputs)))
        x = inputs[0]
        for number, result in enumerate(results[:count]):
            whole = number == 0 and self.every_output
            shape = [*(x.shape[:2] if whole else x.shape[:1]), result.shape[-1]]
            if not way.rounds:
                results[number] = _as_long_as(x, result, shape)
            results[number].set_shape(shape)
        return results[:count], results[count:]

    def _backward(self, way, rounded, inputs, kept, d):
        """Backward pass: gradients of the sequences and initial states; and of the weights."""
        vectorised = is_vectorising() and not way.is_fixed
        if vectorised:
            # By a jacobian, which goes every way there is: also in halves what has none.
            way = ALONE
        if vectorised or not self.training:
            kept = self._forward(way, rounded, inputs, True)[1]
        states, size, ends = self.passes.carried, len(inputs), len(d)
        kept, chosen = kept[:-3], kept[-3:]

        def backward(*tensors):
            chosen, tensors = tensors[:3], tensors[3:]
            inputs, kept, d = tensors[:size], tensors[size:-ends], list(tensors[-ends:])
            run = self.passes.backward(inputs, *self._form, d)
            count = len(run.inputs) - 1 - size - len(d)

            def interpreted():
                return run.interpreted(*_with_steps(inputs), *kept[:count], *d)

            def compiled(added):
                padded = self._padded(inputs, *added) if added else inputs
                longer = self._with_zeros(d, *added) if added else d

                def whole():
                    return run.compiled(*_with_steps(padded, inputs), *kept[:count], *longer)

                def halves():
                    saved = kept[:count], kept[count:]
                    return self._gradients_of_halves(run, inputs, padded, saved, longer)

                return whole, halves, self._cut_to(added, 1 + states, inputs[0], True)

            return way.run(chosen, interpreted, compiled, True)

        which = "backward by way", way, *self._form
        run = self.passes.trace(which, backward, inputs, [*kept, *d], before=chosen)
        given = [*inputs, *kept, *d]
        # Of what is vectorised TensorFlow derives again by itself, or says that it cannot.
        if not vectorised:
            given = map(tf.stop_gradient, given)
        results = run(*chosen, *given)
        run = self._named(inputs)
        shapes = [like.shape for like in (run.x, *run.states, *run.weights)]
        if not way.rounds:
            results = [_as_long_as(run.x, results[0], shapes[0]), *results[1:]]
        for result, shape in zip(results, shapes):
            result.set_shape(shape)
        return results[: 1 + states], results[1 + states :]

    def _gradients_of_halves(self, run, inputs, padded, saved, d):
        """Results of the backward pass, run on both halves: those of the weights are summed."""
        both = zip(self._halves(padded), saved, zip(*[tf.split(v, 2) for v in d]))
        results = [run.compiled(*_with_steps(half, inputs), *kept, *d) for half, kept, d in both]
        pairs, count = list(zip(*results)), 1 + self.passes.carried
        of_rows = [tf.concat(pair, 0) for pair in pairs[:count]]
        return [*of_rows, *[a + b for a, b in pairs[count:]]]

    def _padded(self, inputs, rows, steps):
        """Inputs padded by `rows` and `steps` to sizes that are compiled."""
        run = self._named(inputs)
        x, mask = (v if v is None else sizes.more_zeros(v, 0, steps) for v in (run.x, run.mask))
        tensors = [v for v in (x, *run.states, mask, run.dropped) if v is not None]
        return [*sizes.more_rows(tensors, rows), *run.weights]

    def _with_zeros(self, d, rows, steps):
        """Gradients of results, padded likewise."""
        longer = [sizes.more_zeros(v, rows, steps) for v in d[: self.every_output]]
        return longer + [sizes.more_zeros(v, rows) for v in d[self.every_output :]]

    def _halves(self, inputs):
        """Inputs split into the two halves of the batch, each with all weights."""
        weights = self._named(inputs).weights
        tensors = inputs[: len(inputs) - len(weights)]
        return [[*half, *weights] for half in zip(*[tf.split(v, 2) for v in tensors])]

    def _cut_to(self, added, count, x, sequence_first):
        """Function of results, the first `count` of which lose what was `added` to `x`."""

        def cut(results):
            if not added:
                return results
            batch, time = tf.shape(x)[0], tf.shape(x)[1]
            cut = [v[:batch] for v in results[:count]]
            return [*([cut[0][:, :time], *cut[1:]] if sequence_first else cut), *results[count:]]

        return cut

    # ---------------------------------------------------------------- derivatives

    def _gradient(self, way, rounded, inputs, kept, d):
        size, results = len(inputs), [*inputs, *d]

        @custom_gradient
        def first(*tensors):
            inputs, d = tensors[:size], tensors[size:]
            of_tensors, of_weights = self._backward(way, rounded, inputs, kept, d)
            masks = inputs[len(of_tensors) : size - len(of_weights)]
            gradients = [*of_tensors, *map(tf.zeros_like, masks), *of_weights]
            return gradients, lambda *dd: self._second(inputs, d, gradients, dd)

        return first(*results)

    def _second(self, inputs, d, found, dd):
        """Vector-Jacobian product of the gradients: second derivatives, by plain operations."""
        dd = [tf.zeros_like(v) if g is None else g for v, g in zip(found, dd)]
        size, steps = len(inputs), None
        if is_eager(inputs[0]):
            # A vectorised jacobian of the gradients of eager calls cannot convert a loop.
            steps = inputs[0].shape[1]
            steps = steps if steps <= LAID_OUT or not tf.executing_eagerly() else None

        def second(*tensors):
            x, *inputs = tensors[:size]
            inputs = [tf.ensure_shape(x, (None, steps, None)), *inputs]
            if self.masked:
                at = 1 + self.passes.carried
                inputs[at] = tf.ensure_shape(inputs[at], (None, steps))
            d, dd = tensors[size : -len(found)], tensors[-len(found) :]
            return self._second_of_plain(inputs, d, dd, unroll=steps is not None)

        # In a graph of its own: who asks for gradients of gradients may have paused all tapes.
        which = "second", *self._form, steps
        weights = inputs[size - len(self.passes.cell.weights) :]
        further = [*d, *dd[: size - len(weights)]]
        return self.passes.trace(which, second, inputs, further, after=weights)(*inputs, *d, *dd)

    def _second_of_plain(self, inputs, d, dd, unroll):
        with tf.GradientTape() as outer:
            outer.watch([*inputs, *d])
            with tf.GradientTape() as inner:
                inner.watch(inputs)
                run = self._named(inputs)
                with reading(self.passes.cell, run.weights):
                    out, last = self.plain(self.passes.cell, run, unroll)
                results = [out, *last] if self.every_output else last
            zero = tf.UnconnectedGradients.ZERO
            gradients = inner.gradient(
                results, inputs, output_gradients=d, unconnected_gradients=zero
            )
        return outer.gradient(
            gradients, [*inputs, *d], output_gradients=dd, unconnected_gradients=zero
        )


def _weights_of(cell, training):
    """The cell's weights as tensors; in place of the recurrent kernel what is made of it."""
    weights = [tf.convert_to_tensor(weight) for weight in cell.weights]
    if cell.parametrised and cell.recurrent_kernel is not None:
        at = next(i for i, w in enumerate(cell.weights) if w is cell.recurrent_kernel)
        made = cell.parametrise(weights[at], training)
        weights[at] = tf.ensure_shape(tf.cast(made, weights[at].dtype), weights[at].shape)
    return weights


def _as_long_as(x, result, shape):
    """The tensor of a shape, as XLA knows it: of as many rows and steps as a sequence has.

    To compile another loop that takes the tensor XLA must know how long that is, and does not from
    what a loop has written.
    """
    sizes = tf.shape(x)[: len(shape) - 1]
    return tf.reshape(result, tf.concat([sizes, shape[-1:]], axis=0))


def _with_steps(tensors, unpadded=None):
    """Tensors with the number of steps, a scalar, inserted after the first."""
    x, *rest = tensors
    return x, tf.shape((unpadded or tensors)[0])[1], *rest


def structure_to_compile(cell):
    """The `Structure` of a built cell with `gates`; where no passes can be made, why, in words."""
    U = cell.recurrent_kernel
    if any(type(one).recurrent not in PLAIN_RECURRENT for one in lineage(cell)):
        return "its class overrides `recurrent`"
    if U is not None and not any(U is weight for weight in cell.weights):
        return "its recurrent kernel is none of its weights"
    # Products in half precision cost a CPU more than those in single.
    on_gpus = has_gpu()
    counts = cell.variable_dtype if on_gpus else cell.compute_dtype
    if counts not in ("float32", "float64"):
        return f"it computes in {counts}"
    if not has_xla(on_gpus):
        return "this TensorFlow was built without XLA" + (" for the GPU" if on_gpus else "")
    return examine(cell)
