"""The loop of the device's own library, for single cells and for stacks."""

import keras
from keras import ops

from kerasgates.loops.plain import keras_loop
from kerasgates.loops.protocols import Run
from kerasgates.loops.registry import register_loop
from kerasgates.loops.stepping import cell_by_cell, is_gated, leaves
from kerasgates.loops.traced.loop import traced_when_warm
from kerasgates.loops.vendor import of_keras
from kerasgates.loops.vendor.masks import Front
from kerasgates.loops.vendor.network import Network, obstacle


def has_gpu():
    """Whether Keras lists a device besides CPUs."""
    if keras.backend.backend() == "torch":  # Keras has no list of its devices.
        from kerasgates.loops.vendor.on_torch import has_cuda

        return has_cuda()
    return any(not name.startswith("cpu") for name in keras.distribution.list_devices())


def why_not(cell):
    """Reason why no library here runs a single cell as one operation; None where one does."""
    if reason := obstacle(cell):
        return reason
    if has_gpu():
        has = cell.operator[0] in of_keras.LAYERS
        return None if has else f"Keras does not offer cuDNN's {cell.operator[0]}"
    if keras.backend.backend() != "torch":
        return "of the libraries on CPUs only PyTorch has whole networks"
    return None


def runs_anything(cell):
    """Whether the device's library runs a cell, or one of the cells of a stack."""
    return any(why_not(leaf) is None for leaf in leaves(cell))


@register_loop("vendor")
def vendor_loop(run: Run):
    """Loop in the device's own library: PyTorch's on CPUs, cuDNN on GPUs.

    For the LSTM, the GRU that resets after the product, the simple RNN on CPUs, and cells that are
    one of these with other weights, with the activations that the library has and in single or
    double precision; other cells, recurrent dropout while training, and whatever the library
    cannot do run in `keras_loop`. Of a stack each cell is decided for itself.
    """
    return cell_by_cell(run, [_single] * len(leaves(run.cell)))


def vendor_or_traced(run):
    """As `vendor_loop`, but what the library has not runs by a traced step once it is warm."""
    return cell_by_cell(run, [_single_or_traced] * len(leaves(run.cell)))


def _single_or_traced(run):
    return _single(run, elsewhere=traced_when_warm)


def _single(run, elsewhere=keras_loop):
    cell = run.cell
    dropped = cell.recurrent_mask(run.training) if is_gated(cell) else None
    if run.unroll or dropped is not None or why_not(cell) is not None:
        return elsewhere(run)
    library = of_keras
    if not has_gpu():
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
    dtype = cell.compute_dtype
    sequences = cell.drop_inputs(ops.cast(run.sequences, dtype), run.training)
    states = [ops.cast(state, dtype) for state in run.states]
    if mask is None:
        outputs, new = library.outputs_of(network, sequences, states)
    else:
        front = Front.of(mask)
        moved = front.sequences(sequences)
        outputs, new = library.outputs_of(network.with_switch(), moved, states)
        outputs = front.outputs(outputs)
        # Of an LSTM only c stands still behind the steps that count.
        new = [front.begun(outputs[:, -1], states[0]), *new[1:]]
    last = outputs[:, -1]
    return last, outputs if run.every_output else last[:, None], new
