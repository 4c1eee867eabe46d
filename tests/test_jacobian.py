"""The Jacobian of a step: by finite differences, over time, and with gates held fixed."""

import numpy as np
import pytest
import torch

import kerasgates as kg
from tests.cases import as_array

BATCH, FEATURES, UNITS = 2, 3, 4


def built(name, rng, **arguments):
    """A cell in double precision, its weights and states random."""
    cell = kg.get(name)(UNITS, dtype="float64", **arguments)
    cell.build((None, FEATURES))
    cell.set_weights([rng.normal(scale=0.5, size=w.shape) for w in cell.get_weights()])
    return cell, [rng.normal(size=(BATCH, size)) for size in cell.state_sizes]


def after(cell, x, flat):
    """The new states side by side, from the old ones side by side."""
    states = np.split(flat, np.cumsum(cell.state_sizes)[:-1], axis=-1)
    return np.concatenate([as_array(new) for new in cell(x, states)[1]], axis=-1)


def differences(function, at, step=1e-6):
    """The Jacobian of a function of rows, by central differences."""
    columns = []
    for column in range(at.shape[-1]):
        moved = np.zeros_like(at)
        moved[:, column] = step
        columns.append((function(at + moved) - function(at - moved)) / (2 * step))
    return np.stack(columns, axis=-1)


@pytest.mark.parametrize(
    ("name", "arguments"),
    [("PeepholeLSTM", {}), ("GRU", {}), ("ProjectedLSTM", {"projection_units": 2}), ("MUT1", {})],
)
def test_it_is_what_finite_differences_say(name, arguments, rng):
    cell, states = built(name, rng, **arguments)
    x, flat = rng.normal(size=(BATCH, FEATURES)), np.concatenate(states, axis=-1)
    found = kg.jacobian(cell, x, states)
    np.testing.assert_allclose(found, differences(lambda s: after(cell, x, s), flat), atol=1e-8)
    by_name = dict(zip(cell.states, states))
    first, size = cell.states[0], cell.state_sizes[0]
    of_input = kg.jacobian(cell, x, by_name, of=first, by="x")
    expected = differences(lambda v: after(cell, v, flat)[:, :size], x)
    np.testing.assert_allclose(of_input, expected, atol=1e-8)
    one = kg.jacobian(cell, x, by_name, of=first, by=first)
    np.testing.assert_allclose(one, found[:, :size, :size], atol=1e-12)


def test_the_product_of_steps_is_the_derivative_through_time(rng):
    cell, states = built("LSTM", rng)
    x = rng.normal(size=(BATCH, 3, FEATURES))
    steps = kg.jacobian(kg.RNN(cell), x, states)
    assert steps.shape == (BATCH, 3, 2 * UNITS, 2 * UNITS)

    def at_the_end(flat):
        for step in range(3):
            flat = after(cell, x[:, step], flat)
        return flat

    through = steps[:, 2] @ steps[:, 1] @ steps[:, 0]
    flat = np.concatenate(states, axis=-1)
    np.testing.assert_allclose(through, differences(at_the_end, flat), atol=1e-8)
    # Without states they begin with zeros; a cell that was not built is.
    x = torch.tensor(x, requires_grad=True)
    assert kg.jacobian(kg.LSTMCell(2), x[:, 0], of="c", by="c").shape == (BATCH, 2, 2)


def test_a_gate_held_fixed_leaves_out_the_term_that_lectures_leave_out(rng):
    """∂h'/∂h = diag(1 − z) ∂n/∂h + diag(z), and diag((h − n) ⊙ z ⊙ (1 − z)) U_z besides."""
    cell, (h,) = built("GRU", rng)
    x = rng.normal(size=(BATCH, FEATURES))
    _, _, gates = cell.step_projected(cell.project(x), cell.recurrent(), [h])
    z, n = as_array(gates["z"]), as_array(gates["n"])
    left_out = ((h - n) * z * (1 - z))[:, :, None] * as_array(cell.recurrent_kernel)[:, :UNITS].T
    held = kg.jacobian(cell, x, [h], held=["z"])
    np.testing.assert_allclose(kg.jacobian(cell, x, [h]) - held, left_out, atol=1e-12)
    assert abs(left_out).max() > 0.01
    # All gates held: the state that z keeps, and nothing else.
    alone = kg.jacobian(cell, x, [h], held=["z", "r", "n"])
    np.testing.assert_allclose(alone, z[:, :, None] * np.eye(UNITS), atol=1e-12)
    assert not kg.jacobian(cell, x, [h], by="x", held=["z", "r", "n"]).any()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"cell": "lstm"}, "`cell` must be a cell with `gates`"),
        ({"x": np.zeros(3)}, r"`x` must be of shape .*shape \(3,\)"),
        ({"of": "b"}, r"`of` must be one of \['h', 'c'\] or None. Received: 'b'"),
        ({"by": "q"}, r"`by` must be one of \['h', 'c', 'x'\]"),
        ({"held": ["z"]}, r"`held` must name some of \['i', 'f', 'g', 'o'\]. Received: 'z'"),
        ({"states": [np.zeros((1, 4))]}, "`states` must be of shapes"),
        ({"cell": kg.PeepholeLSTMCell(4), "held": ["f"]}, "read states by more than U, peephole"),
    ],
    ids=str,
)
def test_what_does_not_fit_is_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        kg.jacobian(**{"cell": kg.LSTMCell(UNITS), "x": np.zeros((2, FEATURES)), **arguments})
