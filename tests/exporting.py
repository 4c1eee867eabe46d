"""What the tests of exports share: models around a cell, and running what was exported."""

import keras
import numpy as np

import kerasgates as kg
from tests.cases import FEATURES, UNITS, cell_class, randomise

#: Ways a cell stands in a model; a word may name several.
WRAPPINGS = ("plain", "bidirectional", "stack", "masked")


def make_model(name, arguments, wrapping, rng, return_sequences=True, units=UNITS, loop="keras"):
    """A model around a cell with random weights, for any batch size and length.

    Unless told otherwise its loop is Keras's own: a plainer one to compare with, and none to
    compile for every size.
    """
    layer = kg.layer_of(cell_class(name))

    def made(**more):
        return layer(units, loop=loop, **arguments, **more)

    x = inputs = keras.Input((None, FEATURES), name="x")
    if "masked" in wrapping:
        x = keras.layers.Masking()(x)
    if "stack" in wrapping:
        x = made(return_sequences=True, name="first")(x)
    if "bidirectional" in wrapping:
        x = keras.layers.Bidirectional(made(return_sequences=return_sequences))(x)
    else:
        x = made(return_sequences=return_sequences, name="cell")(x)
    model = keras.Model(inputs, keras.layers.Dense(2, name="y")(x))
    # Not larger: a chaotic network turns rounding into differences, in any two runtimes.
    randomise(model, rng, scale=0.4 * (UNITS / units) ** 0.5)
    return model


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
