"""Arrays that are put together from pieces of a cell's weights, and taken apart into them again.

What an array is made of is a text: `"kernel: f i n"` is the blocks f, i and n of `kernel` side by
side, `"kernel: u / recurrent_kernel: u"` the one on top of the other, and without a colon whole
weights stand side by side. `-z` is a block whose gate is 1 − z; to `f+1` the library adds 1 at run
time; `0` is a block that the cell has not, and that must be 0. `bias@1` is a row, and
`kernel@2-4: i` of two rows, 2 and 3, the block i. Behind `|` is the name of a form, another shape
of the same numbers. A block that stands in several arrays is their sum: the first has it all, the
others are 0.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from keras import ops


class Fixed(NamedTuple):
    """An array that is no weight of ours: a number that it must be, or that acts on nothing."""

    value: float
    shape: tuple[int, ...] = ()
    counts: bool = True


class Piece(NamedTuple):
    """A block of a weight, or a weight as a whole; without a name it is zeros.

    `row` is one along the first axis, or the first and the end of several.
    """

    weight: str = ""
    row: int | tuple[int, int] | None = None
    block: str = ""
    sign: int = 1
    amount: float = 0.0


@dataclass(frozen=True)
class Layouts:
    """Layout of the weights in a library that has another one for each cell.

        >>> layouts = kg.convert.Layouts({"RANCell": {"w": "kernel: n i f | transposed",
        ...                                           "u": "recurrent_kernel: i f"}})
        >>> cell = kg.RANCell(3, use_bias=False)
        >>> cell.build((None, 2))
        >>> {name: a.shape for name, a in kg.convert.to_arrays(cell, layouts).items()}
        {'w': (9, 2), 'u': (3, 6)}

    Attributes:
        cells: by class name: by the library's names, in its order, what each array is made of, or a
            function of the cell that gives these.
        fixed: by class name: what weights, or blocks such as `"kernel: s"`, are in a library that
            has none of them: 0, or `"identity"`; None where arguments of the cell set them.
        different: by class name, how a cell of the same name is another function there.
    """

    cells: dict
    fixed: dict = field(default_factory=dict)
    different: dict = field(default_factory=dict)

    @property
    def orders(self):
        """Arrays of the library, by class name."""
        return self.cells

    def marks(self, cell):
        """The texts of all arrays of a cell, in which signs and amounts at run time stand."""
        return " ".join(text for text in self.of(cell).values() if isinstance(text, str))

    def of(self, cell):
        """Pieces of each array of a cell, as text, by the library's names."""
        pieces = self.cells[type(cell).__name__]
        return pieces(cell) if callable(pieces) else pieces


def encode(cell, layouts, empty=False):
    """The weights of a cell as the library lays them out, by its names; if `empty`, all are 0."""
    arrays, places, ours = {}, set(), _Weights(cell, empty)
    if not empty:
        _check_no_more(cell, layouts, ours)
    for name, text in layouts.of(cell).items():
        if isinstance(text, Fixed):
            arrays[name] = np.full(text.shape, text.value, ours.dtype)
            continue
        rows, form = parse(text)
        array = _on_top([_beside(ours, pieces, places) for pieces in rows])
        arrays[name] = np.ascontiguousarray(form.out(array, cell) if form else array)
    return arrays


def decode(cell, layouts, arrays):
    """The inverse of `encode`: new values by our names."""
    ours = _Weights(cell)
    new = {name: np.zeros_like(value) for name, value in ours.arrays.items()}
    for name, text in layouts.of(cell).items():
        if isinstance(text, Fixed):
            _check_number(name, arrays[name], text)
            continue
        rows, form = parse(text)
        array = form.into(arrays[name], cell) if form else arrays[name]
        for pieces, part in zip(rows, _apart(array, rows, ours)):
            _put(new, ours, pieces, part, name)
    for place, value in layouts.fixed.get(type(cell).__name__, {}).items():
        view = ours.view(new, _piece(place))
        view[...] = ours.view(ours.arrays, _piece(place)) if value is None else _full(view, value)
    return new


class _Weights:
    """The weights of a cell, and where the blocks are in them."""

    def __init__(self, cell, empty=False):
        self.cell = cell
        self.arrays = {w.name: np.array(ops.convert_to_numpy(w)) for w in cell.weights}
        if empty:
            self.arrays = {name: np.zeros_like(value) for name, value in self.arrays.items()}
        self.dtype = next(iter(self.arrays.values())).dtype

    def find(self, piece):
        """The name of the weight that has a piece, None if the cell has none, and its columns."""
        array = self.arrays.get(piece.weight)
        missing = array is None or (piece.row and array.ndim == 1)
        if not piece.block:
            return None if missing else piece.weight, slice(None)
        names = self.cell.blocks_of(piece.weight)
        if missing or piece.block not in names:
            whole = slice(0, self.cell.block_width(piece.block))
            return None if missing else piece.weight, whole
        widths = self.cell.widths_within(names, array.shape[-1])
        at = names.index(piece.block)
        return piece.weight, slice(sum(widths[:at]), sum(widths[: at + 1]))

    def view(self, arrays, piece):
        """The part of `arrays`, which are as the weights are, that is a piece; None if it has none.

        What is written to it is written to the arrays.
        """
        weight, columns = self.find(piece)
        if weight is None:
            return None
        array = arrays[weight]
        if piece.row is not None and array.ndim > 1:
            array = array[slice(*piece.row) if isinstance(piece.row, tuple) else piece.row]
        return array[..., columns]

    def width(self, piece):
        """Number of columns of a piece."""
        view = self.view(self.arrays, piece)
        if view is not None:
            return view.shape[-1]
        return self.cell.block_width(piece.block) if piece.block else self.cell.units


def _beside(ours, pieces, places):
    """The pieces of one row side by side; those at `places` are 0, and all join these."""
    views = [ours.view(ours.arrays, piece) for piece in pieces]
    lead = next((value.shape[:-1] for value in views if value is not None), ())
    values = []
    for piece, value in zip(pieces, views):
        place = (piece.weight, piece.row, piece.block)
        if value is None or place in places:
            value = np.zeros((*lead, ours.width(piece)), ours.dtype)
        else:
            value = piece.sign * value - np.asarray(piece.amount, ours.dtype)
        places.add(place)
        values.append(value)
    return np.concatenate(values, axis=-1) if len(values) > 1 else values[0]


def _on_top(rows):
    """Rows of pieces on top of each other: matrices one after the other, vectors as rows."""
    if len(rows) == 1:
        return rows[0]
    return np.stack(rows) if rows[0].ndim == 1 else np.concatenate(rows)


def _apart(array, rows, ours):
    """The inverse of `_on_top`."""
    if len(rows) == 1:
        return [array]
    views = [ours.view(ours.arrays, pieces[0]) for pieces in rows]
    if views[0].ndim == 1:
        return list(array)
    return np.split(array, np.cumsum([len(view) for view in views])[:-1])


def _put(new, ours, pieces, part, name):
    """Add the pieces of a row, side by side in `part`, to our new weights."""
    ends = np.cumsum([ours.width(piece) for piece in pieces])[:-1]
    for piece, value in zip(pieces, np.split(part, ends, axis=-1)):
        view = ours.view(new, piece)
        if view is None:
            if value.any():
                where = piece.weight or "a weight"
                raise ValueError(
                    f"In {name!r} what {ours.cell!r} has no place for, {where} that it has not, "
                    f"must be 0. Received: {value}"
                )
        else:
            view += piece.sign * (value + np.asarray(piece.amount, value.dtype))


# ---------------------------------------------------------------- texts


def parse(text):
    """The rows of pieces that a text names, and the form of the whole, or None."""
    text, _, form = text.partition("|")
    rows = []
    for row in text.split("/"):
        prefix, pieces = "", []
        for word in row.split():
            if word.endswith(":"):
                prefix = word
            else:
                pieces.append(_piece(f"{prefix} {word}" if prefix else word))
        rows.append(pieces)
    return rows, FORMS[form.strip()] if form else None


def _piece(text):
    """`"kernel: -z"`, `"bias@1"`, `"kernel@2-4: i"` or `"0"` as a piece."""
    weight, _, label = text.partition(":")
    if "0" in (weight, label.strip()):
        return Piece()
    weight, _, row = weight.partition("@")
    block, _, amount = label.strip().partition("+")
    sign = -1 if block.startswith("-") else 1
    first, *end = map(int, row.split("-")) if row else [None]
    return Piece(
        weight, (first, *end) if end else first, block.lstrip("-"), sign, float(amount or 0)
    )


# ---------------------------------------------------------------- checks


def _check_no_more(cell, layouts, ours):
    """Raise unless weights, and blocks of them, for which the library has no place act on nothing.

    They must be 0, or what they are in the library.
    """
    placed = {name: np.zeros(value.shape, bool) for name, value in ours.arrays.items()}
    pieces = [
        piece
        for text in layouts.of(cell).values()
        if isinstance(text, str)
        for row in parse(text)[0]
        for piece in row
    ]
    for place, value in layouts.fixed.get(type(cell).__name__, {}).items():
        pieces.append(_piece(place))
        block = ours.view(ours.arrays, pieces[-1])
        if block is not None and value is not None and (block != _full(block, value)).any():
            what = "the identity" if value == "identity" else value
            raise ValueError(
                f"{place!r} of {cell!r} has no place in the library, so must be {what}."
            )
    for piece in pieces:
        view = ours.view(placed, piece)
        if view is not None:
            view[...] = True
    for name, there in placed.items():
        if ours.arrays[name][~there].any():
            raise ValueError(
                f"{name!r} of {cell!r} has entries without a place in the library, which must be "
                f"0. Received: {ours.arrays[name][~there]}"
            )


def _full(like, value):
    """An array of the shape of `like`: of one number, or the identity."""
    return (
        np.eye(*like.shape, dtype=like.dtype) if value == "identity" else np.full_like(like, value)
    )


def _check_number(name, array, fixed):
    """Raise where a number that must be the one of our equations is another."""
    if fixed.counts and (array != fixed.value).any():
        raise ValueError(f"{name!r} must be {fixed.value}, as in our cell. Received: {array}")


# ---------------------------------------------------------------- forms


class Form(NamedTuple):
    """Another shape of an array: functions of array and cell, to the library's and back."""

    out: Callable
    into: Callable


def _interleaved(array, cell):
    return array.reshape(len(array), -1, cell.units).swapaxes(1, 2).reshape(len(array), -1)


def _side_by_side(array, cell):
    return array.reshape(len(array), cell.units, -1).swapaxes(1, 2).reshape(len(array), -1)


def _blocks_of_heads(array, cell):
    """The blocks on the diagonal `(heads, columns, rows)`; the rest of the matrix must be 0."""
    heads = cell.heads
    if array.shape[0] % heads:
        raise ValueError(f"Inputs of {cell!r} must split into heads. Received: {len(array)}")
    blocks = array.reshape(heads, -1, heads, array.shape[1] // heads)
    diagonal = np.stack([blocks[k, :, k].T for k in range(heads)])
    if np.count_nonzero(array) > np.count_nonzero(diagonal):
        raise ValueError(f"Weights of {cell!r} from one head to another must be 0.")
    return diagonal


def _diagonal(array, cell):
    heads, columns, rows = array.shape
    blocks = np.zeros((heads, rows, heads, columns), array.dtype)
    for k in range(heads):
        blocks[k, :, k] = array[k].T
    return blocks.reshape(heads * rows, heads * columns)


def _of_heads(array, cell, axes):
    """Columns by gate and head, `(…, 4, heads, entries)`, with axes in another order."""
    split = array.reshape(*array.shape[:-1], 4, cell.heads, -1)
    return split.transpose(axes) if axes else split


def _factor(array, cell):
    """The number of which a matrix is so many times the identity."""
    factor = array[0, 0]
    if not np.array_equal(array, factor * np.eye(*array.shape, dtype=array.dtype)):
        raise ValueError(f"The input of {cell!r} goes on as it is: weights must be the identity.")
    return np.array([factor])


FORMS = {
    "transposed": Form(lambda a, _: a.T, lambda a, _: a.T),
    "row": Form(lambda a, _: a[None], lambda a, _: a[0]),
    "beside ones": Form(lambda a, _: np.stack([a, np.ones_like(a)]), lambda a, _: a[0]),
    "interleaved": Form(_interleaved, _side_by_side),
    "factor": Form(_factor, lambda a, cell: a[0] * np.eye(cell.units, dtype=a.dtype)),
    "blocks of heads": Form(_blocks_of_heads, _diagonal),
    "rows of heads": Form(lambda a, _: a.swapaxes(1, 2), lambda a, _: a.swapaxes(1, 2)),
    # By head, and there by gate; ours are by gate, and there by head.
    "by head": Form(
        lambda a, cell: _of_heads(a, cell, (1, 0, 2)).reshape(-1),
        lambda a, cell: a.reshape(cell.heads, 4, -1).swapaxes(0, 1).reshape(-1),
    ),
    "gates and heads": Form(
        lambda a, cell: _of_heads(a, cell, None),
        lambda a, _: a.reshape(*a.shape[:-3], -1),
    ),
    # (gates, heads, new entries, old entries) of (heads, old entries, gates · new entries).
    "gates first": Form(
        lambda a, _: a.reshape(*a.shape[:2], 4, -1).transpose(2, 0, 3, 1),
        lambda a, _: a.transpose(1, 3, 0, 2).reshape(a.shape[1], a.shape[3], -1),
    ),
}
