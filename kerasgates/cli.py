"""The `kerasgates` command."""

import argparse
import os
import sys
from pathlib import Path

EXAMPLES = ("weather", "dinner", "childrens_book")


def main(argv=None):
    """Run the command line; returns the exit status."""
    # Before TensorFlow is imported: its start-up messages would bury what is shown here.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    parser = argparse.ArgumentParser(prog="kerasgates", description=__doc__)
    parser.add_argument("--version", action="store_true", help="print the version and stop")
    commands = parser.add_subparsers(dest="command")
    demo = commands.add_parser(
        "demo",
        help="train three recurrent models, export them, and predict with the exports",
        description="Train on a weather vector, on what is for dinner and on a children's book; "
        "export each model, load the export without Keras, and compare the predictions.",
    )
    demo.add_argument(
        "--out",
        type=Path,
        default=None,
        metavar="FOLDER",
        help="where the exports and pictures go (default: saved_models/ of the repository)",
    )
    options = parser.parse_args(argv)
    if options.version:
        from kerasgates import __version__

        print(f"kerasgates {__version__}")
        return 0
    if options.command == "demo":
        return run_demo(options.out)
    parser.print_help()
    return 2


def examples_folder():
    """The folder of the examples: of the repository that this package lies in, or here."""
    places = [Path(__file__).resolve().parent.parent / "examples", Path.cwd() / "examples"]
    for place in places:
        if all((place / f"{name}.py").is_file() for name in EXAMPLES):
            return place
    looked = " and ".join(str(place) for place in places)
    raise FileNotFoundError(
        f"The examples are in the repository of kerasgates and not in the installed package; "
        f"run this command in a clone of it. Looked in {looked}."
    )


def run_demo(out=None):
    """Run every example and show one closing table."""
    try:
        folder = examples_folder()
    except FileNotFoundError as error:
        print(f"kerasgates demo: {error}", file=sys.stderr)
        return 1
    sys.path.insert(0, str(folder))
    import importlib

    for name in EXAMPLES:
        importlib.import_module(name).main(out)
    return 0
