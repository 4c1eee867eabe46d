"""Wrappers: cells around a cell, such as `Zoneout(LSTMCell(32), 0.1)`."""

from kerasgates.core.wrapper import CellWrapper
from kerasgates.wrappers.clip import CellClip
from kerasgates.wrappers.drop_connect import DropConnect
from kerasgates.wrappers.highway import Highway
from kerasgates.wrappers.projection import Projection
from kerasgates.wrappers.residual import Residual
from kerasgates.wrappers.weight_norm import WeightNorm
from kerasgates.wrappers.zoneout import Zoneout

__all__ = [
    "CellClip",
    "CellWrapper",
    "DropConnect",
    "Highway",
    "Projection",
    "Residual",
    "WeightNorm",
    "Zoneout",
]
