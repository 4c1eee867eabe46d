"""Regimes are told where they mean what they say: by what gates do, whatever their letters."""

import keras
import numpy as np
import pytest
from keras import ops

import kerasgates as kg
from kerasgates.core.cell import CELLS
from kerasgates.formulas.direct_path import UNKNOWN
from kerasgates.formulas.printing import expression
from kerasgates.formulas.symbolic import Equations
from kerasgates.insight.regimes import MEANINGS
from kerasgates.insight.roles import roles_of
from tests import reference
from tests.cases import REQUIRED, initial_states, inputs, make_layer

#: What the gates of each cell do: kept, taken, shown, seen. "-" is for nothing of the kind.
LSTM, COUPLED = ("f", "i", "o", "1"), ("f", "1 − f", "o", "1")
GRU, MUT = ("z", "1 − z", "-", "r"), ("1 − z", "z", "-", "r")
MGU, BRC = ("1 − f", "f", "-", "f"), ("z", "1 − z", "-", "?")
ROLES = {
    **dict.fromkeys(["LSTM", "LayerNormLSTM", "ProjectedLSTM", "MILSTM"], LSTM),
    **dict.fromkeys(["PeepholeLSTM", "FullPeepholeLSTM", "WMCLSTM"], LSTM),
    **dict.fromkeys(["OriginalLSTM", "NoForgetGateLSTM"], ("1", "i", "o", "1")),
    **dict.fromkeys(["NoOutputGateLSTM", "NoOutputGatePeepholeLSTM"], ("f", "i", "1", "1")),
    **dict.fromkeys(["GRU", "ResetAfterGRU", "LayerNormGRU", "MIGRU"], GRU),
    **dict.fromkeys(["MUT1", "MUT3", "SlimGRU1", "SlimGRU2", "SlimGRU3"], MUT),
    **dict.fromkeys(["MGU", "MGU1", "MGU2", "MGU3"], MGU),
    **dict.fromkeys(["BRC", "NBRC"], BRC),
    "CoupledLSTM": COUPLED,
    "UGRNN": ("z", "1 − z", "-", "1"),
    "JANET": ("f", "i", "-", "1"),
    "RAN": ("f", "i", "1", "-"),
    "ATR": ("f", "i", "-", "-"),
    **dict.fromkeys(["MinimalRNN", "GILR"], ("z", "1 − z", "-", "-")),
    **dict.fromkeys(["QRNN", "QRNN2"], ("f", "1 − f", "o", "-")),
    **dict.fromkeys(["SRU", "SRU1"], ("f", "1 − f", "r", "-")),
    "GILRLSTM": ("f", "i", "o", "-"),
    "MinGRU": ("1 − z", "z", "-", "-"),
    "MinLSTM": ("f", "i", "-", "-"),
    "RGLRU": ("a", "i ⊙ sqrt(maximum(1 − a ⊙ a; 10⁻¹²))", "-", "-"),
}
#: Cells whose states are kept otherwise than by gates between 0 and 1, or not at all.
WITHOUT = ["SimpleRNN", "LayerNormSimpleRNN", "NAS", "ESN", "CFN", "STAR", "LEM", "CoRNN"]
WITHOUT += ["CTRNN", "FastRNN", "SLSTM", "MLSTM", "DeltaNet", "GatedDeltaNet", "GLA"]


def roles_in_words(cell):
    """Kept, taken, shown, seen by the gates of a cell or its class; None for no roles."""
    found = Equations(cell)
    roles = roles_of(found)
    words = {None: "-", UNKNOWN: "?"}
    return roles and tuple(
        words[v] if v in words else expression(v, found) for v in vars(roles).values()
    )


@pytest.mark.slow
def test_what_gates_do_is_known_of_every_cell():
    for name in (*ROLES, *WITHOUT):
        assert roles_in_words(CELLS[f"{name}Cell"]) == ROLES.get(name), name
    # Of the others they can be found, whatever they are.
    for name in {*reference.CELLS} - {f"{name}Cell" for name in (*ROLES, *WITHOUT)}:
        assert len(roles_in_words(CELLS[name]) or "none") == 4


class Written(kg.AbstractRNNCell):
    """Steps that do the same, or no such thing, in other words."""

    gates = ("a", "e", "n")
    states = ("h",)
    without = ("initial_update_bias", "unit_forget_bias")


def written(name, step):
    def whole(self, Wx, U, h):
        a, e, n = Wx + h @ U
        a, e, n = self.recurrent_activation(a), self.recurrent_activation(e), self.activation(n)
        return (step(a, e, n, h),), {"a": a, "e": e, "n": n}

    return type(name, (Written,), {"step": whole})


STEPS = {
    "interpolated": (lambda a, e, n, h: h + a * (n - h), ("1 − a", "a", "-", "1")),
    "no input gate": (lambda a, e, n, h: a * h + n, ("a", "1", "-", "1")),
    "two gates for one": (lambda a, e, n, h: a * e * h + (1 - a) * n, None),
    "negated": (lambda a, e, n, h: a * h - e * n, None),
    "more than all of it": (lambda a, e, n, h: (a + e) * h + a * n, None),
    "squared": (lambda a, e, n, h: a * h * h + e * n, None),
    "two that come in": (lambda a, e, n, h: a * h + e * n + (1 - e), None),
    "through the candidate": (lambda a, e, n, h: a * n, None),
}
STEPS["two gates for one"] = (STEPS["two gates for one"][0], ("a ⊙ e", "1 − a", "-", "1"))


def test_roles_are_a_matter_of_equations():
    for name, (step, expected) in STEPS.items():
        assert roles_in_words(written("Written", step)) == expected, name


def ends(rng, name, **biases):
    """Gates, states and regimes of a cell whose gates are at their ends, from random states."""
    arguments = REQUIRED.get(name, {})
    layer = make_layer(name, arguments, rng, units=2, loop="keras")
    bias = np.zeros_like(layer.cell.bias)
    for gate, amount in biases.items():
        first = 2 * layer.cell.biased_gates.index(gate)
        bias[first : first + 2] = amount
    layer.cell.bias.assign(bias)
    x, states = inputs(rng), initial_states(layer.cell, rng)
    trace = kg.trace(layer, x, initial_state=states)
    (names,) = trace.regimes().values()
    return next(iter(trace.values())), names


@pytest.mark.parametrize("name", ["MinimalRNNCell", "RANCell"])
def test_what_replaces_without_seeing_a_state_overwrites(name, rng):
    closed = {"z": -60.0} if name == "MinimalRNNCell" else {"i": 60.0, "f": -60.0}
    cell, names = ends(rng, name, **closed)
    assert {*names.ravel()} == {"overwrites"}
    memory = [*cell.states.values()][-1]
    np.testing.assert_allclose(memory, cell.gates["n"], rtol=1e-5)


def test_a_state_that_is_squashed_is_not_called_kept(rng):
    layer = make_layer("CFNCell", {}, rng, loop="keras")
    with pytest.raises(ValueError, match="Regimes need a memory whose shares"):
        kg.trace(layer, inputs(rng)).regimes()


def test_a_unit_whose_candidate_sees_its_state_by_no_share_is_between(rng):
    _, names = ends(rng, "BRCCell", z=-60.0)
    assert {*names.ravel()} == {"between"}
    _, names = ends(rng, "BRCCell", z=60.0)
    assert {*names.ravel()} == {"keeps"}


def test_roles_are_written_with_a_trace_and_older_files_have_none(rng, tmp_path):
    layer = make_layer("MGUCell", {}, rng, loop="keras")
    trace = kg.trace(layer, inputs(rng))
    trace.save(tmp_path / "trace.npz")
    (read,), (cell,) = kg.GateTrace.load(tmp_path / "trace.npz").values(), trace.values()
    assert read.role_texts == cell.role_texts == {"kept": "1 − f", "taken": "f", "seen": "f"}
    for role, share in cell.roles.items():
        np.testing.assert_array_equal(read.roles[role], share)
    with np.load(tmp_path / "trace.npz") as file:
        arrays = {name: array for name, array in file.items() if "/roles/" not in name}
    header = str(arrays["header"]).replace('"roles"', '"others"').replace('"role_texts"', '"o"')
    np.savez(tmp_path / "older.npz", **{**arrays, "header": np.array(header)})
    older = kg.GateTrace.load(tmp_path / "older.npz")
    np.testing.assert_array_equal(older[layer.name].gates["f"], cell.gates["f"])
    with pytest.raises(ValueError, match="Regimes need"):
        older.regimes()


def made_with(step):
    """A layer of a user's cell, with gates z and n, and states h and c, whose step is given."""

    @kg.register
    class ObstacleCell(kg.AbstractRNNCell):
        """A user's."""

        gates = ("z", "n")
        states = ("h", "c")

        def step(self, Wx, U, h, c):
            z, n = Wx + h @ U
            z, n = self.recurrent_activation(z), self.activation(n)
            h, c = step(z, n, h, c)
            return (h, c), {"z": z, "n": n}

    return kg.RNN(ObstacleCell(4), name="own")


def through_a_convolution(c):
    return ops.conv(c[..., None], ops.ones((3, 1, 1)), padding="same")[..., 0]


OBSTACLES = {
    "cannot be read through clip": lambda z, n, h, c: (
        (new := z * ops.clip(c, -0.5, 0.5) + (1 - z) * n) * 1.0,
        new,
    ),
    "cannot be read through conv": lambda z, n, h, c: (
        (new := z * through_a_convolution(c) + (1 - z) * n) * 1.0,
        new,
    ),
    "h goes into its next value through matrices or gates alone": lambda z, n, h, c: (n, z * n),
}
#: And where a share is kept, but there are no roles.
FURTHER = {
    "the share of c that is kept is not made of gates between 0 and 1": lambda z, n, h, c: (
        z * ops.tanh(c), 2 * z * c + n,
    ),
    "2 things come into c": lambda z, n, h, c: (z * ops.tanh(c), z * c + ops.sin(n) + n),
    "what comes into c is not weighed": lambda z, n, h, c: (c, z * c + 2 * n),
    "what comes into h holds another state, c": lambda z, n, h, c: (
        z * h + (1 - z) * ops.tanh(0.5 * c + n), c + n,
    ),
}  # fmt: skip


@pytest.mark.parametrize("cause", [*OBSTACLES, *FURTHER])
def test_what_is_said_is_the_cause(cause, rng, tmp_path):
    step = {**OBSTACLES, **FURTHER}[cause]
    trace = kg.trace(made_with(step), inputs(rng))
    trace.save(tmp_path / "trace.npz")
    for one in (trace, kg.GateTrace.load(tmp_path / "trace.npz")):
        with pytest.raises(ValueError, match=rf"between 0 and 1\. own: .*{cause}"):
            one.regimes()
        if cause in OBSTACLES:
            with pytest.raises(ValueError, match=rf"None has one: .*\. own: .*{cause}"):
                one.memory_horizon()


def test_without_steps_or_equations_that_is_the_cause(rng):
    x = inputs(rng)
    masked = kg.trace(make_layer("LSTMCell", {}, rng, loop="keras"), x, np.zeros(x.shape[:2], bool))
    with pytest.raises(ValueError, match="all its steps are masked"):
        masked.memory_horizon()

    def step(z, n, h, c):
        if isinstance(z, keras.KerasTensor):
            raise TypeError("numbers alone")
        return z * h + n, c

    layer = made_with(step)
    for one in ("regimes", "memory_horizon"):
        with pytest.raises(ValueError, match="own: its step cannot be read as equations"):
            getattr(kg.trace(layer, x), one)()
    some = kg.trace(make_layer("NASCell", {}, rng, loop="keras"), x, times=[1, 3])
    with pytest.raises(ValueError, match="depends on the state itself, and not all times"):
        some.memory_horizon()


def test_a_phased_memory_is_not_said_to_be_overwritten(rng):
    """Its h is replaced by what its c holds, which is a memory, too."""
    trace = kg.trace(make_layer("PhasedLSTMCell", {}, rng, loop="keras"), inputs(rng))
    with pytest.raises(ValueError, match="holds another state, c"):
        trace.regimes()


def test_every_regime_has_a_meaning():
    from kerasgates.insight.regimes import REGIMES

    assert {name for rules in REGIMES.values() for _, name in rules} == {*MEANINGS}
