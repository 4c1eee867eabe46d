"""Equations that are derived from the code of a cell, and compared with what is written of it."""

import re

import keras
import numpy as np
import pytest
from keras import ops

import kerasgates as kg
from kerasgates.formulas.direct_path import direct_path
from kerasgates.formulas.printing import expression
from kerasgates.formulas.symbolic import Equations
from tests import reference
from tests.cases import UNITS, cell_class, every_cell, identify, quickly

#: What makes the derived equations those of the docstring, where the default has fewer terms.
WHOLE = {"NASCell": {"use_bias": True}, "RHNCell": {"depth": 2}, "SCRNCell": {"use_bias": True}}
WHOLE |= {f"{kind}LSTMCell": {"rounds": 2} for kind in ("Mogrifier", "TiedMogrifier")}


def written(cell):
    """The equations in a docstring: name and right-hand side."""
    found = re.findall(r"^    +([a-zA-Z]\w*'?)\s+= (.+)$", cell.__doc__.split("Source:")[0], re.M)
    # A remark may stand behind, some spaces apart.
    return [(name, " ".join(re.split(r" {4,}", body)[0].split())) for name, body in found]


def derived(cell):
    rows = [line.split(" = ", 1) for line in kg.equations(cell).splitlines()]
    # What a last line tells of functions and numbers is under Greek letters.
    rows = [(name.strip(), body) for name, body in rows if name[0] not in "αβγετσφψΔ"]
    return [(name, body) for name, body in rows if " rounds, " not in body]


@pytest.mark.parametrize(("name", "arguments"), every_cell(), ids=identify)
def test_the_equations_of_the_code_are_those_of_the_docstring(name, arguments):
    cell = cell_class(name)(UNITS, **arguments, **WHOLE.get(name, {}))
    assert derived(cell) == written(cell)
    assert len(written(cell)) >= len(cell.states)


@pytest.mark.parametrize(("name", "arguments"), quickly(every_cell()), ids=identify)
def test_class_cell_and_layer_have_the_same_equations(name, arguments):
    kind = cell_class(name)
    expected = kg.equations(kind)
    layer = kg.layer_of(kind)
    cell = kind(UNITS, **arguments)
    assert kg.equations(cell) == kg.equations(layer) == expected
    assert kg.equations(layer(UNITS, **arguments)) == expected
    assert not cell.built, "the cell that was given is left alone"


def test_arguments_show():
    text = kg.equations(kg.LSTMCell(3, use_bias=False, output_activation="linear"))
    assert "i  = σ(W_i x + U_i h)" in text
    assert text.splitlines()[-2:] == ["h' = o ⊙ ψ(c')", "ψ = linear"]
    assert kg.equations(kg.SimpleRNNCell(3, "relu")).splitlines()[-1] == "φ = relu"
    assert kg.equations(kg.ESNCell(3, leaky=0.25)).splitlines()[-1] == "α = 0.25"
    projected = kg.equations(kg.NASCell(3, projection_units=2)).splitlines()[-1]
    assert projected == "h' = R tanh(c' ⊙ tanh(l2 + l3))"


def test_arguments_of_layers_show_too():
    assert kg.equations(kg.ESN(3, leaky=0.25)).splitlines()[-1] == "α = 0.25"
    assert "b_i" not in kg.equations(kg.LSTM(3, use_bias=False))


def test_powers_and_columns_are_not_mistaken():
    @kg.register
    class PoweredCell(kg.AbstractRNNCell):
        """A user's."""

        gates = ("n",)
        states = ("h",)

        def step(self, Wx, U, h):
            a, b = ops.split(h, 2, axis=-1)
            return ((Wx.n**2) ** 3 * ops.concatenate([b, a], axis=-1),), {}

    text = kg.equations(PoweredCell)
    assert text == "h' = ((W x + b)^2)^3 ⊙ [h[2/2], h[1/2]]"
    assert "{({(W x_t + b)}^{2})}^{3}" in kg.equations(PoweredCell, format="latex")


def test_latex_has_an_index_for_time():
    assert kg.equations(kg.GRUCell, format="latex").splitlines() == [
        r"\begin{aligned}",
        r"z_{t} &= \sigma\left(W_{z} x_t + U_{z} h_{t-1} + b_{z}\right) \\",
        r"r_{t} &= \sigma\left(W_{r} x_t + U_{r} h_{t-1} + b_{r}\right) \\",
        r"n_{t} &= \varphi\left(W_{n} x_t + U_{n} (r_{t} \odot h_{t-1}) + b_{n}\right) \\",
        r"h_{t} &= z_{t} \odot h_{t-1} + (1 - z_{t}) \odot n_{t} \\",
        r"\end{aligned}",
    ]


def test_numbered_values_have_two_indices():
    lines = kg.equations(kg.NASCell, format="latex").splitlines()
    assert lines[-3].startswith(r"c_{t} &= \tanh\left(l_{0,t} + c_{t-1}\right) \odot l_{1,t}")


@pytest.mark.parametrize(("name", "arguments"), quickly(every_cell()), ids=identify)
def test_latex_of_every_cell_can_be_typeset(name, arguments, tmp_path):
    mathtext = pytest.importorskip("matplotlib.mathtext")
    parser = mathtext.MathTextParser("path")
    for line in kg.equations(cell_class(name), format="latex").splitlines()[1:-1]:
        parser.parse("$" + line.replace("&", "").removesuffix(r"\\").strip() + "$")


@kg.register
class OddCell(kg.AbstractRNNCell):
    """A user's: helpers, functions of Keras, numbers, and an old state that is handed on."""

    gates = ("z", "n")
    states = ("h", "before")

    def __init__(self, *args, slope=0.5, **kwargs):
        super().__init__(*args, **kwargs)
        self.slope = slope

    def squeezed(self, a, by):
        return ops.tanh(by * a)

    def step(self, Wx, U, h, before):
        z = self.recurrent_activation(Wx.z + h @ U.z)
        n = self.squeezed(Wx.n + (z * h) @ U.n, self.slope)
        new = ops.where(n > 0, z * h - n / 2, -(before**2))
        return (new, h), {"z": z, "n": n}


def test_a_users_cell():
    assert kg.equations(OddCell(3, slope=0.25)).splitlines() == [
        "z       = σ(W_z x + U_z h + b_z)",
        "n       = squeezed(W_n x + U_n (z ⊙ h) + b_n; slope)",
        "h'      = where(n > 0; z ⊙ h − n / 2, −before^2)",
        "before' = h",
        "slope = 0.25",
    ]


def test_super_and_own_weights():
    @kg.register
    class ShiftedCell(kg.UGRNNCell):
        """More than its base."""

        def build(self, input_shape):
            super().build(input_shape)
            self.shift = self.add_weight(name="shift", shape=(self.units,))

        def step(self, Wx, U, h):
            (new,), gates = super().step(Wx, U, h)
            return (new + self.shift,), gates

    assert kg.equations(ShiftedCell).splitlines()[-1] == "h' = z ⊙ h + (1 − z) ⊙ n + shift"


def test_operations_show_their_numbers_and_functions_their_names():
    @kg.register
    class ClippedCell(kg.AbstractRNNCell):
        """A gate with bounds, and a function that is not its own."""

        gates = ("f", "g")
        states = ("h",)

        def step(self, Wx, U, h):
            f, g = Wx + h @ U
            f = ops.clip(self.recurrent_activation(f), 0.1, 0.9)
            g = ops.sigmoid(g)
            return (f * h + g,), {"f": f, "g": g}

    lines = kg.equations(ClippedCell(3, recurrent_activation="hard_sigmoid")).splitlines()
    assert lines[0] == "f  = clip(σ(W_f x + U_f h + b_f); 0.1, 0.9)"
    assert lines[1] == "g  = sigmoid(W_g x + U_g h + b_g)"
    assert lines[-1] == "σ = hard_sigmoid"
    assert kg.equations(ClippedCell).splitlines()[1] == "g  = σ(W_g x + U_g h + b_g)"


def test_errors_say_what_would_be_right():
    @kg.register
    class NumPyCell(kg.AbstractRNNCell):
        """Leaves Keras."""

        gates = ("n",)
        states = ("h",)

        def step(self, Wx, U, h):
            return (np.tanh(np.asarray(Wx.n)),), {}

    for given, message in {
        (NumPyCell, "text"): "step of NumPyCell cannot be written as equations",
        (keras.layers.LSTMCell(3), "text"): "must be a kerasgates cell with `gates`",
        (kg.LSTMCell, "html"): r"`format` must be one of \['text', 'latex'\]. Received: 'html'",
    }.items():
        with pytest.raises(ValueError, match=message):
            kg.equations(given[0], format=given[1])


@pytest.mark.parametrize(("name", "arguments"), every_cell(), ids=identify)
def test_the_direct_path_of_every_state(name, arguments):
    found = Equations(cell_class(name))
    for state, expected in reference.CELLS[name].direct.items():
        path = direct_path(found, state)
        assert (path and expression(path, found)) == expected


def test_a_step_that_goes_round_several_times_shows_one_round():
    """The number of rounds has its letter wherever it scales something, and is told at the end."""
    last = "Δt = 1, m = {}"
    rounds = " rounds, v' of one is v of the next"
    lines = kg.equations(kg.LTCCell).splitlines()
    assert lines[3] == "a2 = m abs(C)"
    assert lines[-1] == last.format(6) + rounds
    once = kg.equations(kg.LTCCell(3, unfolds=1)).splitlines()
    assert once == [*lines[:-1], last.format(1)]
    latex = kg.equations(kg.LTCCell(3, unfolds=2), format="latex").splitlines()
    assert latex[-2].startswith(r"m &= 2\mathrm{\ rounds,\ }v_{t}\mathrm")
    # Rounds are no longer alike where something is done behind the last; and readers want all.
    around = kg.equations(kg.Zoneout(kg.LTCCell(3, unfolds=2), 0.1))
    assert "a2 = 2 abs(C)\n" in around
    assert "\nv1 = " in around
    assert "v5" in Equations(kg.LTCCell).gates


def test_the_number_of_rounds_is_never_lost():
    @kg.register
    class PacedCell(kg.AbstractRNNCell):
        """Its number of rounds goes into another number, which has no letter."""

        gates = ("n",)
        states = ("h",)
        repeats = "rounds"
        descriptions = {"rounds": "how often."}

        example = {"rounds": 3}

        def __init__(self, *args, rounds, **kwargs):
            super().__init__(*args, **kwargs)
            self.rounds = rounds

        def step(self, Wx, U, h):
            for _ in range(self.rounds):
                h = h + Wx.n * (1.0 / self.rounds)
            return (h,), {}

    # All of them are shown then.
    lines = kg.equations(PacedCell).splitlines()
    assert lines[-1] == "h'  = h + 0.333333 a_n + 0.333333 a_n + 0.333333 a_n"
    PacedCell.step = lambda self, Wx, U, h: ((h + Wx.n / self.rounds,), {})
    assert kg.equations(PacedCell).splitlines() == [
        "h' = h + (W x + b) / rounds",
        "rounds = 3 rounds, h' of one is h of the next",
    ]
