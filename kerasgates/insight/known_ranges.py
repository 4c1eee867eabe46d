"""Ranges of functions by name, and the names that a cell's own methods have in its equations."""

import inspect
import math
import types

import numpy as np
from keras import ops

from kerasgates.core.wrapper import CellWrapper

ANY = -math.inf, math.inf
#: Values at which an activation is tried: near zero, and far out.
PLACES = np.concatenate([np.linspace(-12, 12, 481), [-1e30, -1e4, -100, 100, 1e4, 1e30]])
_BOTH = -1.0, 1.0
_YES_OR_NO = (
    *("bool", "greater", "greaterequal", "less", "lessequal", "equal", "notequal", "isfinite"),
    *("isnan", "isinf", "logicaland", "logicalor", "logicalnot", "logicalxor"),
)
#: Ranges of functions by name.
CALLS = {
    **dict.fromkeys(["σ", "sigmoid", "hardsigmoid", "softmax", *_YES_OR_NO], (0.0, 1.0)),
    **dict.fromkeys(["tanh", "hardtanh", "softsign", "erf", "sin", "cos", "sign"], _BOTH),
}


def _at(function, least=-math.inf):
    """A rising function with what it comes near far out."""
    with np.errstate(all="ignore"):
        return lambda end: float(function(np.float64(max(end, least))))


#: Functions that never fall: their range is from that of the least to that of the largest value.
RISING = {
    "relu": lambda end: max(0.0, end),
    "relu6": lambda end: min(max(0.0, end), 6.0),
    "exp": lambda end: math.exp(end) if end < 700 else math.inf,
    "expm1": lambda end: math.expm1(end) if end < 700 else math.inf,
    "log": lambda end: math.log(end) if end > 0 else -math.inf,
    "log1p": lambda end: math.log1p(end) if end > -1 else -math.inf,
    "softplus": lambda end: float(np.logaddexp(0.0, end)),
    "logsigmoid": lambda end: -float(np.logaddexp(0.0, -end)),
    "sqrt": lambda end: math.sqrt(max(0.0, end)),
    "floor": _at(np.floor),
    "ceil": _at(np.ceil),
    "round": _at(np.round),
}
#: Least values of which functions give numbers: those of anything less give NaN.
LEAST = {"sqrt": 0.0, "log": 0.0, "log1p": -1.0}
#: Functions whose entries depend on those at the same place alone.
ENTRYWISE = {
    *({*CALLS} - {"softmax"}),
    *RISING,
    *("where", "minimum", "maximum", "clip", "abs", "square", "mod", "int"),
}


def range_of(function):
    """The least and the largest value of an activation function of single entries."""
    try:
        values = ops.convert_to_numpy(function(ops.convert_to_tensor(PLACES, "float32")))
    except Exception:
        return ANY
    # A function of all entries, as softmax, gives nothing wrong here.
    return (float(values.min()), float(values.max())) if np.isfinite(values).all() else ANY


def methods_of(cell):
    """Names of the methods that a cell's class or a base of it defines, as equations write them."""
    kind = type(cell)
    members = {n: inspect.getattr_static(kind, n, None) for n in dir(kind)}
    own = [n for n, v in members.items() if isinstance(v, types.FunctionType)]
    return {cell.letters.get(name, name) for name in own if not hasattr(CellWrapper, name)}
