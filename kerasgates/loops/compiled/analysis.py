"""Analysis of a cell's step, by tracing it once: which products it has, and which weights."""

import re
import types

import tensorflow as tf

from kerasgates.core._keras import reason
from kerasgates.core.cell import AbstractRNNCell
from kerasgates.core.wrapper import asks_for_training
from kerasgates.loops.attributes import FOUND, OF_INNER, are_same, attributes_of
from kerasgates.loops.compiled.graphs import Graph, of_any_size, of_this_size
from kerasgates.loops.compiled.single_step import (
    Inputs,
    RecordedStep,
    by_gate,
    carried_widths,
    reading,
)
from kerasgates.loops.compiled.weight_gradients import Structure


def examine(cell):
    """The `Structure` of a cell's step; where it must run as it is written, the reason in words.

    That is, where a step is not a function of its arguments, its weights and the attributes of
    the cell alone, or cannot be traced: it draws random numbers, counts, or calls Python. The
    result is discarded when an attribute is set anew, or a list or dict in one changes.
    """
    # Kept on the cell: the structure refers to it, and is freed with it.
    attributes, structure = vars(cell).get(FOUND, (None, None))
    if attributes is None or not are_same(attributes, attributes_of(cell)):
        attributes = attributes_of(cell)
        structure = _examine(cell)
        vars(cell)[FOUND] = attributes, structure
    return structure


def kind_of(cell):
    """Key shared by cells whose steps are the same function of inputs, states and weights.

    Returns:
        A hashable value, or None where such a step may depend on something of this cell alone.
    """
    cls, values = type(cell), []
    # Classes and functions from elsewhere may read other values, which can change unseen.
    if not _is_known(cls):
        return None
    for name, value in attributes_of(cell).items():
        if name in _NOT_READ or name.endswith(("_initializer", "_regularizer", "_constraint")):
            continue
        if isinstance(value, AbstractRNNCell):
            inner = kind_of(value)
            if inner is None:
                return None
            values.append((name, inner))
            continue
        index = next((i for i, weight in enumerate(cell.weights) if weight is value), None)
        known = isinstance(value, types.FunctionType) and _is_known(value)
        if index is None and not known and not _is_plain(value):
            return None
        values.append((name, type(value), value if index is None else index))
    weights = tuple((tuple(w.shape), w.dtype) for w in cell.weights)
    functions = cls.step, cls.project, cls.input_bias
    return cls, functions, tuple(values), weights, cell.compute_dtype, cell.variable_dtype


def _is_known(thing):
    """Whether a class or function is of this package, or of Keras or TensorFlow."""
    return thing.__module__.partition(".")[0] in ("kerasgates", "keras", "tensorflow")


def _is_plain(value):
    """Whether a value is a number or a string, nothing, or a tuple of these."""
    if isinstance(value, tuple):
        return all(map(_is_plain, value))
    return value is None or isinstance(value, (bool, int, float, str))


#: Attributes of layers that no compiled step reads; one that draws numbers is not compiled. What
#: is wrapped has a kind of its own.
_NOT_READ = {"name", "seed", "seed_generator", "build", "quantize", "call_signature_parameters"}
_NOT_READ |= {OF_INNER}


def _run_for_any_batch(cell):
    """Raise where a step must know the batch size: the passes are traced for any."""
    x = tf.compat.v1.placeholder(cell.compute_dtype, (None, cell.features))
    states = [tf.compat.v1.placeholder(cell.variable_dtype, (None, n)) for n in cell.state_sizes]
    cell.step_projected(cell.project(x), cell.recurrent(), states)


def _examine(cell):
    if asks_for_training(cell):
        return "a layer inside it takes the argument `training`"
    attributes, traced = attributes_of(cell), _Traced(cell)
    try:
        # A function, and no bare graph: variables that are made in it, as of Keras's own generator
        # of random numbers, must outlive it.
        graph = tf.function(traced, autograph=False).get_concrete_function().graph
    except Exception as error:
        # Whatever it is, the loop that runs the step as it is written reports it better.
        return f"its step cannot be traced for any batch size ({reason(error)})"
    if traced.after.keys() - traced.before.keys():
        return "its step draws random numbers, or changes variables that are not its weights"
    unchanged = are_same(traced.before, traced.after)
    if not (unchanged and are_same(attributes, attributes_of(cell))):
        return "its step changes weights or attributes of the cell"
    operations = graph.get_operations()
    impure = sorted({op.type for op in operations if op.op_def.is_stateful})
    if impure:
        return f"its step has an operation that must run each time ({impure[0]})"
    if traced.entries != carried_widths(cell):
        return (
            f"its states and its output have {traced.entries} entries, not {carried_widths(cell)}"
        )
    if not {op.type for op in operations} <= FAMILIAR and (refusal := _refusal_of_xla(cell)):
        return f"XLA cannot compile its step ({refusal})"
    return Structure(traced.vjp, cell.projected_blocks, once=traced.once)


class _Traced:
    """One step of a cell and its gradients, traced for batches of two and of any size.

    Args:
        cell: the cell.

    Attributes:
        before, after: the values of variables in the scope of the step, by variable.
        vjp: the `StepVJP`.
        entries: numbers of entries of what the step gives.
        once: whether each input and product is used once.
    """

    def __init__(self, cell):
        self.cell = cell

    def __call__(self):
        cell = self.cell
        x, states, weights = _two_rows(cell)
        with reading(cell, weights) as scope:
            self.before = dict(scope.state_mapping)
            inputs, step = _recorded(cell, x, states, weights)
            results = [result for product in step.products for result in product.results]
            uses = [len(tensor.consumers()) for tensor in [*inputs, *results]]
            self.once = max(uses) == 1
            self.vjp = step.vjp(states)
            _run_for_any_batch(cell)
        self.after = scope.state_mapping
        self.entries = [value.shape[-1] for value in step.new]


def _two_rows(cell):
    """Ones for inputs and weights of a cell: `(2, features)`, the states, the weights."""
    states = [tf.ones((2, n), cell.variable_dtype) for n in carried_widths(cell)]
    weights = [tf.ones(w.shape, w.dtype) for w in cell.weights]
    return tf.ones((2, cell.features), cell.compute_dtype), states, weights


def _recorded(cell, x, states, weights):
    """Inputs by gate of one step, and its `RecordedStep`."""
    inputs = by_gate(cell, cell.project(x))
    return inputs, RecordedStep(cell, inputs, states, Inputs(x, states, None, None, weights))


def _refusal_of_xla(cell):
    """What XLA says where it cannot compile a loop of steps and their gradients, else None."""

    def one(total, x, states, weights):
        with reading(cell, weights):
            _, step = _recorded(cell, x, states, weights)
            vjp = step.vjp(states)
        given = tf.nest.flatten([step.new, vjp.inputs, vjp.old, vjp.d_products, vjp.weights])
        return total + tf.add_n(
            [tf.reduce_sum(tf.cast(v, tf.float32)) for v in given if v is not None]
        )

    def loop(steps, x, *rest):
        # As in the passes: what a loop in a step keeps has another fate in a loop around it.
        states, weights = rest[: -len(cell.weights)], rest[-len(cell.weights) :]
        return tf.while_loop(
            lambda t, _: t < steps,
            lambda t, total: (t + 1, one(total, x, list(states), weights)),
            [0, 0.0],
        )

    with tf.init_scope():
        x, states, weights = _two_rows(cell)
        specs = [*map(of_any_size, [x, *states]), *map(of_this_size, weights)]
        try:
            # Traced for any number of rows, before XLA is thought of.
            graph = Graph(loop, [tf.TensorSpec((), tf.int32), *specs])
            graph.compiled(tf.constant(2), x, *states, *weights)
        except Exception as error:
            return reason(error).partition(". ")[0]
    return None


#: Operations that XLA is known to compile, as of the cells of the package. Of any other, such as a
#: loop in a step, it is tried.
FAMILIAR = {
    *re.findall(
        r"\w+",
        "Abs AddN AddV2 BatchMatMulV2 BiasAdd Cast ConcatOffset ConcatV2 Const Cos Equal Exp "
        "ExpandDims Fill FloorDiv FloorMod Greater GreaterEqual Identity IdentityN "
        "InvertPermutation Less Log MatMul Max Maximum Mean Mul Neg Pack Placeholder RealDiv "
        "Reciprocal Relu ReluGrad Reshape Rsqrt RsqrtGrad SelectV2 Shape Sigmoid SigmoidGrad Sign "
        "Sin Slice Softplus SoftplusGrad Split SplitV Sqrt SqrtGrad Square SquaredDifference "
        "Squeeze StopGradient StridedSlice StridedSliceGrad Sub Sum Tanh TanhGrad Tile Transpose",
    )
}
