"""What the tests of ONNX exports share: reading a file, running it, comparing it with Keras."""

import collections

import keras
import onnx
import onnxruntime
import pytest
import tensorflow as tf

from tests import tolerances
from tests.cases import (
    FEATURES,
    as_arrays,
    every_cell,
    randomise,
)
from tests.exporting import sequences
from tests.tolerances import assert_close

SIZES = ((1, 1), (3, 1), (1, 7), (3, 7), (1, 50), (3, 50))

#: The operator that each cell is in a file; any other is a Loop.
OPERATORS = {
    "SimpleRNNCell": "RNN",
    "OriginalLSTMCell": "LSTM",
    "LSTMCell": "LSTM",
    "PeepholeLSTMCell": "LSTM",
    "CoupledLSTMCell": "LSTM",
    "NoOutputGateLSTMCell": "LSTM",
    "GRUCell": "GRU",
    "ResetAfterGRUCell": "GRU",
    "UGRNNCell": "GRU",
    "ESNCell": "RNN",
    "ProjectedLSTMCell": "LSTM",
    "JANETCell": "LSTM",
}
NODE = {name: OPERATORS.get(name, "Loop") for name, _ in every_cell()}


def slow(*case):
    return pytest.param(*case, marks=pytest.mark.slow)


def counts(path):
    """How often each kind of recurrent node is in a file, and each direction."""
    content = onnx.load(path)
    onnx.checker.check_model(content, full_check=True)
    found = [n for n in content.graph.node if n.op_type in ("RNN", "GRU", "LSTM", "Loop", "Scan")]
    directions = [
        onnx.helper.get_attribute_value(a).decode()
        for node in found
        for a in node.attribute
        if a.name == "direction"
    ]
    return collections.Counter([node.op_type for node in found]), collections.Counter(directions)


def session_of(path):
    return onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])


def run_in(session, *arrays):
    return session.run(None, dict(zip([value.name for value in session.get_inputs()], arrays)))


def run(path, *arrays):
    return run_in(session_of(path), *arrays)


def check(path, model, *examples):
    """Compare a file with its model, output by output, for each list of input arrays.

    Differences count in units of the output where that is above 1, as in a report.
    """
    specs = [tf.TensorSpec(t.shape, t.dtype) for t in model.inputs]

    # In a graph: step by step Keras takes a second for what takes milliseconds here.
    @tf.function(input_signature=specs)
    def expected(*given):
        return keras.tree.flatten(model(given[0] if len(given) == 1 else list(given)))

    session = session_of(path)
    for arrays in examples:
        outputs = as_arrays(expected(*arrays))
        got = run_in(session, *arrays)
        assert len(got) == len(outputs) == len(model.outputs)
        for a, b in zip(got, outputs):
            assert_close(a, b, tolerances.EXPORT)


def check_sizes(path, model, rng, masked=False, sizes=SIZES):
    check(path, model, *([sequences(rng, *size, masked)] for size in sizes))


def model_of(*made, rng, scale=0.5):
    x = first = keras.Input((None, FEATURES), name="x")
    for layer in made:
        x = layer(x)
    model = keras.Model(first, x)
    randomise(model, rng, scale)
    return model


def masked_model(*made, rng):
    """Layers beside each other whose mask is an input of the model."""
    x, mask = keras.Input((None, FEATURES), name="x"), keras.Input((None,), dtype="bool", name="m")
    outputs = keras.tree.flatten([layer(x, mask=mask) for layer in made])
    model = keras.Model([x, mask], outputs if len(outputs) > 1 else outputs[0])
    randomise(model, rng, scale=0.5)
    return model
