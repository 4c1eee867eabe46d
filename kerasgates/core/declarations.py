"""Declarations of a cell class, all but its equations: gathered, checked, documented.

Everything that lists, documents, writes or tries out cells reads these declarations, so that a
cell's knowledge stays in its own file.
"""

import inspect
import math
import re
import textwrap

from kerasgates.utils import suggestions

#: Meaning of each argument that cells or layers share; a cell describes its own arguments itself.
SHARED = {
    "units": "positive integer, the dimension of the cell's state.",
    "activation": "squashing function φ of the candidate.",
    "recurrent_activation": "gate function σ.",
    "output_activation": "squashing function of the memory on its way to the output; "
    "None means the same as `activation`, and `'linear'` means none.",
    "use_bias": "whether the cell has biases.",
    "bias_initializer": "initialiser of the biases b, or a dict of initialisers and numbers by "
    "gate, such as `{'f': 1.0}`.",
    "unit_forget_bias": "whether the forget gate's bias b_f is 1 at initialisation, whatever "
    "`bias_initializer` gives, as in Keras.",
    "initial_forget_bias": "number that the forget gate's bias b_f is at initialisation, in place "
    "of the 1 of `unit_forget_bias`; a high one keeps the memory at the start of training.",
    "initial_update_bias": "number added to the update gate's bias b_z at initialisation; "
    "a high one keeps the old state at the start of training.",
    "dropout": "share of the input features dropped in training, in [0, 1); one mask per "
    "sequence, the same at all steps.",
    "recurrent_dropout": "share of the state entries dropped before every product with U in "
    "training, in [0, 1); one mask per sequence, the same at all steps.",
    "seed": "integer that makes what the cell itself draws reproducible: dropout masks.",
    "return_sequences": "whether to return the outputs of all steps, `(batch, time, units)`, "
    "or only the last one, `(batch, units)`.",
    "return_state": "whether to return the final states after the output.",
    "go_backwards": "whether to run from the last step to the first; the outputs come in "
    "the order of processing.",
    "stateful": "whether each batch starts from the states in which the last one ended.",
    "unroll": "whether to lay the loop out step by step in place of a loop operator.",
    "zero_output_for_mask": "whether masked steps give zeros in place of the last output.",
    "loop": "name of the way to run over time, one of `kerasgates.loops.LOOPS`.",
    "activity_regularizer": "regulariser of the layer's output.",
    "trainable": "whether the weights are trained.",
    "name": "name of the layer.",
    "dtype": "dtype or dtype policy, such as `'mixed_float16'`.",
}

#: Arguments that every role of weights brings, by the last word of their names.
_KINDS = {
    "initializer": "initialiser of",
    "regularizer": "regulariser of",
    "constraint": "constraint on",
}
#: Names of the weights of the roles, and letters of the weights, that every cell has.
ROLES = {"kernel": "input weights W", "recurrent": "recurrent weights U", "bias": "biases b"}
LETTERS = {"kernel": "W", "recurrent_kernel": "U", "bias": "b"}


def _is_letter(value):
    rows = value if isinstance(value, tuple) else (value,)
    return bool(rows) and all(isinstance(row, str) and row for row in rows)


def _is_width(value):
    whole = isinstance(value, int) and not isinstance(value, bool) and value > 0
    return whole or (isinstance(value, str) and value.isidentifier())


def _is_shape(value):
    return isinstance(value, tuple) and bool(value) and all(_is_width(size) for size in value)


#: Declarations that a class adds to those of its bases, entry by entry: what a value may be.
TABLES = {
    "roles": (lambda value: True, "default initialisers by role"),
    "descriptions": (lambda value: isinstance(value, str), "sentences by argument or role"),
    "letters": (_is_letter, "letters, or tuples of one for each row, by name"),
    "example": (lambda value: True, "values by argument"),
    "widths": (_is_width, "positive numbers, or names of attributes that are one, by block"),
    "state_shapes": (_is_shape, "tuples of positive numbers, or of names of attributes, by state"),
}


def gather(cls, described):
    """Add the declarations of a class's bases to its own; raises where one is malformed.

    A class without `gates` may be a cell in the style of Keras 2, whose attributes mean what it
    likes: what is no declaration there stays as it is.

    Args:
        cls: the class.
        described: descriptions of arguments from its docstring.
    """
    for table, (fits, contents) in TABLES.items():
        merged = {}
        for owner in reversed(cls.__mro__):
            own = vars(owner).get(table, {})
            if not _is_table(own, fits):
                if not cls.gates:
                    break
                raise TypeError(
                    f"{owner.__name__}: `{table}` must be a dict of {contents}. "
                    f"Received: {table}={own!r}"
                )
            if table == "descriptions" and owner is cls:
                merged.update(described)
            merged.update(own)
        else:
            setattr(cls, table, merged)
    if cls.gates and (known := [role for role in cls.roles if role in ROLES]):
        raise TypeError(
            f"{cls.__name__}: `roles` must be of further weights, beside {[*ROLES]}. "
            f"Received: {known[0]!r}"
        )


def _is_table(value, fits):
    """Whether a value is a dict from names to values that fit."""
    if not isinstance(value, dict):
        return False
    return all(isinstance(n, str) and n.isidentifier() and fits(v) for n, v in value.items())


def check_names(cls, own):
    """Raise where declarations are of arguments that a class does not have.

    Args:
        cls: the class, with its signature.
        own: its own declarations by table, without those of its bases.
    """
    known = {"example": [*cls.__signature__.parameters]}
    known["descriptions"] = [*known["example"], *cls.roles, *ROLES]
    own = {**own, "repeats": (cls.repeats,) if cls.repeats else ()}
    known["repeats"] = known["example"]
    for table, names in known.items():
        for name in own.get(table, ()):
            if name not in names:
                raise TypeError(
                    f"{cls.__name__}: `{table}` must be of arguments of the cell. Received: "
                    f"{name!r}: {suggestions.suggestion(name, names)}"
                )


#: Most groups that the units of a cell are tried to come in.
MOST_PARTS = 64


def likely_sizes(cell, features, units):
    """Numbers of features and units that tools try in turn, to make a cell to look at.

    Args:
        cell: a cell with `gates`, or its class.
        features, units: the numbers to try first; they should differ.

    Returns:
        Pairs: where the input is added to the state there must be as many features as units, and
        units may come in groups, by an argument that says how many.
    """
    if isinstance(cell, type):
        known = [
            *cell.example.values(),
            *(p.default for p in cell.__signature__.parameters.values()),
        ]
    else:
        known = vars(cell).values()
    parts = {value for value in known if type(value) is int and 0 < value <= MOST_PARTS}
    grouped = units * math.lcm(*parts)
    pairs = (features, units), (units, units), (features, grouped), (grouped, grouped)
    return list(dict.fromkeys(pairs))


def required(cls, size):
    """Legal values of what a cell cannot be made without, `units` apart.

    Args:
        cls: a class of cells with `gates`.
        size: value of every argument of which the class gives no `example`: a number of entries.

    Returns:
        A dict of the arguments that have no default.
    """
    needed = [p.name for p in cls.__signature__.parameters.values() if p.default is p.empty]
    return {name: cls.example.get(name, size) for name in needed if name != "units"}


# ------------------------------------------------------------------ documentation


def as_made(cls, suffix=""):
    """Constructor call of a cell of ours, as code; of its layer, with a suffix to take off."""
    needed = ", ".join(["4", *(f"{name}={value!r}" for name, value in required(cls, 3).items())])
    return f"kg.{cls.__name__.removesuffix(suffix)}({needed})"


def described_in(text):
    """Split a docstring: text without its `Args:` section, and description of each argument."""
    lines, outside, section = inspect.cleandoc(text or "").splitlines(), [], []
    inside = False
    for line in lines:
        if re.fullmatch(r"Args:\s*", line):
            inside = True
        elif inside and line and not line.startswith(" "):
            inside = False
            outside.append(line)
        else:
            (section if inside else outside).append(line)
    body = re.sub(r"\n{3,}", "\n\n", "\n".join(outside)).strip()
    described = {}
    for line in textwrap.dedent("\n".join(section)).splitlines():
        if match := re.match(r"\**(\w+)\s*(?:\([^)]*\))?:\s*(.*)", line):
            name = match.group(1)
            described[name] = match.group(2)
        elif described and line.strip():
            described[name] = f"{described[name]} {line.strip()}".strip()
    return body, described


def description(name, own):
    """Description of an argument, or None where there is none.

    Args:
        name: of the argument.
        own: `descriptions` of the class that has it: of its arguments and of its roles.
    """
    role, _, kind = name.rpartition("_")
    if name in own or name in SHARED:
        return own.get(name, SHARED.get(name))
    return f"{_KINDS[kind]} the {own.get(role, role)}." if kind in _KINDS else None


def describe(parameters, own):
    """The `Args:` lines of a docstring for `parameters`, without those that have no description."""
    lines = []
    for parameter in parameters:
        meaning = description(parameter.name, own)
        if meaning:
            if parameter.default is not parameter.empty and "Default" not in meaning:
                meaning += f" Default: {parameter.default!r}."
            text = f"{parameter.name}: {meaning}"
            lines += textwrap.wrap(text, 96, initial_indent=" " * 4, subsequent_indent=" " * 8)
    return "\n".join(lines)
