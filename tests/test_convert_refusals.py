"""Weights that do not fit are refused, and nothing has changed."""

import re

import keras
import numpy as np
import pytest
import torch

import kerasgates as kg
from kerasgates import convert
from tests.converting import (
    FEATURES,
    UNITS,
    assert_equal,
    begin_anew,
    make,
    weights,
)


@pytest.fixture(autouse=True)
def _same_numbers_whatever_ran_before():
    begin_anew()


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


HALF = torch.nn.LSTM(FEATURES, UNITS).bfloat16()
CURES = [
    (kg.LSTM, {}, torch.nn.LSTMCell(FEATURES, UNITS), r"single cell.*\{name\}_l0"),
    (kg.LSTM, {}, torch.nn.LSTM(FEATURES, 6, proj_size=UNITS), "`proj_size` belong in a Projected"),
    (
        kg.ProjectedLSTM,
        {"projection_units": 2},
        torch.nn.LSTM(FEATURES, UNITS),
        "belong in an LSTM",
    ),
    (kg.LSTM, {}, torch.nn.LSTM(FEATURES, UNITS, bias=False), "`use_bias=False`"),
    (kg.LSTM, {"use_bias": False}, torch.nn.LSTM(FEATURES, UNITS), "`use_bias=True`"),
    (kg.LSTM, {}, HALF, r"'weight_ih_l0' .*float32 .*Received: bfloat16 of shape \(16, 5\)"),
    # Not that a GRU were of the other kind.
    (kg.ResetAfterGRU, {}, torch.nn.GRU(FEATURES, UNITS).double(), r"\(12, 5\)\. Nothing is cast"),
]


@pytest.mark.parametrize(("layer_class", "arguments", "module", "message"), CURES)
def test_what_would_make_weights_of_pytorch_fit_is_told(layer_class, arguments, module, message):
    (layer,) = make(layer_class, **arguments)
    with pytest.raises(ValueError, match=message):
        convert.from_torch(layer, module.state_dict())


def test_names_that_are_told_fit():
    (layer,) = make(kg.LSTM)
    module = torch.nn.ModuleDict({"enc": torch.nn.LSTM(FEATURES, UNITS), "head": HALF})
    for theirs in (module.state_dict(), torch.nn.LSTMCell(FEATURES, UNITS).state_dict()):
        with pytest.raises(ValueError, match=r": give \{") as refused:
            convert.from_torch(layer, theirs)
        assert ("and others with ['head.']" in str(refused.value)) == ("enc.bias_hh_l0" in theirs)
        told = str(refused.value).partition(": give ")[2]
        convert.from_torch(layer, eval(told, {"state_dict": theirs}))
        (given,) = (theirs[n] for n in theirs if re.match(r"(enc\.)?weight_hh", n))
        assert_equal([convert.to_torch(layer)["weight_hh_l0"]], [given.numpy()])


def test_bfloat16_fits_in_a_layer_of_bfloat16():
    (layer,) = make(kg.LSTM, dtype="bfloat16", recurrent_initializer="zeros")
    convert.from_torch(layer, HALF.state_dict())
    kernel = convert.to_torch(layer)["weight_ih_l0"]
    assert_equal([kernel.astype("float32")], [HALF.weight_ih_l0.detach().float().numpy()])


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


def test_a_convention_needs_names_for_all_weights():
    (layer,) = make(kg.PeepholeLSTM)
    convention = convert.Convention({"PeepholeLSTMCell": "i f g o"})
    with pytest.raises(
        ValueError, match=r"`convention`.*\['peephole_f', 'peephole_i', 'peephole_o'"
    ):
        convert.to_arrays(layer, convention)
