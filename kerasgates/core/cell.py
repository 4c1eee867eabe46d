"""AbstractRNNCell, the base class of all recurrent cells, which Keras 2 had and Keras 3 lacks."""

import inspect
import math
from typing import Any

import keras
from keras import ops

from kerasgates.core import arguments, checks, declarations, layout, operations
from kerasgates.core.blocks import Blocks, Kernel
from kerasgates.core.dropout import SequenceDropout
from kerasgates.core.plain_cell import PlainCell
from kerasgates.core.products import Products
from kerasgates.core.registry import CELLS as CELLS
from kerasgates.core.registry import register as register
from kerasgates.core.states import CellStates
from kerasgates.core.weights import GateWeights

# A Keras that offers AbstractRNNCell again finds ours to be an instance of it.
_Layer: Any = getattr(keras.layers, "AbstractRNNCell", keras.layers.Layer)


class AbstractRNNCell(SequenceDropout, Products, GateWeights, CellStates, PlainCell, _Layer):
    """Base class of recurrent cells: three declarations and one function.

        @kerasgates.register
        class MyCell(kerasgates.AbstractRNNCell):
            gates = ("z", "n")         # column blocks of kernel, recurrent_kernel and bias
            states = ("h",)            # the first one is the output

            def step(self, Wx, U, h):
                z, n = Wx + h @ U
                z = self.recurrent_activation(z)
                h = z * h + (1 - z) * self.activation(n)
                return (h,), {"z": z}

    In `step`, `Wx` holds W x + b of every gate and `U` the recurrent weights, both with
    blocks by name (see `kerasgates.core.blocks`); then come the old states. It returns the new
    states and, by name, the values of the gates. Time, masks, dropout, mixed precision
    and speed are outside.

    What a subclass may declare or override:

    * `inputs`, `recurrent_gates`, `biased_gates`: which gates have columns in `kernel`, in
      `recurrent_kernel` and in `bias`, where not all have. The input itself is the block `"x"`:
      with `inputs = ("z", "x")`, `step` finds it in `Wx.x`. The block of a gate that has a bias
      alone is that bias.
    * `widths`: numbers of entries of the blocks that have not `units`, such as
      `{"f": 1, "q": "heads"}`: a number, or the name of an attribute of the cell that is one.
    * `state_shapes`: shapes of the states that are matrices in `step`, one or several side by
      side, such as `{"C": ("heads", "rows", "columns")}`: numbers, or names of attributes. Outside
      `step` their entries lie in one row.
    * `replacing_gates`: those of the gates f and z that replace the old state where they are open.
      Their biases start lowered where others' start raised.
    * `without`: names of shared arguments that the cell does not have.
    * `output_name`: the state, or the value returned by `step`, that is the output.
    * `roles`: kinds of further weights with their default initialisers, such as
      `{"peephole": "glorot_uniform"}`; each brings the arguments `peephole_initializer`,
      `peephole_regularizer` and `peephole_constraint`.
    * `descriptions`: a sentence about each argument of the class's own, and the name of each
      role, such as `{"peephole": "peepholes p"}`; an `Args:` section of its docstring does as well.
    * `letters`: how equations write weights, roles, numbers among the arguments, and methods, such
      as `{"peephole": "p", "leaky": "α", "layer_norm": "LN"}`; a tuple for a weight with rows.
    * `example`: values of required arguments that are no numbers of entries, by which tools make
      a cell of the class.
    * `repeats`: the argument that says how often a step goes round its equations; these and
      pictures are then of one round.
    * `operator`: the network that the cell is with other weights and that libraries have as one
      operation, `"LSTM"`, `"GRU"` (which resets after the product) or `"RNN"`, and what its gates
      i f g o, z r n or h are: `("LSTM", "-f f g 1")` has 1 − f for i and an o that is always open.
      A subclass does not inherit it.
    * `own_recurrent = True`: `build` makes weights of the role `"recurrent"`, in place of a
      `recurrent_kernel` or beside it.
    * `frozen = True`: weights that are never trained.
    * `sibling`: `(argument, value, name)`, an argument by which Keras tells two cells apart: the
      class stands for `value` alone, and is made into the cell of that name by the other value.
    * `keras_only`: arguments that Keras's cell has and that have no effect here, such as
      `implementation`.
    * `kernel_shape(features)`, `recurrent_kernel_shape()`, `bias_shape()`: None for no such weight.
    * `project(inputs)`: whatever can be computed from the input without the state.
    * `build(input_shape)`: further weights, with `add_role_weight`.
    * `state_size`, where not every state has `units` entries: a list, whose entries may be made of
      `features`, which is None before building.

    A class without `gates` is a cell in the style of Keras 2: it defines `call` and `state_size`
    itself, and calls `super().__init__(**kwargs)`; see `kerasgates.core.plain_cell`.

    Attributes after building: `kernel (features, gates · units)`,
    `recurrent_kernel (units, gates · units)`, `bias (gates · units,)`, with column blocks
    in the order of `gates`; or those of `inputs`, `recurrent_gates`, `biased_gates` and `widths`.

    Raises:
        ValueError: if an argument has an impossible value.
        TypeError: if the cell has no argument of that name.
    """

    gates: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    roles: dict[str, Any] = {}
    descriptions: dict[str, str] = declarations.ROLES
    letters: dict[str, str | tuple[str, ...]] = declarations.LETTERS
    example: dict[str, Any] = {}
    repeats: str | None = None
    output_name: str | None = None
    operator: tuple[str, str] | None = None
    frozen = False
    keras_only: tuple[str, ...] = ()
    sibling: tuple[str, bool, str] | None = None
    own_text = ""
    #: Whether the class overrides `parametrise`.
    parametrised = False

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        own = dict(vars(cls))
        cls.parametrised = cls.parametrise is not AbstractRNNCell.parametrise
        text, described = declarations.described_in(own.get("__doc__"))
        declarations.gather(cls, described)
        if not cls.gates:
            return
        checks.check_class(cls, own)
        layout.declare(cls, own)
        without = arguments.absent(cls, AbstractRNNCell)
        signature = arguments.signature(cls, AbstractRNNCell, without, cls.roles)
        cls.__signature__ = arguments.OfClass(signature)
        declarations.check_names(cls, own)
        if "__init__" in vars(cls):
            cls.__init__ = arguments.by_name(cls.__init__)
        cls.own_text = text or cls.__name__
        lines = declarations.describe(cls.__signature__.parameters.values(), cls.descriptions)
        example = ""
        if cls.__module__.startswith("kerasgates."):
            example = f"Example:\n\n    >>> layer = kg.RNN({declarations.as_made(cls)})\n\n"
        cls.__doc__ = f"{cls.own_text}\n\n{example}Args:\n{lines}"

    def __new__(cls, *args, **kwargs):
        if cls.gates:
            if other := arguments.sibling(cls, kwargs):
                return CELLS[other](*args, **kwargs)
            arguments.bind(cls, args, kwargs)
        return super().__new__(cls, *args, **kwargs)

    @arguments.by_name
    def __init__(
        self,
        units=inspect.Parameter.empty,  # left out only by cells without `gates`
        activation="tanh",
        recurrent_activation="sigmoid",
        use_bias=True,
        kernel_initializer="glorot_uniform",
        recurrent_initializer="orthogonal",
        bias_initializer="zeros",
        unit_forget_bias=True,
        kernel_regularizer=None,
        recurrent_regularizer=None,
        bias_regularizer=None,
        kernel_constraint=None,
        recurrent_constraint=None,
        bias_constraint=None,
        dropout=0.0,
        recurrent_dropout=0.0,
        seed=None,
        *,
        output_activation=None,
        initial_forget_bias=None,
        initial_update_bias=0.0,
        trainable=True,
        name=None,
        dtype=None,
        **of_roles,
    ):
        given = dict(locals())
        of_layer = {k: of_roles.pop(k) for k in arguments.OF_EVERY_LAYER if k in of_roles}
        super().__init__(trainable=trainable, name=name, dtype=dtype, **of_layer)
        if not self.gates:
            self.refuse_arguments(given)
            return
        owner = type(self).__name__
        for argument in self.keras_only:
            value = of_roles.pop(argument, arguments.OF_KERAS[argument][0])
            setattr(self, argument, arguments.of_keras(argument, value, owner))
        if self.sibling:
            argument, value, _ = self.sibling
            setattr(self, argument, of_roles.pop(argument, value))
        self.units = arguments.positive_int("units", units, owner)
        self.use_bias = arguments.boolean("use_bias", use_bias, owner)
        unit_forget_bias = arguments.boolean("unit_forget_bias", unit_forget_bias, owner)
        # A cell that has not the argument has not what it does, either.
        has = type(self).__signature__.parameters
        self.unit_forget_bias = unit_forget_bias and "unit_forget_bias" in has
        self.initial_forget_bias = arguments.forget_bias(initial_forget_bias, given, owner)
        self.initial_update_bias = arguments.number(
            "initial_update_bias", initial_update_bias, owner, math.isfinite, "that is finite"
        )
        self.init_dropout(dropout, recurrent_dropout, seed)
        self._read_arguments(
            activation=activation,
            recurrent_activation=recurrent_activation,
            output_activation=activation if output_activation is None else output_activation,
            kernel_initializer=kernel_initializer,
            recurrent_initializer=recurrent_initializer,
            bias_initializer=bias_initializer,
            kernel_regularizer=kernel_regularizer,
            recurrent_regularizer=recurrent_regularizer,
            bias_regularizer=bias_regularizer,
            kernel_constraint=kernel_constraint,
            recurrent_constraint=recurrent_constraint,
            bias_constraint=bias_constraint,
            **{**arguments.of_roles(self.roles), **of_roles},
        )

    def _read_arguments(self, **values):
        """Set each argument as an attribute: names become functions, initialisers and so on."""
        for name, value in values.items():
            setattr(self, name, arguments.read(name, value))
            if arguments.by_block(name, value):
                self.check_blocks(name, value)

    # ---------------------------------------------------------------- building

    def build(self, input_shape) -> None:
        """Create the weights; a cell with further ones calls `super().build(input_shape)` first.

        Args:
            input_shape: `(batch, features)`; the batch size may be None.

        Raises:
            ValueError: if it has other axes, or no known number of features.
        """
        if not self.gates:
            self.build_plain(input_shape)
            return
        if len(input_shape) != 2 or input_shape[-1] is None:
            raise ValueError(
                f"{type(self).__name__} reads one step, an input of shape (batch, features) with "
                "a known number of features (in an RNN layer: (batch, time, features)). "
                f"Received: input_shape={tuple(input_shape)}"
            )
        self.build_weights(input_shape[-1])
        checks.check_sizes(self)
        self.built = True

    # ---------------------------------------------------------------- one step

    def step(self, Wx: Blocks, U: Kernel, *states: Any):
        """The equations of one step.

        Args:
            Wx: `Blocks` `(batch, gates · units)`, what `project` made of the input.
            U: `Kernel`, the recurrent weights.
            *states: the old states, each `(batch, entries)`, or of its shape in `state_shapes`.

        Returns:
            The tuple of new states, and a dict of gate values by name.

        Raises:
            NotImplementedError: if the class has `gates` and does not define it.
        """
        raise NotImplementedError(f"{type(self).__name__} must define `step(Wx, U, *states)`.")

    def step_projected(self, projected, U, states):
        """One step from a projected input.

        The step computes in the dtype of the variables, so that under mixed precision
        memory accumulates in single precision; each new state comes back in the dtype of the old.

        Args:
            projected: what `project` made of the input, as a tensor or as `Blocks`.
            U: what `recurrent` gives.
            states: list of old states.

        Returns:
            output `(batch, output_size)`, list of new states, dict of gate values.
        """
        wide = self.variable_dtype
        blocks = projected
        if not isinstance(projected, Blocks):
            names, widths, columns = self._projected_layout or self.projected_layout
            if projected.shape[-1] != columns:
                self.check_columns(projected, columns)
            blocks = Blocks(operations.cast(projected, wide), names, widths)
        old = [operations.cast(state, wide) for state in states]
        try:
            result = self.step(blocks, U, *(self.in_shape(old) if self.state_shapes else old))
        except Exception as error:
            checks.check_entries(self, old, error)
            raise
        new, values = checks.state_and_values(self, result, len(states))
        named = {**values, **dict(zip(self.states, new))}
        shown = self.output_name or self.states[0]
        if shown not in named:
            raise ValueError(
                f"{type(self).__name__}.step must return its output {shown!r} as a state or a "
                f"value. Received: {sorted(named)}"
            )
        output = named[shown]
        new = self.in_rows(new) if self.state_shapes else new
        new = [operations.cast(value, old.dtype) for value, old in zip(new, states)]
        return operations.cast(output, self.compute_dtype), new, values

    def call(self, inputs, states, training=False):
        """One step.

        Args:
            inputs: `(batch, features)`.
            states: a list of tensors `(batch, entries)` in the order of `states`, or the
                tensor itself where there is one state.
            training: whether dropout is applied.

        Returns:
            output `(batch, output_size)`, and the new states: a list, or a tensor where the
            old state came as one.

        Raises:
            ValueError: if the number or a shape of the states or the input does not fit.
        """
        if not self.gates:
            raise NotImplementedError(f"{type(self).__name__} must define `call` or `gates`.")
        old = list(states) if isinstance(states, (list, tuple)) else [states]
        checks.check_built(self)
        inputs = operations.of_width(inputs, self.features)
        self.check_states(old, inputs.shape[0])
        drawn = self.draw_dropout(ops.shape(inputs)[0]) if training else False
        if training and self.noise_columns:
            inputs = self.with_noise(inputs)
        try:
            projected = self.project(self.drop_inputs(inputs, training))
            output, new, _ = self.step_projected(projected, self.recurrent(training), old)
        finally:
            if drawn:
                self.forget_dropout()
        return output, new if isinstance(states, (list, tuple)) else new[0]

    # ---------------------------------------------------------------- checks and config

    def check_features(self, inputs):
        """Raise unless the last axis of `inputs` is what the kernel was built for."""
        if inputs.shape[-1] != self.features:
            raise ValueError(
                f"{type(self).__name__} was built for inputs of {self.features} features. "
                f"Received: inputs of shape {tuple(inputs.shape)}"
            )

    def get_config(self):
        config = super().get_config()
        if not self.gates:
            return self.plain_config(config)
        for name in type(self).__signature__.parameters:
            if name not in config:
                config[name] = arguments.write_attribute(self, name)
        for name in self.keras_only:
            if getattr(self, name) != arguments.OF_KERAS[name][0]:
                config[name] = getattr(self, name)
        return config if self.autocast else {**config, "autocast": False}
