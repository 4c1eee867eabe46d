"""The decision of `loop="auto"` in words."""

from typing import Any

import keras

from kerasgates.core.wrapper import title
from kerasgates.loops.associative import no_scan
from kerasgates.loops.choosing import EAGER_STEPS, FEWEST_ROWS, choose
from kerasgates.loops.chunked import STEPS, no_chunks
from kerasgates.loops.devices import has_gpu, has_tpu
from kerasgates.loops.scanning import obstacle
from kerasgates.loops.stepping import is_gated, is_stack, leaves

#: For the loops of linear cells what keeps a cell from them: it runs as by "auto" then.
OF_LINEAR = {"associative": no_scan, "chunked": no_chunks}


def why(cell: Any) -> str:
    """Sentence on the loop that a cell gets by `loop="auto"`, and on the reason.

        >>> cell = kg.LSTMCell(3)
        >>> cell.build((None, 2))
        >>> print(kg.loops.why(cell))
        LSTMCell runs in the compiled loop: its step computes from its arguments and weights alone;
        eager calls of fewer than 32 steps run in Keras's loop.

    A cell that is compiled runs several times as fast as one that is not.

    Args:
        cell: any built Keras cell, ours or not, a stack of cells, or a layer of one.

    Returns:
        The sentence. Of a layer that was told its loop, it says so.

    Raises:
        ValueError: if it is anything else, or not built: nothing is known of its step then.
    """
    layer, cell = cell, cell.cell if isinstance(cell, keras.layers.RNN) else cell
    if not callable(getattr(cell, "call", None)) or not hasattr(cell, "state_size"):
        raise ValueError(f"Argument `cell` must be a cell, or a layer of one. Received: {layer!r}")
    if isinstance(cell, keras.Layer) and not cell.built:
        raise ValueError(f"Argument `cell` must be built: call it once. Received: {layer!r}")
    name = title(cell)
    told = getattr(layer, "loop", "auto")
    if told in OF_LINEAR and (broken := _not_linear(cell, told)):
        part = "" if len(broken) == len(leaves(cell)) else "in part "
        but = " and ".join(dict.fromkeys(broken))
        return f"{name} runs {part}as by 'auto': its layer was told {told!r}, but {but}."
    if told == "chunked":
        few = f"sequences of fewer than {2 * STEPS} steps run as by 'auto'"
        return f"{name} runs in the loop 'chunked': its layer was told so; {few}."
    if told in ("compiled", "recomputed") and (obstacles := _not_compiled(cell)):
        part = "" if len(obstacles) == len(leaves(cell)) else "in part "
        but = " and ".join(dict.fromkeys(obstacles))
        return f"{name} runs {part}in Keras's loop: its layer was told {told!r}, but {but}."
    if told != "auto":
        return f"{name} runs in the loop {told!r}: its layer was told so."
    return f"{name} {_by_itself(cell)}."


def _by_itself(cell):
    """The decision for sequences of unknown sizes, as words after the cell's name."""
    chosen = choose(cell, (None, None, None))
    if chosen == "vendor":
        return f"runs in the vendor loop: {_library()} has its equations as one operation"
    if chosen == "traced" and _is_traced(cell):
        return "runs by a step that PyTorch traces: its operations run without Keras"
    if chosen in ("keras", "traced"):
        return f"runs in Keras's loop: {_obstacle(cell)}"
    if chosen == "dense":
        return "runs in the loop 'dense': its model is being exported"
    alone = "its step computes from its arguments and weights alone"
    if keras.backend.backend() == "tensorflow":
        few = f"; eager calls of fewer than {EAGER_STEPS} steps run in Keras's loop"
    else:
        rows = f"; batches of fewer than {FEWEST_ROWS} rows run in Keras's loop"
        few = "" if has_gpu() else rows
    return f"runs in the {chosen} loop: {alone}{few}"


def _is_traced(cell):
    from kerasgates.loops.traced.graph import traced

    return all(is_gated(leaf) and traced(leaf) is not None for leaf in leaves(cell))


def _library():
    return "cuDNN, on the GPU," if has_gpu() else "PyTorch"


def _obstacle(cell):
    """What keeps a cell in Keras's loop, in words."""
    backend = keras.backend.backend()
    if backend == "torch":
        own = all(map(is_gated, leaves(cell)))
        return "PyTorch cannot trace its step" if own else "not every step is made by `gates`"
    if backend not in ("tensorflow", "jax"):
        return f"only TensorFlow and JAX have a compiled loop, and the backend is {backend}"
    if has_tpu():
        return "there is a TPU, on which nothing was measured"
    return next(iter(_not_compiled(cell)), "no other is meant for it")


def _not_compiled(cell):
    """What keeps each cell from the compiled loop of a backend that has one, in words."""
    if keras.backend.backend() not in ("tensorflow", "jax"):
        return []
    found = [(leaf, _obstacle_of_one(leaf)) for leaf in leaves(cell)]
    place = ", in {}" if is_stack(cell) else ""
    return [f"{words}{place.format(type(leaf).__name__)}" for leaf, words in found if words]


def _obstacle_of_one(cell):
    if not getattr(cell, "gates", ()):
        return "it has no `gates`, and computes its step by `call`"
    if not is_gated(cell):
        return "it computes its step by a `call` of its own"
    if keras.backend.backend() == "jax":
        return obstacle(cell)
    from kerasgates.loops.compiled.custom_gradient import structure_to_compile

    found = structure_to_compile(cell)
    return found if isinstance(found, str) else None


def _not_linear(cell, loop):
    """Of each cell that does not run in a loop of linear cells, its name and why."""
    found = []
    for leaf in leaves(cell):
        dropped = getattr(leaf, "recurrent_dropout", 0)
        words = OF_LINEAR[loop](leaf)
        if words := words or ("drops states in training" if dropped else None):
            found.append(f"{title(leaf)} {words}")
    return found
