"""Odd cells, as users may write them: each does something that no cell of the package does."""

import keras
import tensorflow as tf
from keras import ops

import kerasgates as kg
from kerasgates.core.blocks import Kernel
from tests.cases import BATCH

# ------------------------------ what the compiled loops cannot compile, and leave to the plain one


class OneGateCell(kg.AbstractRNNCell):
    """What the cells below have in common."""

    gates = ("n",)
    states = ("h",)

    def step(self, Wx, U, h):
        return (self.activation(Wx.n + h @ U.n),), {}


@kg.register
class CountingRowsCell(kg.AbstractRNNCell):
    """A cell whose step must know the batch size."""

    gates = ("n",)
    states = ("h",)

    def step(self, Wx, U, h):
        shift = ops.ones((h.shape[0], self.units), dtype=h.dtype) / 2
        return (self.activation(Wx.n + h @ U.n + shift),), {}


@kg.register
class NoisyCell(kg.AbstractRNNCell):
    """A cell that draws numbers in its step: it must run as it is written."""

    gates = ("n",)
    states = ("h",)

    def step(self, Wx, U, h):
        n = Wx.n + h @ U.n
        return (n + tf.random.normal(tf.shape(n)),), {}


@kg.register
class TwoOutputsCell(kg.AbstractRNNCell):
    """A cell whose output is no state."""

    gates = ("n",)
    states = ("h",)
    output_name = "y"

    def step(self, Wx, U, h):
        h = self.activation(Wx.n + h @ U.n)
        return (h,), {"y": 2 * h}


@kg.register
class DropoutWithinCell(OneGateCell):
    """Has a layer inside that draws numbers in training."""

    def build(self, input_shape):
        super().build(input_shape)
        self.drop = keras.layers.Dropout(0.5, seed=1)

    def step(self, Wx, U, h):
        return (self.activation(self.drop(Wx.n) + h @ U.n),), {}


@kg.register
class SeededCell(OneGateCell):
    """Draws numbers by a generator of its own."""

    def build(self, input_shape):
        super().build(input_shape)
        self.seeds = keras.random.SeedGenerator(3)

    def step(self, Wx, U, h):
        noise = keras.random.normal((BATCH, self.units), seed=self.seeds)
        return (self.activation(Wx.n + h @ U.n) + noise,), {}


@kg.register
class CountingCell(OneGateCell):
    """Counts steps in a weight."""

    def build(self, input_shape):
        super().build(input_shape)
        self.seen = self.add_weight(name="seen", initializer="zeros", trainable=False)

    def step(self, Wx, U, h):
        self.seen.assign(self.seen + 1.0)
        return super().step(Wx, U, h)


@kg.register
class RememberingCell(OneGateCell):
    """Sets an attribute in its step."""

    def step(self, Wx, U, h):
        self.last = object()
        return super().step(Wx, U, h)


@kg.register
class ScaledCell(OneGateCell):
    """Changes what `step` is given for the recurrent weights."""

    def recurrent(self, training=False):
        return Kernel(0.1 * self.recurrent_kernel, self.gates, self.recurrent_mask(training))


# ------------------------------ unusual steps that they do compile


@kg.register
class PlainProductCell(OneGateCell):
    """Multiplies by the recurrent weights in its own way."""

    def step(self, Wx, U, h):
        return (self.activation(Wx.n + ops.matmul(h, U.tensor)),), {}


@kg.register
class MaxoutCell(OneGateCell):
    """Its inputs are wider than its gates."""

    def kernel_shape(self, features):
        return (features, 2 * self.units)

    def bias_shape(self):
        return (2 * self.units,)

    def step(self, Wx, U, h):
        a, b = ops.split(Wx.n, 2, axis=-1)
        return (self.activation(ops.maximum(a, b) + h @ U.n),), {}


@kg.register
class GateByGateCell(OneGateCell):
    """Adds its only product to its inputs gate by gate."""

    gates = ("z", "n")

    def step(self, Wx, U, h):
        (Wx_z, Wx_n), (Uh_z, Uh_n) = Wx, h @ U
        z = self.recurrent_activation(Wx_z + Uh_z)
        return (z * h + (1 - z) * self.activation(Wx_n + Uh_n),), {}


@kg.register
class NamesOfOursCell(OneGateCell):
    """Its gates have names that the recurrent weights might need for themselves."""

    gates = ("first", "product", "states", "known", "sums")

    def step(self, Wx, U, h):
        first, product, states, known, sums = (
            getattr(Wx, name) + h @ getattr(U, name) for name in self.gates
        )
        return (self.activation(first * product + states * known + sums),), {}


@kg.register
class LooksTwiceCell(OneGateCell):
    """Uses an input and a product of states once more, where there is no gradient."""

    gates = ("z", "n")

    def step(self, Wx, U, h):
        Uh = h @ U
        z, n = Wx + Uh
        new = self.recurrent_activation(z) * self.activation(n)
        new = ops.where(Wx.z > 0, new, h)
        return (ops.where(Uh.n > 0, new, 0.5 * h),), {}


@kg.register
class PrivateCell(OneGateCell):
    """Reads attributes of its own, one of them in a dict."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._slope, self.options = 1.0, {"shift": 0.0}

    def step(self, Wx, U, h):
        n = self._slope * (Wx.n + h @ U.n) + self.options["shift"]
        return (self.activation(n),), {}


@kg.register
class SlopedCell(kg.AbstractRNNCell):
    """Reads an attribute of its class, and divides by the norm of its input."""

    gates = ("n",)
    states = ("h",)
    slope = 1.0

    def project(self, inputs):
        inputs = inputs / ops.sqrt(ops.sum(inputs**2, axis=-1, keepdims=True))
        return super().project(inputs)

    def step(self, Wx, U, h):
        return (self.activation(self.slope * (Wx.n + h @ U.n)),), {}


# ------------------------------ states, outputs, gates and weights of their own


@kg.register
class OwnGatedCell(kg.AbstractRNNCell):
    """A cell of equations, with a memory besides the state that is the output."""

    gates = ("z", "n")
    states = ("h", "m")

    def step(self, Wx, U, h, m):
        z, n = Wx + h @ U
        z = self.recurrent_activation(z)
        m = 0.5 * m + z * n
        h = z * h + (1 - z) * self.activation(m)
        return (h, m), {"z": z, "n": n}


@kg.register
class OwnOutputCell(kg.AbstractRNNCell):
    """A cell whose output is none of its states."""

    gates = ("z", "n")
    states = ("h",)
    output_name = "y"

    def step(self, Wx, U, h):
        z, n = Wx + h @ U
        z = self.recurrent_activation(z)
        h = z * h + (1 - z) * self.activation(n)
        return (h,), {"z": z, "y": h * h - z}


class HiddenMemoryCell(kg.AbstractRNNCell):
    """Shows its second, wider state; U works on a narrow first one; input weights are its own."""

    gates = ("n",)
    states = ("s", "y")
    output_name = "y"
    roles = {"wide": "glorot_uniform"}

    @property
    def state_size(self):
        return [2, self.units]

    def kernel_shape(self, features):
        return None

    def recurrent_kernel_shape(self):
        return (2, self.units)

    def build(self, input_shape):
        super().build(input_shape)
        self.narrow = self.add_role_weight("narrow", (self.features, 2), "wide")
        self.wide = self.add_role_weight("wide", (self.features, self.units), "wide")

    def project(self, inputs):
        return self.add_bias(inputs @ self.matrix(self.wide))

    def step(self, Wx, U, s, y):
        y = self.activation(Wx.n + s @ U.n)
        return (0.5 * s + y[:, :2], y), {"n": y}


@kg.register
class OddGatesCell(kg.AbstractRNNCell):
    """Gates that are numbers, or the same for all units."""

    gates = ("z", "n")
    states = ("h",)

    def step(self, Wx, U, h):
        z = self.recurrent_activation(ops.mean(Wx.z, axis=-1, keepdims=True))
        n = self.activation(Wx.n + h @ U.n)
        return (z * h + (1 - z) * n,), {"z": z, "r": 1.0, "n": n, "bias": ops.ones((self.units,))}


@kg.register
class EverySecondCell(kg.AbstractRNNCell):
    """Its step has a loop that begins with numbers, of which Keras notes nothing."""

    gates = ("a",)
    states = ("h",)

    def step(self, Wx, U, h):
        a = self.activation((Wx + h @ U).a)
        pairs = ops.repeat(a[..., ::2], 2, axis=-1)
        return (ops.fori_loop(0, 1, lambda i, v: v + pairs, ops.zeros(ops.shape(a))),), {"a": a}


# ------------------------------ what is hard to draw


@kg.register
class WideCell(kg.AbstractRNNCell):
    """Two memories, one handed on, one read by both; three values in one function."""

    gates = ("a", "b", "d")
    states = ("h", "m", "k")

    def step(self, Wx, U, h, m, k):
        a, b, d = Wx + h @ U
        a = self.recurrent_activation(a)
        b = ops.maximum(b, m)
        d = self.activation(d * 2.0 - k)
        new_m = a * m + (1.0 - a) * d
        new_k = ops.abs(k) + m / (1.0 + a)
        h = ops.where(b > 0, new_m, new_k**2.0) - k
        return (h, new_m, m), {"a": a, "b": b, "d": d}


@kg.register
class CrossedCell(kg.AbstractRNNCell):
    """Each state is read after the other has changed, and both from the same side."""

    gates = ("a", "b")
    states = ("h", "m")

    def step(self, Wx, U, h, m):
        a, b = Wx + h @ U
        a = self.recurrent_activation(a + h * m)
        new_h = h * m + a * (h + b)
        new_m = m - new_h * h
        return (new_h, new_m), {"a": a, "b": self.activation(b * new_m)}


@kg.register
class ForgetfulCell(kg.AbstractRNNCell):
    """A state that nobody reads, and one value in two states."""

    gates = ("a",)
    states = ("h", "m")

    def step(self, Wx, U, h, m):
        (a,) = Wx + h @ U
        a = self.recurrent_activation(a)
        return (2 * a, 3 * a), {"a": a}


@kg.register
class DeepCell(kg.AbstractRNNCell):
    """Every value is read three times, forty times over: 3^40 ways lead through it."""

    gates = ("a",)
    states = ("h",)

    def step(self, Wx, U, h):
        (a,) = Wx + h @ U
        value = h
        for _ in range(40):
            value = value * value + value
        return (a + value,), {"a": a}


@kg.register
class StretchedCell(kg.AbstractRNNCell):
    """Weights of each entry in every place that they can have."""

    gates = ("a",)
    states = ("h", "m")
    roles = {"scale": "ones"}

    def build(self, input_shape):
        super().build(input_shape)
        self.scale_in = self.add_role_weight("scale_in", (self.units,), "scale")

    def norm(self, value, scale):
        return scale * value / ops.max(ops.abs(value), axis=-1, keepdims=True)

    def step(self, Wx, U, h, m):
        a = self.activation((Wx + h @ U).a)
        s = self.scale_in
        m = (self.norm(m, s) - s) + (s - m) + m / s + s / (1.0 + m) + s * ops.tanh(m) + (1.0 - m)
        return (a, m), {"a": a}
