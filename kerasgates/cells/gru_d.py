"""The GRU for values that are missing at times, which forgets by the time since they were seen."""

from keras import ops

from kerasgates.core import operations
from kerasgates.core.cell import AbstractRNNCell, register
from kerasgates.core.set_aside import SetAside


@register
class GRUDCell(SetAside, AbstractRNNCell):
    """GRU with trainable decays (GRU-D): a missing value fades from the last one to the mean.

        e  = d + t
        y  = exp(−relu(w ⊙ e + b_w))
        s  = exp(−relu(D e + b_D))
        v  = where(m > 0.5; x, y ⊙ p + (1 − y) ⊙ x_0)
        a  = s ⊙ h
        z  = σ(W_z v + V_z m + U_z a + b_z)
        r  = σ(W_r v + V_r m + U_r a + b_r)
        n  = φ(W_n v + V_n m + U_n (r ⊙ a) + b_n)
        h' = (1 − z) ⊙ a + z ⊙ n
        p' = where(m > 0.5; x, p)
        d' = where(m > 0.5; 0, e)

    The input has an odd number of features: the values x, which may be anything where they are
    missing, but no NaN under dropout; as many numbers m, 1 for a value that is there and 0 for one
    that is not; and the time t since the step before. The states p and d hold, for each value, the
    last that was there and the time since, before this step. y and s are the paper's γ_x and γ_h.
    z near 1 takes the candidate in place of the old state.

    Further weights: `masking_kernel` V `(values, 3 · units)`, `input_decay_kernel` w and
    `input_decay_bias` b_w, each `(values,)`, `hidden_decay_kernel` D `(values, units)`,
    `hidden_decay_bias` b_D `(units,)`, and `mean` x_0 `(values,)`, which is not trained: 0, unless
    the mean of the data is assigned to it.

    Deviations: the authors' code reads times of a clock in place of differences, has 1 − m in place
    of m and 1 − z in place of z, and keeps of h itself, not of a, the h that has faded. It starts w
    and D from 0, where the relu of TensorFlow, JAX and PyTorch has the derivative 0 and nothing
    would be learned; this cell draws them between 0 and 0.1, for times of about 1.

    Source: Che, Purushotham, Cho, Sontag & Liu, 2018, Recurrent neural networks for multivariate
    time series with missing values, https://arxiv.org/abs/1606.01865
    """

    gates = ("z", "r", "n")
    inputs = ("z", "r", "n", "v", "m", "t")
    widths = {"v": "values", "m": "values", "t": 1}
    aside = ("m", "t")
    states = ("h", "p", "d")
    replacing_gates = ("z",)
    roles = {
        "decay": {"class_name": "RandomUniform", "config": {"minval": 0.0, "maxval": 0.1}},
        "masking": "glorot_uniform",
    }
    letters = {
        "masking_kernel": "V",
        "input_decay_kernel": "w",
        "input_decay_bias": "b_w",
        "hidden_decay_kernel": "D",
        "hidden_decay_bias": "b_D",
        "mean": "x_0",
    }
    descriptions = {"decay": "weights of the decays", "masking": "weights V of the mask"}
    #: Number of values of a step, after building.
    values = None

    @property
    def state_size(self):
        return [self.units, self.values, self.values]

    @property
    def kernel_blocks(self):
        return self.gates

    def kernel_shape(self, features):
        # Applied in `step`, to the values as they are filled in there.
        return self.values, 3 * self.units

    def reads(self, features):
        return features % 2 == 1 and features > 1

    def build_weights(self, features):
        if not self.reads(features):
            raise ValueError(
                "GRUDCell reads an odd number of features, at least 3: values, as many numbers 0 "
                f"or 1 that say which are there, and a time. Received: {features} features"
            )
        self.values = features // 2
        super().build_weights(features)
        size = (self.values,)
        self.masking_kernel = self.add_role_weight(
            "masking_kernel", (*size, 3 * self.units), "masking"
        )
        self.input_decay_kernel = self.add_role_weight("input_decay_kernel", size, "decay")
        self.hidden_decay_kernel = self.add_role_weight(
            "hidden_decay_kernel", (*size, self.units), "decay"
        )
        sizes = (size, (self.units,)) if self.use_bias else (None, None)
        for name, size in zip(("input_decay_bias", "hidden_decay_bias"), sizes):
            setattr(self, name, self.add_role_weight(name, size, "bias", "zeros"))
        self.mean = self.add_weight(
            name="mean",
            shape=(self.values,),
            initializer="zeros",
            trainable=False,
            autocast=False,
        )

    def project(self, inputs):
        self.check_features(inputs)
        inputs = ops.cast(inputs, self.compute_dtype)
        mask = inputs[..., self.values : 2 * self.values]
        product = operations.matmul(mask, ops.cast(self.masking_kernel, self.compute_dtype))
        return ops.concatenate([self.add_bias(product), inputs], axis=-1)

    def step(self, Wx, U, h, p, d):
        m = Wx.m
        e = Wx.t + d
        a_y, a_s = self.input_decay_kernel * e, e @ self.matrix(self.hidden_decay_kernel)
        if self.use_bias:
            a_y, a_s = a_y + self.input_decay_bias, a_s + self.hidden_decay_bias
        y = ops.exp(-ops.relu(a_y))
        s = ops.exp(-ops.relu(a_s))
        v = ops.where(m > 0.5, Wx.v, y * p + (1 - y) * self.mean)
        q = s * h
        w_z, w_r, w_n = ops.split(v @ self.matrix(self.kernel), 3, axis=-1)
        u_z, u_r = q @ U["z r"]
        z = self.recurrent_activation(w_z + Wx.z + u_z)
        r = self.recurrent_activation(w_r + Wx.r + u_r)
        n = self.activation(w_n + Wx.n + (r * q) @ U.n)
        h = (1 - z) * q + z * n
        p = ops.where(m > 0.5, Wx.v, p)
        d = ops.where(m > 0.5, 0, e)
        return (h, p, d), {"e": e, "y": y, "s": s, "v": v, "z": z, "r": r, "n": n}
