"""Pictures: what is drawn is what was traced, with labels; looked at by eye besides."""

import subprocess
import sys
from itertools import pairwise

import numpy as np
import pytest

import kerasgates as kg
from kerasgates import plot
from kerasgates.core.cell import CELLS
from kerasgates.insight.gradient_flow import CellFlow
from kerasgates.insight.regimes import BETWEEN, MASKED, MEANINGS
from kerasgates.plot import style, traces
from tests.cases import (
    BATCH,
    FEATURES,
    MASK,
    TIME,
    UNITS,
    assert_drawn,
    inputs,
    make_layer,
    randomise,
)

pytest.importorskip("matplotlib")
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.image import imread

from kerasgates.plot.ticks import count_steps

pytestmark = pytest.mark.usefixtures("eager")

#: What matplotlib says of a font that lacks a sign, for one, is an error as everywhere.
WORDS = ["Doug", "saw", "Jane", ".", "Spot", "saw", "Doug"]


@pytest.fixture
def layer(rng):
    return named("lstm", kg.LSTM, rng)


def named(name, kind, rng):
    """A layer with random weights, of a name that does not count up."""
    layer = kind(UNITS, name=name)
    layer.build((None, None, FEATURES))
    randomise(layer, rng)
    return layer


@pytest.fixture
def trace(layer, rng):
    return kg.trace(layer, inputs(rng), MASK)


def drawn(ax, tmp_path):
    """The axes after they were really drawn."""
    ax.figure.savefig(tmp_path / "picture.png")
    assert_drawn(tmp_path / "picture.png")
    return ax


def ticks(axis):
    return [label.get_text() for label in axis.get_ticklabels()]


def test_a_gate_is_drawn_as_it_is(trace, tmp_path):
    ax = drawn(plot.gates(trace, "f", row=1, tokens=WORDS), tmp_path)
    (image,) = ax.get_images()
    shown = image.get_array()
    np.testing.assert_array_equal(shown.mask.T, np.isnan(trace.gates["f"][1]))
    np.testing.assert_allclose(shown.filled(np.nan).T, trace.gates["f"][1])
    assert image.get_clim() == (0, 1)
    assert ticks(ax.xaxis) == WORDS
    assert ax.get_ylabel() == "unit"
    assert ax.get_title() == "lstm: f"
    assert [a.get_ylabel() for a in ax.figure.axes[1:]] == ["gate f\n0 closed, 1 open"]


def test_candidates_and_states_have_a_colour_for_zero(trace, tmp_path):
    for name, title in (("g", "lstm: g"), ("c", "lstm: c'")):
        ax = drawn(plot.gates(trace, name), tmp_path)
        low, high = ax.get_images()[0].get_clim()
        assert low == -high
        values = trace.gates["g"][0] if name == "g" else trace.states["c"][0]
        assert high == np.nanmax(np.abs(values))
        assert ax.get_title() == title
        assert ax.get_xlabel() == "step"


def test_all_gates_and_states_on_axes_of_ones_own(trace, tmp_path):
    given = Figure(layout="constrained").subplots(6, 1)
    ax = plot.gates(trace, tokens=WORDS, ax=given)
    assert list(ax) == list(given)
    drawn(ax[0], tmp_path)
    assert [a.get_title() for a in ax] == [f"lstm: {n}" for n in ("i", "f", "g", "o", "h'", "c'")]
    assert len(plot.gates(trace)) == 6


def test_some_units_and_times_keep_their_numbers(layer, rng, tmp_path):
    part = kg.trace(layer, inputs(rng), units=[1, 3], times=[2, 5, 6])
    ax = drawn(plot.gates(part, "o"), tmp_path)
    assert ticks(ax.xaxis) == ["2", "5", "6"]
    assert ticks(ax.yaxis) == ["1", "3"]
    assert traces._some(40).tolist() == [0, 5, 10, 15, 20, 25, 30, 35]


def test_colours_of_a_sign_are_those_of_the_page_and_as_wide_as_the_values(trace):
    for scale in (1e-3, 1e3):
        trace.states["c"][:] = np.linspace(-scale, scale / 2, trace.states["c"].size).reshape(
            trace.states["c"].shape
        )
        (image,) = plot.gates(trace, "c", row=0).get_images()
        assert image.get_clim() == pytest.approx((-scale, scale))
        ends = [to_hex(image.cmap(place)).upper() for place in (0.0, 1.0)]
        assert ends == [style.SIGNED[0], style.SIGNED[-1]]
    trace.states["c"][:] = 0
    assert plot.gates(trace, "c").get_images()[0].get_clim() == (-1, 1)


def test_of_many_labels_some_are_written(layer, rng):
    tokens = [f"word{step}" for step in range(200)]
    ax = plot.gates(kg.trace(layer, inputs(rng, time=200)), "f", tokens=tokens)
    assert len(ticks(ax.xaxis)) <= traces.LABELS
    assert ticks(ax.xaxis)[:3] == ["word0", "word9", "word18"]
    assert [*ax.get_xticks()[:3]] == [0, 9, 18]


def test_every_regime_has_a_colour_of_its_own(trace, tmp_path):
    names = {*MEANINGS, BETWEEN, MASKED}
    assert {*traces.REGIME_COLOURS} == names
    assert len({*traces.REGIME_COLOURS.values()}) == len(names)
    ax = drawn(plot.regimes(trace, row=3, closed=0.4, open=0.6), tmp_path)
    found = trace.regimes(closed=0.4, open=0.6)["lstm"][3]
    codes = ax.get_images()[0].get_array().T
    order = [*traces.REGIME_COLOURS]
    assert [[order[code] for code in row] for row in codes] == found.tolist()
    assert {text.get_text() for text in ax.get_legend().get_texts()} == {*found.ravel()}


@pytest.mark.parametrize(
    ("mask", "unknown", "label"),
    [
        (MASK, False, "masked"),
        (None, True, "not a number"),
        (MASK, True, "masked, or not a number"),
    ],
)
@pytest.mark.filterwarnings("ignore:.*numbers that are not finite")
def test_steps_without_a_regime_are_called_what_they_are(mask, unknown, label, layer, rng):
    x = inputs(rng)
    if unknown:
        x[:, 2:] = np.nan
    ax = plot.regimes(kg.trace(layer, x, mask), row=3)
    assert ax.get_legend().get_texts()[-1].get_text() == label


@pytest.mark.filterwarnings("ignore:.*numbers that are not finite")
def test_a_picture_without_a_line_says_why(layer, rng, tmp_path):
    unknown = kg.trace(layer, np.full_like(inputs(rng), np.nan))
    layer.cell.bias.assign(np.repeat([0.0, -999.0, 0.0, 0.0], UNITS))
    forgotten = kg.trace(layer, inputs(rng))
    for ax, note in (
        (plot.memory(unknown), "the memory is not a number"),
        (plot.memory(forgotten), "all is forgotten at once"),
        (plot.gradient_flow(flow_of(0, np.nan)), "no gradient is a number above 0"),
    ):
        assert [text.get_text() for text in drawn(ax, tmp_path).texts] == [note]


def test_memory_shows_every_unit_and_what_never_forgets(trace, rng, tmp_path):
    ax = drawn(plot.memory(trace), tmp_path)
    steps = [row["steps"] for row in trace.memory_horizon()]
    np.testing.assert_allclose(ax.lines[0].get_ydata(), steps)
    assert ax.get_ylabel() == "steps until 50% is left (median)"
    labels = [label for label in ticks(ax.yaxis) if label]
    assert 2 <= len(labels) <= 14
    assert {label.lstrip("0.").replace(",", "")[0] for label in labels} <= {*"125"}
    original = kg.trace(make_layer("OriginalLSTMCell", {}, rng), inputs(rng))
    ax = drawn(plot.memory(original, left=0.25), tmp_path)
    assert ax.get_ylabel() == "steps until 25% is left (median)"
    assert [text.get_text() for text in ax.texts] == ["▲ never forgets"]
    assert len(ax.lines[2].get_ydata()) == UNITS


def test_memories_longer_than_the_sequences_are_hollow(layer, trace, rng, tmp_path):
    layer.cell.bias.assign(np.repeat([0.0, 9.0, 0.0, 0.0], UNITS))
    long = kg.trace(layer, inputs(rng), MASK)
    ax = drawn(plot.memory(long), tmp_path)
    assert len(ax.lines[1].get_ydata()) == UNITS
    assert ax.lines[1].get_markerfacecolor() == "white"
    assert [text.get_text() for text in ax.texts] == ["○ longer than the sequences: extrapolated"]


def test_a_unit_that_never_forgets_stretches_no_axis(rng, tmp_path):
    trace = kg.trace(kg.layer_of(CELLS["ONLSTMCell"])(UNITS), inputs(rng, time=50))
    ax = drawn(plot.memory(trace), tmp_path)
    low, high = ax.get_ylim()
    assert high < 1e4 * low
    assert [text.get_text() for text in ax.texts] == ["▲ never forgets"]


@pytest.mark.parametrize("height", [1.2, 3.6, 8.0])
@pytest.mark.parametrize(
    "ends", [(0.4, 0.6), (1, 2), (0.3, 20), (1, 1e3), (0.01, 1e9), (1, 1e15), (1e-200, 1e200)]
)
def test_labels_of_steps_never_touch(ends, height, tmp_path):
    ax = Figure(figsize=(8, height), layout="constrained").subplots()
    ax.set(yscale="log", ylim=ends)
    count_steps(ax.yaxis)
    drawn(ax, tmp_path)
    boxes = [one.get_window_extent() for one in ax.yaxis.get_ticklabels()]
    boxes.sort(key=lambda box: box.y0)
    assert 1 <= len(boxes) <= 13
    assert all(below.y1 < above.y0 for below, above in pairwise(boxes))


@pytest.mark.slow
def test_gradient_flow_of_one_model_and_of_several(layer, rng, tmp_path):
    x, y = inputs(rng), np.zeros((BATCH, UNITS))
    flow = kg.gradient_flow(layer, x, y, "mse", MASK)
    ax = drawn(plot.gradient_flow(flow), tmp_path)
    (line,) = ax.lines
    np.testing.assert_allclose(line.get_ydata(), flow["lstm"].mean("c"))
    assert [*line.get_xdata()] == [*range(1 - TIME, 1)]
    assert ax.get_xlabel() == "steps from the end of each row"
    assert ax.get_ylabel() == "‖∂loss/∂state‖, loss of one row"
    assert ax.get_yscale() == "log"
    gru = named("gru", kg.GRU, rng)
    several = {"with c": flow, "without": kg.gradient_flow(gru, x, y, "mse")}
    ax = drawn(plot.gradient_flow(several), tmp_path)
    assert [t.get_text() for t in ax.get_legend().get_texts()] == ["with c, c", "without, h"]
    ax = plot.gradient_flow(several["without"])
    assert [*ax.lines[0].get_xdata()] == [*range(TIME)]
    assert ax.get_xlabel() == "step"
    ax = plot.gradient_flow(flow, states=["h", "c"])
    assert [t.get_text() for t in ax.get_legend().get_texts()] == ["lstm, h", "lstm, c"]
    with pytest.raises(ValueError, match=r"`states` must name some of \['h'\]. Received: 'c'"):
        plot.gradient_flow(several["without"], states=["c"])


def test_errors_say_what_would_be_right(trace, layer, rng):
    both = kg.GateTrace(
        [*trace.values(), *kg.trace(make_layer("GRUCell", {}, rng), inputs(rng)).values()]
    )
    for given, message in {
        (lambda: plot.gates(trace, "z")): r"`gate` must be one of \['i', 'f'.*Received: 'z'",
        (lambda: plot.gates(trace, row=BATCH)): f"`row` must be from 0 to {BATCH - 1}",
        (lambda: plot.gates(trace, "f", tokens=["a"])): f"each of the {TIME} steps. Received: 1",
        (lambda: plot.gates(trace, ax=Figure().subplots(2))): "`ax` must be 6 axes",
        (lambda: plot.gates(both)): "`layer` must be given, one of",
        (lambda: plot.gates(both, layer="x")): "`layer` must be one of .*Received: 'x'",
        (lambda: plot.gates(layer)): "`trace` must be a GateTrace or CellTrace",
    }.items():
        with pytest.raises(ValueError, match=message):
            given()


@pytest.mark.slow
def test_without_matplotlib_the_error_says_what_to_install():
    code = (
        "import sys; sys.modules['matplotlib'] = None; sys.modules['matplotlib.figure'] = None\n"
        "from kerasgates.plot import style\nstyle.axes(None)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert 'ImportError: Pictures need matplotlib: pip install "kerasgates[plot]"' in done.stderr


# ---------------------------------------------------------------- what is seen of it


def flow_of(*norms, name="lstm"):
    """What `kg.gradient_flow` gives, with these norms of one row."""
    return {name: CellFlow(name, "LSTMCell", "forward", {"c": np.array([norms], float)}, {})}


def legend_of(ax):
    return [text.get_text() for text in ax.get_legend().get_texts()]


def marked(line):
    """Steps at which a line has marks."""
    return np.flatnonzero(line.get_markevery()).tolist() if line.get_marker() == "o" else []


@pytest.mark.parametrize(
    ("norms", "marks"),
    [((3,), [0]), ((0, 1, 0, 2), [1, 3]), ((1, 2, 0, 3), [3]), ((1, 2, 3), []), ((0, 0), [])],
)
def test_a_step_without_a_neighbour_is_a_mark_and_zero_is_left_out(norms, marks, tmp_path):
    ax = plot.gradient_flow(flow_of(*norms))
    ax.figure.savefig(tmp_path / "picture.png")
    (line,) = ax.lines
    np.testing.assert_array_equal(line.get_ydata(), [value or np.nan for value in norms])
    assert marked(line) == marks


def test_a_lone_step_is_seen(tmp_path):
    """In the column of its step is what no other column of the axes has."""
    ax = plot.gradient_flow(flow_of(3))
    ax.legend_.remove()
    ax.figure.savefig(tmp_path / "picture.png", dpi=100)
    pixels = (255 * imread(tmp_path / "picture.png")[..., :3]).round().astype(int)
    blue = (np.abs(pixels - [0, 0x72, 0xB2]) < 9).all(axis=-1)
    assert 5 < blue.sum() < 100


def test_a_unit_that_forgets_at_once_is_left_out(trace, tmp_path):
    trace["lstm"].kept["c"][..., 0] = 0
    ax = plot.memory(trace)
    ax.figure.savefig(tmp_path / "picture.png")
    assert np.isnan(ax.lines[0].get_ydata()).sum() == 1
    assert (ax.lines[0].get_ydata()[:-1] > 0).all()


def test_names_are_written_as_they_are(rng, tmp_path):
    """An underscore hides no line from the legend, and dollar signs make no formula."""
    name = "_a$b$c"
    ax = drawn(plot.gradient_flow(flow_of(1, 2, name=name)), tmp_path)
    assert legend_of(ax) == [r"_a\$b\$c, c"]
    trace = kg.trace(named(name, kg.LSTM, rng), inputs(rng))
    assert legend_of(drawn(plot.memory(trace), tmp_path)) == [r"_a\$b\$c, c"]
    for title in (
        plot.gates(trace, "f").get_title(),
        plot.regimes(trace).get_title(),
        plot.unrolled(kg.LSTM(2, name=name), 2).get_title(),
    ):
        assert title.startswith(r"_a\$b\$c")


def test_a_long_legend_stands_beside_the_axes_and_is_whole(tmp_path):
    for count in (1, 3, 30):
        flows = {f"model {index}": flow_of(1, 2, 3) for index in range(count)}
        ax = drawn(plot.gradient_flow(flows), tmp_path)
        assert len(legend_of(ax)) == count
        axes, legend, whole = (
            part.get_window_extent() for part in (ax, ax.get_legend(), ax.figure)
        )
        assert (legend.x0 > axes.x1) == (count > 2)
        assert legend.x1 <= whole.x1
        assert legend.y0 >= 0
    # On a figure without a layout it would be cut off.
    ax = drawn(plot.gradient_flow(flows, ax=Figure().subplots()), tmp_path)
    assert ax.get_legend().get_window_extent().x1 <= ax.figure.bbox.x1


def test_the_legend_of_a_benchmark_covers_no_bars(tmp_path):
    rows = [{"contender": name, "train ratio": 1.0, "infer ratio": 1.0} for name in "ab"]
    figure = plot.speed({"tables": {"middle": rows, "wide": rows}})
    figure.savefig(tmp_path / "picture.png")
    for ax in figure.axes:
        legend = ax.get_legend().get_window_extent()
        assert ax.get_window_extent().x1 < legend.x0
        assert legend.x1 <= figure.bbox.x1


@pytest.mark.parametrize("units", [1, 2, 8, 16, 100])
@pytest.mark.slow
def test_labels_of_units_never_touch(units, rng, tmp_path):
    trace = kg.trace(kg.LSTM(units), inputs(rng))
    tokens = ["a", "of", "internationalisation", ".", "b", "c", "d"]
    for axes in (plot.gates(trace, tokens=tokens), [plot.gates(trace, "f", tokens=tokens)]):
        drawn(axes[0], tmp_path)
        for ax in axes:
            boxes = [one.get_window_extent() for one in ax.yaxis.get_ticklabels()]
            assert [*ticks(ax.yaxis)] == [str(round(place)) for place in ax.get_yticks()]
            assert min(2, units) <= len(boxes) <= 8
            assert all(below.y1 < above.y0 for above, below in pairwise(boxes))
    # As a pointer asks.
    assert [ax.yaxis.get_major_formatter()(place) for place in (-9, 0.2, units)] == ["", "0", ""]


@pytest.mark.parametrize("count", [1, 2, 3, 40])
def test_units_and_steps_are_counted_in_whole_numbers(count, rng, tmp_path):
    flow = plot.gradient_flow(flow_of(*range(1, count + 1)))
    memory = plot.memory(kg.trace(kg.LSTM(count), inputs(rng)))
    for ax, first in ((flow, 0), (memory, 1)):
        ax.figure.savefig(tmp_path / "picture.png")
        low, high = ax.get_xlim()
        shown = [place for place in ax.get_xticks() if low <= place <= high]
        assert shown
        assert all(place == round(place) for place in shown)
        assert (count > 3) or shown == [*range(first, first + count)]
