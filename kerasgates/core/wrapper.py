"""A cell around a cell: the base of wrappers, whose `step` changes what the inner one gives."""

import inspect

import keras
from keras import ops

from kerasgates.core import arguments, declarations
from kerasgates.core._keras import cells_within, takes_training
from kerasgates.core.cell import AbstractRNNCell
from kerasgates.core.layout import unequal

#: Arguments of every layer; the dtype is that of the inner cell.
_OF_LAYERS = {"trainable": True, "name": None}


class CellWrapper(AbstractRNNCell):
    """Base class of wrappers: a cell that is made of another cell, and changes its step.

        class Halved(kerasgates.CellWrapper):
            def step(self, Wx, U, *states):
                new, values, output = self.inner_step(Wx, U, states)
                return tuple(state / 2 for state in new), values

    Gates, states, blocks and weights are those of the inner cell, under the names that they have
    there, and so is what `step` gets; `inner_step` makes one step of it. Time, masks, dropout,
    precision, loops, traces and exports treat the whole as one cell.

    What a wrapper may add:

    * `own_blocks`: blocks of `Wx` behind those of the inner cell: their numbers of entries by
      name. `project_own` computes them, from the input and from what was drawn for this step.
    * `own_noise`: how many numbers it draws for each row and step in training; `draw_own` draws
      them, before the loop and for all steps at once.
    * `keeps_inputs = True`: `project_own` gets the input as it was before dropout.
    * `own_states`: numbers of entries of further states by name; they come last.
    * `output_name` and `output_size`, where the output is one of the values that `step` returns.
    * `build_weights(features)`: further weights, with `add_weight(…, autocast=False)`.
    * `parametrise(U, training)`: recurrent weights made of those that are trained.
    * `letters`: as of every cell.

    Args:
        cell: a cell with `gates`, which may be wrapped itself.

    Raises:
        ValueError: if `cell` is anything else.
        TypeError: if the wrapper has no argument of that name.
    """

    keeps_inputs = False

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        cls.parametrised = cls.parametrise is not CellWrapper.parametrise
        _describe(cls)

    def __new__(cls, *args, **kwargs):
        arguments.bind(cls, args, kwargs)
        return super().__new__(cls)

    def __init__(self, cell, **kwargs):
        ours = isinstance(cell, AbstractRNNCell) and bool(cell.gates)
        if not ours or type(cell).call is not AbstractRNNCell.call:
            raise ValueError(
                f"Argument `cell` of {type(self).__name__} must be a cell of kerasgates, such as "
                "kerasgates.LSTMCell(32), or one that is made like them: with `gates` and "
                f"`step`. Received: cell={cell!r}"
            )
        super().__init__(dtype=cell.dtype_policy, **kwargs)
        self.cell = cell
        for name in ("gates", "inputs", "recurrent_gates", "biased_gates", "replacing_gates"):
            setattr(self, name, getattr(cell, name))
        self.units, self.output_name, self.roles = cell.units, cell.output_name, cell.roles
        self.letters = {**cell.letters, **type(self).letters}
        self.parametrised = cell.parametrised or type(self).parametrised

    def build_weights(self, features) -> None:
        """Build the inner cell for inputs `(batch, features)`; a wrapper's own weights go here.

        A wrapper that overrides it calls `super().build_weights(features)` first.

        Args:
            features: number of features of the input.
        """
        if not self.cell.built:
            self.cell.build((None, features))
        self.features = features
        self.lay_out()

    # ---------------------------------------------------------------- one step

    def inner_step(self, Wx, U, states):
        """One step of the inner cell.

        Args:
            Wx, U: as `step` got them.
            states: the old states; those behind the inner cell's are left out.

        Returns:
            List of the new states of the inner cell, its gate values by name, and its output.
        """
        if len(Wx.names) > len(self.cell.projected_blocks):
            Wx = Wx[" ".join(self.cell.projected_blocks)]
        old = states[: len(self.cell.states)]
        if self.cell.state_shapes:
            new, values = self.cell.step(Wx, U, *self.cell.in_shape(old))
            new = self.cell.in_rows(new)
        else:
            new, values = self.cell.step(Wx, U, *old)
        named = {**values, **dict(zip(self.cell.states, new))}
        return list(new), dict(values), named[self.cell.output_name or self.cell.states[0]]

    def step(self, Wx, U, *states):
        """One step, as of every cell; the base's own is that of the inner cell."""
        new, values, _ = self.inner_step(Wx, U, states)
        return tuple(new), values

    def project(self, inputs):
        """Projection `Wx` of the inner cell, and the blocks that the wrapper adds.

        Args:
            inputs: `(…, features)`, or in training what `drop_inputs` gave.
        """
        x, features, noise = inputs[..., : self.features], inputs.shape[-1], None
        inner = inputs
        if features != self.features:
            start = self.cell.wide_features
            inner, own = inputs[..., :start], inputs[..., start:]
            noise = own[..., : self.own_noise] if self.own_noise else None
            x = own[..., self.own_noise :] if self._keeps else x
        parts = [self.cell.project(inner), *self.project_own(x, noise)]
        parts = [ops.cast(part, self.compute_dtype) for part in parts]
        return ops.concatenate(parts, axis=-1) if len(parts) > 1 else parts[0]

    def project_own(self, x, noise):
        """The tensors of `own_blocks`, in their order.

        Args:
            x: the input `(…, features)`.
            noise: what was drawn, `(…, own_noise)`; None outside training.

        Returns:
            List of tensors `(…, entries)`, a tensor for each block.
        """
        return []

    def recurrent(self, training=False):
        """The recurrent weights as `step` gets them: those of the inner cell."""
        if any(type(cell).recurrent not in PLAIN_RECURRENT for cell in lineage(self)):
            return self.cell.recurrent(training)
        return super().recurrent(training)

    def parametrise(self, U, training=False):
        """The recurrent weights that steps multiply by, made of those that are trained.

        As of every cell; a wrapper that overrides it begins with what `super()` gives.
        """
        return self.cell.parametrise(U, training)

    # ---------------------------------------------------------------- blocks, states, weights

    @property
    def own_blocks(self):
        """Entries of the blocks of `Wx` that the wrapper adds, by name.

        Returns:
            Dict of numbers, such as `{"t": 32}`; the blocks are behind those of the inner cell.
        """
        return {}

    @property
    def own_states(self):
        """Entries of the states that the wrapper adds, by name.

        Returns:
            Dict of numbers, such as `{"q": 32}`; the states are behind those of the inner cell.
        """
        return {}

    def free_name(self, name):
        """A name that the inner cell has for nothing else, for a block, a state or the output.

        Args:
            name: the name that is wanted.

        Returns:
            It itself, or with the first number behind it that makes it differ, from 2 on.
        """
        used = {*self.cell.gates, *self.cell.states, *self.cell.projected_blocks}
        used |= {self.cell.output_name}
        names = (f"{name}{number or ''}" for number in (None, *range(2, len(used) + 3)))
        return next(one for one in names if one not in used)

    @property
    def states(self):
        return (*self.cell.states, *self.own_states)

    @property
    def projected_blocks(self):
        return (*self.cell.projected_blocks, *self.own_blocks)

    def block_width(self, name):
        own = self.own_blocks
        return own[name] if name in own else self.cell.block_width(name)

    def blocks_of(self, weight):
        inner = any(one.name == weight for one in self.cell.weights)
        return self.cell.blocks_of(weight) if inner else ()

    def lay_out(self):
        names, widths, columns = self.cell.projected_layout
        if own := self.own_blocks:
            widths = widths or (columns // len(names),) * len(names)
            names, widths = (*names, *own), (*widths, *own.values())
            widths, columns = unequal(widths), sum(widths)
        self._projected_layout = names, widths, columns
        self._recurrent_layout = self.cell.recurrent_layout
        return self._projected_layout

    @property
    def state_size(self):
        sizes = [*self.cell.state_sizes, *self.own_states.values()]
        return sizes[0] if len(sizes) == 1 else sizes

    @property
    def output_size(self):
        return self.cell.output_size

    def get_initial_state(self, *args, inputs=None, batch_size=None, dtype=None):
        keywords = {"inputs": inputs, "batch_size": batch_size, "dtype": dtype}
        states = self.cell.get_initial_state(*args, **keywords)
        states = list(states) if isinstance(states, (list, tuple)) else [states]
        rows, kind = ops.shape(states[0])[0], states[0].dtype
        return states + [ops.zeros((rows, n), dtype=kind) for n in self.own_states.values()]

    # ---------------------------------------------------------------- dropout and noise

    @property
    def own_noise(self):
        """Number of random numbers that the wrapper draws for each row and step in training."""
        return 0

    @property
    def expected(self):
        """By name of a block that is drawn, the number that stands for it outside training."""
        return self.cell.expected

    def draw_own(self, shape):
        """Random numbers of the wrapper for each row and step; `own_noise` says how many.

        Args:
            shape: `(batch,)` for one step, `(batch, time)` for all.

        Returns:
            A tensor `(*shape, own_noise)`.

        Raises:
            NotImplementedError: if the wrapper has `own_noise` and does not define it.
        """
        raise NotImplementedError(f"{type(self).__name__} must define `draw_own(shape)`.")

    @property
    def noise_columns(self):
        return self.cell.noise_columns + self.own_noise

    def draw_noise(self, shape):
        inner, own = self.cell.noise_columns, self.own_noise
        parts = [self.cell.draw_noise(shape)] if inner else []
        parts += [self.draw_own(shape)] if own else []
        return ops.concatenate(parts, axis=-1) if len(parts) > 1 else parts[0]

    @property
    def _keeps(self):
        """Whether the input before dropout goes on beside the one after it."""
        return self.keeps_inputs and bool(self.cell.dropout)

    @property
    def wide_features(self):
        more = self.own_noise + (self.features if self._keeps else 0)
        return self.cell.wide_features + more

    def draw_dropout(self, batch_size):
        drawn = self.cell.draw_dropout(batch_size)
        return self.draw_own_mask() or drawn

    def draw_own_mask(self):
        """Draw what the wrapper draws once per sequence, unless it has; tells whether it did."""
        return False

    def forget_dropout(self):
        self.cell.forget_dropout()
        super().forget_dropout()

    def drop_inputs(self, inputs, training=False):
        """Inputs after dropout; in training what was drawn for the steps stays behind them."""
        width = self.features + (self.noise_columns if training else 0)
        if inputs.shape[-1] != width:
            self.check_features(inputs)
        if not training:
            return self.cell.drop_inputs(inputs, training)
        own = width - self.own_noise
        parts = [self.cell.drop_inputs(inputs[..., :own], training)]
        parts += [inputs[..., own:]] if self.own_noise else []
        parts += [inputs[..., : self.features]] if self._keeps else []
        return ops.concatenate(parts, axis=-1) if len(parts) > 1 else parts[0]

    def recurrent_mask(self, training=False):
        return self.cell.recurrent_mask(training)

    # ---------------------------------------------------------------- config

    def get_config(self):
        config = super().get_config()
        # The precision is that of the inner cell.
        config.pop("dtype")
        return {**config, "cell": keras.saving.serialize_keras_object(self.cell)}

    @classmethod
    def from_config(cls, config):
        cell = config["cell"]
        if isinstance(cell, dict):
            cell = keras.saving.deserialize_keras_object(cell)
        return cls(**{**config, "cell": cell})


def _of_inner(name):
    return property(lambda wrapper: getattr(wrapper.cell, name), doc=f"`{name}` of the inner cell.")


for _name in (
    "kernel",
    "recurrent_kernel",
    "bias",
    "dropout",
    "recurrent_dropout",
    "recurrent_activation",
):
    setattr(CellWrapper, _name, _of_inner(_name))

#: How recurrent weights reach the step, unless a class of a user's own overrides it.
PLAIN_RECURRENT = (AbstractRNNCell.recurrent, CellWrapper.recurrent)


def lineage(cell):
    """A cell, the cell in it where it is a wrapper, and so on, outermost first."""
    cells = [cell]
    while isinstance(cells[-1], CellWrapper):
        cells.append(cells[-1].cell)
    return cells


def asks_for_training(cell):
    """Whether a layer inside a cell takes the argument `training`, as dropout does."""
    within, ours = cells_within(cell, keras.Layer), lineage(cell)
    return any(takes_training(one) for one in within if not any(one is known for known in ours))


def check_recurrent(wrapper):
    """Raise unless what is wrapped has a `recurrent_kernel` that reaches its step as it is."""
    cells = lineage(wrapper)
    plain = all(type(cell).recurrent in PLAIN_RECURRENT for cell in cells)
    if not plain or not cells[-1].recurrent_gates:
        # Weights of other names may multiply its state, or gates alone.
        obstacle = "computes its recurrent weights itself" if not plain else "has no such matrix"
        raise ValueError(
            f"Argument `cell` of {type(wrapper).__name__} must have its recurrent weights in "
            f"`recurrent_kernel`. Received: {title(wrapper.cell)}, which {obstacle}"
        )


def title(cell):
    """Name of a cell's class, with what it wraps: `Zoneout(LSTMCell)`."""
    *outer, inner = [type(one).__name__ for one in lineage(cell)]
    return "(".join([*outer, inner]) + ")" * len(outer)


def _describe(cls):
    """Set the signature of a wrapper's class, and its docstring with a line for each argument."""
    parameters = [*inspect.signature(cls.__init__).parameters.values()][1:]
    own = [p for p in parameters if p.kind is not p.VAR_KEYWORD]
    if len(own) == len(parameters):
        raise TypeError(f"{cls.__name__}.__init__ must take and pass on `**kwargs`.")
    kind = inspect.Parameter.KEYWORD_ONLY
    shared = [inspect.Parameter(n, kind, default=v) for n, v in _OF_LAYERS.items()]
    cls.__signature__ = arguments.OfClass(inspect.Signature([*own, *shared]))
    if vars(cls).get("__doc__"):
        cls.own_text = declarations.described_in(cls.__doc__)[0]
        lines = declarations.describe(cls.__signature__.parameters.values(), cls.descriptions)
        cls.__doc__ = f"{cls.own_text}\n\nArgs:\n{lines}"


CellWrapper.parametrised = False
_describe(CellWrapper)
