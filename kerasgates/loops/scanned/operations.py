"""A function of tensors as a list of operations, read from its jaxpr."""

import jax
from jax import lax
from jax.extend.core import ClosedJaxpr, Literal, jaxpr_as_fun

#: Calls of functions that are traced apart; what they call is as if written in their place.
CALLS = ("jit", "pjit")


class Operation:
    """One operation.

    Args:
        jaxpr: of which it is a part.
        equation: of it.
        inputs: each the key of a value, or a `Literal`.
        outputs: keys of its results.

    Attributes:
        name: of its primitive.
        parameters: of its primitive, by name.
        inputs: keys of values, without what is a `Literal`.
        count: how many inputs there are with those.
        shape: of the first input.
    """

    def __init__(self, jaxpr, equation, inputs, outputs):
        self.name, self.parameters = equation.primitive.name, equation.params
        self.count, self.outputs = len(inputs), outputs
        self.shape = tuple(getattr(equation.invars[0].aval, "shape", ())) if inputs else ()
        self.inputs = tuple([v for v in inputs if not isinstance(v, Literal)])
        # Values of literals stand in what is called, for a literal of another jaxpr, too.
        here = [
            outer if isinstance(outer, Literal) else inner
            for inner, outer in zip(equation.invars, inputs)
        ]
        self.rank = len(getattr(equation.invars[-1].aval, "shape", ())) if inputs else 0
        operands = [v for v in here if not isinstance(v, Literal)]
        equation = equation.replace(invars=here)
        alone = jaxpr.replace(
            constvars=(),
            invars=operands,
            outvars=equation.outvars,
            eqns=[equation],
            effects=equation.effects,
        )
        self._function = jaxpr_as_fun(ClosedJaxpr(alone, ()))

    def __call__(self, *values):
        """The results, a list, for values of `inputs`."""
        return self._function(*values)

    def of_many(self, values, axes):
        """The results for values of many steps: those with axis 0, the others with None."""
        if self.is_product and axes == [0, None]:
            # One product of all rows, whose transpose XLA takes as it is.
            value, matrix = values
            rows = value.reshape(-1, value.shape[-1])
            result = lax.dot_general(rows, matrix, **self._of_product())
            return [result.reshape(*value.shape[:-1], result.shape[-1])]
        return jax.vmap(self, axes)(*values)

    @property
    def is_product(self):
        """Whether it is the product of a matrix of values with a matrix."""
        usual = (((1,), (0,)), ((), ()))
        return (
            self.name == "dot_general"
            and tuple(map(tuple, self.parameters["dimension_numbers"][0])) == usual[0]
            and len(self.shape) == 2
            and self.rank == 2
        )

    def _of_product(self):
        names = "dimension_numbers", "precision", "preferred_element_type"
        return {name: self.parameters[name] for name in names}


class Split:
    """Split of a value along its last axis, in place of slices: one gradient for all of them.

    The gradient of each slice by itself is as wide as the whole, with zeros around it.

    Args:
        key: of the value.
        sizes: of the parts.
        outputs: keys of the parts.
    """

    name, parameters, count = "split", {}, 1

    def __init__(self, key, sizes, outputs):
        self.inputs, self.outputs, self._sizes = (key,), outputs, sizes

    def __call__(self, value):
        return lax.split(value, self._sizes, axis=value.ndim - 1)

    def of_many(self, values, axes):
        """The results for values of many steps, as of `Operation.of_many`."""
        return self(*values)


class Listing:
    """The operations of a function of tensors, calls laid out.

    Args:
        closed: its `ClosedJaxpr`.

    Attributes:
        operations: a list of `Operation`.
        constants: by key what the function reads besides its arguments.
        inputs, outputs: keys of arguments and of results; a result may be a `Literal`.
    """

    def __init__(self, closed):
        self.operations, self.constants, self._count = [], {}, 0
        self.inputs = [self._key() for _ in closed.jaxpr.invars]
        self.outputs = self._lay_out(closed, self.inputs)
        self._join_slices()

    def _key(self):
        self._count += 1
        return self._count

    def _lay_out(self, closed, inputs):
        keys = dict(zip(closed.jaxpr.invars, inputs))
        for variable, constant in zip(closed.jaxpr.constvars, closed.consts):
            keys[variable] = key = self._key()
            self.constants[key] = constant

        def key_of(variable):
            return variable if isinstance(variable, Literal) else keys[variable]

        for equation in closed.jaxpr.eqns:
            operands = tuple([key_of(v) for v in equation.invars])
            if equation.primitive.name in CALLS:
                results = self._lay_out(equation.params["jaxpr"], operands)
            else:
                results = [self._key() for _ in equation.outvars]
                self.operations.append(Operation(closed.jaxpr, equation, operands, tuple(results)))
            keys.update(zip(equation.outvars, results))
        return [key_of(v) for v in closed.jaxpr.outvars]

    def _join_slices(self):
        """Put a `Split` in the place of all slices of columns of a value that do not overlap."""
        slices = {}
        for operation in self.operations:
            if (columns := _columns(operation)) is not None:
                slices.setdefault(operation.inputs[0], []).append((*columns, operation))
        for key, pieces in slices.items():
            pieces = sorted(pieces, key=lambda one: one[:2])
            split = self._split(key, pieces)
            if len(pieces) > 1 and split is not None:
                joined = [operation for *_, operation in pieces]
                first = min(map(self.operations.index, joined))
                self.operations[first] = split
                self.operations = [op for op in self.operations if op not in joined]

    def _split(self, key, slices):
        """The `Split` of a value at slices of it, in their order; None where they overlap."""
        sizes, outputs, at = [], [], 0
        (width,) = {operation.shape[-1] for *_, operation in slices}
        for start, stop, operation in slices:
            if start < at:
                return None
            if start > at:
                sizes.append(start - at)
                outputs.append(self._key())
            sizes.append(stop - start)
            outputs += operation.outputs
            at = stop
        if at < width:
            sizes.append(width - at)
            outputs.append(self._key())
        return Split(key, tuple(sizes), tuple(outputs))


def _columns(operation):
    """First column and the one after the last of a slice along the last axis; else None."""
    if operation.name != "slice":
        return None
    shape, parameters = operation.shape, operation.parameters
    start, stop = parameters["start_indices"], parameters["limit_indices"]
    strides = parameters["strides"] or (1,) * len(shape)
    rows = not any(start[:-1]) and tuple(stop[:-1]) == shape[:-1]
    return (start[-1], stop[-1]) if rows and {*strides} == {1} else None
