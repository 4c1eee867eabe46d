"""The loops by name."""

from collections.abc import Callable

from kerasgates.loops.protocols import Loop

#: Loops by name. `register_loop` adds to it.
LOOPS: dict[str, Loop] = {}


def register_loop(name: str) -> Callable[[Loop], Loop]:
    """Decorator that makes a loop known as `RNN(cell, loop=name)`.

    A loop is a function of a `Run`, what one run over time is of:

        @register_loop("twice")
        def twice(run):
            return keras_loop(dataclasses.replace(run, states=keras_loop(run)[2]))
    """

    def add(function):
        LOOPS[name] = function
        return function

    return add
