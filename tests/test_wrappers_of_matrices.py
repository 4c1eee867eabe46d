"""Wrappers around cells whose states are matrices in `step`, and vectors everywhere else."""

import numpy as np
import pytest

import kerasgates as kg
from tests import tolerances
from tests.cases import as_array, make_layer
from tests.tolerances import assert_close


@pytest.mark.slow
@pytest.mark.parametrize("name", ["MLSTMCell", "DeltaNetCell"])
@pytest.mark.parametrize("loop", ["keras", "compiled"])
def test_states_that_are_matrices_in_the_step_inside(name, loop, rng):
    """Around it they are vectors: nothing kept and nothing clipped is the cell itself."""
    cell = make_layer(name, {}, rng).cell
    x = rng.normal(size=(3, 6, 3)).astype("float32")
    expected = as_array(kg.RNN(cell, return_sequences=True, loop="keras")(x))
    assert np.abs(expected).max() > 1e-3
    for wrapped in (kg.Zoneout(cell, 0.0), kg.CellClip(cell, 1e6)):
        layer = kg.RNN(wrapped, return_sequences=True, loop=loop)
        assert_close(as_array(layer(x)), expected, tolerances.FLOAT32)
    states = [rng.normal(size=(3, n)).astype("float32") for n in cell.state_sizes]
    low = kg.RNN(kg.CellClip(cell, 0.01), return_state=True, loop=loop)
    _, *new = low(x, initial_state=states)
    assert all(np.abs(as_array(state)).max() <= 0.01 for state in new)
