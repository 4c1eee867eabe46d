"""Whatever model is exported: the file agrees with it, or a clear error and no file.

Hypothesis draws small models as people have them. `KERASGATES_EXPORTS=500` draws as many.
"""

import os
import tempfile
from pathlib import Path

import hypothesis
import keras
import numpy as np
import pytest

import kerasgates as kg
from kerasgates.core._keras import cells_within
from kerasgates.export import ExportError
from tests.cases import as_array
from tests.drawn_models import ENDINGS, Plan, arrays_for, make_model, plans

#: Examples of the slow test; asked for, they are others each time.
EXPORTS = os.environ.get("KERASGATES_EXPORTS")
#: Differences that pass, in units of the largest output where that is above 1.
PASSES = {"float32": 1e-5, "mixed_float16": 1e-2, "mixed_bfloat16": 8e-2}


@pytest.mark.slow
# Some drawn models do what Keras warns of: they convolve what is masked.
@pytest.mark.filterwarnings("ignore:Layer .* was passed an input with a mask:UserWarning")
@hypothesis.settings(
    max_examples=int(EXPORTS or 12),
    derandomize=EXPORTS is None,
    deadline=None,
    suppress_health_check=[*hypothesis.HealthCheck],
)
@hypothesis.given(plan=plans())
def test_the_file_agrees_or_there_is_a_clear_error_and_no_file(plan):
    hypothesis.note(f"from tests.test_export_properties import Plan, check\ncheck({plan!r})")
    check(plan)


@pytest.mark.slow
def test_a_model_that_cannot_be_made_again_is_refused_or_right():
    check(Plan(made="without config", to="onnx"))


def check(plan):
    """Raise where an export is neither right nor refused in words that help."""
    rng = np.random.default_rng(plan.seed)
    model = make_model(plan, rng)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"model{ENDINGS[plan.to]}")
        error = None
        try:
            getattr(kg.export, plan.to)(model, path, **dict(plan.options))
        except (ExportError, ValueError) as failure:
            error = failure
        written = [entry.name for entry in Path(folder).iterdir()]
        if error is not None:
            assert says_what(error, model), f"not clear: {error}"
            assert not written, f"{written} left after: {error}"
            return
        assert written == [path.name]
        predict = kg.export.load(path)
        # A form that fixes how many steps there are says so itself.
        for time in (1, 6):
            compare(plan, model, predict, arrays_for(plan, time, rng))


def says_what(error, model):
    """Whether a message names an argument, or a layer of the model."""
    named = [name for layer in cells_within(model, keras.Layer) for name in _names(layer)]
    if str(error).startswith("Exception encountered"):  # Keras's words for any error in a call.
        return False
    return "Argument `" in str(error) or any(name in str(error) for name in named)


def _names(layer):
    return layer.name, type(layer).__name__


def compare(plan, model, predict, arrays):
    """Raise where the file gives other numbers than the model, in any of its outputs."""
    given = [*arrays.values()]
    given = given[0] if len(given) == 1 else given
    expected = keras.tree.flatten(model(given, training=False))
    expected = [as_array(y).astype("float64") for y in expected]
    got = predict(given)
    # Runtimes have their own order of outputs; no two of a drawn model have the same shape.
    got = sorted((y.astype("float64") for y in got.values()), key=lambda y: y.shape)
    expected.sort(key=lambda y: y.shape)
    assert [y.shape for y in got] == [y.shape for y in expected]
    for mine, right in zip(got, expected):
        apart = np.abs(mine - right).max(initial=0)
        allowed = PASSES[plan.policy] * max(1, np.abs(right).max(initial=0))
        # This way round, because what is not a number must not pass.
        assert apart <= allowed, f"{apart:.2g} from the model, {allowed:.2g} would pass"
