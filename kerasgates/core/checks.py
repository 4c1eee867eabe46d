"""Checks of what authors of cells write: names of declarations, arguments and results of `step`."""

import difflib
import inspect

#: How alike an attribute's name must be to that of a declaration to be taken for a slip.
ALIKE = 0.87


def check_class(cls, own):
    """Raise where a class has a slip that would only be seen much later, or never.

    Args:
        cls: a class of cells with `gates`.
        own: its own attributes by name.

    Raises:
        TypeError: if an attribute has nearly the name of a declaration, or `step` does not take
            the states of the class.
    """
    bases = [base for base in cls.__mro__[1:] if base.__module__.startswith("kerasgates.")]
    declared = {name for base in bases for name in vars(base)}
    for name, value in own.items():
        near = difflib.get_close_matches(name, declared, n=1, cutoff=ALIKE)
        if near and name not in declared and isinstance(value, (tuple, dict, str, bool)):
            raise TypeError(
                f"{cls.__name__} has the attribute `{name}`, which nothing reads: "
                f"did you mean `{near[0]}`? Received: {name}={value!r}"
            )
    if "step" in own and isinstance(cls.states, tuple) and inspect.isfunction(own["step"]):
        _check_step(cls, inspect.signature(own["step"]).parameters.values())


def _check_step(cls, parameters):
    """Raise unless `step` takes `Wx`, `U` and a positional argument for each state."""
    kinds = inspect.Parameter
    named = [
        p for p in parameters if p.kind in (kinds.POSITIONAL_ONLY, kinds.POSITIONAL_OR_KEYWORD)
    ]
    if any(p.kind is kinds.VAR_POSITIONAL for p in parameters):
        return
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
    if isinstance(result, tuple) and len(result) == 2:
        new, values = result
        if isinstance(new, (tuple, list)) and len(new) == count and isinstance(values, dict):
            return result
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
        if state.shape[-1] != entries:
            raise ValueError(
                f"{type(cell).__name__}.step must return its state {name!r} with {entries} entries "
                f"for each row, as `state_size` says. Received: a tensor of shape "
                f"{tuple(state.shape)}"
            ) from error
