"""ONNX files: one node where an operator has the equations, equal to Keras in onnxruntime."""

import collections

import keras
import onnx
import pytest
from keras import layers

import kerasgates as kg
from kerasgates.export.to_onnx import operators
from kerasgates.export.to_onnx.export import OPSETS
from kerasgates.export.to_onnx.export import onnx as export
from tests.cases import (
    EXPORTED,
    FEATURES,
    MASK,
    UNITS,
    every_cell,
    every_configuration,
    identify,
    inputs,
    randomise,
)
from tests.exporting import in_groups, make_model, names_of, sequences, side_by_side
from tests.exporting_onnx import (
    NODE,
    OPERATORS,
    check,
    check_sizes,
    counts,
    masked_model,
    model_of,
    slow,
)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "model.onnx"


CELLS = dict(every_cell())


@pytest.mark.parametrize(
    "cells",
    [[("LSTMCell", {})], *(slow(cells) for cells in in_groups(every_cell()))],
    ids=names_of,
)
def test_every_cell_is_one_node_where_an_operator_has_its_equations(cells, path, rng):
    """Under a mask; without one, some cells in all their configurations, below."""
    model = side_by_side(cells, rng, masked=True)
    report = export(model, path)
    wanted = collections.Counter(NODE[name] for name, _ in cells)
    assert counts(path)[0] == wanted
    for kind, count in wanted.items():
        assert f"{count} {kind} node" in report.kind
    for name, _ in cells:
        says = f"is a Loop: no operator has the equations of {name}" in str(report)
        assert says == (NODE[name] == "Loop")
    check_sizes(path, model, rng, masked=True)


#: Cells that an operator computes, each in a way of its own, and loops of all operations.
MANY = (*OPERATORS, *EXPORTED)
#: What is around a loop has nothing to do with the cell in it: loops of some cells in every form.
OF_LOOPS = ("LayerNormSimpleRNNCell", "NASCell", "QRNN2Cell")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "arguments"),
    [c for c in every_cell() if c[0] in (*OPERATORS, *OF_LOOPS)],
    ids=identify,
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
@pytest.mark.parametrize("name", [name for name in CELLS if name in MANY])
def test_every_configuration(name, path, rng):
    """In one file: each configuration is an output of one model."""
    x = keras.Input((None, FEATURES), name="x")
    several = [arguments for cell, arguments in every_configuration() if cell == name]
    forms = [make_model(name, one, "plain", rng, return_sequences=False) for one in several]
    # Times and masses are above 0: where they are not, a cell may divide by next to nothing.
    positive = layers.Activation("softplus")(x)
    kinds = [name == "MCLSTMCell" or one.get("elapsed", 1) is None for one in several]
    model = keras.Model(x, [form(positive if p else x) for form, p in zip(forms, kinds)])
    export(model, path)
    # Its leak is a gate; and no operator has an open gate where it reaches more than 1.
    leaks = ["leaky" in arguments for arguments in several]
    wanted = collections.Counter("GRU" if leaky else NODE[name] for leaky in leaks)
    assert counts(path)[0] == wanted
    check_sizes(path, model, rng)


@pytest.mark.slow
def test_stock_layers_are_one_node_each(path, rng, monkeypatch):
    # As users have it; the other tests leave out copies that tf2onnx makes.
    monkeypatch.delenv("TF2ONNX_CATCH_ERRORS", raising=False)
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


@pytest.mark.slow
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
    model = masked_model(layer, rng=rng)
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
@pytest.mark.parametrize("opset", OPSETS)
def test_every_version_of_onnx(opset, path, rng):
    """A node of an operator, and a loop."""
    made = [kind(UNITS, return_sequences=True) for kind in (kg.LSTM, kg.CFN)]
    model = masked_model(*map(layers.Bidirectional, made), rng=rng)
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
