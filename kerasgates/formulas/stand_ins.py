"""Symbols that stand for the parts of a cell while its step is read, in place of numbers.

`value @ weights` becomes a `Product`, an activation or a method of the cell's own a `Call`.
"""

import inspect
import types

import keras
import numpy as np

from kerasgates.core.blocks import SeparateBlocks, through
from kerasgates.core.cell import AbstractRNNCell
from kerasgates.core.wrapper import CellWrapper
from kerasgates.formulas.nodes import select
from kerasgates.formulas.origins import Call, Product
from kerasgates.formulas.rounds import OneRound

ACTIVATIONS = ("activation", "recurrent_activation", "output_activation")


class Matrix(keras.KerasTensor):
    """Symbolic `blocks.Kernel`; a Keras tensor, so that `value @ matrix` calls `__rmatmul__`."""

    def __init__(self, tensor, reader, names=(), single=False):
        super().__init__(tensor.shape, dtype="float32")
        self.tensor, self.reader, self.names, self.single = tensor, reader, tuple(names), single
        self._function = None

    def _of(self, names, single=False):
        matrix = Matrix(self.tensor, self.reader, names, single)
        return matrix if self._function is None else through(matrix, self._function)

    def __getitem__(self, names):
        return self._of(names.split())

    def __getattr__(self, name):
        if name in self.__dict__.get("names", ()):
            return self._of([name], single=True)
        raise AttributeError(f"The recurrent weights have no block or attribute {name!r}.")

    def __rmatmul__(self, value):
        whole = self.reader.node(self.tensor)
        if not self.names:
            return Product(whole)(value)
        results = []
        for name in self.names:
            columns = select(whole, *self.reader.columns(name), self.reader.layout)
            result = Product(columns)(value)
            results.append(result if self._function is None else self._function(result, name))
        return results[0] if self.single else SeparateBlocks(results, self.names)


class StandIn:
    """A cell whose weights, numbers and activation functions are symbols."""

    def __init__(self, cell, reader):
        self.__dict__.update(_cell=cell, _reader=reader)

    # `super().step(…)` asks for it.
    __class__ = property(lambda self: type(self._cell))

    def __getattr__(self, name):
        cell, reader = self._cell, self._reader
        method = inspect.getattr_static(type(cell), name, None)
        if isinstance(method, types.FunctionType):
            bound = types.MethodType(method, self)
            own = not hasattr(CellWrapper, name)
            return _opaque(cell.letters.get(name, name), bound, reader) if own else bound
        if isinstance(method, property) and not hasattr(AbstractRNNCell, name):
            if name in cell.letters:
                # A number that is made of the cell's sizes: of this copy it is another one.
                return reader.symbol(cell.letters[name], ())
            return method.fget(self)
        value = getattr(cell, name)
        if reader.rounds and name == reader.rounds.argument:
            return OneRound(reader.rounds.letter)
        if name in ACTIVATIONS and callable(value):
            return _activation(name, cell, reader)
        if isinstance(value, AbstractRNNCell):
            return StandIn(value, reader)
        if isinstance(value, keras.Variable):
            return reader.variable(value)
        if isinstance(value, keras.Layer):
            return LayerStandIn(value, reader)
        if reader.symbols and type(value) is float and name in type(cell).__signature__.parameters:
            return reader.symbol(cell.letters.get(name, name), (), value=value)
        return value

    def matrix(self, weight):
        """Symbol of a weight to multiply by, in place of `AbstractRNNCell.matrix`."""
        node = self._reader.node(weight)
        name = node.name
        # A matrix has a capital letter.
        name = name[0].upper() + name[1:]
        blocks = {"blocks": node.blocks, "widths": node.widths, "weight": True}
        matrix = self._reader.symbol(name, tuple(weight.shape), **blocks)
        return Matrix(matrix, self._reader)


class LayerStandIn:
    """A layer inside a cell, whose weights are symbols where the step reads them itself."""

    def __init__(self, layer, reader):
        self.__dict__.update(_layer=layer, _reader=reader)

    __class__ = property(lambda self: type(self._layer))

    def __call__(self, *arguments, **keywords):
        return self._layer(*arguments, **keywords)

    def __getattr__(self, name):
        value = getattr(self._layer, name)
        if isinstance(value, keras.Variable):
            return self._reader.variable(value)
        return LayerStandIn(value, self._reader) if isinstance(value, keras.Layer) else value


def _activation(name, cell, reader):
    """Opaque activation: σ for gates, φ for candidates, ψ for outputs with another function."""
    function = getattr(cell, name)
    letter = "σ" if name == "recurrent_activation" else "φ"
    if name == "output_activation" and name_of(function) != name_of(cell.activation):
        letter = "ψ"
    reader.functions[letter] = name_of(function)
    # By the function itself: another may have its name. One letter may be of two.
    linear = function is keras.activations.linear
    reader.linear[letter] = linear and reader.linear.get(letter, True)
    reader.look_through(function)
    return Call(letter, elementwise=True)


def name_of(function):
    return getattr(function, "__name__", type(function).__name__)


def _opaque(letter, method, reader):
    """Wrap a cell's own method as an opaque function, where it maps tensors to one tensor."""

    def call(*arguments, **keywords):
        result = method(*arguments, **keywords)
        values = (*arguments, *keywords.values())
        tensors = [a for a in values if isinstance(a, keras.KerasTensor)]
        matrices = [a for a in tensors if isinstance(a, Matrix)]
        if not isinstance(result, keras.KerasTensor) or not tensors or matrices:
            return result
        # Words and whole numbers tell calls apart; anything else that it is given is computed with.
        words = [str(a) for a in values if isinstance(a, (str, int)) and not isinstance(a, bool)]
        numbers = [a for a in values if isinstance(a, (float, np.ndarray, keras.KerasTensor))]
        # What it reads otherwise, by an attribute or a function, is an argument as well.
        more, learned = reader.found_inside(result, tensors)
        how = {"index": ",".join(words), "learned": learned}
        return Call(letter, result.shape, **how)(*numbers, *more)

    return call
