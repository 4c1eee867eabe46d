"""`RNN`, Keras's layer with a chosen loop, and the layer of each cell, made in one place."""

import contextlib
import inspect

import keras
import numpy as np
from keras import ops, tree

from kerasgates import loops
from kerasgates.core import _keras, arguments, declarations
from kerasgates.core.cell import CELLS, AbstractRNNCell
from kerasgates.loops.runner import current


@keras.saving.register_keras_serializable(package="kerasgates")
class RNN(keras.layers.RNN):
    """`keras.layers.RNN` with a choice of loops, and the same results on every backend.

        >>> tuple(kg.RNN([kg.LSTMCell(3), kg.GRUCell(2)], loop="keras")(x).shape)
        (4, 2)

    Differences from Keras's own layer:

    * `loop` chooses how time is run; all loops compute the same function.
    * Output is zero before a row's first unmasked step, on every backend.
    * Dropout masks are drawn afresh for every call and kept over all steps, in wrappers, too.
    * Under mixed precision the states of our cells are carried in single precision from step
      to step; those that enter and leave a call are in the compute dtype, as Keras casts them.
    * `reset_state` goes back to the cell's `get_initial_state`, for stacked cells, too.

    Args:
        cell: any Keras cell, or a list of cells that are stacked.
        loop: way to run over time; all give the same numbers. `"auto"` is `"compiled"` on
            TensorFlow where it can be, `"recomputed"` where that would keep much for the backward
            pass, else `"keras"`, which compiles nothing; `kerasgates.loops.decide` says it exactly.
            `"hoisted"` and `"dense"` can be asked for, too.
        **kwargs: `return_sequences`, `return_state` and the others of `keras.layers.RNN`, and those
            of every Keras layer, `input_shape` among them.

    Call arguments:
        sequences: `(batch, time, features)`; with more axes for cells, not ours, that read these.
        initial_state: list of tensors `(batch, entries)`; one of `(1, entries)` is for all rows.
        mask: booleans `(batch, time)`.
        training: whether dropout is applied.

    Returns:
        `(batch, units)`; `(batch, time, units)` with `return_sequences`; final states if asked for.

    Raises:
        ValueError: if an argument, the input, the mask or a state does not fit.
    """

    def __init__(self, cell, *args, loop="auto", **kwargs):
        if loop != "auto" and loop not in loops.LOOPS:
            names = ", ".join(repr(name) for name in ("auto", *loops.LOOPS))
            raise ValueError(f"Argument `loop` must be one of {names}. Received: loop={loop!r}")
        _check_cell(cell)
        super().__init__(cell, *args, **kwargs)
        self.loop = loop
        # Keras may stop setting this for RNN, and masks would silently end here.
        self.supports_masking = True
        if keras.backend.backend() == "tensorflow" and loop in loops.COMPILING:
            # As of Keras's own LSTM: `model.compile` would have every step of training compiled
            # anew for every length, and the loop already is. `jit_compile=True` still does it.
            self.supports_jit = False

    def build(self, sequences_shape, initial_state_shape=None):
        self._check_sequences(sequences_shape)
        if initial_state_shape is not None:
            self._check_states(_shapes(initial_state_shape), sequences_shape[0])
        super().build(sequences_shape, initial_state_shape)
        if isinstance(self.cell, keras.Layer):
            _keras.build_layers_within(self.cell, (sequences_shape[0], *sequences_shape[2:]))
        self.state_size = self.state_size if self.single_state else list(self.cell.state_size)

    def compute_output_shape(self, sequences_shape, initial_state_shape=None):
        self._check_sequences(sequences_shape)
        shapes = super().compute_output_shape(sequences_shape, initial_state_shape)
        if self._reads_vectors() or not isinstance(self.cell, keras.Layer):
            return shapes
        # Keras takes `output_size` and `state_size` for shapes; a cell may mean more than a vector.
        output, *_ = shapes if self.return_state else (shapes,)
        batch, time, *step = sequences_shape
        if len(step) > 1 and self.cell.built:
            entries = _keras.output_shape(self.cell, (batch, *step))[0][1:]
            output = (batch, time, *entries) if self.return_sequences else (batch, *entries)
        if not self.return_state:
            return output
        states = tree.map_shape_structure(lambda s: (batch, *s[1:]), _keras.state_shapes(self.cell))
        return output, *states

    def call(self, sequences, initial_state=None, mask=None, training=False):
        self._check_sequences(sequences.shape)
        if initial_state is not None:
            initial_state = _for_all_rows(initial_state, sequences)
        return super().call(sequences, initial_state, _one_mask(mask), training)

    def inner_loop(self, sequences, initial_state, mask, training=False):
        states = tree.flatten(initial_state)
        self._check_states([tuple(state.shape) for state in states], sequences.shape[0])
        self._check_mask(mask, tuple(sequences.shape[:2]))
        if (runner := current()) is not None:
            return runner.run(self, sequences, initial_state, mask)
        if self.stateful:
            # Keras assigns the final states to the variables that these may share memory with.
            initial_state = tree.map_structure(ops.copy, initial_state)
        if sequences.shape[0] is None:
            initial_state = _for_all_rows(initial_state, sequences)
        return self.run_loop(sequences, initial_state, mask, training)

    def run_loop(self, sequences, initial_state, mask=None, training=False):
        """Run the cell by the layer's own loop: last output, outputs, final states."""
        return loops.run(
            self.cell,
            sequences,
            initial_state,
            mask,
            training=training,
            loop=self.loop,
            go_backwards=self.go_backwards,
            unroll=self.unroll,
            zero_output_for_mask=self.zero_output_for_mask,
            return_all_outputs=self.return_sequences,
        )

    def _reads_vectors(self):
        """Whether all cells are ours, which read, keep and give a vector for each row."""
        return all(map(loops.is_gated, loops.leaves(self.cell)))

    def _check_sequences(self, shape):
        axes = "(batch, time, features)" if self._reads_vectors() else "(batch, time, …)"
        fits = len(shape) == 3 if self._reads_vectors() else len(shape) >= 3
        if not fits or shape[1] == 0:
            forgot = " Forgot `return_sequences=True` in a layer before?" if len(shape) == 2 else ""
            raise ValueError(
                f"{type(self).__name__} reads sequences of shape {axes} with at least one step."
                f"{forgot} Received: input of shape {tuple(shape)}"
            )

    def _check_states(self, came, batch):
        """Raise where initial states do not fit; sizes that are not known yet pass."""
        if not self._reads_vectors():
            return  # Only the cell itself knows the shapes of its states.
        came = [(None, *shape[1:]) if shape[:1] == (1,) else shape for shape in came]
        wanted = [(batch, n) for n in tree.flatten(self.cell.state_size)]
        if len(came) != len(wanted) or not all(map(_agree, came, wanted)):
            raise ValueError(
                f"Argument `initial_state` of {type(self).__name__} must hold {len(wanted)} "
                f"tensors of shapes {wanted}. Received: {len(came)} of shapes {came}"
            )

    def _check_mask(self, mask, steps):
        if mask is not None and not _agree(tuple(mask.shape), steps):
            raise ValueError(
                f"Argument `mask` of {type(self).__name__} must be booleans of shape "
                f"(batch, time) = {steps}. Received: mask of shape {tuple(mask.shape)}"
            )

    def reset_state(self):
        """Reset the states to those before the first batch."""
        if self.states is None:
            return
        held = tree.flatten(self.states)
        batch_size = held[0].shape[0]
        for variable, value in zip(held, tree.flatten(self.get_initial_state(batch_size))):
            variable.assign(ops.cast(value, variable.dtype))

    def set_weights(self, weights):
        """Set the weights from arrays in the order of `weights`."""
        cells = [cell for cell in loops.leaves(self.cell) if loops.is_gated(cell)]
        with contextlib.ExitStack() as notes:
            for cell in cells:
                notes.enter_context(cell.told_apart())
            super().set_weights(weights)

    def get_config(self):
        config = {**super().get_config(), "loop": self.loop}
        return config if self.autocast else {**config, "autocast": False}


def _check_cell(cell):
    """Raise for layers, and for classes, in the place of cells: Keras takes them."""
    cells = cell.cells if isinstance(cell, keras.layers.StackedRNNCells) else cell
    for one in cells if isinstance(cells, (list, tuple)) else [cells]:
        if isinstance(one, keras.layers.StackedRNNCells):
            _check_cell(one)
        elif isinstance(one, (type, keras.layers.RNN)):
            what = "a class" if isinstance(one, type) else "a layer"
            raise ValueError(
                "Argument `cell` must be a cell, such as LSTMCell(32), or a list of cells; layers "
                f"stand one after the other in a model. Received: {one!r}, {what}"
            )


def _for_all_rows(states, sequences):
    """Initial states with the batch size of `sequences`; states of one row are broadcast."""
    batch = sequences.shape[0]
    rows = ops.shape(sequences)[0] if batch is None else batch

    def spread(state):
        state = ops.convert_to_tensor(state)
        known = state.shape[0] if len(state.shape) > 1 else None
        if known is None or known == batch or (known != 1 and batch is not None):
            return state
        state = ops.broadcast_to(state, (rows, *state.shape[1:]))
        # No loop of a graph takes states of known and sequences of unknown rows; a slice forgets.
        return state[:rows] if batch is None else state

    return tree.map_structure(spread, states)


def _one_mask(mask):
    """A mask as one tensor; Keras may give it in a list, users as lists of booleans."""
    if not isinstance(mask, (list, tuple)):
        return mask
    first = mask[0] if mask else None
    if first is None or len(getattr(first, "shape", ())) > 1:
        return first
    return ops.convert_to_tensor(np.asarray(mask))


def _shapes(nested):
    """Shapes, however nested, as one list of tuples."""
    if all(size is None or isinstance(size, int) for size in nested):
        return [tuple(nested)]
    return [shape for part in nested for shape in _shapes(part)]


def _agree(shape, other):
    """Whether two static shapes can be the same."""
    return len(shape) == len(other) and all(a == b or None in (a, b) for a, b in zip(shape, other))


#: The arguments a layer has besides those of its cell.
_LAYER_ARGUMENTS = {
    "return_sequences": False,
    "return_state": False,
    "go_backwards": False,
    "stateful": False,
    "unroll": False,
    "zero_output_for_mask": False,
    "loop": "auto",
}
#: Those of them that Keras's own layers take by keyword only, or do not have.
_KEYWORD_ONLY = ("zero_output_for_mask", "loop")
#: Arguments of every Keras layer that the cell inside gets, too.
_COMMON = ("trainable", "dtype")


class _CellLayer(RNN):
    """Base class of the layers of single cells; `layer_of` makes the subclasses."""

    cell_class = None

    def __new__(cls, *args, **kwargs):
        if other := arguments.sibling(cls, kwargs):
            return layer_of(CELLS[f"{other}Cell"])(*args, **kwargs)
        return super().__new__(cls, *args, **kwargs)

    def __init__(self, *args, **kwargs):
        bound = arguments.bind(type(self), args, kwargs).arguments
        names = (*_LAYER_ARGUMENTS, "activity_regularizer")
        own = {name: bound.pop(name) for name in names if name in bound}
        own |= {key: kwargs[key] for key in arguments.OF_EVERY_LAYER if key in kwargs}
        name = bound.pop("name", None)
        common = {key: bound[key] for key in _COMMON if key in bound}
        bound |= {key: kwargs[key] for key in self.cell_class.keras_only if key in kwargs}
        cell = self.cell_class(**bound)
        super().__init__(cell, name=name, **own, **common)
        if "use_cudnn" in self.keras_only:
            # `Bidirectional` hands this attribute on to its two directions.
            chosen = kwargs.get("use_cudnn", arguments.OF_KERAS["use_cudnn"][0])
            self.use_cudnn = arguments.of_keras("use_cudnn", chosen, type(self).__name__)

    def get_config(self):
        config = super().get_config()
        del config["cell"]
        cell_config = self.cell.get_config()
        if self.cell.trainable != self.trainable:
            config["cell_trainable"] = self.cell.trainable
        if getattr(self, "use_cudnn", "auto") != "auto":
            config["use_cudnn"] = self.use_cudnn
        return {**{k: v for k, v in cell_config.items() if k not in config}, **config}

    @classmethod
    def from_config(cls, config, custom_objects=None):
        config = dict(config)
        cell_trainable = config.pop("cell_trainable", None)
        layer = cls(**config)
        if cell_trainable is not None:
            layer.cell.trainable = cell_trainable
        return layer


def layer_of(cell_class: "type[AbstractRNNCell]") -> "type[_CellLayer]":
    """The layer of a cell, always the same: `layer_of(LSTMCell)` is `kerasgates.LSTM`.

        >>> kg.layer_of(kg.get("gru"))(32, return_sequences=True).units
        32

    A cell of your own gets its layer by this call. It takes the arguments of the cell and of `RNN`,
    has the cell's as attributes, can be saved, loaded and stand in a `keras.layers.Bidirectional`.

    Args:
        cell_class: a registered class of a cell with `gates`, whose name ends in "Cell".

    Returns:
        The class of the layer.

    Raises:
        ValueError: if it is anything else.
    """
    registered = isinstance(cell_class, type) and CELLS.get(cell_class.__name__) is cell_class
    if not registered or not cell_class.__name__.endswith("Cell"):
        raise ValueError(
            "Argument `cell_class` must be a class decorated with `kerasgates.register` whose "
            f"name ends in 'Cell'. Received: {cell_class!r}"
        )
    if cell_class not in _LAYERS:
        _LAYERS[cell_class] = _make_layer(cell_class)
    return _LAYERS[cell_class]


_LAYERS: dict[type, type[_CellLayer]] = {}


def _make_layer(cell_class):
    name = cell_class.__name__.removesuffix("Cell")
    package = cell_class.__module__.split(".")[0]
    clash = {*cell_class.__signature__.parameters} & {*_LAYER_ARGUMENTS}
    if clash:
        raise ValueError(f"{cell_class.__name__} has arguments that layers have: {sorted(clash)}")
    signature = _layer_signature(cell_class)
    # Keras's own layers with this argument can be told to use cuDNN, and their cells cannot.
    of_keras, sibling = cell_class.keras_only, cell_class.sibling
    members = {
        "keras_only": ("use_cudnn", *of_keras) if of_keras else (),
        "sibling": sibling and (*sibling[:2], sibling[2].removesuffix("Cell")),
        "__doc__": _layer_docstring(name, cell_class, signature),
        # Where the layers of our own cells are to be found, by pickle for instance.
        "__module__": __name__ if package == "kerasgates" else cell_class.__module__,
        "__signature__": signature,
        "cell_class": cell_class,
    }
    for argument in cell_class.__signature__.parameters:
        if argument not in (*_COMMON, "name"):
            members[argument] = _cell_attribute(argument, cell_class)
    layer = type(name, (_CellLayer,), members)
    return keras.saving.register_keras_serializable(package=package)(layer)


def _cell_attribute(name, cell_class):
    doc = declarations.description(name, cell_class.descriptions)
    return property(lambda layer: getattr(layer.cell, name), doc=doc)


def _layer_signature(cell_class):
    """Arguments of cell and layer in the order of Keras's own layers."""
    of_cell = list(cell_class.__signature__.parameters.values())
    first = [p for p in of_cell if p.kind is not p.KEYWORD_ONLY]
    only = [p for p in of_cell if p.kind is p.KEYWORD_ONLY]

    def parameter(name, default, kind):
        return inspect.Parameter(name, kind, default=default)

    positional = inspect.Parameter.POSITIONAL_OR_KEYWORD
    at = 1 + max(i for i, p in enumerate(first) if p.name.endswith(("_regularizer", "initializer")))
    first.insert(at, parameter("activity_regularizer", None, positional))
    for name, default in _LAYER_ARGUMENTS.items():
        if name in _KEYWORD_ONLY:
            only.insert(0, parameter(name, default, inspect.Parameter.KEYWORD_ONLY))
        else:
            first.append(parameter(name, default, positional))
    return inspect.Signature(first + only)


_OF_KERAS = "Keras's `implementation` and `use_cudnn` are checked, kept, and without effect.\n\n"


def _layer_docstring(name, cell_class, signature):
    described = declarations.describe(signature.parameters.values(), cell_class.descriptions)
    return (
        f"{name} layer: `RNN({cell_class.__name__}(units, …), …)` with the arguments of both.\n\n"
        f"The cell:\n\n{cell_class.own_text}\n\n"
        "Input `(batch, time, features)`; output `(batch, units)`, or `(batch, time, units)`\n"
        "with `return_sequences=True`; call arguments and errors as in `kerasgates.RNN`.\n\n"
        f"{_OF_KERAS if cell_class.keras_only else ''}Args:\n{described}"
    )


def _publish():
    """Make the layers of all cells names of this module; yields the names."""
    for cell_class in CELLS.values():
        layer = layer_of(cell_class)
        globals()[layer.__name__] = layer
        yield layer.__name__


__all__ = ["RNN", "layer_of", *_publish()]
