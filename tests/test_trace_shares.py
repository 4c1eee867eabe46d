"""Shares of a state that go straight into its next value, as derivatives."""

import numpy as np
import pytest
from keras import ops

import kerasgates as kg
from tests import tolerances
from tests.cases import (
    BATCH,
    FEATURES,
    MASK,
    TIME,
    as_array,
    inputs,
    make_layer,
)
from tests.tolerances import assert_close


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
        lambda tau, f, g, c: ops.minimum(f, 0.5) * c + g,
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
        lambda tau, f, g, c: ops.minimum(f, c) * c + g,
    ],
)
def test_a_step_that_is_not_understood_has_no_share_but_a_trace(step, rng):
    (cell,) = kg.trace(kg.RNN(short_way(step)(3)), inputs(rng)).values()
    assert cell.kept == {}
    assert {*cell.gates} == {"f", "g"}
