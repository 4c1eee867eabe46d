"""Origins of symbolic tensors: the operation that gave each, and all that it was made of.

Two operations are none of Keras's: a matrix, known by name, times a vector, and a function.
"""

from dataclasses import dataclass

import keras

from kerasgates.core._keras import origin_of


class Product(keras.Operation):
    """Operation that multiplies a matrix, known by name, by a vector."""

    def __init__(self, matrix):
        super().__init__()
        self.matrix = matrix

    def compute_output_spec(self, value):
        return keras.KerasTensor((*value.shape[:-1], self.matrix.width), dtype="float32")


class Call(keras.Operation):
    """Opaque function, known by its letter or name, and maybe an index.

    Attributes:
        learned: whether weights are inside it.
    """

    def __init__(self, letter, shape=None, elementwise=False, index="", learned=False):
        super().__init__()
        self.letter, self.shape, self.elementwise = letter, shape, elementwise
        self.index, self.learned = index, learned

    def compute_output_spec(self, value, *more):
        return keras.KerasTensor(self.shape or value.shape, dtype="float32")


@dataclass
class Origin:
    """Operation that made a symbolic tensor, with what it was given.

    Attributes:
        tensor: the tensor.
        operation: of Keras.
        arguments, keywords: what it was called with.
        index: number of the tensor among those that it gave.
    """

    tensor: object
    operation: object
    arguments: tuple
    keywords: dict
    index: int

    @property
    def name(self):
        """Name of the operation's class."""
        return type(self.operation).__name__

    @property
    def called(self):
        """The operation, its arguments and its keywords."""
        return self.operation, self.arguments, self.keywords

    @property
    def width(self):
        """Number of entries of the last axis."""
        return self.tensor.shape[-1] if self.tensor.shape else 1

    def values(self):
        """All that it was given, tensors in lists and among its attributes one by one."""
        of_operation = {} if isinstance(self.operation, keras.Layer) else vars(self.operation)
        given = [self.arguments, self.keywords]
        given += [value for name, value in of_operation.items() if name[0] != "_"]
        return keras.tree.flatten(given)

    def tensors(self):
        """The symbolic tensors among these, each once."""
        found = {id(v): v for v in self.values() if isinstance(v, keras.KerasTensor)}
        return list(found.values())


def origin(tensor):
    """The `Origin` of a symbolic tensor; None of one that stands for a value."""
    try:
        return Origin(tensor, *origin_of(tensor))
    except AttributeError:
        return None
