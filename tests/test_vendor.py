"""The choice of the device's own library, and how weights and masks reach it: with a GPU pretended.

What the library computes stands for it here: Keras's own layers, which do without cuDNN.
"""

import dataclasses

import keras
import numpy as np
import pytest

import kerasgates as kg
from kerasgates import loops
from kerasgates.core.cell import CELLS
from kerasgates.loops.vendor import loop, network, of_keras
from tests import tolerances
from tests.cases import MASK, as_array, inputs, make_layer
from tests.test_contract import run_both
from tests.tolerances import assert_close

NETWORKS = sorted(
    name
    for name, cell in CELLS.items()
    if (vars(cell).get("operator") or [None])[0] in of_keras.LAYERS
)


#: Half precision, in which no orthogonal matrix can be drawn.
HALF = {"dtype": "bfloat16", "recurrent_initializer": "glorot_uniform"}


@pytest.fixture
def calls(gpu, monkeypatch):
    """Keras's layers with `inner_loop`s that compute without cuDNN; notes the kinds of layers."""
    made = []
    for name, kind in of_keras.LAYERS.items():

        class Stock:
            own = kind

            @classmethod
            def inner_loop(cls, layer, sequences, states, mask):
                assert layer.use_cudnn is True
                assert mask is None
                made.append(cls.own.__name__)
                cell = layer.cell
                extra = {"reset_after": True} if cls.own is keras.layers.GRU else {}
                units = cell.recurrent_kernel.shape[0]
                stock = cls.own(
                    units,
                    use_bias=cell.bias is not None,
                    return_sequences=True,
                    return_state=True,
                    dtype=sequences.dtype.name,
                    use_cudnn=False,
                    **extra,
                )
                stock.build(tuple(sequences.shape))
                weights = [cell.kernel, cell.recurrent_kernel, cell.bias]
                stock.set_weights([as_array(w) for w in weights if w is not None])
                outputs, *new = stock(sequences, initial_state=list(states))
                return outputs[:, -1], outputs, new

        monkeypatch.setitem(of_keras.LAYERS, name, Stock)
    return made


@pytest.mark.parametrize("name", NETWORKS)
def test_on_a_gpu_every_network_is_the_librarys(name, rng, calls):
    for arguments in ({}, {"use_bias": False}):
        layer = make_layer(name, {**arguments, "dtype": "float64"}, rng)
        for mask in (None, MASK):
            results, expected = run_both(layer, "auto", rng, mask, go_backwards=True)
            for ours, theirs in zip(results, expected, strict=True):
                assert_close(ours, theirs, tolerances.FLOAT64)
    assert calls == [CELLS[name].operator[0]] * 4


def test_where_keras_does_not_call_cudnn_its_loop_runs(rng, gpu):
    """Keras's own layers are asked, and refuse on a CPU: a missing attribute would raise here."""
    for name in NETWORKS:
        layer, x = make_layer(name, {}, rng), inputs(rng)
        cell = layer.cell
        given = network.Network.of(cell, of_keras.ORDERS[cell.operator[0]])
        states = [np.zeros((len(x), cell.units), "float32") for _ in cell.states]
        with pytest.raises(ValueError, match="cuDNN is not supported"):
            of_keras.outputs_of(given, x, states)
        found = as_array(layer(x))
        layer.loop = "keras"
        np.testing.assert_array_equal(found, as_array(layer(x)))


@pytest.mark.parametrize(
    ("cell", "arguments", "reason"),
    [
        ("GRU", {}, "no library has its equations"),
        ("JANET", {}, "no library has its equations"),
        ("SimpleRNN", {}, "Keras does not offer cuDNN's RNN"),
        ("LSTM", {"activation": "relu"}, "the LSTM with tanh for activation alone"),
        ("UGRNN", {"recurrent_activation": "hard_sigmoid"}, "the GRU with sigmoid for rec"),
        ("LSTM", HALF, "the precision in which they multiply"),
    ],
)
def test_what_is_no_network_says_why(cell, arguments, reason, gpu, rng):
    layer = make_layer(f"{cell}Cell", arguments, rng)
    assert reason in loop.why_not(layer.cell)
    assert loops.choose(layer.cell, (2, 50, 3)) != "vendor"


def test_a_subclass_is_not_taken_for_its_base(gpu):
    class Mine(kg.LSTMCell):
        pass

    assert loop.why_not(kg.LSTMCell(3)) is None
    assert "no library" in loop.why_not(Mine(3))
    assert loop.runs_anything(keras.layers.StackedRNNCells([Mine(3), kg.LSTMCell(3)]))
    assert not loop.runs_anything(keras.layers.LSTMCell(3))


def test_use_cudnn_false_is_kept_to(rng, calls):
    x = inputs(rng)
    for use in ("auto", True, False):
        layer = kg.LSTM(3, use_cudnn=use)
        layer(x)
    assert layer.chosen_loop() == "keras"
    assert calls == ["LSTM", "LSTM"]


def test_without_a_gpu_nothing_is_asked(rng):
    layer = make_layer("LSTMCell", {}, rng)
    assert loops.choose(layer.cell, (2, 50, 3)) == "compiled"
    assert "PyTorch" in loop.why_not(layer.cell)
    x = inputs(rng)
    layer.loop = "keras"
    expected = as_array(layer(x))
    layer.loop = "vendor"
    np.testing.assert_array_equal(as_array(layer(x)), expected)


def test_a_network_can_be_replaced_whole(rng):
    cell = make_layer("CoupledLSTMCell", {}, rng).cell
    given = network.Network.of(cell, "i f g o")
    assert {f.name for f in dataclasses.fields(given)} >= {"kernel", "recurrent_kernel", "bias"}
    n = cell.units
    for weight in (given.kernel, given.recurrent_kernel, given.bias):
        array = as_array(weight)
        np.testing.assert_array_equal(array[..., :n], -array[..., n : 2 * n])
    wider = given.with_switch()
    assert tuple(wider.kernel.shape) == (cell.features + 1, 4 * n)
    np.testing.assert_array_equal(as_array(wider.kernel)[:-1], as_array(given.kernel))
