"""The loop in PyTorch's own networks; run on PyTorch by `test_backends.py`."""

import keras
import numpy as np
import pytest
import torch

import kerasgates as kg
from kerasgates import loops
from kerasgates.core.cell import CELLS
from kerasgates.loops.runner import Runner
from kerasgates.loops.vendor import on_torch
from tests import tolerances
from tests.cases import MASK, as_array, initial_states, inputs, make_layer
from tests.test_contract import run_both
from tests.tolerances import assert_close
from tests.torch_derivatives import derivatives

NETWORKS = sorted(name for name, cell in CELLS.items() if vars(cell).get("operator"))
WITH_ARGUMENTS = [
    *((name, {}) for name in NETWORKS),
    ("SimpleRNNCell", {"activation": "relu"}),
    ("LSTMCell", {"use_bias": False}),
    # Gates that are held open need a bias of their own.
    ("OriginalLSTMCell", {"use_bias": False}),
    ("ResetAfterGRUCell", {"use_bias": False}),
    ("ResetAfterGRUCell", {"use_recurrent_bias": False}),
]
EVERY_NETWORK = pytest.mark.parametrize(("name", "arguments"), WITH_ARGUMENTS, ids=str)


@pytest.fixture
def calls(monkeypatch):
    """Names of the networks that PyTorch has run."""
    made, outputs_of = [], on_torch.outputs_of

    def noted(network, *rest):
        made.append(network.name)
        return outputs_of(network, *rest)

    monkeypatch.setattr(on_torch, "outputs_of", noted)
    return made


@EVERY_NETWORK
def test_every_network_equals_the_reference(name, arguments, rng, calls):
    layer = make_layer(name, arguments, rng)
    masks = (None,) if "activation" in arguments else (None, MASK)
    for mask in masks:
        for settings in ({}, {"go_backwards": True}, {"zero_output_for_mask": True}):
            for every in (True, False):
                results, expected = run_both(layer, "auto", rng, mask, every, **settings)
                for ours, theirs in zip(results, expected, strict=True):
                    assert_close(ours, theirs, tolerances.FLOAT32)
    assert calls == [CELLS[name].operator[0]] * 6 * len(masks)


@EVERY_NETWORK
@pytest.mark.parametrize("mask", [None, MASK], ids=["", "masked"])
def test_gradients_and_second_derivatives_are_those_of_keras_loop(name, arguments, mask, rng):
    layer = make_layer(name, arguments, rng, return_sequences=True, return_state=True)
    arrays = [inputs(rng), *initial_states(layer.cell, rng)]
    shapes = [tuple(o.shape) for o in layer(torch.tensor(arrays[0]))]
    weighting = [rng.normal(size=shape).astype("float32") for shape in shapes]
    mask = None if mask is None else torch.tensor(mask)
    found = {}
    for layer.loop in ("vendor", "keras"):
        found[layer.loop] = derivatives(layer, arrays, mask, weighting)
    tolerance = iter([tolerances.FLOAT32, tolerances.FLOAT32, tolerances.SECOND_DERIVATIVES])
    for ours, keras_own in zip(found["vendor"], found["keras"], strict=True):
        assert_close(ours, keras_own, next(tolerance))


@EVERY_NETWORK
def test_behind_the_steps_that_count_nothing_overflows(name, arguments, rng):
    layer = make_layer(name, arguments, rng, return_state=True)
    kernel = layer.cell.recurrent_kernel
    kernel.assign(np.tile(4 * np.eye(layer.cell.units), len(layer.cell.gates)))
    states = initial_states(layer.cell, rng)
    x = rng.normal(size=(len(states[0]), 90, 3)).astype("float32")
    # As long as it takes to come to the end of single precision, and longer.
    mask = torch.arange(90).expand(len(x), 90) < 3
    weighting = [1.0] * (1 + len(states))
    found = {}
    for layer.loop in ("auto", "keras"):
        found[layer.loop] = derivatives(layer, [x, *states], mask, weighting)
    for ours, keras_own in zip(found["auto"][:2], found["keras"][:2], strict=True):
        assert_close(ours, keras_own, tolerances.FLOAT32)


@pytest.mark.parametrize("name", NETWORKS)
def test_of_autocast_to_half_precision_masks_make_no_nan(name, rng, calls):
    layer = make_layer(name, {}, rng, return_sequences=True)
    x, mask = torch.tensor(inputs(rng)), torch.tensor(MASK)
    exact = as_array(layer(x, mask=mask))
    # oneDNN would take the LSTM out of autocast; cuDNN does not.
    with torch.backends.mkldnn.flags(enabled=False), torch.autocast("cpu", dtype=torch.float16):
        found = as_array(layer(x, mask=mask))
    assert calls == [CELLS[name].operator[0]] * 2
    assert 0 < np.abs(found - exact).max() < 2.0**-8


def test_a_row_without_steps_keeps_its_states_however_large(rng, calls):
    layer = make_layer("LSTMCell", {}, rng, return_state=True)
    x, states = inputs(rng), [1e6 * state for state in initial_states(layer.cell, rng)]
    _, *new = layer(x, initial_state=states, mask=np.zeros(x.shape[:2], "bool"))
    for state, old in zip(new, states, strict=True):
        np.testing.assert_array_equal(as_array(state), old)
    assert calls == ["LSTM"]


def test_what_the_library_has_not_runs_in_keras_loop(rng, calls):
    dropped = make_layer("LSTMCell", {}, rng, recurrent_dropout=0.3, seed=4)
    others = [
        make_layer("GRUCell", {}, rng),
        make_layer("LSTMCell", {"recurrent_initializer": "zeros"}, rng, dtype="bfloat16"),
        make_layer("LSTMCell", {"output_activation": "relu"}, rng),
        make_layer("SimpleRNNCell", {"activation": "softsign"}, rng),
        make_layer("LSTMCell", {}, rng, unroll=True),
    ]

    class Mine(kg.LSTMCell):
        def step(self, Wx, U, h, c):
            (h, c), gates = super().step(Wx, U, h, c)
            return (h * 0.5, c), gates

    mine = kg.RNN(Mine(4))
    mine.build((None, None, 3))
    x = inputs(rng)
    for layer in (*others, mine):
        found = as_array(layer(x))
        layer.loop = "keras"
        np.testing.assert_array_equal(found, as_array(layer(x)))
    dropped(x, training=True)
    assert calls == []
    dropped(x)
    assert calls == ["LSTM"]


def test_weights_for_cudnn_stand_one_behind_the_other_and_get_their_gradients(rng):
    """Otherwise PyTorch warns, and copies them at every call."""
    shapes = (8, 3), (8, 2), (8,), (8,)
    weights = [torch.tensor(rng.normal(size=shape), requires_grad=True) for shape in shapes]
    parts = on_torch.in_one_piece([weights[0].t().t(), *weights[1:]])
    at = parts[0].data_ptr()
    for part, weight in zip(parts, weights, strict=True):
        assert part.data_ptr() == at
        assert torch.equal(part, weight)
        at += part.numel() * part.element_size()
    sum((number * part).sum() for number, part in enumerate(parts, 1)).backward()
    assert [float(weight.grad.mean()) for weight in weights] == [1, 2, 3, 4]


def test_of_mixed_precision_the_library_multiplies_in_single(rng, calls):
    layer = make_layer("LSTMCell", {}, rng, return_state=True, return_sequences=True)
    half = kg.LSTM(4, dtype="mixed_bfloat16", return_state=True, return_sequences=True)
    half.build((None, None, 3))
    half.set_weights([as_array(weight) for weight in layer.weights])
    x, mask = inputs(rng), torch.tensor(MASK)
    found, expected = half(x, mask=mask), layer(x, mask=mask)
    assert calls == ["LSTM"] * 2
    # Inputs and weights are rounded to eight bits, and so are outputs, but no product.
    for ours, exact in zip(found, expected, strict=True):
        assert_close(as_array(ours).astype("float32"), as_array(exact), 2.0**-6)
    assert {v.dtype for v in found} == {torch.bfloat16}


def test_of_a_stack_each_cell_runs_where_it_can(rng, calls):
    layer = kg.RNN([kg.LSTMCell(4), kg.GRUCell(3), kg.UGRNNCell(4)], return_state=True)
    x, mask = inputs(rng), torch.tensor(MASK)
    found = [as_array(v) for v in layer(x, mask=mask)]
    assert calls == ["LSTM", "GRU"]
    layer.loop = "keras"
    for a, b in zip(found, layer(x, mask=mask), strict=True):
        assert_close(a, as_array(b), tolerances.FLOAT32)


def test_forward_mode_and_vectorisation_fall_back(rng):
    layer = make_layer("LSTMCell", {}, rng)
    x = torch.tensor(inputs(rng))
    direction = torch.tensor(inputs(rng))
    value, along = torch.func.jvp(layer, (x,), (direction,))
    gradient = torch.func.grad(lambda x: layer(x)[:, 1].sum())(x)
    assert_close(as_array(along[:, 1].sum()), as_array((gradient * direction).sum()), 1e-5)
    both = torch.func.vmap(layer)(torch.stack([x, direction]))
    assert_close(as_array(both[0]), as_array(value), tolerances.FLOAT32)


# Of PyTorch itself, that `torch.jit` is old, and what it cannot see when it traces.
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", NETWORKS)
def test_traced_by_torch_it_is_for_any_sizes_and_has_gradients(name, rng):
    layer = make_layer(name, {}, rng)
    traced = torch.jit.trace(layer, torch.tensor(inputs(rng)))
    x = torch.tensor(rng.normal(size=(9, 11, 3)).astype("float32"), requires_grad=True)
    read = [x, *layer.parameters()]
    found, expected = ([y, *torch.autograd.grad(y.sum(), read)] for y in (traced(x), layer(x)))
    for ours, own in zip(found, expected, strict=True):
        assert_close(as_array(ours), as_array(own), tolerances.FLOAT32)


#: Cells that a library has, and others: with sums of blocks and tensors, and masks.
COMPILED = ["LSTMCell", "ResetAfterGRUCell", "PeepholeLSTMCell", "LayerNormLSTMCell"]


@pytest.mark.parametrize("name", COMPILED)
def test_compiled_by_torch_it_is_the_same_and_one_graph(name, rng):
    layer = make_layer(name, {}, rng, return_state=True)
    x, mask = torch.tensor(inputs(rng)), torch.tensor(MASK)

    def results_and_gradients(call):
        results = call(x, mask)
        layer.zero_grad()
        sum(torch.sin(value).sum() for value in results).backward()
        gradients = [weight.grad.clone() for weight in layer.parameters()]
        assert len(gradients) == len(layer.trainable_variables)
        return [as_array(v.detach()) for v in (*results, *gradients)]

    def call(x, mask):
        return layer(x, mask=mask, training=True)

    torch._dynamo.reset()
    # Traced and differentiated as by default; what is then made of the graphs is PyTorch's own.
    compiled = torch.compile(call, backend="aot_eager", fullgraph=True)
    found, expected = results_and_gradients(compiled), results_and_gradients(call)
    assert_close(found, expected, 4 * tolerances.FLOAT32)


def test_derivatives_that_a_library_has_not_are_compiled_too(rng):
    layer = make_layer("LSTMCell", {}, rng)
    x, direction = (torch.tensor(inputs(rng)) for _ in range(2))

    def along(x, direction):
        return torch.func.jvp(layer, (x,), (direction,))[1]

    torch._dynamo.reset()
    found = torch.compile(along, backend="eager", fullgraph=True)(x, direction)
    assert_close(as_array(found), as_array(along(x, direction)), 4 * tolerances.FLOAT32)
    assert np.abs(as_array(found)).max() > 0.01


def test_of_long_sequences_the_library_runs_between_graphs_and_a_runner_is_asked(rng, calls):
    layer = make_layer("LSTMCell", {}, rng)
    long = torch.tensor(rng.normal(size=(2, 70, 3)).astype("float32"))
    # The loop alone, as there is much else to a layer that takes long to compile.
    states = layer.get_initial_state(2)
    torch._dynamo.reset()
    compiled = torch.compile(lambda x: layer.run_loop(x, states)[0], backend="eager")
    assert_close(as_array(compiled(long)), as_array(layer(long)), tolerances.FLOAT32)
    assert calls == ["LSTM", "LSTM"]
    whole = torch.compile(lambda x: layer(x), backend="eager", fullgraph=True)
    whole(long[:, :3])
    with pytest.raises(torch._dynamo.exc.Unsupported), Runner():
        whole(long[:, :3])


def test_no_sequence_and_one_step(rng, calls):
    layer = make_layer("LSTMCell", {}, rng)
    assert tuple(layer(torch.zeros(0, 5, 3)).shape) == (0, layer.cell.units)
    layer(inputs(rng)[:, :1])
    assert kg.loops.why(layer).startswith("LSTMCell runs in the vendor loop: PyTorch")
    assert loops.choose(kg.RNN([layer.cell, kg.GRUCell(3)]).cell, (2, 7, 3)) == "vendor"
    assert keras.backend.backend() == "torch"
