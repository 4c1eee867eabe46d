"""Layers: `RNN`, and the layer of each cell, which is made from its class."""

from kerasgates import cells  # noqa: F401  (registers the cells that layers are made of)
from kerasgates.core.cell import CELLS
from kerasgates.layers.factory import layer_of
from kerasgates.layers.rnn import RNN


def _publish():
    """Make the layers of all cells names of this module; yields the names."""
    for cell_class in CELLS.values():
        layer = layer_of(cell_class)
        globals()[layer.__name__] = layer
        yield layer.__name__


__all__ = ["RNN", "layer_of", *_publish()]
