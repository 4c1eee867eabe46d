"""What a cell declares is all that lists, texts and tools know of it."""

import ast
import inspect
import re
from pathlib import Path

import keras
import numpy as np
import pytest

import kerasgates as kg
from kerasgates.bench import measure
from kerasgates.cli import catalogue
from kerasgates.core.cell import CELLS
from kerasgates.core.declarations import LETTERS, required
from kerasgates.insight.regimes import conditions
from tests.cases import (
    as_arrays,
    as_tensor,
    every_cell,
    identify,
    initial_states,
    inputs,
    make_layer,
    randomise,
)

PLAIN = {"gates": ("n",), "states": ("h",)}


@kg.register
class OwnDeclaredCell(kg.AbstractRNNCell):
    """An own argument, an own role and an argument that is required and no size.

    h' = φ(B(W x + U h + b) + v ⊙ h)

    Args:
        slope: how steep the function is.
    """

    gates = ("n",)
    states = ("h",)
    roles = {"decay": "random_normal"}
    descriptions = {"decay": "decays v", "kind": "name of the kind, 'a' or 'b'."}
    letters = {"decay": "v", "slope": "s", "bend": "B"}
    example = {"kind": "b"}

    def __init__(self, *args, kind, slope=2.0, **kwargs):
        super().__init__(*args, **kwargs)
        if kind not in ("a", "b"):
            raise ValueError(f"Argument `kind` must be 'a' or 'b'. Received: kind={kind!r}")
        self.kind, self.slope = kind, slope

    def build(self, input_shape):
        super().build(input_shape)
        self.decay = self.add_role_weight("decay", (self.units,), "decay")
        self.decay_late = self.add_role_weight("decay_late", (self.units,), "decay")

    def bend(self, a):
        return a * self.slope

    def step(self, Wx, U, h):
        h = self.activation(self.bend(Wx.n + h @ U.n) + (self.decay + self.decay_late) * h)
        return (h,), {}


def test_equations_write_what_the_class_declares():
    text = kg.equations(OwnDeclaredCell)
    assert text.splitlines()[0] == "h' = φ(B(W x + U h + b) + (v + v_late) ⊙ h)"
    assert kg.equations(OwnDeclaredCell(3, kind="a")) == text


def test_docstrings_are_put_together_from_the_declarations():
    layer = kg.layer_of(OwnDeclaredCell)
    for text in (OwnDeclaredCell.__doc__, layer.__doc__):
        assert (
            len(re.findall(r"^ +slope: how steep the function is. Default: 2.0.$", text, re.M)) == 1
        )
        assert "    kind: name of the kind, 'a' or 'b'.\n" in text
        assert "    decay_regularizer: regulariser of the decays v. Default: None." in text
        assert text.count("Args:") == 1
    assert layer.kind.__doc__ == "name of the kind, 'a' or 'b'."


def test_tools_make_a_cell_whose_required_argument_is_no_size():
    assert required(OwnDeclaredCell, 7) == {"kind": "b"}
    assert required(kg.ProjectedLSTMCell, 7) == {"projection_units": 7}
    assert required(kg.LSTMCell, 7) == {}
    assert catalogue.weights(OwnDeclaredCell)[-1] == "decay_late        (units,)"
    assert "kind (required)" in catalogue.describe("OwnDeclared")
    kg.plot.cell(OwnDeclaredCell)


def test_a_benchmark_gives_every_cell_what_it_needs():
    ((_, specs, _),) = measure.cells(["middle"], "LSTM")
    units = measure.WORKLOADS["middle"][-1]
    for name, spec in specs.items():
        kg.get(name.removeprefix("kerasgates."))(spec["units"], **spec.get("arguments", {}))
    assert specs["kerasgates.ProjectedLSTM"]["arguments"] == {"projection_units": units}


def test_declarations_are_added_to_those_of_the_bases():
    class More(kg.PeepholeLSTMCell):
        roles = {"scale": "ones"}
        letters = {"scale": "s"}

        def __init__(self, *args, rate=1.0, **kwargs):
            super().__init__(*args, **kwargs)
            self.rate = rate

    assert More.roles == {"peephole": "glorot_uniform", "scale": "ones"}
    assert More.letters["peephole"] == "p"
    assert {"peephole_constraint", "scale_initializer", "rate"} <= {*More.__signature__.parameters}
    assert "initialiser of the peepholes p." in More.__doc__
    assert "scale" not in kg.PeepholeLSTMCell.roles
    cell = More(3)
    cell.build((None, 2))
    assert cell.peephole_i.shape == (3,)


@pytest.mark.parametrize(
    ("declared", "message"),
    [
        ({"roles": ["peephole"]}, r"`roles` must be a dict of default initialisers by role"),
        ({"roles": {"kernel": "zeros"}}, r"`roles` must be of further weights.*'kernel'"),
        ({"roles": {"my role": "zeros"}}, r"`roles` must be a dict"),
        ({"letters": {"alpha": 3}}, r"`letters` must be a dict of letters"),
        ({"letters": {"bias": ()}}, r"`letters` must be a dict of letters"),
        ({"descriptions": {"alpha": None}}, r"`descriptions` must be a dict of sentences"),
        ({"descriptions": {"aplha": "a share."}}, r"`descriptions` must be .*'aplha': did you"),
        ({"example": {"aplha": 3}}, r"`example` must be of .*'aplha': did you mean 'alpha'\?"),
        ({"example": 3}, r"`example` must be a dict of values by argument"),
    ],
    ids=str,
)
def test_a_wrong_declaration_is_named_where_the_class_is_written(declared, message):
    def init(self, *args, alpha=1.0, **kwargs):
        kg.AbstractRNNCell.__init__(self, *args, **kwargs)
        self.alpha = alpha

    with pytest.raises(TypeError, match=f"Broken: {message}"):
        type("Broken", (kg.AbstractRNNCell,), {**PLAIN, "__init__": init, **declared})


def test_a_cell_in_the_style_of_keras_2_may_have_attributes_of_these_names():
    class Plain(kg.AbstractRNNCell):
        """Has nothing to declare."""

        letters, example, roles = "abc", 3, ("kernel",)

    assert (Plain.letters, Plain.example, Plain.roles) == ("abc", 3, ("kernel",))
    assert type("Other", (kg.AbstractRNNCell,), {"__doc__": "", "roles": None}).roles is None
    with pytest.raises(TypeError, match="Plain: `roles` must be a dict"):
        type("Gated", (Plain,), PLAIN)


def test_a_letter_of_nothing_is_named_when_the_equations_are_asked_for():
    class Misspelt(kg.SimpleRNNCell):
        letters = {"recurent_kernel": "V"}

    with pytest.raises(ValueError, match=r"`letters`.*'recurent_kernel'"):
        kg.equations(Misspelt)


def test_every_argument_of_our_cells_is_described():
    for name, cell in CELLS.items():
        if cell.__module__.startswith("kerasgates."):
            for argument in cell.__signature__.parameters:
                assert f"\n    {argument}: " in cell.__doc__, f"{name}: {argument}"


ACTIVATIONS = ("activation", "recurrent_activation", "output_activation")


@pytest.mark.slow
@pytest.mark.parametrize(("name", "needed"), every_cell(), ids=identify)
def test_every_activation_that_a_cell_takes_counts(name, needed):
    def after_a_step(**arguments):
        rng = np.random.default_rng(7)
        cell = make_layer(name, {**needed, **arguments}, rng).cell
        x, states = as_tensor(inputs(rng)[:, 0]), initial_states(cell, rng)
        return np.concatenate([a.ravel() for a in as_arrays(cell(x, states))])

    for argument in {*ACTIVATIONS} & {*inspect.signature(getattr(kg, name)).parameters}:
        other = after_a_step(**{argument: "softsign"})
        assert np.nanmax(np.abs(other - after_a_step())) > 1e-4, argument


#: Besides their own files, where cells are known by name: what other libraries and formats have.
TABLES_OF_OTHERS = ("cells", "interop", "export")
#: The cell that others are timed beside; the plainest, of which the compiled loop makes one to look
#: at; a word of the benchmark's, and of matplotlib's; and the names of Greek letters.
#: Words of the field and of the base, which are letters, roles or arguments of a cell as well.
WORDS = {"gate", "output", "mean", "smallest", "largest", "parametrise", "w"}
KNOWN = {
    "cli/bench.py": {"rounds"},
    "bench/measure.py": {"LSTMCell"},
    # What cells share that read a time, or the last input: mixins that they have in common.
    "core/set_aside.py": {"elapsed"},
    "core/last_input.py": {"previous", "previous_kernel"},
    "loops/attributes.py": {"SimpleRNNCell"},
    "plot/picture.py": {"projection"},
    # Weights and arguments of their own, which cells happen to have, too.
    "wrappers/attention.py": {"memory_kernel"},
    "wrappers/layer_norm_gates.py": {"epsilon", "gamma_initializer", "layer_norm"},
}


def test_no_other_file_knows_a_cell_by_its_name_or_by_arguments_of_its_own():
    shared = {*inspect.signature(kg.AbstractRNNCell.__init__.declared).parameters}
    names = set()
    for name, cell in CELLS.items():
        if cell.__module__.startswith("kerasgates."):
            own = {*cell.__signature__.parameters, *cell.roles} - shared
            names |= {name, *own, *(n for n in cell.letters if n not in LETTERS)} - WORDS
    assert {"LSTMCell", "projection_units", "peephole", "leaky", "layer_norm"} <= names
    root = Path(kg.__file__).parent
    files = [*root.rglob("*.py"), root.parent / "tools" / "write_stub.py"]
    for path in files:
        file = path.relative_to(root if root in path.parents else root.parent).as_posix()
        if not file.startswith(TABLES_OF_OTHERS):
            nodes = ast.walk(ast.parse(path.read_text()))
            known = {node.value for node in nodes if isinstance(node, ast.Constant)} & names
            assert known == KNOWN.get(file, set()), f"{file} knows {known}"


def test_a_cell_without_an_argument_is_without_what_it_does():
    class Quiet(kg.UGRNNCell):
        gates = ("z", "f")
        without = ("unit_forget_bias", "initial_update_bias")

        def step(self, Wx, U, h):
            z, f = Wx + h @ U
            h = self.recurrent_activation(z) * h + self.activation(f)
            return (h,), {}

    assert not {"unit_forget_bias", "initial_update_bias"} & {*inspect.signature(Quiet).parameters}
    cell = Quiet(3)
    cell.build((None, 2))
    assert (keras.ops.convert_to_numpy(cell.bias) == 0).all()


@pytest.mark.parametrize("letter", ["f", pytest.param("z", marks=pytest.mark.slow)])
def test_regimes_of_a_gate_that_replaces_where_it_is_open(letter, rng):
    """Beside the same cell whose gate keeps: its weights are the other's, negated."""

    def step_of(keeps):
        def step(self, Wx, U, h):
            gate, n = Wx + h @ U
            gate = self.recurrent_activation(gate)
            old, new = (gate, 1 - gate) if keeps else (1 - gate, gate)
            h = old * h + new * self.activation(n)
            return (h,), {letter: gate, "n": n}

        return step

    found, when = [], []
    for keeps in (True, False):
        members = {"gates": (letter, "n"), "states": ("h",), "step": step_of(keeps)}
        cell = type("GateCell", (kg.AbstractRNNCell,), members)(5)
        layer = kg.RNN(cell, loop="keras")
        model = keras.Sequential([keras.Input((6, 2)), layer])
        if keeps:
            randomise(layer, rng, scale=8.0)
            weights = layer.get_weights()
        else:
            layer.set_weights([w * np.repeat([-1, 1], 5).astype("float32") for w in weights])
        x = np.random.default_rng(3).normal(size=(4, 6, 2)).astype("float32")
        (trace,) = kg.trace(model, x).values()
        (regimes,) = kg.trace(model, x).regimes().values()
        found.append(regimes)
        when.append(dict(conditions(trace.role_texts)))
    assert (found[0] == found[1]).all()
    assert len({*found[0].ravel()} - {"between"}) == 2
    turn = {"open": "closed", "closed": "open"}
    turned = {k: re.sub("open|closed", lambda m: turn[m[0]], text) for k, text in when[0].items()}
    assert when[1] == turned
