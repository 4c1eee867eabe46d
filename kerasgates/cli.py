"""Every gated recurrent cell for Keras 3."""

import argparse
import runpy
import sys
from pathlib import Path

from kerasgates import __version__


def main(argv=None):
    """Run the command line; returns the exit status."""
    parser = argparse.ArgumentParser(prog="kerasgates", description=__doc__)
    parser.add_argument("--version", action="version", version=f"kerasgates {__version__}")
    commands = parser.add_subparsers(dest="command", required=True)
    demo = commands.add_parser(
        "demo",
        help="train three recurrent models, export them, and predict with the exports",
        description="Train on a weather vector, on what is for dinner and on a children's book; "
        "export each model, load the export without Keras, and compare the predictions.",
    )
    demo.add_argument(
        "--out",
        metavar="FOLDER",
        help="where the exports and pictures go (default: saved_models/ of the repository)",
    )
    options = parser.parse_args(argv)
    return run_demo(options.out)


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
