"""Cells whose output is a value of the step and none of the states, in every loop."""

import keras
import numpy as np
import pytest

import kerasgates as kg
from kerasgates import loops
from tests.cases import MASK, as_array, as_arrays, eagerly, identify, randomise
from tests.cells_of_blocks import IntersectionTestCell, QRNNTestCell, over_time
from tests.tolerances import FLOAT32, FLOAT64, GRADIENTS, assert_close

UNITS = FEATURES = 4
TIME = MASK.shape[1]
CELLS = (IntersectionTestCell, QRNNTestCell)


def made(cell, rng, **arguments):
    layer = kg.layer_of(cell)(UNITS, **{"return_sequences": True, **arguments})
    layer.build((None, None, FEATURES))
    randomise(layer, rng)
    return layer


def inputs(rng, dtype="float32"):
    return rng.normal(size=(len(MASK), TIME, FEATURES)).astype(dtype)


def states(cell, rng):
    return [rng.normal(size=(len(MASK), n)).astype("float32") for n in cell.state_sizes]


@pytest.mark.parametrize("cell", CELLS, ids=identify)
@pytest.mark.parametrize("loop", ["keras", "compiled", "recomputed"])
def test_every_loop_is_the_equations(cell, loop, rng):
    x = inputs(rng)
    layer = made(cell, rng, loop=loop, return_state=True, zero_output_for_mask=False)
    assert loops.compiles(layer.cell) == (keras.backend.backend() == "tensorflow")
    first = states(layer.cell, rng)
    for mask in (None, MASK):
        wanted, wanted_last = over_time(layer.cell, x, first, mask)
        for every in (True, False):
            layer.return_sequences = every
            with eagerly(loop != "keras"):
                output, *last = layer(x, initial_state=first, mask=mask)
            assert_close(as_array(output), wanted if every else wanted[:, -1], FLOAT32)
            assert_close(as_arrays(last), wanted_last, FLOAT32)


@pytest.mark.parametrize(
    ("cell", "every", "masked"),
    [
        (IntersectionTestCell, True, True),
        pytest.param(QRNNTestCell, False, True, marks=pytest.mark.slow),
        pytest.param(QRNNTestCell, True, False, marks=pytest.mark.slow),
    ],
    ids=identify,
)
def test_compiled_gradients_are_those_of_the_plain_loop(cell, every, masked, rng):
    tf = pytest.importorskip("tensorflow")
    x, found, weights = inputs(rng, "float64"), {}, None
    of_output, of_state = rng.normal(size=(len(MASK), TIME, UNITS)), rng.normal(size=(5, UNITS))
    of_output = of_output if every else of_output[:, -1]
    first = states(made(cell, rng).cell, rng)
    for loop in ("keras", "compiled"):
        settings = {"loop": loop, "return_sequences": every, "return_state": True}
        layer = made(cell, rng, dtype="float64", **settings)
        weights = weights or layer.get_weights()
        layer.set_weights(weights)
        variables = [tf.Variable(x), *[tf.Variable(s, dtype="float64") for s in first]]
        with eagerly():
            with tf.GradientTape() as tape:
                output, state, *_ = layer(
                    variables[0], initial_state=variables[1:], mask=MASK if masked else None
                )
                loss = tf.reduce_sum(output * of_output) + tf.reduce_sum(state * of_state)
            found[loop] = as_arrays(tape.gradient(loss, [*variables, *layer.trainable_weights]))
    for value, wanted in zip(found["compiled"], found["keras"], strict=True):
        assert wanted.any()
        assert_close(value, wanted, GRADIENTS)


def test_second_derivatives_are_those_of_the_plain_loop(rng):
    tf = pytest.importorskip("tensorflow")
    x, found, weights = inputs(rng, "float64")[:, :4], {}, None
    for loop in ("keras", "compiled"):
        layer = made(IntersectionTestCell, rng, dtype="float64", loop=loop)
        weights = weights or layer.get_weights()
        layer.set_weights(weights)
        variable = tf.Variable(x)
        with eagerly(), tf.GradientTape() as outer:
            with tf.GradientTape() as inner:
                loss = tf.reduce_sum(layer(variable, mask=MASK[:, :4]) ** 2)
            slope = tf.reduce_sum(inner.gradient(loss, variable) ** 2)
            found[loop] = as_arrays(outer.gradient(slope, [variable, *layer.trainable_weights]))
    for value, wanted in zip(found["compiled"], found["keras"], strict=True):
        assert wanted.any()
        assert_close(value, wanted, GRADIENTS)


@pytest.mark.slow
def test_xla_compiles_and_trains_them(rng):
    tf = pytest.importorskip("tensorflow")
    # So many rows that a batch runs as two halves.
    x, mask = np.concatenate([inputs(rng, "float64")] * 2), np.concatenate([MASK] * 2)
    found, weights = {}, None
    for loop in ("keras", "compiled"):
        layer = made(IntersectionTestCell, rng, loop=loop, dtype="float64")
        weights = weights or layer.get_weights()
        layer.set_weights(weights)

        @tf.function(autograph=False)
        def train(x, layer=layer):
            with tf.GradientTape() as tape:
                output = layer(x, mask=mask, training=True)
                loss = tf.reduce_sum(output**2)
            return output, *tape.gradient(loss, layer.trainable_weights)

        found[loop] = as_arrays(train(x))
    for value, wanted in zip(found["compiled"], found["keras"], strict=True):
        assert_close(value, wanted, GRADIENTS)
    assert_close(found["compiled"][0], found["keras"][0], FLOAT64)


def test_masked_steps_repeat_the_output_and_zero_it_where_asked(rng):
    x = inputs(rng)
    layer = made(QRNNTestCell, rng, loop="compiled")
    zeroed = made(QRNNTestCell, rng, loop="compiled", zero_output_for_mask=True)
    zeroed.set_weights(layer.get_weights())
    with eagerly():
        output, zeros = as_array(layer(x, mask=MASK)), as_array(zeroed(x, mask=MASK))
    assert (output[1, 4:] == output[1, 3]).all()
    assert not output[4].any()
    assert (zeros == output * MASK[..., None]).all()
    assert np.abs(output[0]).min() > 0


# ------------------------------------------------------------------ why a cell is not compiled


class Counting(IntersectionTestCell):
    """Counts its steps."""

    count = 0

    def step(self, Wx, U, h):
        self.count += 1
        return super().step(Wx, U, h)


class Noisy(kg.SimpleRNNCell):
    """Draws numbers."""

    def step(self, Wx, U, h):
        n = self.activation(Wx.h + h @ U.h)
        return (n + keras.random.normal((n.shape[0] or 2, self.units)),), {}


class Strange(kg.LSTMCell):
    """Has recurrent weights of its own."""

    def recurrent(self, training=False):
        return super().recurrent(training)


class Own(kg.LSTMCell):
    """Has a call of its own."""

    def call(self, inputs, states, training=False):
        return super().call(inputs, states, training)


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        (
            kg.LSTMCell(3),
            "LSTMCell runs in the compiled loop: its step computes from its arguments",
        ),
        (QRNNTestCell(3), "QRNNTestCell runs in the compiled loop: "),
        (kg.LSTMCell(3, dtype="mixed_bfloat16"), "Keras's loop: it computes in bfloat16."),
        (Counting(2), "Keras's loop: its step changes weights or attributes of the cell."),
        (Noisy(3), "Keras's loop: its step draws random numbers, or "),
        (Strange(3), "Keras's loop: its class overrides `recurrent`."),
        (Own(3), "Keras's loop: it computes its step by a `call` of its own."),
        (keras.layers.GRUCell(3), "Keras's loop: it has no `gates`, and computes its step by"),
    ],
    ids=identify,
)
def test_why_says_in_one_sentence_which_loop_a_cell_gets(cell, reason):
    pytest.importorskip("tensorflow")
    cell.build((None, 2))
    said = kg.loops.why(cell)
    assert reason in said
    assert said.endswith(".")
    assert "\n" not in said
    assert (loops.choose(cell, (2, 40, 2)) == "compiled") == ("the compiled loop" in said)


def test_why_of_layers_and_stacks(rng):
    pytest.importorskip("tensorflow")
    stack = kg.RNN([kg.LSTMCell(3), Strange(3)])
    with pytest.raises(ValueError, match="must be built"):
        kg.loops.why(stack)
    stack.build((None, 5, 2))
    assert kg.loops.why(stack).endswith("overrides `recurrent`, in Strange.")
    told = made(QRNNTestCell, rng, loop="hoisted")
    assert kg.loops.why(told) == "QRNNTestCell runs in the loop 'hoisted': its layer was told so."
    with pytest.raises(ValueError, match="must be a cell"):
        kg.loops.why(3)
