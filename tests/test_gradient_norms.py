"""Norms of gradients: of any size, of rows of any length, and of a loss that is said."""

import keras
import numpy as np
import pytest
from numpy.testing import assert_allclose

import kerasgates as kg
from kerasgates.insight.gradient_flow import flows_with_losses
from kerasgates.insight.norms import norm, root_mean_square
from tests.cases import BATCH, FEATURES, MASK, TIME, UNITS, inputs, make_layer

pytestmark = pytest.mark.usefixtures("eager")


def half_square(y, output):
    return 0.5 * keras.ops.sum(output**2, axis=-1)


def linear(weight, steps, dtype="float32"):
    """Norms through a unit whose state is `weight` times the last, and 2 at the end."""
    layer = kg.SimpleRNN(1, "linear", use_bias=False, loop="keras", dtype=dtype)
    layer.build((None, None, 1))
    layer.cell.kernel.assign([[1.0]])
    layer.cell.recurrent_kernel.assign([[weight]])
    x = np.zeros((2, steps + 1, 1), dtype)
    x[:, -1] = 2
    (cell,) = kg.gradient_flow(layer, x, np.zeros(2), half_square).values()
    return cell


@pytest.mark.slow
@pytest.mark.parametrize("weight", [0.5, 2.0])
def test_norms_are_as_small_and_as_large_as_the_gradients(weight):
    """2 · weight^n, whose squares are no numbers of single precision."""
    cell = linear(weight, 100)
    expected = 2 * weight ** np.arange(100.0, -1, -1)
    assert_allclose(cell.norms["h"], np.stack([expected] * 2), rtol=1e-6)
    assert_allclose(cell.mean("h"), expected, rtol=1e-6)


@pytest.mark.parametrize("weight", [0.5, 2.0])
def test_norms_of_half_precision(weight):
    cell = linear(weight, 13, "float16")
    assert_allclose(cell.norms["h"][0], 2 * weight ** np.arange(13.0, -1, -1), rtol=1e-3)


def test_norms_are_those_of_the_definition_and_of_any_size(rng):
    values = rng.normal(size=(3, 5, 4))
    for scale in (1, 1e-300, 1e300):
        assert_allclose(norm(values * scale, axis=-1) / scale, np.linalg.norm(values, axis=-1))
        assert root_mean_square(values * scale) / scale == pytest.approx(
            np.sqrt((values**2).mean())
        )
    assert_allclose(norm(np.zeros((2, 3)), axis=1), 0)
    assert norm([np.inf, 1.0]) == np.inf
    assert np.isnan(norm([np.nan, 1.0]))
    assert np.isnan(root_mean_square([]))


def aligned(norms, live, backwards):
    """The definition: the rows without their masked steps, put together at their ends."""
    rows = [row[here] for row, here in zip(norms, live)]
    if backwards:
        rows = [row[::-1] for row in rows]
    means = []
    for back in range(1, norms.shape[1] + 1):
        there = [row[-back] for row in rows if len(row) >= back]
        means.append(np.mean(there) if there else np.nan)
    return np.array(means if backwards else means[::-1])


@pytest.mark.parametrize("backwards", [False, True])
def test_means_are_taken_at_the_same_distance_from_each_rows_end(backwards, rng):
    layer = make_layer("LSTMCell", {}, rng, go_backwards=backwards, loop="keras")
    x = inputs(rng)
    (cell,) = kg.gradient_flow(layer, x, np.zeros(BATCH), half_square, MASK).values()
    assert cell.has_gaps("c")
    assert_allclose(cell.mean("c"), aligned(cell.norms["c"], MASK, backwards))
    (whole,) = kg.gradient_flow(layer, x, np.zeros(BATCH), half_square).values()
    assert not whole.has_gaps("c")
    assert_allclose(whole.mean("c"), whole.norms["c"].mean(axis=0))


def test_means_over_rows_of_different_lengths_do_not_jump(rng):
    """Each row fades by the same factor at each step back; so does their mean."""
    layer = kg.SimpleRNN(1, "linear", use_bias=False, loop="keras")
    layer.build((None, None, 1))
    layer.cell.kernel.assign([[1.0]])
    layer.cell.recurrent_kernel.assign([[0.5]])
    mask = np.arange(40) < np.array([[40], [25], [10], [5]])
    x = np.zeros((4, 40, 1), "float32")
    x[np.arange(4), mask.sum(axis=1) - 1] = 2
    (cell,) = kg.gradient_flow(layer, x, np.zeros(4), half_square, mask).values()
    assert_allclose(cell.mean("h"), 2 * 0.5 ** np.arange(39.0, -1, -1), rtol=1e-6)


def test_the_loss_of_a_row_is_its_sum_over_time(rng):
    """So gradients do not depend on how many other rows or steps there are."""
    layer = make_layer("GRUCell", {}, rng, return_sequences=True, loop="keras")
    model = keras.Sequential([keras.Input((None, FEATURES)), keras.layers.Masking(), layer])
    x = np.where(MASK[:, :, None], inputs(rng), 0)
    y = rng.normal(size=(BATCH, TIME, UNITS)).astype("float32")
    errors = np.where(MASK, ((np.array(model(x)) - y) ** 2).mean(axis=-1), 0)
    found = flows_with_losses(model, x, y, "mse")
    assert_allclose(found.losses, errors.sum(axis=1), rtol=1e-5)
    assert found.losses[4] == 0
    # A loss of one number for all rows has none for each.
    whole = flows_with_losses(model, x, y, lambda y, out: keras.ops.mean((out - y) ** 2))
    assert whole.losses is None
