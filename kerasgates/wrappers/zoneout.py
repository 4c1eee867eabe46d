"""Zoneout: entries of the states that are kept as they were, drawn at each step."""

import keras
from keras import ops

from kerasgates.core import arguments
from kerasgates.core.wrapper import CellWrapper


@keras.saving.register_keras_serializable(package="kerasgates")
class Zoneout(CellWrapper):
    """Zoneout: in training each entry of a state keeps its old value with some probability.

        h' = d_h ⊙ h + (1 − d_h) ⊙ h̃

    h̃ is what the cell gives, and d_h is drawn for each row, step and entry: 1 with probability
    `rate`, else 0. Outside training d_h is its expectation, the number `rate` itself. So it is for
    each state, with a d of its own. What is computed within the step, as the h of an LSTM from its
    c, is computed from what the cell gives. Where the output is no state, it stays as it is.

    All numbers are drawn before the first step, so that the loop is compiled as that of the cell
    alone. Exports have the expectation.

    Source: Krueger et al., 2017, Zoneout: regularizing RNNs by randomly preserving hidden
    activations, https://arxiv.org/abs/1606.01305

    Args:
        cell: a cell with `gates`, or a wrapper of one.
        rate: probability in [0, 1) that an entry is kept, or a dict of them by state, such as
            `{"c": 0.5, "h": 0.05}`; states that it does not name are never kept.
        seed: integer that makes what is drawn reproducible.

    Raises:
        ValueError: if `cell` is anything else, or another argument has an impossible value.
    """

    def __init__(self, cell, rate=0.1, *, seed=None, **kwargs):
        super().__init__(cell, **kwargs)
        rates = rate if isinstance(rate, dict) else dict.fromkeys(cell.states, rate)
        if not rates or not {*rates} <= {*cell.states}:
            raise ValueError(
                "Argument `rate` of Zoneout must be a number, or a dict whose keys are some of the "
                f"states {cell.states}. Received: rate={rate!r}"
            )
        by_state = isinstance(rate, dict)
        rates = {
            n: _probability(v, f"rate[{n!r}]" if by_state else "rate") for n, v in rates.items()
        }
        self.rate = rates if by_state else rates[cell.states[0]]
        self.seed = None if seed is None else arguments.integer("seed", seed, "Zoneout")
        #: By state: the name of its block, and its rate.
        self.kept = {
            name: (self.free_name(f"d_{name}"), rates[name])
            for name in cell.states
            if rates.get(name)
        }
        if self.kept:
            self.seed_generator = keras.random.SeedGenerator(self.seed)

    def _entries(self):
        sizes = dict(zip(self.cell.states, self.cell.state_sizes))
        return {name: sizes[name] for name in self.kept}

    @property
    def own_blocks(self):
        return {self.kept[name][0]: entries for name, entries in self._entries().items()}

    @property
    def own_noise(self):
        return sum(self._entries().values())

    @property
    def expected(self):
        return {**self.cell.expected, **dict(self.kept.values())}

    def draw_own(self, shape):
        parts = []
        for name, entries in self._entries().items():
            ones = ops.ones((*shape, entries), self.variable_dtype)
            left = keras.random.dropout(ones, self.kept[name][1], seed=self.seed_generator)
            parts.append(ops.cast(left == 0, self.variable_dtype))
        return ops.concatenate(parts, axis=-1)

    def project_own(self, x, noise):
        if noise is not None:
            return [noise]
        rows = ops.shape(x)[:-1]
        rates = dict(self.kept.values())
        return [ops.full((*rows, n), rates[b], x.dtype) for b, n in self.own_blocks.items()]

    def step(self, Wx, U, *states):
        new, values, _ = self.inner_step(Wx, U, states)
        for number, (name, old) in enumerate(zip(self.cell.states, states)):
            if name in self.kept:
                d = getattr(Wx, self.kept[name][0])
                new[number] = d * old + (1 - d) * new[number]
        return tuple(new), values


def _probability(value, argument):
    return arguments.number(argument, value, "Zoneout", lambda r: 0 <= r < 1, "in [0, 1)")
