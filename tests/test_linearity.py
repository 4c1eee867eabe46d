"""Which cells are linear in their states: by hand, by numbers, and as read from their steps."""

import keras
import numpy as np
import pytest

import kerasgates as kg
from kerasgates.core.cell import CELLS
from tests.cases import REQUIRED, as_array, named_cases, randomise
from tests.tolerances import FLOAT32, assert_close

#: By hand, from the equations: states that are linear, and how. All others of all cells are not.
LINEAR = {
    "DeltaNetCell": {"S": "matrix"},
    "GatedDeltaNetCell": {"S": "matrix"},
    "GILRCell": {"h": "diagonal"},
    "GILRLSTMCell": {"c": "diagonal", "s": "diagonal"},
    "GLACell": {"S": "diagonal"},
    # The last value that was seen, and the time since; the mask says which.
    "GRUDCell": {"h": None, "p": "diagonal", "d": "diagonal"},
    # The real and the imaginary part of a number that turns.
    "LRUCell": {"p": "matrix", "q": "matrix"},
    # m is the larger of two: C and n are linear once it is known.
    "MLSTMCell": {"C": "diagonal", "n": "diagonal", "m": None},
    "MinGRUCell": {"h": "diagonal"},
    "MinLSTMCell": {"h": "diagonal"},
    "QRNN2Cell": {"c": "diagonal", "p": "input"},
    "QRNNCell": {"c": "diagonal"},
    "RGLRUCell": {"h": "diagonal"},
    # The context is a leaky sum of inputs; what reads it is not linear.
    "SCRNCell": {"h": None, "s": "diagonal"},
    "SRU1Cell": {"c": "diagonal"},
    "TGRUCell": {"h": "diagonal", "p": "input"},
    "TLSTMCell": {"c": "diagonal", "p": "input"},
    "TRNNCell": {"h": "diagonal"},
}
#: So many that a function that is linear in parts is not taken for one that is linear.
ROWS = 32
#: Those of which each entry mixes with others than its own.
MIXED = {"DeltaNetCell", "GatedDeltaNetCell"}


def shipped():
    return {n: c for n, c in CELLS.items() if c.__module__.startswith("kerasgates.")}


def built(name, rng):
    cell = getattr(kg, name)(4, **REQUIRED.get(name, {}))
    layer = kg.RNN(cell)
    layer.build((None, None, 3))
    randomise(layer, rng)
    return cell


def new_states(cell, x, states):
    _, new = cell(keras.ops.convert_to_tensor(x), states)
    new = new if isinstance(new, (list, tuple)) else [new]
    return [as_array(state).astype("float64") for state in new]


def is_affine(cell, names, x, rng):
    """Whether new states of some names are affine in the old ones of these, by numbers.

    The middle of two states must lead to the middle of what they lead to; the others are fixed.
    """
    sizes, held = cell.state_sizes, [*cell.states]
    one, two = ([2 * rng.normal(size=(ROWS, n)).astype("float32") for n in sizes] for _ in range(2))
    two = [b if n in names else a for n, a, b in zip(held, one, two)]
    middle = [(a + b) / 2 for a, b in zip(one, two)]
    first, second, between = (new_states(cell, x, states) for states in (one, two, middle))
    return all(
        np.abs((a + b) / 2 - c).max() < 1e-5 * max(1.0, np.abs(a).max(), np.abs(b).max())
        for n, a, b, c in zip(held, first, second, between)
        if n in names
    )


def mixes(cell, name, x, rng):
    """Whether an entry of a new state depends on another entry of the old one, by numbers."""
    at = cell.states.index(name)
    states = [rng.normal(size=(ROWS, n)).astype("float32") for n in cell.state_sizes]
    before = new_states(cell, x, states)[at]
    states[at] = states[at].copy()
    states[at][:, 0] += 1
    return np.abs(new_states(cell, x, states)[at] - before)[:, 1:].max(initial=0) > 1e-6


@pytest.mark.slow
def test_every_cell_is_known_to_be_linear_or_not(rng):
    x = rng.normal(size=(ROWS, 3)).astype("float32")
    with named_cases() as case:
        for name in shipped():
            cell = built(name, rng)
            found, wanted = kg.linearity(cell), LINEAR.get(name, dict.fromkeys(cell.states))
            with case(name):
                assert found.kinds == wanted, str(found)
                assert bool(found) == (None not in wanted.values())
                assert {*sum(found.order, ())} == {*cell.states}
                apart = [n for n in cell.states if wanted[n] and name not in MIXED]
                assert [*found.entrywise] == apart
                for group in found.order:
                    linear = all(wanted[n] is not None for n in group)
                    assert linear == is_affine(cell, group, x, rng), f"{group} by numbers"
                    if linear:
                        # States that read each other mix, whatever becomes of one of them.
                        mixed = len(group) > 1 or mixes(cell, group[0], x, rng)
                        assert (wanted[group[0]] == "matrix") == mixed


def test_states_come_in_the_order_in_which_they_are_known():
    assert kg.linearity(kg.GILRLSTMCell).order == (("s",), ("c",))
    assert kg.linearity(kg.MLSTMCell).order == (("m",), ("C",), ("n",))
    assert kg.linearity(kg.LSTMCell).order == (("h", "c"),)
    assert kg.linearity(kg.QRNN2Cell(4)).order == (("p",), ("c",))


class RotatedCell(kg.AbstractRNNCell):
    """Two states that turn into each other, and one that only follows."""

    gates = ("a", "n")
    recurrent_gates = ()
    states = ("u", "v", "w")

    def step(self, Wx, U, u, v, w):
        a, n = keras.ops.sigmoid(Wx.a), Wx.n
        u, v = a * u - n * v, n * u + a * v
        return (u, v, w / (1 + a) + u * v), {"a": a}


class SquashedCell(kg.AbstractRNNCell):
    """Linear but for one function, that is chosen."""

    gates = ("n",)
    states = ("h",)

    def step(self, Wx, U, h):
        return (self.activation(h @ U.n + Wx.n),), {}


def test_cells_of_others_and_wrappers_are_read_too():
    found = kg.linearity(RotatedCell(4))
    assert found.kinds == {"u": "matrix", "v": "matrix", "w": "diagonal"}
    assert found.order == (("u", "v"), ("w",))
    assert not kg.linearity(SquashedCell(4))
    assert kg.linearity(SquashedCell(4, activation="linear")).kinds == {"h": "matrix"}
    assert kg.linearity(kg.Zoneout(kg.MinGRUCell(4), 0.1))
    assert kg.linearity(kg.RNN(kg.Projection(kg.Residual(kg.QRNNCell(4)), 3)).cell)
    assert not kg.linearity(kg.CellClip(kg.MinGRUCell(4), 1.0))
    assert not kg.linearity(kg.Dilated(kg.MinGRUCell(4), 2))


def test_the_sentence_says_why():
    found = kg.linearity(kg.MinGRUCell)
    assert str(found) == (
        "MinGRUCell, linear in the state: yes, because h' is a multiple of h, entry by entry, and "
        "what the input gives."
    )
    assert repr(found) == str(found)
    told = str(kg.linearity(kg.SCRNCell))
    assert "in part, because h' has σ of h; s' is a multiple of s, entry by entry, and" in told
    assert "c' is a multiple of c, entry by entry, and what the input and s give" in str(
        kg.linearity(kg.GILRLSTM)
    )
    assert "h' has σ of h; c' has σ of h" in str(kg.linearity(kg.LSTM))
    with pytest.raises(ValueError, match="Argument `cell` must be a kerasgates cell"):
        kg.linearity(keras.layers.LSTMCell(3))


def test_a_linear_cell_is_its_scan(rng):
    """All steps at once, by the factors and summands that the step gives at states of 0 and 1."""
    cell = built("GILRCell", rng)
    x = rng.normal(size=(2, 6, 3)).astype("float32")
    rows = x.reshape(-1, 3)
    b = new_states(cell, rows, [np.zeros((12, 4), "float32")])[0]
    a = new_states(cell, rows, [np.ones((12, 4), "float32")])[0] - b
    a, b = a.reshape(2, 6, 4), b.reshape(2, 6, 4)
    shift = 1
    while shift < 6:
        before_a = np.concatenate([np.ones((2, shift, 4)), a[:, :-shift]], axis=1)
        before_b = np.concatenate([np.zeros((2, shift, 4)), b[:, :-shift]], axis=1)
        a, b, shift = a * before_a, a * before_b + b, 2 * shift
    layer = kg.RNN(cell, return_sequences=True, loop="keras")
    assert_close(as_array(layer(x)), b, FLOAT32)


class ReversedCell(kg.AbstractRNNCell):
    """Its state is turned round at every step."""

    gates, recurrent_gates, states = ("z",), (), ("h",)

    def step(self, Wx, U, h):
        h = h[:, ::-1] + Wx.z
        return (h,), {"z": Wx.z}


def test_entries_in_another_order_are_not_the_same():
    found = kg.linearity(ReversedCell(4))
    assert (found.kinds, found.entrywise) == ({"h": None}, ())


class CountingCell(kg.AbstractRNNCell):
    """Its state is rounded down before it is added to."""

    gates, recurrent_gates, states = ("z",), (), ("h",)

    def step(self, Wx, U, h):
        h = keras.ops.cast(keras.ops.cast(h, "int32"), h.dtype) + Wx.z
        return (h,), {"z": Wx.z}


def test_numbers_that_are_rounded_are_not_the_same():
    found = kg.linearity(CountingCell(4))
    assert (found.kinds, found.entrywise) == ({"h": None}, ())
    assert kg.equations(CountingCell(4)).splitlines()[-1] == "h' = int(h) + z"
