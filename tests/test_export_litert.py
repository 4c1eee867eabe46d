"""TF Lite files: every cell in built-in operators, equal to Keras in plain LiteRT."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers
from numpy.testing import assert_array_equal

import kerasgates as kg
from kerasgates.export.source import mean_difference
from kerasgates.export.to_litert import export as to_litert
from kerasgates.export.to_litert import flatbuffer, job
from tests import tolerances
from tests.cases import (
    EXPORTED,
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
    interpreter,
    make_model,
    model_of,
    run_sequence,
    run_stepwise,
    sequences,
    zero_states,
)
from tests.tolerances import assert_close

FUSED = "OriginalLSTM", "LSTM", "PeepholeLSTM", "CoupledLSTM", "NoOutputGateLSTM", "ProjectedLSTM"
LSTM = "UNIDIRECTIONAL_SEQUENCE_LSTM"


@pytest.fixture
def path(tmp_path):
    return tmp_path / "model.tflite"


def check_sequences(path, model, rng, masked=False, tolerance=tolerances.EXPORT, sizes=None):
    # A graph of any size, traced once.
    signature = [tf.TensorSpec(model.inputs[0].shape, model.inputs[0].dtype)]
    of_keras = tf.function(lambda x: model(x), input_signature=signature, autograph=False)
    runtime = interpreter(path)
    for batch, time in sizes or ((1, 1), (3, 1), (1, 7), (3, 7), (1, 50), (3, 50)):
        x = sequences(rng, batch, time, masked)
        expected = of_keras(x).numpy()
        for _ in range(2):
            got = run_sequence(runtime, x)
            if tolerance == tolerances.EXPORT:
                assert_close(got, expected, tolerance)
            else:
                assert mean_difference([expected], [got], "the file") <= tolerance


def check_both(name, arguments, wrapping, quantize, path, rng):
    """Convert a model around a cell, and compare both signatures with Keras."""
    masked = "masked" in wrapping
    # Matrices of fewer than 1024 entries are not quantised.
    model = make_model(name, arguments, wrapping, rng, units=36 if quantize == "dynamic" else UNITS)
    signature = "sequence" if "bidirectional" in wrapping else "both"
    typical = None
    if quantize == "int8":
        typical = sequences(rng, 64, 7)
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


def test_a_cell_as_a_loop_and_as_a_step(path, rng):
    check_both("GRUCell", {}, "plain", None, path, rng)


QUANTIZED = ("float16", "dynamic", "int8")
#: Cells whose steps are made of other operators than each other's, and together of all.
OPERATORS = ("LSTMCell", "GRUCell", "LayerNormSimpleRNNCell", "NASCell")


def forms(cells, wrappings, *quantized):
    """Each cell in each wrapping and each form of weights."""
    return [
        (name, arguments, wrapping, quantize)
        for name, arguments in every_cell()
        if name in cells
        for wrapping in wrappings
        for quantize in quantized
    ]


#: Cells of all operations with all wrappings around them, by one signature and by both, some in
#: each alone; every other cell in one form. Smaller weights are a matter of operators, int8 also of
#: the numbers that a cell makes.
FORMS = [
    *forms(EXPORTED, ("masked stack", "masked stack bidirectional"), None),
    *forms({name for name, _ in every_cell()} - {*EXPORTED}, ("masked",), None),
    *forms(SOME, WRAPPINGS, None),
    *forms(OPERATORS[2:], ("plain",), None),
    *forms(OPERATORS, ("plain", "masked stack"), "float16", "dynamic"),
    *forms(EXPORTED, ("plain",), "int8"),
    *forms(("LSTMCell", "LayerNormSimpleRNNCell"), WRAPPINGS[1:], "int8"),
]


@pytest.mark.slow
@pytest.mark.parametrize(("name", "arguments", "wrapping", "quantize"), FORMS, ids=identify)
def test_every_cell_in_every_form(name, arguments, wrapping, quantize, path, rng):
    if (name, wrapping, quantize) in TOO_COARSE:
        with pytest.raises(kg.export.ExportError, match=r'they differ by .*quantize="dynamic"'):
            check_both(name, arguments, wrapping, quantize, path, rng)
        assert not path.exists()
    else:
        check_both(name, arguments, wrapping, quantize, path, rng)


@pytest.mark.parametrize(
    "name", [n if n == "PeepholeLSTM" else pytest.param(n, marks=pytest.mark.slow) for n in FUSED]
)
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
    assert flatbuffer.is_quantized(path.read_bytes()) == (quantize == "dynamic")
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


def lstm(rng):
    return model_of(kg.LSTM(3), rng=rng)


BAD = {
    "kind": (lstm, {"kind": "fast"}, "Argument `kind` must be one of"),
    "quantize": (lstm, {"quantize": "int4"}, "Argument `quantize` must be one of"),
    "signature": (lstm, {"signature": "all"}, "Argument `signature` must be one of"),
    "no data": (lstm, {"quantize": "int8"}, "Argument `representative_data` must be given"),
    "data of the wrong shape": (
        lstm,
        {"quantize": "int8", "representative_data": np.ones((8, 5, FEATURES + 1))},
        "Argument `representative_data` must hold .*Received: shapes",
    ),
    "int8 of a loop": (
        lstm,
        {"quantize": "int8", "kind": "loop", "representative_data": np.ones((8, 5, FEATURES))},
        'Argument `kind` must be "unrolled", "step" or "auto"',
    ),
    "unrolled without a length": (lstm, {"kind": "unrolled"}, "Argument `time` must be given"),
    "batch": (lstm, {"batch_size": 0}, "Argument `batch_size` must be a positive int"),
    "time": (lstm, {"time": -3}, "Argument `time` must be a positive int"),
    "nothing to fuse": (
        lambda rng: model_of(kg.UGRNN(3), rng=rng),
        {"kind": "fused"},
        'Argument `kind` must not be "fused" .*UGRNNCell',
    ),
    "step of what is not causal": (
        lambda rng: model_of(layers.Bidirectional(kg.LSTM(3)), rng=rng),
        {"kind": "step"},
        'Argument `signature` must be "sequence" .*runs backwards',
    ),
    "no recurrent layer": (
        lambda rng: model_of(layers.Dense(3), rng=rng),
        {},
        "must hold a recurrent layer",
    ),
    "not built": (lambda rng: keras.Sequential([kg.LSTM(3)]), {}, "must be built"),
    "no model": (lambda rng: kg.LSTM(3), {}, "must be a keras.Model"),
}


@pytest.mark.parametrize("made", BAD)
def test_bad_input_is_named_and_nothing_is_left_behind(made, path, rng):
    model, arguments, message = BAD[made]
    with pytest.raises(ValueError, match=message):
        kg.export.litert(model(rng), path, **arguments)
    assert not list(path.parent.iterdir())


def test_a_file_that_does_not_agree_is_not_written(path, rng, monkeypatch):
    monkeypatch.setattr(to_litert.flatbuffer, "operators", lambda content: {"FlexAddV2": 1})
    with pytest.raises(kg.export.ExportError, match="plain LiteRT does not have: FlexAddV2"):
        kg.export.litert(lstm(rng), path, kind="loop")
    assert not list(path.parent.iterdir())


@pytest.mark.parametrize("kind", [pytest.param("fused", marks=pytest.mark.slow), "loop"])
def test_other_outputs_than_those_of_keras_are_an_error(kind, path, rng, monkeypatch):
    model, other = (model_of(kg.LSTM(4, name="y"), rng=rng) for _ in range(2))
    kg.export.litert(other, path, kind=kind)
    wrong = path.read_bytes()
    path.unlink()
    monkeypatch.setattr(to_litert, "_make", lambda *arguments: wrong)
    with pytest.raises(kg.export.ExportError, match=r"they differ by 0\.\d+, 1e-05 would pass"):
        kg.export.litert(model, path, kind=kind)
    assert not list(path.parent.iterdir())


def test_paths_that_cannot_be_written(tmp_path, rng):
    (tmp_path / "file").write_text("")
    with pytest.raises(ValueError, match="Argument `path` must be writable"):
        kg.export.litert(lstm(rng), tmp_path / "file" / "model.tflite")
    with pytest.raises(ValueError, match="Argument `path` must name a file"):
        kg.export.litert(lstm(rng), tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == ["file"]
