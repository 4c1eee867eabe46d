"""Traces of models: names, stock layers, layers within layers, and what cannot be traced."""

import logging

import keras
import numpy as np
import pytest
import tensorflow as tf
from numpy.testing import assert_array_equal

import kerasgates as kg
from tests import tolerances
from tests.cases import (
    BATCH,
    FEATURES,
    MASK,
    TIME,
    UNITS,
    as_array,
    inputs,
    make_layer,
    randomise,
)
from tests.tolerances import assert_close


@pytest.mark.slow
def test_stacked_cells_stock_layers_and_shared_layers_have_names(rng):
    cells = [kg.GRUCell(3, name="a"), kg.LSTMCell(FEATURES, name="b")]
    shared = keras.layers.LSTM(FEATURES, return_sequences=True, name="shared")
    x = keras.Input((TIME, FEATURES))
    y = kg.RNN(cells, return_sequences=True, name="stack")(shared(x))
    model = keras.Model(x, shared(y))
    randomise(model, rng)
    values = inputs(rng)
    trace = kg.trace(model, values)
    assert [*trace] == ["shared", "stack/a", "stack/b", "shared:2"]
    assert "shared:2: LSTMCell, forward, gates i f g o, states h c, batch 5" in repr(trace)
    assert_close(trace["shared:2"].states["h"], as_array(model(values)), tolerances.SAME)
    alone = kg.trace(kg.upgrade(keras.Sequential([keras.Input((TIME, FEATURES)), shared])), values)
    assert_close(alone.gates["f"], trace["shared"].gates["f"], tolerances.SAME)
    assert_close(kg.trace(shared, values).states["c"], alone.states["c"], tolerances.SAME)
    with pytest.raises(ValueError, match="several cells"):
        _ = trace.gates
    with pytest.raises(KeyError, match="no trace of 'lstm', but of"):
        trace["lstm"]
    chosen = kg.trace(model, values, layers=["stack/b"])
    assert [*chosen] == ["stack/b"]
    assert_array_equal(chosen.gates["f"], trace["stack/b"].gates["f"])


@pytest.mark.slow
def test_nothing_of_the_model_changes(rng):
    model = keras.Sequential(
        [
            keras.Input((TIME, FEATURES), batch_size=BATCH),
            kg.LSTM(UNITS, stateful=True, dropout=0.5, recurrent_dropout=0.5, seed=1),
        ]
    )
    randomise(model, rng)
    x = inputs(rng)
    before = [model.predict(x, verbose=0) for _ in range(3)]
    model.layers[0].reset_state()
    again = [model.predict(x, verbose=0)]
    held = [as_array(w) for w in model.variables]
    kg.trace(model, x)
    for value, weight in zip(held, model.variables, strict=True):
        assert_array_equal(value, as_array(weight), weight.path)
    again += [model.predict(x, verbose=0) for _ in range(2)]
    assert_array_equal(before, again)
    assert (before[0] != before[1]).any()


class InAGraph(keras.layers.Layer):
    """Runs its recurrent layer where nobody sees it."""

    def __init__(self):
        super().__init__()
        self.inner = kg.LSTM(2, name="lstm")
        self.run = tf.function(lambda x: self.inner(x), autograph=False)

    def call(self, x):
        return self.run(x)


def test_a_time_distributed_layer_is_called_for_every_step(rng):
    layer = keras.layers.TimeDistributed(kg.LSTM(2, name="lstm"))
    x = rng.normal(size=(3, 2, TIME, FEATURES)).astype("float32")
    outputs = as_array(layer(x))
    trace = kg.trace(layer, x)
    assert [*trace] == ["lstm", "lstm:2"]
    for step, cell in enumerate(trace.values()):
        assert_close(cell.states["h"][:, -1], outputs[:, step], tolerances.SAME)


def test_errors_say_what_would_be_right(rng):
    layer = make_layer("LSTMCell", {}, rng)
    x = inputs(rng)
    dense = keras.Sequential([keras.Input((TIME, FEATURES)), keras.layers.Dense(2)])
    within = InAGraph()
    for given, message in {
        (lambda: kg.trace(dense, x)): "must hold a recurrent layer",
        (lambda: kg.trace("model", x)): "must be a Keras model or layer",
        (lambda: kg.trace(layer, x, MASK[:, :3])): "`mask` of LSTM must be booleans of shape",
        (lambda: kg.trace(layer, x, layers=["gru"])): r"must name some of .*Received: \['gru'\]",
        (lambda: kg.trace(layer, x, layers=[])): r"`layers` must name some of .*Received: \[\]",
        (lambda: kg.trace(layer, x, units=[4])): "`units` must be a slice or a list of indices",
        (lambda: kg.trace(layer, x, times=[])): "`times` must be a slice or a list of indices",
        (lambda: kg.trace(layer, x, max_bytes=1000)): r"`max_bytes` allows 1,000\.",
        (lambda: kg.trace(within, x)): "'lstm' is run inside a graph that the model makes",
    }.items():
        with pytest.raises(ValueError, match=message):
            given()


@pytest.mark.slow
def test_stock_layers_keep_the_states_they_are_given_and_hold(rng):
    x = inputs(rng)
    states = [rng.normal(size=(BATCH, UNITS)).astype("float32") for _ in range(2)]
    stock = keras.layers.LSTM(UNITS)
    expected = as_array(stock(x, initial_state=list(states)))
    trace = kg.trace(stock, x, initial_state=states)
    assert_close(trace.states["h"][:, -1], expected, tolerances.SAME)
    # A layer that no model holds is not taken into one of ours.
    with pytest.raises(AttributeError, match="no defined output"):
        _ = stock.output
    holding = keras.layers.LSTM(UNITS, stateful=True)
    model = keras.Sequential([keras.Input((TIME, FEATURES), batch_size=BATCH), holding])
    model.predict(x, verbose=0)
    for given in (model, holding):
        (cell,) = kg.trace(given, x).values()
        assert_close(cell.initial["h"], as_array(holding.states[0]), tolerances.SAME)
        assert np.abs(cell.initial["h"]).max() > 0.01
    with pytest.raises(ValueError, match="`initial_state` is for a recurrent layer"):
        kg.trace(model, x, initial_state=states)


@keras.saving.register_keras_serializable("kerasgates_tests")
class Around(keras.layers.Layer):
    """A layer that is built by its call, and builds another in it."""

    def __init__(self, inner, **options):
        super().__init__(**options)
        self.inner = inner
        self.dense = keras.layers.Dense(3)

    def call(self, x):
        return self.dense(self.inner(x))

    def get_config(self):
        inner = keras.saving.serialize_keras_object(self.inner)
        return {**super().get_config(), "inner": inner}

    @classmethod
    def from_config(cls, config):
        inner = keras.saving.deserialize_keras_object(config.pop("inner"))
        return cls(inner, **config)


@pytest.mark.parametrize("built", [False, pytest.param(True, marks=pytest.mark.slow)])
@pytest.mark.parametrize(
    "make",
    [
        lambda: keras.layers.GRU(UNITS, stateful=True),
        lambda: Around(keras.layers.SimpleRNN(UNITS)),
        *(
            pytest.param(make, marks=pytest.mark.slow)
            for make in (
                lambda: keras.layers.Bidirectional(keras.layers.LSTM(UNITS)),
                lambda: keras.layers.RNN([keras.layers.LSTMCell(UNITS), keras.layers.GRUCell(3)]),
            )
        ),
    ],
)
def test_stock_layers_alone_built_or_not(make, built, rng):
    layer, x = make(), inputs(rng)
    if built:
        layer(x)
    trace = kg.trace(layer, x)
    *_, last = trace.values()
    shown = last.states["h"]
    again = kg.trace(layer, x)
    for cell, other in zip(trace.values(), again.values(), strict=True):
        assert_array_equal(cell.states["h"], other.states["h"])
    if not isinstance(layer, (Around, keras.layers.Bidirectional)):
        assert_close(shown[:, -1], as_array(layer(x))[:, : shown.shape[-1]], tolerances.SAME)
    # Keras says what does not fit.
    with pytest.raises(ValueError, match=r"(?i)dimension|shape|axis") as told:
        kg.trace(layer, x[:, :, :2])
    assert "config" not in str(told.value)


@pytest.mark.slow
def test_traces_of_many_layers_make_nobody_warn_of_tracing(rng, caplog, monkeypatch):
    """TensorFlow takes the fifth model for the first one, traced again and again."""
    logger = logging.getLogger("tensorflow")
    monkeypatch.setattr(logger, "propagate", True)
    with caplog.at_level("WARNING", logger="tensorflow"):
        for units in range(2, 9):
            kg.trace(kg.LSTM(units), rng.normal(size=(2, 3, 2)).astype("float32"))
        assert not caplog.messages
        logger.warning("5 functions were retracing")
    assert caplog.messages == ["5 functions were retracing"]
