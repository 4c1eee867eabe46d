"""Ranges of functions by name, and the names that a cell's own methods have in its equations."""

import inspect
import math
import types

import numpy as np

from kerasgates.core.wrapper import CellWrapper

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


def methods_of(cell):
    """Names of the methods that a cell's class or a base of it defines, as equations write them."""
    kind = type(cell)
    members = {n: inspect.getattr_static(kind, n, None) for n in dir(kind)}
    own = [n for n, v in members.items() if isinstance(v, types.FunctionType)]
    return {cell.letters.get(name, name) for name in own if not hasattr(CellWrapper, name)}
