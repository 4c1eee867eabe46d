"""Recurrent weights that are made of those that are trained: by wrappers, or by a cell itself."""

import keras
import numpy as np
import pytest

import kerasgates as kg
from kerasgates import loops
from tests.cases import (
    MASK,
    as_array,
    as_arrays,
    as_tensor,
    eagerly,
    named_cases,
    randomise,
    weights_of,
)
from tests.reference_wrappers import over_time
from tests.tolerances import FLOAT32, GRADIENTS, SAME, assert_close

FEATURES, UNITS = 3, 4
BATCH, TIME = MASK.shape
ON_TENSORFLOW = keras.backend.backend() == "tensorflow"

#: Both wrappers, alone and in one another, in a cell with recurrent dropout and one that draws.
CASES = {
    "norm": lambda **kw: kg.WeightNorm(kg.GRUCell(UNITS, **kw)),
    "drop": lambda **kw: kg.DropConnect(kg.LSTMCell(UNITS, **kw), 0.4),
    "both": lambda **kw: kg.Zoneout(
        kg.WeightNorm(kg.DropConnect(kg.PeepholeLSTMCell(UNITS, **kw), 0.4)), {"c": 0.3}
    ),
}


def built(cell, rng, **arguments):
    layer = kg.RNN(cell, **{"return_sequences": True, "return_state": True, **arguments})
    layer.build((None, None, FEATURES))
    randomise(layer, rng)
    return layer


def inputs(rng, dtype="float32"):
    return rng.normal(size=(BATCH, TIME, FEATURES)).astype(dtype)


def drawing(monkeypatch):
    """Dicts that hold, by cell, what was drawn last: for the steps, and of the weights."""
    of_steps, of_weights = {}, {}
    draw, draw_mask = kg.Zoneout.draw_own, kg.DropConnect.draw_own_mask

    def draw_own(cell, shape):
        of_steps["last"] = as_array(draw(cell, shape))
        return as_tensor(of_steps["last"])

    def draw_own_mask(cell):
        if drawn := draw_mask(cell):
            of_weights["last"] = as_array(cell._recurrent_dropout_mask)
        return drawn

    monkeypatch.setattr(kg.Zoneout, "draw_own", draw_own)
    monkeypatch.setattr(kg.DropConnect, "draw_own_mask", draw_own_mask)
    return of_steps, of_weights


@pytest.mark.parametrize("name", CASES)
def test_every_loop_multiplies_by_what_is_made_of_the_weights(name, rng, monkeypatch):
    of_steps, of_weights = drawing(monkeypatch)
    x, layer = inputs(rng), built(CASES[name](), rng)
    first = [rng.normal(size=(BATCH, n)).astype("float32") for n in layer.cell.state_sizes]
    with named_cases() as case:
        for loop in ("keras", "hoisted", "compiled", "recomputed"):
            layer.loop = loop
            for training in (False, True):
                with eagerly(loop[-1] == "d" and ON_TENSORFLOW):
                    given = {"initial_state": first, "mask": MASK, "training": training}
                    output, *last = layer(x, **given)
                drawn = (of_steps.get("last"), of_weights.get("last")) if training else ()
                wanted, ends = over_time(layer.cell, x, first, MASK, *drawn)
                with case(f"{loop} {training}"):
                    assert_close(as_array(output), wanted, FLOAT32)
                    assert_close(as_arrays(last), ends, FLOAT32)
    if name != "norm":
        mask = of_weights["last"]
        assert mask.shape == tuple(layer.cell.recurrent_kernel.shape)
        assert_close(np.unique(mask), np.array([0, 1 / 0.6], "float32"), SAME)
        assert 0.15 < (mask == 0).mean() < 0.65


class Antisymmetric(kg.SimpleRNNCell):
    """Its recurrent weights are antisymmetric, but for a shift."""

    def parametrise(self, U, training=False):
        return U - keras.ops.transpose(U) - 0.1 * keras.ops.eye(self.units, dtype=U.dtype)


@pytest.mark.parametrize("name", ["norm", "drop", "both", "own"])
@pytest.mark.slow
def test_compiled_gradients_are_those_of_the_plain_loop(name, rng):
    tf = pytest.importorskip("tensorflow")
    x, found, weights = inputs(rng, "float64"), {}, None
    of_output = rng.normal(size=(TIME, UNITS))
    for loop in ("keras", "compiled"):
        make = Antisymmetric if name == "own" else CASES[name]
        kw = {"recurrent_dropout": 0.3, "seed": 4} if name == "drop" else {}
        cell = make(UNITS, dtype="float64") if name == "own" else make(dtype="float64", **kw)
        for one in [cell, *(getattr(cell, "cell", None),)]:
            if getattr(one, "seed_generator", None) is not None:
                one.seed_generator = keras.random.SeedGenerator(6)
        if name == "both":
            cell.cell.cell.seed_generator = keras.random.SeedGenerator(7)
        layer = built(cell, rng, loop=loop, dtype="float64", return_state=False)
        assert loops.why(layer.cell).count("runs in the compiled loop") == 1
        weights = weights or layer.get_weights()
        layer.set_weights(weights)
        variable = tf.Variable(x)
        with eagerly(), tf.GradientTape() as outer:
            with tf.GradientTape() as tape:
                output = layer(variable, mask=MASK, training=True)
                loss = tf.reduce_sum(output * of_output)
            first = tape.gradient(loss, [variable, *layer.trainable_weights])
            # Second derivatives of the shortest kind go the same way.
            slope = tf.reduce_sum(first[0] ** 2)
        second = outer.gradient(slope, layer.trainable_weights[:2]) if name == "own" else []
        found[loop] = as_arrays([*first, *second])
    for value, wanted in zip(found["compiled"], found["keras"], strict=True):
        assert wanted.any()
        assert_close(value, wanted, GRADIENTS)


def test_weights_begin_as_those_of_the_cell_and_are_normalised(rng):
    x, plain = inputs(rng), kg.RNN(kg.LSTMCell(UNITS), return_sequences=True)
    plain.build(x.shape)
    cell = kg.WeightNorm(kg.LSTMCell(UNITS))
    layer = kg.RNN(cell, return_sequences=True)
    layer.build(x.shape)
    begun = as_array(cell.recurrent_kernel)
    assert_close(as_array(cell.recurrent_scale), np.sqrt((begun**2).sum(axis=0)), SAME)
    randomise(plain, rng)
    for name, value in weights_of(plain.cell).items():
        getattr(cell, name).assign(value)
    assert np.abs(as_array(layer(x)) - as_array(plain(x))).max() > 0.01
    cell.set_scale()
    assert_close(as_array(layer(x)), as_array(plain(x)), SAME)
    # Lengths of directions do not matter.
    cell.recurrent_kernel.assign(7 * as_array(cell.recurrent_kernel))
    assert_close(as_array(layer(x)), as_array(plain(x)), SAME)
    cell.recurrent_kernel.assign(0 * begun)
    assert np.isfinite(as_array(layer(x))).all()


def test_lengths_of_the_weights_of_the_input_count_as_in_the_cell(rng):
    """What the docstring says that the paper has otherwise: W is trained as it is."""
    x, layer = inputs(rng), built(CASES["norm"](), rng, return_state=False)
    of_cell = [weight.name for weight in layer.cell.cell.weights]
    assert [w.name for w in layer.cell.weights] == ["recurrent_scale", *of_cell]
    before, kernel = as_array(layer(x)), as_array(layer.cell.kernel)
    layer.cell.kernel.assign(3 * kernel)
    assert np.abs(as_array(layer(x)) - before).max() > 0.01
    layer.cell.kernel.assign(kernel)
    layer.cell.recurrent_kernel.assign(3 * as_array(layer.cell.recurrent_kernel))
    assert_close(as_array(layer(x)), before, SAME)
    assert "Deviations: the paper gives all weights" in " ".join(kg.WeightNorm.__doc__.split())


def test_files_equations_traces_and_precision(rng, tmp_path):
    x = inputs(rng)
    given = keras.Input((None, FEATURES))
    layer = kg.RNN(CASES["both"](), return_sequences=True)
    model = keras.Model(given, layer(given))
    randomise(model, rng)
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    assert_close(as_array(loaded(x)), as_array(model(x)), SAME)
    assert "norm(drop(U_i)) h + p_i ⊙ c" in kg.equations(layer)
    assert kg.plot.cell(layer).get_title() == "Zoneout(WeightNorm(DropConnect(PeepholeLSTMCell)))"
    (traced,) = kg.trace(layer, x).values()
    assert_close(traced.states["h"], as_array(layer(x)), SAME)
    mixed = built(kg.WeightNorm(kg.GRUCell(UNITS, dtype="mixed_bfloat16")), rng, dtype="float32")
    y, *_ = mixed(x)
    assert keras.backend.standardize_dtype(mixed.cell.compute_dtype) == "bfloat16"
    assert np.isfinite(as_array(y).astype("float32")).all()


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: kg.WeightNorm(kg.LSTM(3)), "Argument `cell` of WeightNorm must be a cell of ker"),
        (lambda: kg.DropConnect(kg.GRUCell(3), 1), "Argument `rate` of DropConnect must be a num"),
        (lambda: kg.DropConnect(kg.GRUCell(3), seed="a"), "Argument `seed` of DropConnect must be"),
        (
            lambda: kg.WeightNorm(kg.Zoneout(NoRecurrence(3))),
            r"in `recurrent_kernel`. Received: Zoneout\(NoRecurrence\), which has no such matrix",
        ),
        (lambda: kg.DropConnect(OwnWay(3)), "Received: OwnWay, which computes its recurrent weigh"),
    ],
)
def test_errors_name_the_argument(make, message):
    with pytest.raises(ValueError, match=message):
        make()


class OwnWay(kg.GRUCell):
    """Has recurrent weights that no wrapper reaches."""

    def recurrent(self, training=False):
        return super().recurrent(training)


class NoRecurrence(kg.AbstractRNNCell):
    """Has no recurrent weights."""

    gates, states, recurrent_gates = ("n",), ("h",), ()

    def step(self, Wx, U, h):
        n = self.activation(Wx.n)
        return (0.5 * h + n,), {"n": n}
