"""What commands write beside their answer: pictures, and how far they are."""

import logging
import sys
from pathlib import Path


def draw(figure, path, option):
    """Write a picture to a file, whole or not at all."""
    from kerasgates.utils.files import atomic_write

    with atomic_write(path, argument=option.removeprefix("--")) as new:
        figure.savefig(new, format=picture_format(path, option))


def picture_format(path, option):
    """Format of a picture by the ending of its name; errors name the option."""
    ending = Path(path).suffix.removeprefix(".").lower()
    wanted = f"{option} {path}: its name must end in .svg, .png or .pdf"
    if not ending:
        raise ValueError(wanted)
    from kerasgates.plot import style

    if ending not in style.formats():
        raise ValueError(f"{wanted}; matplotlib has no format {ending!r}")
    return ending


def show_progress():
    """Log progress to standard error, apart from the result."""
    logging.basicConfig(format="%(message)s", stream=sys.stderr)
    logging.getLogger("kerasgates").setLevel(logging.INFO)
