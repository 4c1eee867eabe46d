"""What exports are compared on: data in the forms in which people have them, finite all of it."""

import keras
import numpy as np
import pytest
import tensorflow as tf
import torch
from keras import layers, ops

import kerasgates as kg
from kerasgates.export.prepare import prepare
from kerasgates.export.samples import MOST, arrays_of
from kerasgates.export.source import difference
from tests.cases import FEATURES, randomise

TIME = 5


def one_input(rng):
    x = keras.Input((None, FEATURES), name="my x")
    model = keras.Model(x, kg.GRU(3)(x))
    randomise(model, rng)
    return model


def two_inputs(rng):
    place, x = keras.Input((2,), name="place"), keras.Input((None, FEATURES), name="x")
    model = keras.Model([place, x], layers.Concatenate()([kg.GRU(3)(x), place]))
    randomise(model, rng)
    return model


@pytest.fixture(scope="module")
def ready():
    rng = np.random.default_rng(5)
    return {1: prepare(one_input(rng)), 2: prepare(two_inputs(rng))}


@pytest.fixture
def x(rng):
    return rng.normal(size=(6, TIME, FEATURES)).astype("float32")


def endless(x):
    while True:
        yield from x


def labelled(x):
    return tf.data.Dataset.from_tensor_slices((x, np.arange(len(x))))


#: Ways to give the same six samples to a model of one input.
FORMS = {
    "array": lambda x: x,
    "list of one array": lambda x: [x],
    "list of samples": lambda x: list(x),
    "nested list": lambda x: x.tolist(),
    "float64": lambda x: x.astype("float64"),
    "tensor": tf.constant,
    "tensor with a gradient": lambda x: torch.tensor(x, requires_grad=True),
    "dict by the signature's name": lambda x: {"my_x": x},
    "dict by Keras's name": lambda x: {"my x": x},
    "generator of samples": lambda x: (row for row in x),
    "generator of batches": lambda x: (x[at : at + 4] for at in (0, 4)),
    "generator of lists": lambda x: ([row[None]] for row in x),
    "function that yields lists": lambda x: lambda: ([row[None]] for row in x),
    "function that yields dicts": lambda x: lambda: ({"my_x": row[None]} for row in x),
    "function that gives an array": lambda x: lambda: x,
    "signatures": lambda x: (("serving_default", {"my_x": row[None]}) for row in x),
    "dataset": tf.data.Dataset.from_tensor_slices,
    "dataset of batches": lambda x: tf.data.Dataset.from_tensor_slices(x).batch(4),
    "dataset with targets": labelled,
    "dataset of batches with targets": lambda x: labelled(x).batch(4),
}


@pytest.mark.parametrize("form", FORMS)
def test_representative_data_come_in_many_forms(form, ready, x):
    (got,) = arrays_of(ready[1], FORMS[form](x), "representative_data")
    np.testing.assert_array_equal(got, x)
    assert got.dtype == "float32"


def test_what_has_no_end_is_cut_and_what_is_long_is_not_read_to_the_end(ready, x):
    (got,) = arrays_of(ready[1], endless(x), "representative_data")
    assert got.shape == (MOST, TIME, FEATURES)
    dataset = tf.data.Dataset.from_tensor_slices(x).repeat().batch(7)
    (got,) = arrays_of(ready[1], dataset, "representative_data")
    np.testing.assert_array_equal(got[:6], x)
    assert len(got) == MOST


def test_several_inputs_are_told_apart(ready, x, rng):
    place = rng.normal(size=(6, 2)).astype("float32")
    slices = tf.data.Dataset.from_tensor_slices
    for data in (
        [place, x],
        (place, x),
        {"x": x, "place": place},
        ([a[None], b[None]] for a, b in zip(place, x)),
        ((a, b) for a, b in zip(place, x)),
        lambda: ({"x": b[None], "place": a[None]} for a, b in zip(place, x)),
        slices(((place, x), np.arange(6))).batch(5),
        slices(({"place": place, "x": x}, np.arange(6))),
    ):
        for got, wanted in zip(arrays_of(ready[2], data, "data"), (place, x)):
            np.testing.assert_array_equal(got, wanted)


def test_representative_data_that_do_not_fit_are_named(ready, x):
    hole = x.copy()
    hole[2, 1, 0] = np.nan
    for data, message in (
        (hole, r"finite numbers. Received: nan at \(2, 1, 0\) of 'my_x', and 1 such in all"),
        (np.where(np.isnan(hole), np.inf, hole), r"finite numbers. Received: inf at"),
        (iter([]), "give some samples. Received: none"),
        ((x[:, :n] for n in (3, 4)), r"one shape and length. Received: \[\[\(3, .*\(4, "),
        ({"y": x}, r"hold an array for each of \['my_x'\]. Received: \['y'\]"),
        ([x[0], x[1, :3]], "hold arrays"),
        (x[0], r"hold an array for each input, of shapes .* Received: shapes \[\(5, "),
        (x[..., :2], "of shapes"),
        (x[:0], "of shapes"),
        (["a", "b"], "of shapes"),
    ):
        with pytest.raises(ValueError, match=f"Argument `representative_data` must .*{message}"):
            arrays_of(ready[1], data, "representative_data")
    with pytest.raises(ValueError, match=r"for each input, of \['place', 'x'\]. Received: 1 arr"):
        arrays_of(ready[2], x, "representative_data")


class Undefined(layers.Layer):
    """Gives NaN for whatever it gets."""

    def call(self, x):
        return ops.sqrt(-1.0 - ops.abs(x))


def test_nothing_that_is_no_number_is_compared(tmp_path, rng):
    model, x = one_input(rng), keras.Input((None, FEATURES))
    exports = (kg.export.saved_model, "m"), (kg.export.litert, "m.tflite")
    weights = model.get_weights()
    for value in (np.nan, np.inf):
        weights[0][0, 0] = value
        model.set_weights(weights)
        for export, name in exports:
            with pytest.raises(ValueError, match=r"finite weights.*infinity in 'gru.*/kernel'"):
                export(model, tmp_path / name)
    undefined = keras.Model(x, [kg.GRU(3)(x), Undefined()(kg.GRU(3)(x))])
    for export, name in exports:
        with pytest.raises(kg.export.ExportError, match="output 1 of the Keras model is NaN"):
            export(undefined, tmp_path / name)
    assert not list(tmp_path.iterdir())


def test_a_difference_from_what_is_no_number_is_none():
    """Where Keras gives NaN for some rows, so must the file, and the others count."""
    some, other = np.array([np.nan, 1.0]), np.array([np.nan, 1.5])
    assert difference([some], [other], "file") == 0.5
    for wrong in (np.array([0.0, 1.0]), np.array([np.nan, np.nan]), np.array([np.nan, np.inf])):
        assert not difference([some], [wrong], "file") <= 1e9
