"""A call decides once how it runs, and costs little Python."""

import collections
import pathlib
import sys

import pytest
import tensorflow as tf

import kerasgates as kg
from kerasgates import loops
from kerasgates.loops.compiling import Compiled
from tests.cases import make_layer

OURS = str(pathlib.Path(kg.__file__).parent)


def python_calls(function):
    """Names of our functions with how often one call of `function` calls them."""
    calls = collections.Counter()

    def profile(frame, event, _):
        if event == "call" and frame.f_code.co_filename.startswith(OURS):
            calls[frame.f_code.co_qualname] += 1

    sys.setprofile(profile)
    try:
        function()
    finally:
        sys.setprofile(None)
    return calls


@pytest.mark.parametrize("steps", [5, loops.EAGER_STEPS + 1], ids=["plain", "compiled"])
def test_an_eager_call_makes_few_python_calls(steps, rng):
    layer, x = kg.LSTM(4), tf.constant(rng.normal(size=(2, steps, 3)).astype("float32"))
    layer(x)
    calls = python_calls(lambda: layer(x))
    assert calls["decide"] == 1
    assert calls["examine"] == (steps >= loops.EAGER_STEPS), "a step is examined once"
    # Keras's loop calls the step for every step, in Python.
    assert calls.total() - calls["LSTMCell.step"] * 16 < 200, calls.most_common(20)


def test_each_cell_of_a_stack_is_examined_once(rng):
    layer = kg.RNN([kg.LSTMCell(4), kg.GRUCell(3), kg.LSTMCell(2)])
    x = tf.constant(rng.normal(size=(2, loops.EAGER_STEPS, 3)).astype("float32"))
    layer(x)
    assert python_calls(lambda: layer(x))["examine"] == 3


def test_the_decision_holds_what_it_was_taken_by(rng):
    cell = make_layer("PeepholeLSTMCell", {}, rng).cell
    chosen = loops.decide(cell, (8, 100, 3))
    assert isinstance(chosen, Compiled)
    assert chosen.keep
    assert chosen.warm_up == loops.WARM_UP
    assert not chosen.recomputed.keep
    (structure,) = chosen.structures
    assert chosen.kept_bytes(8, 100) == 8 * 100 * structure.width * 4
    assert loops.decide(cell, (8, 100, 3), unroll=True) is loops.keras_loop
