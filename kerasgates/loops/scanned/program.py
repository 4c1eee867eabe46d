"""A step taken apart: what reads inputs alone, what is linear in products, and the rest."""

import jax
from jax import numpy as jnp
from jax.extend.core import Literal

from kerasgates.loops.scanned.operations import Listing

#: Operations that are linear in all their inputs together.
LINEAR = (
    "add",
    "add_any",
    "broadcast_in_dim",
    "concatenate",
    "convert_element_type",
    "copy",
    "neg",
    "reshape",
    "slice",
    "split",
    "squeeze",
    "sub",
    "transpose",
)


class Program:
    """One step as operations of four kinds.

    *Fixed* ones read weights alone, and run once. *Still* ones read the inputs besides, and run
    for many steps at once. *Linear* ones are the products with fixed matrices, and what is linear
    in these and in what is still. All *others*, such as gates, read *sums*: results of linear and
    of still ones.

    Sums are all that a backward pass needs to know besides the states: everything else can be
    computed again without a product. And whatever inputs and weights add to the tangents of sums
    can be computed for many steps at once, and so can its transpose, their gradients.

    Args:
        step: function of a list of inputs and a list of states, which gives new states.
        inputs: of one step: arrays, or their shapes and dtypes.
        states: likewise.

    Attributes:
        fixed: keys of the fixed values that are read at every step.
        moved: those of them that others read.
        kept: keys of the sums with a product in them, which are worth to be kept.
    """

    def __init__(self, step, inputs, states):
        listing = Listing(jax.make_jaxpr(step)(inputs, states))
        self._constants, self._outputs = listing.constants, listing.outputs
        self._inputs = listing.inputs[: len(inputs)]
        self._states = listing.inputs[len(inputs) :]
        fixed, still, linear = self._sort(listing.operations)
        self._fixed = fixed
        outputs = [key for key in self._outputs if not isinstance(key, Literal)]
        others = [*_read_by(self._others), *outputs]
        read = dict.fromkeys([*_read_by(self._still), *_read_by(self._linear), *others])
        self.fixed = [key for key in read if key in fixed]
        self.moved = [key for key in dict.fromkeys(others) if key in fixed]
        self._sums = [key for key in dict.fromkeys(others) if key in linear | still]
        self._seen = [k for k in dict.fromkeys([*_read_by(self._linear), *others]) if k in still]
        self.kept = [key for key in self._sums if key in self._products]

    def _sort(self, operations):
        """Sort operations by their kinds; gives the keys of what is fixed, still and linear."""
        fixed, still, linear = {*self._constants}, {*self._inputs}, set()
        self._before, self._still, self._steps, self._products = [], [], [], set()
        self._linear, self._others = [], []
        for operation in operations:
            operands, results = {*operation.inputs}, {*operation.outputs}
            product = operation.name == "dot_general" and len(operands & fixed) == 1
            sums = operation.name in LINEAR and operands <= fixed | still | linear
            if operands <= fixed:
                fixed |= results
                self._before.append(operation)
                continue
            if operands <= fixed | still:
                still |= results
                self._still.append(operation)
            elif product or sums:
                linear |= results
                self._linear.append(operation)
            else:
                self._others.append(operation)
                product = sums = False
            if not operands <= fixed | still:
                self._steps.append((operation, product or sums))
            if product or (sums and operands & self._products):
                self._products |= results
        return fixed, still, linear

    def fixed_values(self):
        """Values of `fixed`."""
        values = dict(self._constants)
        self._run(self._before, values)
        return [values[key] for key in self.fixed]

    def still_values(self, inputs, fixed):
        """Still values that are read at each step, for inputs `(steps, …)`: each `(steps, …)`."""
        values = {**dict(zip(self.fixed, fixed)), **dict(zip(self._inputs, inputs))}
        self._run(self._still, values, many=True)
        return [values[key] for key in self._seen]

    def __call__(self, still, states, fixed, linear_fixed=None, sum_of=None, many=False):
        """New states, and the sums by key.

        Args:
            still: what is still at this step.
            states: the old states.
            fixed: values of `fixed` for the others.
            linear_fixed: values of `fixed` for linear operations, where they are others.
            sum_of: function of a key and a sum, which gives what is read in its place by others.
            many: whether it is of many steps, whose states are known: all are `(steps, …)`.
        """
        linear_fixed = fixed if linear_fixed is None else linear_fixed
        sums, sum_keys = {}, {*self._sums}
        linear = dict(zip(self.fixed, linear_fixed))
        others = {**dict(zip(self.fixed, fixed)), **dict(zip(self._states, states))}

        def add(keys, results):
            linear.update(zip(keys, results))
            for key in keys:
                if key in sum_keys:
                    sums[key] = linear[key]
                    others[key] = sum_of(key, linear[key]) if sum_of else linear[key]

        add(self._seen, still)
        for operation, is_linear in self._steps:
            if is_linear:
                operands = [linear[k] if k in linear else others[k] for k in operation.inputs]
                add(operation.outputs, self._results(operation, operands, many))
            else:
                self._run([operation], others, many)
        new = [jnp.asarray(k.val) if isinstance(k, Literal) else others[k] for k in self._outputs]
        return new, sums

    def _run(self, operations, values, many=False):
        """Run operations one after the other: their results join the values by key."""
        for operation in operations:
            operands = [values[key] for key in operation.inputs]
            values.update(zip(operation.outputs, self._results(operation, operands, many)))

    def _results(self, operation, read, many):
        if not many:
            return operation(*read)
        return operation.of_many(read, [None if k in self._fixed else 0 for k in operation.inputs])


def traced(step, inputs, states):
    """Trace a step without running it: the shapes of what it gives.

    Args:
        step: function of a list of inputs and a list of states.
        inputs, states: lists of shapes and dtypes.
    """
    described = [[jax.ShapeDtypeStruct(*one) for one in some] for some in (inputs, states)]
    return [result.shape for result in jax.eval_shape(step, *described)]


def _read_by(operations):
    return [key for operation in operations for key in operation.inputs]
