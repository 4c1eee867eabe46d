"""Weights to and from other libraries: their conventions as data, one permutation.

Users have this as `kerasgates.convert`, where the errors are told that all functions raise.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import keras
import numpy as np
from keras import ops
from numpy.typing import ArrayLike

from kerasgates.interop.conventions import CONVENTIONS, ONNX_ATTRIBUTES, Convention, permute
from kerasgates.interop.layout import BLOCKWISE, decode, encode, weights_of

#: A built cell, its layer, or `Bidirectional` around it; for some libraries a stack of these.
Targets: TypeAlias = keras.Layer | Sequence[keras.Layer]

_REASONS = {
    "GRUCell": "A GRU that resets after the recurrent product equals a ResetAfterGRUCell only.",
    "ResetAfterGRUCell": "A GRU that resets before the recurrent product equals a GRUCell only.",
    "LayerNormLSTMCell": "Others carry the normalised memory on: no weights make them equal.",
}


def from_arrays(target: keras.Layer, convention: str | Convention, **arrays: ArrayLike) -> None:
    """Take over arrays, by the library's names of them.

    `convention` is one of `CONVENTIONS` by name, or a `Convention` of your own.
    """
    _load(*_one_layer(target, convention, [""]), arrays, "arrays")


def to_arrays(target: keras.Layer, convention: str | Convention) -> dict[str, np.ndarray]:
    """The weights by the library's names of them: what `from_arrays` takes."""
    return _dump(*_one_layer(target, convention, [""]))


def from_keras(target: Targets, weights: Sequence[ArrayLike]) -> None:
    """Take over `get_weights()` of Keras's SimpleRNN, LSTM or GRU, or of a stack of them.

    A GRU with `reset_after=False` belongs in a GRUCell, one with `True` in a ResetAfterGRUCell.
    Their biases tell them apart; without biases nothing does.
    """
    _load(_cells(target, CONVENTIONS["keras"]), CONVENTIONS["keras"], weights, "weights")


def to_keras(target: Targets) -> list[np.ndarray]:
    """The weights as a list for `set_weights` of Keras's layer."""
    return [*_dump(_cells(target, CONVENTIONS["keras"]), CONVENTIONS["keras"]).values()]


def from_addons(target: Targets, weights: Sequence[ArrayLike]) -> None:
    """Take over `get_weights()` of TensorFlow Addons' PeepholeLSTMCell, NASCell or ESNCell.

    Its NASCell has the states (c, h) where ours has (h, c).
    """
    _load(_cells(target, _addons(target)), _addons(target), weights, "weights")


def to_addons(target: Targets) -> list[np.ndarray]:
    """The weights as a list for `set_weights` of TensorFlow Addons' cell."""
    return [*_dump(_cells(target, _addons(target)), _addons(target)).values()]


def from_torch(target: Targets, state_dict: Mapping[str, ArrayLike]) -> None:
    """Take over `state_dict()` of PyTorch's nn.RNN, nn.LSTM (with `proj_size`, too) or nn.GRU."""
    _load(_cells(target, CONVENTIONS["torch"]), CONVENTIONS["torch"], state_dict, "state_dict")


def to_torch(target: Targets) -> dict[str, np.ndarray]:
    """The weights by PyTorch's names; for `load_state_dict` after `torch.from_numpy` of each."""
    return _dump(_cells(target, CONVENTIONS["torch"]), CONVENTIONS["torch"])


def from_onnx(
    target: keras.Layer, W: ArrayLike, R: ArrayLike, B: ArrayLike | None = None,
    P: ArrayLike | None = None, *, input_forget: int = 0, linear_before_reset: int = 0,
) -> None:  # fmt: skip
    """Take over the tensors of one ONNX RNN, LSTM or GRU node.

    P belongs in a PeepholeLSTMCell; `input_forget=1` in a CoupledLSTMCell, whose f is 1 − i; GRU
    with `linear_before_reset=0` in a GRUCell, with any other in a ResetAfterGRUCell.
    """
    cells, convention = _one_layer(target, "onnx", ["[0]", "[1]"])
    name = type(cells["[0]"]).__name__
    given = {"input_forget": bool(input_forget), "linear_before_reset": bool(linear_before_reset)}
    wanted = dict.fromkeys(given, 0) | ONNX_ATTRIBUTES.get(name, {})
    if given != wanted:
        raise ValueError(f"The ONNX node for a {name} has {wanted}. Received: {given}")
    tensors: dict[str, Any] = {"W": W, "R": R, "B": B, "P": P}
    arrays = {f"{n}[{k}]": a for n, t in tensors.items() if t is not None for k, a in enumerate(t)}
    _load(cells, convention, arrays, "W, R, B, P")


def to_onnx(target: keras.Layer) -> dict[str, Any]:
    """Tensors and attributes of an ONNX node by name, the arguments of `from_onnx`."""
    cells, convention = _one_layer(target, "onnx", ["[0]", "[1]"])
    arrays = _dump(cells, convention)
    tensors = {n[0]: np.stack([a for m, a in arrays.items() if m[0] == n[0]]) for n in arrays}
    return tensors | ONNX_ATTRIBUTES.get(type(cells["[0]"]).__name__, {})


def negate_gate(target: Targets, gate: str) -> None:
    """Negate the weights of a gate in place: i, f, o, z or r becomes one minus itself.

    So an update gate that is the share of the candidate becomes ours, and ours becomes theirs.
    """
    for cell, weights in [(cell, _negated_weights(cell, gate)) for cell in _cells(target).values()]:
        cell.set_weights(weights)


def _negated_weights(cell, gate):
    """The weights of a cell, those of one gate negated."""
    gates, weights = " ".join(cell.gates), weights_of(cell)
    others = {*weights} - {*BLOCKWISE, *(f"peephole_{k}" for k in "ifo"), "projection_kernel"}
    if gate not in cell.gates or gate not in ("i", "f", "o", "z", "r") or others:
        raise ValueError(
            f"Argument `gate` must be one of i, f, o, z, r, here of {gates!r}, and no other weight "
            f"may act on it. Received: gate={gate!r} with {sorted(others)}"
        )
    _check_complement(cell)
    turned = " ".join(f"-{name}" if name == gate else name for name in cell.gates)
    weights |= {n: permute(weights[n], gates, turned) for n in BLOCKWISE if n in weights}
    weights |= {n: -value for n, value in weights.items() if n == f"peephole_{gate}"}
    return [*weights.values()]


def _check_complement(cell):
    """Raise unless negated weights make a gate of the cell one minus itself."""
    a = np.linspace(-8, 8, 33, dtype="float32")
    both = [cell.recurrent_activation(ops.convert_to_tensor(sign * a)) for sign in (1, -1)]
    if not np.allclose(sum(map(ops.convert_to_numpy, both)), 1, atol=1e-5):
        raise ValueError(f"`recurrent_activation` of {cell!r} must have σ(−a) = 1 − σ(a) for this.")


def _cells(target, convention=None):
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
    cell = layer.cell if isinstance(layer, keras.layers.RNN) else layer
    name, orders = type(cell).__name__, convention and convention.orders
    if not getattr(cell, "gates", ()) or (orders and name not in orders):
        known = " or ".join(orders or ["a cell with `gates`"])
        wrong = f"Argument `target` must be {known}, or a layer of it. Received: {cell!r}."
        raise TypeError(f"{wrong} {_REASONS.get(name, '')}".strip())
    if not cell.built:
        raise ValueError(f"Argument `target` must be built: {cell!r} has no weights yet.")
    if orders and "-" in orders[name]:
        _check_complement(cell)
    if orders and "+" in orders[name] and cell.bias is None:
        raise ValueError(f"The library adds a bias at run time: {cell!r} must have `use_bias`.")
    return cell


def _one_layer(target, convention, ends) -> tuple[dict[str, Any], Convention]:
    """The cells of a target that is a single layer, by `ends`, and their convention."""
    row = CONVENTIONS.get(convention) if isinstance(convention, str) else convention
    if not isinstance(row, Convention):
        known = f"a Convention or one of {[*CONVENTIONS]}"
        raise ValueError(f"Argument `convention` must be {known}. Received: {convention!r}")
    cells = _cells(target, row)
    if "_l1" in cells or len(cells) > len(ends) or len({type(c) for c in cells.values()}) > 1:
        raise ValueError(f"Argument `target` must be a single layer. Received: {target!r}")
    return dict(zip(ends, cells.values())), row


def _addons(target):
    """The convention of Addons that covers the first cell."""
    rows = CONVENTIONS["addons"], CONVENTIONS["addons_lstm"]
    known = {name: row for row in rows for name in row.orders}
    return known.get(type(_cells(target)["_l0"]).__name__, Convention(known))


def _load(cells, convention, given, argument):
    """Check `given`, weights by the library's names or in its order, and set them in all cells."""
    wanted = _dump(cells, convention)
    if isinstance(given, (list, tuple)):
        given = dict(zip([*wanted, *range(len(wanted), len(given))], given))
    if not hasattr(given, "items"):
        raise TypeError(f"Argument `{argument}` must hold separate arrays. Received: {given!r}")
    missing, left = [n for n in wanted if n not in given], [n for n in given if n not in wanted]
    if missing or left:
        raise ValueError(
            f"Argument `{argument}` must hold {[*wanted]}. Missing: {missing}, left over: {left}"
        )
    note = _REASONS.get(type(next(iter(cells.values()))).__name__, "")
    arrays = {n: _fit(n, given[n], like, argument, note) for n, like in wanted.items()}
    decoded = {}
    for end, cell in cells.items():
        part = {ours: arrays[n + end] for ours, n in convention.names.items() if n + end in arrays}
        decoded[end] = decode(cell, convention, part)
    for end, weights in decoded.items():
        for name, value in weights.items():
            getattr(cells[end], name).assign(value)


def _dump(cells, convention):
    """The weights of all cells by the library's names."""
    return {
        convention.names[name] + end: array
        for end, cell in cells.items()
        for name, array in encode(cell, convention).items()
    }


def _fit(name, value, like, argument, note):
    """A copy of `value`, which must have the shape and dtype of `like`."""
    value = value.detach().cpu().numpy() if hasattr(value, "detach") else value
    array = np.array(ops.convert_to_numpy(value))
    if (array.shape, array.dtype) != (like.shape, like.dtype):
        raise ValueError(
            f"{name!r} in argument `{argument}` must be {like.dtype} of shape {like.shape}. "
            f"Received: {array.dtype} of shape {array.shape}{note and '. ' + note}"
        )
    return array
