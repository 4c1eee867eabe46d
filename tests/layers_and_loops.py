"""Layers in the loops that they are tried in."""

import keras
import pytest

from tests.cases import (
    FEATURES,
    LOOPS,
    SOME,
    STRUCTURES,
    UNITS,
    every_cell,
    identify,
    quickly,
)

EVERY_CELL = pytest.mark.parametrize(("name", "arguments"), every_cell(), ids=identify)
EVERY_CELL_SLOWLY = pytest.mark.parametrize(
    ("name", "arguments"), quickly(every_cell()), ids=identify
)
#: Loops that XLA compiles, and that run eagerly in the fast suite.
COMPILED = ("compiled", "recomputed")


QUICK = [*(name for name in LOOPS if name not in (*COMPILED, "dense")), "compiled eagerly"]
DEAR = [pytest.param(name, marks=pytest.mark.slow) for name in (*COMPILED, "dense")]
EVERY_LOOP = pytest.mark.parametrize("loop", QUICK + DEAR, indirect=True)
#: All loops with some cells; with the others one of those in which no pass is traced, and slowly
#: the one that XLA compiles, with a cell for each structure that it tells apart.
EVERY_CELL_IN_SOME_LOOP = pytest.mark.parametrize(
    ("name", "arguments", "loop"),
    [
        *((name, {}, loop) for name in SOME for loop in LOOPS),
        *quickly(
            (*case, ("keras", "hoisted")[number % 2])
            for number, case in enumerate(every_cell())
            if case[0] not in SOME
        ),
        *(
            pytest.param(*case, "compiled", marks=pytest.mark.slow)
            for case in every_cell()
            if case in STRUCTURES and case[0] not in SOME
        ),
    ],
    ids=identify,
)
#: Shapes that are no columns of gates times rows of features, or of outputs: as docstrings say.
OWN_SHAPES = {
    "MogrifierLSTMCell": {"kernel": (FEATURES, 4 * UNITS)},
    "TiedMogrifierLSTMCell": {"kernel": (FEATURES, 3 * UNITS)},
    "RGLRUCell": {"kernel": (FEATURES, UNITS)},
    # A time, or a mask and a time, are no rows.
    "TimeAwareLSTMCell": {"kernel": (FEATURES - 1, 4 * UNITS)},
    "PhasedLSTMCell": {"kernel": (FEATURES - 1, 4 * UNITS)},
    "MCLSTMCell": {"kernel": (FEATURES - 1, UNITS * (1 + 1 + UNITS))},
    "LTCCell": {"kernel": None},
    "GRUDCell": {"kernel": ((FEATURES - 1) // 2, 3 * UNITS)},
    "SCRNCell": {"recurrent_kernel": (UNITS, UNITS)},
    # Of each feature the columns of its own group.
    "GroupLSTMCell": {"kernel": (FEATURES, 4 * UNITS // 2)},
}
#: Biases that do not start at 0 by their papers.
OWN_BIASES = {
    "MCLSTMCell": {"o": -3.0},
    "FastGRNNCell": {"z": 1.0, "n": 1.0},
    "LowRankFastGRNNCell": {"z": 1.0, "n": 1.0},
    "RHNCell": {"t": -2.0, "t2": -2.0, "t3": -2.0},
}


def functional(layer, time=None, batch=None, mask=False):
    """A model of one layer, with a mask read from zeros in the input where asked for."""
    x = keras.Input((time, FEATURES), batch_size=batch)
    y = keras.layers.Masking()(x) if mask else x
    return keras.Model(x, layer(y))
