"""Replay of the steps of a cell, some at a time, to record its gates and states."""

import contextlib
import logging

import keras
import numpy as np
from keras import ops

from kerasgates import loops
from kerasgates.core.wrapper import title
from kerasgates.formulas.direct_path import UNKNOWN, direct_path, evaluate
from kerasgates.formulas.nodes import all_of
from kerasgates.formulas.printing import expression
from kerasgates.formulas.symbolic import Equations
from kerasgates.insight import obstacles, regimes
from kerasgates.insight.cell_trace import CellTrace
from kerasgates.insight.opened import opened_gates
from kerasgates.insight.ranges import gates_of, interval, is_share
from kerasgates.insight.roles import roles_or_obstacle

#: Bytes of the values recorded of the steps that run together.
CHUNK = 64 << 20


class PerCellCache:
    """Cache, by cell, of compiled steps, equations, bounded gates and roles of gates."""

    def __init__(self):
        self._steps, self._equations, self._bounded, self._roles = {}, {}, {}, {}

    def steps(self, cell):
        """Its `Steps`, which Keras compiles."""
        if id(cell) not in self._steps:
            self._steps[id(cell)] = Steps(cell)
        return self._steps[id(cell)]

    def equations(self, cell):
        """Its `Equations`, or None: a step that cannot be read, or a cell without gates."""
        if id(cell) not in self._equations:
            equations = None
            # A cell that changes `call` is not what its `step` says.
            if loops.is_gated(cell):
                with contextlib.suppress(ValueError):
                    equations = Equations(cell)
            self._equations[id(cell)] = cell, equations
        return self._equations[id(cell)][1]

    def bounded(self, cell):
        """Names of its gates that are between 0 and 1, whatever it reads."""
        if id(cell) not in self._bounded:
            equations = self.equations(cell)
            names = (
                _bounded_by_trial(cell)
                if equations is None
                else gates_of(equations, equations.cell)
            )
            self._bounded[id(cell)] = cell, names
        return self._bounded[id(cell)][1]

    def roles(self, cell, traced):
        """`CellTrace.roles` and `CellTrace.role_texts`, from its gates; and why there are none."""
        equations = self.equations(cell)
        if id(cell) not in self._roles:
            read = (None, obstacles.NOT_READ) if equations is None else roles_or_obstacle(equations)
            self._roles[id(cell)] = cell, *read
        _, roles, obstacle = self._roles[id(cell)]
        if roles is None:
            return {}, {}, obstacle
        arrays, texts = _shares_of_roles(roles, equations, traced)
        return arrays, texts, "" if arrays else "its gates are of other entries than its memory"


def _bounded_by_trial(cell, rows=64):
    """Names of the gates that stay between 0 and 1 on random inputs of a large range.

    For a step that cannot be read as equations.
    """
    if not loops.is_gated(cell):
        return []
    opened, is_plain = opened_gates(cell)
    if opened and not is_plain:
        # What a function that it hands to an operation does, few inputs need not show.
        return [name for name, node in opened.items() if is_share(interval(node, cell))]
    rng = np.random.default_rng(0)
    x = ops.convert_to_tensor(rng.normal(scale=30, size=(rows, cell.features)), cell.compute_dtype)
    states = [rng.normal(scale=3, size=(rows, size)) for size in cell.state_sizes]
    states = [ops.convert_to_tensor(state, cell.variable_dtype) for state in states]
    ((gates, _),), _ = one_step(cell, x, states)
    arrays = {name: ops.convert_to_numpy(value) for name, value in gates.items()}
    return [name for name, values in arrays.items() if ((values >= 0) & (values <= 1)).all()]


class Steps(keras.Model):
    """Model of some steps of a cell: Keras compiles what a model predicts, on any backend."""

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
            cells, new = one_step(self.cell, ops.where(m, x, ops.zeros_like(x)), states)
            new = [ops.where(m, ops.cast(a, b.dtype), b) for a, b in zip(new, states)]
            masked, columns = iter(new), []
            for gates, of_cell in cells:
                columns += [*gates.values(), *(next(masked) for _ in of_cell)]
            return ops.concatenate(columns, axis=-1), new

        sequences = ops.concatenate([sequences, mask], axis=-1)
        _, columns, last = loops.iterate(loops.Run(self.cell, sequences, states), step)
        return columns, last


def one_step(cell, x, states):
    """Run one step: gates by name and new states of each cell of a stack; all new states."""
    cells = []

    def seen(inner, gates, new):
        batch = ops.shape(x)[0]
        by_name = {name: _of_every_row(inner, name, v, batch) for name, v in gates.items()}
        cells.append((by_name, list(new)))

    _, new = loops.step_of(cell, False, seen)(x, list(states))
    return cells, list(new)


def _of_every_row(cell, name, value, batch):
    """A gate broadcast to `(batch, units)`."""
    value = ops.convert_to_tensor(value, dtype=None if hasattr(value, "dtype") else "float32")
    if len(value.shape) > 2:
        raise ValueError(
            f"{type(cell).__name__}.step must return gate values of shape (batch, units). "
            f"Received: {name!r} of shape {tuple(value.shape)}"
        )
    width = value.shape[-1] if len(value.shape) else 1
    return ops.broadcast_to(value, (batch, cell.units if width == 1 else width))


class Selection:
    """Selection of a call's arrays to keep: steps, units and sizes."""

    def __init__(self, call, units, times, made):
        self.call, self.made = call, made
        cell = call.layer.cell
        carried, _, _ = loops.carried_by(cell, list(map(ops.convert_to_tensor, call.states)))
        step_values, _ = one_step(cell, ops.convert_to_tensor(call.sequences[:, 0]), carried)
        self.cells, self.kept = loops.leaves(cell), []
        self.batch, self.time = call.mask.shape
        self.times = _indices("times", times, self.time)
        initial = iter(carried)
        self.initial = [[next(initial) for _ in new] for _, new in step_values]
        for inner, (gates, new) in zip(self.cells, step_values):
            width = getattr(inner, "units", None)
            chosen = None if width is None else _indices("units", units, width)
            self.kept.append(_CellColumns(inner, gates, new, width, chosen))

    def bytes(self, names):
        size = sum(k.bytes for name, k in zip(self.call.names, self.kept) if name in names)
        return self.batch * len(self.times) * size

    def run(self, names):
        """Generate the `CellTrace` of each wanted cell."""
        arrays = self._arrays()
        backwards = self.call.layer.go_backwards
        # Backwards the first step that runs is the last in time.
        order = slice(None, None, -1) if backwards else slice(None)
        mask = self.call.mask[:, order][:, self.times]
        for name, layout, initial in zip(self.call.names, self.kept, self.initial):
            of_cell = {key: next(arrays)[:, order] for key in layout.columns}
            if name not in names:
                continue
            gates = {k: _nan_where_masked(of_cell["gate", k], mask) for k in layout.gates}
            states = {k: of_cell["state", k] for k in layout.states}
            start = {
                k: ops.convert_to_numpy(v)[:, layout.columns["state", k][1]]
                for k, v in zip(layout.states, initial)
            }
            traced = CellTrace(
                name=name,
                cell=title(layout.cell),
                direction="backward" if backwards else "forward",
                gates=gates,
                states=states,
                initial=start,
                kept={},
                mask=mask if self.call.masked else None,
                times=self.times,
                units=layout.units,
                whole=layout.whole,
                bounded=[name for name in self.made.bounded(layout.cell) if name in gates],
            )
            equations = self.made.equations(layout.cell)
            traced.kept, reasons = _kept_shares(equations, traced, len(self.times) == self.time)
            traced.roles, traced.role_texts, obstacle = self.made.roles(layout.cell, traced)
            traced.obstacles = {**reasons, **({"regimes": obstacle} if obstacle else {})}
            yield traced

    def _arrays(self):
        """Recorded arrays of all cells, with time in the order in which the steps run."""
        call, columns = self.call, [c for cell in self.kept for c in cell.columns.values()]
        steps, states = self.made.steps(call.layer.cell), call.states
        row = self.batch * sum(cell.all_bytes for cell in self.kept)
        size = max(1, min(self.time, CHUNK // max(row, 1)))
        last = self.time - 1
        places = last - self.times[::-1] if call.layer.go_backwards else self.times
        parts = [[] for _ in columns]
        edges = np.cumsum([entries for entries, _, _ in columns])[:-1]
        for start in range(0, self.time, size):
            here = slice(start, start + size)
            inputs = [call.sequences[:, here], call.mask[:, here], *states]
            with no_word_of_tracing():
                values, states = steps.predict_on_batch(inputs)
            inside = places[(places >= start) & (places < start + size)] - start
            values = np.split(values[:, inside], edges, axis=-1)
            for part, value, (_, chosen, dtype) in zip(parts, values, columns):
                part.append(value[:, :, chosen].astype(dtype))
        return (np.concatenate(part, axis=1) for part in parts)


@contextlib.contextmanager
def no_word_of_tracing():
    """Context in which TensorFlow does not warn of functions that it traces again.

    It counts by the line of Keras's source, and takes the fifth model for the first one.
    """

    def other(record):
        return "retracing" not in record.getMessage()

    logger = logging.getLogger("tensorflow")
    logger.addFilter(other)
    try:
        yield
    finally:
        logger.removeFilter(other)


class _CellColumns:
    """Columns of the gates and states of one cell, in the order in which a step gives them."""

    def __init__(self, cell, gates, new, width, chosen):
        self.cell, self.gates = cell, list(gates)
        names = list(getattr(cell, "states", ()))
        self.states = names if len(names) == len(new) else [str(i) for i in range(len(new))]
        self.units = np.arange(new[0].shape[-1]) if chosen is None else chosen
        arrays = [(("gate", k), v) for k, v in gates.items()]
        arrays += [(("state", k), v) for k, v in zip(self.states, new)]
        # For each array its entries at a step, those to keep, and its dtype.
        self.columns, self.whole = {}, []
        self.bytes = self.all_bytes = 0
        for key, value in arrays:
            entries = value.shape[-1]
            whole = chosen is None or entries != width
            columns = np.arange(entries) if whole else chosen
            self.whole += [" ".join(key)] if whole else []
            dtype = ops.convert_to_numpy(value).dtype
            self.columns[key] = entries, columns, dtype
            self.bytes += dtype.itemsize * len(columns)
            self.all_bytes += dtype.itemsize * entries


def _indices(argument, which, count):
    """Indices, checked, as a sorted array."""
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


def _kept_shares(equations, traced, is_whole):
    """Share of each state kept in its next value, where the cell has a direct path for it.

    Returns:
        The shares by name; and, under "kept" and the name, why another state has none.
    """
    shares, reasons = {}, {}
    if equations is None:
        return shares, {f"kept {name}": obstacles.NOT_READ for name in traced.states}
    known = {id(node): traced.gates[name] for name, node in equations.gates.items()}
    if is_whole:
        old_states = traced.before()
        known |= {id(node): old_states[name] for name, node in equations.inputs.items()}
    for name, state in traced.states.items():
        path = direct_path(equations, name)
        if path is None:
            reasons[f"kept {name}"] = obstacles.of_the_path(equations, name)
            continue
        share = evaluate(path, known, equations.functions)
        share = _spread(share, state.shape, len(equations.cell.state_shapes.get(name, "1")))
        if share is not None:
            shares[name] = _nan_where_masked(share, traced.live)
            continue
        by_states = {id(node) for node in equations.inputs.values()} & {*map(id, all_of([path]))}
        late = by_states and not is_whole
        reasons[f"kept {name}"] = obstacles.NOT_ALL_TIMES if late else obstacles.NOT_COMPUTED
    return shares, reasons


def _spread(share, shape, axes):
    """A share in the shape of its state: one of each row, or of each matrix, stands for many.

    A matrix is scaled along its leading axes; shares of its columns are no numbers here.
    """
    if share is None or np.shape(share)[-1:] in ((), (1,), shape[-1:]):
        return None if share is None else np.broadcast_to(share, shape)
    several = axes > 1 and shape[-1] % share.shape[-1] == 0
    return np.repeat(share, shape[-1] // share.shape[-1], axis=-1) if several else None


def _shares_of_roles(roles, equations, traced):
    """Arrays of the `Roles` of a cell, and how they are made of gates; none where not known."""
    known = {id(node): traced.gates[name] for name, node in equations.gates.items()}
    known[id(UNKNOWN)] = np.nan
    nodes = {name: node for name, node in vars(roles).items() if node is not None}
    sizes = _sizes_of_gates([*nodes.values()], known, equations, traced)
    # A gate of an output behind a matrix is of other entries than those of the memory.
    if len(sizes) != 1:
        return {}, {}
    shares = {name: evaluate(node, known, equations.functions) for name, node in nodes.items()}
    if any(share is None for share in shares.values()):
        return {}, {}
    ((width, _),) = sizes
    shape = *traced.live.shape, width
    arrays = {
        name: _nan_where_masked(np.broadcast_to(share, shape), traced.live)
        for name, share in shares.items()
    }
    texts = {
        n: regimes.UNKNOWN if v is UNKNOWN else expression(v, equations) for n, v in nodes.items()
    }
    return arrays, texts


def _sizes_of_gates(nodes, known, equations, traced):
    """Numbers of entries in the trace of the gates in some nodes; whole ones told from chosen."""
    parts = nodes + [part for node in all_of(nodes, known) for part in node.of]
    used = {id(part) for part in parts}
    names = [name for name, node in equations.gates.items() if id(node) in used]
    return {(traced.gates[name].shape[-1], f"gate {name}" in traced.whole) for name in names}


def _nan_where_masked(values, mask):
    """Values with NaN at masked steps, where a gate decides nothing."""
    return np.where(mask[:, :, None], values, np.nan) if not mask.all() else values
