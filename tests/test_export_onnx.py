"""ONNX files: one node where an operator has the equations, equal to Keras in onnxruntime."""

import collections
import contextlib
import logging
import sys

import keras
import numpy as np
import onnx
import onnxruntime
import pytest
import tensorflow as tf
from keras import layers
from numpy.testing import assert_allclose

import kerasgates as kg
from kerasgates.export import ExportError, nodes, operators, to_onnx
from kerasgates.export.to_onnx import OPSETS
from kerasgates.export.to_onnx import onnx as export
from tests import tolerances
from tests.cases import (
    BATCH,
    FEATURES,
    MASK,
    TIME,
    UNITS,
    as_arrays,
    every_cell,
    every_configuration,
    identify,
    inputs,
    randomise,
)
from tests.exporting import make_model, sequences

SIZES = ((1, 1), (3, 1), (1, 7), (3, 7), (1, 50), (3, 50))
#: What each cell is in a file.
NODE = {
    "SimpleRNNCell": "RNN",
    "OriginalLSTMCell": "LSTM",
    "LSTMCell": "LSTM",
    "PeepholeLSTMCell": "LSTM",
    "FullPeepholeLSTMCell": "Loop",
    "CoupledLSTMCell": "LSTM",
    "NoOutputGateLSTMCell": "LSTM",
    "GRUCell": "GRU",
    "ResetAfterGRUCell": "GRU",
    "UGRNNCell": "GRU",
    "LayerNormLSTMCell": "Loop",
    "LayerNormSimpleRNNCell": "Loop",
    "NASCell": "Loop",
    "ESNCell": "RNN",
    "ProjectedLSTMCell": "LSTM",
    "JANETCell": "LSTM",
}


def slow(*case):
    return pytest.param(*case, marks=pytest.mark.slow)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "model.onnx"


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


def run(path, *arrays):
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    return session.run(None, dict(zip([value.name for value in session.get_inputs()], arrays)))


def check(path, model, *examples):
    """Compare a file with its model, output by output, for each list of input arrays.

    Differences count in units of the output where that is above 1, as in a report.
    """
    specs = [tf.TensorSpec(t.shape, t.dtype) for t in model.inputs]

    # In a graph: step by step Keras takes a second for what takes milliseconds here.
    @tf.function(input_signature=specs)
    def expected(*given):
        return keras.tree.flatten(model(given[0] if len(given) == 1 else list(given)))

    for arrays in examples:
        outputs = as_arrays(expected(*arrays))
        got = run(path, *arrays)
        assert len(got) == len(outputs) == len(model.outputs)
        for a, b in zip(got, outputs):
            assert_allclose(a, b, atol=tolerances.EXPORT * max(1, np.abs(b).max()), rtol=0)


def check_sizes(path, model, rng, masked=False, sizes=SIZES):
    check(path, model, *([sequences(rng, *size, masked)] for size in sizes))


def model_of(*made, rng, scale=0.5):
    x = first = keras.Input((None, FEATURES), name="x")
    for layer in made:
        x = layer(x)
    model = keras.Model(first, x)
    randomise(model, rng, scale)
    return model


def masked_model(layer, rng):
    """A layer whose mask is an input of the model."""
    x, mask = keras.Input((None, FEATURES), name="x"), keras.Input((None,), dtype="bool", name="m")
    model = keras.Model([x, mask], layer(x, mask=mask))
    randomise(model, rng, scale=0.5)
    return model


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        # A Loop takes longest, and all are made the same way.
        slow(*c) if NODE[c[0]] == "Loop" and c[0] != "NASCell" else c
        for c in every_cell()
    ],
    ids=identify,
)
def test_every_cell_is_one_node_where_an_operator_has_its_equations(name, arguments, path, rng):
    model = make_model(name, arguments, "plain", rng)
    report = export(model, path)
    assert counts(path)[0] == {NODE[name]: 1}
    assert report.kind == f"1 {NODE[name]} node"
    assert ("is a Loop: no operator has the equations of" in str(report)) == (NODE[name] == "Loop")
    check_sizes(path, model, rng)


@pytest.mark.slow
@pytest.mark.parametrize("wrapping", ["bidirectional", "stack", "masked"])
@pytest.mark.parametrize(("name", "arguments"), every_cell(), ids=identify)
def test_every_cell_in_every_form(name, arguments, wrapping, path, rng):
    model = make_model(name, arguments, wrapping, rng)
    export(model, path)
    alone = wrapping == "masked" or (wrapping == "bidirectional" and NODE[name] != "Loop")
    assert counts(path)[0] == {NODE[name]: 1 if alone else 2}
    check_sizes(path, model, rng, masked=wrapping == "masked")


@pytest.mark.slow
@pytest.mark.parametrize(("name", "arguments"), every_configuration(), ids=identify)
def test_every_configuration(name, arguments, path, rng):
    model = make_model(name, arguments, "plain", rng, return_sequences=False)
    export(model, path)
    # Its leak is a gate; and no operator has an open gate where it reaches more than 1.
    wanted = {"leaky": "GRU"}.get(next(iter(arguments), None), NODE[name])
    assert counts(path)[0] == {wanted: 1}
    check_sizes(path, model, rng)


def test_stock_layers_are_one_node_each(path, rng):
    model = model_of(
        layers.LSTM(4, return_sequences=True, recurrent_activation="hard_sigmoid"),
        layers.Bidirectional(layers.LSTM(3, return_sequences=True)),
        layers.GRU(4, return_sequences=True),
        layers.GRU(3, return_sequences=True, reset_after=False),
        layers.SimpleRNN(4, return_sequences=True, activation="relu"),
        layers.RNN([layers.LSTMCell(4), layers.GRUCell(3)]),
        layers.Dense(2),
        rng=rng,
    )
    report = export(model, path)
    assert counts(path)[0] == {"LSTM": 3, "GRU": 3, "RNN": 1}
    assert report.kind == "1 RNN node, 3 GRU nodes, 3 LSTM nodes"
    check_sizes(path, model, rng)


@pytest.mark.parametrize(
    ("whole", "state"),
    [(True, True), *(slow(*c) for c in ((1, 0), (0, 1), (0, 0)))],
)
def test_both_directions_are_one_node_whatever_becomes_of_them(whole, state, path, rng):
    x = keras.Input((None, FEATURES), name="x")
    outputs = []
    for mode in ("concat", "sum", "mul", "ave", None):
        layer = kg.LSTM(UNITS, return_sequences=bool(whole), return_state=bool(state))
        outputs.append(layers.Bidirectional(layer, merge_mode=mode)(x))
    model = keras.Model(x, keras.tree.flatten(outputs))
    randomise(model, rng)
    report = export(model, path)
    assert counts(path) == ({"LSTM": 5}, {"bidirectional": 5})
    assert "ReverseSequence" not in report.operators
    check_sizes(path, model, rng, sizes=((1, 1), (3, 7)))


@pytest.mark.slow
def test_two_different_layers_are_two_nodes_in_one_bidirectional(path, rng):
    def both(forward, backward):
        return layers.Bidirectional(forward, backward_layer=backward)

    def lstm(units, **more):
        return kg.LSTM(units, return_sequences=True, **more)

    model = model_of(
        both(lstm(4), kg.GRU(4, return_sequences=True, go_backwards=True)),
        # These are one node: the activations of the directions may differ.
        both(
            lstm(4, activation="leaky_relu", recurrent_activation="hard_sigmoid"),
            lstm(4, activation="elu", go_backwards=True),
        ),
        both(lstm(4, go_backwards=True), lstm(4)),
        # Last, since Keras takes the sizes of both to be that of the first.
        both(lstm(4), lstm(3, go_backwards=True)),
        rng=rng,
    )
    export(model, path)
    wanted = {"forward": 2, "reverse": 2, "bidirectional": 2}
    assert counts(path) == ({"LSTM": 5, "GRU": 1}, wanted)
    check_sizes(path, model, rng, sizes=((1, 1), (3, 7)))


def test_outputs_come_in_the_order_of_the_model(path, rng):
    x = keras.Input((None, FEATURES), name="x")
    late, early = kg.LSTM(UNITS, name="z")(x), kg.GRU(UNITS, name="a")(x)
    model = keras.Model(x, [late, early, late])
    randomise(model, rng)
    report = export(model, path)
    assert list(report.signatures["model"][1]) == ["z", "a", "z_2"]
    check_sizes(path, model, rng, sizes=((3, 7),))


def test_a_sequential_model(path, rng):
    model = keras.Sequential([keras.Input((None, FEATURES)), layers.GRU(4), layers.Dense(2)])
    randomise(model, rng)
    export(model, path)
    assert counts(path)[0] == {"GRU": 1}
    check_sizes(path, model, rng, sizes=((3, 7),))


@pytest.mark.slow
def test_a_shared_layer_is_a_node_for_each_call(path, rng):
    x = keras.Input((None, FEATURES), name="x")
    layer = layers.Bidirectional(kg.GRU(UNITS, return_sequences=True))
    model = keras.Model(x, [layer(x), layer(2 * x)])
    randomise(model, rng)
    export(model, path)
    assert counts(path) == ({"GRU": 2}, {"bidirectional": 2})
    check_sizes(path, model, rng, sizes=((3, 7),))


MASKED = [
    (layer, {"return_sequences": whole, "go_backwards": backwards, "zero_output_for_mask": zeros})
    for layer in (kg.LSTM, kg.GRU, kg.JANET, kg.NAS)
    for whole in (True, False)
    for backwards in (False, True)
    for zeros in (False, True)
]


@pytest.mark.parametrize(
    ("layer", "arguments"),
    [c if i in (0, 27) else slow(*c) for i, c in enumerate(MASKED)],
    ids=identify,
)
def test_masks_of_any_form_are_right_with_one_node(layer, arguments, path, rng):
    model = masked_model(layer(UNITS, return_state=True, **arguments), rng)
    export(model, path)
    assert sum(counts(path)[0].values()) == 1
    x = inputs(rng)
    # What stands at a masked step is without effect, whatever it is.
    x[~MASK] = np.nan
    turned = [x[:, ::-1].copy(), MASK[:, ::-1].copy()]
    check(path, model, [x, MASK], turned, [inputs(rng), np.ones_like(MASK)])


def test_a_masked_pair_is_one_node(path, rng):
    pair = layers.Bidirectional(kg.LSTM(UNITS, return_sequences=True, return_state=True))
    model = masked_model(pair, rng)
    report = export(model, path)
    assert counts(path) == ({"LSTM": 1}, {"bidirectional": 1})
    assert report.operators["TopK"] == 1
    x = inputs(rng)
    x[~MASK] = np.nan
    check(path, model, [x, MASK], [x[:, ::-1].copy(), MASK[:, ::-1].copy()])


@pytest.mark.slow
@pytest.mark.parametrize("dtype", ["float32", "mixed_float16"])
def test_masks_in_half_precision(dtype, path, rng):
    model = masked_model(kg.GRU(UNITS, return_sequences=True, dtype=dtype), rng)
    export(model, path)
    x = inputs(rng)
    x[~MASK] = np.nan
    (got,), expected = run(path, x, MASK), model([x, MASK])
    tolerance = {"float32": tolerances.EXPORT, "mixed_float16": tolerances.MIXED}[dtype]
    assert_allclose(got, expected, atol=tolerance, rtol=0)


@pytest.mark.slow
def test_embeddings_that_mask(path, rng):
    x = keras.Input((None,), dtype="int32", name="x")
    y = layers.Embedding(9, FEATURES, mask_zero=True)(x)
    y = layers.Bidirectional(kg.GRU(UNITS, return_sequences=True))(y)
    model = keras.Model(x, kg.CoupledLSTM(UNITS)(y))
    randomise(model, rng)
    export(model, path)
    assert counts(path)[0] == {"GRU": 1, "LSTM": 1}
    check(path, model, [rng.integers(0, 3, (BATCH, TIME)).astype("int32")])


STARTED = [
    ("LSTM", {}, "LSTM"),
    ("JANET", {}, "LSTM"),
    ("GRU", {}, "GRU"),
    ("ProjectedLSTM", {"projection_units": 2}, "Loop"),
]


@pytest.mark.parametrize(
    ("name", "arguments", "node", "masked"),
    [
        (*row, True) if row[1:] == ({}, "LSTM") and masked else slow(*row, masked)
        for row in STARTED
        for masked in (True, False)
    ],
    ids=identify,
)
def test_states_from_outside(name, arguments, node, masked, path, rng):
    layer = getattr(kg, name)(UNITS, return_sequences=True, return_state=True, **arguments)
    layer.build((None, None, FEATURES))
    x, mask = keras.Input((None, FEATURES), name="x"), keras.Input((None,), dtype="bool", name="m")
    states = [keras.Input((size,)) for size in layer.cell.state_sizes]
    y = layer(x, initial_state=states, mask=mask if masked else None)
    model = keras.Model([x, mask, *states] if masked else [x, *states], y)
    randomise(model, rng)
    report = export(model, path)
    assert counts(path)[0] == {node: 1}
    assert ("with an initial state" in str(report)) == (node == "Loop")
    given = [rng.normal(size=(BATCH, *state.shape[1:])).astype("float32") for state in states]
    check(path, model, [inputs(rng), *([MASK] if masked else []), *given])


@pytest.mark.slow
def test_an_encoder_and_a_decoder(path, rng):
    x, y = keras.Input((None, FEATURES), name="x"), keras.Input((None, 2), name="y")
    pair = layers.Bidirectional(kg.GRU(UNITS, return_state=True))
    state = pair(x)[1:]
    decoder = layers.Bidirectional(kg.GRU(UNITS, return_sequences=True))
    model = keras.Model([x, y], layers.Dense(2)(decoder(y, initial_state=state)))
    randomise(model, rng)
    report = export(model, path)
    assert counts(path) == ({"GRU": 2}, {"bidirectional": 2})
    assert report.signatures["model"][0] == {
        "x": ("batch", "x_1", FEATURES),
        "y": ("batch", "y_1", 2),
    }
    check(path, model, [inputs(rng, 3), inputs(rng, 3, time=9, features=2)])


@pytest.mark.parametrize("backwards", [slow(False), True])
def test_each_of_stacked_cells_is_a_node(backwards, path, rng):
    stack = [
        kg.LSTMCell(4),
        kg.UGRNNCell(5),
        kg.ProjectedLSTMCell(4, projection_units=2),
    ]
    layer = kg.RNN(stack, return_sequences=True, return_state=True, go_backwards=backwards)
    model = masked_model(layer, rng)
    export(model, path)
    way = "reverse" if backwards else "forward"
    assert counts(path) == ({"LSTM": 2, "GRU": 1}, {way: 3})
    check(path, model, [inputs(rng), MASK])


@pytest.mark.slow
def test_every_activation_that_an_operator_has(path, rng):
    made = [
        kg.SimpleRNN(UNITS, activation=function, return_sequences=True)
        for function in operators.ACTIVATIONS
    ]
    mixed = kg.LSTM(
        UNITS,
        recurrent_activation="hard_sigmoid",
        activation="leaky_relu",
        output_activation="linear",
    )
    model = model_of(*made, mixed, rng=rng, scale=0.3)
    export(model, path)
    assert counts(path)[0] == {"RNN": len(made), "LSTM": 1}
    check_sizes(path, model, rng, sizes=((3, 7),))


REFUSED = [
    (kg.LSTM, {"activation": "softplus"}, "the activation softplus"),
    (kg.CoupledLSTM, {"recurrent_activation": "tanh"}, "two gates"),
    (kg.NoOutputGateLSTM, {"recurrent_activation": "relu"}, "hold open"),
    (kg.ProjectedLSTM, {"units": 257, "projection_units": 3}, "more than 256 units"),
    (kg.GRU, {"dtype": "float64"}, "compute in float32"),
]


@pytest.mark.parametrize(
    ("layer", "arguments", "reason"),
    [REFUSED[0], *(slow(*row) for row in REFUSED[1:])],
    ids=[row[2] for row in REFUSED],
)
def test_what_no_operator_computes_is_a_loop_that_says_why(layer, arguments, reason, path, rng):
    model = model_of(layer(**{"units": UNITS, "name": "mine", **arguments}), rng=rng, scale=0.1)
    report = export(model, path)
    assert counts(path)[0] == {"Loop": 1}
    assert f"layer 'mine' is a Loop: {report.notes[0].partition(': ')[2]}" in str(report)
    assert reason in report.notes[0]
    check_sizes(path, model, rng, sizes=((3, 7),))


@pytest.mark.slow
def test_a_layer_with_a_loop_of_its_own_keeps_it(path, rng):
    @keras.saving.register_keras_serializable(package="tests")
    class Doubled(kg.LSTM):
        def inner_loop(self, sequences, initial_state, mask, training=False):
            return super().inner_loop(2 * sequences, initial_state, mask, training)

    model = model_of(Doubled(UNITS), rng=rng)
    export(model, path)
    assert counts(path)[0] == {"Loop": 1}
    check_sizes(path, model, rng, sizes=((3, 7),))


@pytest.mark.slow
@pytest.mark.parametrize("name", ["LSTM", "NAS"])
@pytest.mark.parametrize("opset", OPSETS)
def test_every_version_of_onnx(opset, name, path, rng):
    layer = getattr(kg, name)(UNITS, return_sequences=True)
    model = masked_model(layers.Bidirectional(layer), rng)
    export(model, path, opset=opset)
    (version,) = [o.version for o in onnx.load(path).opset_import if o.domain == ""]
    assert version == opset
    check(path, model, [inputs(rng), MASK])


@pytest.mark.slow
def test_long_sequences_stay_right_where_gates_are_held_open(path, rng):
    x = keras.Input((None, FEATURES), name="x")
    held = [kg.OriginalLSTM(UNITS), kg.UGRNN(UNITS), kg.ESN(UNITS, leaky=0.1), kg.JANET(UNITS)]
    model = keras.Model(x, [layer(x) for layer in held])
    randomise(model, rng, scale=0.3)
    export(model, path)
    check(path, model, [sequences(rng, 2, 1000)])


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


def test_an_input_that_is_an_output_is_named_twice(path, rng):
    x = keras.Input((None, FEATURES), name="x")
    model = keras.Model(x, [x, kg.GRU(UNITS, name="y")(x), x])
    randomise(model, rng)
    report = export(model, path)
    assert list(report.signatures["model"][0]) == ["x"]
    assert list(report.signatures["model"][1]) == ["x_output", "y", "x_2"]
    check_sizes(path, model, rng, sizes=((3, 7),))


@pytest.mark.parametrize(
    ("layer", "dtype"),
    [(kg.LSTM, "bool"), (kg.GRU, "int32"), slow(kg.NAS, "bool"), slow(kg.LSTM, "uint8")],
    ids=identify,
)
def test_sequences_that_are_no_floats(layer, dtype, path, rng):
    x = keras.Input((None, FEATURES), dtype=dtype, name="x")
    model = keras.Model(x, layer(UNITS)(x))
    randomise(model, rng, scale=0.4)
    export(model, path)
    assert counts(path)[0] == {NODE[layer.cell_class.__name__]: 1}
    check(path, model, [rng.integers(0, 2, (3, TIME, FEATURES)).astype(dtype)])


def test_a_state_of_whole_numbers(path, rng):
    x, h = keras.Input((None, FEATURES), name="x"), keras.Input((UNITS,), dtype="int32", name="h")
    model = keras.Model([x, h], kg.GRU(UNITS)(x, initial_state=keras.ops.cast(h, "int32")))
    randomise(model, rng)
    export(model, path)
    assert counts(path)[0] == {"GRU": 1}
    given = rng.integers(-2, 3, (3, UNITS)).astype("int32")
    as_floats = keras.ops.cast(given, "float32")
    x = sequences(rng, 3, 7)
    expected = model.layers[-1](x, initial_state=as_floats)
    assert_allclose(run(path, x, given)[0], expected, atol=tolerances.EXPORT, rtol=0)


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
    assert_allclose(run(path, x)[0], expected, atol=tolerance, rtol=0)


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
    assert_allclose(run(path, x)[0], model(x), atol=tolerances.EXPORT, rtol=0)
    assert run(path, x[:2])[0].shape == (2, UNITS)


def test_the_report_tells_what_is_in_the_file(path, rng):
    report = export(make_model("NASCell", {}, "masked", rng), path)
    assert report.bytes == path.stat().st_size
    assert report.operators["Loop"] == 1
    assert report.operators["Relu"] > [n.op_type for n in onnx.load(path).graph.node].count("Relu")
    assert report.signatures["model"] == (
        {"x": ("batch", "x_1", FEATURES)},
        {"y": ("batch", "y_1", 2)},
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
    assert caplog.records == []
    assert capfd.readouterr() == ("", "")


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

    def marking(self):
        Failing.exporting = True
        return contextlib.nullcontext()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(nodes.Nodes, "marking", marking)
        with pytest.raises(
            ExportError, match="^Exporting to ONNX failed: this is what went wrong$"
        ):
            export(model, path)


def test_a_failed_replacement_says_so(path, rng, monkeypatch):
    """Tf2onnx goes on after an error in a rewriter: the marker is left, and is found."""

    def fail(graph, group):
        raise RuntimeError("this is what went wrong")

    monkeypatch.setattr(nodes, "_put_node", fail)
    with pytest.raises(ExportError, match="this is what went wrong"):
        export(model_of(kg.GRU(UNITS), rng=rng), path)
