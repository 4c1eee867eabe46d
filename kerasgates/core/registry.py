"""Registry of the cells by class name."""

from typing import Any, TypeVar

import keras

CellClass = TypeVar("CellClass", bound=type)

#: Every registered cell by class name, in order of registration.
CELLS: dict[str, Any] = {}


def register(cls: CellClass) -> CellClass:
    """Class decorator that makes a cell known: to saved files, and to everything that lists cells.

        >>> @kg.register
        ... class DecayCell(kg.AbstractRNNCell):
        ...     gates, states = ("g",), ("h",)
        ...
        ...     def step(self, Wx, U, h):
        ...         g = self.activation((Wx + h @ U).g)
        ...         return (0.9 * h + 0.1 * g,), {"g": g}
        >>> tuple(kg.layer_of(DecayCell)(3)(x).shape)       # x is (4, 5, 2)
        (4, 3)

    The cell is registered with Keras under the name of its top-level package, so that
    `.keras` files and `Bidirectional` find it without custom objects.

    Args:
        cls: a subclass of `AbstractRNNCell`.

    Returns:
        The class itself.

    Raises:
        ValueError: if another cell of that name is registered.
    """
    known = CELLS.get(cls.__name__)
    if known is not None and (known.__module__, known.__qualname__) != (
        cls.__module__,
        cls.__qualname__,
    ):
        raise ValueError(
            f"A cell called {cls.__name__} is already registered, in {known.__module__}. "
            f"Received: {cls.__module__}.{cls.__qualname__}"
        )
    package = cls.__module__.split(".")[0]
    CELLS[cls.__name__] = cls
    return keras.saving.register_keras_serializable(package=package)(cls)
