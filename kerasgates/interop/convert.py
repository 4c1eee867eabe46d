"""Weights to and from other libraries: their conventions as data, one permutation.

Users have this as `kerasgates.convert`, where the errors are told that all functions raise.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import keras
import numpy as np
from keras import ops
from numpy.typing import ArrayLike

from kerasgates.core.blocks import Blocks

#: A built cell, its layer, or `Bidirectional` around it; for some libraries a stack of these.
Targets: TypeAlias = keras.Layer | Sequence[keras.Layer]

_BLOCKWISE = ("kernel", "recurrent_kernel", "bias")
_REASONS = {
    "GRUCell": "A GRU that resets after the recurrent product equals a ResetAfterGRUCell only.",
    "ResetAfterGRUCell": "A GRU that resets before the recurrent product equals a GRUCell only.",
    "LayerNormLSTMCell": "Others carry the normalised memory on: no weights make them equal.",
}


def _orders(text):
    """Orders of blocks by class name, from text such as `"LSTM i f g o, GRU z r n"`."""
    parts = [item.partition(" ") for item in text.split(", ")]
    return {f"{name}Cell": order for name, _, order in parts}


def _names(ours, theirs=None):
    return dict(zip(ours.split(), (theirs or ours).split()))


@dataclass(frozen=True)
class Convention:
    """Layout of the weights in a library."""

    #: By class name, the library's order of column blocks in our letters. `-z` is a block whose
    #: gate is 1 − z; to `f+1` the library adds 1 at run time.
    orders: dict
    #: By our names, the library's names of the weights, in its order.
    names: dict = field(default_factory=lambda: _names("kernel recurrent_kernel bias"))
    #: Whether matrices are `(blocks · units, rows)`.
    transposed: bool = False
    #: By name, our names of the weights that stand in one array, one after the other.
    joined: dict = field(default_factory=dict)
    #: `"one"` vector; `"two"`, of the input and of the recurrent product; or `"rows"`, the two in
    #: one array where the cell keeps them apart, else one vector.
    biases: str = "one"
    #: The order of output h and memory c.
    states: tuple = ("h", "c")


#: Every convention by name. Another library is one more `Convention`, given to `from_arrays`.
CONVENTIONS = {
    "keras": Convention(
        _orders("SimpleRNN h, LSTM i f g o, GRU z r n, ResetAfterGRU z r n"), biases="rows"
    ),
    "torch": Convention(
        _orders("SimpleRNN h, LSTM i f g o, ProjectedLSTM i f g o, ResetAfterGRU r z n"),
        _names(
            "kernel recurrent_kernel bias recurrent_bias projection_kernel",
            "weight_ih weight_hh bias_ih bias_hh weight_hr",
        ),
        transposed=True,
        biases="two",
    ),
    # The coupled one has the gates i and f = 1 − i, and ignores its third block.
    "onnx": Convention(
        _orders("SimpleRNN h, LSTM i o f g, PeepholeLSTM i o f g, CoupledLSTM -f o f g")
        | _orders("GRU z r n, ResetAfterGRU z r n"),
        _names("kernel recurrent_kernel bias peepholes", "W R B P"),
        transposed=True,
        joined={"bias": "bias recurrent_bias", "peepholes": "peephole_i peephole_o peephole_f"},
        biases="two",
    ),
    # The kernels of gates and candidate of its GRUCell side by side.
    "tf1": Convention(
        _orders("LSTM i g f+1 o, PeepholeLSTM i g f+1 o, ProjectedLSTM i g f+1 o")
        | _orders("CoupledLSTM g f+1 o, GRU r z n, UGRNN z+1 n"),
        _names("kernel bias peephole_i peephole_f peephole_o projection_kernel"),
        joined={"kernel": "kernel recurrent_kernel"},
        states=("c", "h"),
    ),
    # W [a, x] + b of columns: the matrices of Γ_u Γ_f Γ_o c̃, or of Γ_u Γ_r c̃, on top of each
    # other. In the GRU Γ_u is the share of the candidate.
    "lectures": Convention(
        _orders("SimpleRNN h, LSTM i f o g, NoOutputGateLSTM i f g")
        | _orders("GRU -z r n, ResetAfterGRU -z r n, UGRNN -z n"),
        transposed=True,
        joined={"kernel": "recurrent_kernel kernel"},
    ),
    # TensorFlow Addons, two families. In this one the recurrent kernel comes first.
    "addons": Convention(
        _orders("NAS 0 1 2 3 4 5 6 7, ESN h"),
        _names("recurrent_kernel kernel bias projection_kernel"),
        states=("c", "h"),
    ),
    "addons_lstm": Convention(
        _orders("PeepholeLSTM i f g o"),
        _names("kernel recurrent_kernel bias peephole_i peephole_f peephole_o"),
    ),
}
#: Attributes of the ONNX node that a cell stands for; others are 0.
_ONNX = {"CoupledLSTMCell": {"input_forget": 1}, "ResetAfterGRUCell": {"linear_before_reset": 1}}


def permute(array: ArrayLike, source: str, target: str, axis: int = -1) -> np.ndarray:
    """Reorder the blocks of `array` along `axis` from the order `source` to the order `target`.

    Orders are names of blocks, such as `"i o f g"`. Of blocks of one name the first counts; a
    block that is `-z` on one side only changes its sign.
    """
    held, wanted = _labels(source), _labels(target)
    names = [name for _, name, _ in held]
    signs = {name: sign for sign, name, _ in reversed(held)}
    blocks = Blocks(np.moveaxis(np.asarray(array), axis, -1), names)
    picked = [blocks[name].tensor * (sign * signs[name]) for sign, name, _ in wanted]
    return np.moveaxis(np.concatenate(picked, axis=-1), -1, axis)


def _labels(order):
    """Sign, name and run-time bias of each block: `-z` is (-1, "z", 0), `f+1` is (1, "f", 1)."""
    parts = [label.partition("+") for label in order.split()]
    return [(-1 if name[0] == "-" else 1, name.lstrip("-"), float(n or 0)) for name, _, n in parts]


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
    wanted = dict.fromkeys(given, 0) | _ONNX.get(name, {})
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
    return tensors | _ONNX.get(type(cells["[0]"]).__name__, {})


def negate_gate(target: Targets, gate: str) -> None:
    """Negate the weights of a gate in place: i, f, o, z or r becomes one minus itself.

    So an update gate that is the share of the candidate becomes ours, and ours becomes theirs.
    """
    for cell, weights in [(cell, _negated_weights(cell, gate)) for cell in _cells(target).values()]:
        cell.set_weights(weights)


def _negated_weights(cell, gate):
    """The weights of a cell, those of one gate negated."""
    gates, weights = " ".join(cell.gates), _weights(cell)
    others = {*weights} - {*_BLOCKWISE, *(f"peephole_{k}" for k in "ifo"), "projection_kernel"}
    if gate not in cell.gates or gate not in ("i", "f", "o", "z", "r") or others:
        raise ValueError(
            f"Argument `gate` must be one of i, f, o, z, r, here of {gates!r}, and no other weight "
            f"may act on it. Received: gate={gate!r} with {sorted(others)}"
        )
    _check_complement(cell)
    turned = " ".join(f"-{name}" if name == gate else name for name in cell.gates)
    weights |= {n: permute(weights[n], gates, turned) for n in _BLOCKWISE if n in weights}
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
        decoded[end] = _decode(cell, convention, part)
    for end, weights in decoded.items():
        for name, value in weights.items():
            getattr(cells[end], name).assign(value)


def _dump(cells, convention):
    """The weights of all cells by the library's names."""
    return {
        convention.names[name] + end: array
        for end, cell in cells.items()
        for name, array in _encode(cell, convention).items()
    }


def _weights(cell):
    return {weight.name: np.array(ops.convert_to_numpy(weight)) for weight in cell.weights}


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


def _encode(cell, convention):
    """The weights of a cell as the library lays them out, by our names."""
    gates, order = " ".join(cell.gates), convention.orders[type(cell).__name__]
    theirs = _weights(cell)
    theirs |= {n: permute(a, gates, order) for n, a in theirs.items() if n in _BLOCKWISE}
    if "bias" in theirs:
        rows = _rows(cell, theirs)
        rows[0] -= _run_time(order, rows)
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


def _decode(cell, convention, theirs):
    """The inverse of `_encode`; two biases are summed unless the cell keeps them apart."""
    gates, order = " ".join(cell.gates), convention.orders[type(cell).__name__]
    turned = convention.transposed
    ours = {n: a.T if turned and n.endswith("kernel") else a for n, a in theirs.items()}
    for name, parts in convention.joined.items():
        if name in ours:
            first, *others = parts.split()
            rows = [getattr(cell, first).shape[0]] if name == "kernel" else 1 + len(others)
            ours |= zip((first, *others), np.split(ours.pop(name), rows))
    if "bias" in ours:
        rows = _rows(cell, ours)
        rows[0] += _run_time(order, rows)
        ours |= _stored_biases("rows" if len(cell.bias.shape) == 2 else "one", rows, cell)
    return {n: permute(a, order, gates) if n in _BLOCKWISE else a for n, a in ours.items()}


def _run_time(order, bias):
    """Bias that the library adds at run time, such as 1 to the block `f+1`."""
    amounts = [amount for _, _, amount in _labels(order)]
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
