"""What the tests of exports share: models around a cell, and running what was exported."""

import keras
import numpy as np
import tensorflow as tf

import kerasgates as kg
from kerasgates.export.source import mean_difference
from tests import tolerances
from tests.cases import FEATURES, UNITS, cell_class, randomise
from tests.tolerances import assert_close

#: Ways a cell stands in a model; a word may name several.
WRAPPINGS = ("plain", "bidirectional", "stack", "masked")


def make_model(name, arguments, wrapping, rng, return_sequences=True, units=UNITS, loop="keras"):
    """A model around a cell with random weights, for any batch size and length.

    Unless told otherwise its loop is Keras's own: a plainer one to compare with, and none to
    compile for every size.
    """
    layer = kg.layer_of(cell_class(name))

    def made(units=units, **more):
        return layer(units, loop=loop, **arguments, **more)

    x = inputs = keras.Input((None, FEATURES), name="x")
    if "masked" in wrapping:
        x = keras.layers.Masking()(x)
    if "stack" in wrapping:
        # Not every cell reads outputs of every size.
        width = units if made().cell.reads(units) else units + 1
        x = made(width, return_sequences=True, name="first")(x)
    if "bidirectional" in wrapping:
        x = keras.layers.Bidirectional(made(return_sequences=return_sequences))(x)
    else:
        x = made(return_sequences=return_sequences, name="cell")(x)
    model = keras.Model(inputs, keras.layers.Dense(2, name="y")(x))
    _randomise(model, rng, 0.4 * (UNITS / units) ** 0.5)
    return model


#: With as many units as there are by default, random weights make a chaotic network of it.
SMALL = {"CfCCell": {"backbone_units": 2 * UNITS}}


def side_by_side(cells, rng, masked=False, loop="keras"):
    """A model of several cells that read one input; its output has the entries of all.

    In a file they cost less than in one each, and of every entry a difference shows.
    """
    x = inputs = keras.Input((None, FEATURES), name="x")
    if masked:
        x = keras.layers.Masking()(x)
    made = [
        kg.layer_of(cell_class(name))(
            UNITS,
            name=name,
            loop=loop,
            return_sequences=True,
            **arguments,
            **SMALL.get(name, {}),
        )
        for name, arguments in cells
    ]
    model = keras.Model(inputs, keras.layers.Concatenate(name="y")([layer(x) for layer in made]))
    _randomise(model, rng)
    return model


#: Weights that a step divides by: where they are near 0 it multiplies what a time was rounded by.
DIVISORS = ("period", "open_ratio")


def _randomise(model, rng, scale=0.4):
    """Random weights, no larger: chaos turns rounding into differences, in any two runtimes."""
    randomise(model, rng, scale)
    for weight in model.weights:
        if weight.name in DIVISORS:
            weight.assign(np.abs(weight) + 0.3)


def in_groups(cells, size=6):
    """Cells, or their names, in groups for one file each."""
    return [cells[at : at + size] for at in range(0, len(cells), size)]


def names_of(cells):
    """Readable names of tests of several cells."""
    return " ".join(name for name, _ in cells)


def model_of(*made, features=FEATURES, rng, **options):
    """A model of layers one after the other, with random weights."""
    x = inputs = keras.Input((None, features), name="x", **options)
    for layer in made:
        x = layer(x)
    model = keras.Model(inputs, x)
    randomise(model, rng, scale=0.4)
    return model


def sequences(rng, batch, time, masked=False):
    """Random input; with gaps, and an end, of zeros where it is to be masked."""
    x = rng.normal(size=(batch, time, FEATURES)).astype("float32")
    # A time for some cells: one divides by log(e + t), which is 0 where t is near -1.7.
    x[..., -1] = np.maximum(x[..., -1], -1)
    if masked:
        x[:, time // 3 : time // 2] = 0
        x[1:, time // 2 + 1 :] = 0
    return x


def interpreter(path):
    """A file in plain LiteRT: the package knows no Flex operators."""
    from ai_edge_litert.interpreter import Interpreter

    return Interpreter(model_path=str(path))


def run_sequence(runtime, x):
    (y,) = runtime.get_signature_runner("serving_default")(x=x).values()
    return y


def check_sequences(path, model, rng, masked=False, tolerance=tolerances.EXPORT, sizes=None):
    """Compare a file with its model on sequences of several sizes, each twice.

    Args:
        tolerance: of the largest difference; another than `EXPORT` is of the mean.
        sizes: pairs of batch size and length.
    """
    # A graph of any size, traced once.
    signature = [tf.TensorSpec(model.inputs[0].shape, model.inputs[0].dtype)]
    of_keras = tf.function(lambda x: model(x), input_signature=signature, autograph=False)
    runtime = interpreter(path)
    for batch, time in sizes or ((1, 1), (3, 1), (1, 7), (3, 7), (1, 50), (3, 50)):
        x = sequences(rng, batch, time, masked)
        expected = of_keras(x).numpy()
        for _ in range(2):
            got = run_sequence(runtime, x)
            if tolerance == tolerances.EXPORT:
                assert_close(got, expected, tolerance)
            else:
                assert mean_difference([expected], [got], "the file") <= tolerance


def run_stepwise(runtime, x, first_states):
    """Outputs `(batch, time, …)` of the signature `step`, fed one step after the other."""
    step, states, outputs = runtime.get_signature_runner("step"), dict(first_states), []
    for now in range(x.shape[1]):
        results = step(x=x[:, now], **states)
        states = {name: results[name] for name in states}
        outputs.append(results["y"])
    return np.stack(outputs, axis=1)


def zero_states(runtime, batch):
    """States before the first step, as the file's own signature lists them."""
    details = runtime.get_signature_runner("step").get_input_details()
    return {
        name: np.zeros((batch, detail["shape"][1]), "float32")
        for name, detail in details.items()
        if name != "x"
    }
