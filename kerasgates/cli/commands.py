"""The subcommands of `kerasgates`; each takes its options and returns an exit status."""

import importlib.util
import json
import logging
import runpy
import sys
import warnings
from pathlib import Path

import keras
import numpy as np

import kerasgates
from kerasgates.cli import catalogue
from kerasgates.core._keras import reason
from kerasgates.utils import suggestions
from kerasgates.utils.files import atomic_write, check_path

#: Endings of the default path, by the name of a format.
ENDINGS = {"savedmodel": "_saved_model", "litert": ".tflite", "onnx": ".onnx"}


def demo(out):
    """Run the examples of the repository that the package is installed from."""
    places = [Path(__file__).resolve().parents[2] / "examples", Path.cwd() / "examples"]
    program = next((p / "demo.py" for p in places if (p / "demo.py").is_file()), None)
    if program is None:
        looked = " and ".join(map(str, places))
        raise ValueError(
            "the examples are in the repository of kerasgates and not in the installed package. "
            f"Run this in a clone of it. Looked in {looked}"
        )
    if importlib.util.find_spec("rich") is None:
        raise ImportError('the examples need rich and matplotlib: pip install -e ".[demo]"')
    # As `python examples/demo.py` would, with its own folder to import from.
    sys.argv = [str(program), "--out", out]
    sys.path.insert(0, str(program.parent))
    runpy.run_path(str(program), run_name="__main__")
    return 0


def cells():
    """Print a table of all cells."""
    from kerasgates.utils.tables import table

    print(*table(catalogue.rows()), sep="\n")
    return 0


def show(cell, picture):
    """Print the description of a cell, and draw it where asked to."""
    print(catalogue.describe(cell))
    if picture:
        _draw(kerasgates.plot.cell(catalogue.named(cell)).figure, picture, "--picture")
        print(f"Picture: {picture}")
    else:
        print(f"Picture: kerasgates show {cell} --picture {cell}.svg")
    return 0


def _draw(figure, path, option):
    """Write a picture to a file, whole or not at all."""
    with atomic_write(path) as new:
        figure.savefig(new, format=_ending(path, option))


def _ending(path, option):
    ending = Path(path).suffix.removeprefix(".").lower()
    if not ending:
        raise ValueError(f"{option} {path}: its name must end in .svg, .png or .pdf")
    return ending


def report(model, data, output, target, loss, tokens):
    """Write a page and print where it is."""
    from kerasgates.export.number_files import read_npy

    _show_progress()
    if loss is not None:
        loss = _loss(loss, target)
    labels = _lines(tokens, "--tokens") if tokens else None
    loaded = _load(model, compiled=bool(target) and loss is None)
    x = _input(data, "data", loaded, model)
    y = read_npy(target, "--target") if target else None
    if target and loss is None and getattr(loaded, "loss", None) is None:
        raise ValueError(
            f"--target needs a loss, and {model!r} is not compiled with one: name it, such as "
            "--loss mse"
        )
    print(kerasgates.report(loaded, x, output, y=y, loss=loss, tokens=labels))
    return 0


def _loss(name, target):
    """The loss of Keras that an option names."""
    if target is None:
        raise ValueError(f"--loss {name} needs --target")
    try:
        return keras.losses.get(name)
    except ValueError:
        names = [one for one in dir(keras.losses) if one.islower() and one[0] != "_"]
        names = ["mse", "mae", *(one for one in names if one not in _NO_LOSSES)]
        raise ValueError(
            f"there is no loss {name!r}: {suggestions.suggestion(name, names)}"
        ) from None


_NO_LOSSES = "get", "serialize", "deserialize"


def _lines(path, option):
    try:
        return Path(path).read_text("utf-8-sig").rstrip("\n").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ValueError(f"{option} {path} cannot be read: {error}") from error


def export(model, to, output, jit, no_streaming, data, **litert):
    """Export a file and print the report."""
    _show_progress()
    given = {k for k, v in litert.items() if v not in (None, "auto", "sequence")}
    given = sorted(f"--{name.replace('_', '-')}" for name in given | ({"data"} if data else set()))
    if to != "litert" and given:
        raise ValueError(f"--to {to} has no options {', '.join(given)}: they are those of litert")
    if to != "savedmodel" and (jit or no_streaming):
        raise ValueError(f"--to {to} has no --jit and --no-streaming: they are those of savedmodel")
    if litert["quantize"] == "int8" and not data:
        raise ValueError(
            "--quantize int8 needs --data: typical input, by which ranges of numbers are measured"
        )
    path = Path(model)
    output = output or str(path.parent / (path.stem + ENDINGS[to]))
    loaded = _load(model)
    samples = _input(data, "--data", loaded, model) if data else None
    if to == "savedmodel":
        made = kerasgates.export.saved_model(loaded, output, streaming=not no_streaming, jit=jit)
    elif to == "onnx":
        made = kerasgates.export.onnx(loaded, output)
    else:
        made = kerasgates.export.litert(loaded, output, representative_data=samples, **litert)
    print(made)
    return 0


def _load(model, compiled=False):
    """A model from its file; its loss and optimiser are wanted only for gradients of the loss."""
    if not Path(model).is_file():
        there = "a folder, and no .keras file" if Path(model).is_dir() else ""
        raise ValueError(f"{model!r} is {there}" if there else f"there is no file {model!r}")
    logging.getLogger("kerasgates").info("loading %s", model)
    try:
        with warnings.catch_warnings():
            # Nothing is going to be trained.
            warnings.filterwarnings("ignore", "Skipping variable loading for optimizer")
            return keras.saving.load_model(model, compile=compiled)
    except Exception as error:
        raise ValueError(f"{model!r} cannot be loaded: {reason(error)}") from error


def _input(path, argument, model, name):
    """The numbers in a file as a batch that a model reads; one sequence becomes a batch of one.

    Raises:
        ValueError: if the file holds no numbers, or others than the model reads.
    """
    from kerasgates.export.number_files import read_numbers

    array = read_numbers(path, argument)
    inputs = getattr(model, "inputs", None) or []
    if len(inputs) > 1:
        names = ", ".join(tensor.name for tensor in inputs)
        raise ValueError(f"{name!r} reads {len(inputs)} inputs ({names}), and a file holds one")
    if not inputs:
        return array[None] if Path(path).suffix == ".csv" else array
    fitted = _fitted(array, tuple(inputs[0].shape), path, name)
    dtype = keras.backend.standardize_dtype(inputs[0].dtype)
    if "int" not in dtype or fitted.dtype.kind != "f":
        return fitted
    # As a .csv file has tokens.
    if not np.array_equal(fitted, np.round(fitted)):
        raise ValueError(f"{path} holds fractions, and {name} reads {dtype}")
    return fitted.astype(dtype)


def _fitted(array, shape, path, name):
    """An array with the axes that one sequence lacks; raises if it then does not fit `shape`."""
    fitted = array
    if fitted.ndim == 1 and len(shape) == 3:
        fitted = fitted[:, None]
    if fitted.ndim == len(shape) - 1:
        fitted = fitted[None]
    known = [(n, m) for n, m in zip(shape, fitted.shape) if n is not None]
    if fitted.ndim != len(shape) or any(n != m for n, m in known):
        words = ("batch", "time", "features") if len(shape) == 3 else ("batch", "time")
        sizes = ", ".join(str(n or word) for n, word in zip(shape, words))
        raise ValueError(
            f"{path} holds an array of shape {array.shape}, and {name} reads ({sizes})"
        )
    if not fitted.size:
        raise ValueError(f"{path} holds no sequence of a step: its shape is {array.shape}")
    return fitted


def run(path, input, output):
    """Run an exported model and print its outputs."""
    from kerasgates.export.number_files import read_numbers
    from kerasgates.export.runtimes import check_ending

    if output:
        check_path(output)
        check_ending(output, ".npy")
    outputs = kerasgates.export.run(path, read_numbers(input))
    for name, array in outputs.items():
        print(f"{name} {array.shape}")
        print(np.array2string(array, precision=5, suppress_small=True, threshold=200))
    if output:
        # To an open file: to a name without the ending NumPy would add it.
        with atomic_write(output) as new, new.open("wb") as file:
            np.save(file, next(iter(outputs.values())))
    return 0


def bench(what, files, json, plot, layer, **measured):
    """Measure and print a table."""
    if (what == "compare") != bool(files):
        raise ValueError(
            "`bench compare OLD NEW` takes two files of --json, other benchmarks none. "
            f"Received: {what} {' '.join(files)}"
        )
    if what == "compare":
        return _compare_results(*files)
    _show_progress()
    if what == "export":
        from kerasgates.bench import litert

        print(litert.main())
        return 0
    from kerasgates.bench import measure

    layer = _layer(what, layer, measure.LAYERS)
    _check_bench(measure.WORKLOADS, measured, json, plot)
    results = measure.main(what, layer=layer, **measured)
    print(measure.text(results))
    _write_results(results, json, plot)
    return 0


def _compare_results(*files):
    from kerasgates.bench import changes

    if len(files) != 2:
        raise ValueError(f"`bench compare` takes two files, OLD and NEW. Received: {len(files)}")
    print(changes.text(*map(changes.read, files)))
    return 0


def _layer(what, name, of_keras):
    """A layer's own name: one of Keras's, for the loops also one of ours."""
    ours = [cell.removesuffix("Cell") for cell in kerasgates.list_cells()]
    known = {*of_keras, *ours} if what == "loops" else of_keras
    found = suggestions.same(name, known)
    if found is None and suggestions.same(name, ours):
        raise ValueError(
            f"`bench {what}` compares {', '.join(of_keras)}; `bench loops` takes any. "
            f"Received: --layer {name}"
        )
    if found is None:
        raise ValueError(f"there is no layer {name!r}: {suggestions.suggestion(name, known)}")
    return found


def _check_bench(known, measured, json, plot):
    """Check the options before anything is measured, which takes minutes."""
    rounds, seconds = measured["rounds"], measured["seconds"]
    for name in measured["workloads"] or ():
        if name not in known:
            raise ValueError(
                f"there is no workload {name!r}: {suggestions.suggestion(name, known)}"
            )
    if rounds < 1 or not seconds > 0:
        raise ValueError(f"--rounds and --seconds must be positive. Received: {rounds}, {seconds}")
    for path in filter(None, (json, plot)):
        check_path(path)
    if plot:
        _ending(plot, "--plot")


def _write_results(results, to, plot):
    if to:
        with atomic_write(to) as new:
            new.write_text(json.dumps(results, indent=1), "utf-8")
    if plot:
        _draw(kerasgates.plot.speed(results), plot, "--plot")


def _show_progress():
    """Log progress to standard error, apart from the result."""
    logging.basicConfig(format="%(message)s", stream=sys.stderr)
    logging.getLogger("kerasgates").setLevel(logging.INFO)


COMMANDS = {
    "demo": demo,
    "cells": cells,
    "show": show,
    "report": report,
    "export": export,
    "run": run,
    "bench": bench,
}
