"""The liquid network: leaky neurons whose synapses open by the neurons before them."""

import keras
from keras import ops

from kerasgates.core.arguments import positive_int
from kerasgates.core.cell import AbstractRNNCell, register
from kerasgates.core.set_aside import SetAside

#: Weights of neurons, and between what they start.
NEURONS = {"gleak": (0.001, 1.0), "vleak": (-0.2, 0.2), "cm": (0.4, 0.6)}
#: The same for weights of synapses.
SYNAPSES = {"w": (0.001, 1.0), "sigma": (3.0, 8.0), "mu": (0.3, 0.8)}


def signs(shape, dtype=None):
    """Numbers 1 and −1, both as likely."""
    return ops.cast(2 * ops.floor(2 * keras.random.uniform(shape)) - 1, dtype)


@register
class LTCCell(SetAside, AbstractRNNCell):
    """Liquid time-constant network (LTC): leaky neurons, as fast as their synapses are open.

        a  = abs(w_x) ⊙ σ(κ_x ⊙ (s ⊙ x + b − μ_x))
        n  = sum(a ⊙ E_x)
        d  = sum(a)
        a2 = m abs(C)
        a3 = abs(g)
        a4 = abs(w) ⊙ σ(κ ⊙ (v − μ))
        v' = (a2 ⊙ v + Δt (a3 ⊙ E_g + sum(a4 ⊙ E) + n)) / (a2 + Δt (a3 + sum(a4) + d))

    and so m times, `unfolds`: v' of one round is v of the next. As many half-implicit steps of
    Euler's method make one step of the sequence; v1 and so on, in a trace, are those between.
    A synapse is a row and a column of w, κ, μ and E: from each neuron, or each x, to each neuron;
    sums are over what synapses come from. Δt is the time since the step before: the number
    `elapsed`, or with `elapsed=None` the last feature of the input, which is none of x. Weights, by
    the names of the authors: `gleak` g, `vleak` E_g and `cm` C, each `(units,)`; `w`, `sigma` κ,
    `mu` μ and `erev` E, each `(units, units)`; the same of the input, `sensory_w` and so on, each
    `(features, units)`; `input_w` s and `input_b` b, each `(features,)`.

    Deviations: the authors set weights to 0 that become negative where they must not be; for all
    others abs is the same. The paper's own code has no Δt, as here with `elapsed` equal to
    `unfolds`. A later library of theirs scales and shifts the output, as a layer behind this can.

    Source: Hasani, Lechner, Amini, Rus & Grosu, 2021, Liquid time-constant networks,
    https://arxiv.org/abs/2006.04439
    """

    gates = ("n", "d")
    inputs = ("n", "d", "t")
    widths = {"t": 1}
    recurrent_gates = biased_gates = ()
    states = ("v",)
    without = ("activation", "use_bias", "kernel_initializer", "recurrent_initializer")
    without += ("kernel_regularizer", "recurrent_regularizer", "bias_initializer")
    without += ("bias_regularizer", "kernel_constraint", "recurrent_constraint", "bias_constraint")
    letters = {
        "gleak": "g",
        "vleak": "E_g",
        "cm": "C",
        "w": "w",
        "sigma": "κ",
        "mu": "μ",
        "erev": "E",
        "sensory_w": "w_x",
        "sensory_sigma": "κ_x",
        "sensory_mu": "μ_x",
        "sensory_erev": "E_x",
        "input_w": "s",
        "input_b": "b",
        "elapsed": "Δt",
        "unfolds": "m",
    }
    repeats = "unfolds"
    descriptions = {
        "unfolds": "positive integer, steps of the solver from one step of the sequence to the "
        "next.",
        "elapsed": "number above 0, the time from one step to the next, or None where it is the "
        "last feature of the input.",
    }

    def __init__(self, *args, unfolds=6, elapsed=1.0, **kwargs):
        super().__init__(*args, **kwargs)
        self.unfolds = positive_int("unfolds", unfolds, "LTCCell")
        self.set_elapsed(elapsed)

    def kernel_shape(self, features):
        return None

    def build(self, input_shape):
        super().build(input_shape)
        values, units = self.features - self.aside_features, self.units
        for name, ends in NEURONS.items():
            self._add(name, (units,), keras.initializers.RandomUniform(*ends))
        for prefix, rows in (("", units), ("sensory_", values)):
            for name, ends in SYNAPSES.items():
                start = keras.initializers.RandomUniform(*ends)
                self._add(prefix + name, (rows, units), start)
            self._add(f"{prefix}erev", (rows, units), signs)
        self._add("input_w", (values,), "ones")
        self._add("input_b", (values,), "zeros")

    def _add(self, name, shape, start):
        """Add a weight of this name."""
        weight = self.add_weight(
            name=name,
            shape=shape,
            initializer=start,
            autocast=False,
        )
        setattr(self, name, weight)

    def project(self, inputs):
        self.check_features(inputs)
        inputs = ops.cast(inputs, self.variable_dtype)
        values = self.features - self.aside_features
        x = self.input_w * inputs[..., :values] + self.input_b
        a = self.sensory_sigma * (ops.expand_dims(x, -1) - self.sensory_mu)
        y = ops.abs(self.sensory_w) * self.recurrent_activation(a)
        sums = [ops.sum(y * self.sensory_erev, axis=-2), ops.sum(y, axis=-2)]
        return ops.concatenate([*sums, inputs[..., values:]] if self.aside else sums, axis=-1)

    def step(self, Wx, U, v):
        n, d = Wx.n, Wx.d
        w, g = ops.abs(self.w), ops.abs(self.gleak)
        c = self.unfolds * ops.abs(self.cm)
        # Nothing is divided by a time: where a mask leaves a step out, it is 0.
        t = Wx.t if self.elapsed is None else self.elapsed
        values = {"n": n, "d": d}
        for number_of_step in range(1, self.unfolds + 1):
            a = self.sigma * (ops.expand_dims(v, -1) - self.mu)
            y = w * self.recurrent_activation(a)
            pull = g * self.vleak + ops.sum(y * self.erev, axis=-2) + n
            opened = g + ops.sum(y, axis=-2) + d
            v = values[f"v{number_of_step}"] = (c * v + t * pull) / (c + t * opened)
        values.pop(f"v{self.unfolds}")
        return (v,), values
