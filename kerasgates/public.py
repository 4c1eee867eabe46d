"""The public names that `import kerasgates` brings at once, which registers cells and layers."""

from kerasgates import cells, convert, layers, loops, wrappers
from kerasgates.cells import *  # noqa: F403
from kerasgates.core.cell import AbstractRNNCell, register
from kerasgates.core.initializers import Chrono, UniformGates
from kerasgates.core.lookup import get, list_cells
from kerasgates.formulas.linearity import linearity
from kerasgates.formulas.printing import equations
from kerasgates.insight.gate_trace import GateTrace
from kerasgates.insight.trace import trace
from kerasgates.interop.upgrade import upgrade
from kerasgates.layers import *  # noqa: F403
from kerasgates.wrappers import *  # noqa: F403

__all__ = [
    "AbstractRNNCell",
    "Chrono",
    "GateTrace",
    "UniformGates",
    "convert",
    "equations",
    "get",
    "linearity",
    "list_cells",
    "loops",
    "register",
    "trace",
    "upgrade",
]
__all__ += [*cells.__all__, *layers.__all__, *wrappers.__all__]
