"""A conversion to TF Lite: graphs of each form, and inputs to compare and time them on."""

import numbers
import time as clock

import numpy as np
import tensorflow as tf

from kerasgates.export.runtimes import in_batches
from kerasgates.export.samples import MOST
from kerasgates.export.source import (
    SIZES,
    LoopRunner,
    call,
    compare,
    difference,
    lengths,
    mean_difference,
    names_of,
    output_names,
    random_inputs,
    recurrent_layers,
    run,
    tolerance_of,
    trials,
)
from kerasgates.export.stepwise import Stepwise
from kerasgates.export.to_litert import fused_lstm
from kerasgates.loops.streaming import NotCausalError

#: Tolerances of quantised files: root mean square difference, in units of the largest output.
QUANTIZED = {None: 0.0, "float16": 2e-3, "dynamic": 5e-2, "int8": 5e-2}
#: About how many of their steps are used to measure the ranges of `step`.
EXAMPLES = 1000


class Job:
    """One conversion: a model, its quantisation and representative data, and fixed sizes."""

    def __init__(self, source, quantize, samples, batch_size, time):
        self.source, self.quantize, self.samples = source, quantize, samples
        self.batch_size = _positive("batch_size", batch_size)
        own = lengths(source)
        if own and time is not None and {*own} != {time}:
            raise ValueError(
                f"Argument `time` must be left out for a model whose sequences have {own} steps. "
                f"Received: time={time!r}"
            )
        self.time = max(own) if own else _positive("time", time)
        length = length_of(source, samples) if samples else None
        if length not in (None, self.time or length):
            raise ValueError(
                f"Argument `representative_data` must have sequences of {self.time} steps, as "
                f"`time` says. Received: {length} steps"
            )
        self.stepwise = None
        whys = [(layer, fused_lstm.why_not(layer)) for layer in recurrent_layers(source)]
        self.fusable = [layer for layer, why in whys if why is None]
        self.not_fused = [f"{layer.name}: {why}" for layer, why in whys if why]
        self.tolerance = max(tolerance_of(source), QUANTIZED[quantize])
        self.measure = mean_difference if quantize else difference
        self.rng = np.random.default_rng(0)

    def make_stepwise(self, kind):
        try:
            self.stepwise = Stepwise(self.source)
        except NotCausalError as error:
            wanted = '`kind` must not be "step"'
            if kind != "step":
                wanted = '`signature` must be "sequence"'
            raise ValueError(
                f"Argument {wanted} for a model that cannot run step by step: {error}"
            ) from error
        if self.quantize == "int8" and self.stepwise.length(self.samples) < 2:
            raise ValueError(
                "Argument `representative_data` must have sequences of two or more steps for the "
                "int8 form of `step`: in the first, no state has a range. Received: 1 step"
            )

    @property
    def has_init(self):
        """Whether a file with `step` needs `init`: where some state does not begin as zeros."""
        return self.stepwise is not None and any(a.any() for a in self.stepwise.first.values())

    def batch_of(self, kind):
        """Batch size that a kind fixes; None for any."""
        # The fused operator's memory has a fixed size. Quantising, zeros of a size not yet known
        # are no constants, and a product with them gets a scale that XNNPACK refuses.
        needed = kind == "fused" or (kind == "unrolled" and self.quantize == "int8")
        return self.batch_size or (1 if needed else None)

    def names(self, signature):
        """Names of inputs and of outputs by signature, in the order of the model."""
        named = {}
        if signature != "step":
            named["serving_default"] = names_of(self.source.inputs), output_names(self.source)
        if signature != "sequence":
            states = list(self.stepwise.states)
            named["step"] = [*self.stepwise.inputs, *states], [*self.stepwise.outputs, *states]
            if self.has_init:
                named["init"] = ["batch_size"], states
        return named

    def functions(self, kind, signature):
        """Concrete functions by signature."""
        made = {}
        if signature != "step":
            made["serving_default"] = self._whole(kind)
        if signature != "sequence":
            specs = {**self.stepwise.inputs, **self.stepwise.states}
            if self.batch_size:
                specs = {
                    name: tf.TensorSpec((self.batch_size, *spec.shape[1:]), spec.dtype, name)
                    for name, spec in specs.items()
                }
            step = tf.function(self.stepwise.step, autograph=False)
            made["step"] = step.get_concrete_function(**specs)
            if self.has_init:
                made["init"] = self._init()
        return made

    def _whole(self, kind):
        names, outputs = names_of(self.source.inputs), output_names(self.source)
        specs = {}
        for name, tensor in zip(names, self.source.inputs):
            shape = [self.batch_of(kind), *tensor.shape[1:]]
            if len(shape) > 1 and shape[1] is None:
                shape[1] = self.time
            specs[name] = tf.TensorSpec(shape, tensor.dtype, name)

        def loop_of(layer):
            legal = kind == "fused" and any(layer is one for one in self.fusable)
            return fused_lstm.fused_loop if legal else "dense"

        def whole(**inputs):
            ordered = [inputs[name] for name in names]
            runner = LoopRunner(loop_of, unroll=kind == "unrolled")
            return dict(zip(outputs, run(self.source, ordered, runner=runner)))

        return tf.function(whole, autograph=False).get_concrete_function(**specs)

    def _init(self):
        # Where the size is fixed they are constants: not all runtimes take tensors of open sizes.
        def init(batch_size):
            return self.stepwise.init(self.batch_size or batch_size)

        size = tf.TensorSpec((), "int32", "batch_size")
        return tf.function(init, autograph=False).get_concrete_function(size)

    def representative(self, signature):
        """Lists of inputs by name for each signature, as the quantiser reads them."""
        names, batch = names_of(self.source.inputs), self.batch_size or 1
        rows = [_rows(self.samples, n, batch) for n in range(min(len(self.samples[0]), MOST))]
        examples = {}
        if signature != "step":
            examples["serving_default"] = [dict(zip(names, row)) for row in rows]
        if signature != "sequence":
            examples["step"] = [
                {name: np.repeat(value, batch, axis=0) for name, value in named.items()}
                for named in self.stepwise.examples(self.samples, EXAMPLES)
            ]
            if self.has_init:
                examples["init"] = [{"batch_size": np.int32(batch)}]
        return examples

    def compare(self, interpreter, kind, signature):
        """The largest difference from Keras over the signatures of a file."""
        largest, what = 0.0, f"the {kind} form"
        if signature != "step":
            invoke = _runner(interpreter, "serving_default", self.batch_of(kind))
            names, order = names_of(self.source.inputs), output_names(self.source)
            for arrays in self._trials(kind):
                for _ in range(2):  # Twice, to see that nothing is left of the first time.
                    outputs = invoke(**dict(zip(names, arrays)))
                    got = [outputs[name] for name in order]
                    distance = compare(
                        self.source, arrays, got, what, self.tolerance, measure=self.measure
                    )
                    largest = max(largest, distance)
        if signature != "sequence":
            distance = self.stepwise.compare(
                _runner(interpreter, "step", self.batch_size),
                lambda batch: self._first_states(interpreter, batch),
                "the step",
                self.tolerance,
                arrays=self._typical(self.batch_size),
                size=(self.batch_size or 5, 7),
                measure=self.measure,
            )
            largest = max(largest, distance)
        return largest

    def _first_states(self, interpreter, batch):
        """States before the first step, as whoever has nothing but the file knows them."""
        if self.has_init:
            init = _runner(interpreter, "init", None)
            if not self.batch_size:
                return init(batch_size=np.int32(batch))
            states = init(batch_size=np.int32(self.batch_size))
            return {k: np.tile(v, (batch // len(v), 1)) for k, v in states.items()}
        sizes = {name: (batch, *spec.shape[1:]) for name, spec in self.stepwise.states.items()}
        return {
            name: np.zeros(size, self.stepwise.states[name].dtype.as_numpy_dtype)
            for name, size in sizes.items()
        }

    def _trials(self, kind):
        """Inputs of several sizes; representative data where given, as int8 fits no other."""
        fixed = self.batch_of(kind)
        if self.samples:
            typical = self._typical(fixed)
            return [typical] if self.time else [typical, *self._shorter(typical)]
        sizes = {(fixed or batch, self.time or time) for batch, time in SIZES}
        return list(trials(self.source, sorted(sizes), self.rng))

    def _typical(self, multiple):
        """Representative data in whole batches of size `multiple`; None if there is none."""
        if not self.samples:
            return None
        multiple = multiple or 1
        return _rows(self.samples, 0, -(-min(MOST, len(self.samples[0])) // multiple) * multiple)

    def _shorter(self, arrays):
        """The first halves of sequences of any length, in a list.

        It is empty where lengths are fixed, or the model cannot read that few steps. Of all
        sequences, as their largest output is the unit of differences.
        """
        halves = [
            array[:, : -(-array.shape[1] // 2)] if _is_open(tensor) else array
            for array, tensor in zip(arrays, self.source.inputs)
        ]
        if not any(map(_is_open, self.source.inputs)):
            return []
        try:
            call(self.source, halves)
        except (tf.errors.OpError, ValueError):
            return []
        return [halves]

    def milliseconds(self, interpreter, kind, signature):
        """Time of one call, batch 1 unless it is fixed."""
        if signature == "step":
            name = "step"
            states = self.stepwise.init(self.batch_size or 1)
            rows = random_inputs(self.stepwise.model, self.batch_size or 1, 1, self.rng)
            fed = dict(zip(self.stepwise.inputs, self.stepwise.at(rows, 0)))
            fed |= {key: value.numpy() for key, value in states.items()}
        else:
            name = "serving_default"
            size = (self.batch_of(kind) or 1, self.time or 50)
            arrays = next(trials(self.source, [size], self.rng))
            fed = dict(zip(names_of(self.source.inputs), arrays))
        invoke = interpreter.get_signature_runner(name)
        seconds = []
        for _ in range(30):
            start = clock.perf_counter()
            invoke(**fed)
            seconds.append(clock.perf_counter() - start)
        # The least, not the median: what else runs on the machine only ever adds.
        return 1e3 * min(seconds)


def _runner(interpreter, signature, batch_size):
    """A signature as a function of any number of whole batches."""
    return in_batches(interpreter.get_signature_runner(signature), batch_size)


def length_of(source, samples):
    """The length of samples for inputs whose length is open; None where there is none."""
    open_ones = [a for a, tensor in zip(samples, source.inputs) if _is_open(tensor)]
    return open_ones[0].shape[1] if open_ones else None


def _is_open(tensor):
    """Whether an input has an axis of time of any length."""
    return len(tensor.shape) > 1 and not tensor.shape[1]


def _positive(name, value):
    whole = isinstance(value, numbers.Integral) and not isinstance(value, bool)
    if value is not None and not (whole and value > 0):
        raise ValueError(f"Argument `{name}` must be a positive int or None. Received: {value!r}")
    return value if value is None else int(value)


def _rows(arrays, first, count):
    """`count` rows of each array from `first` on, from the beginning again where it ends."""
    at = (first + np.arange(count)) % len(arrays[0])
    return [array[at] for array in arrays]
