"""Summaries of traces and gradients: the rows of the tables that a notebook shows."""

import numpy as np

#: Caption of a table of `CellFlow`.
NORMS = "mean norm of the gradient of the loss by the state"


def sizes(cell):
    """Numbers of rows, steps and units of a `CellTrace`."""
    return *next(iter(cell.states.values())).shape[:2], len(cell.units)


def cells(trace):
    """A row for each cell of a `GateTrace`."""
    return [
        {
            "layer": cell.name,
            "cell": cell.cell,
            "direction": cell.direction,
            "gates": " ".join(cell.gates) or "-",
            "states": " ".join(cell.states),
            **dict(zip(("batch", "steps", "units"), sizes(cell))),
        }
        for cell in trace.values()
    ]


def ranges(cell):
    """A row for each gate and state of a `CellTrace`: range and mean over unmasked steps."""
    rows = []
    for kind, name, array in cell.values():
        values = array[cell.live]
        values = values[np.isfinite(values)]
        statistics = (values.min(), values.mean(), values.max()) if values.size else [np.nan] * 3
        numbers = dict(zip(("smallest", "mean", "largest"), map(float, statistics)))
        rows.append({"kind": kind, "name": name, "shape": str(array.shape), **numbers})
    return rows


def ends(flow):
    """A row for each state of a `CellFlow`: its mean norm at the first and last step, their ratio.

    First and last as the steps run. The less the ratio, the more of the gradient is lost on its
    way back.
    """
    rows = []
    for state in flow.norms:
        mean = flow.mean(state)
        known = mean[~np.isnan(mean)]
        known = known if flow.direction == "forward" else known[::-1]
        first, last = map(float, known[[0, -1]]) if known.size else (np.nan, np.nan)
        rows.append(
            {
                "layer": flow.name,
                "direction": flow.direction,
                "state": state,
                "first step": first,
                "last step": last,
                "first / last": first / last if last else np.nan,
            }
        )
    return rows
