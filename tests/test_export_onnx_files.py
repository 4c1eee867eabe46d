"""ONNX files of models as people have them: precisions, dtypes, names, and what goes wrong."""

import logging
import sys

import keras
import onnx
import pytest
from keras import layers

import kerasgates as kg
from kerasgates.export import ExportError
from kerasgates.export.to_onnx import export as to_onnx
from kerasgates.export.to_onnx import nodes, operators
from kerasgates.export.to_onnx.export import onnx as export
from kerasgates.loops.runner import Runner
from tests import tolerances
from tests.cases import (
    BATCH,
    FEATURES,
    TIME,
    UNITS,
    identify,
    inputs,
    randomise,
)
from tests.exporting import make_model, sequences
from tests.exporting_onnx import (
    check,
    check_sizes,
    counts,
    model_of,
    run,
    slow,
)
from tests.tolerances import assert_close


@pytest.fixture
def path(tmp_path):
    return tmp_path / "model.onnx"


@pytest.mark.slow
def test_what_a_layer_holds_besides_variables_is_in_the_file(path, rng):
    adapted = layers.Normalization()
    adapted.adapt(rng.normal(3, 5, size=(50, FEATURES)).astype("float32"))
    x = keras.Input((None, FEATURES), name="x")
    model = keras.Model(x, kg.LSTM(UNITS)(adapted(x)))
    randomise(model.layers[-1], rng)
    report = export(model, path)
    assert list(report.signatures["model"][0]) == ["x"]
    assert [value.name for value in onnx.load(path).graph.input] == ["x"]
    check_sizes(path, model, rng, sizes=((3, 7),))


@pytest.mark.slow
def test_an_input_that_is_an_output_is_named_twice(path, rng):
    x = keras.Input((None, FEATURES), name="x")
    model = keras.Model(x, [x, kg.GRU(UNITS, name="y")(x), x])
    randomise(model, rng)
    report = export(model, path)
    assert list(report.signatures["model"][0]) == ["x"]
    assert list(report.signatures["model"][1]) == ["x_output", "y", "x_2"]
    check_sizes(path, model, rng, sizes=((3, 7),))


@pytest.mark.parametrize(
    ("layer", "dtype", "node"),
    [
        (kg.LSTM, "bool", "LSTM"),
        (kg.GRU, "int32", "GRU"),
        slow(kg.NAS, "bool", "Loop"),
        slow(kg.LSTM, "uint8", "LSTM"),
    ],
    ids=identify,
)
def test_sequences_that_are_no_floats(layer, dtype, node, path, rng):
    x = keras.Input((None, FEATURES), dtype=dtype, name="x")
    model = keras.Model(x, layer(UNITS)(x))
    randomise(model, rng, scale=0.4)
    export(model, path)
    assert counts(path)[0] == {node: 1}
    check(path, model, [rng.integers(0, 2, (3, TIME, FEATURES)).astype(dtype)])


@pytest.mark.parametrize(
    ("dtype", "node", "tolerance"),
    [
        ("mixed_bfloat16", "LSTM", tolerances.MIXED),
        slow("mixed_float16", "Loop", tolerances.MIXED),
        slow("float16", "Loop", tolerances.MIXED),
        slow("float64", "Loop", tolerances.EXPORT),
    ],
)
def test_every_precision_but_bfloat16(dtype, node, tolerance, path, rng):
    model = model_of(kg.LSTM(UNITS, dtype=dtype), layers.Dense(2, dtype=dtype), rng=rng)
    report = export(model, path)
    assert counts(path)[0] == {node: 1}
    assert ("computes in float32, the model in mixed_bfloat16" in str(report)) == (node == "LSTM")
    x = sequences(rng, 3, 7)
    expected = keras.ops.cast(model(x), "float64")
    assert_close(run(path, x)[0], expected, tolerance)


def test_bfloat16_is_refused_with_what_to_do(path, rng):
    model = model_of(kg.NAS(UNITS, dtype="bfloat16", name="mine"), rng=rng)
    with pytest.raises(ValueError, match=r'policy "float32" or.*set_weights.*\'mine\': \'bfloat16'):
        export(model, path)
    x = keras.Input((None, FEATURES), dtype="bfloat16", name="x")
    with pytest.raises(ValueError, match=r"must not be in bfloat16.*\{'x': 'bfloat16'"):
        export(keras.Model(x, kg.GRU(UNITS)(x)), path)
    assert list(path.parent.iterdir()) == []


def test_a_stateful_model_is_written_without_its_state(path, rng):
    x = keras.Input((TIME, FEATURES), batch_size=BATCH, name="x")
    model = keras.Model(x, kg.GRU(UNITS, stateful=True)(x))
    randomise(model, rng)
    model(inputs(rng))
    export(model, path)
    model.layers[1].reset_state()
    x = inputs(rng)
    assert_close(run(path, x)[0], model(x), tolerances.EXPORT)
    assert run(path, x[:2])[0].shape == (2, UNITS)


@pytest.mark.slow
def test_the_report_tells_what_is_in_the_file(path, rng):
    report = export(make_model("NASCell", {}, "masked", rng), path)
    assert report.bytes == path.stat().st_size
    assert report.operators["Loop"] == 1
    assert report.operators["Relu"] > [n.op_type for n in onnx.load(path).graph.node].count("Relu")
    assert report.signatures["model"] == (
        {"x": ("batch", "x_time", FEATURES)},
        {"y": ("batch", "y_time", 2)},
    )
    assert 0 < report.difference <= tolerances.EXPORT
    for text in (str(path), "ONNX", "1 Loop node", "largest difference", "layer 'cell' is a Loop"):
        assert text in str(report)


def test_nothing_is_printed_and_logging_stays_as_it_was(path, rng, capfd, caplog):
    root, own = logging.getLogger(), logging.getLogger("tf2onnx")
    before = [list(root.handlers), list(root.filters), own.level, own.propagate, own.handlers[:]]
    export(model_of(kg.LSTM(UNITS, dtype="mixed_float16"), layers.Dense(2), rng=rng), path)
    after = [list(root.handlers), list(root.filters), own.level, own.propagate, own.handlers[:]]
    assert after == before
    # TensorFlow 2.18 warns of a graph's collections.
    assert [r for r in caplog.records if r.module != "meta_graph"] == []
    said, noted = capfd.readouterr()
    assert said == ""
    # And its C++ side says that it looks for a GPU.
    ours = [line for line in noted.splitlines() if not line.startswith(("I0000", "WARNING: All"))]
    assert ours == []


@pytest.mark.parametrize("opset", [12, 19, 18.5, True, "18", None])
def test_versions_that_are_not_written(opset, path, rng):
    with pytest.raises(ValueError, match="Argument `opset` must be an integer from 13 to 18"):
        export(model_of(kg.GRU(UNITS), rng=rng), path, opset=opset)


def test_bad_models_and_paths(path, tmp_path, rng):
    with pytest.raises(ValueError, match=r"Argument `model` must be a keras\.Model"):
        export("model.keras", path)
    with pytest.raises(ValueError, match="must hold a recurrent layer"):
        export(model_of(layers.Dense(2), rng=rng), path)
    with pytest.raises(ValueError, match="Argument `path` must name a file"):
        export(model_of(kg.GRU(UNITS), rng=rng), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_paths_are_looked_at_before_anything_is_made(tmp_path, monkeypatch):
    def prepare(*args, **kwargs):
        raise AssertionError("the path comes first")

    monkeypatch.setattr(to_onnx, "prepare", prepare)
    for path in (tmp_path, None):
        with pytest.raises(ValueError, match="Argument `path` must"):
            export(None, path)


@pytest.mark.parametrize("package", ["tf2onnx", "onnxruntime", "onnx"])
def test_a_missing_package_is_named_with_what_to_install(package, path, rng, monkeypatch):
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(ImportError, match=rf'pip install "kerasgates\[onnx\]".*{package}'):
        export(model_of(kg.GRU(UNITS), rng=rng), path)


def test_what_does_not_agree_with_keras_is_not_written(path, rng, monkeypatch):
    path.write_text("what was there")
    monkeypatch.setitem(operators.ACTIVATIONS, keras.activations.tanh, ("Softsign",))
    with pytest.raises(ExportError, match="onnxruntime gives other outputs than Keras"):
        export(model_of(kg.GRU(UNITS), rng=rng), path)
    assert [p.name for p in path.parent.iterdir()] == [path.name]
    assert path.read_text() == "what was there"


def test_an_operation_that_onnx_lacks_is_named(path, rng):
    @keras.saving.register_keras_serializable(package="tests")
    class Strange(keras.Layer):
        def call(self, x):
            return keras.ops.erfinv(keras.ops.tanh(x) / 2)

    with pytest.raises(ExportError, match=r"no ONNX operators for \['Erfinv'\]"):
        export(model_of(kg.GRU(UNITS), Strange(), rng=rng), path)
    assert not path.exists()


def test_what_a_layer_says_when_it_fails_is_told(path, rng):
    @keras.saving.register_keras_serializable(package="tests")
    class Failing(keras.Layer):
        exporting = False

        def call(self, x):
            if Failing.exporting:
                raise TypeError("this is what went wrong")
            return x

    model = model_of(kg.GRU(UNITS), Failing(), rng=rng)

    def enter(runner):
        Failing.exporting = True
        return Runner.__enter__(runner)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(nodes.Nodes, "__enter__", enter)
        with pytest.raises(
            ExportError, match=r"^Exporting to ONNX failed: this is what went wrong$"
        ):
            export(model, path)


def test_a_failed_replacement_says_so(path, rng, monkeypatch):
    """Tf2onnx goes on after an error in a rewriter: the marker is left, and is found."""

    def fail(graph, group):
        raise RuntimeError("this is what went wrong")

    monkeypatch.setattr(nodes, "_put_node", fail)
    with pytest.raises(ExportError, match="this is what went wrong"):
        export(model_of(kg.GRU(UNITS), rng=rng), path)
