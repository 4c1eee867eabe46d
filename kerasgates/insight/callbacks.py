"""Keras callbacks that look at gates while a model is trained."""

from __future__ import annotations

import importlib.util
import time
import warnings
from collections.abc import Iterable
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from keras import tree

from kerasgates.core._keras import reason
from kerasgates.insight.batches import one_batch
from kerasgates.insight.gradient_flow import FlowTracer
from kerasgates.insight.norms import root_mean_square
from kerasgates.insight.replay import no_word_of_tracing
from kerasgates.insight.trace import Tracer, preserve_state, tensors
from kerasgates.utils.types import Inputs, PathLike

#: A gate has next to no gradient where it is as close as this to 0 or 1. Long memories are meant
#: to stand at 0.999, and their gates learn. A layer is said to saturate where so much of a gate
#: is there, and to be dying where so many of its units never leave zero.
END, STUCK, DYING = 1e-4, 0.95, 0.5
#: A gradient explodes that is not finite, grows so much on its way back through time
#: (`Carried.growth`), or has become so much larger than it was at first. How large it is alone is a
#: matter of the target's unit.
GROWTH = 1e3
#: A gradient vanishes that falls to so much of its largest on its way back (`Carried.reach`), and
#: that within so small a part of the steps; short sequences apart.
FADED, REACH, SHORT = 1e-3, 0.1, 20
#: Seconds that it may always take, so that the epochs of a short training are seen, too.
GRACE = 1.0


class GateMonitor(keras.callbacks.Callback):
    """Logs what the gates of a model do on a fixed batch, at the end of epochs.

        >>> monitor = kg.callbacks.GateMonitor(x, y)
        >>> model.compile(loss="mse")
        >>> history = model.fit(x, y, epochs=2, callbacks=[monitor], verbose=0).history
        >>> len(history["lstm/f closed"])           # share of closed forget gates, by epoch
        2

    For each recurrent layer and each of its gates that is between 0 and 1 the share of values
    below 0.1 ("closed") and above 0.9 ("open"), for each of its states the root mean square, and
    with `y` the norm of the gradient of the loss by all trainable weights ("gradient norm").
    A callback that comes later in the list, such as `keras.callbacks.TensorBoard`, sees all of
    it. Nothing of the model changes.

    It warns, once for each layer and kind of trouble, when a gate is so close to its ends that it
    hardly learns, when a gate of most units is always closed, and when states are not finite. With
    `y` it also warns when gradients explode, or vanish on their way back through time; that is
    seen in the loss of `fit`, so of a loss at every step only what explodes.

    What is measured there is what a layer carries, not what it gets: the norm of the gradient by
    all of its states together. It explodes where, over some stretch of steps, it becomes a
    thousand times what it was where the stretch begins and all that the outputs bring in on it.
    Where no step makes a gradient longer it cannot, whichever steps the loss or a later layer
    looks at. It vanishes where what comes through later steps falls below a thousandth of its
    largest within a tenth of the steps before the one at which the gradient enters.

    Args:
        x: the batch that is looked at, as the model takes it; or batches of inputs and targets,
            as a `tf.data.Dataset` or a `keras.utils.PyDataset`, of which it is the first.
        y: its target; None for no gradients. Needs the TensorFlow backend, and a model with a loss:
            one compiled without, for its own `train_step`, is warned of.
        share: how much of the time of training it may take, beside the first look, which
            compiles. Epochs are left out (NaN in the history) where it would take more, and more
            than a second in all.
        log_dir: folder for TensorBoard, for histograms of all gates and states, and all numbers;
            None for none.

    Raises:
        ValueError: if an argument does not fit.
        ImportError: if `log_dir` needs TensorBoard, and it is not installed.
    """

    def __init__(
        self,
        x: Inputs | Iterable[Any],
        y: Inputs | None = None,
        *,
        share: float = 0.05,
        log_dir: PathLike | None = None,
    ) -> None:
        super().__init__()
        if not 0 < share <= 1:
            raise ValueError(f"Argument `share` must be above 0 and at most 1. Received: {share!r}")
        if y is not None and keras.backend.backend() != "tensorflow":
            raise ValueError(
                "Argument `y`: gradient norms need the TensorFlow backend. Received: y with the "
                f"backend {keras.backend.backend()!r}"
            )
        if log_dir is not None and importlib.util.find_spec("tensorboard") is None:
            raise ImportError("`log_dir` needs TensorBoard: pip install tensorboard")
        x, y, weights = one_batch(x, y)
        if keras.backend.backend() != "tensorflow":
            y = None  # Other backends do without gradients.
        self.x, self.y = tensors(x), None if y is None else tensors(y)
        counts = {len(value) for value in tree.flatten([self.x, [] if y is None else self.y])}
        if len(counts) > 1:
            raise ValueError(
                "Arguments `x` and `y` of GateMonitor must have the same number of rows. Received: "
                f"arrays of {' and '.join(map(str, sorted(counts)))} rows"
            )
        self._weights = None if weights is None else tensors(weights)
        self.share, self.log_dir = share, log_dir
        self._writer = self._looked_at = None
        self._told: set[tuple[str, str]] = set()

    def set_model(self, model):
        super().set_model(model)
        if model is not self._looked_at:
            # What is compiled is kept when the same model is trained on.
            self._looked_at, self._tracer = model, Tracer(model)
            self._gradients = self._flow_tracer = self._names = self._first_norm = None
            self._has_loss = True

    def on_train_begin(self, logs=None):
        """Start the clock of the training time."""
        if not self._has_loss:
            # It may have been compiled anew, with one.
            self._has_loss, self._gradients, self._names = True, None, None
        self.spent, self._last, self._began = 0.0, 0.0, time.perf_counter()

    def on_epoch_end(self, epoch, logs=None):
        """Trace the batch and log, unless that would exceed the share of the training time."""
        start = time.perf_counter()
        allowed = max(GRACE, self.share * (start - self._began))
        first, late = self._names is None, self.spent + self._last > allowed
        measures = {} if late and not first else self._look(epoch)
        # The same names in every epoch, or the columns of the history were of different lengths.
        self._names = self._names or [*measures]
        if logs is not None:
            logs.update({name: measures.get(name, float("nan")) for name in self._names})
        took = time.perf_counter() - start
        if first:
            # Compiling, which comes once, is no time of training either.
            self._began += took
        elif measures:
            self.spent, self._last = self.spent + took, took

    def on_train_end(self, logs=None):
        """Close the files of TensorBoard."""
        if self._writer is not None:
            self._writer.close()
            self._writer = None

    def _look(self, epoch):
        trace, measures = self._tracer(self.x), {}
        with warnings.catch_warnings():
            # Values that are not finite are reported below, once.
            warnings.filterwarnings("ignore", message=".*numbers that are not finite")
            rows, at_ends = trace.saturation(), trace.saturation(END, 1 - END)
        for row, at_end in zip(rows, at_ends):
            name = f"{row['layer']}/{row['gate']}"
            measures |= {f"{name} closed": row["closed"], f"{name} open": row["open"]}
            self._warn_of_gate(at_end, len(trace[row["layer"]].units))
        for cell in trace.values():
            for name, values in cell.states.items():
                size = root_mean_square(values[cell.live])
                measures[f"{cell.name}/{name} size"] = size
                if cell.live.any() and not np.isfinite(size):
                    self._warn(cell.name, "explodes", f"State {name} is not finite any more.")
        if self.y is not None and self._has_loss:
            self._add_gradients(trace, measures)
        if self.log_dir is not None:
            self._write(epoch, trace, measures)
        return measures

    def _warn_of_gate(self, row, units):
        ends = row["closed"] + row["open"]
        if ends > STUCK:
            self._warn(
                row["layer"],
                f"saturates in {row['gate']}",
                f"Gate {row['gate']} is closed or open within {END:g} at {ends:.0%} of all steps, "
                "where it has next to no gradient: it hardly learns any more.",
            )
        if len(row["dead"]) > DYING * units:
            self._warn(
                row["layer"],
                f"dies in {row['gate']}",
                f"Gate {row['gate']} is always closed in {len(row['dead'])} of {units} units.",
            )

    def _warn(self, layer, kind, text):
        if (layer, kind) not in self._told:
            self._told.add((layer, kind))
            what = "Model" if layer == self.model.name else "Layer"
            warnings.warn(f"{what} {layer!r} {kind}. {text}", stacklevel=2)

    def _loss(self, y, y_pred):
        """The loss that `fit` minimises, on the batch."""
        weights = {} if self._weights is None else {"sample_weight": self._weights}
        return self.model.compute_loss(x=self.x, y=y, y_pred=y_pred, **weights)

    def _add_gradients(self, trace, measures):
        try:
            measures["gradient norm"] = self._gradient_norm()
        except ValueError as error:
            own = type(self.model).compute_loss is not keras.Model.compute_loss
            if own or getattr(self.model, "loss", None) is not None:
                raise
            # Training is not to end for it: a `train_step` may minimise what only it knows.
            self._has_loss = False
            self._warn(
                self.model.name,
                "is not watched for gradients",
                f"GateMonitor cannot compute its loss: {reason(error)} Compile the model with the "
                "loss that it is trained by, or give it a `compute_loss`; or leave out `y`.",
            )
            return
        self._look_back(trace)

    def _gradient_norm(self):
        model = self.model
        if self._gradients is None:

            @tf.function(autograph=False, reduce_retracing=True)
            def norm(x, y):
                with tf.GradientTape() as tape:
                    loss = self._loss(y, model(x, training=False))
                weights = [weight.value for weight in model.trainable_weights]
                return _global_norm(tape.gradient(loss, weights))

            self._gradients = norm
        with preserve_state(model), no_word_of_tracing():
            value = float(self._gradients(self.x, self.y))
        if self._first_norm is None:
            self._first_norm = value
        if not np.isfinite(value):
            self._warn(model.name, "explodes", "The norm of its gradient is not finite any more.")
        elif value > GROWTH * self._first_norm > 0:
            self._warn(
                model.name,
                "explodes",
                f"The norm of its gradient is {value:.3g}, and was {self._first_norm:.3g} at "
                "first: `clipnorm` of the optimiser helps.",
            )
        return value

    def _look_back(self, trace):
        """Warn of gradients that vanish or explode on their way back through time."""
        if self._flow_tracer is None:
            self._flow_tracer = FlowTracer(self._tracer, self._loss)
        if not self._flow_tracer:
            return
        try:
            with preserve_state(self.model):
                found = self._flow_tracer(trace, self.x, self.y)
        except ValueError as error:
            # Training is not to end for it.
            self._flow_tracer = False
            self._warn(self.model.name, "is not watched for gradients through time", reason(error))
            return
        for name, kind in found.left_out.items():
            self._warn(
                name,
                "is not watched for gradients through time",
                f"They are followed through cells with `gates`, and with the `call` of "
                f"AbstractRNNCell alone; {kind} is none.",
            )
        for name, carried in found.carried.items():
            if carried.is_finite:
                self._warn_of_flow(name, carried)

    def _warn_of_flow(self, name, carried):
        """Warn by the gradient that the states together carry, apart from what enters."""
        growth = carried.growth()
        reach, steps = carried.reach(FADED)
        if growth > GROWTH:
            self._warn(
                name,
                "explodes",
                f"The gradient by its state grows {growth:.3g}-fold on its way back through "
                f"{carried.steps} steps: `clipnorm` of the optimiser helps.",
            )
        elif steps >= SHORT and reach < REACH * steps:
            self._warn(
                name,
                "has vanishing gradients",
                f"The gradient by its state vanishes: of {steps} steps back from where it enters "
                f"it is below {FADED:g} of its largest after {reach}, and what was read before is "
                "hardly learned from. A higher bias of the gate that keeps (`unit_forget_bias`, "
                "`initial_update_bias`) helps.",
            )

    def _write(self, epoch, trace, found):
        if self._writer is None:
            self._writer = tf.summary.create_file_writer(str(self.log_dir))
        with self._writer.as_default(step=epoch):
            for name, value in found.items():
                tf.summary.scalar(name, value)
            for cell in trace.values():
                for _, name, values in cell.values():
                    tf.summary.histogram(f"{cell.name}/{name}", values[cell.live])
        self._writer.flush()


def _global_norm(gradients):
    """The norm of all gradients together, in double precision, scaled by the largest entry."""
    gradients = [tf.convert_to_tensor(g) for g in gradients if g is not None]
    gradients = [tf.cast(g, "float64") for g in gradients if g.shape.num_elements() != 0]
    if not gradients:
        return tf.zeros((), "float64")
    largest = tf.reduce_max([tf.reduce_max(tf.abs(g)) for g in gradients])
    scale = tf.where(largest > 0, largest, tf.ones_like(largest))
    return scale * tf.linalg.global_norm([g / scale for g in gradients])
