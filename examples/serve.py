"""Run exported models where there is no Keras: `python examples/serve.py saved_models/*`.

You will see how far the SavedModel and the TF Lite file are from the golden outputs, which the
Keras model gave for the golden inputs when it was exported. The exit status is 1 where one of
them is further away than 1e-5; where outputs are above 1, than 1e-5 of the largest.
"""

import contextlib
import os
import pathlib
import sys
import warnings

with contextlib.suppress(ImportError):  # It lies beside this file, which runs without it, too.
    import quiet  # noqa: F401

# From here on whoever imports either gets an ImportError: TensorFlow alone must be enough.
sys.modules["keras"] = sys.modules["kerasgates"] = None
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np  # noqa: E402
import tensorflow as tf  # noqa: E402

try:  # TensorFlow is about to hand its interpreter over to this package, its successor.
    from ai_edge_litert.interpreter import Interpreter
except ImportError:
    warnings.filterwarnings("ignore", "(?s).*LiteRT interpreter", UserWarning)
    Interpreter = tf.lite.Interpreter

#: Of the largest output, or of 1: single precision knows 60 °F no better than 4e-6.
TOLERANCE = 1e-5


def run_saved_model(folder, inputs):
    """Outputs of the signature that TF Serving calls, for all inputs at once."""
    signature = tf.saved_model.load(str(folder)).signatures["serving_default"]
    (name,) = signature.structured_input_signature[1]
    (outputs,) = signature(**{name: tf.constant(inputs)}).values()
    return outputs.numpy()


def run_tflite(path, inputs):
    """Outputs of the TF Lite file, one input after the other: some forms have batch size 1."""
    runner = Interpreter(model_path=str(path)).get_signature_runner("serving_default")
    (name,) = runner.get_input_details()
    outputs = [next(iter(runner(**{name: one[None]}).values())) for one in inputs]
    return np.concatenate(outputs)


def agrees(folder):
    """Whether both forms of an exported model give its golden outputs; prints how closely."""
    with np.load(folder / "golden.npz") as golden:
        inputs, expected = golden["inputs"], golden["outputs"]
    differences = []
    for kind, outputs in (
        ("SavedModel", run_saved_model(folder, inputs)),
        ("TF Lite", run_tflite(folder / "model.tflite", inputs)),
    ):
        differences.append(np.max(np.abs(outputs - expected)))
        print(f"{folder.name}: {kind} is within {differences[-1]:.1e} of the golden outputs")
    # This way round, because a difference that is not a number must not pass.
    tolerance = TOLERANCE * max(1, np.max(np.abs(expected)))
    return all(difference <= tolerance for difference in differences)


if __name__ == "__main__":
    if len(sys.argv) == 1:
        sys.exit("usage: python serve.py FOLDER …   (for example saved_models/weather)")
    sys.exit(0 if all([agrees(pathlib.Path(folder)) for folder in sys.argv[1:]]) else 1)
