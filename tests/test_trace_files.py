"""Files and frames of traces; files that are none, or damaged, are refused as such."""

import json

import keras
import ml_dtypes
import numpy as np
import pytest
from numpy.testing import assert_array_equal

import kerasgates as kg
from tests.cases import BATCH, MASK, UNITS, inputs, make_layer


@pytest.fixture(scope="module")
def trace():
    rng = np.random.default_rng(29)
    return kg.trace(make_layer("LSTMCell", {}, rng), inputs(rng), MASK, units=[1, 3])


@pytest.fixture
def path(trace, tmp_path):
    path = tmp_path / "trace.npz"
    trace.save(path)
    return path


def held(path):
    with np.load(path) as file:
        return {name: file[name] for name in file}


def change(path, **changes):
    """The file with other arrays; None takes one away."""
    arrays = {name.replace("__", "/"): array for name, array in changes.items()}
    arrays = {name: array for name, array in {**held(path), **arrays}.items() if array is not None}
    np.savez(path, **arrays)


def header(path, **changes):
    described = json.loads(str(held(path)["header"]))
    described["cells"][0] |= changes
    change(path, header=np.array(json.dumps(described)))


def save_one(path):
    with open(path, "wb") as file:
        np.save(file, np.ones(3))


NOT_A_TRACE = {
    "empty": lambda path: path.write_bytes(b""),
    "text": lambda path: path.write_text("no trace"),
    "cut off": lambda path: path.write_bytes(path.read_bytes()[:-50]),
    "cut off at once": lambda path: path.write_bytes(path.read_bytes()[:10]),
    "one array": lambda path: save_one(path),
    "other arrays": lambda path: np.savez(path, x=1),
    "header is no JSON": lambda path: change(path, header=np.array("{")),
    "header is a list": lambda path: change(path, header=np.array("[1]")),
    "header without cells": lambda path: change(
        path, header=np.array(json.dumps({"format": "kerasgates trace 1"}))
    ),
    "cells without names": lambda path: change(
        path, header=np.array(json.dumps({"format": "kerasgates trace 1", "cells": [{}]}))
    ),
    "an array is missing": lambda path: change(path, **{"0__states__c": None}),
    "no units": lambda path: change(path, **{"0__units": None}),
    "more units": lambda path: change(path, **{"0__units": np.arange(3)}),
    "fewer steps": lambda path: change(path, **{"0__gates__f": np.ones((5, 6, 2))}),
    "fewer rows": lambda path: change(path, **{"0__kept__c": np.ones((4, 7, 2))}),
    "fewer axes": lambda path: change(path, **{"0__gates__f": np.ones((5, 7))}),
    "other entries": lambda path: change(path, **{"0__gates__f": np.ones((5, 7, 3))}),
    "a mask of another shape": lambda path: change(path, **{"0__mask": np.ones((5, 6), bool)}),
    "initial states of another shape": lambda path: change(
        path, **{"0__initial__h": np.ones((5, 3))}
    ),
    "text for numbers": lambda path: change(path, **{"0__gates__f": np.full((5, 7, 2), "a")}),
    "a gate more than there is": lambda path: header(path, gates=["i", "f", "g", "o", "q"]),
}


@pytest.mark.parametrize("harm", NOT_A_TRACE)
def test_what_is_no_trace_is_a_value_error(harm, path):
    NOT_A_TRACE[harm](path)
    with pytest.raises(ValueError, match=r"trace\.npz' is "):
        kg.GateTrace.load(path)


def test_damage_anywhere_in_the_file_is_a_value_error_or_harmless(path, rng):
    whole, trace = path.read_bytes(), kg.GateTrace.load(path)
    refused = 0
    for place in rng.integers(0, len(whole), 60):
        broken = bytearray(whole)
        broken[place] ^= 0xFF
        path.write_bytes(broken)
        try:
            again = kg.GateTrace.load(path)
        except ValueError:
            refused += 1
            continue
        assert repr(again) == repr(trace)
    assert refused > 30


def test_where_there_is_no_file_it_says_so(tmp_path):
    with pytest.raises(FileNotFoundError):
        kg.GateTrace.load(tmp_path / "none.npz")


def test_which_gates_are_gates_is_kept_and_guessed_for_files_of_before(path):
    before = kg.GateTrace.load(path)
    (cell,) = before.values()
    assert cell.bounded == ["i", "f", "o"]
    described = json.loads(str(held(path)["header"]))
    del described["cells"][0]["bounded"]
    change(path, header=np.array(json.dumps(described)))
    (old,) = kg.GateTrace.load(path).values()
    assert old.bounded == ["i", "f", "o"]


def test_half_precision_of_another_kind_is_kept(rng, tmp_path):
    # No orthogonal matrix is made in that precision.
    layer = kg.GRU(4, dtype="bfloat16", recurrent_initializer="glorot_uniform")
    trace = kg.trace(layer, inputs(rng))
    assert trace.states["h"].dtype == ml_dtypes.bfloat16
    trace.save(tmp_path / "t.npz")
    again = kg.GateTrace.load(tmp_path / "t.npz")
    assert_array_equal(again.states["h"], trace.states["h"].astype("float32"))


def test_files_and_frames(rng, tmp_path):
    layer = keras.layers.Bidirectional(kg.LSTM(UNITS))
    trace = kg.trace(layer, inputs(rng), MASK, units=[1, 3], times=[0, 5])
    path = tmp_path / "trace.npz"
    trace.save(path)
    assert [p.name for p in tmp_path.iterdir()] == ["trace.npz"]
    again = kg.GateTrace.load(path)
    assert repr(again) == repr(trace)
    for name, cell in trace.items():
        for (*_, array), (*_, other) in zip(cell.values(), again[name].values(), strict=True):
            assert_array_equal(array, other)
        for field in ("mask", "times", "units"):
            assert_array_equal(getattr(cell, field), getattr(again[name], field))
        assert_array_equal(cell.initial["c"], again[name].initial["c"])
    np.savez(tmp_path / "other.npz", x=1)
    with pytest.raises(ValueError, match="not a trace"):
        kg.GateTrace.load(tmp_path / "other.npz")


def test_frames_have_a_row_for_every_value(rng):
    pytest.importorskip("pandas")
    trace = kg.trace(make_layer("LSTMCell", {}, rng), inputs(rng), MASK, units=[1, 3], times=[0, 5])
    frame = trace.to_dataframe()
    assert [*frame] == ["layer", "batch", "time", "unit", "kind", "name", "value"]
    assert len(frame) == 6 * BATCH * 2 * 2
    row = frame.query("kind == 'gate' and name == 'f' and batch == 1 and time == 0 and unit == 3")
    assert row["value"].item() == trace.gates["f"][1, 0, 1]
