"""Mogrifier LSTMs without rounds: the cells that they are made from."""

import re

import pytest

import kerasgates as kg
from tests.cases import MASK, as_array, inputs, make_layer
from tests.tolerances import FLOAT32, assert_close

#: Each cell, the one without rounds, and the weights that both have.
PLAIN = {"MogrifierLSTMCell": "LSTMCell", "TiedMogrifierLSTMCell": "CoupledLSTMCell"}


@pytest.mark.parametrize("name", PLAIN)
@pytest.mark.parametrize("loop", ["keras", "hoisted", "compiled"])
def test_no_rounds_leave_the_plain_cell(name, loop, rng):
    arguments = {"return_sequences": True, "loop": loop}
    mogrifier = make_layer(name, {"rounds": 0}, rng, **arguments)
    plain = make_layer(PLAIN[name], {}, rng, **arguments)
    assert [w.name for w in mogrifier.cell.weights] == ["kernel", "recurrent_kernel", "bias"]
    plain.set_weights(mogrifier.get_weights())
    x = inputs(rng)
    assert_close(as_array(mogrifier(x, mask=MASK)), as_array(plain(x, mask=MASK)), FLOAT32)
    again = type(mogrifier).from_config(mogrifier.get_config())
    assert again.cell.rounds == 0


@pytest.mark.parametrize("name", PLAIN)
def test_equations_and_traces_without_rounds(name, rng):
    layer = make_layer(name, {"rounds": 0}, rng)
    # A sum may have its parts in another order.
    shown, plain = (
        [sorted(re.split("[ ()]+", line)) for line in sorted(kg.equations(cell).splitlines())]
        for cell in (layer, getattr(kg, PLAIN[name]))
    )
    assert shown == plain
    (found,) = kg.trace(layer, inputs(rng)).values()
    assert [*found.gates] == [*layer.cell.gates]
    assert kg.plot.cell(layer).get_title() == name


@pytest.mark.parametrize("name", PLAIN)
@pytest.mark.parametrize("rounds", [-1, 1.5, True, None])
def test_impossible_numbers_of_rounds_are_refused(name, rounds):
    with pytest.raises(ValueError, match=rf"Argument `rounds` of {name} must be an integer.*Rec"):
        getattr(kg, name)(4, rounds=rounds)
