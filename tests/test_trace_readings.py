"""What is read in a trace: gates by their equations, horizons, important units, and bad numbers."""

import numpy as np
import pytest
from keras import ops
from numpy.testing import assert_allclose

import kerasgates as kg
from kerasgates.core.cell import CELLS
from kerasgates.insight import horizons
from kerasgates.insight.correlations import by_chance
from tests.cases import BATCH, FEATURES, TIME, UNITS, inputs, make_layer


@pytest.mark.parametrize("function", ["relu", "sigmoid", "softplus"])
def test_a_candidate_is_no_gate_whatever_its_activation(function, rng):
    layer = make_layer("LSTMCell", {"activation": function}, rng)
    # All values of g are between 0 and 1 at hand: its weights are small, and its bias positive.
    kernels = [layer.cell.kernel, layer.cell.recurrent_kernel, layer.cell.bias]
    for weight in kernels:
        weight.assign(0.03 * weight + (0.2 if weight is layer.cell.bias else 0))
    (cell,) = kg.trace(layer, inputs(rng)).values()
    assert cell.gates["g"].min() > 0
    assert cell.gates["g"].max() < 1
    assert cell.bounded == ["i", "f", "o"]
    assert [row["gate"] for row in kg.GateTrace([cell]).saturation()] == ["i", "f", "o"]


def cell_of(step, *gates):
    """A user's cell with one state h and three blocks, of a step that gives h and gates."""

    @kg.register
    class ReadCell(kg.AbstractRNNCell):
        """A user's."""

        gates = ("a", "b", "n")
        states = ("h",)

        def step(self, Wx, U, h):
            return step(self, *(Wx + h @ U), h)

    return kg.RNN(ReadCell(UNITS), loop="keras")


def test_what_is_made_of_gates_is_a_gate_and_nothing_else(rng):
    def step(cell, a, b, n, h):
        a, b = cell.recurrent_activation(a), cell.recurrent_activation(b)
        n = cell.activation(n)
        made = {
            "a": a,
            "rest": 1 - a,
            "both": a * b,
            "square": a**2,
            "hard": ops.hard_sigmoid(b),
            "clipped": ops.clip(n, 0.0, 1.0),
            "sum": a + b,
            "negative": -a,
            "squared": n * n,
            "n": n,
        }
        return (a * h + (1 - a) * b * n,), made

    (cell,) = kg.trace(cell_of(step), inputs(rng)).values()
    assert cell.bounded == ["a", "rest", "both", "square", "hard", "clipped"]


def test_of_a_step_that_is_not_read_gates_are_tried(rng):
    def step(cell, a, b, n, h):
        # Columns that no equation has a name for.
        a = cell.recurrent_activation(a)[..., ::-1]
        n = ops.relu(n)
        return (a * h + n,), {"a": a, "n": n}

    layer = cell_of(step)
    layer.build((None, None, FEATURES))
    # What is read is small: of these inputs alone n is as much between 0 and 1 as a is.
    (cell,) = kg.trace(layer, 0.1 * np.abs(inputs(rng))).values()
    assert cell.gates["n"].max() < 1
    assert cell.bounded == ["a"]


@pytest.mark.parametrize("kind", [kg.LSTM, kg.GRU])
def test_one_bad_row_takes_nothing_from_the_others(kind, rng):
    layer = kind(UNITS, name="layer")
    x = inputs(rng, batch=100)
    target = rng.normal(size=100)
    good = kg.trace(layer, np.delete(x, 3, axis=0))
    x[3, 4] = np.nan
    trace = kg.trace(layer, x)
    says = "layer: 3 of 700 steps, in 1 of 100 rows, hold numbers that are not finite"
    for name, key in (("saturation", "closed"), ("memory_horizon", "steps")):
        with pytest.warns(UserWarning, match=says):
            found = getattr(trace, name)()
        expected = getattr(good, name)()
        assert [row[key] for row in found] == pytest.approx([r[key] for r in expected], rel=0.1)
        # Four steps of that row are numbers, and count.
        assert [row[key] for row in found] != [row[key] for row in expected]
    with pytest.warns(UserWarning, match=says):
        found = trace.important_units(target)
    expected = good.important_units(np.delete(target, 3))
    for row, other in zip(found, expected, strict=True):
        assert row == pytest.approx(other)
        assert row["n"] == 99


def test_a_unit_that_is_no_number_takes_nothing_from_the_others(rng):
    layer = make_layer("LSTMCell", {}, rng)
    U = np.array(layer.cell.recurrent_kernel)
    U[2] = 0
    layer.cell.recurrent_kernel.assign(U)
    x, target = inputs(rng), rng.normal(size=BATCH)
    good = kg.trace(layer, x)
    # Values in the trace, so that the other units are exactly as they were.
    trace = kg.trace(layer, x)
    (cell,) = trace.values()
    for array in (*cell.gates.values(), *cell.states.values(), *cell.kept.values()):
        array.setflags(write=True)
        array[:, :, 2] = np.nan
    with pytest.warns(UserWarning, match="35 of 35 steps"):
        found = trace.memory_horizon()
    expected = [row for row in good.memory_horizon() if row["unit"] != 2]
    assert found[:-1] == expected
    assert np.isnan(found[-1]["steps"])
    with pytest.warns(UserWarning, match="35 of 35 steps"):
        found = trace.important_units(target)
    expected = [row for row in good.important_units(target) if row["unit"] != 2]
    assert found[:-2] == expected
    assert [row["unit"] for row in found[-2:]] == [2, 2]


def horizons_by_loops(shares, gaps, left):
    """The definition, one step after the other."""
    steps, censored = np.zeros_like(shares), np.zeros(shares.shape, bool)
    for start, unit in np.ndindex(*shares.shape):
        product, passed = 1.0, 0.0
        for share, gap in zip(shares[start:, unit], gaps[start:]):
            if product * share**gap <= left:
                part = np.log(left / product) / np.log(share) if share else 0.0
                steps[start, unit] = passed + part
                break
            product, passed = product * share**gap, passed + gap
        else:
            censored[start, unit] = True
            rest = passed * np.log(left) / np.log(product) if product < 1 else np.inf
            steps[start, unit] = rest
    return steps, censored


@pytest.mark.parametrize("left", [0.5, 0.1])
def test_horizons_are_those_of_the_definition(left, rng, monkeypatch):
    # Shares above one, as no gate of Keras has, and exact zeros among them.
    shares = rng.uniform(0.7, 1.1, (61, 5))
    shares[rng.uniform(size=shares.shape) < 0.05] = 0
    shares[:, 4] = 1
    gaps = rng.integers(1, 4, 61).astype(float)
    steps, censored = horizons_by_loops(shares, gaps, left)
    monkeypatch.setattr(horizons, "TABLE", 61 * 6)
    found = horizons.horizons(shares, gaps, left)
    assert_allclose(found[0], steps, rtol=1e-9)
    np.testing.assert_array_equal(found[1], censored)
    assert 0 < censored[:, :4].mean() < 0.5
    starts = np.array([3, 40])
    assert_allclose(horizons.horizons(shares, gaps, left, starts)[0], steps[starts], rtol=1e-9)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("units", [4, 64])
def test_a_share_of_1_up_to_rounding_never_forgets(units, dtype, rng):
    """The last unit of a sum of shares keeps all, and the sum is rounded."""
    layer = kg.layer_of(CELLS["ONLSTMCell"])(units, dtype=dtype)
    trace = kg.trace(layer, rng.normal(size=(4, 50, FEATURES)).astype(dtype))
    first, second, *_ = trace.memory_horizon()
    assert (first["unit"], first["steps"]) == (units - 1, np.inf)
    assert second["steps"] < 1e3
    # A few units of rounding are no loss, whichever they are; and more of them are one.
    (cell,) = trace.values()
    eps = np.finfo(dtype).eps
    off = rng.integers(-3, 4, cell.kept["c"].shape).astype(dtype)
    cell.kept["c"] = (1 + eps * off).astype(dtype)
    assert {row["steps"] for row in trace.memory_horizon()} == {np.inf}
    cell.kept["c"] = np.full_like(off, 1 - 40 * eps)
    for row in trace.memory_horizon():
        assert row["steps"] == pytest.approx(np.log(2) / (40 * eps), rel=1e-3)
        assert row["censored"] == 1


@pytest.mark.parametrize("at_reset", [0.0, 1e-4])
def test_a_unit_that_resets_remembers_until_the_next_reset(at_reset, rng):
    """Not for ever, and not no time at all: the median step is in the middle between resets."""
    trace = kg.trace(make_layer("LSTMCell", {}, rng), inputs(rng, time=2_000))
    (cell,) = trace.values()
    cell.kept["c"] = np.full((BATCH, 2_000, UNITS), 0.9991)
    cell.kept["c"][:, 19::20, 1] = at_reset
    cell.kept["c"][0, 777, 2] = at_reset
    rows = {row["unit"]: row for row in trace.memory_horizon()}
    between = np.log(0.5) / np.log(0.9991)
    assert rows[0]["steps"] == pytest.approx(between)
    # From 1 to 20 steps before a reset, which counts at its beginning.
    assert rows[1]["steps"] == pytest.approx(9.5, abs=0.6)
    assert rows[1]["censored"] == 0
    # One reset in one row of five is no reason to remember nothing.
    assert rows[2]["steps"] == pytest.approx(between)
    # From the last 770 of 2,000 steps half is not lost within the sequence.
    assert rows[0]["censored"] == pytest.approx(between / 2_000, rel=0.05)


@pytest.mark.slow
def test_a_horizon_counts_steps_of_time_and_in_the_order_in_which_they_run(rng):
    x = inputs(rng, time=60)
    for backwards in (False, True):
        layer = make_layer("LSTMCell", {}, rng, go_backwards=backwards)
        layer.cell.kernel.assign(0 * layer.cell.kernel)
        layer.cell.recurrent_kernel.assign(0 * layer.cell.recurrent_kernel)
        every = kg.trace(layer, x).memory_horizon()
        some = kg.trace(layer, x, times=slice(None, None, 5)).memory_horizon()
        for row, other in zip(every, some, strict=True):
            assert row["steps"] == pytest.approx(other["steps"], rel=1e-6)
    (cell,) = (trace := kg.trace(layer, x)).values()
    cell.kept["c"] = np.full((BATCH, 60, UNITS), 1.0)
    cell.kept["c"][:, 10] = 0
    # Backwards the steps from the last in time come down to that at 10, and those below never.
    rows = trace.memory_horizon()
    assert [row["steps"] for row in rows] == [pytest.approx(29.5)] * UNITS
    assert rows[0]["censored"] == pytest.approx(10 / 60)


def test_of_noise_nothing_is_important(rng):
    layer = make_layer("LSTMCell", {}, rng)
    two = kg.trace(layer, inputs(rng, batch=2)).important_units(np.array([0.3, 1.7]))
    assert abs(two[0]["correlation"]) == pytest.approx(1)
    assert (two[0]["n"], two[0]["p"]) == (2, 1.0)
    trace = kg.trace(layer, inputs(rng, batch=30))
    best = [trace.important_units(rng.normal(size=30))[0] for _ in range(40)]
    assert {row["n"] for row in best} == {30}
    # At a level of 5 % about one in twenty, and here of units that go together fewer.
    assert sum(row["p"] < 0.05 for row in best) <= 5
    state = trace.states["c"][:, -1, 1]
    (first, *_) = trace.important_units(state + 0.3 * state.std() * rng.normal(size=30))
    assert first["unit"] == 1
    assert first["p"] < 1e-6


def test_steps_that_follow_one_another_count_for_fewer(rng):
    trace = kg.trace(make_layer("GRUCell", {}, rng), inputs(rng, batch=2, time=200))
    (cell,) = trace.values()
    # What goes slowly up and down goes together with what does likewise, by chance.
    slow = np.cumsum(rng.normal(size=(2, 200, UNITS)), axis=1)
    cell.states["h"] = slow
    best = [
        trace.important_units(target)[0]
        for target in np.cumsum(rng.normal(size=(40, 2, 200)), axis=2)
    ]
    assert {row["n"] for row in best} == {400}
    assert np.median([abs(row["correlation"]) for row in best]) > 0.4
    assert sum(row["p"] < 0.05 for row in best) <= 6
    # And what is independent from step to step is not held for slow.
    trace.states["h"][:] = rng.normal(size=slow.shape)
    target = trace.states["h"][:, :, 3] + 3 * rng.normal(size=(2, 200))
    first = trace.important_units(target)[0]
    assert first["unit"] == 3
    assert first["p"] < 1e-4


@pytest.mark.parametrize("n", [10, 40])
def test_chance_is_what_shuffling_gives(n, rng):
    pairs = rng.normal(size=(20_000, 2, n))
    a, b = pairs.transpose(1, 0, 2) - pairs.mean(axis=-1).T[:, :, None]
    r = np.abs((a * b).sum(-1)) / np.sqrt((a * a).sum(-1) * (b * b).sum(-1))
    for level in (0.3, 0.05, 0.01):
        at = np.quantile(r, 1 - level)
        # Four standard errors of the counted share, and what the transformation is off by.
        error = 4 * np.sqrt(level * (1 - level) / len(r)) + 0.1 * level
        assert by_chance(at, n) == pytest.approx(level, abs=error)


def test_targets_of_every_shape_and_none_of_labels(rng):
    trace = kg.trace(make_layer("GRUCell", {}, rng), inputs(rng))
    by_row, by_step = rng.normal(size=BATCH), rng.normal(size=TIME)
    expected = trace.important_units(by_row)
    assert trace.important_units(by_row[:, None]) == expected
    assert expected[0]["n"] == BATCH
    whole = np.broadcast_to(by_step, (BATCH, TIME))
    expected = trace.important_units(whole)
    for target in (by_step, by_step[None], by_step[:, None], whole[:, :, None]):
        assert trace.important_units(target) == expected
    assert expected[0]["n"] == BATCH * TIME
    labels = np.array([0, 1, 2, 1, 0])
    one = trace.important_units(labels == 2)
    assert one == trace.important_units((labels == 2).astype(int))
    for wrong in (labels, np.array([*"abcab"]), labels.astype(object)):
        with pytest.raises(ValueError, match=r"`target` must hold numbers\. Whole .* one class"):
            trace.important_units(wrong)
    assert trace.important_units(labels.astype(float))[0]["n"] == BATCH
    with pytest.raises(ValueError, match=r"\(batch, time\) = \(5, 7\), \(batch,\) or \(time,\)"):
        trace.important_units(rng.normal(size=(BATCH, 3)))


def test_correlations_are_right_far_from_one_and_from_zero(rng):
    trace = kg.trace(make_layer("GRUCell", {}, rng, dtype="float64"), inputs(rng))
    (cell,) = trace.values()
    target = cell.states["h"][:, -1, 0].copy()
    usual = trace.important_units(target)
    for scale in (1e-200, 1e200):
        cell.states["h"] = cell.states["h"] * scale
        for row, other in zip(trace.important_units(target / scale), usual, strict=True):
            assert row["correlation"] == pytest.approx(other["correlation"], abs=1e-9)
        cell.states["h"] = cell.states["h"] / scale
