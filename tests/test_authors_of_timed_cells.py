"""The references of cells that read a time, beside what their authors' programs compute.

Each function here says once more what a repository of the authors does, in its order and with its
names; the references are written from the papers. Where both differ, a cell's `Deviations:` says
so, and a test here shows it.
"""

import numpy as np
import pytest

from tests import reference, tolerances
from tests.reference_parts import SIGMA
from tests.tolerances import assert_close

ROWS, FEATURES, UNITS = 3, 2, 4


@pytest.fixture
def draw(rng):
    """Random arrays of a shape."""
    return lambda *shape: rng.normal(size=shape)


def layer(draw, *names, rows=FEATURES, columns=4 * UNITS):
    """A kernel, a recurrent kernel and a bias."""
    shapes = (rows, columns), (UNITS, columns), (columns,)
    named = names or ("kernel", "recurrent_kernel", "bias")
    return {name: draw(*shape) for name, shape in zip(named, shapes)}


def step(name, w, x, states, **options):
    """Output and new states of a cell's reference."""
    output, new, _ = reference.CELLS[name].step(w, x, states, options)
    return [output, *new]


def assert_all_close(found, expected):
    for ours, theirs in zip(found, expected, strict=True):
        assert_close(ours, theirs, tolerances.FLOAT64)


def t_lstm(w, x, t, h, c, squash, base):
    """`T_LSTM_Unit` of illidanlab/T-LSTM."""
    fade = 1.0 / np.log(t + base)
    short = squash(c @ w["decomposition_kernel"] + w["decomposition_bias"])
    c = c - short + fade * short
    a = x @ w["kernel"] + h @ w["recurrent_kernel"] + w["bias"]
    i, f, candidate, o = np.split(a, 4, axis=-1)
    c = SIGMA(f) * c + SIGMA(i) * np.tanh(candidate)
    h = SIGMA(o) * np.tanh(c)
    return h, h, c


def test_time_aware_lstm(draw):
    w = {
        **layer(draw),
        "decomposition_kernel": draw(UNITS, UNITS),
        "decomposition_bias": draw(UNITS),
    }
    x, t, h, c = draw(ROWS, FEATURES), draw(ROWS, 1) ** 2, draw(ROWS, UNITS), draw(ROWS, UNITS)
    found = step("TimeAwareLSTMCell", w, np.concatenate([x, t], -1), (h, c))
    assert_all_close(found, t_lstm(w, x, t, h, c, np.tanh, np.e))
    # What the code has in place of the paper's function.
    assert np.abs(found[2] - t_lstm(w, x, t, h, c, SIGMA, 2.7183)[2]).max() > 0.01


def phased(w, x, t, h, c, off_slope):
    """`PLSTMLayer` of dannyneil/public_plstm."""
    period = np.abs(w["period"])
    on_mid = np.abs(w["open_ratio"]) * 0.5 * period
    on_end = np.abs(w["open_ratio"]) * period
    in_cycle = np.mod(t + w["shift"], period)
    wake = np.where(
        in_cycle <= on_mid,
        in_cycle / on_mid,
        np.where(in_cycle <= on_end, (on_end - in_cycle) / on_mid, off_slope * in_cycle / period),
    )
    a = x @ w["kernel"] + w["bias"] + h @ w["recurrent_kernel"]
    i, f, candidate, o = np.split(a, 4, axis=-1)
    i, f = SIGMA(i + c * w["peephole_i"]), SIGMA(f + c * w["peephole_f"])
    cell = f * c + i * np.tanh(candidate)
    hidden = SIGMA(o + cell * w["peephole_o"]) * np.tanh(cell)
    h = wake * hidden + (1.0 - wake) * h
    return h, h, wake * cell + (1.0 - wake) * c


def test_phased_lstm(draw):
    w = {**layer(draw), **{f"peephole_{gate}": draw(UNITS) for gate in "ifo"}}
    w |= {"period": np.array([3.0, -7.0, 20.0, 5.0]), "shift": draw(UNITS) * 9.0}
    w["open_ratio"] = np.array([0.9, 0.5, 0.3, -0.6])
    x, t, h, c = draw(40, FEATURES), draw(40, 1) * 30.0, draw(40, UNITS), draw(40, UNITS)
    inputs = np.concatenate([x, t], axis=-1)
    for slope in (0.001, 0.0):
        found = step("PhasedLSTMCell", w, inputs, (h, c), leak=slope)
        assert_all_close(found, phased(w, x, t, h, c, slope))


def gru_d(w, x, m, now, states, faded):
    """`GRUDCell` of PeterChe1990/GRU-D; `faded` is the state that the paper keeps."""
    h, keep, before = states
    passed = now - before
    gamma_x = np.exp(-np.maximum(passed * w["input_decay_kernel"] + w["input_decay_bias"], 0))
    gamma_h = np.exp(-np.maximum(passed @ w["hidden_decay_kernel"] + w["hidden_decay_bias"], 0))
    keep = np.where(m == 1, x, keep)
    x = np.where(m == 1, x, gamma_x * keep)
    decayed = gamma_h * h
    W, U, V = [np.split(w[k], 3, -1) for k in ("kernel", "recurrent_kernel", "masking_kernel")]
    b = np.split(w["bias"], 3)
    z = SIGMA(x @ W[0] + decayed @ U[0] + (1 - m) @ V[0] + b[0])
    r = SIGMA(x @ W[1] + decayed @ U[1] + (1 - m) @ V[1] + b[1])
    new = np.tanh(x @ W[2] + (1 - m) @ V[2] + b[2] + (r * decayed) @ U[2])
    h = z * (decayed if faded else h) + (1 - z) * new
    return h, h, keep, np.where(m == 1, now, before)


def test_gru_d(draw, rng):
    w = layer(draw, columns=3 * UNITS)
    w |= {"masking_kernel": draw(FEATURES, 3 * UNITS), "hidden_decay_bias": draw(UNITS)}
    w |= {"hidden_decay_kernel": draw(FEATURES, UNITS), "mean": np.zeros(FEATURES)}
    w |= {"input_decay_kernel": draw(FEATURES), "input_decay_bias": draw(FEATURES)}
    x, h, keep = draw(ROWS, FEATURES), draw(ROWS, UNITS), draw(ROWS, FEATURES)
    m = rng.integers(0, 2, size=(ROWS, FEATURES)).astype(float)
    last, passed, before = 7.0, draw(ROWS, 1) ** 2, draw(ROWS, FEATURES) ** 2
    found = step("GRUDCell", w, np.concatenate([x, m, passed], -1), (h, keep, before))
    # Where z and the mask are turned round, so are their weights.
    signs = np.repeat([-1.0, 1.0, 1.0], UNITS)
    theirs = {**w, "bias": (w["bias"] + w["masking_kernel"].sum(axis=0)) * signs}
    theirs |= {name: w[name] * signs for name in ("kernel", "recurrent_kernel")}
    theirs["masking_kernel"] = -w["masking_kernel"] * signs
    given = x, m, last + passed, (h, keep, last - before)
    output, state, kept, seen = gru_d(theirs, *given, faded=True)
    assert_all_close(found, [output, state, kept, last + passed - seen])
    assert np.abs(found[0] - gru_d(theirs, *given, faded=False)[0]).max() > 0.01


def cfc(w, x, ts, h):
    """`CfCCell` of mlech26l/ncps for PyTorch, with the default mode and two layers."""
    W = np.concatenate([w["kernel"], w["recurrent_kernel"]])
    a = 1.7159 * np.tanh(0.666 * (np.concatenate([x, h], -1) @ W + w["bias"]))
    a = 1.7159 * np.tanh(0.666 * (a @ w["backbone_kernel_2"] + w["backbone_bias_2"]))
    ff1, ff2, t_a, t_b = np.split(a @ w["head_kernel"] + w["head_bias"], 4, axis=-1)
    ff1, ff2 = np.tanh(ff1), np.tanh(ff2)
    t_interp = SIGMA(t_a * ts + t_b)
    new = ff1 * (1.0 - t_interp) + t_interp * ff2
    return new, new


def test_cfc(draw):
    w = {**layer(draw, columns=5), "backbone_kernel_2": draw(5, 5), "backbone_bias_2": draw(5)}
    w |= {"head_kernel": draw(5, 4 * UNITS), "head_bias": draw(4 * UNITS)}
    x, t, h = draw(ROWS, FEATURES), draw(ROWS, 1) ** 2, draw(ROWS, UNITS)
    inputs = np.concatenate([x, t], axis=-1)
    found = step("CfCCell", w, inputs, (h,), backbone_layers=2, elapsed=None)
    assert_all_close(found, cfc(w, x, t, h))
    assert_all_close(step("CfCCell", w, x, (h,), backbone_layers=2), cfc(w, x, 1.0, h))


def test_nested_lstm(draw):
    """`NLSTMCell` of hannw/nlstm with a depth of 2; its states are h, c and q."""
    w = layer(draw)
    w |= layer(draw, "inner_kernel", "inner_recurrent_kernel", "inner_bias", rows=UNITS)
    x, h, c, q = draw(ROWS, FEATURES), draw(ROWS, UNITS), draw(ROWS, UNITS), draw(ROWS, UNITS)

    def recurrence(inputs, hidden, memories, kernels):
        kernel, recurrent, bias = [w[name] for name in kernels[0]]
        a = inputs @ kernel + hidden @ recurrent + bias
        i, f, new, o = np.split(a, 4, axis=-1)
        hidden, inputs = memories[0] * SIGMA(f), SIGMA(i) * np.tanh(new)
        if len(memories) == 1:
            memory = hidden + inputs
            deeper = [memory]
        else:
            memory, deeper = recurrence(inputs, hidden, memories[1:], kernels[1:])
        shown = np.tanh(memory) * SIGMA(o)
        return shown, [shown, *deeper]

    names = [("kernel", "recurrent_kernel", "bias")]
    names += [("inner_kernel", "inner_recurrent_kernel", "inner_bias")]
    _, states = recurrence(x, h, [c, q], names)
    found = step("NestedLSTMCell", w, x, (h, c, q))
    assert_all_close(found, [states[0], *states])


def test_clockwork(draw):
    """`ClockworkLayerImpl` of IDSIA/brainstorm, with the lower triangle of R cut off."""
    w = layer(draw, columns=UNITS)
    w["ticks"] = timing = np.array([1.0, 1.0, 3.0, 3.0])
    R = w["recurrent_kernel"].copy()
    R[:2, 2:] = 0.0
    inputs, outputs = draw(8, ROWS, FEATURES), [np.zeros((ROWS, UNITS))]
    for t, x in enumerate(inputs):
        new = np.tanh(x @ w["kernel"] + w["bias"] + outputs[-1] @ R)
        outputs.append(np.where(t % timing, outputs[-1], new) if t else new)
    states = np.zeros((ROWS, UNITS)), np.zeros((ROWS, UNITS))
    for x, expected in zip(inputs, outputs[1:], strict=True):
        output, *states = step("ClockworkRNNCell", w, x, tuple(states))
        assert_close(output, expected, tolerances.FLOAT64)


def test_lru(draw):
    """`LRU` of NicolasZucchet/minimal-LRU, whose D is diagonal: there are as many features."""
    count, D = 3, draw(UNITS)
    w = {"nu_log": draw(count), "theta_log": draw(count), "gamma_log": draw(count)}
    B, C = draw(UNITS, count) + 1j * draw(UNITS, count), draw(count, UNITS, 2) @ [1, 1j]
    w["kernel"] = np.concatenate([B.real, B.imag, np.diag(D)], axis=-1)
    w |= {"output_kernel_re": C.real, "output_kernel_im": C.imag}
    diagonal = np.exp(-np.exp(w["nu_log"]) + 1j * np.exp(w["theta_log"]))
    hidden, states = np.zeros((ROWS, count)), (np.zeros((ROWS, count)),) * 2
    for x in draw(4, ROWS, UNITS):
        hidden = diagonal * hidden + x @ (B * np.exp(w["gamma_log"]))
        output, *states = step("LRUCell", w, x, tuple(states))
        assert_all_close([output, *states], [(hidden @ C).real + D * x, hidden.real, hidden.imag])


def test_ltc(draw):
    """`LTCCell` of raminmh/liquid_time_constant_networks, half-implicit, with six unfolds."""
    w = {name: draw(UNITS) for name in ("gleak", "vleak", "cm")}
    for prefix, rows in (("", UNITS), ("sensory_", FEATURES)):
        w |= {prefix + name: draw(rows, UNITS) for name in ("w", "sigma", "mu", "erev")}
    for name in ("gleak", "cm", "w", "sensory_w"):
        w[name] = w[name] ** 2
    w |= {"input_w": draw(FEATURES), "input_b": draw(FEATURES)}
    x, v = draw(ROWS, FEATURES), draw(ROWS, UNITS)

    def activation(values, prefix):
        a = w[f"{prefix}sigma"] * (values[..., None] - w[f"{prefix}mu"])
        return w[f"{prefix}w"] * SIGMA(a)

    sensory, expected = activation(x * w["input_w"] + w["input_b"], "sensory_"), v
    for _ in range(6):
        synapses = activation(expected, "")
        reversals = (synapses * w["erev"]).sum(1) + (sensory * w["sensory_erev"]).sum(1)
        numerator = w["cm"] * expected + w["gleak"] * w["vleak"] + reversals
        expected = numerator / (w["cm"] + w["gleak"] + synapses.sum(1) + sensory.sum(1))
    assert_all_close(step("LTCCell", w, x, (v,), elapsed=6.0), [expected, expected])


def test_mc_lstm(draw):
    """`MassConservingLSTM` of ml-jku/mc-lstm, whose gates see x and the shares of the state."""
    mass, wide = 2, UNITS * (2 + 1 + UNITS)
    w = layer(draw, columns=wide)
    xa, xm, c = draw(ROWS, FEATURES), draw(ROWS, mass) ** 2, draw(ROWS, UNITS) ** 2
    for state in (c, np.zeros_like(c)):
        c_sum = state.sum(-1, keepdims=True)
        inputs = np.concatenate([xa, state / np.where(c_sum == 0, 1.0, c_sum)], -1)
        a = inputs @ np.concatenate([w["kernel"], w["recurrent_kernel"]]) + w["bias"]
        i, o, r = np.split(a, [mass * UNITS, (mass + 1) * UNITS], axis=-1)
        i, r = np.exp(i.reshape(-1, mass, UNITS)), np.exp(r.reshape(-1, UNITS, UNITS))
        i, r = i / i.sum(-1, keepdims=True), r / r.sum(-1, keepdims=True)
        new = (state[:, None] @ r + xm[:, None] @ i)[:, 0]
        h = SIGMA(o) * new
        found = step("MCLSTMCell", w, np.concatenate([xa, xm], -1), (state,), mass=mass)
        assert_all_close(found, [h, new - h])
        # What the cell is for.
        kept = found[0].sum(-1) + found[1].sum(-1)
        assert_close(kept, state.sum(-1) + xm.sum(-1), tolerances.FLOAT64)


def test_hyper_lstm(draw):
    """`HyperLSTMCell` of hardmaru/supercell, with its norms, its order of gates and its scopes."""
    small, size, order = 3, 2, (0, 2, 1, 3)
    w = {"kernel": draw(FEATURES, 4 * (UNITS + small)), "bias": draw(4 * UNITS)}
    w |= {"recurrent_kernel": draw(UNITS, 4 * (UNITS + small))}
    w["hyper_recurrent_kernel"] = draw(small, 4 * small)
    for name in ("scale_x", "scale_h", "shift"):
        w |= {f"{name}_kernel": draw(small, 4 * size), f"{name}_units": draw(4, size, UNITS)}
    w |= {"scale_x_bias": draw(4 * size), "scale_h_bias": draw(4 * size)}
    for at, shape in {"u": (4, small), "q": (1, small), "a": (4, UNITS), "c": (1, UNITS)}.items():
        w |= {f"gamma_{at}": draw(*shape), f"beta_{at}": draw(*shape)}
    x, h, c = draw(ROWS, FEATURES), draw(ROWS, UNITS), draw(ROWS, UNITS)
    y, q = draw(ROWS, small), draw(ROWS, small)
    found = step("HyperLSTMCell", w, x, (h, c, y, q))

    def norm(a, at, number=0):
        alpha, bias = [w[f"{k}_{at}"][number] for k in ("gamma", "beta")]
        deviation = np.sqrt(np.square(a - a.mean(1, keepdims=True)).mean(1, keepdims=True) + 1e-3)
        return alpha * (a - a.mean(1, keepdims=True)) / deviation + bias

    def lstm_of(parts, memory, at, shown):
        i, j, f, o = [norm(parts[k], at, k) for k in order]
        memory = memory * SIGMA(f + 1.0) + SIGMA(i) * np.tanh(j)
        return np.tanh(norm(memory, shown)) * SIGMA(o), memory

    W_hyper = np.concatenate([w["kernel"][:, 4 * UNITS :], w["recurrent_kernel"][:, 4 * UNITS :]])
    concat = np.concatenate([x, h, y], -1) @ np.concatenate([W_hyper, w["hyper_recurrent_kernel"]])
    y, q = lstm_of(np.split(concat, 4, -1), q, "u", "q")

    def hyper_norm(layer, scope, number, use_bias):
        columns = slice(number * size, (number + 1) * size)
        zw = y @ w[f"{scope}_kernel"][:, columns] + w[f"{scope}_bias"][columns]
        result = zw @ w[f"{scope}_units"][number] * layer
        zb = y @ w["shift_kernel"][:, columns]
        return result + zb @ w["shift_units"][number] if use_bias else result

    parts = []
    for k in range(4):
        columns = slice(k * UNITS, (k + 1) * UNITS)
        part = hyper_norm(x @ w["kernel"][:, columns], "scale_x", k, False)
        part = part + hyper_norm(h @ w["recurrent_kernel"][:, columns], "scale_h", k, True)
        parts.append(part + w["bias"][columns])
    h_new, c_new = lstm_of(parts, c, "a", "c")
    assert_all_close(found, [h_new, h_new, c_new, y, q])
