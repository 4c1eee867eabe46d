"""Wiring diagrams of cells: their parts, the places of these, and the wires between them.

`parts` reads the parts from the formulas, `placement` puts them in columns and rows, `routing`
leads the wires between them. `plot.diagram` draws the result. May import `formulas`.
"""

from kerasgates.plot.wiring.parts import Wiring as Wiring
from kerasgates.plot.wiring.routing import Layout as Layout
