"""Blocks of columns of a cell: which of its weights have them, and how wide each is.

`gates` names them. Where not every gate has weights for the input, weights for the state and a
bias, the class says which have: `inputs`, `recurrent_gates`, `biased_gates`; and in `widths`, how
many entries those blocks have that have not `units`.
"""

import numbers

from keras import ops

from kerasgates.core.blocks import Blocks
from kerasgates.utils import suggestions

#: The block of `inputs` that is the input itself, of `features` entries.
INPUT = "x"
#: Lists of blocks that are `gates` unless a class declares others.
LISTS = ("inputs", "recurrent_gates", "biased_gates")
#: What the entries of tables of sizes are of.
_KIND = {"widths": "the block", "state_shapes": "the state"}
#: Gates whose biases can start raised, so that a cell keeps at first what it holds; and what the
#: arguments mean that do it where an open gate replaces.
RAISED = {
    "f": {
        "unit_forget_bias": "whether the bias b_f is −1 at initialisation, whatever "
        "`bias_initializer` gives: an open f replaces the old state.",
        "initial_forget_bias": "number whose negative the bias b_f is at initialisation, in place "
        "of the −1 of `unit_forget_bias`; a high one keeps the state at the start of training.",
    },
    "z": {
        "initial_update_bias": "number subtracted from the update gate's bias b_z at "
        "initialisation; a high one keeps the old state at the start of training."
    },
}


def declare(cls, own):
    """Complete and check the lists of blocks of a class with `gates`.

    A class that declares `gates` anew does not inherit lists and widths that went with the old
    ones.

    Args:
        cls: the class.
        own: its own attributes.
    """
    for words in LISTS:
        owner = next(kind for kind in cls.__mro__ if words in vars(kind))
        stale = "gates" in own and owner is not cls and getattr(owner, "gates", ())
        if stale or getattr(cls, words) is None:
            setattr(cls, words, cls.gates)
        elif words in own:
            _check(cls, words)
    _check_widths(cls, own)
    for name in own.get("state_shapes", ()):
        if name not in cls.states:
            raise TypeError(
                f"{cls.__name__}: `state_shapes` must be of `states`. Received: {name!r}: "
                f"{suggestions.suggestion(name, cls.states)}"
            )
    raised = tuple(name for name in RAISED if name in cls.biased_gates)
    if {*cls.replacing_gates} - {*raised} and "replacing_gates" in own:
        raise TypeError(
            f"{cls.__name__}: `replacing_gates` must name some of {raised}, the gates whose biases "
            f"start raised. Received: replacing_gates={cls.replacing_gates!r}"
        )
    for name in cls.replacing_gates:
        cls.descriptions = {**RAISED.get(name, {}), **cls.descriptions}


def _check_widths(cls, own):
    """Raise where `widths` names no block; those that went with a base's gates are left out."""
    known = [*cls.gates, *cls.inputs, *cls.recurrent_gates, *cls.biased_gates]
    known += [cls.output_name] if cls.output_name else []
    owner = next(kind for kind in cls.__mro__ if "widths" in vars(kind))
    if "gates" in own and owner is not cls and getattr(owner, "gates", ()):
        cls.widths = {}
    for name in cls.widths:
        if name not in known:
            raise TypeError(
                f"{cls.__name__}: `widths` must be of blocks in `gates`, `inputs`, "
                f"`recurrent_gates` or `biased_gates`, or of the output. Received: {name!r}: "
                f"{suggestions.suggestion(name, known)}"
            )


def _check(cls, words):
    """Raise where a list of blocks is none, or has a name that stands for nothing."""
    names = getattr(cls, words)
    if not isinstance(names, tuple) or len({*names}) != len(names):
        raise TypeError(
            f"{cls.__name__}: `{words}` must be a tuple of different names. "
            f"Received: {words}={names!r}"
        )
    known = [*cls.gates, *cls.widths]
    for name in names:
        if name not in known and (words, name) != ("inputs", INPUT):
            raise TypeError(
                f"{cls.__name__}: `{words}` must be of `gates`, or of blocks with an entry in "
                f"`widths`. Received: {name!r}: {suggestions.suggestion(name, known)}"
            )
    if INPUT in names[:-1] and INPUT not in cls.gates:
        raise TypeError(
            f"{cls.__name__}: {INPUT!r}, the input itself, must be the last of `inputs`. "
            f"Received: inputs={names!r}"
        )


class GateBlocks:
    """The blocks of a cell with `gates`: names and widths of those of each weight."""

    inputs: tuple[str, ...] | None = None
    recurrent_gates: tuple[str, ...] | None = None
    biased_gates: tuple[str, ...] | None = None
    widths: dict[str, int | str] = {}
    replacing_gates: tuple[str, ...] = ()
    #: Entries of the input, after building.
    features = None
    #: By name, how many features of the input a step reads by a letter of their own.
    feature_blocks: dict[str, int] = {}

    #: What the properties give, once it is known.
    _projected_layout = _recurrent_layout = None

    def reads(self, features):
        """Whether the cell reads inputs of so many features."""
        return features > 0

    def block_width(self, name):
        """Number of columns of the block of a name.

        Raises:
            ValueError: where `widths` gives no positive number.
        """
        declared = self.widths.get(name, "units")
        if name == INPUT and name not in self.gates:
            declared = self.widths.get(name, "features")
        return self.positive_sizes("widths", name, (declared,))[0]

    def positive_sizes(self, table, name, declared):
        """Tuple of the sizes that an entry of a table declares: numbers, or names of attributes.

        Raises:
            ValueError: where one is no positive number.
        """
        sizes = []
        for size in declared:
            value = getattr(self, size, None) if isinstance(size, str) else size
            whole = isinstance(value, numbers.Integral) and not isinstance(value, bool)
            if not whole or value < 1:
                which = f"{size!r}, which is {value!r}" if size is not value else repr(value)
                owner, kind = type(self).__name__, _KIND[table]
                raise ValueError(
                    f"{owner}: `{table}` must give {kind} {name!r} a positive number of entries, "
                    f"or the name of an attribute that is one. Received: {which}"
                )
            sizes.append(int(value))
        return tuple(sizes)

    def widths_of(self, names):
        """Tuple of the numbers of columns of blocks."""
        return tuple([self.block_width(name) for name in names])

    def widths_within(self, names, columns):
        """Widths of blocks in so many columns; equal parts where they are not the blocks' own."""
        widths = self.widths_of(names)
        return widths if sum(widths) == columns else (columns // len(names),) * len(names)

    def columns_of(self, names):
        """Number of columns of blocks side by side; None for no blocks."""
        return sum(self.widths_of(names)) or None

    @property
    def has_own_product(self):
        """Whether W x is computed in another way than by `kernel` as it is."""
        return False

    @property
    def kernel_blocks(self):
        """Names of the blocks of `kernel`: of `inputs` all but the input itself."""
        return tuple(n for n in self.inputs if n != INPUT or n in self.gates)

    def blocks_of(self, weight):
        """Names of the blocks of the weight of a name; those of any other weight are `gates`."""
        lists = {"recurrent_kernel": self.recurrent_gates, "bias": self.biased_gates}
        # A kernel that has blocks without being applied in `project` is of the gates.
        return (
            self.kernel_blocks or self.gates
            if weight == "kernel"
            else lists.get(weight, self.gates)
        )

    @property
    def projected_blocks(self):
        """Names of the blocks of `Wx`: `inputs`, and behind them gates with a bias alone."""
        return (*self.inputs, *(n for n in self.biased_gates if n not in self.inputs))

    @property
    def projected_layout(self):
        """Names, widths and number of columns of `Wx`; widths are None where all are the same."""
        return self._projected_layout or self.lay_out()

    @property
    def recurrent_layout(self):
        """Names and widths of the blocks of `recurrent_kernel`."""
        return self._recurrent_layout or (self.lay_out() and self._recurrent_layout)

    def lay_out(self):
        """Look up, once, which columns belong to which block."""
        names = self.projected_blocks
        widths = self.widths_of(names)
        columns = sum(widths)
        # Weights of a shape of the cell's own are cut into equal parts, unless it has a product of
        # its own, too.
        asked = self.features and not self.has_own_product
        own = self.kernel_shape(self.features) if asked else None
        if names == self.kernel_blocks and own and own[-1] != columns:
            widths, columns = (), own[-1]
        self._projected_layout = names, unequal(widths), columns
        names = self.recurrent_gates
        widths, own = self.widths_of(names), self.recurrent_kernel_shape()
        fits = own is not None and own[-1] == sum(widths)
        self._recurrent_layout = names, unequal(widths) if fits else None
        return self._projected_layout

    def check_columns(self, projected, columns):
        """Raise unless `project` gave as many columns as its blocks have."""
        if projected.shape[-1] != columns:
            names, widths, _ = self.projected_layout
            widths = widths or [columns // len(names)] * len(names)
            blocks = ", ".join(f"{n}: {k}" for n, k in zip(names, widths))
            raise ValueError(
                f"{type(self).__name__}.project must give {columns} columns, those of its blocks "
                f"{blocks}. Received: {projected.shape[-1]} columns, of shape "
                f"{tuple(projected.shape)}. `widths` says how many a block has."
            )

    # ---------------------------------------------------------------- projected inputs

    def project_blocks(self, inputs, product=None):
        """Projection `Wx` of a cell in which not every block has both weights and a bias.

        Args:
            inputs: `(…, features)`.
            product: what stands for the product with `kernel`; None for the product itself.
        """
        parts = []
        if self.kernel_blocks:
            product = self.project_kernel(inputs) if product is None else product
            if {*self.kernel_blocks} & {*self.biased_gates}:
                product = self._add_biases(product, self.kernel_blocks)
            parts.append(product)
        if len(self.kernel_blocks) < len(self.inputs):
            self.check_features(inputs)
            parts.append(ops.cast(inputs, self.compute_dtype))
        if rest := self.projected_blocks[len(self.inputs) :]:
            rows = ops.shape(inputs)[:-1]
            nothing = ops.zeros((*rows, self.columns_of(rest)), self.compute_dtype)
            parts.append(self._add_biases(nothing, rest))
        if not parts:
            raise ValueError(
                f"{type(self).__name__} must have blocks in `inputs` or in `biased_gates`. "
                "Received: none in either"
            )
        return ops.concatenate(parts, axis=-1) if len(parts) > 1 else parts[0]

    def _add_biases(self, value, names):
        """`value + b` of these blocks, of which some may have no bias."""
        if self.bias is None:
            return value
        biases = self.biased_gates
        bias = Blocks(self.input_bias(), biases, unequal(self.widths_of(biases)))
        if names == biases:
            # Not by the operator: JAX adds no symbol to an array.
            return ops.add(value, ops.cast(bias.tensor, value.dtype))
        rows = [
            getattr(bias, n) if n in biases else ops.zeros((self.block_width(n),), bias.dtype)
            for n in names
        ]
        return ops.add(value, ops.cast(ops.concatenate(rows), value.dtype))


def unequal(widths):
    """Widths of blocks, or None where all are the same."""
    return widths if len({*widths}) > 1 else None
