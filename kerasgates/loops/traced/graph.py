"""A cell's step as a graph of PyTorch's operations, for batches of any size.

A step written with `keras.ops` asks Keras at every operation what its arguments are, which takes
several times as long as small operations themselves. Here it is asked once.
"""

import keras
import torch
from keras import ops

from kerasgates.core.wrapper import asks_for_training
from kerasgates.loops.attributes import TRACED, are_same, attributes_of
from kerasgates.loops.threads import apart

#: Operations of a graph that compute nothing: checks, and changes of dtype to the same dtype.
_CHECKS = {torch.ops.aten._assert_tensor_metadata.default}
_CASTS = {torch.ops.aten.to.dtype_layout, torch.ops.aten.to.dtype}
#: Rows of the batch that is traced: of one, PyTorch would take sizes for fixed.
_ROWS = 3


def is_compiling():
    """Whether PyTorch compiles what runs, in which Keras is asked once as well."""
    return torch.compiler.is_compiling()


def traced(cell):
    """The graph of a cell's step, traced once; None where the step is more than a graph.

    That is, where it draws random numbers, changes something, multiplies by weights that
    `parametrise` makes, or depends on values in a way that PyTorch cannot trace. The graph is
    discarded when an attribute of the cell is set anew.

    Returns:
        A function of a step's projected input `(batch, columns)`, the states, and the weights in
        the order of `cell.weights`; it gives the output and the new states.
    """
    attributes, graph = vars(cell).get(TRACED, (None, None))
    if attributes is None or not are_same(attributes, attributes_of(cell)):
        attributes = attributes_of(cell)
        graph = _trace_apart(cell)
        if not are_same(attributes, attributes_of(cell)):
            graph = None
        vars(cell)[TRACED] = attributes, graph
    return graph


def weights_of(cell):
    """Weights of a cell as tensors, in the dtypes of its policy."""
    # A module that is told to be `.double()` changes the tensors, and nothing that Keras knows.
    return [ops.cast(weight, weight.dtype) for weight in cell.weights]


def _trace_apart(cell):
    """The graph as of a call that nothing else is around: no `vmap`, no autocast, no other trace.

    All of these are settings of a thread, so it is traced in one of its own.
    """
    return apart(_trace_on, str(ops.zeros(()).device), cell)


def _trace_on(device, cell):
    with keras.device(device):
        return _trace(cell)


def _trace(cell):
    # Weights that are made of others would be made at every step, and as in inference.
    if cell.parametrised or asks_for_training(cell):
        return None
    any_size = {0: torch.export.Dim.AUTO}
    weights = [weight.detach() for weight in weights_of(cell)]
    wide = [ops.zeros((_ROWS, n), cell.variable_dtype) for n in cell.state_sizes]
    projected = ops.zeros((_ROWS, cell.projected_layout[2]), cell.compute_dtype)
    sizes = any_size, [any_size] * len(wide), [None] * len(weights)
    try:
        with torch.no_grad():
            exported = torch.export.export(
                _Step(cell), (projected, wide, weights), dynamic_shapes=sizes
            )
    # Whatever it is that PyTorch cannot trace, Keras's loop runs it.
    except Exception:
        return None
    signature, module = exported.graph_signature, exported.graph_module
    # Where Python has read a size, the graph is of this size alone.
    rows = {*signature.user_inputs[: 1 + len(wide)]}
    read = [node.meta["val"] for node in module.graph.nodes if node.name in rows]
    fixed = any(isinstance(value.shape[0], int) for value in read)
    changes = fixed or signature.buffers_to_mutate or signature.user_inputs_to_mutate
    if changes or signature.lifted_tensor_constants or any(map(_draws, module.graph.nodes)):
        return None
    graph = _without_checks(module)
    return graph if _is_for_any_batch(graph, cell, projected, wide, weights) else None


def _is_for_any_batch(graph, cell, projected, states, weights):
    """Whether the graph computes what the step does, for other numbers of rows, too."""
    # Numbers of its own: those that a user draws next are to be the same as without this.
    own = torch.Generator().manual_seed(0)
    for rows in (1, 2 * _ROWS):
        examples = projected, *states
        x, *old = [torch.rand(rows, a.shape[1], generator=own).to(a) for a in examples]
        with torch.no_grad():
            try:
                results = graph(x, *old, *weights)
            except Exception:  # Of whatever kind: it reads rows that are not there, for instance.
                return False
            output, new, _ = cell.step_projected(x, cell.recurrent(), old)
        for ours, theirs in zip(results, (output, *new)):
            if ours.shape != theirs.shape or not torch.allclose(ours, theirs, 1e-2, 1e-2):
                return False
    return True


class _Step(torch.nn.Module):
    """One step of a cell as a module; its weights are arguments."""

    def __init__(self, cell):
        super().__init__()
        # In a tuple: as attributes of the module the weights would be constants of the graph.
        self.hidden = (cell,)

    def forward(self, projected, states, weights):
        (cell,) = self.hidden
        with keras.StatelessScope(state_mapping=list(zip(cell.weights, weights))):
            output, new, _ = cell.step_projected(projected, cell.recurrent(), list(states))
        return (output, *new)


def _draws(node):
    """Whether an operation draws random numbers."""
    return torch.Tag.nondeterministic_seeded in getattr(node.target, "tags", ())


def _without_checks(module):
    graph = module.graph
    for node in list(graph.nodes):
        if node.target in _CHECKS:
            graph.erase_node(node)
        elif node.target in _CASTS:
            old, new = node.args[0].meta["val"], node.meta["val"]
            if (old.dtype, old.device) == (new.dtype, new.device):
                node.replace_all_uses_with(node.args[0])
                graph.erase_node(node)
    graph.eliminate_dead_code()
    module.recompile()
    return module
