"""The command `bench`: speed on this machine."""

import kerasgates
from kerasgates.bench import TABLES
from kerasgates.cli import options, outputs
from kerasgates.utils import suggestions

#: The options by which users give the arguments that messages of the package speak of.
OPTIONS = {"json": "--json", "plot": "--plot"}
MEASURED = *TABLES, "export", "compare"
BACKENDS = "tensorflow", "jax", "torch"
DEVICES = "cpu", "gpu"


def add_parser(commands):
    """Add the command and its arguments to the parsers of commands."""
    bench = commands.add_parser(
        "bench",
        help="measure speed on this machine",
        description="Measure speed on this machine, each contender in a process of its own. speed: "
        "beside Keras and PyTorch; models: of several layers, likewise; loops, cells, options and "
        "growth: ours beside one another; export: forms of a LiteRT file, and stock Keras's "
        "routes; compare: what changed between two files of --json.",
    )
    bench.add_argument("what", nargs="?", default="speed", **options.one_of("benchmark", MEASURED))
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
        help="of batch1, middle, large, wide, long, huge (default: all but huge, or middle)",
    )
    measured.add_argument("--backend", default="tensorflow", **options.one_of("backend", BACKENDS))
    measured.add_argument(
        "--device", help="default: what the backend takes", **options.one_of("device", DEVICES)
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


def run(what, files, json, plot, layer, **measured):
    """Measure and print a table."""
    if (what == "compare") != bool(files):
        raise ValueError(
            "`bench compare OLD NEW` takes two files of --json, other benchmarks none. "
            f"Received: {what} {' '.join(files)}"
        )
    if what == "compare":
        return _compare_results(*files)
    outputs.show_progress()
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
    for path in files:
        options.check_file(path, "file of --json")
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
        raise ValueError(options.unknown("layer", name, known))
    return found


def _check_bench(known, measured, json, plot):
    """Check the options before anything is measured, which takes minutes."""
    from kerasgates.utils.files import check_path

    rounds, seconds = measured["rounds"], measured["seconds"]
    for name in measured["workloads"] or ():
        if name not in known:
            raise ValueError(
                f"there is no workload {name!r}: {suggestions.suggestion(name, known)}"
            )
    if rounds < 1 or not seconds > 0:
        raise ValueError(f"--rounds and --seconds must be positive. Received: {rounds}, {seconds}")
    for argument, path in (("json", json), ("plot", plot)):
        if path:
            check_path(path, argument=argument)
    if plot:
        outputs.picture_format(plot, "--plot")


def _write_results(results, to, plot):
    import json

    from kerasgates.utils.files import atomic_write

    if to:
        with atomic_write(to, argument="json") as new:
            new.write_text(json.dumps(results, indent=1), "utf-8")
    if plot:
        outputs.draw(kerasgates.plot.speed(results), plot, "--plot")
