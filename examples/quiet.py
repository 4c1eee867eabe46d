"""Importing this first keeps TensorFlow's log off the terminal of a program of this folder."""

import contextlib
import importlib.util
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
lasting = contextlib.ExitStack()

# Where TensorFlow is there already, it has said what it says, and someone else may look after it.
first = pathlib.Path(sys.argv[0]).resolve().parent == HERE and "tensorflow" not in sys.modules
package = importlib.util.find_spec("kerasgates") if first else None
# By its path: importing it from the package would import TensorFlow.
place = package and pathlib.Path(package.origin).parent / "utils" / "terminal.py"
if place and place.exists():
    spec = importlib.util.spec_from_file_location("terminal_of_kerasgates", place)
    terminal = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(terminal)
    lasting.enter_context(terminal.quiet())
