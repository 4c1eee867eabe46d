"""A model's training step and prediction as its framework runs them, without Keras's trainer."""

import keras


def bare(model, predictor, inputs, targets, rate, jit=False):
    """Two functions without arguments: a training step that gives the loss, and a prediction.

    Both wait for their results.

    Args:
        model: a model of Keras, built.
        predictor: what predicts, a model that shares its layers.
        inputs: a list of tensors of the backend.
        targets: a tensor.
        rate: of the optimiser, gradient descent.
        jit: on TensorFlow, whether XLA compiles the whole step.
    """
    backend = keras.backend.backend()
    makers = {"tensorflow": _of_tensorflow, "jax": _of_jax, "torch": _of_torch}
    more = {"jit": jit} if backend == "tensorflow" else {}
    return makers[backend](model, predictor, inputs, targets, rate, **more)


def _loss(outputs, targets):
    return keras.ops.mean(keras.ops.square(keras.ops.cast(outputs, targets.dtype) - targets))


def _of_tensorflow(model, predictor, inputs, targets, rate, jit):
    import tensorflow as tf

    weights = model.trainable_variables

    @tf.function(jit_compile=jit)
    def step(inputs, targets):
        with tf.GradientTape() as tape:
            loss = _loss(model(inputs, training=True), targets)
        for weight, gradient in zip(weights, tape.gradient(loss, weights)):
            weight.value.assign_sub(rate * gradient)
        return loss

    predict = tf.function(lambda inputs: predictor(inputs, training=False), jit_compile=jit)
    return lambda: step(inputs, targets).numpy(), lambda: predict(inputs).numpy()


def _of_jax(model, predictor, inputs, targets, rate):
    import jax
    import numpy as np

    def loss(weights, others, inputs, targets):
        outputs, others = model.stateless_call(weights, others, inputs, training=True)
        return _loss(outputs, targets), others

    @jax.jit
    def step(weights, others, inputs, targets):
        result = jax.value_and_grad(loss, has_aux=True)(weights, others, inputs, targets)
        (value, others), gradients = result
        return value, [w - rate * g for w, g in zip(weights, gradients)], others

    @jax.jit
    def predict(weights, others, inputs):
        return predictor.stateless_call(weights, others, inputs, training=False)[0]

    trainable, others = (
        [weight.value for weight in weights]
        for weights in (model.trainable_variables, model.non_trainable_variables)
    )
    rest = [weight.value for weight in predictor.non_trainable_variables]

    def train():
        value, trainable[:], others[:] = step(trainable, others, inputs, targets)
        return float(value)

    return train, lambda: np.asarray(predict(trainable, rest, inputs))


def _of_torch(model, predictor, inputs, targets, rate):
    import torch

    optimizer = torch.optim.SGD(model.parameters(), rate)

    def train():
        optimizer.zero_grad()
        loss = _loss(model(inputs, training=True), targets)
        loss.backward()
        optimizer.step()
        return loss.item()

    def predict():
        with torch.inference_mode():
            return predictor(inputs, training=False).float().cpu().numpy()

    return train, predict
