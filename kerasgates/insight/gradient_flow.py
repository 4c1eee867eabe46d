"""Gradient flow: norms of the gradients of a loss by the states of every step."""

from __future__ import annotations

import contextlib
import math
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from keras import tree
from numpy.typing import ArrayLike

from kerasgates.core.wrapper import lineage
from kerasgates.insight import summary
from kerasgates.insight.batches import one_batch
from kerasgates.insight.carried import Carried, at_the_step_before, from_last_step
from kerasgates.insight.losses import loss_function, loss_values, misfit, reshape_target
from kerasgates.insight.norms import norm
from kerasgates.insight.probes import ProbeRunner
from kerasgates.insight.replay import no_word_of_tracing
from kerasgates.insight.trace import Tracer, masks, preserve_state, tensors
from kerasgates.utils.tables import html_table, table
from kerasgates.utils.types import Inputs, Model


@dataclass
class CellFlow:
    """Gradients through one cell of a recurrent layer, in one direction.

        >>> flow = kg.gradient_flow(model, x, y, "mse")["lstm"]
        >>> flow.norms["c"].shape, flow.mean("c").shape
        ((4, 5), (5,))

    Attributes:
        name, cell, direction: as in `kerasgates.trace`.
        norms: for each state by name ‖∂loss/∂s_t‖ over the units, `(batch, time)`, in double
            precision, of the loss of one row: its sum over steps and outputs, where the loss has
            several; NaN at masked steps.
        direct: for each state that has a direct way into its next value ∂s_t/∂s_{t−1} along it,
            all gates held fixed, `(batch, time, units)`: 1 for the memory of the LSTM without a
            forget gate, f with one, z for the state of the GRU; NaN at masked steps.
    """

    name: str
    cell: str
    direction: str
    norms: dict[str, np.ndarray]
    direct: dict[str, np.ndarray]

    def mean(self, state: str) -> np.ndarray:
        """The mean of a state's norms over the batch, counted back from each row's last step.

        Rows of different lengths end at different steps, and a mean over the steps as they are
        would jump wherever a row ends. So the rows are put together at their ends: the last entry
        is the mean at the last step that runs of each row, the one before at the step before, and
        so on over the rows that are that long. Masked steps do not count. Of a layer that runs
        backwards, whose last step is the first in time, the first entry is that of all rows.

        Args:
            state: its name, such as "c".

        Returns:
            An array `(time,)`, NaN where no row is that long.
        """
        aligned = from_last_step(self.norms[state], self.direction == "backward")
        if self.direction != "backward":
            aligned = aligned[:, ::-1]
        counts = (~np.isnan(aligned)).sum(axis=0)
        mean = np.full(len(counts), np.nan)
        return np.divide(np.nansum(aligned, axis=0), counts, out=mean, where=counts > 0)

    def has_gaps(self, state: str) -> bool:
        """Whether some steps are masked, so that `mean` counts from the rows' ends.

        Args:
            state: its name, such as "c".

        Returns:
            True or False.
        """
        return bool(np.isnan(self.norms[state]).any())

    def __repr__(self) -> str:
        return "\n".join([summary.NORMS, *table(summary.ends(self))])

    def _repr_html_(self) -> str:
        return html_table(summary.ends(self), summary.NORMS)


class Flows(dict[str, CellFlow]):
    """`CellFlow` by the names of the cells.

        >>> [*kg.gradient_flow(model, x, y, "mse")]
        ['lstm']

    Printed, or shown by a notebook, it has a row for each state.
    """

    def __repr__(self) -> str:
        rows = self._rows()
        return "\n".join([summary.NORMS, *table(rows)]) if rows else "no gradients"

    def _repr_html_(self) -> str:
        return html_table(self._rows(), summary.NORMS)

    def _rows(self):
        return [row for flow in self.values() for row in summary.ends(flow)]


@dataclass
class FlowsWithLosses:
    """Result of `flows_with_losses`: gradients through each cell, and the loss of each row.

    Attributes:
        flows: `CellFlow` by name.
        losses: the loss of each row, `(batch,)`, its sum over steps; None where the loss gives
            but one number.
        carried: `Carried` by name.
        left_out: names of the classes of the cells that have no gradients by states, by name.
    """

    flows: Flows
    losses: np.ndarray | None
    carried: dict[str, Carried]
    left_out: dict[str, str]

    @property
    def why_left_out(self) -> str:
        """Why some cells are left out, in a sentence; empty where none is."""
        if not self.left_out:
            return ""
        received = ", ".join(f"{kind} in {name!r}" for name, kind in self.left_out.items())
        return (
            "gradient_flow needs cells with `gates`, and with the `call` of AbstractRNNCell. "
            f"Received: {received}"
        )


def gradient_flow(
    model: Model,
    x: Inputs,
    y: Inputs | None = None,
    loss: str | keras.losses.Loss | Callable[..., Any] | None = None,
    mask: ArrayLike | None = None,
) -> Flows:
    """Norms of the gradients of a loss by the states of every step.

    The gradient by s_t is the whole derivative, through all later steps. Where it shrinks
    towards the first steps the network cannot learn from them. The loss is that of one row: where
    there is a loss at every step, as with `return_sequences=True`, it is their sum, so that the
    norms do not shrink with the number of rows or steps.

        >>> flow = kg.gradient_flow(model, x, y, loss="mse")
        >>> flow["lstm"].mean("c").shape        # over the batch: one number for each step
        (5,)

    Args:
        model: a Keras model or a recurrent layer; as in `kerasgates.trace`.
        x: its input, for a layer `(batch, time, features)`. Of batches with targets, as in a
            `tf.data.Dataset`, the first is taken.
        y: its target; of the shape of the output for Keras's losses, but for those by labels. A
            last axis of one may be missing. None where `x` holds batches.
        loss: name of a Keras loss, or a function of target and output (all outputs, where there
            are several), or a loss for each output as `compile` takes them; by default that of the
            compiled model, with its `loss_weights`.
        mask: None or booleans `(batch, time)`, as in `kerasgates.trace`.

    Returns:
        A dict of `CellFlow` by the names of `kerasgates.trace`.

    Raises:
        ValueError: if there is no loss, the target does not fit, the backend is not TensorFlow,
            no cell is computed by its `step` alone, or as in `trace`.

    Warns:
        UserWarning: of cells that are left out, since their `call` is their own, or they have no
            `gates`.
    """
    x, y, _ = one_batch(x, y)
    if y is None:
        raise ValueError("Argument `y` must be the target of `x`. Received: y=None")
    found = flows_with_losses(model, x, y, loss, mask)
    if not found.flows:
        raise ValueError(found.why_left_out)
    if found.left_out:
        warnings.warn(f"{found.why_left_out}: left out.", stacklevel=2)
    return found.flows


def flows_with_losses(model, x, y, loss=None, mask=None):
    """`gradient_flow`, with the losses: a `FlowsWithLosses`, of the same arguments.

    Errors are the same, but cells that are left out are named in it, even where they are all.
    """
    if keras.backend.backend() != "tensorflow":
        raise ValueError(
            f"gradient_flow needs the TensorFlow backend. Received: {keras.backend.backend()!r}"
        )
    tracer = Tracer(model)
    tracer.prepare(x)
    flow_tracer = FlowTracer(tracer, loss_function(model, loss))
    return flow_tracer(tracer(x, mask, max_bytes=math.inf), x, y, mask)


class FlowTracer:
    """Gradient flow of one model, repeated as its weights change; keeps what is compiled.

    Args:
        tracer: the `Tracer` of the model, prepared.
        loss: a function of target and output that gives a loss for every row at least.
    """

    def __init__(self, tracer, loss):
        self.model, self.loss = tracer.model, loss
        self._last = None
        self._gradients = tf.function(self._record, autograph=False)

    def __call__(self, traced, x, y, mask=None):
        """The `FlowsWithLosses` of an input, given the trace of all cells on the same input."""
        probes = {
            (cell.name, state): tf.zeros_like(values)
            for cell in traced.values()
            for state, values in cell.states.items()
        }
        try:
            with preserve_state(self.model), no_word_of_tracing():
                gradients, by_outputs, inputs, losses = self._gradients(
                    tensors(x), tensors(y), probes, masks(mask)
                )
        except tf.errors.InvalidArgumentError as error:
            raise misfit(error) from error
        flows, carried = Flows(), {}
        for name, shown in by_outputs.items():
            cell, own = traced[name], self._last.cells[name]
            handed_on = [gradients[name, state] for state in cell.states]
            whole, through = _gradients_of_step(own, cell, inputs[name], handed_on, shown)
            norms = {state: _norms(cell, values) for state, values in zip(cell.states, whole)}
            flows[name] = CellFlow(name, cell.cell, cell.direction, norms, cell.kept)
            carried[name] = _carried(own, cell, handed_on, shown, through)
        losses = None if losses is None else losses.numpy()
        left_out = {name: type(own).__name__ for name, own in self._last.left_out.items()}
        return FlowsWithLosses(flows, losses, carried, left_out)

    def _record(self, x, y, probes, keywords):
        """Gradients by the probes, input sequences of each cell, and the loss of every row."""
        with tf.GradientTape() as tape:
            tape.watch(probes)
            # TensorFlow may make a graph more than once; each time begins anew.
            with ProbeRunner(probes, tape.watch) as runner:
                outputs = self.model(x, training=False, **keywords)
            self._last = runner
            target = reshape_target(self.loss, y, outputs)
            # Summed, so that a row does not count less because there are others.
            try:
                values = loss_values(self.loss, target, outputs)
            except (ValueError, TypeError) as error:
                raise misfit(error) from error
            total = tf.reduce_sum(values)
        zero = tf.UnconnectedGradients.ZERO
        sources = probes, runner.outputs
        gradients, by_outputs = tape.gradient(total, sources, unconnected_gradients=zero)
        of_rows = values.shape.rank and values.shape[0] == tree.flatten(x)[0].shape[0]
        losses = tf.reduce_sum(tf.reshape(values, (values.shape[0], -1)), -1) if of_rows else None
        return gradients, by_outputs, runner.inputs, losses


def _norms(traced, values):
    """Norms over the last axis, NaN at masked steps."""
    return np.where(traced.live, norm(values, axis=-1), np.nan)


def _gradients_of_step(cell, traced, inputs, handed_on, shown):
    """Gradients through the rest of the same step.

    The probe of a state is added when its step is over: the output h' that the step makes of the
    memory c' does not see it, nor does an output that is no state.

    Args:
        cell: the cell.
        traced: its `CellTrace`.
        inputs: its input sequences.
        handed_on: gradients by the probes of the states.
        shown: gradient by the probe of the output.

    Returns:
        Total gradients by the new states, arrays `(batch, time, entries)`; and the gradients by the
        old states of what an output that is no state shows, `(batch, time, entries of all)`, or
        None.
    """
    shape = inputs.shape[:2]
    with tf.GradientTape(persistent=True) as tape, _noting_shapes(cell) as shaped:
        old = [_rows(tf.convert_to_tensor(v)) for v in traced.before().values()]
        tape.watch(old)
        projected = cell.project(_rows(inputs))
        output, new, _ = cell.step_projected(projected, cell.recurrent(), old)
    # A state that is handed on as it was is not made in this step.
    made = [not any(value is state for state in old) for value in new]
    new = [shaped.get(id(value), (value, value))[1] for value in new]
    handed_on = [tf.reshape(_rows(g), tf.shape(value)) for g, value in zip(handed_on, new)]
    # What else is made of a state within the step; of states and outputs their gradients.
    others = list(zip(new, handed_on))
    if cell.output_state is None:
        others.append((output, tf.cast(_rows(shown), output.dtype)))
    total = []
    for value, whole, here in zip(new, handed_on, made):
        for other, gradient in others if here else ():
            through = None if other is value else tape.gradient(other, value, gradient)
            whole = whole if through is None else whole + through
        total.append(tf.reshape(whole, (*shape, -1)).numpy())
    if cell.output_state is not None:
        return total, None
    zero = tf.UnconnectedGradients.ZERO
    through = tape.gradient(output, old, others[-1][1], unconnected_gradients=zero)
    return total, np.concatenate([tf.reshape(g, (*shape, -1)).numpy() for g in through], axis=-1)


def _rows(value):
    return tf.reshape(value, (-1, value.shape[-1]))


@contextlib.contextmanager
def _noting_shapes(cell):
    """Context that notes the matrices of a step: what is made of them is not made of their rows.

    Yields:
        Dict by `id` of each state in rows, of it and of the state in the shape in which it is made.
    """
    shaped, cells = {}, lineage(cell)

    def noting(in_rows):
        def noted(states):
            rows = in_rows(states)
            pairs = [(row, state) for row, state in zip(rows, states) if row is not state]
            shaped.update({id(row): (row, state) for row, state in pairs})
            return rows

        return noted

    for one in cells:
        vars(one)["in_rows"] = noting(one.in_rows)
    try:
        yield shaped
    finally:
        for one in cells:
            del vars(one)["in_rows"]


def _carried(cell, traced, handed_on, shown, through):
    """The `Carried` of a cell; arguments as in `_gradients_of_step`, `through` what it gave."""
    backwards = traced.direction == "backward"
    handed_on = [np.asarray(gradient, "float64") for gradient in handed_on]
    later = list(handed_on)
    if cell.output_state is not None:
        later[cell.output_state] = later[cell.output_state] - np.asarray(shown, "float64")
        through = np.asarray(shown)
    together = [np.concatenate(handed_on, axis=-1), through, np.concatenate(later, axis=-1)]
    whole, entering, later = (from_last_step(_norms(traced, v), backwards) for v in together)
    if cell.output_state is None:
        entering = at_the_step_before(entering)
    return Carried(whole, entering, later)
