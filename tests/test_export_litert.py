"""TF Lite files: every cell in built-in operators, equal to Keras in plain LiteRT."""

import keras
import numpy as np
import pytest
from keras import layers

import kerasgates as kg
from kerasgates.export.source import mean_difference
from kerasgates.export.to_litert import export as to_litert
from kerasgates.export.to_litert import flatbuffer, job
from tests import tolerances
from tests.cases import (
    FEATURES,
    SOME,
    UNITS,
    as_array,
    every_cell,
    identify,
    in_graph,
    randomise,
)
from tests.exporting import (
    WRAPPINGS,
    check_sequences,
    in_groups,
    interpreter,
    make_model,
    model_of,
    names_of,
    run_sequence,
    run_stepwise,
    sequences,
    side_by_side,
    zero_states,
)
from tests.tolerances import assert_close


@pytest.fixture
def path(tmp_path):
    return tmp_path / "model.tflite"


def check_cell(name, arguments, wrapping, quantize, path, rng):
    """Convert a model around a cell, and compare both signatures with Keras."""
    # Matrices of fewer than 1024 entries are not quantised.
    model = make_model(name, arguments, wrapping, rng, units=36 if quantize == "dynamic" else UNITS)
    signature = "sequence" if "bidirectional" in wrapping else "both"
    check_model(model, signature, "masked" in wrapping, quantize, path, rng)


def check_model(model, signature, masked, quantize, path, rng):
    typical = None
    if quantize == "int8":
        typical = rng.normal(size=(64, 7, FEATURES)).astype("float32")
        # Not where `sequences` puts them: what no sequence has at a step cannot be calibrated.
        typical[rng.random((64, 7)) < 0.2 * masked] = 0
    report = kg.export.litert(
        model,
        path,
        kind="auto" if quantize == "int8" else "loop",
        quantize=quantize,
        representative_data=typical,
        signature=signature,
    )
    assert not [n for n in report.operators if n.startswith(("CUSTOM", "Flex"))]
    tolerance = max(tolerances.EXPORT, to_litert.QUANTIZED[quantize])
    if quantize == "int8":
        runtime = interpreter(path)
        got = np.concatenate([run_sequence(runtime, x[None]) for x in typical])
        assert mean_difference([as_array(model(typical))], [got], "the file") <= tolerance
    else:
        check_sequences(path, model, rng, masked, tolerance)
    if signature == "both" and quantize is None:
        runtime = interpreter(path)
        for batch in (1, 3):
            x = sequences(rng, batch, 7, masked)
            got = run_stepwise(runtime, x, zero_states(runtime, batch))
            assert_close(got, model(x), tolerance)


#: What int8 cannot hold: the variance of four units, which layer normalisation divides by.
TOO_COARSE = {
    ("LayerNormSimpleRNNCell", "stack", "int8"),
    ("LayerNormSimpleRNNCell", "masked", "int8"),
}


@pytest.mark.slow
def test_a_cell_as_a_loop_and_as_a_step(path, rng):
    check_cell("GRUCell", {}, "plain", None, path, rng)


QUANTIZED = ("float16", "dynamic", "int8")

#: Cells whose steps are made of other operators than each other's, and together of all.
OPERATORS = ("LSTMCell", "GRUCell", "LayerNormSimpleRNNCell", "NASCell")


#: Those whose numbers 8 bits hold: not of memories that are matrices, nor of a mass that adds up.
OF_INT8 = (*OPERATORS, "MogrifierLSTMCell", "ONLSTMCell", "SLSTMCell", "ProjectedLSTMCell")


def forms(cells, wrappings, *quantized):
    """Each cell in each wrapping and each form of weights."""
    return [
        (name, arguments, wrapping, quantize)
        for name, arguments in every_cell()
        if name in cells
        for wrapping in wrappings
        for quantize in quantized
    ]


#: Cells of other operators with most around them, some in each wrapping, by one signature and by
#: both; every cell in one form, below. Smaller weights are a matter of operators, int8 also of the
#: numbers that a cell makes.
FORMS = [
    *forms(OPERATORS, ("masked stack",), None),
    *forms(OPERATORS, ("masked stack bidirectional",), None),
    *forms(SOME[:1], WRAPPINGS, None),
    *forms(SOME[:1], ("plain",), "float16", "dynamic"),
    *forms(OPERATORS, ("masked stack",), "float16", "dynamic"),
    *forms(OF_INT8, ("plain",), "int8"),
    *forms(("LSTMCell", "LayerNormSimpleRNNCell"), WRAPPINGS[1:], "int8"),
]


@pytest.mark.slow
@pytest.mark.parametrize(("name", "arguments", "wrapping", "quantize"), FORMS, ids=identify)
def test_every_cell_in_every_form(name, arguments, wrapping, quantize, path, rng):
    if (name, wrapping, quantize) in TOO_COARSE:
        with pytest.raises(kg.export.ExportError, match=r'they differ by .*quantize="dynamic"'):
            check_cell(name, arguments, wrapping, quantize, path, rng)
        assert not path.exists()
    else:
        check_cell(name, arguments, wrapping, quantize, path, rng)


@pytest.mark.slow
@pytest.mark.parametrize("cells", in_groups(every_cell()), ids=names_of)
def test_every_cell_side_by_side(cells, path, rng):
    model = side_by_side(cells, rng, masked=True)
    check_model(model, "both", True, None, path, rng)


@pytest.mark.slow
@pytest.mark.parametrize(
    "made",
    [
        lambda: [layers.GRU(4)],
        lambda: [layers.GRU(4, reset_after=False, return_sequences=True)],
        lambda: [layers.SimpleRNN(4)],
        lambda: [layers.RNN([layers.LSTMCell(4), layers.GRUCell(3)])],
        lambda: [layers.Masking(), layers.Bidirectional(layers.LSTM(4, return_sequences=True))],
        lambda: [layers.LSTM(4, go_backwards=True), layers.Dense(2)],
    ],
    ids=["GRU", "GRU reset before", "SimpleRNN", "cells", "masked both ways", "backwards"],
)
def test_stock_layers_convert_by_one_call(made, path, rng):
    model = model_of(*made(), rng=rng)
    kg.export.litert(model, path, kind="loop")
    check_sequences(path, model, rng, masked=True)


@pytest.mark.slow
def test_sequential_models_convert_too(path, rng):
    model = keras.Sequential([keras.Input((None, FEATURES), name="x"), kg.UGRNN(4)])
    model.add(layers.Dense(2))
    randomise(model, rng, scale=0.4)
    kg.export.litert(model, path)
    check_sequences(path, model, rng)


@pytest.mark.slow
def test_sizes_may_change_from_call_to_call(path, rng):
    """A runtime that keeps the plan of the sizes before is wrong once in a hundred calls."""
    model = make_model("NoOutputGateLSTMCell", {}, "masked", rng)
    kg.export.litert(model, path, kind="loop")
    of_keras, sizes = in_graph(model), ((1, 7), (2, 7), (3, 7), (1, 50), (3, 20), (4, 20))
    inputs = [sequences(rng, *size, masked=True) for size in sizes]
    expected = [of_keras(x) for x in inputs]
    for _ in range(80):
        runtime = interpreter(path)
        for one in rng.permutation(len(sizes)):
            got = run_sequence(runtime, inputs[one])
            assert_close(got, expected[one], tolerances.EXPORT)


@pytest.mark.slow
def test_unrolled_has_no_control_flow_and_a_fixed_length(path, rng):
    model = model_of(kg.GRU(4, return_sequences=True), rng=rng)
    report = kg.export.litert(model, path, kind="unrolled", time=9)
    assert "WHILE" not in report.operators
    assert dict(report.signatures)["serving_default"][0]["x"] == (-1, 9, FEATURES)
    check_sequences(path, model, rng, sizes=((1, 9), (3, 9)))


@pytest.mark.slow
def test_auto_keeps_the_first_that_is_about_the_fastest(path, rng, monkeypatch):
    """The times are given: what is measured depends on what else the machine does."""
    slow, near = to_litert.MARGIN + 0.1, to_litert.MARGIN - 0.1
    given = {"fused": slow, "loop": near, "unrolled": 1.0}
    measure, measured = job.Job.milliseconds, []

    def milliseconds(self, interpreter, kind, signature):
        measured.append(measure(self, interpreter, kind, signature))
        return given[kind]

    monkeypatch.setattr(job.Job, "milliseconds", milliseconds)
    model = model_of(kg.LSTM(16), rng=rng)
    report = kg.export.litert(model, path, time=20)
    assert len(measured) == 3
    assert min(measured) > 0
    assert {row["form"]: row["ms"] for row in report.tried} == {
        kind: f"{time:.3f}" for kind, time in given.items()
    }
    assert report.kind == "loop"
    assert report.bytes == path.stat().st_size
    for text in ("LiteRT", report.kind, "largest difference", "kept"):
        assert text in str(report)


@pytest.mark.slow
def test_quantised_files_are_compared_on_typical_data_where_there_is(path, rng, monkeypatch):
    model = model_of(kg.LSTM(40), rng=rng)
    typical = 3 + sequences(rng, 5, 12)
    settings = {"kind": "loop", "quantize": "dynamic"}
    report = kg.export.litert(model, path, **settings)
    tried, compare = [], job.compare

    def noting(source, arrays, *rest, **more):
        tried.append(arrays[0].shape)
        return compare(source, arrays, *rest, **more)

    monkeypatch.setattr(job, "compare", noting)
    on_typical = kg.export.litert(model, path, representative_data=typical, **settings)
    found = max(
        mean_difference([as_array(model(x))], [run_sequence(interpreter(path), x)], "the file")
        for x in (typical, typical[:, :6])
    )
    assert on_typical.difference == pytest.approx(found, rel=1e-3)
    # Whole, and half: the file takes any length.
    assert {*tried} == {(5, 12, FEATURES), (5, 6, FEATURES)}
    assert abs(report.difference - found) > 1e-2 * found
    assert "on representative data" in str(on_typical)
    assert "on random input" in str(report)


@pytest.mark.slow
def test_int8_is_quantised_and_close_on_typical_data(path, rng):
    model = model_of(kg.LSTM(8), layers.Dense(3, activation="softmax"), rng=rng)
    typical = sequences(rng, 40, 12)
    report = kg.export.litert(
        model, path, quantize="int8", representative_data=typical, signature="both"
    )
    kinds = {t.type for t in flatbuffer.load(path.read_bytes()).subgraphs[0].tensors}
    assert flatbuffer.schema.TensorType.INT8 in kinds
    assert 0 < report.difference < 0.05
    runtime = interpreter(path)
    got = np.concatenate([run_sequence(runtime, x[None]) for x in typical])
    assert np.abs(got - model(typical)).max() < 0.05
