"""Runners, which run recurrent layers in place of their own loops.

with Stream(states) as runner:      # any `Runner`
    model(x)                        # calls `runner.run` for every recurrent layer
"""

from __future__ import annotations

import contextlib
import contextvars
import threading
from typing import Any, Self

import keras
from keras import tree

from kerasgates.core._keras import cells_within

_RUNNER: contextvars.ContextVar[Runner | None] = contextvars.ContextVar("runner", default=None)
#: The runners of all threads.
_entered: list[Runner] = []

#: `inner_loop` of Keras's own layers; a class that overrides it runs its own.
_STOCK_LOOPS = {
    layer.inner_loop
    for layer in (
        keras.layers.RNN,
        keras.layers.LSTM,
        keras.layers.GRU,
        keras.layers.SimpleRNN,
    )
}
#: Layers are changed by one thread at a time.
_LOCK = threading.RLock()


class Runner:
    """Context manager that runs `kerasgates.RNN` layers in place of their own loops.

    Inside `with_stock_layers` it also runs Keras's own recurrent layers.
    """

    def __enter__(self) -> Self:
        self._token = _RUNNER.set(self)
        _entered.append(self)
        return self

    def __exit__(self, kind, *error):
        _entered.remove(self)
        _RUNNER.reset(self._token)

    def run(self, layer: keras.layers.RNN, sequences: Any, states: Any, mask: Any) -> Any:
        """Run a layer as `RNN.inner_loop` would: last output, outputs, states.

        Args:
            layer: a `kerasgates.RNN`, or a `keras.layers.RNN`.
            sequences: `(batch, time, features)`.
            states: initial states, nested as the `state_size` of its cell.
            mask: None or `(batch, time)`.
        """
        raise NotImplementedError


def current() -> Runner | None:
    """The active runner, or None."""
    # `torch.compile` does not read context variables; it reads the list, and traces anew when there
    # is a runner in any thread.
    return _RUNNER.get() if _entered else None


@contextlib.contextmanager
def with_stock_layers(model):
    """Context in which the active runner also runs Keras's own recurrent layers in a model.

    These are layers that could not be replaced, as another layer makes them for itself. Their
    sequences must be `(batch, time, features)` and their states `(batch, entries)`; others run
    their own loops. Only one thread at a time is inside.
    """
    with _LOCK:
        layers = [
            layer
            for layer in cells_within(model, keras.layers.RNN)
            if type(layer).inner_loop in _STOCK_LOOPS and "inner_loop" not in vars(layer)
        ]
        try:
            for layer in layers:
                layer.inner_loop = _asking_the_runner(layer)
            yield
        finally:
            for layer in layers:
                del layer.inner_loop


def _asking_the_runner(layer):
    """An `inner_loop` that asks the active runner; the layer's own where there is none."""

    def inner_loop(sequences, initial_state, mask, training=False):
        runner = current()
        ranks = {len(state.shape) for state in tree.flatten(initial_state)}
        if runner is None or len(sequences.shape) != 3 or ranks != {2}:
            return type(layer).inner_loop(layer, sequences, initial_state, mask, training)
        return runner.run(layer, sequences, initial_state, mask)

    return inner_loop
