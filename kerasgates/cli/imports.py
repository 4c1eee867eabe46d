"""The option `--import`: modules with a user's own cells and layers, which a model's file needs."""

import importlib
import importlib.util
import sys
from pathlib import Path


def add_option(parser):
    """Add `--import`, which may be given several times."""
    parser.add_argument(
        "--import",
        dest="modules",
        metavar="MODULE",
        action="append",
        default=[],
        help="import your own cells or layers first: a module, such as my_cells, or a .py file",
    )


def imported(names):
    """The modules of those names, or of those .py files.

    Raises:
        ValueError: if there is none, or it fails.
    """
    modules = []
    for name in names:
        is_file = name.endswith(".py")
        if is_file and not Path(name).is_file():
            raise ValueError(f"--import {name}: there is no file {name!r}")
        # As for a program that is run, what stands beside it can be imported.
        folder = str(Path(name).resolve().parent if is_file else Path.cwd())
        if folder not in sys.path:
            sys.path.insert(0, folder)
        try:
            modules.append(_of_file(Path(name)) if is_file else importlib.import_module(name))
        except Exception as error:
            reason = f"{type(error).__name__}: {error}"
            raise ValueError(f"--import {name} cannot be imported: {reason}") from error
    return modules


def _of_file(path):
    """The module in a file, by its own name: a model's file may say that its classes are there."""
    held = sys.modules.get(path.stem)
    if held is not None and getattr(held, "__file__", None) == str(path.resolve()):
        return held
    if held is not None:
        raise ImportError(f"there is another module {path.stem!r} already: rename the file")
    spec = importlib.util.spec_from_file_location(path.stem, path.resolve())
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[path.stem]
        raise
    return module


def objects(modules):
    """Classes and functions of modules by name, as `keras.saving.load_model` takes them."""
    named = [pair for module in modules for pair in vars(module).items()]
    return {name: value for name, value in named if callable(value) and name[0] != "_"}
