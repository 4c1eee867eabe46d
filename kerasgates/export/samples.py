"""Representative data in any of the usual forms, converted to arrays."""

import itertools

import numpy as np
import tensorflow as tf
from keras import tree

from kerasgates.core._keras import reason
from kerasgates.core.operations import as_array
from kerasgates.export.source import call, check_finite, names_of

#: Most samples that are taken of a source, which may be endless.
MOST = 100


def arrays_of(model, data, argument):
    """Data given by a user as a list of arrays, one per input of the model.

    Args:
        model: what `prepare` gave.
        data: an array of samples `(samples, …)`, a list or dict (by the names of the inputs) of
            arrays for several inputs; or what gives such, or single samples, one after another:
            a `tf.data.Dataset`, a generator, or a function without arguments that returns one.
            Targets beside the inputs, as `fit` takes them, are left out.
        argument: its name, for errors.

    Raises:
        ValueError: if the number of arrays or a shape does not fit, or a value is not finite.
    """
    if callable(data):
        data = data()
    if hasattr(data, "__iter__") and not hasattr(data, "shape") and not _is_one(data):
        arrays = _joined(model, data, argument)
    else:
        arrays = _in_order(model, data, argument)
    input_shapes = [tuple(tensor.shape) for tensor in model.inputs]
    array_shapes = [array.shape for array in arrays]
    fits = all(map(_is_batch, array_shapes, input_shapes))
    if not fits or len({shape[0] for shape in array_shapes}) > 1:
        raise ValueError(
            f"Argument `{argument}` must hold an array for each input, of shapes {input_shapes} "
            f"with the same number of samples. Received: shapes {array_shapes}"
        )
    arrays = [a.astype(t.dtype) for a, t in zip(arrays, model.inputs)]
    _check_numbers(model, arrays, argument)
    return arrays


def _is_one(data):
    """Whether data are arrays in a list, tuple or dict, rather than a source of samples."""
    return isinstance(data, (list, tuple, dict))


def _is_batch(shape, wanted):
    fits = len(shape) == len(wanted) and shape[0] > 0
    return fits and all(m is None or n == m for n, m in zip(shape[1:], wanted[1:]))


def _in_order(model, data, argument):
    """One array per input, from an array, a list or a dict of them."""
    names = names_of(model.inputs)
    if isinstance(data, dict):
        for known in (names, [tensor.name for tensor in model.inputs]):
            if set(data) == set(known):
                data = [data[name] for name in known]
                break
        else:
            raise ValueError(
                f"Argument `{argument}` must hold an array for each of {names}. "
                f"Received: {sorted(map(str, data))}"
            )
    values = tree.flatten(data) if isinstance(data, (list, tuple)) else [data]
    if len(values) != len(names) and len(names) == 1:
        values = [data]  # Nested lists of numbers are an array, too.
    try:
        arrays = [as_array(array) for array in values]
    except ValueError as error:
        raise ValueError(f"Argument `{argument}` must hold arrays: {reason(error)}") from error
    if len(arrays) != len(names):
        raise ValueError(
            f"Argument `{argument}` must hold an array for each input, of {names}. "
            f"Received: {len(arrays)} arrays of shapes {[array.shape for array in arrays]}"
        )
    return arrays


def _joined(model, parts, argument):
    """One array per input, joined from samples or batches; of `MOST` samples at most."""
    input_shapes = [tuple(tensor.shape) for tensor in model.inputs]
    batches = []
    for part in itertools.islice(parts, MOST):
        arrays = _in_order(model, _without_targets(model, part), argument)
        one = all(len(a.shape) == len(shape) - 1 for a, shape in zip(arrays, input_shapes))
        batches.append([a[None] for a in arrays] if one else arrays)
        if sum(len(arrays[0]) for arrays in batches if arrays[0].shape) >= MOST:
            break
    if not batches:
        raise ValueError(f"Argument `{argument}` must give some samples. Received: none")
    shapes = [{array.shape[1:] for array in arrays} for arrays in zip(*batches)]
    if any(len(different) > 1 for different in shapes):
        raise ValueError(
            f"Argument `{argument}` must give samples of one shape and length. Received: "
            f"{[sorted(different) for different in shapes]}"
        )
    return [np.concatenate(arrays)[:MOST] for arrays in zip(*batches)]


def _without_targets(model, part):
    """The inputs of `(inputs, targets)`, `(inputs, targets, weights)`, `(signature, inputs)`."""
    count = len(model.inputs)
    if isinstance(part, tuple) and len(part) in (2, 3):
        if isinstance(part[0], str):  # For TF Lite's quantiser, the name of a signature.
            return part[1]
        nested = isinstance(part[0], (tuple, list, dict))
        if nested or (count == 1 and not isinstance(part[0], (int, float))):
            return part[0]
    return part


def _check_numbers(model, arrays, argument):
    for name, array in zip(names_of(model.inputs), arrays):
        if array.dtype.kind == "f" and not (finite := np.isfinite(array)).all():
            at = tuple(map(int, np.argwhere(~finite)[0]))
            raise ValueError(
                f"Argument `{argument}` must hold finite numbers. Received: {array[at]} at "
                f"{at} of {name!r}, and {int((~finite).sum())} such in all"
            )
    try:
        check_finite(call(model, [array[:MOST] for array in arrays]), "on them")
    except (tf.errors.OpError, ValueError) as error:
        raise ValueError(
            f"Argument `{argument}` must be inputs that the model can read. "
            f"Received: some on which it fails: {reason(error)}"
        ) from error
