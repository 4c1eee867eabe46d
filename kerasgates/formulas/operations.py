"""Nodes of the operations that Keras has noted of a step: arithmetic, columns, functions."""

import math
from dataclasses import replace

import keras

from kerasgates.formulas.captures import captured, inside
from kerasgates.formulas.nodes import ENTRYWISE as ARITHMETIC_KINDS
from kerasgates.formulas.nodes import TRANSPOSED, Node, all_of, joined, select, total
from kerasgates.formulas.origins import Call, Product, origin
from kerasgates.formulas.rows import mixes_rows, trace_of
from kerasgates.formulas.stand_ins import name_of

#: Kinds of nodes by the operation of Keras.
ARITHMETIC = {
    "Add": "add",
    "Subtract": "subtract",
    "Multiply": "multiply",
    "Divide": "divide",
    "TrueDivide": "divide",
    "Negative": "negative",
    "Power": "power",
}
#: Operations that change no value.
SAME = ("Cast", "ConvertToTensor", "BroadcastTo", "Identity", "ExpandDims", "Squeeze", "Reshape")
#: Operations of Keras that work on each entry.
ENTRYWISE = {"Sigmoid": "σ", "Tanh": "tanh", "Relu": "relu", "Exp": "exp", "Absolute": "abs"}
#: What an operation was made with that no equation shows: axes, and how a loop is run.
HIDDEN = ("axis", "axes", "length", "unroll", "maximum_iterations")
TURNING = ("Transpose", "SwapAxes", "Swapaxes")


def node_of(reader, tensor):
    """The node of a tensor that an operation gave.

    Args:
        reader: the `Reader` of the step, whose own nodes those of the arguments are.
        tensor: symbolic.

    Raises:
        TypeError: if the operation calls a function that cannot be read.
    """
    made = origin(tensor)
    operation, width = made.operation, made.width
    if isinstance(operation, Product):
        return Node("product", (operation.matrix, reader.node(made.arguments[0])), width=width)
    if isinstance(operation, Call):
        of = tuple(reader.node(value) for value in made.arguments)
        how = {"elementwise": operation.elementwise, "weight": operation.learned}
        return Node("call", of, operation.letter, width, index=operation.index, **how)
    if (functions := survey(reader, made)) is not None:
        return _node_of_functions(reader, made, functions)
    read = READ.get(made.name, _call)
    return read(reader, made)


def survey(reader, made):
    """Note where an operation does more than its equation shows; its functions, if any.

    Args:
        reader: the `Reader` of the step, whose `unsure` gets words.
        made: the `Origin` of what it gave.

    Returns:
        What `inside` gives.
    """
    name = made.name.lower()
    reader.surveyed.append(trace_of(made, reader.batch))
    functions = inside(made)
    layer = isinstance(made.operation, keras.Layer)
    if (layer or functions is None) and mixes_rows(made, reader.batch):
        reader.unsure.append(f"{name} across the rows of a batch")
    if layer and made.operation.non_trainable_variables:
        reader.unsure.append(f"{made.name}, which keeps values from one call to the next")
    if layer and functions is None:
        reader.unsure.append(f"{made.name}, which cannot be read")
    if functions is not None and (made.name == "Lambda" or not layer):
        reader.unsure.append(f"{name}, which calls a function")
    return functions


def _node_of_functions(reader, made, functions):
    """The node of an operation that calls functions: of all that these are made of, too."""
    results = keras.tree.flatten(functions.results)
    if made.name == "ForiLoop" and functions.is_exact:
        return reader.node(results[0])
    if functions.is_exact:
        # One of several, and the first says which.
        each = [keras.tree.flatten(result)[made.index] for result in functions.results]
        chosen = reader.node(made.arguments[0])
        of = tuple(reader.node(value) for value in each)
        return Node("call", (chosen, *of), made.name.lower(), made.width)
    given = made.tensors()
    more = captured(results, given, reader.leaves, functions.named, lambda m: survey(reader, m))
    return _call(reader, made, tuple(reader.node(value) for value in more))


def _values(reader, made):
    """Nodes of what an operation was given: of a list that has tensors, each of its own."""
    values = []
    for value in (*made.arguments, *made.keywords.values()):
        several = isinstance(value, (list, tuple, dict))
        parts = keras.tree.flatten(value) if several else [value]
        if several and not any(_is_value(part) for part in parts):
            # Numbers alone: an array, or a shape, which has no tensor.
            parts = [] if any(isinstance(p, (str, bool)) or p is None for p in parts) else [value]
        values += [v for v in parts if not (v is None or isinstance(v, (bool, str)) or callable(v))]
    return values


def _is_value(part):
    return isinstance(part, (keras.KerasTensor, keras.Variable)) or keras.ops.is_tensor(part)


def _same(reader, made):
    """What changes no value: but where it rounds, makes a row of it, or puts it in other places."""
    before, shape = made.arguments[0], tuple(made.tensor.shape)
    first = reader.node(before)
    if made.name == "ExpandDims" and _is_row(shape, before.shape):
        return Node("call", (first,), TRANSPOSED, made.width)
    if made.name in ("Cast", "ConvertToTensor") and (letter := _rounded(before, made.tensor)):
        return Node("call", (first,), letter, made.width, elementwise=True)
    if made.name == "Reshape" and len(shape) == 2 < len(before.shape):
        return _permuted(reader, first)
    return first


def _permuted(reader, node):
    """A node of which entries are in other places, as a vector: no matrix was transposed."""
    if id(node) in reader.turned:
        matrices = [reader.inputs[name] for name in reader.cell.state_shapes]
        rows = [p for p in all_of(node.of) if p in matrices or p.name == TRANSPOSED]
        return node if rows else replace(node, name="permute")
    if node.kind in ARITHMETIC_KINDS or node.elementwise:
        of = tuple(_permuted(reader, part) for part in node.of)
        if any(new is not old for new, old in zip(of, node.of)):
            return replace(node, of=of)
    return node


def _turned(reader, made):
    node = Node("call", (reader.node(made.arguments[0]),), TRANSPOSED, made.width)
    if len(made.tensor.shape) > 2:
        reader.turned.add(id(node))
    return node


def _item(reader, made):
    tensor, key = made.arguments
    first, width = reader.node(tensor), made.width
    if _is_row(tuple(made.tensor.shape), tensor.shape):
        return Node("call", (first,), TRANSPOSED, width)
    if _is_whole(tensor, key):
        return first
    first = _reshaped(first, tensor)
    if isinstance(key, int) and first.kind == "symbol" and first.weight:
        rows = reader.rows.get(first.name)
        name = rows[key] if rows else f"{first.name}{key}"
        return replace(first, name=name, width=width)
    if (columns := _columns_of(key, tensor)) is not None:
        start, _, stride = columns.indices(tensor.shape[-1])
        if stride == 1:
            return select(first, start, start + width, reader.layout)
    return Node("call", (first,), f"[{_key(key)}]", width)


def _reshaped(node, tensor):
    """Columns of what was reshaped are others."""
    if node.width in (1, tensor.shape[-1]):
        return node
    return Node("call", (node,), "reshape", tensor.shape[-1])


def _columns_of(key, tensor):
    """The slice of the last axis that a key is; None where it is more than that."""
    if not (isinstance(key, tuple) and isinstance(key[-1], slice)):
        return None
    others = key[:-1]
    if others == (Ellipsis,) or (len(key) == len(tensor.shape) and _are_all(others)):
        return key[-1]
    return None


def _are_all(key):
    return all(isinstance(one, slice) and one == slice(None) for one in key)


def _key(key):
    """A key as it is written in the code."""
    if isinstance(key, tuple):
        return ", ".join(map(_key, key))
    if key is Ellipsis:
        return "..."
    if not isinstance(key, slice):
        return str(key)
    ends = ["" if end is None else str(end) for end in (key.start, key.stop)]
    return ":".join(ends if key.step is None else [*ends, str(key.step)])


def _split(reader, made):
    tensor, at = made.arguments[0], made.operation.indices_or_sections
    if made.operation.axis not in (-1, len(tensor.shape) - 1):
        return _call(reader, made)
    first = _reshaped(reader.node(tensor), tensor)
    start = made.index * made.width if isinstance(at, int) else [0, *at][made.index]
    return select(first, start, start + made.width, reader.layout)


def _concatenate(reader, made):
    tensors = made.arguments[0]
    if made.operation.axis not in (-1, len(made.tensor.shape) - 1):
        return _call(reader, made)
    known = [reader.cell.kernel_blocks, reader.cell.recurrent_gates]
    return joined([reader.node(part) for part in tensors], made.width, known)


def _arithmetic(reader, made):
    values = _values(reader, made)
    of = tuple(reader.node(value) for value in values)
    if made.name == "Add" and len(total(of)) == 1:
        return total(of)[0]
    # Numbers that scale whole matrices need no sign, either.
    sizes = [tuple(value.shape)[-2:] for value in values if hasattr(value, "shape")]
    scaled = "scaled" if len(made.tensor.shape) > 2 and (1, 1) in sizes else ""
    return Node(ARITHMETIC[made.name], of, scaled, width=made.width)


def _product(reader, made):
    of = tuple(reader.node(value) for value in _values(reader, made))
    # Row vectors in the code, column vectors on paper; a matrix of each row stands first.
    return Node("product", of if len(made.tensor.shape) > 2 else of[::-1], width=made.width)


def _call(reader, made, more=()):
    """The node of any other operation, as a function of its name.

    Args:
        reader, made: as elsewhere.
        more: nodes of what its own functions are made of.
    """
    operation, name = made.operation, made.name
    of = tuple(reader.node(value) for value in _values(reader, made)) + more
    several = isinstance(made.arguments[0], (list, tuple)) if made.arguments else False
    how = {"alike": len(made.arguments[0]) if several else 1}
    outputs = keras.tree.flatten(operation.output)
    index = str(made.index + 1) if len(outputs) > 1 else ""
    if isinstance(operation, keras.Layer):
        letter = reader.letter_of_layer(operation)
        how["weight"] = bool(operation.trainable_weights)
        return Node("call", of, letter, made.width, index=index, **how)
    letter = ENTRYWISE.get(name, name.lower())
    if name == "Sigmoid" and name_of(reader.cell.recurrent_activation) != "sigmoid":
        # σ is another function here.
        letter = "sigmoid"
    # Numbers that an operation was made with, as the bounds of a clip.
    made_with = {k: v for k, v in vars(operation).items() if k not in HIDDEN}
    numbers = keras.tree.flatten([v for k, v in made_with.items() if k[0] != "_" and _is_shown(v)])
    of += tuple(reader.node(v) for v in numbers if not (isinstance(v, bool) or v is None))
    how["elementwise"] = name in ENTRYWISE
    return Node("call", of, letter, made.width, index=index, **how)


def _is_shown(value):
    """Whether what an operation was made with is shown: a number, or anything with a tensor."""
    if isinstance(value, (list, tuple, dict)):
        return any(_is_value(part) for part in keras.tree.flatten(value))
    return isinstance(value, (int, float)) or _is_value(value)


def _is_whole(tensor, key):
    """Whether an item of a tensor has all its entries, in their order."""
    keys = key if isinstance(key, tuple) else (key,)
    steps = {one.step for one in keys if isinstance(one, slice)}
    as_many = math.prod(tensor[key].shape) == math.prod(tensor.shape)
    return as_many and steps <= {None, 1}


def _is_row(shape, before):
    """Whether a vector got an axis that makes it a row, where vectors are columns."""
    return 2 < len(shape) > len(before) and shape[-2] == 1 < shape[-1]


def _rounded(before, after):
    """Name of a type that has fewer numbers than those of a tensor; None where it has not."""
    dtype = keras.backend.standardize_dtype(after.dtype)
    if keras.backend.is_float_dtype(dtype):
        small = "float16" in dtype or "float8" in dtype
        return dtype if small and dtype != before.dtype else None
    if not keras.backend.is_float_dtype(before.dtype):
        return None
    return "bool" if dtype == "bool" else "int"


READ = {
    **dict.fromkeys(ARITHMETIC, _arithmetic),
    **dict.fromkeys(SAME, _same),
    **dict.fromkeys(TURNING, _turned),
    "GetItem": _item,
    "Split": _split,
    "Concatenate": _concatenate,
    "Matmul": _product,
}
