"""A model as `init` and `step`: no state in the model, all of it in the caller's hands."""

import numpy as np
import tensorflow as tf
from keras import ops

from kerasgates.export.source import (
    call,
    check,
    difference,
    names_of,
    output_names,
    random_inputs,
    run,
    tolerance_of,
)
from kerasgates.streaming import NotCausalError, Stream
from kerasgates.upgrade import last_line, rebuild


class Stepwise:
    """The step of a causal model.

    Args:
        model: what `prepare` gave.

    Attributes:
        inputs: TensorSpecs `(batch, …)` by name: the model's without the time axis.
        states: TensorSpecs `(batch, entries)` by name.

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
            name: tf.TensorSpec((None, *tensor.shape[2 if has_time else 1 :]), tensor.dtype, name)
            for name, has_time, tensor in zip(names, timed, self.model.inputs)
        }
        self._outputs = {
            name: _is_timed(tensor) for name, tensor in zip(output_names(model), self.model.outputs)
        }
        try:
            with Stream() as stream:
                run(self.model, map(tf.constant, random_inputs(self.model, 2, 1, self._rng)))
        except NotCausalError:
            raise
        except Exception as error:
            first = str(error).strip().split("\n")[0]
            raise NotCausalError(f"the model does not run on one step: {first}") from error
        clash = sorted({*stream.after} & {*self.inputs, *self._outputs})
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
        shown = {
            name: value[:, 0] if has_time else value
            for (name, has_time), value in zip(self._outputs.items(), outputs)
        }
        return {**shown, **{name: stream.after[name] for name in self.states}}

    def _run(self, inputs):
        """All outputs of the model, from inputs without a time axis."""
        with_time = [
            ops.expand_dims(value, 1) if has_time else value
            for has_time, value in zip(self._timed.values(), inputs)
        ]
        return run(self.model, with_time)

    def compare(self, step, init, what, tolerance, batch=3, time=7):
        """The largest difference of a stream from whole sequences in Keras.

        Args:
            step, init: functions as those of this class, from and to arrays.
            what: what to call them in an error.
            tolerance, batch, time: of the comparison.
        """
        arrays = random_inputs(self.model, batch, time, self._rng)
        timed = list(self._outputs.values())
        whole = call(self.model, arrays)
        states, largest = init(batch), 0.0
        for now in range(time):
            results = step(**dict(zip(self.inputs, self.at(arrays, now))), **states)
            states = {name: results[name] for name in self.states}
            begun = whole if all(timed) else call(self.model, self.at(arrays, slice(now + 1)))
            expected = [w[:, now] if t else b for w, b, t in zip(whole, begun, timed)]
            got = [np.asarray(results[name]) for name in self._outputs]
            name = f"{what}, step {now},"
            largest = max(largest, check(difference(expected, got, name), tolerance, name))
        return largest

    def at(self, arrays, steps):
        """One step, or a slice of steps, of those inputs that are sequences."""
        return [a[:, steps] if timed else a for a, timed in zip(arrays, self._timed.values())]

    def examples(self, arrays, count):
        """About `count` inputs of `step` by name, with states as sequences lead to them."""
        step = tf.function(self.step)
        timed = [a for a, is_timed in zip(arrays, self._timed.values()) if is_timed]
        steps = timed[0].shape[1] if timed else 1
        for row in range(min(len(arrays[0]), max(1, count // steps))):
            states = self.init(1)
            for now in range(steps):
                inputs = dict(zip(self.inputs, self.at([a[row : row + 1] for a in arrays], now)))
                yield {**inputs, **{name: value.numpy() for name, value in states.items()}}
                results = step(**inputs, **states)
                states = {name: results[name] for name in self.states}

    def _check(self):
        graph = tf.function(self.step)
        try:
            self.compare(graph, self.init, "running step by step", tolerance_of(self.model))
        except RuntimeError as error:
            raise NotCausalError(
                f"its outputs need more than one step and states: {error}"
            ) from None


def _is_timed(tensor):
    return len(tensor.shape) > 1 and tensor.shape[1] is None


def _any_length(model):
    """The model for sequences of any length, where it was made for one length."""
    if _is_timed(model.inputs[0]):
        return model
    shape = model.inputs[0].shape

    def free(other):
        same = len(other) == len(shape) > 1 and other[1] == shape[1]
        return (other[0], None, *other[2:]) if same else other

    try:
        return rebuild(model, batch_shape=free)
    except ValueError as error:
        reason = last_line(error.__cause__ or error)
        raise NotCausalError(f"the model needs its {shape[1]} steps at once: {reason}") from error
