"""Gates and states of a model as arrays, from the same `step` that trains.

    trace = kg.trace(model, x)
    trace["lstm"].gates["f"]            # (batch, time, units)
    trace["lstm"].states["c"]

The model runs once, as always, and what each recurrent layer is called with is taken down. Then
the cell of each runs once more over its input, some steps at a time, and what is wanted of every
step is kept.
"""

import contextlib

import keras
import numpy as np
from keras import ops, tree

from kerasgates import loops
from kerasgates._keras import cells_within
from kerasgates.direct_path import direct_path, evaluate
from kerasgates.gate_trace import CellTrace, GateTrace
from kerasgates.layers import RNN
from kerasgates.running import Runner
from kerasgates.symbolic import Equations
from kerasgates.upgrade import upgrade

#: Bytes of what is seen of the steps that run together.
CHUNK = 64 << 20


def trace(
    model,
    x,
    mask=None,
    *,
    initial_state=None,
    layers=None,
    units=None,
    times=None,
    max_bytes=1 << 30,
):
    """Every gate and every state of the recurrent layers of a model.

    Nothing of the model changes: no weight, and no state that a stateful layer holds. Dropout
    is not applied.

    Args:
        model: a Keras model, or a recurrent layer. Stock Keras layers in it are traced as ours
            with the same weights, see `kerasgates.upgrade`.
        x: its input; for a layer `(batch, time, features)`.
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
    model = of_ours(model, x)
    calls = _calls(model, x, mask, initial_state)
    names = [name for call in calls for name in call.names]
    if layers is not None and (unknown := [*set(layers) - set(names)]):
        raise ValueError(f"Argument `layers` must be of {names}. Received: {unknown}")
    wanted = names if layers is None else list(layers)
    calls = [call for call in calls if set(call.names) & set(wanted)]
    plans = [call.plan(units, times) for call in calls]
    size = sum(plan.bytes(wanted) for plan in plans)
    if size > max_bytes:
        raise ValueError(
            f"The trace would take {size / 1e6:.0f} MB, and argument `max_bytes` allows "
            f"{max_bytes / 1e6:.0f} MB. Choose some `layers`, `units` or `times`, such as "
            "times=slice(None, None, 100), or allow more"
        )
    found = [cell for plan in plans for cell in plan.run(wanted)]
    return GateTrace(found)


def of_ours(model, x):
    """The model, or one like it in which every recurrent layer is ours."""
    if not isinstance(model, keras.Layer):
        raise ValueError(f"Argument `model` must be a Keras model or layer. Received: {model!r}")
    recurrent = cells_within(model, keras.layers.RNN)
    if not recurrent:
        raise ValueError(
            f"Argument `model` must hold a recurrent layer. Received: {model.name!r} with "
            f"{[layer.name for layer in cells_within(model, keras.Layer)[1:]]}"
        )
    if all(isinstance(layer, RNN) for layer in recurrent):
        return model
    if not isinstance(model, keras.Model):
        model = keras.Sequential([keras.Input(np.shape(x)[1:]), model])
    return upgrade(model)


def _calls(model, x, mask, initial_state):
    """What the recurrent layers of a model are called with."""
    keywords = {} if mask is None else {"mask": ops.convert_to_tensor(mask, "bool")}
    if initial_state is not None:
        keywords["initial_state"] = tree.map_structure(ops.convert_to_tensor, initial_state)
    if isinstance(model, RNN):
        x = ops.convert_to_tensor(x)
        if len(x.shape) == 3 and not model.built:
            model.build(x.shape)
    with _TakingDown() as taken, _unchanged(model):
        model(tree.map_structure(ops.convert_to_tensor, x), training=False, **keywords)
    if not taken.calls:
        raise ValueError(f"No recurrent layer of {model.name!r} was called on this input")
    return taken.calls


@contextlib.contextmanager
def _unchanged(model):
    """Gives back what a call changes: the states of stateful layers, and those of seeds."""
    layers = cells_within(model, RNN)
    held = [state for layer in layers for state in tree.flatten(layer.states or [])]
    weights = {id(weight) for weight in model.weights}
    held += [variable for variable in model.variables if id(variable) not in weights]
    values = [ops.convert_to_numpy(variable) for variable in held]
    try:
        yield
    finally:
        for variable, value in zip(held, values):
            variable.assign(value)


class _TakingDown(Runner):
    """Notes what recurrent layers are called with, and lets them run."""

    def __init__(self):
        self.calls = []

    def run(self, layer, sequences, states, mask):
        given = [name for call in self.calls for name in call.names]
        self.calls.append(_Call(layer, sequences, states, mask, names_of(layer, given)))
        return layer.run_loop(sequences, states, mask)


def names_of(layer, given):
    """A name for each cell of a layer, other than those that are given already."""
    cells = loops.leaves(layer.cell)
    names, given = [], list(given)
    for cell in cells:
        name = layer.name if len(cells) == 1 else f"{layer.name}/{cell.name}"
        count = 1 + sum(other.split(":")[0] == name for other in given)
        names.append(name if count == 1 else f"{name}:{count}")
        given.append(names[-1])
    return names


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

    def plan(self, units, times):
        """What is to be kept of this call."""
        return _Plan(self, units, times)


def _as_array(tensor, layer):
    try:
        return ops.convert_to_numpy(tensor)
    except Exception as error:
        raise ValueError(
            f"Layer {layer.name!r} is run inside a graph that the model makes itself, where its "
            "gates cannot be followed. Trace the layer itself, on its own input"
        ) from error


class _Steps(keras.Model):
    """Some steps of a cell; a model, because Keras compiles what it predicts, on any backend."""

    def __init__(self, cell):
        super().__init__(name="steps", autocast=False)
        self.cell = cell
        # The lengths differ, and for each of them XLA would compile anew.
        self.supports_jit = False

    def call(self, inputs):
        """Gates and states of all steps in one array `(batch, time, …)`, and the final states.

        Args:
            inputs: sequences `(batch, time, features)`, mask `(batch, time)`, and states.
        """
        sequences, mask, *states = inputs
        # The mask goes as one more feature: what is masked is known inside the step.
        mask = ops.cast(mask, sequences.dtype)[:, :, None]

        def step(inputs, states):
            m, x = inputs[:, -1:] > 0, inputs[:, :-1]
            found, new = one_step(self.cell, ops.where(m, x, ops.zeros_like(x)), states)
            new = [ops.where(m, ops.cast(a, b.dtype), b) for a, b in zip(new, states)]
            masked, kept = iter(new), []
            for gates, of_cell in found:
                kept += [*gates.values(), *(next(masked) for _ in of_cell)]
            return ops.concatenate(kept, axis=-1), new

        sequences = ops.concatenate([sequences, mask], axis=-1)
        _, kept, last = loops.iterate(self.cell, step, sequences, states, None, False, True)
        return kept, last


def one_step(cell, x, states):
    """For each cell of a stack its gates by name and its new states; all new states."""
    found = []

    def seen(inner, gates, new):
        batch = ops.shape(x)[0]
        # A gate that is the same for all rows or units is still one number for each.
        shown = {
            name: ops.broadcast_to(value, (batch, value.shape[-1])) for name, value in gates.items()
        }
        found.append((shown, list(new)))

    _, new = loops.step_of(cell, False, seen)(x, list(states))
    return found, list(new)


class _Plan:
    """Which arrays of a call are kept, and how large they are."""

    def __init__(self, call, units, times):
        self.call = call
        cell = call.layer.cell
        carried, _, _ = loops.carried_by(cell, list(map(ops.convert_to_tensor, call.states)))
        found, _ = one_step(cell, ops.convert_to_tensor(call.sequences[:, 0]), carried)
        self.cells, self.kept = loops.leaves(cell), []
        self.batch, self.time = call.mask.shape
        self.times = _chosen("times", times, self.time)
        initial = iter(carried)
        self.initial = [[next(initial) for _ in new] for _, new in found]
        for inner, (gates, new) in zip(self.cells, found):
            width = getattr(inner, "units", None)
            chosen = None if width is None else _chosen("units", units, width)
            self.kept.append(_Kept(inner, gates, new, width, chosen))

    def bytes(self, wanted):
        size = sum(k.bytes for name, k in zip(self.call.names, self.kept) if name in wanted)
        return self.batch * len(self.times) * size

    def run(self, wanted):
        """The traces of the cells that are wanted."""
        arrays = self._arrays()
        backwards = self.call.layer.go_backwards
        # Backwards the first step that runs is the last in time.
        order = slice(None, None, -1) if backwards else slice(None)
        mask = self.call.mask[:, order][:, self.times]
        for name, kept, initial in zip(self.call.names, self.kept, self.initial):
            of_cell = {key: next(arrays)[:, order] for key in kept.columns}
            if name not in wanted:
                continue
            gates = {k: _blank(of_cell["gate", k], mask) for k in kept.gates}
            states = {k: of_cell["state", k] for k in kept.states}
            start = {
                k: ops.convert_to_numpy(v)[:, kept.columns["state", k][1]]
                for k, v in zip(kept.states, initial)
            }
            traced = CellTrace(
                name=name,
                cell=type(kept.cell).__name__,
                direction="backward" if backwards else "forward",
                gates=gates,
                states=states,
                initial=start,
                kept={},
                mask=mask if self.call.masked else None,
                times=self.times,
                units=kept.units,
            )
            traced.kept = _kept_shares(kept.cell, traced, len(self.times) == self.time)
            yield traced

    def _arrays(self):
        """All arrays in order, in the order in which the steps run."""
        call, columns = self.call, [c for kept in self.kept for c in kept.columns.values()]
        steps, states = _Steps(call.layer.cell), call.states
        row = self.batch * sum(kept.all_bytes for kept in self.kept)
        size = max(1, min(self.time, CHUNK // max(row, 1)))
        last = self.time - 1
        places = last - self.times[::-1] if call.layer.go_backwards else self.times
        parts = [[] for _ in columns]
        edges = np.cumsum([entries for entries, _, _ in columns])[:-1]
        for start in range(0, self.time, size):
            here = slice(start, start + size)
            inputs = [call.sequences[:, here], call.mask[:, here], *states]
            values, states = steps.predict_on_batch(inputs)
            inside = places[(places >= start) & (places < start + size)] - start
            values = np.split(values[:, inside], edges, axis=-1)
            for part, value, (_, chosen, dtype) in zip(parts, values, columns):
                part.append(value[:, :, chosen].astype(dtype))
        return (np.concatenate(part, axis=1) for part in parts)


class _Kept:
    """Columns of the gates and states of one cell, in the order in which a step gives them."""

    def __init__(self, cell, gates, new, width, chosen):
        self.cell, self.gates = cell, list(gates)
        names = list(getattr(cell, "states", ()))
        self.states = names if len(names) == len(new) else [str(i) for i in range(len(new))]
        self.units = np.arange(new[0].shape[-1]) if chosen is None else chosen
        arrays = [(("gate", k), v) for k, v in gates.items()]
        arrays += [(("state", k), v) for k, v in zip(self.states, new)]
        # For each array its entries at a step, those to keep, and its dtype.
        self.columns = {}
        self.bytes = self.all_bytes = 0
        for key, value in arrays:
            entries = value.shape[-1]
            whole = chosen is None or entries != width
            columns = np.arange(entries) if whole else chosen
            dtype = ops.convert_to_numpy(value).dtype
            self.columns[key] = entries, columns, dtype
            self.bytes += dtype.itemsize * len(columns)
            self.all_bytes += dtype.itemsize * entries


def _chosen(argument, which, count):
    """Indices as an array, in rising order."""
    if which is None:
        return np.arange(count)
    places = np.arange(count)[which] if isinstance(which, slice) else np.atleast_1d(which)
    whole = np.issubdtype(places.dtype, np.integer)
    if not (
        places.ndim == 1
        and places.size
        and whole
        and (-count <= places).all()
        and (places < count).all()
    ):
        raise ValueError(
            f"Argument `{argument}` must be a slice or a list of indices below {count}, at least "
            f"one. Received: {which!r}"
        )
    return np.unique(places % count)


def _kept_shares(cell, traced, is_whole):
    """How much of each state goes straight into the next, where the cell has such a way."""
    try:
        found = Equations(cell)
    except ValueError:
        # A step that cannot be read, or a cell without gates: nothing is known of it.
        return {}
    shares = {}
    known = {id(node): traced.gates[name] for name, node in found.gates.items()}
    if is_whole:
        before = traced.before()
        known |= {id(node): before[name] for name, node in found.inputs.items()}
    for name, state in traced.states.items():
        path = direct_path(found, name)
        share = None if path is None else evaluate(path, known)
        if share is not None:
            shares[name] = _blank(np.broadcast_to(share, state.shape), traced.live)
    return shares


def _blank(values, mask):
    """NaN where a step is masked: a gate that decides nothing has no value."""
    return np.where(mask[:, :, None], values, np.nan) if not mask.all() else values
