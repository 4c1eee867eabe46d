"""Every gated recurrent cell for Keras 3, written once, readable as its paper."""

from kerasgates import convert as convert
from kerasgates.cell import AbstractRNNCell as AbstractRNNCell
from kerasgates.cell import register as register
from kerasgates.cells import *  # noqa: F403
from kerasgates.layers import *  # noqa: F403

__version__ = "0.1.0"
