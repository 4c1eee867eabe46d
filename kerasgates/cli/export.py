"""The command `export`: a .keras model in another format."""

from pathlib import Path

import kerasgates
from kerasgates.cli import imports, options, outputs

#: Formats by the names that users may give them, and the endings of their default paths.
FORMATS = {"savedmodel": "savedmodel", "litert": "litert", "onnx": "onnx", "tflite": "litert"}
ENDINGS = {"savedmodel": "_saved_model", "litert": ".tflite", "onnx": ".onnx"}
KINDS = "auto", "fused", "loop", "unrolled", "step"
QUANTIZED = "float16", "dynamic", "int8"
SIGNATURES = "sequence", "step", "both"

#: The options by which users give the arguments that messages of the package speak of.
OPTIONS = {
    "representative_data": "--data",
    "path": "--output",
    **{name: f"--{name}" for name in ("kind", "quantize", "signature", "time", "jit")},
    "batch_size": "--batch-size",
}


def add_parser(commands):
    """Add the command and its arguments to the parsers of commands."""
    export = commands.add_parser(
        "export",
        help="write a .keras model as SavedModel, LiteRT or ONNX",
        description="Write a .keras model as SavedModel, LiteRT (TF Lite) or ONNX. What was "
        "written is compared with Keras before it appears. Stock Keras recurrent layers are "
        "exported as well as those of kerasgates.",
    )
    export.add_argument("model", help="a .keras file")
    export.add_argument("--to", required=True, **options.one_of("format", FORMATS))
    export.add_argument("-o", "--output", metavar="PATH", help="default: beside the model")
    imports.add_option(export)
    saved = export.add_argument_group("SavedModel")
    saved.add_argument("--jit", action="store_true", help="let XLA compile what is run")
    saved.add_argument("--no-streaming", action="store_true", help="without `init` and `step`")
    lite = export.add_argument_group("LiteRT")
    lite.add_argument("--kind", default="auto", **options.one_of("kind", KINDS))
    lite.add_argument("--quantize", **options.one_of("quantization", QUANTIZED))
    lite.add_argument("--data", metavar="FILE", help=f"typical input, for int8: {options.ARRAYS}")
    lite.add_argument("--signature", default="sequence", **options.one_of("signature", SIGNATURES))
    lite.add_argument("--batch-size", type=int, help="fix the batch size")
    lite.add_argument("--time", type=int, help="fix the length of sequences")


def run(model, to, output, modules, data, **given):
    """Export a file and print the report."""
    from kerasgates.cli import inputs

    outputs.show_progress()
    _check_together(to, data, given)
    path = Path(model)
    output = output or str(path.parent / (path.stem + ENDINGS[to]))
    loaded = inputs.load_model(model, imports.imported(modules))
    samples = inputs.read_batch(data, "--data", loaded, model) if data else None
    jit, no_streaming = given.pop("jit"), given.pop("no_streaming")
    if to == "savedmodel":
        made = kerasgates.export.saved_model(loaded, output, streaming=not no_streaming, jit=jit)
    elif to == "onnx":
        made = kerasgates.export.onnx(loaded, output)
    else:
        made = kerasgates.export.litert(loaded, output, representative_data=samples, **given)
    print(made)
    return 0


def _check_together(to, data, chosen):
    """Raise where an option is not one of the format's, or lacks another."""
    jit, no_streaming = chosen["jit"], chosen["no_streaming"]
    litert = {k: v for k, v in chosen.items() if k not in ("jit", "no_streaming")}
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
