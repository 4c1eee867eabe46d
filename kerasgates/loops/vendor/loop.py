"""The loop of the device's own library, for single cells and for stacks.

On PyTorch it is called directly; on TensorFlow and JAX, which have it on GPUs alone, as Keras does.
"""

from functools import partial

import keras
from keras import ops

from kerasgates.core._keras import is_torch_exporting
from kerasgates.loops.devices import has_gpu
from kerasgates.loops.plain import is_laid_out, keras_loop
from kerasgates.loops.protocols import Run
from kerasgates.loops.registry import register_loop
from kerasgates.loops.stepping import cell_by_cell, is_gated, leaves
from kerasgates.loops.traced.loop import traced_when_warm
from kerasgates.loops.vendor import of_keras
from kerasgates.loops.vendor.masks import Front
from kerasgates.loops.vendor.network import Network, grows, obstacle


def why_not(cell):
    """Reason why no library here runs a single cell as one operation; None where one does."""
    if reason := obstacle(cell):
        return reason
    if keras.backend.backend() == "torch":
        return None
    if has_gpu():
        return of_keras.why_not(cell)
    return "of the libraries on CPUs only PyTorch has whole networks"


def runs_anything(cell):
    """Whether the device's library runs a cell, or one of the cells of a stack."""
    return any(why_not(leaf) is None for leaf in leaves(cell))


@register_loop("vendor")
def vendor_loop(run: Run):
    """Loop in the device's own library: PyTorch's on CPUs, cuDNN on GPUs.

    For the LSTM, the GRU that resets after the product, the simple RNN on PyTorch, and cells that
    are one of these with other weights, with the activations that the library has and in single or
    double precision, in which it computes where a policy is mixed. Other cells, masks with relu,
    recurrent dropout while training, and whatever the library cannot do run in `keras_loop`. Of a
    stack each cell is decided for itself.
    """
    return cell_by_cell(run, [_single] * len(leaves(run.cell)))


def vendor_or(elsewhere):
    """A loop as `vendor_loop`, which runs in another loop what the library does not have."""

    def loop(run):
        return cell_by_cell(run, [partial(_single, elsewhere=elsewhere)] * len(leaves(run.cell)))

    return loop


vendor_or_traced = vendor_or(traced_when_warm)


def _single(run, elsewhere=keras_loop):
    cell = run.cell
    dropped = cell.recurrent_mask(run.training) if is_gated(cell) else None
    if run.unroll or dropped is not None or why_not(cell) is not None or is_laid_out(run):
        return elsewhere(run)
    # An export of PyTorch would fix the batch to that of the indices by which steps are moved.
    if run.mask is not None and (grows(cell) or is_torch_exporting()):
        return elsewhere(run)
    library = of_keras
    if keras.backend.backend() == "torch":
        from kerasgates.loops.vendor import on_torch as library
    network = Network.of(cell, library.ORDERS[cell.operator[0]])
    try:
        return _run_network(run, network, library)
    # What the library cannot do: sizes and devices; forward mode and vectorisation on PyTorch.
    except library.REFUSALS:
        return elsewhere(run)


def _run_network(run, network, library):
    """Last output, all outputs and final states of one network over time."""
    cell, mask = run.cell, run.mask
    # Products in half precision with states in single, as mixed policies have them, no library
    # has; it is asked for single, which takes a fraction of the time of any other loop.
    dtype = cell.variable_dtype
    sequences = cell.drop_inputs(ops.cast(run.sequences, cell.compute_dtype), run.training)
    sequences = ops.cast(sequences, dtype)
    states = [ops.cast(state, dtype) for state in run.states]
    if mask is None:
        outputs, new = library.outputs_of(network, sequences, states)
    else:
        front = Front.of(mask)
        moved = front.sequences(sequences)
        outputs, new = library.outputs_of(network.with_switch(), moved, states)
        outputs = front.outputs(outputs)
        # Of an LSTM only c stands still behind the steps that count.
        ends = outputs[:, -1], *new[1:]
        new = [front.begun(end, state) for end, state in zip(ends, states)]
    outputs = ops.cast(outputs, cell.compute_dtype)
    last = outputs[:, -1]
    return last, outputs if run.every_output else last[:, None], new
