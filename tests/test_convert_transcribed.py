"""Converted weights against the equations of libraries that no longer run; orders and signs."""

import keras
import numpy as np
import pytest

import kerasgates as kg
from kerasgates import convert
from tests import tolerances
from tests.converting import (
    BATCH,
    FEATURES,
    PROJECTED,
    TIME,
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


# ----------------------------------- libraries that cannot be run any more, transcribed


def tf1_lstm(w, x, c, h, coupled=False):
    """TensorFlow 1's LSTMCell and CoupledInputForgetGateLSTMCell, `forget_bias` at its default."""
    a = np.concatenate([x, h], axis=-1) @ w["kernel"] + w["bias"]
    *i, j, f, o = np.split(a, 3 if coupled else 4, axis=-1)
    f = sigmoid(f + 1.0 + w.get("peephole_f", 0.0) * c)
    i = 1 - f if coupled else sigmoid(i[0] + w.get("peephole_i", 0.0) * c)
    c = f * c + i * np.tanh(j)
    m = sigmoid(o + w.get("peephole_o", 0.0) * c) * np.tanh(c)
    return c, m @ w.get("projection_kernel", np.eye(UNITS))


def tf1_coupled(w, x, c, h):
    return tf1_lstm(w, x, c, h, coupled=True)


def tf1_gru(w, x, h):
    gates, candidate = np.split(w["kernel"], [2 * UNITS], axis=1)
    gate_bias, candidate_bias = np.split(w["bias"], [2 * UNITS])
    r, u = np.split(sigmoid(np.concatenate([x, h], axis=-1) @ gates + gate_bias), 2, axis=-1)
    n = np.tanh(np.concatenate([x, r * h], axis=-1) @ candidate + candidate_bias)
    return (u * h + (1 - u) * n,)


def tf1_ugrnn(w, x, h):
    g, n = np.split(np.concatenate([x, h], axis=-1) @ w["kernel"] + w["bias"], 2, axis=-1)
    return (sigmoid(g + 1.0) * h + (1 - sigmoid(g + 1.0)) * np.tanh(n),)


def lecture(w, a, x):
    """W [a, x] + b of each gate, the vectors being columns, given and returned as rows."""
    stacked = w["kernel"] @ np.concatenate([a, x], axis=-1).T + w["bias"][:, None]
    return [block.T for block in np.split(stacked, len(stacked) // UNITS)]


def lecture_rnn(w, x, a):
    return (np.tanh(lecture(w, a, x)[0]),)


def lecture_lstm(w, x, a, c):
    u, f, o, n = lecture(w, a, x)
    c = sigmoid(u) * np.tanh(n) + sigmoid(f) * c
    return sigmoid(o) * np.tanh(c), c


def lecture_no_output_gate(w, x, a, c):
    u, f, n = lecture(w, a, x)
    c = sigmoid(u) * np.tanh(n) + sigmoid(f) * c
    return np.tanh(c), c


def lecture_gru(w, x, c):
    u, r, _ = map(sigmoid, lecture(w, c, x))
    n = np.tanh(lecture(w, r * c, x)[2])
    return (u * n + (1 - u) * c,)


def lecture_gru_relevance_after(w, x, c):
    u, r, _ = map(sigmoid, lecture(w, c, x))
    of_state = lecture(w, c, x)[2] - lecture(w, 0 * c, x)[2]
    return (u * np.tanh(r * of_state + lecture(w, 0 * c, x)[2]) + (1 - u) * c,)


def lecture_update_gate(w, x, c):
    u, n = lecture(w, c, x)
    return (sigmoid(u) * np.tanh(n) + (1 - sigmoid(u)) * c,)


def addons_peephole(w, x, h, c):
    i, f, n, o = np.split(x @ w[0] + h @ w[1] + w[2], 4, axis=-1)
    c_new = sigmoid(f + w[4] * c) * c + sigmoid(i + w[3] * c) * np.tanh(n)
    return sigmoid(o + w[5] * c_new) * np.tanh(c_new), c_new


def addons_nas(w, x, c, m):
    a, b = np.split(x @ w[1], 8, axis=-1), np.split(m @ w[0] + w[2], 8, axis=-1)
    low = np.tanh(np.tanh(sigmoid(a[0] + b[0]) * np.maximum(a[1] + b[1], 0)) + c)
    c = low * np.tanh(sigmoid(a[2] + b[2]) + np.maximum(a[3] * b[3], 0))
    high = np.tanh(np.tanh(a[4] + b[4]) * sigmoid(a[5] + b[5]))
    high = high + sigmoid(np.tanh(a[6] + b[6]) + sigmoid(a[7] + b[7]))
    return c, np.tanh(c * np.tanh(high)) @ (w[3] if len(w) > 3 else np.eye(UNITS))


def addons_esn(w, x, h):
    new = np.tanh(np.concatenate([x, h], -1) @ np.concatenate([w[1], w[0]]) + w[2])
    return (0.75 * h + 0.25 * new,)


TRANSCRIBED = {
    "tf1 lstm": ("tf1", tf1_lstm, kg.LSTM, {}),
    "tf1 lstm peepholes": ("tf1", tf1_lstm, kg.PeepholeLSTM, {}),
    "tf1 lstm projected": ("tf1", tf1_lstm, kg.ProjectedLSTM, {"projection_units": PROJECTED}),
    "tf1 lstm coupled": ("tf1", tf1_coupled, kg.CoupledLSTM, {}),
    "tf1 gru": ("tf1", tf1_gru, kg.GRU, {}),
    "tf1 ugrnn": ("tf1", tf1_ugrnn, kg.UGRNN, {}),
    "lecture rnn": ("lectures", lecture_rnn, kg.SimpleRNN, {}),
    "lecture lstm": ("lectures", lecture_lstm, kg.LSTM, {}),
    "lecture no output gate": ("lectures", lecture_no_output_gate, kg.NoOutputGateLSTM, {}),
    "lecture gru": ("lectures", lecture_gru, kg.GRU, {}),
    "lecture gru after": ("lectures", lecture_gru_relevance_after, kg.ResetAfterGRU, {}),
    "lecture update gate": ("lectures", lecture_update_gate, kg.UGRNN, {}),
    "addons peephole": ("addons_lstm", addons_peephole, kg.PeepholeLSTM, {}),
    "addons nas": ("addons", addons_nas, kg.NAS, {"use_bias": True}),
    "addons nas projected": (
        "addons",
        addons_nas,
        kg.NAS,
        {"use_bias": True, "projection_units": 3},
    ),
    "addons esn": ("addons", addons_esn, kg.ESN, {"leaky": 0.25}),
}


def take_random(layer, library):
    """Random weights as the library has them, taken over by the layer and given back by it."""
    layer.set_weights([0 * weight for weight in layer.get_weights()])
    if library.startswith("addons"):
        theirs = [normal(*value.shape) for value in convert.to_addons(layer)]
        convert.from_addons(layer, theirs)
        assert_equal(convert.to_addons(layer), theirs)
        return [value.astype(float) for value in theirs]
    theirs = {k: normal(*v.shape) for k, v in convert.to_arrays(layer, library).items()}
    convert.from_arrays(layer, library, **theirs)
    for name, value in convert.to_arrays(layer, library).items():
        # To add 1 and take it off again rounds.
        rounding = tolerances.EPS32 if (library, name) == ("tf1", "bias") else 0
        assert_close(value, theirs[name], rounding)
    return {name: value.astype(float) for name, value in theirs.items()}


@pytest.mark.parametrize("kind", TRANSCRIBED)
def test_transcribed(kind):
    library, step, layer_class, arguments = TRANSCRIBED[kind]
    # As many features as units: kernels of one shape must not be taken for each other.
    stack = make(layer_class, features=UNITS, **arguments)
    theirs = take_random(stack[0], library)
    x, (states,) = draw(stack, UNITS)
    names = convert.CONVENTIONS[library].states if len(states) == 2 else ("h",)
    named, outputs = dict(zip(("h", "c"), states)), []
    for x_t in x.swapaxes(0, 1):
        named = dict(zip(names, step(theirs, x_t, *[named[name] for name in names])))
        outputs.append(named["h"])
    final = [named[name] for name in ("h", "c") if name in named]
    assert_same(run(stack, x, [states]), (np.stack(outputs, axis=1), final))


# -------------------------------------------------------------- permutations and signs


def test_orders_are_those_of_the_specification():
    """§5.1: our block j is their block p_j."""
    numbered = np.repeat(np.arange(4.0), 2) * np.ones((3, 1))
    for library, cell, ours, blocks in [
        ("torch", "LSTMCell", "i f g o", [0, 1, 2, 3]),
        ("torch", "ResetAfterGRUCell", "z r n", [1, 0, 2]),
        ("onnx", "LSTMCell", "i f g o", [0, 2, 3, 1]),
        ("onnx", "GRUCell", "z r n", [0, 1, 2]),
        ("tf1", "LSTMCell", "i f g o", [0, 2, 1, 3]),
        ("tf1", "CoupledLSTMCell", "f g o", [1, 0, 2]),
        ("tf1", "GRUCell", "z r n", [1, 0, 2]),
    ]:
        order, width = convert.CONVENTIONS[library].orders[cell], 2 * len(blocks)
        permuted = convert.permute(numbered[:, :width], order, ours)
        np.testing.assert_array_equal(permuted, np.repeat(blocks, 2) * np.ones((3, 1)))
        turned = convert.permute(numbered[:, :width].T, order, ours, axis=0)
        np.testing.assert_array_equal(turned, permuted.T)


def test_permute_turns_signs():
    np.testing.assert_array_equal(convert.permute([1.0, 2, 3], "-z r n", "n z -r"), [3, -1, -2])
    np.testing.assert_array_equal(convert.permute([1.0, 2, 3], "-f o f", "-f o f"), [1, 2, -1])


@pytest.mark.parametrize(
    ("step", "layer_class"), [(lecture_gru, kg.GRU), (lecture_update_gate, kg.UGRNN)]
)
def test_negate_gate_is_the_update_gate_of_the_lectures(step, layer_class):
    stack = make(layer_class)
    kernel, recurrent_kernel, bias = before = weights(stack)
    theirs = {"kernel": np.concatenate([recurrent_kernel, kernel]).T, "bias": bias}
    x, h = normal(BATCH, TIME, FEATURES), normal(BATCH, UNITS)
    outputs, state = [], h
    for x_t in x.swapaxes(0, 1):
        (state,) = step(theirs, x_t, state)
        outputs.append(state)
    convert.negate_gate(stack, "z")
    assert_same(run(stack, x, [[h]]), (np.stack(outputs, axis=1), [state]))
    convert.negate_gate(stack[0], "z")
    assert_equal(weights(stack), before)


@pytest.mark.parametrize(
    ("layer_class", "gate", "arguments"),
    [
        (kg.LSTM, "o", {}),
        (kg.PeepholeLSTM, "f", {"recurrent_activation": "hard_sigmoid"}),
        (kg.FullPeepholeLSTM, "i", {"use_bias": False}),
        (kg.ProjectedLSTM, "i", {"projection_units": PROJECTED}),
        (kg.ResetAfterGRU, "r", {}),
        (kg.CoupledLSTM, "f", {}),
    ],
)
def test_negate_gate_makes_a_gate_one_minus_itself(layer_class, gate, arguments):
    (layer,) = make(layer_class, **arguments)
    cell, x = layer.cell, keras.ops.convert_to_tensor(normal(BATCH, FEATURES))
    states = [keras.ops.convert_to_tensor(normal(BATCH, n)) for n in cell.state_sizes]

    def gates():
        values = cell.step_projected(cell.project(x), cell.recurrent(), states)[2]
        return {name: keras.ops.convert_to_numpy(value) for name, value in values.items()}

    before, old = layer.get_weights(), gates()
    convert.negate_gate(layer, gate)
    new = gates()
    assert_close(new[gate], 1 - old[gate], tolerances.PEER)
    for other in set(cell.gates) - {gate, "o", "n"}:
        np.testing.assert_array_equal(new[other], old[other])
    convert.negate_gate(cell, gate)
    assert_equal(layer.get_weights(), before)
