"""Losses by row: a loss of Keras, or of a user, as a function of target and output."""

from __future__ import annotations

import keras
import tensorflow as tf
from keras import ops

from kerasgates.core._keras import mask_of, reason

#: Losses of Keras whose target has the shape of the output.
ENTRY_BY_ENTRY = (
    keras.losses.binary_crossentropy,
    keras.losses.binary_focal_crossentropy,
    keras.losses.categorical_crossentropy,
    keras.losses.categorical_focal_crossentropy,
    keras.losses.categorical_hinge,
    keras.losses.cosine_similarity,
    keras.losses.dice,
    keras.losses.hinge,
    keras.losses.huber,
    keras.losses.kl_divergence,
    keras.losses.log_cosh,
    keras.losses.mean_absolute_error,
    keras.losses.mean_absolute_percentage_error,
    keras.losses.mean_squared_error,
    keras.losses.mean_squared_logarithmic_error,
    keras.losses.poisson,
    keras.losses.squared_hinge,
    keras.losses.tversky,
)


def misfit(error):
    return ValueError(
        "Arguments `y` and `loss` must fit the output of the model. The loss failed with: "
        f"{reason(error)}"
    )


def loss_values(loss, y, output):
    """The loss of every row, or of every step that is not masked."""
    if not hasattr(output, "dtype"):
        # Several outputs: only a function of all of them can tell what to make of that.
        return loss(y, output)
    y = ops.cast(y, output.dtype) if "float" in keras.backend.standardize_dtype(y.dtype) else y
    values, mask = loss(y, output), mask_of(output)
    if mask is None or len(values.shape) != len(mask.shape):
        return values
    return values * ops.cast(mask, values.dtype)


def reshape_target(loss, y, output):
    """The target in the shape of the output, where a loss of Keras compares entry by entry.

    Not all of these losses reshape it, and some would broadcast one to the other.

    Raises:
        ValueError: if more than a last axis of one is between the shapes.
    """
    owner = getattr(loss, "__self__", loss)
    function = getattr(owner, "fn", owner)
    if not any(function is one for one in ENTRY_BY_ENTRY):
        return y
    name = function.__name__
    if not hasattr(output, "dtype"):
        raise ValueError(
            "Argument `loss` must be a function of target and all outputs for a model with "
            f"several. Received: {name!r}, which takes one"
        )
    shape = output.shape
    fitting = [shape, shape.concatenate(1)]
    if shape.rank and shape[-1] == 1:
        fitting.append(shape[:-1])
    if not any(y.shape.is_compatible_with(one) for one in fitting):
        raise ValueError(
            f"Argument `y` must be of the shape of the output, {tuple(shape)}, for the loss "
            f"{name!r}. Received: {tuple(y.shape)}"
        )
    return tf.reshape(y, tf.shape(output))


def loss_function(model, loss):
    """The loss as a function that gives a value for every row at least.

    Losses by output are one function of all targets and outputs, by the same names or in the same
    order: for each row their sum, by the `loss_weights` of the model where they are its own.
    """
    weights = None
    if loss is None:
        loss = getattr(model, "loss", None)
        weights = (model.get_compile_config() or {}).get("loss_weights") if loss else None
    if loss is None:
        raise ValueError(
            "Argument `loss` must be given for a model that is not compiled with one, such as "
            "loss='mse'"
        )
    if isinstance(loss, (dict, list, tuple)):
        return _of_several(loss, weights, getattr(model, "output_names", None))
    if isinstance(loss, str):
        loss = keras.losses.get(loss)
    if isinstance(loss, keras.losses.Loss):
        # The class takes the mean over the batch.
        return loss.call
    if not callable(loss):
        raise ValueError(
            "Argument `loss` must be the name of a loss, a function of target and output, or a "
            f"dict or list of these by output. Received: {loss!r}"
        )
    return loss


def _of_several(losses, weights, names):
    """The sum of losses by output, for each row, as a function of all targets and outputs."""
    functions = {k: loss_function(None, v) for k, v in _by_name(losses, names) if v is not None}
    factors = dict(_by_name(weights, names)) if isinstance(weights, (dict, list, tuple)) else {}

    def total(y, outputs):
        targets, given = dict(_by_name(y, names)), dict(_by_name(outputs, names))
        if missing := [name for name in functions if name not in given or name not in targets]:
            raise ValueError(
                f"Arguments `y` and `loss` must be of the outputs {[*given]}. There is no target "
                f"or no output for {missing}"
            )
        values = 0.0
        for name, function in functions.items():
            target = reshape_target(function, targets[name], given[name])
            one = loss_values(function, target, given[name])
            values += factors.get(name, 1.0) * ops.sum(ops.reshape(one, (one.shape[0], -1)), -1)
        return values

    return total


def _by_name(values, names):
    """Pairs of an output's name, or its number where it has none, and a value."""
    if isinstance(values, dict):
        return values.items()
    values = values if isinstance(values, (list, tuple)) else [values]
    known = names is not None and len(names) == len(values)
    return zip(names if known else range(len(values)), values)
