"""Wiring diagrams show what is learned: matrices, scales of single entries, biases."""

import pytest

import kerasgates as kg
from kerasgates.plot.wiring import Layout, Wiring
from tests.odd_cells import StretchedCell

pytest.importorskip("matplotlib")
from matplotlib.colors import to_hex

from kerasgates.plot.diagram import LAYER


def test_what_is_learned_shows_as_learned():
    """Scales and biases of single entries, inside a normalisation, too; and nothing else."""
    learned = {
        cell: {part.label for part in Wiring(cell).parts if part.learned}
        for cell in (StretchedCell, kg.LayerNormLSTMCell, kg.ESNCell, kg.UGRNNCell)
    }
    s = "scale_in"
    assert learned[StretchedCell] == {
        "tanh",
        "norm",
        f"−{s}",
        f"{s}−",
        f"/{s}",
        f"{s}/",
        f"×{s}",
    }
    assert learned[kg.LayerNormLSTMCell] == {"LN", "+b"}
    assert learned[kg.ESNCell] == {"tanh"}
    assert learned[kg.UGRNNCell] == {"σ", "tanh"}
    not_learned = {part.label for part in Wiring(StretchedCell).parts if not part.learned}
    assert {"tanh", "1−", "+"} <= not_learned
    # In the picture these are yellow, and only these.
    ax = kg.plot.cell(kg.LayerNormLSTM)
    labels = [text.get_text() for text in ax.texts if text.get_zorder() == 3]
    yellow = [to_hex(patch.get_facecolor()).upper() == LAYER for patch in ax.patches]
    parts = Layout(kg.LayerNormLSTM).at
    assert yellow == [part.learned for part in parts]
    assert sum(yellow) == 4
    assert len(labels) >= len(parts)
