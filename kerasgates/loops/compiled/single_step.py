"""One step of a cell, and its vector-Jacobian product.

The point-wise part is differentiated by the framework, from the same `step` that runs forward,
whatever cell it is of; the products with the recurrent weights are recorded.
"""

from dataclasses import dataclass
from typing import Any

import keras
import tensorflow as tf

from kerasgates.core.blocks import SeparateBlocks
from kerasgates.loops.compiled.products import RecordingKernel, products_of

#: In place of known products: they are in the inputs of the gates already.
SUMS = "sums"


@dataclass(frozen=True)
class Inputs:
    """Inputs of a cell's run over time.

    Attributes:
        x: sequences `(batch, time, features)`.
        states: the initial ones, each `(batch, entries)`; an output that is no state is one more.
        mask: None or booleans `(batch, time)`.
        dropped: None or the mask of recurrent dropout `(batch, rows)`.
        weights: of the cell, in its order.
    """

    x: Any
    states: list
    mask: Any
    dropped: Any
    weights: list


def reading(cell, weights):
    """Scope in which the cell reads these tensors as its weights."""
    return keras.StatelessScope(state_mapping=list(zip(cell.weights, weights)))


def carried_widths(cell):
    """Entries of what the loop carries on: of the states, and of an output that is none."""
    return [*cell.state_sizes, *([cell.output_size] if cell.output_state is None else [])]


def shown_by(cell):
    """Index of the output among what the loop carries."""
    return len(cell.states) if cell.output_state is None else cell.output_state


def by_gate(cell, projected):
    """Projected inputs `(…, columns)` as one tensor for each gate."""
    names, widths, columns = cell.projected_layout
    cell.check_columns(projected, columns)
    return tf.split(tf.cast(projected, cell.variable_dtype), widths or len(names), axis=-1)


def next_states(cell, projected, states, mask, dropped):
    """New states, and the `Product`s with the recurrent weights.

    Args:
        cell: the cell, in the scope of `reading`.
        projected: its projected inputs `(batch, columns)`.
        states: the old states.
        mask: None or booleans `(batch, 1)`: rows that are False keep their states.
        dropped: None or the mask of recurrent dropout.
    """
    return _advance(cell, projected, _recurrent(cell, dropped, states), states, mask)


def _recurrent(cell, dropped, states, **recording):
    """The recurrent weights as they record products, or None."""
    if cell.recurrent_kernel is None:
        return None
    tensor = keras.ops.cast(cell.recurrent_kernel, cell.compute_dtype)
    return RecordingKernel(tensor, cell.recurrent_layout, dropped, states, **recording)


def _advance(cell, projected, U, states, mask):
    output, new, _ = cell.step_projected(projected, U, list(states)[: len(cell.states)])
    if cell.output_state is None:
        new = [*new, tf.cast(output, cell.variable_dtype)]
    if mask is not None:
        new = [tf.where(mask, a, b) for a, b in zip(new, states)]
    return new, products_of(U)


class RecordedStep:
    """One step of a cell on a tape.

    Args:
        cell: the cell, in the scope of `reading`.
        inputs: projected inputs by gate, each `(batch, entries)`.
        states: the old states.
        run: the `Inputs` of the whole run.
        mask: None or booleans `(batch, 1)`.
        known: the products by gate that are known before, None for any that is not; or `SUMS`
            where the inputs are the sums with them.

    Attributes:
        inputs, old, weights: what gradients are taken by, besides the products.
        new: the new states, with an output that is none.
        products: the `Product`s with the recurrent weights.
    """

    def __init__(self, cell, inputs, states, run, mask=None, known=None):
        self.inputs, self.weights = list(inputs), list(run.weights)
        recorded = {"sums": self.inputs} if known is SUMS else {"known": known}
        with tf.GradientTape() as self._tape:
            # The same tensor may be two states; each is to have its own gradient.
            self.old = [tf.identity(s) for s in states]
            self._tape.watch([*self.inputs, *self.old, *self.weights])
            U = _recurrent(cell, run.dropped, self.old, tape=self._tape, **recorded)
            blocks = SeparateBlocks(self.inputs, cell.projected_blocks)
            self.new, self.products = _advance(cell, blocks, U, self.old, mask)

    def vjp(self, d_new):
        """The `StepVJP` for the gradients of the new states."""
        sources = [self.inputs, self.old, [p.parts for p in self.products], self.weights]
        *gradients, weights = self._tape.gradient(self.new, sources, output_gradients=d_new)
        gradients = tf.nest.map_structure(
            lambda d, v: tf.zeros_like(v) if d is None else d, gradients, sources[:3]
        )
        return StepVJP(*gradients, weights, self.products)


@dataclass(frozen=True)
class StepVJP:
    """Vector-Jacobian product of one step.

    Attributes:
        inputs, old, d_products: gradients of the inputs by gate, of the old states and of the
            products by gate; zeros where nothing depends on them.
        weights: gradients of the weights that the step uses besides; None for the others.
        products: the `Product`s of the step.
    """

    inputs: list
    old: list
    d_products: list
    weights: list
    products: list
