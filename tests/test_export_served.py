"""SavedModels as functions: in `keras.layers.TFSMLayer`, and as attributes of the loaded object."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

import kerasgates as kg
from tests import tolerances
from tests.cases import FEATURES, as_array, randomise
from tests.exporting import sequences
from tests.tolerances import assert_close

#: A name with capitals and more, and what it is in a file.
NAME, IN_FILE = "My input-X", "My_input_X"


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    """A model, and the folder that it is served from."""
    x = keras.Input((None, FEATURES), name=NAME)
    model = keras.Model(x, kg.GRU(3, return_sequences=True, name="y")(x))
    randomise(model, np.random.default_rng(3))
    folder = tmp_path_factory.mktemp("served") / "model"
    kg.export.saved_model(model, folder)
    return model, str(folder)


def layer_of(folder, endpoint="serving_default"):
    return layers.TFSMLayer(folder, call_endpoint=endpoint)


@pytest.mark.slow
def test_keras_runs_it_as_a_layer_on_a_tensor_a_dict_and_in_a_model(exported, rng):
    model, folder = exported
    x = sequences(rng, 2, 5)
    expected = as_array(model(x))
    layer = layer_of(folder)
    assert_close(as_array(layer(x)["y"]), expected, tolerances.EXPORT)
    assert_close(as_array(layer({IN_FILE: x})["y"]), expected, tolerances.EXPORT)
    again = keras.Sequential([keras.Input((None, FEATURES)), layer_of(folder)])
    assert_close(again.predict(x, verbose=0)["y"], expected, tolerances.EXPORT)
    z = keras.Input((None, FEATURES))
    functional = keras.Model(z, layers.Dense(2)(layer_of(folder)(z)["y"]))
    assert functional(x).shape == (2, 5, 2)


@pytest.mark.slow
def test_keras_gives_such_a_layer_a_mask(exported, rng):
    model, folder = exported
    x, mask = sequences(rng, 3, 7), rng.random((3, 7)) < 0.6
    layer = layer_of(folder, "masked")
    layer.supports_masking = model.supports_masking = True  # Else Keras warns.
    expected = as_array(model(x, mask=tf.constant(mask)))
    assert_close(as_array(layer(x, mask=tf.constant(mask))["y"]), expected, tolerances.EXPORT)
    given = layer({IN_FILE: x, "mask": tf.constant(mask)})
    assert_close(as_array(given["y"]), expected, tolerances.EXPORT)


@pytest.mark.slow
def test_what_is_loaded_has_functions_of_tensors_and_of_dicts(exported, rng):
    model, folder = exported
    served = tf.saved_model.load(folder)
    x = sequences(rng, 2, 4)
    expected = as_array(model(x))
    for given in (served.serving_default(x), served.serving_default({IN_FILE: x})):
        assert_close(as_array(given["y"]), expected, tolerances.EXPORT)
    for states in (served.init(tf.constant(2)), served.init({"batch_size": tf.constant(2)})):
        results = served.step({IN_FILE: x[:, 0], **states})
        assert_close(as_array(results["y"]), expected[:, 0], tolerances.EXPORT)
    for signature in ("serving_default", "masked"):
        _, named = served.signatures[signature].structured_input_signature
        assert IN_FILE in named


@pytest.mark.slow
def test_a_model_of_several_inputs_takes_a_dict(tmp_path, rng):
    a, b = keras.Input((None, 2), name="a"), keras.Input((None, FEATURES), name="b")
    model = keras.Model([a, b], kg.GRU(3, name="y")(layers.Concatenate()([a, b])))
    kg.export.saved_model(model, tmp_path / "model", streaming=False)
    one, other = rng.normal(size=(2, 4, 2)).astype("float32"), sequences(rng, 2, 4)
    given = layer_of(str(tmp_path / "model"))({"a": one, "b": other})
    assert_close(as_array(given["y"]), as_array(model([one, other])), tolerances.EXPORT)
