"""Gradient flow: norms of the gradients of a loss by the states of every step."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from keras import tree
from numpy.typing import ArrayLike

from kerasgates import loops
from kerasgates.core._keras import cells_within
from kerasgates.insight import summary
from kerasgates.insight.losses import loss_function, loss_values, misfit, reshape_target
from kerasgates.insight.norms import norm
from kerasgates.insight.probes import ProbeRunner
from kerasgates.insight.trace import Tracer, masks, preserve_state, tensors
from kerasgates.layers import RNN
from kerasgates.utils.tables import html_table
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
        aligned = self._aligned(state)
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

    def _repr_html_(self) -> str:
        return html_table(summary.ends(self), summary.NORMS)

    def _aligned(self, state):
        """The norms with the unmasked steps of each row moved to the end that runs last."""
        norms = self.norms[state]
        masked = np.isnan(norms)
        # A stable sort by whether a step is masked moves steps, and keeps their order.
        order = np.argsort(
            masked if self.direction == "backward" else ~masked, axis=1, kind="stable"
        )
        return np.take_along_axis(norms, order, axis=1)


class Flows(dict[str, CellFlow]):
    """`CellFlow` by the names of the cells.

        >>> [*kg.gradient_flow(model, x, y, "mse")]
        ['lstm']

    A notebook shows a row for each state.
    """

    def _repr_html_(self) -> str:
        return html_table(
            [row for flow in self.values() for row in summary.ends(flow)], summary.NORMS
        )


@dataclass
class FlowsWithLosses:
    """Result of `flows_with_losses`: gradients through each cell, and the loss of each row.

    Attributes:
        flows: `CellFlow` by name.
        losses: the loss of each row, `(batch,)`, its sum over steps; None where the loss gives
            but one number.
    """

    flows: Flows
    losses: np.ndarray | None


def gradient_flow(
    model: Model,
    x: Inputs,
    y: Inputs,
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
        x: its input, for a layer `(batch, time, features)`.
        y: its target; of the shape of the output for Keras's losses, but for those by labels. A
            last axis of one may be missing.
        loss: name of a Keras loss, or a function of target and output (all outputs, where there
            are several); by default that of the compiled model.
        mask: None or booleans `(batch, time)`, as in `kerasgates.trace`.

    Returns:
        A dict of `CellFlow` by the names of `kerasgates.trace`.

    Raises:
        ValueError: if there is no loss, the target does not fit, the backend is not TensorFlow,
            or as in `trace`.
    """
    return flows_with_losses(model, x, y, loss, mask).flows


def flows_with_losses(model, x, y, loss=None, mask=None):
    """`gradient_flow`, with the losses: a `FlowsWithLosses`; arguments and errors are the same."""
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

    Raises:
        ValueError: where a cell does other things than its `step` says.
    """

    def __init__(self, tracer, loss):
        self.model, self.loss = tracer.model, loss
        _check(self.model)
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
            with preserve_state(self.model):
                gradients, inputs, losses = self._gradients(
                    tensors(x), tensors(y), probes, masks(mask)
                )
        except tf.errors.InvalidArgumentError as error:
            raise misfit(error) from error
        flows = Flows()
        for name, cell in traced.items():
            handed_on = [gradients[name, state] for state in cell.states]
            whole = _total_gradients(self._last.cells[name], cell, inputs[name], handed_on)
            norms = {
                state: np.where(cell.live, norm(values, axis=-1), np.nan)
                for state, values in zip(cell.states, whole)
            }
            flows[name] = CellFlow(name, cell.cell, cell.direction, norms, cell.kept)
        return FlowsWithLosses(flows, None if losses is None else losses.numpy())

    def _record(self, x, y, probes, keywords):
        """Gradients by the probes, input sequences of each cell, and the loss of every row."""
        with tf.GradientTape() as tape:
            tape.watch(probes)
            # TensorFlow may make a graph more than once; each time begins anew.
            with ProbeRunner(probes) as runner:
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
        gradients = tape.gradient(total, probes, unconnected_gradients=zero)
        of_rows = values.shape.rank and values.shape[0] == tree.flatten(x)[0].shape[0]
        losses = tf.reduce_sum(tf.reshape(values, (values.shape[0], -1)), -1) if of_rows else None
        return gradients, runner.inputs, losses


def _total_gradients(cell, traced, inputs, handed_on):
    """Total gradients by the new states, those through the rest of the same step included.

    The probe of a state is added when its step is over: the output h' that the step makes of the
    memory c' does not see it.
    """

    def rows(value):
        return tf.reshape(value, (-1, value.shape[-1]))

    shape = inputs.shape[:2]
    with tf.GradientTape(persistent=True) as tape:
        old = [rows(tf.convert_to_tensor(v)) for v in traced.before().values()]
        tape.watch(old)
        _, new, _ = cell.step_projected(cell.project(rows(inputs)), cell.recurrent(), old)
    total = []
    for j, gradient in enumerate(handed_on):
        others = [k for k in range(len(new)) if new[k] is not new[j]]
        if any(new[j] is state for state in old):
            others = []
        through = [tape.gradient(new[k], new[j], rows(handed_on[k])) for k in others]
        whole = sum((g for g in through if g is not None), rows(gradient))
        total.append(tf.reshape(whole, (*shape, -1)).numpy())
    return total


def _check(model):
    """Raise where a cell is not computed by its `step` alone."""
    for layer in cells_within(model, RNN):
        for cell in loops.leaves(layer.cell):
            if not loops.is_gated(cell) or cell.output_state is None:
                raise ValueError(
                    "gradient_flow needs cells with `gates`, with the `call` of AbstractRNNCell, "
                    f"and whose output is a state. Received: {type(cell).__name__} in "
                    f"{layer.name!r}"
                )
