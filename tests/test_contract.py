"""Every cell x every loop x every mask equals the reference, with random weights and states.

Runs on every backend: on TensorFlow and PyTorch in float64, where only rounding is left; on JAX in
float32, because it rounds float64 there.
"""

from contextlib import nullcontext

import keras
import numpy as np
import pytest
from numpy.testing import assert_allclose

import kerasgates as kg
from kerasgates.core.cell import CELLS
from kerasgates.loops import compiles
from tests import reference, tolerances
from tests.cases import (
    LOOPS,
    MASK,
    QUICK_CELLS,
    SOME,
    as_array,
    as_arrays,
    as_tensor,
    eagerly,
    every_cell,
    every_configuration,
    every_loop_of_some_cells,
    identify,
    in_graph,
    initial_states,
    inputs,
    make_layer,
    named_cases,
    weights_of,
)
from tests.tolerances import assert_close

BACKEND = keras.backend.backend()
COMPILES = BACKEND == "tensorflow"
#: JAX rounds float64 unless it is told otherwise.
EXACT = BACKEND != "jax"
DTYPE = "float64" if EXACT else "float32"
TOLERANCE = tolerances.FLOAT64 if EXACT else tolerances.FLOAT32

#: Ways to run a layer that change what it computes.
SETTINGS = {
    "plain": {},
    "masked": {"mask": MASK},
    "backwards": {"go_backwards": True},
    "backwards masked": {"go_backwards": True, "mask": MASK},
    "zeros for masked": {"zero_output_for_mask": True, "mask": MASK},
    "unrolled": {"unroll": True},
    "unrolled masked": {"unroll": True, "mask": MASK},
    "unrolled backwards zeros": {
        "unroll": True,
        "go_backwards": True,
        "zero_output_for_mask": True,
        "mask": MASK,
    },
    "last": {"return_sequences": False, "mask": MASK},
}
#: Loops that are made into a graph first; on the other backends they are the plain one.
COMPILED = ("compiled", "recomputed")
GRAPHS = ("dense", *COMPILED)
HERE = [name for name in LOOPS if name != "vendor"]
#: Tried with some cells alone. On JAX the compiled loop takes the products of inputs out, too.
FEW_CELLS = {"recomputed"} | ({"hoisted"} if BACKEND == "jax" else set())
#: Tried there with some cells alone, since it is Keras's own code around steps that are all tried.
OF_SOME_CELLS = {"jax": "keras", "torch": "hoisted"}.get(BACKEND)
#: Those that change nothing but how it is computed.
FORMS = ("unroll",)
#: Settings in which every cell is tried in every loop.
OF_EVERY_CELL = ("plain", "masked")
#: The others are done outside the cell: all of them are tried with some cells, and with each of
#: the rest one after the other, in one loop after the other.
IN_TURN = [setting for setting in SETTINGS if setting not in OF_EVERY_CELL]
TURNS = [name for name in HERE if name not in ("dense", "recomputed")]
#: In these steps there are rows of every kind of mask: enough but where all settings are tried.
FEW_STEPS = slice(1, 6)


def settings_of(name, loop):
    """The settings in which a cell is tried in a loop."""
    if name in SOME:
        return [*SETTINGS]
    # Each costs a compilation on the other backends, and a row of the mask is whole.
    if not COMPILES:
        return ["masked"]
    # Each costs a graph in the dense loop.
    number, turn = [*reference.CELLS].index(name), IN_TURN
    if loop == "dense" or loop != TURNS[number % len(TURNS)]:
        return [*OF_EVERY_CELL]
    if loop in COMPILED:
        # Laid out, each of the compiled loops is Keras's.
        turn = [s for s in IN_TURN if "unroll" not in SETTINGS[s]]
    return [*OF_EVERY_CELL, turn[number // len(TURNS) % len(turn)]]


def is_dear(name, arguments, loop):
    """Whether a test of all settings takes seconds."""
    return loop == "recomputed" or (name == SOME[1] and loop in GRAPHS)


def is_slow(name, arguments, loop):
    """Whether it is left to the slow suite: what takes seconds, and most loops of most cells."""
    if name in SOME:
        return is_dear(name, arguments, loop)
    return COMPILES and name not in QUICK_CELLS and loop != "compiled"


_BUILT = {}


def built(name, arguments):
    """A layer with random weights: one for all tests of a cell, which change nothing in it."""
    key = name, identify(arguments)
    if key not in _BUILT:
        _BUILT[key] = make_layer(name, arguments, np.random.default_rng(31), dtype=DTYPE)
    return _BUILT[key]


def run_both(layer, loop, rng, mask=None, return_sequences=True, **settings):
    """Output and states of a layer's cell in a loop, and of the reference, from random numbers."""
    cell, name = layer.cell, type(layer.cell).__name__
    ours = kg.RNN(
        cell,
        loop=loop,
        dtype=DTYPE,
        return_sequences=return_sequences,
        return_state=True,
        **settings,
    )
    steps = slice(None) if name in SOME else FEW_STEPS
    x, states = inputs(rng)[:, steps], initial_states(cell, rng)
    mask = None if mask is None else mask[:, steps]
    # The dense loop is one of graphs only.
    run = in_graph(ours) if loop == "dense" else ours
    results = run(
        x,
        initial_state=[as_tensor(state.astype(DTYPE)) for state in states],
        mask=None if mask is None else as_tensor(mask),
    )
    meaning = {key: value for key, value in settings.items() if key not in FORMS}
    outputs, last, final = reference.run(
        name, weights_of(cell), x, states, mask=mask, options=cell.get_config(), **meaning
    )
    return as_arrays(results), [outputs if return_sequences else last, *final]


@pytest.mark.parametrize(
    ("name", "arguments", "loop"),
    [
        # All settings of a graph take seconds, with one of the cells.
        pytest.param(*case, marks=[pytest.mark.slow] * is_slow(*case))
        # Forward "recomputed" is "compiled"; its gradients are compared for every cell elsewhere.
        for case in every_loop_of_some_cells(HERE, {*HERE} - FEW_CELLS)
        if case[0] in QUICK_CELLS or case[2] != OF_SOME_CELLS
    ],
    ids=identify,
)
def test_layer_equals_reference(name, arguments, loop, rng):
    layer = built(name, arguments)
    assert loop not in COMPILED or compiles(layer.cell)
    run_eagerly = loop in COMPILED and name not in SOME
    with named_cases() as case:
        for setting in settings_of(name, loop):
            with case(setting), eagerly(run_eagerly) if COMPILES else nullcontext():
                ours, expected = run_both(layer, loop, rng, **SETTINGS[setting])
                assert_close(ours, expected, TOLERANCE)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "arguments"),
    [case for case in every_configuration() if case not in every_cell()],
    ids=identify,
)
def test_every_further_configuration_equals_reference(name, arguments, rng):
    layer = built(name, arguments)
    with named_cases() as case:
        # Forward "recomputed" is "compiled"; with gradients it is compared for all elsewhere.
        for loop in [name for name in HERE if name != "recomputed"]:
            with case(loop), eagerly(loop in COMPILED) if COMPILES else nullcontext():
                ours, expected = run_both(layer, loop, rng, mask=MASK, return_sequences=False)
                assert_close(ours, expected, TOLERANCE)


@pytest.mark.parametrize(("name", "arguments"), every_configuration(), ids=identify)
def test_one_call_of_the_cell_equals_one_step(name, arguments, rng):
    cell = built(name, arguments).cell
    x, states = inputs(rng)[:, 0], initial_states(cell, rng)
    if not EXACT and getattr(cell, "aside", ()):
        # Where time ran backwards some cell would divide by nearly 0.
        x[:, -1] = 0.1 + np.abs(x[:, -1])
    output, new = cell(as_tensor(x), [as_tensor(s.astype(DTYPE)) for s in states])
    expected, expected_states, _ = reference.CELLS[name].step(
        weights_of(cell), x, states, arguments
    )
    assert_close(as_array(output), expected, TOLERANCE)
    assert_close(as_arrays(new), expected_states, TOLERANCE)


@pytest.mark.parametrize(("name", "arguments"), every_cell(), ids=identify)
def test_gate_values_are_the_reference_gates(name, arguments, rng):
    cell = built(name, arguments).cell
    x, states = inputs(rng)[:, 0], initial_states(cell, rng)
    projected = cell.project(as_tensor(x.astype(DTYPE)))
    _, _, values = cell.step_projected(
        projected, cell.recurrent(), [as_tensor(s.astype(DTYPE)) for s in states]
    )
    gates = reference.CELLS[name].step(weights_of(cell), x, states, arguments)[2]
    assert gates
    for gate, expected in gates.items():
        assert_close(as_array(values[gate]), expected, TOLERANCE)


@pytest.mark.parametrize(
    ("name", "arguments"),
    # On JAX each costs a compilation, of the same that Keras's loop of ours is.
    [case for case in every_cell() if EXACT or case[0] in SOME],
    ids=identify,
)
def test_cell_in_keras_own_layer_equals_reference(name, arguments, rng):
    cell = built(name, arguments).cell
    layer = keras.layers.RNN(cell, return_sequences=True, return_state=True, dtype=DTYPE)
    x, states = inputs(rng, time=3), initial_states(cell, rng)
    ours = layer(as_tensor(x), initial_state=[as_tensor(s.astype(DTYPE)) for s in states])
    outputs, _, final = reference.run(name, weights_of(cell), x, states, options=arguments)
    assert_close(as_arrays(ours), [outputs, *final], TOLERANCE)


@pytest.mark.parametrize("loop", HERE)
def test_rows_that_begin_masked_give_zeros_whatever_the_initial_state(loop, rng):
    layer = make_layer("LSTMCell", {}, rng, loop=loop, return_sequences=True, return_state=True)
    states = initial_states(layer.cell, rng)
    out, h, c = as_arrays(
        layer(inputs(rng), initial_state=[as_tensor(s) for s in states], mask=as_tensor(MASK))
    )
    assert (out[2, :2] == 0).all()
    assert (out[4] == 0).all()
    assert_allclose(h[4], states[0][4])
    assert_allclose(c[4], states[1][4])
    assert (np.abs(out[2, 2:]) > 0).all()


@pytest.mark.parametrize(
    ("loop", "xla"),
    [
        *((loop, False) for loop in HERE),
        *(pytest.param(loop, True, marks=pytest.mark.slow) for loop in COMPILED if COMPILES),
    ],
)
def test_stack_equals_reference_layer_by_layer(loop, xla, rng):
    names = ["LSTMCell", "GRUCell", "ProjectedLSTMCell"]
    arguments = [{}, {}, {"projection_units": 2}]
    cells = [
        make_layer(name, args, rng, features=width, dtype=DTYPE).cell
        for name, args, width in zip(names, arguments, (3, 4, 4), strict=True)
    ]
    stack = kg.RNN(cells, return_sequences=True, return_state=True, loop=loop, dtype=DTYPE)
    x = inputs(rng)
    states = [initial_states(cell, rng) for cell in cells]
    given = [[as_tensor(s.astype(DTYPE)) for s in inner] for inner in states]
    with eagerly(loop in COMPILED and not xla) if COMPILES else nullcontext():
        ours = as_arrays(stack(x, initial_state=given, mask=as_tensor(MASK)))
    expected, final = x, []
    for name, cell, args, inner in zip(names, cells, arguments, states, strict=True):
        expected, _, last = reference.run(
            name, weights_of(cell), expected, inner, mask=MASK, options=args
        )
        final += last
    assert_close(ours, [expected, *final], TOLERANCE)


def test_no_cell_is_missing_from_the_table():
    shipped = {name for name, cls in CELLS.items() if cls.__module__.startswith("kerasgates.")}
    assert shipped == set(reference.CELLS), "every cell needs a function in tests/reference.py"
    for name in shipped:
        assert CELLS[name].gates == reference.CELLS[name].gates
        assert CELLS[name].states == reference.CELLS[name].states
