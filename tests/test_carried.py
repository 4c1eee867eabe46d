"""What a layer carries back through time, told from what enters on the way."""

import keras
import numpy as np
import pytest

import kerasgates as kg
from kerasgates.insight.carried import Carried, at_the_step_before, from_last_step
from tests.cases import FEATURES, UNITS
from tests.test_callbacks import chrono, looks

STEPS = 60


def carried(jacobians, entering, lengths=None):
    """The `Carried` of gradients that enter, `(batch, steps, entries)`, counted back in time."""
    whole, later = np.zeros_like(entering), np.zeros_like(entering)
    for step, J in enumerate(jacobians):
        later[:, step] = whole[:, step - 1] @ J if step else 0
        whole[:, step] = later[:, step] + entering[:, step]
    norms = [np.linalg.norm(v, axis=-1) for v in (whole, entering, later)]
    if lengths is not None:
        gone = np.arange(entering.shape[1]) >= np.array(lengths)[:, None]
        norms = [np.where(gone, np.nan, v) for v in norms]
    return Carried(*norms)


def rotations(rng, scale, steps=STEPS):
    """Jacobians that make each vector so many times as long."""
    return [scale * np.linalg.qr(rng.normal(size=(3, 3)))[0] for _ in range(steps)]


ENTERING = {
    "at the end": lambda steps: np.where(steps == 0, 1.0, 0),
    "everywhere": lambda steps: np.ones(STEPS),
    "at the beginning": lambda steps: np.where(steps == STEPS - 1, 1.0, 1e-9),
    "ever more": lambda steps: 10.0 ** (steps / 12 - 4),
    "ever less": lambda steps: 10.0 ** (-steps / 4),
    "at both ends": lambda steps: np.where((steps == 0) | (steps > STEPS - 4), 1e4, 1e-6),
}


@pytest.mark.parametrize("where", ENTERING)
def test_what_enters_is_no_growth_and_what_is_carried_is(where, rng):
    sizes = ENTERING[where](np.arange(STEPS))
    entering = rng.normal(size=(4, STEPS, 3)) * sizes[:, None]
    lengths = [STEPS, 40, 7, 1]
    for scale in (1.0, 0.9, 0.3):
        for rows in (None, lengths):
            assert carried(rotations(rng, scale), entering, rows).growth() <= 1 + 1e-9
    grown = carried(rotations(rng, 1.5), entering)
    if where == "at the end":
        assert grown.growth() == pytest.approx(1.5 ** (STEPS - 1))
    # Of a loss at every step a part is carried over fewer steps.
    assert grown.growth() > 1e3


def test_a_stretch_that_grows_is_found_behind_one_that_fades(rng):
    entering = rng.normal(size=(2, STEPS, 3)) * (np.arange(STEPS) == 0)[:, None]
    jacobians = rotations(rng, 0.3, 30) + rotations(rng, 2.0, 20) + rotations(rng, 1.0, 10)
    assert carried(jacobians, entering).growth() == pytest.approx(2.0**20)


def test_how_far_back_is_counted_from_where_a_gradient_enters(rng):
    for place in (0, 10):
        entering = rng.normal(size=(2, STEPS, 3)) * (np.arange(STEPS) == place)[:, None]
        found = carried(rotations(rng, 0.3), entering)
        # 0.3 to the fifth is above a thousandth, and to the sixth below.
        assert found.reach(1e-3) == (7, STEPS - place)
        assert carried(rotations(rng, 1.0), entering).reach(1e-3) == (STEPS - place,) * 2
    nothing = carried(rotations(rng, 1.0), 0 * entering)
    assert nothing.reach(1e-3) == (0, 0)
    assert nothing.growth() == 0
    cut = carried([np.zeros((3, 3))] * STEPS, entering)
    assert cut.reach(1e-3) == (1, STEPS - 10)


def test_steps_are_counted_back_from_the_last_of_each_row():
    norms = np.array([[1.0, 2.0, np.nan], [np.nan, 4.0, 5.0]])
    forward, backward = from_last_step(norms, False), from_last_step(norms, True)
    np.testing.assert_array_equal(forward, [[2, 1, np.nan], [5, 4, np.nan]])
    np.testing.assert_array_equal(backward, [[1, 2, np.nan], [4, 5, np.nan]])
    np.testing.assert_array_equal(at_the_step_before(forward), [[0, 2, np.nan], [0, 5, np.nan]])


@keras.saving.register_keras_serializable()
class Weighed(keras.layers.Layer):
    """A sum over time, in which a step weighs ten times as much as one a few steps away."""

    def __init__(self, per_step, **kwargs):
        super().__init__(**kwargs)
        self.per_step = per_step

    def call(self, outputs):
        steps = outputs.shape[1]
        weights = 10.0 ** (self.per_step * np.linspace(0, steps - 1, steps, dtype="float32"))
        return keras.ops.sum(weights[:, None] * outputs, axis=1)


def told(layer, rng, *behind, steps=STEPS):
    """What a monitor says of a layer, with some layers behind it."""
    keras.utils.set_random_seed(3)
    layers = [keras.Input((steps, FEATURES)), layer, *behind, keras.layers.Dense(1)]
    model = keras.Sequential(layers)
    model.compile(keras.optimizers.SGD(0.1), "mse")
    x = rng.normal(size=(4, steps, FEATURES)).astype("float32")
    y = rng.normal(size=(4, 1)).astype("float32")
    return lambda: looks(model, kg.callbacks.GateMonitor(x, y, share=1))[1]


def linear(weight, **options):
    layer = kg.SimpleRNN(UNITS, activation="linear", loop="keras", name="rnn", **options)
    layer.build((None, None, FEATURES))
    layer.cell.recurrent_kernel.assign(weight * np.eye(UNITS))
    layer.cell.kernel.assign(1e-3 * layer.cell.kernel)
    return layer


@pytest.mark.parametrize("backwards", [False, True])
@pytest.mark.parametrize("per_step", [-0.1, 0.1])
@pytest.mark.usefixtures("eager")
@pytest.mark.slow
def test_a_later_layer_that_looks_at_some_steps_is_no_explosion(per_step, backwards, rng):
    options = {"return_sequences": True, "go_backwards": backwards}
    assert told(linear(0.9, **options), rng, Weighed(per_step))() == []
    (text,) = told(linear(1.5, **options), rng, Weighed(per_step))()
    assert "Layer 'rnn' explodes. The gradient by its state grows" in text


@pytest.mark.slow
@pytest.mark.slow
def test_an_untrained_bidirectional_layer_does_not_explode(rng):
    both = keras.layers.Bidirectional(kg.LSTM(8, return_sequences=True))
    assert told(both, rng, kg.LSTM(8))() == []


@pytest.mark.usefixtures("eager")
@pytest.mark.slow
def test_a_memory_that_is_hardly_shown_does_not_vanish_for_that(rng):
    """Behind an output gate that is nearly closed little enters, and all of it stays."""
    layer = kg.LSTM(UNITS, loop="keras", name="lstm")
    layer.build((None, None, FEATURES))
    chrono(layer, 5_000)
    layer.cell.bias.assign(layer.cell.bias + np.repeat([0, 0, 0, -8.0], UNITS))
    assert told(layer, rng, steps=40)() == []
    layer.cell.bias.assign(np.repeat([0.0, -6.0, 0.0, -8.0], UNITS))
    (text,) = [t for t in told(layer, rng, steps=40)() if "gradients" in t]
    assert "Layer 'lstm' has vanishing gradients." in text
