"""What the tests run over: every cell in its configurations, masks, and random weights."""

import contextlib
import functools
import warnings
from concurrent.futures import ThreadPoolExecutor
from unittest import mock

import keras
import numpy as np
import pytest
from keras import tree

import kerasgates as kg
from kerasgates.core.declarations import required
from tests import reference

UNITS, FEATURES, TIME = 4, 3, 7

#: Which Keras this is; 3.10 is the oldest that is tried.
KERAS = tuple(map(int, keras.version().split(".")[:2]))
#: Mark of tests that read a committed `model.keras`, all of which Keras 3.15 has saved.
reads_saved_model = pytest.mark.skipif(
    KERAS < (3, 15), reason="initializers in the file have arguments that only Keras 3.15 knows"
)

#: Arguments that a cell cannot do without, of the cells that have any.
REQUIRED = {
    name: needed for name in reference.CELLS if (needed := required(getattr(kg, name), size=3))
}

#: Further configurations of a cell, beside the default one.
CONFIGURATIONS = {name: [*row.configurations] for name, row in reference.CELLS.items()}

#: One row per kind of mask: whole, right-padded, left-padded, with gaps, masked everywhere.
MASK = np.array(
    [
        [1, 1, 1, 1, 1, 1, 1],
        [1, 1, 1, 1, 0, 0, 0],
        [0, 0, 1, 1, 1, 1, 1],
        [1, 0, 1, 0, 0, 1, 0],
        [0, 0, 0, 0, 0, 0, 0],
    ],
    bool,
)
BATCH = len(MASK)

#: The cells that are enough where it is the loop that counts.
SOME = ("LSTMCell", "GRUCell")
#: Loops that on a backend are Keras's by another name.
_SAME_AS_KERAS = {
    "tensorflow": ("vendor", "traced"),
    "jax": ("vendor", "traced", "dense", "recomputed"),
    "torch": ("dense", "compiled", "recomputed"),
}[keras.backend.backend()]
#: The others, which are worth trying. Of "vendor", which has few cells, `test_vendor.py` tries all;
#: of the loops of linear cells `test_associative.py`.
OF_LINEAR = ("associative", "chunked")
LOOPS = [name for name in kg.loops.LOOPS if name not in (*_SAME_AS_KERAS, *OF_LINEAR)]

#: One configuration for each structure of a step that the compiled loops tell apart; what has
#: the same structure takes the same way through them. A test says that none is missing.
STRUCTURES = [
    (name, {**REQUIRED.get(name, {}), **arguments})
    for name, row in reference.CELLS.items()
    for arguments in row.structures
]


#: The cells that exports are tried with in every form; the others have none of their operations.
EXPORTED = [name for name, row in reference.CELLS.items() if row.exported]
#: The cells that are enough for a look while one works.
QUICK_CELLS = {*SOME, *EXPORTED}


def cell_class(name):
    return getattr(kg, name)


def every_cell():
    """One configuration of every cell: (class name, arguments)."""
    return [(name, REQUIRED.get(name, {})) for name in CONFIGURATIONS]


def quickly(cases):
    """Cases that begin with the name of a cell: those of some cells quick, the rest slow.

    The quick ones are of the cells that together have all operations.
    """
    return [
        case if case[0] in QUICK_CELLS else pytest.param(*case, marks=pytest.mark.slow)
        for case in cases
    ]


def every_loop_of_some_cells(loops, of_every=("keras",)):
    """Cells with loops: all loops for `SOME` of the cells, few for the others."""
    return [
        (name, arguments, loop)
        for name, arguments in every_cell()
        for loop in loops
        if loop in of_every or name in SOME
    ]


def every_configuration():
    """All configurations of every cell: (class name, arguments)."""
    required = dict(every_cell())
    return [
        (name, {**required[name], **extra})
        for name, extras in CONFIGURATIONS.items()
        for extra in [{}, *extras]
    ]


class EagerGraph:
    """In place of a `Graph` of the compiled loops: its function as it stands, traced by nobody."""

    def __init__(self, function, specs, inline=False):
        self.function, self.inputs = function, specs
        self.interpreted = self.compiled = self

    def __call__(self, *tensors):
        # In a thread of its own, as it is traced: no tape or scope of the caller is seen there.
        with ThreadPoolExecutor(1) as thread:
            return thread.submit(self.function, *tensors).result()

    @functools.cached_property
    def outputs(self):
        """Tensors of the sizes that it gives, all that is not known being one."""
        import tensorflow as tf

        return self(*[tf.ones([size or 1 for size in v.shape], v.dtype) for v in self.inputs])


@contextlib.contextmanager
def eagerly(really=True):
    """Within it TensorFlow's functions run as the Python that they are made from.

    The passes of the compiled loops are the same code, without the seconds that it takes to trace
    them and to have XLA compile them.
    """
    import tensorflow as tf

    from kerasgates.loops.compiled import passes

    if not really:
        yield
        return
    before = tf.config.functions_run_eagerly()
    tf.config.run_functions_eagerly(True)
    try:
        with mock.patch.object(passes, "Graph", EagerGraph), warnings.catch_warnings():
            # What `predict` reads from is none of these functions.
            warnings.filterwarnings("ignore", "Even though the `tf.config", UserWarning)
            yield
    finally:
        tf.config.run_functions_eagerly(before)


@contextlib.contextmanager
def named_cases():
    """Many comparisons in one test, each reported by its name: `with case(name): …`."""
    failures = []

    @contextlib.contextmanager
    def case(name):
        try:
            yield
        except AssertionError as error:
            failures.append(f"{name}: {error}")

    yield case
    assert not failures, "\n".join(failures)


def identify(value):
    """Readable test names."""
    if isinstance(value, dict):
        return ",".join(f"{key}={item}" for key, item in value.items()) or "default"
    return getattr(value, "__name__", str(value))


def make_layer(name, arguments, rng, features=FEATURES, units=UNITS, **layer_arguments):
    """A built layer with random weights; nothing is zero, one or equal to its neighbour."""
    layer = kg.layer_of(cell_class(name))(units, **arguments, **layer_arguments)
    batch = BATCH if layer_arguments.get("stateful") else None
    layer.build((batch, None, features))
    randomise(layer, rng)
    return layer


def randomise(layer, rng, scale=0.7):
    for weight in layer.weights:
        if "seed_generator" not in weight.path and "rnn_state" not in weight.path:
            weight.assign(rng.normal(scale=scale, size=weight.shape))


def weights_of(cell):
    """The cell's weights by name, as the reference takes them."""
    return {weight.name: as_array(weight) for weight in cell.weights}


def inputs(rng, batch=BATCH, time=TIME, features=FEATURES):
    return rng.normal(size=(batch, time, features)).astype("float32")


def initial_states(cell, rng, batch=BATCH):
    return [rng.normal(size=(batch, n)).astype("float32") for n in cell.state_sizes]


def as_array(tensor):
    return keras.ops.convert_to_numpy(tensor)


def as_arrays(tensors):
    return [as_array(tensor) for tensor in tree.flatten(tensors)]


def as_tensor(array):
    return keras.ops.convert_to_tensor(array)


def assert_drawn(path):
    """Fail where a picture is empty: its size in bytes is that of one version of a library."""
    from matplotlib.image import imread

    pixels = imread(path)
    # One number for each colour: rows of an array take a hundred times as long to tell apart.
    weights = 256 ** np.arange(pixels.shape[-1])
    shades = np.unique((255 * pixels).round().astype("int64") @ weights)
    assert len(shades) > 10, f"{path} has {len(shades)} colours"
    inked = (pixels != pixels[0, 0]).any(axis=-1)
    assert inked.any(axis=0).mean() > 0.3, f"{path} is empty in most columns"
    assert inked.any(axis=1).mean() > 0.3, f"{path} is empty in most rows"


def in_graph(function):
    """The function as a TensorFlow graph; as it is on the other backends."""
    if keras.backend.backend() != "tensorflow":
        return function
    import tensorflow as tf

    # A layer's own signature is `*args, **kwargs`, which a graph cannot bind by name.
    return tf.function(
        lambda *args, **kwargs: function(*args, **kwargs), autograph=False, reduce_retracing=True
    )
