"""Every gated recurrent cell for Keras 3."""

import argparse
import logging
import runpy
import sys
from json import dumps
from pathlib import Path

from kerasgates import __version__

#: What a model is exported to: by name, the ending of the default path.
FORMATS = {"savedmodel": "_saved_model", "litert": ".tflite", "onnx": ".onnx"}


def main(argv=None):
    """Run the command line; returns the exit status."""
    parser = argparse.ArgumentParser(prog="kerasgates", description=__doc__)
    parser.add_argument("--version", action="version", version=f"kerasgates {__version__}")
    commands = parser.add_subparsers(dest="command", required=True)
    adders = _add_demo, _add_cells, _add_show, _add_report, _add_export, _add_run, _add_bench
    for add in adders:
        add(commands)
    options = vars(parser.parse_args(argv))
    command = options.pop("command")
    try:
        return COMMANDS[command](**options)
    except (ValueError, ImportError, OSError, RuntimeError) as error:
        print(f"kerasgates {command}: {error}", file=sys.stderr)
        return 1


def _add_demo(commands):
    demo = commands.add_parser(
        "demo",
        help="train three recurrent models, export them, and predict with the exports",
        description="Train on a weather vector, on what is for dinner and on a children's book; "
        "export each model, load the export in its own runtime, and compare the predictions.",
    )
    demo.add_argument(
        "--out",
        metavar="FOLDER",
        help="where the exports and pictures go (default: saved_models/ of the repository)",
    )


def _add_cells(commands):
    commands.add_parser(
        "cells", help="list the cells", description="List all cells: gates, states and papers."
    )


def _add_show(commands):
    show = commands.add_parser(
        "show",
        help="explain a cell",
        description="Show a cell's equations, as they are derived from its code, its weights, the "
        "arguments that other cells have not, and its paper.",
    )
    show.add_argument("cell", help="its name, such as LSTMCell or LSTM")
    show.add_argument("--picture", metavar="PATH", help="also draw its wiring: .svg, .png, .pdf")


def _add_report(commands):
    report = commands.add_parser(
        "report",
        help="write a page that shows what the gates of a model do",
        description="Write an interactive HTML page, which needs no network: the cells of a .keras "
        "model, and on the given input all gates and states, what units do, how long they "
        "remember, and how far gradients reach.",
    )
    report.add_argument("model", help="a .keras file")
    report.add_argument("data", help=".npy, the input: (batch, time, features)")
    report.add_argument("-o", "--output", metavar="HTML", default="report.html")
    report.add_argument("--target", metavar="NPY", help="for the gradients of the model's own loss")
    report.add_argument("--tokens", metavar="TXT", help="labels of the steps, one in each line")


def _add_export(commands):
    export = commands.add_parser(
        "export",
        help="write a .keras model as SavedModel, LiteRT or ONNX",
        description="Write a .keras model as SavedModel, LiteRT (TF Lite) or ONNX. What was "
        "written is compared with Keras before it appears. Stock Keras recurrent layers are "
        "exported as well as those of kerasgates.",
    )
    export.add_argument("model", help="a .keras file")
    export.add_argument("--to", choices=FORMATS, required=True)
    export.add_argument("-o", "--output", metavar="PATH", help="default: beside the model")
    saved = export.add_argument_group("SavedModel")
    saved.add_argument("--jit", action="store_true", help="let XLA compile what is run")
    saved.add_argument("--no-streaming", action="store_true", help="without `init` and `step`")
    lite = export.add_argument_group("LiteRT")
    lite.add_argument("--kind", default="auto", help="auto, fused, loop, unrolled or step")
    lite.add_argument("--quantize", help="float16, dynamic or int8")
    lite.add_argument("--data", metavar="NPY", help="typical inputs, for --quantize")
    lite.add_argument("--signature", default="sequence", help="sequence, step or both")
    lite.add_argument("--batch-size", type=int, help="fix the batch size")
    lite.add_argument("--time", type=int, help="fix the length of sequences")


def _add_run(commands):
    run = commands.add_parser(
        "run",
        help="try an exported model on real input",
        description="Run an exported model in its own runtime: onnxruntime, LiteRT or TensorFlow.",
    )
    run.add_argument("path", help="a .tflite or .onnx file, or the folder of a SavedModel")
    run.add_argument(
        "input",
        help=".npy (batch, time, features), or (batch, time) of tokens; or .csv: one sequence with "
        "a step in each row, of tokens one in each row",
    )
    run.add_argument("-o", "--output", metavar="NPY", help="also write the first output there")


def _add_bench(commands):
    bench = commands.add_parser(
        "bench",
        help="measure speed on this machine",
        description="Measure speed on this machine, each contender in a process of its own. speed: "
        "beside Keras and PyTorch; loops, cells, options, growth: ours beside one another; export: "
        "forms of a LiteRT file, and stock Keras's routes.",
    )
    choices = ["speed", "loops", "cells", "options", "growth", "export"]
    bench.add_argument("what", nargs="?", default="speed", choices=choices)
    measured = bench.add_argument_group("all but export")
    measured.add_argument("--layer", choices=["LSTM", "GRU", "SimpleRNN"], default="LSTM")
    measured.add_argument(
        "--workloads",
        nargs="+",
        metavar="NAME",
        help="of batch1, middle, large, wide, long (default: all, or middle)",
    )
    measured.add_argument("--rounds", type=int, default=7, help="how often each is measured")
    measured.add_argument("--seconds", type=float, default=0.25, help="for how long, each time")
    measured.add_argument("--json", metavar="PATH", help="also write all figures there")
    measured.add_argument("--plot", metavar="PATH", help="also draw the ratios: .png, .svg, .pdf")


def run_demo(out=None):
    """Run the examples of the repository that the package is installed from."""
    places = [Path(__file__).resolve().parent.parent / "examples", Path.cwd() / "examples"]
    program = next((p / "demo.py" for p in places if (p / "demo.py").is_file()), None)
    if program is None:
        looked = " and ".join(map(str, places))
        print(
            "kerasgates demo: the examples are in the repository of kerasgates and not in the "
            f"installed package. Run this in a clone of it. Looked in {looked}.",
            file=sys.stderr,
        )
        return 1
    # As `python examples/demo.py` would, with its own folder to import from.
    sys.argv = [str(program), *(["--out", out] if out else [])]
    sys.path.insert(0, str(program.parent))
    runpy.run_path(str(program), run_name="__main__")
    return 0


def run_cells():
    """Print a table of all cells."""
    import kerasgates.catalogue
    from kerasgates.export.report import table

    print(*table(kerasgates.catalogue.rows()), sep="\n")
    return 0


def run_show(cell, picture):
    """Print what is known of a cell, and draw it."""
    import kerasgates.catalogue

    print(kerasgates.catalogue.describe(cell))
    if picture:
        from kerasgates.files import written_whole

        ending = Path(picture).suffix.removeprefix(".")
        if not ending:
            raise ValueError(f"--picture {picture}: its name must end in .svg, .png or .pdf")
        figure = kerasgates.plot.cell(kerasgates.catalogue.named(cell)).figure
        with written_whole(picture) as new:
            figure.savefig(new, format=ending)
        print(f"Picture: {picture}")
    else:
        print(f"Picture: kerasgates show {cell} --picture {cell}.svg")
    return 0


def run_report(model, data, output, target, tokens):
    """Write a page and print where it is."""
    import kerasgates
    from kerasgates.export.running import read_npy

    _show_progress()
    labels = None
    if tokens:
        try:
            labels = Path(tokens).read_text("utf-8").rstrip("\n").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise ValueError(f"--tokens {tokens} cannot be read: {error}") from error
    x, y = read_npy(data, "data"), read_npy(target, "--target") if target else None
    print(kerasgates.report(_load(model), x, output, y=y, tokens=labels))
    return 0


def run_export(model, to, output, jit, no_streaming, data, **litert):
    """Export a file and print the report."""
    import kerasgates
    from kerasgates.export.running import read_npy

    _show_progress()
    given = {k for k, v in litert.items() if v not in (None, "auto", "sequence")}
    given |= {"data"} if data else set()
    if to != "litert" and given:
        raise ValueError(f"--to {to} has no options {sorted(given)}: they are those of litert")
    if to != "savedmodel" and (jit or no_streaming):
        raise ValueError(f"--to {to} has no --jit and --no-streaming: they are those of savedmodel")
    path = Path(model)
    output = output or str(path.with_name(path.stem + FORMATS[to]))
    samples = read_npy(data, "--data") if data else None
    loaded = _load(model)
    export = kerasgates.export
    if to == "savedmodel":
        report = export.saved_model(loaded, output, streaming=not no_streaming, jit=jit)
    elif to == "onnx":
        report = export.onnx(loaded, output)
    else:
        report = export.litert(loaded, output, representative_data=samples, **litert)
    print(report)
    return 0


def _load(model):
    """A model from its file."""
    import keras

    # Its layers are to be known by their names.
    import kerasgates  # noqa: F401
    from kerasgates.export.report import reason

    if not Path(model).is_file():
        raise ValueError(f"there is no file {model!r}")
    logging.getLogger("kerasgates").info("loading %s", model)
    try:
        return keras.saving.load_model(model)
    except Exception as error:
        raise ValueError(f"{model!r} cannot be loaded: {reason(error)}") from error


def run_model(path, input, output):
    """Run an exported model and print what it gives."""
    import numpy as np

    import kerasgates
    from kerasgates.export.running import check_ending, read_numbers
    from kerasgates.files import check_path

    if output:
        check_path(output)
        check_ending(output, ".npy")
    outputs = kerasgates.export.run(path, read_numbers(input))
    for name, array in outputs.items():
        print(f"{name} {array.shape}")
        print(np.array2string(array, precision=5, suppress_small=True, threshold=200))
    if output:
        np.save(output, next(iter(outputs.values())))
    return 0


def run_bench(what, layer, workloads, rounds, seconds, json, plot):
    """Measure and print a table."""
    _show_progress()
    if what == "export":
        from kerasgates.export import bench

        print(bench.main())
        return 0
    from kerasgates import bench

    unknown = sorted({*(workloads or ())} - {*bench.WORKLOADS})
    if unknown:
        raise ValueError(f"--workloads must be of {[*bench.WORKLOADS]}. Received: {unknown}")
    if rounds < 1 or not seconds > 0:
        raise ValueError(f"--rounds and --seconds must be positive. Received: {rounds}, {seconds}")
    results = bench.main(what, workloads, layer, rounds, seconds)
    print(bench.text(results))
    if json:
        Path(json).write_text(dumps(results, indent=1))
    if plot:
        from kerasgates.plot import speed

        speed(results).savefig(plot)
    return 0


def _show_progress():
    """What takes long says what it is doing, where it is not in the way of the result."""
    logging.basicConfig(format="%(message)s", stream=sys.stderr)
    logging.getLogger("kerasgates").setLevel(logging.INFO)


COMMANDS = {
    "demo": run_demo,
    "cells": run_cells,
    "show": run_show,
    "report": run_report,
    "export": run_export,
    "run": run_model,
    "bench": run_bench,
}
