"""Wrappers: cells around a cell, such as `Zoneout(LSTMCell(32), 0.1)`."""

from kerasgates.core.wrapper import CellWrapper
from kerasgates.wrappers.attention import Attention
from kerasgates.wrappers.clip import CellClip
from kerasgates.wrappers.dilated import Dilated
from kerasgates.wrappers.drop_connect import DropConnect
from kerasgates.wrappers.highway import Highway
from kerasgates.wrappers.layer_norm_gates import LayerNormGates
from kerasgates.wrappers.projection import Projection
from kerasgates.wrappers.residual import Residual
from kerasgates.wrappers.weight_norm import WeightNorm
from kerasgates.wrappers.zoneout import Zoneout

__all__ = [
    "Attention",
    "CellClip",
    "CellWrapper",
    "Dilated",
    "DropConnect",
    "Highway",
    "LayerNormGates",
    "Projection",
    "Residual",
    "WeightNorm",
    "Zoneout",
]
