"""References of wrappers that change more than what a step gives: as `reference_wrappers`."""

import numpy as np

import kerasgates as kg


def sigma(a):
    return 1 / (1 + np.exp(-a))


def split(a, count):
    return np.split(a, count, axis=-1)


def weights(cell):
    return {weight.name: np.asarray(weight, "float64") for weight in cell.weights}


def dilated(cell, x, states, step):
    count = len(cell.cell.states)
    newest, queues = states[:count], states[count:]
    if cell.dilation == 1:
        return step(cell.cell, x, newest)
    lines = [np.concatenate([queue, state], axis=1) for queue, state in zip(queues, newest)]
    sizes = cell.cell.state_sizes
    output, new = step(cell.cell, x, [line[:, :n] for line, n in zip(lines, sizes)])
    return output, [*new, *[line[:, n:] for line, n in zip(lines, sizes)]]


def attention(cell, x, states, step):
    w, (*inner, d, m) = weights(cell), states
    u = x @ w["mix_kernel"] + d @ w["mix_context_kernel"] + w["mix_bias"]
    output, new = step(cell.cell, u, inner)
    outputs = np.split(m, cell.window, axis=1)
    query = np.concatenate(new, axis=1) @ w["query_kernel"] + w["query_bias"]
    scores = [(np.tanh(one @ w["memory_kernel"] + query) @ w["score_vector"]) for one in outputs]
    shares = np.exp(scores) / np.exp(scores).sum(axis=0)
    d = sum(share[:, None] * one for share, one in zip(shares, outputs))
    y = output @ w["output_kernel"] + d @ w["output_context_kernel"] + w["output_bias"]
    return y, [*new, d, np.concatenate([*outputs[1:], y], axis=1)]


def layer_norm(a, gamma):
    a = a - a.mean(axis=-1, keepdims=True)
    return gamma * a / np.sqrt((a**2).mean(axis=-1, keepdims=True) + 1e-5)


def normed(a, gamma, count):
    """Products of several gates, each normalised by itself."""
    return [layer_norm(*both) for both in zip(split(a, count), split(gamma, count))]


def layer_norm_gates(cell, x, states, step):
    return NORMED[type(cell.cell)](weights(cell), x, *states)


def normed_lstm(w, x, h, c):
    a = normed(x @ w["kernel"], w["gamma_x"], 4)
    m = normed(h @ w["recurrent_kernel"], w["gamma_h"], 4)
    i, f, g, o = (sum(parts) for parts in zip(a, m, split(w["bias"], 4)))
    c = sigma(f) * c + sigma(i) * np.tanh(g)
    return sigma(o) * np.tanh(c), [sigma(o) * np.tanh(c), c]


def normed_gru(w, x, h):
    a = [s + b for s, b in zip(normed(x @ w["kernel"], w["gamma_x"], 3), split(w["bias"], 3))]
    U, gamma = split(w["recurrent_kernel"], 3), split(w["gamma_h"], 3)
    z, r = (sigma(a[k] + layer_norm(h @ U[k], gamma[k])) for k in (0, 1))
    n = np.tanh(a[2] + layer_norm((r * h) @ U[2], gamma[2]))
    h = z * h + (1 - z) * n
    return h, [h]


def normed_min_gru(w, x, h):
    z, n = (s + b for s, b in zip(normed(x @ w["kernel"], w["gamma_x"], 2), split(w["bias"], 2)))
    h = (1 - sigma(z)) * h + sigma(z) * n
    return h, [h]


NORMED = {
    kg.LSTMCell: normed_lstm,
    kg.GRUCell: normed_gru,
    kg.MinGRUCell: normed_min_gru,
}
AROUND = {
    kg.Dilated: dilated,
    kg.Attention: attention,
    kg.LayerNormGates: layer_norm_gates,
}
