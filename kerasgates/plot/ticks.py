"""Places of labels on an axis."""

import itertools
import math

import numpy as np
from matplotlib.ticker import FuncFormatter, Locator, MaxNLocator, NullLocator

#: Most labels of an axis, however long it is.
MOST = 12
#: Most labels of rows or steps that are numbered.
NUMBERED = 8


class RoundNumbers(Locator):
    """Places on a logarithmic axis: as many of 1, 2, 5, 10, 20 … as have room without touching."""

    def __call__(self):
        return self.tick_values(*self.axis.get_view_interval())

    def tick_values(self, vmin, vmax):
        """Round numbers between two values, by as few powers of ten as need be.

        Args:
            vmin, vmax: the ends of the axis, above 0.

        Returns:
            An array of numbers, ascending.
        """
        low, high = sorted((vmin, vmax))
        if not 0 < low < high < math.inf:
            return np.array([])
        room = max(2, min(MOST, self.axis.get_tick_space()))
        first, last = math.floor(math.log10(low)), math.ceil(math.log10(high))
        # Finer ones first: three places in each power of ten, one, one in every other, and so on.
        coarser = (((1,), power) for power in itertools.count(1))
        for digits, power in itertools.chain([((1, 2, 5), 1)], coarser):
            powers = range(power * (first // power), last + 1, power)
            values = np.array([digit * 10.0**exponent for exponent in powers for digit in digits])
            values = values[(values >= low) & (values <= high)]
            if len(values) <= room and _are_apart(values, low, high, room):
                return values


class Some(Locator):
    """Every row of so many, or every second, third … where more would touch."""

    def __init__(self, count):
        self.count = count

    def __call__(self):
        return self.tick_values(0, self.count)

    def tick_values(self, vmin, vmax):
        """Places of rows, from the first on.

        Args:
            vmin, vmax: the ends of the axis, which do not matter.

        Returns:
            An array of whole numbers, ascending.
        """
        room = min(NUMBERED, max(1, self.axis.get_tick_space()))
        return np.arange(0, self.count, -(-self.count // room))


def number_rows(axis, numbers):
    """Label the rows of a heat map by these numbers, or by some of them."""

    def label(place, _):
        # Also asked for where a pointer is.
        row = round(place)
        return str(numbers[row]) if 0 <= row < len(numbers) else ""

    axis.set_major_locator(Some(len(numbers)))
    axis.set_major_formatter(FuncFormatter(label))


def count(axis):
    """Label an axis by whole numbers, even where there is but one."""
    axis.set_major_locator(MaxNLocator("auto", integer=True, min_n_ticks=1))


def count_steps(axis):
    """Label a logarithmic axis by 0.5, 2 and 30, not by powers of ten, and not by too many."""
    axis.set_major_locator(RoundNumbers())
    axis.set_minor_locator(NullLocator())
    axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.10g}"))


def _are_apart(values, low, high, room):
    """Whether values are no closer than so many that are evenly spaced along the axis."""
    gaps = np.diff(np.log(values))
    return not len(gaps) or gaps.min() >= 0.99 * (math.log(high) - math.log(low)) / (room + 1)
