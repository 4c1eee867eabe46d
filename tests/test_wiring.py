"""Wiring diagrams: every wire leads where the equations say, and touches nothing else."""

import itertools
import time

import pytest
from keras import ops

import kerasgates as kg
from kerasgates.direct_path import direct_path
from kerasgates.symbolic import Equations
from kerasgates.wiring import Layout, Wiring
from tests.cases import every_configuration, identify

pytest.importorskip("matplotlib")


def names(parts):
    """Each part as text: `×(σ[x h], c)`, layers with brackets."""
    known = {}

    def write(part):
        if part.kind == "source":
            return part.label
        if part not in known:
            inside = ", ".join(map(write, part.of))
            known[part] = f"{part.label}[{inside}]" if part.kind == "layer" else None
            known[part] = known[part] or f"{part.label}({inside})"
        return known[part]

    return {name: write(part) for name, part in parts.items()}


WIRED = {
    kg.SimpleRNNCell: {"h": "tanh[x, h]"},
    kg.OriginalLSTMCell: {
        "c": "+(c, ×(σ[x, h], tanh[x, h]))",
        "h": "×(σ[x, h], tanh(+(c, ×(σ[x, h], tanh[x, h]))))",
    },
    kg.GRUCell: {"h": "+(×(σ[x, h], h), ×(1−(σ[x, h]), tanh[x, ×(σ[x, h], h)]))"},
    kg.UGRNNCell: {"h": "+(×(σ[x, h], h), ×(1−(σ[x, h]), tanh[x, h]))"},
    kg.ESNCell: {"h": "+(×(1 − α)(h), ×α(tanh[x, h]))"},
    kg.LayerNormSimpleRNNCell: {"h": "tanh(+b(LN[x, h]))"},
    kg.NoOutputGateLSTMCell: {
        "c": "+(×(σ[x, h], c), ×(σ[x, h], tanh[x, h]))",
        "h": "tanh(+(×(σ[x, h], c), ×(σ[x, h], tanh[x, h])))",
    },
}


@pytest.mark.parametrize("cell", WIRED, ids=identify)
def test_parts_are_those_of_the_equations(cell):
    assert names(Wiring(cell).states) == WIRED[cell]


def test_gates_have_their_letters_and_peepholes_their_wires():
    wiring = Wiring(kg.PeepholeLSTMCell)
    gates = {part.name: part for part in wiring.parts if part.name}
    assert set(gates) == {*"ifgo"}
    sources = wiring.sources
    assert gates["i"].of == gates["f"].of == (sources["x"], sources["h"], sources["c"])
    assert gates["g"].of == (sources["x"], sources["h"])
    assert gates["o"].of == (sources["x"], sources["h"], wiring.states["c"])


@kg.register
class WideCell(kg.AbstractRNNCell):
    """Two memories, one handed on, one read by both; three values in one function."""

    gates = ("a", "b", "d")
    states = ("h", "m", "k")

    def step(self, Wx, U, h, m, k):
        a, b, d = Wx + h @ U
        a = self.recurrent_activation(a)
        b = ops.maximum(b, m)
        d = self.activation(d * 2.0 - k)
        new_m = a * m + (1.0 - a) * d
        new_k = ops.abs(k) + m / (1.0 + a)
        h = ops.where(b > 0, new_m, new_k**2.0) - k
        return (h, new_m, m), {"a": a, "b": b, "d": d}


@kg.register
class CrossedCell(kg.AbstractRNNCell):
    """Each state is read after the other has changed, and both from the same side."""

    gates = ("a", "b")
    states = ("h", "m")

    def step(self, Wx, U, h, m):
        a, b = Wx + h @ U
        a = self.recurrent_activation(a + h * m)
        new_h = h * m + a * (h + b)
        new_m = m - new_h * h
        return (new_h, new_m), {"a": a, "b": self.activation(b * new_m)}


@kg.register
class ForgetfulCell(kg.AbstractRNNCell):
    """A state that nobody reads, and one value in two states."""

    gates = ("a",)
    states = ("h", "m")

    def step(self, Wx, U, h, m):
        (a,) = Wx + h @ U
        a = self.recurrent_activation(a)
        return (2 * a, 3 * a), {"a": a}


ALL = [(getattr(kg, name), arguments) for name, arguments in every_configuration()]
ALL += [(WideCell, {}), (CrossedCell, {}), (ForgetfulCell, {})]


def on(point, piece):
    """Whether a point lies on a straight piece."""
    (x, y), (a, b, c, d) = point, piece
    return min(a, c) <= x <= max(a, c) and min(b, d) <= y <= max(b, d)


def ends(piece):
    return piece[:2], piece[2:]


def joined(first, second):
    """Whether pieces of one value meet; a crossing is no meeting."""
    return any(on(p, second) for p in ends(first)) or any(on(p, first) for p in ends(second))


def reached(start, pieces):
    """All pieces that are connected with a point."""
    found = [piece for piece in pieces if on(start, piece)]
    for piece in found:
        found += [p for p in pieces if p not in found and joined(piece, p)]
    return found


@pytest.mark.parametrize(("cell", "arguments"), ALL, ids=identify)
def test_every_wire_leads_where_it_should(cell, arguments):
    layout = Layout(cell(4, **arguments))
    entries = {name: (x, y) for name, x, y in layout.entries}
    nets = {net.part: net for net in layout.nets}
    # A wire that joins others on their way up into a layer ends in a dot there.
    stubs = {}
    for part, (x, y) in layout.at.items():
        pieces = [piece for net in layout.nets for piece in net.pieces]
        stubs[part] = [p for p in pieces if p[2:] == (x, y) and p[1] < y and p[0] == x]
    assert len(layout.at) == len({*layout.at.values()}), "two parts in one place"
    for part, place in layout.at.items():
        for value in part.of:
            start = layout.at.get(value) or entries[value.label]
            wires = reached(start, nets[value].pieces)
            direct = any(place in ends(piece) for piece in wires)
            dots = [d for d in nets[value].dots if any(on(d, s) for s in stubs[part])]
            assert direct or any(on(d, w) for d in dots for w in wires), (part, value)
    for name, x, y in layout.exits:
        for state in name.split(", "):
            value = layout.wiring.states[state]
            start = layout.at.get(value) or entries[value.label]
            assert any((x, y) in ends(piece) for piece in reached(start, nets[value].pieces))


@pytest.mark.parametrize(("cell", "arguments"), ALL, ids=identify)
def test_no_wire_touches_what_it_does_not_lead_to(cell, arguments):
    layout = Layout(cell(4, **arguments))
    for net in layout.nets:
        for piece in net.pieces:
            for part, place in layout.at.items():
                if on(place, piece):
                    assert part is net.part or net.part in part.of, (part, net.part)
    for one, other in itertools.combinations(layout.nets, 2):
        for first, second in itertools.product(one.pieces, other.pieces):
            level = [p[1] == p[3] for p in (first, second)]
            if level[0] != level[1]:
                meeting = [p for p in ends(first) if on(p, second)]
                meeting += [p for p in ends(second) if on(p, first)]
                places = {*layout.at.values()}
                # Wires end on one another at a part, or at the dot where they join.
                assert all(p in places or p in one.dots + other.dots for p in meeting)
                continue
            axis = int(level[0])
            if first[axis] != second[axis]:
                continue
            spans = [sorted(p[1 - axis :: 2]) for p in (first, second)]
            overlap = min(spans[0][1], spans[1][1]) - max(spans[0][0], spans[1][0])
            assert overlap <= 0, (one.part, other.part, first, second)


def test_a_state_that_nobody_reads_is_no_wire():
    assert {name for name, _, _ in Layout(ForgetfulCell).entries} == {"x", "h"}


def test_the_picture_shows_every_part_and_state(tmp_path):
    ax = kg.plot.cell(kg.LSTM)
    ax.figure.savefig(tmp_path / "cell.svg")
    ax.figure.savefig(tmp_path / "cell.png")
    assert "<svg" in (tmp_path / "cell.svg").read_text()
    texts = sorted(text.get_text() for text in ax.texts if text.get_text())
    letters = [f"${s}_{{t{i}}}$" for s in "hc" for i in ("", "-1")]
    gates = [f"${g}_{{t}}$" for g in "ifgo"]
    signs = ["σ"] * 3 + ["tanh"] * 2 + ["×"] * 3 + ["+"]
    assert texts == sorted(["$x_{t}$", *letters, *gates, *signs])
    assert ax.get_title() == "LSTMCell"
    from matplotlib.figure import Figure

    mine = Figure().subplots()
    assert kg.plot.cell(kg.NASCell(3), ax=mine) is mine


@kg.register
class DeepCell(kg.AbstractRNNCell):
    """Every value is read three times, forty times over: 3^40 ways lead through it."""

    gates = ("a",)
    states = ("h",)

    def step(self, Wx, U, h):
        (a,) = Wx + h @ U
        value = h
        for _ in range(40):
            value = value * value + value
        return (a + value,), {"a": a}


def test_what_is_read_often_takes_no_longer_for_it():
    start = time.perf_counter()
    assert len(kg.equations(DeepCell).splitlines()) == 41
    Layout(DeepCell)
    assert direct_path(Equations(DeepCell), "h") is not None
    assert time.perf_counter() - start < 20


def test_what_is_no_cell_is_an_error():
    with pytest.raises(ValueError, match="`cell` must be a kerasgates cell with `gates`"):
        kg.plot.cell(3)
