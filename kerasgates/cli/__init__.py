"""Every gated recurrent cell for Keras 3.

The command line: it is read here, what commands do is in `commands`, what they tell of cells in
`catalogue`. Only the standard library, `utils` and the names of the benchmarks are imported before
the arguments are read: `kerasgates --help` does not wait for TensorFlow. May import everything
then.
"""

import argparse
import contextlib
import re
import sys

import kerasgates
from kerasgates.bench import TABLES
from kerasgates.utils import suggestions, terminal

#: Formats of exports by the names that users may give them.
FORMATS = {"savedmodel": "savedmodel", "litert": "litert", "onnx": "onnx", "tflite": "litert"}
KINDS = "auto", "fused", "loop", "unrolled", "step"
QUANTIZED = "float16", "dynamic", "int8"
SIGNATURES = "sequence", "step", "both"
MEASURED = *TABLES, "export", "compare"
BACKENDS = "tensorflow", "jax", "torch"
DEVICES = "cpu", "gpu"
#: Exit statuses of refused input, and of a failure.
REFUSED, FAILED = 2, 1

#: The options by which users give the arguments that messages of the package speak of.
OPTIONS = {
    "export": {
        "representative_data": "--data",
        "path": "--output",
        **{name: f"--{name}" for name in ("kind", "quantize", "signature", "time", "jit")},
        "batch_size": "--batch-size",
    },
    "report": {
        "path": "--output",
        "x": "data",
        "y": "--target",
        **{name: f"--{name}" for name in ("loss", "tokens")},
    },
}


class Parser(argparse.ArgumentParser):
    """An `ArgumentParser` that reports errors in one line."""

    def error(self, message):
        self.exit(REFUSED, f"{self.prog}: {message}\n")


def main(argv=None):
    """Run the command line.

    Returns:
        The exit status: 0, 2 where something was refused, 1 where something failed, 130 after
        Ctrl-C, 141 where nobody reads what is printed.
    """
    if terminal.IS_COMMAND:
        terminal.make_readable()
    options = parse(sys.argv[1:] if argv is None else argv)
    with terminal.quiet() if terminal.IS_COMMAND else contextlib.nullcontext():
        return _status(options.pop("command"), options)


def _status(command, options):
    """Run a command; errors that users can do something about are printed in one line."""
    try:
        # Where the package imports itself, this is done.
        kerasgates.import_all()
        if terminal.IS_COMMAND:
            terminal.quiet_loggers()
        from kerasgates.cli import commands

        status = commands.COMMANDS[command](**options)
        sys.stdout.flush()
    except KeyboardInterrupt:
        print(f"\nkerasgates {command}: interrupted", file=sys.stderr)
        return terminal.INTERRUPTED
    except BrokenPipeError:
        terminal.drop_output()
        return terminal.NO_READER
    except Exception as error:
        if not _is_told(error):
            raise
        print(f"kerasgates {command}: {_words(error, command)}", file=sys.stderr)
        return REFUSED if isinstance(error, ValueError) else FAILED
    return status


def _is_told(error):
    """Whether an error tells users what to change; any other is a fault of the package itself."""
    foreign = type(error).__module__.startswith(("tensorflow", "keras."))
    return foreign or isinstance(error, (ValueError, ImportError, OSError, RuntimeError))


def _words(error, command):
    """An error's message in one line, with the command's options in place of arguments."""
    text = str(error)
    if "\x1b[" in text or "Arguments received by" in text:
        from kerasgates.core._keras import reason

        text = reason(error)
    options = OPTIONS.get(command, {})
    names = "|".join(options) or "(?!)"
    text = re.sub(rf"(?:Arguments? )?`({names})`", lambda m: options[m[1]], text)
    text = re.sub(rf"\b({names})=(['\"]?)([\w./-]+)\2", lambda m: f"{options[m[1]]} {m[3]}", text)
    return " ".join(text.split())


def parse(argv):
    """The options of a command line, and its "command"."""
    parser = Parser(prog="kerasgates", description=__doc__.partition("\n")[0])
    parser.add_argument(
        "--version", action="version", version=f"kerasgates {kerasgates.__version__}"
    )
    commands = parser.add_subparsers(dest="command", metavar="command")
    adders = _add_demo, _add_cells, _add_show, _add_report, _add_export, _add_run, _add_bench
    for add in adders:
        add(commands)
    known = [*commands.choices]
    if not argv:
        parser.error(f"a command is needed: {', '.join(known)}; or --help")
    if not argv[0].startswith("-") and argv[0] not in known:
        parser.error(f"there is no command {argv[0]!r}: {suggestions.suggestion(argv[0], known)}")
    options, unknown = parser.parse_known_args(argv)
    if unknown:
        _refuse_unknown(commands.choices[options.command], unknown[0])
    return vars(options)


def _refuse_unknown(parser, argument):
    if not argument.startswith("-"):
        parser.error(f"too many arguments: {argument!r}")
    names = sorted({*re.findall(r"--[\w-]+", parser.format_help())})
    name = argument.partition("=")[0]
    parser.error(f"there is no option {name!r}: {suggestions.suggestion(name, names)}")


def _one_of(what, names):
    """Settings of an option that takes one of `names`, whatever its case; a dict maps them."""

    def read(text):
        known = suggestions.same(text, names)
        if known is None:
            raise argparse.ArgumentTypeError(
                f"there is no {what} {text!r}: {suggestions.suggestion(text, names)}"
            )
        return names[known] if isinstance(names, dict) else known

    return {"type": read, "metavar": "{" + ",".join(names) + "}"}


def _add_demo(commands):
    demo = commands.add_parser(
        "demo",
        help="train three recurrent models, export them, and predict with the exports",
        description="Train on a weather vector, on what is for dinner and on a children's book; "
        "export each model, load the export in its own runtime, and compare the predictions.",
    )
    demo.add_argument(
        "-o",
        "--out",
        metavar="FOLDER",
        default="kerasgates-demo",
        help="where the exports and pictures go (default: %(default)s)",
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
    show.add_argument("cell", help="its name, such as LSTM or LSTMCell; see `kerasgates cells`")
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
    report.add_argument("data", help=f"its input: {_ARRAYS}")
    report.add_argument("-o", "--output", metavar="HTML", default="report.html")
    report.add_argument("--target", metavar="NPY", help="for the gradients of a loss")
    report.add_argument(
        "--loss",
        metavar="NAME",
        help="a loss of Keras, such as mse, with --target (default: what the model is compiled "
        "with)",
    )
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
    export.add_argument("--to", required=True, **_one_of("format", FORMATS))
    export.add_argument("-o", "--output", metavar="PATH", help="default: beside the model")
    saved = export.add_argument_group("SavedModel")
    saved.add_argument("--jit", action="store_true", help="let XLA compile what is run")
    saved.add_argument("--no-streaming", action="store_true", help="without `init` and `step`")
    lite = export.add_argument_group("LiteRT")
    lite.add_argument("--kind", default="auto", **_one_of("kind", KINDS))
    lite.add_argument("--quantize", **_one_of("quantization", QUANTIZED))
    lite.add_argument("--data", metavar="FILE", help=f"typical input, for int8: {_ARRAYS}")
    lite.add_argument("--signature", default="sequence", **_one_of("signature", SIGNATURES))
    lite.add_argument("--batch-size", type=int, help="fix the batch size")
    lite.add_argument("--time", type=int, help="fix the length of sequences")


def _add_run(commands):
    run = commands.add_parser(
        "run",
        help="try an exported model on real input",
        description="Run an exported model in its own runtime: onnxruntime, LiteRT or TensorFlow.",
    )
    run.add_argument("path", help="a .tflite or .onnx file, or the folder of a SavedModel")
    run.add_argument("input", help=_ARRAYS)
    run.add_argument("-o", "--output", metavar="NPY", help="also write the first output there")


#: Files of numbers.
_ARRAYS = (
    ".npy (batch, time, features), or (batch, time) of tokens; or .csv: one sequence with a step "
    "in each row, of tokens one in each row"
)


def _add_bench(commands):
    bench = commands.add_parser(
        "bench",
        help="measure speed on this machine",
        description="Measure speed on this machine, each contender in a process of its own. speed: "
        "beside Keras and PyTorch; models: of several layers, likewise; loops, cells, options and "
        "growth: ours beside one another; export: forms of a LiteRT file, and stock Keras's "
        "routes; compare: what changed between two files of --json.",
    )
    bench.add_argument("what", nargs="?", default="speed", **_one_of("benchmark", MEASURED))
    bench.add_argument("files", nargs="*", metavar="FILE", help="of compare: the old and the new")
    measured = bench.add_argument_group("all but export and compare")
    measured.add_argument(
        "--layer",
        default="LSTM",
        metavar="NAME",
        help="LSTM, GRU (ours ResetAfterGRU) or SimpleRNN; of loops any of ours (default: LSTM)",
    )
    measured.add_argument(
        "--workloads",
        nargs="+",
        metavar="NAME",
        help="of batch1, middle, large, wide, long (default: all, or middle)",
    )
    measured.add_argument("--backend", default="tensorflow", **_one_of("backend", BACKENDS))
    measured.add_argument(
        "--device", help="default: what the backend takes", **_one_of("device", DEVICES)
    )
    measured.add_argument(
        "--dtype", default="float32", metavar="POLICY", help="such as mixed_bfloat16"
    )
    measured.add_argument(
        "--bare", action="store_true", help="steps as the framework runs them, without a trainer"
    )
    measured.add_argument("--rounds", type=int, default=7, help="how often each is measured")
    measured.add_argument("--seconds", type=float, default=0.25, help="for how long, each time")
    measured.add_argument("--json", metavar="PATH", help="also write all figures there")
    measured.add_argument("--plot", metavar="PATH", help="also draw the ratios: .png, .svg, .pdf")
