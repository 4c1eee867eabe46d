"""The decision of `loop="auto"`: which loop runs a cell for sequences of a shape."""

from collections.abc import Sequence
from numbers import Integral
from typing import Any

import keras

from kerasgates.core._keras import is_exporting
from kerasgates.loops.compiling import Compiled
from kerasgates.loops.dense_loops import dense_loop, in_graph
from kerasgates.loops.devices import has_gpu, has_tpu
from kerasgates.loops.plain import keras_loop
from kerasgates.loops.protocols import Loop
from kerasgates.loops.registry import LOOPS
from kerasgates.loops.scanning import Scanned
from kerasgates.loops.stepping import is_gated, leaves
from kerasgates.loops.vendor.loop import runs_anything, vendor_loop, vendor_or, vendor_or_traced

#: Above this many bytes of products of a layer, `"auto"` recomputes them in the backward pass.
KEPT_BYTES = 512 << 20
#: From this many steps on, `"auto"` compiles eager calls.
EAGER_STEPS = 32
#: Steps for which `"auto"` runs sequences of one size uncompiled before XLA compiles for that
#: size, which takes about as long; and where there is a GPU, for which XLA compiles for longer.
WARM_UP, WARM_UP_ON_GPUS = 4000, 16000
#: Rows of a batch from which on `"auto"` takes the compiled loop of JAX on CPUs.
FEWEST_ROWS = 8


def decide(cell: Any, shape: tuple[int | None, ...], unroll: bool = False) -> Loop:
    """The loop that `"auto"` runs for sequences of this shape; sizes may be unknown.

        >>> cell = kg.LSTMCell(3)
        >>> cell.build((None, 2))
        >>> kg.loops.decide(cell, (8, 5, 2)) is kg.loops.LOOPS["keras"]
        True

    * Where a model is exported: `"dense"`, which every runtime can run.
    * On PyTorch, for each of our cells: `"vendor"` where PyTorch has it as one operation, on GPUs
      by cuDNN, else `"traced"` from the time when a cell has run for a thousand steps.
    * On TensorFlow and GPUs, for cells that cuDNN has as one operation, and stacks with such:
      `"vendor"`, as Keras's own layers do it. `"compiled"` runs twice as fast there, but takes ten
      seconds and more to compile for every size, which is left to those who ask for it.
    * On TensorFlow, for what `compiles`: `"compiled"`; `"recomputed"` where the products that the
      other keeps for the backward pass are known to be large (`KEPT_BYTES`). Either runs uncompiled
      until sequences of a size have come for `WARM_UP` steps, on GPUs `WARM_UP_ON_GPUS`.
    * On JAX without a TPU, on which it was not measured, for what `compiles`: `"compiled"`, or
      `"recomputed"` as on TensorFlow; on GPUs it is ahead of cuDNN, too. Not on CPUs where a batch
      is known to have fewer than `FEWEST_ROWS` rows, whose training it makes slower.
    * Elsewhere, where steps are laid out by `unroll`, or where there is but one: `"keras"`; in
      eager calls where there are fewer than `EAGER_STEPS`, which do not pay for compiling.

    Args:
        cell: any Keras cell, ours or not, or `keras.layers.StackedRNNCells`. One that is not built
            is not compiled.
        shape: of the sequences, `(batch, time, features)`; a size that is unknown is None.
        unroll: whether the steps are laid out in the graph.

    Returns:
        A loop: a function of a `Run`.
    """
    if is_exporting():
        return dense_loop
    batch, time = known_sizes(shape)
    if unroll or time == 1:
        return keras_loop
    backend = keras.backend.backend()
    if backend == "torch" and all(map(is_gated, leaves(cell))):
        return vendor_or_traced
    # A gradient in blocks needs to know how many.
    if backend == "jax" and is_symbolic(shape[1]):
        return keras_loop
    if backend == "jax" and (scanned := _scanned(cell, batch, time)):
        return scanned
    if has_tpu():
        return keras_loop
    if has_gpu() and runs_anything(cell):
        return vendor_or_compiled if backend == "tensorflow" else vendor_loop
    return _compiled(cell, batch, time) if backend == "tensorflow" else keras_loop


def known_sizes(shape: Sequence[Any]) -> tuple[int | None, int | None]:
    """Batch and time of a shape; None for one that is unknown, or a symbol of JAX's exports."""
    batch, time = shape[:2]
    known = isinstance(batch, Integral), isinstance(time, Integral)
    return int(batch) if known[0] else None, int(time) if known[1] else None


def is_symbolic(size: Any) -> bool:
    """Whether a size is neither a number nor unknown, as where JAX exports for any size."""
    return size is not None and not isinstance(size, Integral)


def _compiled(cell, batch, time):
    """The decision for what no library of TensorFlow has."""
    if time is not None and time < EAGER_STEPS and not in_graph():
        return keras_loop
    compiled = Compiled.of(cell, warm_up=WARM_UP_ON_GPUS if has_gpu() else WARM_UP)
    if compiled is None:
        return keras_loop
    return compiled.recomputed if compiled.kept_bytes(batch, time) > KEPT_BYTES else compiled


def _compiled_loop(run):
    return _compiled(run.cell, *known_sizes(run.sequences.shape))(run)


vendor_or_compiled = vendor_or(_compiled_loop)


def _scanned(cell, batch, time):
    """The decision for the compiled loop of JAX; None where another is to be taken."""
    few = batch is not None and batch < FEWEST_ROWS and not has_gpu()
    scanned = None if few or has_tpu() else Scanned.of(cell)
    if scanned is None or None in (batch, time):
        return scanned
    return scanned.recomputed if scanned.kept_bytes(cell, batch, time) > KEPT_BYTES else scanned


def choose(cell: Any, shape: tuple[int | None, ...], unroll: bool = False) -> str:
    """Name of the loop that `"auto"` runs for sequences of this shape; see `decide`.

        >>> cell = kg.LSTMCell(3)
        >>> cell.build((None, 2))
        >>> kg.loops.choose(cell, (8, 5, 2)), kg.loops.choose(cell, (8, 500, 2))
        ('keras', 'compiled')

    On PyTorch `"traced"` is Keras's loop until a cell is warm, and where it cannot be traced.

    Args:
        cell: any Keras cell, ours or not, or `keras.layers.StackedRNNCells`.
        shape: of the sequences, `(batch, time, features)`; a size that is unknown is None.
        unroll: whether the steps are laid out in the graph.

    Returns:
        A name in `LOOPS`; `"vendor"` of a stack, too, of which the library has but some cells.
    """
    chosen = decide(cell, shape, unroll)
    if isinstance(chosen, (Compiled, Scanned)):
        return "compiled" if chosen.keep else "recomputed"
    if chosen is vendor_or_compiled:
        return "vendor"
    if chosen is vendor_or_traced:
        return "vendor" if runs_anything(cell) else "traced"
    return next(name for name, loop in LOOPS.items() if loop is chosen)
