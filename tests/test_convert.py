"""Converted weights against the other library's own forward pass."""

import keras
import numpy as np
import onnx
import onnxruntime
import pytest
import torch

import kerasgates as kg
from kerasgates import convert
from tests import tolerances
from tests.converting import (
    FEATURES,
    PROJECTED,
    UNITS,
    assert_equal,
    assert_same,
    begin_anew,
    draw,
    make,
    normal,
    run,
    sigmoid,
    weights,
)
from tests.tolerances import assert_close


@pytest.fixture(autouse=True)
def _same_numbers_whatever_ran_before():
    begin_anew()
    torch.manual_seed(5)


# ------------------------------------------------------------------------------ PyTorch

TORCH = {
    "rnn": (kg.SimpleRNN, {}, torch.nn.RNN, {}),
    "rnn relu": (kg.SimpleRNN, {"activation": "relu"}, torch.nn.RNN, {"nonlinearity": "relu"}),
    "lstm": (kg.LSTM, {}, torch.nn.LSTM, {}),
    "lstm projected": (
        kg.ProjectedLSTM,
        {"projection_units": PROJECTED},
        torch.nn.LSTM,
        {"proj_size": PROJECTED},
    ),
    "gru": (kg.ResetAfterGRU, {}, torch.nn.GRU, {}),
}


def run_torch(module, x, states):
    """The same as `run` for a module of PyTorch."""
    stacked = [torch.from_numpy(np.stack(kind)) for kind in zip(*states)]
    initial = tuple(stacked) if isinstance(module, torch.nn.LSTM) else stacked[0]
    with torch.no_grad():
        output, final = module(torch.from_numpy(x), initial)
    final = final if isinstance(final, tuple) else (final,)
    return output.numpy(), [kind[k].numpy() for k in range(len(states)) for kind in final]


#: With all of it, and with none; the two between are slow.
EVERY_FORM = pytest.mark.parametrize(
    ("both", "use_bias"),
    [
        pytest.param(False, False, id="forward-no bias"),
        pytest.param(True, True, id="bidirectional-bias"),
        pytest.param(False, True, id="forward-bias", marks=pytest.mark.slow),
        pytest.param(True, False, id="bidirectional-no bias", marks=pytest.mark.slow),
    ],
)


@pytest.mark.filterwarnings("ignore:LSTM with projections is not supported with oneDNN")
@EVERY_FORM
@pytest.mark.parametrize("count", [pytest.param(1, marks=pytest.mark.slow), 3])
@pytest.mark.parametrize("kind", TORCH)
def test_torch(kind, count, both, use_bias):
    layer_class, arguments, module_class, options = TORCH[kind]
    options = {**options, "bias": use_bias, "bidirectional": both, "batch_first": True}
    stack = make(layer_class, count, both, use_bias=use_bias, **arguments)
    x, states = draw(stack)

    theirs = module_class(FEATURES, UNITS, num_layers=count, **options)
    convert.from_torch(stack if count > 1 else stack[0], theirs.state_dict())
    result = run(stack, x, states)
    assert_same(result, run_torch(theirs, x, states))

    held, back = weights(stack), convert.to_torch(stack if count > 1 else stack[0])
    for name, value in theirs.state_dict().items():
        if kind == "gru" or "weight" in name:
            np.testing.assert_array_equal(back[name], value.numpy())
    theirs = module_class(FEATURES, UNITS, num_layers=count, **options)
    theirs.load_state_dict({name: torch.from_numpy(value) for name, value in back.items()})
    assert_same(result, run_torch(theirs, x, states))
    stack = make(layer_class, count, both, use_bias=use_bias, **arguments)
    convert.from_torch(stack, back)
    assert_equal(weights(stack), held)


# -------------------------------------------------------------------------------- Keras

KERAS = {
    "simple": (kg.SimpleRNN, keras.layers.SimpleRNN, {}),
    "lstm": (kg.LSTM, keras.layers.LSTM, {}),
    "gru": (kg.GRU, keras.layers.GRU, {"reset_after": False}),
    "gru reset after": (kg.ResetAfterGRU, keras.layers.GRU, {}),
}


@EVERY_FORM
@pytest.mark.parametrize("kind", KERAS)
def test_keras(kind, both, use_bias):
    layer_class, theirs_class, options = KERAS[kind]
    ours = make(layer_class, 2, both, use_bias=use_bias)
    theirs = make(theirs_class, 2, both, use_bias=use_bias, **options)
    x, states = draw(ours)

    convert.from_keras(ours, weights(theirs))
    assert_same(run(ours, x, states), run(theirs, x, states))
    assert_equal(convert.to_keras(ours), weights(theirs))
    assert_equal(convert.to_keras(ours[0]), theirs[0].get_weights())


def test_keras_with_one_bias_only():
    """A recurrent bias of zero has a place where there is only one bias; another has not."""
    (layer,) = make(kg.ResetAfterGRU, use_recurrent_bias=False)
    kernel, recurrent_kernel, bias = convert.to_keras(layer)
    np.testing.assert_array_equal(bias, [layer.get_weights()[2], 0 * bias[1]])
    convert.from_keras(layer, [kernel, recurrent_kernel, 2 * bias])
    np.testing.assert_array_equal(layer.get_weights()[2], 2 * bias[0])
    with pytest.raises(ValueError, match="recurrent bias has no place"):
        convert.from_keras(layer, [kernel, recurrent_kernel, bias + 1])
    np.testing.assert_array_equal(layer.get_weights()[2], 2 * bias[0])


# --------------------------------------------------------------------------------- ONNX

ONNX = {
    "RNN": kg.SimpleRNN,
    "LSTM": kg.LSTM,
    "LSTM peepholes": kg.PeepholeLSTM,
    "LSTM coupled": kg.CoupledLSTM,
    "GRU": kg.GRU,
    "GRU linear before reset": kg.ResetAfterGRU,
}


def model_of(node, feed):
    """A model of a single node."""
    inputs, outputs = [
        [onnx.helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, None) for name in names]
        for names in (feed, node.output)
    ]
    graph = onnx.helper.make_graph([node], "one_node", inputs, outputs)
    opset = onnx.helper.make_opsetid("", 22)
    return onnx.helper.make_model(graph, opset_imports=[opset], ir_version=10)


def run_onnx(operator, x, states, tensors):
    """The operator in onnxruntime, which couples no gates: see `coupled_onnx`.

    Not in onnx's own evaluator: before 1.23, which TensorFlow 2.18 excludes by its protobuf, it
    has no second direction and no last cell state.
    """
    flags = {name: value for name, value in tensors.items() if name == "linear_before_reset"}
    feed = {name: value for name, value in tensors.items() if name in "WRBP"}
    feed |= {"X": x.swapaxes(0, 1)} | dict(zip("hc", map(np.stack, zip(*states))))
    names = ["X", "W", "R", "B", "", "h", "c", "P"][: 8 if operator == "LSTM" else 6]
    node = onnx.helper.make_node(
        operator,
        [name if name in feed else "" for name in names],
        ["Y", "Y_h", "Y_c"][: 3 if operator == "LSTM" else 2],
        hidden_size=UNITS,
        direction="forward" if len(states) == 1 else "bidirectional",
        **flags,
    )
    session = onnxruntime.InferenceSession(
        model_of(node, feed).SerializeToString(), providers=["CPUExecutionProvider"]
    )
    y, *final = session.run(None, feed)
    output = np.concatenate(np.moveaxis(y, 1, 0), axis=-1).swapaxes(0, 1)
    return output, [kind[k] for k in range(len(states)) for kind in final]


@EVERY_FORM
@pytest.mark.parametrize("kind", ONNX)
def test_onnx(kind, both, use_bias):
    stack = make(ONNX[kind], both=both, use_bias=use_bias)
    x, states = draw(stack)
    template = convert.to_onnx(stack[0])
    flags = {name: value for name, value in template.items() if name not in "WRBP"}
    tensors = {name: normal(*template[name].shape) for name in template if name in "WRBP"}
    convert.from_onnx(stack[0], **tensors, **flags)
    result, coupled = run(stack, x, states), "input_forget" in flags
    theirs = coupled_onnx if coupled else run_onnx
    assert_same(result, theirs(kind.split()[0], x, states, {**tensors, **flags}))

    held, back = weights(stack), convert.to_onnx(stack[0])
    assert_same(result, run_onnx(kind.split()[0], x, states, back))
    stack = make(ONNX[kind], both=both, use_bias=use_bias)
    convert.from_onnx(stack[0], **back)
    assert_equal(weights(stack), held)


def coupled_onnx(_, x, states, tensors):
    """ONNX's LSTM with `input_forget=1`, transcribed from the operator's specification."""
    outputs, final = [], []
    for d, (h, c) in enumerate(states):
        W, R = tensors["W"][d].astype(float), tensors["R"][d].astype(float)
        b = tensors["B"][d].reshape(2, -1).sum(axis=0) if "B" in tensors else 0.0
        steps = []
        for x_t in x.swapaxes(0, 1)[:: -1 if d else 1]:
            i, o, _, g = np.split(x_t @ W.T + h @ R.T + b, 4, axis=-1)
            c = (1 - sigmoid(i)) * c + sigmoid(i) * np.tanh(g)
            h = sigmoid(o) * np.tanh(c)
            steps.append(h)
        outputs.append(np.stack(steps[:: -1 if d else 1], axis=1))
        final += [h, c]
    return np.concatenate(outputs, axis=-1), final


def test_a_convention_of_your_own():
    (layer,), (other,) = make(kg.ResetAfterGRU), make(kg.ResetAfterGRU)
    orders = {"ResetAfterGRUCell": "n r -z+2"}
    convention = convert.Convention(orders, transposed=True, biases="rows")
    arrays = convert.to_arrays(layer, convention)
    kernel, _, (bias, recurrent_bias) = layer.get_weights()
    np.testing.assert_array_equal(arrays["kernel"][UNITS:-UNITS].T, kernel[:, UNITS:-UNITS])
    (n, r, z), (_, _, c) = np.split(arrays["bias"], 3, axis=1), np.split(recurrent_bias, 3)
    assert_close(bias, np.concatenate([-z[0] - 2, r[0], n[0]]), 2 * tolerances.EPS32)
    np.testing.assert_array_equal(n[1], c)
    convert.from_arrays(other, convention, **arrays)
    for one, same in zip(layer.get_weights(), other.get_weights()):
        assert_close(one, same, 2 * tolerances.EPS32)


def test_arrays_are_copies():
    """Neither library sees what becomes of the other's weights."""
    (layer,) = make(kg.ProjectedLSTM, projection_units=PROJECTED)
    theirs = torch.nn.LSTM(FEATURES, UNITS, proj_size=PROJECTED)
    convert.from_torch(layer, theirs.state_dict())
    before, given = layer.get_weights(), convert.to_torch(layer)
    for value in [*theirs.state_dict().values(), *given.values()]:
        value *= 0
    assert_equal(layer.get_weights(), before)
