"""Wiring diagrams: every wire leads where the equations say, and touches nothing else."""

import itertools
import random
import time

import keras
import pytest
from keras import ops

import kerasgates as kg
from kerasgates.formulas.direct_path import direct_path
from kerasgates.formulas.symbolic import Equations
from kerasgates.plot.wiring import Layout, Wiring
from kerasgates.plot.wiring.routing import size_of
from tests.cases import assert_drawn, every_configuration, identify, inputs
from tests.odd_cells import CrossedCell, DeepCell, ForgetfulCell, StretchedCell, WideCell

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
    kg.ResetAfterGRUCell: {
        "h": "+(×(σ[x, h], h), ×(1−(σ[x, h]), tanh(+(W[x], ×(σ[x, h], U[h])))))"
    },
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
    x, h, c = wiring.input, wiring.sources["h"], wiring.sources["c"]
    for gate, memory in (("i", c), ("f", c), ("o", wiring.states["c"])):
        *of, peephole = gates[gate].of
        assert of == [x, h]
        assert peephole.label == f"×p_{gate}"
        assert peephole.of == (memory,)
    assert gates["g"].of == (x, h)
    # Full peepholes are matrices, and part of what the layer multiplies by.
    full = Wiring(kg.FullPeepholeLSTMCell)
    gates = {part.name: part for part in full.parts if part.name}
    x, h, c = full.input, full.sources["h"], full.sources["c"]
    assert gates["i"].of == gates["f"].of == (x, h, c)
    assert gates["o"].of == (x, h, full.states["c"])


def odd(step, gates=("a", "b"), states=("h", "m"), **more):
    """A cell of a step alone."""
    made = {"gates": gates, "states": states, "step": step, "__doc__": "Odd.", **more}
    return type(f"{step.__name__.title().replace('_', '')}Cell", (kg.AbstractRNNCell,), made)


def look_up(self, Wx, U, h, m):
    a, b = Wx + h @ U
    weights = ops.softmax(ops.matmul(h, ops.transpose(m)))
    return (self.activation(a + ops.matmul(weights, m)), m), {"a": a, "b": b}


def space(self, Wx, U, x):
    a = self.activation((Wx + x @ U).a)
    return (a,), {"a": a}


def fixed(self, Wx, U, h, m):
    a = self.activation((Wx + h @ U).a)
    return (a, ops.broadcast_to(self.bias, ops.shape(m))), {"a": a}


def share(self, Wx, U, h, m):
    a, b = ops.split(ops.softmax((Wx + h @ U).tensor), 2, axis=-1)
    return (a * h + b, m), {"a": a, "b": b}


def show(self, Wx, U, h, m):
    a, b = Wx + h @ U
    y = self.activation(m)
    return (ops.tanh(a), m + b), {"a": a, "b": b, "y": y}


def choose(self, Wx, U, h, m):
    a, b = Wx + h @ U
    a = self.recurrent_activation(a)
    return (ops.where(a > 0.5, h, m), ops.where(a > 0.5, m, h)), {"a": a, "b": b}


def count(self, Wx, U, h, m):
    a, b = Wx + h @ U
    return (2.0**h + ops.mod(a, 2.0), ops.clip(m * m, 0, 1) + ops.maximum(b, 0.5)), {"a": a, "b": b}


def chain(self, Wx, U, h, m):
    Wxa, Wxb = Wx
    a = self.activation(Wxa)
    e = ops.exp(a)
    s = ops.abs(e)
    b = ops.hard_sigmoid(Wxb + a @ U.b + e @ U.b + s @ U.b)
    return (b, m), {"a": a, "b": b}


ODD = [odd(step) for step in (look_up, share, choose, count, chain)]
ODD += [odd(space, ("a",), ("x",)), odd(fixed, ("a",)), odd(show, output_name="y")]
LONG = ("forget_gate_of_the_cell", "input$gate_of_the_cell")


def reached_by(node, seen):
    """Ids of the nodes that a node is made of."""
    if id(node) not in seen:
        seen.add(id(node))
        for part in node.of:
            reached_by(part, seen)
    return seen


@pytest.mark.parametrize("cell", ODD, ids=identify)
def test_nothing_of_the_equations_is_lost(cell):
    """What a new state depends on by its equation, it depends on by its wires."""
    found, wiring = Equations(cell), Wiring(cell)
    for name, part in wiring.states.items():
        nodes = reached_by(found.states[name], set())
        for source, node in {None: found.x, **found.inputs}.items():
            start = wiring.input if source is None else wiring.sources[source]
            parts, upwards = [], [part]
            while upwards:
                one = upwards.pop()
                parts.append(one)
                upwards += [p for p in one.of if p not in parts]
            assert (start in parts) == (id(node) in nodes), (name, source)


def test_functions_of_several_values_show_their_order():
    h, m = names(Wiring(odd(choose)).states).values()
    assert h.startswith("where(·, h, m)(")
    assert m.startswith("where(·, m, h)(")
    labels = {part.label for part in Wiring(odd(count)).parts}
    assert {"power(2, ·)", "mod(·, 2)", "^2", "clip(·, 0, 1)", "maximum(·, 0.5)"} <= {
        label.replace("(2, h)", "(2, ·)").replace("(a, 2)", "(·, 2)").replace("(b, 0", "(·, 0")
        for label in labels
    }


def test_an_output_that_is_no_state_leaves_the_cell():
    layout = Layout(odd(show, output_name="y"))
    assert {name for name, _, _ in layout.exits} == {"h", "m", "y"}


def test_columns_of_one_value_are_told_apart():
    assert {part.label for part in Wiring(odd(share)).parts} >= {"[a]", "[b]"}


def test_functions_of_ones_own_and_long_names_are_drawn(tmp_path):
    kg.plot.cell(kg.LSTMCell(3, activation=lambda value: value * 2))

    def long(self, Wx, U, h):
        first, second = Wx + h @ U
        first = self.recurrent_activation(first)
        second = self.recurrent_activation(second)
        return (first * h + second,), dict(zip(LONG, (first, second)))

    ax = kg.plot.cell(odd(long, LONG, ("memory_of_the_cell",)))
    ax.figure.savefig(tmp_path / "long.png")
    places = [text.get_window_extent() for text in ax.texts if text.get_text()]
    for one, other in itertools.combinations(places, 2):
        assert not one.shrunk(0.9, 0.9).overlaps(other.shrunk(0.9, 0.9))


ALL = [(getattr(kg, name), arguments) for name, arguments in every_configuration()]
ALL += [(cell, {}) for cell in ODD]
ALL += [(StretchedCell, {}), (WideCell, {}), (CrossedCell, {}), (ForgetfulCell, {})]


_LAYOUTS = {}


def layout_of(cell, arguments):
    """The layout of a cell, which several tests look at."""
    key = cell, identify(arguments)
    if key not in _LAYOUTS:
        _LAYOUTS[key] = Layout(cell(4, **arguments))
    return _LAYOUTS[key]


def on(point, piece):
    """Whether a point lies on a straight piece."""
    (x, y), (a, b, c, d) = point, piece
    return min(a, c) <= x <= max(a, c) and min(b, d) <= y <= max(b, d)


def crosses(piece, box):
    """Whether a straight piece runs through a box."""
    (a, b, c, d), (left, low, right, high) = piece, box
    beside = max(a, c) <= left or min(a, c) >= right
    return not (beside or max(b, d) <= low or min(b, d) >= high)


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
    layout = layout_of(cell, arguments)
    entries = {part: (x, y) for part, x, y in layout.entries}
    nets = {net.part: net for net in layout.nets}
    # A wire that joins others on their way up into a layer ends in a dot there.
    stubs = {}
    for part, (x, y) in layout.at.items():
        pieces = [piece for net in layout.nets for piece in net.pieces]
        stubs[part] = [p for p in pieces if p[2:] == (x, y) and p[1] < y and p[0] == x]
    assert len(layout.at) == len({*layout.at.values()}), "two parts in one place"
    for part, place in layout.at.items():
        for value in part.of:
            start = layout.at.get(value) or entries[value]
            wires = reached(start, nets[value].pieces)
            direct = any(place in ends(piece) for piece in wires)
            dots = [d for d in nets[value].dots if any(on(d, s) for s in stubs[part])]
            assert direct or any(on(d, w) for d in dots for w in wires), (part, value)
    for name, x, y in layout.exits:
        for state in name.split(", "):
            value = layout.wiring.exits[state]
            start = layout.at.get(value) or entries[value]
            assert any((x, y) in ends(piece) for piece in reached(start, nets[value].pieces))


@pytest.mark.parametrize(("cell", "arguments"), ALL, ids=identify)
def test_no_wire_touches_what_it_does_not_lead_to(cell, arguments):
    layout = layout_of(cell, arguments)
    for net in layout.nets:
        for piece in net.pieces:
            for part, (x, y) in layout.at.items():
                wide, tall = size_of(part)
                if crosses(piece, (x - wide / 2, y - tall / 2, x + wide / 2, y + tall / 2)):
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
    assert {part.label for part, _, _ in Layout(ForgetfulCell).entries} == {"x", "h"}


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


def test_what_is_read_often_takes_no_longer_for_it():
    start = time.process_time()
    assert len(kg.equations(DeepCell).splitlines()) == 41
    Layout(DeepCell)
    assert direct_path(Equations(DeepCell), "h") is not None
    assert time.process_time() - start < 20


def test_looking_takes_no_names_and_no_random_numbers(rng):
    stock = keras.Sequential([keras.Input((5, 3)), keras.layers.LSTM(4), keras.layers.Dense(1)])
    cell = kg.NASCell(3)
    before, drawn = keras.layers.Add().name, random.getstate()
    kg.plot.cell(kg.GRUCell)
    kg.equations(cell)
    kg.trace(stock, inputs(rng, time=5))
    assert random.getstate() == drawn
    number = int(before.partition("_")[2] or 0)
    assert keras.layers.Add().name == f"add_{number + 1}"


def test_what_is_no_cell_is_an_error():
    with pytest.raises(ValueError, match="`cell` must be a kerasgates cell with `gates`"):
        kg.plot.cell(3)


def test_only_letters_have_an_index_below(tmp_path):
    """Names of functions and of a user's weights stay as they are, and are drawn."""

    class ManyNamesCell(kg.AbstractRNNCell):
        gates, states = ("z", "n"), ("h",)

        def build(self, input_shape):
            super().build(input_shape)
            self.p_z = self.add_role_weight("p_z", (self.units,), "bias")
            self.a_b_c_d = self.add_role_weight("a_b_c_d", (self.units,), "bias")
            self.tau_ = self.add_role_weight("tau_", (self.units,), "bias")

        def step(self, Wx, U, h):
            z, n = Wx + h @ U
            z = self.recurrent_activation(z + self.p_z * h)
            h = z * h + (1 - z) * self.activation(n * self.a_b_c_d + self.tau_)
            return (h,), {"z": z, "n": n}

    axes = kg.plot.cell(ManyNamesCell(3, recurrent_activation="hard_sigmoid"))
    texts = {text.get_text() for text in axes.texts}
    assert texts >= {"hard_sigmoid", "×$p_{z}$", "×a_b_c_d", "+tau_"}, texts
    axes.figure.savefig(tmp_path / "cell.png")
    assert_drawn(tmp_path / "cell.png")


def test_large_cells_have_pictures_that_can_be_read():
    """One round in place of six, one box for a matrix of which not all columns are read."""
    assert {part.label for part in Wiring(kg.HyperLSTMCell).parts} >= {
        *("W_ifgo", "U_ifgo", "S_x", "S_h"),
    }
    assert {part.label for part in Wiring(kg.RGLRUCell).parts} >= {"V_r", "V_i"}
    axes = {cell: kg.plot.cell(cell) for cell in (kg.LTCCell, kg.HyperLSTMCell)}
    for drawn in axes.values():
        assert drawn.figure.get_size_inches()[0] < 15
    assert axes[kg.LTCCell].get_title() == "LTCCell (× 6, one after another)"
    assert kg.plot.cell(kg.LTCCell(3, unfolds=1)).get_title() == "LTCCell"
    texts = {text.get_text() for text in axes[kg.HyperLSTMCell].texts}
    assert texts >= {"$v_{f,t}$", "$W_{ifgo}$", "$S_{x}$"}
    # A letter that reaches below its line does not touch the part under it.
    axes[kg.HyperLSTMCell].figure.canvas.draw()
    letters = [t for t in axes[kg.HyperLSTMCell].texts if t.get_text() in ("$g_{t}$", "$v_{g,t}$")]
    assert len(letters) == 2
    boxes = [patch.get_window_extent() for patch in axes[kg.HyperLSTMCell].patches]
    for text in letters:
        assert not any(text.get_window_extent().overlaps(box) for box in boxes), text
