"""One process with two logical CPUs under `MirroredStrategy`; run by `test_many_workers.py`."""

import tensorflow as tf

from tests.scale_parts import BATCH, EPOCHS, build, report, rows


def train(strategy):
    with strategy.scope():
        model = build()
    first = model.get_weights()
    model.fit(*rows(), batch_size=BATCH, epochs=EPOCHS, shuffle=False, verbose=0)
    return first, model.get_weights()


if __name__ == "__main__":
    (cpu,) = tf.config.list_physical_devices("CPU")
    half = tf.config.LogicalDeviceConfiguration()
    tf.config.set_logical_device_configuration(cpu, [half, half])
    first, alone = train(tf.distribute.get_strategy())
    strategy = tf.distribute.MirroredStrategy(["/cpu:0", "/cpu:1"])
    _, trained = train(strategy)
    weights = {"first": first, "alone": alone, "mirrored": trained}
    report(weights, devices=strategy.num_replicas_in_sync)
