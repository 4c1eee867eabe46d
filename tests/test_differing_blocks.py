"""Gates that have not all the same weights, and blocks of widths of their own."""

import keras
import numpy as np
import pytest
from keras import ops

import kerasgates as kg
from kerasgates import loops
from kerasgates.interop.layout import decode, encode
from tests.cases import MASK, as_array, as_arrays, eagerly, identify, randomise
from tests.cells_of_blocks import (
    MGU2TestCell,
    MinimalRNNTestCell,
    MostlyUnlikeTestCell,
    MUT1TestCell,
    RANTestCell,
    ScalarGateTestCell,
    over_time,
)
from tests.tolerances import FLOAT32, FLOAT64, GRADIENTS, SAME, assert_close

UNITS = FEATURES = 4
PLAIN = {"gates": ("z", "n"), "states": ("h",), "step": lambda self, Wx, U, h: ((h,), {})}


def made(cell, rng, **arguments):
    layer = kg.layer_of(cell)(UNITS, return_sequences=True, **arguments)
    layer.build((None, None, FEATURES))
    randomise(layer, rng)
    return layer


def inputs(rng, time=7):
    return rng.normal(size=(len(MASK), time, FEATURES)).astype("float32")


SHAPES = {
    MinimalRNNTestCell: ((4, 4), (4, 4), (8,)),
    RANTestCell: ((4, 12), (4, 8), (8,)),
    MUT1TestCell: ((4, 8), (4, 8), (12,)),
    MGU2TestCell: ((4, 4), (4, 8), (4,)),
    ScalarGateTestCell: ((4, 7), (4, 7), (7,)),
    MostlyUnlikeTestCell: ((4, 8), (4, 9), (8,)),
}


@pytest.mark.parametrize(
    ("cell", "loop"),
    [(cell, loop) for cell in SHAPES for loop in ("keras", "compiled")]
    + [(MostlyUnlikeTestCell, "hoisted"), (MostlyUnlikeTestCell, "recomputed")],
    ids=identify,
)
def test_every_loop_is_the_equations(cell, loop, rng):
    layer, x = made(cell, rng, loop=loop, return_state=True), inputs(rng)
    shapes = [layer.cell.kernel.shape, layer.cell.recurrent_kernel.shape, layer.cell.bias.shape]
    assert tuple(map(tuple, shapes)) == SHAPES[cell]
    assert loops.compiles(layer.cell) == (keras.backend.backend() == "tensorflow")
    states = [rng.normal(size=(len(x), n)).astype("float32") for n in layer.cell.state_sizes]
    with eagerly(loop in ("compiled", "recomputed")):
        outputs, *last = layer(x, initial_state=states, mask=MASK)
    wanted, wanted_last = over_time(layer.cell, x, states, MASK)
    assert_close(as_array(outputs), wanted, FLOAT32)
    for value, one in zip(as_arrays(last), wanted_last, strict=True):
        assert_close(value, one, FLOAT32)


@pytest.mark.parametrize(
    "cell",
    [
        MostlyUnlikeTestCell,
        MinimalRNNTestCell,
        pytest.param(RANTestCell, marks=pytest.mark.slow),
        pytest.param(ScalarGateTestCell, marks=pytest.mark.slow),
    ],
    ids=identify,
)
def test_compiled_gradients_are_those_of_the_plain_loop(cell, rng):
    tf = pytest.importorskip("tensorflow")
    x, scale = inputs(rng).astype("float64"), rng.normal(size=(len(MASK), 7, UNITS))
    found = {}
    weights = made(cell, rng).get_weights()
    for loop in ("keras", "compiled"):
        layer = made(cell, rng, loop=loop, recurrent_dropout=0.4, seed=3, dtype="float64")
        # The state of the generator of the masks stays.
        for weight, value in zip(layer.trainable_weights, weights, strict=True):
            weight.assign(value)
        variables = [tf.Variable(x), *layer.trainable_weights]
        # Both passes; what XLA makes of them is tried below.
        with eagerly():
            with tf.GradientTape() as tape:
                loss = tf.reduce_sum(layer(variables[0], mask=MASK, training=True) * scale)
            found[loop] = as_arrays(tape.gradient(loss, variables))
    for value, wanted in zip(found["compiled"], found["keras"], strict=True):
        assert wanted.any()
        assert_close(value, wanted, GRADIENTS)


@pytest.mark.slow
def test_xla_compiles_unequal_blocks(rng):
    tf = pytest.importorskip("tensorflow")
    x, found, weights = inputs(rng).astype("float64"), {}, None
    for loop in ("keras", "compiled"):
        layer = made(MostlyUnlikeTestCell, rng, loop=loop, dtype="float64")
        weights = weights or layer.get_weights()
        layer.set_weights(weights)
        with tf.GradientTape() as tape:
            output = layer(x, mask=MASK, training=True)
            loss = tf.reduce_sum(output**2)
        found[loop] = as_arrays([output, *tape.gradient(loss, layer.trainable_weights)])
    assert_close(found["compiled"], found["keras"], GRADIENTS)
    wanted, _ = over_time(layer.cell, x, [np.zeros((len(x), UNITS))], MASK)
    assert_close(found["compiled"][0], wanted, FLOAT64)


@pytest.mark.parametrize("cell", SHAPES, ids=identify)
def test_the_equations_are_those_of_the_docstring(cell):
    written = [line.strip() for line in cell.own_text.splitlines() if " = " in line]
    assert kg.equations(cell).splitlines() == written
    assert kg.equations(cell(32)).splitlines() == written


def test_without_biases_their_blocks_are_zero_and_no_letter():
    text = kg.equations(MinimalRNNTestCell(3, use_bias=False)).splitlines()
    assert text[:2] == ["n  = φ(W_n x)", "z  = σ(U_z h + V n)"]
    cell = MinimalRNNTestCell(3, use_bias=False)
    cell.build((None, 2))
    assert cell.bias is None
    assert cell.project(np.ones((2, 2), "float32")).shape == (2, 6)


def test_raised_biases_are_those_of_the_gates_that_have_one():
    cell = RANTestCell(3, bias_initializer="ones", unit_forget_bias=True)
    cell.build((None, 2))
    assert as_array(cell.bias).tolist() == [1.0] * 6
    cell = ScalarGateTestCell(3)
    cell.build((None, 2))
    assert as_array(cell.bias).tolist() == [1.0, 0, 0, 0, 0, 0]
    cell = MUT1TestCell(2, initial_update_bias=2.0)
    cell.build((None, 2))
    assert as_array(cell.bias).tolist() == [2.0, 2.0, 0, 0, 0, 0]
    # A gate without a bias has none to raise.
    assert "unit_forget_bias" not in MGU2TestCell.__signature__.parameters
    assert "unit_forget_bias" in RANTestCell.__signature__.parameters


def test_half_precision_projects_every_block_in_it(rng):
    layer = made(MostlyUnlikeTestCell, rng, dtype="mixed_bfloat16")
    projected = layer.cell.project(ops.cast(inputs(rng)[0], "float32"))
    assert keras.backend.standardize_dtype(projected.dtype) == "bfloat16"
    assert keras.backend.standardize_dtype(layer(inputs(rng)).dtype) == "bfloat16"


def test_files_and_configs_hold_such_cells(rng, tmp_path):
    model = keras.Sequential([keras.Input((5, FEATURES)), made(ScalarGateTestCell, rng, heads=2)])
    model.save(tmp_path / "model.keras")
    x = inputs(rng, time=5)
    again = keras.saving.load_model(tmp_path / "model.keras")
    assert (as_array(again(x)) == as_array(model(x))).all()


def test_traces_show_gates_of_their_own_widths(rng):
    model = keras.Sequential([keras.Input((5, FEATURES)), made(ScalarGateTestCell, rng)])
    (trace,) = kg.trace(model, inputs(rng, time=5)).values()
    assert {name: value.shape for name, value in trace.gates.items()} == {
        # A gate of one entry is that of every unit.
        "f": (5, 5, 4),
        "k": (5, 5, 2),
        "n": (5, 5, 4),
    }


def test_no_operator_of_an_exchange_format_is_such_a_cell(rng):
    pytest.importorskip("tensorflow")
    from kerasgates.export.to_litert import fused_lstm
    from kerasgates.export.to_onnx import operators

    @kg.register
    class HalfRecurrentCell(kg.LSTMCell):
        """An LSTM whose candidate sees no state."""

        recurrent_gates = ("i", "f", "o")

        def step(self, Wx, U, h, c):
            i, f = Wx["i f"] + h @ U["i f"]
            c = self.recurrent_activation(f) * c + self.recurrent_activation(i) * Wx.g
            return (self.recurrent_activation(Wx.o + h @ U.o) * c, c), {}

    layer = made(HalfRecurrentCell, rng)
    assert layer.cell.recurrent_kernel.shape == (4, 12)
    assert "HalfRecurrentCell" in fused_lstm.why_not(layer)
    assert "HalfRecurrentCell" in operators.why_not(layer)


def test_conventions_reorder_the_blocks_that_a_weight_has(rng):
    cell = made(RANTestCell, rng).cell
    convention = kg.convert.Convention({"RANTestCell": "n f+1 -i"}, transposed=True)
    theirs = encode(cell, convention)
    W_i, W_f, W_n = np.split(as_array(cell.kernel), 3, axis=-1)
    U_i, U_f = np.split(as_array(cell.recurrent_kernel), 2, axis=-1)
    b_i, b_f = np.split(as_array(cell.bias), 2)
    assert (theirs["kernel"] == np.concatenate([W_n, W_f, -W_i], axis=-1).T).all()
    assert (theirs["recurrent_kernel"] == np.concatenate([U_f, -U_i], axis=-1).T).all()
    assert_close(theirs["bias"], np.concatenate([b_f - 1, -b_i]), SAME)
    for name, value in decode(cell, convention, theirs).items():
        assert_close(value, as_array(getattr(cell, name)), SAME)
    unequal = made(ScalarGateTestCell, rng).cell
    with pytest.raises(ValueError, match="not all as wide"):
        encode(unequal, kg.convert.Convention({"ScalarGateTestCell": "f k n"}))


# ------------------------------------------------------------------ declarations


def test_the_lists_are_the_gates_unless_declared_and_new_gates_bring_new_ones():
    lists = ("inputs", "recurrent_gates", "biased_gates")
    for cell in (kg.LSTMCell, kg.GRUCell):
        assert all(getattr(cell, words) == cell.gates for words in lists)

    class Less(RANTestCell):
        """The same lists."""

    class Other(RANTestCell):
        """Other gates."""

        gates = ("i", "f", "n", "o")
        recurrent_gates = ("o",)

    assert (Less.recurrent_gates, Less.inputs) == (("i", "f"), ("i", "f", "n"))
    assert (Other.recurrent_gates, Other.biased_gates) == (("o",), Other.gates)


def test_a_cell_without_recurrent_blocks_has_no_recurrent_dropout(rng):
    class FedForwardCell(kg.AbstractRNNCell):
        """A gate of the input alone."""

        gates, states = ("z", "n"), ("h",)
        recurrent_gates = ()

        def step(self, Wx, U, h):
            assert U is None
            z = self.recurrent_activation(Wx.z)
            return (z * h + (1 - z) * Wx.n,), {"z": z}

    assert "recurrent_dropout" not in FedForwardCell.__signature__.parameters
    layer = kg.RNN(FedForwardCell(3))
    assert layer(inputs(rng)).shape == (5, 3)
    assert layer.cell.recurrent_kernel is None


@pytest.mark.parametrize(
    ("declared", "message"),
    [
        ({"inputs": ["z"]}, r"`inputs` must be a tuple of different names.*\['z'\]"),
        ({"inputs": ("z", "m")}, r"`inputs` must be of `gates`, or .*'m'"),
        ({"biased_gates": ("z", "x")}, r"`biased_gates` must be of `gates`, or .*'x'"),
        ({"recurrent_gates": ("zz",)}, r"`recurrent_gates` .*'zz': did you mean 'z'\?"),
        ({"inputs": ("x", "z")}, r"'x', the input itself, must be the last of `inputs`"),
        ({"widths": {"z": 0}}, r"`widths` must be a dict of positive numbers, or names"),
        ({"widths": {"z": 1.5}}, r"`widths` must be a dict of positive numbers, or names"),
        ({"inputs": ("mask",), "widths": {"mask": 1}}, r"`gates` must be none of .*'mask'"),
    ],
    ids=str,
)
def test_a_wrong_declaration_is_named_where_the_class_is_written(declared, message):
    with pytest.raises(TypeError, match=f"Broken: {message}"):
        type("Broken", (kg.AbstractRNNCell,), {**PLAIN, **declared})


def test_a_width_that_is_none_names_the_cell_and_the_block():
    wrong = type("Wrong", (kg.AbstractRNNCell,), {**PLAIN, "widths": {"z": "heads"}})
    with pytest.raises(ValueError, match=r"Wrong: `widths` .* block 'z' .*'heads', which is None"):
        wrong(4).build((None, 3))
    cell = wrong(4)
    cell.heads = 2
    cell.build((None, 3))
    assert cell.kernel.shape == (3, 6)


@pytest.mark.parametrize(("columns", "loop"), [(9, "hoisted"), (10, "keras"), (10, "compiled")])
def test_wrong_columns_name_the_cell_and_the_blocks(columns, loop, rng):
    def project(self, inputs):
        return ops.matmul(inputs, ops.ones((FEATURES, columns)))

    wrong = type("Wrong", (kg.AbstractRNNCell,), {**PLAIN, "project": project})
    with pytest.raises(
        ValueError, match=rf"Wrong.project must give 8 columns.*z: 4, n: 4.*{columns}"
    ):
        kg.RNN(wrong(4), loop=loop)(inputs(rng, time=40)[:, :7])
