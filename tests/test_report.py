"""The report: one page that needs no network, whose numbers are those of the trace."""

import re
import sys

import keras
import numpy as np
import pytest

import kerasgates as kg
from kerasgates import cli
from tests.cases import (
    BATCH,
    FEATURES,
    TIME,
    UNITS,
    inputs,
    make_layer,
    randomise,
)
from tests.odd_cells import EverySecondCell
from tests.reporting_pages import WORDS, data_of, masked_inputs, story

pytest.importorskip("plotly")
pytestmark = pytest.mark.usefixtures("eager")


@pytest.fixture
def model(rng):
    return story(rng)


@pytest.fixture
def x(rng):
    return masked_inputs(rng)


@pytest.mark.slow
def test_every_number_is_that_of_the_trace(model, x, tmp_path):
    path = tmp_path / "report.html"
    assert kg.report(model, x, path, tokens=WORDS) == str(path)
    data, trace = data_of(path), kg.trace(model, x)
    assert [cell["name"] for cell in data["cells"]] == [*trace]
    for cell, traced in zip(data["cells"], trace.values()):
        arrays = [*traced.gates.values(), *traced.states.values()]
        assert len(cell["arrays"]) == len(arrays)
        for shown, values in zip(cell["arrays"], arrays):
            found = np.array(shown["values"], float)
            # Rows of units, columns of steps; nothing at masked steps.
            np.testing.assert_allclose(found.transpose(0, 2, 1), values, rtol=1e-3, atol=1e-6)
            assert shown["units"] == [*range(values.shape[-1])]
        regimes = trace.regimes()[cell["name"]]
        named = np.array(data["regimes"])[np.array(cell["regimes"]["values"])]
        np.testing.assert_array_equal(named.transpose(0, 2, 1), regimes)
    assert [cell["labels"] for cell in data["cells"]] == [[WORDS] * BATCH] * 3
    horizons = {one["name"]: one["steps"] for one in data["memory"]}
    rows = trace.memory_horizon()
    for name, steps in horizons.items():
        expected = [row["steps"] for row in rows if f"{row['layer']}, {row['state']}" == name]
        np.testing.assert_allclose(steps, expected, rtol=1e-3)


@pytest.mark.slow
def test_gradients_are_those_of_the_loss(model, x, rng, tmp_path):
    y = rng.normal(size=(BATCH, 1)).astype("float32")
    kg.report(model, x, tmp_path / "r.html", y=y, loss="mse")
    data = data_of(tmp_path / "r.html")
    flows = kg.gradient_flow(model, x, y, "mse")
    for one in data["flow"]:
        name, state = one["name"].rsplit(", ", 1)
        norms = flows[name].mean(state)
        # Rows of different lengths are put together at their ends.
        first = 1 - TIME if flows[name].direction == "forward" else 0
        assert (one["first"], one["from_ends"]) == (first, True)
        np.testing.assert_allclose(np.array(one["values"], float), norms, rtol=1e-3)
    assert "gradient of the loss of one sequence" in (tmp_path / "r.html").read_text()


@pytest.mark.slow
def test_the_page_is_whole_the_same_again_and_safe(rng, tmp_path):
    layer = kg.GRU(UNITS, name="gru>1", loop="keras")
    layer.build((None, None, FEATURES))
    randomise(layer, rng)
    x = inputs(rng)
    pages = []
    for name in "ab":
        kg.report(layer, x, tmp_path / name, tokens=["</script>"] * TIME)
        pages.append((tmp_path / name).read_text("utf-8"))
    assert pages[0] == pages[1]
    assert pages[0].count("</script>") == 3
    outside = re.sub(r"<script>.*?</script>", "", pages[0], flags=re.S)
    assert "gru&gt;1" in outside
    assert not re.findall(r'(?:src|href)="(?!data:|#)', outside)
    assert "default-src 'none'" in pages[0]
    assert "h&#39; = z ⊙ h + (1 − z) ⊙ n" in outside
    assert "gradient of half the sum of the squared outputs" in outside
    for end in ("closed", "open"):
        assert f">units always {end}</th>" in outside


@pytest.mark.slow
def test_long_and_wide_input_is_thinned_and_says_so(rng, tmp_path):
    layer = make_layer("LSTMCell", {}, rng, units=9, loop="keras")
    x = inputs(rng, batch=3, time=50)
    kg.report(layer, x, tmp_path / "r.html", rows=2, units=4, steps=11)
    (cell,) = data_of(tmp_path / "r.html")["cells"]
    assert cell["steps"] == [0, 5, 10, 15, 20, 24, 29, 34, 39, 44, 49]
    (trace,) = kg.trace(layer, x).values()
    shown = cell["arrays"][1]
    assert len(shown["values"]) == 2
    expected = trace.gates["f"][:2][:, cell["steps"]][:, :, shown["units"]]
    found = np.array(shown["values"]).transpose(0, 2, 1)
    np.testing.assert_allclose(found, expected, rtol=1e-3, atol=1e-6)
    text = (tmp_path / "r.html").read_text()
    assert "the first 2 of 3 sequences; 11 of 50 steps, evenly chosen; 4 units at most" in text


def test_a_cell_without_equations_is_reported_without(rng, tmp_path):
    layer = kg.RNN(EverySecondCell(UNITS), loop="keras", name="layer")
    layer.build((None, None, FEATURES))
    kg.report(layer, inputs(rng), tmp_path / "r.html")
    text = (tmp_path / "r.html").read_text()
    assert "cannot be written as equations" in text
    assert 'class="paper"><img' not in text


def test_errors_say_what_would_be_right(model, x, tmp_path, monkeypatch):
    path = tmp_path / "r.html"
    for arguments, message in {
        "loss": ({"loss": "mse"}, "`loss` needs `y`"),
        "no tokens": ({"tokens": 5}, r"Argument `tokens` .*Received: 0 lists"),
        "units": ({"units": True}, "`units` must be a positive int. Received: True"),
        "target": (
            {"y": np.ones((4, 9)), "loss": "mse"},
            r"`y` must be of the shape of .*\(5, 1\).*\(4, 9\)",
        ),
        "rows": ({"rows": 0}, "`rows` must be a positive int. Received: 0"),
        "tokens": (
            {"tokens": ["a"]},
            r"each of the 7 steps, .* 5 rows. Received: 5 lists of \[1\]",
        ),
    }.values():
        with pytest.raises(ValueError, match=message):
            kg.report(model, x, path, **arguments)
    with pytest.raises(ValueError, match="must hold a recurrent layer"):
        kg.report(keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)]), x[:, 0], path)
    with pytest.raises(ValueError, match="Argument `path` must name a file"):
        kg.report(model, x, tmp_path)
    monkeypatch.setitem(sys.modules, "plotly.offline", None)
    with pytest.raises(ImportError, match=r'pip install "kerasgates\[report\]"'):
        kg.report(model, x, path)
    assert not path.exists()


@pytest.mark.slow
def test_labels_are_those_of_layers_of_their_length(rng, tmp_path):
    x = keras.Input((6, FEATURES))
    y = kg.GRU(UNITS, return_sequences=True, loop="keras", name="first")(x)
    y = kg.GRU(UNITS, loop="keras", name="second")(keras.layers.MaxPooling1D(3)(y))
    model = keras.Model(x, y)
    # Numbers are labels, too; and a list of lists is an input.
    values = inputs(rng, time=6).tolist()
    kg.report(model, values, tmp_path / "r.html", tokens=np.arange(6) * 10)
    first, second = data_of(tmp_path / "r.html")["cells"]
    assert first["labels"][0] == ["0", "10", "20", "30", "40", "50"]
    assert second["labels"] is None
    assert second["steps"] == [0, 1]


@pytest.mark.slow
def test_without_gradients_or_numbers_there_is_a_page(rng, tmp_path):
    @kg.register
    class ApartCell(kg.AbstractRNNCell):
        """Its `call` is its own, which gradients are not followed through."""

        gates = ("a",)
        states = ("h",)

        def step(self, Wx, U, h):
            a = self.activation((Wx + h @ U).a)
            return (a,), {"a": a}

        def call(self, inputs, states, training=False):
            output, new = super().call(inputs, states, training)
            return keras.ops.tanh(output), new

    layer = kg.RNN(ApartCell(UNITS), loop="keras", name="shown")
    layer.build((None, None, FEATURES))
    kg.report(layer, inputs(rng), tmp_path / "r.html")
    text = (tmp_path / "r.html").read_text()
    assert "Gradients could not be followed: gradient_flow needs" in text
    # Nor is the page left out where a loss is asked for; its rows have theirs.
    kg.report(layer, inputs(rng), tmp_path / "r.html", y=np.zeros((BATCH, UNITS)), loss="mse")
    text = (tmp_path / "r.html").read_text()
    assert "Gradients could not be followed: gradient_flow needs" in text
    assert len(data_of(tmp_path / "r.html")["examples"]["losses"]) == BATCH
    x = inputs(rng)
    x[0, 2] = np.nan
    kg.report(make_layer("LSTMCell", {}, rng, loop="keras"), x, tmp_path / "r.html")
    (memory,) = data_of(tmp_path / "r.html")["memory"]
    assert None not in memory["steps"], "what is no number takes nothing from the rest"
    # From the third step on, and only in that row.
    text = (tmp_path / "r.html").read_text("utf-8")
    assert f"At {TIME - 2} of {BATCH * TIME} steps, all sequences together" in text
    with pytest.raises(ValueError, match="`x` must hold a sequence"):
        kg.report(layer, x[:0], tmp_path / "r.html")


@pytest.mark.slow
def test_from_the_command_line(model, x, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    model.save("model.keras")
    np.save("data.npy", x)
    (tmp_path / "words.txt").write_text("\n".join(WORDS))
    command = ["report", "model.keras", "data.npy", "-o", "story.html", "--tokens", "words.txt"]
    assert cli.main(command) == 0
    assert capsys.readouterr().out == f"{tmp_path / 'story.html'}\n"
    assert data_of(tmp_path / "story.html")["cells"][0]["labels"][0] == WORDS
    assert cli.main(["report", "other.keras", "data.npy"]) == 2
    assert "there is no file 'other.keras'" in capsys.readouterr().err
    assert cli.main(["report", "model.keras", "data.npy", "--tokens", "no.txt"]) == 2
    assert "--tokens no.txt cannot be read" in capsys.readouterr().err
