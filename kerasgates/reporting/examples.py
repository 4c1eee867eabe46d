"""Example sequences in a report: input, prediction, target and loss."""

import keras
import numpy as np
from keras import tree

from kerasgates.insight.trace import masks, preserve_state, tensors
from kerasgates.reporting.rounding import rounded


def predictions(model, x, mask):
    """The outputs of a model as arrays; nothing of it changes."""
    with preserve_state(model):
        outputs = model(tensors(x), training=False, **masks(mask))
    return [_as_array(output) for output in tree.flatten(outputs)]


def _as_array(value):
    value = keras.ops.convert_to_numpy(value)
    return value.astype("float32") if value.dtype.kind == "V" else value


class Examples:
    """Arrays of the batch: those by step, and those of a sequence as a whole.

    Args:
        inputs, predicted, targets: lists of arrays, batch first.
        losses: `(batch,)`, or None.
        live: booleans `(batch, time)` of the first layer: the steps that are not masked.
    """

    def __init__(self, inputs, predicted, targets, losses, live):
        self.live, self.losses = live, losses
        self.by_step, self.whole = [], []
        for kind, arrays in (("input", inputs), ("prediction", predicted), ("target", targets)):
            for number, values in enumerate(arrays):
                name = kind if len(arrays) == 1 else f"{kind} {number + 1}"
                # Labels of steps are by step if what they are compared with is.
                labels = kind == "target" and number < len(predicted)
                self._add(name, values, kind == "input" or (labels and predicted[number].ndim > 2))

    def _add(self, name, values, may_be_flat):
        batch, time = self.live.shape
        values = np.asarray(values)
        if values.dtype.kind not in "biuf" or values.ndim < 1 or len(values) != batch:
            return
        is_by_step = values.ndim > 2 or (values.ndim == 2 and may_be_flat)
        if is_by_step and values.shape[1] == time:
            self.by_step.append((name, values.reshape(batch, time, -1)))
        elif values.ndim < 3:
            self.whole.append((name, values.reshape(batch, -1)))

    def data(self, rows, times, some, matrix):
        """Data of the examples for the script of the page.

        Args:
            rows: which rows are drawn.
            times: which steps are drawn.
            some: function from a width to which entries are drawn.
            matrix: function from values `(time, entries)` and those entries to what is written.
        """
        arrays = []
        for name, values in self.by_step:
            entries = some(values.shape[-1])
            live_values = np.where(self.live[:, :, None], values, np.nan)
            matrices = [matrix(live_values[row], entries) for row in rows]
            arrays.append(
                {"name": name, "gate": False, "units": entries.tolist(), "values": matrices}
            )
        whole = []
        for name, values in self.whole:
            entries = some(values.shape[-1])
            numbers = [[rounded(v) for v in values[row, entries].tolist()] for row in rows]
            whole.append({"name": name, "entries": entries.tolist(), "values": numbers})
        losses = None
        if self.losses is not None:
            losses = [rounded(float(self.losses[row])) for row in rows]
        return {"arrays": arrays, "whole": whole, "losses": losses, "steps": list(times)}
