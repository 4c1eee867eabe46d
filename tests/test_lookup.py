"""Cells by name: what is registered, and how it is found."""

import keras
import pytest

import kerasgates as kg
from kerasgates.core.registry import CELLS
from tests.cases import every_cell


@pytest.fixture
def own_cell():
    class ThirdOrderCell(kg.GRUCell):
        """A cell of somebody's own."""

    yield kg.register(ThirdOrderCell)
    del CELLS["ThirdOrderCell"]


def test_all_cells_are_listed_and_found_in_every_spelling():
    names = kg.list_cells()
    shipped = [name for name, _ in every_cell()]
    assert {*shipped} <= {*names}
    for name in shipped:
        short = name.removesuffix("Cell")
        for form in (name, short, name.lower(), short.upper(), f"{short}-cell", f"{short}_Cell"):
            assert kg.get(form).__name__ == name
    assert kg.get("peephole-lstm") is kg.get("peephole_LSTM_cell") is kg.PeepholeLSTMCell
    names.clear()
    assert kg.list_cells(), "the list is the caller's own"


def test_a_users_own_cell_is_listed_and_found(own_cell):
    assert kg.list_cells()[-1] == "ThirdOrderCell"
    assert kg.get("third-order") is own_cell


def test_what_is_a_cell_already_is_taken_as_activations_get_does():
    for name, required in every_cell():
        cell = CELLS[name]
        layer = kg.layer_of(cell)
        for one in (cell, cell(2, **required), layer, layer(2, **required)):
            assert kg.get(one) is cell
    assert kg.get(kg.RNN(kg.LSTMCell(3))) is kg.LSTMCell


def test_errors_name_the_nearest_cell_or_what_would_be_right(own_cell):
    with pytest.raises(ValueError, match=r"`identifier`: there is no cell 'lstmm'.*'LSTM'\?"):
        kg.get("lstmm")
    with pytest.raises(ValueError, match=r"did you mean 'ThirdOrder'\?"):
        kg.get("thirdordr")
    with pytest.raises(ValueError, match=r"there are: (\w+, ){3}"):
        kg.get("qqq")
    for wrong in (None, 3, keras.layers.LSTMCell, keras.layers.LSTM(3), kg.RNN, kg.AbstractRNNCell):
        with pytest.raises(ValueError, match="must be the name of a registered cell"):
            kg.get(wrong)


def test_an_unregistered_subclass_is_not_taken_for_its_base():
    class LSTMCell(kg.LSTMCell):
        """Of the same name as a registered one."""

    with pytest.raises(ValueError, match="must be the name of a registered cell"):
        kg.get(LSTMCell)
