"""Structure of exported files: what other runtimes than the tested ones stumble over."""

import functools

import keras
import numpy as np
import onnx
import pytest
import tensorflow as tf
from keras import layers
from numpy.testing import assert_allclose
from tensorflow.lite.python import schema_py_generated as schema

import kerasgates as kg
from kerasgates.export.to_litert import flatbuffer
from tests import tolerances
from tests.cases import FEATURES, as_array, randomise
from tests.exporting import interpreter, model_of, sequences

LSTM = "UNIDIRECTIONAL_SEQUENCE_LSTM"


def repeated(made, rng):
    """A model that gives the output of a layer twice."""
    x = keras.Input((None, FEATURES), name="x")
    y = made(x)
    model = keras.Model(x, [y, y])
    randomise(model, rng, scale=0.4)
    return model


@pytest.fixture(scope="module")
def lite(tmp_path_factory):
    """Gives by name a model, the path of its LiteRT file, and the report."""
    rng, folder = np.random.default_rng(3), tmp_path_factory.mktemp("lite")
    settings = {
        "GRU": {"kind": "loop", "signature": "both"},
        "LSTM": {"kind": "loop"},
        "ProjectedLSTM": {"kind": "fused"},
    }
    models = {
        "GRU": lambda: repeated(kg.GRU(4), rng),
        "LSTM": lambda: model_of(layers.Masking(), kg.LSTM(4), rng=rng),
        "ProjectedLSTM": lambda: repeated(kg.ProjectedLSTM(4, projection_units=2), rng),
    }

    @functools.cache
    def exported(name):
        model, path = models[name](), folder / f"{name}.tflite"
        return model, path, kg.export.litert(model, path, **settings[name])

    return exported


LITE = ("GRU", "LSTM", "ProjectedLSTM")


@pytest.mark.slow
@pytest.mark.parametrize("name", LITE)
def test_no_subgraph_gives_one_tensor_twice(name, lite, rng):
    model, path, _ = lite(name)
    file = flatbuffer.load(path.read_bytes())
    for graph in file.subgraphs:
        assert len(set(graph.outputs)) == len(graph.outputs)
    for signature in file.signatureDefs:
        indices = [entry.tensorIndex for entry in signature.outputs]
        assert sorted(indices) == sorted(file.subgraphs[signature.subgraphIndex].outputs)
    x = sequences(rng, 1, 6)
    expected = keras.tree.flatten(model(x))
    given = interpreter(path).get_signature_runner("serving_default")(x=x)
    assert len(given) == len(expected)
    for array in given.values():
        assert_allclose(array, as_array(expected[0]), atol=tolerances.EXPORT, rtol=0)


@pytest.mark.slow
def test_states_of_a_step_are_tensors_of_their_own(lite, rng):
    model, path, _ = lite("GRU")
    step, x = interpreter(path).get_signature_runner("step"), sequences(rng, 2, 5)
    (state,) = set(step.get_input_details()) - {"x"}
    held = np.zeros((2, 4), "float32")
    for now in range(5):
        given = step(x=x[:, now], **{state: held})
        held = given[state]
    assert len(given) == 3
    for array in given.values():
        assert_allclose(array, as_array(model(x)[0]), atol=tolerances.EXPORT, rtol=0)


@pytest.mark.parametrize(
    "name", [*(pytest.param(n, marks=pytest.mark.slow) for n in LITE[:2]), LITE[2]]
)
def test_constants_are_aligned_and_none_is_left_over(name, lite):
    content = lite(name)[1].read_bytes()
    raw, held = schema.Model.GetRootAsModel(content, 0), flatbuffer.load(content)
    starts = []
    for at in range(raw.BuffersLength()):
        table = raw.Buffers(at)._tab
        if raw.Buffers(at).DataLength():
            starts.append(table.Vector(table.Offset(4)))
    assert len(starts) > 5
    assert not [start for start in starts if start % 16]
    owners = [*held.metadata, *(t for graph in held.subgraphs for t in graph.tensors)]
    assert {owner.buffer for owner in owners} | {0} == {*range(len(held.buffers))}
    read = {i for g in held.subgraphs for o in g.operators for i in (*o.inputs, *o.outputs)}
    assert max(len(graph.tensors) for graph in held.subgraphs) == max(read) + 1


def test_the_fused_operator_has_places_for_a_normalisation(lite):
    file = flatbuffer.load(lite("ProjectedLSTM")[1].read_bytes())
    (inputs,) = (
        list(operator.inputs)
        for operator in file.subgraphs[0].operators
        if flatbuffer.name_of(file, operator) == LSTM
    )
    assert len(inputs) == 24
    assert inputs[20:] == [-1] * 4
    assert -1 not in inputs[:9]


@pytest.mark.filterwarnings("ignore:(?s).*LiteRT interpreter:UserWarning")
@pytest.mark.parametrize("runtime", ["LiteRT", "TensorFlow"])
def test_a_fused_file_refuses_another_batch_size(runtime, lite):
    content = lite("ProjectedLSTM")[1].read_bytes()
    make = flatbuffer.interpreter_of if runtime == "LiteRT" else tf.lite.Interpreter
    for batch, fits in ((1, True), (32, False)):
        held = make(model_content=content) if runtime == "TensorFlow" else make(content)
        held.resize_tensor_input(held.get_input_details()[0]["index"], (batch, 6, FEATURES))
        if fits:
            held.allocate_tensors()
            continue
        with pytest.raises(RuntimeError, match="must sum to the dimension of value along axis"):
            held.allocate_tensors()


@pytest.mark.slow
def test_a_report_says_which_runtimes_refuse_a_fused_file(lite):
    text = "CompiledModel"
    assert text in str(lite("ProjectedLSTM")[2])
    assert 'kind="loop"' in str(lite("ProjectedLSTM")[2])
    assert text not in str(lite("GRU")[2])


@pytest.mark.parametrize("made", [kg.GRU, kg.NAS, kg.LSTM], ids=lambda cell: cell.__name__)
def test_the_loop_that_is_saved_has_no_operation_for_shapes(made):
    layer = made(4, return_sequences=True, loop="dense")
    spec = tf.TensorSpec((None, None, FEATURES), "float32")
    mask = tf.TensorSpec((None, None), "bool")
    function = tf.function(lambda x, mask: layer(x, mask=mask)).get_concrete_function(spec, mask)
    held = function.graph.as_graph_def()
    inner = [node.op for body in held.library.function for node in body.node_def]
    operations = {*inner, *(node.op for node in held.node)}
    assert "EnsureShape" not in operations
    assert operations & {"While", "StatelessWhile"}
    assert function.structured_outputs.shape.as_list() == [None, None, 4]


def inner_graphs(graph):
    """The graphs within a graph."""
    for node in graph.node:
        for attribute in node.attribute:
            if attribute.HasField("g"):
                yield attribute.g
                yield from inner_graphs(attribute.g)


@pytest.fixture(scope="module")
def graph(tmp_path_factory):
    """The ONNX graph of a model with two inputs, a Loop, two nodes and four outputs."""
    path = tmp_path_factory.mktemp("onnx") / "model.onnx"
    x, x_1 = keras.Input((None, FEATURES), name="x"), keras.Input((7, 2), name="x_1")
    masked = layers.Masking()(x)
    loop = kg.NAS(4, return_sequences=True, name="loop")(masked)
    last = kg.LSTM(4, name="last")(x_1)
    repeat = layers.RepeatVector(5, name="repeat")(last)
    every = kg.GRU(2, return_sequences=True, name="every")(x_1)
    model = keras.Model([x, x_1], [loop, last, repeat, every])
    randomise(model, np.random.default_rng(3), scale=0.4)
    kg.export.onnx(model, path)
    onnx.checker.check_model(onnx.load(path), full_check=True)
    return onnx.load(path).graph


@pytest.mark.slow
def test_no_node_ends_in_empty_names(graph):
    graphs = [graph, *inner_graphs(graph)]
    assert len(graphs) > 1
    kinds = {node.op_type for node in graph.node}
    assert kinds >= {"LSTM", "GRU", "Loop"}
    for node in (node for one in graphs for node in one.node):
        assert "" not in (*node.input[-1:], *node.output[-1:])
    # The LSTM has no lengths, no initial state and no peepholes: only what it reads is named.
    (lstm,) = (node for node in graph.node if node.op_type == "LSTM")
    assert len(lstm.input) == 4


@pytest.mark.slow
def test_the_body_of_a_loop_gives_only_what_it_computes(graph):
    bodies = list(inner_graphs(graph))
    assert any(len(body.input) > 4 for body in bodies)
    for body in bodies:
        given = [value.name for value in body.output]
        assert len({*given}) == len(given)
        assert {*given} <= {name for node in body.node for name in node.output}


@pytest.mark.slow
def test_axes_have_the_sizes_that_keras_knows_and_names_of_their_own(graph):
    shapes = {
        value.name: [d.dim_value or d.dim_param for d in value.type.tensor_type.shape.dim]
        for value in (*graph.input, *graph.output)
    }
    assert shapes == {
        "x": ["batch", "x_time", FEATURES],
        "x_1": ["batch", 7, 2],
        "loop": ["batch", "loop_time", 4],
        "last": ["batch", 4],
        "repeat": ["batch", 5, 4],
        "every": ["batch", 7, 2],
    }
