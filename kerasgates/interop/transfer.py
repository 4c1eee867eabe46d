"""Transfer of arrays to and from the cells of layers, all or nothing."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
from keras import ops

from kerasgates.core.operations import as_array
from kerasgates.core.wrapper import CellWrapper
from kerasgates.interop import layout, pieces
from kerasgates.interop.conventions import Convention, permute
from kerasgates.interop.layout import BLOCKWISE, weights_of
from kerasgates.interop.libraries import CONVENTIONS
from kerasgates.interop.pieces import Layouts

#: Why some cells have no equal in a library, for errors.
_REASONS = {
    "GRUCell": "A GRU that resets after the recurrent product equals a ResetAfterGRUCell only.",
    "ResetAfterGRUCell": "A GRU that resets before the recurrent product equals a GRUCell only.",
    "LayerNormLSTMCell": "TensorFlow Addons carries the normalised memory on: no weights make "
    "them equal.",
}


def negated_weights(cell, gate):
    """The weights of a cell, those of one gate negated."""
    gates, weights = " ".join(cell.gates), weights_of(cell)
    others = {*weights} - {*BLOCKWISE, *(f"peephole_{k}" for k in "ifo"), "projection_kernel"}
    if gate not in cell.gates or gate not in ("i", "f", "o", "z", "r") or others:
        raise ValueError(
            f"Argument `gate` must be one of i, f, o, z, r, here of {gates!r}, and no other weight "
            f"may act on it. Received: gate={gate!r} with {sorted(others)}"
        )
    _check_complement(cell)
    for name in (n for n in BLOCKWISE if n in weights):
        blocks = cell.blocks_of(name)
        turned = " ".join(f"-{one}" if one == gate else one for one in blocks)
        weights[name] = permute(weights[name], " ".join(blocks), turned)
    weights |= {n: -value for n, value in weights.items() if n == f"peephole_{gate}"}
    return [*weights.values()]


def _check_complement(cell):
    """Raise unless negated weights make a gate of the cell one minus itself."""
    a = np.linspace(-8, 8, 33, dtype="float32")
    both = [cell.recurrent_activation(ops.convert_to_tensor(sign * a)) for sign in (1, -1)]
    if not np.allclose(sum(map(ops.convert_to_numpy, both)), 1, atol=1e-5):
        raise ValueError(f"`recurrent_activation` of {cell!r} must have σ(−a) = 1 − σ(a) for this.")


def cells_of(target, convention=None):
    """The cells of all layers, by the suffixes of PyTorch's names, such as `_l0_reverse`."""
    cells = {}
    for k, layer in enumerate(target if isinstance(target, (list, tuple)) else [target]):
        both = isinstance(layer, keras.layers.Bidirectional)
        parts = [layer.forward_layer, layer.backward_layer] if both else [layer]
        for way, part in zip(("", "_reverse"), parts):
            cells[f"_l{k}{way}"] = _cell(part, convention)
    if not cells or len({id(cell) for cell in cells.values()}) < len(cells):
        raise ValueError(f"Argument `target` must hold layers, none twice. Received: {target!r}")
    return cells


def _cell(layer, convention):
    """The cell of a layer, which must be built and have a place in the convention."""
    cell = _without_wrappers(layer.cell if isinstance(layer, keras.layers.RNN) else layer)
    name, orders = type(cell).__name__, convention and convention.orders
    if not getattr(cell, "gates", ()) or (orders and name not in orders):
        known = " or ".join(orders or ["a cell with `gates`"])
        wrong = f"Argument `target` must be {known}, or a layer of it. Received: {cell!r}."
        reason = convention.different.get(name) if convention else None
        raise TypeError(f"{wrong} {reason or _REASONS.get(name, '')}".strip())
    if not cell.built:
        raise ValueError(f"Argument `target` must be built: {cell!r} has no weights yet.")
    marks = convention.marks(cell) if convention else ""
    if "-" in marks:
        _check_complement(cell)
    if "+" in marks and cell.bias is None:
        raise ValueError(f"The library adds a bias at run time: {cell!r} must have `use_bias`.")
    return cell


def _without_wrappers(cell):
    """The cell inside wrappers that have no weights of their own, such as `Zoneout`."""
    while isinstance(cell, CellWrapper) and len(cell.weights) == len(cell.cell.weights):
        cell = cell.cell
    return cell


def one_layer(target, convention, ends) -> tuple[dict[str, Any], Convention | Layouts]:
    """The cells of a target that is a single layer, by `ends`, and their convention."""
    row = CONVENTIONS.get(convention) if isinstance(convention, str) else convention
    if not isinstance(row, (Convention, Layouts)):
        known = f"a Convention, a Layouts or one of {[*CONVENTIONS]}"
        raise ValueError(f"Argument `convention` must be {known}. Received: {convention!r}")
    cells = cells_of(target, row)
    if "_l1" in cells or len(cells) > len(ends) or len({type(c) for c in cells.values()}) > 1:
        raise ValueError(f"Argument `target` must be a single layer. Received: {target!r}")
    return dict(zip(ends, cells.values())), row


def addons_convention(target):
    """The convention of Addons that covers the first cell."""
    rows = CONVENTIONS["addons"], CONVENTIONS["addons_lstm"]
    known = {name: row for row in rows for name in row.orders}
    return known.get(type(cells_of(target)["_l0"]).__name__, Convention(known))


def load(cells, convention, given, argument):
    """Check `given`, weights by the library's names or in its order, and set them in all cells."""
    templates = dump(cells, convention, empty=True)
    if isinstance(given, (list, tuple)):
        given = dict(zip([*templates, *range(len(templates), len(given))], given))
    if not hasattr(given, "items"):
        raise TypeError(f"Argument `{argument}` must hold separate arrays. Received: {given!r}")
    missing, extra = (
        [n for n in templates if n not in given],
        [n for n in given if n not in templates],
    )
    if missing or extra:
        raise ValueError(
            f"Argument `{argument}` must hold {[*templates]}. Missing: {missing}, "
            f"left over: {extra}{_way_out(argument, templates, given, missing, extra)}"
        )
    note = _REASONS.get(type(next(iter(cells.values()))).__name__, "")
    arrays = {n: _fit(n, given[n], like, argument, note) for n, like in templates.items()}
    decoded = {}
    for end, cell in cells.items():
        names = _encoded(cell, convention, empty=True)
        decoded[end] = _decoded(cell, convention, {n: arrays[n + end] for n in names})
    for end, weights in decoded.items():
        for name, value in weights.items():
            getattr(cells[end], name).assign(value)


def _way_out(argument, templates, given, missing, extra):
    """What to do where names are those of PyTorch, and a few words would make them fit; or ""."""
    names, first = {*map(str, given)}, next(iter(templates))
    if {f"{name}_l0" for name in names} == {*templates}:
        return (
            ". These are the weights of a single cell, such as torch.nn.LSTMCell: give "
            f'{{f"{{name}}_l0": array for name, array in {argument}.items()}}'
        )
    before = sorted(name.removesuffix(first) for name in names if name.endswith(first))
    prefixes = [p for p in before if p and {p + name for name in templates} <= names]
    if prefixes:
        which = prefixes[0]
        others = f", and others with {prefixes[1:]}" if prefixes[1:] else ""
        return (
            f". They are there with {which!r} before their names{others}: give "
            f"{{name.removeprefix({which!r}): array for name, array in {argument}.items() if "
            f"name.startswith({which!r})}}"
        )
    if extra and not missing and all(str(name).startswith("weight_hr") for name in extra):
        return ". Weights with `proj_size` belong in a ProjectedLSTM, there `projection_units`"
    if missing and not extra and all(name.startswith("weight_hr") for name in missing):
        return ". Weights without `proj_size` belong in an LSTM"
    biases = {name for name in templates if name.startswith("bias")}
    if biases and {*missing} == biases and not extra:
        return ". Weights without biases belong in a cell with `use_bias=False`"
    if not biases and not missing and all(str(name).startswith("bias") for name in extra):
        return ". Biases belong in a cell with `use_bias=True`"
    return ""


def dump(cells, convention, empty=False):
    """The weights of all cells by the library's names; if `empty`, only their shapes count."""
    return {
        name + end: array
        for end, cell in cells.items()
        for name, array in _encoded(cell, convention, empty).items()
    }


def _encoded(cell, convention, empty):
    """The weights of a cell by the library's names."""
    if isinstance(convention, Layouts):
        return pieces.encode(cell, convention, empty)
    ours = layout.encode(cell, convention)
    return {convention.names[name]: array for name, array in ours.items()}


def _decoded(cell, convention, arrays):
    """New weights of a cell by our names, from those by the library's."""
    if isinstance(convention, Layouts):
        return pieces.decode(cell, convention, arrays)
    ours = {name: arrays[n] for name, n in convention.names.items() if n in arrays}
    return layout.decode(cell, convention, ours)


def _fit(name, value, like, argument, note):
    """A copy of `value`, which must have the shape and dtype of `like`."""
    if hasattr(value, "detach"):
        # Nothing is cast here: it must be what the weight is.
        value = as_array(value).astype(str(value.dtype).removeprefix("torch."))
    array = np.array(ops.convert_to_numpy(value))
    if (array.shape, array.dtype) != (like.shape, like.dtype):
        if array.shape == like.shape:
            note = f"Nothing is cast here: give it as {like.dtype}, or make a cell of its dtype"
        raise ValueError(
            f"{name!r} in argument `{argument}` must be {like.dtype} of shape {like.shape}. "
            f"Received: {array.dtype} of shape {array.shape}{note and '. ' + note}"
        )
    return array
