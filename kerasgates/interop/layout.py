"""Layout of a cell's weights in a library's convention, and back."""

from __future__ import annotations

import numpy as np
from keras import ops

from kerasgates.interop.conventions import labels, permute

#: Weights that are made of a block of columns for each gate.
BLOCKWISE = ("kernel", "recurrent_kernel", "bias")


def weights_of(cell):
    """Weights of a cell by name, as new arrays."""
    return {weight.name: np.array(ops.convert_to_numpy(weight)) for weight in cell.weights}


def encode(cell, convention):
    """The weights of a cell as the library lays them out, by our names."""
    order = convention.orders[type(cell).__name__]
    theirs = weights_of(cell)
    theirs |= {n: permute(a, *_orders(cell, n, order)) for n, a in theirs.items() if n in BLOCKWISE}
    if "bias" in theirs:
        rows = _rows(cell, theirs)
        rows[0] -= _run_time(_orders(cell, "bias", order)[1], rows)
        theirs |= _stored_biases(convention.biases, rows, cell)
    for name, parts in convention.joined.items():
        if parts.split()[0] in theirs:
            theirs[name] = np.concatenate([theirs.pop(part) for part in parts.split()])
    if convention.transposed:
        theirs |= {name: a.T for name, a in theirs.items() if name.endswith("kernel")}
    unnamed = sorted({*theirs} - {*convention.names})
    if unnamed:
        raise ValueError(f"Argument `convention` must have `names` for {unnamed} of {cell!r}.")
    return {n: np.ascontiguousarray(theirs[n]) for n in convention.names if n in theirs}


def decode(cell, convention, theirs):
    """The inverse of `encode`; two biases are summed unless the cell keeps them apart."""
    order, turned = convention.orders[type(cell).__name__], convention.transposed
    ours = {n: a.T if turned and n.endswith("kernel") else a for n, a in theirs.items()}
    for name, parts in convention.joined.items():
        if name in ours:
            first, *others = parts.split()
            rows = [getattr(cell, first).shape[0]] if name == "kernel" else 1 + len(others)
            ours |= zip((first, *others), np.split(ours.pop(name), rows))
    if "bias" in ours:
        rows = _rows(cell, ours)
        rows[0] += _run_time(_orders(cell, "bias", order)[1], rows)
        ours |= _stored_biases("rows" if len(cell.bias.shape) == 2 else "one", rows, cell)
    orders = {n: _orders(cell, n, order)[::-1] for n in ours if n in BLOCKWISE}
    return {n: permute(a, *orders[n]) if n in orders else a for n, a in ours.items()}


def _orders(cell, weight, order):
    """Our order of the blocks of a weight, and the library's without those that it has not."""
    names = cell.blocks_of(weight)
    if len({*cell.widths_of(names)}) > 1:
        raise ValueError(f"Blocks of {cell!r} are not all as wide, which no convention can have.")
    theirs = [label for label, (_, name, _) in zip(order.split(), labels(order)) if name in names]
    return " ".join(names), " ".join(theirs)


def _run_time(order, bias):
    """Bias that the library adds at run time, such as 1 to the block `f+1`."""
    amounts = [amount for _, _, amount in labels(order)]
    return np.repeat(amounts, bias.shape[-1] // len(amounts)).astype(bias.dtype)


def _rows(cell, weights):
    """Biases of input and recurrent product, or their sum and zero where only that matters."""
    bias, zero = weights["bias"], np.zeros_like(weights["bias"])
    rows = bias if bias.ndim == 2 else np.stack([bias, weights.pop("recurrent_bias", zero)])
    return rows if hasattr(cell, "use_recurrent_bias") else np.stack([rows.sum(axis=0), zero])


def _stored_biases(biases, rows, cell):
    """The two rows of biases as they are stored: see `Convention.biases`."""
    if biases == "two":
        return {"bias": rows[0], "recurrent_bias": rows[1]}
    if biases == "rows" and hasattr(cell, "use_recurrent_bias"):
        return {"bias": rows}
    if rows[1].any():
        raise ValueError(f"A recurrent bias has no place, so must be 0. Received: {rows[1]}")
    return {"bias": rows[0]}
