"""The constructor arguments of cells and layers: read, checked, bound and written back.

A cell's signature is derived from the base's `__init__` and the cell's own, so that
each argument is declared and serialised in one place.
"""

import inspect
import math
import numbers

import keras
import numpy as np

from kerasgates.utils import suggestions

#: Further arguments of every Keras layer, in no signature here: they are passed on to Keras.
OF_EVERY_LAYER = ("autocast", "input_shape", "input_dim")

#: Arguments by which Keras's own LSTM and GRU choose how to run: default and other values. They
#: are checked and kept; all ways give the same numbers, and `loop` chooses here. `use_cudnn=False`
#: keeps `loop="auto"` from calling cuDNN.
OF_KERAS = {"implementation": (2, 0, 1), "use_cudnn": ("auto", True, False)}

#: Hints for arguments that Keras 2 had and Keras 3 has not either.
_GONE = {
    "batch_input_shape": "Put keras.Input(batch_shape=…) before the layer.",
    "time_major": "Swap the first two axes of the input.",
}

_READERS = {
    "activation": keras.activations.get,
    "initializer": keras.initializers.get,
    "regularizer": keras.regularizers.get,
    "constraint": keras.constraints.get,
}
_WRITERS = {
    "activation": keras.activations.serialize,
    "initializer": keras.initializers.serialize,
    "regularizer": keras.regularizers.serialize,
    "constraint": keras.constraints.serialize,
}


def _kind(name):
    """Kind of an argument, the last word of its name: how it is read and written."""
    return name.rsplit("_", 1)[-1]


def read(name, value):
    """An argument as the object it stands for: `'tanh'` becomes the function, and so on."""
    reader = _READERS.get(_kind(name))
    if reader is None:
        return value
    if by_block(name, value):
        numeric = {k: v for k, v in value.items() if isinstance(v, numbers.Real)}
        constants = {k: keras.initializers.Constant(float(v)) for k, v in numeric.items()}
        return {k: constants[k] if k in constants else read(name, v) for k, v in value.items()}
    try:
        return reader(value)
    except (ValueError, TypeError) as error:
        raise ValueError(
            f"Argument `{name}` must be the name of a Keras {_kind(name)}, a config of one, "
            f"an instance or None. Received: {name}={value!r}" + _of_functions(value)
        ) from error


def _of_functions(value):
    """Hint for errors where a config is of a function that Keras does not find again."""
    kind = value.get("class_name") if isinstance(value, dict) else None
    if kind not in ("function", "__lambda__"):
        return ""
    return (
        ". A function in a file must have a name and be decorated with "
        "`keras.saving.register_keras_serializable()`, where the file is read as well."
    )


def write(name, value):
    """An argument as it goes into a config: the inverse of `read`."""
    if by_block(name, value):
        return {block: write(name, one) for block, one in value.items()}
    plain = value is None or isinstance(value, (bool, int, float, str))
    writer = None if plain else _WRITERS.get(_kind(name))
    return value if writer is None else writer(value)


def by_block(name, value):
    """Whether an argument is a dict of initialisers by block, and no config of one."""
    return _kind(name) == "initializer" and isinstance(value, dict) and "class_name" not in value


def integer(name, value, owner):
    """`value` as an int, or an error that names the argument."""
    if isinstance(value, bool) or not isinstance(value, numbers.Integral):
        raise ValueError(
            f"Argument `{name}` of {owner} must be an integer. Received: {name}={value!r}"
        )
    return int(value)


def positive_int(name, value, owner):
    """`value` as an int, or an error that names the argument."""
    if isinstance(value, bool) or not isinstance(value, numbers.Integral) or value <= 0:
        raise ValueError(
            f"Argument `{name}` of {owner} must be a positive integer. Received: {name}={value!r}"
        )
    return int(value)


def divisor(name, value, owner, units):
    """`value` as a positive int that divides `units`, or an error that names the argument."""
    value = positive_int(name, value, owner)
    if units % value:
        raise ValueError(
            f"Argument `{name}` of {owner} must divide units={units}. Received: {name}={value!r}"
        )
    return value


def positive_ints(name, value, owner):
    """`value` as a list of ints, or an error that names the argument."""
    listed = isinstance(value, (list, tuple)) and len(value) > 0
    whole = listed and not any(isinstance(v, bool) for v in value)
    if not whole or not all(isinstance(v, numbers.Integral) and v > 0 for v in value):
        raise ValueError(
            f"Argument `{name}` of {owner} must be a list of positive integers. "
            f"Received: {name}={value!r}"
        )
    return [int(v) for v in value]


def number(name, value, owner, fits, wanted):
    """`value` as a float where `fits(value)` holds, or an error that names the argument."""
    real = isinstance(value, numbers.Real) and not isinstance(value, bool)
    if not real or not fits(value):
        raise ValueError(
            f"Argument `{name}` of {owner} must be a number {wanted}. Received: {name}={value!r}"
        )
    return float(value)


def names(name, value, owner, known):
    """`value` as a tuple of some of the `known` names, of all for None, or an error."""
    if value is None:
        return tuple(known)
    listed = isinstance(value, (list, tuple)) and len(value) > 0
    if not listed or not all(isinstance(one, str) and one in known for one in value):
        raise ValueError(
            f"Argument `{name}` of {owner} must be a list of some of {tuple(known)}. "
            f"Received: {name}={value!r}"
        )
    return tuple(value)


def forget_bias(value, given, owner):
    """`initial_forget_bias` as a float or None; an error where other arguments contradict it.

    Args:
        value: the argument.
        given: all arguments by name.
        owner: name of the class.
    """
    if value is None:
        return None
    value = number("initial_forget_bias", value, owner, math.isfinite, "that is finite")
    named = by_block("bias_initializer", given["bias_initializer"])
    at_odds = {
        "unit_forget_bias": not given["unit_forget_bias"],
        "use_bias": not given["use_bias"],
        "bias_initializer": named and "f" in given["bias_initializer"],
    }
    for other in filter(at_odds.get, at_odds):
        raise ValueError(
            f"Arguments `initial_forget_bias` and `{other}` of {owner} are at odds: the first says "
            f"what b_f is at initialisation. Leave one of them out. "
            f"Received: initial_forget_bias={value!r}, {other}={given[other]!r}"
        )
    return value


def boolean(name, value, owner):
    """`value` as a bool, or an error that names the argument."""
    if not isinstance(value, (bool, np.bool_)):
        raise ValueError(
            f"Argument `{name}` of {owner} must be True or False. Received: {name}={value!r}"
        )
    return bool(value)


def of_keras(name, value, owner):
    """`value` of an argument in `OF_KERAS`, or an error that names it."""
    allowed = OF_KERAS[name]
    if not any(value is one or (value == one and type(value) is type(one)) for one in allowed):
        raise ValueError(
            f"Argument `{name}` of {owner} must be one of {allowed}. Received: {name}={value!r}"
        )
    return value


def sibling(cls, kwargs):
    """The name of the cell class that `kwargs` ask for in place of `cls`; None where it is `cls`.

    A subclass cannot become the sibling of its base: asking for that raises.
    """
    if not cls.sibling:
        return None
    argument, own, other = cls.sibling
    if boolean(argument, kwargs.get(argument, own), cls.__name__) == own:
        return None
    if "sibling" not in vars(cls):
        raise ValueError(
            f"Argument `{argument}` of {cls.__name__} must be {own}: with {not own} it would be a "
            f"subclass of {other}. Received: {argument}={kwargs[argument]!r}"
        )
    return other


def write_attribute(owner, name):
    """Config entry of an argument, which `owner` must keep as an attribute of its name."""
    if not hasattr(owner, name):
        raise AttributeError(
            f"{type(owner).__name__} must keep its argument `{name}` as an attribute of that name."
        )
    return write(name, getattr(owner, name))


#: Names that `kerasgates.core.blocks` uses itself.
_RESERVED = {"tensor", "names", "width", "dtype", "mask", "single"}
#: Shared arguments that a cell has only with a gate or state of this name.
_NEEDED = {
    "unit_forget_bias": ("biased_gates", "f"),
    "initial_forget_bias": ("biased_gates", "f"),
    "initial_update_bias": ("biased_gates", "z"),
    "output_activation": ("states", "c"),
}


def absent(cls, base):
    """Names of the shared arguments that a cell lacks; raises for impossible declarations."""
    for words in ("gates", "states"):
        names = getattr(cls, words)
        if not isinstance(names, tuple) or len({*names}) != len(names) or not names:
            raise TypeError(
                f"{cls.__name__}: `{words}` must be a tuple of different names. "
                f"Received: {words}={names!r}"
            )
    if _RESERVED & {*cls.gates, *cls.inputs}:
        raise TypeError(
            f"{cls.__name__}: `gates` must be none of {sorted(_RESERVED)}. "
            f"Received: gates={cls.gates!r}, inputs={cls.inputs!r}"
        )
    # A cell lacks what any of its bases lacks.
    without = {name for owner in cls.__mro__ for name in vars(owner).get("without", ())}
    fixed = {"self", "units", "trainable", "name", "dtype", "of_roles"}
    if without - ({*declared(base).parameters} - fixed):
        raise TypeError(
            f"{cls.__name__}: `without` must be a tuple of shared arguments. "
            f"Received: without={cls.without!r}"
        )
    # A cell whose b_f starts like all others has no other value for it, either.
    without |= {"initial_forget_bias"} if "unit_forget_bias" in without else set()
    # Masks of recurrent dropout are of what the recurrent kernel multiplies.
    without |= set() if cls.recurrent_gates else {"recurrent_dropout"}
    return without | {n for n, (kind, word) in _NEEDED.items() if word not in getattr(cls, kind)}


def of_roles(roles):
    """Arguments of further weights by role, with defaults: initialiser, regulariser, constraint."""
    defaults = {}
    for role, initializer in roles.items():
        defaults[f"{role}_initializer"] = initializer
        defaults[f"{role}_regularizer"] = None
        defaults[f"{role}_constraint"] = None
    return defaults


def signature(cls, base, without=(), roles=()):
    """The public signature of `cls`: the base's arguments with its own defaults, then its own.

    Args:
        cls: the class.
        base: the class whose `__init__` declares the shared arguments.
        without: names of shared arguments that `cls` does not have.
        roles: kinds of further weights with their default initialisers.
    """
    parameters = {}
    lineage = cls.__mro__[: cls.__mro__.index(base) + 1]
    for owner in reversed(lineage):
        if "__init__" not in vars(owner):
            continue
        own = list(declared(owner).parameters.values())[1:]
        if not any(parameter.kind is parameter.VAR_KEYWORD for parameter in own):
            raise TypeError(f"{owner.__name__}.__init__ must take and pass on `**kwargs`.")
        for parameter in own:
            if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
                continue
            known = parameters.get(parameter.name)
            if known is None and owner is not base and parameter.kind != parameter.KEYWORD_ONLY:
                raise TypeError(
                    f"{owner.__name__}.__init__ must take its own argument `{parameter.name}` by "
                    f"keyword: def __init__(self, *args, {parameter.name}, **kwargs)"
                )
            # An argument that a subclass declares again keeps its place and changes its default.
            kind = known.kind if known is not None else parameter.kind
            parameters[parameter.name] = parameter.replace(kind=kind)
    argument = getattr(cls, "sibling", None)
    own = {argument[0]: argument[1]} if argument else {}
    for name, default in {**of_roles(roles), **own}.items():
        parameters[name] = inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default)
    kept = [parameter for name, parameter in parameters.items() if name not in without]
    # The names every layer has come last, as readers of Keras expect.
    last = ("trainable", "name", "dtype")
    kept.sort(key=lambda p: (p.kind is p.KEYWORD_ONLY, p.name in last))
    return inspect.Signature(kept)


class OfClass:
    """Signature of a class's arguments, which is not that of calls of its instances."""

    def __init__(self, signature):
        self.signature = signature

    def __get__(self, instance, owner=None):
        if instance is not None:
            raise AttributeError("__signature__")
        return self.signature


def bind(cls, args, kwargs):
    """Check a call against the public signature of `cls`; returns the bound arguments.

    Arguments in no signature, `OF_EVERY_LAYER` and `keras_only` of the class, are let through.
    """
    passed = {*OF_EVERY_LAYER, *cls.keras_only}
    try:
        return cls.__signature__.bind(
            *args, **{name: value for name, value in kwargs.items() if name not in passed}
        )
    except TypeError as error:
        known = cls.__signature__.parameters
        wrong = next((name for name in kwargs if name not in known and name not in passed), "")
        near = suggestions.nearest(wrong, known, cutoff=0.7)
        hint = f"Its arguments are: {', '.join(known)}"
        if near is not None:
            hint = f"By `{wrong}`, did you mean `{near}`?"
        hint = next((text for name, text in _GONE.items() if name in kwargs), hint)
        raise TypeError(f"{cls.__name__}: {error}. {hint}") from None


def by_name(init):
    """Decorator of a cell's `__init__` that turns positional arguments into keyword arguments.

    Positions are those of the public signature, Keras's; a subclass may pass on any of its
    arguments by keyword, as one with another default does. The original is kept as `declared`.
    """

    def __init__(self, *args, **kwargs):
        if args and self.gates:
            kwargs = {**_named(type(self), args, kwargs), **kwargs}
            args = ()
        init(self, *args, **kwargs)

    __init__.declared = init
    __init__.__doc__ = init.__doc__
    return __init__


def declared(cls):
    """Signature of a class's `__init__` as it is written, before `by_name`."""
    return inspect.signature(getattr(cls.__init__, "declared", cls.__init__))


def _named(cls, args, kwargs):
    """Positional arguments as a dict by name."""
    positional = [p.name for p in cls.__signature__.parameters.values() if p.kind < p.KEYWORD_ONLY]
    named = dict(zip(positional, args))
    twice = [name for name in named if name in kwargs]
    if twice or len(args) > len(positional):
        raise TypeError(
            f"{cls.__name__} takes the arguments {positional} by position, none twice. "
            f"Received: {len(args)} by position, {twice} again by keyword"
        )
    return named
