"""Traces of wrapped cells whose outputs have other sizes than their memories."""

import keras
import numpy as np
import pytest

import kerasgates as kg
from tests.cases import named_cases, randomise

UNITS, OUTPUTS = 4, 3

#: Cells whose outputs are not of the size of the memory, and wrappers that add to such an output.
INNER = {
    "ProjectedLSTM": lambda: kg.ProjectedLSTMCell(UNITS, projection_units=OUTPUTS),
    "Projection(LSTM)": lambda: kg.Projection(kg.LSTMCell(UNITS), OUTPUTS),
    "Projection(GRU)": lambda: kg.Projection(kg.GRUCell(UNITS), OUTPUTS),
    "SCRN": lambda: kg.SCRNCell(2, context_units=1),
}
AROUND = {
    "Highway": kg.Highway,
    "Residual": kg.Residual,
    "Attention": lambda cell: kg.Attention(cell, 2),
    "Zoneout": lambda cell: kg.Zoneout(cell, 0.2),
}


def traced(cell, rng, **arguments):
    """The trace of the cell in a model."""
    model = keras.Sequential(
        [keras.Input((None, OUTPUTS)), kg.RNN(cell, return_sequences=True, name="layer")]
    )
    randomise(model, rng)
    x = rng.normal(size=(2, 5, OUTPUTS)).astype("float32")
    (found,) = kg.trace(model, x, **arguments).values()
    return found


@pytest.mark.slow
@pytest.mark.parametrize("inner", INNER)
def test_shares_fit_the_memory_or_there_are_none(inner, rng):
    """Of as many units as the output has entries, sizes alone would not tell them apart."""
    with named_cases() as case:
        for around, wrap in AROUND.items():
            gated = around.startswith("Highway")
            for units in (None, [0, 1, 2]) if gated and inner != "SCRN" else (None,):
                found = traced(wrap(INNER[inner]()), rng, units=units)
                with case(f"{around}({inner}) {units}"):
                    sizes = {share.shape for share in found.roles.values()}
                    assert sizes <= {(2, 5, len(found.units))}
                    assert found.roles.keys() == found.role_texts.keys()
                    # A gate of the output behind a matrix is no share of an entry of the memory.
                    assert not (gated and found.roles), found.role_texts


def test_shares_of_the_memory_are_there_where_the_output_only_gets_more(rng):
    for wrap in (AROUND["Residual"], AROUND["Attention"]):
        found = traced(wrap(INNER["ProjectedLSTM"]()), rng)
        texts = {name: found.role_texts[name] for name in ("kept", "taken", "shown")}
        assert texts == {"kept": "f", "taken": "i", "shown": "o"}
        np.testing.assert_array_equal(found.roles["shown"], found.gates["o"])
    found = traced(kg.Highway(kg.LSTMCell(OUTPUTS)), rng)
    assert found.role_texts["shown"] == "o ⊙ t"
    np.testing.assert_allclose(found.roles["shown"], found.gates["o"] * found.gates["t"])
