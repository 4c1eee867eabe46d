"""Gates mean what the arguments that open them say, and cells do what their papers claim."""

from inspect import signature

import keras
import numpy as np
import pytest

import kerasgates as kg
from tests import reference
from tests.cases import REQUIRED, as_array, cell_class, make_layer, randomise, weights_of
from tests.tolerances import FLOAT32, assert_close


@pytest.mark.slow
def test_a_high_initial_update_bias_opens_z_or_closes_one_that_replaces_and_no_other_gate(rng):
    x = keras.ops.convert_to_tensor(rng.normal(size=(6, 3)).astype("float32"))
    argument = "initial_update_bias"
    have = [n for n in reference.CELLS if argument in signature(cell_class(n)).parameters]
    assert len(have) > 8
    for name in have:
        shares = []
        for amount in (0.0, 5.0):
            keras.utils.set_random_seed(3)
            arguments = REQUIRED.get(name, {})
            cell = cell_class(name)(4, initial_update_bias=amount, **arguments)
            cell.build((None, 3))
            gates = cell.step_projected(
                cell.project(x), cell.recurrent(), cell.get_initial_state(batch_size=6)
            )[2]
            shares.append({gate: as_array(value).mean() for gate, value in gates.items()})
        before, after = shares
        z = after["z"]
        assert (z < 0.1) if "z" in cell.replacing_gates else (z > 0.9), (name, z)
        others = [gate for gate in ("r", "i", "f", "o", "a") if gate in after]
        assert all(abs(before[gate] - after[gate]) < 0.02 for gate in others), name


def one_step(cell, x, h):
    return as_array(cell(keras.ops.convert_to_tensor(x), [keras.ops.convert_to_tensor(h)])[0])


def test_mut1_with_the_identity_before_the_input_is_that_of_the_paper(rng):
    cell = make_layer("MUT1Cell", {}, rng, features=4).cell
    kernel = as_array(cell.kernel).copy()
    kernel[:, -4:] = np.eye(4)
    cell.kernel.assign(kernel)
    w = weights_of(cell)
    x, h = rng.normal(size=(2, 5, 4)).astype("float32")
    (W_z, W_r, _), b = np.split(kernel, 3, -1), np.split(w["bias"], 3)
    U_r, U_n = np.split(w["recurrent_kernel"], 2, -1)
    z, r = (1 / (1 + np.exp(-a)) for a in (x @ W_z + b[0], x @ W_r + h @ U_r + b[1]))
    expected = np.tanh((r * h) @ U_n + np.tanh(x) + b[2]) * z + h * (1 - z)
    assert_close(one_step(cell, x, h), expected, FLOAT32)


def test_without_input_the_network_without_chaos_comes_to_rest(rng):
    cell = make_layer("CFNCell", {}, rng).cell
    x, h = np.zeros((8, 3), "float32"), rng.normal(scale=3, size=(8, 4)).astype("float32")
    after = one_step(cell, x, h)
    assert (np.abs(after) < np.abs(np.tanh(h))).all()
    assert (np.sign(after) == np.sign(h)).all()


@pytest.mark.parametrize("name", ["BRC", "NBRC"])
def test_a_unit_keeps_one_of_two_states_where_its_feedback_is_above_one(name, rng):
    layer = getattr(kg, name)(2, use_bias=True)
    layer.build((None, None, 3))
    randomise(layer, rng)
    for weight in layer.cell.weights:
        if weight is not layer.cell.bias:
            weight.assign(keras.ops.zeros_like(weight))
    # a = 1 + tanh(±2): the first unit has two states, the second falls back to zero.
    layer.cell.bias.assign([2.0, -2.0, 0.0, 0.0])
    start = np.array([[0.1, 0.1], [-0.1, -0.1]], "float32")
    end = as_array(layer(np.zeros((2, 100, 3), "float32"), initial_state=start))
    a = 1 + np.tanh(2.0)
    assert_close(np.tanh(a * end[:, 0]), end[:, 0], FLOAT32)
    assert (end[:, 0] * [1, -1] > 0.9).all()
    assert np.abs(end[:, 1]).max() < 1e-6
