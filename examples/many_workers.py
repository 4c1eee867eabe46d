"""Many workers: one network trained by two processes, one of which is killed on the way.

It needs JAX besides the rest (`pip install jax`): there Keras 3 trains over several processes.

The network forecasts tomorrow's weather in Seattle from the last 14 days. One worker trains it
alone; then two do, each on its half of every batch. In the fourth epoch one of the two is killed
(SIGKILL) and the other stopped; both are started again and go on from the backup made after the
third. You will see the progress of each start and, in a table, the same errors for 2015 and how
little the weights differ. docs/pages/many_workers.md says how to do it on several hosts.
"""

import argparse
import importlib.util
import os
import pathlib
import signal
import sys
import tempfile

os.environ["KERAS_BACKEND"] = "jax"
if importlib.util.find_spec("jax") is None:
    sys.exit("many_workers.py needs JAX: pip install jax")

import common
import keras
import numpy as np
import workers
from seattle import Seattle

import kerasgates as kg

DAYS, UNITS, EPOCHS, BATCH, KILLED_IN, WORKERS = 14, 16, 10, 64, 4, 2


def build():
    """Days `(batch, DAYS, 11)` in, the next day's vector out; always the same first weights."""
    keras.utils.set_random_seed(1)
    days = keras.Input((DAYS, 11))
    seen = keras.layers.Concatenate()([kg.LSTM(UNITS)(days), days[:, -1]])
    model = keras.Model(days, keras.layers.Dense(9)(seen))
    model.compile(keras.optimizers.Adam(1e-2), "mse")
    model.optimizer.build(model.trainable_variables)
    return model


def work(folder, worker=0, count=1, coordinator=None, killed_in=None):
    """What every worker does, on whichever host; returns the trained model."""
    if count > 1:
        with workers.quiet():
            keras.distribution.initialize(coordinator, count, worker)
            rows = keras.distribution.DataParallel(auto_shard_dataset=False)
        keras.distribution.set_distribution(rows)
    x, y, *_ = Seattle().samples(DAYS)
    # Each has the same callbacks and saves what the others save: JAX may wait for all of them.
    backup = keras.callbacks.BackupAndRestore(workers.backup_folder(folder, worker))
    model, share = build(), workers.Share(x, y, BATCH, worker, count)
    common.console.quiet = worker > 0
    callbacks = [common.Progress(f"by {count} worker(s)"), backup, workers.Epochs(share, killed_in)]
    model.fit(share, epochs=EPOCHS, shuffle=False, verbose=0, callbacks=callbacks)
    model.save_weights(pathlib.Path(folder, f"trained-{worker}.weights.h5"))
    return model


def work_together(folder):
    """All workers on this host, one killed and all started again; returns the trained model."""
    ended = workers.run(__file__, WORKERS, folder, f"--killed-in={KILLED_IN}")
    if ended.get(WORKERS - 1) == -signal.SIGKILL:
        common.console.print(f"One was killed in epoch {KILLED_IN}; both are started again.")
        ended = workers.run(__file__, WORKERS, folder)
    if any(ended.values()):
        errors = pathlib.Path(folder, "errors.txt").read_text()[-2000:]
        sys.exit(f"{errors}\nWorkers ended with these exit codes: {ended}")
    model = build()
    model.load_weights(pathlib.Path(folder, "trained-0.weights.h5"))
    return model


def main():
    """Train both ways; returns the rows of the table and how far the weights are apart."""
    data, rows, weights = Seattle(), [], []
    *_, new, days = data.samples(DAYS)
    for name, train in (("1 worker", work), (f"{WORKERS} workers, one killed", work_together)):
        with tempfile.TemporaryDirectory() as folder:
            model = train(folder)
        weights.append(model.get_weights())
        apart = max(np.abs(a - b).max() for a, b in zip(weights[0], weights[-1]))
        score = data.score("tomorrow", name, data.predict(model, new, days), days)
        rows.append({**score, "weights apart": f"{apart:.0e}"})
    common.print_table("Mean absolute/root mean square error; share of right weather", rows)
    return rows, apart


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name in ("worker", "count", "killed-in"):
        parser.add_argument(f"--{name}", type=int, help="see docs/pages/many_workers.md")
    for name in ("coordinator", "folder"):
        parser.add_argument(f"--{name}", help="see docs/pages/many_workers.md")
    given = {name: v for name, v in vars(parser.parse_args()).items() if v is not None}
    work(**given) if given else main()
