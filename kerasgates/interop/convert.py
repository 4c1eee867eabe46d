"""Weights to and from other libraries: their conventions as data, one permutation.

Users have this as `kerasgates.convert`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import keras
import numpy as np
from numpy.typing import ArrayLike

from kerasgates.interop.conventions import ONNX_ATTRIBUTES, Convention
from kerasgates.interop.libraries import CONVENTIONS
from kerasgates.interop.pieces import Layouts
from kerasgates.interop.transfer import (
    addons_convention,
    cells_of,
    dump,
    load,
    negated_weights,
    one_layer,
)

#: A built cell, its layer, or `Bidirectional` around it; for some libraries a stack of these.
Targets: TypeAlias = keras.Layer | Sequence[keras.Layer]


def from_arrays(
    target: keras.Layer, convention: str | Convention | Layouts, **arrays: ArrayLike
) -> None:
    """Take over arrays, by the library's names of them, as in a `state_dict` or a checkpoint.

        >>> layer = kg.GRU(3)
        >>> layer.build((None, None, 2))
        >>> kernel, bias = np.ones((5, 9), "float32"), np.zeros(9, "float32")
        >>> kg.convert.from_arrays(layer, "tf1", kernel=kernel, bias=bias)

    Args:
        target: a built cell, or its layer; a wrapper without weights, such as `Zoneout`, counts as
            the cell in it.
        convention: one of `CONVENTIONS` by name, or a `Convention` or `Layouts` of your own.
        **arrays: the weights; `to_arrays` gives their names and shapes.

    Raises:
        TypeError: if the library does not have the cell, or the weights come in another form.
        ValueError: if a layer is not built, or weights are missing, left over, or of another
            shape or dtype; then nothing has changed.
    """
    load(*one_layer(target, convention, [""]), arrays, "arrays")


def to_arrays(target: keras.Layer, convention: str | Convention | Layouts) -> dict[str, np.ndarray]:
    """The weights of a layer as the arrays of a library, by its names of them.

        >>> layer = kg.GRU(3)
        >>> layer.build((None, None, 2))
        >>> {name: array.shape for name, array in kg.convert.to_arrays(layer, "tf1").items()}
        {'kernel': (5, 9), 'bias': (9,)}

    Args:
        target: a built cell, or its layer; a wrapper without weights, such as `Zoneout`, counts as
            the cell in it.
        convention: one of `CONVENTIONS` by name, or a `Convention` or `Layouts` of your own.

    Returns:
        New arrays by name: what `from_arrays` takes.

    Raises:
        TypeError: if the library does not have the cell.
        ValueError: if a layer is not built, or a weight has no place in the library.
    """
    return dump(*one_layer(target, convention, [""]))


def from_keras(target: Targets, weights: Sequence[ArrayLike]) -> None:
    """Take over `get_weights()` of Keras's SimpleRNN, LSTM or GRU, or of a stack of them.

        >>> theirs, layer = keras.layers.LSTM(3), kg.LSTM(3)
        >>> theirs.build((None, None, 2))
        >>> layer.build((None, None, 2))
        >>> kg.convert.from_keras(layer, theirs.get_weights())

    A GRU with `reset_after=False` belongs in a GRUCell, one with `True` in a ResetAfterGRUCell.
    Their biases tell them apart; without biases nothing does. See `kerasgates.upgrade` for a whole
    model.

    Args:
        target: a built cell, its layer, or `Bidirectional` around it; or a list of these, a stack
            from the input up.
        weights: list of arrays: kernel `(features, gates · units)`, recurrent kernel
            `(units, gates · units)` and, where there is one, bias; of a stack one after the other.

    Raises:
        TypeError: if the library does not have the cell, or the weights come in another form.
        ValueError: if a layer is not built, or weights are missing, left over, or of another
            shape or dtype; then nothing has changed.
    """
    load(cells_of(target, CONVENTIONS["keras"]), CONVENTIONS["keras"], weights, "weights")


def to_keras(target: Targets) -> list[np.ndarray]:
    """The weights as a list for `set_weights` of Keras's layer.

        >>> theirs, layer = keras.layers.LSTM(3), kg.LSTM(3)
        >>> theirs.build((None, None, 2))
        >>> layer.build((None, None, 2))
        >>> theirs.set_weights(kg.convert.to_keras(layer))

    Args:
        target: a built cell, its layer, or `Bidirectional` around it; or a list of these, a stack
            from the input up.

    Returns:
        New arrays, those that `from_keras` takes.

    Raises:
        TypeError: if the library does not have the cell.
        ValueError: if a layer is not built, or a weight has no place in the library.
    """
    return [*dump(cells_of(target, CONVENTIONS["keras"]), CONVENTIONS["keras"]).values()]


def from_addons(target: Targets, weights: Sequence[ArrayLike]) -> None:
    """Take over `get_weights()` of TensorFlow Addons' PeepholeLSTMCell, NASCell or ESNCell.

        >>> cell = kg.ESNCell(3)
        >>> cell.build((None, 2))
        >>> kg.convert.from_addons(cell, [np.eye(3, dtype="float32"), np.ones((2, 3), "float32"),
        ...                               np.zeros(3, "float32")])

    Its NASCell has the states (c, h) where ours has (h, c).

    Args:
        target: a built cell, its layer, or `Bidirectional` around it; or a list of these, a stack
            from the input up.
        weights: list of arrays; `to_addons` gives their order and shapes.

    Raises:
        TypeError: if the library does not have the cell, or the weights come in another form.
        ValueError: if a layer is not built, or weights are missing, left over, or of another
            shape or dtype; then nothing has changed.
    """
    load(cells_of(target, addons_convention(target)), addons_convention(target), weights, "weights")


def to_addons(target: Targets) -> list[np.ndarray]:
    """The weights as a list for `set_weights` of TensorFlow Addons' cell.

        >>> cell = kg.ESNCell(3)
        >>> cell.build((None, 2))
        >>> [array.shape for array in kg.convert.to_addons(cell)]
        [(3, 3), (2, 3), (3,)]

    Args:
        target: a built cell, its layer, or `Bidirectional` around it; or a list of these, a stack
            from the input up.

    Returns:
        New arrays, those that `from_addons` takes.

    Raises:
        TypeError: if the library does not have the cell.
        ValueError: if a layer is not built, or a weight has no place in the library.
    """
    return [*dump(cells_of(target, addons_convention(target)), addons_convention(target)).values()]


def from_torch(target: Targets, state_dict: Mapping[str, ArrayLike]) -> None:
    """Take over `state_dict()` of PyTorch's nn.RNN, nn.LSTM (with `proj_size`, too) or nn.GRU.

        >>> import torch
        >>> layer = kg.LSTM(3)
        >>> layer.build((None, None, 2))
        >>> kg.convert.from_torch(layer, torch.nn.LSTM(2, 3).state_dict())

    nn.GRU belongs in a ResetAfterGRUCell. Of PyTorch's two biases the sum is kept where the cell
    has one. `nonlinearity="relu"` of nn.RNN is `activation="relu"` of ours: set it yourself.

    Args:
        target: a built cell, its layer, or `Bidirectional` around it; or a list of these, a stack
            from the input up.
        state_dict: tensors or arrays by PyTorch's names, such as `weight_ih_l0`
            `(gates · units, features)`.

    Raises:
        TypeError: if the library does not have the cell, or the weights come in another form.
        ValueError: if a layer is not built, or weights are missing, left over, or of another
            shape or dtype; then nothing has changed.
    """
    load(cells_of(target, CONVENTIONS["torch"]), CONVENTIONS["torch"], state_dict, "state_dict")


def to_torch(target: Targets) -> dict[str, np.ndarray]:
    """The weights by PyTorch's names; for `load_state_dict` after `torch.from_numpy` of each.

        >>> import torch
        >>> layer = kg.LSTM(3)
        >>> layer.build((None, None, 2))
        >>> arrays = kg.convert.to_torch(layer)
        >>> theirs = torch.nn.LSTM(2, 3)
        >>> theirs.load_state_dict({name: torch.from_numpy(a) for name, a in arrays.items()})
        <All keys matched successfully>

    Args:
        target: a built cell, its layer, or `Bidirectional` around it; or a list of these, a stack
            from the input up.

    Returns:
        New arrays by name, those that `from_torch` takes.

    Raises:
        TypeError: if the library does not have the cell.
        ValueError: if a layer is not built, or a weight has no place in the library.
    """
    return dump(cells_of(target, CONVENTIONS["torch"]), CONVENTIONS["torch"])


def from_onnx(
    target: keras.Layer, W: ArrayLike, R: ArrayLike, B: ArrayLike | None = None,
    P: ArrayLike | None = None, *, input_forget: int = 0, linear_before_reset: int = 0,
) -> None:  # fmt: skip
    """Take over the tensors of one ONNX RNN, LSTM or GRU node.

        >>> layer, other = kg.GRU(3), kg.GRU(3)
        >>> layer.build((None, None, 2))
        >>> other.build((None, None, 2))
        >>> kg.convert.from_onnx(layer, **kg.convert.to_onnx(other))

    P belongs in a PeepholeLSTMCell; `input_forget=1` in a CoupledLSTMCell, whose f is 1 − i; GRU
    with `linear_before_reset=0` in a GRUCell, with any other in a ResetAfterGRUCell.

    Args:
        target: a built cell, its layer, or `Bidirectional` around it.
        W: `(directions, gates · units, features)`.
        R: `(directions, gates · units, units)`.
        B: `(directions, 2 · gates · units)`; None for a cell without biases.
        P: `(directions, 3 · units)`; None for a cell without peepholes.
        input_forget: attribute of an LSTM node.
        linear_before_reset: attribute of a GRU node.

    Raises:
        TypeError: if the library does not have the cell, or the weights come in another form.
        ValueError: if a layer is not built, or weights are missing, left over, or of another
            shape or dtype; then nothing has changed.
    """
    cells, convention = one_layer(target, "onnx", ["[0]", "[1]"])
    name = type(cells["[0]"]).__name__
    attributes = {
        "input_forget": bool(input_forget),
        "linear_before_reset": bool(linear_before_reset),
    }
    cell_attributes = dict.fromkeys(attributes, 0) | ONNX_ATTRIBUTES.get(name, {})
    if attributes != cell_attributes:
        raise ValueError(
            f"The ONNX node for a {name} has {cell_attributes}. Received: {attributes}"
        )
    tensors: dict[str, Any] = {"W": W, "R": R, "B": B, "P": P}
    arrays = {f"{n}[{k}]": a for n, t in tensors.items() if t is not None for k, a in enumerate(t)}
    load(cells, convention, arrays, "W, R, B, P")


def to_onnx(target: keras.Layer) -> dict[str, Any]:
    """Tensors and attributes of an ONNX node by name, the arguments of `from_onnx`.

        >>> layer = kg.GRU(3)
        >>> layer.build((None, None, 2))
        >>> {name: array.shape for name, array in kg.convert.to_onnx(layer).items()}
        {'W': (1, 9, 2), 'R': (1, 9, 3), 'B': (1, 18)}

    Args:
        target: a built cell, its layer, or `Bidirectional` around it.

    Returns:
        New arrays W, R, B and P, as the cell has them, and the attributes that are not 0.

    Raises:
        TypeError: if the library does not have the cell.
        ValueError: if a layer is not built, or a weight has no place in the library.
    """
    cells, convention = one_layer(target, "onnx", ["[0]", "[1]"])
    arrays = dump(cells, convention)
    tensors = {n[0]: np.stack([a for m, a in arrays.items() if m[0] == n[0]]) for n in arrays}
    return tensors | ONNX_ATTRIBUTES.get(type(cells["[0]"]).__name__, {})


def negate_gate(target: Targets, gate: str) -> None:
    """Negate the weights of a gate in place: i, f, o, z or r becomes one minus itself.

        >>> layer = kg.GRU(3)
        >>> layer.build((None, None, 2))
        >>> kg.convert.negate_gate(layer, "z")

    So an update gate that is the share of the candidate becomes ours, and ours becomes theirs.

    Args:
        target: a built cell, its layer, or `Bidirectional` around it; or a list of these.
        gate: its letter.

    Raises:
        TypeError: if the cell has no gates.
        ValueError: if the cell has no such gate, another weight acts on it, or its activation
            is none with σ(−a) = 1 − σ(a).
    """
    for cell, weights in [
        (cell, negated_weights(cell, gate)) for cell in cells_of(target).values()
    ]:
        cell.set_weights(weights)
