"""What people type first, Keras's and TensorFlow's own exports, of models of our layers."""

import os
import subprocess
import sys

import keras
import pytest

from tests.cases import EXPORTED
from tests.exporting import in_groups

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
from tests.exporting import make_model, sequences, side_by_side
from tests.tolerances import EXPORT, assert_close
folder, rng = sys.argv[1], np.random.default_rng(3)
for names, wrapping in {cases}:
    # As users make it: the loop that is taken while a model is exported is the point.
    cells = [case for case in every_cell() if case[0] in names]
    if len(cells) > 1:
        model = side_by_side(cells, rng, masked=True, loop="auto")
    else:
        model = make_model(*cells[0], wrapping, rng, loop="auto")
    {code}
    runtime = Interpreter(model_content=content)
    for batch, time in ((1, 1), (3, 7), (2, 50)):
        x = sequences(rng, batch, time, masked=True)
        index = runtime.get_input_details()[0]["index"]
        runtime.resize_tensor_input(index, x.shape)
        runtime.allocate_tensors()
        runtime.set_tensor(index, x)
        runtime.invoke()
        y = runtime.get_tensor(runtime.get_output_details()[0]["index"])
        assert_close(y, model(x), EXPORT)
    print("agrees:", *names, wrapping)
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


#: Masks, layers on layers and both directions at once; what the routes do after the loop is in the
#: graph has nothing to do with the cell. In the first route cells of all operations, too: side by
#: side, under a mask.
SOME_CELLS = ("LSTMCell", "GRUCell", "LayerNormLSTMCell", "NASCell")
FEW = [([name], "masked stack bidirectional") for name in SOME_CELLS]
EVERY = [(names, "masked") for names in in_groups(EXPORTED)]


@pytest.mark.slow
@pytest.mark.parametrize("route", ROUTES)
def test_the_ordinary_routes_run_in_plain_litert(route, tmp_path):
    run_route(route, [*EVERY, FEW[0]] if route == next(iter(ROUTES)) else FEW, tmp_path)
