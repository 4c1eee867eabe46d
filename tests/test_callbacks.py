"""The monitor: what it logs is what the gates do, and it leaves training alone."""

import warnings

import keras
import numpy as np
import pytest
import tensorflow as tf
from numpy.testing import assert_allclose, assert_array_equal

import kerasgates as kg
from kerasgates.insight import callbacks
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
def test_epochs_are_left_out_where_it_takes_too_long(rng, monkeypatch):
    monkeypatch.setattr(callbacks, "GRACE", 0)
    x, y = inputs(rng), rng.normal(size=Y).astype("float32")
    model = model_of(kg.LSTM, name="lstm")
    monitor = kg.callbacks.GateMonitor(x, share=1e-9)
    history = model.fit(x, y, epochs=3, verbose=0, callbacks=[monitor]).history
    seen = np.isfinite(history["lstm/f open"])
    # The first look compiles; the second is the first that says how long one takes.
    assert_array_equal(seen, [True, True, False])
    with pytest.raises(ValueError, match="`share` must be above 0"):
        kg.callbacks.GateMonitor(x, share=0)


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


def looks(model, monitor, epochs=2):
    """What it logs, and the texts of its warnings."""
    monitor.set_model(model)
    monitor.on_train_begin()
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        logs = [{} for _ in range(epochs)]
        for epoch, found in enumerate(logs):
            monitor.on_epoch_end(epoch, found)
    texts = [str(warning.message) for warning in told if warning.category is UserWarning]
    return logs, texts


def test_it_warns_once_in_plain_words(rng):
    x, y = inputs(rng), rng.normal(size=Y).astype("float32")
    model = model_of(kg.LSTM, name="lstm", loop="keras")
    bias = np.zeros(4 * UNITS)
    bias[:UNITS] = -50
    model.layers[0].cell.bias.assign(bias)
    monitor = kg.callbacks.GateMonitor(x, y, share=1)
    (*_, logs), texts = looks(model, monitor, 3)
    assert_allclose(logs["lstm/i closed"], 1)
    for text in (
        "Layer 'lstm' saturates in i. Gate i is closed or open within 0.0001 at 100% of all steps",
        "Layer 'lstm' dies in i. Gate i is always closed in 4 of 4 units.",
    ):
        assert sum(text in told for told in texts) == 1
    assert len(texts) == 2


def test_a_gradient_that_grows_or_is_no_number_explodes(rng):
    x, y = inputs(rng), rng.normal(size=Y).astype("float32")
    model = model_of(kg.LSTM, loop="keras")
    monitor = kg.callbacks.GateMonitor(x, y, share=1)
    assert looks(model, monitor, 1)[1] == []
    head = model.layers[-1].kernel
    head.assign(1e3 * head)
    _, texts = looks(model, monitor)
    assert len(texts) == 1
    assert "explodes. The norm of its gradient is" in texts[0]
    head.assign(np.nan * head)
    # It was told of already; and what is no number ends no training.
    (logs, _), texts = looks(model, monitor)
    assert np.isnan(logs["gradient norm"])
    assert texts == []


class OfOwnStep(keras.Model):
    def train_step(self, data):
        x, y = data
        with tf.GradientTape() as tape:
            loss = keras.ops.mean((self(x, training=True) - y) ** 2)
        weights = self.trainable_variables
        self.optimizer.apply_gradients(zip(tape.gradient(loss, weights), weights))
        return {"loss": loss}


def test_a_model_that_is_compiled_without_a_loss_trains_on_without_gradients(rng):
    x, y = inputs(rng), rng.normal(size=Y).astype("float32")
    inner = model_of(kg.LSTM, name="lstm", loop="keras")
    model = OfOwnStep(inner.inputs, inner.outputs, name="own")
    model.compile("sgd")
    monitor = kg.callbacks.GateMonitor(x, y, share=1)
    with pytest.warns(UserWarning, match="'own' is not watched.*GateMonitor .* or leave out `y`"):
        history = model.fit(x, y, epochs=2, verbose=0, callbacks=[monitor]).history
    assert "gradient norm" not in history
    assert np.isfinite(history["lstm/f open"]).all()
    assert looks(model, monitor)[1] == []
    model.compile("sgd", "mse")
    history = model.fit(x, y, epochs=1, verbose=0, callbacks=[monitor]).history
    assert np.isfinite(history["gradient norm"]).all()


def test_a_target_that_does_not_fit_the_loss_is_an_error(rng):
    x, y = inputs(rng), rng.normal(size=Y).astype("float32")
    model = model_of(kg.LSTM, name="lstm", loop="keras")
    monitor = kg.callbacks.GateMonitor(x, np.zeros((len(x), 7, 3), "float32"), share=1)
    with pytest.raises(ValueError, match="shape"):
        model.fit(x, y, epochs=1, verbose=0, callbacks=[monitor])


@pytest.mark.slow
def test_a_gradient_that_grows_through_time_explodes(rng):
    x, y = inputs(rng, time=30), rng.normal(size=Y).astype("float32")
    model = model_of(kg.SimpleRNN, time=30, activation="linear", loop="keras", name="rnn")
    U = model.layers[0].cell.recurrent_kernel
    U.assign(1.5 * np.eye(UNITS))
    _, texts = looks(model, kg.callbacks.GateMonitor(x, y, share=1))
    assert len(texts) == 1
    assert "Layer 'rnn' explodes. The gradient by its state grows 1.28e+05-fold" in texts[0]


@pytest.mark.slow
@pytest.mark.parametrize(
    "options",
    [{"loop": "keras"}, pytest.param({}, marks=pytest.mark.slow)],
    ids=["ours", "stock"],
)
def test_gradients_that_vanish_are_told_of(options, rng):
    x, y = inputs(rng, time=150), rng.normal(size=Y).astype("float32")
    kind = kg.LSTM if options else keras.layers.LSTM
    model = model_of(kind, time=150, name="lstm", **options)
    bias = model.layers[0].cell.bias
    bias.assign(np.repeat([0, -2.0, 0, 0], UNITS))
    _, texts = looks(model, kg.callbacks.GateMonitor(x, y, share=1))
    assert len(texts) == 1
    assert "Layer 'lstm' has vanishing gradients." in texts[0]
    assert "`unit_forget_bias`" in texts[0]


def chrono(layer, steps):
    """The biases of a memory that is to last: forget gates near 1, input gates near 0."""
    cell = layer.cell
    low = np.log(np.linspace(2, steps, UNITS))
    cell.bias.assign(np.concatenate([-low, low, 0 * low, 0 * low]))
    return layer


@pytest.mark.slow
def test_no_false_alarms(rng):
    """A latch, targets in other units, and candidates that are no gates."""
    x, y = inputs(rng, time=50), rng.normal(size=Y).astype("float32")
    latch = model_of(kg.LSTM, time=50, name="lstm", loop="keras")
    chrono(latch.layers[0], 5_000)
    logs, texts = looks(latch, kg.callbacks.GateMonitor(x, 1e4 * y, share=1))
    assert texts == []
    assert logs[0]["lstm/f open"] > 0.7
    assert logs[0]["gradient norm"] > 1e3
    relu = model_of(kg.LSTM, name="lstm", activation="relu", loop="keras")
    # Its candidate is zero everywhere, as a dead gate would be.
    relu.layers[0].cell.bias.assign(np.repeat([0, 1, -9.0, 0], UNITS))
    logs, texts = looks(relu, kg.callbacks.GateMonitor(x[:, :TIME], share=1))
    assert texts == []
    assert not [name for name in logs[0] if "/g " in name]


@pytest.mark.slow
def test_columns_are_of_one_length_whatever_becomes_of_the_numbers(rng):
    x, y = inputs(rng), rng.normal(size=Y).astype("float32")
    model = model_of(kg.LSTM, name="lstm", loop="keras")
    monitor = kg.callbacks.GateMonitor(x, y, share=1)
    (first,), _ = looks(model, monitor, 1)
    for weight in model.layers[0].weights:
        weight.assign(np.nan * weight)
    (second,), texts = looks(model, monitor, 1)
    assert {*first} == {*second}
    assert np.isfinite([*first.values()]).all()
    assert np.isnan([*second.values()]).all()
    assert all("explodes" in text for text in texts)


class Clock:
    """A clock that runs only when it is told to, in place of `time`."""

    def __init__(self):
        self.now = 0.0

    def perf_counter(self):
        return self.now


def seen(monkeypatch, epochs, epoch, first, look, trainings=1):
    """Which epochs are seen, where an epoch, the first look and any other take so many seconds."""
    clock = Clock()
    monkeypatch.setattr(callbacks, "time", clock)
    monitor = kg.callbacks.GateMonitor(np.zeros((1, 1, 1)))
    took = iter([first])

    def looking(number):
        clock.now += next(took, look)
        return {"size": 1.0}

    monkeypatch.setattr(monitor, "_look", looking)
    model, found = object(), []
    for _ in range(trainings):
        monitor.set_model(model)
        monitor.on_train_begin()
        for number in range(epochs):
            clock.now += epoch
            logs = {}
            monitor.on_epoch_end(number, logs)
            assert [*logs] == ["size"]
            found.append(np.isfinite(logs["size"]))
    return monitor, np.array(found), clock.now


def test_short_trainings_are_seen_in_every_epoch(monkeypatch):
    """The first look compiles for longer than the whole training takes."""
    _, found, _ = seen(monkeypatch, 20, epoch=0.05, first=3.0, look=0.04)
    assert found.all()
    # And a second training of the same model compiles nothing.
    _, found, _ = seen(monkeypatch, 20, epoch=0.05, first=3.0, look=0.04, trainings=2)
    assert found.all()


@pytest.mark.parametrize("look", [0.02, 0.3, 1.5])
def test_of_long_trainings_it_takes_its_share(look, monkeypatch):
    monitor, found, now = seen(monkeypatch, 500, epoch=0.5, first=20.0, look=look)
    assert monitor.spent <= 0.05 * (now - 20)
    assert monitor.spent > 0.035 * (now - 20) or found.all()
    # Not all at the beginning.
    assert found[-60:].any()


class Batches(keras.utils.PyDataset):
    """Two batches, with weights."""

    def __init__(self, *arrays):
        super().__init__()
        self.arrays = arrays

    def __len__(self):
        return 2

    def __getitem__(self, index):
        return tuple(array[2 * index : 2 * index + 2] for array in self.arrays)


@pytest.mark.slow
def test_of_a_dataset_the_first_batch_is_looked_at(rng):
    x, y = inputs(rng), rng.normal(size=Y).astype("float32")
    for source in (tf.data.Dataset.from_tensor_slices((x, y)).batch(2), Batches(x, y)):
        monitor = kg.callbacks.GateMonitor(source)
        assert_array_equal(monitor.x, x[:2])
        assert_array_equal(monitor.y, y[:2])
    assert kg.callbacks.GateMonitor(Batches(x)).y is None
    weights = rng.uniform(0.5, 2, BATCH).astype("float32")
    model = model_of(kg.LSTM, name="lstm", loop="keras")
    (logs,), _ = looks(model, kg.callbacks.GateMonitor(Batches(x, y, weights)), 1)
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(weights[:2] * tf.reduce_mean((model(x[:2]) - y[:2]) ** 2, axis=-1))
    gradients = tape.gradient(loss, [w.value for w in model.trainable_weights])
    expected = float(tf.linalg.global_norm(gradients))
    assert logs["gradient norm"] == pytest.approx(expected, rel=1e-4)
    for given, message in [
        ((Batches(x, y), y), "`y` must be None where `x` holds batches"),
        ((iter([(x, y)]),), "`x` must not be a generator"),
        ((tf.data.Dataset.from_tensor_slices(x).take(0),), "`x` must hold a batch at least"),
    ]:
        with pytest.raises(ValueError, match=message):
            kg.callbacks.GateMonitor(*given)


def test_norms_of_gradients_neither_underflow_nor_overflow():
    for scale in (1e-30, 1e30):
        values = [tf.constant([3 * scale, 0.0]), None, tf.constant([[4 * scale]])]
        assert float(callbacks._global_norm(values)) == pytest.approx(5 * scale)
    repeated = tf.IndexedSlices(tf.constant([[3.0], [1.0]]), tf.constant([1, 1]), (2, 1))
    assert float(callbacks._global_norm([repeated])) == pytest.approx(4)
    assert float(callbacks._global_norm([None])) == 0
    assert float(callbacks._global_norm([tf.zeros(2)])) == 0
    assert np.isnan(float(callbacks._global_norm([tf.constant([np.inf, 1.0])])))
