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
    "name", ["LSTMCell", pytest.param("LayerNormLSTMCell", marks=slow), "MinGRUCell"]
)
def test_xla_computes_them_in_pieces_of_eight_steps(name, rng):
    ours, plain = layer_pair(rng, "compiled", name)
    x, mask = np.repeat(inputs(rng), 2, axis=1), np.repeat(MASK, 2, axis=1)
    states = initial_states(ours.cell, rng)
    with named_cases() as case:
        for steps in (3, 13):
            with case(f"{steps} steps"):
                some = x[:, :steps], states, mask[:, :steps]
                agree(derivatives(ours, *some), derivatives(plain, *some))


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


@pytest.mark.parametrize("dtype", ["mixed_bfloat16", pytest.param("mixed_float16", marks=slow)])
def test_mixed_precision_is_compiled_there(dtype, rng):
    """As exact as Keras's loop in the same policy, within twice its distance from single."""
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
    assert kg.LSTM(3, use_cudnn=False).chosen_loop() == "compiled"


def test_of_a_stack_each_cell_has_its_own(rng, monkeypatch):
    """And recurrent dropout, which cuDNN has not, is compiled."""
    ran = []
    compiled = Compiled.__call__
    monkeypatch.setattr(
        Compiled, "__call__", lambda self, run: ran.append(run.cell) or compiled(self, run)
    )
    x = tf.constant(rng.normal(size=(2, 40, 3)).astype("float32"))
    cells = [kg.LSTMCell(4), kg.PeepholeLSTMCell(4)]
    stacked = kg.RNN(cells, return_sequences=True)
    expected = kg.RNN(cells, return_sequences=True, loop="keras")
    assert_close(as_array(stacked(x)), as_array(expected(x)), tolerances.FLOAT32)
    assert cells[1] in ran
    layer = kg.LSTM(4, recurrent_dropout=0.5)
    layer(x, training=True)
    assert layer.cell in ran


def test_a_gpu_that_xla_does_not_know_is_left_alone(rng, monkeypatch):
    cell = make_layer("PeepholeLSTMCell", {}, rng).cell
    monkeypatch.setattr(tf.sysconfig, "get_build_info", lambda: {"is_cuda_build": False})
    assert loops.choose(cell, (8, 100, 3)) == "keras"
    assert "built without XLA for the GPU" in loops.why(cell)


def test_there_is_no_gpu_here_but_keras_lists_one():
    assert loops.has_gpu()
    assert "gpu:0" in keras.distribution.list_devices()
