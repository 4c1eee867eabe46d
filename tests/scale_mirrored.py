"""One process with two logical CPUs under `MirroredStrategy`; run by `test_many_workers.py`."""

import keras
import tensorflow as tf

import kerasgates as kg
from tests.scale_parts import BATCH, EPOCHS, FEATURES, TIME, build, report, rows


def train(strategy):
    with strategy.scope():
        model = build()
    first = model.get_weights()
    model.fit(*rows(), batch_size=BATCH, epochs=EPOCHS, shuffle=False, verbose=0)
    return first, model.get_weights()


def second_derivatives(strategy):
    """Of Keras's LSTM and of ours with its weights, each as every device gives it."""
    with strategy.scope():
        layers = {"stock": keras.layers.LSTM(4), "ours": kg.LSTM(4, loop="compiled")}
        for layer in layers.values():
            layer.build((None, TIME, FEATURES))
    layers["ours"].set_weights(layers["stock"].get_weights())

    def of(layer, x):
        by = [x, *(variable.value for variable in layer.trainable_variables)]
        with tf.GradientTape() as outer:
            outer.watch(x)
            with tf.GradientTape() as inner:
                inner.watch(x)
                loss = tf.reduce_sum(layer(x) ** 2)
            steepness = sum(tf.reduce_sum(d**2) for d in inner.gradient(loss, by))
        return outer.gradient(steepness, by)

    @tf.function(autograph=False)
    def run(x):
        found = {name: strategy.run(of, (layer, x)) for name, layer in layers.items()}
        return tf.nest.map_structure(strategy.experimental_local_results, found)

    found = run(tf.constant(rows()[0][:BATCH]))
    return {name: [part.numpy() for part in tf.nest.flatten(of)] for name, of in found.items()}


if __name__ == "__main__":
    (cpu,) = tf.config.list_physical_devices("CPU")
    half = tf.config.LogicalDeviceConfiguration()
    tf.config.set_logical_device_configuration(cpu, [half, half])
    first, alone = train(tf.distribute.get_strategy())
    strategy = tf.distribute.MirroredStrategy(["/cpu:0", "/cpu:1"])
    _, trained = train(strategy)
    weights = {"first": first, "alone": alone, "mirrored": trained}
    second = second_derivatives(strategy)
    report(weights | second, devices=strategy.num_replicas_in_sync)
