"""The equations of a cell as expressions, found by calling its `project` and `step` on symbols.

Nothing is written by hand for any cell: the symbols are Keras tensors without values, Keras notes
what is done to them, and that is read back. What a symbol stands for has a letter, as papers have.
"""

import os
import sysconfig
import traceback

import keras

from kerasgates.core._keras import unnoticed_by_keras
from kerasgates.core.cell import AbstractRNNCell
from kerasgates.core.declarations import likely_sizes
from kerasgates.core.wrapper import title
from kerasgates.formulas.copies import UNITS as UNITS
from kerasgates.formulas.copies import own_sizes, small_copy
from kerasgates.formulas.nodes import all_of
from kerasgates.formulas.reader import read
from kerasgates.formulas.rounds import rounds_of
from kerasgates.formulas.rows import differ

#: Number of features that stands for any; it differs from UNITS, and no gate is one number.
FEATURES = 5
#: Numbers of rows with which a step is to be the same as with those that it is read with. They are
#: primes that no size is likely to be.
OTHER_ROWS = (23, 4099)
#: Where code stands that is no user's.
LIBRARIES = tuple({sysconfig.get_paths()[name] for name in ("purelib", "platlib", "stdlib")})
#: Functions of the libraries around what a user calls.
WRAPPERS = ("error_handler", "symbolic_call", "wrapper", "call_fn")


class Equations:
    """The equations of one step.

    Attributes:
        cell: the cell that they were found in, a copy.
        title: name of its class, with what it wraps.
        gates: `Node` of each gate by name.
        states: `Node` of each new state by name.
        functions: names of the activation functions by letter.
        x: `Node` of the input.
        inputs: `Node` of each old state by name.
        rounds: None, or the `Rounds` of which these are the equations of one.
        unsure: words for what the step does that no equation tells: functions that it hands to
            operations, random numbers, rows of a batch that it mixes.
        linear: letters of the activation functions that give back what they are given.

    Args:
        cell: a cell with `gates`, its class, or a layer of it.
        once: whether to find one round alone where the step goes round several times.

    Raises:
        ValueError: if it is anything else, or its step cannot be called on symbols.
    """

    def __init__(self, cell, once=False):
        cell = _cell(cell)
        self.rounds = rounds_of(cell) if once else None
        try:
            with unnoticed_by_keras():
                reader = self._read_rounds(cell)
        except Exception as error:
            name = getattr(cell, "__name__", type(cell).__name__)
            raise ValueError(
                f"Argument `cell`: the step of {name} cannot be written as equations. It must "
                f"compute with keras.ops and operators only, and run on symbolic tensors. "
                f"It failed {_place(error)}with: {type(error).__name__}: {error}"
            ) from error
        self.title, self.functions = title(self.cell), reader.functions
        self.unsure = tuple(dict.fromkeys(reader.unsure))
        self.linear = {letter for letter, linear in reader.linear.items() if linear}
        self.x, self.inputs = reader.node(reader.x), reader.inputs

    def _read_rounds(self, cell):
        """Read one round; all where their number is used for more than to count or to scale."""
        try:
            return self._read_small(cell)
        except Exception:
            if self.rounds is None:
                raise
        self.rounds = None
        return self._read_small(cell)

    def _read_small(self, cell):
        """Read a small copy of a cell: of the first sizes that it can have."""
        errors = []
        sizes = likely_sizes(cell, FEATURES, UNITS)
        for features, units in sizes if isinstance(cell, type) else [*sizes, own_sizes(cell)]:
            # Its Python may ask how large an argument is: then it is a number, no letter.
            for symbols in (True, False):
                try:
                    self.cell = small_copy(cell, features, units)
                    reader = self._read(symbols)
                    if isinstance(cell, type) or not self._has_numbers():
                        return reader
                    # Numbers of columns are to be those of the cell that was given.
                    self.cell = small_copy(cell, *own_sizes(cell))
                    return self._read(symbols)
                except Exception as error:
                    errors.append(error)
        # What went wrong with sizes that a cell is likely to have, and with numbers.
        raise errors[1]

    def _has_numbers(self):
        """Whether some columns have no letter, but numbers."""
        parts = all_of([*self.gates.values(), *self.states.values()])
        return any(part.kind == "columns" and "…" in part.name for part in parts)

    def _read(self, symbols):
        reader = read(self.cell, symbols, self.rounds)
        self.gates, self.states = reader.gates, reader.states
        self._reader, self._symbols = reader, symbols
        return reader

    def depend_on_rows(self):
        """Whether the step does other things with fewer or more rows, as far as it is tried."""
        for rows in OTHER_ROWS:
            try:
                with unnoticed_by_keras():
                    other = read(self.cell, self._symbols, self.rounds, rows)
            except Exception:
                return True
            if other.unsure or differ(self._reader, other):
                return True
        return False


def _cell(given):
    """The cell of a layer, or its class; itself otherwise."""
    cell = given
    # What else has a cell inside does something with it: its equations are not the cell's.
    if isinstance(given, keras.layers.RNN):
        cell = given.cell
    elif isinstance(given, type) and issubclass(given, keras.layers.RNN):
        cell = getattr(given, "cell_class", given)
    kind = cell if isinstance(cell, type) else type(cell)
    if not (issubclass(kind, AbstractRNNCell) and cell.gates):
        raise ValueError(
            f"Argument `cell` must be a kerasgates cell with `gates`, its class or a layer of "
            f"it. Received: {given!r}"
        )
    return cell


def _place(error):
    """The user's line that failed, and what it called, as words in front of the error."""
    frames = traceback.extract_tb(error.__traceback__)
    package = os.path.dirname(os.path.dirname(__file__))
    lines = [k for k, frame in enumerate(frames) if not frame.filename.startswith(LIBRARIES)]
    lines = [k for k in lines if not frames[k].filename.startswith(package)]
    inside = [k for k, frame in enumerate(frames) if frame.name == "step"]
    # Behind the step: what called us is the user's, too.
    lines = [k for k in lines if inside and k >= inside[0]]
    if not lines:
        return ""
    last = lines[-1]
    called = [_called(frame) for frame in frames[last + 1 :]]
    called = [name for name in called if name[0] not in "_<" and name not in WRAPPERS][:1]
    words = [f"at `{frames[last].line}`"] if frames[last].line else []
    return " ".join([*words, *(f"in {name}" for name in called), ""])


def _called(frame):
    """Name of what was called in a frame: of what is decorated, that of the decorator's file."""
    stem = os.path.splitext(os.path.basename(frame.filename))[0]
    return stem if frame.name == "decorated" else frame.name
