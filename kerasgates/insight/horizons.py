"""Memory horizons, from the shares of a state that are kept from step to step."""

import numpy as np

#: About how many entries the look-ahead tables that are made at once have.
TABLE = 1 << 23
#: Of more steps than these the median is that of a random sample of this size: evenly spaced ones
#: could all fall on the same place between two resets.
STARTS = 4096
#: Units of rounding by which a share of 1 may be off, as the sum of shares that it is.
OFF = 4


def medians(cell, shares, left):
    """Median horizon of each unit over all steps, and its share of censored steps."""
    backward = cell.direction == "backward"
    order = slice(None, None, -1 if backward else 1)
    # A share stands for its own step, and for those that are not here until the next.
    gaps = np.abs(np.diff(cell.times[order])).astype(float)
    gaps = np.append(gaps, gaps[-1:] if len(gaps) else 1.0)
    # How far the logarithm of a share of 1 may be from 0.
    rounding = OFF * float(np.spacing(np.ones((), shares.dtype)))
    steps, censored, rng = [], [], np.random.default_rng(0)
    some = min(1.0, STARTS / cell.live.sum())
    units = np.isfinite(shares[cell.live]).any(axis=0)
    for values, live in zip(shares[:, order][:, :, units], cell.live[:, order]):
        values, here = values[live], gaps[live]
        # Nothing is known after a NaN or infinity.
        ends = np.append(np.flatnonzero(~np.isfinite(values).all(axis=1)), len(values))[0]
        if ends:
            starts = np.flatnonzero(rng.uniform(size=ends) < some) if some < 1 else None
            row_horizons = horizons(values[:ends], here[:ends], left, starts, rounding)
            steps.append(row_horizons[0])
            censored.append(row_horizons[1])
    middle, shares_censored = np.full((2, len(units)), np.nan)
    if steps:
        middle[units] = np.median(np.concatenate(steps), axis=0)
        shares_censored[units] = np.concatenate(censored).mean(axis=0)
    return middle.tolist(), shares_censored.tolist()


def horizons(shares, gaps, left, starts=None, rounding=0.0):
    """Horizon from each step of one row: number of steps until `left` of the memory remains.

    From each step on shares are multiplied until the product is `left` or less. Within the last
    step the memory is taken to shrink evenly in its logarithm, so that a constant share f has
    log(left) / log(f) everywhere. Where the row ends before that, the rest is taken to go on as
    the product went so far: the step is censored. Where it went by no more than rounding explains
    it is 1, and the memory does not shrink.

    Args:
        shares: `(time, units)`, in the order in which the steps run, finite.
        gaps: how many steps each share stands for, `(time,)`.
        left: what is left then, between 0 and 1.
        starts: indices of the steps to begin at; None for all.
        rounding: how far the logarithm of each share may be from the right one.

    Returns:
        Steps `(starts, units)`, `inf` where a memory does not shrink; and booleans of that shape,
        which are censored.
    """
    with np.errstate(divide="ignore"):
        logs = gaps[:, None] * np.log(np.abs(np.asarray(shares, "float64")))
    time, units = logs.shape
    depth = max(1, int(time).bit_length())
    parts = np.array_split(np.arange(units), max(1, min(units, time * units * depth // TABLE)))
    starts = np.arange(time) if starts is None else starts
    limits = np.log(left), rounding
    results = [_unit_horizons(logs[:, part], gaps, limits, starts) for part in parts]
    return tuple(np.concatenate(values, axis=1) for values in zip(*results))


def _unit_horizons(logs, gaps, limits, starts):
    """`horizons` of some units: when sums of logarithms from a step on first reach that wanted.

    `limits` are the sum that is wanted, and the rounding of each of its terms.
    """
    time, (wanted, rounding) = len(logs), limits
    # For 1, 2, 4 … steps from each: the sum of the logarithms, and the least sum on the way.
    tables, size = [(logs, logs)], 1
    while 2 * size <= time:
        total, least = tables[-1]
        later = total[:-size] + least[size:]
        tables.append((total[:-size] + total[size:], np.minimum(least[:-size], later)))
        size *= 2
    columns = np.arange(logs.shape[1])
    at = np.repeat(starts[:, None], len(columns), axis=1)
    spent = np.zeros(at.shape)
    for power in reversed(range(len(tables))):
        total, least = tables[power]
        fits = at < len(total)
        row = np.minimum(at, len(total) - 1)
        # Jump 2**power steps on, unless the sum falls to `wanted` on the way.
        jumps = fits & (spent + least[row, columns] > wanted)
        spent = np.where(jumps, spent + np.where(jumps, total[row, columns], 0), spent)
        at += jumps << power
    censored = at == time
    clock = np.concatenate([[0], np.cumsum(gaps)])
    whole = clock[at] - clock[starts][:, None]
    last = np.minimum(at, time - 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        within = gaps[last] * (wanted - spent) / logs[last, columns]
        further = np.where(spent < -rounding * whole, whole * wanted / spent, np.inf)
    return np.where(censored, further, whole + within), censored
