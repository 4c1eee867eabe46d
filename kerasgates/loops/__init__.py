"""Ways to run a cell over time. All compute the same function; one signature.

A loop is a function of a `Run`: the cell, `sequences` `(batch, time, features)`, the states as a
flat list, a mask and what is wanted. It runs the cell from the first step to the last, and gives
the last output, all outputs and the final states. What does not depend on how the loop is done
(direction, dropout masks, zeros for masked steps) is in `run`.
"""

from kerasgates.loops.associative import associative_loop
from kerasgates.loops.choosing import choose, decide
from kerasgates.loops.chunked import chunked_loop
from kerasgates.loops.compiling import COMPILING, compiled_loop, compiles, recomputed_loop
from kerasgates.loops.dense_loops import dense_loop
from kerasgates.loops.devices import has_gpu
from kerasgates.loops.plain import hoisted_loop, iterate, keras_loop
from kerasgates.loops.protocols import Loop, Run, Step
from kerasgates.loops.reasons import why
from kerasgates.loops.registry import LOOPS, register_loop
from kerasgates.loops.runs import run
from kerasgates.loops.stepping import carried_by, is_gated, leaves, step_of
from kerasgates.loops.traced.loop import traced_loop
from kerasgates.loops.vendor.loop import vendor_loop

__all__ = [
    "COMPILING",
    "LOOPS",
    "Loop",
    "Run",
    "Step",
    "associative_loop",
    "carried_by",
    "choose",
    "chunked_loop",
    "compiled_loop",
    "compiles",
    "decide",
    "dense_loop",
    "has_gpu",
    "hoisted_loop",
    "is_gated",
    "iterate",
    "keras_loop",
    "leaves",
    "recomputed_loop",
    "register_loop",
    "run",
    "step_of",
    "traced_loop",
    "vendor_loop",
    "why",
]
