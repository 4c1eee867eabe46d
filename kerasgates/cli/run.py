"""The command `run`: an exported model on real input."""

import kerasgates
from kerasgates.cli import options

#: The options by which users give the arguments that messages of the package speak of.
OPTIONS = {"output": "--output"}


def add_parser(commands):
    """Add the command and its arguments to the parsers of commands."""
    run = commands.add_parser(
        "run",
        help="try an exported model on real input",
        description="Run an exported model in its own runtime: onnxruntime, LiteRT or TensorFlow.",
    )
    run.add_argument("path", help="a .tflite or .onnx file, or the folder of a SavedModel")
    run.add_argument("input", help=options.ARRAYS)
    run.add_argument("-o", "--output", metavar="NPY", help="also write the first output there")


def run(path, input, output):
    """Run an exported model and print its outputs."""
    import numpy as np

    from kerasgates.export.number_files import read_numbers
    from kerasgates.export.runtimes import check_ending
    from kerasgates.utils.files import atomic_write, check_path

    if output:
        check_path(output, argument="output")
        check_ending(output, ".npy", "output")
    outputs = kerasgates.export.run(path, read_numbers(input))
    for name, array in outputs.items():
        print(f"{name} {array.shape}")
        print(np.array2string(array, precision=5, suppress_small=True, threshold=200))
    if output:
        # To an open file: to a name without the ending NumPy would add it.
        with atomic_write(output, argument="output") as new, new.open("wb") as file:
            np.save(file, next(iter(outputs.values())))
    return 0
