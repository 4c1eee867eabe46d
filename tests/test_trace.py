"""Traces: gates and states that are those of the equations, in every loop."""

import tracemalloc

import keras
import numpy as np
import pytest
from numpy.testing import assert_array_equal

import kerasgates as kg
from kerasgates.insight import replay
from tests import reference, tolerances
from tests.cases import (
    BATCH,
    FEATURES,
    LOOPS,
    MASK,
    QUICK_CELLS,
    SOME,
    TIME,
    UNITS,
    as_array,
    as_arrays,
    cell_class,
    eagerly,
    every_cell,
    every_configuration,
    identify,
    inputs,
    make_layer,
    randomise,
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
#: One configuration of each of some cells.
OF_SOME = [case for case in every_cell() if case[0] in QUICK_CELLS]


@pytest.mark.parametrize(
    ("name", "arguments", "masked"),
    [
        *(
            pytest.param(*case, True, marks=[SLOW] * (case not in OF_SOME))
            for case in every_configuration()
        ),
        # Whether there is a mask is no matter of the cell; a row of the mask is whole.
        *((name, {}, False) for name in SOME),
    ],
    ids=identify,
)
def test_gates_and_states_are_those_of_the_equations(name, arguments, masked, rng):
    layer = make_layer(name, arguments, rng, dtype="float64", return_sequences=True)
    # Rows of every kind in five of the steps.
    x, every = rng.normal(size=(BATCH, 5, FEATURES)), MASK[:, 1:6]
    states = [rng.normal(size=(BATCH, n)) for n in layer.cell.state_sizes]
    mask = every if masked else None
    with eagerly(name not in SOME):
        trace = kg.trace(layer, x, mask, initial_state=states)
    whole = every if masked else np.ones_like(every)
    gates, kept = run_by_reference(name, arguments, layer.cell, x, states, whole)
    assert set(trace.gates) == set(gates)
    for gate, values in trace.gates.items():
        # One number of a step is shown for each unit.
        expected = np.broadcast_to(gates[gate], values.shape)
        assert_close(values, expected, tolerances.FLOAT64)
    for state, values in zip(trace.states.values(), kept, strict=True):
        assert_close(values, state, tolerances.FLOAT64)


#: What is traced is replayed from the cell, whatever the layer's loop; and the equations themselves
#: are compared above, as those of every loop are in `test_contract.py`: loops with some cells, and
#: the cells whose output is no state, or a state of a size of its own.
ALL_LOOPS = ("auto", *LOOPS)


@pytest.mark.parametrize(
    ("name", "arguments", "loop"),
    [
        *(
            pytest.param(name, {}, loop, marks=() if name == SOME[0] else SLOW)
            for name in SOME
            for loop in ALL_LOOPS
        ),
        *(
            (*case, "hoisted")
            for case in every_cell()
            if cell_class(case[0]).output_name or case[1]
        ),
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
    if shown in trace.states:
        # Before a row's first step the output is zero, and the state is the initial one.
        begun = np.logical_or.accumulate(MASK, axis=1)[:, :, None]
        traced = np.where(begun, trace.states[shown], 0)
        assert_close(traced, outputs, tolerances.FLOAT64)
    else:
        assert_close(trace.gates[shown][MASK], outputs[MASK], tolerances.FLOAT64)
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


def test_mixed_precision_is_traced_as_it_runs(rng):
    layer = make_layer("LSTMCell", {}, rng, dtype="mixed_float16", return_sequences=True)
    x = inputs(rng)
    trace = kg.trace(layer, x)
    assert trace.states["c"].dtype == "float32"
    assert_close(trace.states["h"], as_array(layer(x)), tolerances.EPS16)


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
