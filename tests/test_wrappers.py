"""Wrappers around cells: in every loop the equations of the papers, traced, saved and shown."""

import keras
import numpy as np
import pytest

import kerasgates as kg
from kerasgates import loops
from kerasgates.loops.streaming import Stream
from tests.cases import (
    MASK,
    as_array,
    as_arrays,
    as_tensor,
    eagerly,
    named_cases,
    randomise,
)
from tests.cells_of_blocks import QRNNTestCell
from tests.reference_wrappers import over_time
from tests.tolerances import FLOAT32, GRADIENTS, SAME, assert_close

FEATURES = UNITS = 4
BATCH, TIME = MASK.shape
ON_TENSORFLOW = keras.backend.backend() == "tensorflow"

#: Each wrapper around a cell with other states, outputs or weights; and some around each other.
CASES = {
    "residual": lambda: kg.Residual(kg.PeepholeLSTMCell(UNITS)),
    "zoneout": lambda: kg.Zoneout(kg.LSTMCell(UNITS), {"c": 0.5, "h": 0.2}, seed=3),
    "highway": lambda: kg.Highway(kg.GRUCell(UNITS)),
    "clip": lambda: kg.CellClip(kg.LSTMCell(UNITS), 0.2, clipped=["c"]),
    "projection": lambda: kg.Projection(QRNNTestCell(3), 5),
    "zoneout of features": lambda: kg.Zoneout(QRNNTestCell(3), 0.3, seed=5),
    "nested": lambda: kg.Residual(
        kg.Zoneout(kg.Projection(kg.Zoneout(kg.GRUCell(3), 0.4, seed=1), FEATURES), 0.1, seed=2)
    ),
}
DRAWING = ("zoneout", "zoneout of features", "nested")


def built(name, rng, **arguments):
    layer = kg.RNN(CASES[name](), **{"return_sequences": True, **arguments})
    layer.build((None, None, FEATURES))
    randomise(layer, rng)
    return layer


def inputs(rng, dtype="float32"):
    return rng.normal(size=(BATCH, TIME, FEATURES)).astype(dtype)


def states(cell, rng, dtype="float32"):
    return [rng.normal(size=(BATCH, n)).astype(dtype) for n in cell.state_sizes]


@pytest.mark.parametrize("name", CASES)
def test_every_loop_is_the_equations(name, rng):
    x, layer = inputs(rng), built(name, rng, return_state=True)
    first = states(layer.cell, rng)
    with named_cases() as case:
        for loop in ("keras", "hoisted", "compiled", "recomputed"):
            for mask in (None, MASK):
                layer.loop = loop
                wanted, wanted_last = over_time(layer.cell, x, first, mask)
                with case(f"{loop} {mask is not None}"), eagerly(loop[-1] == "d" and ON_TENSORFLOW):
                    output, *last = layer(x, initial_state=first, mask=mask)
                    assert_close(as_array(output), wanted, FLOAT32)
                    assert_close(as_arrays(last), wanted_last, FLOAT32)


@pytest.mark.parametrize(("name", "stacked"), [*zip(DRAWING, (False, True, False))])
def test_in_training_states_are_kept_as_drawn(name, stacked, rng, monkeypatch):
    """In a stack a cell in front draws, too, and what is drawn for each stays with it."""
    x, drawn, draw = inputs(rng), {}, kg.CellWrapper.draw_noise
    monkeypatch.setattr(
        kg.CellWrapper, "draw_noise", lambda cell, shape: drawn.setdefault(id(cell), []).append(
            as_array(draw(cell, shape))) or as_tensor(drawn[id(cell)][-1])
    )  # fmt: skip
    cells = [kg.Zoneout(kg.GRUCell(FEATURES), 0.6)] if stacked else []
    cells += [CASES[name]()]
    cell = keras.layers.StackedRNNCells(cells) if stacked else cells[0]
    layer = kg.RNN(cell, return_sequences=True, return_state=True)
    layer.build((None, None, FEATURES))
    randomise(layer, rng)
    first = [states(cell, rng) for cell in cells]
    with named_cases() as case:
        for loop in ("keras", "hoisted", "compiled"):
            layer.loop, given = loop, first if stacked else first[0]
            with eagerly(loop == "compiled" and ON_TENSORFLOW):
                output, *last = layer(x, initial_state=given, mask=MASK, training=True)
            wanted, ends = x, []
            for cell, begun in zip(cells, first):
                assert {*np.unique(drawn[id(cell)][-1])} == {0, 1}
                wanted, end = over_time(cell, wanted, begun, MASK, drawn[id(cell)][-1])
                ends += end
            with case(loop):
                assert_close(as_array(output), wanted, FLOAT32)
                assert_close(as_arrays(last), ends, FLOAT32)


def gradients(layer, x, first, mask, seen):
    import tensorflow as tf

    variables = [tf.Variable(v) for v in (x, *first)]
    with tf.GradientTape() as tape:
        output, *last = layer(variables[0], initial_state=variables[1:], mask=mask, training=True)
        loss = tf.reduce_sum(output * seen) + sum(tf.reduce_sum(state**2) for state in last)
    return as_arrays(tape.gradient(loss, [*variables, *layer.trainable_weights]))


def trained_alike(name, rng, eager):
    found, x, weights, first = {}, inputs(rng, "float64"), None, None
    for loop in ("keras", "compiled"):
        with _floats("float64"):
            layer = built(name, rng, return_state=True, loop=loop, dtype="float64")
        weights = weights or layer.get_weights()
        layer.set_weights(weights)
        first = first or states(layer.cell, rng, "float64")
        seen = np.cos(np.arange(layer.cell.output_size)) + np.arange(TIME)[:, None]
        with eagerly(eager):
            found[loop] = gradients(layer, x, first, MASK, seen)
    for value, wanted in zip(found["compiled"], found["keras"], strict=True):
        assert wanted.any()
        assert_close(value, wanted, GRADIENTS)


class _floats:
    """Context in which layers are made in a dtype."""

    def __init__(self, dtype):
        self._dtype = dtype

    def __enter__(self):
        self._before = keras.config.dtype_policy()
        keras.config.set_dtype_policy(self._dtype)

    def __exit__(self, *error):
        keras.config.set_dtype_policy(self._before)


@pytest.mark.parametrize("name", CASES)
@pytest.mark.slow
def test_compiled_gradients_are_those_of_the_plain_loop(name, rng):
    pytest.importorskip("tensorflow")
    trained_alike(name, rng, eager=True)


@pytest.mark.slow
def test_xla_trains_what_draws(rng):
    pytest.importorskip("tensorflow")
    trained_alike("nested", rng, eager=False)


def test_what_is_drawn_has_the_rate_and_is_fresh_and_reproducible(rng):
    def layer(seed):
        cell = kg.Zoneout(kg.SimpleRNNCell(50), 0.3, seed=seed)
        made = kg.RNN(cell, return_sequences=True, loop="keras")
        made.build((None, None, 2))
        return made

    x, first, again = rng.normal(size=(4, 30, 2)).astype("float32"), layer(7), layer(7)
    again.set_weights(first.get_weights())
    y, other = (as_array(first(x, training=True)) for _ in range(2))
    kept = np.diff(y, axis=1) == 0
    # 5800 draws: six standard deviations.
    assert abs(kept.mean() - 0.3) < 0.036
    # Entries, rows and steps are drawn for themselves.
    for axis in range(3):
        assert kept.mean(axis=tuple({0, 1, 2} - {axis})).std() < 0.15
        assert kept.any(axis=axis).mean() > 0.7
        assert not kept.all(axis=axis).any() or axis == 0
    assert np.abs(y - other).max() > 0.1
    assert (as_array(again(x, training=True)) == y).all()
    assert (as_array(first(x)) == as_array(first(x))).all()


@pytest.mark.parametrize("wrap", [kg.Residual, kg.Highway])
@pytest.mark.parametrize("loop", ["keras", "compiled"])
def test_what_is_added_is_the_input_before_dropout(wrap, loop, rng):
    cell = wrap(kg.Zoneout(kg.LSTMCell(FEATURES, dropout=0.6), 0.2))
    layer, x = kg.RNN(cell, return_sequences=True, loop=loop), inputs(rng)
    layer.build(x.shape)
    for weight in layer.weights:
        weight.assign(np.zeros(weight.shape))
    # The output of the cell itself is zero.
    with eagerly(loop == "compiled" and ON_TENSORFLOW):
        y = as_array(layer(x, training=True))
    assert_close(y, x if wrap is kg.Residual else x / 2, SAME)
    randomise(layer, rng)
    with eagerly(loop == "compiled" and ON_TENSORFLOW):
        assert np.abs(as_array(layer(x, training=True)) - as_array(layer(x))).max() > 0.01


def test_keras_layers_run_wrappers_too(rng):
    x = inputs(rng)
    for name in ("zoneout", "nested", "highway"):
        ours = built(name, rng)
        stock = keras.layers.RNN(CASES[name](), return_sequences=True)
        stock.build((None, None, FEATURES))
        stock.set_weights(ours.get_weights())
        assert_close(as_array(stock(x)), as_array(ours(x)), SAME)
        if ON_TENSORFLOW and name in DRAWING:
            # It draws step by step: other numbers, fresh at each step.
            y = as_array(stock(x, training=True))
            assert np.abs(y - as_array(stock(x))).max() > 0.01


@pytest.mark.slow
def test_files_copies_stacks_and_both_directions(rng, tmp_path):
    x = inputs(rng)
    given = keras.Input((None, FEATURES))
    h = keras.layers.Masking()(given)
    h = keras.layers.Bidirectional(kg.RNN(CASES["zoneout"](), return_sequences=True))(h)
    h = keras.layers.Dense(FEATURES)(h)
    stack = [kg.Residual(kg.Zoneout(kg.GRUCell(FEATURES), 0.1)), CASES["clip"]()]
    h = kg.RNN(stack, return_sequences=True)(h)
    outputs = [kg.RNN(CASES[n](), name=n.replace(" ", "_"))(h) for n in ("highway", "projection")]
    model = keras.Model(given, outputs)
    randomise(model, rng)
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    copied = keras.models.clone_model(model)
    copied.set_weights(model.get_weights())
    for other in (loaded, copied):
        assert_close(as_arrays(other(x)), as_arrays(model(x)), SAME)
    cell = loaded.layers[2].forward_layer.cell
    assert (cell.rate, cell.seed) == ({"c": 0.5, "h": 0.2}, 3)
    paths = [weight.path.split("/")[2:] for weight in model.get_layer("highway").weights]
    assert paths[:2] == [["transform_kernel"], ["transform_bias"]]
    assert [name for _, name in paths[2:]] == ["kernel", "recurrent_kernel", "bias"]
    assert {cell.partition("_cell")[0] for cell, _ in paths[2:]} == {"gru"}


def test_stateful_mixed_precision_and_streams(rng):
    x = inputs(rng)
    layer = built("nested", rng)
    whole = as_array(layer(x))
    parts = kg.RNN(CASES["nested"](), return_sequences=True, stateful=True)
    parts.build((BATCH, None, FEATURES))
    parts.set_weights(layer.get_weights())
    found = [as_array(parts(x[:, :3])), as_array(parts(x[:, 3:]))]
    assert_close(np.concatenate(found, axis=1), whole, SAME)
    before, outputs = {}, []
    for t in range(TIME):
        with Stream(before) as stream:
            outputs.append(as_array(layer(as_tensor(x[:, t : t + 1]))))
        before = stream.after
    assert_close(np.concatenate(outputs, axis=1), whole, SAME)
    with _floats("mixed_bfloat16"):
        mixed = built("nested", rng)
    mixed.set_weights(layer.get_weights())
    assert mixed.cell.compute_dtype == mixed.cell.cell.compute_dtype == "bfloat16"
    half = mixed(x, training=True), mixed(x)
    assert all(keras.backend.standardize_dtype(y.dtype) == "bfloat16" for y in half)
    assert np.abs(as_array(half[1]).astype("float32") - whole).max() < 0.2


def test_traces_know_gates_states_and_what_is_kept(rng):
    x, layer = inputs(rng), built("zoneout", rng, return_state=True)
    trace = kg.trace(layer, x)
    (cell,) = trace.values()
    assert cell.cell == "Zoneout(LSTMCell)"
    assert [*cell.gates] == ["i", "f", "g", "o"]
    assert [*cell.states] == ["h", "c"]
    output, *_ = layer(x)
    assert_close(cell.states["h"], as_array(output), SAME)
    # What is expected to be kept: half at once, and of the rest what f keeps.
    assert_close(cell.kept["c"], 0.5 + 0.5 * cell.gates["f"], SAME)
    output = as_array((layer := built("highway", rng))(x))
    (cell,) = kg.trace(layer, x).values()
    assert_close(cell.gates["y"], output, SAME)
    assert cell.bounded == ["z", "r", "t"]


EQUATIONS = """
z  = σ(W_z x + U_z h + b_z)
r  = σ(W_r x + U_r h + b_r)
n  = φ(W_n x + U_n (r ⊙ h) + b_n)
a  = d_h h + (1 − d_h) ⊙ (z ⊙ h + (1 − z) ⊙ n)
t  = σ(W_t x + b_t)
y  = W_y a + b_y
y2 = t ⊙ y + (1 − t) ⊙ x
h' = clip(a; −bound, bound)
d_h = 0.1, bound = 3
""".strip()


def test_equations_and_diagrams_show_the_wrappers():
    cell = kg.Projection(kg.Zoneout(kg.GRUCell(6), 0.1), UNITS)
    cell = kg.CellClip(kg.Highway(cell), 3)
    cell.build((None, FEATURES))
    text = kg.equations(cell)
    assert sorted(text.splitlines()) == sorted(EQUATIONS.splitlines()), text
    assert r"d_{h} h_{t-1} + (1 - d_{h})" in kg.equations(cell, "latex")
    drawn = kg.plot.cell(kg.RNN(cell))
    assert drawn.get_title() == "CellClip(Highway(Projection(Zoneout(GRUCell))))"
    assert {"×$d_{h}$", "×(1 − $d_{h}$)"} <= {text.get_text() for text in drawn.texts}
    assert kg.equations(kg.RNN(kg.Residual(kg.LSTMCell(3)))).endswith("y  = h' + x")


def test_reasons_name_the_wrapper():
    pytest.importorskip("tensorflow")
    layer = kg.RNN(CASES["nested"]())
    layer.build((None, None, FEATURES))
    told = loops.why(layer)
    assert told.startswith("Residual(Zoneout(Projection(Zoneout(GRUCell)))) runs in the compiled ")
    assert loops.why(layer.cell) == told
    with pytest.raises(ValueError, match="Argument `identifier` must be the name of a registered"):
        kg.get(layer.cell)


def test_changes_inside_are_noticed(rng):
    """The loop that was compiled for other attributes is not run."""
    pytest.importorskip("tensorflow")
    layer, x = built("clip", rng, loop="compiled"), inputs(rng)
    with eagerly():
        before = as_array(layer(x))
        layer.cell.cell.activation = keras.ops.relu
        after = as_array(layer(x))
    first = [np.zeros((BATCH, UNITS))] * 2
    layer.loop = "keras"
    assert np.abs(before - after).max() > 0.01
    assert_close(after, as_array(layer(x, initial_state=as_arrays(first))), FLOAT32)


class CountedCell(kg.LSTMCell):
    """Has recurrent weights in a way of its own."""

    def recurrent(self, training=False):
        return super().recurrent(training)


def test_a_cell_that_is_not_compiled_is_not_compiled_inside_a_wrapper(rng):
    pytest.importorskip("tensorflow")
    cell = kg.CellClip(CountedCell(UNITS), 3)
    cell.build((None, FEATURES))
    assert loops.why(cell).endswith("its class overrides `recurrent`.")
    assert kg.RNN(cell)(inputs(rng)).shape == (BATCH, UNITS)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: kg.Zoneout(keras.layers.LSTMCell(3)), "Argument `cell` of Zoneout must be a cell"),
        (lambda: kg.Residual(kg.LSTM(3)), "Argument `cell` of Residual must be a cell of keras"),
        (lambda: kg.Zoneout(kg.LSTMCell(3), 1.0), r"Argument `rate` of Zoneout .* in \[0, 1\)"),
        (lambda: kg.Zoneout(kg.GRUCell(3), {"c": 0.1}), r"`rate` .* the states \('h',\). R"),
        (lambda: kg.Zoneout(kg.GRUCell(3), seed=0.5), "Argument `seed` of Zoneout must be an int"),
        (lambda: kg.CellClip(kg.LSTMCell(3), 0), "Argument `bound` of CellClip must be a number"),
        (lambda: kg.CellClip(kg.LSTMCell(3), 1, clipped=["x"]), "`clipped` of CellClip must be a"),
        (lambda: kg.Projection(kg.LSTMCell(3), 0), "Argument `size` of Projection must be a pos"),
        (lambda: kg.RNN(kg.Residual(kg.LSTMCell(3))).build((None, 5, 2)), "features, 2. Received"),
        (lambda: kg.RNN(kg.Highway(kg.LSTMCell(3))).build((None, 5, 2)), "`cell` of Highway must"),
    ],
)
def test_errors_name_the_argument(make, message):
    with pytest.raises(ValueError, match=message):
        make()


def test_unknown_arguments_are_told_from_those_that_were_meant():
    with pytest.raises(TypeError, match=r"Zoneout: .*did you mean `rate`"):
        kg.Zoneout(kg.LSTMCell(3), rates=0.1)


@pytest.mark.slow
def test_exports_compute_the_expectation(rng, tmp_path):
    pytest.importorskip("tensorflow")
    from tests.exporting import check_sequences
    from tests.exporting_onnx import check_sizes

    given = keras.Input((None, 3), name="x")
    h = keras.layers.Dense(FEATURES)(given)
    parts = [kg.RNN(CASES[n](), return_sequences=True, name=n)(h) for n in ("highway", "nested")]
    model = keras.Model(given, keras.layers.Concatenate(name="y")(parts))
    randomise(model, rng, scale=0.4)
    kg.export.litert(model, tmp_path / "model.tflite", signature="both")
    check_sequences(tmp_path / "model.tflite", model, rng, sizes=[(3, 7)])
    kg.export.onnx(model, tmp_path / "model.onnx")
    check_sizes(tmp_path / "model.onnx", model, rng, sizes=[(3, 7)])
    kg.export.saved_model(model, tmp_path / "saved")
