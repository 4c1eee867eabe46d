"""Named column blocks of a tensor: the only code that slices by gate.

The weights of all gates of a cell lie side by side in one tensor, so that one
matrix product serves them all. Here the columns get their names back:

    i, f, g, o = Wx + h @ U              # one product, all gates, in the order of `gates`
    z, r = Wx["z r"] + h @ U["z r"]      # one product for two neighbouring gates
    n = tanh(Wx.n + (r * h) @ U.n)       # one gate by name
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from keras import ops

from kerasgates.core import operations

#: By the name of an operation of PyTorch's the method that it is of what stands beside a tensor.
_OF_TORCH = {
    **dict.fromkeys(("matmul", "__matmul__"), "__rmatmul__"),
    **dict.fromkeys(("add", "__add__", "__radd__"), "__add__"),
}


class _Named:
    """A tensor whose last axis is a row of named blocks: of given widths, or all of one."""

    tensor: Any
    names: tuple[str, ...]
    width: int

    # NumPy would otherwise take `array @ kernel` apart element by element.
    __array_ufunc__ = None

    def __init__(self, tensor: Any, names: Sequence[str], widths: tuple[int, ...] | None = None):
        width = tensor.shape[-1]
        if width % len(names) if widths is None else width != sum(widths):
            parts = f"{len(names)} equal parts" if widths is None else f"parts of {tuple(widths)}"
            raise ValueError(
                f"Blocks need a last axis that splits into {parts} "
                f"{tuple(names)}. Received a tensor of shape {tuple(tensor.shape)}."
            )
        self.tensor = tensor
        self.names = tuple(names)
        self.width = width // len(names)
        # Other names are free for blocks: they begin with an underscore.
        self._widths: tuple[int, ...] | None = widths
        self._parts: list[Any] | None = None

    @property
    def dtype(self) -> Any:
        return self.tensor.dtype

    def __tf_tensor__(self, dtype: Any = None, name: str | None = None) -> Any:
        # A tensor of TensorFlow on the left asks for one, and takes five times as long to find out
        # by itself that there is none. Then Python asks this class for the result.
        raise TypeError(
            f"{self!r} is no tensor. In a product or sum with it shapes did not fit, or a function "
            "of TensorFlow was called with it."
        )

    @classmethod
    def __torch_function__(cls, function, types, args=(), kwargs=None):
        # `torch.compile` asks for it where a tensor stands beside what is none.
        method = _OF_TORCH.get(getattr(function, "__name__", ""))
        if method is None or not hasattr(cls, method) or kwargs:
            return NotImplemented
        left, right = args
        return (
            getattr(left, method)(right) if isinstance(left, cls) else getattr(right, method)(left)
        )

    def _columns(self, names):
        """The tensor's columns of neighbouring blocks."""
        first = self._first(names)
        if len(names) == len(self.names) and operations.is_eager(self.tensor):
            return self.tensor
        if self._widths is None:
            return self.tensor[..., first * self.width : (first + len(names)) * self.width]
        start = sum(self._widths[:first])
        return self.tensor[..., start : start + sum(self._widths_of(names))]

    def _widths_of(self, names):
        """Widths of neighbouring blocks; None where all are of one."""
        first = self._index(names[0])
        return None if self._widths is None else self._widths[first : first + len(names)]

    def _first(self, names):
        """Index of the first of several neighbouring blocks."""
        first = self._index(names[0])
        if self.names[first : first + len(names)] != tuple(names):
            raise KeyError(
                f"Only neighbouring blocks can be taken together, in their order {self.names}. "
                f"Received: {names}"
            )
        return first

    def _index(self, name):
        if name not in self.names:
            raise KeyError(f"There is no block {name!r} among {self.names}.")
        return self.names.index(name)

    def __getattr__(self, name: str) -> Any:
        # Reached only for names that are no ordinary attribute: the blocks.
        if name.startswith("_") or name not in self.__dict__.get("names", ()):
            raise AttributeError(f"{type(self).__name__} has no block or attribute {name!r}.")
        return self._block(name)

    def __repr__(self):
        return f"{type(self).__name__}({' '.join(self.names)}; shape={tuple(self.tensor.shape)})"


class Blocks(_Named):
    """A tensor `(..., columns)` by gate, as `step` computes with it.

    Iterating gives each block as a tensor in order, `Blocks.name` one of them, and
    `Blocks["a b"]` several neighbours as `Blocks`. Sums with tensors and with
    other `Blocks` of the same names stay `Blocks`.

    Args:
        tensor: the tensor.
        names: names of the blocks.
        widths: tuple of their numbers of columns; None where all have as many.
    """

    def __iter__(self) -> Iterator[Any]:
        widths = len(self.names) if self._widths is None else self._widths
        return iter(operations.split(self.tensor, widths))

    def __getitem__(self, names: str) -> Blocks:
        listed = names.split()
        widths = self._widths and self._widths_of(listed)
        return Blocks(self._columns(listed), listed, widths)

    def _block(self, name):
        if not operations.is_eager(self.tensor):
            return self._columns([name])
        # Where Python waits for each operation, one that gives all blocks is faster than two.
        parts = self._parts or [*self]
        if operations.is_eager(parts[0]):  # And not of a graph that is traced meanwhile.
            self._parts = parts
        return parts[self._index(name)]

    def __add__(self, other: Any) -> Blocks:
        if isinstance(other, Blocks):
            if other.names != self.names:
                raise ValueError(f"Cannot add blocks {other.names} to blocks {self.names}.")
            other = other.tensor
        return Blocks(self.tensor + other, self.names, self._widths)

    __radd__ = __add__


class SeparateBlocks(Blocks):
    """Blocks whose columns are tensors of their own.

    XLA gives up vector instructions where columns are cut from a step that is itself cut from
    a sequence; from a sequence for each block it does not.
    """

    def __init__(self, parts: Sequence[Any], names: Sequence[str]):
        self.parts, self.names = tuple(parts), tuple(names)
        self.width = self.parts[0].shape[-1]
        widths = tuple([part.shape[-1] for part in self.parts])
        self._widths = None if len({*widths}) == 1 else widths

    @property
    def tensor(self) -> Any:
        return ops.concatenate(self.parts, axis=-1)

    @property
    def dtype(self) -> Any:
        return self.parts[0].dtype

    def __iter__(self) -> Iterator[Any]:
        return iter(self.parts)

    def __getitem__(self, names: str) -> SeparateBlocks:
        listed = names.split()
        first = self._first(listed)
        return SeparateBlocks(self.parts[first : first + len(listed)], listed)

    def _block(self, name):
        return self.parts[self._index(name)]

    def __add__(self, other: Any) -> Blocks:
        if not (isinstance(other, Blocks) and other.names == self.names):
            return super().__add__(other)
        return SeparateBlocks([a + b for a, b in zip(self, other)], self.names)

    __radd__ = __add__


class Kernel(_Named):
    """A weight matrix `(rows, blocks · columns)`; `value @ kernel` gives `Blocks`.

    Args:
        tensor: the matrix, or a Keras variable.
        names: names of the column blocks.
        mask: optional `(batch, rows)` factor for whatever is multiplied by the
            matrix; this is how recurrent dropout reaches every product with `U`
            and no equation.
        single: whether a product is one tensor, as of a block taken by name.
        widths: as of `Blocks`.

    The product is taken in the matrix's own dtype and handed back in the value's:
    under mixed precision the products are the half-precision part, and
    everything point-wise stays in single precision.
    """

    if TYPE_CHECKING:
        # What the shared method gives of a kernel, for type checkers.
        def __getattr__(self, name: str) -> Kernel: ...

    def __init__(
        self,
        tensor: Any,
        names: Sequence[str],
        mask: Any = None,
        single: bool = False,
        widths: tuple[int, ...] | None = None,
    ):
        super().__init__(ops.convert_to_tensor(tensor), names, widths)
        self.mask, self.single = mask, single
        self._start = 0
        self._function: Callable[[Any, str], Any] | None = None

    def __getitem__(self, names: str) -> Kernel:
        return self._of(names.split())

    def _block(self, name):
        return self._of([name], single=True)

    def _of(self, names, single=False):
        """The same weights in the columns of neighbouring blocks."""
        part = copy.copy(self)
        part.tensor, part.names, part.single = self._columns(names), tuple(names), single
        first = self._first(names)
        if self._widths is None:
            part._start = self._start + first * self.width
        else:
            part._start = self._start + sum(self._widths[:first])
            part._widths = self._widths_of(names)
        return part

    def __rmatmul__(self, value: Any) -> Any:
        product = self._product(value)
        return product if self._function is None else self._through(product)

    def _through(self, product):
        """A product whose blocks have gone through the function of `through`."""
        if self.single:
            return self._function(product, self.names[0])
        parts = [self._function(*both) for both in zip(product, self.names)]
        return SeparateBlocks(parts, self.names)

    def _product(self, value):
        """`value @ kernel`: what another stand-in for recurrent weights does otherwise."""
        product = self._multiply(self._masked(value))
        return product if self.single else Blocks(product, self.names, self._widths)

    def _masked(self, value):
        """What is multiplied by the weights: the value, with recurrent dropout."""
        return value if self.mask is None else value * ops.cast(self.mask, value.dtype)

    def _multiply(self, value):
        """The product as one tensor, in the dtype of the value."""
        if value.dtype == self.tensor.dtype:
            return operations.matmul(value, self.tensor)
        product = operations.matmul(ops.cast(value, self.tensor.dtype), self.tensor)
        return ops.cast(product, value.dtype)


def through(kernel: Kernel, function: Callable[[Any, str], Any]) -> Kernel:
    """The same weights, the products with which go through `function(block, name)`, each by itself.

    Args:
        kernel: a `Kernel`, or what stands for one.
        function: gives a tensor of the same shape.
    """
    changed = copy.copy(kernel)
    changed._function = function
    return changed
