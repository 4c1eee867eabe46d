"""Registered cells by name, whatever its case, hyphens and ending."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import keras

from kerasgates.core.registry import CELLS
from kerasgates.utils import suggestions

if TYPE_CHECKING:
    from kerasgates.core.cell import AbstractRNNCell


def list_cells() -> list[str]:
    """Names of all registered cells, a user's own included.

        >>> "LSTMCell" in kg.list_cells()
        True

    Returns:
        A list of class names in the order of registration; `kg.get` gives the class of each.
    """
    return [*CELLS]


def get(
    identifier: str
    | AbstractRNNCell
    | keras.layers.RNN
    | type[AbstractRNNCell]
    | type[keras.layers.RNN],
) -> type[AbstractRNNCell]:
    """Class of a registered cell, by name: `kg.get("lstm")` is `kg.LSTMCell`.

    Case, hyphens, underscores and the ending "Cell" do not count: "peephole-lstm",
    "PeepholeLSTM" and "peephole_lstm_cell" are one. Like `keras.activations.get` it takes a class
    or an object, too, so that an argument of your own may be either.

        >>> kg.get("gru")(32).units                # a cell, for `kg.RNN`
        32
        >>> kg.layer_of(kg.get("gru")) is kg.GRU
        True

    Args:
        identifier: name of a registered cell or of its layer; or the class of a cell, a cell, a
            layer of one, or the class of a layer that `layer_of` has made.

    Returns:
        The class of the cell, a subclass of `AbstractRNNCell`.

    Raises:
        ValueError: if there is no cell of that name, with the nearest name, or the argument is
            anything else.
    """
    if not isinstance(identifier, str):
        cell_class = _class_of(identifier)
        if cell_class is None:
            raise ValueError(
                "Argument `identifier` must be the name of a registered cell, a cell, a layer of "
                f"one, or the class of either. Received: {identifier!r}"
            )
        return cell_class
    try:
        return named(identifier)
    except ValueError as error:
        raise ValueError(f"Argument `identifier`: {error}") from None


def named(name):
    """Class of a registered cell, by its name with or without "Cell", whatever its case.

    Raises:
        ValueError: if there is no such cell.
    """
    # A whole name counts before the short form of another's.
    short = {full.removesuffix("Cell"): cell for full, cell in CELLS.items()}
    forms = {**short, **CELLS}
    known = suggestions.same(name, forms)
    if known is None:
        # Any name looks like that of another cell where both end in "Cell".
        bare = re.sub("(?i)[-_ ]?cell?$", "", name)
        raise ValueError(f"there is no cell {name!r}: {suggestions.suggestion(bare, short)}")
    return forms[known]


def _class_of(value):
    """The registered class of a cell, a layer of one, or the class of either; else None."""
    # What else has a cell, as a wrapper, is none of that class.
    value = value.cell if isinstance(value, keras.layers.RNN) else value
    cls = value if isinstance(value, type) else type(value)
    cls = getattr(cls, "cell_class", None) or cls
    return cls if CELLS.get(cls.__name__) is cls else None
