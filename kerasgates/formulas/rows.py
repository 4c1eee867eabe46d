"""Operations that mix the rows of a batch: of such a step, rows of all times are no batch.

Loops that make many steps at once have them side by side as rows. That is the same only where each
row of a result is made of the same row alone. No other axis is as long as that of the rows here, so
that it is known wherever it has been moved to.
"""

import math

import keras

#: Operations with an `axis` that keep every row where it is None.
HARMLESS = ("Squeeze",)


def mixes_rows(operation, arguments, result, batch):
    """Whether an operation mixes the rows of a batch, or may.

    Args:
        operation: of Keras.
        arguments: what it is given, those in lists one by one.
        result: a symbolic tensor that it gives.
        batch: number of the rows.
    """
    if not any(batch in _shape(value) for value in arguments):
        return False
    if _shape(result).count(batch) != 1:
        return True
    name, first = type(operation).__name__, arguments[0]
    if name == "Einsum":
        return _mixes_einsum(operation.subscripts, arguments, result, batch)
    if batch not in _shape(first) or isinstance(operation, keras.Layer):
        return False
    row = _shape(first).index(batch)
    if name == "GetItem":
        return _mixes_by_key(arguments[1:], row)
    if name == "Reshape":
        # As many entries come before each row as before.
        shape = _shape(result)
        return math.prod(shape[: shape.index(batch)]) != math.prod(_shape(first)[:row])
    return _is_along(operation, row, len(first.shape))


def _shape(value):
    return tuple(value.shape) if isinstance(value, keras.KerasTensor) else ()


def _is_along(operation, row, rank):
    """Whether the `axis` of an operation on a tensor of some rank is that of the rows, or all."""
    attributes = vars(operation)
    if "axis" not in attributes:
        return False
    axis = attributes["axis"]
    if axis is None:
        return type(operation).__name__ not in HARMLESS
    axes = axis if isinstance(axis, (list, tuple)) else (axis,)
    # A new axis is no axis of before.
    return type(operation).__name__ not in ("ExpandDims", "Stack") and bool(
        {*axes} & {row, row - rank}
    )


def _mixes_einsum(subscripts, arguments, result, batch):
    """Whether a sum of products has rows that are not those of its result."""
    before, _, after = subscripts.replace(" ", "").partition("->")
    named = [*zip(before.split(","), arguments), (after, result)]
    named = [(letters, _shape(value)) for letters, value in named if batch in _shape(value)]
    if any("." in letters for letters, _ in named):
        return not all(letters[0] == "." and shape[0] == batch for letters, shape in named)
    return len({letters[shape.index(batch)] for letters, shape in named}) > 1


def _mixes_by_key(key, row):
    """Whether an item of a batch has its rows in another order."""
    if any(one is Ellipsis or one is None for one in key[:row]):
        # It is not counted which of its parts is that of the rows.
        return any(isinstance(one, slice) and one.step not in (None, 1) for one in key)
    one = key[row] if row < len(key) else Ellipsis
    return not (one is Ellipsis or one is None or _keeps(one))


def _keeps(one):
    return isinstance(one, slice) and one.step in (None, 1)
