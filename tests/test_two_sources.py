"""Where paper and authors' code, or two of them, differ: what the other source computes.

A cell's `Deviations:` says which of both it is. Each test shows where they agree and where not.
Those of cells that read a time are in `test_authors_of_timed_cells.py`.
"""

import numpy as np
import pytest

from tests import reference, tolerances
from tests.reference_parts import SIGMA, layer_norm
from tests.tolerances import assert_close

ROWS, FEATURES, UNITS = 3, 2, 4


@pytest.fixture
def draw(rng):
    """Random arrays of a shape."""
    return lambda *shape: rng.normal(size=shape)


def step(name, w, x, *states, **options):
    """Output and new states of a cell, from its reference."""
    output, new, _ = reference.CELLS[name].step(w, x, states, options)
    return [output, *new]


def differ(a, b):
    return np.abs(a - b).max() > 0.01


def test_star(draw):
    """The authors' gate, f = 1 − k, lets in 1 − σ(a_f − 1), and so more than k."""
    w = {"kernel": draw(FEATURES, 2 * UNITS), "bias": draw(2 * UNITS)}
    w["recurrent_kernel"] = draw(UNITS, UNITS)
    x, h = draw(ROWS, FEATURES), draw(ROWS, UNITS)
    (found, _), (W_k, W_n), (b_k, b_n) = (
        step("STARCell", w, x, h),
        np.split(w["kernel"], 2, -1),
        np.split(w["bias"], 2),
    )
    a_f = -(x @ W_k + h @ w["recurrent_kernel"] + b_k)
    n = np.tanh(x @ W_n + b_n)
    kept = SIGMA(a_f) * h
    assert_close(found, np.tanh(kept + (1 - SIGMA(a_f)) * n), tolerances.FLOAT64)
    assert differ(found, np.tanh(kept + (1 - SIGMA(a_f - 1.0)) * n))


def test_slstm(draw):
    """A row that begins, beside one that does not: only how c, n and m are scaled differs."""
    w = {"kernel": draw(FEATURES, 4 * UNITS), "bias": draw(4 * UNITS)}
    w["head_kernel"] = draw(1, UNITS, 4 * UNITS)
    x, h, c, n = draw(2, FEATURES), draw(2, UNITS), draw(2, UNITS), draw(2, UNITS) ** 2 + 0.1
    h[0] = c[0] = n[0] = 0.0
    m = np.full((2, UNITS), 5.0)
    output, _, c_, n_, m_ = step("SLSTMCell", w, x, h, c, n, m)
    raw = x @ w["kernel"] + h @ w["head_kernel"][0] + w["bias"]
    a_i, a_f, g, out = np.split(raw, 4, axis=-1)
    # The authors take a_i alone where n is 0 in all rows of the batch; here it is in one of two.
    a_f = m - np.logaddexp(0.0, -a_f)
    theirs = np.maximum(a_f, a_i)
    i, f = np.exp(a_i - theirs), np.exp(a_f - theirs)
    c, n = f * c + i * np.tanh(g), f * n + i
    assert_close(output, SIGMA(out) * c / n, tolerances.FLOAT64)
    assert_close(m_[1], theirs[1], tolerances.FLOAT64)
    assert_close(m_[0], a_i[0], tolerances.FLOAT64)
    assert differ(m_[0], theirs[0])
    assert_close(c_ * np.exp(m_ - theirs), c, tolerances.FLOAT64)
    assert_close(n_ * np.exp(m_ - theirs), n, tolerances.FLOAT64)


def test_mlstm(draw):
    """The paper does not divide the bias of k by √d: with one √d times as large it is the same."""
    w = {"kernel": draw(FEATURES, 4 * UNITS + 2), "bias": draw(4 * UNITS + 2)}
    x, C, n, m = draw(ROWS, FEATURES), draw(ROWS, UNITS**2), draw(ROWS, UNITS), draw(ROWS, 1)

    def paper(w):
        W_q, W_k, W_v = np.split(w["kernel"][:, : 3 * UNITS], 3, axis=-1)
        b_q, b_k, b_v = np.split(w["bias"][: 3 * UNITS], 3)
        W, b = w["kernel"][:, 3 * UNITS :], w["bias"][3 * UNITS :]
        q, k, v = x @ W_q + b_q, x @ W_k / np.sqrt(UNITS) + b_k, x @ W_v + b_v
        a_i, a_f = x @ W[:, :1] + b[:1], x @ W[:, 1:2] + b[1:2]
        f, i = SIGMA(a_f) * np.exp(m), np.exp(a_i)
        new = f[..., None] * C.reshape(-1, UNITS, UNITS) + i[..., None] * v[..., None] * k[:, None]
        scale = np.abs(np.sum((f * n + i * k) * q, axis=-1, keepdims=True))
        out = SIGMA(x @ W[:, 2:] + b[2:])
        return out * np.einsum("bij,bj->bi", new, q) / np.maximum(scale, 1.0)

    found = step("MLSTMCell", w, x, C, n, m, epsilon=0.0)[0]
    assert differ(found, paper(w))
    scaled = np.ones(4 * UNITS + 2)
    scaled[UNITS : 2 * UNITS] = 1 / np.sqrt(UNITS)
    assert_close(found, paper({**w, "bias": w["bias"] * scaled}), 16 * tolerances.FLOAT64)


@pytest.mark.parametrize(("open_", "same"), [(-4.0, True), (4.0, False)])
def test_mogrifier_lstm(open_, same, draw):
    """The authors' code lets in at most 1 − f: the same where i and f are small."""
    w = {"kernel": draw(FEATURES, 4 * UNITS), "recurrent_kernel": draw(UNITS, 4 * UNITS)}
    w = {name: 0.1 * value for name, value in w.items()}
    w["bias"] = np.concatenate([np.full(2 * UNITS, open_), draw(2 * UNITS)])
    w |= {"Q_1": draw(UNITS, FEATURES), "bias_1": draw(FEATURES)}
    x, h, c = draw(ROWS, FEATURES), draw(ROWS, UNITS), draw(ROWS, UNITS)
    found = step("MogrifierLSTMCell", w, x, h, c, rounds=1)[0]
    x = 2 * SIGMA(h @ w["Q_1"] + w["bias_1"]) * x
    a = x @ w["kernel"] + h @ w["recurrent_kernel"] + w["bias"]
    i, f, g, o = np.split(a, 4, axis=-1)
    i, f = SIGMA(i), SIGMA(f)
    theirs = SIGMA(o) * np.tanh(f * c + np.minimum(i, 1 - f) * np.tanh(g))
    assert differ(found, theirs) != same
    if same:
        assert_close(found, theirs, tolerances.FLOAT64)


def test_rg_lru(draw):
    """At the first step the authors' code leaves the root out: states are larger by it."""
    w = {"kernel": np.eye(UNITS), "bias": draw(2 * UNITS), "decay": draw(UNITS)}
    w |= {"block_r": draw(1, UNITS, UNITS), "block_i": draw(1, UNITS, UNITS)}
    x = draw(ROWS, UNITS)
    found = step("RGLRUCell", w, x, np.zeros((ROWS, UNITS)))[0]
    b_r, b_i = np.split(w["bias"], 2)
    first = SIGMA(x @ w["block_i"][0] + b_i) * x
    r = SIGMA(x @ w["block_r"][0] + b_r)
    a = np.exp(-8 * r * np.logaddexp(0, w["decay"]))
    assert_close(found, np.sqrt(1 - a**2) * first, 16 * tolerances.FLOAT64)
    assert differ(found, first)


def test_layer_norm_indrnn(draw):
    """The paper normalises each unit over the batch, the cell each row over the units."""
    w = {"kernel": draw(FEATURES, UNITS), "bias": draw(UNITS), "recurrent_vector": draw(UNITS)}
    w["gamma"] = draw(UNITS)
    x, h = draw(ROWS, FEATURES), draw(ROWS, UNITS)
    found = step("LayerNormIndRNNCell", w, x, h)[0]
    # As haste has it.
    seen = layer_norm(x @ w["kernel"], w["gamma"], 0.0, {})
    assert_close(found, np.tanh(seen + w["recurrent_vector"] * h + w["bias"]), tolerances.FLOAT64)
    over_batch = layer_norm((x @ w["kernel"]).T, w["gamma"][:, None], 0.0, {}).T
    assert differ(found, np.tanh(over_batch + w["recurrent_vector"] * h + w["bias"]))
