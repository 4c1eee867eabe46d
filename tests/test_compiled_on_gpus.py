"""The compiled loop of TensorFlow as it runs where there is a GPU, run on a CPU."""

import dataclasses

import keras
import numpy as np
import pytest
import tensorflow as tf

import kerasgates as kg
from kerasgates import loops
from kerasgates.loops import choosing
from kerasgates.loops.compiled import time_blocks
from kerasgates.loops.compiling import Compiled
from kerasgates.loops.vendor import loop as vendor
from tests import tolerances
from tests.cases import (
    FEATURES,
    MASK,
    SOME,
    as_array,
    eagerly,
    every_cell,
    identify,
    initial_states,
    inputs,
    make_layer,
    named_cases,
)
from tests.compiling import LOOPS, agree, derivatives, layer_pair, slow, twin
from tests.tolerances import assert_close

pytestmark = pytest.mark.usefixtures("gpu")


@pytest.mark.parametrize(
    ("name", "arguments"),
    [pytest.param(*case, marks=() if case[0] in SOME else slow) for case in every_cell()],
    ids=identify,
)
def test_several_steps_at_once_are_those_of_the_plain_loop(name, arguments, rng, monkeypatch):
    """Run eagerly: the passes themselves, of every cell, in blocks that are no multiple."""
    ours, plain = layer_pair(rng, LOOPS[len(name) % 2], name, arguments)
    # Blocks of four steps, three of which are one piece: two pieces each, and parts of both.
    block = 4 * 8 * ours.cell.projected_layout[2] * len(MASK)
    pace = dataclasses.replace(time_blocks.ON_GPUS, block=block, unroll=3)
    monkeypatch.setattr(time_blocks, "ON_GPUS", pace)
    case = inputs(rng)[:, 1:7], initial_states(ours.cell, rng), MASK[:, 1:7]
    expected = derivatives(plain, *case)
    with eagerly():
        agree(derivatives(ours, *case), expected)


@pytest.mark.parametrize(
    "name",
    [*(pytest.param(n, marks=slow) for n in ("LSTMCell", "LayerNormLSTMCell")), "MinGRUCell"],
)
@pytest.mark.slow
def test_xla_computes_them_in_pieces_of_eight_steps(name, rng):
    ours, plain = layer_pair(rng, "compiled", name)
    x, mask = np.repeat(inputs(rng), 2, axis=1), np.repeat(MASK, 2, axis=1)
    states = initial_states(ours.cell, rng)
    with named_cases() as case:
        for steps in (3, 13):
            with case(f"{steps} steps"):
                some = x[:, :steps], states, mask[:, :steps]
                agree(derivatives(ours, *some), derivatives(plain, *some))
                agree(*(predictions(layer, *some) for layer in (ours, plain)))


def predictions(layer, x, states, mask):
    """Outputs and last states without a backward pass to come."""
    run = tf.function(lambda: layer(x, initial_state=states, mask=mask, training=False))
    return [as_array(value) for value in tf.nest.flatten(run())]


@slow
def test_a_length_that_is_not_known_is_padded(rng):
    ours, plain = layer_pair(rng, "compiled", return_state=False)

    def steps(layer):
        @tf.function(input_signature=[tf.TensorSpec((None, None, FEATURES), "float64")])
        def run(x):
            with tf.GradientTape() as tape:
                loss = tf.reduce_sum(tf.sin(layer(x, training=True)))
            return [loss, *tape.gradient(loss, layer.trainable_variables)]

        return run

    x = tf.constant(rng.normal(size=(3, 11, FEATURES)))
    agree(*([as_array(v) for v in steps(layer)(x)] for layer in (ours, plain)))


@slow
@pytest.mark.parametrize("dtype", ["mixed_bfloat16", "mixed_float16"])
def test_mixed_precision_is_compiled_there(dtype, rng):
    """About as exact as Keras's loop in the same policy: within twice its distance from single."""
    settings = {"return_sequences": True}
    ours = make_layer("PeepholeLSTMCell", {}, rng, loop="compiled", dtype=dtype, **settings)
    assert loops.compiles(ours.cell)
    x, states = inputs(rng), initial_states(ours.cell, rng)
    plain = twin(ours, "keras")
    exact = make_layer("PeepholeLSTMCell", {}, rng, loop="keras", dtype="float64", **settings)
    exact.set_weights(ours.get_weights())

    def distance(layer):
        x_of, states_of = tf.constant(x, layer.compute_dtype), [tf.constant(s) for s in states]
        with tf.GradientTape() as tape:
            outputs = layer(
                x_of, initial_state=[tf.cast(s, layer.variable_dtype) for s in states_of]
            )
            loss = tf.reduce_sum(tf.sin(tf.cast(outputs, "float64")))
        found = [outputs, *tape.gradient(loss, layer.trainable_variables)]
        return [as_array(tf.cast(v, "float64")) for v in found]

    true, ours, plain = map(distance, (exact, ours, plain))
    for right, one, other in zip(true, ours, plain, strict=True):
        allowed = 2 * np.abs(other - right).max() + tolerances.FLOAT32 * np.abs(right).max()
        assert np.abs(one - right).max() <= allowed


def test_auto_compiles_what_cudnn_has_not(rng):
    peephole = make_layer("PeepholeLSTMCell", {}, rng).cell
    chosen = loops.decide(peephole, (8, 100, 3))
    assert isinstance(chosen, Compiled)
    assert chosen.warm_up == choosing.WARM_UP_ON_GPUS
    assert loops.choose(peephole, (8, 31, 3)) == "keras"
    assert "runs in the compiled loop" in loops.why(peephole)
    lstm = make_layer("LSTMCell", {}, rng).cell
    assert loops.choose(lstm, (8, 100, 3)) == "vendor"
    assert "cuDNN" in loops.why(lstm)


@pytest.fixture
def ran(monkeypatch):
    """What runs compiled, and what a library that is not here is asked for: cells and networks."""
    made = []
    compiled, library = Compiled.__call__, vendor._run_network

    def note_compiled(self, run):
        made.append(run.cell)
        return compiled(self, run)

    def note_network(run, network, which):
        made.append(network.name)
        return library(run, network, which)

    monkeypatch.setattr(Compiled, "__call__", note_compiled)
    monkeypatch.setattr(vendor, "_run_network", note_network)
    return made


def test_of_a_stack_each_cell_has_its_own(rng, ran):
    x = tf.constant(rng.normal(size=(2, 40, 3)).astype("float32"))
    cells = [kg.LSTMCell(4), kg.PeepholeLSTMCell(4)]
    stacked = kg.RNN(cells, return_sequences=True)
    expected = kg.RNN(cells, return_sequences=True, loop="keras")
    assert_close(as_array(stacked(x)), as_array(expected(x)), tolerances.FLOAT32)
    # The library refuses where there is no GPU.
    assert ran == ["LSTM", *cells]


def test_recurrent_dropout_which_cudnn_has_not_is_compiled(rng, ran):
    x = tf.constant(rng.normal(size=(2, 40, 3)).astype("float32"))
    for rate, asked in ((0.5, []), (0.0, ["LSTM"])):
        layer = kg.LSTM(4, recurrent_dropout=rate)
        ran.clear()
        layer(x, training=True)
        assert ran == [*asked, layer.cell]


@slow
def test_derivatives_of_every_kind(rng):
    """Of the second order, forward, vectorised and inside a function that XLA compiles."""
    ours, plain = layer_pair(rng, "compiled", "MinGRUCell", return_state=False)
    x = tf.constant(inputs(rng))

    def second(layer):
        with tf.GradientTape() as outer:
            outer.watch(x)
            with tf.GradientTape() as inner:
                inner.watch(x)
                y = tf.reduce_sum(tf.sin(layer(x)))
            total = tf.reduce_sum(inner.gradient(y, x) ** 2)
        return outer.gradient(total, x)

    def forward(layer):
        with tf.autodiff.ForwardAccumulator(x, tf.ones_like(x)) as tangents:
            y = layer(x)
        return tangents.jvp(y)

    def jacobian(layer):
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = tf.reduce_sum(layer(x), axis=1)
        return tape.jacobian(y, x)

    def many(layer):
        return tf.vectorized_map(layer, tf.stack([x, 2 * x]))

    with named_cases() as case:
        for way in (second, forward, jacobian, many):
            with case(way.__name__):
                agree(*([as_array(way(layer))] for layer in (ours, plain)))
        with case("jit_compile=True"):
            whole = tf.function(lambda: second(ours), jit_compile=True, autograph=False)
            agree([as_array(whole())], [as_array(second(plain))])


def test_what_keeps_no_products_keeps_no_inputs_of_all_steps():
    assert time_blocks.pace(keep=True) == time_blocks.ON_GPUS
    frugal = time_blocks.pace(keep=False)
    assert not frugal.at_once
    assert frugal.block < time_blocks.ON_GPUS.block


def test_a_tpu_is_no_gpu(rng, monkeypatch):
    monkeypatch.setattr(keras.distribution, "list_devices", lambda: ["cpu:0", "tpu:0"])
    assert not loops.has_gpu()
    cell = make_layer("LSTMCell", {}, rng).cell
    assert loops.choose(cell, (8, 100, 3)) == "keras"
    assert "there is a TPU" in loops.why(cell)


def test_a_gpu_that_xla_does_not_know_is_left_alone(rng, monkeypatch):
    cell = make_layer("PeepholeLSTMCell", {}, rng).cell
    monkeypatch.setattr(tf.sysconfig, "get_build_info", lambda: {"is_cuda_build": False})
    assert loops.choose(cell, (8, 100, 3)) == "keras"
    assert "built without XLA for the GPU" in loops.why(cell)
