"""Ways to run a cell over time. All compute the same function; one signature.

A loop is a function of a `Run`: the cell, `sequences` `(batch, time, features)`, the states as a
flat list, a mask and what is wanted. It runs the cell from the first step to the last, and gives
the last output, all outputs and the final states. What does not depend on how the loop is done
(direction, dropout masks, zeros for masked steps) is in `run`.
"""

# Public are the names in `__all__`; the package and its tests find others here, too.
from kerasgates.loops.associative import associative_loop as associative_loop
from kerasgates.loops.choosing import choose, decide
from kerasgates.loops.chunked import chunked_loop as chunked_loop
from kerasgates.loops.compiling import COMPILING as COMPILING
from kerasgates.loops.compiling import compiled_loop as compiled_loop
from kerasgates.loops.compiling import compiles
from kerasgates.loops.compiling import recomputed_loop as recomputed_loop
from kerasgates.loops.dense_loops import dense_loop as dense_loop
from kerasgates.loops.devices import has_gpu as has_gpu
from kerasgates.loops.plain import hoisted_loop as hoisted_loop
from kerasgates.loops.plain import iterate as iterate
from kerasgates.loops.plain import keras_loop as keras_loop
from kerasgates.loops.protocols import Loop, Run
from kerasgates.loops.protocols import Step as Step
from kerasgates.loops.reasons import why
from kerasgates.loops.registry import LOOPS, register_loop
from kerasgates.loops.runs import run
from kerasgates.loops.stepping import carried_by as carried_by
from kerasgates.loops.stepping import is_gated as is_gated
from kerasgates.loops.stepping import leaves as leaves
from kerasgates.loops.stepping import step_of as step_of
from kerasgates.loops.traced.loop import traced_loop as traced_loop
from kerasgates.loops.vendor.loop import vendor_loop as vendor_loop

__all__ = [
    "LOOPS",
    "Loop",
    "Run",
    "choose",
    "compiles",
    "decide",
    "register_loop",
    "run",
    "why",
]
