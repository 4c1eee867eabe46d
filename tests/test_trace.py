"""Traces: gates that are those of the equations, and what is read in them."""

import tracemalloc

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import ops
from numpy.testing import assert_allclose, assert_array_equal

import kerasgates as kg
from kerasgates import loops
from kerasgates.insight import replay
from tests import reference, tolerances
from tests.cases import (
    BATCH,
    FEATURES,
    MASK,
    SOME,
    TIME,
    UNITS,
    as_array,
    as_arrays,
    eagerly,
    every_cell,
    every_configuration,
    identify,
    initial_states,
    inputs,
    make_layer,
    randomise,
    some_loop_of_every_cell,
    weights_of,
)
from tests.tolerances import assert_close


def run_by_reference(name, arguments, cell, x, states, mask):
    """Gates (NaN at masked steps) and states `(batch, time, …)` of the reference."""
    weights, gates, kept = weights_of(cell), [], []
    for t in range(x.shape[1]):
        live = mask[:, t, None]
        _, new, found = reference.CELLS[name].step(weights, x[:, t], states, arguments)
        states = [np.where(live, a, b) for a, b in zip(new, states, strict=True)]
        gates.append({k: np.where(live, v, np.nan) for k, v in found.items()})
        kept.append(states)
    gates = {k: np.stack([step[k] for step in gates], axis=1) for k in gates[0]}
    return gates, [np.stack(values, axis=1) for values in zip(*kept)]


SLOW = pytest.mark.slow


@pytest.mark.parametrize("masked", [pytest.param(False, marks=SLOW), True], ids=["plain", "masked"])
@pytest.mark.parametrize(
    ("name", "arguments"),
    [c if c in every_cell() else pytest.param(*c, marks=SLOW) for c in every_configuration()],
    ids=identify,
)
def test_gates_and_states_are_those_of_the_equations(name, arguments, masked, rng):
    layer = make_layer(name, arguments, rng, dtype="float64", return_sequences=True)
    x = rng.normal(size=(BATCH, TIME, FEATURES))
    states = [rng.normal(size=(BATCH, n)) for n in layer.cell.state_sizes]
    mask = MASK if masked else None
    with eagerly(name not in SOME):
        trace = kg.trace(layer, x, mask, initial_state=states)
    whole = MASK if masked else np.ones_like(MASK)
    gates, kept = run_by_reference(name, arguments, layer.cell, x, states, whole)
    assert set(trace.gates) == set(gates)
    for gate, values in trace.gates.items():
        assert_close(values, gates[gate], tolerances.FLOAT64)
    for state, values in zip(trace.states.values(), kept, strict=True):
        assert_close(values, state, tolerances.FLOAT64)


#: What is traced is replayed from the cell, whatever the layer's loop; and the equations themselves
#: are compared above.
ALL_LOOPS = ("auto", *loops.LOOPS)


@pytest.mark.parametrize(
    ("name", "arguments", "loop"),
    [
        pytest.param(*case, marks=() if case[0] == SOME[0] or case[2] == "hoisted" else SLOW)
        for case in some_loop_of_every_cell(ALL_LOOPS)
    ],
    ids=identify,
)
def test_the_traced_states_are_the_layers_outputs(name, arguments, loop, rng):
    settings = {"return_sequences": True, "return_state": True, "dtype": "float64", "loop": loop}
    layer = make_layer(name, arguments, rng, **settings)
    x = rng.normal(size=(BATCH, TIME, FEATURES))
    states = [rng.normal(size=(BATCH, n)) for n in layer.cell.state_sizes]
    with eagerly(name not in SOME):
        outputs, *last = as_arrays(layer(x, initial_state=list(states), mask=MASK))
        trace = kg.trace(layer, x, MASK, initial_state=states)
    shown = layer.cell.output_name or layer.cell.states[0]
    # Before a row's first step the output is zero, and the state is the initial one.
    begun = np.logical_or.accumulate(MASK, axis=1)[:, :, None]
    traced = np.where(begun, trace.states[shown], 0)
    assert_close(traced, outputs, tolerances.FLOAT64)
    for state, final in zip(trace.states.values(), last, strict=True):
        assert_close(state[:, -1], final, tolerances.FLOAT64)


def recombined(cell, gates, c):
    """New memory and output of cells in the manner of the LSTM, from their gates."""
    f = gates.get("f", 1.0)
    c = f * c + gates.get("i", 1 - f) * gates["g"]
    return c, gates.get("o", 1.0) * np.tanh(c)


@pytest.mark.parametrize(
    "name",
    [
        "PeepholeLSTM",
        *(pytest.param(n, marks=SLOW) for n in ("LSTM", "OriginalLSTM", "CoupledLSTM", "JANET")),
    ],
)
def test_gates_recombine_in_both_directions_of_a_masked_stack(name, rng):
    layer = getattr(kg, name)
    model = keras.Sequential(
        [
            keras.Input((None, FEATURES)),
            keras.layers.Masking(),
            keras.layers.Bidirectional(layer(UNITS, return_sequences=True)),
            layer(UNITS, return_sequences=True),
        ]
    )
    randomise(model, rng)
    x = np.where(MASK[:, :, None], inputs(rng), 0)
    trace = kg.trace(model, x)
    assert [cell.direction for cell in trace.values()] == ["forward", "backward", "forward"]
    for cell in trace.values():
        memory = cell.states.get("c", cell.states["h"])
        start = cell.initial.get("c", cell.initial["h"])[:, None]
        if cell.direction == "forward":
            before = np.concatenate([start, memory[:, :-1]], axis=1)
        else:
            before = np.concatenate([memory[:, 1:], start], axis=1)
        c, h = recombined(cell, cell.gates, before)
        h = h if "c" in cell.states else c
        assert_close(memory[MASK], c[MASK], tolerances.SAME)
        assert_close(cell.states["h"][MASK], h[MASK], tolerances.SAME)
        assert np.isnan(cell.gates["f" if "f" in cell.gates else "i"][~MASK]).all()
    outputs = as_array(model(x))
    assert_close(trace[model.layers[-1].name].states["h"][MASK], outputs[MASK], tolerances.SAME)


@pytest.mark.slow
def test_stacked_cells_stock_layers_and_shared_layers_have_names(rng):
    cells = [kg.GRUCell(3, name="a"), kg.LSTMCell(FEATURES, name="b")]
    shared = keras.layers.LSTM(FEATURES, return_sequences=True, name="shared")
    x = keras.Input((TIME, FEATURES))
    y = kg.RNN(cells, return_sequences=True, name="stack")(shared(x))
    model = keras.Model(x, shared(y))
    randomise(model, rng)
    values = inputs(rng)
    trace = kg.trace(model, values)
    assert [*trace] == ["shared", "stack/a", "stack/b", "shared:2"]
    assert "shared:2: LSTMCell, forward, gates i f g o, states h c, batch 5" in repr(trace)
    assert_close(trace["shared:2"].states["h"], as_array(model(values)), tolerances.SAME)
    alone = kg.trace(kg.upgrade(keras.Sequential([keras.Input((TIME, FEATURES)), shared])), values)
    assert_close(alone.gates["f"], trace["shared"].gates["f"], tolerances.SAME)
    assert_close(kg.trace(shared, values).states["c"], alone.states["c"], tolerances.SAME)
    with pytest.raises(ValueError, match="several cells"):
        _ = trace.gates
    with pytest.raises(KeyError, match="no trace of 'lstm', but of"):
        trace["lstm"]
    chosen = kg.trace(model, values, layers=["stack/b"])
    assert [*chosen] == ["stack/b"]
    assert_array_equal(chosen.gates["f"], trace["stack/b"].gates["f"])


def test_a_part_of_units_and_times_in_chunks(rng, monkeypatch):
    layer = keras.layers.Bidirectional(kg.ProjectedLSTM(6, projection_units=3, name="lstm"))
    x = inputs(rng, time=11)
    whole = kg.trace(layer, x)
    sizes = []
    original = keras.Model.predict_on_batch

    def spying(self, inputs):
        sizes.append(inputs[0].shape[1])
        return original(self, inputs)

    monkeypatch.setattr(keras.Model, "predict_on_batch", spying)
    monkeypatch.setattr(replay, "CHUNK", 4 * 4 * BATCH * (4 * 6 + 6 + 3))
    part = kg.trace(layer, x, units=[4, -1], times=slice(1, None, 3))
    assert sizes == [4, 4, 3] * 2
    assert_array_equal(part["forward_lstm"].times, [1, 4, 7, 10])
    assert_array_equal(part["backward_lstm"].units, [4, 5])
    for name, cell in part.items():
        assert cell.states["h"].shape == (BATCH, 4, 3), "a projected state is kept whole"
        for kind, key, array in cell.values():
            full = getattr(whole[name], f"{kind}s")[key][:, 1::3]
            full = full[:, :, [4, 5]] if key != "h" else full
            assert_close(array, full, tolerances.FLOAT32)


def test_nothing_of_the_model_changes(rng):
    model = keras.Sequential(
        [
            keras.Input((TIME, FEATURES), batch_size=BATCH),
            kg.LSTM(UNITS, stateful=True, dropout=0.5, recurrent_dropout=0.5, seed=1),
        ]
    )
    randomise(model, rng)
    x = inputs(rng)
    before = [model.predict(x, verbose=0) for _ in range(3)]
    model.layers[0].reset_state()
    again = [model.predict(x, verbose=0)]
    held = [as_array(w) for w in model.variables]
    kg.trace(model, x)
    for value, weight in zip(held, model.variables, strict=True):
        assert_array_equal(value, as_array(weight), weight.path)
    again += [model.predict(x, verbose=0) for _ in range(2)]
    assert_array_equal(before, again)
    assert (before[0] != before[1]).any()


def test_mixed_precision_is_traced_as_it_runs(rng):
    layer = make_layer("LSTMCell", {}, rng, dtype="mixed_float16", return_sequences=True)
    x = inputs(rng)
    trace = kg.trace(layer, x)
    assert trace.states["c"].dtype == "float32"
    assert_close(trace.states["h"], as_array(layer(x)), tolerances.EPS16)


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
    ("z", "r", "name"), [(1, 0, "keeps"), (1, 1, "keeps"), (0, 1, "plain RNN"), (0, 0, "erases")]
)
def test_a_gru_set_by_hand_has_the_name_of_its_regime(z, r, name, rng):
    layer = make_layer("GRUCell", {}, rng, units=2)
    layer.cell.bias.assign(np.repeat([BIAS * (2 * z - 1), BIAS * (2 * r - 1), 0.3], 2))
    (names,) = kg.trace(layer, inputs(rng), MASK).regimes().values()
    assert set(names[MASK].ravel()) == {name}
    assert set(names[~MASK].ravel()) == {"masked"}


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
    with pytest.raises(ValueError, match="Regimes need gates i, f, o or z, r"):
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
def test_the_share_that_is_kept_is_the_derivative_with_fixed_gates(backwards, rng):
    """NAS: c' = tanh(l0 + c) l1, so its share depends on the old memory, too."""
    layer = make_layer("NASCell", {}, rng, dtype="float64", go_backwards=backwards)
    x = rng.normal(size=(BATCH, TIME, FEATURES))
    (cell,) = kg.trace(layer, x, MASK).values()
    c, start = cell.states["c"], cell.initial["c"][:, None]
    order = [c[:, 1:], start] if backwards else [start, c[:, :-1]]
    before = np.concatenate(order, axis=1)

    def new(c):
        return np.tanh(cell.gates["l0"] + c) * cell.gates["l1"]

    assert_close(new(before)[MASK], c[MASK], tolerances.FLOAT64)
    slope = (new(before + 1e-6) - new(before - 1e-6)) / 2e-6
    assert_close(cell.kept["c"][MASK], slope[MASK], tolerances.SLOPES)
    assert np.isnan(cell.kept["c"][~MASK]).all()
    some = kg.trace(layer, x, MASK, times=[1, 2])
    assert not next(iter(some.values())).kept, "the states between are not known"


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
        with pytest.raises(ValueError, match="`target` must be"):
            trace.important_units(target)


def test_files_and_frames(rng, tmp_path):
    layer = keras.layers.Bidirectional(kg.LSTM(UNITS))
    trace = kg.trace(layer, inputs(rng), MASK, units=[1, 3], times=[0, 5])
    path = tmp_path / "trace.npz"
    trace.save(path)
    assert [p.name for p in tmp_path.iterdir()] == ["trace.npz"]
    again = kg.GateTrace.load(path)
    assert repr(again) == repr(trace)
    for name, cell in trace.items():
        for (*_, array), (*_, other) in zip(cell.values(), again[name].values(), strict=True):
            assert_array_equal(array, other)
        for field in ("mask", "times", "units"):
            assert_array_equal(getattr(cell, field), getattr(again[name], field))
        assert_array_equal(cell.initial["c"], again[name].initial["c"])
    np.savez(tmp_path / "other.npz", x=1)
    with pytest.raises(ValueError, match="not a trace"):
        kg.GateTrace.load(tmp_path / "other.npz")


def test_frames_have_a_row_for_every_value(rng):
    pytest.importorskip("pandas")
    trace = kg.trace(make_layer("LSTMCell", {}, rng), inputs(rng), MASK, units=[1, 3], times=[0, 5])
    frame = trace.to_dataframe()
    assert [*frame] == ["layer", "batch", "time", "unit", "kind", "name", "value"]
    assert len(frame) == 6 * BATCH * 2 * 2
    row = frame.query("kind == 'gate' and name == 'f' and batch == 1 and time == 0 and unit == 3")
    assert row["value"].item() == trace.gates["f"][1, 0, 1]


class InAGraph(keras.layers.Layer):
    """Runs its recurrent layer where nobody sees it."""

    def __init__(self):
        super().__init__()
        self.inner = kg.LSTM(2, name="lstm")
        self.run = tf.function(lambda x: self.inner(x), autograph=False)

    def call(self, x):
        return self.run(x)


def test_a_time_distributed_layer_is_called_for_every_step(rng):
    layer = keras.layers.TimeDistributed(kg.LSTM(2, name="lstm"))
    x = rng.normal(size=(3, 2, TIME, FEATURES)).astype("float32")
    outputs = as_array(layer(x))
    trace = kg.trace(layer, x)
    assert [*trace] == ["lstm", "lstm:2"]
    for step, cell in enumerate(trace.values()):
        assert_close(cell.states["h"][:, -1], outputs[:, step], tolerances.SAME)


def test_errors_say_what_would_be_right(rng):
    layer = make_layer("LSTMCell", {}, rng)
    x = inputs(rng)
    dense = keras.Sequential([keras.Input((TIME, FEATURES)), keras.layers.Dense(2)])
    within = InAGraph()
    for given, message in {
        (lambda: kg.trace(dense, x)): "must hold a recurrent layer",
        (lambda: kg.trace("model", x)): "must be a Keras model or layer",
        (lambda: kg.trace(layer, x, MASK[:, :3])): "`mask` of LSTM must be booleans of shape",
        (lambda: kg.trace(layer, x, layers=["gru"])): r"must be of .*Received: \['gru'\]",
        (lambda: kg.trace(layer, x, layers=[])): r"`layers` must name some of .*Received: \[\]",
        (lambda: kg.trace(layer, x, units=[4])): "`units` must be a slice or a list of indices",
        (lambda: kg.trace(layer, x, times=[])): "`times` must be a slice or a list of indices",
        (lambda: kg.trace(layer, x, max_bytes=1000)): r"`max_bytes` allows 1,000\.",
        (lambda: kg.trace(within, x)): "'lstm' is run inside a graph that the model makes",
    }.items():
        with pytest.raises(ValueError, match=message):
            given()


@SLOW
def test_a_very_long_input_takes_little_memory(rng):
    """What is kept is small, and so are the arrays on the way to it."""
    layer = make_layer("LSTMCell", {}, rng)
    x = inputs(rng, batch=1, time=200_000)
    with pytest.raises(ValueError, match="would take 19,200,000 bytes"):
        kg.trace(layer, x, max_bytes=19e6)
    tracemalloc.start()
    trace = kg.trace(layer, x, units=[0], times=slice(None, None, 2_000))
    assert trace.gates["f"].shape == (1, 100, 1)
    assert tracemalloc.get_traced_memory()[1] < 100e6
    tracemalloc.stop()


def short_way(step):
    """The share kept by a cell with gates f and g and one state c, whose new state is given."""

    @kg.register
    class ShortWayCell(kg.AbstractRNNCell):
        """A user's, with an argument that is a number."""

        gates = ("f", "g")
        states = ("c",)

        def __init__(self, *args, tau=2.0, **kwargs):
            super().__init__(*args, **kwargs)
            self.tau = tau

        def step(self, Wx, U, c):
            f, g = Wx + c @ U
            f, g = self.recurrent_activation(f), self.activation(g)
            return (step(self.tau, f, g, c),), {"f": f, "g": g}

    return ShortWayCell


@pytest.mark.parametrize(
    "step",
    [
        lambda tau, f, g, c: float(np.exp(-tau)) * c + g,
        lambda tau, f, g, c: 0.4 * c + c / 2 - g,
        lambda tau, f, g, c: c * f**2 + g,
        lambda tau, f, g, c: f * (1 / tau) * c + g,
        lambda tau, f, g, c: g - ops.relu(1 - f) * c,
        lambda tau, f, g, c: f * c * 0.5 + g * ops.convert_to_tensor(0.5, g.dtype),
        lambda tau, f, g, c: ops.tanh(0.5 * c + g) - (-c) * f,
        lambda tau, f, g, c: ops.sigmoid(g) * c if tau > 1 else c,
    ],
)
def test_the_share_of_any_step_is_its_derivative_or_unknown(step, rng):
    layer = kg.RNN(short_way(step)(3, dtype="float64"), dtype="float64")
    (cell,) = kg.trace(layer, rng.normal(size=(2, 4, FEATURES))).values()
    f, g, c = cell.gates["f"], cell.gates["g"], cell.before()["c"]
    slope = [as_array(step(2.0, f, g, c + e)) for e in (1e-6, -1e-6)]
    assert_close(cell.kept["c"], (slope[0] - slope[1]) / 2e-6, 10 * tolerances.SLOPES)


@pytest.mark.parametrize(
    "step",
    [
        lambda tau, f, g, c: c - 0.5 * ops.relu(c),
        lambda tau, f, g, c: f * c - 0.1 * c**2,
        lambda tau, f, g, c: ops.cast(f > 0.5, c.dtype) * c + g,
        lambda tau, f, g, c: ops.minimum(f, 0.5) * c + g,
    ],
)
def test_a_step_that_is_not_understood_has_no_share_but_a_trace(step, rng):
    (cell,) = kg.trace(kg.RNN(short_way(step)(3)), inputs(rng)).values()
    assert cell.kept == {}
    assert {*cell.gates} == {"f", "g"}


@kg.register
class OddGatesCell(kg.AbstractRNNCell):
    """Gates that are numbers, or the same for all units."""

    gates = ("z", "n")
    states = ("h",)

    def step(self, Wx, U, h):
        z = self.recurrent_activation(ops.mean(Wx.z, axis=-1, keepdims=True))
        n = self.activation(Wx.n + h @ U.n)
        return (z * h + (1 - z) * n,), {"z": z, "r": 1.0, "n": n, "bias": ops.ones((self.units,))}


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


def test_stock_layers_keep_the_states_they_are_given_and_hold(rng):
    x = inputs(rng)
    states = [rng.normal(size=(BATCH, UNITS)).astype("float32") for _ in range(2)]
    stock = keras.layers.LSTM(UNITS)
    expected = as_array(stock(x, initial_state=list(states)))
    trace = kg.trace(stock, x, initial_state=states)
    assert_close(trace.states["h"][:, -1], expected, tolerances.SAME)
    # A layer that no model holds is not taken into one of ours.
    with pytest.raises(AttributeError, match="no defined output"):
        _ = stock.output
    holding = keras.layers.LSTM(UNITS, stateful=True)
    model = keras.Sequential([keras.Input((TIME, FEATURES), batch_size=BATCH), holding])
    model.predict(x, verbose=0)
    for given in (model, holding):
        (cell,) = kg.trace(given, x).values()
        assert_close(cell.initial["h"], as_array(holding.states[0]), tolerances.SAME)
        assert np.abs(cell.initial["h"]).max() > 0.01
    with pytest.raises(ValueError, match="`initial_state` is for a recurrent layer"):
        kg.trace(model, x, initial_state=states)


@keras.saving.register_keras_serializable("kerasgates_tests")
class Around(keras.layers.Layer):
    """A layer that is built by its call, and builds another in it."""

    def __init__(self, inner, **options):
        super().__init__(**options)
        self.inner = inner
        self.dense = keras.layers.Dense(3)

    def call(self, x):
        return self.dense(self.inner(x))

    def get_config(self):
        inner = keras.saving.serialize_keras_object(self.inner)
        return {**super().get_config(), "inner": inner}

    @classmethod
    def from_config(cls, config):
        inner = keras.saving.deserialize_keras_object(config.pop("inner"))
        return cls(inner, **config)


@pytest.mark.parametrize("built", [False, pytest.param(True, marks=SLOW)])
@pytest.mark.parametrize(
    "make",
    [
        lambda: keras.layers.GRU(UNITS, stateful=True),
        lambda: keras.layers.Bidirectional(keras.layers.LSTM(UNITS)),
        lambda: keras.layers.RNN([keras.layers.LSTMCell(UNITS), keras.layers.GRUCell(3)]),
        lambda: Around(keras.layers.SimpleRNN(UNITS)),
    ],
)
def test_stock_layers_alone_built_or_not(make, built, rng):
    layer, x = make(), inputs(rng)
    if built:
        layer(x)
    trace = kg.trace(layer, x)
    *_, last = trace.values()
    shown = last.states["h"]
    again = kg.trace(layer, x)
    for cell, other in zip(trace.values(), again.values(), strict=True):
        assert_array_equal(cell.states["h"], other.states["h"])
    if not isinstance(layer, (Around, keras.layers.Bidirectional)):
        assert_close(shown[:, -1], as_array(layer(x))[:, : shown.shape[-1]], tolerances.SAME)
    # Keras says what does not fit.
    with pytest.raises(ValueError, match=r"(?i)dimension|shape|axis") as told:
        kg.trace(layer, x[:, :, :2])
    assert "config" not in str(told.value)


def test_where_all_is_masked_there_is_nothing_to_say(rng):
    trace = kg.trace(make_layer("LSTMCell", {}, rng), inputs(rng), np.zeros_like(MASK))
    assert trace.saturation() == []
    with pytest.raises(ValueError, match="needs steps that are not masked"):
        trace.memory_horizon()
