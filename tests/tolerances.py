"""How near numbers must be: in units of rounding of the largest value compared.

The same sum is rounded in another order on another processor, so that an absolute tolerance holds
on the machine where it was found. Each tolerance here is a fraction of the largest value of an
array, and of one where all are smaller: inputs, weights and states of the tests are of order one,
and so is the rounding of what is made of them.
"""

import ml_dtypes
import numpy as np

#: Units of rounding: the distance from 1 to the next larger number.
EPS64, EPS32, EPS16 = (float(np.finfo(f"float{bits}").eps) for bits in (64, 32, 16))

#: Ours in float64 against the float64 reference: rounding only.
FLOAT64 = 4500 * EPS64
#: Gradients in float64: sums over steps and rows of numbers that are not small.
GRADIENTS = 100 * FLOAT64
#: Slopes from differences of float64: half of the digits are lost.
SLOPES = 1e-9
#: Ours in float32 against the float64 reference: some six units for each of seven steps.
FLOAT32 = 40 * EPS32
#: Derivatives of derivatives in float32, as `GRADIENTS`.
SECOND_DERIVATIVES = 100 * FLOAT32
#: Ours in float32 against another library's float32, with converted weights.
PEER = 16 * EPS32
#: The same float32 computation once more: from a file, in a stack, after a reset.
SAME = 8 * EPS32
#: Half-precision products against single precision.
MIXED = 20 * EPS16
#: The same numbers from an export in another runtime.
EXPORT = 80 * EPS32


def scale_of(expected):
    """What tolerances are fractions of: the largest finite magnitude, and no less than 1."""
    magnitudes = np.abs(np.asarray(expected, "float64"))
    return magnitudes[np.isfinite(magnitudes)].max(initial=1.0)


def assert_close(ours, expected, tolerance):
    """Fail where numbers differ by more than `tolerance` of the largest value expected.

    Args:
        ours: array, or a list of arrays, which are compared one by one.
        expected: as `ours`, of the same shapes, or one number for all.
        tolerance: fraction of the largest value, one of those above.

    Raises:
        AssertionError: names the entry that differs most, and by how many units of rounding.
    """
    if isinstance(ours, (list, tuple)):
        assert isinstance(expected, (list, tuple)), "a list is compared with no list"
        assert len(ours) == len(expected), f"{len(ours)} arrays, not {len(expected)}"
        for number, (mine, theirs) in enumerate(zip(ours, expected)):
            _assert_close(mine, theirs, tolerance, f"array {number}: ")
    else:
        _assert_close(ours, expected, tolerance)


def _assert_close(ours, expected, tolerance, where=""):
    ours, expected = _as_numbers(ours), _as_numbers(expected)
    rounding = max(_rounding(ours), _rounding(expected))
    if expected.ndim == 0:
        expected = np.broadcast_to(expected, ours.shape)
    assert ours.shape == expected.shape, f"{where}shape {ours.shape}, not {expected.shape}"
    distance, scale = _distances(ours, expected), scale_of(expected)
    wrong = distance > tolerance * scale
    if wrong.any():
        index = np.unravel_index(np.argmax(distance), distance.shape)
        units = distance[index] / (rounding * scale)
        raise AssertionError(
            f"{where}{wrong.sum()} of {wrong.size} differ, most at {tuple(map(int, index))}: "
            f"{ours[index]!r} is not {expected[index]!r}. They are {units:.3g} units of rounding "
            f"apart, {tolerance / rounding:.3g} would pass; a unit is {rounding * scale:.2g}, "
            f"the largest value {scale:.4g}."
        )


def _distances(ours, expected):
    """Entry by entry; infinite where NaN or infinity stands on one side alone."""
    ours, expected = ours.astype("float64"), expected.astype("float64")
    same = (ours == expected) | (np.isnan(ours) & np.isnan(expected))
    distance = np.where(same, 0.0, np.inf)
    finite = np.isfinite(ours) & np.isfinite(expected)
    distance[finite] = np.abs(ours[finite] - expected[finite])
    return distance


def _as_numbers(value):
    """A NumPy array, of whatever type of tensor."""
    if hasattr(value, "detach"):
        value = value.detach().cpu()
    return np.asarray(value)


def _rounding(array):
    """The unit of rounding of an array's type; whole numbers and booleans have none."""
    if array.dtype.kind in "biu":
        return EPS64
    return float(ml_dtypes.finfo(array.dtype).eps)
