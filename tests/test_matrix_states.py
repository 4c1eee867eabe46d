"""States that are matrices inside `step`, and rows of numbers everywhere else."""

import keras
import numpy as np
import pytest
from keras import ops

import kerasgates as kg
from tests import tolerances
from tests.cases import MASK, as_array, initial_states, inputs, make_layer
from tests.tolerances import assert_close

X = np.random.default_rng(1).normal(size=(2, 9, 3)).astype("float32")


@kg.register
class FastWeightsCell(kg.AbstractRNNCell):
    """A matrix that is no square, and a vector of a size of its own."""

    gates = ("k", "v", "f")
    widths = {"k": "rows", "f": 1}
    recurrent_gates = ()
    states = ("M", "s")
    state_shapes = {"M": ("rows", "units"), "s": (2,)}
    output_name = "h"
    without = ("output_activation",)

    def __init__(self, *args, rows=3, **kwargs):
        super().__init__(*args, **kwargs)
        self.rows = rows

    def step(self, Wx, U, M, s):
        assert M.shape[1:] == (self.rows, self.units)
        assert s.shape[1:] == (2,)
        f = self.recurrent_activation(Wx.f)
        M = f[..., None] * M + ops.matmul(Wx.k[..., None], Wx.v[..., None, :])
        h = ops.sum(M, axis=1) * s[:, :1]
        return (M, s + f), {"f": f, "h": h}


def test_a_step_sees_matrices_and_everything_else_sees_rows(rng):
    layer = kg.RNN(FastWeightsCell(4), return_sequences=True, return_state=True, loop="keras")
    h, M, s = layer(X)
    assert (h.shape, M.shape, s.shape) == ((2, 9, 4), (2, 12), (2, 2))
    assert layer.cell.state_size == [12, 2]
    assert [tuple(z.shape) for z in layer.cell.get_initial_state(batch_size=5)] == [(5, 12), (5, 2)]
    # As the equations say, row by row.
    layer.cell.bias.assign(rng.normal(size=8))
    states = [rng.normal(size=(2, 12)).astype("float32"), np.ones((2, 2), "float32")]
    h, M, s = (as_array(v) for v in layer(X, initial_state=states))
    W, b = as_array(layer.cell.kernel), as_array(layer.cell.bias)
    matrix, scale = states[0].reshape(2, 3, 4).astype(float), states[1].astype(float)
    for t in range(9):
        k, v, f = np.split(X[:, t] @ W + b, [3, 7], axis=-1)
        f = 1 / (1 + np.exp(-f))
        matrix = f[..., None] * matrix + k[:, :, None] * v[:, None, :]
        assert_close(h[:, t], matrix.sum(1) * scale[:, :1], tolerances.FLOAT32)
        scale = scale + f
    assert_close([M, s], [matrix.reshape(2, 12), scale], tolerances.FLOAT32)
    with pytest.raises(ValueError, match=r"`initial_state`.*\(2, 12\), \(2, 2\)"):
        layer(X, initial_state=[np.ones((2, 4), "float32"), states[1]])


def test_matrices_read_as_in_papers():
    assert kg.equations(FastWeightsCell).splitlines()[:2] == [
        "f  = σ(W_f x + b_f)",
        "M' = f M + (W_k x + b_k) (W_v x + b_v)ᵀ",
    ]
    assert "S' = S + e (v − S k) kᵀ" in kg.equations(kg.DeltaNetCell)
    latex = kg.equations(kg.DeltaNetCell, "latex")
    assert r"{k_{t}}^{\top}" in latex
    assert r"\sqrt{d}" in latex
    assert "a S k" in kg.equations(kg.GatedDeltaNetCell(8, heads=2)).replace("⊙ ", "")


def test_shapes_that_stand_for_nothing_are_refused():
    def made(**members):
        members = {"gates": ("n",), "states": ("M",), **members}
        return type("WrongCell", (kg.AbstractRNNCell,), members)

    with pytest.raises(TypeError, match=r"`state_shapes` must be of `states`.*'N': there are: M"):
        made(state_shapes={"N": (2, 2)})
    with pytest.raises(TypeError, match="`state_shapes` must be a dict of tuples"):
        made(state_shapes={"M": (2, -1)})
    cell = made(state_shapes={"M": ("ranks", 2)})(4)
    with pytest.raises(ValueError, match=r"give the state 'M' a positive number.*'ranks'"):
        _ = cell.state_size


def test_shares_of_matrices_are_those_of_their_rows(rng):
    """Kept shares of a matrix have its entries, each that of its row or of its head."""
    x = inputs(rng)
    trace = kg.trace(make_layer("GLACell", {"heads": 2}, rng, loop="keras"), x, MASK)
    (cell,) = trace.values()
    assert cell.kept["S"].shape == cell.states["S"].shape == (5, 7, 8)
    np.testing.assert_array_equal(cell.kept["S"], np.repeat(cell.gates["a"], 2, axis=-1))
    assert {row["state"] for row in trace.memory_horizon()} == {"S"}
    layer = make_layer("MLSTMCell", {"heads": 2}, rng, loop="keras")
    (cell,) = kg.trace(layer, x, initial_state=initial_states(layer.cell, rng)).values()
    np.testing.assert_array_equal(cell.kept["C"], np.repeat(cell.gates["f"], 4, axis=-1))
    with pytest.raises(ValueError, match="Regimes need"):
        kg.trace(layer, x).regimes()


@pytest.mark.parametrize("name", ["SLSTM", "MLSTM"])
def test_exponential_gates_overflow_at_no_length(name):
    keras.utils.set_random_seed(4)
    layer = getattr(kg, name)(2, return_sequences=True, loop="keras", heads=2)
    x = 50 * np.random.default_rng(0).normal(size=(1, 100, 1)).astype("float32")
    outputs = as_array(layer(x))
    assert np.isfinite(outputs).all()
    assert np.abs(outputs).max() < (1.0001 if name == "SLSTM" else 1e4)
    with pytest.raises(ValueError, match=r"`heads` of .*Cell must divide units=3"):
        getattr(kg, name)(3, heads=2)


def test_the_min_lstm_is_a_number_where_both_gates_are_as_good_as_zero():
    layer = kg.MinLSTM(1, bias_initializer={"f": -200.0, "i": -201.0}, loop="keras")
    assert np.isfinite(as_array(layer(X))).all()


def test_the_gate_of_the_qrnn_is_that_of_the_authors_negated(rng):
    """There it takes the candidate, and here, as in the paper, it keeps the memory."""
    cell = make_layer("QRNNCell", {}, rng).cell
    x, c = rng.normal(size=(6, 3)).astype("float32"), rng.normal(size=(6, 4)).astype("float32")
    _, (new,) = cell(ops.convert_to_tensor(x), [ops.convert_to_tensor(c)])
    n, f, _ = np.split(x @ as_array(cell.kernel) + as_array(cell.bias), 3, axis=-1)
    theirs = 1 / (1 + np.exp(f))
    expected = theirs * np.tanh(n) + (1 - theirs) * c
    assert_close(as_array(new), expected, tolerances.FLOAT32)
