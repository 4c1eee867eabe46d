"""The bias b_f at initialisation, and initialisers that are functions or classes of a user's."""

import inspect

import keras
import numpy as np
import pytest

import kerasgates as kg
from tests.cases import FEATURES, REQUIRED, UNITS, as_array, every_cell
from tests.test_replacing_gates import ReplacingCell

registered = keras.saving.register_keras_serializable("kerasgates.tests")


@registered
def twos(shape, dtype=None):
    return keras.ops.full(shape, 2.0, dtype=dtype)


@registered
class Filled:
    """No subclass of Keras's initialisers."""

    def __init__(self, value):
        self.value = value

    def __call__(self, shape, dtype=None):
        return keras.ops.full(shape, self.value, dtype=dtype)

    def get_config(self):
        return {"value": self.value}

    @classmethod
    def from_config(cls, config):
        return cls(**config)


def parameters(cell):
    return inspect.signature(kg.get(cell) if isinstance(cell, str) else cell).parameters


@pytest.mark.parametrize("amount", [3.0, 0, -2.5])
def test_b_f_is_the_number_in_every_cell_that_has_it(amount):
    """Whatever `bias_initializer` gives; where an open f replaces, its negative."""
    found = [name for name, _ in every_cell() if "initial_forget_bias" in parameters(name)]
    assert len(found) >= 12
    for cell_class in (*map(kg.get, found), ReplacingCell):
        arguments = {**REQUIRED.get(cell_class.__name__, {}), "bias_initializer": "ones"}
        cell = cell_class(UNITS, use_bias=True, initial_forget_bias=amount, **arguments)
        cell.build((None, FEATURES))
        gates = cell.biased_gates
        edges = np.cumsum(cell.widths_of(gates))[:-1]
        for gate, block in zip(gates, np.split(as_array(cell.bias), edges, axis=-1), strict=True):
            sign = -1 if gate in cell.replacing_gates else 1
            assert (block == (sign * amount if gate == "f" else 1)).all(), (cell_class, gate)


def test_cells_whose_b_f_starts_like_others_have_no_such_argument():
    for cell in ("MGU", "GRU", "SimpleRNN", "OriginalLSTM"):
        assert "initial_forget_bias" not in parameters(cell)
    assert "negative the bias b_f" in ReplacingCell.__doc__
    assert "in place of the 1 of `unit_forget_bias`" in " ".join(kg.LSTM.__doc__.split())


def test_it_stands_beside_a_dict_for_other_gates_and_survives_configs():
    layer = kg.LSTM(2, initial_forget_bias=5, bias_initializer={"i": -1.0})
    again = kg.LSTM.from_config(layer.get_config())
    again.build((None, None, 3))
    assert as_array(again.cell.bias).tolist() == [-1, -1, 5, 5, 0, 0, 0, 0]
    assert again.initial_forget_bias == 5
    assert again.get_config() == layer.get_config()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"unit_forget_bias": False}, "and `unit_forget_bias` of LSTMCell are at odds.*=False"),
        ({"use_bias": False}, "and `use_bias` of LSTMCell are at odds"),
        ({"bias_initializer": {"f": 1.0}}, "and `bias_initializer` of LSTMCell are at odds.*'f'"),
        ({"initial_forget_bias": "high"}, "of LSTMCell must be a number that is finite"),
        ({"initial_forget_bias": np.nan}, "of LSTMCell must be a number that is finite"),
    ],
    ids=str,
)
def test_what_contradicts_it_is_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        kg.LSTMCell(2, **{"initial_forget_bias": 3.0, **arguments})


def test_registered_functions_and_classes_as_initialisers_survive_saving(tmp_path):
    by_gate = {"i": twos, "o": Filled(4.0)}
    layer = kg.PeepholeLSTM(
        UNITS, kernel_initializer=twos, peephole_initializer=Filled(3.0), bias_initializer=by_gate
    )
    model = keras.Sequential([keras.Input((None, FEATURES)), layer])
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    # The weights of a file hide what would be drawn: another layer is made of the config.
    fresh = kg.PeepholeLSTM.from_config(loaded.layers[0].get_config())
    fresh.build((None, None, FEATURES))
    assert (as_array(fresh.cell.kernel) == 2).all()
    assert (as_array(fresh.cell.peephole_o) == 3).all()
    assert as_array(fresh.cell.bias).reshape(4, -1)[:, 0].tolist() == [2, 1, 0, 4]


def test_a_function_that_is_not_found_again_is_told_what_is_missing():
    def unknown(shape, dtype=None):
        return keras.ops.ones(shape, dtype=dtype)

    config = kg.LSTM(2, kernel_initializer=unknown).get_config()
    with pytest.raises(ValueError, match=r"`kernel_initializer`.*register_keras_serializable\(\)"):
        kg.LSTM.from_config(config)
