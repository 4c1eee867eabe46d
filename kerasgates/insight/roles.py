"""Roles of gates in a cell's memory, read from its equations and not from their letters.

A memory is a state s with s' = kept ⊙ s + taken ⊙ candidate, which the output is made of.
"""

from dataclasses import dataclass

from kerasgates.formulas.direct_path import UNKNOWN, ZERO, derivative, direct_path, evaluate
from kerasgates.formulas.nodes import Node, all_of
from kerasgates.insight import obstacles
from kerasgates.insight.ranges import SHARE, gates_of, interval, is_share

ALL = Node("constant", value=1.0)
#: Kinds of nodes whose parts are looked at for the candidate.
SUMS = ("add", "subtract", "negative", "multiply", "constant")


@dataclass(frozen=True)
class Roles:
    """Shares between 0 and 1 that decide the regime of a unit, as nodes made of gates.

    Attributes:
        kept: share of the memory that is kept.
        taken: share of the candidate that comes in.
        shown: share of the memory that comes out; None where the memory is the output itself.
        seen: share of the old state that the candidate sees; None where it sees none, and UNKNOWN
            where that is no share.
    """

    kept: Node
    taken: Node
    shown: Node | None
    seen: Node | None


def roles_of(found):
    """The `Roles` of the gates of a cell, or None; `roles_or_obstacle` says why."""
    return roles_or_obstacle(found)[0]


def roles_or_obstacle(found):
    """The `Roles` of the gates of a cell, or None, and in words what stands in their way, or "".

    There are none where no state is kept in a share that is a matter of gates between 0 and 1
    alone, where more than one thing comes in, or what comes out is no share of the memory.

    Args:
        found: its `Equations`.
    """
    reader = _Reader(found)
    # Of a matrix the shares would be of no unit.
    vectors = [name for name in found.states if name not in found.cell.state_shapes]
    readings = [reader.roles(name) for name in vectors]
    several = [roles for roles in readings if isinstance(roles, Roles)]
    if len(several) == 1:
        return several[0], ""
    if several:
        return None, "several of its states are kept by gates"
    return None, obstacles.together(readings) or "its states are matrices"


class _Reader:
    """Reads the roles of gates in the equations of a cell."""

    def __init__(self, equations):
        self.found = equations
        names = gates_of(equations, equations.cell)
        self.shares = {id(equations.gates[n]): SHARE for n in names}
        self.gates = {id(node) for node in equations.gates.values() if node.kind != "constant"}
        output_name = equations.cell.output_name or equations.cell.states[0]
        self.output = {**equations.gates, **equations.states}[output_name]

    def roles(self, state):
        """The `Roles` with regard to one state, or why there are none."""
        new, old = self.found.states[state], self.found.inputs[state]
        shown = None if new is self.output else self._shown(self.output, new)
        others = {id(p): p for p in self._atoms(new) if p is not old and not self._is_share(p)}
        kept = direct_path(self.found, state)
        if kept is None:
            return obstacles.of_the_path(self.found, state)
        if not self._is_share(kept):
            return f"the share of {state} that is kept is not made of gates between 0 and 1 alone"
        if len(others) != 1:
            count = f"{len(others)} things come" if others else "nothing new comes"
            return f"{count} into {state}, in place of one candidate"
        (candidate,) = others.values()
        taken = derivative(self.found, new, candidate)
        # Numbers alone are no gates, and without memory and candidate there is nothing.
        known = {**dict.fromkeys(self.gates, 0.3), id(old): 0.0, id(candidate): 0.0}
        if evaluate(new, known, self.found.functions) != 0 or not self._is_share(taken):
            return f"what comes into {state} is not weighed by gates between 0 and 1 alone"
        if not {*map(id, all_of([kept, taken]))} & self.gates:
            return f"no gate decides what {state} keeps and takes in"
        if others := self._held_in(candidate, state):
            return f"what comes into {state} holds another state, {others[0]}"
        if shown is UNKNOWN:
            return f"the output shows no share of {state} that is made of gates between 0 and 1"
        return Roles(kept, taken, shown, self._seen(candidate, new))

    def _held_in(self, candidate, state):
        """Names of the other states that go straight into a candidate."""
        olds = [(name, old) for name, old in self.found.inputs.items() if name != state]
        return [n for n, old in olds if derivative(self.found, candidate, old) is not ZERO]

    def _is_share(self, node):
        """Whether a node is between 0 and 1, and made of such gates and numbers alone."""
        parts = all_of([node], self.shares)
        leaves = [part for part in parts if not part.of and part.kind != "constant"]
        return not leaves and is_share(interval(node, self.found.cell, self.shares))

    def _atoms(self, node):
        """Atoms of a sum of products: gates, states, and the results of functions."""
        if node.kind not in SUMS or id(node) in self.gates:
            return [node]
        return [atom for part in node.of for atom in self._atoms(part)]

    def _shown(self, node, memory):
        """Share of a memory that a value shows; UNKNOWN where it does not, or no share of it."""
        if node is memory:
            return ALL
        if (id(node) in self.gates and node is not self.output) or node.kind in ("divide", "power"):
            return UNKNOWN
        shares = [(self._shown(part, memory), part) for part in node.of]
        shares = [(share, part) for share, part in shares if share is not UNKNOWN]
        if len(shares) != 1:
            return UNKNOWN
        ((share, through),) = shares
        others = [p for p in node.of if p is not through] if node.kind == "multiply" else []
        if not all(self._is_share(other) for other in others):
            return UNKNOWN
        return _product([share, *others])

    def _seen(self, candidate, memory):
        """Share of the old state that a candidate sees, other than by its gates."""
        inside = all_of([candidate], self.gates - {id(candidate)})
        states = self.found.states.items()
        fed_back = [self.found.inputs[n] for n, new in states if memory in all_of([new])]
        if not any(old in inside for old in fed_back):
            return None
        gates = {id(p): p for part in inside for p in part.of if id(p) in self.gates}
        known = all(self._is_share(gate) for gate in gates.values())
        return _product(gates.values()) if known else UNKNOWN


def _product(factors):
    """The product of some nodes; the number 1 for none."""
    whole = ALL
    for factor in factors:
        of = (whole, factor)
        whole = factor if whole is ALL else Node("multiply", of, width=factor.width)
    return whole
