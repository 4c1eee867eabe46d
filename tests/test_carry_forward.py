"""The cell of the weather's example that carries forward what was last known."""

import importlib
from pathlib import Path

import keras
import numpy as np
import pytest
from ai_edge_litert.interpreter import Interpreter

import kerasgates as kg
from tests import tolerances
from tests.tolerances import assert_close

ROOT = Path(__file__).resolve().parent.parent
MEAN, DEVIATION, PRESENCE = (50.0, 0.5, 1000.0), (20.0, 0.2, 8.0), (1, 1, 2)


@pytest.fixture(scope="module")
def cell():
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(ROOT / "examples")
        yield importlib.import_module("carry_forward").CarryForwardCell


def written_out(x, clock):
    """What the cell must give, step by step in float64."""
    held = np.zeros((len(x), 3))
    hour = np.full(len(x), np.nan)
    steps = []
    for now in x.astype(float).transpose(1, 0, 2):
        for row, values in enumerate(now):
            for column, sign in enumerate(PRESENCE):
                if values[sign] > 0:
                    held[row, column] = (values[column] - MEAN[column]) / DEVIATION[column]
            hour[row] = values[3] if values[1] > 0 else hour[row] + 1
        hand = np.nan_to_num([np.sin(np.pi / 12 * hour), np.cos(np.pi / 12 * hour)]).T
        parts = [held.copy(), *[hand] * clock, now[:, 1:2] <= 0]
        steps.append(np.concatenate(parts, axis=1))
    return np.stack(steps, axis=1)


@pytest.fixture
def hours(rng):
    """Hours of three places: some missing, the first of one, some without the last value."""
    x = rng.uniform((10, 0.1, 980, 0), (90, 1, 1020, 23), size=(3, 40, 4)).astype("float32")
    x[..., 3] = np.arange(40) % 24
    x[0, 5:9] = x[1, :3] = x[2, 39] = 0
    x[:, 20:23, 2] = 0
    return x


@pytest.mark.parametrize("clock", [False, True])
def test_the_last_known_is_carried_and_the_clock_goes_on(cell, hours, clock):
    layer = kg.RNN(cell(PRESENCE, MEAN, DEVIATION, clock), return_sequences=True)
    x = hours if clock else hours[..., :3]
    assert_close(layer(x), written_out(hours, clock).astype("float32"), 10 * tolerances.SAME)


@pytest.mark.slow
def test_streams_and_is_saved_with_its_arguments(cell, hours, tmp_path):
    inputs = keras.Input((None, 4), name="hours")
    carried = kg.RNN(cell(PRESENCE, MEAN, DEVIATION, True), return_sequences=True, name="carried")
    model = keras.Model(inputs, carried(inputs))
    model.save(tmp_path / "model.keras")
    again = keras.saving.load_model(tmp_path / "model.keras")
    assert_close(again(hours), model(hours), tolerances.SAME)
    kg.export.litert(model, tmp_path / "model.tflite", signature="both")
    step = Interpreter(str(tmp_path / "model.tflite")).get_signature_runner("step")
    state = np.zeros((1, 5), "float32")
    for now, expected in zip(hours[0], keras.ops.convert_to_numpy(model(hours[:1]))[0]):
        found = step(hours=now[None], carried_v=state)
        state = found["carried_v"]
        assert_close(found["carried"][0], expected, 10 * tolerances.SAME)
