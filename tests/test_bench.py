"""The speed benchmark: what it asks its contenders for, and what it makes of the answers."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from kerasgates import cli, plot
from kerasgates.bench import TABLES, contenders, measure, worker
from tests.cases import assert_drawn

#: Of so many steps that few calls are left until nothing is compiled any more.
TINY = (2, 100, 3, 4)


def row(name, train, ratio):
    return {
        "contender": name,
        "first": {"train": 0.5, "infer": 0.25},
        "memory": 2_000_000,
        "operations": 3_000_000,
        "train": train,
        "train ratio": ratio,
        "infer": train / 4,
        "infer ratio": ratio,
    }


RESULTS = {
    "machine": "a machine",
    "what": "speed",
    "layer": "LSTM",
    "rate": 1e9,
    "tables": {"middle": [row("theirs", 0.04, 1.0), row("ours", 0.02, 2.0)]},
}


def test_the_table_shows_times_ratios_and_the_floor():
    text = measure.text(RESULTS)
    assert "1 GFLOP/s" in text
    assert "batch 32, 100 steps, 64 features, 128 units" in text
    ours = next(line for line in text.splitlines() if line.startswith("ours"))
    # Three times as much arithmetic in training as in prediction, at a rate of 1e9.
    # 20 ms for 9 million operations.
    figures = [
        "20.00",
        "2.00",
        "5.00",
        "2.00",
        "2222.2",
        "9.00",
        "/",
        "3.00",
        "0.5",
        "/",
        "0.2",
        "2",
    ]
    assert ours.split() == ["ours", *figures]


def test_a_picture_of_the_ratios(tmp_path):
    plot.speed(RESULTS).savefig(tmp_path / "speed.png")
    assert_drawn(tmp_path / "speed.png")


def test_what_is_not_trained_is_shown_without(tmp_path):
    rows = [row("theirs", 0.04, 1.0), row("ours", 0.02, 2.0)]
    rows = [{k: v for k, v in one.items() if "train" not in k} for one in rows]
    results = {**RESULTS, "tables": {"decoding": rows}}
    said = measure.text(results)
    assert "train" not in said
    assert "infer x" in said
    (axes,) = plot.speed(results).axes
    assert len(axes.containers) == 1


def test_ratios_are_taken_round_by_round():
    """A slow round slows all: it must not be held against one."""

    class Measured:
        name, weights, first = "x", 10, {}

        def __init__(self, seconds):
            self.seconds, self.spec = {"infer": seconds}, {"batch": 2, "time": 3}

        def ask(self, question):
            return None

    reference, ours = Measured([1.0, 10.0, 2.0]), Measured([0.5, 5.0, 1.0])
    made = contenders._row(ours, reference)
    assert made["infer ratio"] == 2.0
    assert made["infer"] == 1.0
    assert made["operations"] == 2 * 2 * 3 * 10


@pytest.mark.parametrize("table", TABLES)
def test_every_table_has_its_contenders(table):
    for name, specs, _ in getattr(measure, table)(["middle"], "GRU"):
        assert name.startswith((*measure.WORKLOADS, "growth", "memory"))
        assert len(specs) >= 3
        for spec in specs.values():
            assert {"library", "layer", "batch", "time", "features", "units", "kinds"} <= {*spec}


@pytest.mark.slow
def test_contenders_are_measured_in_processes_of_their_own(monkeypatch, tmp_path, capsys):
    monkeypatch.setitem(measure.WORKLOADS, "middle", TINY)
    compare = measure.compare

    def of_some(specs, **timing):
        # Each contender is a process, and starts TensorFlow: not Keras's layer four times.
        again = ("jit_compile", "RNN(")
        chosen = {n: s for n, s in specs.items() if not any(word in n for word in again)}
        return compare(chosen, **timing)

    monkeypatch.setattr(measure, "compare", of_some)
    out = tmp_path / "speed.json"
    asked = ["bench", "--workloads", "middle", "--rounds", "1", "--seconds", "0.01"]
    assert cli.main([*asked, "--json", str(out)]) == 0
    rows = json.loads(out.read_text())["tables"]["middle"]
    names = [made["contender"] for made in rows]
    assert names[0] == "keras.layers.LSTM"
    assert {"torch.nn.LSTM", "kerasgates.LSTM"} <= {*names}
    for made in rows:
        assert made["train"] > 0
        weights = 3 * 4 if made["contender"] == measure.WITHOUT_TIME else (3 + 4) * 16
        assert made["operations"] == 2 * 2 * 100 * weights
    assert names[-1] == measure.WITHOUT_TIME
    assert "kerasgates.LSTM" in capsys.readouterr().out


@pytest.mark.slow
def test_masks_dropout_and_cells_can_be_measured(monkeypatch):
    monkeypatch.setitem(measure.WORKLOADS, "middle", TINY)
    some = {"ProjectedLSTMCell": measure.CELLS["ProjectedLSTMCell"]}
    monkeypatch.setattr(measure, "CELLS", some)
    # Each is a process that starts TensorFlow: the rate is measured above, and the LSTM.
    monkeypatch.setattr(measure, "matrix_rate", lambda **where: 1e9)
    compare = measure.compare
    for table, chosen in {"options": slice(1, 3), "cells": slice(1, None)}.items():

        def of_some(specs, chosen=chosen, **timing):
            return compare(dict([*specs.items()][chosen]), **timing)

        monkeypatch.setattr(measure, "compare", of_some)
        results = measure.main(table, rounds=1, seconds=0.01)
        rows = results["tables"]["middle"]
        assert rows, table
        assert all(made["infer"] > 0 for made in rows), table


def test_no_more_than_a_dozen_have_a_process_beside_the_first(monkeypatch):
    """A process of TensorFlow has 300 MB, and there are as many as cells."""
    alive, most = [], []

    class Worker:
        first, weights = 0.0, 1

        def __init__(self, name, spec):
            self.name, self.spec, self.seconds = name, spec, {"infer": []}
            alive.append(name)
            most.append(len(alive))

        def ask(self, question):
            return 1.0 if self.name == "reference" else 2.0

        def close(self):
            alive.remove(self.name)

    monkeypatch.setattr(contenders, "Worker", Worker)
    names = ["reference", *map(str, range(30))]
    rows = measure.compare({name: {"kinds": ["infer"]} for name in names}, rounds=3)
    assert [row["contender"] for row in rows] == names
    assert {row["infer ratio"] for row in rows[1:]} == {0.5}
    assert max(most) == 1 + contenders.AT_ONCE
    assert not alive
    assert len(measure.compare({"alone": {"kinds": ["infer"]}})) == 1


@pytest.mark.slow
def test_a_contender_that_fails_says_why():
    spec = {**measure._spec("keras", TINY), "layer": "NoSuchLayer"}
    with pytest.raises(RuntimeError, match="NoSuchLayer"):
        measure.compare({"theirs": spec}, rounds=1)


def test_a_contender_that_dies_between_questions_says_why(tmp_path):
    dead = object.__new__(measure.Worker)
    dead.name, dead.spec = "theirs", {}
    dead.said = (tmp_path / "said").open("w+")
    dead.said.write("MemoryError: no memory\n")
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    dead.process = subprocess.Popen([sys.executable, "-S", "-c", ""], **pipes)
    dead.process.wait()
    with pytest.raises(RuntimeError, match=r"theirs could not be measured.*no memory"):
        dead.ask("infer 0.2")
    dead.close()
    assert dead.process.stdin.closed


def test_bad_options_are_named(capsys):
    assert cli.main(["bench", "--workloads", "vast"]) == 2
    assert "there is no workload 'vast': there are: batch1, middle" in capsys.readouterr().err
    assert cli.main(["bench", "--rounds", "0"]) == 2
    assert "must be positive" in capsys.readouterr().err


@pytest.mark.slow
@pytest.mark.parametrize("library", ["keras", "kerasgates", "torch"])
def test_models_of_several_layers_train(library):
    pytest.importorskip(library)
    kind = worker.TorchTask if library == "torch" else worker.KerasTask
    weights = {"bidirectional": 2 * (7 + 8) * 16, "stacked": (7 + 3 * 8) * 16}
    for name in ("bidirectional", "stacked", "encoder-decoder"):
        spec = measure._spec(library, TINY, layer="LSTM", model=name)
        task = kind(spec)
        task.train()
        task.infer()
        # PyTorch's second layer reads both directions side by side, Keras's here their sum.
        if (library, name) != ("torch", "bidirectional"):
            assert task.weights == weights.get(name, 2 * 7 * 16)


@pytest.fixture
def files(tmp_path):
    """Results of two days as files: of one contender the ratio has changed."""
    made = []
    for day, ratios in (("2026-01-01", [2.0, 2.1, 1.9, 2.0]), ("2026-01-02", [2.6, 2.5, 2.7, 2.6])):
        rows = [row("theirs", 0.04, 1.0), row("ours", 0.02, ratios[0]), row("other", 0.02, 1.5)]
        for one, rounds in zip(rows, ([1.0] * 4, ratios, [1.4, 1.6, 1.5, ratios[0] / 1.4])):
            one.update({"train rounds": rounds, "infer rounds": rounds})
        made.append(tmp_path / f"{day}.json")
        results = {**RESULTS, "date": day, "where": {}, "tables": {"middle": rows}}
        made[-1].write_text(json.dumps(results))
    return [str(path) for path in made]


def test_changes_are_told_from_noise(files, capsys):
    assert cli.main(["bench", "compare", *files]) == 0
    lines = capsys.readouterr().out.splitlines()
    ours, other = ([line for line in lines if f"middle: {n}" in line] for n in ("ours", "other"))
    assert len(ours) == len(other) == 2
    assert all(line.endswith("30% faster") for line in ours)
    assert all(line.endswith("as before") for line in other)
    assert cli.main(["bench", "compare", *reversed(files)]) == 0
    assert "23% slower" in capsys.readouterr().out


def test_files_that_cannot_be_compared_are_refused(files, tmp_path, capsys):
    nothing = tmp_path / "nothing.json"
    nothing.write_text(json.dumps({"tables": {"middle": [row("ours", 1.0, 1.0)]}}))
    for arguments, said in [
        ([files[0]], "takes two files"),
        ([], "takes two files"),
        ([files[0], str(nothing)], "nothing.json must be what"),
    ]:
        assert cli.main(["bench", "compare", *arguments]) == 2
        assert said in capsys.readouterr().err
    other = tmp_path / "other.json"
    for changed in ({"layer": "GRU"}, {"where": {"bare": True}}, {"where": {"dtype": "bfloat16"}}):
        other.write_text(json.dumps(json.loads(Path(files[0]).read_text()) | changed))
        assert cli.main(["bench", "compare", files[0], str(other)]) == 2
        assert "Both files must be of one" in capsys.readouterr().err
    assert cli.main(["bench", "speed", files[0]]) == 2
    assert "other benchmarks none" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        cli.main(["bench", "--backend", "theano"])
    assert "there is no backend 'theano'" in capsys.readouterr().err


def test_help_names_the_workloads_that_there_are(capsys):
    with pytest.raises(SystemExit):
        cli.main(["bench", "--help"])
    told = " ".join(capsys.readouterr().out.split())
    assert f"of {', '.join(measure.WORKLOADS)} (default: all but huge, or middle)" in told
    assert measure.ONLY_ASKED_FOR == ("huge",)


def test_other_backends_have_the_contenders_that_they_can_have():
    specs = next(iter(measure.speed(["middle"], "LSTM")))[1]
    on_torch = measure.placed(specs, "torch", "cpu")
    assert {"keras.layers.LSTM", "torch.nn.LSTM", "kerasgates.LSTM"} <= {*on_torch}
    assert not [name for name in on_torch if "jit_compile" in name or "tf_keras" in name]
    assert {spec["backend"] for spec in on_torch.values()} == {"torch"}
    specs = next(iter(measure.loops(["middle"], "LSTM")))[1]
    loops = {spec["loop"] for spec in measure.placed(specs, "torch").values()}
    assert loops == {"keras", "hoisted", "vendor", "traced", "associative", "chunked"}
    assert "vendor" not in {spec["loop"] for spec in measure.placed(specs).values()}
    assert "vendor" in {spec["loop"] for spec in measure.placed(specs, device="gpu").values()}
    specs = next(iter(measure.speed(["middle"], "LSTM")))[1]
    half = measure.placed(specs, dtype="mixed_bfloat16")
    assert "torch.nn.LSTM" not in half
    assert half["kerasgates.LSTM"]["dtype"] == "mixed_bfloat16"
    half = measure.placed(specs, "torch", "gpu", "mixed_bfloat16")
    assert half["torch.nn.LSTM"]["dtype"] == "mixed_bfloat16"
    assert "torch.nn.LSTM" not in measure.placed(specs, "torch", "gpu", "float16")
    environment = contenders._environment(on_torch["kerasgates.LSTM"])
    assert environment == {
        "KERAS_BACKEND": "torch",
        "CUDA_VISIBLE_DEVICES": "",
        "JAX_PLATFORMS": "cpu",
    }
    on_gpu = contenders._environment(measure.placed(specs, "jax", "gpu")["kerasgates.LSTM"])
    assert on_gpu["XLA_PYTHON_CLIENT_PREALLOCATE"] == "false"


@pytest.mark.slow
def test_without_tensorflow_other_backends_are_asked_for_their_figures(files):
    """Keras takes the backend from the environment."""
    program = (
        "import sys\n"
        "sys.modules['tensorflow'] = None\n"
        "from kerasgates import cli\n"
        "from kerasgates.bench import measure, worker\n"
        f"sys.exit(cli.main(['bench', 'compare', *{files!r}]))"
    )
    environment = {**os.environ, "KERAS_BACKEND": "torch"}
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True)
    assert done.returncode == 0, done.stderr
    assert b"30% faster" in done.stdout


@pytest.mark.slow
@pytest.mark.parametrize("backend", ["jax", "torch"])
def test_other_backends_are_measured(backend, monkeypatch):
    monkeypatch.setitem(measure.WORKLOADS, "middle", TINY)
    compare = measure.compare

    def ours(specs, **timing):
        return compare({"kerasgates.LSTM": specs["kerasgates.LSTM"]}, **timing)

    monkeypatch.setattr(measure, "matrix_rate", lambda **where: 1e9)
    monkeypatch.setattr(measure, "compare", ours)
    results = measure.main("speed", ["middle"], rounds=1, seconds=0.01, backend=backend)
    assert results["tables"]["middle"][0]["train"] > 0
    assert f"Keras on {backend}" in measure.text(results)


def test_without_a_trainer_there_is_less_to_compare():
    specs = next(iter(measure.speed(["middle"], "LSTM")))[1]
    chosen = measure.placed(specs, bare=True)
    assert chosen["kerasgates.LSTM"]["bare"]
    assert measure.WITHOUT_TIME not in chosen
    assert "bare" not in chosen.get("torch.nn.LSTM", {})
    assert not any(spec.get("bare") for spec in measure.placed(specs).values())


def test_the_loops_of_any_layer_can_be_compared(monkeypatch, capsys):
    asked = []
    monkeypatch.setattr(measure, "main", lambda what, **more: asked.append(more) or {})
    monkeypatch.setattr(measure, "text", lambda results: "a table")
    assert cli.main(["bench", "loops", "--layer", "peepholelstm", "--bare"]) == 0
    assert (asked[0]["layer"], asked[0]["bare"]) == ("PeepholeLSTM", True)
    specs = next(iter(measure.loops(["middle"], "GroupLSTM")))[1]
    assert specs["loop='compiled'"]["layer"] == "GroupLSTM"
    assert specs["loop='compiled'"]["arguments"]
    assert cli.main(["bench", "speed", "--layer", "peepholelstm"]) == 2
    assert "`bench loops` takes any. Received: --layer peepholelstm" in capsys.readouterr().err
    assert cli.main(["bench", "--layer", "LSTN"]) == 2
    assert "there is no layer 'LSTN': did you mean 'LSTM'?" in capsys.readouterr().err
