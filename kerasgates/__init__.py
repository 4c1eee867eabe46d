"""Every gated recurrent cell for Keras 3, written once, readable as its paper."""

# ruff: noqa: F403, F405  all names come from `public`; a test compares `__all__` with it

import importlib

from kerasgates.utils import terminal

__version__ = "0.1.0"

__all__ = [
    "ESN",
    "GRU",
    "JANET",
    "LSTM",
    "NAS",
    "RNN",
    "UGRNN",
    "AbstractRNNCell",
    "CoupledLSTM",
    "CoupledLSTMCell",
    "ESNCell",
    "FullPeepholeLSTM",
    "FullPeepholeLSTMCell",
    "GRUCell",
    "GateTrace",
    "JANETCell",
    "LSTMCell",
    "LayerNormLSTM",
    "LayerNormLSTMCell",
    "LayerNormSimpleRNN",
    "LayerNormSimpleRNNCell",
    "NASCell",
    "NoOutputGateLSTM",
    "NoOutputGateLSTMCell",
    "OriginalLSTM",
    "OriginalLSTMCell",
    "PeepholeLSTM",
    "PeepholeLSTMCell",
    "ProjectedLSTM",
    "ProjectedLSTMCell",
    "ResetAfterGRU",
    "ResetAfterGRUCell",
    "SimpleRNN",
    "SimpleRNNCell",
    "UGRNNCell",
    "callbacks",
    "convert",
    "equations",
    "export",
    "get",
    "gradient_flow",
    "layer_of",
    "list_cells",
    "plot",
    "register",
    "report",
    "trace",
    "upgrade",
]

#: What loads TensorFlow or draws, imported when it is first asked for: name -> module, and the
#: name in it, or None for the module itself.
_LATER = {
    "callbacks": ("kerasgates.callbacks", None),
    "export": ("kerasgates.export", None),
    "gradient_flow": ("kerasgates.insight.gradient_flow", "gradient_flow"),
    "plot": ("kerasgates.plot", None),
    "report": ("kerasgates.reporting", "report"),
}

# Cells and layers are registered when the package is imported, so that `.keras` files find them.
# The command alone imports them itself, when it has read its arguments: `kerasgates --help` would
# wait for TensorFlow for seconds, whose log could no longer be kept from preceding the answer.
if not terminal.IS_COMMAND:
    from kerasgates.public import *


def import_all():
    """Do what importing the package does wherever it is not the command."""
    public = importlib.import_module("kerasgates.public")
    globals().update({name: getattr(public, name) for name in public.__all__})


def __getattr__(name):
    if name in _LATER:
        module, member = _LATER[name]
        found = importlib.import_module(module)
        return found if member is None else getattr(found, member)
    if terminal.IS_COMMAND and name in __all__:
        import_all()
        return globals()[name]
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__():
    return sorted({*__all__, *(name for name in globals() if name.startswith("__"))})
