"""Float64 NumPy reference of the wrappers, written from the papers and from nothing of the package.

What is wrapped is computed by its own reference; what is drawn is given.
"""

import numpy as np

import kerasgates as kg
from tests import reference
from tests.cases import weights_of
from tests.cells_of_blocks import CELLS as OF_BLOCKS
from tests.reference_parts import f64
from tests.reference_wrappers_around import AROUND


def sigma(a):
    return 1 / (1 + np.exp(-a))


def own_weights(wrapper):
    inner = {id(weight) for weight in wrapper.cell.weights}
    of = {w.name: np.asarray(w, "float64") for w in wrapper.weights if id(w) not in inner}
    return dict(zip(of, f64(*of.values())))


def recurrent(cell, mask=None):
    """The recurrent weights of a cell as its steps multiply by them, in double precision.

    `mask` is what `DropConnect` has drawn, its scale included; None outside training.
    """
    if not isinstance(cell, kg.CellWrapper):
        weights = weights_of(cell)
        return np.asarray(weights["recurrent_kernel"], "float64") if cell.recurrent_gates else None
    U = recurrent(cell.cell, mask)
    if isinstance(cell, kg.WeightNorm):
        lengths = np.sqrt((U**2).sum(axis=0))
        U = own_weights(cell)["recurrent_scale"] * U / np.where(lengths, lengths, 1)
    return U * mask if isinstance(cell, kg.DropConnect) and mask is not None else U


def step(cell, x, states, drawn, U=None):
    """One step in double precision.

    Args:
        cell: a cell or a wrapper, whose weights and arguments are taken.
        x: the input.
        states: the old states, a list.
        drawn: what wrappers have drawn for this step, the innermost first; None outside training.
        U: the recurrent weights.

    Returns:
        Output and list of new states.
    """
    if not isinstance(cell, kg.CellWrapper):
        return _of_cell(cell, x, states, U)
    if type(cell) in AROUND:
        return AROUND[type(cell)](cell, x, states, lambda *inner: step(*inner, drawn, U))
    count = _numbers(cell)
    inner = own = None
    if drawn is not None:
        inner, own = np.split(drawn, [drawn.shape[-1] - count], axis=-1)
    output, new = step(cell.cell, x, states, inner, U)
    return WRAPPERS[type(cell)](cell, x, states, output, new, own)


def _of_cell(cell, x, states, U):
    weights, count = weights_of(cell), len(states)
    weights |= {} if U is None else {"recurrent_kernel": U}
    if type(cell) in OF_BLOCKS:
        weights = {name: np.asarray(value, "float64") for name, value in weights.items()}
        new = OF_BLOCKS[type(cell)](weights, x, *states)
        return (new[count] if new[count:] else new[0]), list(new[:count])
    output, new, _ = reference.CELLS[type(cell).__name__].step(weights, x, states, {})
    return output, list(new)


def _rates(cell):
    rate, inner = cell.rate, cell.cell
    rates = rate if isinstance(rate, dict) else dict.fromkeys(inner.states, rate)
    return [rates.get(name, 0.0) for name in inner.states]


def _numbers(cell):
    """How many numbers a wrapper draws for a row and step."""
    if not isinstance(cell, kg.Zoneout):
        return 0
    return sum(n for n, rate in zip(cell.cell.state_sizes, _rates(cell)) if rate)


def residual(cell, x, states, output, new, own):
    return output + x, new


def highway(cell, x, states, output, new, own):
    w = own_weights(cell)
    t = sigma(x @ w["transform_kernel"] + w["transform_bias"])
    return t * output + (1 - t) * x, new


def projection(cell, x, states, output, new, own):
    w = own_weights(cell)
    return output @ w["output_kernel"] + w.get("output_bias", 0.0), new


def cell_clip(cell, x, states, output, new, own):
    names = cell.cell.states
    clipped = [
        np.clip(v, -cell.bound, cell.bound) if n in cell.clipped else v for n, v in zip(names, new)
    ]
    return _shown(cell, output, clipped), clipped


def zoneout(cell, x, states, output, new, own):
    kept, at = [], 0
    for old, value, rate in zip(states, new, _rates(cell)):
        d = rate
        if rate and own is not None:
            d, at = own[:, at : at + value.shape[-1]], at + value.shape[-1]
        kept.append(d * old + (1 - d) * value)
    return _shown(cell, output, kept), kept


def same(cell, x, states, output, new, own):
    return output, new


def _shown(cell, output, new):
    """The output: one of the changed states, or what the inner cell gave."""
    return output if cell.cell.output_state is None else new[cell.cell.output_state]


WRAPPERS = {
    kg.Residual: residual,
    kg.Highway: highway,
    kg.Projection: projection,
    kg.CellClip: cell_clip,
    kg.Zoneout: zoneout,
    # They change weights, and no step.
    kg.WeightNorm: same,
    kg.DropConnect: same,
}


def over_time(cell, x, states, mask=None, drawn=None, of_weights=None):
    """Outputs `(batch, time, entries)` and last states in double precision."""
    U = recurrent(cell, of_weights)
    x, *states = f64(x, *states)
    outputs, last = [], np.zeros((len(x), cell.output_size))
    for t in range(x.shape[1]):
        now = None if drawn is None else np.asarray(drawn, "float64")[:, t]
        output, new = step(cell, x[:, t], states, now, U)
        kept = np.ones((len(x), 1), bool) if mask is None else mask[:, t, None]
        last = np.where(kept, output, last)
        states = [np.where(kept, a, b) for a, b in zip(new, states)]
        outputs.append(last)
    return np.stack(outputs, axis=1), states
