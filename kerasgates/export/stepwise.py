"""A model as `init` and `step`: no state in the model, all of it in the caller's hands."""

import numpy as np
import tensorflow as tf
from keras import ops

from kerasgates.core._keras import reason
from kerasgates.export.source import (
    call,
    check,
    difference,
    has_time,
    lengths,
    names_of,
    output_names,
    perturbed,
    random_inputs,
    run,
    tolerance_of,
)
from kerasgates.interop.upgrade import rebuild
from kerasgates.loops.streaming import NotCausalError, Stream

#: Number of steps that tell whether a model looks further back than its states say.
LONG = 200


class Stepwise:
    """The step of a causal model.

    Args:
        model: what `prepare` gave.

    Attributes:
        inputs: TensorSpecs `(batch, …)` by name: the model's without the time axis.
        states: TensorSpecs `(batch, entries)` by name.
        outputs: by name, whether an output has a time axis.

    Raises:
        NotCausalError: if its outputs at a step depend on later steps, or on what is no state.
    """

    def __init__(self, model):
        self.model = _any_length(model)
        self._rng = np.random.default_rng(0)
        names = names_of(model.inputs)
        timed = [_is_timed(tensor) for tensor in self.model.inputs]
        self._timed = dict(zip(names, timed))
        self.inputs = {
            name: tf.TensorSpec((None, *tensor.shape[2 if is_timed else 1 :]), tensor.dtype, name)
            for name, is_timed, tensor in zip(names, timed, self.model.inputs)
        }
        self.outputs = {
            name: _is_timed(tensor) for name, tensor in zip(output_names(model), self.model.outputs)
        }
        try:
            with Stream() as stream:
                run(self.model, map(tf.constant, random_inputs(self.model, 2, 1, self._rng)))
        except NotCausalError:
            raise
        except Exception as error:
            raise NotCausalError(f"the model does not run on one step: {reason(error)}") from error
        other_names = {name.lower() for name in (*self.inputs, *self.outputs)}
        clash = sorted(name for name in stream.after if name.lower() in other_names)
        if clash:
            raise NotCausalError(f"states are named as inputs or outputs of the model: {clash}")
        self.states = {
            name: tf.TensorSpec((None, *tensor.shape[1:]), tensor.dtype, name)
            for name, tensor in stream.after.items()
        }
        self._check()

    def init(self, batch_size):
        """The states before the first step, by name."""
        with Stream() as stream:
            self._run(
                [
                    tf.zeros(tf.stack([batch_size, *spec.shape[1:]]), spec.dtype)
                    for spec in self.inputs.values()
                ]
            )
        return {name: stream.before_first[name] for name in self.states}

    def step(self, **named):
        """Outputs and new states by name, from inputs and old states by name."""
        with Stream({name: named[name] for name in self.states}) as stream:
            outputs = self._run([named[name] for name in self.inputs])
        results = {
            name: value[:, 0] if is_timed else value
            for (name, is_timed), value in zip(self.outputs.items(), outputs)
        }
        return {**results, **{name: stream.after[name] for name in self.states}}

    def _run(self, inputs):
        """All outputs of the model, from inputs without a time axis."""
        with_time = [
            ops.expand_dims(value, 1) if is_timed else value
            for is_timed, value in zip(self._timed.values(), inputs)
        ]
        return run(self.model, with_time)

    def compare(self, step, init, what, tolerance, arrays=None, size=(5, 7), measure=difference):
        """Largest difference of a run step by step from whole sequences in Keras.

        Args:
            step, init: functions as those of this class, from and to arrays.
            what: what to call them in an error.
            tolerance, measure: of the comparison.
            arrays: inputs to try, sequences of one length; random of that size unless given.
            size: pair of batch size and length; of `arrays` the length counts, at most.
        """
        batch, time = size
        if arrays is None:
            arrays = random_inputs(self.model, batch, time, self._rng)
        else:
            batch, time = len(arrays[0]), min(time, self.length(arrays))
        states, largest = init(batch), 0.0
        timed = list(self.outputs.values())
        whole = call(self.model, arrays)
        for now in range(time):
            results = step(**dict(zip(self.inputs, self.at(arrays, now))), **states)
            states = {name: results[name] for name in self.states}
            if not all(timed) and 7 <= now < time - 1:
                continue  # The whole sequence so far is run for each step that is looked at.
            begun = whole if all(timed) else call(self.model, self.at(arrays, slice(now + 1)))
            expected = [w[:, now] if t else b for w, b, t in zip(whole, begun, timed)]
            got = [np.asarray(results[name]) for name in self.outputs]
            name = f"{what}, step {now},"
            distance = measure(expected, got, name)
            if not distance <= tolerance:
                # A chaotic model differs from itself as much.
                shaken = call(self.model, perturbed(self.at(arrays, slice(now + 1))))
                again = [s[:, now] if t else s for s, t in zip(shaken, timed)]
                check(distance, max(tolerance, measure(expected, again, name)), name)
            largest = max(largest, distance)
        return largest

    def at(self, arrays, steps):
        """Inputs at one step, or a slice of steps; those that are no sequences stay whole."""
        return [a[:, steps] if timed else a for a, timed in zip(arrays, self._timed.values())]

    def examples(self, arrays, count):
        """About `count` inputs of `step` by name, with states as sequences lead to them."""
        step = tf.function(self.step, autograph=False)
        steps = self.length(arrays)
        for row in range(min(len(arrays[0]), max(1, count // steps))):
            states = self.init(1)
            for now in range(steps):
                inputs = dict(zip(self.inputs, self.at([a[row : row + 1] for a in arrays], now)))
                yield {**inputs, **{name: value.numpy() for name, value in states.items()}}
                results = step(**inputs, **states)
                states = {name: results[name] for name in self.states}

    def length(self, arrays):
        """Number of steps in arrays for the inputs; 1 where none is a sequence."""
        steps = [a.shape[1] for a, timed in zip(arrays, self._timed.values()) if timed]
        return min(steps, default=1)

    def _check(self):
        graph = tf.function(self.step, autograph=False)
        what, tolerance = "running step by step", tolerance_of(self.model)
        try:
            self.compare(graph, self.init, what, tolerance, size=(5, LONG))
        except RuntimeError as error:
            raise NotCausalError(
                f"its outputs need more than one step and states: {error}"
            ) from None
        except tf.errors.OpError as error:
            raise NotCausalError(f"it does not run at any length: {reason(error)}") from error


def _is_timed(tensor):
    return len(tensor.shape) > 1 and tensor.shape[1] is None


def _any_length(model):
    """The model, rebuilt for sequences of any length where its length is fixed."""
    fixed = set(lengths(model))
    if has_time(model) or not fixed:
        return model
    if len(fixed) > 1:
        raise NotCausalError(f"its inputs have different lengths: {sorted(fixed)}")
    (time,) = fixed
    ranks = {len(t.shape) for t in model.inputs if len(t.shape) > 1 and t.shape[1] == time}

    def free(shape):
        return (shape[0], None, *shape[2:]) if len(shape) in ranks and shape[1] == time else shape

    try:
        return rebuild(model, batch_shape=free)
    except ValueError as error:
        why = reason(error.__cause__ or error)
        raise NotCausalError(f"the model needs its {time} steps at once: {why}") from error
