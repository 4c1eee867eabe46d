"""A model as `init` and `step`: no state in the model, all of it in the caller's hands."""

import contextlib
import re
import traceback

import keras
import numpy as np
import tensorflow as tf
from keras import ops

from kerasgates.core._keras import cells_within, reason
from kerasgates.export.source import (
    call,
    call_at_length,
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
#: The same where every step is laid out in a graph, and the model itself fixes no length.
LAID_OUT = 12
#: Steps from which on the input is changed, to see whether anything before them changes.
CHANGED_FROM = (1, 2, 4, 7, 30, 100, 199)
#: Steps at which outputs without a time axis are compared, and the last: for each of them the
#: whole sequence so far is run.
LOOKED_AT = (*range(7), 12, 30, 31, 60, 100, 150)
#: What a layer is said not to run on.
ONE = "one step"
#: By how many tolerances a chaotic model may differ from itself before its steps tell no more.
CHAOTIC = 100


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
        self._is_laid_out = bool(cells_within(model, keras.layers.TimeDistributed))
        self._longest = min(lengths(model), default=LAID_OUT) if self._is_laid_out else LONG
        self._looked_at = LOOKED_AT[:: 3 if self._is_laid_out else 1]
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
        with _failing_as_not_causal(self.model, ONE), Stream() as stream:
            run(self.model, map(tf.constant, random_inputs(self.model, 2, 1, self._rng)))
        #: The states before the first step, for one row.
        self.first = {name: stream.before_first[name].numpy()[:1] for name in stream.after}
        self._given = [
            name
            for name, state in stream.given.items()
            if _differ(state, stream.before_first[name])
        ]
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
        numbers = _OfWholeSequences(self, arrays)
        telling = dict.fromkeys(self.outputs, True)
        for now in range(time):
            results = step(**dict(zip(self.inputs, self.at(arrays, now))), **states)
            states = {name: results[name] for name in self.states}
            for name, is_timed in self.outputs.items():
                looked_at = is_timed or now in self._looked_at or now == time - 1
                if not (telling[name] and looked_at):
                    continue
                words = f"{what}, output {name!r} at step {now},"
                expected, got = numbers.at(name, now), np.asarray(results[name])
                distance = measure([expected], [got], words)
                if not distance <= tolerance:
                    # A chaotic model differs from itself as much, on the same numbers.
                    again = numbers.at(name, now, is_perturbed=True)
                    allowed = max(tolerance, measure([expected], [again], words))
                    check(distance, allowed, words)
                    telling[name] = allowed <= CHAOTIC * tolerance
                if telling[name]:
                    largest = max(largest, distance)
        return largest

    def call(self, arrays):
        """Outputs of the model for whole sequences, as a list of arrays."""
        return (call_at_length if self._is_laid_out else call)(self.model, arrays)

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
        with _failing_as_not_causal(self.model, f"{self._longest} steps"):
            self._check_later_steps()
            try:
                self.compare(graph, self.init, what, tolerance, size=(5, self._longest))
            except RuntimeError as error:
                why = f"its outputs need more than one step and states: {error}"
                if self._given:
                    why = (
                        f"its states {self._given} begin with an `initial_state` that the model "
                        "computes or reads, which `init` cannot know"
                    )
                raise NotCausalError(why) from None

    def _check_later_steps(self):
        """Raise where an output changes with what is read at later steps.

        The same rows are run twice, of other numbers from some step on, another in each row: up to
        there the outputs of a causal model are the same.
        """
        time, rounding = self._longest, tolerance_of(self.model) / 10
        starts = [start for start in CHANGED_FROM if start < time]
        count = 5 * len(starts)  # Five for each, as there are five ways to mask a row.
        arrays, others = (
            random_inputs(self.model, count, time, self._rng, first) for first in (0, 1)
        )
        changed = [
            np.stack([_joined(*pair, starts[row // 5]) for row, pair in enumerate(zip(a, b))])
            if is_timed
            else a
            for a, b, is_timed in zip(arrays, others, self._timed.values())
        ]
        for (name, is_timed), *pair in zip(
            self.outputs.items(), self.call(arrays), self.call(changed)
        ):
            if is_timed and pair[0].shape[1] != time:
                raise NotCausalError(
                    f"its output {name!r} has {pair[0].shape[1]} steps for {time} of the input"
                )
            for at, start in enumerate(starts if is_timed else ()):
                rows = slice(5 * at, 5 * at + 5)
                before, after = (np.asarray(y[rows, :start], "float64") for y in pair)
                size = np.abs(before[np.isfinite(before)]).max(initial=0)
                apart = difference([before / (size or 1)], [after / (size or 1)], name)
                # This way round: what is a number in one of them alone is a change, too.
                if not apart <= rounding:
                    raise NotCausalError(
                        f"its output {name!r} at a step depends on later steps: other numbers from "
                        f"step {start} on change what comes before by {apart:.2g} of its size"
                    )


class _OfWholeSequences:
    """Outputs of a model for whole sequences, and for perturbed ones; each is run when asked for.

    Args:
        stepwise: a `Stepwise`.
        arrays: its inputs.
    """

    def __init__(self, stepwise, arrays):
        self._stepwise, self._arrays = stepwise, arrays
        self._numbers = dict(zip(stepwise.outputs, range(len(stepwise.outputs))))
        self._run = {}

    def at(self, name, now, is_perturbed=False):
        """An output at a step; one without a time axis is that of the sequence up to there."""
        is_timed = self._stepwise.outputs[name]
        key = None if is_timed else now, is_perturbed
        if key not in self._run:
            arrays = self._arrays if is_timed else self._stepwise.at(self._arrays, slice(now + 1))
            self._run[key] = self._stepwise.call(perturbed(arrays) if is_perturbed else arrays)
        output = self._run[key][self._numbers[name]]
        return output[:, now] if is_timed else output


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


def _differ(state, other):
    return not np.array_equal(np.asarray(state), np.asarray(other))


def _joined(first, second, at):
    """The steps of one sequence up to `at`, and those of another from there on."""
    return np.concatenate([first[:at], second[at:]])


@contextlib.contextmanager
def _failing_as_not_causal(model, steps):
    """Context that turns any error into a NotCausalError, which names the layer where it can."""
    filters = keras.config.is_traceback_filtering_enabled()
    keras.config.disable_traceback_filtering()  # It takes the frames by which a layer is known.
    try:
        yield
    except NotCausalError:
        raise
    except Exception as error:
        if steps == ONE and (layer := _without_a_step(model)):
            who = f"layer {layer.name!r} ({type(layer).__name__})"
            raise NotCausalError(f"{who} gives no step for one step") from error
        layer = _failing_layer(model, error)
        who = "the model" if layer is None else f"layer {layer.name!r} ({type(layer).__name__})"
        # What TensorFlow says of its operations are shapes and places in its source.
        is_inner = isinstance(error, tf.errors.OpError)
        why = "" if is_inner and layer is not None else f": {reason(error)}"
        raise NotCausalError(f"{who} does not run on {steps}{why}") from error
    finally:
        if filters:
            keras.config.enable_traceback_filtering()


def _without_a_step(model):
    """The first layer that gives no step for one step; None where that is not known."""
    for layer in model.layers:
        # Of others it is not known what they do to the length, and whether they say so.
        if not type(layer).__module__.startswith("keras."):
            continue
        try:
            shape = layer.input.shape
        except (AttributeError, ValueError):  # It is called more than once.
            continue
        if isinstance(layer.input, list) or len(shape) < 3 or shape[1] is not None:
            continue
        try:
            steps = layer.compute_output_shape((1, 1, *shape[2:]))[1]
        except ValueError:  # Less than none.
            steps = 0
        if steps == 0:
            return layer
    return None


def _failing_layer(model, error):
    """The layer in which an error was raised; None where that is not known."""
    objects = [frame.f_locals.get("self") for frame, _ in traceback.walk_tb(error.__traceback__)]
    layers = [layer for layer in cells_within(model, keras.Layer) if layer is not model]
    found = [layer for one in objects for layer in layers if layer is one]
    # Of an operation that fails in a graph there is a path, of the names of the layers around it.
    nodes = re.findall(r"node:? '?([\w./]+)", str(error))
    parts = [part for node in nodes for part in node.split("/")]
    found = found or [layer for part in parts for layer in layers if layer.name == part]
    found = [layer for layer in found if not isinstance(layer, keras.Model)]
    return found[-1] if found else None
