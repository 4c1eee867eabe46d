"""TF Lite / LiteRT files in built-in operators only, for every cell."""

import logging
import time as clock

import numpy as np
import tensorflow as tf

from kerasgates.export import flatbuffer, fused
from kerasgates.export.converter import convert
from kerasgates.export.flatbuffer import interpreter_of
from kerasgates.export.report import ExportError, Report, readable, written_whole
from kerasgates.export.source import (
    arrays_of,
    compare,
    names_of,
    output_names,
    prepare,
    random_inputs,
    recurrent_layers,
    run,
    tolerance_of,
)
from kerasgates.export.stepwise import Stepwise
from kerasgates.streaming import NotCausalError

logger = logging.getLogger("kerasgates")

KINDS = ("auto", "fused", "loop", "unrolled", "step")
SIGNATURES = ("sequence", "step", "both")
#: How far from Keras a quantised file may be, for outputs up to 1 in size.
QUANTIZED = {None: 0.0, "float16": 1e-2, "dynamic": 1e-1, "int8": 2.5e-1}
#: Sequences up to this length are tried unrolled by "auto": conversion takes longer by each step.
LONGEST_UNROLLED = 32
#: A form is preferred to a later one as long as it is not slower than this factor.
MARGIN = 1.2
#: Batches and lengths at which a file is compared with Keras, where these are not fixed.
SIZES = ((1, 1), (3, 7), (1, 50))


def litert(
    model,
    path,
    kind="auto",
    quantize=None,
    representative_data=None,
    signature="sequence",
    *,
    batch_size=None,
    time=None,
):
    """Write a TF Lite file that runs in plain LiteRT, without Flex operators.

    Its signatures, as `Interpreter.get_signature_runner(name)` gives them:

    * `serving_default(<inputs>) -> <outputs>`: whole sequences. Every call begins afresh.
    * `step(<inputs>, <states>) -> <outputs>, <states>`: one step, inputs and outputs without the
      time axis, for causal models. States `<layer>_<state>` `(batch, entries)` begin as zeros.

    How whole sequences are run (`kind`):

    * `"fused"`: one UNIDIRECTIONAL_SEQUENCE_LSTM per layer and direction: LSTM, with peepholes,
      coupled gates, projection, without forget or output gate, and tanh and sigmoid; layers
      that are not, or get a mask, run as `"loop"`. The batch size is fixed, 1 unless given.
    * `"loop"`: one WHILE per layer and direction; any cell, batch size and length.
    * `"unrolled"`: no control flow; the length is fixed, and the file grows with it.
    * `"step"`: no sequences, only the signature `step`.
    * `"auto"`: what is legal is made, and the fastest, measured here, is kept.

    Args:
        model: a built Keras model with a recurrent layer, ours or stock Keras.
        path: file to write; one that exists is replaced.
        kind: `"auto"`, `"fused"`, `"loop"`, `"unrolled"` or `"step"`.
        quantize: None; `"float16"` weights; `"dynamic"`, int8 weights; or `"int8"`, weights
            and activations. Inputs and outputs stay float32. int8 runs unrolled or stepwise.
        representative_data: for `"int8"`, typical inputs `(samples, time, features)`; a list with
            an array per input where the model has several.
        signature: `"sequence"`, `"step"` or `"both"`.
        batch_size: fix the batch size; None for any, where the kind can.
        time: fix the length of sequences; None for any, or the model's own.

    Returns:
        A `Report`.

    Raises:
        ValueError: if an argument has an impossible value.
        ExportError: if nothing could be made that agrees with Keras; then no file is written.
    """
    signature = "step" if kind == "step" else signature
    _check_choice("kind", kind, KINDS)
    _check_choice("signature", signature, SIGNATURES)
    _check_choice("quantize", quantize, tuple(QUANTIZED))
    source = prepare(model)
    samples = _samples(source, quantize, representative_data)
    if samples and time is None and kind in ("auto", "unrolled"):
        time = samples[0].shape[1] if samples[0].ndim > 1 else None
    job = _Job(source, quantize, samples, batch_size, time)
    if signature != "sequence":
        job.make_stepwise()
    with written_whole(path) as new:
        content, report = _best(job, _candidates(job, kind, signature), signature)
        new.write_bytes(content)
        report.path, report.bytes = str(path), len(content)
    return report


def _check_choice(name, value, allowed):
    if value not in allowed:
        choices = ", ".join(map(repr, allowed))
        raise ValueError(f"Argument `{name}` must be one of {choices}. Received: {name}={value!r}")


def _samples(source, quantize, data):
    """Representative data as a list of arrays, one per input; None where it is not needed."""
    if quantize != "int8":
        return None
    if data is None:
        raise ValueError(
            'Argument `representative_data` must be given for quantize="int8": some typical '
            f"inputs {[tuple(t.shape) for t in source.inputs]}, by which ranges are measured"
        )
    return arrays_of(source, data, "representative_data")


def _candidates(job, kind, signature):
    """The kinds to try, or raise where the one that is asked for cannot be."""
    if signature == "step":
        return ["step"]
    fixed = job.time is not None
    if kind == "unrolled" and not fixed:
        raise ValueError(
            'Argument `time` must be given for kind="unrolled", as the model does not fix the '
            "length of its input. Received: time=None"
        )
    if job.quantize == "int8":
        if kind in ("fused", "loop"):
            raise ValueError(
                f'Argument `kind` must be "unrolled", "step" or "auto" for quantize="int8": '
                f'TF Lite\'s quantiser dies of loops. Received: kind="{kind}"'
            )
        return ["unrolled"]
    if kind != "auto":
        if kind == "fused" and not job.fusable:
            raise ValueError(
                'Argument `kind` must not be "fused" for a model without a layer that the '
                f"fused operator computes: {'; '.join(job.not_fused)}"
            )
        return [kind]
    fused_too = ["fused"] if job.fusable else []
    unrolled_too = ["unrolled"] if fixed and job.time <= LONGEST_UNROLLED else []
    return [*fused_too, "loop", *unrolled_too]


class _Job:
    """What is converted, and under which conditions."""

    def __init__(self, source, quantize, samples, batch_size, time):
        self.source, self.quantize, self.samples = source, quantize, samples
        self.batch_size = _positive("batch_size", batch_size)
        own = source.inputs[0].shape[1] if len(source.inputs[0].shape) > 1 else None
        if own is not None and time not in (None, own):
            raise ValueError(
                f"Argument `time` must be {own}, the length that the model has. "
                f"Received: time={time!r}"
            )
        self.time = _positive("time", time) if own is None else own
        self.stepwise = None
        reasons = {layer.name: fused.why_not(layer) for layer in recurrent_layers(source)}
        self.fusable = [name for name, reason in reasons.items() if reason is None]
        self.not_fused = [f"{name}: {reason}" for name, reason in reasons.items() if reason]
        self.tolerance = max(tolerance_of(source), QUANTIZED[quantize])
        self.rng = np.random.default_rng(0)

    def make_stepwise(self):
        try:
            self.stepwise = Stepwise(self.source)
        except NotCausalError as error:
            raise ValueError(
                'Argument `signature` must be "sequence" for a model that cannot run step by '
                f"step: {error}"
            ) from error

    def batch_of(self, kind):
        """The batch size that a kind has; None for any."""
        # The fused operator's memory has a fixed size. Quantising, zeros of a size not yet known
        # are no constants, and a product with them gets a scale that XNNPACK refuses.
        needed = kind == "fused" or (kind == "unrolled" and self.quantize == "int8")
        return self.batch_size or (1 if needed else None)

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
        return made

    def _whole(self, kind):
        names, shown = names_of(self.source.inputs), output_names(self.source)
        specs = {}
        for name, tensor in zip(names, self.source.inputs):
            shape = [self.batch_of(kind), *tensor.shape[1:]]
            if len(shape) > 1 and shape[1] is None:
                shape[1] = self.time
            specs[name] = tf.TensorSpec(shape, tensor.dtype, name)
        for layer in recurrent_layers(self.source):
            legal = kind == "fused" and layer.name in self.fusable
            layer.loop = fused.fused_loop if legal else "dense"
            layer.unroll = kind == "unrolled"

        def whole(**inputs):
            ordered = [inputs[name] for name in names]
            return dict(zip(shown, run(self.source, ordered)))

        try:
            return tf.function(whole, autograph=False).get_concrete_function(**specs)
        finally:
            # Keras itself must not run in a loop that only TF Lite has.
            for layer in recurrent_layers(self.source):
                layer.loop, layer.unroll = "auto", False

    def representative(self, signature):
        """Lists of inputs by name for each signature, as the quantiser reads them."""
        count = len(self.samples[0])
        names = names_of(self.source.inputs)
        rows = [[a[n : n + 1] for a in self.samples] for n in range(min(count, 100))]
        shown = {}
        if signature != "step":
            shown["serving_default"] = [dict(zip(names, row)) for row in rows]
        if signature != "sequence":
            shown["step"] = list(self.stepwise.examples(self.samples, 200))
        return shown

    def compare(self, interpreter, kind, signature):
        """The largest difference from Keras over the signatures of a file."""
        largest, what = 0.0, f"the {kind} form"
        if signature != "step":
            invoke = interpreter.get_signature_runner("serving_default")
            names, shown = names_of(self.source.inputs), output_names(self.source)
            for arrays in self._trials(kind):
                for _ in range(2):  # Twice, to see that nothing is left of the first time.
                    given = invoke(**dict(zip(names, arrays)))
                    got = [given[name] for name in shown]
                    distance = compare(self.source, arrays, got, what, self.tolerance)
                    largest = max(largest, distance)
        if signature != "sequence":
            step = interpreter.get_signature_runner("step")
            distance = self.stepwise.compare(
                step,
                lambda batch: {k: v.numpy() for k, v in self.stepwise.init(batch).items()},
                "the step",
                self.tolerance,
                batch=self.batch_size or 3,
            )
            largest = max(largest, distance)
        return largest

    def _trials(self, kind):
        """Inputs of several sizes; with int8, which is only right for such data, the typical."""
        fixed = self.batch_of(kind)
        if self.samples:
            count = fixed or min(8, len(self.samples[0]))
            return [[a[:count] for a in self.samples]]
        sizes = {(fixed or batch, self.time or time) for batch, time in SIZES}
        return [random_inputs(self.source, *size, self.rng) for size in sorted(sizes)]

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
            arrays = random_inputs(self.source, self.batch_size or 1, self.time or 50, self.rng)
            fed = dict(zip(names_of(self.source.inputs), arrays))
        invoke = interpreter.get_signature_runner(name)
        taken = []
        for _ in range(30):
            start = clock.perf_counter()
            invoke(**fed)
            taken.append(clock.perf_counter() - start)
        # The least, not the median: what else runs on the machine only ever adds.
        return 1e3 * min(taken)


def _positive(name, value):
    if value is not None and (isinstance(value, bool) or int(value) != value or value < 1):
        raise ValueError(f"Argument `{name}` must be a positive int or None. Received: {value!r}")
    return value


def _best(job, kinds, signature):
    """The content and report of the fastest candidate that agrees with Keras."""
    made, rows, errors = {}, [], {}
    for number, kind in enumerate(kinds, 1):
        logger.info("LiteRT, form %d of %d: converting as %s", number, len(kinds), kind)
        try:
            content = _make(job, kind, signature)
            logger.info("comparing %s with Keras", readable(len(content)))
            interpreter = interpreter_of(content)
            report = Report("", "LiteRT", kind, len(content))
            report.difference = job.compare(interpreter, kind, signature)
            report.operators = flatbuffer.operators(content)
            report.signatures = _signatures(interpreter)
            taken = job.milliseconds(interpreter, kind, signature)
        except ExportError as error:
            errors[kind] = error
            rows.append({"form": kind, "size": "", "ms": "", "": f"no: {error}"})
        else:
            made[kind] = (taken, content, report)
            rows.append(
                {"form": kind, "size": readable(len(content)), "ms": f"{taken:.3f}", "": ""}
            )
    if not made:
        raise ExportError("; ".join(f"{kind}: {error}" for kind, error in errors.items()))
    # In the order in which they were tried the simpler comes first, and stays unless it is slower
    # by more than what a measurement says by chance.
    fastest = min(taken for taken, _, _ in made.values())
    content, report = next(rest for taken, *rest in made.values() if taken <= MARGIN * fastest)
    for row in rows:
        if row["form"] == report.kind:
            row[""] = "kept"
    report.tried = rows if len(kinds) > 1 else []
    report.notes = _notes(job, report, signature)
    return content, report


def _make(job, kind, signature):
    """Bytes of a file, in built-in operators only."""
    shown = job.representative(signature) if job.quantize == "int8" else None
    functions = job.functions(kind, signature)
    tracked = [job.source, job.stepwise.model if job.stepwise else None]
    variables = [v.value for model in tracked if model is not None for v in model.variables]
    content = convert(functions, variables, job.quantize, shown, custom=kind == "fused")
    if kind == "fused":
        content = fused.fuse(content, quantize_weights=job.quantize == "dynamic")
    foreign = [n for n in flatbuffer.operators(content) if n.startswith(("CUSTOM", "Flex"))]
    if foreign:
        raise ExportError(f"operators that plain LiteRT does not have: {', '.join(foreign)}")
    return content


def _notes(job, report, signature):
    notes = []
    if signature != "step" and job.batch_of(report.kind) and not job.batch_size:
        notes.append(f"the batch size is fixed at {job.batch_of(report.kind)} in this form")
    if report.kind == "fused":
        notes += [f"not fused, {reason}" for reason in job.not_fused]
    if report.kind == "unrolled":
        notes.append(f"the length is {job.time}: unrolled forms fix it")
    if signature != "sequence":
        notes.append("states of `step` begin as zeros")
    if job.quantize:
        notes.append(f"quantised ({job.quantize}): up to {job.tolerance:g} from Keras would pass")
    return notes


def _signatures(interpreter):
    shown = {}
    for name in interpreter.get_signature_list():
        runner = interpreter.get_signature_runner(name)
        shown[name] = tuple(
            {key: tuple(detail["shape_signature"]) for key, detail in details.items()}
            for details in (runner.get_input_details(), runner.get_output_details())
        )
    return shown
