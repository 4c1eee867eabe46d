"""Train one sequence of a million steps in chunks, and say what it took.

    python tools/million_steps.py                      # in chunks of 10,000 steps
    python tools/million_steps.py --chunk 1000000      # all at once
    python tools/million_steps.py --loop recomputed    # keeps only the states for the gradient

A cell that is linear in its state, `MinGRU`, learns to hold the last value that was marked. States
go on from chunk to chunk, gradients do not. It prints the seconds of training, without those of the
first chunk, in which everything is compiled; by how much the process grew at most; and the loss in
the first and in the last tenth of the sequence. Memory is the peak of the process, so that each
setting needs a process of its own.
"""

import argparse
import resource
import time

import keras
import numpy as np

import kerasgates as kg


def sequence(steps, rng):
    """Values and rare marks `(1, steps, 2)`, and the last value that was marked `(1, steps, 1)`."""
    values = rng.normal(size=steps).astype("float32")
    marks = rng.random(steps) < 0.01
    marks[0] = True
    last = np.maximum.accumulate(np.where(marks, np.arange(steps), 0))
    x = np.stack([values, marks.astype("float32")], axis=-1)
    return x[None], values[last][None, :, None]


def megabytes():
    """The most memory that the process has had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--steps", type=int, default=1_000_000)
    parser.add_argument("--chunk", type=int, default=10_000)
    parser.add_argument("--units", type=int, default=16)
    parser.add_argument("--loop", default="auto", help="auto, recomputed, associative or chunked")
    options = parser.parse_args()
    keras.utils.set_random_seed(0)
    x, y = sequence(options.steps, np.random.default_rng(0))
    layer = kg.MinGRU(options.units, return_sequences=True, stateful=True, loop=options.loop)
    model = keras.Sequential([keras.Input((None, 2), batch_size=1), layer, keras.layers.Dense(1)])
    model.compile(keras.optimizers.Adam(0.01), "mse", jit_compile=False)
    # A short sequence first: what TensorFlow takes for itself is not counted.
    model.train_on_batch(x[:, :100], y[:, :100])
    layer.reset_state()
    before, losses, begun = megabytes(), [], time.perf_counter()
    for start in range(0, options.steps, options.chunk):
        part = slice(start, start + options.chunk)
        model.reset_metrics()
        losses.append(float(model.train_on_batch(x[:, part], y[:, part])))
        if start == 0 and options.chunk < options.steps:
            begun = time.perf_counter()
    count = options.steps - (options.chunk if options.chunk < options.steps else 0)
    seconds, tenth = time.perf_counter() - begun, max(1, len(losses) // 10)
    print(
        f"{options.steps:,} steps in chunks of {options.chunk:,}, loop {options.loop}: "
        f"{seconds:.1f} s for {count:,} steps, "
        f"{megabytes() - before:.0f} MB more than before, "
        f"loss {np.mean(losses[:tenth]):.3f} at first, {np.mean(losses[-tenth:]):.3f} at last"
    )


if __name__ == "__main__":
    main()
