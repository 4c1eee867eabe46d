"""What traces and gradients are taken of: batches of a dataset, and losses of several outputs."""

import itertools

import keras
import numpy as np
import pytest
import tensorflow as tf

import kerasgates as kg
from tests.tolerances import SAME, assert_close


@pytest.fixture
def data(rng):
    """Input, and targets in double precision, as NumPy makes them."""
    return rng.normal(size=(6, 5, 3)).astype("float32"), rng.normal(size=(6, 1))


def of_two_outputs(named, losses, weights):
    x = keras.Input((None, 3))
    h = kg.LSTM(4, name="lstm")(x)
    a, b = keras.layers.Dense(1, name="a")(h), keras.layers.Dense(1, name="b")(h)
    model = keras.Model(x, {"a": a, "b": b} if named else [a, b])
    model.compile("sgd", losses, loss_weights=weights)
    return model


@pytest.mark.parametrize(("named", "weighted"), [*itertools.product((True, False), (True, False))])
@pytest.mark.slow
def test_losses_of_several_outputs_are_those_of_the_compiled_model(named, weighted, data):
    x, y = data
    names = ["a", "b"] if named else [0, 1]
    losses = {"a": "mse", "b": "mae"} if named else ["mse", "mae"]
    factors = ({"a": 2.0, "b": 0.5} if named else [2.0, 0.5]) if weighted else None
    targets = dict(zip(names, (y, y + 1))) if named else [y, y + 1]

    def whole(target, output):
        one, other = ([tf.cast(target[n], "float32") - output[n]] for n in names)
        two, half = (2.0, 0.5) if weighted else (1.0, 1.0)
        return tf.reduce_sum(two * one[0] ** 2 + half * tf.abs(other[0]), -1)

    model = of_two_outputs(named, losses, factors)
    found, expected = (kg.gradient_flow(model, x, targets, loss=loss) for loss in (None, whole))
    for state in "hc":
        assert_close(found["lstm"].norms[state], expected["lstm"].norms[state], SAME)


def test_a_target_of_an_output_that_is_missing_is_named(data):
    x, y = data
    model = of_two_outputs(True, {"a": "mse", "b": "mae"}, None)
    with pytest.raises(ValueError, match=r"of the outputs \['a', 'b'\]. .* for \['b'\]"):
        kg.gradient_flow(model, x, {"a": y})


@pytest.mark.slow
def test_the_first_batch_of_a_dataset_is_taken(data, tmp_path):
    x, y = data
    model = keras.Sequential(
        [keras.Input((None, 3)), kg.LSTM(4, name="lstm"), keras.layers.Dense(1)]
    )
    model.compile("sgd", "mse")
    batches = tf.data.Dataset.from_tensor_slices((x, y)).batch(4)
    found, expected = kg.trace(model, batches)["lstm"], kg.trace(model, x[:4])["lstm"]
    np.testing.assert_array_equal(found.states["c"], expected.states["c"])
    flows = kg.gradient_flow(model, batches), kg.gradient_flow(model, x[:4], y[:4])
    np.testing.assert_array_equal(*[flow["lstm"].norms["c"] for flow in flows])
    pages = tmp_path / "batches.html", tmp_path / "batch.html"
    kg.report(model, batches, pages[0])
    kg.report(model, x[:4], pages[1], y=y[:4])
    assert pages[0].read_bytes() == pages[1].read_bytes()
    with pytest.raises(ValueError, match="`y` must be the target of `x`"):
        kg.gradient_flow(model, x)
    with pytest.raises(ValueError, match="`x` must not be a generator"):
        kg.trace(model, iter(batches))


def test_a_monitor_refuses_other_numbers_of_rows(data):
    x, y = data
    with pytest.raises(ValueError, match=r"`x` and `y` of GateMonitor .* arrays of 4 and 6 rows"):
        kg.callbacks.GateMonitor(x, y[:4])
