"""What a worker of the benchmark measures besides layers by a trainer, and what is made of it."""

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from kerasgates.bench import measure, worker
from kerasgates.core.cell import CELLS
from tests import tolerances
from tests.cases import as_array
from tests.test_bench import RESULTS, TINY, row
from tests.tolerances import assert_close


@pytest.mark.parametrize(
    "library",
    ["kerasgates", *(pytest.param(n, marks=pytest.mark.slow) for n in ("keras", "torch"))],
)
def test_a_decoder_says_the_same_in_python_and_in_a_graph(library):
    pytest.importorskip(library)
    spec = measure._spec(library, TINY, layer="LSTM", model="decoding")
    if library == "torch":
        task = worker.TorchDecodingTask(spec)
    else:
        task = worker.DecodingTask(spec)
        told = [task.graph(*task.start), task.decoder.in_python(task.steps, *task.start)]
        for in_graph, in_python in zip(*told, strict=True):
            assert_close(as_array(in_graph), as_array(in_python), tolerances.FLOAT32)
    task.infer()
    task.eager()
    features, units = TINY[2:]
    assert task.weights == (features + units) * 4 * units + units * features


@pytest.mark.slow
def test_every_cell_can_be_measured(monkeypatch):
    """Whatever features it takes, and however many entries its output has."""
    monkeypatch.setitem(measure.WORKLOADS, "tiny", (2, 3, 4, 6))
    ((_, specs, _),) = measure.cells(["tiny"], "LSTM")
    other = {}
    for name, spec in specs.items():
        sizes = spec["batch"], spec["time"], spec["features"]
        cell = CELLS[f"{spec['layer']}Cell"](spec["units"], **spec.get("arguments", {}))
        cell.build((None, spec["features"]))
        other[name] = sizes != (2, 3, 4) or cell.output_size != spec["units"]
    assert other["kerasgates.GRUD"]
    assert other["kerasgates.SCRN"]
    for name in (name for name, differs in other.items() if differs):
        task = worker.KerasTask({**specs[name], "backend": "tensorflow"})
        task.train()
        task.infer()


@pytest.mark.slow
@pytest.mark.parametrize("backend", ["tensorflow", "jax", "torch"])
def test_a_step_without_a_trainer_is_the_trainers(backend):
    """The same loss and the same weights after a step, in the backend's own process."""
    program = (
        "import keras, numpy as np\n"
        "import kerasgates as kg\n"
        "from kerasgates.bench.bare import bare\n"
        "from kerasgates.bench.worker import RATE\n"
        "rng = np.random.default_rng(0)\n"
        "x, y = (rng.normal(size=(4, 6, n)).astype('float32') for n in (3, 5))\n"
        "model = keras.Sequential([keras.Input((6, 3)), kg.LSTM(5, return_sequences=True)])\n"
        "other = keras.models.clone_model(model)\n"
        "other.set_weights(model.get_weights())\n"
        "other.compile(keras.optimizers.SGD(RATE), 'mse')\n"
        "values = [keras.ops.convert_to_tensor(v) for v in (x, y)]\n"
        "train, infer = bare(model, model, values[:1], values[1], RATE)\n"
        "np.testing.assert_allclose(infer(), other.predict(x, verbose=0), rtol=1e-5, atol=1e-6)\n"
        "for _ in range(2):\n"
        "    np.testing.assert_allclose(train(), other.train_on_batch(x, y), rtol=1e-5)\n"
    )
    environment = {**os.environ, "KERAS_BACKEND": backend}
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True)
    assert done.returncode == 0, done.stderr.decode()


def test_the_tables_of_the_manual_come_from_files(tmp_path, monkeypatch):
    path = Path(__file__).parent.parent / "tools" / "write_speed.py"
    tool = importlib.util.module_from_spec(importlib.util.spec_from_file_location("tool", path))
    tool.__spec__.loader.exec_module(tool)
    names = "keras.layers.LSTM", "torch.nn.LSTM", "kerasgates.LSTM"
    rows = [row(name, 0.05 / n, float(n)) for n, name in enumerate(names, 1)]
    said = [
        {**{k.replace("train", "eager"): v for k, v in one.items()}, "first": {}} for one in rows
    ]
    results = {**RESULTS, "date": "2026-01-02", "where": {"backend": "jax"}}
    faster = [{**one, "train": one["train"] / 2} for one in rows]
    for name, what, tables in [
        ("speed", "speed", {"middle": rows}),
        ("bare", "speed", {"middle": faster}),
        ("models", "models", {"middle: two layers": rows, "middle: a decoder": said}),
    ]:
        where = {**results["where"], "bare": name == "bare"}
        file = {**results, "what": what, "where": where, "tables": tables}
        (tmp_path / name).write_text(json.dumps(file))
    later = {**results, "date": "2026-01-03", "what": "speed", "tables": {}}
    (tmp_path / "later").write_text(json.dumps(later))
    page = tmp_path / "page.md"
    empty = [begin + "an old row\n" + tool.END for begin in tool.BEGIN.values()]
    page.write_text("before\n" + "between\n".join(empty) + "after\n")
    monkeypatch.setattr(tool, "PAGE", page)
    monkeypatch.setattr(
        "sys.argv", ["write_speed", *(str(tmp_path / w) for w in [*tool.BEGIN, "later"])]
    )
    tool.main()
    lines = page.read_text().splitlines()
    assert "an old row" not in lines
    assert [lines[0], lines[-1]] == ["before", "after"]
    shown = "2.00 × / 2.00 × | **3.00 × / 3.00 ×**"
    one, bare, models = page.read_text().split("between")
    assert f"| JAX, LSTM 32, 100, 64, 128 | 50 / 12.5 ms | {shown} |" in one
    assert f"| JAX, LSTM 32, 100, 64, 128 | 25 / 12.5 ms | {shown} |" in bare
    assert f"| LSTM, two layers | 50 / 12.5 ms | {shown} |" in models
    assert f"| LSTM, a decoder | 12.5 / 50 ms | {shown} |" in models
    assert "2026-01-02, 2026-01-03" in one
    (tmp_path / "models").write_text(json.dumps({**file, "where": {"bare": True}}))
    with pytest.raises(SystemExit):
        tool.main()
