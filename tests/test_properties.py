"""One of everything: whatever a recurrent layer is asked for, it is the cell in Keras's loop.

Hypothesis draws what a user may combine; outputs, final states, gradients, weights after a step of
training, configurations and files are compared. `KERASGATES_EXAMPLES=2000` draws as many.
"""

import json
import os
import tempfile
from pathlib import Path

import hypothesis
import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import tree

from tests import cases
from tests.cases import as_array, randomise
from tests.strategies import (
    CELLS,
    FOREIGN,
    OWN,
    Setting,
    fewest_units,
    input_of,
    make_layer,
    mask_of,
    reads,
    settings,
)

#: Examples of the slow test; asked for, they are others each time.
EXAMPLES = os.environ.get("KERASGATES_EXAMPLES")
#: Roundings of the largest value, for each step of each cell, that may lie between two loops: of
#: two steps of one NAS cell either is up to 11 away from the same in float64, 22 in all.
ROUNDINGS = 12
ROUNDING = {"float64": 2**-53, "float32": 2**-24, "float16": 2**-11, "bfloat16": 2**-8}
LEARNING_RATE = 0.5
QUICK = {*(f"{name}()" for name in cases.QUICK_CELLS), *OWN, *FOREIGN}


def drawing(examples):
    """Settings of Hypothesis: a fixed number of examples, the same in every run."""
    return hypothesis.settings(
        max_examples=examples,
        derandomize=EXAMPLES is None,
        deadline=None,
        print_blob=False,
        suppress_health_check=[*hypothesis.HealthCheck],
    )


def noted(setting):
    """What is to be run to see a failure again goes into Hypothesis's report of it."""
    hypothesis.note(f"from tests.test_properties import Setting, check\ncheck({setting!r})")


@drawing(2)
@hypothesis.given(setting=settings())
def test_some_of_everything(setting):
    noted(setting)
    check(setting)


@pytest.mark.slow
@drawing(int(EXAMPLES or 26))
@hypothesis.given(setting=settings())
def test_one_of_everything(setting):
    noted(setting)
    check(setting)


@pytest.mark.parametrize(
    "name",
    # All but some cells without arguments of their own are of the slow suite.
    [pytest.param(name, marks=[pytest.mark.slow] * (name not in QUICK)) for name in CELLS],
)
def test_every_cell_can_be_drawn(name):
    """And computes the same in Keras's own layer; of gradients tells what is drawn above."""
    sizes = {"units": fewest_units(name), "features": 1 if reads(name, 1) else 3}
    setting = Setting(cells=(name,), **sizes, time=2, mask="right", loop="keras")
    ours, theirs, (x,), mask = pair_of(setting, np.random.default_rng(setting.seed))
    layers_outputs = [outputs(layer, tf.constant(x), mask=mask) for layer in (ours, theirs)]
    compare(setting, *layers_outputs, "outputs")


# ------------------------------------------------------------------ the property


def check(setting):
    """Raise where the layer of a setting is not the same cell in Keras's own loop."""
    rng = np.random.default_rng(setting.seed)
    run(setting, *pair_of(setting, rng), rng)


def pair_of(setting, rng):
    """The layer of a setting and the one to compare it with, their input, and its mask."""
    mask = mask_of(setting, rng)
    batches = [input_of(setting, rng, mask) for _ in range(1 + setting.stateful)]
    ours, theirs = make_layer(setting), make_layer(setting, reference=True)
    shape = setting.known_shape(batches[0].shape)
    for layer in (ours, theirs):
        built(layer, shape)
    randomise(theirs, rng, scale=0.8 * setting.units**-0.5)
    ours.set_weights(theirs.get_weights())
    if setting.copied != "no":
        ours = copy_of(ours, setting, shape)
    return ours, theirs, batches, mask


def built(layer, shape):
    """The layer, built for input of a shape."""
    layer.build(shape)
    return layer


def copy_of(layer, setting, shape):
    """The layer as it comes back from its config, or from a file."""
    if setting.copied == "config":
        copy = built(type(layer).from_config(layer.get_config()), shape)
        copy.set_weights(layer.get_weights())
    else:
        x = keras.Input(batch_shape=shape, dtype=compute_dtype(setting))
        model = keras.Model(x, layer(x))
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "model.keras")
            model.save(path)
            copy = keras.saving.load_model(path).layers[-1]
        assert type(copy) is type(layer)
    assert as_written(copy.get_config()) == as_written(layer.get_config())
    for mine, given in zip(copy.get_weights(), layer.get_weights(), strict=True):
        np.testing.assert_array_equal(mine, given)
    return copy


def as_written(config):
    """A configuration as a file has it: tuples are lists."""
    return json.loads(json.dumps(config))


def compute_dtype(setting):
    return keras.dtype_policies.get(setting.policy).compute_dtype


def initial_states(setting, layer, rng):
    """Random states, nested as the layer takes them; None where it is not given any."""
    if not setting.states:
        return None
    directions = [layer]
    if setting.wrapper == "bidirectional":
        directions = [layer.forward_layer, layer.backward_layer]
    dtype = compute_dtype(setting)
    return tree.map_structure(
        lambda zeros: tf.cast(rng.normal(size=zeros.shape).astype("float32"), dtype),
        [state for one in directions for state in one.get_initial_state(setting.batch)],
    )


# ------------------------------------------------------------------ ways to run it


def run_directly(setting, ours, theirs, batches, mask, rng):
    """Outputs, final states and all gradients, of calls with a tape."""
    dtype = compute_dtype(setting)
    states = initial_states(setting, theirs, rng)
    mask = None if mask is None else tf.constant(mask)
    for x in batches:
        x = tf.constant(x, dtype)
        shapes = output_shapes(theirs, x, states, mask)
        upstream = [tf.constant(rng.normal(size=shape), dtype) for shape in shapes]
        arguments = x, states, mask, upstream
        expected = derivatives_of(theirs)(*arguments)
        run = derivatives_of(ours)
        if setting.mode == "graph":
            run = in_graph(run, setting, *arguments)
        got = run(*arguments)
        for what in expected:
            compare(setting, got[what], expected[what], what)
    if setting.stateful:
        compare(setting, held_states(ours), held_states(theirs), "held states")


def run_without_steps(setting, ours, theirs, batches, mask, rng):
    """Outputs and final states of no steps at all, where Keras has any."""
    states = initial_states(setting, theirs, rng)
    mask = None if mask is None else tf.constant(mask)
    arguments = tf.constant(batches[0], compute_dtype(setting)), states, mask

    def outputs_of(layer):
        return in_graph(lambda *given: outputs(layer, *given), setting, *arguments)(*arguments)

    try:
        expected = outputs_of(theirs)
    except (tf.errors.OpError, ValueError):
        return
    compare(setting, outputs_of(ours), expected, "outputs")


def run_fit(setting, ours, theirs, batches, mask, rng):
    """Loss, and the weights after one step of training by `fit`."""
    states = initial_states(setting, theirs, rng)
    x = tf.constant(batches[0], compute_dtype(setting))
    shape = output_shapes(theirs, x, states, mask)[0]
    target = rng.normal(size=shape).astype("float32")
    mask = None if mask is None else tf.constant(mask)
    model = model_of(ours, setting, x, states, mask)
    model = keras.Model(model.inputs, model.outputs[0])
    model.compile(keras.optimizers.SGD(LEARNING_RATE), loss="mse")
    arrays = [as_array(a) for a in (x, *flat_states(states), mask) if a is not None]
    options = {"batch_size": rows_of_a_batch(setting), "shuffle": False, "verbose": 0}
    history = model.fit(arrays, target, **options)
    with tf.GradientTape() as tape:
        # The output knows which of its steps are masked, and the loss looks.
        loss = keras.losses.MeanSquaredError()(target, outputs(theirs, x, states, mask)[0])
    compare(setting, [tf.constant(history.history["loss"][0])], [loss], "loss")
    weights = theirs.trainable_variables
    gradients = tape.gradient(loss, [w.value for w in weights], unconnected_gradients="zero")
    expected = [w - LEARNING_RATE * tf.cast(d, w.dtype) for w, d in zip(weights, gradients)]
    compare(setting, ours.trainable_variables, expected, "trained weights")


def run_predict(setting, ours, theirs, batches, mask, rng):
    """What `predict` gives, with a `Masking` layer where there is a mask.

    With initial states the mask is an input: Keras lets no layer find one that is given more
    tensors than the sequences.
    """
    states = initial_states(setting, theirs, rng)
    mask = None if mask is None else tf.constant(mask)
    batches = [tf.constant(x, compute_dtype(setting)) for x in batches]
    masking = states is None
    model = model_of(ours, setting, batches[0], states, mask, masking)

    def predicted(x):
        arrays = [x, *flat_states(states), *([] if masking or mask is None else [mask])]
        arrays = list(map(as_array, arrays))
        return tree.flatten(model.predict(arrays, batch_size=rows_of_a_batch(setting), verbose=0))

    results = [predicted(x) for x in batches]
    for x, result in zip(batches, results):
        compare(setting, result, outputs(theirs, x, states, mask), "predictions")
    if setting.stateful:
        compare(setting, held_states(ours), held_states(theirs), "held states")
        ours.reset_state()
        compare(setting, predicted(batches[0]), results[0], "predictions after a reset")


def run(setting, *everything):
    """The property of a setting, in the mode that it names."""
    modes = {"fit": run_fit, "predict": run_predict}
    way = run_without_steps if setting.time == 0 else modes.get(setting.mode, run_directly)
    way(setting, *everything)


# ------------------------------------------------------------------ calls, graphs and models


def flat_states(states):
    """Initial states as a flat list, empty where there are none."""
    return [] if states is None else tree.flatten(states)


def outputs(layer, x, states=None, mask=None):
    """Everything a layer gives, as a flat list."""
    named = {"initial_state": states, "mask": mask}
    return tree.flatten(layer(x, **{k: v for k, v in named.items() if v is not None}))


def output_shapes(layer, x, states, mask):
    """Shapes of `outputs`; a stateful layer stays as it is."""
    variables = held_states(layer)
    held = [as_array(variable).copy() for variable in variables]
    shapes = [tuple(y.shape) for y in outputs(layer, x, states, mask)]
    for variable, value in zip(variables, held):
        variable.assign(value)
    return shapes


def derivatives_of(layer):
    """A function that gives outputs, and gradients of their sum weighted by `upstream`."""

    def differentiate(x, states, mask, upstream):
        flat = flat_states(states)
        with tf.GradientTape() as tape:
            tape.watch([x, *flat])
            values = outputs(layer, x, states, mask)
            wide = [tf.cast(y, "float64") * tf.cast(d, "float64") for y, d in zip(values, upstream)]
            total = tf.add_n([tf.reduce_sum(y) for y in wide])
        sources = [[x], flat, [w.value for w in layer.trainable_variables]]
        found = tape.gradient(total, sources, unconnected_gradients="zero")
        names = "gradients of the input", "gradients of the states", "gradients of the weights"
        return {"outputs": values, **dict(zip(names, found))}

    return differentiate


def in_graph(function, setting, x, states, mask, *upstream):
    """A function as a graph, and its arguments; it knows all their sizes, or no batch and time."""
    timed = [[1 + setting.return_sequences] + [1] * (len(ds) - 1) for ds in upstream]
    free = [2, states and tree.map_structure(lambda state: 1, states), 2, *timed]
    arguments = [x, states, mask, *upstream]

    def spec(tensor, axes):
        return tf.TensorSpec(setting.known_shape(tensor.shape, axes), tensor.dtype)

    specs = [
        None if given is None else tree.map_structure(spec, given, axes)
        for given, axes in zip(arguments, free)
    ]
    return tf.function(function, autograph=False).get_concrete_function(*specs)


def rows_of_a_batch(setting):
    """What a model is told; more than there is, and so its graph knows no batch size."""
    return setting.batch + (setting.known != "all")


def model_of(layer, setting, x, states, mask, masking=False):
    """A model of a layer; its inputs are the sequences, the states, and the mask.

    Its outputs are all that the layer gives; with `masking` it finds the mask by itself.
    """

    def input_like(tensor, axes):
        shape = setting.known_shape(tensor.shape, axes)
        return keras.Input(batch_shape=shape, dtype=tensor.dtype.name)

    x = sequences = input_like(x, 2)
    if masking and mask is not None:
        sequences, mask = keras.layers.Masking(dtype=setting.policy)(x), None
    states = states and tree.map_structure(lambda state: input_like(state, 1), states)
    mask = None if mask is None else input_like(mask, 2)
    inputs = [v for v in (x, *flat_states(states), mask) if v is not None]
    return keras.Model(inputs, outputs(layer, sequences, states, mask))


def held_states(layer):
    """The states that a layer keeps, of both directions; none unless it is stateful."""
    directions = [getattr(layer, name, None) for name in ("forward_layer", "backward_layer")]
    held = [getattr(one, "states", None) for one in (layer, *directions)]
    return tree.flatten([states for states in held if states is not None])


# ------------------------------------------------------------------ comparing


def compare(setting, got, expected, what):
    """Raise where two lists of tensors differ by more than rounding, in dtype or in shape."""
    got, expected = tree.flatten(got), tree.flatten(expected)
    assert len(got) == len(expected), f"{what}: {len(got)} in place of {len(expected)}"
    if not expected:
        return
    for mine, right in zip(got, expected):
        assert tuple(mine.shape) == tuple(right.shape), what
    got, expected = ([as_array(v).astype("float64") for v in vs] for vs in (got, expected))
    largest = max(1.0, *(np.abs(right).max(initial=0) for right in expected))
    dtype = compute_dtype(setting)
    # Keras takes every loss in single precision.
    rounding = ROUNDING["float32" if setting.mode == "fit" and dtype == "float64" else dtype]
    steps = max(1, setting.time) * len(setting.cells)
    allowed = ROUNDINGS * rounding * largest * steps
    for at, (mine, right) in enumerate(zip(got, expected)):
        apart = np.abs(mine - right).max(initial=0)
        message = f"{what}[{at}] differ by {apart:.2g}, {allowed:.2g} would be rounding"
        # This way round, because what is not a number must not pass.
        assert apart <= allowed, f"{message}\n{mine}\n{right}"
