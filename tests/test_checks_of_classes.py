"""Slips of those who write a cell: each is answered by what was written and what would be right."""

import functools
import types
import warnings

import keras
import numpy as np
import pytest

import kerasgates as kg


def good(self, Wx, U, h):
    return (self.activation(Wx.n + h @ U.n),), {}


def narrow(self, Wx, U, h):
    return (Wx.n[:, :2] + (h @ U.n)[:, :2],), {}


def keep_both(self, Wx, U, h, c):
    return (h, c), {}


def build_alone(self, input_shape):
    self.scale = self.add_weight(shape=(4,), name="scale")


def build_misspelt(self, input_shape):
    kg.AbstractRNNCell.build(self, input_shape)
    self.scale = self.add_role_weight("scale", (4,), "scal")


def of(**members):
    """A class of cells with one gate and one state, and these members."""
    members = {"gates": ("n",), "states": ("h",), "step": good, **members}
    members = {name: value for name, value in members.items() if value is not None}
    return type("SlipCell", (kg.AbstractRNNCell,), members)


SLIPS = {
    "no gates": ({"gates": None}, r"no arguments \['units'\]. It has `step` and no `gates`"),
    "no base's build": ({"build": build_alone}, r"must call super\(\).build\(input_shape\)"),
    "no return": ({"step": lambda self, Wx, U, h: None}, r"Forgot `return`\? Received: None"),
    "a state alone": ({"step": lambda self, Wx, U, h: h}, "must return a tuple of 1 new states"),
    "a list of values": (
        {"step": lambda self, Wx, U, h: ((h,), [h])},
        "and a dict of gate values",
    ),
    "a narrow state": (
        {"step": narrow},
        # Keras's own layer hands the state back, before a step fails by it.
        r"(its state 'h' with 4 entries .* shape |needs `states` of shapes h: .* shapes .)\(2, 2\)",
    ),
    "a role": (
        {"roles": {"scale": "ones"}, "build": build_misspelt},
        r"`role` must be one of \[.*'scale'\].* Received: 'scal': did you mean 'scale'",
    ),
    "one size of two": (
        {"states": ("h", "c"), "step": keep_both, "state_size": property(lambda self: self.units)},
        r"must be a list of a size for each of its states \('h', 'c'\). Received: state_size=4",
    ),
    "a state less": (
        {"states": ("h", "c")},
        r"must take \(self, Wx, U, h, c\), .* Received: step\(self, Wx, U, h\)",
    ),
}


@pytest.mark.parametrize("slip", SLIPS)
@pytest.mark.parametrize("kind", [kg.RNN, keras.layers.RNN])
def test_a_slip_is_named(slip, kind):
    members, message = SLIPS[slip]
    with pytest.raises((ValueError, TypeError), match=f"(?s)SlipCell.*{message}|{message}"):
        kind(of(**members)(4))(np.ones((2, 5, 3), "float32"))


def test_a_misspelt_declaration_is_warned_of():
    with pytest.warns(UserWarning, match="`recurent_gates`.* did you mean `recurrent_gates`"):
        of(recurent_gates=())


def injected(step):
    """A decorator that hands a step an argument more."""

    @functools.wraps(step)
    def wrapped(self, Wx, U, h):
        return step(self, Wx, U, h, 2.0)

    return wrapped


class StatesOfItsOwn(kg.AbstractRNNCell):
    """A cell that says what its states are when it is made."""

    gates, states = ("n",), ("h",)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.states = ("h", "c")

    def step(self, Wx, U, h, c):
        return (h + self.activation(Wx.n + h @ U.n), c), {}


def test_what_only_looks_like_a_slip_is_taken():
    x = np.ones((2, 5, 3), "float32")
    members = [
        {"step": lambda self, Wx, U, *states: ((states[0],), {})},
        {"step": lambda self, Wx, U, h, scale=2.0: ((scale * h,), {})},
        {"step": injected(lambda self, Wx, U, h, scale: ((scale * h,), {}))},
        {"step": lambda self, Wx, U, h: [[h], types.MappingProxyType({"n": h})]},
        {"step": lambda self, Wx, U, h: ((h,), {"n": h} if self.state == ("x",) else {})}
        | {"state": ("x",)},
        {"gain": 2.0, "recurrence": (), "inputs_seen": ("x",), "unit": "mm"},
        {"state_names": ("hidden",), "steps": "fine", "dropouts": (0.1,), "output_sizes": (1,)},
    ]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for own in members:
            assert kg.RNN(of(**own)(4))(x).shape == (2, 4)
    assert kg.RNN(StatesOfItsOwn(4))(x).shape == (2, 4)
