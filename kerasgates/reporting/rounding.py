"""Numbers of a report as its page holds them."""

import math


def rounded(value):
    """A number with four significant digits, whole numbers as they are; None for NaN, infinity."""
    if isinstance(value, int):
        return int(value)  # A boolean is 0 or 1.
    return float(f"{value:.4g}") if math.isfinite(value) else None
