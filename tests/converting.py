"""What the tests of converted weights share: layers with random weights, and running them."""

import keras
import numpy as np
from keras import tree

from tests import tolerances
from tests.tolerances import assert_close

BATCH, TIME, FEATURES, UNITS, PROJECTED = 3, 4, 5, 4, 3
RNG = np.random.default_rng(5)
START = RNG.bit_generator.state


def begin_anew():
    """Have the same random numbers follow, whatever ran before."""
    RNG.bit_generator.state = START


def normal(*shape):
    return (0.5 * RNG.standard_normal(shape)).astype("float32")


def make(layer_class, count=1, both=False, features=FEATURES, **arguments):
    """A stack of built layers with random weights."""
    stack = []
    for _ in range(count):
        layer = layer_class(UNITS, return_sequences=True, return_state=True, **arguments)
        layer = keras.layers.Bidirectional(layer) if both else layer
        layer.build((None, None, features))
        layer.set_weights([normal(*weight.shape) for weight in layer.weights])
        features = layer.compute_output_shape((BATCH, TIME, features))[0][-1]
        stack.append(layer)
    return stack


def cells_of(layer):
    both = isinstance(layer, keras.layers.Bidirectional)
    return [
        part.cell for part in ([layer.forward_layer, layer.backward_layer] if both else [layer])
    ]


def draw(stack, features=FEATURES):
    """A random input, and random initial states of each layer, forward before backward."""
    cells = [cell for layer in stack for cell in cells_of(layer)]
    states = [[normal(BATCH, n) for n in tree.flatten(cell.state_size)] for cell in cells]
    return normal(BATCH, TIME, features), states


def run(stack, x, states):
    """Outputs of a stack, and its final states; `states` has a list for each cell."""
    final, states = [], [*states]
    for layer in stack:
        initial = [state for _ in cells_of(layer) for state in states.pop(0)]
        x, *new = layer(x, initial_state=[keras.ops.convert_to_tensor(s) for s in initial])
        final += [keras.ops.convert_to_numpy(state) for state in new]
    return keras.ops.convert_to_numpy(x), final


def assert_same(ours, theirs):
    (output, states), (their_output, their_states) = ours, theirs
    assert_close(output, their_output, tolerances.PEER)
    assert len(states) == len(their_states) > 0
    for state, their_state in zip(states, their_states):
        assert_close(state, their_state, tolerances.PEER)


def weights(target):
    return [weight for layer in target for weight in layer.get_weights()]


def assert_equal(these, those):
    assert len(these) == len(those) > 0
    for this, that in zip(these, those):
        np.testing.assert_array_equal(this, that)


def sigmoid(a):
    return 1 / (1 + np.exp(-a))
