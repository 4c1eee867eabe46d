"""Operations that call a function: what the function captures is an argument like any other.

Keras notes what an operation is given, not what a function reads by its closure. So the function is
called once more with symbols, when the operation is, and what its result is made of is followed
back.
"""

import operator
from dataclasses import dataclass, field

import keras

from kerasgates.formulas.origins import Call, Product, origin
from kerasgates.formulas.recording import recorded

#: Most rounds of a loop that are written out.
ROUNDS = 8


@dataclass
class Inside:
    """What an operation does by the functions that it was given.

    Attributes:
        results: what they return, made of symbolic tensors.
        functions: the functions.
        is_exact: whether the operation gives just one of the results.
        named: tensors that names in the functions stood for.
    """

    results: list = field(default_factory=list)
    functions: list = field(default_factory=list)
    is_exact: bool = False
    named: list = field(default_factory=list)


def inside(origin):
    """The `Inside` of an operation; None where it calls no function of its user's.

    Args:
        origin: the `Origin` of a tensor.

    Raises:
        TypeError: if its function cannot be called with symbols.
    """
    kept = recorded(origin.tensor)
    found = kept[0] if kept else read_at_once(*origin.called)
    if isinstance(found, TypeError):
        raise found
    return found


def read_at_once(operation, arguments, keywords):
    """The `Inside` of an operation, None where it has none, or the error that there was."""
    name = type(operation).__name__
    if isinstance(operation, (Call, Product)):
        return None
    read = READ.get(name) if _is_keras(operation) else None
    if read is None and not _is_opaque(operation, arguments, keywords):
        return None
    try:
        found = (read or _called)(operation, *arguments, **keywords)
        found.named = [t for function in found.functions for t in _read_by_name(function)]
    except Exception as error:
        if isinstance(operation, keras.Layer) and _is_keras(operation) and name != "Lambda":
            # A layer of Keras's own that asks for values: it captures nothing.
            return None
        wrong = TypeError(
            f"{name} calls a function that cannot be read with symbols: "
            f"{type(error).__name__}: {error}"
        )
        wrong.__cause__ = error
        return wrong
    return found


def _is_keras(operation):
    return type(operation).__module__.partition(".")[0] == "keras"


def _is_opaque(operation, arguments, keywords):
    """Whether an operation is not Keras's, is a layer, or has a function among its arguments."""
    if isinstance(operation, keras.Layer) or not _is_keras(operation):
        return True
    values = *arguments, *keywords.values(), *vars(operation).values()
    # Of Keras's own functions, as the type of an argument, nothing is captured.
    return any(callable(v) and not isinstance(v, type) for v in keras.tree.flatten(values))


def _called(operation, *arguments, **keywords):
    """The `Inside` of a layer, or of an operation of the user's."""
    if type(operation).__module__.startswith("keras.") and not isinstance(operation, keras.Layer):
        raise TypeError("it is not known how the function is called")
    functions = [f for f in vars(operation).values() if callable(f)]
    return Inside([operation.call(*arguments, **keywords)], functions)


def _fresh(value, start=0):
    """Symbols in the place of tensors, without their first axes if `start` is more than 0."""

    def one(tensor):
        shape = getattr(tensor, "shape", ())[start:]
        return keras.KerasTensor(shape, dtype=getattr(tensor, "dtype", "float32"))

    return keras.tree.map_structure(one, value)


def _fori_loop(operation, value):
    body = operation.body_fun
    try:
        numbers = range(operator.index(operation.lower), operator.index(operation.upper))
    except TypeError:
        numbers = None
    if numbers is None or len(numbers) > ROUNDS:
        index = keras.KerasTensor((), dtype="int32")
        return Inside([body(index, _fresh(value))], [body])
    for number in numbers:
        value = body(number, value)
    return Inside([value], [body], is_exact=True)


def _while_loop(operation, values):
    fresh = _fresh(values)
    several = isinstance(values, (list, tuple))
    functions = [operation.cond, operation.body]
    return Inside([f(*fresh) if several else f(fresh) for f in functions], functions)


def _map(operation, function, values):
    return Inside([function(_fresh(values, 1))], [function])


def _vectorized_map(operation, values):
    return _map(operation, operation.function, values)


# How it is run, which the next two do not need, Keras 3.10 hands to the call of an operation.
def _scan(operation, function, first, values=None, *how):
    rows = None if values is None else _fresh(values, 1)
    return Inside([function(_fresh(first), rows)], [function])


def _associative_scan(operation, function, values, *how):
    return Inside([function(_fresh(values), _fresh(values))], [function])


def _cond(operation, chosen, *functions):
    return Inside([function() for function in functions], [*functions], is_exact=True)


def _switch(operation, chosen, functions, *values):
    return Inside([function(*values) for function in functions], [*functions], is_exact=True)


READ = {
    "ForiLoop": _fori_loop,
    "WhileLoop": _while_loop,
    "Map": _map,
    "VectorizedMap": _vectorized_map,
    "Scan": _scan,
    "AssociativeScan": _associative_scan,
    "Cond": _cond,
    "Switch": _switch,
}


def captured(results, given, leaves, named=(), visit=None):
    """Tensors that results are made of beside those that are given.

    Args:
        results: what functions returned.
        given: tensors behind which nothing is looked for.
        leaves: ids of the tensors that stand for values of the cell.
        named: tensors that are taken as they are, and not what these are made of.
        visit: function of the `Origin` of each tensor on the way.

    Returns:
        A list of tensors, each once, as they are come by.
    """
    stop = {id(tensor) for tensor in given}
    named = {id(tensor) for tensor in named}
    found, seen = {}, set()
    ahead = _tensors(results)[::-1]
    while ahead:
        tensor = ahead.pop()
        if id(tensor) in seen or id(tensor) in stop:
            continue
        seen.add(id(tensor))
        if id(tensor) in named or id(tensor) in leaves:
            found[id(tensor)] = tensor
        elif (made := origin(tensor)) is not None:
            if visit is not None:
                visit(made)
            ahead += made.tensors()[::-1]
            if (more := inside(made)) is not None:
                ahead += _tensors(more.results)
    return list(found.values())


def _tensors(values):
    return [v for v in keras.tree.flatten(values) if isinstance(v, keras.KerasTensor)]


def _read_by_name(function, depth=4):
    """Symbolic tensors in the closure of a function, and of functions in it."""
    cells = getattr(function, "__closure__", None) or ()
    defaults = getattr(function, "__defaults__", None) or ()
    values = [*defaults]
    for cell in cells:
        try:
            values.append(cell.cell_contents)
        except ValueError:
            # A name without a value yet.
            continue
    tensors = []
    for value in keras.tree.flatten(values):
        if isinstance(value, keras.KerasTensor):
            tensors.append(value)
        elif depth and callable(value):
            tensors += _read_by_name(value, depth - 1)
    return tensors
