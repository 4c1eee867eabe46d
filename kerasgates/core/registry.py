"""Registry of the cells by class name."""

from typing import Any, TypeVar

import keras

CellClass = TypeVar("CellClass", bound=type)

#: Every registered cell by class name, in order of registration.
CELLS: dict[str, Any] = {}


def register(cls: CellClass) -> CellClass:
    """Class decorator that makes a cell known: to saved files, and to everything that lists cells.

    The cell is registered with Keras under the name of its top-level package, so that
    `.keras` files and `Bidirectional` find it without custom objects.
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
