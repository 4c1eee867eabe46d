"""A call decides once how it runs, and costs little Python."""

import collections
import pathlib
import sys

import keras
import numpy as np
import pytest
import tensorflow as tf

import kerasgates as kg
from kerasgates import loops
from kerasgates.core.blocks import Kernel
from kerasgates.loops import attributes, choosing, reasons
from kerasgates.loops.compiling import Compiled
from tests.cases import in_graph, make_layer

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


def of_an_lstm(steps, rng):
    layer, x = kg.LSTM(4), tf.constant(rng.normal(size=(2, steps, 3)).astype("float32"))
    layer(x)
    return python_calls(lambda: layer(x))


def test_an_eager_call_decides_once_and_makes_few_python_calls(rng):
    calls = of_an_lstm(choosing.EAGER_STEPS, rng)
    assert calls["decide"] == calls["examine"] == 1
    assert calls.total() < 150, calls.most_common(20)


def test_an_eager_call_of_few_steps_makes_few_python_calls_for_each(rng):
    """Keras's loop calls the step for every step, in Python."""
    short, long = of_an_lstm(5, rng), of_an_lstm(20, rng)
    assert short["decide"] == 1
    assert short["examine"] == 0
    for_a_step = (long.total() - short.total()) / 15
    # Seven of them ask whether Keras's `cast` is needed, which takes longer than to ask.
    assert for_a_step < 40, (long - short).most_common(20)
    assert short.total() - 5 * for_a_step < 120, short.most_common(20)


def test_a_product_with_recurrent_weights_asks_once_who_computes_it(rng):
    """The tensor of TensorFlow on the left looks on the right for another one first."""
    h, W = (tf.constant(rng.normal(size=size)) for size in ((2, 4), (4, 8)))
    U = Kernel(W, ("z", "n"))
    calls = python_calls(lambda: h @ U)
    assert calls["_Named.__tf_tensor__"] == calls["Kernel.__rmatmul__"] == 1
    assert calls["_Named.__getattr__"] == 0
    np.testing.assert_array_equal((h @ U).tensor, h @ W)
    with pytest.raises(TypeError, match=r"Kernel\(z n; shape=\(4, 8\)\) is no tensor"):
        tf.convert_to_tensor(U)


def test_each_cell_of_a_stack_is_examined_once(rng):
    layer = kg.RNN([kg.LSTMCell(4), kg.GRUCell(3), kg.LSTMCell(2)])
    x = tf.constant(rng.normal(size=(2, choosing.EAGER_STEPS, 3)).astype("float32"))
    layer(x)
    assert python_calls(lambda: layer(x))["examine"] == 3


def test_the_decision_holds_what_it_was_taken_by(rng):
    cell = make_layer("PeepholeLSTMCell", {}, rng).cell
    chosen = loops.decide(cell, (8, 100, 3))
    assert isinstance(chosen, Compiled)
    assert chosen.keep
    assert chosen.warm_up == choosing.WARM_UP
    assert not chosen.recomputed.keep
    (structure,) = chosen.structures
    assert chosen.kept_bytes(8, 100) == 8 * 100 * structure.width * 4
    assert loops.decide(cell, (8, 100, 3), unroll=True) is loops.keras_loop


def test_a_loop_of_other_arguments_is_refused():
    with pytest.raises(TypeError, match=r"function of one `kerasgates.loops.Run`.*\(cell, x\)"):
        loops.register_loop("of two")(lambda cell, x: None)
    assert "of two" not in loops.LOOPS


def test_half_precision_is_left_to_the_plain_loop(rng):
    layer = make_layer("LSTMCell", {}, rng, dtype="mixed_bfloat16")
    assert not loops.compiles(layer.cell)


def test_auto_chooses_as_it_is_written_down(rng):
    cell = make_layer("LSTMCell", {}, rng).cell

    def chosen(shape, **more):
        return loops.choose(cell, shape, **more)

    assert chosen((1, 31, 3)) == "keras"
    assert chosen((1, 32, 3)) == "compiled"
    assert chosen((1, 32, 3), unroll=True) == "keras"
    in_graphs = []
    in_graph(lambda x: in_graphs.append(chosen((None, None, 3))) or x)(tf.zeros(1))
    in_graph(lambda x: in_graphs.append(chosen((None, 1, 3))) or x)(tf.zeros(1))
    assert in_graphs == ["compiled", "keras"]
    long = 1 + choosing.KEPT_BYTES // (4 * 4 * cell.units)
    assert chosen((1, long, 3)) == "recomputed"
    assert loops.choose(keras.layers.LSTMCell(3), (1, 99, 3)) == "keras"


class OwnCallCell(kg.LSTMCell):
    """Has a call of its own, so that no loop but Keras's runs it."""

    def call(self, inputs, states, training=False):
        return super().call(inputs, states, training)


#: How `why` begins to name a loop, behind the name of the cell.
NAMED = {
    "compiled": "runs in the compiled loop: ",
    "dense": "runs in the loop 'dense': ",
    "keras": "runs in Keras's loop: ",
    "recomputed": "runs in the recomputed loop: ",
    "traced": "runs by a step that PyTorch traces: ",
    "vendor": "runs in the vendor loop: ",
}
#: Cells, and the loops that they get on TensorFlow: on a CPU, with a GPU, with one that XLA does
#: not know, with a TPU, with both.
DEVICES = (["cpu:0"], ["cpu:0", "gpu:0"], ["cpu:0", "gpu:0"], ["tpu:0"], ["gpu:0", "tpu:0"])
SITUATIONS = [
    (kg.LSTMCell, "compiled vendor vendor keras keras"),
    (kg.PeepholeLSTMCell, "compiled compiled keras keras keras"),
    (OwnCallCell, "keras keras keras keras keras"),
    (keras.layers.GRUCell, "keras keras keras keras keras"),
    (lambda n: [kg.LSTMCell(n), kg.PeepholeLSTMCell(n)], "compiled vendor vendor keras keras"),
    (lambda n: [kg.GRUCell(n), OwnCallCell(n)], "keras keras keras keras keras"),
]


@pytest.mark.parametrize("number", range(len(SITUATIONS)))
def test_why_names_the_loop_that_auto_takes(number, monkeypatch):
    make, wanted = SITUATIONS[number]
    layer = kg.RNN(make(3))
    layer.build((None, None, 2))
    for place, (devices, name) in enumerate(zip(DEVICES, wanted.split(), strict=True)):
        monkeypatch.setattr(keras.distribution, "list_devices", lambda devices=devices: devices)
        cuda = {"is_cuda_build": place != 2}
        monkeypatch.setattr(tf.sysconfig, "get_build_info", lambda cuda=cuda: cuda)
        assert loops.choose(layer.cell, (None, None, 2)) == name
        _, _, told = loops.why(layer).partition(NAMED[name])
        assert told.endswith(".")
        assert "None" not in told


@pytest.mark.parametrize("loop", NAMED)
def test_why_follows_the_decision(loop, monkeypatch):
    """Whatever it will be one day."""
    cell = OwnCallCell(3)
    cell.build((None, 2))
    if loop == "traced":
        monkeypatch.setattr(reasons, "_is_traced", lambda cell: True)
    monkeypatch.setattr(reasons, "choose", lambda cell, shape: loop)
    assert NAMED[loop] in loops.why(cell)


def test_a_loop_of_no_name_is_refused():
    cell = kg.LSTMCell(3)
    cell.build((None, 2))
    with pytest.raises(ValueError, match=r"`loop` must be one of 'auto', .* Received: loop='atuo'"):
        loops.run(cell, tf.ones((1, 2, 2)), cell.get_initial_state(1), loop="atuo")


@pytest.mark.slow
def test_a_model_that_began_with_one_step_trains_on_more(rng):
    """What is looked up once in a process is looked up while a function is traced anew."""
    attributes._private_names.cache_clear()
    model = keras.Sequential([keras.Input((None, 1)), kg.LSTM(1)])
    model.compile("sgd", "mse")
    for steps in (1, 40):
        x, y = rng.normal(size=(2, steps, 1)), rng.normal(size=(2, 1))
        before = model.get_weights()
        model.fit(x, y, verbose=0)
        # The first step has no state yet, by which recurrent weights could learn.
        changed = [(a != b).any() for a, b in zip(before, model.get_weights(), strict=True)]
        assert changed == [True, steps > 1, True]
