"""Wrappers that change what a cell sees: older states, its last outputs, products normalised."""

import keras
import numpy as np
import pytest

import kerasgates as kg
from kerasgates import loops
from tests.cases import MASK, as_array, as_arrays, eagerly, named_cases, randomise
from tests.reference_wrappers import over_time
from tests.test_wrappers import gradients
from tests.tolerances import FLOAT32, SAME, assert_close

FEATURES = UNITS = 4
BATCH, TIME = MASK.shape
ON_TENSORFLOW = keras.backend.backend() == "tensorflow"

CASES = {
    "dilated": lambda: kg.Dilated(kg.PeepholeLSTMCell(UNITS), 3),
    "norm": lambda: kg.LayerNormGates(kg.GRUCell(UNITS)),
    "norm without state": lambda: kg.LayerNormGates(kg.MinGRUCell(UNITS)),
    "attention": lambda: kg.Attention(kg.LSTMCell(3), 2),
    "nested": lambda: kg.Zoneout(
        kg.Attention(kg.Dilated(kg.LayerNormGates(kg.LSTMCell(UNITS)), 2), 3), {"h": 0.2}, seed=3
    ),
}


def built(name, rng, **arguments):
    layer = kg.RNN(CASES[name](), **{"return_sequences": True, "return_state": True, **arguments})
    layer.build((None, None, FEATURES))
    randomise(layer, rng)
    return layer


def inputs(rng):
    return rng.normal(size=(BATCH, TIME, FEATURES)).astype("float32")


def states(cell, rng):
    return [rng.normal(size=(BATCH, n)).astype("float32") for n in cell.state_sizes]


@pytest.mark.parametrize("name", CASES)
def test_every_loop_is_the_equations(name, rng):
    x, layer = inputs(rng), built(name, rng)
    first = states(layer.cell, rng)
    with named_cases() as case:
        for loop, mask in (("keras", None), ("hoisted", MASK), ("compiled", MASK)):
            layer.loop = loop
            wanted, wanted_last = over_time(layer.cell, x, first, mask)
            with case(loop), eagerly(loop == "compiled" and ON_TENSORFLOW):
                output, *last = layer(x, initial_state=first, mask=mask)
                assert_close(as_array(output), wanted, FLOAT32)
                assert_close(as_arrays(last), wanted_last, FLOAT32)
    layer.loop = "auto"
    if ON_TENSORFLOW:
        assert "runs in the compiled loop" in loops.why(layer)


@pytest.mark.parametrize("name", ["dilated", "norm", "attention"])
def test_compiled_gradients_are_those_of_the_plain_loop(name, rng):
    pytest.importorskip("tensorflow")
    layer, x, found = built(name, rng), inputs(rng), {}
    first = states(layer.cell, rng)
    seen = np.cos(np.arange(layer.cell.output_size)) + np.arange(TIME)[:, None]
    for layer.loop in ("keras", "compiled"):
        with eagerly():
            found[layer.loop] = gradients(layer, x, first, MASK, seen.astype("float32"))
    for value, wanted in zip(found["compiled"], found["keras"], strict=True):
        assert wanted.any()
        assert_close(value, wanted, FLOAT32 * 10)


def test_a_dilated_cell_is_as_many_cells_that_take_turns(rng):
    layer, x = built("dilated", rng, loop="keras", return_state=False), inputs(rng)
    plain = kg.RNN(kg.PeepholeLSTMCell(UNITS), return_sequences=True, loop="keras")
    plain.build(x.shape)
    plain.set_weights(layer.get_weights())
    y = as_array(layer(x))
    for turn in range(3):
        assert_close(y[:, turn::3], as_array(plain(x[:, turn::3])), SAME)
    one = kg.RNN(kg.Dilated(kg.PeepholeLSTMCell(UNITS), 1), return_sequences=True, loop="keras")
    one.build(x.shape)
    one.set_weights(layer.get_weights())
    assert_close(as_array(one(x)), as_array(plain(x)), SAME)
    assert one.cell.state_size == [UNITS, UNITS]


def test_norms_of_a_cell_with_one_gate_are_those_of_its_layer_norm_cell(rng):
    x, ours = inputs(rng), kg.RNN(kg.LayerNormGates(kg.IndRNNCell(UNITS, activation="tanh")))
    theirs = kg.LayerNormIndRNN(UNITS)
    for layer in (ours, theirs):
        layer.build(x.shape)
    randomise(ours, rng)
    for weight in theirs.cell.weights:
        of = {w.name.replace("gamma_x", "gamma"): w for w in ours.cell.weights}
        weight.assign(of[weight.name])
    assert_close(as_array(ours(x)), as_array(theirs(x)), SAME)
    assert ours.cell.gamma_h is None


EQUATIONS = {
    "dilated": """
a    = oldest(q_h)
a2   = oldest(q_c)
i    = σ(W_i x + U_i a + p_i ⊙ a2 + b_i)
f    = σ(W_f x + U_f a + p_f ⊙ a2 + b_f)
g    = φ(W_g x + U_g a + b_g)
c'   = f ⊙ a2 + i ⊙ g
o    = σ(W_o x + U_o a + p_o ⊙ c' + b_o)
h'   = o ⊙ φ(c')
q_h' = shift(q_h; h)
q_c' = shift(q_c; c)
""",
    "norm": """
z  = σ(LN(W_z x; γ_x,z) + LN(U_z h; γ_h,z) + b_z)
r  = σ(LN(W_r x; γ_x,r) + LN(U_r h; γ_h,r) + b_r)
n  = φ(LN(W_n x; γ_x,n) + LN(U_n (r ⊙ h); γ_h,n) + b_n)
h' = z ⊙ h + (1 − z) ⊙ n
""",
    "attention": """
u  = A x + b_u + B d
i  = σ(U_i h + W_i u + b_i)
f  = σ(U_f h + W_f u + b_f)
g  = φ(U_g h + W_g u + b_g)
o  = σ(U_o h + W_o u + b_o)
c' = f ⊙ c + i ⊙ g
h' = o ⊙ φ(c')
a  = attend(m; h', c')
d' = weigh(a; m)
y  = C h' + D d' + b_y
m' = shift(m; y)
""",
}


@pytest.mark.slow
def test_files_traces_equations_and_diagrams(rng, tmp_path):
    x = inputs(rng)
    given = keras.Input((None, FEATURES))
    names = ("dilated", "norm", "attention", "nested")
    stack = [kg.RNN(CASES[n](), return_sequences=True, name=n.split()[0]) for n in names]
    h = keras.layers.Masking()(given)
    model = keras.Model(given, [layer(h) for layer in stack])
    randomise(model, rng)
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    assert_close(as_arrays(loaded(x)), as_arrays(model(x)), SAME)
    assert loaded.get_layer("dilated").cell.dilation == 3
    assert loaded.get_layer("attention").cell.window == 2
    (cell,) = kg.trace(stack[2], x).values()
    assert cell.cell == "Attention(LSTMCell)"
    assert [*cell.states] == ["h", "c", "d", "m"]
    assert_close(cell.gates["a"].sum(axis=-1), np.ones((BATCH, TIME)), SAME)
    (cell,) = kg.trace(stack[0], x).values()
    assert [*cell.states] == ["h", "c", "q_h", "q_c"]
    for layer in stack[:3]:
        assert kg.equations(layer) == EQUATIONS[layer.name].strip()
    assert kg.plot.cell(stack[2]).get_title() == "Attention(LSTMCell)"
    # Letters that a cell inside declares of its methods are known, too.
    assert "LN(" in kg.equations(kg.Zoneout(kg.LayerNormSimpleRNNCell(UNITS), 0.2))


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda: kg.Dilated(kg.LSTMCell(3), 0),
            "Argument `dilation` of Dilated must be a pos",
        ),
        (lambda: kg.Attention(kg.LSTMCell(3), 1.5), "Argument `window` of Attention must be a pos"),
        (lambda: kg.LayerNormGates(kg.ATRCell(3)), r"and no wrapper.*Received: ATRCell"),
        (lambda: kg.LayerNormGates(kg.Zoneout(kg.GRUCell(3))), r"Received: Zoneout\(GRUCell\)"),
        (lambda: kg.LayerNormGates(kg.MogrifierLSTMCell(3)), "products with `kernel`"),
        (lambda: kg.LayerNormGates(kg.GroupLSTMCell(4, groups=2)), "products with `kernel`"),
        (lambda: kg.LayerNormGates(kg.GRUCell(3), epsilon=0), "`epsilon` of LayerNormGates .* abo"),
        (
            lambda: kg.RNN(kg.Attention(kg.Zoneout(kg.GRUCell(3)), 2)).build((None, 5, 2)),
            "must draw no numbers.*Zoneout",
        ),
    ],
)
def test_errors_name_the_argument(make, message):
    with pytest.raises(ValueError, match=message):
        make()


@pytest.mark.slow
def test_exports_compute_the_same(rng, tmp_path):
    pytest.importorskip("tensorflow")
    from tests.exporting import check_sequences
    from tests.exporting_onnx import check_sizes

    given = keras.Input((None, 3), name="x")
    names = ("dilated", "norm", "attention")
    parts = [kg.RNN(CASES[n](), return_sequences=True, name=n)(given) for n in names]
    model = keras.Model(given, keras.layers.Concatenate(name="y")(parts))
    randomise(model, rng, scale=0.4)
    kg.export.litert(model, tmp_path / "model.tflite")
    check_sequences(tmp_path / "model.tflite", model, rng, sizes=[(3, 7)])
    kg.export.onnx(model, tmp_path / "model.onnx")
    check_sizes(tmp_path / "model.onnx", model, rng, sizes=[(3, 7)])
