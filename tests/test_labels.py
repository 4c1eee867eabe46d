"""Names of gates and states by the conventions of lectures: equations, traces, pictures."""

import numpy as np
import pytest

import kerasgates as kg
from kerasgates.formulas.labels import CONVENTIONS
from tests.cases import every_cell

LECTURES = """\
Γ_u = 1 − σ(W_z x + U_z c + b_z)
Γ_r = σ(W_r x + U_r c + b_r)
c̃   = φ(W_n x + U_n (Γ_r ⊙ c) + b_n)
c'  = (1 − Γ_u) ⊙ c + Γ_u ⊙ c̃"""
ROHRER = """\
ignoring      = σ(W_i x + U_i prediction + b_i)
forgetting    = σ(W_f x + U_f prediction + b_f)
possibilities = φ(W_g x + U_g prediction + b_g)
selection     = σ(W_o x + U_o prediction + b_o)
memory'       = forgetting ⊙ memory + ignoring ⊙ possibilities
prediction'   = selection ⊙ φ(memory')"""


@pytest.fixture
def traced(rng):
    """Traces of an LSTM and a GRU on the same sequences."""
    x = rng.normal(size=(2, 4, 3)).astype("float32")
    return kg.trace(kg.LSTM(5, name="lstm"), x)["lstm"], kg.trace(kg.GRU(5, name="gru"), x)["gru"]


def test_equations_are_those_of_the_lecture():
    assert kg.equations(kg.GRU, labels="lectures") == LECTURES
    assert kg.equations(kg.LSTM, labels="rohrer") == ROHRER
    assert r"\Gamma_{u,t} &= 1 - \sigma" in kg.equations(kg.GRU, "latex", labels="lectures")
    assert r"\tilde{c}_{t} &=" in kg.equations(kg.LSTM, "latex", labels="004")
    assert r"\mathrm{memory}_{t-1}" in kg.equations(kg.LSTM, "latex", labels="rohrer")
    # z of this cell multiplies the candidate already.
    assert "G_u = σ(W_z x + b_z)" in kg.equations(kg.MUT1, labels="004")


@pytest.mark.slow
@pytest.mark.parametrize("labels", CONVENTIONS)
def test_every_cell_has_names_or_is_refused_and_no_name_means_two_things(labels):
    named, refused = [], []
    for name, _ in every_cell():
        try:
            found = kg.equations(kg.get(name), labels=labels)
        except ValueError as error:
            refused.append(str(error))
            continue
        named.append(name)
        left = [line.split(" = ")[0].strip() for line in found.splitlines() if " = " in line]
        assert len({*left}) == len(left), found
        assert found != kg.equations(kg.get(name))
    assert all(f"Argument `labels`: '{labels}' has no names" in text for text in refused)
    assert {"LSTMCell", "SimpleRNNCell"} <= {*named}
    assert ("GRUCell" in named) == (labels != "rohrer")


def test_traces_have_the_values_of_the_names(traced):
    lstm, gru = traced
    found = lstm.labelled("rohrer")
    np.testing.assert_array_equal(found.gates["ignoring"], lstm.gates["i"])
    np.testing.assert_array_equal(found.states["memory"], lstm.states["c"])
    np.testing.assert_array_equal(found.kept["memory"], lstm.gates["f"])
    assert found.bounded == ["ignoring", "forgetting", "selection"]
    found = gru.labelled("lectures")
    np.testing.assert_array_equal(found.gates["Γ_u"], 1 - gru.gates["z"])
    assert [*found.states] == [*found.initial] == ["c"]
    # What was taken over: c' = (1 − Γ_u) c + Γ_u c̃.
    gates, c = found.gates, found.before()["c"]
    update = (1 - gates["Γ_u"]) * c + gates["Γ_u"] * gates["c̃"]
    np.testing.assert_allclose(found.states["c"], update, atol=1e-6)
    whole = kg.GateTrace([gru]).labelled("004")
    assert [*whole.gates] == ["G_u", "G_r", "C~"]


def test_pictures_have_the_names(traced):
    texts = [text.get_text() for text in kg.plot.cell(kg.LSTM, labels="rohrer").texts]
    for word in ("ignoring", "forgetting", r"collected\ possibilities", "selection", "prediction"):
        assert any(word in text for text in texts), word
    axes = kg.plot.gates(traced[1], "Γ_u", labels="lectures")
    assert axes.get_title() == "gru: Γ_u"
    shown = np.asarray(axes.images[0].get_array())
    np.testing.assert_array_equal(shown, 1 - traced[1].gates["z"][0].T)


def test_unknown_conventions_are_refused():
    with pytest.raises(
        ValueError, match=r"`labels` must be one of \['lectures', 'rohrer', '004'\]"
    ):
        kg.equations(kg.LSTM, labels="greek")
    with pytest.raises(ValueError, match="`labels`: 'rohrer' has no names for a cell with gates z"):
        kg.plot.cell(kg.GRU, labels="rohrer")
