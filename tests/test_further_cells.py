"""What cells with recurrent weights of their own, several levels or fixed matrices promise."""

import keras
import numpy as np
import pytest
from numpy.testing import assert_allclose

import kerasgates as kg
from kerasgates.cells.lmu import window
from kerasgates.cli import catalogue
from tests.cases import FEATURES, as_array, inputs, make_layer, weights_of


def built(cell):
    cell.build((None, FEATURES))
    return cell


def test_recurrent_arguments_reach_recurrent_weights_of_a_cells_own():
    cell = built(
        kg.IndRNNCell(
            5, recurrent_regularizer=keras.regularizers.L2(0.5), recurrent_constraint="non_neg"
        )
    )
    u = np.array([0.5, -2.0, 1.0, 3.0, -1.0])
    cell.recurrent_vector.assign(u)
    assert_allclose(float(cell.losses[0]), 0.5 * (u**2).sum(), rtol=1e-6)
    assert cell.recurrent_vector.constraint is cell.recurrent_constraint
    assert "recurrent_dropout" not in type(cell).__signature__.parameters

    class NeitherCell(kg.AbstractRNNCell):
        """No recurrent weights, but their arguments."""

        gates, recurrent_gates, states = ("n",), (), ("h",)

    neither = NeitherCell(2, recurrent_regularizer="l2")
    with pytest.raises(ValueError, match="has no recurrent kernel"):
        built(neither)


@pytest.mark.parametrize("seeded", [False, True])
def test_two_recurrent_weights_of_one_shape_do_not_start_alike(seeded):
    initializer = keras.initializers.RandomNormal(seed=3 if seeded else None)
    cell = built(kg.LipschitzRNNCell(6, recurrent_initializer=initializer))
    again = built(kg.LipschitzRNNCell(6, recurrent_initializer=initializer))
    a, w = as_array(cell.recurrent_a), as_array(cell.recurrent_w)
    assert a.std() > 0
    # A seed is a seed: what is drawn with it is always the same.
    assert np.array_equal(a, w) == seeded
    assert np.array_equal(a, as_array(again.recurrent_a)) == seeded


def test_highway_layers_start_by_carrying_and_are_as_many_as_asked_for():
    cell = built(kg.RHNCell(3, depth=2))
    assert cell.recurrent_kernel.shape == (3, 12)
    assert as_array(cell.bias).tolist() == [0.0] * 3 + [-2.0] * 3 + [0.0] * 3 + [-2.0] * 3
    other = built(kg.RHNCell(3, depth=2, bias_initializer={"t2": -1.0}))
    assert as_array(other.bias).tolist() == [0.0] * 9 + [-1.0] * 3
    assert kg.RHNCell.from_config(other.get_config()).get_config() == other.get_config()
    for wrong in ({"depth": 0}, {"depth": 1.5}, {"depth": 1, "bias_initializer": {"t2": 1.0}}):
        with pytest.raises(ValueError, match=r"depth|bias_initializer"):
            kg.RHNCell(3, **wrong)


def test_units_of_ordered_neurons_come_in_whole_chunks():
    with pytest.raises(ValueError, match=r"must divide units=8\. Received: chunk_size=3"):
        kg.ONLSTMCell(8, chunk_size=3)


@pytest.mark.parametrize("theta", [0.7, 40.0])
def test_the_memory_of_the_lmu_solves_its_differential_equation(theta):
    order, u = 6, 0.8
    # By the definition: row i, column j.
    A = [[(2 * i + 1) * (-1 if i < j else (-1) ** (i - j + 1)) for j in range(6)] for i in range(6)]
    B = [(2 * i + 1) * (-1) ** i for i in range(order)]
    A, B, m = np.array(A, float), np.array(B, float), np.linspace(-1.0, 1.0, order)
    steps, now = 4000, m
    for _ in range(steps):
        # Heun's method, in steps that are small beside the fastest mode.
        slope = (A @ now + B * u) / theta
        guess = now + slope / steps
        now = now + (slope + (A @ guess + B * u) / theta) / (2 * steps)
    discrete_A, discrete_B = window(order, theta)
    assert_allclose(m @ discrete_A + u * discrete_B[0], now, rtol=1e-4, atol=1e-4)


def test_rounds_that_scale_by_one_leave_the_lstm(rng):
    mogrifier = make_layer("MogrifierLSTMCell", {"rounds": 3}, rng, return_sequences=True)
    lstm = make_layer("LSTMCell", {}, rng, return_sequences=True)
    w = weights_of(mogrifier.cell)
    for weight in mogrifier.cell.weights:
        if weight.name not in ("kernel", "recurrent_kernel", "bias"):
            weight.assign(np.zeros(weight.shape))
    lstm.set_weights([w[name] for name in ("kernel", "recurrent_kernel", "bias")])
    x = inputs(rng)
    assert_allclose(as_array(mogrifier(x)), as_array(lstm(x)), rtol=1e-5, atol=1e-6)


def test_products_of_low_rank_are_one_matrix_each(rng):
    sizes = {"kernel_rank": 2, "recurrent_rank": 3}
    low = make_layer("LowRankFastGRNNCell", sizes, rng, return_sequences=True)
    full = make_layer("FastGRNNCell", {}, rng, return_sequences=True)
    w = weights_of(low.cell)
    products = [
        w["kernel"] @ w["kernel_2"],
        w["recurrent_kernel"] @ w["recurrent_kernel_2"],
        *[w[name] for name in ("bias", "zeta", "nu")],
    ]
    full.set_weights(products)
    x = inputs(rng)
    assert_allclose(as_array(low(x)), as_array(full(x)), rtol=1e-5, atol=1e-6)


@pytest.mark.slow
def test_shapes_name_each_size_that_was_asked_for():
    def shapes(cell):
        return dict(line.split(None, 1) for line in catalogue.weights(cell))

    low = shapes(kg.LowRankFastGRNNCell)
    assert low["kernel"] == "(features, kernel_rank)"
    assert low["recurrent_kernel"] == "(units, recurrent_rank)"
    assert shapes(kg.SCRNCell)["kernel"] == "(features, units + context_units)"
    assert shapes(kg.LMUCell)["recurrent_kernel"] == "(units, units + 1)"


def test_a_clock_without_units_is_refused():
    with pytest.raises(ValueError, match=r"`periods` .* as there are units, 2. Received: periods="):
        kg.ClockworkRNN(2, periods=[1, 2, 4])
