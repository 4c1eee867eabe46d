"""What arguments of several commands share."""

import argparse
import difflib
import re
from pathlib import Path

from kerasgates.utils import suggestions

#: Files of numbers.
ARRAYS = (
    ".npy (batch, time, features), or (batch, time) of tokens; or .csv: one sequence with a step "
    "in each row, of tokens one in each row"
)


def one_of(what, names):
    """Settings of an option that takes one of `names`, whatever its case; a dict maps them."""

    def read(text):
        known = suggestions.same(text, names)
        if known is None:
            raise argparse.ArgumentTypeError(
                f"there is no {what} {text!r}: {suggestions.suggestion(text, names)}"
            )
        return names[known] if isinstance(names, dict) else known

    return {"type": read, "metavar": "{" + ",".join(names) + "}"}


def check_file(path, wanted):
    """Raise a ValueError where a path is no file; `wanted` says what it should be."""
    if Path(path).is_dir():
        raise ValueError(f"{path!r} is a folder, and no {wanted}")
    if not Path(path).is_file():
        raise ValueError(f"there is no file {path!r}")


def unknown(what, name, names):
    """Message that there is no such name: the one that was meant, or those that there are.

    Names that look alike stand first, the others follow by the alphabet.
    """
    bare = re.sub("(?i)[-_ ]?cell$", "", name) or name  # In "Cell" all look alike.
    small = {known.lower(): known for known in sorted(names, key=str.lower)}
    alike = difflib.get_close_matches(bare.lower(), small, n=3, cutoff=0.5)
    ordered = [small.pop(one) for one in alike] + [*small.values()]
    return f"there is no {what} {name!r}: {suggestions.suggestion(bare, ordered)}"
