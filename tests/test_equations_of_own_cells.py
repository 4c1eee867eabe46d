"""Equations and pictures of cells that a user writes: weights, methods and arrays of any kind."""

import keras
import numpy as np
import pytest
from keras import ops

import kerasgates as kg
from kerasgates.cli import catalogue
from tests.cells_of_blocks import MUT1TestCell, ScalarGateTestCell


def own_cell(shapes=None, **members):
    """A class with a state h and weights of a role of its own, by functions of `units`."""

    def build(self, input_shape):
        kg.AbstractRNNCell.build(self, input_shape)
        for name, shape in (shapes or {}).items():
            setattr(self, name, self.add_role_weight(name, shape(self.units), "extra"))

    members = {"states": ("h",), "roles": {"extra": "glorot_uniform"}, "build": build, **members}
    return type("OwnCell", (kg.AbstractRNNCell,), members)


def test_halves_of_a_matrix_are_no_blocks_of_other_gates():
    """A matrix of two blocks in a cell of three gates."""

    def step(self, Wx, U, h):
        t, e, n = Wx
        a, b = ops.split(h @ self.matrix(self.v), 2, axis=-1)
        t, e = self.recurrent_activation(t + a), self.recurrent_activation(e + b)
        return (t * h + e * self.activation(n),), {"t": t, "e": e}

    cell = own_cell(
        {"v": lambda units: (units, 2 * units)},
        gates=("t", "e", "n"),
        recurrent_gates=(),
        step=step,
    )
    assert kg.equations(cell).splitlines()[:2] == [
        "t  = σ(W_t x + V_1 h + b_t)",
        "e  = σ(W_e x + V_2 h + b_e)",
    ]
    assert kg.equations(cell(32)) == kg.equations(cell)


def test_unequal_splits_have_the_columns_that_they_have():
    def step(self, Wx, U, h):
        a, b = ops.split(Wx.n + h @ U.n, [1], axis=-1)
        return (a * ops.concatenate([a, ops.tanh(b)], axis=-1),), {}

    cell = own_cell(gates=("n",), step=step)
    assert kg.equations(cell).splitlines()[-1] == "h' = a [a, tanh((W x + U h + b)_2…4)]"
    assert kg.equations(cell(8)).splitlines()[-1] == "h' = a [a, tanh((W x + U h + b)_2…8)]"


def test_two_values_of_one_gate_have_two_names():
    def step(self, Wx, U, h):
        k, n = Wx + h @ U
        q = k * ops.exp(k)
        return (q * h + n * q,), {}

    cell = own_cell(gates=("k", "n"), step=step)
    assert kg.equations(cell).splitlines() == [
        "a_k  = W_k x + U_k h + b_k",
        "a2_k = a_k ⊙ exp(a_k)",
        "h'   = a2_k ⊙ h + (W_n x + U_n h + b_n) ⊙ a2_k",
    ]
    assert "a_{2,k,t} &= a_{k,t} " in kg.equations(cell, format="latex")


def test_a_matrix_of_each_row_stands_before_what_it_multiplies():
    def step(self, Wx, U, h, S):
        k, v = Wx + h @ U
        M = ops.reshape(S, (-1, self.units, self.units))
        read = ops.matmul(M, k[..., None])[..., 0]
        return (self.activation(read), S), {"k": k, "v": v}

    members = {"states": ("h", "S"), "state_size": property(lambda s: [s.units, s.units**2])}
    text = kg.equations(own_cell(gates=("k", "v"), step=step, **members))
    assert "h' = φ(S k)" in text.splitlines()


def test_columns_of_what_was_reshaped_are_not_those_of_the_whole():
    def step(self, Wx, U, h):
        heads = ops.reshape(Wx.n, (-1, 2, self.units // 2))
        first, second = ops.split(heads, 2, axis=-1)
        return (ops.reshape(ops.concatenate([second, first], axis=-1), (-1, self.units)),), {}

    text = kg.equations(own_cell(gates=("n",), recurrent_gates=(), step=step))
    assert text.splitlines()[-1] == "h'  = [reshape(a_n)[2/2], reshape(a_n)[1/2]]"


def test_scalar_weights_have_letters_everywhere():
    pytest.importorskip("matplotlib")

    def step(self, Wx, U, h):
        n = self.activation(Wx.n + h @ U.n)
        return (ops.sigmoid(self.alpha) * n + ops.sigmoid(self.beta) * h,), {"n": n}

    cell = own_cell(
        {"alpha": lambda units: (), "beta": lambda units: ()},
        gates=("n",),
        letters={"alpha": "α", "beta": "β"},
        step=step,
    )
    assert kg.equations(cell).splitlines()[-1] == "h' = σ(α) n + σ(β) h"
    kg.plot.cell(cell)


def test_calls_of_one_method_are_told_apart():
    def norm(self, a, which, scale=2.0):
        return scale * a * getattr(self, f"gamma_{which}")

    def step(self, Wx, U, h):
        i, o = Wx + h @ U
        i, o = self.norm(i, "i"), self.norm(o, "o", 3.0)
        return (i * h + o,), {"i": i, "o": o}

    gammas = {f"gamma_{gate}": lambda units: (units,) for gate in "io"}
    cell = own_cell(gammas, gates=("i", "o"), norm=norm, letters={"norm": "LN"}, step=step)
    assert kg.equations(cell).splitlines()[:2] == [
        "i  = LN_i(W_i x + U_i h + b_i)",
        "o  = LN_o(W_o x + U_o h + b_o; 3)",
    ]
    assert r"\operatorname{LN}_{\mathrm{i}}\left(" in kg.equations(cell, format="latex")


def test_arrays_of_numbers_have_letters():
    def step(self, Wx, U, h):
        A = self.v - ops.transpose(self.v) - 0.5 * ops.eye(self.units)
        n = self.activation(Wx.n + h @ A)
        odd, ramp = np.arange(self.units) % 2.0, np.arange(1.0, self.units + 1)
        h = n[..., None][..., 0] * h * odd + n * ramp + odd
        return (h * np.full(self.units, 2.0),), {"n": n}

    cell = own_cell(
        {"v": lambda units: (units, units)}, gates=("n",), recurrent_gates=(), step=step
    )
    cell.letters = {**cell.letters, "v": "V"}
    assert kg.equations(cell).splitlines() == [
        "n  = φ(W x + (V − Vᵀ − 0.5 I) h + b)",
        "h' = 2 (n ⊙ h ⊙ C + n ⊙ C2 + C)",
    ]
    assert r"{V}^{\top}" in kg.equations(cell, format="latex")


def test_what_has_a_cell_inside_has_not_its_equations():
    class Wrapper(keras.layers.Layer):
        """Adds the input to the output."""

        def __init__(self, cell):
            super().__init__()
            self.cell, self.state_size = cell, cell.state_size

        def call(self, inputs, states, training=False):
            output, states = self.cell(inputs, states)
            return output + inputs, states

    wrapper = Wrapper(kg.LSTMCell(3))
    for tool in (kg.equations, kg.plot.cell):
        for given in (wrapper, kg.RNN(wrapper)):
            with pytest.raises(ValueError, match="must be a kerasgates cell"):
                tool(given)
    assert kg.equations(kg.RNN(kg.LSTMCell(3))) == kg.equations(kg.LSTM)


def test_equations_of_cells_that_need_sizes_of_their_own():
    """Features that are units, and units in groups by an argument."""

    def step(self, Wx, U, h):
        groups = ops.reshape(h, (-1, self.groups, self.units // self.groups))
        groups = groups * ops.ones((self.groups, 1))
        return (self.activation(Wx.n) + ops.reshape(groups, (-1, self.units)),), {}

    def init(self, *args, groups=3, **kwargs):
        kg.AbstractRNNCell.__init__(self, *args, **kwargs)
        self.groups = groups

    cell = own_cell(gates=("n",), recurrent_gates=(), step=step, __init__=init)
    assert kg.equations(cell(21, groups=7)) == "h' = φ(W x + b) + 1 h"
    assert "φ(x)" in kg.equations(MUT1TestCell)
    assert kg.equations(cell) == "h' = φ(W x + b) + 1 h"


def test_shapes_of_weights_are_told_in_letters():
    kernel, recurrent, bias, read = catalogue.weights(ScalarGateTestCell)
    assert kernel == "kernel            (features, units + heads + 1)"
    assert recurrent == "recurrent_kernel  (units, units + heads + 1)"
    assert bias == "bias              (units + heads + 1,)"
    assert read.split("(")[1] == "heads, units)"


def last_line(step, format="text", **members):
    """The last equation of a cell with gates a and b."""
    cell = own_cell(gates=("a", "b"), recurrent_gates=(), step=step, **members)
    return kg.equations(cell(4), format).removesuffix("\n\\end{aligned}").splitlines()[-1]


def test_entries_in_other_places_are_no_matrix_transposed():
    def step(self, Wx, U, h):
        grid = ops.transpose(ops.reshape(Wx.a, (-1, 2, 2)), (0, 2, 1))
        return (ops.reshape(0.5 * grid, (-1, 4)) * h,), {}

    def of_a_state(self, Wx, U, h, S):
        turned = ops.swapaxes(ops.reshape(S, (-1, 4, 4)), 1, 2)
        return (Wx.a, ops.reshape(turned, (-1, 16))), {}

    assert last_line(step) == "h' = 0.5 permute(W_a x + b_a) ⊙ h"
    members = {"states": ("h", "S"), "state_size": property(lambda s: [s.units, s.units**2])}
    assert last_line(of_a_state, **members) == "S' = permute(S)"


@pytest.mark.parametrize("key", ["[:, ::2]", "[..., ::2]", "[:, 1:3]", "[:, 2:]", "[..., :2]"])
def test_columns_are_written_as_in_the_code_or_as_a_block(key):
    def step(self, Wx, U, h):
        both = eval(f"both{key}", {"both": ops.concatenate([Wx.a, h], -1)})
        return (ops.concatenate([both] * (4 // both.shape[-1] or 1), -1)[:, :4],), {}

    for format in ("text", "latex"):
        line = last_line(step, format)
        assert "slice" not in line
        assert "None" not in line
        assert ("::2" in key) == (key in line)


def test_rows_of_what_is_no_weight_are_no_letters():
    def step(self, Wx, U, h):
        return (ops.stack([Wx.a, h])[0] * h,), {}

    assert last_line(step) == "h' = stack(W_a x + b_a, h)[0] ⊙ h"


def test_parts_along_another_axis_are_no_columns():
    def step(self, Wx, U, h):
        first, second = ops.split(ops.stack([Wx.a, Wx.b], axis=1), 2, axis=1)
        return (first[:, 0] * second[:, 0] * h,), {}

    line = last_line(step)
    assert "split_1(" in line.replace("split_1(a", "split_1(")
    assert "split_2(" in line


def test_outputs_of_one_operation_are_told_apart():
    def step(self, Wx, U, h):
        values, places = ops.top_k(Wx.a, 4)
        return (values * ops.cast(places, "float32") * h,), {}

    assert "topk_1(W_a x + b_a; 4) ⊙ topk_2(" in last_line(step).replace("a_a", "W_a x + b_a")


class MixedCell(kg.AbstractRNNCell):
    """Has layers inside, and a filter of its own."""

    gates, states = ("a", "b"), ("h",)
    recurrent_gates = ()
    roles = {"decay": "ones", "filter": "ones"}
    letters = {"decay": "λ"}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.mix = keras.layers.Dense(self.units)
        self.norm = keras.layers.LayerNormalization()
        self.blend = [keras.layers.Dense(self.units) for _ in range(2)]
        self.drop = keras.layers.Dropout(0.1)

    def build(self, input_shape):
        super().build(input_shape)
        self.decay = self.add_role_weight("decay", (self.units,), "decay")
        self.filter = self.add_role_weight("filter", (3, 1, 1), "filter")
        for layer in (self.mix, self.norm, *self.blend):
            layer.build((None, self.units))

    def step(self, Wx, U, h):
        h = self.decay * self.mix(h) + self.norm(Wx.a) + self.blend[1](h) + h @ self.mix.kernel
        return (ops.conv(h[..., None], self.filter, padding="same")[..., 0] + self.drop(Wx.b),), {}


def test_layers_have_the_names_of_their_attributes():
    text, latex = (kg.equations(MixedCell(4), format) for format in ("text", "latex"))
    for part in ("λ ⊙ mix(h)", "norm(W_a x + b_a)", "blend_2(h)", "mix_kernel h", "drop(W_b x"):
        assert part in text
    assert "0.001" not in text
    assert "4" not in text
    assert r"\lambda \odot \operatorname{mix}\left(h_{t-1}\right)" in latex
    assert r"\mathrm{mix}_{kernel} h_{t-1}" in latex
    # Dropout keeps a seed, which changes from call to call.
    assert not kg.linearity(MixedCell(4))


def test_greek_letters_are_commands_of_latex():
    def step(self, Wx, U, h):
        λ = ops.sigmoid(Wx.λ)
        return (λ * h + self.v * Wx.b,), {"λ": λ}

    shapes = {"v": lambda units: (units,)}
    cell = own_cell(shapes, gates=("λ", "b"), recurrent_gates=(), step=step, letters={"v": "Γ_ω"})
    latex = kg.equations(cell, "latex")
    assert r"\lambda_{t} &= \sigma\left(W_{\lambda} x_t + b_{\lambda}\right)" in latex
    assert r"\Gamma_{\omega} \odot" in latex
    assert "λ" not in latex
