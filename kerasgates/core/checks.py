"""Checks of what authors of cells write: names of declarations, arguments and results of `step`."""

import difflib
import inspect
import warnings
from collections.abc import Mapping

#: What the documentation of `AbstractRNNCell` and of wrappers lets a class declare.
DECLARATIONS = (
    *("gates", "states", "inputs", "recurrent_gates", "biased_gates", "replacing_gates"),
    *("widths", "state_shapes", "without", "roles", "descriptions", "letters", "example"),
    *("output_name", "operator", "own_recurrent", "keras_only", "own_blocks", "own_states"),
)
#: How alike an attribute's name must be to that of a declaration to be taken for a slip.
ALIKE = 0.87


def check_class(cls, own):
    """Look for slips in a class that would only be seen much later, or never.

    Args:
        cls: a class of cells with `gates`.
        own: its own attributes by name.

    Raises:
        TypeError: if `step` does not take the states of the class.

    Warns:
        UserWarning: of an attribute that nothing of the class reads, and that has nearly the name
            of a declaration.
    """
    methods = [value for value in own.values() if inspect.isfunction(value)]
    read = {name for method in methods for name in _names_in(method)}
    for name, value in own.items():
        near = difflib.get_close_matches(name, DECLARATIONS, n=1, cutoff=ALIKE)
        known = name in DECLARATIONS or any(hasattr(base, name) for base in cls.__mro__[1:])
        if near and not known and name not in read and isinstance(value, (tuple, dict, str, bool)):
            warnings.warn(
                f"{cls.__name__} has the attribute `{name}`, which nothing of it reads: did you "
                f"mean `{near[0]}`? Received: {name}={value!r}",
                stacklevel=3,
            )
    step, init = own.get("step"), own.get("__init__")
    fixed = isinstance(cls.states, tuple) and "states" not in _names_in(init)
    if fixed and inspect.isfunction(step):
        taken = inspect.signature(step, follow_wrapped=False).parameters.values()
        _check_step(cls, [*taken])


def _names_in(method):
    """Names of attributes, and texts, in the code of a method."""
    code = getattr(inspect.unwrap(method), "__code__", None) if method is not None else None
    return () if code is None else (*code.co_names, *map(str, code.co_consts))


def _check_step(cls, parameters):
    """Raise unless `step` takes `Wx`, `U` and a positional argument for each state."""
    kinds = inspect.Parameter
    if any(p.kind is kinds.VAR_POSITIONAL for p in parameters):
        return
    by_place = kinds.POSITIONAL_ONLY, kinds.POSITIONAL_OR_KEYWORD
    named = [p for p in parameters if p.kind in by_place]
    least = len([p for p in named if p.default is p.empty])
    if not least <= 3 + len(cls.states) <= len(named):
        raise TypeError(
            f"{cls.__name__}.step must take (self, Wx, U, {', '.join(cls.states)}), since its "
            f"states are {cls.states}. Received: step({', '.join(p.name for p in named)})"
        )


def check_built(cell):
    """Raise where a cell's own `build` has left out that of its base."""
    if cell.features is None:
        raise ValueError(
            f"{type(cell).__name__}.build must call super().build(input_shape), which makes the "
            "weights of the gates"
        )


def check_sizes(cell):
    """Raise unless `state_size` has a size for each of the states."""
    if len(cell.state_sizes) != len(cell.states):
        raise ValueError(
            f"{type(cell).__name__}.state_size must be a list of a size for each of its states "
            f"{cell.states}. Received: state_size={cell.state_size!r}"
        )


def state_and_values(cell, result, count):
    """The new states and the dict of values that a step has given; raises unless it is these."""
    if isinstance(result, (tuple, list)) and len(result) == 2:
        new, values = result
        if isinstance(new, (tuple, list)) and len(new) == count and isinstance(values, Mapping):
            return new, values
    forgot = " Forgot `return`?" if result is None else ""
    raise ValueError(
        f"{type(cell).__name__}.step must return a tuple of {count} new states {cell.states} and "
        f"a dict of gate values.{forgot} Received: {result!r}"
    )


def check_entries(cell, states, error):
    """Raise where a step failed because the one before gave a state of another width.

    Args:
        cell: a cell with `gates`.
        states: the states that the step got, each `(batch, entries)`.
        error: what it raised.
    """
    for name, state, entries in zip(cell.states, states, cell.state_sizes):
        if state.shape[-1] not in (None, entries):
            raise ValueError(
                f"{type(cell).__name__}.step must return its state {name!r} with {entries} entries "
                f"for each row, as `state_size` says. Received: a tensor of shape "
                f"{tuple(state.shape)}"
            ) from error
