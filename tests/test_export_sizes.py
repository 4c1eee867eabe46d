"""LiteRT files of fixed batch sizes, and how large files are."""

import keras
import numpy as np
import pytest
from numpy.testing import assert_allclose

import kerasgates as kg
from kerasgates.export.to_litert import export as to_litert
from kerasgates.export.to_litert import flatbuffer
from tests import tolerances
from tests.cases import FEATURES, as_array, randomise
from tests.exporting import interpreter, model_of, run_stepwise, sequences, zero_states


@pytest.fixture
def path(tmp_path):
    return tmp_path / "model.tflite"


@pytest.mark.slow
def test_a_step_for_one_sequence_is_compared_on_all_samples(path, rng):
    model = model_of(kg.GRU(36, name="y", return_sequences=True), rng=rng)
    x = sequences(rng, 10, 6)
    settings = {"quantize": "dynamic", "representative_data": x, "batch_size": 1}
    report = kg.export.litert(model, path, kind="step", **settings)
    assert report.signatures["step"][0] == {"x": (1, FEATURES), "y_h": (1, 36)}
    assert 0 < report.difference <= to_litert.QUANTIZED["dynamic"]
    runtime = interpreter(path)
    got = run_stepwise(runtime, x[:1], zero_states(runtime, 1))
    assert_allclose(got, as_array(model(x[:1])), atol=0.05, rtol=0)


@pytest.mark.slow
def test_an_int8_step_for_one_sequence(path, rng):
    x = keras.Input((None, 1), name="x")
    model = keras.Model(x, kg.LSTM(1, name="y")(x))
    randomise(model, rng)
    data = rng.normal(size=(9, 6, 1)).astype("float32")
    settings = {"quantize": "int8", "batch_size": 1}
    report = kg.export.litert(model, path, kind="step", representative_data=data, **settings)
    assert report.signatures["step"][0]["x"] == (1, 1)
    assert 0 < report.difference <= to_litert.QUANTIZED["int8"]
    with pytest.raises(ValueError, match=r"two or more steps .*Received: 1 step"):
        kg.export.litert(model, path, kind="step", representative_data=data[:, :1], **settings)


@pytest.mark.slow
def test_both_signatures_of_a_fixed_batch_size_in_float16(path, rng):
    """Four samples are no whole batches of three: rows of the beginning come again."""
    model = model_of(kg.LSTM(4, name="y"), rng=rng)
    x = sequences(rng, 4, 6)
    settings = {"quantize": "float16", "representative_data": x, "batch_size": 3}
    report = kg.export.litert(model, path, kind="loop", signature="both", **settings)
    assert report.signatures["serving_default"][0] == {"x": (3, -1, FEATURES)}
    assert 0 < report.difference <= to_litert.QUANTIZED["float16"]


@pytest.fixture(scope="module")
def fused(tmp_path_factory):
    """A model with fused operators, and its reports and files by `quantize`."""
    rng, folder = np.random.default_rng(3), tmp_path_factory.mktemp("fused")
    model = model_of(kg.LSTM(24, return_sequences=True), kg.PeepholeLSTM(20, name="y"), rng=rng)
    reports = {
        quantize: kg.export.litert(
            model, folder / f"{quantize}.tflite", kind="fused", quantize=quantize
        )
        for quantize in (None, "dynamic")
    }
    return model, reports


@pytest.mark.slow
def test_int8_weights_make_a_fused_file_small(fused, rng):
    model, reports = fused
    # Only matrices are quantised: gates of 24 units over 3 + 1 features and 24 units, and of 20
    # over 24 + 1 and 20. They hold four bytes an entry, and then one.
    entries = 4 * 24 * (4 + 24) + 4 * 20 * (25 + 20)
    assert reports[None].bytes - reports["dynamic"].bytes > 2.5 * entries
    x = sequences(rng, 1, 9)
    (got,) = kg.export.run(reports["dynamic"].path, x).values()
    assert 1e-6 < np.abs(got - as_array(model(x))).max() < 0.1


@pytest.mark.slow
def test_a_report_says_where_int8_weights_give_no_numbers(fused):
    _, reports = fused
    assert "for Microcontrollers gives NaN" in str(reports["dynamic"])
    assert "for Microcontrollers" not in str(reports[None])


@pytest.mark.slow
def test_too_few_weights_are_not_quantised_and_the_report_says_so(path, rng):
    model = model_of(kg.LSTM(4), rng=rng)
    report = kg.export.litert(model, path, kind="fused", quantize="dynamic")
    assert "nothing is quantised: no matrix" in str(report)
    assert "for Microcontrollers" not in str(report)
    assert not flatbuffer.is_quantized(flatbuffer.load(path.read_bytes()))
    assert report.difference <= tolerances.EXPORT


def test_who_quantises_gets_the_smallest_of_the_fast_files():
    # Of equal speed, a little slower and small, and smaller but slow.
    made = [(1.0, b"four", "fused"), (1.1, b"two", "loop"), (2.0, b"1", "unrolled")]
    assert to_litert._choose_form(made, smallest=False) == (b"four", "fused")
    assert to_litert._choose_form(made, smallest=True) == (b"two", "loop")
    assert to_litert._choose_form(made[::-1], smallest=False) == (b"two", "loop")
