"""Equations that can be read in one way only, and LaTeX that TeX takes."""

import re

import pytest
from keras import ops

import kerasgates as kg
from kerasgates.formulas.display import GREEK
from tests.cases import cell_class, every_cell, every_configuration, identify, quickly
from tests.test_equations_of_own_cells import last_line, own_cell

#: Each wrapper around a cell.
WRAPPED = {
    "Attention": lambda cell: kg.Attention(cell, 3),
    "CellClip": lambda cell: kg.CellClip(cell, 3.0),
    "Dilated": lambda cell: kg.Dilated(cell, 3),
    "DropConnect": lambda cell: kg.DropConnect(cell, 0.1),
    "Highway": kg.Highway,
    "LayerNormGates": kg.LayerNormGates,
    "Projection": lambda cell: kg.Projection(cell, 2),
    "Residual": kg.Residual,
    "WeightNorm": kg.WeightNorm,
    "Zoneout": lambda cell: kg.Zoneout(cell, 0.1),
}


def groups(latex):
    """Where each group in braces begins and ends, by its beginning."""
    found, opened = {}, []
    for place, letter in enumerate(latex):
        if letter == "{":
            opened.append(place)
        elif letter == "}":
            found[opened.pop()] = place
    assert not opened
    return found


def check(latex):
    """That TeX takes it: braces in pairs, no two indices in a row, and no letter it has not."""
    ends = groups(latex)
    for sign in "_^":
        for match in re.finditer(re.escape(sign), latex):
            start = match.end()
            behind = ends.get(start, start) + 1
            assert latex[behind] != sign, latex[match.start() - 1 : behind + 9]
    assert latex.isascii(), {letter for letter in latex if not letter.isascii()}
    assert not re.search(r"\de[-+]?\d|\\ [a-z]+\{", latex)
    # A word that is no command, and not set upright, is a product of its letters.
    plain = re.sub(
        r"\\(mathrm|operatorname|begin|end)\{[^{}]*\}|\\[a-zA-Z]+|_\{[^{}]*\}", " ", latex
    )
    assert not re.search("[A-Za-z]{2}", plain), plain


@pytest.mark.parametrize(("name", "arguments"), quickly(every_configuration()), ids=identify)
def test_latex_of_every_cell_is_sound(name, arguments):
    check(kg.equations(cell_class(name)(4, **arguments), "latex"))


@pytest.mark.parametrize("inner", ["LSTMCell", "GRUCell"])
@pytest.mark.parametrize("wrapper", WRAPPED)
def test_latex_of_every_wrapper_is_sound(wrapper, inner):
    check(kg.equations(WRAPPED[wrapper](cell_class(inner)(3)), "latex"))


@pytest.mark.parametrize("labels", ["lectures", "rohrer", "004"])
def test_latex_with_other_labels_is_sound(labels):
    check(kg.equations(kg.LSTMCell, "latex", labels))


def test_every_wrapper_is_tried():
    assert {*WRAPPED} == {*kg.wrappers.__all__} - {"CellWrapper"}


def test_a_state_has_one_index():
    lines = kg.equations(kg.Dilated(kg.GRUCell(3), 3), "latex").splitlines()
    assert lines[1] == r"a_{t} &= \operatorname{oldest}\left(q_{h,t-1}\right) \\"
    assert lines[-2] == r"q_{h,t} &= \operatorname{shift}\left(q_{h,t-1};\, h_{t-1}\right) \\"


def test_parts_are_no_quotients():
    text, latex = (kg.equations(kg.HyperLSTMCell, form) for form in ("text", "latex"))
    assert "v_f = σ(u[2/4] + 1)" in text
    assert r"v_{f,t} &= \sigma\left(u_{[2/4],t} + 1\right)" in latex


def test_columns_of_values_side_by_side_have_the_names_of_these():
    text = kg.equations(kg.HyperLSTMCell(4, use_bias=False))
    assert "i   = σ(a_i)" in text
    assert kg.equations(kg.HyperLSTMCell(4)).splitlines()[-6:] == text.splitlines()[-6:]


def test_every_greek_letter_is_a_command_or_looks_as_a_latin_one():
    letters = "αβγδεζηθικλμνξοπρστυφχψωςΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩ"
    assert {*GREEK} == {*letters}
    assert GREEK["ζ"] == r"\zeta"
    assert GREEK["Α"] == "A"
    assert r"\sigma\left(\zeta\right) (1 - z_{t}) + \sigma\left(\nu\right)" in kg.equations(
        kg.FastGRNNCell, "latex"
    )


@pytest.mark.parametrize(
    ("value", "written"),
    [(1e-6, "10^{-6}"), (2.5e-7, r"2.5 \cdot 10^{-7}"), (1e20, "10^{20}"), (0.01, "0.01")],
)
def test_small_and_large_numbers_are_powers_of_ten(value, written):
    def step(self, Wx, U, h):
        return (ops.maximum(Wx.a, value),), {}

    assert rf";\, {written}\right)" in last_line(step, "latex")
    as_text = {1e-6: "10⁻⁶", 2.5e-7: "2.5 · 10⁻⁷", 1e20: "10²⁰", 0.01: "0.01"}[value]
    assert f"; {as_text})" in last_line(step)
    assert kg.equations(kg.MLSTMCell, "latex").splitlines()[-2] == r"\varepsilon &= 10^{-6} \\"


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (lambda a: a / 2.5e-7, "(W_a x + b_a) / (2.5 · 10⁻⁷)"),
        (lambda a: a / 1e-6, "(W_a x + b_a) / 10⁻⁶"),
        (lambda a: a**2.5e-7, "(W_a x + b_a)^(2.5 · 10⁻⁷)"),
        (lambda a: 1e-6**a, "(10⁻⁶)^(W_a x + b_a)"),
        (lambda a: 2.5e-7 * a, "2.5 · 10⁻⁷ (W_a x + b_a)"),
        (lambda a: a / 0.25, "(W_a x + b_a) / 0.25"),
    ],
)
def test_a_power_of_ten_binds_as_what_it_is_written_as(value, written):
    line = last_line(lambda self, Wx, U, h: ((value(Wx.a),), {}))
    assert line.partition("=")[2].strip() == written


def test_words_are_set_upright():
    latex = kg.equations(kg.CellClip(kg.GRUCell(3), 3.0), "latex")
    assert r"-\mathrm{bound}, \mathrm{bound}\right)" in latex
    assert r"\mathrm{bound} &= 3 \\" in latex


def test_what_is_made_of_weights_alone_has_no_time():
    latex = kg.equations(kg.PhasedLSTMCell, "latex")
    assert latex.splitlines()[1] == r"a &= \operatorname{abs}\left(\tau\right) \\"
    assert r"p_{t} &= \frac{\operatorname{mod}\left(s + t_{t};\, a\right)}{a}" in latex
    latex = kg.equations(kg.LTCCell, "latex")
    assert r"a_{3} &= \operatorname{abs}\left(g\right)" in latex
    assert r"a_{2} \odot v_{t-1} + " in latex
    assert "f &= " in kg.equations(kg.MGU3Cell, "latex")


def test_a_state_made_of_weights_alone_has_its_time():
    def step(self, Wx, U, h):
        return (ops.sigmoid(self.decay),), {}

    shapes = {"decay": lambda units: (units,)}
    cell = own_cell(shapes, gates=("a",), recurrent_gates=(), step=step, letters={"decay": "λ"})
    assert kg.equations(cell, "latex").splitlines()[1] == r"h_{t} &= \sigma\left(\lambda\right) \\"


def test_features_of_the_input_have_a_time_and_are_no_gates():
    text, latex = (kg.equations(kg.GRUDCell, form) for form in ("text", "latex"))
    assert "a  = s ⊙ h" in text
    assert r"e_{t} &= d_{t-1} + t_{t} \\" in latex
    assert r"a_{t} &= s_{t} \odot h_{t-1} \\" in latex
    assert r"\operatorname{where}\left(m_{t} > 0.5;\, x_t, p_{t-1}\right)" in latex


def test_no_value_has_the_letter_of_a_weight():
    assert kg.equations(kg.CfCCell).splitlines()[:2] == [
        "a  = 1.7159 tanh(0.666 (W x + U h + b))",
        "n  = φ(V_n a + d_n)",
    ]
    # A letter that traces and pictures have, too: no cell of the package needs another one.
    assert kg.CfCCell.gates == ("a",)

    def step(self, Wx, U, h):
        b = ops.tanh(Wx.n + h @ U.n)
        b2 = b * b
        c = ops.exp(b2)
        return (c * h + c * (1 - c),), {"b": b, "b2": b2}

    assert kg.equations(own_cell(gates=("n",), step=step)).splitlines() == [
        "a   = tanh(W x + U h + b)",
        "a2  = a ⊙ a",
        "a_n = exp(a2)",
        "h'  = a_n ⊙ h + a_n ⊙ (1 − a_n)",
    ]


@pytest.mark.parametrize(("name", "arguments"), every_cell(), ids=identify)
def test_no_value_of_a_cell_has_the_letter_of_a_weight(name, arguments):
    for line in kg.equations(cell_class(name)(4, **arguments)).splitlines():
        letter, body = line.split(" = ", 1)
        # What is in its own equation would be a weight: an old state has no prime.
        assert letter.strip() not in re.findall(r"[\w']+(?:,[\w']+)*", body), line


def test_a_factor_behind_a_quotient_is_not_divided_by():
    assert kg.equations(kg.CTRNNCell).splitlines()[1] == "h' = h + (Δt / τ) (n − h)"
    assert r"\frac{\Delta t}{\tau} (n_{t} - h_{t-1})" in kg.equations(kg.CTRNNCell, "latex")

    def around(self, Wx, U, h):
        return (Wx.a * (h / (1 + h * h)) * Wx.b,), {}

    def behind(self, Wx, U, h):
        return (Wx.a * (h / (Wx.a @ ops.transpose(self.v))),), {}

    quotient = "h / (1 + h ⊙ h)"
    assert last_line(around) == f"h' = ((W_a x + b_a) ⊙ {quotient}) ⊙ (W_b x + b_b)"
    cell = own_cell(
        {"v": lambda units: (units, units)}, gates=("a",), recurrent_gates=(), step=behind
    )
    assert kg.equations(cell).splitlines()[-1].endswith(" ⊙ h / (vᵀ a_a)")


def test_columns_of_some_blocks_of_a_weight_have_their_own_name_alone():
    text = kg.equations(kg.Attention(kg.GRUCell(3), 2))
    assert "z  = σ(U_z h + W_z u + b_z)" in text
    assert "r  = σ(U_r h + W_r u + b_r)" in text
