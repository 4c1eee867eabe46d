"""Layers in the loops that they are tried in."""

import keras
import pytest

from kerasgates import loops
from tests.cases import (
    FEATURES,
    SOME,
    every_cell,
    identify,
)

EVERY_CELL = pytest.mark.parametrize(("name", "arguments"), every_cell(), ids=identify)
#: Loops that XLA compiles, and that run eagerly in the fast suite.
COMPILED = ("compiled", "recomputed")


QUICK = [*(name for name in loops.LOOPS if name not in (*COMPILED, "dense")), "compiled eagerly"]
DEAR = [pytest.param(name, marks=pytest.mark.slow) for name in (*COMPILED, "dense")]
EVERY_LOOP = pytest.mark.parametrize("loop", QUICK + DEAR, indirect=True)
#: One loop after the other in each cell, and all of them in some; and Keras's in each, slowly.
EVERY_CELL_IN_SOME_LOOP = pytest.mark.parametrize(
    ("name", "arguments", "loop"),
    [
        (name, arguments, loop)
        if name in SOME or position == number % len(loops.LOOPS)
        else pytest.param(name, arguments, loop, marks=pytest.mark.slow)
        for number, (name, arguments) in enumerate(every_cell())
        for position, loop in enumerate(loops.LOOPS)
        if name in SOME or loop == "keras" or position == number % len(loops.LOOPS)
    ],
    ids=identify,
)


def functional(layer, time=None, batch=None, mask=False):
    """A model of one layer, with a mask read from zeros in the input where asked for."""
    x = keras.Input((time, FEATURES), batch_size=batch)
    y = keras.layers.Masking()(x) if mask else x
    return keras.Model(x, layer(y))
