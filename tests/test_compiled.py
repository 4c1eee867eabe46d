"""The compiled loops: derivatives of every cell are those of the plain loop."""

import pytest
import tensorflow as tf
from numpy.testing import assert_allclose

from kerasgates.loops.compiled import analysis, custom_gradient
from tests.cases import (
    BATCH,
    EXPORTED,
    MASK,
    SOME,
    STRUCTURES,
    as_array,
    as_arrays,
    eagerly,
    every_cell,
    every_configuration,
    identify,
    initial_states,
    inputs,
    make_layer,
    named_cases,
)
from tests.compiling import LOOPS, agree, derivatives, in_blocks_of_two, layer_pair, of_blocks, slow


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        pytest.param(name, arguments, marks=() if name in SOME and not arguments else slow)
        for name, arguments in every_configuration()
    ],
    ids=identify,
)
def test_gradients_are_those_of_the_plain_loop(name, arguments, rng, monkeypatch):
    """Run eagerly: the passes themselves, of every cell in every way, each configuration in one."""
    ours, plain = layer_pair(rng, "compiled", name, arguments)
    in_blocks_of_two(monkeypatch, ours.cell)
    # Two whole blocks and a part of a third, with rows of every kind of mask.
    x, states = inputs(rng)[:, 1:6], initial_states(ours.cell, rng)
    ways = {"plain": (None, LOOPS[:1]), "masked": (MASK[:, 1:6], LOOPS)}
    if (name, arguments) not in every_cell():
        # Other functions and weights of a cell, in one loop or the other; one row is whole.
        loop = LOOPS[every_configuration().index((name, arguments)) % 2]
        ways = {"masked": (MASK[:, 1:6], [loop])}
    with named_cases() as case:
        for kind, (mask, loops) in ways.items():
            expected = derivatives(plain, x, states, mask)
            for ours.loop in loops:
                with case(f"{ours.loop} {kind}"), eagerly():
                    agree(derivatives(ours, x, states, mask), expected)


#: Some cells in three ways; one of each structure in one of these, one after the other. Of others
#: that have further operations only what comes out; run eagerly, above, all are tried in every way.
MOST = [("compiled", "masked"), ("compiled", "plain"), ("recomputed", "masked")]
WAYS = [
    (*case, *way)
    for number, case in enumerate(STRUCTURES)
    for way in (MOST if case[0] in SOME else [MOST[number % 3]])
]
OTHERS = [c for c in every_cell() if c[0] in EXPORTED and c not in [way[:2] for way in WAYS]]
FAST = [("LSTMCell", {}, "compiled", "masked")]


@pytest.mark.parametrize(
    ("name", "arguments", "loop", "kind"),
    [pytest.param(*case, marks=() if case in FAST else slow) for case in WAYS],
    ids=identify,
)
def test_xla_computes_the_gradients_of_the_plain_loop(
    name, arguments, loop, kind, rng, monkeypatch
):
    ours, plain = layer_pair(rng, loop, name, arguments)
    in_blocks_of_two(monkeypatch, ours.cell)
    case = inputs(rng), initial_states(ours.cell, rng), MASK if kind == "masked" else None
    agree(derivatives(ours, *case), derivatives(plain, *case))


@pytest.mark.parametrize(
    ("name", "arguments"), [pytest.param(*case, marks=slow) for case in OTHERS], ids=identify
)
def test_xla_computes_the_outputs_of_the_plain_loop(name, arguments, rng):
    ours, plain = layer_pair(rng, "compiled", name, arguments)
    x, states = inputs(rng), [tf.constant(s, "float64") for s in initial_states(ours.cell, rng)]
    results = [layer(x, initial_state=[*states], mask=MASK) for layer in (ours, plain)]
    agree(*map(as_arrays, results))


def structure_of(name, arguments, rng):
    """What decides on the way through the passes, sizes apart."""
    cell = make_layer(name, arguments, rng).cell
    found = analysis.examine(cell)
    products = tuple(product.state is None for product in found.products)
    return found.summed, bool(found.other_weights), products, len(cell.states) > 1


@slow
def test_no_structure_of_a_step_is_missing_from_those_that_xla_compiles(rng):
    # These are among them for an operation alone: a softmax, a function with a gradient of its own.
    for_an_operation = "ONLSTMCell", "GatedDeltaNetCell", "LRUCell", "MCLSTMCell"
    for_an_operation += ("PhasedLSTMCell", "ClockworkRNNCell", "TimeAwareLSTMCell")
    cases = [case for case in STRUCTURES if case[0] not in for_an_operation]
    compiled = [structure_of(*case, rng) for case in cases]
    assert len({*compiled}) == len(compiled), "one of each is enough"
    for case in every_configuration():
        assert structure_of(*case, rng) in compiled, case


def test_any_size_of_block(rng, monkeypatch):
    ours, plain = layer_pair(rng, "compiled")
    inputs_and_mask = inputs(rng), initial_states(ours.cell, rng), MASK
    expected = derivatives(plain, *inputs_and_mask)
    with named_cases() as case:
        for size in (1, 3, 7, 100):
            of_blocks(monkeypatch, size * 4 * 4 * 8 * BATCH)
            with case(f"{size} steps"), eagerly():
                agree(derivatives(ours, *inputs_and_mask), expected)
    assert len(custom_gradient._PASSES[ours.cell][1]) == 4, "each size of block is traced"


#: Ways to use a layer, and whether XLA compiles another pass for one.
USES = [
    ({"return_sequences": False}, True),
    ({"return_state": False}, False),
    ({"go_backwards": True}, False),
    ({"zero_output_for_mask": True}, False),
    ({"training": False}, True),
]


@pytest.mark.parametrize(
    ("settings", "xla"),
    [
        *((settings, False) for settings, _ in USES),
        *(pytest.param(settings, True, marks=slow) for settings, another in USES if another),
    ],
    ids=str,
)
def test_gradients_in_every_form_of_the_layer(settings, xla, rng):
    training = settings.get("training", True)
    of_layer = {key: value for key, value in settings.items() if key != "training"}
    ours, plain = layer_pair(rng, "compiled", **of_layer)
    case = inputs(rng), initial_states(ours.cell, rng), MASK, training
    with eagerly(not xla):
        found = derivatives(ours, *case)
    agree(found, derivatives(plain, *case))


#: Some cells run eagerly, and one compiled.
SOME_EAGERLY = [(SOME[0], False)]
SOME_EAGERLY += [pytest.param("GRUCell", xla, marks=slow) for xla in (False, True)]


@pytest.mark.parametrize(("name", "xla"), SOME_EAGERLY)
def test_recurrent_dropout_has_one_mask_in_both_passes(name, xla, rng):
    """The loss along a line of weights grows as the gradient says."""
    layer = make_layer(
        name,
        {"recurrent_dropout": 0.5, "dropout": 0.4, "seed": 3},
        rng,
        loop="compiled",
        dtype="float64",
    )
    x = tf.constant(inputs(rng), "float64")
    seed = layer.cell.seed_generator.state
    start = as_array(seed)
    weights = layer.get_weights()
    direction = [rng.normal(size=w.shape) for w in weights]

    def loss(step):
        seed.assign(start)
        layer.set_weights([w + step * d for w, d in zip(weights, direction, strict=True)])
        return tf.reduce_sum(tf.sin(layer(x, training=True)))

    tiny = 1e-5
    with eagerly(not xla):
        with tf.GradientTape() as tape:
            value = loss(0.0)
        gradients = tape.gradient(value, [w.value for w in layer.trainable_variables])
        difference = loss(tiny) - loss(-tiny)
    slope = sum(float(tf.reduce_sum(g * d)) for g, d in zip(gradients, direction, strict=True))
    assert_allclose(slope, difference / (2 * tiny), rtol=1e-6)
    assert abs(slope) > 0.1


@pytest.mark.parametrize(("name", "xla"), SOME_EAGERLY)
def test_gradients_of_gradients(name, xla, rng):
    ours, plain = layer_pair(rng, "compiled", name, return_state=False)
    x, mask = tf.constant(inputs(rng), "float64"), tf.constant(MASK)

    def twice(layer):
        weights = [w.value for w in layer.trainable_variables]
        with tf.GradientTape() as outer:
            outer.watch(x)
            with tf.GradientTape() as inner:
                inner.watch(x)
                y = tf.reduce_sum(tf.sin(layer(x, mask=mask, training=True)))
            slope = inner.gradient(y, x)
            penalty = tf.reduce_sum(slope**2) + y
        return [as_array(v) for v in outer.gradient(penalty, [x, *weights])]

    with eagerly(not xla):
        found = twice(ours)
    agree(found, twice(plain))
