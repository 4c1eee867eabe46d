"""What people type first, Keras's and TensorFlow's own exports, of models of our layers."""

import os
import subprocess
import sys

import keras
import pytest

from tests.cases import every_cell

ROUTES = {
    "model.export, then the converter": """
model.export(folder, verbose=False)
content = tf.lite.TFLiteConverter.from_saved_model(folder).convert()
""",
    "the converter from a Keras model": """
content = tf.lite.TFLiteConverter.from_keras_model(model).convert()
""",
    "model.export to litert": """
model.export(folder + ".tflite", format="litert", verbose=False)
content = open(folder + ".tflite", "rb").read()
""",
}
ROUTE = """
import sys, warnings
import keras, numpy as np, tensorflow as tf
import kerasgates as kg
from ai_edge_litert.interpreter import Interpreter
from tests.cases import every_cell
from tests.exporting import make_model, sequences
folder, rng = sys.argv[1], np.random.default_rng(3)
for name, wrapping in {cases}:
    # As users make it: the loop that is taken while a model is exported is the point.
    model = make_model(name, dict(every_cell())[name], wrapping, rng, loop="auto")
    {code}
    runtime = Interpreter(model_content=content)
    for batch, time in ((1, 1), (3, 7), (2, 50)):
        x = sequences(rng, batch, time, wrapping == "masked")
        index = runtime.get_input_details()[0]["index"]
        runtime.resize_tensor_input(index, x.shape)
        runtime.allocate_tensors()
        runtime.set_tensor(index, x)
        runtime.invoke()
        y = runtime.get_tensor(runtime.get_output_details()[0]["index"])
        np.testing.assert_allclose(y, model(x), atol=1e-5, rtol=0)
    print("agrees:", name, wrapping)
"""


def run_route(route, cases, tmp_path):
    if "litert" in route and not hasattr(keras.export.ExportArchive, "write_out"):
        pytest.fail("Keras has no litert export")
    code = ROUTES[route].strip().replace("\n", "\n    ")
    script = ROUTE.replace("{cases}", repr(cases)).replace("{code}", code)
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path / "out")],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert done.stdout.count("agrees:") == len(cases), done.stderr[-2000:]


@pytest.mark.slow
@pytest.mark.parametrize("route", list(ROUTES)[:1])
def test_an_ordinary_route_runs_in_plain_litert(route, tmp_path):
    run_route(route, [("LSTMCell", "bidirectional"), ("GRUCell", "masked")], tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("route", ROUTES)
def test_the_ordinary_routes_run_in_plain_litert_for_every_cell(route, tmp_path):
    cases = [(name, way) for name, _ in every_cell() for way in ("stack", "masked")]
    run_route(route, cases, tmp_path)
