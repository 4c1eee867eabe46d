"""What smaller weights cost: the weather, and words of a second, in float32, int8 and between.

The weather LSTM reads the last 14 days in Seattle (seattle.py). The words are made up here: twelve
of them, each a path of ten features over 49 frames, said faster or slower, louder or softer, with
noise: the size and shape of what a device that waits for a keyword hears, and no recording.

You will see, for each way to store the weights, the size of the TF Lite file, the time of one
call, and the error on the test year, or on words that were not trained on.
"""

import tempfile
import time
from pathlib import Path

import common
import keras
import numpy as np
import seattle

import kerasgates as kg

WORDS, FRAMES, FEATURES, UNITS = 12, 49, 10, 48
STORED = (None, "float16", "dynamic", "int8")


def words(rng, count, paths):
    """`(count, 49, 10)` sounds and which of the words they are, one-hot."""
    which = rng.integers(WORDS, size=count)
    speed, begin = rng.uniform(0.8, 1.2, (count, 1)), rng.uniform(-3, 3, (count, 1))
    at = np.clip((np.arange(FRAMES) * speed + begin) / FRAMES * (paths.shape[1] - 1), 0, None)
    left = np.clip(at.astype(int), 0, paths.shape[1] - 2)
    part = np.clip(at - left, 0, 1)[..., None]
    rows = which[:, None]
    sound = (1 - part) * paths[rows, left] + part * paths[rows, left + 1]
    sound = sound * rng.uniform(0.7, 1.3, (count, 1, 1)) + rng.normal(scale=2.5, size=sound.shape)
    return sound.astype("float32"), np.eye(WORDS, dtype="float32")[which]


def keyword_model(rng):
    """A trained model, words to calibrate with, and words that it has not seen."""
    paths = rng.normal(size=(WORDS, 8, FEATURES))
    inputs = keras.Input((FRAMES, FEATURES), name="frames")
    hidden = kg.LSTM(UNITS)(inputs)
    model = keras.Model(inputs, keras.layers.Dense(WORDS, activation="softmax")(hidden))
    model.compile(keras.optimizers.Adam(3e-3), "categorical_crossentropy", jit_compile=False)
    sounds, which = words(rng, 4096, paths)
    common.fit(model, sounds, which, "words", batch_size=128, epochs=6)
    return model, sounds, words(rng, 1000, paths)


def stored(model, typical, inputs):
    """For each way to store the weights: a row, and the outputs for `inputs`."""
    for quantize in STORED:
        common.console.print(f"converting to {quantize or 'float32'} …", highlight=False)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "model.tflite")
            data = typical if quantize else None
            report = kg.export.litert(model, path, quantize=quantize, representative_data=data)
            predict = kg.export.load(path)
            predict(inputs[:1])
            started = time.perf_counter()
            outputs = np.concatenate([next(iter(predict(one).values())) for one in inputs])
            milliseconds = 1e3 * (time.perf_counter() - started) / len(inputs)
        row = {"weights": quantize or "float32", "form": report.kind, "kB": report.bytes / 1e3}
        yield {**row, "ms": milliseconds}, outputs


def weather_rows():
    data = seattle.Seattle()
    x, y, new, days = data.samples(seattle.DAYS)
    model = seattle.train(x, y)
    for row, vectors in stored(model, x[:200], new):
        found = data.score("tomorrow", "LSTM", data.in_real_units(vectors, days), days)
        errors = {name: found[name][0] for name in ("high °C", "low °C")}
        yield {**row, **errors, "weather": found["weather"]}


def word_rows():
    model, sounds, (new, which) = keyword_model(np.random.default_rng(5))
    for row, shares in stored(model, sounds[:200], new[:300]):
        right = shares.argmax(axis=1) == which[:300].argmax(axis=1)
        yield {**row, "right": float(right.mean())}


def main():
    keras.utils.set_random_seed(1)
    weather_table, word_table = list(weather_rows()), list(word_rows())
    title = "The weather of 2015: mean absolute error of tomorrow, share of right weather"
    common.print_table(title, weather_table)
    common.print_table("Twelve made-up words: share recognised of 300", word_table)
    return weather_table, word_table


if __name__ == "__main__":
    main()
