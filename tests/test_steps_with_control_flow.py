"""Steps that hold a loop or a choice of their own, which XLA compiles in part or not at all."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import ops

import kerasgates as kg
from kerasgates import loops
from tests.cases import as_array
from tests.tolerances import GRADIENTS, assert_close


def _cell(name, new):
    """A class of cells whose step is one function of a sum and the state."""

    def step(self, Wx, U, h):
        return (new(Wx.n + h @ U.n, h),), {}

    return type(name, (kg.AbstractRNNCell,), {"gates": ("n",), "states": ("h",), "step": step})


def _counted(a, h):
    return ops.fori_loop(0, 3, lambda i, v: ops.tanh(a + 0.5 * v), h)


def _while(a, h):
    return ops.while_loop(lambda i, v: i < 3, lambda i, v: (i + 1, ops.tanh(a + v)), (0, h))[1]


def _either(a, h):
    return ops.cond(ops.sum(a) > 0, lambda: ops.tanh(a), lambda: ops.sigmoid(a))


def _by_row(a, h):
    return ops.map(ops.tanh, a)


def _scanned(a, h):
    steps = ops.stack([a, h])
    return ops.scan(lambda carry, x: (ops.tanh(carry + x), x), a, steps)[0]


REFUSED = {"CountedCell": _counted, "WhileCell": _while, "EitherCell": _either}
REFUSED |= {"ByRowCell": _by_row, "ScannedCell": _scanned}
COMPILED = {
    "CumulatedCell": lambda a, h: ops.cumsum(ops.softmax(a), axis=-1),
    "SortedCell": lambda a, h: ops.erf(ops.sort(a, axis=-1)) * ops.top_k(a, 1)[0],
}


def _trained(cell_class, loop, x):
    """What a layer gives, and its gradients, in a graph for any number of rows."""
    layer = kg.RNN(
        cell_class(4, dtype="float64"), return_sequences=True, loop=loop, dtype="float64"
    )
    layer.build(x.shape)
    for seed, weight in enumerate(layer.weights):
        weight.assign(np.random.default_rng(seed).normal(size=weight.shape))

    @tf.function(input_signature=[tf.TensorSpec((None, *x.shape[1:]), x.dtype)])
    def train(x):
        with tf.GradientTape() as tape:
            out = layer(x)
            loss = tf.reduce_sum(tf.sin(out))
        return [out, *tape.gradient(loss, [w.value for w in layer.trainable_weights])]

    return layer, [as_array(value) for value in train(x)]


@pytest.mark.parametrize("name", [*REFUSED, *COMPILED])
@pytest.mark.slow
def test_a_step_that_xla_refuses_runs_in_the_plain_loop(name, rng):
    """Before it is compiled, a size must have come often: what fails then fails amid a training."""
    cell_class = _cell(name, (REFUSED | COMPILED)[name])
    x = tf.constant(rng.normal(size=(3, 7, 2)))
    layer, ours = _trained(cell_class, "compiled", x)
    assert loops.compiles(layer.cell) == (name in COMPILED)
    told = f"{name} runs in Keras's loop: its layer was told 'compiled', but XLA cannot compile"
    assert loops.why(layer).startswith(told) == (name in REFUSED)
    for value, expected in zip(ours, _trained(cell_class, "keras", x)[1], strict=True):
        assert_close(value, expected, GRADIENTS)


@pytest.mark.parametrize("seeds", ["none", "elsewhere", "own"])
@pytest.mark.slow
def test_random_numbers_of_a_step_are_told_and_leave_those_of_others_alone(seeds):
    # As where nobody has drawn a number before: Keras makes its generator at the first.
    keras.utils.clear_session()
    elsewhere = keras.random.SeedGenerator(1)

    class DrawnCell(kg.AbstractRNNCell):
        gates, states = ("n",), ("h",)

        def __init__(self, *args, **kwargs):
            super().__init__(*args, **kwargs)
            own = keras.random.SeedGenerator(1)
            self.seeds = {"none": None, "elsewhere": elsewhere, "own": own}[seeds]

        def step(self, Wx, U, h):
            return (Wx.n + h @ U.n + keras.random.normal(ops.shape(h), seed=self.seeds),), {}

    layer = kg.RNN(DrawnCell(4))
    out = layer(np.ones((2, 40, 3), "float32"))
    assert out.shape == (2, 4)
    assert "draws random numbers" in loops.why(layer)
    # Keras's own generator is alive, and no part of a graph that is gone.
    assert keras.random.normal((2,)).shape == (2,)
