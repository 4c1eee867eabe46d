"""Sources of batches, of which functions that look at one batch take the first."""

import keras


def one_batch(x, y=None):
    """Inputs, targets and weights of a batch, or of the first where `x` is a source of batches.

    Args:
        x: a batch as a model takes it; or batches of inputs and targets, as a `tf.data.Dataset` or
            a `keras.utils.PyDataset`.
        y: targets; None where `x` holds batches.

    Returns:
        Three values; None for what there is not.

    Raises:
        ValueError: if `x` holds batches and there is `y`, or it holds none, or is a generator.
    """
    return _first_batch(x, y) if _holds_batches(x) else (x, y, None)


def _holds_batches(x):
    """Whether `x` is a source of batches rather than a batch."""
    is_batch = hasattr(x, "shape") or isinstance(x, (list, tuple, dict, str))
    return not is_batch and (isinstance(x, keras.utils.PyDataset) or hasattr(x, "__iter__"))


def _first_batch(batches, y):
    """Inputs, targets and weights of the first batch; None for what it does not hold."""
    if y is not None:
        raise ValueError(
            "Argument `y` must be None where `x` holds batches with their targets. Received: "
            f"x of type {type(batches).__name__}, and y"
        )
    if hasattr(batches, "__next__"):
        raise ValueError(
            "Argument `x` must not be a generator, of which nobody else would see the first batch. "
            f"Give one batch, or a dataset. Received: {batches!r}"
        )
    is_indexed = isinstance(batches, keras.utils.PyDataset)
    batch = batches[0] if is_indexed else next(iter(batches), None)
    if batch is None:
        raise ValueError("Argument `x` must hold a batch at least. Received: an empty dataset")
    return keras.utils.unpack_x_y_sample_weight(batch)
