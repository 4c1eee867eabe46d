"""A model one step at a time: its recurrent layers take their states from outside.

with Stream(states) as stream:
    y = model(x_t[:, None])        # one step of the input
states = stream.after              # what the next step needs
"""

import re

import keras
from keras import ops, tree

from kerasgates import loops
from kerasgates.loops.runner import Runner


class NotCausalError(ValueError):
    """The model needs more of the input than the present step and its states."""


class Stream(Runner):
    """Runner of one step: `kerasgates.RNN` layers start from states given by name.

    Args:
        before: states by name; a layer's that are missing are its initial ones.

    Attributes:
        after: the new states by name: `<layer>_<state>`, for a `StackedRNNCells`
            `<layer>_<number of the cell>_<state>`; `<layer>_output` where a masked step
            must repeat an output that is no state.

        before_first: the initial states by the same names.

        given: the states that the model itself lets a layer begin with, by the same names.

    Raises:
        NotCausalError: on leaving, if a layer runs backwards, is called twice, or does not get
            one step for one step.
    """

    def __init__(self, before=None):
        self.before = before or {}
        self.after = {}
        self.before_first = {}
        self.given = {}
        self._seen, self._bases = [], []
        self._fault = None

    def __exit__(self, kind, *error):
        super().__exit__(kind, *error)
        # Not raised where it is found: Keras would wrap it in the arguments of the layer's call.
        if self._fault and kind is None:
            raise NotCausalError(self._fault)

    def run(self, layer, sequences, states, mask):
        """Run one step `(batch, 1, features)` from the states in `before`; `states` is ignored."""
        self._check(layer, sequences)
        base = self._base_name(layer)
        names = _state_names(base, layer.cell)
        initial = layer.get_initial_state(ops.shape(sequences)[0])
        flat, size, dtype = loops.carried_by(layer.cell, tree.flatten(initial))
        old = [self.before.get(name, state) for name, state in zip(names, flat)]
        inputs = sequences[:, 0]
        if mask is not None:
            mask = ops.cast(mask, "bool")
            inputs = ops.where(mask, inputs, ops.zeros_like(inputs))
        output, new = loops.step_of(layer.cell, training=False)(inputs, old)
        if mask is not None:
            name = f"{base}_output"
            nothing = ops.zeros((ops.shape(sequences)[0], size), dtype=dtype)
            last = self.before.get(name, nothing)
            new = [ops.where(mask, a, b) for a, b in zip(new, old)]
            self.before_first[name] = nothing
            self.after[name] = last = ops.where(mask, output, last)
            output = last
            if layer.zero_output_for_mask:
                output = ops.where(mask, output, ops.zeros_like(output))
        self.before_first.update(zip(names, flat))
        self.given.update(zip(names, tree.flatten(states)))
        self.after.update(zip(names, new))
        states = tree.pack_sequence_as(initial, new)
        return output, ops.expand_dims(output, 1), states

    def _check(self, layer, sequences):
        if layer.go_backwards:
            self._fault = f"layer {layer.name!r} runs backwards, it begins at the end"
        if layer in self._seen:
            self._fault = f"layer {layer.name!r} is called more than once"
        if sequences.shape[1] not in (1, None):
            self._fault = f"layer {layer.name!r} does not get one step for one step"
        self._seen.append(layer)

    def _base_name(self, layer):
        """The layer's name as an identifier; two layers of one name are told apart."""
        self._bases = identifiers([*self._bases, layer.name])
        return self._bases[-1]


def identifiers(names):
    """Names as identifiers, each different from those before, even where case does not count."""
    different, taken = [], set()
    for name in names:
        name = wanted = re.sub(r"\W", "_", name)
        number = 1
        # Functions of TensorFlow take no argument of the name self.
        while name.lower() in taken or name == "self":
            number += 1
            name = f"{wanted}_{number}"
        different.append(name)
        taken.add(name.lower())
    return different


#: States of Keras's own cells, which have no names there.
_STOCK_STATES = {
    keras.layers.SimpleRNNCell: ("h",),
    keras.layers.LSTMCell: ("h", "c"),
    keras.layers.GRUCell: ("h",),
}


def _state_names(base, cell):
    """Names for all states of a cell; a state without a name has a number."""
    if (cells := getattr(cell, "cells", None)) is not None:
        return [n for i, inner in enumerate(cells) for n in _state_names(f"{base}_{i}", inner)]
    count = len(tree.flatten(cell.state_size))
    names = getattr(cell, "states", _STOCK_STATES.get(type(cell), ()))
    names = names if len(names) == count else map(str, range(count))
    return [f"{base}_{name}" for name in identifiers(names)]
