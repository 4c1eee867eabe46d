"""What is exported: a model made ready, input to try it on, and what it should give."""

import warnings
import weakref

import keras
import numpy as np
import tensorflow as tf
from keras import ops, tree

from kerasgates._keras import cells_within
from kerasgates.export.report import ExportError
from kerasgates.layers import RNN
from kerasgates.upgrade import rebuild

#: Largest difference from Keras that passes, for outputs up to 1 in size, by precision.
TOLERANCE = {"float32": 1e-5, "float64": 1e-5, "float16": 1e-2, "bfloat16": 5e-2}


def prepare(model, **layer_arguments):
    """A copy whose recurrent layers are ours and hold no state, for any batch size.

    Raises:
        ValueError: if Keras does not run on TensorFlow, or the model cannot be exported.
    """
    if keras.backend.backend() != "tensorflow":
        raise ValueError(
            "Exporting needs the TensorFlow backend: load the model in a process with "
            f"KERAS_BACKEND=tensorflow. Received: backend {keras.backend.backend()!r}"
        )
    arguments = {"stateful": False, "loop": "auto", "unroll": False, **layer_arguments}
    copy = rebuild(model, batch_shape=lambda shape: (None, *shape[1:]), **arguments)
    if not recurrent_layers(copy):
        raise ValueError(
            "Argument `model` must hold a recurrent layer, for models without one "
            f"`model.export` is enough. Received: {model.name!r} with layers "
            f"{[type(layer).__name__ for layer in model.layers]}"
        )
    if not getattr(copy, "inputs", None):
        raise ValueError(
            "Argument `model` must be sequential or functional; make it so by "
            f"keras.Model(x, model(x)) with x = keras.Input(...). Received: {model.name!r} of "
            f"class {type(model).__name__}"
        )
    if isinstance(copy, keras.Sequential):  # As it has no names for its outputs.
        copy = keras.Model(copy.inputs, copy.outputs, name=copy.name)
    copy.supports_masking = True  # Else Keras warns when a mask is given with the input.
    return copy


def recurrent_layers(model):
    """All `kerasgates.RNN` layers in a model, however deep."""
    return cells_within(model, RNN)


def names_of(tensors):
    """The names of a model's inputs or outputs, each different from the others."""
    names = []
    for tensor in tensors:
        name = tensor.name.replace("/", "_").replace(":", "_").replace(".", "_")
        names.append(name if name not in names else f"{name}_{len(names)}")
    return names


def output_names(model):
    """Names of the outputs: those of the layers that make them."""
    names = []
    for name in model.output_names:
        names.append(name if name not in names else f"{name}_{len(names)}")
    return names


def has_time(model):
    """Whether the first input is a sequence of any length."""
    shape = model.inputs[0].shape
    return len(shape) > 1 and shape[1] is None


def random_inputs(model, batch, time, rng):
    """Random arrays that the model can read, one per input.

    Whole numbers stay within what an Embedding has; where the model masks a value, the second
    row has a gap of it and the third ends in it.
    """
    embeddings = cells_within(model, keras.layers.Embedding)
    vocabulary = min((layer.input_dim for layer in embeddings), default=10)
    masking = [layer.mask_value for layer in cells_within(model, keras.layers.Masking)]
    masking += [0 for layer in embeddings if layer.mask_zero]
    arrays = []
    for tensor in model.inputs:
        shape = [batch, *(time if n is None else n for n in tensor.shape[1:])]
        if "int" in tensor.dtype:
            array = rng.integers(min(1, vocabulary - 1), vocabulary, shape)
        elif tensor.dtype == "bool":
            array = rng.random(shape) < 0.5
        else:
            array = rng.normal(size=shape)
        if masking and len(shape) > 1 and tensor.dtype != "bool":
            array[1::3, shape[1] // 3 : shape[1] // 2] = masking[0]
            array[2::3, shape[1] // 2 :] = masking[0]
        arrays.append(array.astype(tensor.dtype))
    return arrays


def arrays_of(model, data, argument):
    """Data given by a user as a list of arrays, one per input of the model.

    Raises:
        ValueError: if the number of arrays or a shape does not fit; names `argument`.
    """
    given = data if isinstance(data, (list, tuple)) else [data]
    arrays = [np.asarray(array) for array in given]
    wanted = [tuple(tensor.shape) for tensor in model.inputs]
    came = [array.shape for array in arrays]
    fits = len(came) == len(wanted) and all(
        len(a) == len(b) and a[0] > 0 and all(m is None or n == m for n, m in zip(a[1:], b[1:]))
        for a, b in zip(came, wanted)
    )
    if not fits or len({shape[0] for shape in came}) > 1:
        raise ValueError(
            f"Argument `{argument}` must hold an array for each input, of shapes {wanted} with "
            f"the same number of samples. Received: shapes {came}"
        )
    return [a.astype(t.dtype) for a, t in zip(arrays, model.inputs)]


def random_mask(batch, time, rng):
    """Booleans `(batch, time)`: whole, right-padded, with gaps, in turn."""
    mask = np.ones((batch, time), bool)
    mask[1::3, time // 2 :] = False
    mask[2::3] = rng.random(mask[2::3].shape) < 0.5
    return mask


def run(model, inputs, mask=None):
    """All outputs of a model for a list of inputs, as a list of tensors."""
    inputs = list(inputs)
    packed = inputs[0] if len(inputs) == 1 else inputs
    with warnings.catch_warnings():
        # Of a layer that lets no mask through; whoever built the model has seen it.
        warnings.filterwarnings("ignore", ".*does not support masking.*")
        outputs = model(packed, training=False, **({} if mask is None else {"mask": mask}))
    return tree.flatten(outputs)


#: Graphs of models by whether they get a mask: one for all sizes, and quicker than step by step.
_GRAPHS = weakref.WeakKeyDictionary()


def call(model, arrays, mask=None):
    """What the Keras model gives: a list of arrays."""
    graphs = _GRAPHS.setdefault(model, {})
    masked = mask is not None
    if masked not in graphs:
        specs = [tf.TensorSpec(t.shape, t.dtype) for t in model.inputs]
        if masked:
            specs.append(tf.TensorSpec(model.inputs[0].shape[:2], "bool"))
        # The model itself must not be held: the dictionary would never let it go.
        held = weakref.proxy(model)
        count = len(model.inputs)
        graphs[masked] = tf.function(
            lambda *given: run(held, given[:count], *given[count:]), autograph=False
        ).get_concrete_function(*specs)
    given = [*arrays, mask] if masked else arrays
    return [ops.convert_to_numpy(y) for y in graphs[masked](*map(tf.convert_to_tensor, given))]


def compare(model, arrays, got, what, tolerance, mask=None):
    """The largest difference of some outputs from those of the model, relative above 1.

    Raises:
        ExportError: if it is above `tolerance`, and above what comes of changing the input by
            its rounding: a chaotic model differs from itself.
    """
    expected = call(model, arrays, mask)
    distance = difference(expected, got, what)
    if not distance <= tolerance:
        nudged = [a * (1 + 1e-6) if a.dtype.kind == "f" else a for a in arrays]
        nudged = [b.astype(a.dtype) for a, b in zip(arrays, nudged)]
        check(distance, max(tolerance, difference(expected, call(model, nudged, mask), what)), what)
    return distance


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
    if [a.shape for a in expected] != [np.shape(b) for b in got]:
        raise ExportError(
            f"{what} gives outputs of shapes {[np.shape(b) for b in got]}, Keras gives "
            f"{[a.shape for a in expected]}."
        )
    distances = [0.0]
    for a, b in zip(expected, got):
        a, b = np.asarray(a, "float64"), np.asarray(b, "float64")
        distances.append(np.abs(a - b).max(initial=0) / max(1.0, np.abs(a).max(initial=0)))
    return float(np.max(distances))


def tolerance_of(model):
    """What may pass, by the least precise compute dtype in a model."""
    dtypes = {layer.compute_dtype for layer in cells_within(model, keras.Layer)}
    return max(TOLERANCE.get(dtype, 1e-5) for dtype in dtypes)
