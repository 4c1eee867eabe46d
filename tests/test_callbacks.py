"""The monitor: what it logs is what the gates do, and it leaves training alone."""

import time
import warnings

import keras
import numpy as np
import pytest
import tensorflow as tf
from numpy.testing import assert_allclose, assert_array_equal

import kerasgates as kg
from tests.cases import BATCH, FEATURES, TIME, UNITS, inputs

Y = BATCH, 1


def model_of(kind, units=UNITS, time=TIME, **options):
    keras.utils.set_random_seed(3)
    layers = [keras.Input((time, FEATURES)), kind(units, **options), keras.layers.Dense(1)]
    model = keras.Sequential(layers)
    model.compile(keras.optimizers.SGD(0.1), "mse")
    return model


@pytest.mark.slow
@pytest.mark.parametrize("layer", [kg.LSTM, keras.layers.LSTM])
def test_what_is_logged_is_what_the_gates_do(layer, rng):
    x, y = inputs(rng), rng.normal(size=Y).astype("float32")
    model = model_of(layer, name="lstm")
    monitor = kg.callbacks.GateMonitor(x, y, share=1)
    history = model.fit(x, y, epochs=3, verbose=0, callbacks=[monitor]).history
    names = [f"lstm/{gate} {end}" for gate in "ifo" for end in ("closed", "open")]
    names += ["lstm/h size", "lstm/c size", "gradient norm"]
    assert {*names} == {*history} - {"loss"}
    trace = kg.trace(model, x)
    assert history["lstm/f open"][-1] == trace.saturation()[1]["open"]
    assert history["lstm/c size"][-1] == pytest.approx(np.sqrt(np.mean(trace.states["c"] ** 2)))
    assert len({*history["lstm/c size"]}) == 3, "the weights of every epoch"
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean((model(x) - y) ** 2)
    gradients = tape.gradient(loss, [w.value for w in model.trainable_weights])
    norm = float(tf.linalg.global_norm(gradients))
    assert history["gradient norm"][-1] == pytest.approx(norm, rel=1e-4)


@pytest.mark.slow
def test_training_is_the_same_with_and_without(rng):
    x, y = inputs(rng), rng.normal(size=Y).astype("float32")
    found = []
    for monitor in ([], [kg.callbacks.GateMonitor(x, y)]):
        model = model_of(kg.GRU, dropout=0.3, recurrent_dropout=0.3)
        history = model.fit(x, y, epochs=3, verbose=0, callbacks=monitor)
        # What is made next draws the same numbers, and has the same names.
        following = kg.LSTM(UNITS)
        following.build((None, None, FEATURES))
        found.append((history.history["loss"], model.get_weights() + following.get_weights()))
    assert found[0][0] == found[1][0]
    for without, with_monitor in zip(*(weights for _, weights in found), strict=True):
        assert_array_equal(without, with_monitor)


@pytest.mark.slow
def test_epochs_are_left_out_where_it_takes_too_long(rng):
    x, y = inputs(rng), rng.normal(size=Y).astype("float32")
    model = model_of(kg.LSTM, name="lstm")
    monitor = kg.callbacks.GateMonitor(x, share=1e-9)
    history = model.fit(x, y, epochs=3, verbose=0, callbacks=[monitor]).history
    seen = np.isfinite(history["lstm/f open"])
    assert_array_equal(seen, [True, False, False])
    with pytest.raises(ValueError, match="`share` must be above 0"):
        kg.callbacks.GateMonitor(x, share=0)


@pytest.mark.slow
def test_it_takes_no_more_than_its_share(rng):
    x = rng.normal(size=(2048, 50, FEATURES)).astype("float32")
    y = rng.normal(size=(2048, 1)).astype("float32")
    model = model_of(kg.LSTM, 32, 50)
    monitor = kg.callbacks.GateMonitor(x[:32], y[:32], share=0.05)
    model.fit(x, y, epochs=1, verbose=0, callbacks=[monitor])
    # What is compiled once is behind.
    first = monitor.spent
    start = time.perf_counter()
    history = model.fit(x, y, epochs=40, verbose=0, callbacks=[monitor]).history
    took = time.perf_counter() - start
    assert monitor.spent < first + 0.06 * took
    assert np.isfinite(history["gradient norm"]).sum() > 1


@pytest.mark.slow
def test_tensorboard_gets_histograms_and_numbers(rng, tmp_path):
    x, y = inputs(rng), rng.normal(size=Y).astype("float32")
    model = model_of(kg.LSTM, name="lstm")
    monitor = kg.callbacks.GateMonitor(x, y, share=1, log_dir=tmp_path)
    model.fit(x, y, epochs=2, verbose=0, callbacks=[monitor])
    (file,) = tmp_path.iterdir()
    tags = {}
    for record in tf.data.TFRecordDataset(str(file)):
        event = tf.compat.v1.Event.FromString(record.numpy())
        for value in event.summary.value:
            tags.setdefault(value.tag, []).append(event.step)
    assert tags["lstm/f"] == tags["lstm/c"] == tags["lstm/f closed"] == [0, 1]
    assert "gradient norm" in tags


def test_it_warns_once_in_plain_words(rng):
    x, y = inputs(rng), rng.normal(size=Y).astype("float32")
    model = model_of(kg.LSTM, name="lstm")
    bias = np.zeros(4 * UNITS)
    bias[:UNITS] = -50
    model.layers[0].cell.bias.assign(bias)
    monitor = kg.callbacks.GateMonitor(x, 1e6 * y, share=1)
    monitor.set_model(model)
    monitor.on_train_begin()
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        logs = {}
        for epoch in range(3):
            monitor.on_epoch_end(epoch, logs)
    texts = [str(warning.message) for warning in told]
    assert_allclose(logs["lstm/i closed"], 1)
    assert (
        sum("Layer 'lstm' saturates in i. Gate i is closed or open at 100%" in t for t in texts)
        == 1
    )
    assert (
        sum("Layer 'lstm' dies in i. Gate i is always closed in 4 of 4 units." in t for t in texts)
        == 1
    )
    for text in (
        "Layer 'lstm' saturates in i. Gate i is closed or open at 100% of all steps",
        "Layer 'lstm' dies in i. Gate i is always closed in 4 of 4 units.",
        "explodes. The norm of its gradient is ",
    ):
        assert sum(text in told for told in texts) == 1
    assert len(texts) == 3
