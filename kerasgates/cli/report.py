"""The command `report`: a page about the gates of a model."""

from pathlib import Path

import kerasgates
from kerasgates.cli import imports, options, outputs
from kerasgates.utils import suggestions

#: The options by which users give the arguments that messages of the package speak of.
OPTIONS = {
    "path": "--output",
    "x": "data",
    "y": "--target",
    **{name: f"--{name}" for name in ("loss", "tokens")},
}
#: Endings of the names of pages.
PAGES = ".html", ".htm"
#: Names of `keras.losses` that are no losses.
NO_LOSSES = "get", "serialize", "deserialize"


def add_parser(commands):
    """Add the command and its arguments to the parsers of commands."""
    report = commands.add_parser(
        "report",
        help="write a page that shows what the gates of a model do",
        description="Write an interactive HTML page, which needs no network: the cells of a .keras "
        "model, and on the given input all gates and states, what units do, how long they "
        "remember, and how far gradients reach.",
    )
    report.add_argument("model", help="a .keras file")
    report.add_argument("data", help=f"its input: {options.ARRAYS}")
    report.add_argument("-o", "--output", metavar="HTML", default="report.html")
    report.add_argument("--target", metavar="NPY", help="for the gradients of a loss")
    report.add_argument(
        "--loss",
        metavar="NAME",
        help="a loss of Keras, such as mse, with --target (default: what the model is compiled "
        "with)",
    )
    report.add_argument("--tokens", metavar="TXT", help="labels of the steps, one in each line")
    imports.add_option(report)


def run(model, data, output, modules, target, loss, tokens):
    """Write a page and print where it is."""
    from kerasgates.cli import inputs
    from kerasgates.export.number_files import read_npy

    outputs.show_progress()
    if Path(output).suffix.lower() not in PAGES:
        raise ValueError(
            f"--output must end in .html, by which browsers know a page. Received: {output!r}"
        )
    if loss is not None:
        loss = _loss(loss, target)
    labels = _lines(tokens, "--tokens") if tokens else None
    compiled = bool(target) and loss is None
    loaded = inputs.load_model(model, imports.imported(modules), compiled)
    x = inputs.read_batch(data, "data", loaded, model)
    y = read_npy(target, "--target") if target else None
    if target and loss is None and getattr(loaded, "loss", None) is None:
        raise ValueError(
            f"--target needs a loss, and {model!r} is not compiled with one: name it, such as "
            "--loss mse"
        )
    print(kerasgates.report(loaded, x, output, y=y, loss=loss, tokens=labels))
    return 0


def _loss(name, target):
    """The loss of Keras that an option names."""
    import keras

    if target is None:
        raise ValueError(f"--loss {name} needs --target")
    try:
        return keras.losses.get(name)
    except ValueError:
        names = [one for one in dir(keras.losses) if one.islower() and one[0] != "_"]
        names = ["mse", "mae", *(one for one in names if one not in NO_LOSSES)]
        raise ValueError(
            f"there is no loss {name!r}: {suggestions.suggestion(name, names)}"
        ) from None


def _lines(path, option):
    try:
        return Path(path).read_text("utf-8-sig").rstrip("\n").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or error
        raise ValueError(f"{option} {path} cannot be read: {why}") from error
