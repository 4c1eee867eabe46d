"""Wiring diagrams of cells: what stands in them, where, and how the wires run.

`parts` reads the parts from the formulas, `placement` puts them in columns and rows, `routing`
leads the wires between them. `plot.diagram` draws the result. May import `formulas`.
"""

from kerasgates.plot.wiring.parts import Wiring as Wiring
from kerasgates.plot.wiring.routing import Layout as Layout
