"""A worker of `keras.distribution` on JAX; run by `test_many_workers.py`.

python -m tests.scale_jax COORDINATOR WORKERS WORKER

One worker alone has two devices, two workers have one each. It also trains with one device.
"""

import sys

import jax
import numpy as np
from jax.experimental import multihost_utils
from keras import distribution

from tests.scale_parts import Share, build, report, train


def whole(variable):
    """A weight as an array, also where no process has all of it."""
    value = variable.value
    if value.is_fully_addressable or value.is_fully_replicated:
        return np.array(value)
    return np.array(multihost_utils.process_allgather(value, tiled=True))


def parallel():
    """The two ways: rows on different devices, and parts of every weight on different devices."""
    devices = distribution.list_devices()
    layout = distribution.LayoutMap(distribution.DeviceMesh((1, 2), ["rows", "units"], devices))
    layout[".*kernel"] = (None, "units")
    layout[".*bias"] = ("units",)
    by_units = distribution.ModelParallel(layout_map=layout, auto_shard_dataset=False)
    by_rows = distribution.DataParallel(auto_shard_dataset=False)
    return {"DataParallel": (by_rows, True), "ModelParallel": (by_units, False)}


if __name__ == "__main__":
    coordinator, workers, worker = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    weights, split = {}, {}
    if workers > 1:
        distribution.initialize(coordinator, workers, worker)
    else:
        model = build()
        weights = {"first": model.get_weights(), "alone": train(Share(), model).get_weights()}
    for name, (way, share_rows) in parallel().items():
        with way.scope():
            model = train(Share(worker, workers) if share_rows else Share())
        weights[name] = [whole(variable) for variable in model.variables]
        whole_here = [v.value.sharding.is_fully_replicated for v in model.trainable_variables]
        split[name] = whole_here.count(False)
    report(weights, devices=jax.device_count(), here=jax.local_device_count(), split=split)
