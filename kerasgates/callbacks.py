"""Keras callbacks that look at gates while a model is trained."""

import importlib.util
import time
import warnings

import keras
import numpy as np
import tensorflow as tf
from keras import ops, tree

from kerasgates.trace import Tracer, unchanged

#: A gate is said to be stuck where so much of it is closed or open, a layer to be dying where
#: so many of its units never open, and a model to explode above such a gradient norm.
STUCK, DYING, EXPLODING = 0.95, 0.5, 1e3


class GateMonitor(keras.callbacks.Callback):
    """Logs what the gates of a model do on a fixed batch, at the end of epochs.

        monitor = kg.callbacks.GateMonitor(x[:32], y[:32])
        history = model.fit(x, y, callbacks=[monitor])
        history.history["lstm/f closed"]           # share of closed forget gates, by epoch

    For each recurrent layer and each of its gates that is between 0 and 1 the share of values
    below 0.1 ("closed") and above 0.9 ("open"), for each of its states the root mean square, and
    with `y` the norm of the gradient of the loss by all trainable weights ("gradient norm").
    A callback that comes later in the list, such as `keras.callbacks.TensorBoard`, sees all of
    it. Nothing of the model changes.

    It warns, once for each layer and kind of trouble, when a gate is stuck at its ends, when
    most units of a layer never open, and when gradients or states explode.

    Args:
        x: the batch that is looked at; as the model takes it.
        y: its target; None for no gradient norm. Needs the TensorFlow backend.
        share: how much of the time of training it may take. Epochs are left out (NaN in the
            history) where it would take more, but for the first, which also compiles.
        log_dir: folder for TensorBoard, for histograms of all gates and states, and all numbers;
            None for none.
    """

    def __init__(self, x, y=None, *, share=0.05, log_dir=None):
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
        self.x = tree.map_structure(ops.convert_to_tensor, x)
        self.y = None if y is None else tree.map_structure(ops.convert_to_tensor, y)
        self.share, self.log_dir = share, log_dir
        self._writer = None
        self._told = set()

    def set_model(self, model):
        super().set_model(model)
        self._tracer, self._gradients = Tracer(model), None

    def on_train_begin(self, logs=None):
        """Begin to count time."""
        self.spent, self._began, self._names = 0.0, time.perf_counter(), None

    def on_epoch_end(self, epoch, logs=None):
        """Look, unless that took too long already."""
        start = time.perf_counter()
        late = self._names is not None and self.spent > self.share * (start - self._began)
        found = dict.fromkeys(self._names, float("nan")) if late else self._look(epoch)
        self._names = [*found]
        if logs is not None:
            logs.update(found)
        self.spent += time.perf_counter() - start

    def on_train_end(self, logs=None):
        """Close the files of TensorBoard."""
        if self._writer is not None:
            self._writer.close()
            self._writer = None

    def _look(self, epoch):
        trace, found = self._tracer(self.x), {}
        for row in trace.saturation():
            name = f"{row['layer']}/{row['gate']}"
            found |= {f"{name} closed": row["closed"], f"{name} open": row["open"]}
            self._warn_of_gate(row, len(trace[row["layer"]].units))
        for cell in trace.values():
            for name, values in cell.states.items():
                size = float(np.sqrt(np.mean(np.square(values[cell.live].astype("float64")))))
                found[f"{cell.name}/{name} size"] = size
                if not np.isfinite(size):
                    self._warn(cell.name, "explodes", f"State {name} is not finite any more.")
        if self.y is not None:
            found["gradient norm"] = self._gradient_norm()
        if self.log_dir is not None:
            self._write(epoch, trace, found)
        return found

    def _warn_of_gate(self, row, units):
        ends = row["closed"] + row["open"]
        if ends > STUCK:
            self._warn(
                row["layer"],
                f"saturates in {row['gate']}",
                f"Gate {row['gate']} is closed or open at {ends:.0%} of all steps, where it has "
                "next to no gradient: it hardly learns any more.",
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
            warnings.warn(f"Layer {layer!r} {kind}. {text}", stacklevel=2)

    def _gradient_norm(self):
        model = self.model
        if self._gradients is None:

            @tf.function(autograph=False, reduce_retracing=True)
            def norm(x, y):
                with tf.GradientTape() as tape:
                    loss = model.compute_loss(x=x, y=y, y_pred=model(x, training=False))
                weights = [weight.value for weight in model.trainable_weights]
                found = tape.gradient(loss, weights)
                return tf.linalg.global_norm([g for g in found if g is not None])

            self._gradients = norm
        with unchanged(model):
            value = float(self._gradients(self.x, self.y))
        if not value < EXPLODING:
            self._warn(
                model.name,
                "explodes",
                f"The norm of its gradient is {value:.3g}: `clipnorm` of the optimiser helps.",
            )
        return value

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
