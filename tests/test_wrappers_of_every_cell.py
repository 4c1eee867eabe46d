"""Wrappers around every cell: what they run, what they refuse, and what the manual says of it."""

import re
from pathlib import Path

import keras
import numpy as np
import pytest

import kerasgates as kg
from kerasgates.core import operations
from tests.cases import REQUIRED, as_array, as_tensor, every_cell, named_cases

PAGE = Path(__file__).parent.parent / "docs" / "pages" / "wrappers.md"

#: Those of the package, and not those that tests register.
CELLS = [name for name, _ in every_cell()]
#: The wrappers that add a block, a weight or a state of their own to a step.
ADDING = {
    "Zoneout": lambda cell: kg.Zoneout(cell, 0.3),
    "Residual": kg.Residual,
    "Highway": kg.Highway,
    "Projection": lambda cell: kg.Projection(cell, 3),
    "Attention": lambda cell: kg.Attention(cell, 2),
    "CellClip": lambda cell: kg.CellClip(cell, 1.0),
    "Dilated": lambda cell: kg.Dilated(cell, 2),
}
#: All, and those that ask what weights a cell has.
WRAPPERS = {
    **ADDING,
    "LayerNormGates": kg.LayerNormGates,
    "WeightNorm": kg.WeightNorm,
    "DropConnect": kg.DropConnect,
}


def made(name):
    """A cell of a class, and a number of features that it reads: as many as its output has."""
    # Its features are values, as many masks, and a time.
    units = 5 if name == "GRUDCell" else 4
    cell = getattr(kg, name)(units, **REQUIRED.get(name, {}))
    return cell, cell.output_size


def steps(cell, features, rng, batch=2):
    """Outputs and last states of two steps, by tensors that have values."""
    x = as_tensor(rng.normal(size=(2, batch, features)).astype("float32"))
    states = cell.get_initial_state(batch_size=batch)
    for now in (x[0], x[1]):
        output, states = cell(now, states)
    return as_array(output), [as_array(state) for state in keras.tree.flatten(states)]


@pytest.mark.slow
@pytest.mark.parametrize("half", [0, 1])
def test_every_cell_makes_a_step_in_every_wrapper(half, rng):
    """On TensorFlow a step by hand cuts blocks in another way than one that is traced."""
    with named_cases() as case:
        for name in CELLS[half::2]:
            for kind, wrap in ADDING.items():
                # A new one each time: of a cell that is not built some sizes are not known.
                cell, features = made(name)
                with case(f"{kind}({name})"):
                    wrapped = told(f"{kind}({name})", of_layer, wrap(cell), features)
                    output, states = told(f"{kind}({name})", steps, wrapped, features, rng)
                    assert output.shape == (2, wrapped.output_size)
                    assert [s.shape[1] for s in states] == wrapped.state_sizes
                    assert np.isfinite(output).all()


def of_layer(cell, features):
    """The cell, as a layer builds it."""
    layer = kg.RNN(cell)
    layer.build((None, None, features))
    return layer.cell


def told(which, function, *arguments):
    """What a function gives; errors of any kind as failures of a case."""
    try:
        return function(*arguments)
    except Exception as error:
        raise AssertionError(f"{which}: {type(error).__name__}: {error}") from error


def test_one_block_is_the_whole_tensor(rng):
    value = rng.normal(size=(2, 5)).astype("float32")
    for widths in ([5], (5,), 1):
        (part,) = operations.split(as_tensor(value), widths)
        np.testing.assert_array_equal(as_array(part), value)


@pytest.fixture(scope="module")
def answers():
    """Of every cell: whether it has a `recurrent_kernel`, and by wrapper what refuses it."""
    found = {}
    for name in CELLS:
        cell, features = made(name)
        cell.build((None, features))
        messages = {kind: refusal(wrap, *made(name)) for kind, wrap in WRAPPERS.items()}
        found[name] = cell.recurrent_kernel is not None, messages
    return found


def refusal(wrap, cell, features):
    """What a wrapper says of a cell that it refuses; None where it takes it."""
    try:
        wrap(cell).build((None, features))
    except ValueError as error:
        return str(error)
    return None


def refused_in_the_manual():
    """By wrapper, the cells that the table of the page names."""
    found = dict.fromkeys(WRAPPERS, ())
    table = PAGE.read_text("utf-8").split("| refuses |")[1].split("\n\n")[0]
    for line in table.splitlines()[2:]:
        kinds, cells = (re.findall(r"`(\w+)`", column) for column in line.split("|")[1:3])
        found |= dict.fromkeys(kinds, cells)
    return found


@pytest.mark.slow
def test_the_manual_names_every_cell_that_a_wrapper_refuses(answers):
    told_of = refused_in_the_manual()
    assert all(told_of[kind] for kind in ("LayerNormGates", "WeightNorm", "DropConnect"))
    for kind in WRAPPERS:
        messages = {name: said[kind] for name, (_, said) in answers.items() if said[kind]}
        assert {*messages} == {*told_of[kind]}, kind
        for name, message in messages.items():
            assert message.startswith(f"Argument `cell` of {kind} must"), message
            assert f"Received: {name}" in message, message


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["WeightNorm", "DropConnect"])
def test_what_is_said_of_a_cell_that_is_refused_is_true(kind, answers):
    """Many have recurrent weights, of other names: it is the matrix that they lack."""
    for name, (has_matrix, said) in answers.items():
        assert has_matrix == (said[kind] is None), name
        if not has_matrix:
            assert "must have its recurrent weights in `recurrent_kernel`" in said[kind]
            assert said[kind].endswith(f"Received: {name}, which has no such matrix")


@pytest.mark.parametrize("wrap", [kg.Residual, kg.Highway])
def test_outputs_of_another_size_than_the_input_are_refused_when_built(wrap):
    for name in CELLS:
        cell, features = made(name)
        with pytest.raises(ValueError, match=rf"features, {features + 2}\. Received.*Projection"):
            wrap(cell).build((None, features + 2))


@pytest.mark.parametrize("name", ["PhasedLSTMCell", "MCLSTMCell", "TimeAwareLSTMCell", "CfCCell"])
def test_one_feature_is_spoken_of_in_the_singular(name):
    arguments = {"elapsed": None} if name == "CfCCell" else REQUIRED.get(name, {})
    cell = getattr(kg, name)(4, **arguments)
    (letter,) = cell.aside
    said = f"{name} reads inputs of more than 1 feature: the last is {letter}. Received: 1 feature"
    with pytest.raises(ValueError, match=re.escape(said) + "$"):
        cell.build((None, 1))


def test_several_features_are_spoken_of_in_the_plural():
    said = "of more than 2 features: the last are y. Received: 2 features"
    with pytest.raises(ValueError, match=said):
        kg.MCLSTMCell(4, mass=2).build((None, 2))


@pytest.mark.parametrize(
    ("rate", "message"),
    [
        (
            {"q": 0.1},
            r"a dict whose keys are some of the states \('h', 'c'\). Received: .*'q': 0.1",
        ),
        ({"h": 0.1, 3: 0.1}, r"keys are some of the states .* Received: rate=\{'h': 0.1, 3: 0.1\}"),
        ({}, r"must be a number, or a dict whose keys .* Received: rate=\{\}"),
        ({"c": 2}, r"`rate\['c'\]` of Zoneout must be a number in \[0, 1\). .* rate\['c'\]=2"),
        (["h"], r"`rate` of Zoneout must be a number in \[0, 1\). Received: rate=\['h'\]"),
    ],
)
def test_rates_by_state_are_told_of_as_a_dict(rate, message):
    with pytest.raises(ValueError, match=message):
        kg.Zoneout(kg.LSTMCell(3), rate)
