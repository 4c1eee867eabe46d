"""The compiled loop of JAX, beside Keras's own; run on JAX by `test_backends.py`."""

import jax
import jax.numpy as jnp
import keras
import numpy as np
import pytest
from keras import ops

import kerasgates as kg
from kerasgates import loops
from kerasgates.loops import scanning
from kerasgates.loops.scanned.over_time import block_size
from kerasgates.loops.vendor.loop import why_not
from tests import tolerances
from tests.cases import MASK, STRUCTURES, every_cell, identify, initial_states, inputs, make_layer
from tests.tolerances import assert_close


class StillAndMovingCell(kg.AbstractRNNCell):
    """Reads the input where it multiplies, a matrix of its own in three ways, and steps unsmoothly.

        z  = σ(W_z x + U_z (x₀ h) + b_z)
        n  = tanh(W_n x + U_n (z ⊙ h) + R (z ⊙ h) + Rᵀ h + b_n)
        h' = z ⊙ h + (1 − z) ⊙ n + relu(n) x₁ + h ΣR / 10

    Source: none, 2026, https://example.org
    """

    gates = ("z", "n")
    inputs = ("z", "n", "x")
    states = ("h",)

    def build_weights(self, features):
        super().build_weights(features)
        self.own = self.add_weight(
            name="own",
            shape=(self.units, self.units),
            initializer="orthogonal",
            autocast=False,
        )

    def step(self, Wx, U, h):
        z = self.recurrent_activation(Wx.z + (h * Wx.x[:, :1]) @ U.z)
        kept = z * h
        n = (
            Wx.n
            + kept @ U.n
            + kept @ self.matrix(self.own)
            + ops.matmul(h, ops.transpose(self.own))
        )
        n = self.activation(n)
        h = z * h + (1 - z) * n + ops.relu(n) * Wx.x[:, 1:2] + h * ops.sum(self.own) / 10
        return (h,), {"z": z, "n": n}


class DrawingCell(kg.AbstractRNNCell):
    """Draws numbers in its step.

        h' = tanh(W_n x + b_n + U_n h) + noise

    Source: none, 2026, https://example.org
    """

    gates = ("n",)
    states = ("h",)

    def build_weights(self, features):
        super().build_weights(features)
        self.draws = keras.random.SeedGenerator(1)

    def step(self, Wx, U, h):
        noise = keras.random.normal(ops.shape(h), seed=self.draws)
        return (self.activation(Wx.n + h @ U.n) + noise,), {}


def functions(layer, mask=None, time=7, batch=5, training=False):
    """Function of a loop that gives a function of weights, input and states; and some of these.

    The function gives everything that `loops.run` does, in one vector.
    """
    rng = np.random.default_rng(7)
    cell = layer.cell
    x = inputs(rng, batch=batch, time=time).astype("float32")
    leaves = loops.leaves(cell)
    states = [s for leaf in leaves for s in initial_states(leaf, rng, batch=batch)]
    values = [variable.value for variable in layer.variables]

    def of(loop):
        def run(values, x, states):
            with keras.StatelessScope(state_mapping=list(zip(layer.variables, values))):
                nested = keras.tree.pack_sequence_as(layer.get_initial_state(batch), states)
                found = loops.run(cell, x, nested, mask, loop=loop, training=training)
            found = [ops.cast(value, "float32") for value in keras.tree.flatten(found)]
            return jnp.concatenate([value.ravel() for value in found])

        return run

    return of, (values, jnp.asarray(x), [jnp.asarray(state) for state in states])


def with_gradients(run, arguments):
    """Results of a function, and the gradients of their sum with random weights by everything."""

    def loss(real, *rest):
        values = iter(real)
        whole = [next(values) if _is_real(v) else v for v in arguments[0]]
        results = run(whole, *rest)
        weights = jax.random.normal(jax.random.key(3), results.shape)
        return jnp.vdot(results, weights), results

    real = [value for value in arguments[0] if _is_real(value)]
    gradient = jax.jit(jax.grad(loss, argnums=(0, 1, 2), has_aux=True))
    return jax.tree.leaves(gradient(real, *arguments[1:]))


def _is_real(value):
    return jnp.issubdtype(value.dtype, jnp.inexact)


def assert_same(layer, loop, tolerance=tolerances.FLOAT32, **settings):
    of, arguments = functions(layer, **settings)
    ours, theirs = (with_gradients(of(name), arguments) for name in (loop, "keras"))
    assert any(float(jnp.abs(value).max()) > 1e-3 for value in theirs)
    assert_close([np.asarray(v) for v in ours], [np.asarray(v) for v in theirs], tolerance)


def odd_layer(rng):
    layer = kg.RNN(StillAndMovingCell(4), return_sequences=True)
    layer(inputs(rng))
    layer.set_weights([0.6 * rng.normal(size=w.shape) for w in layer.weights])
    return layer


#: Outputs of all cells are compared with the references elsewhere, loop by loop.
TURNS = [("compiled", MASK), ("recomputed", MASK), ("compiled", None)]
CASES = [(*case, *TURNS[number % 3]) for number, case in enumerate(STRUCTURES)]
CASES += [("ProjectedLSTMCell", {"projection_units": 2}, *TURNS[1])]


@pytest.mark.parametrize(
    ("name", "arguments", "loop", "mask"), CASES, ids=lambda v: "" if v is MASK else identify(v)
)
def test_outputs_and_gradients_are_those_of_keras_loop(name, arguments, loop, mask, rng):
    assert_same(make_layer(name, arguments, rng), loop, mask=mask)


def test_every_cell_is_compiled(rng):
    for name, arguments in every_cell():
        cell = getattr(kg, name)(4, **arguments)
        cell.build((None, 3))
        assert loops.choose(cell, (8, 7, 3)) == "compiled", name


@pytest.mark.parametrize("loop", ["compiled", "recomputed"])
def test_a_step_of_a_users_own_in_which_inputs_and_matrices_are_everywhere(loop, rng):
    assert_same(odd_layer(rng), loop, mask=MASK)


def test_every_derivative_of_every_order(rng):
    layer = make_layer("GRUCell", {}, rng)
    of, arguments = functions(layer, mask=MASK[:, :3], time=3)
    along = jax.tree.map(
        lambda v: 0.1 * jnp.asarray(rng.normal(size=v.shape), "float32"), arguments
    )

    def derivatives(run):
        def loss(*arguments):
            return jnp.sum(jnp.sin(run(*arguments)))

        gradient = jax.grad(loss, (0, 1, 2))

        def slope(*arguments):
            pairs = zip(jax.tree.leaves(gradient(*arguments)), jax.tree.leaves(along))
            return sum(jnp.vdot(a, b) for a, b in pairs)

        of_x = jax.jacfwd(lambda state: loss(*arguments[:2], [state]))(arguments[2][0])
        rows = jnp.stack([arguments[1], 2 * arguments[1]])
        return {
            "forward, of a state": of_x,
            "backward, of the input alone": jax.grad(loss, 1)(*arguments),
            "forward over backward": jax.jvp(gradient, arguments, along)[1],
            "backward over backward": jax.grad(slope, (0, 1, 2))(*arguments),
            "mapped": jax.vmap(loss, (None, 0, None))(arguments[0], rows, arguments[2]),
        }

    ours, theirs = (
        jax.jit(lambda loop=loop: derivatives(of(loop)))() for loop in ("compiled", "keras")
    )
    for name, expected in theirs.items():
        values = [np.asarray(v) for v in jax.tree.leaves(ours[name])]
        expected = [np.asarray(v) for v in jax.tree.leaves(expected)]
        assert_close(values, expected, tolerances.SECOND_DERIVATIVES)


@pytest.fixture
def gpu(monkeypatch):
    """A GPU, as far as Keras's list of devices goes."""
    monkeypatch.setattr(keras.distribution, "list_devices", lambda: ["gpu:0"])


@pytest.mark.parametrize(
    ("time", "size", "loop"), [(40, 20, "compiled"), (37, 16, "compiled"), (37, 16, "recomputed")]
)
def test_any_number_of_blocks(time, size, loop, rng):
    assert block_size(time, scanning.ON_CPUS[True][0]) == size
    mask = rng.random((2, time)) < 0.7
    assert_same(make_layer("GRUCell", {}, rng), loop, time=time, batch=2, mask=mask)


def test_as_on_a_gpu_several_steps_are_compiled_as_one_piece(rng, gpu, monkeypatch):
    most, unroll = scanning.ON_GPUS[True]
    assert most > 1000
    assert unroll > 1
    monkeypatch.setattr(scanning, "ON_GPUS", ((8, 3), (most, 3)))
    mask = rng.random((2, 19)) < 0.7
    for loop in ("compiled", "recomputed"):
        assert_same(make_layer("GRUCell", {}, rng), loop, time=19, batch=2, mask=mask)


def test_dropout_draws_the_same_and_reaches_every_gradient(rng):
    layer = make_layer("LSTMCell", {"dropout": 0.3, "recurrent_dropout": 0.3}, rng)
    assert_same(layer, "compiled", training=True)


def test_half_precision(rng):
    layer = make_layer("GRUCell", {}, rng, dtype="mixed_bfloat16")
    of, arguments = functions(layer)
    ours, theirs = (np.asarray(jax.jit(of(loop))(*arguments)) for loop in ("compiled", "keras"))
    # Products are of eight bits, and are the same; so are the states, but for their rounding.
    assert_close([ours], [theirs], 2.0**-8)


def products(jaxpr):
    """Contracted entries and shape of every product in a jaxpr, and those in what it calls."""
    for equation in jaxpr.eqns:
        if equation.primitive.name == "dot_general":
            (axes, _), _ = equation.params["dimension_numbers"]
            shape = equation.invars[0].aval.shape
            yield int(np.prod([shape[axis] for axis in axes])), {*equation.outvars[0].aval.shape}
        for value in equation.params.values():
            for inner in value if isinstance(value, (tuple, list)) else [value]:
                inner = getattr(inner, "jaxpr", inner)
                if hasattr(inner, "eqns"):
                    yield from products(inner)


def test_gradients_of_weights_are_products_of_all_steps_of_a_block(rng):
    layer = make_layer("LSTMCell", {}, rng)
    of, arguments = functions(layer)
    rows = {}
    for loop in ("compiled", "keras"):
        run = of(loop)
        gradient = jax.grad(lambda *a, run=run: run(*a).sum())
        found = list(products(jax.make_jaxpr(gradient)(*arguments).jaxpr))
        rows[loop] = [n for n, shape in found if shape in ({4, 16}, {3, 16})]
    assert rows["compiled"] == [7 * len(MASK)] * 2
    assert rows["keras"] == [len(MASK)] * 2


def test_what_cannot_be_compiled_runs_in_keras_loop(rng):
    layer = kg.RNN(DrawingCell(4))
    layer.build((None, 7, 3))
    assert not loops.compiles(layer.cell)
    assert "draws random numbers" in loops.why(layer)
    assert loops.choose(layer.cell, (8, 7, 3)) == "keras"
    assert loops.choose(kg.RNN(keras.layers.LSTMCell(4)).cell, (8, 7, 3)) == "keras"


def test_what_auto_takes(rng, monkeypatch):
    cell = make_layer("JANETCell", {}, rng).cell
    assert loops.why(cell).startswith("JANETCell runs in the compiled loop")
    assert loops.choose(cell, (8, 7, 3)) == loops.choose(cell, (None, None, 3)) == "compiled"
    assert loops.choose(cell, (7, 7, 3)) == loops.choose(cell, (8, 1, 3)) == "keras"
    assert loops.choose(cell, (8, 7, 3), unroll=True) == "keras"
    assert loops.choose(cell, (1 << 12, 1 << 14, 3)) == "recomputed"
    monkeypatch.setattr(keras.distribution, "list_devices", lambda: ["tpu:0"])
    assert loops.choose(cell, (8, 7, 3)) == "keras"
    assert "TPU" in loops.why(cell)


def test_on_a_gpu_auto_takes_no_cudnn(rng, gpu):
    """It was measured: the compiled loop is ahead of it at every size, with few rows as well."""
    for name in ("LSTMCell", "ResetAfterGRUCell", "JANETCell"):
        cell = make_layer(name, {}, rng).cell
        assert loops.choose(cell, (1, 7, 3)) == loops.choose(cell, (None, 7, 3)) == "compiled"
        assert loops.why(cell).startswith(f"{name} runs in the compiled loop")
    assert why_not(kg.LSTMCell(3)) is None
    assert kg.LSTM(3, use_cudnn=False).chosen_loop() == "compiled"
    assert "cuDNN's GRU on JAX" in why_not(kg.ResetAfterGRUCell(3))
    assert "single precision alone" in why_not(kg.LSTMCell(3, dtype="float64"))


@pytest.mark.parametrize("loop", ["auto", "compiled", "associative", "chunked"])
@pytest.mark.parametrize("sizes", ["b, 5", "b, t", "8, t"])
def test_what_jax_exports_for_any_size_is_the_layer(loop, sizes, rng):
    layer = make_layer("MinGRUCell", {}, rng, features=2, units=3, loop=loop)
    values = [
        [v.value for v in some]
        for some in (layer.trainable_variables, layer.non_trainable_variables)
    ]

    def run(x):
        return layer.stateless_call(*values, x)[0]

    shape = jax.export.symbolic_shape(sizes)
    x = rng.normal(size=(8, 5, 2)).astype("float32")
    exported = jax.export.export(jax.jit(run))(jax.ShapeDtypeStruct((*shape, 2), "float32"))
    assert_close(exported.call(x), layer(x), tolerances.FLOAT32)
    if loop == "auto":
        slope = jax.jit(jax.grad(lambda x: run(x).sum()))
        exported = jax.export.export(slope)(jax.ShapeDtypeStruct((*shape, 2), "float32"))
        assert_close(exported.call(x), slope(x), tolerances.FLOAT32)
