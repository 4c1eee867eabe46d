"""Reference for exports: inputs to try a model on, its outputs, and distances from them."""

import contextlib
import warnings
import weakref

import keras
import numpy as np
import tensorflow as tf
from keras import ops, tree

from kerasgates import loops
from kerasgates.core._keras import cells_within, reason
from kerasgates.export import operations
from kerasgates.export.report import ExportError
from kerasgates.layers import RNN
from kerasgates.loops.runner import Runner, with_stock_layers
from kerasgates.loops.streaming import identifiers

#: Largest difference from Keras that passes, for outputs up to 1 in size, by precision.
TOLERANCE = {"float32": 1e-5, "float64": 1e-5, "float16": 1e-2, "bfloat16": 5e-2}
#: Batches and lengths at which what was written is compared with Keras, where these are free.
SIZES = ((1, 1), (5, 7), (2, 50))


def recurrent_layers(model):
    """All `kerasgates.RNN` layers in a model, however deep."""
    return cells_within(model, RNN)


class LoopRunner(Runner):
    """Runner of every recurrent layer by a loop of ours, whoever has made the layer.

    Args:
        loop: name of the loop, or a function of a layer that gives it.
        unroll: whether steps are laid out one after the other.
    """

    def __init__(self, loop="keras", unroll=False):
        self._loop_of = loop if callable(loop) else lambda layer: loop
        self._unroll = unroll

    def run(self, layer, sequences, states, mask):
        return loops.run(
            layer.cell,
            sequences,
            states,
            mask,
            loop=self._loop_of(layer),
            go_backwards=layer.go_backwards,
            unroll=self._unroll,
            zero_output_for_mask=layer.zero_output_for_mask,
            return_all_outputs=layer.return_sequences,
        )


def names_of(tensors):
    """The names of a model's inputs or outputs as identifiers, each different from the others."""
    return identifiers([tensor.name for tensor in tensors])


def output_names(model):
    """Names of the outputs, as `prepare` found them: keys of dicts, or else names of layers."""
    return identifiers(model.output_names)


def has_time(model):
    """Whether there is an input that is a sequence of any length."""
    return any(len(t.shape) > 1 and t.shape[1] is None for t in model.inputs)


def lengths(model):
    """The fixed lengths of the inputs that are sequences; none where a length is open.

    Where no axis is open, those are sequences that have features at each step, or are tokens.
    """
    if has_time(model):
        return []
    read = _read_by_embeddings(model)
    timed = [t for t in model.inputs if len(t.shape) > 2 or "int" in t.dtype or id(t) in read]
    return [t.shape[1] for t in timed if len(t.shape) > 1]


#: Which steps of a sequence are masked, in trials: none, a gap, the end, the beginning, all.
MASKED = (
    lambda time: slice(0, 0),
    lambda time: slice(time // 3, time // 2),
    lambda time: slice(time // 2, time),
    lambda time: slice(0, time // 2),
    lambda time: slice(0, time),
)


def random_inputs(model, batch, time, rng, first=0):
    """Random arrays that the model can read, one per input.

    Whole numbers stay within what an Embedding has; where the model masks a value, the rows have
    it at the steps of `MASKED`, one kind after the other from the kind `first` on.
    """
    embeddings = cells_within(model, keras.layers.Embedding)
    vocabulary = min((layer.input_dim for layer in embeddings), default=10)
    masked = masked_values(model)
    read = _read_by_embeddings(model)
    arrays = []
    for tensor in model.inputs:
        shape = [batch, *(time if n is None else n for n in tensor.shape[1:])]
        if "int" in tensor.dtype or id(tensor) in read:
            array = rng.integers(min(1, vocabulary - 1), vocabulary, shape)
        elif tensor.dtype == "bool":
            array = rng.random(shape) < 0.5
        else:
            array = rng.normal(size=shape)
        if masked and len(shape) > 1 and tensor.dtype != "bool":
            for row in range(batch):
                array[row, MASKED[(row + first) % len(MASKED)](shape[1])] = masked[0]
        arrays.append(array.astype(tensor.dtype))
    return arrays


def masked_values(model):
    """Values that mark a masked step, from the Masking and Embedding layers of a model."""
    values = [layer.mask_value for layer in cells_within(model, keras.layers.Masking)]
    embeddings = cells_within(model, keras.layers.Embedding)
    return values + [0 for layer in embeddings if layer.mask_zero]


def _read_by_embeddings(model):
    """Ids of the tensors that Embedding layers read, whatever their dtype."""
    embeddings = cells_within(model, keras.layers.Embedding)
    return {id(tensor) for layer in embeddings for tensor in _inputs_of(layer)}


def _inputs_of(layer):
    try:
        return tree.flatten(layer.input)
    except (AttributeError, ValueError):  # It is not called, or more than once.
        return []


def trials(model, sizes, rng):
    """Random inputs of those sizes `(batch, time)` that the model itself can read, else long ones.

    Raises:
        ExportError: if it can read none.
    """
    runs, error = False, None
    firsts = (0, 1, 3) if masked_values(model) else (0,)
    sizes = list(sizes)
    for batch, time in [*sizes, (sizes[0][0], 500)]:
        if runs and time == 500:
            return
        for first in firsts:
            arrays = random_inputs(model, batch, time, rng, first)
            try:
                check_finite(call(model, arrays), "on random numbers of that size")
            except (tf.errors.OpError, ValueError) as failure:
                error = failure  # Too short for a layer that reads several steps, say.
                break
            runs = True
            yield arrays
    if not runs:
        raise ExportError(
            f"The model runs on none of the sizes (batch, time) {sizes}: {reason(error)}"
        )


def check_finite(outputs, where):
    """Raise a ValueError where an output has no finite entry that could be compared.

    Some entries may be NaN: a mean over no steps, of rows that are masked.
    """
    for number, output in enumerate(outputs):
        if output.size and not np.isfinite(np.asarray(output, "float64")).any():
            raise ValueError(f"output {number} of the Keras model is NaN or infinite {where}")


def random_mask(batch, time, rng):
    """Booleans `(batch, time)`: False where `MASKED` says so, then also here and there."""
    mask = np.ones((batch, time), bool)
    for row in range(batch):
        mask[row, MASKED[row % len(MASKED)](time)] = False
    mask[len(MASKED) :] &= rng.random(mask[len(MASKED) :].shape) < 0.7
    return mask


def run(model, inputs, mask=None, runner=None):
    """All outputs of a model for a list of inputs, as a list of tensors.

    Args:
        runner: the `Runner` of its recurrent layers; by default the active one.
    """
    inputs = list(inputs)
    packed = inputs[0] if len(inputs) == 1 else inputs
    # Warning filters are process-wide, too: changed where only one thread is at a time.
    with runner or contextlib.nullcontext(), with_stock_layers(model), warnings.catch_warnings():
        # Warnings of layers that let no mask through; whoever built the model has seen them.
        warnings.filterwarnings("ignore", ".*does not support masking.*")
        outputs = model(packed, training=False, **({} if mask is None else {"mask": mask}))
    outputs = tree.flatten(outputs)
    for output, tensor in zip(outputs, model.outputs):
        # Some of TensorFlow's operations forget how many axes there are, which Keras knows.
        if output.shape.rank is None:
            output.set_shape(tensor.shape)
    return outputs


#: Graphs of models by the shapes of what they read: one for all sizes is quicker than eager calls.
_GRAPHS: weakref.WeakKeyDictionary = weakref.WeakKeyDictionary()


def call(model, arrays, mask=None):
    """Outputs of the Keras model, as a list of arrays."""
    specs = [tf.TensorSpec(tensor.shape, tensor.dtype) for tensor in model.inputs]
    if mask is None:
        return _call(model, specs, arrays)
    mask_spec = tf.TensorSpec(model.inputs[0].shape[:2], "bool")
    return _call(model, [*specs, mask_spec], [*arrays, mask])


def call_at_length(model, arrays):
    """`call` in a graph that knows how many steps the arrays have.

    In Keras (3.15) the graph of a TimeDistributed is right only if it does.
    """
    shapes = [(None, *array.shape[1:]) for array in arrays]
    specs = [tf.TensorSpec(shape, t.dtype) for shape, t in zip(shapes, model.inputs)]
    return _call(model, specs, arrays)


def _call(model, specs, arrays):
    return [ops.convert_to_numpy(y) for y in _traced(model, specs)(*map(tf.constant, arrays))]


def _traced(model, specs):
    """The model as a graph for inputs, and perhaps a mask, of these TensorSpecs."""
    graphs = _GRAPHS.setdefault(model, {})
    key = tuple(tuple(spec.shape) for spec in specs)
    if key not in graphs:
        # The model itself must not be held: the dictionary would never let it go.
        proxy = weakref.proxy(model)
        count = len(model.inputs)
        graphs[key] = tf.function(
            lambda *inputs: run(proxy, inputs[:count], *inputs[count:], runner=LoopRunner()),
            autograph=False,
        ).get_concrete_function(*specs)
    return graphs[key]


def find_operation(model, operators):
    """The operator of some kind in the graph of a model, and the words for its layer, or None."""
    specs = [tf.TensorSpec(tensor.shape, tensor.dtype) for tensor in model.inputs]
    found = operations.find(_traced(model, specs).graph, operators)
    return found and (found[0], operations.words_for(model, found[1]))


def check_repeats(model, arrays, mask=None):
    """Raise an ExportError where a model gives other outputs for the very same input."""
    once, again = (call(model, arrays, mask) for _ in range(2))
    apart = difference(once, again, "the model called once more")
    if apart <= tolerance_of(model) / 10:
        return
    if found := find_operation(model, operations.RANDOM):
        why = "{1} draws random numbers (operator {0}) when it is not trained"
        way = "Draw them only where `training` is true, or let the model read them as an input"
    elif found := find_operation(model, operations.ASSIGNING):
        why, way = "{1} changes a variable (operator {0})", "Let the model change none"
    else:
        return  # Of another order of additions, that a chaotic model makes much of.
    raise ExportError(
        "The model gives other outputs when it reads the very same input again, they differ by "
        f"{apart:.2g}: {why.format(*found)}. {way}."
    )


def compare(model, arrays, got, what, tolerance, mask=None, measure=None):
    """Distance of outputs from those of the model, by `difference` or another `measure`.

    Raises:
        ExportError: if it is above `tolerance`, and above what comes of changing the input by
            its rounding: a chaotic model differs from itself. One that draws random numbers does
            so, too, and is no model that could be compared.
    """
    expected = call(model, arrays, mask)
    measure = measure or difference
    distance = measure(expected, got, what)
    if not distance <= tolerance:
        check_repeats(model, arrays, mask)
        again = call(model, perturbed(arrays), mask)
        check(distance, max(tolerance, measure(expected, again, what)), what)
    return distance


def perturbed(arrays):
    """Arrays perturbed by about their rounding error."""
    changed = [a * (1 + 1e-6) if a.dtype.kind == "f" else a for a in arrays]
    return [b.astype(a.dtype) for a, b in zip(arrays, changed)]


def check(distance, tolerance, what):
    """The distance, or an ExportError if it is above the tolerance or not a number."""
    # This way round, because a difference that is not a number must not pass.
    if not distance <= tolerance:
        raise ExportError(
            f"{what} gives other outputs than Keras: they differ by {distance:.2g}, "
            f"{tolerance:.2g} would pass."
        )
    return distance


def difference(expected, got, what):
    """The largest difference between two lists of arrays, in units of their size where above 1.

    Raises:
        ExportError: if shapes are not the same.
    """
    apart = _differences(expected, got, what)
    return max((float(d.max(initial=0)) / max(1.0, size) for d, size in apart), default=0.0)


def mean_difference(expected, got, what):
    """The root mean square difference, in units of an output's largest entry: for quantised files.

    The largest difference says little of quantised numbers: somewhere a softmax is undecided.

    Raises:
        ExportError: if shapes are not the same.
    """
    apart = _differences(expected, got, what)
    return max((float(np.sqrt(np.mean(d**2))) / max(1e-3, s) for d, s in apart), default=0.0)


def _differences(expected, got, what):
    """For each pair of arrays the absolute differences, and the largest finite entry."""
    if [a.shape for a in expected] != [np.shape(b) for b in got]:
        raise ExportError(
            f"{what} gives outputs of shapes {[np.shape(b) for b in got]}, Keras gives "
            f"{[a.shape for a in expected]}."
        )
    pairs = []
    for a, b in zip(expected, got):
        a, b = np.asarray(a, "float64"), np.asarray(b, "float64")
        # What is NaN or infinite in Keras, a mean over no steps for instance, must be so here.
        same = (a == b) | (np.isnan(a) & np.isnan(b))
        apart = np.abs(np.where(same, 0, a) - np.where(same, 0, b))
        # The largest of what is not a number is not a number, and no tolerance lets that pass.
        pairs.append((apart, float(np.abs(a[np.isfinite(a)]).max(initial=0))))
    return pairs


def tolerance_of(model):
    """Tolerance of comparisons, by the least precise compute dtype in a model."""
    dtypes = {layer.compute_dtype for layer in cells_within(model, keras.Layer)}
    return max(TOLERANCE.get(dtype, 1e-5) for dtype in dtypes)
