"""Wiring diagrams of cells: what stands in them, where, and how the wires run."""

from kerasgates.wiring.parts import Wiring as Wiring
from kerasgates.wiring.wires import Layout as Layout
