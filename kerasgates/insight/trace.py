"""Gates and states of a model as arrays, from the same `step` that trains.

    trace = kg.trace(model, x)
    trace["lstm"].gates["f"]            # (batch, time, units)
    trace["lstm"].states["c"]

The model runs once, as always, and the arguments of each recurrent layer's call are recorded. Then
the cell of each runs once more over its input, some steps at a time, and the wanted gates and
states of every step are kept.
"""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Sequence

import keras
import numpy as np
from keras import ops, tree
from numpy.typing import ArrayLike

from kerasgates import loops
from kerasgates.core._keras import cells_within, unnoticed_by_keras
from kerasgates.core.wrapper import title
from kerasgates.insight.batches import one_batch
from kerasgates.insight.gate_trace import GateTrace
from kerasgates.insight.replay import PerCellCache, Selection
from kerasgates.interop.upgrade import copy_weights, upgrade, upgrade_layer
from kerasgates.layers import RNN
from kerasgates.loops.runner import Runner
from kerasgates.utils.types import Inputs, Model


def trace(
    model: Model,
    x: Inputs,
    mask: ArrayLike | None = None,
    *,
    initial_state: Sequence[ArrayLike] | None = None,
    layers: Collection[str] | None = None,
    units: Sequence[int] | slice | None = None,
    times: Sequence[int] | slice | None = None,
    max_bytes: float = 1 << 30,
) -> GateTrace:
    """Every gate and every state of the recurrent layers of a model.

        >>> trace = kg.trace(model, x)
        >>> trace["lstm"].gates["f"].shape, trace["lstm"].states["c"].shape
        ((4, 5, 3), (4, 5, 3))

    Nothing of the model changes: no weight, and no state that a stateful layer holds. Dropout
    is not applied.

    Args:
        model: a Keras model, or a recurrent layer. Stock Keras layers in it are traced as ours
            with the same weights, see `kerasgates.upgrade`.
        x: its input; for a layer `(batch, time, features)`. Of batches, as in a `tf.data.Dataset`,
            the first is taken.
        mask: None or booleans `(batch, time)`, as the model takes it; masks that a layer of the
            model makes, such as `Masking`, need not be given.
        initial_state: of a layer: list of arrays `(batch, entries)`.
        layers: names of the layers to keep; None for all.
        units: indices of the units to keep, a list or a slice; None for all. Arrays that are
            not one entry a unit, as a projected state, are kept whole.
        times: indices of the steps to keep, a list or a slice; None for all.
        max_bytes: what the arrays may take.

    Returns:
        A `GateTrace`: for each recurrent layer and direction, and each cell of a stack, gates
        and states `(batch, time, units)` by name.

    Raises:
        ValueError: if there is no recurrent layer, a layer, unit or step is not there, the mask
            does not fit, more than `max_bytes` would be kept, or a recurrent layer is run in a
            graph that the model makes itself.
    """
    chosen = {"layers": layers, "units": units, "times": times, "max_bytes": max_bytes}
    x, _, _ = one_batch(x)
    return Tracer(model)(x, mask, initial_state, **chosen)


class Tracer:
    """`trace` of one model, repeated as its weights change; keeps what is compiled.

    Attributes:
        model: after a trace, the model or one like it in which every recurrent layer is ours.
        cells: after a trace, the cells by the names that they have in it.

    Args:
        model: as in `trace`.
    """

    def __init__(self, model):
        self._given, self.model, self._made = model, None, PerCellCache()

    def prepare(self, x):
        """Make the model of our layers for such an input, or copy the current weights into it."""
        if self.model is None:
            self.model = with_our_layers(self._given, x)
        elif self.model is not self._given:
            copy_weights(self._given, self.model)
            _copy_states(self._given, self.model)

    def __call__(
        self, x, mask=None, initial_state=None, *, layers=None, units=None, times=None,
        max_bytes=1 << 30,
    ):  # fmt: skip
        """Arguments, result and errors are those of `trace`."""
        self.prepare(x)
        calls = _calls(self.model, x, mask, initial_state)
        plans = _plans(calls, self._made, layers, units, times)
        names = layers or [name for call in calls for name in call.names]
        size = sum(plan.bytes(names) for plan in plans)
        if size > max_bytes:
            raise ValueError(
                f"The trace would take {size:,} bytes, and argument `max_bytes` allows "
                f"{max_bytes:,.0f}. Choose some `layers`, `units` or `times`, such as "
                "times=slice(None, None, 100), or allow more"
            )
        self.cells = {n: c for plan in plans for n, c in zip(plan.call.names, plan.cells)}
        return GateTrace([cell for plan in plans for cell in plan.run(names)])


def _plans(calls, made, layers, units, times):
    names = [name for call in calls for name in call.names]
    if layers is not None and not layers:
        raise ValueError(f"Argument `layers` must name some of {names}. Received: {layers!r}")
    if layers is not None and (unknown := [*set(layers) - set(names)]):
        raise ValueError(f"Argument `layers` must name some of {names}. Received: {unknown}")
    selection = {*(names if layers is None else layers)}
    calls = [call for call in calls if {*call.names} & selection]
    return [Selection(call, units, times, made) for call in calls]


def with_our_layers(model, x):
    """The model, or a copy of it in which every recurrent layer is ours."""
    if not isinstance(model, keras.Layer):
        raise ValueError(f"Argument `model` must be a Keras model or layer. Received: {model!r}")
    recurrent = cells_within(model, keras.layers.RNN)
    if not recurrent:
        raise ValueError(
            f"Argument `model` must hold a recurrent layer. Received: {model.name!r} with "
            f"{[layer.name for layer in cells_within(model, keras.Layer)[1:]]}"
        )
    if all(isinstance(layer, RNN) and not _has_stock_cells(layer) for layer in recurrent):
        return model
    # The next automatic name and the next random seed are to be the same as without this.
    with unnoticed_by_keras():
        if isinstance(model, keras.Model):
            ours = upgrade(model)
        else:
            if not model.built:
                _build(model, x, recurrent)
            ours = upgrade_layer(model, (None, *np.shape(x)[1:]))
    _copy_states(model, ours)
    return ours


def _build(layer, x, recurrent):
    """Build a layer as its user would, by a call; which also checks that the input fits."""
    fixed = any(one.stateful for one in recurrent)
    layer(ops.zeros_like(tensors(x) if fixed else tensors(x)[:1]), training=False)
    for one in recurrent:
        if one.stateful:
            one.reset_state()


def _has_stock_cells(layer):
    stock = (keras.layers.LSTMCell, keras.layers.GRUCell, keras.layers.SimpleRNNCell)
    return any(type(cell) in stock for cell in loops.leaves(layer.cell))


def _copy_states(model, ours):
    """Copy the states of stateful layers."""
    pairs = zip(cells_within(model, keras.layers.RNN), cells_within(ours, keras.layers.RNN))
    for old, new in pairs:
        for source, target in zip(tree.flatten(old.states or []), tree.flatten(new.states or [])):
            target.assign(source)


def tensors(value):
    """Arrays, in lists or dicts or alone, as tensors; a list of numbers is an array."""
    if isinstance(value, dict):
        return {key: tensors(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)) and any(hasattr(item, "shape") for item in value):
        return [tensors(item) for item in value]
    return ops.convert_to_tensor(value)


def masks(mask):
    """Keyword arguments that give masks to a model; none for None."""
    if mask is None:
        return {}
    return {"mask": tree.map_structure(lambda m: ops.cast(m, "bool"), tensors(mask))}


def _calls(model, x, mask, initial_state):
    """Run a model; returns the recorded calls of its recurrent layers."""
    keywords = masks(mask)
    if initial_state is not None:
        if not isinstance(model, RNN):
            raise ValueError(
                f"Argument `initial_state` is for a recurrent layer. Received: it with "
                f"{model.name!r}"
            )
        keywords["initial_state"] = tensors(initial_state)
    x = tensors(x)
    if isinstance(model, RNN) and len(x.shape) == 3 and not model.built:
        model.build(x.shape)
    with CallRecorder() as recorder, preserve_state(model):
        model(x, training=False, **keywords)
    if not recorder.calls:
        raise ValueError(f"No recurrent layer of {model.name!r} was called on this input")
    return recorder.calls


@contextlib.contextmanager
def preserve_state(model):
    """Context that restores what a call changes: states of layers, seeds and metrics."""
    layers = cells_within(model, RNN)
    variables = [state for layer in layers for state in tree.flatten(layer.states or [])]
    weights = {id(weight) for weight in model.weights}
    variables += [variable for variable in model.variables if id(variable) not in weights]
    values = [ops.convert_to_numpy(variable) for variable in variables]
    try:
        yield
    finally:
        for variable, value in zip(variables, values):
            variable.assign(value)


class CallRecorder(Runner):
    """Runner that records the calls of recurrent layers, and lets them run."""

    def __init__(self):
        self.calls = []

    def run(self, layer, sequences, states, mask):
        given = [name for call in self.calls for name in call.names]
        self.calls.append(_Call(layer, sequences, states, mask, names_of(layer, given)))
        return layer.run_loop(sequences, states, mask)


def names_of(layer, earlier):
    """A name for each cell of a layer, other than those that are given already."""
    cells = loops.leaves(layer.cell)
    names, earlier = [], list(earlier)
    for cell in cells:
        name = layer.name if len(cells) == 1 else f"{layer.name}/{cell.name}"
        count = 1 + sum(other.split(":")[0] == name for other in earlier)
        names.append(name if count == 1 else f"{name}:{count}")
        earlier.append(names[-1])
    return names


def cells_of(model):
    """Name, cell, and whether it runs backwards, of every single cell of a model, layer or cell.

    Raises:
        ValueError: if there is none.
    """
    layers = cells_within(model, keras.layers.RNN) if isinstance(model, keras.Layer) else []
    named_cells = []
    for layer in layers:
        names = names_of(layer, [name for name, *_ in named_cells])
        cells = zip(names, loops.leaves(layer.cell))
        named_cells += [(name, cell, layer.go_backwards) for name, cell in cells]
    if not named_cells and hasattr(model, "state_size"):
        named_cells = [(cell.name, cell, False) for cell in loops.leaves(model)]
    if not named_cells:
        raise ValueError(
            "Argument `model` must be a model with a recurrent layer, a recurrent layer or a cell. "
            f"Received: {model!r}"
        )
    return named_cells


def title_in_trace(cell):
    """Name that a trace has for a cell: of its class with what it wraps; of a stock one, ours."""
    if type(cell) is keras.layers.GRUCell and cell.reset_after:
        return f"ResetAfter{type(cell).__name__}"
    return title(cell)


class _Call:
    """One call of a recurrent layer."""

    def __init__(self, layer, sequences, states, mask, names):
        self.layer, self.names = layer, names
        self.sequences = _as_array(sequences, layer)
        self.states = [_as_array(state, layer) for state in tree.flatten(states)]
        self.mask = np.ones(self.sequences.shape[:2], bool) if mask is None else None
        self.masked = mask is not None
        if self.masked:
            self.mask = _as_array(mask, layer).astype(bool)
        if layer.go_backwards:
            self.sequences, self.mask = self.sequences[:, ::-1], self.mask[:, ::-1]


def _as_array(tensor, layer):
    try:
        return ops.convert_to_numpy(tensor)
    except Exception as error:
        raise ValueError(
            f"Layer {layer.name!r} is run inside a graph that the model makes itself, where its "
            "gates cannot be followed. Trace the layer itself, on its own input"
        ) from error
