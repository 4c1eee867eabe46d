"""Random settings of a recurrent layer: what a property test draws, and the layers made of it."""

import contextlib
from dataclasses import dataclass, fields

import keras
import numpy as np
from hypothesis import strategies as st

import kerasgates as kg
from kerasgates.core.set_aside import SetAside
from kerasgates.loops import COMPILING
from tests.cases import LOOPS, OF_LINEAR, cell_class, every_configuration, identify
from tests.odd_cells import OwnGatedCell, OwnOutputCell
from tests.odd_keras_cells import MatrixCell, PlainCell

# ------------------------------------------------------------------ cells

#: Cells by a name that says it all: class and arguments besides the units.
CELLS = {
    f"{name}({identify(arguments) if arguments else ''})": (cell_class(name), arguments)
    for name, arguments in every_configuration()
}
#: Whether cells read inputs of few features, of those for which some are no values.
READS = {
    (name, features): cls(4, **arguments).reads(features)
    for name, (cls, arguments) in CELLS.items()
    if issubclass(cls, SetAside)
    for features in (1, 3)
}
OWN = {"OwnGatedCell()": (OwnGatedCell, {}), "OwnOutputCell()": (OwnOutputCell, {})}
FOREIGN = {
    "PlainCell()": (PlainCell, {}),
    "MatrixCell()": (MatrixCell, {}),
    "keras.layers.GRUCell()": (keras.layers.GRUCell, {}),
}
CELLS = {**CELLS, **OWN, **FOREIGN}


#: Arguments that divide the units.
DIVISORS = ("heads", "chunk_size", "groups")


def fewest_units(*names):
    """The fewest units that cells can have: as many as what divides them, such as heads."""
    arguments = [CELLS[name][1] for name in names]
    fewest = [given.get(key, 1) for given in arguments for key in DIVISORS]
    return max(*fewest, *(len(given.get("periods", ())) for given in arguments))


# ------------------------------------------------------------------ settings


@dataclass(frozen=True, repr=False)
class Setting:
    """A recurrent layer and how it is run; every default is the plainest there is.

    Attributes:
        cells: names in `CELLS`; several are stacked.
        units, features, batch, time: sizes.
        mask: `"none"`, or what is masked: `"right"`, `"left"`, `"gaps"`, `"all"`.
        wrapper: `"none"`, `"bidirectional"` or `"time distributed"`.
        layer: `"RNN"`, `kg.RNN(cell)`, or `"own"`, the layer of the cell, such as `kg.LSTM`.
        states: whether initial states are given.
        copied: whether the layer is used as it is, after a round trip of its `"config"`, or
            of a `.keras` `"file"`.
        mode: `"eager"`, `"graph"`, `"fit"` or `"predict"`.
        known: which sizes a graph or a model knows: of `"time"`, of `"all"`, or of `"nothing"`.
        seed: of weights, input and states.
    """

    cells: tuple = ("LSTMCell()",)
    units: int = 4
    features: int = 3
    batch: int = 2
    time: int = 5
    mask: str = "none"
    wrapper: str = "none"
    layer: str = "RNN"
    return_sequences: bool = False
    go_backwards: bool = False
    zero_output_for_mask: bool = False
    unroll: bool = False
    stateful: bool = False
    states: bool = False
    policy: str = "float32"
    loop: str = "auto"
    copied: str = "no"
    mode: str = "eager"
    known: str = "time"
    seed: int = 0

    def __repr__(self):
        changed = {f.name: getattr(self, f.name) for f in fields(self)}
        shown = [f"{f.name}={changed[f.name]!r}" for f in fields(self) if self._differs(f)]
        return f"Setting({', '.join(shown)})"

    def _differs(self, field):
        return getattr(self, field.name) != field.default

    def known_shape(self, shape, axes=2):
        """The shape as a graph knows it; the first `axes` of it are the batch, and the time."""
        unknown = {"all": 0, "time": 1, "nothing": axes}[self.known]
        return [None] * unknown + list(shape[unknown:])

    @property
    def return_state(self):
        """Final states are asked for wherever Keras can give them."""
        # A stateful Bidirectional of Keras (3.15) fails when it is asked for its states.
        stateful = self.wrapper == "bidirectional" and self.stateful
        return self.wrapper != "time distributed" and not stateful

    @property
    def mixed(self):
        return self.policy.startswith("mixed")


@st.composite
def settings(draw):
    """A `Setting` that Keras itself takes."""
    pick = {"units": (1, 4), "features": (1, 3), "batch": (1, 2, 8)}
    drawn = {name: draw(st.sampled_from(values), label=name) for name, values in pick.items()}
    depth = draw(st.sampled_from([1, 1, 1, 1, 2, 3]))
    drawn["cells"] = tuple(draw(st.sampled_from([*CELLS])) for _ in range(depth))
    drawn["wrapper"] = draw(st.sampled_from(["none", "none", "bidirectional", "time distributed"]))
    drawn["mode"] = draw(st.sampled_from(["eager", "eager", "graph", "fit", "predict"]))
    drawn["policy"] = draw(
        st.sampled_from(["float32", "float32", "float64", "mixed_float16", "mixed_bfloat16"])
    )
    drawn["loop"] = draw(st.sampled_from(["keras", "auto", "auto", *LOOPS, *OF_LINEAR]))
    drawn["time"] = draw(st.sampled_from([2, 1, 5, 5, 5, 33, 0]))
    drawn["mask"] = draw(st.sampled_from(["none", "none", "right", "left", "gaps", "all"]))
    drawn["copied"] = draw(st.sampled_from(["no", "no", "config", "file"]))
    drawn["known"] = draw(st.sampled_from(["time", "nothing", "all"]))
    drawn["layer"] = draw(st.sampled_from(["RNN", "own"]))
    for name in ("return_sequences", "go_backwards", "states"):
        drawn[name] = draw(st.booleans(), label=name)
    for name in ("stateful", "unroll", "zero_output_for_mask"):
        drawn[name] = draw(st.sampled_from([False, False, False, True]), label=name)
    drawn["seed"] = draw(st.integers(0, 99))
    return possible(**drawn)


def reads(name, features):
    """Whether a cell reads inputs of so many features."""
    return READS.get((name, features), True)


def possible(**drawn):
    """The `Setting` nearest to what was drawn that Keras itself takes."""
    first, *others = drawn["cells"]
    # What a layer gives to the next has any number of entries, and no time or mask among them.
    drawn["cells"] = (first, *(name for name in others if reads(name, 1)))
    if not reads(first, drawn["features"]):
        drawn["features"] = 3
    if drawn["wrapper"] == "time distributed":
        # It hands on neither masks of the inner time nor states.
        drawn.update(mask="none", states=False, stateful=False, known="all")
    if drawn["wrapper"] == "bidirectional":
        drawn["go_backwards"] = False
    if drawn["stateful"]:
        drawn.update(states=False, known="all")
        if drawn["mode"] == "fit":
            drawn["mode"] = "predict"
    if drawn["loop"] in COMPILING and drawn["wrapper"] == "bidirectional":
        # It takes seconds to compile each cell, and a stack in one direction is compiled, too.
        drawn["cells"] = drawn["cells"][:1]
    if drawn["time"] == 0:
        drawn.update(unroll=False, stateful=False, wrapper="none", known="nothing")
        drawn["mode"] = "graph"
    if drawn["unroll"]:
        drawn["known"] = "all" if drawn["known"] == "all" else "time"
        drawn["time"] = min(drawn["time"], 5)
    drawn["units"] = max(drawn["units"], fewest_units(*drawn["cells"]))
    if drawn["mode"] == "fit" and any(name.startswith("ESNCell") for name in drawn["cells"]):
        drawn["mode"] = "predict"  # Nothing in it is trained.
    if len(drawn["cells"]) > 1 or drawn["cells"][0] in FOREIGN:
        drawn["layer"] = "RNN"
    return Setting(**drawn)


# ------------------------------------------------------------------ layers and arrays


def make_layer(setting, reference=False):
    """The layer of a setting, not built; as a reference the same cell in Keras's own loop.

    That is `keras.layers.RNN`; ours with `loop="keras"` where a cell of ours computes in mixed
    precision, because Keras's rounds the states after each step.
    """
    options = {
        name: getattr(setting, name)
        for name in ("return_sequences", "go_backwards", "stateful", "zero_output_for_mask")
    }
    options.update(dtype=setting.policy, return_state=setting.return_state)
    if not reference:
        options.update(unroll=setting.unroll, loop=setting.loop)
    elif setting.mixed:
        options.update(loop="keras")
    # A stack of cells has the policy of the program, whatever that of its layer.
    with default_policy(setting.policy):
        return _wrapped(setting, reference, options)


@contextlib.contextmanager
def default_policy(name):
    """Within it, layers compute by a policy unless they are told otherwise."""
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(name)
    try:
        yield
    finally:
        keras.config.set_dtype_policy(before)


def _wrapped(setting, reference, options):
    name, *more = setting.cells
    if setting.layer == "own" and not reference:
        cls, arguments = CELLS[name]
        layer = kg.layer_of(cls)(setting.units, **arguments, **options)
    else:
        made = [make_cell(name, setting) for name in setting.cells]
        kind = keras.layers.RNN if reference and not setting.mixed else kg.RNN
        layer = kind(made if more else made[0], **options)
    if setting.wrapper == "bidirectional":
        return keras.layers.Bidirectional(layer, dtype=setting.policy)
    if setting.wrapper == "time distributed":
        return keras.layers.TimeDistributed(layer, dtype=setting.policy)
    return layer


def make_cell(name, setting):
    cls, arguments = CELLS[name]
    return cls(setting.units, dtype=setting.policy, **arguments)


def mask_of(setting, rng):
    """Booleans `(batch, time)` of the kind that a setting names, or None."""
    batch, time = setting.batch, setting.time
    if setting.mask == "none":
        return None
    if setting.mask == "all":
        return np.zeros((batch, time), bool)
    if setting.mask == "gaps":
        return rng.random((batch, time)) < 0.6
    # Each row has another number of steps, and at least one.
    lengths = 1 + (np.arange(batch) + rng.integers(time + 1)) % max(time, 1)
    right = np.arange(time)[None] < lengths[:, None]
    return right if setting.mask == "right" else right[:, ::-1].copy()


def input_of(setting, rng, mask=None):
    """Random input of a setting; zeros where it is masked."""
    outer = (2,) if setting.wrapper == "time distributed" else ()
    # Keras hands every array to a model in single precision.
    x = rng.normal(size=(setting.batch, *outer, setting.time, setting.features)).astype("float32")
    return x if mask is None else x * mask[:, :, None]
