"""Jacobian of single steps: how each entry of the new states depends on each of the old."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import ArrayLike

from kerasgates import loops
from kerasgates.core.blocks import Blocks, Kernel
from kerasgates.core.operations import as_array
from kerasgates.utils.suggestions import suggestion


def jacobian(
    cell: keras.Layer,
    x: ArrayLike,
    states: Sequence[ArrayLike] | Mapping[str, ArrayLike] | None = None,
    *,
    of: str | None = None,
    by: str | None = None,
    held: Collection[str] = (),
) -> np.ndarray:
    """Jacobian ∂s_t/∂s_{t−1} of a step, or of every step of sequences.

        >>> kg.jacobian(kg.LSTMCell(3), x[:, 0]).shape          # h and c, by h and c
        (4, 6, 6)
        >>> kg.jacobian(kg.LSTMCell(3), x, of="c", by="c").shape    # of each of 5 steps
        (4, 5, 3, 3)

    It is the whole derivative of one step, through gates and candidate. The product of those of
    successive steps, `J[-1] @ … @ J[0]` of all states, is the derivative through time.

    Args:
        cell: a cell with `gates`, or a layer of one; it is built where it was not yet.
        x: inputs `(batch, features)`, or sequences `(batch, time, features)`.
        states: the states before the first step, arrays `(batch, entries)`: a list in the order
            of the cell's `states`, or a dict by their names; None for zeros.
        of: name of the new state; None for all, side by side.
        by: name of the old state, or `"x"` for the input; None for all states, side by side.
        held: names of gates to hold fixed at the values that they have, `["z"]` for the
            shorter formula of lectures on the GRU.

    Returns:
        An array `(batch, entries of, entries by)`; of sequences `(batch, time, …, …)`.

    Raises:
        ValueError: if it is no such cell, an array does not fit, a state or gate is not there, a
            gate that is to be held reads states by other weights than U as well, or the backend
            is not TensorFlow.
    """
    cell = _checked(cell, x, held)
    names = [*cell.states]
    for argument, value, known in (("of", of, names), ("by", by, [*names, "x"])):
        if value is not None and value not in known:
            raise ValueError(
                f"Argument `{argument}` must be one of {known} or None. Received: {value!r}: "
                f"{suggestion(value, known)}"
            )
    inputs = tf.convert_to_tensor(as_array(x), cell.compute_dtype)
    sequences = inputs if inputs.shape.rank == 3 else inputs[:, None]
    old = _before_each(cell, sequences, _initial(cell, states, sequences.shape[0]))
    rows = tf.reshape(sequences, (-1, sequences.shape[-1]))
    derivatives = _of_rows(cell, rows, old, (of, by), frozenset(held)).numpy()
    shape = sequences.shape[:2] if inputs.shape.rank == 3 else sequences.shape[:1]
    return derivatives.reshape(*shape, *derivatives.shape[1:])


def _checked(cell, x, held):
    """The cell, built, of a layer or itself."""
    if keras.backend.backend() != "tensorflow":
        raise ValueError(
            f"jacobian needs the TensorFlow backend. Received: {keras.backend.backend()!r}"
        )
    inner = cell.cell if isinstance(cell, keras.layers.RNN) else cell
    if not loops.is_gated(inner):
        raise ValueError(
            "Argument `cell` must be a cell with `gates`, with the `call` of AbstractRNNCell, or a "
            f"layer of one. Received: {cell!r}"
        )
    shape = np.shape(x)
    if len(shape) not in (2, 3) or 0 in shape:
        raise ValueError(
            "Argument `x` must be of shape (batch, features) or (batch, time, features). "
            f"Received: shape {shape}"
        )
    if not inner.built:
        inner.build((None, shape[-1]))
    known = [*inner.recurrent_gates] if inner.recurrent_kernel is not None else []
    for name in held:
        if name not in known:
            raise ValueError(f"Argument `held` must name some of {known}. Received: {name!r}")
    if held and inner.roles:
        raise ValueError(
            f"Argument `held` must be left out: the gates of {type(inner).__name__} read states by "
            f"more than U, {', '.join(inner.roles)}. Received: held={held!r}"
        )
    return inner


def _initial(cell, states, batch):
    """The states to begin with, one tensor each."""
    by_name, sizes = states, dict(zip(cell.states, cell.state_sizes))
    if states is None:
        by_name = {name: np.zeros((batch, size)) for name, size in sizes.items()}
    elif not isinstance(states, Mapping):
        by_name = dict(zip(cell.states, states)) if len(states) == len(sizes) else {}
    shapes = {name: np.shape(value) for name, value in by_name.items()}
    cell_shapes = {name: (batch, size) for name, size in sizes.items()}
    if shapes != cell_shapes:
        raise ValueError(f"Argument `states` must be of shapes {cell_shapes}. Received: {shapes}")
    return [tf.convert_to_tensor(as_array(by_name[n]), cell.variable_dtype) for n in cell.states]


def _before_each(cell, sequences, states):
    """The states before each step, rows of all steps `(batch · time, entries)`."""
    before = [states]
    for step in range(sequences.shape[1] - 1):
        projected = cell.project(sequences[:, step])
        _, states, _ = cell.step_projected(projected, cell.recurrent(), states)
        before.append(states)
    stacked = [tf.stack(values, axis=1) for values in zip(*before)]
    return [tf.reshape(value, (-1, value.shape[-1])) for value in stacked]


def _of_rows(cell, x, old, names, held):
    """Jacobians of single steps, `(rows, entries of, entries by)`.

    Each row is there once for each entry of the new states, and one gradient is taken of all.
    """
    of, by = names
    sizes = [size for name, size in zip(cell.states, cell.state_sizes) if of in (None, name)]
    count = sum(sizes)
    inputs, states = tf.repeat(x, count, axis=0), [tf.repeat(s, count, axis=0) for s in old]
    with tf.GradientTape() as tape:
        tape.watch([inputs, *states])
        projected, U = cell.project(inputs), cell.recurrent()
        if held:
            projected, U = _held_blocks(cell, projected, held), _HeldKernel(U, held)
        _, new, _ = cell.step_projected(projected, U, states)
        chosen = [value for name, value in zip(cell.states, new) if of in (None, name)]
        chosen = tf.concat(chosen, axis=-1)
    by_name = {**dict(zip(cell.states, states)), "x": inputs}
    sources = states if by is None else [by_name[by]]
    each = tf.tile(tf.eye(count, dtype=chosen.dtype), (x.shape[0], 1))
    zero = tf.UnconnectedGradients.ZERO
    derivatives = tape.gradient(chosen, sources, output_gradients=each, unconnected_gradients=zero)
    derivatives = tf.concat([tf.cast(value, chosen.dtype) for value in derivatives], axis=-1)
    return tf.reshape(derivatives, (-1, count, derivatives.shape[-1]))


def _held_blocks(cell, projected, held):
    """Projected inputs `Wx` with the columns of some gates held fixed."""
    if not isinstance(projected, Blocks):
        names, widths, _ = cell.projected_layout
        projected = Blocks(projected, names, widths)
    parts = [tf.stop_gradient(v) if n in held else v for n, v in zip(projected.names, projected)]
    return Blocks(tf.concat(parts, axis=-1), projected.names, projected._widths)


class _HeldKernel(Kernel):
    """Recurrent weights whose products for some gates are held fixed."""

    def __init__(self, kernel, held):
        self.__dict__.update(kernel.__dict__)
        self._held = held

    def _multiply(self, value):
        product = Blocks(super()._multiply(value), self.names, self._widths)
        parts = [
            tf.stop_gradient(part) if name in self._held else part
            for name, part in zip(self.names, product)
        ]
        return tf.concat(parts, axis=-1)
