"""Summaries of a trace: regimes, saturation, horizons and important units."""

import re

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

import kerasgates as kg
from tests import tolerances
from tests.cases import (
    BATCH,
    MASK,
    TIME,
    UNITS,
    initial_states,
    inputs,
    make_layer,
)
from tests.odd_cells import OddGatesCell
from tests.tolerances import assert_close

pytestmark = pytest.mark.usefixtures("eager")

BIAS = 50.0
#: Input, forget and output gate, and what such a cell does.
CORNERS = [
    ((0, 1, 0), "keeps"),
    ((0, 1, 1), "releases"),
    ((1, 1, 0), "captures"),
    ((0, 0, 0), "erases"),
    ((1, 0, 1), "plain RNN"),
]


@pytest.mark.parametrize(("gates", "name"), CORNERS)
def test_an_lstm_set_by_hand_has_the_name_of_its_regime(gates, name, rng):
    layer = make_layer("LSTMCell", {}, rng, units=2)
    i, f, o = (BIAS * (2 * gate - 1) for gate in gates)
    bias = np.repeat([i, f, 0.3, o], 2)
    layer.cell.bias.assign(bias)
    x, states = inputs(rng), initial_states(layer.cell, rng)
    trace = kg.trace(layer, x, initial_state=states)
    (names,) = trace.regimes().values()
    assert set(names.ravel()) == {name}
    # And it does what the name says.
    before = np.concatenate([states[1][:, None], trace.states["c"][:, :-1]], axis=1)
    g, c, h = trace.gates["g"], trace.states["c"], trace.states["h"]
    expected = {
        "keeps": (before, 0 * c),
        "releases": (before, np.tanh(before)),
        "captures": (before + g, 0 * c),
        "erases": (0 * c, 0 * c),
        "plain RNN": (g, np.tanh(g)),
    }[name]
    assert_close(c, expected[0], tolerances.SAME)
    assert_close(h, expected[1], tolerances.SAME)


@pytest.mark.parametrize(
    ("z", "r", "name"),
    [(1, 0, "keeps"), (1, 1, "keeps"), (0, 1, "plain RNN"), (0, 0, "overwrites")],
)
def test_a_gru_set_by_hand_has_the_name_of_its_regime(z, r, name, rng):
    layer = make_layer("GRUCell", {}, rng, units=2)
    layer.cell.bias.assign(np.repeat([BIAS * (2 * z - 1), BIAS * (2 * r - 1), 0.3], 2))
    (names,) = kg.trace(layer, inputs(rng), MASK).regimes().values()
    assert set(names[MASK].ravel()) == {name}
    assert set(names[~MASK].ravel()) == {"masked"}


@pytest.mark.slow
def test_regimes_of_cells_that_lack_a_gate(rng):
    found = {}
    for name, bias in {
        "OriginalLSTM": [-BIAS, 0, BIAS],
        "CoupledLSTM": [-BIAS, 0, BIAS],
        "NoOutputGateLSTM": [BIAS, BIAS, 0],
        "UGRNN": [-BIAS, 0],
        "LSTM": [0, 0, 0, 0],
    }.items():
        layer = make_layer(f"{name}Cell", {}, rng, units=1)
        layer.cell.bias.assign(bias)
        layer.cell.recurrent_kernel.assign(0 * layer.cell.recurrent_kernel)
        layer.cell.kernel.assign(0 * layer.cell.kernel)
        (names,) = kg.trace(layer, inputs(rng)).regimes().values()
        (found[name],) = set(names.ravel())
    assert found == {
        "OriginalLSTM": "releases",
        "CoupledLSTM": "plain RNN",
        "NoOutputGateLSTM": "captures and releases",
        "UGRNN": "plain RNN",
        "LSTM": "between",
    }
    with pytest.raises(ValueError, match="Regimes need a memory whose shares"):
        kg.trace(make_layer("SimpleRNNCell", {}, rng), inputs(rng)).regimes()


def test_saturation_counts_live_steps_only(rng):
    layer = make_layer("LSTMCell", {}, rng, units=3)
    for weight in (layer.cell.kernel, layer.cell.recurrent_kernel):
        weight.assign(0 * weight)
    # Units 0 and 1 have ends; unit 2 stays between.
    layer.cell.bias.assign([-BIAS, BIAS, 0, BIAS, BIAS, 0, 0.2, -0.2, 1, 0, 0, 0])
    trace = kg.trace(layer, inputs(rng), MASK)
    assert trace.saturation() == [
        {
            "layer": layer.name,
            "gate": "i",
            "closed": 1 / 3,
            "open": 1 / 3,
            "dead": [0],
            "always open": [1],
        },
        {
            "layer": layer.name,
            "gate": "f",
            "closed": 0.0,
            "open": 2 / 3,
            "dead": [],
            "always open": [0, 1],
        },
        {
            "layer": layer.name,
            "gate": "o",
            "closed": 0.0,
            "open": 0.0,
            "dead": [],
            "always open": [],
        },
    ]
    assert trace.saturation(closed=0.6)[2]["closed"] == 1
    with pytest.raises(ValueError, match=r"closed=0\.9, open=0\.1"):
        trace.saturation(0.9, 0.1)


#: Half-lives of a forget or update gate that only its bias sets: -ln 2 / ln sigma(b).
HALF_LIVES = [(0, 1.0), (1, 2.2), (2, 5.5), (3, 14.3), (5, 103)]


@pytest.mark.parametrize("name", ["LSTMCell", "CoupledLSTMCell", "GRUCell", "UGRNNCell"])
def test_a_memory_lasts_as_long_as_its_bias_says(name, rng):
    layer = make_layer(name, {}, rng, units=len(HALF_LIVES))
    for weight in (layer.cell.kernel, layer.cell.recurrent_kernel):
        weight.assign(0 * weight)
    gates = np.reshape(rng.normal(size=layer.cell.bias.shape), (len(layer.cell.gates), -1))
    keep = layer.cell.gates.index("z" if "z" in layer.cell.gates else "f")
    gates[keep] = [bias for bias, _ in HALF_LIVES]
    layer.cell.bias.assign(gates.ravel())
    rows = kg.trace(layer, inputs(rng), MASK).memory_horizon()
    assert [row["unit"] for row in rows] == [4, 3, 2, 1, 0], "the longest memory first"
    for row, (_, steps) in zip(rows, HALF_LIVES[::-1], strict=True):
        assert row["steps"] == pytest.approx(steps, rel=0.02)
    assert {row["state"] for row in rows} == {"h" if "z" in layer.cell.gates else "c"}


def test_memories_without_end_without_beginning_and_without_a_way(rng):
    def horizon(layer, **more):
        return [row["steps"] for row in kg.trace(layer, inputs(rng)).memory_horizon(**more)]

    assert horizon(make_layer("OriginalLSTMCell", {}, rng)) == [np.inf] * UNITS
    leaky = make_layer("ESNCell", {"leaky": 0.25}, rng)
    assert_allclose(horizon(leaky, left=0.75**3), 3.0)
    erased = make_layer("LSTMCell", {}, rng)
    erased.cell.bias.assign([0] * UNITS + [-1e4] * UNITS + [0] * 2 * UNITS)
    assert horizon(erased) == [0.0] * UNITS
    with pytest.raises(ValueError, match=r"None has one: \{'simple_rnn.*': 'SimpleRNNCell'\}"):
        horizon(make_layer("SimpleRNNCell", {}, rng))
    with pytest.raises(ValueError, match="`left` must be between 0 and 1"):
        horizon(erased, left=1)


@pytest.mark.parametrize("backwards", [False, True])
def test_important_units_follow_the_target(backwards, rng):
    layer = make_layer("GRUCell", {}, rng, go_backwards=backwards)
    x = inputs(rng, batch=40)
    mask = np.ones((40, TIME), bool)
    mask[::2, 4:] = False
    trace = kg.trace(layer, x, mask)
    h = trace.states["h"]
    first = trace.important_units(-3 * h[:, :, 2] + 1)[0]
    assert first["unit"] == 2
    assert first["correlation"] == pytest.approx(-1)
    last = h[:, 0] if backwards else np.where(mask[:, -1:], h[:, -1], h[:, 3])
    first, second = trace.important_units(last[:, 1])[:2]
    assert (first["layer"], first["state"], first["unit"]) == (layer.name, "h", 1)
    assert first["correlation"] == pytest.approx(1)
    assert second["correlation"] == pytest.approx(
        max((np.corrcoef(last[:, k], last[:, 1])[0, 1] for k in (0, 2, 3)), key=abs)
    )
    for target in (np.zeros(40), np.full(40, np.nan), np.arange(9.0)):
        with pytest.raises(ValueError, match=r"`target` must (not )?be"):
            trace.important_units(target)


def test_gates_that_are_the_same_for_all_units_are_shown_for_each(rng):
    trace = kg.trace(kg.RNN(OddGatesCell(UNITS)), inputs(rng), units=[1, 3])
    for values in trace.gates.values():
        assert values.shape == (BATCH, TIME, 2)
    assert (trace.gates["r"] == 1).all()
    assert_array_equal(trace.gates["z"][:, :, 0], trace.gates["z"][:, :, 1])
    assert {row["gate"] for row in trace.saturation()} >= {"z", "r"}
    trace.regimes()


def test_units_keep_their_numbers_beside_arrays_of_the_same_width(rng):
    layer = kg.ProjectedLSTM(6, projection_units=2)
    trace = kg.trace(layer, inputs(rng), units=[4, 5])
    found = {(r["state"], r["unit"]) for r in trace.important_units(rng.normal(size=BATCH))}
    assert found == {("h", 0), ("h", 1), ("c", 4), ("c", 5)}


def test_where_all_is_masked_there_is_nothing_to_say(rng):
    trace = kg.trace(make_layer("LSTMCell", {}, rng), inputs(rng), np.zeros_like(MASK))
    assert trace.saturation() == []
    with pytest.raises(ValueError, match="needs steps that are not masked"):
        trace.memory_horizon()


@pytest.mark.parametrize("read", ["saturation", "regimes"])
def test_thresholds_that_are_no_numbers_are_told(read, rng):
    trace = kg.trace(make_layer("GRUCell", {}, rng), inputs(rng))
    with pytest.raises(ValueError, match=r"closed='f', open=0\.9"):
        getattr(trace, read)("f")


def test_regimes_are_printed_as_how_often_each_is_seen(rng):
    trace = kg.trace(make_layer("LSTMCell", {}, rng), inputs(rng), MASK)
    regimes = trace.regimes(closed=0.45, open=0.55)
    (names,) = regimes.values()
    rows = regimes.shares()
    assert {row["regime"] for row in rows} == {*np.unique(names)} - {"masked"}
    seen = names[np.asarray(MASK)]
    for row in rows:
        assert row["share"] == pytest.approx((seen == row["regime"]).mean())
    assert [row["share"] for row in rows] == sorted((r["share"] for r in rows), reverse=True)
    assert str(regimes).splitlines()[0].split() == ["layer", "regime", "share"]
    assert "<table" in regimes._repr_html_()


def test_a_target_may_have_a_gradient_or_be_of_bfloat16(rng):
    torch = pytest.importorskip("torch")
    trace = kg.trace(make_layer("GRUCell", {}, rng), inputs(rng))
    target = torch.tensor(rng.normal(size=BATCH), requires_grad=True)
    for given in (target, target.bfloat16()):
        as_numbers = given.detach().double().numpy()
        assert trace.important_units(given) == trace.important_units(as_numbers)


@pytest.mark.parametrize(
    ("target", "words"),
    [
        ([np.nan, *range(3)], "1 of 4 are NaN or infinite"),
        ([2.0] * 4, "must not be the same everywhere. Received: 2.0 everywhere"),
        (np.zeros((0,)), "an empty array"),
    ],
)
def test_a_target_that_nothing_follows_is_told(target, words, rng):
    trace = kg.trace(make_layer("GRUCell", {}, rng), inputs(rng))
    with pytest.raises(ValueError, match=words):
        trace.important_units(np.array(target, "float64"))


def test_regimes_of_steps_that_are_no_numbers_are_left_out(rng):
    layer = make_layer("LSTMCell", {}, rng)
    x = inputs(rng)
    x[0, 2] = np.nan
    trace = kg.trace(layer, x)
    with pytest.warns(UserWarning, match=rf"{TIME - 2} of {BATCH * TIME} steps, in 1 of"):
        regimes = trace.regimes()
    (names,) = regimes.values()
    assert (names[0, 2:] == "masked").all()
    assert "masked" not in names[0, :2]
    assert "masked" not in names[1:]
    assert sum(row["share"] for row in regimes.shares()) == pytest.approx(1)


def test_what_a_reader_is_shown_of_a_cell_is_a_table(rng):
    (cell,) = kg.trace(make_layer("LSTMCell", {}, rng), inputs(rng)).values()
    title, heads, *rows = repr(cell).splitlines()
    assert re.fullmatch(r"lstm(_\d+)?: LSTMCell, forward", title)
    assert heads.split() == ["kind", "name", "shape", "smallest", "mean", "largest"]
    assert [row.split()[1] for row in rows] == ["i", "f", "g", "o", "h", "c"]
