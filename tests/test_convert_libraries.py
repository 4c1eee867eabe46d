"""Weights of libraries that lay out each cell in another way, against their equations."""

import keras
import numpy as np
import pytest

import kerasgates as kg
from kerasgates import convert
from tests import tolerances, transcribed, transcribed_others
from tests.tolerances import assert_close

UNITS, FEATURES = 4, 3
POSITIVE = keras.saving.register_keras_serializable("tests")(
    lambda a: keras.ops.where(a >= 0, a + 0.5, keras.ops.sigmoid(a))
)


def mut(kind):
    return lambda w, x, h: transcribed.mut(w, x, h, kind)


#: Library, cell, its equations there; then our arguments, and blocks of theirs that must be 0.
KNOWN = [
    ("torchrecurrent", kg.AntisymmetricRNNCell, transcribed.antisymmetric),
    ("torchrecurrent", kg.GatedAntisymmetricRNNCell, transcribed.gated_antisymmetric),
    ("torchrecurrent", kg.ATRCell, transcribed.atr, {"use_bias": True}, ["bias_ih"]),
    ("torchrecurrent", kg.BRCCell, transcribed.brc, {}, ["bias_ih 2"]),
    ("torchrecurrent", kg.NBRCCell, transcribed.nbrc, {}, ["bias_ih 2"]),
    ("torchrecurrent", kg.CFNCell, transcribed.cfn, {}, ["bias_ih 2"]),
    ("torchrecurrent", kg.CoRNNCell, transcribed.cornn),
    ("torchrecurrent", kg.FastRNNCell, transcribed.fast_rnn),
    (
        "torchrecurrent",
        kg.FastGRNNCell,
        transcribed.fast_grnn,
        {"recurrent_activation": "tanh"},
    ),
    ("torchrecurrent", kg.IndRNNCell, transcribed.indrnn, {"activation": "tanh"}),
    ("torchrecurrent", kg.IntersectionRNNCell, transcribed.intersection),
    ("torchrecurrent", kg.JANETCell, transcribed.janet),
    ("torchrecurrent", kg.MGUCell, transcribed.mgu),
    ("torchrecurrent", kg.MinimalRNNCell, transcribed.minimal_rnn),
    (
        "torchrecurrent",
        kg.MultiplicativeLSTMCell,
        transcribed.multiplicative_lstm,
        {},
        ["bias_ih 0", "bias_hh"],
    ),
    ("torchrecurrent", kg.MUT1Cell, mut(1), {}, ["bias_ih 2"]),
    ("torchrecurrent", kg.GRUCell, mut(2)),
    ("torchrecurrent", kg.MUT3Cell, mut(3)),
    ("torchrecurrent", kg.OriginalLSTMCell, transcribed.original_lstm),
    ("torchrecurrent", kg.PeepholeLSTMCell, transcribed.peephole_lstm),
    ("torchrecurrent", kg.RANCell, transcribed.ran),
    ("torchrecurrent", kg.ResidualLSTMCell, transcribed.peephole_lstm),
    ("torchrecurrent", kg.STARCell, transcribed.star),
    ("torchrecurrent", kg.TGRUCell, transcribed.tgru),
    ("torchrecurrent", kg.TLSTMCell, transcribed.tlstm),
    ("torchrecurrent", kg.TRNNCell, transcribed.trnn, {}, ["bias_ih 0"]),
    ("torchrecurrent", kg.UGRNNCell, transcribed.ugrnn),
    ("torchrecurrent", kg.UnICORNNCell, transcribed.unicornn),
    ("tf1_checkpoint", kg.SimpleRNNCell, transcribed.tf1_rnn),
    ("tf1_checkpoint", kg.LSTMCell, transcribed.tf1_lstm),
    ("tf1_checkpoint", kg.PeepholeLSTMCell, transcribed.tf1_lstm),
    ("tf1_checkpoint", kg.ProjectedLSTMCell, transcribed.tf1_lstm, {"projection_units": 2}),
    ("tf1_checkpoint", kg.CoupledLSTMCell, transcribed.tf1_coupled),
    ("tf1_checkpoint", kg.GroupLSTMCell, transcribed.tf1_group_lstm, {"groups": 2}),
    ("tf1_checkpoint", kg.GRUCell, transcribed.tf1_gru),
    ("tf1_checkpoint", kg.UGRNNCell, transcribed.tf1_ugrnn),
    ("tf1_checkpoint", kg.IntersectionRNNCell, transcribed.tf1_intersection),
    ("tf1_checkpoint", kg.IndRNNCell, transcribed.tf1_indrnn, {"activation": "tanh"}),
    ("tf1_checkpoint", kg.IndyLSTMCell, transcribed.tf1_indy_lstm),
    ("tf1_checkpoint", kg.MinimalRNNCell, transcribed.tf1_minimal_rnn),
    ("tf1_checkpoint", kg.CFNCell, transcribed.tf1_cfn),
    (
        "tf1_checkpoint",
        kg.NASCell,
        transcribed.tf1_nas,
        {"use_bias": True, "projection_units": 3},
    ),
    ("xlstm", kg.SLSTMCell, transcribed_others.xlstm, {"heads": 2}),
    ("xlstm_vanilla", kg.SLSTMCell, transcribed_others.xlstm_vanilla, {"heads": 2}),
    ("flashrnn", kg.SLSTMCell, transcribed_others.flashrnn, {"heads": 2}),
    ("sru", kg.SRUCell, transcribed_others.sru, {"activation": "tanh"}),
    ("sru", kg.SRU1Cell, transcribed_others.sru, {"activation": "tanh"}, ["weight_c"]),
    (
        "mingru",
        kg.MinGRUCell,
        transcribed_others.mingru,
        {"activation": POSITIVE, "use_bias": False},
    ),
    ("keras_lmu", kg.LMUCell, transcribed_others.lmu, {"order": 5, "theta": 7.0}),
    ("ncps", kg.CfCCell, transcribed_others.cfc, {"backbone_units": 5, "backbone_layers": 2}),
    ("haste", kg.LSTMCell, transcribed_others.haste_lstm),
    ("haste", kg.ResetAfterGRUCell, transcribed_others.haste_gru),
    ("haste", kg.IndRNNCell, transcribed_others.haste_indrnn, {"activation": "tanh"}),
    ("haste", kg.LayerNormLSTMCell, transcribed_others.haste_lstm),
    ("haste", kg.LayerNormIndRNNCell, transcribed_others.haste_indrnn),
]
#: Numbers of features of some: as many as units, or so many that they split into groups.
WIDE = {kg.IntersectionRNNCell: UNITS, kg.GroupLSTMCell: 6}


def built(cell, features, rng):
    """The cell with random weights, those that its arguments set aside."""
    if not cell.built:
        cell.build((None, features))
    for weight in cell.weights:
        if weight.name not in ("A", "B"):
            weight.assign(random(rng, *weight.shape))
    return cell


def random(rng, *shape):
    return (0.5 * rng.standard_normal(shape)).astype("float32")


def draw(cell, library, rng, zeros=()):
    """Random arrays of the shapes that a library has; some of its blocks are 0."""
    layouts = convert.CONVENTIONS[library]
    given = convert.to_arrays(emptied(cell, layouts), library)
    arrays = {name: random(rng, *like.shape) for name, like in given.items()}
    for name, text in layouts.of(cell).items():
        if not isinstance(text, str):
            arrays[name] = given[name]
    for name, _, block in (place.partition(" ") for place in zeros):
        parts = np.split(arrays[name], len(arrays[name]) // UNITS)
        for part in [parts[int(block)]] if block else parts:
            part[:] = 0
    return arrays


def emptied(cell, layouts):
    """The cell with weights that have a place in the library."""
    fixed = layouts.fixed.get(type(cell).__name__, {})
    for weight in cell.weights:
        if weight.name not in ("A", "B"):
            weight.assign(keras.ops.zeros(weight.shape))
    if "kernel: s" in fixed:
        start = cell.kernel_blocks.index("s") * UNITS
        cell.kernel.assign(np.eye(UNITS, cell.kernel.shape[1], k=start))
    return cell


def assert_equal_functions(cell, step, arrays, rng, features):
    theirs = {name: value.astype(float) for name, value in arrays.items()}
    states = [random(rng, 2, size) for size in cell.state_sizes]
    if isinstance(cell, kg.SLSTMCell):
        states = [0 * state for state in states]
    held = [state.astype(float) for state in states]
    for _ in range(3):
        x = random(rng, 2, features)
        ours, states = cell(keras.ops.convert_to_tensor(x), states)
        wanted, held = step(theirs, x.astype(float), *held)
        assert_close(keras.ops.convert_to_numpy(ours), wanted, tolerances.PEER)
        for state, one in zip(states, held, strict=True):
            assert_close(keras.ops.convert_to_numpy(state), one, tolerances.PEER)


def identifier(row):
    return f"{row[0]}-{row[1].__name__}"


@pytest.mark.parametrize("row", KNOWN, ids=identifier)
def test_weights_of_a_library_give_its_function_and_come_back(row):
    library, cell_class, step, arguments, zeros = (*row, *({}, [])[len(row) - 3 :])
    rng = np.random.default_rng(3)
    features = WIDE.get(cell_class, UNITS if library.startswith("xlstm") else FEATURES)
    cell = built(cell_class(UNITS, **arguments), features, rng)
    arrays = draw(cell, library, rng, zeros)
    built(cell, features, rng)
    convert.from_arrays(cell, library, **arrays)
    assert_equal_functions(cell, step, arrays, rng, features)

    back = convert.to_arrays(cell, library)
    other = built(cell_class(UNITS, **arguments), features, rng)
    convert.from_arrays(other, library, **back)
    for one, same in zip(cell.get_weights(), other.get_weights(), strict=True):
        assert_close(one, same, 2 * tolerances.EPS32)
    again = convert.to_arrays(other, library)
    for name, value in back.items():
        assert_close(again[name], value, 2 * tolerances.EPS32)
    # But for two biases, of which the first is their sum, all of them come back.
    exact = [name for name in arrays if "bias" not in name and name != "gamma"]
    for name in exact:
        np.testing.assert_array_equal(back[name], arrays[name])


def test_every_cell_of_every_table_is_tried():
    tried = {(row[0], row[1].__name__) for row in KNOWN}
    tables = {n: c for n, c in convert.CONVENTIONS.items() if isinstance(c, convert.Layouts)}
    assert tried == {(name, cell) for name, table in tables.items() for cell in table.cells}
    for table in tables.values():
        assert all(hasattr(kg, name) for name in (*table.cells, *table.different))
        assert not {*table.cells} & {*table.different}


def test_the_input_itself_goes_on_in_a_factor():
    """SRU multiplies x by one number where it has as many entries as there are units."""
    rng = np.random.default_rng(3)
    cell = built(kg.SRUCell(UNITS, activation="tanh"), UNITS, rng)
    with pytest.raises(ValueError, match="goes on as it is"):
        convert.to_arrays(cell, "sru")
    arrays = {
        "weight": random(rng, UNITS, 3 * UNITS),
        "weight_c": random(rng, 2 * UNITS),
        "bias": random(rng, 2 * UNITS),
        "scale_x": np.array([1.7], "float32"),
    }
    convert.from_arrays(cell, "sru", **arrays)
    assert_equal_functions(cell, transcribed_others.sru, arrays, rng, UNITS)
    for name, value in convert.to_arrays(cell, "sru").items():
        np.testing.assert_array_equal(value, arrays[name])


def test_features_that_do_not_split_into_groups_have_no_place_in_tensorflow_1():
    cell = built(kg.GroupLSTMCell(UNITS, groups=2), 3, np.random.default_rng(3))
    with pytest.raises(ValueError, match=r"`groups` must divide.*groups=2 and 3 features"):
        convert.to_arrays(cell, "tf1_checkpoint")


def test_weights_in_zoneout_are_those_of_the_cell():
    rng = np.random.default_rng(3)
    cell = built(kg.LSTMCell(UNITS), FEATURES, rng)
    arrays = draw(cell, "haste", rng)
    wrapper = kg.Zoneout(kg.LSTMCell(UNITS), {"h": 0.3})
    wrapper.build((None, FEATURES))
    convert.from_arrays(kg.RNN(wrapper), "haste", **arrays)
    assert_equal_functions(wrapper, transcribed_others.haste_zoneout, arrays, rng, FEATURES)
    other = built(kg.WeightNorm(kg.LSTMCell(UNITS)), FEATURES, rng)
    with pytest.raises(TypeError, match="WeightNorm"):
        convert.to_arrays(other, "haste")


#: Library, cell, changes to what fits (None takes an array out), error, message.
REFUSED = [
    ("torchrecurrent", kg.MGUCell, {"bias_hh": None}, r"Missing: \['bias_hh'\]"),
    ("torchrecurrent", kg.MGUCell, {"weight_ph": np.ones(4)}, r"left over: \['weight_ph'\]"),
    ("torchrecurrent", kg.MGUCell, {"weight_hh": np.ones((8, 3))}, r"'weight_hh'.*\(8, 4\)"),
    ("torchrecurrent", kg.CFNCell, {"bias_ih": np.ones(12)}, r"'bias_ih'.*must be 0"),
    ("torchrecurrent", kg.JANETCell, {"beta": np.array(2.0)}, r"'beta' must be 1.0.*2"),
    ("sru", kg.SRU1Cell, {"weight_c": np.ones(8)}, "'weight_c'.*must be 0"),
    ("xlstm", kg.SLSTMCell, {"group_norm.weight": np.ones(4)}, "left over:.*group_norm"),
]


@pytest.mark.parametrize(("library", "cell_class", "changes", "message"), REFUSED)
def test_what_does_not_fit_changes_nothing(library, cell_class, changes, message):
    rng = np.random.default_rng(3)
    cell = built(cell_class(UNITS), UNITS, rng)
    arrays = convert.to_arrays(emptied(cell, convert.CONVENTIONS[library]), library)
    arrays |= {n: v if v is None else v.astype("float32") for n, v in changes.items()}
    before = built(cell, UNITS, rng).get_weights()
    arrays = {name: value for name, value in arrays.items() if value is not None}
    with pytest.raises(ValueError, match=message):
        convert.from_arrays(cell, library, **arrays)
    for one, same in zip(before, cell.get_weights(), strict=True):
        np.testing.assert_array_equal(one, same)


NO_PLACE = [
    ("torchrecurrent", kg.LEMCell, {}, TypeError, "the old z"),
    ("torchrecurrent", kg.LSTMCell, {}, TypeError, "`target` must be AntisymmetricRNNCell or"),
    ("haste", kg.GRUCell, {}, TypeError, "ResetAfterGRUCell"),
    ("tf1_checkpoint", kg.LayerNormLSTMCell, {}, TypeError, "LayerNormBasicLSTMCell"),
    ("torchrecurrent", kg.IntersectionRNNCell, {}, ValueError, "must be the identity"),
    ("mingru", kg.MinGRUCell, {}, ValueError, "'bias'.*must be 0"),
    ("haste", kg.LayerNormLSTMCell, {}, ValueError, "'beta_x'.*must be 0"),
    ("tf1_checkpoint", kg.MinimalRNNCell, {}, ValueError, "'bias'.*must be 0"),
    ("tf1_checkpoint", kg.LSTMCell, {"use_bias": False}, ValueError, "must have `use_bias`"),
    ("xlstm", kg.SLSTMCell, {"heads": 2}, ValueError, "from one head to another"),
]


@pytest.mark.parametrize(("library", "cell_class", "arguments", "error", "message"), NO_PLACE)
def test_what_has_no_place_in_a_library_is_refused(library, cell_class, arguments, error, message):
    cell = built(cell_class(UNITS, **arguments), UNITS, np.random.default_rng(3))
    with pytest.raises(error, match=message):
        convert.to_arrays(cell, library)


@pytest.mark.parametrize(
    ("cell", "weight", "columns"),
    [(kg.GroupLSTMCell(4, groups=2), "kernel", 2), (kg.SLSTMCell(4, heads=2), "head_kernel", 2)],
    ids=["GroupLSTM", "SLSTM"],
)
def test_blocks_of_weights_of_a_shape_of_their_own_are_equal_parts(cell, weight, columns):
    cell.build((None, FEATURES))
    for own in cell.weights:
        own.assign(random(np.random.default_rng(3), *own.shape))
    others = {w.name: w.name for w in cell.weights if w.name != weight}
    layouts = convert.Layouts({type(cell).__name__: {weight: f"{weight}: g o i f", **others}})
    held = keras.ops.convert_to_numpy(getattr(cell, weight))
    i, f, g, o = np.split(held, 4, axis=-1)
    assert i.shape[-1] == columns
    given = convert.to_arrays(cell, layouts)[weight]
    np.testing.assert_array_equal(given, np.concatenate([g, o, i, f], axis=-1))


def test_a_backbone_without_biases_has_zeros_in_ncps():
    cell = kg.CfCCell(UNITS, use_bias=False, backbone_units=5, backbone_layers=2)
    cell.build((None, FEATURES))
    arrays = convert.to_arrays(cell, "ncps")
    assert arrays["backbone.2.bias"].shape == (5,)
    convert.from_arrays(cell, "ncps", **arrays)
