"""Gates f and z that replace the old state where they are open, and those that keep it."""

import numpy as np
import pytest

import kerasgates as kg
from kerasgates.core.cell import CELLS
from kerasgates.formulas.direct_path import direct_path, evaluate
from kerasgates.formulas.symbolic import Equations
from tests.cases import as_array


@kg.register
class ReplacingCell(kg.AbstractRNNCell):
    """Both gates are the share of what is new."""

    gates = ("n", "z", "f")
    replacing_gates = ("f", "z")
    states = ("h", "c")

    def step(self, Wx, U, h, c):
        n, z, f = Wx + h @ U
        n, z, f = self.activation(n), self.recurrent_activation(z), self.recurrent_activation(f)
        return (z * n + (1 - z) * h, f * n + (1 - f) * c), {"n": n, "z": z, "f": f}


def test_biases_of_gates_that_replace_start_lowered():
    cell = ReplacingCell(2, initial_update_bias=3.0)
    cell.build((None, 2))
    assert as_array(cell.bias).tolist() == [0, 0, -3, -3, -1, -1]
    cell = ReplacingCell(2, initial_update_bias=3.0, unit_forget_bias=False)
    cell.build((None, 2))
    assert as_array(cell.bias).tolist() == [0, 0, -3, -3, 0, 0]
    for text in (ReplacingCell.__doc__, kg.layer_of(ReplacingCell).__doc__):
        assert "number subtracted from the update gate's bias b_z" in text
        assert "whether the bias b_f is −1" in text
    assert "whether the forget gate's bias b_f is 1" in kg.LSTMCell.__doc__


#: Gates by which a state reaches the next only within a product.
WITHIN = [("NestedLSTMCell", "f")]


def share(found, state, gate, value):
    """Share of a state that is kept where a gate has a value, and all others are half open."""
    path = direct_path(found, state)
    known = {id(node): 0.5 for node in (*found.gates.values(), *found.inputs.values())}
    known[id(found.gates[gate])] = value
    return None if path is None else evaluate(path, known, found.functions)


@pytest.mark.parametrize("name", sorted(CELLS))
def test_cells_declare_the_gates_that_replace(name):
    """So that no bias starts on the side on which a cell forgets what it holds."""
    cell = CELLS[name]
    arguments = {"f": "unit_forget_bias", "z": "initial_update_bias"}
    raised = [gate for gate in "fz" if arguments[gate] in cell.__signature__.parameters]
    if not cell.__module__.startswith(("kerasgates.", __name__)) or not raised:
        return
    found = Equations(cell)
    for gate in raised:
        changes = [
            share(found, state, gate, 0.9) - share(found, state, gate, 0.1)
            for state in found.states
            if share(found, state, gate, 0.9) is not None and gate in found.gates
        ]
        sign = -1 if gate in cell.replacing_gates else 1
        assert all(np.sign(change) in (0, sign) for change in changes), (gate, changes)
        assert any(changes) or (name, gate) in WITHIN, gate


def test_a_gate_that_cannot_be_raised_is_refused():
    members = {"gates": ("n", "z"), "states": ("h",), "replacing_gates": ("n",)}
    with pytest.raises(TypeError, match=r"Broken: `replacing_gates` must name some of \('z',\)"):
        type("Broken", (kg.AbstractRNNCell,), members)
