"""SavedModels that any TensorFlow serves: whole sequences, and one step at a time."""

from __future__ import annotations

import logging

import keras
import numpy as np
import tensorflow as tf

from kerasgates.export import source
from kerasgates.export.loaders import write_order
from kerasgates.export.prepare import prepare
from kerasgates.export.report import (
    Report,
    failing_as_export_error,
    readable,
    size_of,
)
from kerasgates.export.source import (
    SIZES,
    LoopRunner,
    call,
    compare,
    difference,
    has_time,
    names_of,
    output_names,
    random_inputs,
    random_mask,
    tolerance_of,
    trials,
)
from kerasgates.export.stepwise import Stepwise
from kerasgates.loops.streaming import NotCausalError
from kerasgates.utils.files import atomic_write, check_path
from kerasgates.utils.types import Model, PathLike

logger = logging.getLogger("kerasgates")

#: Sizes that batches and lengths are padded to for XLA, which compiles for each size once.
BUCKETS = [1, *(n for k in range(1, 30) for n in (2**k, 3 * 2 ** (k - 1)))]


def saved_model(model: Model, path: PathLike, streaming: bool = True, jit: bool = False) -> Report:
    """Write a SavedModel that needs nothing but TensorFlow, and has no hidden state.

        >>> report = kg.export.saved_model(model, "served")
        >>> [*report.signatures]
        ['serving_default', 'masked', 'init', 'step']

    Its signatures:

    * `serving_default(<inputs>) -> <outputs>`: whole sequences, of any batch size and length.
    * `masked(<input>, mask) -> <outputs>`: with booleans `(batch, time)`, False where a step does
      not count; where the model has one input that such a mask has an effect on.
    * `init(batch_size) -> <states>` and `step(<inputs>, <states>) -> <outputs>, <states>`, where
      the model is causal: one step, inputs and outputs without the time axis. The states
      `<layer>_<state>` `(batch, entries)` are in the client's hands, so that any number
      of clients share one model.

    Outputs have the keys by which the model gives them, or else the names of their layers. With one
    input `keras.layers.TFSMLayer(path, call_endpoint="serving_default")` takes a tensor.

    A stateful model is exported without its state; a client that wants it uses `step`. Stock
    Keras recurrent layers are exported as ours (see `kerasgates.upgrade`).

    A model or layer of a class of your own, which may make recurrent layers for itself, needs no
    `get_config`: it is then run as it is, by our loops where it can be. A model that is neither
    sequential nor functional must have been called; it is taken to be for any length if it runs
    on another than that.

    Without `jit` it is also what `tf.lite.TFLiteConverter.from_saved_model` takes. The price is a
    loop that copies all outputs at every step: for thousands of steps use `jit=True`.

    Args:
        model: a built Keras model with a recurrent layer, and finite weights.
        path: folder to write; an empty one, or one with a SavedModel, is replaced, unless it is
            the current folder or a mount point.
        streaming: whether to write `init` and `step`.
        jit: whether XLA compiles what is run. It does so once for each size of batch and length,
            so these are padded up to the next of 1, 2, 3, 4, 6, 8, 12, 16, 24, …; where
            a model gives other outputs when padded, each new size is compiled.

    Returns:
        A `Report`, with the shapes of all inputs and outputs in `signatures`.

    Raises:
        ValueError: if an argument has an impossible value.
        ExportError: if what was written does not agree with Keras, or a layer calls Python or
            draws random numbers; then nothing is there.
    """
    check_path(path, folder=True)
    ready = prepare(model)
    report = Report(str(path), "SavedModel", "compiled by XLA" if jit else "graph")
    stepwise = None
    with atomic_write(path, True) as new, failing_as_export_error("Exporting to a SavedModel"):
        logger.info("SavedModel: tracing whole sequences")
        archive = keras.export.ExportArchive()
        archive.track(ready)
        specs = _add_whole(archive, ready, jit, report)
        if streaming:
            logger.info("finding out whether the model runs step by step")
            try:
                stepwise = Stepwise(ready)
            except NotCausalError as error:
                report.notes.append(f"no `init` and `step`: {error}")
            else:
                archive.track(stepwise.model)
                _add_stepwise(archive, stepwise, jit, report)
        archive.write_out(str(new), verbose=False)
        write_order(new, specs, output_names(ready))
        report.bytes = size_of(new)
        logger.info("comparing %s with Keras", readable(report.bytes))
        served = tf.saved_model.load(str(new))
        report.difference = _compare(served, ready, specs, stepwise)
    return report


def _add_whole(archive, model, jit, report):
    """Add `serving_default`, and `masked` where it differs; returns the TensorSpecs by name."""
    names, outputs = names_of(model.inputs), output_names(model)
    specs = {n: tf.TensorSpec(t.shape, t.dtype, n) for n, t in zip(names, model.inputs)}

    def run(inputs, mask=None):
        # A loop that TensorFlow's own converter to TF Lite takes, too; what XLA compiles as a
        # whole needs none that compiles itself.
        return source.run(model, inputs, mask, LoopRunner("keras" if jit else "dense"))

    if jit:
        run = _compiled(run, model, report)

    def whole(**inputs):
        return dict(zip(outputs, run([inputs[name] for name in names])))

    def masked(mask, **inputs):
        return dict(zip(outputs, run([inputs[name] for name in names], mask)))

    _add(archive, report, "serving_default", whole, specs)
    if len(names) == 1 and names != ["mask"] and _feels_mask(model, report):
        mask = tf.TensorSpec(model.inputs[0].shape[:2], "bool", "mask")
        _add(archive, report, "masked", masked, {**specs, "mask": mask})
    return specs


def _add(archive, report, name, function, specs):
    """Add an endpoint with named inputs; its shapes go into the report.

    As a function of the loaded object it takes a dict; where there is one input, perhaps with a
    mask, a tensor as well, as `keras.layers.TFSMLayer` in a sequential model gives it.
    """
    # Traced once, whatever the endpoint then takes.
    whole = tf.function(lambda *values: function(**dict(zip(specs, values))), autograph=False)
    concrete = whole.get_concrete_function(*specs.values())

    # A dict, as Keras makes small letters of the names of arguments.
    def endpoint(inputs, *mask):
        values = map(inputs.get, specs) if isinstance(inputs, dict) else (inputs, *mask)
        return concrete(*values)

    def with_mask(inputs, mask=None):
        return endpoint(inputs, mask)

    _, *others = specs
    traced = tf.function(with_mask if others == ["mask"] else endpoint, autograph=False)
    if others in ([], ["mask"]):
        # The first trace is the one of the signature.
        traced.get_concrete_function(*specs.values())
    traced.get_concrete_function(specs)
    archive.add_endpoint(name, traced)
    outputs = concrete.structured_outputs
    report.signatures[name] = tuple(
        {key: tuple(value.shape) for key, value in named.items()} for named in (specs, outputs)
    )


def _add_stepwise(archive, stepwise, jit, report):
    step = tf.function(stepwise.step, jit_compile=True) if jit else stepwise.step
    size = tf.TensorSpec((), "int32", "batch_size")
    _add(archive, report, "init", stepwise.init, {"batch_size": size})
    _add(archive, report, "step", step, {**stepwise.inputs, **stepwise.states})


def _feels_mask(model, report):
    """Whether a mask `(batch, time)` of the input changes the outputs by more than rounding."""
    if len(model.inputs[0].shape) < 2:
        return False
    rng, feels, rounding = np.random.default_rng(0), False, tolerance_of(model) / 10
    for arrays in trials(model, SIZES, rng):
        mask = tf.constant(random_mask(*arrays[0].shape[:2], rng))
        try:
            with_mask = call(model, arrays, mask)
        except (ValueError, tf.errors.OpError):
            # In a TimeDistributed, for instance, the time that is masked is not the inner layer's.
            report.notes.append("no `masked`: a layer of the model takes no mask (batch, time)")
            return False
        # This way round: what is no number with a mask, and one without, is felt.
        feels |= not difference(call(model, arrays), with_mask, "a mask") <= rounding
    return feels


def _compiled(run, model, report):
    """`run` compiled by XLA; inputs are padded to a few sizes where that changes no output."""
    compiled = tf.function(run, jit_compile=True, autograph=False)

    def padded(inputs, mask=None):
        shape = tf.shape(inputs[0])
        batch, time = shape[0], shape[1]
        rows, steps = _bucket(batch), _bucket(time)
        here = tf.sequence_mask(tf.repeat(time, rows), steps)
        if mask is not None:
            here = here & tf.pad(mask, [[0, rows - batch], [0, steps - time]])
        grown = [
            tf.pad(x, [[0, rows - batch], [0, steps - time], *[[0, 0]] * (x.shape.rank - 2)])
            for x in inputs
        ]
        return [
            y[:batch, :time] if len(t.shape) > 1 and t.shape[1] is None else y[:batch]
            for y, t in zip(compiled(grown, here), model.outputs)
        ]

    if has_time(model) and len(model.inputs) == 1:
        arrays = random_inputs(model, 3, 5, np.random.default_rng(0))
        mask = random_mask(3, 5, np.random.default_rng(0))
        try:
            for given in (None, tf.constant(mask)):
                got = [y.numpy() for y in padded([tf.constant(a) for a in arrays], given)]
                compare(model, arrays, got, "padding", tolerance_of(model), given)
        except (RuntimeError, ValueError, tf.errors.OpError):
            pass
        else:
            report.notes.append("batch and length are padded to 1, 2, 3, 4, 6, 8, 12, 16, …")
            return padded
    report.notes.append("XLA compiles once for each size of batch and length that it meets")
    return compiled


def _bucket(size):
    table = tf.constant(BUCKETS)
    return table[tf.searchsorted(table, tf.reshape(size, (1,)))[0]]


def _compare(served, model, specs, stepwise):
    """Largest difference of the loaded SavedModel from Keras, over all its signatures."""
    rng, tolerance, largest = np.random.default_rng(0), tolerance_of(model), 0.0
    whole, order = served.signatures["serving_default"], output_names(model)
    for arrays in trials(model, SIZES, rng):
        fed = {name: tf.constant(array) for name, array in zip(specs, arrays)}
        outputs = whole(**fed)
        got = [outputs[name].numpy() for name in order]
        largest = max(largest, compare(model, arrays, got, "the SavedModel", tolerance))
        if "masked" in served.signatures:
            mask = tf.constant(random_mask(*arrays[0].shape[:2], rng))
            outputs = served.signatures["masked"](**fed, mask=mask)
            got = [outputs[name].numpy() for name in order]
            distance = compare(model, arrays, got, "its masked run", tolerance, mask)
            largest = max(largest, distance)
    if stepwise is not None:
        step, init = served.signatures["step"], served.signatures["init"]

        def run_step(**named):
            return step(**{name: tf.constant(value) for name, value in named.items()})

        def run_init(batch):
            return init(batch_size=tf.constant(batch))

        distance = stepwise.compare(run_step, run_init, "the SavedModel's `step`", tolerance)
        largest = max(largest, distance)
    return largest
