"""Wiring diagrams show what is learned: matrices, scales of single entries, biases."""

import keras
import numpy as np
import pytest
from keras import ops

import kerasgates as kg
from kerasgates.plot.wiring import Layout, Wiring
from kerasgates.plot.wiring.parts import Part
from kerasgates.plot.wiring.routing import MOST_LETTERS, label_of
from tests.odd_cells import StretchedCell
from tests.test_equations_of_own_cells import MixedCell, own_cell

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


def test_layers_of_one_letter_are_told_apart_by_index_or_gate():
    for cell in (kg.CfCCell, kg.SRUCell, kg.LRUCell, kg.GLACell, kg.MILSTMCell, kg.MLSTMCell):
        layers = [(part.label, part.name) for part in Wiring(cell).parts if part.kind == "layer"]
        assert len({*layers}) == len(layers), layers
    assert {"V_s", "V_z"} <= {part.label for part in Wiring(kg.CfCCell).parts}
    # What is the only one needs no index.
    assert "R" in {part.label for part in Wiring(kg.ProjectedLSTMCell).parts}


def test_layers_and_methods_with_weights_are_learned():
    learned = {part.label: part.learned for part in Wiring(MixedCell(4)).parts}
    assert {"mix": True, "norm": True, "blend_2": True}.items() <= learned.items()
    assert learned["×λ"]
    assert [label for label, is_learned in learned.items() if is_learned and "conv(" in label]
    # A method's own weights, and one number for all entries.
    assert {p.label for p in Wiring(kg.RGLRUCell).parts if p.learned} >= {"V_r", "V_i"}
    assert {p.label for p in Wiring(kg.FastRNNCell).parts if p.learned} >= {"×σ(α)", "×σ(β)"}


def test_constants_and_draws_are_seen_and_not_learned():
    seeds = keras.random.SeedGenerator(1)

    def step(self, Wx, U, h):
        noise = keras.random.normal(ops.shape(h), seed=seeds)
        return (ops.tanh(Wx.a + h @ U.a + noise) * np.arange(1.0, 5.0).astype("float32"),), {}

    learned = {p.label: p.learned for p in Wiring(own_cell(gates=("a",), step=step)(4)).parts}
    assert {"+ε": False, "×C": False}.items() <= learned.items()


def test_long_labels_end_with_a_whole_argument():
    for number in range(1, 9):
        label = "function(·, " + ", ".join(["0.00123"] * number) + ")"
        short = label_of(Part("function", label))
        assert len(short) <= MOST_LETTERS
        assert short == label or short.endswith((", 0.00123, …)", "(·, …)"))
    assert label_of(Part("function", "x" * 40)).endswith("x…")


def test_a_transposition_is_a_word():
    labels = {part.label for part in Wiring(kg.MLSTMCell).parts}
    assert "transpose" in labels
    assert "ᵀ" not in labels
