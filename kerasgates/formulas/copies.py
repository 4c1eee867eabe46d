"""Copies of a cell to look at, with weights of zero: they draw no random numbers."""

import warnings

from kerasgates.core._keras import unnoticed_by_keras
from kerasgates.core.declarations import required
from kerasgates.core.wrapper import CellWrapper
from kerasgates.formulas.stand_ins import ACTIVATIONS

#: Units that stand for any.
UNITS = 4


def own_sizes(cell):
    """Numbers of features and units of a cell; as many features as units where it is not built."""
    return cell.features or cell.units, cell.units


def small_copy(cell, features, units):
    """A small built copy of a cell; the one that was given is left alone."""
    copy = _unbuilt(cell, units)
    copy.build((None, features))
    return copy


def copy_of(cell):
    """A built copy of a cell of its own sizes, whose weights are zero; the cell is left alone."""
    with unnoticed_by_keras():
        return small_copy(cell, *own_sizes(cell))


def _unbuilt(cell, units):
    is_class = isinstance(cell, type)
    kind = cell if is_class else type(cell)
    with warnings.catch_warnings():
        # Warnings of functions that no file can hold: nothing is written.
        warnings.simplefilter("ignore")
        config = {} if is_class else cell.get_config()
    if is_class:
        config = required(kind, UNITS - 1)
    # Nothing random: the next random numbers are to be the same as without this. And a name, or
    # Keras's count of automatic names would go on.
    quiet = {p: "zeros" for p in kind.__signature__.parameters if p.endswith("_initializer")}
    known = {"seed": 0, "name": "cell", "units": units, "dtype": "float32"}
    quiet |= {n: v for n, v in known.items() if n in kind.__signature__.parameters}
    if isinstance(cell, CellWrapper):
        quiet["cell"] = _unbuilt(cell.cell, units)
    # As they are: a function of the user's own is in no config that can be read again.
    functions = {} if is_class else {n: getattr(cell, n) for n in ACTIVATIONS if n in config}
    quiet |= dict.fromkeys(functions, "linear")
    copy = kind.from_config({**config, **quiet})
    for name, function in functions.items():
        setattr(copy, name, function)
    return copy
