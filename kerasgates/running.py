"""Who runs recurrent layers in place of their loop.

with Stream(states) as runner:      # any `Runner`
    model(x)                        # calls `runner.run` for every recurrent layer
"""

import contextvars

_RUNNER = contextvars.ContextVar("runner", default=None)


class Runner:
    """While it is entered, `kerasgates.RNN` layers are run by it."""

    def __enter__(self):
        self._token = _RUNNER.set(self)
        return self

    def __exit__(self, kind, *error):
        _RUNNER.reset(self._token)

    def run(self, layer, sequences, states, mask):
        """What `RNN.inner_loop` gives: last output, outputs, states.

        Args:
            layer: a `kerasgates.RNN`.
            sequences: `(batch, time, features)`.
            states: initial states, nested as the `state_size` of its cell.
            mask: None or `(batch, time)`.
        """
        raise NotImplementedError


def current():
    """The runner that is entered, or None."""
    return _RUNNER.get()
