"""The report's page: the sequences themselves, what regimes are, and scales that show something."""

import re

import keras
import numpy as np
import pytest

import kerasgates as kg
from kerasgates.insight import regimes
from kerasgates.plot import style
from tests.cases import BATCH, FEATURES, MASK, TIME, UNITS, inputs, make_layer
from tests.reporting_pages import data_of

pytestmark = pytest.mark.usefixtures("eager")


def report(model, tmp_path, *args, **keywords):
    """The text of the page and its data."""
    kg.report(model, *args, tmp_path / "r.html", **keywords)
    return (tmp_path / "r.html").read_text("utf-8"), data_of(tmp_path / "r.html")


def masked_model(**layer):
    x = keras.Input((None, FEATURES))
    y = keras.layers.Masking()(x)
    return keras.Model(x, kg.GRU(UNITS, loop="keras", name="gru", **layer)(y))


def test_input_prediction_target_and_loss_are_those_of_the_model(rng, tmp_path):
    model = masked_model(return_sequences=True)
    x = inputs(rng) * MASK[..., None]
    y = rng.normal(size=(BATCH, TIME, UNITS)).astype("float32")
    text, data = report(model, tmp_path, x, y=y, loss="mse", rows=3, units=2)
    shown = data["examples"]
    outputs = np.array(model(x))
    assert [one["name"] for one in shown["arrays"]] == ["input", "prediction", "target"]
    for one, values in zip(shown["arrays"], (x, outputs, y)):
        found = np.array(one["values"], float)
        assert len(found) == 3
        chosen = np.where(MASK[:, :, None], values, np.nan)[:3][:, :, one["units"]]
        np.testing.assert_allclose(found.transpose(0, 2, 1), chosen, rtol=1e-3, atol=1e-6)
    errors = np.where(MASK, ((outputs - y) ** 2).mean(axis=-1), 0).sum(axis=1)
    np.testing.assert_allclose(shown["losses"], errors[:3], rtol=1e-3)
    assert "The loss of a sequence is its sum over time" in text
    # The steps of each row that are not masked.
    assert shown["live"] == data["cells"][0]["live"] == [[0, 6], [0, 3], [2, 6]]


@pytest.mark.slow
def test_what_is_of_a_whole_sequence_is_in_a_table(rng, tmp_path):
    model = masked_model()
    x, y = inputs(rng) * MASK[..., None], rng.normal(size=(BATCH, UNITS)).astype("float32")
    text, data = report(model, tmp_path, x, y=y, loss="mse")
    prediction, target = data["examples"]["whole"]
    np.testing.assert_allclose(prediction["values"], np.array(model(x)), rtol=1e-3, atol=1e-6)
    np.testing.assert_allclose(target["values"], y, rtol=1e-3)
    assert [one["name"] for one in data["examples"]["arrays"]] == ["input"]
    text, data = report(model, tmp_path, x)
    assert data["examples"]["losses"] is None
    assert [one["name"] for one in data["examples"]["whole"]] == ["prediction"]
    assert "The loss of a sequence" not in text
    assert data["signed"] == [*style.SIGNED]


def test_words_and_labels_of_steps_are_by_step(rng, tmp_path):
    x = keras.Input((TIME,), dtype="int32")
    y = keras.layers.Embedding(9, FEATURES)(x)
    y = kg.GRU(UNITS, return_sequences=True, loop="keras")(y)
    model = keras.Model(x, keras.layers.Dense(3, activation="softmax")(y))
    words, labels = rng.integers(0, 9, (BATCH, TIME)), rng.integers(0, 3, (BATCH, TIME))
    _, data = report(model, tmp_path, words, y=labels, loss="sparse_categorical_crossentropy")
    arrays = {one["name"]: np.array(one["values"]) for one in data["examples"]["arrays"]}
    np.testing.assert_array_equal(arrays["input"][:, 0], words)
    np.testing.assert_array_equal(arrays["target"][:, 0], labels)
    assert arrays["prediction"].shape == (BATCH, 3, TIME)


@pytest.mark.slow
def test_stateful_models_are_left_as_they_are(rng, tmp_path):
    layer = keras.layers.LSTM(UNITS, stateful=True)
    model = keras.Sequential([keras.Input((TIME, FEATURES), batch_size=BATCH), layer])
    x = inputs(rng)
    model.predict(x, verbose=0)
    before = [np.array(state) for state in layer.states]
    report(model, tmp_path, x)
    for state, value in zip(layer.states, before):
        np.testing.assert_array_equal(np.array(state), value)


def test_regimes_are_explained_with_their_shares(rng, tmp_path):
    layer, x = make_layer("LSTMCell", {}, rng, loop="keras"), inputs(rng)
    text, _ = report(layer, tmp_path, x, mask=MASK)
    (names,) = kg.trace(layer, x, MASK).regimes().values()
    (table,) = re.findall(r'<table class="regimes">(.*?)</table>', text, re.S)
    cells = r"</span>([\w ]+)</th><td.*?>([\d %]*)</td><td>(.*?)</td><td>(.+?)</td>"
    rows = re.findall(cells, table)
    assert [row[0] for row in rows] == [
        *dict(regimes.conditions(LSTM)),
        "between",
        "masked",
    ]
    assert ("keeps", "i closed, f open, o closed") in [(row[0], row[2]) for row in rows]
    for name, share, *_ in rows[:-1]:
        assert share == f"{100 * (names[MASK] == name).mean():.0f} %"
    assert "lies between the two thresholds" in rows[-2][3]
    assert "closed (below 0.1) or open (above 0.9)" in text


def test_steps_that_are_no_numbers_are_not_called_masked(rng, tmp_path):
    x = inputs(rng)
    x[0, 2] = np.nan
    text, data = report(make_layer("LSTMCell", {}, rng, loop="keras"), tmp_path, x)
    (table,) = re.findall(r'<table class="regimes">(.*?)</table>', text, re.S)
    assert "not a number</th>" in table
    assert "the step holds no number" in table
    assert "mask" not in table
    assert [cell["gaps"] for cell in data["cells"]] == ["not a number"]


#: Roles of gates: of the LSTM, and of cells that lack one, or where one gate has several.
LSTM = {"kept": "f", "taken": "i", "shown": "o", "seen": "1"}
ROLES = {
    "LSTM": LSTM,
    "coupled": {**LSTM, "taken": "1 − f"},
    "original": {**LSTM, "kept": "1"},
    "no input gate": {**LSTM, "taken": "1"},
    "no output gate": {**LSTM, "shown": "1"},
    "GRU": {"kept": "z", "taken": "1 − z", "seen": "r"},
    "MGU": {"kept": "1 − f", "taken": "f", "seen": "f"},
    "no state in the candidate": {"kept": "z", "taken": "1 − z"},
}


@pytest.mark.parametrize("name", ROLES)
def test_conditions_are_what_regimes_go_by(name, rng):
    """Of gates at their ends: where what is written holds, and only there, it is that regime."""
    texts = ROLES[name]
    values = {gate: rng.integers(0, 2, 200).astype(float) for gate in "ifozr"}
    roles = {role: eval(text.replace("−", "-"), {}, values) for role, text in texts.items()}
    roles = {role: (share + np.zeros(200))[None, :, None] for role, share in roles.items()}
    names = regimes.regimes_of(roles, np.ones((1, 200), bool), 0.1, 0.9)[0, :, 0]
    left = np.ones(200, bool)
    for regime, when in regimes.conditions(texts):
        holds = np.ones(200, bool)
        for part in when.split(", "):
            gate, end = part.split()
            holds &= values[gate] == (end == "open")
        np.testing.assert_array_equal(names == regime, holds)
        left &= ~holds
        assert regime in regimes.MEANINGS
    assert not left.any()
    assert regimes.conditions({}) == []
