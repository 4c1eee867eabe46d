"""Operations that mix the rows of a batch: of such a step, rows of all times are no batch.

Loops that make many steps at once have them side by side as rows. That is the same only where each
row of a result is made of the same row alone, whatever its number. No other axis is as long as that
of the rows here, so that it is known wherever it has been moved to. What is not known to keep rows
apart counts as mixing them.
"""

import math

import keras
import numpy as np

from kerasgates.formulas.nodes import all_of
from kerasgates.formulas.origins import Call, Product


def _words(text):
    return frozenset(text.split())


#: Operations of Keras that work on each entry, with others at the same place.
ENTRYWISE = _words(
    "Absolute Abs Fabs Add Angle Arccos Arccosh Arcsin Arcsinh Arctan Arctan2 Arctanh BitwiseAnd "
    "BitwiseInvert BitwiseNot BitwiseOr BitwiseXor BitwiseLeftShift LeftShift BitwiseRightShift "
    "RightShift BroadcastTo Cbrt Ceil Clip Conjugate Conj Copy Cos Cosh Deg2rad Rad2deg Digitize "
    "Equal Exp Exp2 Expm1 Floor FloorDivide FullLike Gcd Greater GreaterEqual Heaviside Hypot Imag "
    "I0 Isclose Isfinite Isinf Isnan Isneginf Isposinf Isreal Lcm Ldexp Less LessEqual Log Log10 "
    "Log1p Log2 Logaddexp Logaddexp2 LogicalAnd LogicalNot LogicalOr LogicalXor Maximum Fmax "
    "Minimum Fmin Mod Fmod NanToNum NotEqual OnesLike ZerosLike Real Reciprocal Round Sign Signbit "
    "Sin Sinc Sinh Tan Tanh Trunc Where Subtract Multiply Divide DivideNoNan TrueDivide Power "
    "Negative Nextafter Square Sqrt Rsqrt Erf Erfc Erfinv Relu Relu6 ReLU Sigmoid SparseSigmoid "
    "Softplus Softsign SoftShrink SparsePlus Silu Squareplus LogSigmoid LeakyRelu HardSigmoid "
    "HardSilu Elu Selu Gelu Celu TanhShrink HardTanh HardShrink Threshold Cast SaturateCast "
    "ConvertToTensor StopGradient Identity"
)
#: Operations that keep apart the rows that have not their axis.
ALONG = _words(
    "All Any Amax Amin Argmax Argmin Argsort Concatenate CountNonzero Cumprod Cumsum Diff Flip Glu "
    "LayerNorm LogSoftmax Logsumexp Max Mean Median Min Moments Nanmax Nanmean Nanmin Nanprod "
    "Nanstd Nansum Nanvar Norm Normalize Prod Repeat RMSNorm Roll Softmax Sort Sparsemax Split "
    "Squeeze Std Sum Take TakeAlongAxis Unstack Var"
)
#: Operations that keep apart all rows that are in the result: an axis that they change is longer
#: or shorter than before, new, or gone.
APART = _words(
    "Dot ExpandDims Inner Matmul Moveaxis OneHot Pad Stack SwapAxes Swapaxes Tensordot Tile "
    "Transpose"
)


def mixes_rows(made, batch):
    """Whether an operation mixes the rows of a batch, or may.

    Args:
        made: the `Origin` of what it gave.
        batch: number of the rows.
    """
    operation, name = made.operation, made.name
    values = made.values()
    if not any(batch in _shape(value) for value in values):
        return False
    if _shape(made.tensor).count(batch) != 1:
        return True
    if isinstance(operation, (keras.Layer, Call, Product)):
        # What is inside is looked through by itself.
        return False
    if type(operation).__module__.partition(".")[0] != "keras":
        return True
    if name in ENTRYWISE:
        return False
    given = keras.tree.flatten(made.arguments)
    if name == "Einsum":
        return _mixes_einsum(operation.subscripts, given, made.tensor, batch)
    if name in APART:
        return False
    first = given[0]
    if name == "Concatenate":
        first = next((value for value in given if batch in _shape(value)), first)
    if batch not in _shape(first):
        return True
    row, rank = _shape(first).index(batch), len(first.shape)
    if name == "GetItem":
        return _mixes_by_key(made.arguments[1], row, rank, batch)
    if name == "Reshape":
        # As many entries come before each row as before.
        shape = _shape(made.tensor)
        return math.prod(shape[: shape.index(batch)]) != math.prod(_shape(first)[:row])
    return name not in ALONG or _is_along(operation, row, rank)


def _shape(value):
    return tuple(value.shape) if isinstance(value, keras.KerasTensor) else ()


def _are_alike(array, batch):
    """Whether an array of numbers has the same for every row."""
    if array.shape.count(batch) != 1:
        return False
    first = array.take([0], array.shape.index(batch))
    return np.array_equal(array, np.broadcast_to(first, array.shape))


def _array(value):
    return np.asarray(keras.ops.convert_to_numpy(value))


def _is_along(operation, row, rank):
    """Whether the axes of an operation on a tensor of some rank are those of the rows, or all."""
    attributes = vars(operation)
    names = [name for name in ("axis", "axes", "dim") if name in attributes]
    if not names:
        return True
    axis = attributes[names[0]]
    if axis is None:
        # Rows are many: theirs is no axis that is dropped.
        return type(operation).__name__ != "Squeeze"
    axes = axis if isinstance(axis, (list, tuple)) else (axis,)
    return bool({*axes} & {row, row - rank})


def _mixes_einsum(subscripts, arguments, result, batch):
    """Whether a sum of products has rows that are not those of its result."""
    before, arrow, after = subscripts.replace(" ", "").partition("->")
    if not arrow:
        return True
    named = [*zip(before.split(","), arguments), (after, result)]
    named = [(letters, _shape(value)) for letters, value in named if batch in _shape(value)]
    if any("." in letters for letters, _ in named):
        return not all(letters[0] == "." and shape[0] == batch for letters, shape in named)
    return len({letters[shape.index(batch)] for letters, shape in named}) > 1


def _mixes_by_key(key, row, rank, batch):
    """Whether an item of a batch has its rows in another order, or not all."""
    parts = [one for one in (key if isinstance(key, tuple) else (key,)) if one is not None]
    if any(not (one is Ellipsis or isinstance(one, (slice, int, np.integer))) for one in parts):
        return True
    if Ellipsis in parts:
        at = parts.index(Ellipsis)
        parts[at : at + 1] = [slice(None)] * (rank - len(parts) + 1)
    one = parts[row] if row < len(parts) else slice(None)
    whole = isinstance(one, slice) and one.step in (None, 1)
    return not (whole and one.start in (None, 0) and one.stop in (None, batch))


def trace_of(made, batch):
    """What an operation was given beside tensors, in words; the rows of a shape have no number."""

    def told(value, is_shape=False):
        if isinstance(value, (keras.KerasTensor, keras.Variable)):
            return tuple("rows" if size == batch else size for size in value.shape)
        if isinstance(value, (bool, str, type(None))):
            return value
        if isinstance(value, (int, float, np.number)):
            return "rows" if is_shape and value == batch else value
        if hasattr(value, "shape"):
            array = _array(value)
            if _are_alike(array, batch):
                array = array.take([0], array.shape.index(batch))
            return array.shape, array.tobytes()
        return type(value).__name__

    if isinstance(made.operation, keras.Layer):
        attributes = {}
    else:
        attributes = {k: v for k, v in vars(made.operation).items() if k[0] != "_" and k != "name"}
    flat = [told(v) for v in keras.tree.flatten([made.arguments, made.keywords])]
    for name, value in attributes.items():
        flat += [told(v, name in ("newshape", "shape")) for v in keras.tree.flatten(value)]
    return made.name, told(made.tensor), *flat


def differ(one, other):
    """Whether two readings of a step, with other numbers of rows, differ in more than that."""
    return one.surveyed != other.surveyed or _nodes(one) != _nodes(other)


def _nodes(reader):
    """Gates and new states as rows of plain values, in which nodes are numbers."""
    roots = [*reader.gates.values(), *reader.states.values()]
    numbers, rows = {}, [[*reader.gates], [*reader.states]]
    for node in all_of(roots):
        numbers[id(node)] = len(numbers)
        width = "rows" if node.width == reader.batch else node.width
        of = [numbers[id(part)] for part in node.of]
        rows.append([node.kind, node.name, node.index, node.value, width, of])
    return [*rows, [numbers[id(root)] for root in roots]]
