"""The loops by name."""

import inspect
from collections.abc import Callable

from kerasgates.loops.protocols import Loop

#: Loops by name. `register_loop` adds to it.
LOOPS: dict[str, Loop] = {}


def register_loop(name: str) -> Callable[[Loop], Loop]:
    """Decorator that makes a loop known as `RNN(cell, loop=name)`.

        >>> import dataclasses
        >>> @kg.loops.register_loop("from zeros")
        ... def from_zeros(run):
        ...     zeros = [keras.ops.zeros_like(state) for state in run.states]
        ...     return kg.loops.LOOPS["keras"](dataclasses.replace(run, states=zeros))
        >>> tuple(kg.RNN(kg.LSTMCell(3), loop="from zeros")(x).shape)
        (4, 3)

    A loop is a function of a `Run`: of all that a loop over time needs. One of the same name is
    replaced.

    Args:
        name: by which layers and `run` find it.

    Returns:
        A decorator, which gives the function back as it is.

    Raises:
        TypeError: if the function needs anything else than one `Run`.
    """

    def add(function):
        try:
            inspect.signature(function).bind(None)
        except TypeError:
            raise TypeError(
                "A loop must be a function of one `kerasgates.loops.Run`, which gives the last "
                f"output, all outputs and the final states. Received: {function!r} with "
                f"{inspect.signature(function)}"
            ) from None
        LOOPS[name] = function
        return function

    return add
