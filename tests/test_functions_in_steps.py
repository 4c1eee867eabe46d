"""Steps that hand functions to operations: all that these read is seen, and every loop agrees."""

import re

import keras
import numpy as np
import pytest
from keras import ops

import kerasgates as kg
from tests.cases import KERAS, as_array
from tests.tolerances import FLOAT32, assert_close

#: Steps of a chunk, twice and some more, so that every loop has something to join.
TIME = 140


def cell_of(added, **members):
    """A cell that keeps a share of h, entry by entry, and adds what a function of step makes."""

    def step(self, Wx, U, h):
        f = ops.sigmoid(Wx.f)
        return (f * h + (1 - f) * added(self, Wx.b, h),), {"f": f}

    members = {
        "gates": ("f", "b"),
        "states": ("h",),
        "recurrent_gates": (),
        **members,
        "step": step,
    }
    return type("FunctionCell", (kg.AbstractRNNCell,), members)(4)


def with_lambda(self, b, h):
    return keras.layers.Lambda(lambda v: v * ops.tanh(h))(b)


def with_attribute(self, b, h):
    self.kept = h
    return self.squashed(b)


def squashed(self, b):
    return b * ops.tanh(self.kept)


def by(self, b, function):
    return function(b)


#: What is added to f ⊙ h, each of which reads h by a closure or an attribute alone.
HIDDEN = {
    "fori_loop": lambda self, b, h: ops.fori_loop(0, 2, lambda i, v: 0.5 * v + ops.tanh(h), b),
    "long fori_loop": lambda self, b, h: ops.fori_loop(0, 30, lambda i, v: v / 2 + ops.tanh(h), b),
    "while_loop": lambda self, b, h: ops.while_loop(
        lambda v: ops.sum(v) > 1e9, lambda v: v + ops.tanh(h), [b], maximum_iterations=2
    )[0],
    "cond": lambda self, b, h: ops.cond(ops.sum(b) > 0, lambda: ops.tanh(h), lambda: b),
    "switch": lambda self, b, h: ops.switch(
        ops.cast(ops.sum(b) > 0, "int32"), [lambda v: ops.tanh(h), lambda v: v], b
    ),
    "associative_scan": lambda self, b, h: ops.associative_scan(
        lambda one, two: one + two * ops.tanh(h[:, :1]), b, axis=1
    ),
    "scan": lambda self, b, h: ops.scan(lambda v, _: (v * ops.tanh(h), v), b, None, length=2)[0],
    "map": lambda self, b, h: ops.map(lambda v: v * ops.tanh(h[0]), b),
    "vectorized_map": lambda self, b, h: ops.vectorized_map(lambda v: v * ops.tanh(h[0]), b),
    "Lambda": with_lambda,
    "attribute": with_attribute,
    "method": lambda self, b, h: self.by(b, lambda v: v * ops.tanh(h)),
    "function in a function": lambda self, b, h: ops.fori_loop(
        0, 2, lambda i, v: ops.fori_loop(0, 2, lambda j, w: w * ops.tanh(h), v), b
    ),
}


#: What runs on no symbols before Keras 3.11.
WITHOUT_SYMBOLS = ("while_loop", "vectorized_map") if KERAS < (3, 11) else ()


def hiding(name):
    return cell_of(HIDDEN[name], squashed=squashed, by=by)


@pytest.mark.parametrize("name", HIDDEN)
def test_what_a_function_reads_is_in_the_equations(name):
    cell = hiding(name)
    if name in WITHOUT_SYMBOLS:
        for tool in (kg.equations, kg.linearity):
            with pytest.raises(ValueError, match=f"cannot be written as equations.*{name}"):
                tool(cell)
        return
    new = kg.equations(cell).splitlines()[-1]
    added = new.partition("f ⊙ h + (1 − f) ⊙ ")[2]
    assert re.search(r"\bh\b", added), new
    found = kg.linearity(cell)
    assert not found
    assert found.entrywise == ()


@pytest.mark.parametrize("name", ["fori_loop", "long fori_loop", "Lambda", "attribute", "method"])
@pytest.mark.parametrize("loop", ["associative", "chunked", "auto"])
@pytest.mark.slow
def test_every_loop_computes_the_step(name, loop, rng):
    x = rng.normal(size=(2, TIME, 3)).astype("float32")
    start = [rng.normal(size=(2, 4)).astype("float32")]
    cell = hiding(name)
    wanted = kg.RNN(cell, return_sequences=True, loop="keras")(x, initial_state=start)
    found = kg.RNN(cell, return_sequences=True, loop=loop)(x, initial_state=start)
    assert_close(as_array(found), as_array(wanted), FLOAT32)


def test_short_loops_and_branches_are_written_out():
    assert "0.5 (0.5 (W_b x + b_b) + tanh(h)) + tanh(h)" in kg.equations(hiding("fori_loop"))
    assert "cond(sum(a_b) > 0; tanh(h), a_b)" in kg.equations(hiding("cond"))
    assert "foriloop(W_b x + b_b; h, 0, 30)" in kg.equations(hiding("long fori_loop"))


def softmax(value):
    return ops.softmax(value, axis=0)


def running(value):
    return ops.scan(lambda c, v: (c + v, c + v), ops.zeros((4,)), value)[1]


#: What is added, none of which reads h, but some of which is not of the same row alone.
ACROSS = {
    "mean": lambda self, b, h: b - ops.mean(b, axis=0, keepdims=True),
    "softmax": lambda self, b, h: softmax(b),
    "flip": lambda self, b, h: ops.flip(b, axis=0),
    "einsum": lambda self, b, h: ops.einsum("bi,cj->bj", b, b),
    "roll": lambda self, b, h: ops.roll(b, 1, axis=0),
    "method": lambda self, b, h: self.by(b, softmax),
    "transpose": lambda self, b, h: ops.reshape(ops.transpose(b), (-1, 4)),
    "activation": lambda self, b, h: self.activation(b),
    "method that scans": lambda self, b, h: self.by(b, running),
    "scan": lambda self, b, h: running(b),
}


@pytest.mark.parametrize("name", ACROSS)
@pytest.mark.slow
def test_rows_that_are_mixed_are_no_batch_of_steps(name, rng):
    cell = cell_of(ACROSS[name], by=by)
    cell.activation = softmax
    found = kg.linearity(cell)
    assert not found
    assert "linear in the state: cannot be told, because h' is made with" in str(found)
    x = rng.normal(size=(2, TIME, 3)).astype("float32")
    layers = [kg.RNN(cell, return_sequences=True, loop=n) for n in ("keras", "associative")]
    wanted, seen = (as_array(layer(x)) for layer in layers)
    assert_close(seen, wanted, FLOAT32)


#: What is added, of which the rows depend on how many there are, or on their numbers.
NUMBERED = {
    "share": lambda self, b, h: b / ops.shape(h)[0],
    "arange": lambda self, b, h: b * ops.cast(ops.arange(ops.shape(b)[0]), "float32")[:, None],
    "choice": lambda self, b, h: b * (2.0 if b.shape[0] <= 100 else 1.0),
    "scatter_update": lambda self, b, h: ops.scatter_update(b, [[0, 0]], [1.0]),
    "slice_update": lambda self, b, h: ops.slice_update(b, (0, 0), ops.zeros((1, 1))),
    "tril": lambda self, b, h: ops.tril(b),
    "share in a method": lambda self, b, h: self.by(b, lambda v: v / ops.shape(v)[0]),
    "tril in a method": lambda self, b, h: self.by(b, ops.tril),
    "key": lambda self, b, h: b[..., ::-1, :],
    "part of a key": lambda self, b, h: b - b[0],
}


@pytest.mark.parametrize("name", NUMBERED)
def test_rows_that_depend_on_their_number_are_no_batch_of_steps(name):
    found = kg.linearity(cell_of(NUMBERED[name], by=by))
    assert not found
    assert found.entrywise == ()
    assert "linear in the state: cannot be told, because h' is made with" in str(found)


def rebound(self, Wx, U, h):
    f, b = ops.sigmoid(Wx.f), ops.tanh(Wx.b)
    k = h
    new = ops.fori_loop(0, 2, lambda i, v: v * ops.tanh(k) + b, h)
    k = f
    return (new,), {"f": f, "b": k}


def chosen(self, Wx, U, h):
    f, b = ops.sigmoid(Wx.f), ops.tanh(Wx.b)
    h = ops.cond(ops.any(f > 0.5), lambda: f * h + b, lambda: h)
    return (h,), {"f": f, "b": b}


def scaled(self, Wx, U, h):
    f, b = ops.sigmoid(Wx.f), ops.tanh(Wx.b)
    new = ops.fori_loop(0, 3, lambda i, v: f * v + b, h)
    return (new,), {"f": f, "b": b}


#: Steps that hand over functions, and the equation of h.
HANDED = {
    "rebound": (rebound, "h'  = (h ⊙ tanh(h) + a_b) ⊙ tanh(h) + a_b"),
    "chosen": (chosen, "h' = cond(any(f > 0.5); f ⊙ h + b, h)"),
    "scaled": (scaled, "h' = f ⊙ (f ⊙ (f ⊙ h + b) + b) + b"),
}


@pytest.mark.parametrize("name", HANDED)
def test_functions_are_read_when_they_are_handed_over(name):
    step, equation = HANDED[name]
    members = {"gates": ("f", "b"), "states": ("h",), "recurrent_gates": (), "step": step}
    before = keras.Operation.symbolic_call, keras.Layer.symbolic_call
    cell = type("HandingCell", (kg.AbstractRNNCell,), members)(4)
    assert equation in kg.equations(cell)
    found = kg.linearity(cell)
    assert not found
    assert found.entrywise == ()
    assert before == (keras.Operation.symbolic_call, keras.Layer.symbolic_call)


def test_keras_is_as_before_when_a_step_fails():
    def failing(self, b, h):
        raise ArithmeticError

    before = keras.Operation.symbolic_call, keras.Layer.symbolic_call
    with pytest.raises(ValueError, match="cannot be written as equations"):
        kg.equations(cell_of(failing))
    assert before == (keras.Operation.symbolic_call, keras.Layer.symbolic_call)


def test_rows_that_are_moved_and_put_back_are_a_batch_still():
    def added(self, b, h):
        moved = ops.transpose(ops.reshape(b, (-1, 2, 2)), (1, 0, 2))
        return ops.reshape(ops.transpose(ops.flip(moved, axis=0), (1, 0, 2)), (-1, 4))

    assert kg.linearity(cell_of(added))
    assert kg.linearity(kg.RGLRUCell)


def test_what_is_rounded_stopped_or_named_linear_is_not_linear(rng):
    def linear(value):
        return value * value

    changed = {
        "half": lambda h: ops.cast(ops.cast(h, "float16"), "float32"),
        "converted": lambda h: ops.cast(ops.convert_to_tensor(h, "int32"), "float32"),
        "stopped": ops.stop_gradient,
        "chosen": lambda h: ops.where(h > 0, h, 0.5 * h),
    }
    for name, change in changed.items():
        cell = cell_of(lambda self, b, h, change=change: b + change(h))
        assert not kg.linearity(cell), name
    cell = cell_of(lambda self, b, h: self.activation(h) + b)
    assert not kg.linearity(cell)
    cell.activation = linear
    assert not kg.linearity(cell)
    cell.activation = keras.activations.linear
    assert kg.linearity(cell)


def test_gradients_stop_where_the_step_stops_them(rng):
    tf = pytest.importorskip("tensorflow")
    if keras.backend.backend() != "tensorflow":
        pytest.skip("TensorFlow's tape")
    x = tf.constant(rng.normal(size=(2, 20, 3)), "float32")
    cell, gradients = cell_of(lambda self, b, h: b + ops.stop_gradient(h)), []
    for loop in ("keras", "associative", "chunked"):
        layer = kg.RNN(cell, return_sequences=True, loop=loop)
        with tf.GradientTape() as tape:
            tape.watch(x)
            total = tf.reduce_sum(layer(x) ** 2)
        gradients.append(as_array(tape.gradient(total, x)))
    for found in gradients[1:]:
        assert_close(found, gradients[0], FLOAT32)


def test_draws_are_no_constants_and_leave_seeds_alone():
    seeds, counted = keras.random.SeedGenerator(1), keras.Variable(0.0, name="count")
    before = as_array(seeds.state).copy()

    def drawing(self, b, h):
        return b + 0.1 * keras.random.normal(ops.shape(b), seed=seeds)

    def counting(self, b, h):
        counted.assign_add(1.0)
        return b * counted

    cell = cell_of(drawing)
    assert kg.equations(cell).splitlines()[-2:] == [
        "h' = f ⊙ h + (1 − f) ⊙ (W_b x + ε + b_b)",
        "ε = random numbers drawn at each step",
    ]
    assert r"\varepsilon &= \mathrm{random\ numbers" in kg.equations(cell, "latex")
    assert "is made with random numbers" in str(kg.linearity(cell))
    hidden = cell_of(lambda self, b, h: self.noisy(b), noisy=lambda self, b: drawing(self, b, None))
    assert "is made with values that it draws" in str(kg.linearity(hidden))
    assert "is made with count, which changes" in str(kg.linearity(cell_of(counting)))
    np.testing.assert_array_equal(as_array(seeds.state), before)
    assert float(as_array(counted)) == 0
    # With a number as the seed it is the same at each step.
    same = cell_of(lambda self, b, h: b + keras.random.normal((4,), seed=3))
    assert kg.equations(same).splitlines()[-1].endswith("(W_b x + C + b_b)")
    assert kg.linearity(same)


def test_what_cannot_be_read_is_named():
    def opaque(self, b, h):
        @ops.custom_gradient
        def doubled(value):
            return 2 * value, lambda *of, upstream=None: upstream

        return doubled(h)

    without_symbols = {
        "fori_loop": lambda s, b, h: ops.fori_loop(0, 2, lambda i, v: v + h, ops.zeros((1, 4))),
        "while_loop": lambda s, b, h: ops.while_loop(
            lambda i, v: i < 2, lambda i, v: (i + 1, v + h), (0, b)
        )[1],
        "custom_gradient": opaque,
        "ForiLoop": lambda s, b, h: ops.fori_loop(0, 2, lambda i, v: np.tanh(v), b),
    }
    for name, added in without_symbols.items():
        for tool in (kg.equations, kg.linearity):
            with pytest.raises(ValueError, match=f"cannot be written as equations.*{name}"):
                tool(cell_of(added))


#: Operations on lists, and how they are written.
LISTS = {
    "sum(stack(a_b, h))": lambda self, b, h: ops.sum(ops.stack([b, h], 0), 0) * b,
    "logsumexp(stack(a_b, h))": lambda self, b, h: ops.logsumexp(ops.stack([b, h], 2), (2,)) * b,
    "max(stack(h, a_b))": lambda self, b, h: ops.max(ops.stack((h, b), 0), 0) * b,
    "unstack_2(a": lambda self, b, h: self.twice(ops.unstack(ops.stack([b, h], 1), axis=1)),
    "einsum(a_b; h)": lambda self, b, h: ops.einsum("bi,bi->bi", b, h) * b,
}


@pytest.mark.parametrize("text", LISTS)
def test_operations_on_lists_are_read(text):
    pytest.importorskip("matplotlib")
    cell = cell_of(LISTS[text], twice=lambda self, values: values[0] * values[1])
    assert text in kg.equations(cell)
    assert r"\left(" in kg.equations(cell, "latex") or "stack" not in text
    assert not kg.linearity(cell)
    kg.plot.cell(cell)
