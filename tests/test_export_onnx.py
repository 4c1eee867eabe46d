"""ONNX files: one node where an operator has the equations, equal to Keras in onnxruntime."""

import keras
import numpy as np
import onnx
import pytest
from keras import layers

import kerasgates as kg
from kerasgates.export.to_onnx import operators
from kerasgates.export.to_onnx.export import OPSETS
from kerasgates.export.to_onnx.export import onnx as export
from tests import tolerances
from tests.cases import (
    BATCH,
    EXPORTED,
    FEATURES,
    MASK,
    TIME,
    UNITS,
    every_cell,
    every_configuration,
    identify,
    inputs,
    randomise,
)
from tests.exporting import make_model, sequences
from tests.exporting_onnx import (
    NODE,
    OPERATORS,
    check,
    check_sizes,
    counts,
    masked_model,
    model_of,
    run,
    slow,
)
from tests.tolerances import assert_close


@pytest.fixture
def path(tmp_path):
    return tmp_path / "model.onnx"


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        # One operator that has the cell's equations, and one that can be made to compute them.
        c if c[0] in ("LSTMCell", "NASCell") else slow(*c)
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


#: Cells that an operator computes, each in a way of its own, and loops of all operations. The other
#: loops are tried above.
MANY = (*OPERATORS, *EXPORTED)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "arguments"), [c for c in every_cell() if c[0] in MANY], ids=identify
)
def test_every_cell_in_every_form(name, arguments, path, rng):
    """In one file: each form is an output of one model."""
    x = keras.Input((None, FEATURES), name="x")
    forms = [make_model(name, arguments, w, rng) for w in ("bidirectional", "stack", "masked")]
    model = keras.Model(x, [form(x) for form in forms])
    export(model, path)
    # Two directions are one node of an operator, and two loops.
    assert counts(path)[0] == {NODE[name]: 5 if NODE[name] == "Loop" else 4}
    check_sizes(path, model, rng, masked=True)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "arguments"), [c for c in every_configuration() if c[0] in MANY], ids=identify
)
def test_every_configuration(name, arguments, path, rng):
    model = make_model(name, arguments, "plain", rng, return_sequences=False)
    export(model, path)
    # Its leak is a gate; and no operator has an open gate where it reaches more than 1.
    wanted = {"leaky": "GRU"}.get(next(iter(arguments), None), NODE[name])
    assert counts(path)[0] == {wanted: 1}
    check_sizes(path, model, rng)


@pytest.mark.slow
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
    [slow(*c) for c in ((1, 1), (1, 0), (0, 1), (0, 0))],
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
    [c if i == 0 else slow(*c) for i, c in enumerate(MASKED)],
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


@pytest.mark.slow
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
    assert_close(got, expected, tolerance)


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
        "x": ("batch", "x_time", FEATURES),
        "y": ("batch", "y_time", 2),
    }
    check(path, model, [inputs(rng, 3), inputs(rng, 3, time=9, features=2)])


@pytest.mark.parametrize("backwards", [slow(False), slow(True)])
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


@pytest.mark.slow
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
