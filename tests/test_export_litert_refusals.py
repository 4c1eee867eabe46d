"""Exports to TF Lite that cannot be, or do not agree with Keras, leave nothing behind."""

import keras
import numpy as np
import pytest
from keras import layers

import kerasgates as kg
from kerasgates.export.to_litert import export as to_litert
from tests.cases import (
    FEATURES,
)
from tests.exporting import (
    model_of,
)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "model.tflite"


def lstm(rng):
    return model_of(kg.LSTM(3), rng=rng)


BAD = {
    "kind": (lstm, {"kind": "fast"}, "Argument `kind` must be one of"),
    "quantize": (lstm, {"quantize": "int4"}, "Argument `quantize` must be one of"),
    "signature": (lstm, {"signature": "all"}, "Argument `signature` must be one of"),
    "no data": (lstm, {"quantize": "int8"}, "Argument `representative_data` must be given"),
    "data of the wrong shape": (
        lstm,
        {"quantize": "int8", "representative_data": np.ones((8, 5, FEATURES + 1))},
        "Argument `representative_data` must hold .*Received: shapes",
    ),
    "int8 of a loop": (
        lstm,
        {"quantize": "int8", "kind": "loop", "representative_data": np.ones((8, 5, FEATURES))},
        'Argument `kind` must be "unrolled", "step" or "auto"',
    ),
    "unrolled without a length": (lstm, {"kind": "unrolled"}, "Argument `time` must be given"),
    "batch": (lstm, {"batch_size": 0}, "Argument `batch_size` must be a positive int"),
    "time": (lstm, {"time": -3}, "Argument `time` must be a positive int"),
    "nothing to fuse": (
        lambda rng: model_of(kg.UGRNN(3), rng=rng),
        {"kind": "fused"},
        'Argument `kind` must not be "fused" .*UGRNNCell',
    ),
    "step of what is not causal": (
        lambda rng: model_of(layers.Bidirectional(kg.LSTM(3)), rng=rng),
        {"kind": "step"},
        'Argument `kind` must not be "step" .*runs backwards',
    ),
    "signature of what is not causal": (
        lambda rng: model_of(layers.Bidirectional(kg.LSTM(3)), rng=rng),
        {"signature": "both"},
        'Argument `signature` must be "sequence" .*runs backwards',
    ),
    "no recurrent layer": (
        lambda rng: model_of(layers.Dense(3), rng=rng),
        {},
        "must hold a recurrent layer",
    ),
    "not built": (lambda rng: keras.Sequential([kg.LSTM(3)]), {}, "must be built"),
    "no model": (lambda rng: kg.LSTM(3), {}, "must be a keras.Model"),
}


@pytest.mark.parametrize("made", BAD)
def test_bad_input_is_named_and_nothing_is_left_behind(made, path, rng):
    model, arguments, message = BAD[made]
    with pytest.raises(ValueError, match=message):
        kg.export.litert(model(rng), path, **arguments)
    assert not list(path.parent.iterdir())


def test_a_file_that_does_not_agree_is_not_written(path, rng, monkeypatch):
    monkeypatch.setattr(to_litert.flatbuffer, "operators", lambda content: {"FlexAddV2": 1})
    with pytest.raises(kg.export.ExportError, match="plain LiteRT does not have: FlexAddV2"):
        kg.export.litert(lstm(rng), path, kind="loop")
    assert not list(path.parent.iterdir())


@pytest.mark.slow
@pytest.mark.parametrize("kind", [pytest.param("fused", marks=pytest.mark.slow), "loop"])
def test_other_outputs_than_those_of_keras_are_an_error(kind, path, rng, monkeypatch):
    model, other = (model_of(kg.LSTM(4, name="y"), rng=rng) for _ in range(2))
    kg.export.litert(other, path, kind=kind)
    wrong = to_litert.flatbuffer.load(path.read_bytes())
    path.unlink()
    monkeypatch.setattr(to_litert, "_make", lambda *arguments: wrong)
    with pytest.raises(kg.export.ExportError, match=r"they differ by 0\.\d+, 1e-05 would pass"):
        kg.export.litert(model, path, kind=kind)
    assert not list(path.parent.iterdir())


def test_paths_that_cannot_be_written(tmp_path, rng):
    (tmp_path / "file").write_text("")
    with pytest.raises(ValueError, match="Argument `path` must be writable"):
        kg.export.litert(lstm(rng), tmp_path / "file" / "model.tflite")
    with pytest.raises(ValueError, match="Argument `path` must name a file"):
        kg.export.litert(lstm(rng), tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == ["file"]
