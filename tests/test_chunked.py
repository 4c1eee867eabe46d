"""Which matrices run in chunks, how long these are, and what becomes of them in files."""

import numpy as np
import pytest
from keras import ops

import kerasgates as kg
from kerasgates.core import operations
from kerasgates.loops import chunked
from kerasgates.loops.linear import lines_of
from tests.cases import as_array, as_tensor
from tests.tolerances import FLOAT32, assert_close


class Matrices(kg.AbstractRNNCell):
    """A cell whose state is a matrix, and whose step is given by name."""

    gates = ("a", "b", "k")
    states = ("S",)
    state_shapes = {"S": ("rows", "columns")}
    widths = {"a": "rows", "k": "columns"}
    recurrent_gates = ()
    output_name = "h"

    def __init__(self, *args, rows, kind, **kwargs):
        super().__init__(*args, **kwargs)
        self.rows, self.columns, self.kind = rows, self.units // rows, kind

    def step(self, Wx, U, S):
        a, k = ops.sigmoid(Wx.a)[..., None], ops.tanh(Wx.k)[..., None]
        b = ops.reshape(Wx.b, (-1, self.rows, self.columns))
        turned = operations.matmul(operations.matmul(S, k), ops.swapaxes(k, 1, 2)) / self.columns
        mixed = operations.matmul(a, operations.matmul(ops.swapaxes(a, 1, 2), S)) / self.rows
        S = {
            "one matrix": lambda: S - turned + b,
            "a matrix for each row": lambda: a * (S - turned) + b,
            "rows mixed": lambda: S - mixed + b,
            "turned round": lambda: ops.swapaxes(S, 1, 2) - turned + b,
        }[self.kind]()
        return (S,), {"h": ops.reshape(S, (-1, self.units))}


def built(rows, columns, kind, rng, **settings):
    # At first all weights are zero, with which one step is as good as another.
    cell = Matrices(rows * columns, rows=rows, kind=kind, kernel_initializer="zeros")
    layer = kg.RNN(cell, return_sequences=True, **settings)
    layer.build((None, None, 3))
    assert (lines_of(cell) is not None) == (kind == "one matrix")
    for weight in layer.weights:
        weight.assign(0.5 * rng.normal(size=weight.shape))
    return layer


@pytest.mark.parametrize(
    ("rows", "columns", "kind"),
    [
        (3, 3, "one matrix"),
        (2, 5, "one matrix"),
        (4, 2, "one matrix"),
        (1, 3, "one matrix"),
        (3, 3, "a matrix for each row"),
        (3, 3, "rows mixed"),
        (3, 3, "turned round"),
    ],
)
def test_matrices_of_any_shape_whose_rows_go_by_one_matrix(rows, columns, kind, rng, monkeypatch):
    monkeypatch.setattr(chunked, "STEPS", 4)
    layer = built(rows, columns, kind, rng)
    x = as_tensor(rng.normal(size=(2, 21, 3)).astype("float32"))
    found = {}
    for layer.loop in ("keras", "chunked"):
        found[layer.loop] = as_array(layer(x))
    assert np.abs(found["keras"]).max() > 0.5
    assert_close(found["chunked"], found["keras"], 4 * FLOAT32)


def test_chunks_are_full_where_they_can_be():
    steps = {time: chunked.steps_of_a_chunk(time) for time in (128, 130, 1000, 1024, 127, 10**6)}
    assert steps == {128: 64, 130: 64, 1000: 50, 1024: 64, 127: 64, 10**6: 64}
    assert chunked.steps_of_a_chunk(None) == 64


def test_short_sequences_and_dropped_states_run_as_by_auto(rng, monkeypatch):
    seen, decide = [], chunked.decide

    def decided(cell, shape, unroll=False):
        seen.append(tuple(shape[:2]))
        return decide(cell, shape, unroll)

    monkeypatch.setattr(chunked, "decide", decided)
    for layer, time in (
        (kg.MinGRU(2, loop="chunked"), 127),
        (kg.GRU(2, loop="chunked"), 128),
        (kg.MinGRU(2, loop="chunked", unroll=True), 128),
        (kg.MinGRU(2, loop="chunked"), 128),
    ):
        layer(ops.zeros((1, time, 3)))
    assert seen == [(1, 127), (1, 128), (1, 128), (4, 64), (2, 64)]
