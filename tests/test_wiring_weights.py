"""Wiring diagrams show what is learned: matrices, scales of single entries, biases."""

import pytest
from keras import ops

import kerasgates as kg
from kerasgates.plot.wiring import Layout, Wiring

pytest.importorskip("matplotlib")
from matplotlib.colors import to_hex

from kerasgates.plot.diagram import LAYER


@kg.register
class StretchedCell(kg.AbstractRNNCell):
    """Weights of each entry in every place that they can have."""

    gates = ("a",)
    states = ("h", "m")
    roles = {"scale": "ones"}

    def build(self, input_shape):
        super().build(input_shape)
        self.scale_in = self.add_role_weight("scale_in", (self.units,), "scale")

    def norm(self, value, scale):
        return scale * value / ops.max(ops.abs(value), axis=-1, keepdims=True)

    def step(self, Wx, U, h, m):
        a = self.activation((Wx + h @ U).a)
        s = self.scale_in
        m = (self.norm(m, s) - s) + (s - m) + m / s + s / (1.0 + m) + s * ops.tanh(m) + (1.0 - m)
        return (a, m), {"a": a}


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
