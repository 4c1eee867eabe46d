"""Names of gates and states by the convention of a lecture, in place of those of the papers.

"lectures" are those of A. Ng (Γ_u, Γ_f, Γ_o, c̃), "rohrer" the words of B. Rohrer (ignoring,
forgetting, selection …), "004" the letters G_u, G_r, G_f, G_o. The first and the last have an
update gate that multiplies the candidate, where z multiplies the old state: it is 1 − z.
"""

import unicodedata
from dataclasses import dataclass

from kerasgates.formulas.nodes import Node, all_of

#: By convention names of the parts of cells with a memory c, of those with an update gate z, and
#: of all others.
CONVENTIONS = {
    "lectures": (
        {"i": "Γ_u", "f": "Γ_f", "o": "Γ_o", "g": "c̃", "h": "a"},
        {"z": "Γ_u", "r": "Γ_r", "n": "c̃", "h": "c"},
        {"h": "a"},
    ),
    "rohrer": (
        {
            "i": "ignoring",
            "f": "forgetting",
            "o": "selection",
            "g": "possibilities",
            "c": "memory",
            "h": "prediction",
            "c'": "collected possibilities",
        },
        {},
        {"h": "prediction"},
    ),
    "004": (
        {"i": "G_u", "f": "G_f", "o": "G_o", "g": "c~", "h": "a"},
        {"z": "G_u", "r": "G_r", "n": "C~", "h": "C"},
        {"h": "a"},
    ),
}


@dataclass(frozen=True)
class Labels:
    """Names for the parts of one cell.

    Attributes:
        names: by our own letter; of what a state becomes, where that has a name, by "c'".
        turned: letters of the gates that stand for 1 minus what the convention calls so.
    """

    names: dict
    turned: frozenset = frozenset()

    def __call__(self, letter):
        return self.names.get(letter, letter)


def labels_of(convention, gates, states, replacing=()):
    """The `Labels` of a cell with these gates and states; no names for None.

    Args:
        convention: a key of `CONVENTIONS`, or None.
        gates, states: the cell's own letters.
        replacing: letters of gates that replace the old state where they are open.

    Raises:
        ValueError: if there is no such convention, or it has no name for any part of the cell.
    """
    if convention is None:
        return Labels({})
    if convention not in CONVENTIONS:
        raise ValueError(
            f"Argument `labels` must be one of {[*CONVENTIONS]} or None. Received: {convention!r}"
        )
    of_memory, of_update, of_others = CONVENTIONS[convention]
    names = of_memory if "c" in states else of_update if "z" in gates else of_others
    # What else has gates is in no lecture.
    names = {} if names is of_others and {"i", "f"} & {*gates} else names
    known = {*gates, *states}
    names = {letter: name for letter, name in names.items() if letter.rstrip("'") in known}
    if not names:
        raise ValueError(
            f"Argument `labels`: {convention!r} has no names for a cell with gates "
            f"{' '.join(gates)} and states {' '.join(states)}."
        )
    turned = {"z"} & {*names} - {*replacing}
    return Labels(names, frozenset(turned))


def relabel(found, convention):
    """Give the gates and states of `Equations` the names of a convention, in place; its `Labels`.

    Weights keep their letters: those of the columns of `kernel` in which they are.
    """
    labels = labels_of(convention, found.gates, found.states, found.cell.replacing_gates)
    for letter in labels.turned & {*found.gates}:
        _turn(found, letter)
    for name, node in found.inputs.items():
        node.name = labels(name)
    for part in ("gates", "states", "inputs"):
        named = {labels(name): node for name, node in getattr(found, part).items()}
        setattr(found, part, named)
    return labels


def _turn(found, letter):
    """Put 1 − z in the place of a gate z, whatever reads it: z itself is 1 − (1 − z) then."""
    gate, one = found.gates[letter], Node("constant", value=1.0)
    turned = Node("subtract", (one, gate), width=gate.width)
    again = Node("subtract", (one, turned), width=gate.width)
    for node in all_of([*found.gates.values(), *found.states.values()]):
        # Whatever reads 1 − z reads the one that has a name.
        if not _is_rest(node, gate):
            node.of = tuple(
                turned if _is_rest(part, gate) else again if part is gate else part
                for part in node.of
            )
    found.gates[letter] = turned


def _is_rest(node, gate):
    """Whether a node is 1 − the gate."""
    if node.kind != "subtract":
        return False
    first, second = node.of
    return second is gate and first.kind == "constant" and first.value == 1


def width(text):
    """Number of columns that a text takes: a tilde above a letter takes none."""
    return sum(not unicodedata.combining(letter) for letter in text)


def base_of(name):
    """Base of a name, without its index, in LaTeX, which Matplotlib reads as well."""
    if name not in _BASES:
        return name
    if name == "Γ":
        return r"\Gamma"
    tilde = len(name) == 2 and name[1] in "\u0303~"
    return rf"\tilde{{{name[0]}}}" if tilde else rf"\mathrm{{{name}}}".replace(" ", r"\ ")


#: All names of conventions; and what stands before the index of those that are no single letters.
NAMES = {n for kinds in CONVENTIONS.values() for names in kinds for n in names.values()}
_BASES = {name.partition("_")[0] for name in NAMES} - {*"acChG"}
