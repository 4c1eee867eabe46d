"""What of a loss's gradient a cell carries back through time, apart from what enters on the way."""

from dataclasses import dataclass

import numpy as np


@dataclass
class Carried:
    """Norms of gradients by all states of a cell together, `(batch, steps)`, counted back in time.

    The first column is the step of each row that runs last, the next one that before it. Let J be
    the Jacobian of a step, the derivative of all new states by all old ones. With it

        whole_t = Jᵀ whole_{t+1} + entering_t

    holds for the gradients that these are the norms of. So the one is larger than what it has been
    a while later and all that entered since then only where the product of the Jacobians is.

    Attributes:
        whole: of the gradient by the states after each step, as the next step and the output get
            them.
        entering: of the part that the output brings in at that step; of an output that is no
            state, the part that the output of the next step brings in.
        later: of what comes through later steps alone.
    """

    whole: np.ndarray
    entering: np.ndarray
    later: np.ndarray

    @property
    def is_finite(self) -> bool:
        """Whether all gradients are numbers."""
        return all(np.isfinite(v[~np.isnan(v)]).all() for v in vars(self).values())

    @property
    def steps(self) -> int:
        """How many steps the longest row has."""
        return int((~np.isnan(self.whole)).any(axis=0).sum())

    def growth(self) -> float:
        """How many times larger the gradient gets over some stretch of steps.

        For every stretch of steps that ends somewhere, the gradient there is divided by what it
        was where the stretch begins and all that entered on it; the largest of these ratios. Where
        no Jacobian makes a vector longer it is at most 1, whatever the loss looks at. Rows count by
        their sum, so that one that is shorter than others changes nothing.
        """
        largest, least = 0.0, np.inf
        before = 0.0
        for whole, entering in zip(*(np.nansum(v, axis=0) for v in (self.whole, self.entering))):
            least = min(least, before) + entering
            if least > 0:
                largest = max(largest, whole / least)
            before = whole
        return float(largest)

    def reach(self, share: float) -> tuple[int, int]:
        """How far back the gradient is carried, from the first step in time at which it enters.

        Args:
            share: what enters counts, and what is carried is there, at so much of its largest.

        Returns:
            The number of steps, and of those that are there to be reached: both count the one at
            which the gradient enters. Nought and nought where no gradient enters.
        """
        entering, later = (_mean(v)[: self.steps] for v in (self.entering, self.later))
        if not entering.any():
            return 0, 0
        start = _last(entering, share)
        reached = _last(later, share) if later.any() else start
        return max(reached - start, 0) + 1, self.steps - start


def _last(values, share):
    """The last place at which values are so much of the largest."""
    return int(np.flatnonzero(values >= share * values.max())[-1])


def _mean(values):
    """Mean over the rows that are that long; 0 where none is."""
    counts = (~np.isnan(values)).sum(axis=0)
    return np.nansum(values, axis=0) / np.maximum(counts, 1)


def from_last_step(norms, backwards):
    """Norms `(batch, time)`, NaN at masked steps, counted back from each row's last step."""
    order = norms if backwards else norms[:, ::-1]
    # A stable sort by whether a step is masked moves steps, and keeps their order.
    places = np.argsort(np.isnan(order), axis=1, kind="stable")
    return np.take_along_axis(order, places, axis=1)


def at_the_step_before(norms):
    """Norms counted back, each moved to the step before; 0 at the last."""
    moved = np.concatenate([np.zeros_like(norms[:, :1]), norms[:, :-1]], axis=1)
    return np.where(np.isnan(norms), np.nan, moved)
