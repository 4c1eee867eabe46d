"""What explains a cell on a backend other than TensorFlow; run by `test_backends.py`."""

import keras
import pytest

import kerasgates as kg
from tests.cases import MASK, as_array, assert_drawn, every_cell, identify, inputs, randomise
from tests.tolerances import FLOAT32, assert_close

#: Outputs that are a state and are none, matrices, a time; and products of parts of the weights.
NAMES = ("LSTMCell", "MogrifierLSTMCell", "DeltaNetCell", "GRUDCell")
CASES = [case for case in every_cell() if case[0] in NAMES]


def test_every_cell_can_be_written_as_equations():
    """Its step then runs with symbols in place of tensors, which operations of a backend refuse."""
    for name, arguments in every_cell():
        cell = getattr(kg, name)(4, **arguments)
        for state in cell.states:
            assert f"{state}'" in kg.equations(cell), name


@pytest.mark.parametrize(("name", "arguments"), CASES, ids=identify)
def test_a_trace_a_diagram_and_a_report(name, arguments, rng, tmp_path):
    layer = kg.layer_of(getattr(kg, name))(4, return_sequences=True, **arguments)
    model = keras.Sequential([keras.Input((7, 3)), keras.layers.Masking(), layer])
    randomise(model, rng)
    x = inputs(rng) * MASK[..., None]
    found = kg.trace(model, x)[layer.name]
    wanted = as_array(layer(x, mask=MASK))
    shown = {**found.gates, **found.states}[layer.cell.output_name or layer.cell.states[0]]
    assert_close(shown[MASK], wanted[MASK], FLOAT32)
    kg.plot.cell(layer.cell).figure.savefig(tmp_path / "cell.png")
    assert_drawn(tmp_path / "cell.png")
    kg.report(model, x, path=tmp_path / "report.html")
    assert layer.name in (tmp_path / "report.html").read_text()
