"""Small models, as people have them, that a property test of exports draws."""

from dataclasses import dataclass, fields

import keras
import numpy as np
from hypothesis import strategies as st
from keras import layers

import kerasgates as kg
from kerasgates.core._keras import cells_within
from tests.cases import randomise

UNITS, FEATURES, TOKENS = 3, 2, 7


@keras.saving.register_keras_serializable(package="kerasgates.tests")
class Scaling(layers.Layer):
    """A layer of a user's own, with a weight and a mask that passes through."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.supports_masking = True

    def build(self, shape):
        self.scale = self.add_weight((shape[-1],), name="scale", initializer="ones")

    def call(self, x):
        return x * self.scale


@keras.saving.register_keras_serializable(package="kerasgates.tests")
class Around(layers.Layer):
    """A layer that makes recurrent layers for itself: ours, then stock."""

    def __init__(self, return_sequences=False, **kwargs):
        super().__init__(**kwargs)
        self.return_sequences = return_sequences
        self.first = kg.GRU(UNITS, return_sequences=True)
        self.second = layers.SimpleRNN(UNITS, return_sequences=return_sequences)

    def call(self, x):
        return self.second(self.first(x))

    def get_config(self):
        return {**super().get_config(), "return_sequences": self.return_sequences}


@keras.saving.register_keras_serializable(package="kerasgates.tests")
class Subclassed(keras.Model):
    """A model of a class of its own around one that is functional."""

    def __init__(self, inner, **kwargs):
        super().__init__(**kwargs)
        self.inner = inner

    def call(self, x):
        return self.inner(x)

    def get_config(self):
        return {"inner": keras.saving.serialize_keras_object(self.inner), "name": self.name}

    @classmethod
    def from_config(cls, config):
        inner = keras.saving.deserialize_keras_object(config.pop("inner"))
        return cls(inner, **config)


class WithoutConfig(keras.Model):
    """A model that nothing can make again from its config."""

    def __init__(self, inner):
        super().__init__()
        self.inner = inner

    def call(self, x):
        return self.inner(x)


#: Recurrent layers by how they are written; `options` are those of every layer over time.
RECURRENT = {
    "layers.LSTM": lambda **options: layers.LSTM(UNITS, **options),
    "kg.LSTM": lambda **options: kg.LSTM(UNITS, **options),
    "layers.GRU": lambda **options: layers.GRU(UNITS, **options),
    "layers.GRU before": lambda **options: layers.GRU(UNITS, reset_after=False, **options),
    "layers.SimpleRNN": lambda **options: layers.SimpleRNN(UNITS, **options),
    "kg.GRU": lambda **options: kg.GRU(UNITS, **options),
    "kg.PeepholeLSTM": lambda **options: kg.PeepholeLSTM(UNITS, **options),
    "kg.LayerNormLSTM": lambda **options: kg.LayerNormLSTM(UNITS, **options),
    "kg.NAS": lambda **options: kg.NAS(UNITS, **options),
    "kg.UGRNN": lambda **options: kg.UGRNN(UNITS, **options),
    "kg.JANET": lambda **options: kg.JANET(UNITS, **options),
    "kg.LSTM backwards": lambda **options: kg.LSTM(UNITS, go_backwards=True, **options),
    "stack": lambda **options: kg.RNN([kg.LSTMCell(UNITS), kg.GRUCell(UNITS)], **options),
    "stock stack": lambda **options: layers.RNN(
        [layers.LSTMCell(UNITS), layers.GRUCell(UNITS)], **options
    ),
    "both directions": lambda **options: layers.Bidirectional(kg.GRU(UNITS, **options)),
    "stock in both": lambda **options: layers.Bidirectional(layers.LSTM(UNITS, **options)),
    "layer of layers": lambda **options: Around(**options),
}
#: Layers before the recurrent ones; what they need of time and masks is Keras's business.
FRONT = {
    "nothing": lambda: [],
    "masking": lambda: [layers.Masking()],
    "own layer": lambda: [Scaling()],
    "masking and own layer": lambda: [layers.Masking(), Scaling()],
    "convolution": lambda: [layers.Conv1D(3, 2, padding="causal")],
    "dense and dropout": lambda: [layers.Dense(3, "relu"), layers.Dropout(0.5)],
    "normalisation": lambda: [layers.BatchNormalization()],
}
#: Keyword arguments of the exports.
TARGETS = {
    "saved_model": [{}, {"streaming": False}],
    "litert": [{"kind": "loop"}, {"kind": "fused"}, {"kind": "unrolled"}, {"kind": "auto"}],
    "onnx": [{}, {"opset": 13}],
}
ENDINGS = {"saved_model": "", "litert": ".tflite", "onnx": ".onnx"}


@dataclass(frozen=True, repr=False)
class Plan:
    """A model and where it is to go; every default is the plainest there is.

    Attributes:
        reads: `"sequences"`, `"tokens"` (masked where zero), `"sequences and numbers"` or
            `"two sequences"`.
        front: name in `FRONT`, before the recurrent layers.
        recurrent: names in `RECURRENT`, one after the other.
        sequences: whether the last of them gives all steps.
        made: `"functional"`, `"nested"`, `"subclassed"` or `"without config"`.
        outputs: 1, or 2 with the recurrent layer's own.
        batch, time: sizes that the Input knows, or None.
        policy: of all layers.
        to: name in `TARGETS`.
        options: of the export.
        seed: of weights and inputs.
    """

    reads: str = "sequences"
    front: str = "nothing"
    recurrent: tuple = ("kg.LSTM",)
    sequences: bool = False
    made: str = "functional"
    outputs: int = 1
    batch: int | None = None
    time: int | None = None
    policy: str = "float32"
    to: str = "saved_model"
    options: tuple = ()
    seed: int = 0

    def __repr__(self):
        shown = {f.name: getattr(self, f.name) for f in fields(self)}
        changed = [f"{f.name}={shown[f.name]!r}" for f in fields(self) if self._differs(f)]
        return f"Plan({', '.join(changed)})"

    def _differs(self, field):
        return getattr(self, field.name) != field.default


@st.composite
def plans(draw):
    """A `Plan`, whether or not it can be exported."""
    to = draw(st.sampled_from(["onnx", "litert", "saved_model"]))
    reads = ["sequences", "sequences", "tokens", "sequences and numbers", "two sequences"]
    made = ["functional", "functional", "functional", "nested", "subclassed", "without config"]
    depth = draw(st.sampled_from([1, 1, 2]))
    return Plan(
        reads=draw(st.sampled_from(reads)),
        front=draw(st.sampled_from([*FRONT])),
        recurrent=tuple(draw(st.sampled_from([*RECURRENT])) for _ in range(depth)),
        sequences=draw(st.booleans()),
        made=draw(st.sampled_from(made)),
        outputs=draw(st.sampled_from([1, 1, 2])),
        batch=draw(st.sampled_from([None, None, None, 1, 2])),
        time=draw(st.sampled_from([None, None, 4])),
        policy=draw(st.sampled_from(["float32"] * 4 + ["mixed_float16", "mixed_bfloat16"])),
        to=to,
        options=tuple(draw(st.sampled_from(TARGETS[to])).items()),
        seed=draw(st.integers(0, 99)),
    )


def make_model(plan, rng):
    """The model of a plan, built, with random weights."""
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(plan.policy)
    try:
        model = _wrapped(plan, _functional(plan))
    finally:
        keras.config.set_dtype_policy(before)
    randomise(model, rng, scale=0.4)
    for layer in cells_within(model, layers.BatchNormalization):
        layer.moving_variance.assign(np.abs(layer.moving_variance) + 0.5)
    return model


def _functional(plan):
    shape = (plan.batch, plan.time, FEATURES)
    more = []
    if plan.reads == "tokens":
        x = keras.Input(batch_shape=shape[:2], dtype="int32", name="tokens")
        y = layers.Embedding(TOKENS, FEATURES, mask_zero=True)(x)
    else:
        y = x = keras.Input(batch_shape=shape, name="x")
    if plan.reads == "two sequences":
        more = [keras.Input(batch_shape=shape, name="other")]
        y = layers.Concatenate()([x, *more])
    for layer in FRONT[plan.front]():
        y = layer(y)
    for at, name in enumerate(plan.recurrent, 1):
        every = plan.sequences or at < len(plan.recurrent)
        y = RECURRENT[name](return_sequences=every)(y)
    shown = y
    if plan.reads == "sequences and numbers":
        more = [keras.Input(batch_shape=(plan.batch, 2), name="numbers")]
        steps = layers.Dense(3)(more[0])
        y = layers.Add()([layers.Dense(3)(y), steps if not plan.sequences else _over_time(steps)])
    y = layers.Dense(2, name="y")(y)
    outputs = [y, shown] if plan.outputs == 2 else y
    return keras.Model([x, *more] if more else x, outputs, name="drawn")


def _over_time(x):
    """`(batch, entries)` as `(batch, 1, entries)`, which is added to every step."""
    return layers.Reshape((1, x.shape[-1]))(x)


def _wrapped(plan, model):
    if plan.made == "functional":
        return model
    if plan.made == "nested":
        again = [keras.Input(batch_shape=t.shape, dtype=t.dtype, name=t.name) for t in model.inputs]
        again = again[0] if len(again) == 1 else again
        return keras.Model(again, model(again))
    around = {"subclassed": Subclassed, "without config": WithoutConfig}[plan.made](model)
    arrays = [
        np.zeros([n or size for n, size in zip(t.shape, (2, 4, FEATURES))], t.dtype)
        for t in model.inputs
    ]
    around(arrays[0] if len(arrays) == 1 else arrays)
    return around


def arrays_for(plan, time, rng):
    """Random arrays by the name of the input; some steps at the end are masked in some rows."""
    batch, time = plan.batch or 2, plan.time or time
    lengths = rng.integers(1, time + 1, batch)
    live = np.arange(time)[None] < lengths[:, None]
    x = rng.normal(size=(batch, time, FEATURES)) * live[:, :, None]
    named = {"x": x.astype("float32")}
    if plan.reads == "tokens":
        named = {"tokens": (rng.integers(1, TOKENS, (batch, time)) * live).astype("int32")}
    if plan.reads == "two sequences":
        named["other"] = (rng.normal(size=x.shape) * live[:, :, None]).astype("float32")
    if plan.reads == "sequences and numbers":
        named["numbers"] = rng.normal(size=(batch, 2)).astype("float32")
    return named
