"""Comparing numbers: tolerances count in units of rounding of the largest value."""

import ml_dtypes
import numpy as np
import pytest

from tests.tolerances import EPS32, EPS64, FLOAT32, FLOAT64, assert_close


def test_a_tolerance_grows_with_the_largest_value_and_not_below_one():
    large = np.array([18.6, 0.5], "float32")
    assert_close(large + 18.6 * np.float32(0.9 * FLOAT32), large, FLOAT32)
    assert_close([large], [large.tolist()], FLOAT32)
    for values, wrong in (
        (large, 18.6 * 1.1 * FLOAT32),
        (np.array([0.1, 0.2]), 1.1 * FLOAT32),
        (np.array([1.0, -0.2]), 1.1 * FLOAT32),
    ):
        changed = values.astype("float64")
        changed[1] -= wrong
        with pytest.raises(AssertionError, match=r"1 of 2 differ, most at \(1,\)"):
            assert_close(changed, values, FLOAT32)


def test_the_message_counts_in_units_of_the_coarser_type():
    for kind, unit in (("float32", EPS32), ("float64", EPS64), ("bfloat16", 2**-7)):
        dtype = getattr(ml_dtypes, kind, kind)
        ours, expected = np.zeros((2, 3), dtype), np.zeros((2, 3))
        ours[1, 2] = 1
        units = f"{1 / unit:.3g}".replace("+", r"\+")
        with pytest.raises(AssertionError, match=rf"\(1, 2\): .*They are {units} units"):
            assert_close(ours, expected, FLOAT64)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_what_is_no_number_passes_only_where_it_is_expected(value):
    expected = np.array([value, 2.0])
    assert_close(expected.copy(), expected, FLOAT64)
    for ours in ([1.0, 2.0], [value, value], [np.nan if np.isinf(value) else np.inf, 2.0]):
        with pytest.raises(AssertionError, match="1 of 2 differ"):
            assert_close(np.array(ours), expected, FLOAT64)


def test_shapes_and_numbers_of_arrays_must_agree():
    assert_close(np.ones((2, 3)), 1.0, FLOAT64)
    for ours, expected in (
        (np.ones((2, 3)), np.ones(3)),
        (np.ones(3), np.ones((1, 3))),
        ([np.ones(3)], [np.ones(3), np.ones(3)]),
        ([np.ones(3)], np.ones(3)),
        ([], [np.ones(3)]),
    ):
        with pytest.raises(AssertionError):
            assert_close(ours, expected, FLOAT64)
