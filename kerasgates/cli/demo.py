"""The command `demo`: the examples of the repository."""

import importlib.util
import sys
from pathlib import Path


def add_parser(commands):
    """Add the command and its arguments to the parsers of commands."""
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


def run(out):
    """Run the examples of the repository that the package is installed from."""
    import runpy

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
