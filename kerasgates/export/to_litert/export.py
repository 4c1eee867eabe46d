"""TF Lite / LiteRT files in built-in operators only, for every cell."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from typing import Any, Literal

from kerasgates.export.prepare import check_no_tables, prepare
from kerasgates.export.report import (
    ExportError,
    Report,
    failing_as_export_error,
    readable,
    reason,
)
from kerasgates.export.runtimes import check_ending
from kerasgates.export.samples import arrays_of
from kerasgates.export.source import recurrent_layers, tolerance_of
from kerasgates.export.to_litert import flatbuffer, fused_lstm
from kerasgates.export.to_litert.converter import convert
from kerasgates.export.to_litert.flatbuffer import interpreter_of
from kerasgates.export.to_litert.job import QUANTIZED, Job, length_of
from kerasgates.utils.files import atomic_write, check_path
from kerasgates.utils.types import Inputs, Model, PathLike

logger = logging.getLogger("kerasgates")

KINDS = ("auto", "fused", "loop", "unrolled", "step")
SIGNATURES = ("sequence", "step", "both")
#: Sequences up to this length are tried unrolled by "auto": conversion takes longer by each step.
LONGEST_UNROLLED = 32
#: A form is preferred to a later one as long as it is not slower than this factor.
MARGIN = 1.2
#: Notes on runtimes that refuse fused operators, or compute them wrongly.
FUSED_NOTE = (
    "fused operators hold variable tensors: LiteRT's Interpreter takes them, its CompiledModel, "
    'LiteRT.js and OpenVINO refuse them; kind="loop" makes a file for these'
)
MICRO_NOTE = (
    "LiteRT for Microcontrollers gives NaN for fused operators with int8 weights: for it, take "
    'kind="step" with quantize="int8", or leave out `quantize`'
)


def litert(
    model: Model,
    path: PathLike,
    kind: Literal["auto", "fused", "loop", "unrolled", "step"] = "auto",
    quantize: Literal["float16", "dynamic", "int8"] | None = None,
    representative_data: Inputs | Iterable[Any] | Callable[[], Any] | None = None,
    signature: Literal["sequence", "step", "both"] = "sequence",
    *,
    batch_size: int | None = None,
    time: int | None = None,
) -> Report:
    """Write a TF Lite file that runs in plain LiteRT, without Flex operators.

        >>> report = kg.export.litert(model, "model.tflite", kind="loop")
        >>> report.kind, report.difference < 1e-5
        ('loop', True)

    Its signatures, as `Interpreter.get_signature_runner(name)` gives them:

    * `serving_default(<inputs>) -> <outputs>`: whole sequences. Every call begins afresh.
    * `step(<inputs>, <states>) -> <outputs>, <states>`: one step, inputs and outputs without the
      time axis, for causal models. States `<layer>_<state>` `(batch, entries)` begin as zeros;
    * `init(batch_size) -> <states>`: what they begin as, in a file with `step` of a model of which
      some state begins otherwise.

    How whole sequences are run (`kind`):

    * `"fused"`: one UNIDIRECTIONAL_SEQUENCE_LSTM per layer and direction: LSTM, with peepholes,
      coupled gates, projection, without forget or output gate, and tanh and sigmoid; layers
      that are not, or get a mask, run as `"loop"`. The batch size is fixed, 1 unless given. The
      operator holds variable tensors: LiteRT's Interpreter takes it, its CompiledModel, LiteRT.js
      and OpenVINO refuse it. For these use `"loop"`.
    * `"loop"`: one WHILE per layer and direction; any cell, batch size and length.
    * `"unrolled"`: no control flow; the length is fixed, and the file grows with it.
    * `"step"`: no sequences, only the signature `step`.
    * `"auto"`: what is legal is made and measured here; the first of fused, loop and unrolled
      that takes at most 1.2 times as long as the fastest is kept; with `quantize` the smallest
      of these. For LSTM it is mostly `"fused"`.

    LiteRT for Microcontrollers takes `"fused"` without `quantize`, of LSTM without peepholes,
    coupling and projection; and with `batch_size=1` `"unrolled"` and `"step"`, in int8 or not
    quantised.

    A model with mixed precision is exported as it computes in float32, with the same weights. Of
    models and layers of a class of your own see `saved_model`.

    This is also the way out where TensorFlow's own converter says `TensorListReserve …
    element_shape`: any layer in Keras's own loop with a free batch size, as a cell of ours in
    `keras.layers.RNN`. With `kerasgates.RNN`, or a fixed batch size, that converter takes it, too.

    Args:
        model: a built Keras model with a recurrent layer, ours or stock Keras.
        path: `.tflite` file to write; one that exists is replaced.
        kind: `"auto"`, `"fused"`, `"loop"`, `"unrolled"` or `"step"`.
        quantize: None; `"float16"` weights; `"dynamic"`, int8 weights; or `"int8"`, weights
            and activations. Inputs and outputs stay float32. int8 runs unrolled or stepwise.
            Matrices of fewer than 1024 entries stay as they are in `"dynamic"`. LiteRT for
            Microcontrollers gives NaN for fused operators with int8 weights.
        representative_data: with `quantize`, typical inputs `(samples, time, features)`; a list
            or dict with an array per input where the model has several; a `tf.data.Dataset`, a
            generator, or a function that returns one, of samples or batches of one length, of
            which 100 samples are taken. `"int8"` needs them, to measure ranges; those of
            `step` need sequences of two or more steps. The file is compared with Keras on them,
            and on their first halves where it takes any length; without, on random numbers.
        signature: `"sequence"`, `"step"` or `"both"`.
        batch_size: fix the batch size; None for any, where the kind can.
        time: fix the length of sequences; None for any, the model's own, or in int8 that of
            `representative_data`.

    Returns:
        A `Report`, with the shapes of all inputs and outputs in `signatures`.

    Raises:
        ValueError: if an argument has an impossible value.
        ExportError: if nothing could be made that agrees with Keras; then no file is written.
    """
    check_path(path)
    check_ending(path, ".tflite")
    _check_choice("kind", kind, KINDS)
    _check_choice("signature", signature, SIGNATURES)
    _check_choice("quantize", quantize, tuple(QUANTIZED))
    _check_together(kind, quantize, representative_data, signature)
    signature = "step" if kind == "step" else signature
    source = prepare(model, single_precision=True)
    _check_precision(source)
    check_no_tables(source, "LiteRT")
    samples = _samples(source, quantize, representative_data)
    if quantize == "int8" and time is None and kind in ("auto", "unrolled"):
        time = length_of(source, samples)
    job = Job(source, quantize, samples, batch_size, time)
    if signature != "sequence":
        job.make_stepwise(kind)
    candidates = _candidates(job, kind, signature)
    with atomic_write(path) as new, failing_as_export_error("Exporting to LiteRT"):
        content, report = _best(job, candidates, signature)
        new.write_bytes(content)
        report.path, report.bytes = str(path), len(content)
    if tolerance_of(model) > tolerance_of(source):
        report.notes.append("computes in float32, the model in mixed precision")
    return report


def _check_choice(name, value, allowed):
    if value not in allowed:
        choices = ", ".join(map(repr, allowed))
        raise ValueError(f"Argument `{name}` must be one of {choices}. Received: {name}={value!r}")


def _check_together(kind, quantize, data, signature):
    """Raise where two arguments contradict each other."""
    if kind == "step" and signature == "both":
        raise ValueError(
            'Argument `kind` must be one of whole sequences for signature="both". '
            'Received: kind="step"'
        )
    if signature == "step" and kind not in ("auto", "step"):
        raise ValueError(
            f'Argument `kind` must be "auto" or "step" for signature="step". Received: {kind=}'
        )
    if data is not None and quantize is None:
        raise ValueError(
            "Argument `representative_data` must be left out where nothing is quantised. "
            "Received: quantize=None"
        )


def _check_precision(source):
    dtypes = {layer.compute_dtype for layer in recurrent_layers(source)} - {"float32"}
    if dtypes:
        raise ValueError(
            "Argument `model` must have float32 weights: LiteRT computes in float32. "
            f"Received: {source.name!r} with recurrent layers in {', '.join(sorted(dtypes))}"
        )


def _samples(source, quantize, data):
    """Representative data as a list of arrays, one per input; None where there is none."""
    if data is None and quantize != "int8":
        return None
    if data is None:
        raise ValueError(
            'Argument `representative_data` must be given for quantize="int8": some typical '
            f"inputs {[tuple(t.shape) for t in source.inputs]}, by which ranges are measured"
        )
    return arrays_of(source, data, "representative_data")


def _candidates(job, kind, signature):
    """Kinds to try; raises where the requested one is impossible."""
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
                f'loops crash TF Lite\'s quantiser and with it the process. Received: kind="{kind}"'
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


def _why(error, quantize):
    """Reason, as text, why a file of some kind could not be made."""
    text = str(error) if isinstance(error, ExportError) else f"failed: {reason(error)}"
    if quantize == "int8":
        text += (
            ' (quantize="dynamic" is more exact and needs no data; in int8, a step that is masked '
            "or the same in all of `representative_data` has no range)"
        )
    return text


def _best(job, kinds, signature):
    """The content and report of the fastest candidate that agrees with Keras."""
    made, rows, errors = {}, [], {}
    for number, kind in enumerate(kinds, 1):
        logger.info("LiteRT, form %d of %d: converting as %s", number, len(kinds), kind)
        try:
            file = _make(job, kind, signature)
            # Parsed once: the content of a large model takes Python a while.
            content = flatbuffer.dump(file)
            logger.info("comparing %s with Keras", readable(len(content)))
            interpreter = interpreter_of(content)
            report = Report("", "LiteRT", kind, len(content))
            if job.quantize:
                data = "representative data" if job.samples else "random input"
                report.measured = f"root mean square difference from Keras on {data}"
            report.difference = job.compare(interpreter, kind, signature)
            report.operators = flatbuffer.operators(file)
            report.signatures = _signatures(interpreter_of(content), file)
            report.notes = _notes(job, report, signature, flatbuffer.is_quantized(file))
            milliseconds = job.milliseconds(interpreter, kind, signature)
        except Exception as failure:
            errors[kind] = error = _why(failure, job.quantize)
            rows.append({"form": kind, "size": "", "ms": "", "": f"no: {error}"})
        else:
            made[kind] = (milliseconds, content, report)
            rows.append(
                {"form": kind, "size": readable(len(content)), "ms": f"{milliseconds:.3f}", "": ""}
            )
    if not made:
        raise ExportError("; ".join(f"{kind}: {error}" for kind, error in errors.items()))
    content, report = _choose_form(made.values(), smallest=job.quantize is not None)
    for row in rows:
        if row["form"] == report.kind:
            row[""] = "kept"
    report.tried = rows if len(kinds) > 1 else []
    return content, report


def _choose_form(made, smallest):
    """Content and report of the first form whose time is within `MARGIN` of the fastest.

    They come in the order in which they were tried, the simpler first. With `smallest` it is the
    smallest file of those within the margin: whoever quantises wants a small one.

    Args:
        made: tuples of milliseconds, content and report.
        smallest: whether the size of the file decides.
    """
    fastest = min(milliseconds for milliseconds, *_ in made)
    fast = [
        (content, report)
        for milliseconds, content, report in made
        if milliseconds <= MARGIN * fastest
    ]
    return min(fast, key=lambda one: len(one[0])) if smallest else fast[0]


def _make(job, kind, signature):
    """A file in the object form of its schema, in built-in operators only."""
    samples = job.representative(signature) if job.quantize == "int8" else None
    functions = job.functions(kind, signature)
    tracked = [job.source, job.stepwise.model if job.stepwise else None]
    variables = [v.value for model in tracked if model is not None for v in model.variables]
    content = convert(functions, variables, job.quantize, samples, custom=kind == "fused")
    file = flatbuffer.load(content)
    if kind == "fused":
        fused_lstm.fuse(file, quantize_weights=job.quantize == "dynamic")
    flatbuffer.separate_outputs(file)
    for name, names in job.names(signature).items():
        flatbuffer.set_order(file, name, *names)
    if signature != "sequence" and job.has_init:
        flatbuffer.put_last(file, "init")
    flatbuffer.prune(file)
    operators = flatbuffer.operators(file)
    if kind == "fused" and fused_lstm.FUSED not in operators:
        raise ExportError("no layer could be fused: they get masks, or states from outside")
    foreign = [name for name in operators if name.startswith(("CUSTOM", "Flex"))]
    if foreign:
        raise ExportError(f"operators that plain LiteRT does not have: {', '.join(foreign)}")
    return file


def _notes(job, report, signature, quantized):
    """Remarks on a file for its report, as sentences."""
    notes = []
    if signature != "step" and job.batch_of(report.kind) and not job.batch_size:
        notes.append(f"the batch size is fixed at {job.batch_of(report.kind)} in this form")
    if report.kind == "fused":
        notes += [f"not fused, {reason}" for reason in job.not_fused]
        notes.append(FUSED_NOTE)
        if job.quantize == "dynamic" and quantized:
            notes.append(MICRO_NOTE)
    if report.kind == "unrolled":
        notes.append(f"the length is {job.time}: unrolled forms fix it")
    if signature != "sequence":
        begins = "as `init` gives them" if job.has_init else "as zeros"
        notes.append(f"states of `step` begin {begins}")
    if job.quantize == "dynamic" and not quantized:
        notes.append("nothing is quantised: no matrix of the model has 1024 entries or more")
    elif job.quantize:
        notes.append(f"quantised ({job.quantize}): {job.tolerance:g} from Keras would pass")
    return notes


def _signatures(interpreter, file):
    """Shapes of inputs and outputs by signature, in the order of the Keras model."""
    signatures = {}
    for name in interpreter.get_signature_list():
        runner = interpreter.get_signature_runner(name)
        details = runner.get_input_details(), runner.get_output_details()
        signatures[name] = tuple(
            {key: tuple(map(int, named[key]["shape_signature"])) for key in order}
            for order, named in zip(flatbuffer.order_of(file, name), details)
        )
    return signatures
