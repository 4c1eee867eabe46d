"""Converted weights against the other library's own forward pass, and against its equations."""

import keras
import numpy as np
import onnx
import pytest
import torch
from keras import tree
from onnx.reference import ReferenceEvaluator

import kerasgates as kg
from kerasgates import convert
from tests import tolerances
from tests.tolerances import assert_close

BATCH, TIME, FEATURES, UNITS, PROJECTED = 3, 4, 5, 4, 3
PEER = {"rtol": 0, "atol": tolerances.PEER}
RNG = np.random.default_rng(5)
START = RNG.bit_generator.state


@pytest.fixture(autouse=True)
def _same_numbers_whatever_ran_before():
    RNG.bit_generator.state = START
    torch.manual_seed(5)


def normal(*shape):
    return (0.5 * RNG.standard_normal(shape)).astype("float32")


def make(layer_class, count=1, both=False, features=FEATURES, **arguments):
    """A stack of built layers with random weights."""
    stack = []
    for _ in range(count):
        layer = layer_class(UNITS, return_sequences=True, return_state=True, **arguments)
        layer = keras.layers.Bidirectional(layer) if both else layer
        layer.build((None, None, features))
        layer.set_weights([normal(*weight.shape) for weight in layer.weights])
        features = layer.compute_output_shape((BATCH, TIME, features))[0][-1]
        stack.append(layer)
    return stack


def cells_of(layer):
    both = isinstance(layer, keras.layers.Bidirectional)
    return [
        part.cell for part in ([layer.forward_layer, layer.backward_layer] if both else [layer])
    ]


def draw(stack, features=FEATURES):
    """A random input, and random initial states of each layer, forward before backward."""
    cells = [cell for layer in stack for cell in cells_of(layer)]
    states = [[normal(BATCH, n) for n in tree.flatten(cell.state_size)] for cell in cells]
    return normal(BATCH, TIME, features), states


def run(stack, x, states):
    """Outputs of a stack, and its final states; `states` has a list for each cell."""
    final, states = [], [*states]
    for layer in stack:
        initial = [state for _ in cells_of(layer) for state in states.pop(0)]
        x, *new = layer(x, initial_state=[keras.ops.convert_to_tensor(s) for s in initial])
        final += [keras.ops.convert_to_numpy(state) for state in new]
    return keras.ops.convert_to_numpy(x), final


def assert_same(ours, theirs):
    (output, states), (their_output, their_states) = ours, theirs
    assert_close(output, their_output, tolerances.PEER)
    assert len(states) == len(their_states) > 0
    for state, their_state in zip(states, their_states):
        assert_close(state, their_state, tolerances.PEER)


def weights(target):
    return [weight for layer in target for weight in layer.get_weights()]


def assert_equal(these, those):
    assert len(these) == len(those) > 0
    for this, that in zip(these, those):
        np.testing.assert_array_equal(this, that)


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
    return onnx.helper.make_model(onnx.helper.make_graph([node], "one_node", inputs, outputs))


def run_onnx(operator, x, states, tensors):
    """The operator in onnx's own evaluator, which couples no gates: see `coupled_onnx`."""
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
    y, *final = ReferenceEvaluator(model_of(node, feed)).run(None, feed)
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


def sigmoid(a):
    return 1 / (1 + np.exp(-a))


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
        values = cell.advance(cell.project(x), cell.recurrent(), states)[2]
        return {name: keras.ops.convert_to_numpy(value) for name, value in values.items()}

    before, old = layer.get_weights(), gates()
    convert.negate_gate(layer, gate)
    new = gates()
    assert_close(new[gate], 1 - old[gate], tolerances.PEER)
    for other in set(cell.gates) - {gate, "o", "n"}:
        np.testing.assert_array_equal(new[other], old[other])
    convert.negate_gate(cell, gate)
    assert_equal(layer.get_weights(), before)


# ------------------------------------------------------------------------------- errors


def ones(*shape, dtype="float32"):
    return np.ones(shape, dtype)


#: Layer, library, changes to what fits (None takes an array out), message.
UNFIT = [
    (kg.LSTM, "torch", {"bias_hh_l0": None}, r"Missing: \['bias_hh_l0'\]"),
    (kg.LSTM, "torch", {"bias_ih_l1": ones(16)}, r"left over: \['bias_ih_l1'\]"),
    (kg.LSTM, "torch", {"bias_ih_l0": ones(4)}, r"'bias_ih_l0'.*`state_dict`.*\(16,\).*\(4,\)"),
    (kg.LSTM, "torch", {"bias_ih_l0": ones(16, dtype="float64")}, "bias_ih_l0.*float32.*float64"),
    (kg.LSTM, "keras", {2: None}, r"`weights`.*Missing: \['bias_l0'\]"),
    (kg.LSTM, "keras", {3: ones(4)}, r"left over: \[3\]"),
    (kg.LSTM, "keras", {1: ones(4, 4)}, r"'recurrent_kernel_l0'.*\(4, 16\).*\(4, 4\)"),
    (kg.GRU, "keras", {2: ones(2, 12)}, r"'bias_l0'.*\(12,\).*\(2, 12\)"),
    (kg.ResetAfterGRU, "keras", {2: ones(12)}, r"'bias_l0'.*\(2, 12\).*\(12,\)"),
    (kg.LSTM, "onnx", {"B": None}, r"Missing: \['B\[0\]'\]"),
    (kg.LSTM, "onnx", {"P": ones(1, 12)}, r"left over: \['P\[0\]'\]"),
    (kg.GRU, "onnx", {"W": ones(2, 12, 5)}, r"left over: \['W\[1\]'\]"),
    (kg.GRU, "onnx", {"R": ones(1, 12, 5)}, r"'R\[0\]'.*\(12, 4\).*\(12, 5\)"),
    (kg.LSTM, "onnx", {"input_forget": 1}, "LSTMCell.*'input_forget': True"),
    (kg.CoupledLSTM, "onnx", {"input_forget": 0}, "CoupledLSTMCell.*'input_forget': False"),
    (kg.GRU, "onnx", {"linear_before_reset": 2}, "GRUCell.*'linear_before_reset': True"),
    (kg.ResetAfterGRU, "onnx", {"linear_before_reset": 0}, "'linear_before_reset': False"),
]


@pytest.mark.parametrize(("layer_class", "library", "changes", "message"), UNFIT)
def test_weights_that_do_not_fit_change_nothing(layer_class, library, changes, message):
    (layer,) = make(layer_class)
    before = layer.get_weights()
    fitting = getattr(convert, f"to_{library}")(layer)
    fitting = fitting if isinstance(fitting, dict) else dict(enumerate(fitting))
    unfit = {name: value for name, value in {**fitting, **changes}.items() if value is not None}
    arguments = {"torch": [unfit], "keras": [[*unfit.values()]], "onnx": []}[library]
    with pytest.raises(ValueError, match=message):
        getattr(convert, f"from_{library}")(layer, *arguments, **({} if arguments else unfit))
    assert_equal(layer.get_weights(), before)


REFUSED = [
    (kg.GRU, convert.to_torch, TypeError, "after the recurrent product equals a ResetAfterGRUCell"),
    (kg.GRU, lambda t: convert.from_torch(t, {}), TypeError, "SimpleRNNCell or LSTMCell or"),
    (keras.layers.LSTM, convert.to_keras, TypeError, "`target`.*ResetAfterGRUCell, or a layer"),
    (kg.LayerNormLSTM, convert.to_addons, TypeError, "normalised memory"),
    (kg.GRU, convert.to_addons, TypeError, "NASCell or ESNCell or PeepholeLSTMCell"),
    (kg.ResetAfterGRU, lambda t: convert.to_arrays(t, "tf1"), TypeError, "equals a GRUCell only"),
    (kg.ResetAfterGRU, lambda t: convert.to_arrays(t, "lectures"), ValueError, "must be 0"),
    (kg.LSTM, lambda t: convert.to_arrays(t, "tf3"), ValueError, "`convention`.*'tf1'.*'tf3'"),
    (kg.LSTM, lambda t: convert.to_keras([]), ValueError, "none twice"),
    (kg.LSTM, lambda t: convert.to_torch([t, t]), ValueError, "none twice"),
    (kg.LSTM, lambda t: convert.to_onnx([t, *make(kg.LSTM)]), ValueError, "single layer"),
    (kg.LSTM, lambda t: convert.to_keras(kg.LSTM(4)), ValueError, "must be built"),
    (kg.LSTM, lambda t: convert.from_torch(t, torch.nn.LSTM(5, 4)), TypeError, "`state_dict`"),
    (kg.LSTM, lambda t: convert.from_keras(t, ones(5, 16)), TypeError, "`weights`"),
    (kg.GRU, lambda t: convert.negate_gate(t, "n"), ValueError, "`gate`.*'z r n'.*gate='n'"),
    (kg.GRU, lambda t: convert.negate_gate(t, "f"), ValueError, "gate='f'"),
    (kg.LayerNormLSTM, lambda t: convert.negate_gate(t, "f"), ValueError, "gamma_x"),
    (keras.layers.LSTM, lambda t: convert.negate_gate(t, "f"), TypeError, "cell with `gates`"),
    (kg.LSTM, lambda t: convert.permute(ones(4), "z n", "z q"), KeyError, "no block 'q'"),
    (kg.LSTM, lambda t: convert.permute(ones(4), "z r n", "z"), ValueError, "3 equal parts"),
]


@pytest.mark.parametrize(("layer_class", "call", "error", "message"), REFUSED)
def test_refusals(layer_class, call, error, message):
    (layer,) = make(layer_class)
    before = layer.get_weights()
    with pytest.raises(error, match=message):
        call(layer)
    assert_equal(layer.get_weights(), before)


def test_one_layer_means_one_direction_for_arrays():
    (layer,) = make(kg.LSTM, both=True)
    with pytest.raises(ValueError, match="single layer"):
        convert.to_arrays(layer, "tf1")


@pytest.mark.parametrize("last", [{}, {"use_recurrent_bias": False}])
def test_an_error_in_the_last_layer_leaves_the_first(last):
    stack = [*make(kg.ResetAfterGRU), *make(kg.ResetAfterGRU, features=UNITS, **last)]
    before = weights(stack)
    theirs = torch.nn.GRU(FEATURES, UNITS, num_layers=2).state_dict()
    theirs |= {} if last else {"bias_hh_l1": torch.zeros(1)}
    with pytest.raises(ValueError, match="recurrent bias has no place" if last else "bias_hh_l1"):
        convert.from_torch(stack, theirs)
    assert_equal(weights(stack), before)


def test_no_bias_is_dropped_or_made_up():
    (with_bias,), (without,) = make(kg.LSTM), make(kg.LSTM, use_bias=False)
    before = weights([with_bias, without])
    with pytest.raises(ValueError, match=r"left over: \['bias_ih_l0', 'bias_hh_l0'\]"):
        convert.from_torch(without, convert.to_torch(with_bias))
    with pytest.raises(ValueError, match=r"Missing: \['bias_ih_l0', 'bias_hh_l0'\]"):
        convert.from_torch(with_bias, convert.to_torch(without))
    with pytest.raises(ValueError, match=r"adds a bias at run time.*`use_bias`"):
        convert.to_arrays(without, "tf1")
    assert_equal(weights([with_bias, without]), before)


@pytest.mark.parametrize(
    "call", [lambda t: convert.negate_gate(t, "z"), lambda t: convert.to_arrays(t, "lectures")]
)
def test_signs_need_a_gate_function_that_turns_with_them(call):
    (layer,) = make(kg.GRU, recurrent_activation="relu")
    with pytest.raises(ValueError, match="recurrent_activation"):
        call(layer)


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


def test_a_convention_needs_names_for_all_weights():
    (layer,) = make(kg.PeepholeLSTM)
    convention = convert.Convention({"PeepholeLSTMCell": "i f g o"})
    with pytest.raises(
        ValueError, match=r"`convention`.*\['peephole_f', 'peephole_i', 'peephole_o'"
    ):
        convert.to_arrays(layer, convention)


def test_arrays_are_copies():
    """Neither library sees what becomes of the other's weights."""
    (layer,) = make(kg.ProjectedLSTM, projection_units=PROJECTED)
    theirs = torch.nn.LSTM(FEATURES, UNITS, proj_size=PROJECTED)
    convert.from_torch(layer, theirs.state_dict())
    before, given = layer.get_weights(), convert.to_torch(layer)
    for value in [*theirs.state_dict().values(), *given.values()]:
        value *= 0
    assert_equal(layer.get_weights(), before)
