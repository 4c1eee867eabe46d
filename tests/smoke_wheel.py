"""Tries the installed package in a fresh environment with its core dependencies alone.

    python tests/smoke_wheel.py

`.ci/run` does it with the wheel that it has built. What needs further packages must say which.
"""

import importlib.util
import os
import subprocess
import sys
import tempfile
from pathlib import Path

os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

#: What the extras bring.
OPTIONAL = ("ai_edge_litert", "jinja2", "matplotlib", "onnx", "pandas", "plotly", "rich", "torch")


def command(*arguments):
    """What the installed command prints."""
    path = Path(sys.executable).with_name("kerasgates")
    done = subprocess.run([path, *arguments], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert not done.stderr, done.stderr
    return done.stdout


def refused(package, call):
    """Check that a call says which extra it needs, where that is not installed."""
    if importlib.util.find_spec(package) is not None:
        return
    try:
        call()
    except ImportError as error:
        message = str(error)
    else:
        message = "no error"
    assert "pip install" in message, f"{package} is missing: {message}"


def main():
    import keras
    import numpy as np

    import kerasgates as kg

    package = Path(kg.__file__).parent
    assert package.is_relative_to(sys.prefix), f"{package} is not what is installed"
    for name in ("py.typed", "__init__.pyi", "reporting/page.html"):
        assert (package / name).is_file(), f"the wheel lacks {name}"
    there = [name for name in OPTIONAL if importlib.util.find_spec(name) is not None]
    print(f"kerasgates {kg.__version__}; installed besides: {there or 'nothing'}")

    assert command("--version").split()[-1] == kg.__version__
    listed = command("cells")
    assert all(name in listed for name in kg.list_cells())

    keras.utils.set_random_seed(3)
    x = np.random.default_rng(5).normal(size=(4, 6, 3)).astype("float32")
    y = x.sum((1, 2))[:, None]
    model = keras.Sequential([keras.Input((None, 3)), kg.LSTM(5), keras.layers.Dense(1)])
    model.compile("adam", "mse")
    before = model.predict(x, verbose=0)
    loss = model.train_on_batch(x, y)
    assert np.isfinite(loss)
    assert np.abs(model.predict(x, verbose=0) - before).max() > 0

    trace = kg.trace(model, x)
    assert next(iter(trace.values())).gates["f"].shape == (4, 6, 5)
    assert "σ" in kg.equations(kg.PeepholeLSTM)

    with tempfile.TemporaryDirectory() as folder:
        served = str(Path(folder) / "served")
        report = kg.export.saved_model(model, served)
        assert report.difference < 1e-5
        (output,) = kg.export.load(served)(x).values()
        difference = np.abs(output - model.predict(x, verbose=0)).max()
        assert difference < 1e-5, difference
        refused("matplotlib", lambda: kg.plot.cell(kg.LSTM))
        refused("jinja2", lambda: kg.report(model, x, str(Path(folder) / "report.html")))
        refused("onnx", lambda: kg.export.onnx(model, str(Path(folder) / "model.onnx")))
    print("the wheel works")


if __name__ == "__main__":
    main()
