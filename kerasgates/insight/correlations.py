"""Correlation of columns with a target, and its p-value."""

import math

import numpy as np

from kerasgates.core.operations import as_array


def as_numbers(target):
    """A target as numbers.

    Raises:
        ValueError: if it holds labels, or nothing that could be followed.
    """
    array = as_array(target)
    are_labels = array.dtype.kind not in "bf"
    if array.dtype.kind in "iu":
        # No and yes.
        are_labels = len(np.unique(array)) > 2
    if are_labels:
        first = array.ravel()[0] if array.size else 0
        raise ValueError(
            "Argument `target` must hold numbers. Whole numbers of more than two kinds, and text, "
            "are taken for labels of classes, which have no order: ask for one class at a time, "
            f"as target == {first!r}; or give the numbers as floats. Received: {array.dtype}"
        )
    values = array.astype(float)
    if not np.isfinite(values).all():
        raise ValueError(
            "Argument `target` must be finite. Received: "
            f"{(~np.isfinite(values)).sum()} of {values.size} are NaN or infinite"
        )
    if values.size == 0 or np.ptp(values) == 0:
        what = f"{values.ravel()[0]} everywhere" if values.size else "an empty array"
        raise ValueError(f"Argument `target` must not be the same everywhere. Received: {what}")
    return values


def _aligned(cell, target):
    """Booleans `(batch, time)` of the steps that count, and the target `(batch, time)`."""
    live = cell.live
    batch, time = live.shape
    shape = target.shape
    if shape in ((batch, time), (batch, time, 1)):
        return live, target.reshape(batch, time)
    if shape not in ((batch,), (batch, 1)):
        if shape in ((time,), (time, 1), (1, time)):
            return live, np.broadcast_to(target.ravel(), (batch, time))
        raise ValueError(
            f"Argument `target` must be of shape (batch, time) = {live.shape}, (batch,) or (time,)."
            f" Received: shape {shape}"
        )
    steps = np.where(live, np.arange(time), -1 if cell.direction == "forward" else time)
    last = steps.max(axis=1) if cell.direction == "forward" else steps.min(axis=1)
    at_end = live & (np.arange(time) == last[:, None])
    return at_end, np.broadcast_to(target.reshape(batch, 1), (batch, time))


def correlation_rows(cell, array, target):
    """Correlation of each unit of a state with the target: coefficient, n and p-value."""
    where, target_values = _aligned(cell, target)
    units = np.isfinite(array[where]).any(axis=0)
    where = where & np.isfinite(array[:, :, units]).all(axis=-1)
    values, target_values = array[where].astype(float)[:, units], target_values[where]
    r = np.full(len(units), np.nan)
    r[units] = correlations(values, target_values)
    # The next step of the same row follows; the first of the next row does not.
    row = np.nonzero(where)[0]
    follows = np.append(False, row[1:] == row[:-1])
    autocorrelations = np.zeros(len(units))
    autocorrelations[units] = persistence(values, follows) * persistence(
        target_values[:, None], follows
    )
    n = len(target_values)
    effective = n * np.clip((1 - autocorrelations) / np.maximum(1 + autocorrelations, 1e-9), 0, 1)
    return [
        {"correlation": float(c), "n": n, "p": by_chance(c, m) if np.isfinite(c) else 1.0}
        for c, m in zip(r, effective)
    ]


def correlations(values, target):
    """Correlation coefficient of each column with the target, `(entries,)`; 0 for constants."""
    values, target = _centred(values), _centred(target)
    scale = np.sqrt((values**2).sum(axis=0) * (target**2).sum())
    return np.divide(target @ values, scale, out=np.zeros(values.shape[1]), where=scale > 0)


def _centred(values):
    """Centred columns, scaled by the largest entry so that no square over- or underflows."""
    values = np.asarray(values, "float64")
    largest = np.abs(values).max(axis=0, initial=0)
    values = values / np.where(largest > 0, largest, 1)
    values = values - values.mean(axis=0)
    # Rounding errors of a constant column do not count as change.
    flat = np.abs(values).max(axis=0, initial=0) < 8 * np.finfo("float64").eps
    return np.where(flat, 0, values)


def persistence(values, follows):
    """Autocorrelation of each column at a lag of one step, `(entries,)`.

    Args:
        values: `(n, entries)`.
        follows: booleans `(n,)`, whether an entry is the next step of the one before.
    """
    values = _centred(values)
    (later,) = np.nonzero(follows)
    products = (values[later] * values[later - 1]).sum(axis=0)
    squares = (values**2).sum(axis=0) * (len(later) / max(len(values), 1))
    return np.divide(products, squares, out=np.zeros(values.shape[1]), where=squares > 0)


def by_chance(correlation, n):
    """p-value of a correlation coefficient from n independent pairs.

    Fisher's transformation of the coefficient is nearly normal, with variance 1 / (n − 3). With
    three pairs or fewer nothing can be told: 1.
    """
    if n <= 3:
        return 1.0
    size = min(abs(correlation), 1.0)
    if size == 1.0:
        return 0.0
    return math.erfc(math.atanh(size) * math.sqrt((n - 3) / 2))
