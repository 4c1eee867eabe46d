"""Every gated recurrent cell for Keras 3, written once, readable as its paper."""

from kerasgates import convert as convert
from kerasgates.cell import AbstractRNNCell as AbstractRNNCell
from kerasgates.cell import register as register
from kerasgates.cells import *  # noqa: F403
from kerasgates.equations import equations as equations
from kerasgates.gate_trace import GateTrace as GateTrace
from kerasgates.layers import *  # noqa: F403
from kerasgates.trace import trace as trace
from kerasgates.upgrade import upgrade as upgrade

__version__ = "0.1.0"


def __getattr__(name):
    """What loads TensorFlow or draws, imported when it is first asked for."""
    import importlib

    if name in ("callbacks", "export", "plot"):
        return importlib.import_module(f"kerasgates.{name}")
    if name == "report":
        return importlib.import_module("kerasgates.reporting").report
    if name == "gradient_flow":
        return importlib.import_module("kerasgates.gradients").gradient_flow
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
