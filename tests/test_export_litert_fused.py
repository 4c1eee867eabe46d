"""The fused LSTM operator of TF Lite: which layers it computes, exactly, and nothing leaks."""

import keras
import numpy as np
import pytest
from keras import layers
from numpy.testing import assert_array_equal

import kerasgates as kg
from kerasgates.export.to_litert import export as to_litert
from kerasgates.export.to_litert import flatbuffer
from tests import tolerances
from tests.cases import (
    FEATURES,
    as_array,
    every_cell,
    randomise,
)
from tests.exporting import (
    check_sequences,
    interpreter,
    make_model,
    model_of,
    run_sequence,
    sequences,
)
from tests.tolerances import assert_close

FUSED = "OriginalLSTM", "LSTM", "PeepholeLSTM", "CoupledLSTM", "NoOutputGateLSTM", "ProjectedLSTM"
LSTM = "UNIDIRECTIONAL_SEQUENCE_LSTM"


@pytest.fixture
def path(tmp_path):
    return tmp_path / "model.tflite"


@pytest.mark.slow
@pytest.mark.parametrize("name", FUSED)
def test_the_operator_computes_what_the_cell_does(name, path, rng):
    arguments = dict(every_cell())[f"{name}Cell"]
    model = make_model(f"{name}Cell", arguments, "stack", rng)
    report = kg.export.litert(model, path, kind="fused")
    assert report.operators[LSTM] == 2
    assert "WHILE" not in report.operators
    check_sequences(path, model, rng, sizes=((1, 1), (1, 7), (1, 50)))


@pytest.mark.slow
@pytest.mark.parametrize("name", FUSED)
@pytest.mark.parametrize("quantize", ["float16", "dynamic"])
def test_the_operator_with_smaller_weights(name, quantize, path, rng):
    # Operators of fewer than 1024 weights are not quantised.
    arguments = dict(every_cell())[f"{name}Cell"]
    model = make_model(f"{name}Cell", arguments, "plain", rng, units=36)
    report = kg.export.litert(model, path, kind="fused", quantize=quantize)
    assert report.operators[LSTM] == 1
    assert flatbuffer.is_quantized(flatbuffer.load(path.read_bytes())) == (quantize == "dynamic")
    assert 0 < report.difference <= to_litert.QUANTIZED[quantize]


@pytest.mark.slow
def test_stock_lstms_become_one_operator_each_without_clipping_or_leaks(path, rng):
    both = layers.Bidirectional(layers.LSTM(5, return_sequences=True))
    model = model_of(both, layers.LSTM(4), rng=rng)
    report = kg.export.litert(model, path, kind="fused")
    assert report.operators[LSTM] == 3
    held = flatbuffer.load(path.read_bytes())
    options = [
        o.builtinOptions
        for o in held.subgraphs[0].operators
        if "LSTM" in str(type(o.builtinOptions))
    ]
    assert [(o.cellClip, o.projClip) for o in options] == [(0, 0)] * 3
    check_no_leak(path, model, rng)


def check_no_leak(path, model, rng, loud=50.0, time=300):
    """Nothing of a sequence reaches the next, of the same size: else the runtime clears itself."""
    runtime, quiet = interpreter(path), sequences(rng, 1, time)
    before = run_sequence(runtime, quiet)
    assert_close(before, model(quiet), tolerances.EXPORT)
    for value in (loud, -loud, np.nan, np.inf, 1e30):
        noise = np.full((1, time, FEATURES), value, "float32")
        if np.isinf(value):
            noise[:, ::2, 1:] *= -1  # Their sum is no number.
        run_sequence(runtime, noise)
        assert_array_equal(run_sequence(runtime, quiet), before)


@pytest.mark.slow
def test_a_long_memory_is_emptied_against_its_peepholes(path, rng):
    """With nothing but large weights the memory grows by one a step, and holds its gates open."""
    model = model_of(kg.PeepholeLSTM(2, return_sequences=True), rng=rng)
    model.layers[-1].set_weights([np.abs(w) + 1 for w in model.layers[-1].get_weights()])
    kg.export.litert(model, path, kind="fused")
    check_no_leak(path, model, rng, time=1500)


@pytest.mark.parametrize(
    "value", [np.nan, *(pytest.param(v, marks=pytest.mark.slow) for v in (np.inf, -1e30))]
)
def test_what_is_no_number_comes_out_of_the_operator_as_none(value, path, rng):
    model = model_of(kg.LSTM(4, return_sequences=True), rng=rng)
    kg.export.litert(model, path, kind="fused")
    x = sequences(rng, 1, 9)
    expected = as_array(model(x))
    x[0, 5, 1] = value
    got = run_sequence(interpreter(path), x)
    assert_close(got[:, :5], expected[:, :5], tolerances.EXPORT)
    assert np.isnan(got[:, 5:]).all()


@pytest.mark.slow
def test_a_layer_that_the_operator_does_not_compute_runs_as_a_loop_beside_it(path, rng):
    model = model_of(layers.LSTM(4, return_sequences=True), kg.UGRNN(3), rng=rng)
    report = kg.export.litert(model, path, kind="fused")
    assert (report.operators[LSTM], report.operators["WHILE"]) == (1, 1)
    assert "UGRNNCell" in str(report)
    check_sequences(path, model, rng, sizes=((1, 1), (1, 7)))


@pytest.mark.slow
def test_masks_and_given_states_are_not_fused(path, rng):
    x, state = keras.Input((None, FEATURES), name="x"), keras.Input((4,), name="state")
    y = kg.LSTM(4, name="started")(x, initial_state=[state, state])
    model = keras.Model([x, state], y)
    randomise(model, rng)
    masked = model_of(layers.Masking(), kg.LSTM(4), rng=rng)
    for one in (model, masked):
        with pytest.raises(kg.export.ExportError, match="no layer could be fused"):
            kg.export.litert(one, path, kind="fused")
        report = kg.export.litert(one, path)
        assert report.kind == "loop"
        assert "no layer could be fused" in str(report)
    check_sequences(path, masked, rng, masked=True)
