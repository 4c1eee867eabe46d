"""Cells unrolled in time, as a picture and as a film."""

import keras
import numpy as np
import pytest
from matplotlib.colors import to_rgb
from matplotlib.patches import Rectangle
from PIL import Image

import kerasgates as kg


@pytest.fixture(scope="module")
def model():
    layers = [kg.LSTM(3, return_sequences=True, name="lstm"), kg.GRU(4, name="gru")]
    return keras.Sequential([keras.Input((None, 2)), *layers])


@pytest.fixture(scope="module")
def trace(model):
    return kg.trace(model, np.random.default_rng(0).normal(size=(2, 5, 2)).astype("float32"))


def squares(axes):
    """Colours of the gates' squares."""
    return [to_rgb(one.get_facecolor()) for one in axes.patches if isinstance(one, Rectangle)]


def widths(axes):
    """Line widths of the arrows."""
    return [text.arrow_patch.get_linewidth() for text in axes.texts if hasattr(text, "arrow_patch")]


def test_there_is_a_copy_for_each_step_and_layer(model):
    axes = kg.plot.unrolled(model, 3)
    texts = [text.get_text() for text in axes.texts]
    assert texts.count("LSTM") == texts.count("GRU") == 3
    assert [f"$x_{{{step}}}$" in texts for step in range(5)] == [False, True, True, True, False]
    # The memory before the first step, and after each.
    assert all(f"$c_{{{step}}}$" in texts for step in range(4))
    assert not squares(axes)
    assert kg.plot.unrolled(kg.PeepholeLSTMCell(2), 2).get_title().startswith("peephole")
    texts = [text.get_text() for text in kg.plot.unrolled(kg.LSTM(2), 2, labels="rohrer").texts]
    assert any("memory" in text for text in texts)


def test_gates_and_wires_are_drawn_by_their_values(model, trace):
    axes = kg.plot.unrolled(model, 4, trace, row=1)
    texts = [text.get_text() for text in axes.texts]
    for layer, gates in (("lstm", "ifo"), ("gru", "zr")):
        for gate in gates:
            for value in trace[layer].gates[gate][1, :4].mean(axis=-1):
                assert f"{value:.2f}" in texts
    assert len(squares(axes)) == 4 * 5
    # Darker where it is open: the red of each square tells its value.
    shown = sorted(red for red, _, _ in squares(axes))
    gates = [trace[name].gates[g][1, :4].mean(-1) for name, g in zip(["lstm"] * 3 + ["gru"] * 2,
                                                                     "ifozr")]  # fmt: skip
    np.testing.assert_allclose(shown, np.sort(1 - np.concatenate(gates)), atol=1e-6)
    # The states before the first step are zero, and their wires the thinnest.
    assert min(widths(axes)) == 0.6
    assert len({*widths(axes)}) > 8


def test_pictures_with_one_largest_can_be_compared(trace):
    layer, seen = kg.LSTM(3, name="lstm"), trace["lstm"]
    drawn = {}
    for largest in (0.001, 1.0, 2.0, None):
        found = widths(kg.plot.unrolled(layer, 2, seen, largest=largest))
        # The wires of c and h before, between and after; behind them arrows of inputs.
        drawn[largest] = np.array(found[:6]) - 0.6
    states = [np.abs(seen.states[name][0, :2]).mean(axis=-1) for name in "hc"]
    expected = np.concatenate([[0, 0], np.transpose(states).ravel()]) * 5
    np.testing.assert_allclose(drawn[1.0], expected, atol=1e-6)
    np.testing.assert_allclose(drawn[2.0], expected / 2, atol=1e-6)
    np.testing.assert_allclose(drawn[0.001], 5 * (expected > 0), atol=1e-6)
    np.testing.assert_allclose(drawn[None], expected * 5 / expected.max(), atol=1e-6)


def test_the_film_has_a_frame_for_each_step_and_what_is_to_come_is_pale(tmp_path, model, trace):
    path = tmp_path / "film.gif"
    kg.plot.unrolled(model, 3, trace, path=path)
    with Image.open(path) as film:
        assert film.n_frames == 4
        dark = []
        for frame in range(4):
            film.seek(frame)
            dark.append((np.asarray(film.convert("L")) < 100).sum())
    assert dark == sorted(dark)
    assert len({*dark}) == 4
    assert [one.name for one in tmp_path.iterdir()] == ["film.gif"]


#: Models by how a trace names their cells: wrapped, in a stack, and stock.
MODELS = {
    "Zoneout(LSTMCell)": lambda: kg.RNN(kg.Zoneout(kg.LSTMCell(2), 0.1)),
    "Residual(Zoneout(GRUCell))": lambda: kg.RNN(kg.Residual(kg.Zoneout(kg.GRUCell(2)))),
    "Attention(GRUCell)": lambda: kg.RNN(kg.Attention(kg.GRUCell(2), 2)),
    "Dilated(LSTMCell) GRUCell": lambda: kg.RNN([kg.Dilated(kg.LSTMCell(2), 2), kg.GRUCell(2)]),
    "ResetAfterGRUCell": lambda: keras.layers.GRU(2),
    "GRUCell": lambda: keras.layers.GRU(2, reset_after=False),
    "LSTMCell ResetAfterGRUCell": lambda: kg.RNN(
        [keras.layers.LSTMCell(2), keras.layers.GRUCell(2)]
    ),
}


@pytest.mark.parametrize("names", MODELS)
def test_a_models_own_trace_is_taken_whatever_its_cells(names):
    layer = MODELS[names]()
    model = keras.Sequential([keras.Input((None, 2)), layer])
    trace = kg.trace(model, np.random.default_rng(0).normal(size=(1, 3, 2)).astype("float32"))
    assert [cell.cell for cell in trace.values()] == names.split()
    for drawn in (model, layer):
        axes = kg.plot.unrolled(drawn, 3, trace)
        gates = [cell.gates[name] for cell in trace.values() for name in cell.bounded]
        assert len(squares(axes)) == 3 * len(gates)
    other = kg.RNN(kg.Zoneout(kg.PeepholeLSTMCell(2)))
    with pytest.raises(ValueError, match=r"of cells \['Zoneout\(PeepholeLSTMCell\)'\]"):
        kg.plot.unrolled(other, 3, trace)


def test_one_direction_of_two_takes_its_trace():
    layer = keras.layers.Bidirectional(kg.RNN(kg.Zoneout(kg.LSTMCell(2)), name="rnn"))
    trace = kg.trace(layer, np.ones((1, 3, 2), "float32"))
    axes = kg.plot.unrolled(layer.forward_layer, 3, trace["forward_rnn"])
    assert len(squares(axes)) == 3 * 3


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"steps": 0}, "`steps` must be from 1 to 5, those of the trace. Received: 0"),
        ({"steps": 6}, "`steps` must be from 1 to 5"),
        ({"row": 2}, "`row` must be from 0 to 1"),
        ({"path": "film.mp4"}, "`path` must end in '.gif'"),
        ({"largest": 0}, "`largest` must be above 0. Received: 0"),
        ({"model": kg.GRU(2)}, r"`trace` must be of this model, of cells \['GRUCell'\]"),
        ({"model": keras.layers.Dense(2)}, "`model` must be a model with a recurrent layer"),
        ({"model": kg.LSTM(2, go_backwards=True), "trace": None}, "runs backwards"),
    ],
    ids=str,
)
def test_what_does_not_fit_is_refused(model, trace, arguments, message):
    given = {"model": model, "steps": 2, "trace": trace, **arguments}
    with pytest.raises(ValueError, match=message):
        kg.plot.unrolled(**given)
