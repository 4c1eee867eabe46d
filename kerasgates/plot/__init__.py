"""Pictures of traces, gradients and timings. Needs matplotlib: pip install "kerasgates[plot]".

Every function draws on the axes that it is given, or on new ones, and returns them:

    axes = kg.plot.gates(kg.trace(model, x), "f", tokens=words)
    axes.figure.savefig("forget.png")
"""

from kerasgates.plot.diagram import cell as cell
from kerasgates.plot.in_time import unrolled as unrolled
from kerasgates.plot.timings import speed as speed
from kerasgates.plot.traces import gates as gates
from kerasgates.plot.traces import gradient_flow as gradient_flow
from kerasgates.plot.traces import memory as memory
from kerasgates.plot.traces import regimes as regimes
