"""The layer of each cell: a class made from the class of the cell, with the arguments of both."""

import inspect
import re

import keras

from kerasgates import loops
from kerasgates.core import arguments, declarations
from kerasgates.core.cell import CELLS, AbstractRNNCell
from kerasgates.layers.rnn import RNN

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
        # As of Keras's own layers: two of one name have weights of the same paths.
        cell = self.cell_class(**bound, name=_name_of(self.cell_class))
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

    def chosen_loop(self):
        without = self.loop == "auto" and getattr(self, "use_cudnn", "auto") is False
        if without and loops.has_gpu():
            return _WITHOUT_CUDNN.get(keras.backend.backend(), "keras")
        return super().chosen_loop()

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
        "__module__": __package__ if package == "kerasgates" else cell_class.__module__,
        "__signature__": arguments.OfClass(signature),
        "cell_class": cell_class,
    }
    for argument in cell_class.__signature__.parameters:
        if argument not in (*_COMMON, "name"):
            members[argument] = _cell_attribute(argument, cell_class)
    layer = type(name, (_CellLayer,), members)
    return keras.saving.register_keras_serializable(package=package)(layer)


def _name_of(cell_class):
    """Name of the cell in a layer: the one that Keras gives to the first cell of a class."""
    words = re.sub("(?<=[a-z])(?=[A-Z])|(?<=.)(?=[A-Z][a-z])", "_", cell_class.__name__)
    return words.lower()


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
    ends = "_regularizer", "initializer"
    # Behind the last regulariser or initialiser, or else behind everything.
    last = max([i for i, p in enumerate(first) if p.name.endswith(ends)], default=len(first) - 1)
    first.insert(last + 1, parameter("activity_regularizer", None, positional))
    for name, default in _LAYER_ARGUMENTS.items():
        if name in _KEYWORD_ONLY:
            only.insert(0, parameter(name, default, inspect.Parameter.KEYWORD_ONLY))
        else:
            first.append(parameter(name, default, positional))
    return inspect.Signature(first + only)


#: By backend: the loop of a layer that is to leave cuDNN out, where it is not Keras's.
_WITHOUT_CUDNN = {"jax": "compiled", "torch": "traced"}
_OF_KERAS = (
    "Keras's `implementation` is checked, kept, and without effect. With `use_cudnn=False`,\n"
    '`loop="auto"` does not call cuDNN on a GPU; elsewhere `use_cudnn` has no effect.\n\n'
)


#: Of layers of our own cells; another's name is not known here.
_EXAMPLE = """Example:

    >>> x = np.zeros((2, 5, 3), "float32")  # (batch, time, features)
    >>> y = {made}(x)

"""


def _layer_docstring(name, cell_class, signature):
    described = declarations.describe(signature.parameters.values(), cell_class.descriptions)
    is_ours = cell_class.__module__.startswith("kerasgates.")
    example = _EXAMPLE.format(made=declarations.as_made(cell_class, "Cell")) if is_ours else ""
    return (
        f"{name} layer: `RNN({cell_class.__name__}(units, …), …)` with the arguments of both.\n\n"
        f"The cell:\n\n{cell_class.own_text}\n\n"
        "Input `(batch, time, features)`; output `(batch, units)`, or `(batch, time, units)`\n"
        "with `return_sequences=True`; call arguments and errors as in `kerasgates.RNN`.\n\n"
        f"{_OF_KERAS if cell_class.keras_only else ''}{example}Args:\n{described}"
    )
