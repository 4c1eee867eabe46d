"""The loop of a traced step; run on PyTorch by `test_backends.py`."""

import keras
import numpy as np
import pytest
import torch

import kerasgates as kg
from kerasgates import loops
from kerasgates.loops.traced import graph
from tests import tolerances
from tests.cases import MASK, as_array, every_cell, identify, initial_states, inputs, make_layer
from tests.tolerances import assert_close
from tests.torch_derivatives import derivatives

#: Cells that group entries: what is traced of their steps is of one batch size. One that makes its
#: recurrent weights of others, and one whose mask is compared with a number.
GROUPED = ("ONLSTMCell", "SLSTMCell", "RGLRUCell", "MCLSTMCell")
NOT_TRACED = (*GROUPED, "ClockworkRNNCell", "GRUDCell")


@pytest.mark.parametrize(("name", "arguments"), every_cell(), ids=identify)
def test_every_cell_has_the_derivatives_of_keras_loop(name, arguments, rng):
    settings = {"return_sequences": True, "return_state": True, "dtype": "float64"}
    layer = make_layer(name, {**arguments, **settings}, rng)
    assert (graph.traced(layer.cell) is None) == (name in NOT_TRACED), loops.why(layer.cell)
    arrays = [a.astype("float64") for a in (inputs(rng), *initial_states(layer.cell, rng))]
    mask = torch.tensor(MASK)
    shapes = [tuple(o.shape) for o in layer(torch.tensor(arrays[0]))]
    weighting = [rng.normal(size=shape) for shape in shapes]
    found = {}
    for layer.loop in ("traced", "keras"):
        found[layer.loop] = derivatives(layer, arrays, mask, weighting)
    for ours, keras_own in zip(found["traced"], found["keras"], strict=True):
        assert_close(ours, keras_own, tolerances.GRADIENTS)


@pytest.fixture
def traces(monkeypatch):
    """Names of the cells that are traced."""
    made, trace = [], graph._trace

    def noted(cell):
        made.append(type(cell).__name__)
        return trace(cell)

    monkeypatch.setattr(graph, "_trace", noted)
    return made


def test_auto_traces_a_cell_once_and_when_it_is_warm(rng, traces):
    layer = make_layer("GRUCell", {}, rng, return_sequences=True)
    x = rng.normal(size=(2, 300, 3)).astype("float32")
    first = as_array(layer(x))
    for _ in range(3):
        layer(x)
    assert traces == []
    for rows in (x, x[:1], np.repeat(x, 4, axis=0)):
        assert_close(as_array(layer(rows))[:1], first[:1], tolerances.SAME)
    assert traces == ["GRUCell"]
    assert loops.choose(layer.cell, (2, 7, 3)) == "traced"
    assert "PyTorch traces" in loops.why(layer)


def test_an_attribute_that_is_set_anew_is_traced_anew(rng, traces):
    layer = make_layer("GRUCell", {}, rng, loop="traced")
    x = inputs(rng)
    before = as_array(layer(x))
    layer.cell.activation = keras.activations.relu
    after = as_array(layer(x))
    assert traces == ["GRUCell"] * 2
    layer.loop = "keras"
    assert_close(after, as_array(layer(x)), tolerances.SAME)
    assert np.abs(after - before).max() > 0.01


def _autocast(call, x):
    with torch.autocast("cpu", dtype=torch.bfloat16):
        return call(x)


AROUND = {
    "vmap": lambda call, x: torch.func.vmap(call)(x[None]),
    "gradients of each row": lambda call, x: torch.func.vmap(
        torch.func.grad(lambda row: (call(row[None]) ** 2).sum())
    )(x),
    "jvp": lambda call, x: torch.func.jvp(call, (x,), (x,)),
    "autocast": _autocast,
    "trace": lambda call, x: torch.jit.trace(call, x),
}


# Of PyTorch itself, that `torch.jit` is old, and what it cannot see when it traces.
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("around", AROUND)
def test_it_is_the_same_graph_whatever_a_cell_is_traced_within(around, rng):
    layer = make_layer("GRUCell", {}, rng, return_sequences=True)
    x = torch.tensor(inputs(rng))
    layer.loop = "keras"
    expected = as_array(layer(x))
    layer.loop = "traced"
    AROUND[around](layer, x)
    assert graph.traced(layer.cell) is not None
    assert_close(as_array(layer(x)), expected, tolerances.SAME)


@pytest.mark.parametrize("loop", ["auto", "hoisted", "traced"])
@pytest.mark.parametrize("mask", [None, MASK], ids=["", "masked"])
@pytest.mark.parametrize("name", ["GRUCell", "LSTMCell"])
def test_an_export_of_torch_is_for_any_batch(name, loop, mask, rng):
    layer = make_layer(name, {}, rng, loop=loop)
    x = torch.tensor(inputs(rng))
    arguments = (x,) if mask is None else (x, None, torch.tensor(mask))
    free = tuple(a if a is None else {0: torch.export.Dim("rows")} for a in arguments)
    run = torch.export.export(layer, arguments, dynamic_shapes=(free,)).module()
    for rows in (2, 2 * len(x)):
        again = [a if a is None else torch.cat([a, a])[:rows] for a in arguments]
        assert_close(as_array(run(*again)), as_array(layer(*again)), tolerances.SAME)


@pytest.mark.parametrize("kind", [torch.float64, torch.bfloat16])
def test_a_module_in_another_dtype_runs_as_by_keras_loop(kind, rng):
    layer = make_layer("GRUCell", {}, rng, loop="traced")
    x = torch.tensor(inputs(rng))
    layer(x)
    layer.to(kind)
    found = layer(x)
    layer.loop = "keras"
    expected = layer(x)
    assert found.dtype == expected.dtype == torch.float32
    assert_close(as_array(found), as_array(expected), tolerances.SAME)


@kg.register
class DrawsCell(kg.AbstractRNNCell):
    """A cell whose step draws numbers."""

    gates, states = ("n",), ("h",)

    def step(self, Wx, U, h):
        n = Wx.n + h @ U.n
        return (self.activation(n + keras.random.normal(n.shape, seed=self.noise)),), {}

    def build(self, input_shape):
        super().build(input_shape)
        self.noise = keras.random.SeedGenerator(3)


@kg.register
class CountsCell(kg.AbstractRNNCell):
    """A cell that counts its steps, which a graph does not."""

    gates, states = ("n",), ("h",)
    count = 0

    def step(self, Wx, U, h):
        self.count += 1
        return (self.activation(Wx.n + h @ U.n) * self.count,), {}


@pytest.mark.parametrize("kind", [DrawsCell, CountsCell])
def test_a_step_that_is_more_than_a_graph_runs_as_it_is_written(kind, rng):
    layer = kg.RNN(kind(4), loop="traced", return_sequences=True)
    x = inputs(rng)
    layer(x)
    assert graph.traced(layer.cell) is None
    twice = [as_array(layer(x)) for _ in range(2)]
    assert np.abs(twice[0] - twice[1]).max() > 0.01
    assert "PyTorch cannot trace its step" in loops.why(layer.cell)


def test_dropout_noise_stacks_and_other_cells_run(rng):
    stack = [kg.GRUCell(4), kg.Zoneout(kg.PeepholeLSTMCell(4), 0.3), keras.layers.GRUCell(4)]
    layer = kg.RNN(stack, loop="traced", return_sequences=True)
    x, mask = inputs(rng), torch.tensor(MASK)
    found = as_array(layer(x, mask=mask))
    layer.loop = "keras"
    assert_close(found, as_array(layer(x, mask=mask)), tolerances.SAME)
    for arguments in ({"recurrent_dropout": 0.5}, {"dropout": 0.5}):
        dropped = make_layer("GRUCell", {}, rng, loop="traced", seed=2, **arguments)
        one = as_array(dropped(x, training=True))
        assert np.abs(one - as_array(dropped(x))).max() > 0.01


def test_half_precision_keeps_its_states_in_single(rng):
    layer = make_layer("PeepholeLSTMCell", {}, rng, dtype="mixed_bfloat16", loop="traced")
    x = inputs(rng)
    found = as_array(layer(x))
    # The weights are arguments: none is a constant of the graph.
    assert not list(graph.traced(layer.cell).parameters())
    layer.loop = "keras"
    assert_close(found, as_array(layer(x)), tolerances.SAME)


def test_dropout_is_no_reason_to_trace_anew_and_takes_no_numbers_of_others(rng, traces):
    layer = make_layer("GRUCell", {}, rng, loop="traced", dropout=0.5, seed=3)
    x = inputs(rng)
    torch.manual_seed(5)
    first = torch.rand(1)
    torch.manual_seed(5)
    for _ in range(3):
        layer(x, training=True)
    assert traces == ["GRUCell"]
    assert torch.rand(1) == first


def test_weights_that_training_makes_are_no_constants_of_a_graph(rng):
    """A traced step would be that of inference, without drops."""
    layer = kg.RNN(kg.DropConnect(kg.GRUCell(4), 0.5, seed=1), loop="traced")
    x = inputs(rng)
    drawn = [as_array(layer(x, training=True)) for _ in range(2)]
    assert np.abs(drawn[0] - drawn[1]).max() > 1e-3
    assert graph.traced(layer.cell) is None
