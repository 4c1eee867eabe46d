"""Cells in the style of Keras 2: subclasses of `AbstractRNNCell` that write their own `call`.

    class MinimalCell(kerasgates.AbstractRNNCell):
        def __init__(self, units, **kwargs):
            super().__init__(**kwargs)
            self.units = units
            self.dense = keras.layers.Dense(units)

        @property
        def state_size(self):
            return self.units

        def call(self, inputs, states):
            output = self.dense(inputs) + states[0]
            return output, [output]

`build` may end with `super().build(input_shape)`; where there is none, the layers within are built
for the shapes at hand. `get_initial_state(inputs, batch_size, dtype)` is given the dtype that Keras
2 gave. `get_config` is written by Keras from the arguments, where they can be written.
"""

import functools
import inspect

from kerasgates.core import _keras, arguments


class PlainCell:
    """Mix-in for cells without `gates`: building, config and checks of arguments."""

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        if PlainCell in cls.__bases__:
            return
        start, build = vars(cls).get("get_initial_state"), vars(cls).get("build")
        if start is not None and "dtype" in inspect.signature(start).parameters:
            cls.get_initial_state = _with_dtype(start)
        if build is not None and not cls.gates:
            cls.build = _with_layers_within(build)

    def build_plain(self, input_shape):
        """Mark a cell as built; build the layers inside it unless it has a `build` of its own."""
        if not _overrides(self, "build"):
            _keras.build_layers_within(self, input_shape)
        self.built = True

    def plain_config(self, config):
        """Config of a cell, with its constructor arguments unless it overrides `get_config`."""
        if _overrides(self, "get_config"):
            return config
        return {**config, **_keras.constructor_arguments(self)}

    def refuse_arguments(self, given):
        """Raise for arguments that only cells with `gates` have, in `given` by name."""
        declared = arguments.declared(_base(self)).parameters.values()
        shared = {p.name: p.default for p in declared if p.kind != p.VAR_KEYWORD}
        passed = ("self", "trainable", "name", "dtype")
        unknown = [n for n in shared if n not in passed and given[n] is not shared[n]]
        if unknown := sorted([*unknown, *given["of_roles"]]):
            step = " It has `step` and no `gates`: forgot them?" if _overrides(self, "step") else ""
            raise TypeError(f"{type(self).__name__} has no arguments {unknown}.{step}")


def _base(cell):
    """AbstractRNNCell: the class in a cell's lineage that has `PlainCell` as a direct base."""
    return next(cls for cls in type(cell).__mro__ if PlainCell in cls.__bases__)


def _overrides(cell, method):
    return getattr(type(cell), method) is not getattr(_base(cell), method)


def _with_layers_within(function):
    """Wrap a cell's `build` so that it also builds the layers inside that it left unbuilt."""

    @functools.wraps(function)
    def build(self, *args, **kwargs):
        function(self, *args, **kwargs)
        if type(self).build is build:
            (input_shape,) = (*args, *kwargs.values())
            _keras.build_layers_within(self, input_shape)

    return build


def _with_dtype(function):
    """Wrap `get_initial_state` to pass the dtype that Keras 2 passed and Keras 3 does not."""
    signature = inspect.signature(function)

    @functools.wraps(function)
    def get_initial_state(self, *args, **kwargs):
        bound = signature.bind(self, *args, **kwargs)
        if bound.arguments.get("dtype") is None:
            bound.arguments["dtype"] = self.compute_dtype
        return function(*bound.args, **bound.kwargs)

    return get_initial_state
